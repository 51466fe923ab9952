"""The drawings of an explorer, read by their places and axes, from the page or from matplotlib."""

import re
from typing import NamedTuple

import numpy as np
from test_live_shown import Plot, dot_by_dot, points
from words import GATES, Sym, parse, rounds, symbols, value

from lib.colors import COLORS

# A wiring, read by its places and worked through like a circuit.


class Wire(NamedTuple):
    points: list
    color: str
    width: float
    hollow: bool
    arrow: bool

    @property
    def end(self):
        """Where it arrives: an arrow, with its tip."""
        return tip_of(self.points) if self.arrow else self.points[-1]


class Box(NamedTuple):
    """A joint or a gate: its middle, half of its width and height, what stands in it and below it."""

    at: tuple
    half: tuple
    word: str = ""
    number: str = ""
    below: str = ""
    color: str = ""


class Label(NamedTuple):
    box: tuple  # left, top, right, bottom
    letters: str
    number: str | None
    color: str


class Wiring(NamedTuple):
    wires: list
    joints: list
    gates: list
    labels: list
    plain: list  # lines that carry no number: grey, or all of each is below the gates
    note: str  # what is written at the line that couples two gates
    title: str = ""


SEEN, CAP = (
    0.2,
    1.5,
)  # a wire below 0 is hollow if it is wider than its walls; beyond the cap it is no wider


def on(box, point):
    return all(abs(p - q) <= half + 1.5 for p, q, half in zip(point, box.at, box.half, strict=True))


def far(point, box):
    """From a point to a box."""
    (x, y), (left, top, right, bottom) = point, box
    return np.hypot(max(left - x, 0, x - right), max(top - y, 0, y - bottom))


def along(points):
    """Points of a line, close together."""
    ends = np.array(points, float)
    lengths = np.hypot(*np.diff(ends, axis=0).T).astype(int)
    return np.concatenate(
        [np.linspace(*pair, 1 + n) for *pair, n in zip(ends, ends[1:], lengths, strict=False)]
    )


def labels_at(wiring):
    """[the labels of each wire]: a label stands at the nearest wire of its color, or at two that are as near."""
    found = [[] for _ in wiring.wires]
    for label in (label for label in wiring.labels if label.number is not None):
        places = [
            min(far(p, label.box) for p in along(wire.points)) if wire.color == label.color else 1e9
            for wire in wiring.wires
        ]
        assert min(places) < 45, f"{label} stands at no wire of its color"
        for labels, place in zip(found, places, strict=True):
            if place < min(places) + 1:
                labels.append(label)
    return found


def assert_works(wiring, env, ends):
    """From the gates' numbers and what comes in, through the joints, to what goes out: a wire is as wide as what it
    carries is large, its labels say it in letters and in a number, and `ends` come out at the arrows."""
    labels = labels_at(wiring)
    for gate in wiring.gates:
        assert gate.below == GATES[gate.word] and gate.color == gate.word, gate
        assert rounds(gate.number, env[gate.word]), gate
    worked = {}

    def carried(k):
        if k not in worked:
            worked[k] = comes_from(wiring.wires[k].points[0], k)
        return worked[k]

    def comes_from(start, k):
        gates = [gate for gate in wiring.gates if on(gate, start)]
        joints = [joint for joint in wiring.joints if on(joint, start)]
        trunks = [j for j, w in enumerate(wiring.wires) if j != k and passes(w, start)]
        if gates:
            return env[gates[0].word]
        if joints:  # a weight has no joint of its own
            weights = any(Sym("w") in symbols(parse(label.letters)) for label in labels[k])
            return out_of(joints[0]) * (env["w"] if weights else 1)
        if trunks:
            return carried(trunks[0])
        assert labels[k], f"nothing says what comes in at {start}"
        return value(parse(labels[k][0].letters), env)

    def into(box):
        return [carried(k) for k, wire in enumerate(wiring.wires) if on(box, wire.end)]

    def out_of(joint):
        came = into(joint)
        if joint.word in ("tanh", "1−"):
            (came,) = came
            return np.tanh(came) if joint.word == "tanh" else 1 - came
        assert joint.word in ("×", "+") and len(came) == 2, joint
        return came[0] * came[1] if joint.word == "×" else came[0] + came[1]

    for gate in wiring.gates:
        for came in into(gate):
            assert np.isclose(came, env[gate.word], atol=1e-9), gate
    values = np.array([carried(k) for k in range(len(wiring.wires))])
    for wire, carries, own in zip(wiring.wires, values, labels, strict=True):
        assert wire.hollow == (carries < 0) or abs(carries) < SEEN, (wire, carries)
        for label in own:
            says = value(parse(label.letters), env)
            assert np.isclose(says, carries, atol=1e-9), (label, carries)
            assert rounds(label.number, carries), (label, carries)
        if wire.arrow and not any(on(box, wire.end) for box in [*wiring.joints, *wiring.gates]):
            (label,) = own
            assert np.isclose(carries, ends.pop(parse(label.letters).name), atol=1e-9), label
    assert ends == {}, "what does not come out"
    sizes, widths = np.minimum(np.abs(values), CAP), np.array([wire.width for wire in wiring.wires])
    slope, thin = np.polyfit(sizes, widths, 1)
    assert slope > 0 and np.abs(thin + slope * sizes - widths).max() < 1e-3 * widths.max()


def passes(wire, point):
    return min(np.hypot(*(along(wire.points) - point).T)) < 1


def governed(wiring, letter):
    """(the ends of the wires, the places of the joints and gates) of what a gate governs, by the drawing alone: the
    product that it ends in with all that comes in there, from a gate, from outside or from another wire's branch, and
    what leaves it, as far as it arrives. Of the candidate it is its way to the sum, of c the road through all joints.
    """
    wires, joints = wiring.wires, wiring.joints
    lit, boxes = [], []

    def back(joint):
        boxes.append(joint)
        for wire in (wire for wire in wires if on(joint, wire.end)):
            lit.append(wire)
            boxes.extend(gate for gate in wiring.gates if on(gate, wire.points[0]))
            for other in (other for other in joints if on(other, wire.points[0])):
                back(other)

    def forth(wire, signs):
        lit.append(wire)
        for joint in (joint for joint in joints if on(joint, wire.end)):
            boxes.append(joint)
            for other in (other for other in wires if on(joint, other.points[0])):
                if joint.word in signs:
                    forth(other, signs)

    if letter == "c":
        doors = [*joints, *wiring.gates]
        (own,) = [
            wire
            for k, wire in enumerate(wires)
            if not any(on(box, wire.points[0]) for box in doors)
            and not any(passes(other, wire.points[0]) for other in wires[:k] + wires[k + 1 :])
        ]
        forth(own, "×+")
    else:
        (gate,) = [gate for gate in wiring.gates if gate.word == letter]
        (own,) = [wire for wire in wires if on(gate, wire.points[0])]
        if letter == "g":
            boxes.append(gate)
            forth(own, "×")
        else:
            (product,) = [joint for joint in joints if on(joint, own.end)]
            back(product)
            for wire in (wire for wire in wires if on(product, wire.points[0])):
                forth(wire, "")
    return {tuple(wire.points) for wire in lit}, {box.at for box in boxes}


# Where a wiring is read from: a drawing of the page, or a figure of matplotlib.


def color_of(paint):
    found = re.fullmatch(r"var\(--live-(\w+)\)", paint or "")
    return found[1] if found else None


def split(wires, gates):
    """Wires, and lines that are grey, or below all gates and without an arrow."""
    floor = max(gate.at[1] + gate.half[1] for gate in gates)
    below = [w for w in wires if min(y for _, y in w.points) > floor and not w.arrow]
    plain = [wire for wire in wires if wire.color == "neutral" or wire in below]
    return [wire for wire in wires if wire not in plain], plain


def wiring_of_page(parts, title=""):
    """From the parts of an SVG, in their order."""
    paths, rects, texts = (
        [p for p in parts if p["tag"] == tag] for tag in ("path", "rect", "text")
    )
    arrows = [ends_of(p["d"])[1] for p in paths if p["d"].endswith("Z")]
    wires = []
    for path, core in zip(paths, [*paths[1:], {}], strict=True):
        color, points = color_of(path.get("stroke")), ends_of(path["d"])
        if color in COLORS:
            hollow = color_of(core.get("stroke")) == "ground" and float(core["stroke-width"]) > 0
            width, arrow = float(path["stroke-width"]), tip_of(points) in arrows
            wires.append(Wire(points, color, width, hollow, arrow))
    joints, gates, used = [], [], []
    for rect in rects:
        at, half = middle(rect)
        inside = [text for text in texts if on(Box(at, half), place(text))]
        color = color_of(rect.get("stroke"))
        if color in COLORS:
            (below,) = (t for t in texts if place(t)[0] == at[0] and 22 < place(t)[1] - at[1] < 45)
            letter, digits = sorted(inside, key=lambda text: place(text)[1])
            assert {color_of(text["fill"]) for text in inside} == {color}
            gates.append(Box(at, half, letter["words"], digits["words"], below["words"], color))
            used += [*inside, below]
        elif "fill" not in rect:
            (text,) = inside
            joints.append(Box(at, half, text["words"]))
            used.append(text)
    texts = [text for text in texts if text not in used]
    labels, note = labels_of((t["box"], t["marked"], color_of(t.get("fill"))) for t in texts)
    wires, plain = split(wires, gates)
    return Wiring(wires, joints, gates, labels, plain, note, title)


def labels_of(texts):
    """Labels of wires (what comes in from below has no number), and the note, which says several things."""
    labels, note = [], ""
    for box, words, color in texts:
        letters, is_, digits = words.partition(" = ")
        if ";" in words:
            note = words
        else:
            labels.append(Label(box, letters, digits if is_ else None, color))
    return labels, note


def ends_of(d):
    points = re.split("[ML]", d.rstrip("Z"))[1:]
    return [tuple(map(float, re.split("[ ,]", point))) for point in points]


def tip_of(points):
    """Where the arrow of a line has its tip: farther along its last stretch, which follows an axis."""
    (a, b), (x, y) = points[-2:]
    return float(x + 10 * np.sign(x - a)), float(y + 10 * np.sign(y - b))


def middle(rect):
    x, y, width, height = (float(rect[key]) for key in ("x", "y", "width", "height"))
    return (x + width / 2, y + height / 2), (width / 2, height / 2)


def place(text):
    return float(text["x"]), float(text["y"])


LETTER = {paint: letter for letter, paint in COLORS.items()}


def wiring_of_figure(ax):
    from matplotlib.patches import Circle, FancyBboxPatch, Polygon

    arrows = [tuple(p.get_xy()[1]) for p in ax.patches if isinstance(p, Polygon)]
    wires = []
    for line in ax.lines:
        if line.get_color() == "white":
            wires[-1] = wires[-1]._replace(hollow=True)
        else:
            points = [(float(x), float(y)) for x, y in zip(*line.get_data(), strict=True)]
            arrow = tip_of(points) in arrows
            wires.append(Wire(points, LETTER[line.get_color()], line.get_linewidth(), False, arrow))
    texts = [(text, text.get_position(), plain_tex(text.get_text())) for text in ax.texts]
    joints, gates, used = [], [], []
    for patch in ax.patches:
        if not isinstance(patch, Circle | FancyBboxPatch):
            continue
        box = box_of_patch(patch)
        inside = [(text, at, words) for text, at, words in texts if on(box, at)]
        used += [text for text, *_ in inside]
        if len(inside) == 1:
            joints.append(box._replace(word=inside[0][2]))
            continue
        (_, _, letter), (_, _, digits) = sorted(inside, key=lambda one: one[1][1])
        (below,) = (
            one for one in texts if one[1][0] == box.at[0] and 22 < one[1][1] - box.at[1] < 45
        )
        (color,) = {LETTER[text.get_color()] for text, *_ in inside}
        gates.append(box._replace(word=letter, number=digits, below=below[2], color=color))
        used.append(below[0])
    free = [
        (box_of(ax, text), words, LETTER[text.get_color()])
        for text, _, words in texts
        if text not in used
    ]
    wires, plain = split(wires, gates)
    labels, note = labels_of(free)
    title = " ".join(ax.get_title("left").split())
    return Wiring(wires, joints, gates, labels, plain, note, title)


def box_of_patch(patch):
    if hasattr(patch, "radius"):
        return Box(patch.center, (patch.radius, patch.radius))
    return Box(*middle({k: getattr(patch, f"get_{k}")() for k in ("x", "y", "width", "height")}))


def box_of(ax, text):
    """Where a text stands, in the diagram's own units."""
    (left, bottom), (right, top) = ax.transData.inverted().transform(text.get_window_extent())
    return left, min(top, bottom), right, max(top, bottom)


def plain_tex(text):
    r"""$c_{t-1}$ = 0.90 -> c_{t−1} = 0.90."""
    text = re.sub(r"_(\w)", r"_{\1}", text.replace("$", "").replace("\n", " "))
    text = text.replace("1-z", "1−z").replace("\\tanh", "tanh")
    return re.sub(r"\s+", " ", re.sub(r"\\[,;]", " ", text)).replace("t-1", "t−1").strip()


# A wiring walked back.


class Walked(NamedTuple):
    """A wiring walked back: what stands upright is forward, what is slanted in a box is a gradient."""

    wires: list
    boxes: list  # [(middle, half, words)]
    numbers: list  # [(middle, words)] of what is forward
    gradients: list  # [(middle, words, lit)]


def walked_of_page(parts):
    paths, rects, circles, texts = (
        [p for p in parts if p["tag"] == t] for t in ("path", "rect", "circle", "text")
    )
    boxes = [((float(dot["cx"]), float(dot["cy"])), (4.5, 4.5), "•") for dot in circles]
    gradients, used = [], []
    for rect in rects:
        at, half = middle(rect)
        inside = [text for text in texts if text["words"] and on(Box(at, half), place(text))]
        if len(inside) == 1 and "live-back" in inside[0]["class"]:
            gradients.append((at, inside[0]["words"], rect["fill"] != "var(--live-ground)"))
        elif "rx" in rect and inside:
            words = [text["marked"].replace("{", "").replace("}", "") for text in inside]
            boxes.append((at, half, words[0]))
        used += inside if "rx" in rect else []
    numbers = [
        (((t["box"][0] + t["box"][2]) / 2, (t["box"][1] + t["box"][3]) / 2), t["marked"])
        for t in texts
        if t["words"] and t not in used
    ]
    return Walked([ends_of(path["d"]) for path in paths], boxes, numbers, gradients)


def walked_of_figure(ax):
    """The same of matplotlib: a gradient's letters are slanted."""
    from matplotlib.patches import Circle, FancyBboxPatch

    wires = [
        [(float(x), float(y)) for x, y in zip(*line.get_data(), strict=True)] for line in ax.lines
    ]
    boxes, gradients, used = [], [], []
    for patch in ax.patches:
        if not isinstance(patch, Circle | FancyBboxPatch):
            continue
        at, half = box_of_patch(patch)[:2]
        inside = [text for text in ax.texts if on(Box(at, half), text.get_position())]
        inside.sort(key=lambda text: text.get_position()[1])
        slanted = inside and inside[0].get_style() == "italic"
        words = plain_tex(inside[0].get_text()).replace("{", "").replace("}", "") if inside else "•"
        used += inside
        gradients += [(at, words, False)] if slanted else []
        boxes += [] if slanted else [(at, half, words)]
    free = [(box_of(ax, text), plain_tex(text.get_text())) for text in ax.texts if text not in used]
    numbers = [(((a + c) / 2, (b + d) / 2), words) for (a, b, c, d), words in free]
    return Walked(wires, boxes, numbers, gradients)


# Plots.


class Line(NamedTuple):
    color: str
    dashed: bool
    x: np.ndarray
    y: np.ndarray  # on a logarithmic axis the power of ten


class Mark(NamedTuple):
    """A dot or a note, by the axes."""

    color: str
    x: float
    y: float  # as of a line
    words: str = ""


class Panel(NamedTuple):
    """A plot as it is read by its axes, of the page or of matplotlib."""

    title: str
    x: str
    log: bool
    lines: list
    names: list  # [(words, color)] of lines
    dots: list
    rules: list  # [(color, x)], upright
    notes: list
    lanes: dict  # {words: (color, values)}
    near: tuple  # how exactly x and y can be read

    def line(self, color):
        (line,) = [line for line in self.lines if line.color == color]
        return line

    def has(self, color, x, y):
        """This color's one long line runs through these points."""
        with np.errstate(divide="ignore"):
            y = np.log10(y) if self.log else np.asarray(y, float)
        line, seen = self.line(color), np.isfinite(y)
        np.testing.assert_allclose(line.x, x, atol=self.near[0])
        np.testing.assert_allclose(line.y[seen], y[seen], rtol=1e-6, atol=self.near[1])

    def has_dot(self, color, x, y):
        at = x, np.log10(y) if self.log else y
        dots = [dot for dot in self.dots if dot.color == color]
        assert any((abs(np.subtract(dot[1:3], at)) <= self.near).all() for dot in dots), (at, dots)

    def has_rule(self, color, x):
        assert any(c == color and abs(at - x) <= self.near[0] for c, at in self.rules), (
            x,
            self.rules,
        )


def panel_of_page(parts, y=None):
    """`y` is where the axis begins and ends, if it has no ticks."""
    parts = dot_by_dot(parts)
    kinds = {
        tag: [part for part in parts if part["tag"] == tag]
        for tag in ("text", "path", "circle", "line")
    }
    texts = {
        name: [t for t in kinds["text"] if t["class"] == f"live-{name}"]
        for name in ("tick", "note", "label", "title")
    }
    log = any("^" in tick["marked"] for tick in texts["tick"])
    plot = Plot(parts, log, y)
    by_x, by_y = plot.across.back, plot.up.back
    dots = [
        Mark(color_of(dot["fill"]), by_x(float(dot["cx"])), by_y(float(dot["cy"])))
        for dot in kinds["circle"]
    ]
    rules = [
        (color_of(line["stroke"]), by_x(float(line["x1"])))
        for line in kinds["line"]
        if "stroke-dasharray" in line and line["x1"] == line["x2"]
    ]
    beside = {t["marked"]: t for t in texts["note"] if float(t["x"]) < plot.left}
    notes = [
        Mark(color_of(t["fill"]), by_x(float(t["x"])), by_y(float(t["y"])), t["marked"])
        for t in texts["note"]
        if t["marked"] and t["marked"] not in beside
    ]
    lines, lanes = [], {}
    for path in kinds["path"]:
        color, (x, up) = color_of(path["stroke"]), points(path["d"]).T
        if path["fill"] == "none":
            lines.append(Line(color, "stroke-dasharray" in path, by_x(x), by_y(up)))
        else:  # a lane stands on its base, at which its name is written
            name = min(beside, key=lambda name: abs(float(beside[name]["y"]) - up[0]))
            assert color_of(beside[name]["fill"]) == color_of(path["fill"]) == color
            lanes[name] = color, by_y(up[1:-1:2]) - by_y(up[0])
    (title,), (label,) = ([t["marked"] for t in texts[name]] for name in ("title", "label"))
    names = [(note.words, note.color) for note in notes]
    near = 0.03 / abs(plot.across.slope), 0.03 / abs(plot.up.slope)
    return Panel(title, label, log, lines, names, dots, rules, notes, lanes, near)


def panel_of_figure(ax):
    from matplotlib.colors import to_hex

    log = ax.get_yscale() == "log"
    lines, dots, rules, names, lanes = [], [], [], [], {}
    legend = [text.get_text() for text in ax.get_legend().get_texts()] if ax.get_legend() else []
    for line in ax.get_lines():
        color, (x, y) = (
            LETTER[line.get_color()],
            (np.asarray(part, float) for part in line.get_data()),
        )
        with np.errstate(divide="ignore"):
            up = np.log10(y) if log else y
        if line.get_marker() == "o":
            dots += [Mark(color, *at) for at in zip(x, up, strict=True)]
        elif len(x) == 2 and x[0] == x[1]:
            rules.append((color, x[0]))
        elif len(x) > 3:
            lines.append(Line(color, line.get_linestyle() == "--", x, up))
        if line.get_label() in legend:
            names.append((plain_tex(line.get_label()), color))
    assert len(names) == len(legend)
    names_at = {
        round(y, 9): plain_tex(t.get_text())
        for y, t in zip(ax.get_yticks(), ax.get_yticklabels(), strict=True)
    }
    for bars in ax.containers:
        (base,) = {bar.get_y() for bar in bars}
        steps = [bar.get_x() + bar.get_width() / 2 for bar in bars]
        assert np.allclose(steps, np.arange(1, len(steps) + 1))
        color = LETTER[to_hex(bars[0].get_facecolor())]
        lanes[names_at[round(base, 9)]] = color, np.array([bar.get_height() for bar in bars])
    notes = [
        Mark(LETTER.get(note.get_color()), *map(float, note.xy), plain_tex(note.get_text()))
        for note in ax.texts
    ]
    title, label = plain_tex(ax.get_title("left") or ax.get_ylabel()), plain_tex(ax.get_xlabel())
    return Panel(title, label, log, lines, names, dots, rules, notes, lanes, (1e-9, 1e-9))


# Matrices to scale, and shares as bars.


class Block(NamedTuple):
    left: float
    top: float
    width: float
    height: float
    color: str
    depth: float


class Blocks(NamedTuple):
    """Rectangles, from the palest on in three depths: of the input, of the state, and what is carried."""

    pale: list
    dark: list
    carried: list
    letters: list  # [(letter, x, y)]
    titles: list  # [(words, x)]


def by_depth(blocks):
    depths = sorted({block.depth for block in blocks})
    assert len(depths) == 3
    return [[block for block in blocks if block.depth == depth] for depth in depths]


def blocks_of_page(parts):
    rects = [part for part in parts if part["tag"] == "rect"]
    blocks = [
        Block(
            *(float(r[key]) for key in ("x", "y", "width", "height")),
            color_of(r["fill"]),
            float(r["opacity"]),
        )
        for r in rects
    ]
    texts = [part for part in parts if part["tag"] == "text" and part["words"]]
    letters = [(t["words"], float(t["x"]), float(t["y"]) - 5) for t in texts if "text-anchor" in t]
    titles = [(t["words"], float(t["x"])) for t in texts if "text-anchor" not in t]
    return Blocks(*by_depth(blocks), letters, titles)


def blocks_of_figure(ax):
    from matplotlib.colors import to_hex

    blocks = [
        Block(
            *p.get_xy(),
            p.get_width(),
            p.get_height(),
            LETTER[to_hex(p.get_facecolor())],
            p.get_alpha(),
        )
        for p in ax.patches
    ]
    texts = [(plain_tex(text.get_text()), *text.get_position()) for text in ax.texts]
    titles = [(words, x) for words, x, _ in texts if len(words) > 1]
    return Blocks(*by_depth(blocks), [text for text in texts if len(text[0]) == 1], titles)


class Bars(NamedTuple):
    """The shares of the next letter at one step."""

    title: str
    shares: dict  # {letter: share}
    dark: list  # the letters whose bar is dark
    told: dict = {}  # {letter: number}


def bars_of_page(parts):
    rects, texts = ([part for part in parts if part["tag"] == tag] for tag in ("rect", "text"))
    title, *texts = sorted(texts, key=lambda text: float(text["y"]))
    shares, dark, told = {}, [], {}
    for y in sorted({float(text["y"]) for text in texts}):
        letter, shown = sorted(
            (t for t in texts if float(t["y"]) == y), key=lambda t: float(t["x"])
        )
        bar, box = [r for r in rects if float(r["y"]) < y < float(r["y"]) + float(r["height"])]
        letter = letter["words"]
        shares[letter], told[letter] = float(bar["width"]) / float(box["width"]), shown["words"]
        dark += [letter] * (color_of(bar["fill"]) == "h")
    return Bars(title["words"], shares, dark, told)


def bars_of_figure(ax, letters):
    """The letters are written at the first step alone."""
    from matplotlib.colors import to_hex

    (bars,) = ax.containers
    assert (
        np.allclose([bar.get_y() + bar.get_height() / 2 for bar in bars], range(4))
        and ax.yaxis_inverted()
    )
    named = list(zip(letters, bars, strict=True))
    dark = [letter for letter, bar in named if to_hex(bar.get_facecolor()) == COLORS["h"]]
    return Bars(ax.get_xlabel(), {letter: bar.get_width() for letter, bar in named}, dark)
