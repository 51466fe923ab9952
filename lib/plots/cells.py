"""Wiring diagrams of the cells. The geometry is lib/live/diagrams/*.json, which the explorers draw from too."""

import json
from pathlib import Path

import numpy as np

from lib.colors import COLORS
from lib.plots.style import MIDDLE, NARROW, figure, on_narrow, pyplot, signed

DIAGRAMS = Path(__file__).parents[1] / "live" / "diagrams"
BESIDE = "An LSTM step with coupled gates, given the same candidate"
PALE = (0, (2, 2))  # dashes of what is not lit: on any paper told from it without its color


@figure
def cell_diagram(kind, values=None, lit=None):
    """The wiring of one step of a cell, "rnn", "lstm" or "gru"; with `values`, lines as wide as what they carry.

    values: rnn {h_prev, x}, as they arrive at the sum; lstm {f, i, o, g, c_prev}; gru {z, r, h_prev, p, w}.
    lit: of the lstm the part that the gate "f", "i" or "o" governs, the way of the candidate "g", or the road of the
    cell state "c": it alone has its colors and its width, the rest is pale.
    """
    wiring(kind, values, lit)


def _unit(width):
    """Points for a unit of a wiring diagram: on narrow paper its whole width has to have room."""
    return NARROW * 72 / width if on_narrow() else 0.9


def wiring(kind, values=None, lit=None):
    """The figure of `cell_diagram`. A line is as wide as its value is large, and hollow where it is negative."""
    diagram = _diagram(kind)
    parts = diagram.get("parts", {})
    if lit is not None and lit not in list(parts):
        known = f"one of {', '.join(map(repr, parts))}" if parts else f"None for {kind!r}"
        raise ValueError(f"cell_diagram: lit must be {known}, got {lit!r}")
    size = np.array(diagram["size"]) * _unit(diagram["size"][0]) / 72
    figure, ax = pyplot().subplots(figsize=size, layout="none")
    ax.set_position((0, 0, 1, 1))
    _wire_up(ax, diagram, values and {**values, **CARRIED[kind](**values)}, parts.get(lit))
    return figure


def coupled_wiring(z, r, h_prev, p, w):
    """A GRU step beside an LSTM step with coupled gates, f = 1 - z, i = z, o = 1, that is given the same candidate."""
    gru, lstm = _diagram("gru"), _diagram("lstm")
    for part in ("lines", "labels"):  # its gates are given, not made from x and h
        lstm[part] = [each for each in lstm[part] if not each.get("plain")]
    width, height = gru["size"]
    top, between = 24, 40  # room for the titles, and between the two
    room = np.array([width + between, 0])  # from one to the other
    if on_narrow():  # below each other
        top, room = 36, np.array([0, height + 84])
    whole = np.array([width, height + top]) + room
    figure = pyplot().figure(figsize=whole * _unit(whole[0]) / 72, layout="none")
    gru_carries = dict(z=z, r=r, h_prev=h_prev, p=p, w=w)
    gru_carries |= _gru_carries(**gru_carries)
    lstm_carries = dict(f=1 - z, i=z, o=1, g=gru_carries["n"], c_prev=h_prev)
    lstm_carries |= _lstm_carries(**lstm_carries)
    named = {"GRU: z decides twice": (gru, gru_carries)}
    named[BESIDE] = ({**lstm, "size": gru["size"]}, lstm_carries)
    for place, (title, (diagram, values)) in zip((0 * room, room), named.items(), strict=True):
        left, bottom = place[0], whole[1] - top - height - place[1]
        ax = figure.add_axes((*([left, bottom] / whole), width / whole[0], height / whole[1]))
        _wire_up(ax, diagram, values)
        ax.set_title(title.replace(", ", ",\n") if on_narrow() else title, size=11, pad=4)
    bridge, z_color = gru["coupling"], COLORS["z"]
    ax.plot(*zip(*bridge["points"], strict=True), color=z_color, lw=2.5 * _unit(width))
    ax.text(*bridge["at"], bridge["text"], color=z_color, size=7.2 if on_narrow() else 10)
    return figure


def _diagram(kind):
    return json.loads((DIAGRAMS / f"{kind}.json").read_text(encoding="utf-8"))


def _wire_up(ax, diagram, values, lit=None):
    """Draw a wiring diagram; a plain line or label carries no value. All but what is `lit`, if anything is, is pale."""
    width, height = diagram["size"]
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()

    def carried(part):
        plain = values is None or part.get("plain")
        return None if plain else values[part.get("value", part["id"])]

    def ink(part, letter):
        pale = lit is not None and part.get("id") not in lit
        return COLORS["neutral" if pale else letter], pale

    for line in diagram["lines"]:
        line = {"plain": diagram.get("plain"), **line}
        _wire(ax, line, carried(line), _unit(width), *ink(line, line["color"]))
    digits = diagram.get("digits", 2)
    for node in diagram["nodes"]:
        _joint(ax, node, *ink(node, "x"))
    for gate in diagram["gates"]:
        _valve(ax, gate, carried(gate), digits, *ink(gate, gate["name"]))
    for label in diagram["labels"]:
        _wire_label(ax, label, carried(label), digits, ink(label, label["color"])[0])
    for back in diagram.get("backs", ()) if values else ():
        _bead(ax, back, signed(carried(back), digits), COLORS[back["color"]])


def _rnn_carries(h_prev, x):
    return {"a": h_prev + x, "h": np.tanh(h_prev + x)}


def _lstm_carries(f, i, o, g, c_prev):
    c = f * c_prev + i * g
    return {"kept": f * c_prev, "written": i * g, "c": c, "tanh_c": np.tanh(c), "h": o * np.tanh(c)}


def _gru_carries(z, r, h_prev, p, w):
    back = w * r * h_prev
    n, keep = np.tanh(p + back), 1 - z
    sums = {"a_n": p + back, "n": n, "kept": keep * h_prev, "written": z * n}
    return {**sums, "back": back, "keep": keep, "h": keep * h_prev + z * n}


CARRIED = {"rnn": _rnn_carries, "lstm": _lstm_carries, "gru": _gru_carries, "step_back": dict}


def _wire(ax, line, value, unit, color, pale):
    from matplotlib.patches import Polygon

    x, y = zip(*line["points"], strict=True)
    size = 0.25 if value is None else min(abs(value), 1.5)
    width = (1.5 if line.get("plain") or pale else 1.5 + 8 * size) * unit
    faint = value is not None and abs(value) < 0.005
    style = dict(solid_joinstyle="round", solid_capstyle="butt", alpha=0.35 if faint else 1)
    if pale:
        style |= dict(ls=PALE, alpha=0.6)
    ax.plot(x, y, color=color, lw=width, **style)
    if value is not None and value < 0 and not faint:
        ax.plot(x, y, color="white", lw=max(width - 3 * unit, 0), **style)
    if line.get("arrow"):
        end, before = np.array(line["points"][-1]), np.array(line["points"][-2])
        on = np.sign(end - before)  # wires run along the axes
        side = on[::-1] * [-1, 1]
        tip = end + [-4 * on - 10 * side, 10 * on, -4 * on + 10 * side]
        ax.add_patch(Polygon(tip, color=color, lw=0, zorder=3, alpha=style["alpha"] if pale else 1))


def _joint(ax, node, color, pale):
    from matplotlib.patches import Circle, FancyBboxPatch

    (x, y), r = node["at"], 14
    if node.get("dot"):
        ax.add_patch(Circle((x, y), 4.5, color=color if pale else "black", zorder=4))
        return
    w = 25 if node.get("wide") else r
    round_box = f"round,pad=0,rounding_size={r}"
    box = (
        FancyBboxPatch((x - w, y - r), 2 * w, 2 * r, boxstyle=round_box)
        if w > r
        else Circle((x, y), r)
    )
    box.set(facecolor="white", edgecolor=color, linewidth=1, zorder=4, ls=PALE if pale else "-")
    ax.add_patch(box)
    size = (8, 10) if on_narrow() else (9, 12)
    middle = dict(ha="center", va="center_baseline", zorder=5, color=color if pale else None)
    ax.text(x, y, node["text"], size=size[0 if w > r else 1], **middle)


def _bead(ax, back, value, color):
    """A gradient on its wire, in a box."""
    from matplotlib.patches import FancyBboxPatch

    (x, y), style = back["at"], dict(boxstyle="round,pad=0,rounding_size=9.5")
    ax.add_patch(FancyBboxPatch((x - 27, y - 9.5), 54, 19, fc="white", ec=color, zorder=5, **style))
    ax.text(x, y, value, color=color, style="italic", size=7 if on_narrow() else 9, **MIDDLE)


def _valve(ax, gate, value, digits, color, pale):
    from matplotlib.patches import FancyBboxPatch, Rectangle

    (x, y), w, h = gate["at"], 54 if digits > 2 else 46, 44
    sizes = (10, 7.2, 7.2) if on_narrow() else (12, 9, 8.5)  # of its letter, value and word
    style = dict(boxstyle="round,pad=0,rounding_size=5", zorder=4, ls=PALE if pale else "-")
    ax.add_patch(
        FancyBboxPatch((x - w / 2, y - h / 2), w, h, fc="white", ec=color, lw=1.4, **style)
    )
    if value is not None:
        base, tall = (y, h / 2) if gate.get("signed") else (y + h / 2, h)
        ax.add_patch(
            Rectangle((x - w / 2, base), w, -value * tall, fc=color, alpha=0.22, lw=0, zorder=5)
        )
        ax.text(x, y + 11, signed(value, digits), color=color, **MIDDLE, size=sizes[1])
    name = f"${gate['name']}_{gate['index']}$" if "index" in gate else f"${gate['name']}$"
    ax.text(x, y if value is None else y - 9, name, color=color, **MIDDLE, size=sizes[0])
    if "word" in gate:
        word = color if pale else COLORS["x"]
        ax.text(x, y + h / 2 + 12, gate["word"], color=word, **MIDDLE, size=sizes[2])


def _wire_label(ax, label, value, digits, color):
    (x, y), up = label["at"], "baseline"
    words = [f"_{{{word}}}" if k % 2 else word for k, word in enumerate(label.get("text", ()))]
    text = f"${label.get('tex') or ''.join(words)}$" if words else ""
    if value is not None and not text:
        text = signed(value, digits)
    elif value is not None:
        text += ("\n" if on_narrow() else " ") + f"= {signed(value, digits)}"
        if on_narrow() and label["id"] == "tanh_c":  # its wire is above
            y, up = y - 14, "top"
    side = {"start": "left", "middle": "center", "end": "right"}[label.get("anchor", "start")]
    style = dict(color=color, size=9.7 if on_narrow() else 10, linespacing=1)
    ax.text(x, y, text, ha=side, va=up, **style)
