"""The sheets that test_lettering.py reads, the data they are drawn from, and how a drawing is read.

No notebook is run. Each figure is drawn, on wide paper and on narrow, from data in which nothing can be taken for
anything else: every gate, state, cell, seed and panel has levels of its own, and what could be turned over is square.
"""

import re
from functools import cache, partial

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, FancyBboxPatch, Polygon
from matplotlib.text import Annotation

from lib import lstm, plots, readout
from lib.intervals import Interval
from lib.laboratory import Verdict
from lib.live import static

rng = np.random.default_rng(7)


def between(low, high, *shape):
    return rng.uniform(low, high, shape)


# The data.

STEPS = np.arange(1, 7)
GATED = lstm.Trace(
    between(0, 1, 6, 3, 2),
    lstm.Gates(*between(0.1, 0.9, 4, 6, 2, 2)),
    lstm.State(*between(-1, 1, 2, 7, 2, 2)),
    {},
)
for values, last in zip((*GATED.gates[:3], *GATED.states), (0.1, 0.8, 0.45, 0.9, 0.3)):
    values[-1, 1, 0] = last  # where the names are, there is room for them
MOMENTS = {2: "write", 5: "forget"}

LETTERS = "abcd"

LARGEST = {"1997": 10 ** between(2, 3, 3, 50), "with f": 10 ** between(0, 1, 3, 50)}
SUM_MARKS, SUMS = np.array([1, 0, 0, 1, 1, 0, 0, 0, 0]), between(-3, 3, 9)
R_FREE, R_HELD = between(-3, 3, 2, 9)
ENDS = dict(zip(("LSTM, i = f = 1", "coupled, z = 0.2", "coupled, z = 0.5"), between(-3, 2, 3, 7)))
for values, last in zip((SUMS, R_FREE, R_HELD, *ENDS.values()), (2.2, 0.4, -1.7, -2.4, 1.6, -0.3)):
    values[-1] = last

W_IN, STATE_IN = between(-2, 2, 8, 5).round(1), between(-1, 1, 2, 1).round(1)
B_IN, X_IN = between(-2, 2, 8, 1).round(1), between(-1, 1, 3, 1).round(1)
STEP_GATES = lstm.Gates(*between(-1, 1, 4, 2, 1))

WEIGHTS = np.linspace(0.1, 1.9, 19)
LASTS = {name: top - top * abs(WEIGHTS - 1) for name, top in (("pulse 2", 25), ("pulse 1", 60))}
LASTS["state"] = 3 * 9**WEIGHTS
RADII, STRENGTHS = [0.9, 1.1, 1.5], np.array([0.01, 0.1, 1.0])
DRIVEN, RESTING = 10 ** between(-9, 9, 3, 4, 3), 10 ** between(-9, 9, 3, 4)
SHARES = {
    name: 10 ** between(*ends, 5)
    for name, ends in dict(uniform=(-13, -9), orthogonal=(-3, -1)).items()
}
ARRIVED = {name: shares * between(0.3, 3, 5) for name, shares in SHARES.items()}
WIDTHS = 10.0 ** np.arange(-6, 0)
ERRORS = {"float32": 10 ** between(-4, 0, 6), "float64": 10 ** between(-9, -5, 6)}
ROAD_GAPS = np.arange(1, 9)
ROADS = {f"std {k}": tuple(10 ** between(-k, k, 2, 8, 8)) for k in (1, 2, 3)}
HELD_GAPS = np.arange(44, 50)
HELD = {"network 0": between(0.1, 1, 6), "network 4": between(0.1, 1, 6)}
LEFT = {"network 0": 10 ** between(-1, 1, 9), "network 4": 10 ** between(-9, -3, 9)}
LOSSES, FLOOR = (
    {
        name: np.exp(-np.arange(40) / fall + between(0, 0.05, 40))
        for name, fall in zip(("a → b", "b → c", "c → d", "d → a"), (4, 6, 9, 60))
    },
    0.3,
)
MEAN_LOSS = np.mean([*LOSSES.values()], axis=0)
SPELLED = {0: "aaaa", 6: "bbbb", 25: "cccc"}
PLANE = readout.Params(
    np.array([[2.0, 1.5], [-1.5, 2.0], [-2.0, -1.0], [1.0, -2.0]]),
    np.array([[0.6], [-0.5], [0.2], [-0.3]]),
)
PATH = np.array([[0.0, 0.0], [0.75, 0.6], [-0.4, 0.8], [-0.7, -0.9], [0.8, -0.3]])
ERASED = np.array([0.35, -0.8])

GAPS, CHANCE = [5, 20, 50], 0.2
RECALL = {name: between(0, 1, 3, 3) for name in ("uniform", "orthogonal")}
KINDS = ["RNN, uniform", "LSTM, forget bias 1", "GRU, update bias minus two"]
LOOKS = {"RNN": ("h", "^"), "GRU": ("z", "o")} | dict.fromkeys(["LSTM", "coupled"], ("c", "s"))
SEEDS = {
    "recall: accuracy": {name: between(0, 1, 4) for name in KINDS},
    "adding: squared error": {name: 10 ** between(-3, -1, 4) for name in KINDS},
    "n reached": {name: between(9, 60, 4) for name in KINDS},
}
RATES = {
    "recall: accuracy": {name: between(0, 1, 2, 4) for name in KINDS},
    "adding: error": {name: 10 ** between(-3, -1, 2, 4) for name in KINDS},
}
RUNGS = "LSTM|LSTM, o = 1|LSTM, coupled|coupled, o = 1|GRU, r = 1|GRU, r = ½|GRU".split("|")
LADDER = {  # errors within a power of ten, and a little more
    label: {name: scale(between(*ends, 10)) for name in RUNGS}
    for label, scale, ends in [
        ("prose: loss", np.asarray, (1.58, 1.92)),
        ("running sum: error", np.exp, np.log([0.0022, 0.0188])),
        ("adding: steps", np.asarray, (150, 900)),
        ("balance: error", np.exp, np.log([0.021, 0.35])),
    ]
}
MARKS = {label: ("LSTM", rows["LSTM"].mean()) for label, rows in LADDER.items()}
MARKS |= {"recall: accuracy": ("chance", 0.25), "n reached": ("trained", 10)}
MARKS |= dict.fromkeys(["adding: squared error", "adding: error"], ("always 1", 0.05))
ONE_OF_FOUR = np.eye(9)[[3, 5, 4, 7, 6, 8]]
STARTS = [
    "RNN, uniform",
    "RNN, orthogonal",
    "LSTM, forget bias 1",
    "LSTM, chrono",
    "GRU, update bias 0",
    "GRU, −2",
]
LEARNING_RATES = [0.003, 0.01, 0.03, 0.1]
SHARES_BY_RATE = {  # with its interval, at each rate
    name: [Interval(*np.sort(ends)[[1, 0, 2]]) for ends in between(0, 1, 4, 3)] for name in STARTS
}
KEPT = {name: between(0.1, 0.9, 2, 5) for name in ("GRU", "LSTM, coupled", "RNN, turned")}
COMPARED = {  # a row may lack
    title: (
        label,
        {row: Verdict(side, "", Interval(*between(-0.9, 0.9, 3)[[1, 0, 2]])) for row, side in rows},
    )
    for title, label, rows in (
        ("recall 20", "share of runs", (("i = 1", 1), ("f = 1", 0), ("o = 1", -1))),
        ("adding 50", "fewer steps", (("i = 1", 0), ("o = 1", 1))),
        ("prose 50", "fewer nats", (("f = 1", -1), ("o = 1", 0))),
    )
}
COMPARED_WIDELY = {f"task {k}": COMPARED["recall 20"] for k in range(6)}

GIVEN = {
    "rnn": dict(h_prev=0.8, x=-1.3),
    "lstm": dict(f=0.9, i=0.3, o=0.6, g=-0.8, c_prev=1.2),
    "gru": dict(z=0.25, r=0.6, h_prev=-0.7, p=0.9, w=1.4),
}

PARTS = "fiogc"  # of the lstm

FADING, TURNING = dict(w=0.8, gap=7, pulse=1.2), dict(radius=1.3, angle=25, strength=0.3)
WEIGHED = {
    name: w
    for names, row in zip(((f"w_{k}x", f"w_{k}h", f"b_{k}") for k in "ifog"), between(-2, 2, 4, 3))
    for name, w in zip(names, row.tolist())
}
HIGHWAY, LESION = dict(f=0.9, w=0.5, gap=20), dict(gate="z", at=0.3, unit=0, step=0)
PLANNED, SIZES = dict(write=6, read=31, i=0.1, f=0.95, o=0.2), dict(D=12, H=20)
MODEL = {
    "cell": "gru",
    "params": {"W": between(-3, 3, 9, 7).tolist(), "b": between(-1, 1, 9).tolist()},
    "readout": {"W": between(-3, 3, 4, 3).tolist(), "b": between(-1, 1, 4).tolist()},
}

# The sheets: {name, its first word being the function's: what draws it}.

SHEETS = {
    **{f"cell_diagram, {cell}": [cell] for cell in GIVEN},
    **{f"cell_diagram, {cell} with values": [cell, given] for cell, given in GIVEN.items()},
    **{f"cell_diagram, lstm, {part} lit": ["lstm", None, part] for part in PARTS},
    **{
        f"cell_diagram, lstm, {part} lit with values": ["lstm", GIVEN["lstm"], part]
        for part in PARTS
    },
    "coupled_wiring": [*GIVEN["gru"].values()],
    "forest": [COMPARED],
    "forest, in two lines": [COMPARED_WIDELY],
    "growth_by_drive": [RADII, STRENGTHS, DRIVEN, RESTING],
    "growth_without_end": [LARGEST],
    "kept_and_gated": [GATED, MOMENTS, 1],
    "kept_in_silence": [KEPT],
    "learning_curve": [LOSSES, SPELLED, FLOOR],
    "reach_against_weight": [WEIGHTS, LASTS, 80],
    "recall_by_gap": [GAPS, RECALL, CHANCE],
    "recall_sequence": [ONE_OF_FOUR, 4],
    "roads_by_gap": [ROAD_GAPS, ROADS],
    "running_sum": [SUM_MARKS, SUMS, R_FREE, R_HELD],
    "seeds_in_rows": [SEEDS, MARKS, True],
    "seeds_in_rows, four panels": [LADDER, MARKS, True],
    "seeds_in_rows, two rates": [RATES, MARKS],
    "solved_by_rate": [LEARNING_RATES, SHARES_BY_RATE],
    "share_predicted": [SHARES, ARRIVED],
    "stacked_map": [lstm.Params(W_IN, B_IN), X_IN, STATE_IN, STEP_GATES],
    "state_plane": [PLANE, LETTERS, PATH, LETTERS, ERASED],
    "two_memories": [HELD_GAPS, HELD, LEFT],
    "two_roads": [],
    "unrolled": ["abcd", "wxyz"],
    "unrolled, back": ["abcd", "wxyz", True],
    "unrolled_lstm": [["Ann", "Bea", "Cleo"]],
    "up_and_down": [ENDS],
    "width_of_difference": [WIDTHS, ERRORS],
}
STILLS = {
    "budget": SIZES,
    "fading_memory": FADING,
    "gradient_highway": HIGHWAY,
    "half_life": dict(b_f=2.2),
    "hello_lesions": LESION | dict(data=MODEL),
    "orbit": TURNING,
    "weights_to_gates": dict(x=1.3, h=0.7, **WEIGHED),
    "write_keep_read": PLANNED,
}
DRAWN = {*SHEETS, *STILLS}


@cache
def sheet(name, paper):
    """The figure as it is drawn on this paper, every text in its place."""
    if name in STILLS:
        draw = partial(static.DRAW[name], **STILLS[name])
    else:
        function = getattr(plots, re.match(r"\w+", name)[0])
        draw = partial(getattr(function, "__wrapped__", function), *SHEETS[name])
    figure = plots.drawn(draw, paper == "narrow")
    plt.close(figure)
    FigureCanvasAgg(figure)  # closing took its canvas
    return figure


def panels(name, paper):
    """The panels of a sheet."""
    return sheet(name, paper).axes


def panel(name, paper, title):
    """The panel with this title, or the one at this place."""
    found = panels(name, paper)
    if isinstance(title, int):
        return found[title]
    (ax,) = [ax for ax in found if title in (said(ax.title, ax), ax.get_xlabel())]
    return ax


# How a drawing is read.


def said(text, ax=None):
    """A text without its breaks of lines; of titles the one at the left."""
    return " ".join((ax.get_title("left") or ax.get_title() if ax else text.get_text()).split())


def same(one, other):
    one, other = np.asarray(one, float), np.asarray(other, float)
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-12)


def look(line):
    return to_hex(line.get_color()), line.get_linestyle()


def lines(ax, x=None, y=None):
    """The lines of a panel through these points."""
    return [
        line
        for line in ax.lines
        if (x is None or same(line.get_xdata(), x)) and (y is None or same(line.get_ydata(), y))
    ]


def curve(ax, x, y):
    """The only line of a panel through these points."""
    (line,) = lines(ax, x, y)
    return line


def letters(ax, of=None):
    """The texts of a panel, or those that say `of`."""
    return [t for t in ax.texts if said(t) and of in (None, said(t))]


def letter(ax, of):
    (text,) = letters(ax, of)
    return text


def place(text):
    """The point that a text belongs to, in the panel's data."""
    ax, at, frame = text.axes, text.get_position(), text.get_transform()
    if isinstance(text, Annotation):
        at, frame = text.xy, {"data": ax.transData, "axes fraction": ax.transAxes}[text.xycoords]
    return ax.transData.inverted().transform(frame.transform(at))


def pixels(ax, point):
    return ax.transData.transform(point)


@cache
def extent(text):
    """The box around a text's letters, in pixels."""
    return text.get_window_extent(text.figure.canvas.get_renderer())


def from_box(extent, points):
    """How far points are from a box, all in pixels."""
    (x0, x1), (y0, y1) = sorted(extent.intervalx), sorted(extent.intervaly)
    return np.hypot(*np.maximum(0, np.maximum([x0, y0] - points, points - [x1, y1])).T)


def along(path):
    """Points along a path, a pixel apart."""
    path = np.asarray(path, float)
    gone = np.concatenate([[0], np.hypot(*np.diff(path, axis=0).T).cumsum()])
    steps = np.linspace(0, gone[-1], int(gone[-1]) + 2)
    return np.stack([np.interp(steps, gone, path[:, of]) for of in (0, 1)], axis=1)


def color(text):
    return to_hex(text.get_color())


def ticks(ax, axis):
    """{place: word} of an axis, its own or where it is hidden those of the panel below or at the left."""
    own = getattr(ax, f"get_{axis}ticklabels")
    if not any(t.get_text() and t.get_visible() for t in own()):
        ax = outer(ax, axis)
    marks = getattr(ax, f"get_{axis}ticks")()
    words = getattr(ax, f"get_{axis}ticklabels")()
    return {float(at): said(word) for at, word in zip(marks, words, strict=True)}


def outer(ax, axis):
    """The panel whose axis stands for this one's: the last below it, or at the left, with the same limits."""
    here = ax.get_position()
    met = []
    for other in ax.figure.axes:
        if any(
            getattr(ax, of)() != getattr(other, of)()
            for of in (f"get_{axis}lim", f"get_{axis}scale")
        ):
            continue
        there = other.get_position()
        if axis == "x" and abs(there.x0 - here.x0) < 0.02 and there.y0 < here.y0:
            met.append((there.y0, other))
        if axis == "y" and abs(there.y0 - here.y0) < 0.02 and there.x0 < here.x0:
            met.append((there.x0, other))
    met = [(at, other) for at, other in met if other.axison]
    return min(met, key=lambda pair: pair[0])[1] if met else ax


def axis_label(ax, axis):
    """What an axis is labelled with: by itself, by the panel below it or left of it, or for the whole sheet."""
    own = getattr(ax, f"get_{axis}label")()
    whole = getattr(ax.figure, f"get_sup{axis}label")()
    return own or getattr(outer(ax, axis), f"get_{axis}label")() or whole


# Arrows and wires.

SIGNS = ("×", "+", "tanh", "1−")


def roads(ax):
    """Every arrow: the words where it starts and where it ends (or None), its color, whether it is dashed, itself."""
    spots = {said(text): place(text) for text in letters(ax)}
    for text in ax.texts:
        if patch := getattr(text, "arrow_patch", None):
            assert text.arrowprops["arrowstyle"] == "-|>"
            ends = []
            for end in (text.xyann, text.xy):
                away = {words: np.hypot(*(end - at)) for words, at in spots.items() if known(words)}
                nearest = min(away, key=away.get)
                ends.append(nearest if away[nearest] < 0.45 else None)
            dashed = patch.get_linestyle() not in ("-", "solid")
            yield *ends, to_hex(patch.get_edgecolor()), dashed, text


def known(words):
    """Whether the words are a place where arrows begin and end."""
    return re.match(r"\$[achxy]_|loss of", words)


def named_road(text, of):
    """The arrow, of these, that a text stands beside."""
    ways = [along([pixels(text.axes, end) for end in (each.xyann, each.xy)]) for *_, each in of]
    return of[int(np.argmin([from_box(extent(text), way).min() for way in ways]))]


def inside(text, box):
    return box.get_window_extent().contains(*text.get_transform().transform(text.get_position()))


class Circuit:
    """A wiring as it is drawn: boxes with what is written in them, wires from where they start to where they end, and
    the letters beside the wires. `given` is what goes in and what the gates let through."""

    def __init__(self, ax, given):
        self.ax, self.given = ax, given
        self.boxes = []
        self.unit = np.diff(pixels(ax, [(0, 0), (1, 0)])[:, 0])[0]  # of the diagram, in pixels
        texts = letters(ax)
        for patch in ax.patches:
            if isinstance(patch, Circle | FancyBboxPatch):
                held = [text for text in texts if inside(text, patch)]
                self.boxes.append((patch, held))
        self.extents = [
            np.sort(box.get_window_extent().get_points(), axis=0) for box, _ in self.boxes
        ]
        self.inked = [line for line in ax.lines if look(line)[0] != "#ffffff"]
        self.heads = [patch.get_xy()[1] for patch in ax.patches if isinstance(patch, Polygon)]
        self.ways = {wire: pixels(ax, wire.get_xydata()) for wire in self.inked}
        held = {text for _, texts in self.boxes for text in texts}
        self.labels = [t for t in texts if t not in held and "$" in said(t)]
        self.words = [t for t in texts if t not in held and "$" not in said(t)]
        self.wires = {label: self.nearest(label) for label in self.labels}

    def gates(self):
        """{letter: (its box, the texts in it)}."""
        return {
            said(held[-1]).strip("$"): (box, held)
            for box, held in self.boxes
            if said(held[-1]) not in SIGNS
        }

    def box_at(self, point):
        """What a wire touches with this end."""
        at, room = pixels(self.ax, point), 3 * self.unit
        for box, (low, high) in zip(self.boxes, self.extents, strict=True):
            if np.all(at > low - room) and np.all(at < high + room):
                return box
        return None

    def end(self, wire):
        """Where a wire arrives: one with a head, ten units farther along its last stretch."""
        before, last = wire.get_xydata()[-2:]
        tip = last + 10 * np.sign(last - before)
        return tip if any(same(tip, head) for head in self.heads) else last

    def bare(self, wire):
        """Whether a line carries no number: its end goes forth and back, an open arrow."""
        points = wire.get_xydata()
        return len(points) > 4 and same(points[-4], points[-2])

    def nearest(self, label):
        """The wire that a label stands beside: the nearest of its color."""
        away = {}
        for wire in self.inked:
            if look(wire)[0] == color(label):
                path = from_box(extent(label), along(self.ways[wire]))
                away[wire] = round(path.min()), path.mean()  # a branch begins on its wire
        return min(away, key=away.get)

    def symbol(self, label):
        return re.match(r"\$(.*?)\$", said(label))[1]

    def carried(self, wire, depth=0):
        """What flows along a wire; None where no number goes."""
        assert depth < 30, "the wires run in a circle"
        start = wire.get_xydata()[0]
        own = [self.symbol(label) for label in self.labels if self.wires[label] is wire]
        if self.bare(wire):
            return None
        if met := self.box_at(start):
            out = self.output(*met, depth)
            return out * self.given["w"] if own and own[0].startswith("w\\,") else out
        for other in self.inked:
            if (
                other is not wire
                and not self.bare(other)
                and not same(other.get_xydata()[0], start)
            ):
                if np.hypot(*(along(self.ways[other]) - self.ways[wire][0]).T).min() < 1:
                    return self.carried(other, depth + 1)
        (symbol,) = own
        doors = {"c_{t-1}": "c_prev", "h_{t-1}": "h_prev", "p": "p"}
        doors |= {"W_h h_{t-1}": "h_prev", "W_x x_t": "x"}
        return self.given.get(doors.get(symbol))

    def output(self, box, held, depth):
        """What leaves a box: a gate's value, or what its sign makes of the wires that end there."""
        ends = [
            wire
            for wire in self.inked
            if (met := self.box_at(self.end(wire))) and met[0] is box and not self.bare(wire)
        ]
        came = [self.carried(wire, depth + 1) for wire in ends]
        sign = said(held[-1])
        if sign in "×+":
            one, other = came
            return one * other if sign == "×" else one + other
        if sign == "1−":
            return 1 - came[0] if len(came) == 1 else None
        if sign == "tanh" or came:  # the GRU's candidate is what arrives
            (only,) = came
            return np.tanh(only) if sign == "tanh" else only
        return self.given[sign.strip("$")]
