"""The look of every figure: how one starts, names its lines, and ends."""

import io
import os
from functools import cache
from pathlib import Path

from lib.colors import COLORS

WIDTH = 7.2  # inches: as wide as the text of a page
DOTS = 192  # dots an inch in a saved picture: twice the page's pixels
MIDDLE = {"ha": "center", "va": "center", "zorder": 6}


@cache
def pyplot():
    """matplotlib.pyplot in the book's style. Imported here, not above: what only computes needs none of it."""
    import matplotlib.pyplot as plt

    plt.style.use(Path(__file__).with_name("course.mplstyle"))
    return plt


def panels(rows=1, columns=1, height=3.2, **options):
    """A figure of the page's width and its axes: one Axes, or an array of them. Options go to plt.subplots."""
    return pyplot().subplots(rows, columns, figsize=(WIDTH, height), **options)


def draw(ax, letter, x, y, name=None, **style):
    """Draw one gate's or state's line in its color. `name` is what label_ends writes; the letter when not given."""
    ax.plot(x, y, color=COLORS[letter], label=name or f"${letter}_t$", **style)


def label_ends(ax, size=11, gap=1.35):
    """Write each line's label at its right end, in the line's color, pushed apart where two would overlap.

    Lines without a label (Matplotlib names them "_child0") stay unnamed. Set the limits of the axes first.
    """
    lines = [line for line in ax.get_lines() if not line.get_label().startswith("_")]
    to_axes = ax.transData + ax.transAxes.inverted()
    ends = [
        (*to_axes.transform((line.get_xdata()[-1], line.get_ydata()[-1])), line) for line in lines
    ]
    ends.sort(key=lambda end: end[1])
    step = gap * size / 72 / (ax.get_position().height * ax.figure.get_figheight())
    heights = spread([y for _, y, _ in ends], step)
    for (x, _, line), y in zip(ends, heights, strict=True):
        ax.annotate(
            line.get_label(),
            (x, y),
            xytext=(6, 0),
            xycoords="axes fraction",
            textcoords="offset points",
            color=line.get_color(),
            size=size,
            va="center",
            annotation_clip=False,
        )


def spread(places, step):
    """Move sorted places apart to at least `step` between neighbors, as little as possible, keeping their order.

    >>> [round(float(y), 2) for y in spread([0.0, 0.5, 0.5], 0.2)]
    [0.0, 0.4, 0.6]
    """
    groups = []  # runs of places that touch: [sum of (place - its offset in the run), length]
    for place in places:
        groups.append([place, 1])
        while len(groups) > 1 and _start(groups[-2]) + groups[-2][1] * step > _start(groups[-1]):
            total, length = groups.pop()
            groups[-1][0] += total - groups[-1][1] * step * length
            groups[-1][1] += length
    return [_start(group) + k * step for group in groups for k in range(group[1])]


def _start(group):
    return group[0] / group[1]


def png(figure):
    """The figure as PNG bytes: two dots for every pixel of the page, and 256 colors (a third of the size)."""
    from PIL import Image

    sheet, small = io.BytesIO(), io.BytesIO()
    figure.savefig(sheet, dpi=DOTS)
    Image.open(sheet).convert("RGB").quantize(256).save(
        small, "PNG", optimize=True, dpi=(DOTS, DOTS)
    )
    return small.getvalue()


def show():
    """Put the figure on the page, as wide as it says, and forget it."""
    figure = pyplot().gcf()
    if "inline" in os.environ.get("MPLBACKEND", ""):  # a notebook
        from IPython.display import Image as Picture
        from IPython.display import display

        wide, high = figure.get_size_inches() * DOTS / 2
        display(Picture(png(figure), width=round(wide), height=round(high)))
    else:
        pyplot().show()
    pyplot().close(figure)


def signed(value, digits=2):
    """0.5 -> "0.50", with a true minus sign and never a negative zero."""
    text = f"{abs(value):.{digits}f}"
    return "−" + text if value < 0 and float(text) else text


def box(ax, at, text, color, dashed=False):
    """A rounded box around one symbol, its middle at `at`."""
    from matplotlib.patches import FancyBboxPatch

    (x, y), w, h = at, 0.3, 0.28
    box = FancyBboxPatch((x - w, y - h), 2 * w, 2 * h, boxstyle="round,pad=0,rounding_size=0.08")
    box.set(facecolor="white", edgecolor=color, linewidth=1.4, ls="--" if dashed else "-")
    ax.add_patch(box)
    ax.text(x, y, text, color=color, **MIDDLE, size=12)


def arrow(ax, start, end, color, ls="-"):
    """An arrow from `start` to `end`, in the axes' own units."""
    style = dict(
        arrowstyle="-|>", color=color, lw=1.3, ls=ls, shrinkA=0, shrinkB=0, mutation_scale=9
    )
    ax.annotate("", xy=end, xytext=start, arrowprops=style)


def of_cell(name):
    """The color and the marker of a kind of cell, by its name."""
    if "LSTM" in name:
        return COLORS["c"], "s"
    return (COLORS["h"], "^") if "RNN" in name else (COLORS["z"], "o")
