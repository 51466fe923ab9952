"""Wiring diagrams of the cells. The geometry is lib/live/diagrams/*.json, which the explorers draw from too."""

import json
from pathlib import Path

import numpy as np

from lib.colors import COLORS
from lib.plots.style import MIDDLE, pyplot, show, signed

DIAGRAMS = Path(__file__).parents[1] / "live" / "diagrams"
WIRE = 0.9  # points, for a unit of a wiring diagram


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
    figure, ax = pyplot().subplots(figsize=(width * WIRE / 72, height * WIRE / 72), layout="none")
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
    figure = pyplot().figure(figsize=whole * WIRE / 72, layout="none")
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
    from matplotlib.patches import Polygon

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
    from matplotlib.patches import Circle, FancyBboxPatch

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
    from matplotlib.patches import FancyBboxPatch, Rectangle

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
