"""Every figure of the book. Chapters hold no plotting code: they compute, and hand the arrays to a function here.

The rules a figure keeps:

- One function, named for what it shows; data in, figure out. It takes arrays (or a Trace), computes nothing a
  reader should see computed, and returns nothing.
- `panels(...)` starts it, `show()` ends it. The look is in course.mplstyle, loaded when this module is imported.
- Every axis has a label with its unit ("step t", "accuracy"). No title repeats the caption: a title names a panel.
- A gate or state has the color `COLORS[letter]`, here and on the page. Color is never the only carrier: lines carry
  their names (`label_ends`), and differ in style or marker where they could be taken for each other in grey.
- The ground is white. The dark page turns lines and text around by itself; a heatmap's cell asks to be left as it
  is with the image class `keep-colors`.
- The same data give the same picture: seeds are the caller's.
"""

import io
import json
import os
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, Polygon, Rectangle
from PIL import Image

from lib.colors import COLORS

WIDTH = 7.2  # inches: as wide as the text of a page
DOTS = 192  # dots an inch in a saved picture: twice the page's pixels
DIAGRAMS = Path(__file__).with_name("live") / "diagrams"
WIRE = 0.9  # points, for a unit of a wiring diagram
MIDDLE = {"ha": "center", "va": "center", "zorder": 6}
plt.style.use(Path(__file__).with_name("course.mplstyle"))


# Helpers: how a figure starts, names its lines, and ends.


def panels(rows=1, columns=1, height=3.2, **options):
    """A figure of the page's width and its axes: one Axes, or an array of them. Options go to plt.subplots."""
    return plt.subplots(rows, columns, figsize=(WIDTH, height), **options)


def draw(ax, letter, x, y, name=None, **style):
    """Draw one gate's or state's line in its color. `name` is what label_ends writes; the letter when not given."""
    ax.plot(x, y, color=COLORS[letter], label=name or f"${letter}_t$", **style)


def label_ends(ax, size=9.5, gap=1.35):
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
    sheet, small = io.BytesIO(), io.BytesIO()
    figure.savefig(sheet, dpi=DOTS)
    Image.open(sheet).convert("RGB").quantize(256).save(
        small, "PNG", optimize=True, dpi=(DOTS, DOTS)
    )
    return small.getvalue()


def show():
    """Put the figure on the page, as wide as it says, and forget it."""
    figure = plt.gcf()
    if "inline" in os.environ.get("MPLBACKEND", ""):  # a notebook
        from IPython.display import Image as Picture
        from IPython.display import display

        wide, high = figure.get_size_inches() * DOTS / 2
        display(Picture(png(figure), width=round(wide), height=round(high)))
    else:
        plt.show()
    plt.close(figure)


# Wiring diagrams of the cells. The geometry is lib/live/diagrams/*.json, which the explorers draw from too.


def cell_diagram(kind, values=None):
    """The wiring of one step of a cell, "rnn", "lstm" or "gru"; with `values`, lines as wide as what they carry.

    values: rnn {h_prev, x}, as they arrive at the sum; lstm {f, i, o, g, c_prev}; gru {z, r, h_prev, a, w}.
    """
    wiring(kind, values)
    show()


def wiring(kind, values=None):
    """The figure of `cell_diagram`. A line is as wide as its value is large, and hollow where it is negative."""
    diagram = json.loads((DIAGRAMS / f"{kind}.json").read_text(encoding="utf-8"))
    values = values and {**values, **CARRIED[kind](**values)}
    width, height = diagram["size"]
    figure, ax = plt.subplots(figsize=(width * WIRE / 72, height * WIRE / 72), layout="none")
    ax.set_position((0, 0, 1, 1))
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()
    for line in diagram["lines"]:
        _wire(ax, line, None if values is None else values[line.get("value", line["id"])])
    for node in diagram["nodes"]:
        _joint(ax, node)
    for gate in diagram["gates"]:
        _valve(ax, gate, None if values is None else values[gate["id"]])
    for label in diagram["labels"]:
        value = None if values is None else values[label.get("value", label["id"])]
        _wire_label(ax, label, value)
    return figure


def _rnn_carries(h_prev, x):
    return {"a": h_prev + x, "h": np.tanh(h_prev + x)}


def _lstm_carries(f, i, o, g, c_prev):
    c = f * c_prev + i * g
    return {"kept": f * c_prev, "written": i * g, "c": c, "tanh_c": np.tanh(c), "h": o * np.tanh(c)}


def _gru_carries(z, r, h_prev, a, w):
    back = w * r * h_prev
    n, keep = np.tanh(a + back), 1 - z
    sums = {"a_n": a + back, "n": n, "kept": keep * h_prev, "written": z * n}
    return {**sums, "back": back, "keep": keep, "h": keep * h_prev + z * n}


CARRIED = {"rnn": _rnn_carries, "lstm": _lstm_carries, "gru": _gru_carries}


def _wire(ax, line, value):
    color, (x, y) = COLORS[line["color"]], zip(*line["points"], strict=True)
    size = 0.25 if value is None else min(abs(value), 1.5)
    width = (1.5 + 8 * size) * WIRE
    faint = value is not None and abs(value) < 0.005
    style = dict(solid_joinstyle="round", solid_capstyle="butt", alpha=0.35 if faint else 1)
    ax.plot(x, y, color=color, lw=width, **style)
    if value is not None and value < 0 and not faint:
        ax.plot(x, y, color="white", lw=max(width - 3 * WIRE, 0), **style)
    if line.get("arrow"):
        tip = np.array([x[-1], y[-1]]) + [[-4, -10], [10, 0], [-4, 10]]
        ax.add_patch(Polygon(tip, color=color, lw=0, zorder=3))


def _joint(ax, node):
    (x, y), r = node["at"], 14
    w = 25 if node.get("wide") else r
    round_box = f"round,pad=0,rounding_size={r}"
    box = (
        FancyBboxPatch((x - w, y - r), 2 * w, 2 * r, boxstyle=round_box)
        if w > r
        else Circle((x, y), r)
    )
    box.set(facecolor="white", edgecolor=COLORS["x"], linewidth=1, zorder=4)
    ax.add_patch(box)
    ax.text(
        x, y, node["text"], ha="center", va="center_baseline", size=9 if w > r else 12, zorder=5
    )


def _valve(ax, gate, value):
    (x, y), color, w, h = gate["at"], COLORS[gate["name"]], 42, 44
    style = dict(boxstyle="round,pad=0,rounding_size=5", zorder=4)
    ax.add_patch(
        FancyBboxPatch((x - w / 2, y - h / 2), w, h, fc="white", ec=color, lw=1.4, **style)
    )
    if value is not None:
        base, tall = (y, h / 2) if gate.get("signed") else (y + h / 2, h)
        ax.add_patch(
            Rectangle((x - w / 2, base), w, -value * tall, fc=color, alpha=0.22, lw=0, zorder=5)
        )
        ax.text(x, y + 11, signed(value), color=color, ha="center", va="center", size=9, zorder=6)
    ax.text(x, y if value is None else y - 9, f"${gate['name']}$", color=color, **MIDDLE, size=12)
    ax.text(x, y + h / 2 + 12, gate["word"], color=COLORS["x"], **MIDDLE, size=8.5)


def _wire_label(ax, label, value):
    text = f"${label['tex']}$" + ("" if value is None else f" = {signed(value)}")
    side = {"start": "left", "middle": "center", "end": "right"}[label["anchor"]]
    ax.text(*label["at"], text, color=COLORS[label["color"]], ha=side, va="baseline", size=10)


def signed(value, digits=2):
    """0.5 -> "0.50", with a true minus sign and never a negative zero."""
    text = f"{abs(value):.{digits}f}"
    return "−" + text if value < 0 and float(text) else text
