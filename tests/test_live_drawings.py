"""What is drawn is what is written at it: a wiring is worked through like a circuit, a curve is what its words say.

The picture that is seen without JavaScript, on wide paper and on narrow, says the same as the live view at its start,
and so does what is spoken of a figure. As in test_live_words.py a slider's value is known by its label alone.
"""

import re
from functools import partial
from itertools import product

import numpy as np
import pytest
from by_lib import (
    CELLS,
    LENGTHS,
    ORBIT,
    TASK,
    after_pulse,
    column,
    costs,
    cut,
    forget_gate,
    gates_from_weights,
    left_of_gradient,
    lstm_once,
    moves,
    of_gru,
    of_lstm,
    orbit_of,
    roads,
    same,
    scheduled,
    step_back_of,
)
from drawings import (
    Box,
    along,
    assert_works,
    bars_of_figure,
    bars_of_page,
    blocks_of_figure,
    blocks_of_page,
    ends_of,
    far,
    governed,
    labels_at,
    middle,
    on,
    panel_of_figure,
    panel_of_page,
    passes,
    walked_of_figure,
    walked_of_page,
    wiring_of_figure,
    wiring_of_page,
)
from explored import DRAWN, LABS, NAMES, NAMES_OF_THE_BOOK, kind_of, labs
from test_live_words import RULES
from words import FUNCTIONS, GATES, N, parse, reads, rounds, value

from lib import gru, lstm, rnn, tasks
from lib.live import static
from lib.plots.style import drawn

# A drawing is given as it was read, from the page or from the still picture, and `at` is what the sliders say.


def assert_wirings(kind, wirings, at):
    """Of the step itself, and of the LSTM step beside a GRU's."""
    own, env = wirings[0], (of_lstm if kind == "lstm_step" else of_gru)(at)
    assert_works(own, env, {name: env[name] for name in ("c_t", "h_t") if name in env})
    if kind == "lstm_step":
        assert_sources(own)
        return
    (cell, gate), beside = (
        re.fullmatch(r"(\w+): (\w) decides twice", own.title).groups(),
        wirings[1],
    )
    (decides,) = [box for box in own.gates if box.word == gate]
    roads = [wire for wire in own.wires if on(decides, wire.points[0])]
    roads += [wire for wire in own.wires if wire not in roads and passes(roads[0], wire.points[0])]
    assert len(roads) == 2
    assert sorted(box.word for box in own.gates) == sorted({"GRU": gru}[cell].Gates._fields)
    assert all(wire.arrow for wire in own.wires)
    assert_sources_of_gru(own)
    title = "An LSTM step with coupled gates, given the same (candidate)"
    assert re.fullmatch(title, beside.title)[1] == GATES["n"]
    coupled = dict(re.findall(r"(\w) = (1 − z|z|\d)", beside.note))
    f, i, o = (value(parse(coupled[gate]), env) for gate in "fio")
    as_lstm = lstm_once(f, i, o, env["n"], at["h_t−1"])
    assert same(as_lstm["c_t"], env["h_t"])
    assert_works(beside, as_lstm, {name: as_lstm[name] for name in ("c_t", "h_t")})
    (bridge,) = beside.plain
    ends = [box.word for end in bridge.points for box in beside.gates if reaches(end, box, 35, 50)]
    assert ends == ["f", "i"] and o == 1


def reaches(point, gate, nearest, farthest):
    """Whether a point is below a gate."""
    return point[0] == gate.at[0] and nearest < point[1] - gate.at[1] < farthest


def assert_sources(wiring):
    """What reaches the gates: each by a line, and it is what moves them in `lib`."""
    (label,) = [label for label in wiring.labels if label.number is None]
    named = {parse(part).name for part in label.letters.split(",")}
    at = {"x_t": 0.3, "c_t−1": 0.5, "h_t−1": -0.2}
    params = lstm.init_params(np.random.default_rng(0), 1, 1)

    def gates(values):
        x, c, h = map(column, values.values())
        return lstm.step(params, x, lstm.State(c, h))[0]

    assert named == {name for name in at if gates({**at, name: 0.9}) != gates(at)}
    ends = [point for line in wiring.plain for point in line.points]
    assert all(any(reaches(end, gate, 40, 50) for end in ends) for gate in wiring.gates)


def assert_sources_of_gru(wiring):
    """By grey arrows the input and the old state reach both gates, and the input the candidate, as they do in `lib`."""
    (label,) = [label for label in wiring.labels if label.number is None]
    input_ = min(wiring.plain, key=lambda line: far(line.points[0], label.box))
    known = {gate: set() for gate in "rzn"}

    def source(start):
        if passes(input_, start):
            return parse(label.letters).name
        labels = labels_at(wiring)
        (trunk,) = [k for k, wire in enumerate(wiring.wires) if passes(wire, start)]
        while not labels[trunk]:  # a branch of a branch
            trunk = next(
                k
                for k, wire in enumerate(wiring.wires)
                if k != trunk and passes(wire, wiring.wires[trunk].points[0])
            )
        return parse(labels[trunk][0].letters).name

    for line in wiring.plain:
        tip, _, again, _ = line.points[-4:]
        assert tip == again, "no arrow"
        (gate,) = [
            gate
            for gate in wiring.gates
            if abs(tip[0] - gate.at[0]) < gate.half[0]
            and (reaches((gate.at[0], tip[1]), gate, 40, 50) or 0 < gate.at[1] - tip[1] < 26)
        ]
        known[gate.word].add(source(line.points[0]))
    for wire, own in zip(wiring.wires, labels_at(wiring), strict=True):
        if [one.letters for one in own] == ["p"]:  # by the sum into the candidate
            known["n"].add(source(wire.points[0]))
    at, params = {"x_t": 0.3, "h_t−1": -0.2}, gru.init_params(np.random.default_rng(0), 1, 1)

    def gates(values, **hold):
        x, h = map(column, values.values())
        return gru.step(params, x, gru.State(h), hold)[0]

    for gate, sources in known.items():
        hold = {"r": 0.0} if gate == "n" else {}  # its other way is by the reset gate
        still = getattr(gates(at, **hold), gate)
        moved = {n for n in at if getattr(gates({**at, n: 0.9}, **hold), gate) != still}
        assert sources == moved, gate


def assert_named(panels, quantities, x):
    """A name stands for one of these quantities, in the color of a line that is this quantity; (dashed) is dashed."""
    colors = {}
    for words, color in (name for panel in panels for name in panel.names):
        (which,) = [key for key in quantities if re.search(key, words)]
        assert colors.setdefault(which, color) == color, words
        for panel in panels:
            panel.has(color, x, quantities[which])
            by_eye = panel.near[0] < 1e-6  # a legend shows the line itself
            assert by_eye or panel.line(color).dashed == ("(dashed)" in words), words
    assert set(colors) == set(quantities), "what has no name"
    return colors


def plot_of_fading(panels, at):
    h, _ = after_pulse(at["w"], at["x_0"], 40)
    slope = [after_pulse(at["w"], at["x_0"], t)[1] for t in range(41)]
    colors, t = assert_named(panels, {"^state": h, "^gradient": slope}, range(41)), int(at["t"])
    assert [panel.title for panel in panels] == ["linear", "logarithmic"]
    for panel, (low, high) in zip(panels, [(0, 1.5), (1e-12, 1e4)], strict=True):
        assert panel.log == (panel.title == "logarithmic") and panel.x == "step t"
        panel.has_rule("neutral", t)
        for which, reached in [("^state", h[t]), ("^gradient", slope[t])]:
            if low < reached < high:
                panel.has_dot(colors[which], t, reached)


POINTS = {"h₀": 0, "h_{0}": 0, "h₆₀": 60, "h_{60}": 60}


def plot_of_orbit(panels, at):
    plane, time = panels
    h, T = orbit_of(at), len(ORBIT["x"])
    assert plane.title.startswith("orbit") and plane.x == "hidden unit 1" and not plane.log
    assert re.sub("orbit|: unit 2 against unit 1", "", plane.title) == ""
    plane.has("neutral", *h.T)
    for one in h:
        plane.has_dot("h", *one)
    assert [POINTS[note.words] for note in plane.notes] == [0, T]
    for note, one in zip(plane.notes, (h[0], h[-1]), strict=True):
        assert note.color == "h" and np.hypot(note.x - one[0], note.y - one[1]) < 0.12
    assert (time.title, time.x, time.log) == ("what is left of the gradient", "step t", True)
    left = [left_of_gradient(at, t) for t in range(T + 1)]
    named = {"^at rest": at["ρ"] ** np.arange(T + 1.0), "^in motion": left}
    arrows = [note for note in time.notes if note.words in ("↑", "↓")]
    names = [name for name in time.names if name[0] not in ("↑", "↓")]
    colors = assert_named([time._replace(names=names)], named, range(T + 1))
    assert list(colors.values()) == ["neutral", "h"]
    if time.near[0] < 1e-6:  # on paper a curve ends at the border
        return
    out = {}
    for which, values in named.items():
        beyond = [t for t, size in enumerate(values) if not 1e-6 <= size <= 1e6]
        if beyond:
            out[colors[which]] = beyond[0], "↓" if values[beyond[0]] < 1 else "↑"
    assert {arrow.color: (round(arrow.x), arrow.words) for arrow in arrows} == out


def plot_of_half_life(panels, at):
    f = forget_gate(at["b_f"])
    half = np.log(0.5) / np.log(f)
    by_title = {panel.title: panel for panel in panels}
    memory, bias = by_title["what is left of the memory, c"], by_title["half-life in steps"]
    assert (memory.x, bias.x, memory.log, bias.log) == ("step t", "forget bias b_{f}", False, True)
    memory.has("c", memory.line("c").x, f ** memory.line("c").x)
    if half <= 50:
        memory.has_dot("c", half, 0.5)
    x = bias.line("c").x
    bias.has("c", x, np.log(0.5) / np.log([forget_gate(b) for b in x]))
    bias.has_dot("c", at["b_f"], half)
    lengths = []
    for note in bias.notes:
        if found := re.fullmatch(rf"{N} steps", note.words):
            assert rounds(found[1], half) and note.color == "c"
        else:
            lengths.append(int(re.fullmatch(r"[\w, ]+: (\d+)", note.words)[1]))
            gate = 0.5 ** (1 / lengths[-1])
            bias.has_dot("neutral", np.log(gate / (1 - gate)), lengths[-1])
    assert lengths == [task["steps"] for task in LENGTHS]


def plot_of_weights(panels, at):
    a, gates = gates_from_weights(at)
    squashes, where = {"σ": FUNCTIONS["σ"], "tanh": np.tanh}, []
    for panel in panels:
        name, low, high = re.fullmatch(rf"(σ|tanh) squashes to {N} … {N}", panel.title).groups()
        squash = squashes.pop(name)
        assert [reads(low), reads(high)] == pytest.approx([squash(-50.0), squash(50.0)])
        assert panel.x == "pre-activation a"
        x = panel.line("neutral").x
        panel.has("neutral", x, squash(x))
        for gate in (dot.color for dot in panel.dots):
            panel.has_dot(gate, np.clip(a[gate], -6, 6), squash(a[gate]))
            assert gates[gate] == pytest.approx(squash(a[gate]))
            where.append(gate)
        for note in panel.notes:
            before, words, after = re.fullmatch("(← )?(.*?)( →)?", note.words).groups()
            letter, is_, shown = words.partition(" = ")
            assert letter == note.color and (not is_ or rounds(shown, gates[letter]))
            assert (bool(before), bool(after)) == (a[letter] < -6, a[letter] > 6)
            away = abs(note.x - np.clip(a[letter], -6, 6))
            assert away < 0.6 + 1.2 * (len(panel.dots) - 1) and abs(note.y - gates[letter]) < 0.2
    assert squashes == {} and sorted(where) == sorted(gates)


def plot_of_roads(panels, at):
    (panel,) = panels
    (found,) = roads(((at["f"], at["w"], 100),)).values()
    direct, whole = found["every"]
    names = {"^whole": whole, "^additive road": direct}
    assert_named(panels, names, range(101))
    assert (
        panel.title.startswith("size of the gradient") and panel.x == "gap in steps" and panel.log
    )
    panel.has_rule("neutral", at["T"])


def plot_of_schedule(panels, at):
    trace = scheduled(at)
    by_title = {panel.title: panel for panel in panels}
    lanes, states = (
        by_title[title]
        for title in ("what arrives, and the gates", "what the unit holds and shows")
    )
    assert lanes.x == states.x == "step t"
    assert sorted(lanes.lanes) == sorted(lstm.Gates._fields)
    for gate, (color, values) in lanes.lanes.items():
        assert color == gate
        np.testing.assert_allclose(values, getattr(trace.gates, gate)[:, 0, 0], atol=lanes.near[1])
    (bit,) = [note for note in lanes.notes if note.words == "bit"]
    assert bit.x == pytest.approx(TASK["bit_at"], abs=0.01) and abs(bit.y - 1) < 0.1
    c, h = (getattr(trace.states, state)[:, 0, 0] for state in "ch")
    colors = assert_named(
        [states], {r"^(cell state )?c\b": c, r"^(hidden state )?h\b": h}, range(41)
    )
    assert list(colors.values()) == ["c", "h"]
    t = int(at["o opens at step"])
    for color, reached in [("c", c[t]), ("h", h[t])]:
        if abs(reached) < 2:
            states.has_dot(color, t, reached)
    for gate in "io":
        states.has_rule(gate, at[f"{gate} opens at step"])


PLOT = {
    "fading_memory": plot_of_fading,
    "half_life": plot_of_half_life,
    "weights_to_gates": plot_of_weights,
    "orbit": plot_of_orbit,
    "gradient_highway": plot_of_roads,
    "write_keep_read": plot_of_schedule,
}


def rows_of(cell):
    """The gates in the order of the matrix's rows: which of them each block moves."""
    if cell is rnn:
        return [""]
    params = cell.init_params(np.random.default_rng(0), 1, 1)
    state, order = cell.zero_state(params, 1), []
    free = cell.step(params, column(1), state)[0]
    for k in range(len(params.W)):
        W = params.W.copy()
        W[k, 0] += 1
        moved = cell.step(cell.Params(W, params.b), column(1), state)[0]
        order += [
            name for name in cell.Gates._fields if getattr(moved, name) != getattr(free, name)
        ][:1]
    return order


def assert_blocks(blocks, at):
    """Under each cell's name its blocks in the order of `lib`, D and H wide and H high, and what is carried."""
    D, H = int(at["D"]), int(at["H"])
    begins = [x for _, x in blocks.titles]
    assert [words.split(":")[0] for words, _ in blocks.titles] == list(CELLS)
    for (words, begin), end in zip(blocks.titles, [*begins[1:], np.inf], strict=True):
        name, is_, count = words.partition(": ")
        if is_:
            number, unit = re.fullmatch(f"{N} (parameters)", count).groups()
            assert reads(number) == costs(name, D, H)[unit]
        pale, dark, carried = (
            sorted(
                (block for block in part if begin - 1e-6 <= block.left < end - 1e-6),
                key=lambda block: block[:2],
            )
            for part in (blocks.pale, blocks.dark, blocks.carried)
        )
        cell, _ = CELLS[name]
        assert [block.color for block in carried] == list(cell.State._fields)
        for gate, one, other in zip(rows_of(cell), pale, dark, strict=True):
            assert one.color == other.color == (gate or "h")
            assert (one.width / one.height, other.width / other.height) == pytest.approx((D / H, 1))
            letters = [
                letter
                for letter, x, y in blocks.letters
                if one.left < x < other.left + other.width and one.top < y < one.top + one.height
            ]
            assert letters == [gate] * bool(gate)


def assert_aside(text, blocks, at):
    """To scale: how high, how wide, what is pale, and where the state is."""
    high, pale, shade, wide, side = re.fullmatch(
        r"To scale: a block is (\w) high, (\w) \((pale|dark)\) \+ (\w) wide; at its (right|left), the state\.",
        text,
    ).groups()
    first, dark, state = (
        {"pale": blocks.pale, "dark": blocks.dark}[shade][0],
        blocks.dark[0],
        blocks.carried[0],
    )
    scale = dark.height / at[high]
    assert [first.width, dark.width] == pytest.approx([scale * at[pale], scale * at[wide]])
    assert (state.left > dark.left) == (side == "right") and state.height == pytest.approx(
        dark.height
    )


def assert_bars(every, spelled, at, lab):
    p, word, _ = cut(lab, at)
    assert spelled == word
    for t, (bars, letter, wanted) in enumerate(zip(every, "hell", "ello", strict=True)):
        assert bars.title == f"t = {t + 1}: after {letter}"
        assert bars.dark == [wanted] and "".join(bars.shares) == tasks.HELLO
        assert list(bars.shares.values()) == pytest.approx(list(p[t]), abs=1e-6)
        assert all(
            rounds(shown, share) for shown, share in zip(bars.told.values(), p[t], strict=False)
        )


# The live view.

WIRED = [name for name in NAMES if LABS[name][0] in ("lstm_step", "gru_step")]
WALKED = [name for name in NAMES if LABS[name][0] == "step_back"]
PLOTTED = [name for name in NAMES if name not in WIRED + WALKED]
LANES = (-1.1, 5.2)  # where an axis without ticks begins and ends


def drawn_ones(visited, name):
    """The start, some settings, and the presets."""
    found = [setting for setting in visited.all(name) if setting.seen["drawings"]]
    assert len(found) == DRAWN + len(visited.pressed(name))
    return found


def wirings_of(setting):
    drawings = setting.seen["drawings"]
    captions = setting.seen["beside"] or [""]
    return [wiring_of_page(parts, title) for parts, title in zip(drawings, captions, strict=True)]


def panels_of(setting):
    return [panel_of_page(parts, LANES) for parts in setting.seen["drawings"]]


@pytest.mark.parametrize("name", WIRED)
def test_a_wiring_worked_through_gives_what_it_says(visited, name):
    for setting in drawn_ones(visited, name):
        assert_wirings(kind_of(name), wirings_of(setting), setting.at)


# Walked back: a way from the loss to c_1, read by places alone.

# Which gradient stands at each wire: by the joint or gate that the wire leaves, and the one that it enters.
GRADIENTS = {
    ("×", "L"): "δh_2",
    ("o_2", "×"): "δo_2",
    ("+", "tanh"): "δc_2",
    ("f_2", "×"): "δf_2",
    ("i_2", "×"): "δi_2",
    ("g_2", "×"): "δg_2",
    **{("", f"{gate}_2"): f"δa_{gate}" for gate in "ifog"},
    ("×", ""): "δh_1",
    ("•", "×"): "by c",
    ("•", "tanh"): "by h",
    ("", "•"): "δc_1",
}


def assert_walked(walked, at, stage):
    """A gradient stands on its wire, or just below it, and is `lib`'s, up to this stage. Returns the lit ones."""
    env, found = step_back_of(at), {}
    for spot, words, lit in walked.gradients:
        away = [min(np.hypot(*(along(wire) - spot).T)) for wire in walked.wires]
        wire = walked.wires[int(np.argmin(away))]
        assert min(away) < 25
        leaves, enters = (
            next((w for m, h, w in walked.boxes if on(Box(m, h), end)), "")
            for end in (wire[0], wire[-1])
        )
        name = GRADIENTS[leaves, enters]
        assert rounds(words, env[name]) and name not in found, (name, words)
        found[name] = lit
    rules = [["δa_i", "δa_f", "δa_o", "δa_g"] if rule[0] == "δa_i" else rule for rule in RULES[1:]]
    assert set(found) == {name for rule in rules[:stage] for name in rule}
    return {name for name, lit in found.items() if lit}


def assert_forward(walked, at):
    """What is written upright, with a name or at the joint that it comes out of."""
    env = step_back_of(at)
    named = dict(words.split(" = ") for _, words in walked.numbers if " = " in words)
    for name, number in named.items():
        assert rounds(number, env[name.replace("{", "").replace("}", "")]), name
    assert {name.replace("{", "").replace("}", "") for name in named} == {
        "c_1",
        "c_2",
        "h_1",
        "h_2",
        "y",
        "w",
    }
    bare = sorted(words for _, words in walked.numbers if " = " not in words)
    f, i, g, c = (env[name] for name in ("f_2", "i_2", "g_2", "c_1"))
    for carried in (f * c, i * g, np.tanh(c), np.tanh(env["c_2"])):
        first, *_ = [words for words in bare if rounds(words, carried)]
        bare.remove(first)
    assert bare == []


@pytest.mark.parametrize("name", WALKED)
def test_a_way_back_has_every_gradient_on_its_wire(visited, name):
    stages = set()
    for setting in drawn_ones(visited, name):
        stage, walked = (
            int(setting.at["wires walked back"]),
            walked_of_page(setting.seen["drawings"][0]),
        )
        assert assert_walked(walked, setting.at, stage) == set(RULES[stage] if stage else [])
        assert_forward(walked, setting.at)
        stages.add(stage)
    assert len(stages) > 3


# Lit by the slider that has the focus. What is seen of each wire, box and letter, by its place.
PAINTED = """
(view) => {
  const all = (where, places, looks) => [...view.querySelectorAll(where)].map((node) => [
    places.map((name) => node.getAttribute(name)).join(' '),
    ((style) => looks.map((name) => style[name]))(getComputedStyle(node))]);
  return {
    wires: all('.live-wiring path[fill="none"]:not(.live-core)', ['d'], ['stroke', 'strokeDasharray', 'strokeWidth']),
    boxes: all('.live-wiring :is(.live-joint, rect[fill="none"])', ['x', 'y', 'width', 'height'], ['stroke',
      'strokeDasharray', 'strokeWidth']),
    letters: all('.live-wiring text', ['x', 'y'], ['fill', 'opacity']),
  };
}
"""


def painted(view):
    return {kind: dict(map(tuple, parts)) for kind, parts in view.evaluate(PAINTED).items()}


def lit_parts(before, now, dim):
    """{kind: the places that look as before}; all others are grey, and what is a line is thin and dashed."""
    lit = {}
    for kind, parts in now.items():
        assert parts.keys() == before[kind].keys()
        seen = before[kind]
        lit[kind] = {
            place for place, look in parts.items() if look == seen[place] and look[0] != dim
        }
        for place, look in parts.items():
            dashed = ["3px, 3px", "1.5px"] if kind != "letters" else ["1"]
            assert place in lit[kind] or look == [dim, *dashed], (place, look)
    return lit


def assert_lit(wiring, letter, lit):
    """By places: the wires and boxes that the drawing says this gate governs, and what is written at them."""
    wires, boxes = governed(wiring, letter)
    assert {tuple(ends_of(d)) for d in lit["wires"]} == wires
    places = [
        dict(zip(("x", "y", "width", "height"), at.split(), strict=True)) for at in lit["boxes"]
    ]
    assert {middle(place)[0] for place in places} == boxes
    texts = [tuple(map(float, at.split())) for at in lit["letters"]]
    for box in [*wiring.joints, *wiring.gates]:
        inside = [at for at in texts if on(box, at)]
        assert len(inside) == (0 if box.at not in boxes else 2 if box in wiring.gates else 1), box
        below = [at for at in texts if at[0] == box.at[0] and 22 < at[1] - box.at[1] < 45]
        assert box not in wiring.gates or len(below) == (box.at in boxes)
        texts = [at for at in texts if at not in inside + below]
    found = labels_at(wiring)
    said = [
        label
        for label in wiring.labels
        if any(
            label in of and tuple(w.points) in wires
            for w, of in zip(wiring.wires, found, strict=True)
        )
    ]
    assert len(texts) == len(said)
    for label in said:
        left, top, right, bottom = label.box
        assert any(left - 1 <= x <= right + 1 and top <= y <= bottom for x, y in texts), label


@pytest.mark.parametrize("name", [name for name in WIRED if kind_of(name) == "lstm_step"])
def test_the_part_of_a_wiring_is_lit_whose_slider_has_the_focus(visited, name):
    view = visited.page.locator(".live-view").nth(NAMES.index(name))
    (wiring,), before = wirings_of(visited.look(name)[0]), painted(view)
    dim = view.locator(".live-explorer").evaluate(
        "(node) => { const n = document.createElement('i'); n.style.color = 'var(--live-neutral)';"
        " node.append(n); const color = getComputedStyle(n).color; n.remove(); return color; }"
    )
    looks = []
    for text, _ in visited.frames[name]["labels"]:
        slider = view.get_by_role("slider").nth(len(looks))
        slider.focus()
        looks.append(painted(view))
        assert_lit(wiring, text[0], lit_parts(before, looks[-1], dim))
        slider.blur()
        assert painted(view) == before
    assert len(looks) == 5
    for place in (view.get_by_label("Your answer"), view.get_by_role("button").first):
        place.focus()
        assert painted(view) == before
        place.blur()


@pytest.mark.parametrize("name", PLOTTED)
def test_a_plot_shows_what_its_words_say(visited, name):
    kind, lab = kind_of(name), labs()[name]
    for setting in drawn_ones(visited, name):
        drawings, at, spoken = (setting.seen["drawings"], setting.at, setting.seen["spoken"])
        if kind == "budget":
            assert_blocks(blocks_of_page(drawings[0]), at)
            assert_aside(*setting.seen["beside"], blocks_of_page(drawings[0]), at)
        elif kind == "hello_lesions":
            (spelled,) = setting.seen["beside"]
            assert_bars(map(bars_of_page, drawings), spelled.removeprefix("it spells "), at, lab)
            assert spoken == [
                f"Share of each letter at step {t}, after {'hell'[t - 1]}" for t in range(1, 5)
            ]
        else:
            panels = panels_of(setting)
            PLOT[kind](panels, at)
            for words, panel in zip(spoken, panels, strict=True):
                scale = re.search("(?i)logarithmic|linear", words)
                assert not scale or (scale[0] == "logarithmic") == panel.log


# What is spoken of a figure as a whole, to those who do not see it.

GATE_OF = {words: gate for gate, words in GATES.items()}
COUNTS = {"three": 3, "four": 4, "Forty": 40, "sixty": 60}


def spoken_of_lstm(text, seen, lab):
    passes, enters, shows = re.search(
        r"the old cell state passes the (\w+) gate, the candidate passes the (\w+) gate and is added, and the (\w+) "
        "gate shows tanh of the new cell state as the hidden state",
        text,
    ).groups()
    at = {"f": 0.5, "i": 0.5, "o": 0.5, "g": 0.5, "c_t−1": 0.7}
    for gate, symbol in [(passes, "c_before"), (enters, "g")]:
        assert moves(of_lstm, at, "c_t", **{symbol: (-1, 1)}) > 0.1
        assert moves(of_lstm, at | {GATE_OF[gate]: 0.0}, "c_t", **{symbol: (-1, 1)}) == 0
    shut = of_lstm(at | {GATE_OF[shows]: 0.0})
    assert shut["h_t"] == 0 and shut["c_t"] == of_lstm(at)["c_t"]


def spoken_of_gru(text, seen, lab):
    writes, keeps, sees, f, i = re.fullmatch(
        r"Wiring of one GRU step: both gates read the input and the old state; (\S.*?) writes the candidate and (.*) "
        r"keeps the old state; (\w) decides how much of the old state the candidate sees\. Beside it an LSTM step with "
        r"coupled gates, given the same candidate: f = (.*) and i = (.*)\.",
        text,
    ).groups()
    assert_sources_of_gru(wiring_of_page(seen["drawings"][0]))
    at = {"z": 0.3, "r": 0.6, "h_t−1": 0.8, "p": -1.0, "w": 1.0}
    env = of_gru(at)
    writes, keeps, f, i = (value(parse(side), env) for side in (writes, keeps, f, i))
    assert same(env["h_t"], writes * env["n"] + keeps * at["h_t−1"])
    assert moves(of_gru, at | {sees: 0.0}, "n", h_before=(-1, 1)) == 0
    assert same(lstm_once(f, i, 1.0, env["n"], at["h_t−1"])["c_t"], env["h_t"])
    beside = re.fullmatch(
        "An LSTM step given the same candidate, its forget and input gate coupled: f = (.*), i = (.*)",
        seen["spoken"][1],
    ).groups()
    assert [value(parse(side), env) for side in beside] == [f, i]


def spoken_of_half_life(text, seen, lab):
    sides = re.search(
        "(?i)(left|right), a memory that fades by the forget gate at every step, .* (left|right), the half-life "
        "against the forget bias, logarithmic",
        text,
    ).groups()
    titles = [panel_of_page(parts).title for parts in seen["drawings"]]
    places = [["left", "right"].index(side.lower()) for side in sides]
    assert [titles[place] for place in places] == [
        "what is left of the memory, c",
        "half-life in steps",
    ]


def spoken_of_fading(text, seen, lab):
    scales = re.search("once on a (\\w+) and once on a (\\w+) axis", text).groups()
    assert [panel_of_page(parts).log for parts in seen["drawings"]] == [
        scale == "logarithmic" for scale in scales
    ]
    assert sorted(scales) == ["linear", "logarithmic"]


def spoken_of_orbit(text, seen, lab):
    count, of, against, first, last, other = re.search(
        r"Left, (\w+) steps of an RNN of two units, unit (\d) against unit (\d), the (\w+) and the (\w+) state marked; "
        "right, what is left of the gradient by the (\\w+) state, logarithmic, and dashed what it would be at rest",
        text,
    ).groups()
    plane, time = (panel_of_page(parts) for parts in seen["drawings"])
    assert COUNTS.get(count) == len(ORBIT["x"])
    assert plane.title.endswith(f"unit {of} against unit {against}") and plane.x.endswith(against)
    assert (first, last, other) == ("first", "last", "first")
    assert [POINTS[note.words] for note in plane.notes] == [0, len(ORBIT["x"])]
    assert time.log and "at rest (dashed)" in [words for words, _ in time.names]


def spoken_of_roads(text, seen, lab):
    (panel,) = [panel_of_page(parts) for parts in seen["drawings"]]
    listed = re.search(
        r"against the gap, logarithmic: along an (LSTM's .*), and (.*)\.", text
    ).groups()
    wanted = {"additive road (dashed)": "cell state alone", "whole": "by every path"}
    assert {name for name, _ in panel.names} == set(wanted) and panel.log
    for words in wanted.values():
        assert sum(words in part for part in listed) == 1


def spoken_of_weights(text, seen, lab):
    one, gates, other, rest = re.search(
        "The (.*) with the (.*) gate as points on it, and the (.*) with the (\\w+), each at its pre-activation",
        text,
    ).groups()
    functions = {"sigmoid": "σ", "hyperbolic tangent": "tanh"}
    dots = {}
    for parts in seen["drawings"]:
        panel = panel_of_page(parts)
        dots[panel.title.split()[0]] = {dot.color for dot in panel.dots}
    assert dots[functions[one]] == {GATE_OF[word] for word in re.split(", | and ", gates)}
    assert {GATES[letter] for letter in dots[functions[other]]} == {rest}


def spoken_of_schedule(text, seen, lab):
    count, gates = re.search(
        "(\\w+) steps of one LSTM unit: what arrives, a bit among distractors, and the (\\w+) gates",
        text,
    ).groups()
    assert COUNTS.get(count) == len(TASK["g"])
    lanes = panel_of_page(seen["drawings"][0], LANES).lanes
    assert COUNTS.get(gates) == len(set(lanes) - {"g"})


def spoken_of_budget(text, seen, lab):
    cells, *counts = re.search(
        r"The weight matrices of (.*) to scale, one block for each gate and candidate, (\d), (\d) and (\d) of them, "
        "and at their right the state, one column, or two for the LSTM",
        text,
    ).groups()
    for name, count in zip(re.split(", | and ", cells), counts, strict=True):
        params = CELLS[name][0].init_params(np.random.default_rng(0), 2, 3)
        assert int(count) == len(params.W) // 3
    assert [len(cell.State._fields) for cell, _ in CELLS.values()] == [1, 1, 2]


def spoken_of_lesion(text, seen, lab):
    letters, bars = re.search(
        "after each letter of (.*), (\\w+) bars a step, while one of its gates is held", text
    ).groups()
    assert letters.split(", ") == list("hell")
    assert COUNTS.get(bars) == len(bars_of_page(seen["drawings"][0]).shares)


def spoken_of_step_back(text, seen, lab):
    by_c, count, by_h, step = re.search(
        r"in a box, its gradient, from the loss back to the old cell state\. Two roads lead there: by c, through the "
        r"(\w+) gate, and by h, through the (\w+) gates and the (\w+) gate of the (\w+) step\.",
        text,
    ).groups()
    at = {"f_2": 0.5, "i_2": 0.5, "o_2": 0.5, "g_2": 0.5, "o_1": 0.5, "w": 1.0}
    first = f"{GATE_OF[by_h]}_{dict(first=1, second=2)[step]}"
    shut = step_back_of(at | {f"{GATE_OF[by_c]}_2": 0.0})
    assert same(shut["by c"], 0) and not same(shut["δc_2"], 0)  # and not before it
    assert same(step_back_of(at | {first: 0.0})["by h"], 0) and COUNTS[count] == len(
        lstm.Gates._fields
    )
    assert min(abs(step_back_of(at)[road]) for road in ("by c", "by h")) > 1e-3


SPOKEN = {
    "step_back": spoken_of_step_back,
    "lstm_step": spoken_of_lstm,
    "gru_step": spoken_of_gru,
    "half_life": spoken_of_half_life,
    "fading_memory": spoken_of_fading,
    "orbit": spoken_of_orbit,
    "gradient_highway": spoken_of_roads,
    "weights_to_gates": spoken_of_weights,
    "write_keep_read": spoken_of_schedule,
    "budget": spoken_of_budget,
    "hello_lesions": spoken_of_lesion,
}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_spoken_of_a_figure_is_so(visited, name):
    SPOKEN[kind_of(name)](labs()[name].alt, visited.look(name)[0].seen, labs()[name])


# The still picture: what a reader without JavaScript sees of the start, on wide paper and on narrow.


@pytest.mark.parametrize(
    "name, narrow", [*product(NAMES, [False]), *product(NAMES_OF_THE_BOOK, [True])]
)
def test_the_still_picture_says_what_the_live_view_says_at_its_start(visited, name, narrow):
    import matplotlib.pyplot as plt

    lab, start, kind = labs()[name], visited.look(name)[0], kind_of(name)
    data = {"data": lab.data} if lab.data else {}
    figure = drawn(partial(static.DRAW[kind], **lab.values, **data), narrow)
    try:
        if name in WIRED:
            wirings = [wiring_of_figure(ax) for ax in figure.axes]
            assert_wirings(kind, wirings, start.at)
            for one, other in zip(wirings, wirings_of(start), strict=True):
                assert_same_words(one, other)
        elif kind == "step_back":  # whole, wherever the walk stands
            walked = walked_of_figure(figure.axes[0])
            assert_walked(walked, start.at, len(RULES) - 1)
            assert_forward(walked, start.at)
        elif kind == "budget":
            still, live = (
                blocks_of_figure(figure.axes[0]),
                blocks_of_page(start.seen["drawings"][0]),
            )
            assert_blocks(still, start.at)
            assert [word for word, *_ in still.letters] == [word for word, *_ in live.letters]
        elif kind == "hello_lesions":
            letters = [label.get_text() for label in figure.axes[0].get_yticklabels()]
            spelled = figure.get_suptitle().removeprefix("it spells: ")
            assert_bars([bars_of_figure(ax, letters) for ax in figure.axes], spelled, start.at, lab)
        else:
            still, live = [panel_of_figure(ax) for ax in figure.axes], panels_of(start)
            PLOT[kind](still, start.at)
            for one, other in zip(still, live, strict=True):
                assert one.x == other.x and other.title.startswith(one.title)
    finally:
        plt.close(figure)


def assert_same_words(still, live):
    """Letters, numbers and words of wires, gates and joints."""
    for of in (
        lambda wiring: sorted((label.letters, label.number) for label in wiring.labels),
        lambda wiring: sorted(gate[:1] + gate[2:] for gate in wiring.gates),
        lambda wiring: sorted((joint.at, joint.word) for joint in wiring.joints),
        lambda wiring: (wiring.title, wiring.note),
    ):
        assert of(still) == of(live)
