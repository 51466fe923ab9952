"""The look of every figure: how one starts, names its lines, and ends."""

import base64
import io
import os
from functools import cache, partial, wraps
from pathlib import Path

from lib.colors import COLORS

WIDTH, NARROW = 7.2, 328 / 96  # inches: as wide as the text of a page, and of one 360 pixels wide
DOTS = 192  # dots an inch in a saved picture: twice the page's pixels
MIDDLE = {"ha": "center", "va": "center", "zorder": 6}
# An index or an exponent has 0.7 of its formula's size, and is to have 9 pixels.
ON_NARROW = dict.fromkeys(
    ["font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize"], 9.7
)
_narrow = False  # the paper that is being drawn on


@cache
def pyplot():
    """matplotlib.pyplot in the book's style. Imported here, not above: what only computes needs none of it."""
    import matplotlib.pyplot as plt

    plt.style.use(Path(__file__).with_name("course.mplstyle"))
    return plt


def figure(draw):
    """Make of a function that draws one that shows: the same data on wide paper and on narrow. It returns nothing."""

    @wraps(draw)
    def shown(*data, **options):
        show(partial(draw, *data, **options))

    return shown


def drawn(draw, narrow=False):
    """The figure that `draw()` draws, on wide paper or, for a phone, on narrow."""
    global _narrow
    plt, _narrow = pyplot(), narrow
    try:
        with plt.rc_context(ON_NARROW if narrow else {}):
            draw()
            plt.gcf().draw_without_rendering()  # texts take their sizes, and the layout its place
    finally:
        _narrow = False
    return plt.gcf()


def on_narrow():
    """Whether a figure is being drawn on narrow paper."""
    return _narrow


def panels(rows=1, columns=1, height=3.2, narrow=None, turned=False, **options):
    """A figure of the page's width and its axes: one Axes, or an array of them. Options go to plt.subplots.

    On narrow paper the panels stand below each other, or in a grid that is `turned`, `narrow` inches high in all.
    The array has the same shape on both.
    """
    plt = pyplot()
    if not _narrow:
        return plt.subplots(rows, columns, figsize=(WIDTH, height), **options)
    grid = (columns, rows) if turned else (rows * columns, 1)
    size = NARROW, narrow or height * grid[0] / rows
    sheet, axes = plt.subplots(*grid, figsize=size, squeeze=False, **options)
    axes = axes.T if turned else axes.reshape(rows, columns)
    return sheet, axes[0, 0] if axes.size == 1 else axes.squeeze()


def label_outer(axes, **labels):
    """Write an axis's label where it is at the figure's left or lower edge, and hide what is inside.

    Where many panels stand below each other, the label on the left is one for all.
    """
    figure = axes.flat[0].figure
    if axes.flat[0].get_gridspec().nrows > 2 and "ylabel" in labels:
        figure.supylabel(labels.pop("ylabel"), size=pyplot().rcParams["axes.labelsize"])
    for ax in axes.flat:
        ax.set(**labels)
        ax.label_outer()


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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    figure.set_layout_engine("none")  # `drawn` has put everything in its place
    figure.set_dpi(DOTS)
    sheet, small = FigureCanvasAgg(figure), io.BytesIO()
    sheet.draw()
    dots = Image.frombuffer("RGBA", sheet.get_width_height(), sheet.buffer_rgba())
    dots.convert("RGB").quantize(256).save(small, "PNG", optimize=True, dpi=(DOTS, DOTS))
    return small.getvalue()


def show(draw):
    """Put what `draw()` draws on the page, on wide paper and on narrow."""
    if "inline" in os.environ.get("MPLBACKEND", ""):  # a notebook
        from IPython.display import display

        data, sizes = pictures(draw)
        display(data, metadata=sizes, raw=True)
    else:
        drawn(draw)
        pyplot().show()
        pyplot().close()


def pictures(draw):
    """A notebook's output and its metadata: the wide picture, and with its sizes the narrow one for a phone.

    Sizes are pixels of a page; `letter` is the size of the smallest letter.
    """
    sheets = []
    for narrow in (False, True):
        with pyplot().rc_context({"figure.dpi": DOTS}):
            figure = drawn(draw, narrow)
        width, height = (round(inches * DOTS / 2) for inches in figure.get_size_inches())
        sizes = dict(width=width, height=height, letter=round(smallest_letter(figure), 2))
        sheets.append((base64.b64encode(png(figure)).decode(), sizes))
        pyplot().close(figure)
    (wide, sizes), (narrow, narrow_sizes) = sheets
    told = {**sizes, "narrow": {"image/png": narrow, **narrow_sizes}}
    return {"image/png": wide, "text/plain": "<Figure>"}, {"image/png": told}


def smallest_letter(figure):
    """The size, in pixels of a page, of the smallest letter in a figure, the indices of its formulas included."""
    from matplotlib.text import Text

    sizes = []
    for text in figure.findobj(Text):
        if text.get_visible() and text.get_text().strip():
            lines = text.get_text().split("\n")
            sizes.append(
                text.get_size() * min(_least(line) if "$" in line else 1 for line in lines)
            )
    return min(sizes) * 96 / 72


@cache
def _least(formula):
    """What part of its size the smallest letter of a formula has. An axis's numbers are asked for in every figure."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.mathtext import MathTextParser

    read = MathTextParser("path").parse(formula, 72, FontProperties(size=100))
    return min((letter[1] / 100 for letter in read.glyphs), default=1)


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
    if "LSTM" in name or "coupled" in name:  # a coupled cell is an LSTM
        return COLORS["c"], "s"
    return (COLORS["h"], "^") if "RNN" in name else (COLORS["z"], "o")
