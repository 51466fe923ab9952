"""Sentences that stand on evidence: `says` prints what a cell has shown, and a test looks for it in the text.

A number or a verdict in the prose is said by a cell of its section:

    says("half is gone after {:.1f} steps", half_life)
    says("two of the five lose more than 99.9 %", holds=(lost > 0.999).sum() == 2)

The line that it prints is stored with the notebook. Another number, or a `holds` that is false, changes
or stops the cell; another word in the prose is missed by the test, which needs no run.
"""

import math
import re
import string
from numbers import Integral, Real

__all__ = ["says", "plain", "said", "places"]

WORDS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
WORDS += "sixteen seventeen eighteen nineteen twenty".split()
EDGE = 1e-9  # of a value: so near to a rounding edge another machine may print another digit
UP = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SIGNS = {  # LaTeX, longest names first: the character that it draws
    r"\Longrightarrow": "⇒", r"\rightarrow": "→", r"\leftarrow": "←", r"\varepsilon": "ε", r"\partial": "∂",
    r"\approx": "≈", r"\lambda": "λ", r"\times": "×", r"\alpha": "α", r"\delta": "δ", r"\sigma": "σ",
    r"\tfrac12": "½", r"\gamma": "γ", r"\theta": "θ", r"\infty": "∞", r"\dots": "…", r"\cdot": "·", r"\odot": "⊙",
    r"\prod": "∏", r"\sqrt": "√", r"\rho": "ρ", r"\eta": "η", r"\sum": "∑", r"\top": "ᵀ", r"\neq": "≠", r"\geq": "≥",
    r"\leq": "≤", r"\le": "≤", r"\ge": "≥", r"\ne": "≠", r"\to": "→", r"\in": "∈", r"\pm": "±", r"\pi": "π",
    r"\lVert": "‖", r"\rVert": "‖", r"\|": "‖", r"\%": "%", r"\,": " ", r"\;": " ", r"\!": "", "~": " ",
}  # fmt: skip


def says(template, *values, holds=None):
    """Print "✓ " and the sentence that the evidence allows, which is the template filled with the values.

    Fields are those of `str.format`; besides, "{:w}" writes a whole number up to 20 in words, "{:.1e}" is
    printed as 2.5 · 10⁻¹⁴ and "{:.0%}" as 40 %. Raises AssertionError, which names the sentence, where
    `holds` is false; TypeError for a sentence that cannot fail, having neither a value nor `holds`, for
    values that are no numbers or words, and a `holds` that is no bool; ValueError for NaN, infinity,
    values and fields that are not as many, and a value so near to a rounding edge (1e-9 of itself)
    that another machine may print another digit.

    >>> says("half is gone after {:.1f} steps", math.log(0.5) / math.log(0.9))
    ✓ half is gone after 6.6 steps
    >>> says("{:w} of them are left, {:.1e} of the first", 2, 2.5e-14, holds=True)
    ✓ two of them are left, 2.5 · 10⁻¹⁴ of the first
    """
    if not values and holds is None:
        raise TypeError(
            f"says: a sentence needs a value or `holds`, or it cannot fail: {template!r}"
        )
    if not (holds is None or type(holds).__name__ in ("bool", "bool_")):
        raise TypeError(f"holds: expected a bool, got {type(holds).__name__}")
    pieces = list(string.Formatter().parse(template))
    specs = [spec for _, name, spec, _ in pieces if name is not None]
    if len(specs) != len(values):
        raise ValueError(f"says: expected {len(specs)} values for {template!r}, got {len(values)}")
    filled = iter([written(value, spec) for value, spec in zip(values, specs, strict=True)])
    sentence = "".join(
        text + (next(filled) if name is not None else "") for text, name, *_ in pieces
    )
    assert holds is None or holds, f"not so: {sentence}"
    print("✓", sentence)


def written(value, spec):
    """One value as a sentence has it."""
    if isinstance(value, str):
        return format(value, spec)
    if type(value).__name__ in ("bool", "bool_") or not isinstance(value, Real):
        raise TypeError(f"says: expected a number or a word, got {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"says: expected a finite number, got {value}")
    if spec == "w":
        if value != int(value) or not 0 <= value < len(WORDS):
            raise ValueError(
                f"says: expected a whole number from 0 to 20 to write in words, got {value}"
            )
        return WORDS[int(value)]
    if not isinstance(value, Integral):
        value = float(value)
        if not spec or len({format(value * (1 + by), spec) for by in (-EDGE, 0, EDGE)}) > 1:
            raise ValueError(f"says: {value!r} stands on a rounding edge of {spec!r}")
    text = format(value, spec).replace("%", " %").replace("-", "−")
    return re.sub(
        r"e([+−]?)0*(\d+)$", lambda m: f" · 10{(m[1].strip('+') + m[2]).translate(UP)}", text
    )


def plain(text):
    """Markdown without its markup, on one line: as it is read.

    Roles and links become their words, formulas characters ("$2.5 \\\\cdot 10^{-14}$" is 2.5 · 10⁻¹⁴),
    and there is one kind of space and of minus. A formula that takes more than a line to draw, as a
    fraction of letters, keeps its names.

    >>> plain("**Half** is {term}`kept <half-life>`, $f^{20} = 1.9 \\\\cdot 10^{-3}$ of it.")
    'Half is kept, f²⁰ = 1.9 · 10⁻³ of it.'
    """
    text = re.sub(r"\{[\w:]+\}`([^`<]*?)(?:\s*<[^>]*>)?`", r"\1", text)
    text = re.sub(
        r"\$\$(.*?)\$\$(\s*\([\w-]+\))?|\$([^$]+)\$",
        lambda m: formula(m[1] or m[3]),
        text,
        flags=re.S,
    )
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"[*`]|<[^<>]+>", "", text)
    return re.sub(r"\s+", " ", text.replace("\u2212", "−")).strip()


def formula(latex):
    """What an inline formula reads as."""
    for name, sign in SIGNS.items():
        latex = latex.replace(name, sign)
    latex = re.sub(r"\\(?:mathrm|operatorname|text|mathbf)\{([^{}]*)\}", r"\1", latex)
    latex = re.sub(r"\^(?:\{([−-]?\d+)\}|(\d))", lambda m: (m[1] or m[2]).translate(UP), latex)
    latex = re.sub(r"_(?:\{(\d+)\}|(\d))", lambda m: (m[1] or m[2]).translate(DOWN), latex)
    return re.sub(r"[{}\\]|&", "", latex).replace("-", "−")


def said(cell):
    """The sentences that a cell has printed."""
    printed = "".join(
        "".join(out["text"]) for out in cell.get("outputs", []) if out.get("name") == "stdout"
    )
    return [line[2:] for line in printed.splitlines() if line.startswith("✓ ")]


LEAD = "but and so because since while where when if then that as whereas although for yet now here thus".split()
JOINT = rf"(?:^|[.,;:!?()|“”\"–—]\s*|\b(?:{'|'.join(LEAD)})\s)"
END = rf"(?=$|\s*[.,;:!?()|“”\"–—](?!\d)|\s(?:{'|'.join(LEAD)})\b)"


def places(sentence, text):
    """Where a said sentence stands in a text as a whole clause -> [(begin, end)]."""
    first = re.escape(sentence[0].upper()) + "|" + re.escape(sentence[0].lower())
    pattern = rf"(?i:{JOINT})((?:{first}){re.escape(sentence[1:])}){END}"
    return [match.span(1) for match in re.finditer(pattern, text)]
