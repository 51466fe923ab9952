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
    diagram = _diagram(kind)
    width, height = diagram["size"]
    figure, ax = plt.subplots(figsize=(width * WIRE / 72, height * WIRE / 72), layout="none")
    ax.set_position((0, 0, 1, 1))
    _wire_up(ax, diagram, values and {**values, **CARRIED[kind](**values)})
    return figure


def coupled_wiring(z, r, h_prev, a, w):
    """A GRU step beside the LSTM step it came from: f = 1 - z, i = z, o = 1, and the candidate the same."""
    gru, lstm = _diagram("gru"), _diagram("lstm")
    for part in ("lines", "labels"):  # its gates are given, not made from x and h
        lstm[part] = [each for each in lstm[part] if not each.get("plain")]
    width, height = gru["size"]
    top, between = 24, 40  # room for the titles, and between the two
    whole = np.array([2 * width + between, height + top])
    figure = plt.figure(figsize=whole * WIRE / 72, layout="none")
    gru_carries = dict(z=z, r=r, h_prev=h_prev, a=a, w=w)
    gru_carries |= _gru_carries(**gru_carries)
    lstm_carries = dict(f=1 - z, i=z, o=1, g=gru_carries["n"], c_prev=h_prev)
    lstm_carries |= _lstm_carries(**lstm_carries)
    named = {"GRU: z decides twice": (gru, gru_carries)}
    named["The LSTM step it came from"] = ({**lstm, "size": gru["size"]}, lstm_carries)
    for left, (title, (diagram, values)) in zip((0, width + between), named.items(), strict=True):
        ax = figure.add_axes((left / whole[0], 0, width / whole[0], height / whole[1]))
        _wire_up(ax, diagram, values)
        ax.set_title(title, size=11, pad=4)
    bridge, z_color = gru["coupling"], COLORS["z"]
    ax.plot(*zip(*bridge["points"], strict=True), color=z_color, lw=2.5 * WIRE)
    ax.text(*bridge["at"], bridge["text"], color=z_color, size=10)
    return figure


def _diagram(kind):
    return json.loads((DIAGRAMS / f"{kind}.json").read_text(encoding="utf-8"))


def _wire_up(ax, diagram, values):
    """Draw a wiring diagram; a plain line or label carries no value."""
    width, height = diagram["size"]
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()

    def carried(part):
        plain = values is None or part.get("plain")
        return None if plain else values[part.get("value", part["id"])]

    for line in diagram["lines"]:
        _wire(ax, line, carried(line))
    for node in diagram["nodes"]:
        _joint(ax, node)
    for gate in diagram["gates"]:
        _valve(ax, gate, carried(gate))
    for label in diagram["labels"]:
        _wire_label(ax, label, carried(label))


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
    width = (1.5 if line.get("plain") else 1.5 + 8 * size) * WIRE
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
    (x, y), color, w, h = gate["at"], COLORS[gate["name"]], 46, 44
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


# --- Chapter 1

NORM = r"$\Vert\,\partial h_T / \partial h_{T-k}\,\Vert$"


def unrolled(letters, targets, back=False):
    """One RNN drawn once for each step: letters in below, states in the middle, targets above; `back` adds the
    gradient's roads, dashed, against the arrows."""
    T = len(letters)
    fig, ax = panels(height=3.1)
    ax.set(xlim=(-0.45, T + 0.9), ylim=(-0.42, 2.42))
    ax.set_axis_off()
    ink = COLORS["neutral"]
    for t in range(T + 1):
        _box(ax, (t, 1), f"$h_{t}$", COLORS["h"], dashed=t == 0)
        if t == 0:
            continue
        ax.text(t, -0.28, f"$x_{t}$: {letters[t - 1]}", color=COLORS["x"], **MIDDLE)
        ax.text(t, 2.3, f"$y_{t}$ → {targets[t - 1]}", color=COLORS["x"], **MIDDLE)
        for start, end, name, place in (
            ((t, -0.1), (t, 0.72), "$W_x$", (t - 0.14, 0.28)),
            ((t - 0.7, 1), (t - 0.3, 1), "$W_h$", (t - 0.5, 1.19)),
            ((t, 1.28), (t, 2.12), "$W_y$", (t - 0.14, 1.7)),
        ):
            _arrow(ax, start, end, ink)
            ax.text(*place, name, color=ink, **MIDDLE)
        if back:
            _arrow(ax, (t + 0.12, 2.12), (t + 0.12, 1.28), COLORS["h"], ls=(0, (3, 2)))
            _arrow(ax, (t - 0.3, 0.84), (t - 0.7, 0.84), COLORS["h"], ls=(0, (3, 2)))
            _arrow(ax, (t + 0.12, 0.72), (t + 0.12, -0.1), COLORS["h"], ls=(0, (3, 2)))
    if back:
        ax.text(
            T + 0.2, 1.7, "from the loss\nof this step", color=COLORS["h"], va="center", size=8.5
        )
        ax.text(
            T - 0.55,
            0.4,
            "from all\nlater steps",
            color=COLORS["h"],
            ha="center",
            va="center",
            size=8.5,
        )
    show()


def _box(ax, at, text, color, dashed=False):
    (x, y), w, h = at, 0.3, 0.28
    box = FancyBboxPatch((x - w, y - h), 2 * w, 2 * h, boxstyle="round,pad=0,rounding_size=0.08")
    box.set(facecolor="white", edgecolor=color, linewidth=1.4, ls="--" if dashed else "-")
    ax.add_patch(box)
    ax.text(x, y, text, color=color, **MIDDLE, size=12)


def _arrow(ax, start, end, color, ls="-"):
    style = dict(
        arrowstyle="-|>", color=color, lw=1.3, ls=ls, shrinkA=0, shrinkB=0, mutation_scale=9
    )
    ax.annotate("", xy=end, xytext=start, arrowprops=style)


def learning_curve(losses, spelled, floor):
    """The loss at every step of training, the words that the model spelled on its way {step: word}, and the
    lowest loss that a model without memory can reach."""
    fig, ax = panels(height=3.2)
    ax.semilogy(losses, color=COLORS["x"])
    ax.axhline(floor, color=COLORS["neutral"], ls="--", lw=1.3)
    ax.text(
        len(losses),
        floor * 1.1,
        "best without memory",
        color=COLORS["neutral"],
        ha="right",
        va="bottom",
    )
    for step, word in spelled.items():
        ax.plot(step, losses[step], "o", color=COLORS["x"], markersize=4.5)
        ax.annotate(
            word, (step, losses[step]), (5, 5), textcoords="offset points", family="monospace"
        )
    ax.set(
        xlabel="training step",
        ylabel="loss (mean of the letters)",
        xlim=(-3, len(losses) * 1.05),
        ylim=(None, 3),
    )
    show()


def state_plane(read_out, alphabet, h, letters, erased):
    """Two hidden units as a plane, cut into the regions where the read-out says each letter; the states h (T+1, 2)
    as a path; `erased` (2,) is where the last letter leads from a state of zeros."""
    side = np.linspace(-1.7, 1.7, 401)
    grid = np.stack(np.meshgrid(side, side))
    y = np.tensordot(read_out.W, grid, 1) + read_out.b[:, :, None]
    ahead = y - np.stack([np.delete(y, k, axis=0).max(axis=0) for k in range(len(y))])
    fig, ax = panels(height=4.8)
    for letter, lead in zip(alphabet, ahead, strict=True):
        if (lead > 0).any():
            ax.contour(side, side, lead, [0], colors=COLORS["neutral"], linewidths=0.8)
            row, column = _deepest((lead > 0) & (np.abs(grid) < 1).all(axis=0))
            ax.text(
                side[column],
                side[row],
                letter,
                color="#c9ccd2",
                size=34,
                ha="center",
                va="center",
                zorder=1,
            )
    color = COLORS["h"]
    for t in range(1, len(h)):
        line = dict(arrowstyle="-|>", color=color, lw=1.6, shrinkA=4, shrinkB=5, mutation_scale=11)
        ax.annotate("", xy=h[t], xytext=h[t - 1], arrowprops=line, zorder=3)
    ax.plot(*h.T, "o", color=color, markersize=6, zorder=4)
    names = ["start $h_0$"] + [f"$h_{t + 1}$ after {letter}" for t, letter in enumerate(letters)]
    for t, name in enumerate(names):
        near = [h[k] for k in (t - 1, t + 1) if 0 <= k < len(h)]
        _beside(ax, h[t], np.mean(near, axis=0), name, color)
    ax.plot(*erased, "o", mfc="white", mec=COLORS["x"], mew=1.5, markersize=7, zorder=4)
    upper_left = erased + [-1, 1]  # where the path runs
    _beside(ax, erased, upper_left, f"{letters[-1]} after an erased state", COLORS["x"])
    ax.add_patch(Rectangle((-1, -1), 2, 2, fill=False, ec=COLORS["neutral"], lw=0.8, ls=":"))
    ax.set(xlim=(-1.7, 1.7), ylim=(-1.2, 1.2), aspect="equal")
    ax.set(xlabel="hidden unit 1", ylabel="hidden unit 2", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    ax.grid(False)
    show()


def _beside(ax, point, away, text, color):
    """Write `text` beside a point, on the side that looks away from another."""
    (u, v), side = point, point - away
    side = 11 * side / max(np.linalg.norm(side), 1e-9)
    ax.annotate(
        text,
        (u, v),
        side,
        textcoords="offset points",
        color=color,
        ha="left" if side[0] > 0 else "right",
        va="center",
        zorder=7,
        bbox=dict(boxstyle="round,pad=0.1", fc="white", ec="none", alpha=0.8),
    )


def _deepest(region):
    """The place (row, column) inside a region of True that is farthest from its border, by shrinking it."""
    while True:
        inner = (
            region[1:-1, 1:-1]
            & region[2:, 1:-1]
            & region[:-2, 1:-1]
            & region[1:-1, 2:]
            & region[1:-1, :-2]
        )
        smaller = np.zeros_like(region)
        smaller[1:-1, 1:-1] = inner
        if not smaller.any():
            return np.argwhere(region).mean(axis=0).astype(int)
        region = smaller


def reach_against_weight(w, lasts, top):
    """Steps that a pulse lasts against the recurrent weight: {"state": steps, "gradient": steps}, cut at `top`."""
    fig, ax = panels(height=3.2)
    for (name, steps), style in zip(lasts.items(), ("-", "--"), strict=True):
        inside = steps < top
        color = COLORS["h"] if style == "-" else COLORS["neutral"]
        ax.plot(w, steps, color=color, ls=style)
        last = np.flatnonzero(inside)[-1]
        ax.annotate(
            name,
            (w[last], steps[last]),
            (-4, 8 if steps[last] < top / 2 else -12),
            textcoords="offset points",
            color=color,
            ha="right",
        )
    ax.axvline(1, color=COLORS["neutral"], lw=0.8, ls=":")
    ax.set(xlim=(w[0], w[-1]), ylim=(0, top), xlabel="recurrent weight w")
    ax.set_ylabel("steps until 1 % is left")
    show()


def jacobian_growth(curves, radii, largest):
    """‖∂h_T/∂h_{T-k}‖ against k, a panel for each spectral radius, a line for each matrix. `curves` is {name: norms
    (matrices, radii, k)}, drawn solid and then dotted; the band lies between radius^k and the power of the largest
    of the singular values `largest` (matrices, radii)."""
    fig, axes = panels(2, 3, height=4.6, sharex=True, sharey=True)
    k = np.arange(next(iter(curves.values())).shape[-1])
    for place, (ax, radius, top) in enumerate(zip(axes.flat, radii, largest.T, strict=False)):
        low, high = float(radius) ** k, float(top.max()) ** k
        ax.fill_between(k, low, high, color="#dfe2e7", lw=0)
        ax.plot(k, low, color=COLORS["neutral"], lw=1.1, ls="--")
        ax.plot(k, high, color=COLORS["neutral"], lw=1.1)
        for norms, style in zip(curves.values(), ("-", ":"), strict=False):
            ax.plot(k, norms[:, place].T, color=COLORS["h"], ls=style, lw=1)
        ax.set_yscale("log")
        ax.set(ylim=(1e-10, 1e10), xlim=(0, k[-1]))
        ax.set_title(
            f"radius {radius}, largest singular\nvalue {top.min():.2f} to {top.max():.2f}", size=9
        )
        ax.set_yticks([1e-10, 1e-5, 1, 1e5, 1e10])
    key = axes.flat[-1]
    key.set_axis_off()
    _key(key, curves)
    for ax in axes[:, 0]:
        ax.set_ylabel(NORM)
    for ax in (axes[1, 0], axes[1, 1], axes[0, 2]):
        ax.set_xlabel("steps back k")
        ax.tick_params(labelbottom=True)
    show()


def _key(ax, curves):
    """Names for the lines of `jacobian_growth`, written where its sixth panel would be."""
    rows = [(name, COLORS["h"], 1, style) for name, style in zip(curves, ("-", ":"), strict=False)]
    rows += [("largest singular value$^k$", COLORS["neutral"], 1.1, "-")]
    rows += [("spectral radius$^k$", COLORS["neutral"], 1.1, "--")]
    for place, (name, color, width, style) in enumerate(rows):
        y = 0.85 - 0.2 * place
        ax.plot([0.02, 0.17], [y, y], color=color, lw=width, ls=style, transform=ax.transAxes)
        ax.text(0.22, y, name, transform=ax.transAxes, va="center", size=9)


def orthogonal_growth(norms, radii):
    """‖∂h_T/∂h_{T-k}‖ against k for multiples of one orthogonal matrix, where radius and singular value meet."""
    fig, ax = panels(height=3.2)
    k = np.arange(len(norms[0]))
    for radius, line in zip(radii, norms, strict=True):
        ax.semilogy(k, line, color=COLORS["h"], label=f"radius {radius}")
        ax.plot(k[::6], float(radius) ** k[::6], "o", mfc="white", mec=COLORS["x"], markersize=4.5)
    ax.set(
        xlim=(0, k[-1]),
        ylim=(1e-20, 1e12),
        xlabel="steps back k",
        ylabel=NORM,
    )
    label_ends(ax)
    show()


def cliff(b, losses, step_from, loss_from, step_to, loss_to):
    """A loss against one bias: a wall, a point on it, and where one clipped step of descent leads."""
    fig, ax = panels(height=2.9)
    ax.plot(b, losses, color=COLORS["x"])
    line = dict(
        arrowstyle="-|>", color=COLORS["h"], lw=1.4, shrinkA=5, shrinkB=5, mutation_scale=11
    )
    ax.annotate("", xy=(step_to, loss_to), xytext=(step_from, loss_from), arrowprops=line)
    ax.plot([step_from, step_to], [loss_from, loss_to], "o", color=COLORS["h"])
    ax.annotate("start", (step_from, loss_from), (-8, 6), textcoords="offset points", ha="right")
    ax.annotate("after a clipped step", (step_to, loss_to), (4, 10), textcoords="offset points")
    ax.set(xlabel="bias b", ylabel="loss", xlim=(b[0], b[-1]), ylim=(-0.15, None))
    show()


def recall_by_gap(gaps, accuracy, chance):
    """Accuracy against the gap: {name: (gaps, seeds)}, a point for each seed, and the line of the means."""
    fig, axes = panels(1, len(accuracy), height=3.1, sharey=True)
    for ax, (name, scores) in zip(np.atleast_1d(axes), accuracy.items(), strict=True):
        scores = np.asarray(scores)
        places = np.arange(len(gaps))
        shift = np.linspace(-0.16, 0.16, scores.shape[1])
        ax.plot(places[:, None] + shift, scores, "o", mfc="white", mec=COLORS["h"], markersize=4.5)
        ax.plot(places, scores.mean(axis=1), color=COLORS["h"])
        ax.axhline(chance, color=COLORS["neutral"], ls="--", lw=1.1)
        ax.text(
            places[0] - 0.2,
            chance + 0.02,
            "chance",
            color=COLORS["neutral"],
            va="bottom",
            ha="left",
        )
        ax.set(xticks=places, xticklabels=gaps, ylim=(0, 1.05), xlabel="gap (steps)")
        ax.set_title(f"{name} start")
    np.atleast_1d(axes)[0].set_ylabel("accuracy")
    show()


# --- Chapter 2


def kept_and_gated(trace, moments):
    """One unit whose gates follow a plan: the gates i, f, o above, c_t and h_t below; moments {step: word}."""
    fig, axes = panels(2, 1, height=4.4, sharex=True, height_ratios=(2, 3))
    steps = np.arange(1, len(trace.x) + 1)
    marks = {"i": dict(ls="-"), "f": dict(ls="--"), "o": dict(ls=":")}
    for letter, style in marks.items():
        gate = getattr(trace.gates, letter)[:, 0, 0]
        draw(axes[0], letter, steps, gate, drawstyle="steps-mid", **style)
    axes[0].set(ylabel="gate", ylim=(-0.08, 1.08), yticks=[0, 1])
    for letter, marker in (("c", "s"), ("h", "o")):
        state = getattr(trace.states, letter)[1:, 0, 0]
        draw(axes[1], letter, steps, state, marker=marker)
    for step, word in moments.items():
        for ax in axes:
            ax.axvline(step, color=COLORS["neutral"], lw=0.8, ls=":", zorder=0)
        axes[1].text(step, 1.2, word, color=COLORS["neutral"], size=9, ha="center")
    axes[1].set(xlabel="step t", ylabel="state", ylim=(-0.08, 1.15), xticks=steps)
    axes[1].set_xlim(0.6, len(steps) + 0.4)
    for ax in axes:
        label_ends(ax)
    show()


def stacked_map(params, x_t, h_prev, gates):
    """a = W [x_t; h_{t-1}] + b with its numbers, W's blocks of rows in the gates' colors, and what becomes of a."""
    W, b = params
    H, D = len(W) // 4, len(x_t)
    xh = np.concatenate([x_t, h_prev])
    fig, ax = panels(height=4.1)
    names = [(gate, "tanh" if gate == "g" else "σ") for gate in gates._fields]
    rows = [COLORS[gate] for gate, _ in names for _ in range(H)]
    middle = 2 * H - 0.5
    _numbers(ax, (0, 0), W, rows)
    ax.plot([D - 0.5] * 2, [-0.5, 4 * H - 0.5], color=COLORS["x"], lw=1.4)
    _numbers(ax, (D + H + 0.6, middle - (D + H - 1) / 2), xh, ["x"] * D + ["h"] * H)
    _numbers(ax, (D + H + 2.4, 0), b, rows)
    _numbers(ax, (D + H + 4.2, 0), W @ xh + b, rows)
    _numbers(ax, (D + H + 6.9, 0), np.concatenate(gates), rows, digits=2)
    for place, sign in ((1.5, "+"), (3.3, "=")):
        ax.text(D + H + place, middle, sign, size=13, **MIDDLE)
    for block, (gate, squash) in enumerate(names):
        y, color = block * H + (H - 1) / 2, COLORS[gate]
        ax.text(-0.85, y, f"$W_{gate}$", color=color, size=12, **MIDDLE)
        ax.text(D + H + 5.55, y - 0.33, squash, color=color, size=10, **MIDDLE)
        _arrow(ax, (D + H + 4.85, y), (D + H + 6.25, y), color)
        ax.text(D + H + 7.7, y, f"${gate}_t$", color=color, size=12, **MIDDLE)
    heads = {(D - 1) / 2: "$W_x$", D + (H - 1) / 2: "$W_h$", D + H + 2.4: "$b$"}
    for x, head in (heads | {D + H + 4.2: "$a_t$"}).items():
        ax.text(x, -1, head, size=11, **MIDDLE)
    top = middle - (D + H) / 2 - 0.5
    ax.text(D + H + 0.6, top, "$x_t$", color=COLORS["x"], size=11, **MIDDLE)
    ax.text(D + H + 0.6, 4 * H - 1 - top, "$h_{t-1}$", color=COLORS["h"], size=11, **MIDDLE)
    ax.set(xlim=(-1.3, D + H + 8.1), ylim=(4 * H - 0.3, -1.5))
    ax.set_axis_off()
    show()


def _numbers(ax, corner, array, colors, digits=1):
    """A matrix as a table of numbers, row by row in the given colors (letters or hex), top left at `corner`."""
    for row, (values, color) in enumerate(zip(array, colors, strict=True)):
        color = COLORS.get(color, color)
        for column, value in enumerate(values):
            x, y = corner[0] + column, corner[1] + row
            cell = Rectangle((x - 0.5, y - 0.5), 1, 1, fc=color, ec="white", lw=1.2, alpha=0.14)
            ax.add_patch(cell)
            ax.text(x, y, signed(value, digits), color=color, size=9, **MIDDLE)


def lstm_over_letters(trace, letters):
    """Gates, candidate and both states of every unit (rows) at every letter (columns), as shades."""
    fig, axes = panels(2, 3, height=5.2, sharey=True)
    shades = {
        "input gate $i_t$": (trace.gates.i, 0, 1),
        "forget gate $f_t$": (trace.gates.f, 0, 1),
        "output gate $o_t$": (trace.gates.o, 0, 1),
        "candidate $g_t$": (trace.gates.g, -1, 1),
        "cell state $c_t$": (trace.states.c[1:], -3, 3),
        "hidden state $h_t$": (trace.states.h[1:], -1, 1),
    }
    for ax, (title, (values, low, high)) in zip(axes.flat, shades.items(), strict=True):
        image = ax.imshow(values[:, :, 0].T, vmin=low, vmax=high, aspect="auto")
        ax.set(title=title, xticks=range(len(letters)), xticklabels=letters)
        ax.set_yticks(range(values.shape[1]), range(1, values.shape[1] + 1))
        ax.grid(False)
        fig.colorbar(image, ax=ax, ticks=[low, (low + high) / 2, high])
    for ax in axes[:, 0]:
        ax.set_ylabel("unit")
    for ax in axes[1]:
        ax.set_xlabel("letter read")
    show()


def growth_without_end(largest):
    """The largest entry of |c_t| so far at every step, both axes logarithmic: {name: (seeds, T)}, the first dashed."""
    fig, ax = panels(height=3.2)
    steps = np.arange(1, next(iter(largest.values())).shape[1] + 1)
    for (name, lines), style in zip(largest.items(), ("--", "-"), strict=True):
        color = COLORS["neutral" if style == "--" else "c"]
        for number, line in enumerate(lines):
            label = "_" if number else name
            ax.loglog(steps, line, color=color, ls=style, lw=1.4, label=label)
    ax.set(xlabel="step t", ylabel="largest $|c_t|$ so far", xlim=(1, steps[-1]))
    label_ends(ax)
    show()


# --- Chapter 3


def two_roads():
    """The gradient's roads: into c_t from c_{t+1} and from h_t, into h_t from the loss and from the next gates."""
    fig, ax = panels(height=3.9)
    ax.set(xlim=(-0.5, 4.5), ylim=(-1.15, 2.5))
    ax.set_axis_off()
    for x, t in ((0, "t-1"), (2, "t"), (4, "t+1")):
        _box(ax, (x, 2), f"$c_{{{t}}}$", COLORS["c"])
        _box(ax, (x, 0), f"$h_{{{t}}}$", COLORS["h"])
    for x, t in ((1, "t"), (3, "t+1")):
        _box(ax, (x, 1), f"$a_{{{t}}}$", COLORS["x"])
        ax.text(x, 0.6, "four gates", color=COLORS["neutral"], size=8.5, **MIDDLE)
    ink = COLORS["neutral"]
    for x, f in ((2, "$f_t$"), (4, "$f_{t+1}$")):
        _road(ax, (x - 0.36, 2), (x - 1.64, 2), COLORS["f"], 2.4)
        ax.text(x - 1, 2.18, f, color=COLORS["f"], size=11, **MIDDLE)
        _arrow(ax, (x - 0.3, 1.68), (x - 0.72, 1.26), ink)
        _arrow(ax, (x - 0.3, 0.32), (x - 0.72, 0.74), ink)
        _road(ax, (x - 1.3, 0.74), (x - 1.72, 0.32), COLORS["x"], 2.4)
        ax.text(x - 1.6, 0.62, r"$W_h^{\top}$", color=COLORS["x"], size=11, **MIDDLE)
    for x in (0, 2, 4):
        _road(ax, (x, 0.32), (x, 1.68), COLORS["o"], 2.4 if x == 2 else 1.3)
        _arrow(ax, (x, -0.78), (x, -0.32), ink)
    slope = r"$o_t\,(1-\tanh^2 c_t)$"
    ax.text(2.06, 1.45, slope, color=COLORS["o"], size=11, va="center")
    ax.text(2.0, -0.98, "loss of step $t$", color=ink, size=9.5, **MIDDLE)
    show()


def _road(ax, start, end, color, width):
    """A road of the gradient: a bolder arrow."""
    style = dict(arrowstyle="-|>", color=color, lw=width, shrinkA=0, shrinkB=0, mutation_scale=13)
    ax.annotate("", xy=end, xytext=start, arrowprops=style)


def width_of_difference(widths, errors):
    """The error of a central difference against its width, {name: errors}: of order width² right, rounding left."""
    fig, ax = panels(height=2.9)
    for (name, values), style, letter in zip(errors.items(), ("-", "--"), "cx", strict=True):
        color = COLORS[letter]
        ax.loglog(widths, values, style, marker="o", color=color)
        ax.annotate(name, (widths[2], values[2]), (5, 5), textcoords="offset points", color=color)
    ax.set(xlabel="width ε of the difference", ylabel="mismatch")
    show()


def roads_by_gap(gaps, growth):
    """Spectral norm of ∂c_T/∂c_0 against the gap: {panel: (direct, whole)}, each (gaps, seeds); medians thick."""
    fig, axes = panels(1, len(growth), height=3.3, sharey=True)
    for ax, (title, roads) in zip(axes, growth.items(), strict=True):
        looks = (("f", "additive road", "--"), ("c", "whole", "-"))
        for (letter, name, style), norms in zip(looks, roads, strict=True):
            ax.semilogy(gaps, norms, style, color=COLORS[letter], lw=0.7, alpha=0.5)
            middle = np.median(norms, axis=1)
            ax.semilogy(gaps, middle, style, color=COLORS[letter])
            above = letter == "c"
            place = len(gaps) // 2 if above else len(gaps) * 2 // 3
            ax.annotate(
                name,
                (gaps[place], norms[place].max() if above else norms[place].min()),
                (0, 7 if above else -7),
                textcoords="offset points",
                color=COLORS[letter],
                ha="left" if above else "right",
                va="bottom" if above else "top",
            )
        ax.set(xlabel="gap T (steps)", xlim=(0, gaps[-1]), title=title)
    axes[0].set_ylabel("norm of ∂c$_T$/∂c$_0$")
    show()


def gradient_per_step(norms, learned):
    """Gradient norm at every step over that at the last, before (top) and after training (bottom).

    norms: {cell: {"before" or "after": (seeds, T + 1)}}; learned: {cell: (seeds,) of bool}: a run that has not
    learned the task is dashed.
    """
    fig, axes = panels(2, len(norms), height=4.4, sharex=True, sharey=True)
    for column, (name, times) in enumerate(norms.items()):
        letter = "c" if name == "LSTM" else "h"
        for ax, (when, lines) in zip(axes[:, column], times.items(), strict=True):
            for line, good in zip(lines, learned[name], strict=True):
                style = "--" if when == "after" and not good else "-"
                ax.semilogy(line, style, color=COLORS[letter], lw=1.2)
            ax.set(xlim=(0, lines.shape[1] - 1), ylim=(1e-15, 1e2))
            ax.set_title(f"{name}, {when}")
        axes[-1, column].set_xlabel("step t")
    for ax in axes[:, 0]:
        ax.set_ylabel("gradient norm, last = 1")
    show()


# --- Chapter 4


def counting(free, coupled):
    """A state that is told +1 at every step: gates free to add, (T+1,), and gates coupled, {z: (T+1,)}."""
    fig, ax = panels(height=2.9)
    steps = np.arange(len(free))
    ax.axhline(1, color=COLORS["neutral"], ls="--", lw=1)
    draw(ax, "c", steps, free, "LSTM, f = i = 1")
    for (z, state), style in zip(coupled.items(), ("-", "--", ":"), strict=False):
        draw(ax, "z", steps, state, f"coupled, z = {z}", ls=style)
    ax.set(xlabel="step t", ylabel="cell state $c_t$", xlim=(0, steps[-1]), ylim=(0, 8.4))
    label_ends(ax)
    show()


def kept_and_shown(lstm_states, gru_states, o, cue):
    """One number kept until a cue: by an LSTM unit with its output gate (T,) shut until then, and by a GRU unit."""
    fig, axes = panels(1, 2, height=2.7, sharey=True)
    steps = np.arange(len(o) + 1)
    for ax, title in zip(axes, ("LSTM", "GRU"), strict=True):
        ax.axvline(cue, color=COLORS["neutral"], ls="--", lw=1)
        ax.set(title=title, xlabel="step t", xlim=(0, steps[-1]), ylim=(-0.05, 1.1))
        ax.text(cue - 0.2, 0.5, "cue", color=COLORS["neutral"], ha="right")
    held = dict(drawstyle="steps-post")  # a value stands until the next step
    draw(axes[0], "c", steps, lstm_states.c[:, 0, 0], **held)
    draw(axes[0], "h", steps, lstm_states.h[:, 0, 0], **held)
    draw(axes[0], "o", steps[1:], o, ls=":", **held)
    draw(axes[1], "h", steps, gru_states.h[:, 0, 0], **held)
    axes[0].set_ylabel("value")
    for ax in axes:
        label_ends(ax)
    show()


def gru_over_letters(trace, letters):
    """Reset gate, update gate and state of every unit (rows) at every letter (columns), as shades."""
    fig, axes = panels(1, 3, height=2.9, sharey=True)
    shades = {
        "reset gate $r_t$": (trace.gates.r, 0),
        "update gate $z_t$": (trace.gates.z, 0),
        "state $h_t$": (trace.states.h[1:], -1),
    }
    for ax, (title, (values, low)) in zip(axes, shades.items(), strict=True):
        image = ax.imshow(values[:, :, 0].T, vmin=low, vmax=1, aspect="auto")
        ax.set(title=title, xticks=range(len(letters)), xticklabels=letters, xlabel="letter read")
        ax.set_yticks(range(values.shape[1]), range(1, values.shape[1] + 1))
        ax.grid(False)
        fig.colorbar(image, ax=ax, ticks=[low, 0, 1] if low else [0, 0.5, 1])
    axes[0].set_ylabel("unit")
    show()


def seeds_in_rows(panels_of_scores, marks, means=False):
    """A row for each kind of cell and a dot for each seed: {x label: {row: scores}}; marks: {x label: (word, x)}.

    Scores are (seeds,), or (2, seeds): the first hollow and above, the second filled and below. An x label that
    names an error has a logarithmic axis. With `means` a line stands at each row's mean.
    """
    rows = len(next(iter(panels_of_scores.values())))
    fig, axes = panels(1, len(panels_of_scores), height=1.1 + 0.36 * rows, sharey=True)
    for ax, (label, scores) in zip(np.atleast_1d(axes), panels_of_scores.items(), strict=True):
        word, place = marks[label]
        ax.axvline(place, color=COLORS["neutral"], ls="--", lw=1)
        above = dict(transform=ax.get_xaxis_transform(), ha="center", va="bottom", size=8.5)
        ax.text(place, 1.02, word, color=COLORS["neutral"], **above)
        for row, (name, values) in enumerate(scores.items()):
            color, shape = _of_cell(name)
            lines = np.atleast_2d(values)
            for line, fill, shift in zip(lines, ("none", color), (-0.2, 0.2), strict=False):
                middle = row + (shift if len(lines) == 2 else 0)
                spots = middle + np.linspace(-0.14, 0.14, len(line))
                ax.plot(line, spots, shape, mfc=fill, mec=color, mew=1.2, markersize=5)
                if means:
                    ax.plot([np.mean(line)] * 2, [middle - 0.33, middle + 0.33], color=color, lw=2)
        ax.set(xlabel=label, ylim=(rows - 0.5, -0.5))
        ax.grid(True, axis="x")
        ax.grid(False, axis="y")
        if "error" in label:
            ax.set_xscale("log")
        elif max(map(np.max, scores.values())) <= 1:
            ax.set_xlim(-0.03, 1.06)
        ax.set_yticks(range(rows), list(scores))
        ax.tick_params(axis="y", length=0, labelsize=9)
    show()


def _of_cell(name):
    """The color and the marker of a kind of cell, by its name."""
    if "LSTM" in name:
        return COLORS["c"], "s"
    return (COLORS["h"], "^") if "RNN" in name else (COLORS["z"], "o")


# --- Chapter 5


def recall_sequence(x, symbols):
    """One sequence of delayed recall: x (T, D), a square where x is 1; the rows are symbols, distractors, the cue."""
    T, D = x.shape
    fig, ax = panels(height=2.9)
    steps, rows = np.nonzero(x)
    kind = [COLORS["c"] if row < symbols else COLORS["neutral"] for row in rows]
    kind[-1] = COLORS["x"]
    ax.scatter(steps, rows, s=95, marker="s", c=kind)
    ax.axhline(symbols - 0.5, color=COLORS["neutral"], lw=0.8)
    ax.axhline(D - 1.5, color=COLORS["neutral"], lw=0.8)
    ax.annotate("keep this", (0, rows[0]), (12, 0), textcoords="offset points", va="center")
    ax.annotate(
        "which was it?",
        (T - 1, D - 1),
        (-12, 0),
        textcoords="offset points",
        va="center",
        ha="right",
    )
    ax.set(xlabel="step t", ylim=(D - 0.4, -0.6), xticks=range(T))
    ax.set_yticks(
        [(symbols - 1) / 2, (symbols + D - 2) / 2, D - 1], ["symbols", "distractors", "cue"]
    )
    ax.tick_params(axis="y", length=0)
    ax.grid(False)
    show()


def scores_of_starts(values, scores, chance, along="gap (steps)"):
    """Accuracy against the gap, or what `along` names: {"cell, start": (values, seeds)}, a circle for each seed."""
    fig, axes = panels(2, len(scores) // 2, height=5, sharex=True, sharey=True)
    place = np.log(values)
    place = (place - place[0]) / np.diff(place).min()
    for ax, (name, score) in zip(axes.T.flat, scores.items(), strict=True):
        color, _ = _of_cell(name)
        shift = 0.11 * (np.arange(score.shape[1]) - (score.shape[1] - 1) / 2)
        ax.axhline(chance, color=COLORS["neutral"], ls="--", lw=1.1)
        ax.plot(place, score.mean(axis=1), color=color)
        ax.plot(place[:, None] + shift, score, "o", mfc="white", mec=color, markersize=4.5)
        for x, mean in zip(place, score.mean(axis=1), strict=True):
            ax.text(x, 1.1, f"{mean:.2f}", color=color, ha="center", size=9)
        ax.set(xticks=place, xticklabels=values, xlim=(-0.4, place[-1] + 0.4))
        ax.set(title=name, yticks=np.arange(5) / 4, ylim=(0, 1.2))
    axes[1, 1].text(-0.3, chance - 0.03, "chance", color=COLORS["neutral"], va="top", size=9)
    for ax in axes[-1]:
        ax.set_xlabel(along)
    for ax in axes[:, 0]:
        ax.set_ylabel("accuracy")
    show()


def units_kept(starts, kept):
    """The share that every unit keeps in a step: {name: (seeds, units)}; `starts` {name: the share before}."""
    fig, ax = panels(height=0.9 + 0.62 * len(kept))
    for row, (name, shares) in enumerate(kept.items()):
        color, _ = _of_cell(name)
        seeds, units = np.shape(shares)
        spots = row + np.repeat(np.linspace(-0.26, 0.26, seeds), units)
        ax.plot(np.ravel(shares), spots, "o", mfc="none", mec=color, mew=1.1, markersize=4.5)
        ax.plot([starts[name]] * 2, [row - 0.4, row + 0.4], color="black", lw=1.4)
    ax.text(starts[next(iter(kept))], -0.45, "at the start", ha="center", va="bottom", size=9)
    ax.set(xlabel="share kept in a step", xlim=(0, 1.02), ylim=(len(kept) - 0.5, -0.75))
    ax.set_yticks(range(len(kept)), list(kept))
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
    show()
