"""What an explorer is given: its sliders and choices, the values that they allow, and its style sheet.

Nothing here needs ipywidgets, so that whatever draws an explorer, in a notebook or in the page, refuses the same.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from lib.colors import COLORS, DARK


class Slider(NamedTuple):
    """One value of an explorer: its trait's name, its start, and the slider that moves it."""

    name: str
    value: float
    label: str  # with the equation's symbol; a unit, if it has one, comes last in parentheses
    color: str = "neutral"  # a key of COLORS
    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    format: str = ".2f"  # "d": whole numbers only


class Choice(NamedTuple):
    """One value of an explorer that is a word of several, chosen in the figure itself."""

    name: str
    value: str
    words: tuple


class Named:
    """What an explorer, in a notebook or in the page, says of itself: `kind`, and where its `names` stand."""

    @property
    def values(self):
        """Where the sliders stand: {name: value}."""
        return {name: getattr(self, name) for name in self.names}

    def __repr__(self):
        shown = (
            f"{name}={value!r}" if isinstance(value, str) else f"{name}={value:g}"
            for name, value in self.values.items()
        )
        return f"{self.kind}({', '.join(shown)})"


def allowed(kind, choice):
    if choice.value not in choice.words:
        wanted = ", ".join(map(repr, choice.words))
        raise ValueError(f"{kind}: {choice.name} must be one of {wanted}, got {choice.value!r}")
    return choice.value


def checked(kind, slider):
    """The slider's value as the number it is; TypeError or ValueError, naming the slider, when it cannot be one."""
    value, whole = slider.value, slider.format == "d"
    wanted = f"{kind}: {slider.name} must be a {'whole ' * whole}number from {slider.low:g} to {slider.high:g}"
    if isinstance(value, (bool, str, bytes)) or not hasattr(value, "__float__"):
        raise TypeError(f"{wanted}, got {value!r}")
    if not slider.low <= float(value) <= slider.high or (
        whole and value != int(value)
    ):  # NaN fails too
        raise ValueError(f"{wanted}, got {value!r}")
    return int(value) if whole else float(value)


@cache
def style_sheet():
    """The explorers' CSS: the book's colors by letter, light and dark, then the rules.

    Where a reader's own colors rule, their ground decides between light and dark, whatever the page's theme.
    """
    light, dark = (
        "".join(f"--live-{k}:{v};" for k, v in colors.items()) for colors in (COLORS, DARK)
    )
    letters = "\n".join(
        f".live-{k}{{--live-handle:var(--live-{k})}} .live-in-{k}{{color:var(--live-{k})}}"
        for k in COLORS
    )
    rules = (Path(__file__).parent / "explorer.css").read_text(encoding="utf-8")
    night = (
        'html[data-theme="dark"] .live-explorer, body[data-jp-theme-light="false"] .live-explorer'
    )
    forced = "@media (forced-colors: active)"
    own = f"{forced}{{:root body .live-explorer{{{light}}}}}\n"
    own += f"{forced} and (prefers-color-scheme: dark){{:root body .live-explorer{{{dark}}}}}"
    return f".live-explorer{{{light}}}\n{night}{{{dark}}}\n{own}\n{letters}\n{rules}"
