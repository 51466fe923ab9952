"""What an explorer says is so: labels, letters, sentences, questions, answers and presets are read and judged.

test_live_shown.py holds the numbers to `lib`; here the words are. The value of a slider is known by its label alone,
and goes to `lib` under that name: a label at another slider, a letter in another's place, a gate called by another's
name give other numbers than are shown. What a sentence means is asked of `lib` by moving what it speaks of ("forgets
what it held": another old state, and nothing changes), never read off the code that wrote it. Every explorer of the
book is asked from where it starts there, and one of every kind from elsewhere. Drawings: test_live_drawings.py.
"""

import ast
import json
import re
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from by_lib import (
    ALL,
    BY_HAND,
    CELLS,
    ORBIT,
    TASK,
    after_pulse,
    at_step,
    column,
    costs,
    cut,
    forget_gate,
    gates_from_weights,
    gru_once,
    kept,
    left_of_gradient,
    lesion,
    moves,
    of_gru,
    of_lstm,
    orbit_of,
    owed_to_first,
    roads,
    same,
    scheduled,
    step_back_of,
    two_units,
)
from explored import NAMES, PLAIN, kind_of, labs, symbol_of
from explorers import OF_THE_BOOK, hello_model, made
from test_live_shown import lstm_units
from words import (
    GATES,
    Clause,
    N,
    Op,
    P,
    Sym,
    assert_equation,
    assert_said,
    assert_sides,
    ink,
    number,
    only,
    parse,
    reads,
    rounds,
    share,
    stands_for,
    value,
)

from lib import gru, lstm, rnn, tasks

ROOT = Path(__file__).parents[1]

# Labels.

MEANS = {  # one name for one thing, in the whole book
    "f": {"forget gate"},
    "i": {"input gate"},
    "o": {"output gate"},
    "g": {"candidate"},
    "c_t−1": {"old cell state"},
    "z": {"update gate"},
    "r": {"reset gate"},
    "h_t−1": {"old state", "state"},
    "p": {"the input's share"},
    "w": {"recurrent weight", "recurrent weights, times"},
    **{
        f"{gate}_2": {words}
        for gate, words in [("f", "forget gate"), ("i", "input gate"), ("o", "output gate")]
    },
    "g_2": {"candidate"},
    "o_1": {"output gate"},
    "ρ": {"radius"},
    "θ": {"angle (degrees)"},
    "s": {"strength of the input"},
    "b_f": {"forget bias", ""},
    "x_t": {"input"},
    "x_0": {"pulse"},
    "t": {"gap (steps)"},
    "T": {"gap (steps)"},
    "D": {"inputs"},
    "H": {"units"},
    **{f"w_{gate}{by}": {""} for gate in "ifog" for by in "xh"},
    **{f"b_{gate}": {""} for gate in "iog"},
}


def colors_of(setting):
    return {symbol_of(text)[0]: color for text, color in setting.labels}


@pytest.mark.parametrize("name", NAMES)
def test_a_label_names_what_its_slider_moves(visited, name):
    """By the book's name for it and in its color; each slider moved alone, the equation is `lib`'s with that name."""
    every = visited.all(name)
    for text, color in every[0].labels:
        symbol, words = symbol_of(text)
        if symbol in PLAIN:
            assert color == (ink(symbol) if " " in symbol[:2] else "x"), text
        else:
            assert words in MEANS[symbol], text
            assert color == (symbol[2] if symbol[:2] in ("w_", "b_") else ink(symbol)), text
    for setting in every[: 1 + 4 * len(every[0].labels)]:
        EQUATION[kind_of(name)](setting, setting.seen["equation"])


# Equations, letter by letter.


def equation_of_lstm(setting, lines):
    env = of_lstm(setting.at)
    told = [assert_equation(line, env, inks=colors_of(setting)) for line in lines]
    assert [left for left, _ in told] == ["c_t", "h_t"]


def equation_of_gru(setting, lines):
    env = of_gru(setting.at)  # in which the gates are held
    lines = [*lines[:-1], lines[-1].removeprefix("gates held: ")]
    told = [assert_equation(line, env, inks=colors_of(setting)) for line in lines]
    assert [left for left, _ in told] == ["n", "h_t", "∂h_t/∂h_t−1"]


RULES = [  # what each wire back is told of, from the loss itself to the fork
    ["L"],
    ["δh_2"],
    ["δo_2"],
    ["δc_2"],
    ["δf_2"],
    ["δi_2"],
    ["δg_2"],
    ["δa_i", "δa_f", "δa_o", "δa_g"],
    ["δh_1"],
    ["by c", "by h"],
    ["δc_1"],
]


def equation_of_step_back(setting, lines):
    env, told = step_back_of(setting.at), []
    for line in lines:
        if road := re.match("by [ch]", line):
            told.append(road[0])
            assert_sides(
                line[len("by c:") :],
                env[told[-1]],
                env,
                inks={"": {"by c": "f", "by h": "h"}[road[0]]},
            )
        else:
            told.append(assert_equation(line, env)[0])
    assert told == RULES[int(setting.at["wires walked back"])]


def equation_of_half_life(setting, lines):
    f = forget_gate(setting.at["b_f"])
    left, _ = assert_equation(lines[0], {"f": f, "b_f": setting.at["b_f"]})
    assert left == "f"
    law, ratio, half = re.fullmatch(
        r"(.*), half is left at t = (.*) = (.*) steps", lines[1]
    ).groups()
    for t in (1, 6):
        assert_equation(law, {"f": f, "t": t, "c_0": 0.7, "c_t": 0.7 * kept(f, t)})
    letters = parse("ln ½ / ln f")
    t = value(letters, {"f": f})
    assert f**t == pytest.approx(0.5)
    stands_for(letters, parse(ratio), {"f": f}, {})
    assert parse(half).holds(t)


def equation_of_fading(setting, lines):
    at = setting.at
    h, slope = after_pulse(at["w"], at["x_0"], int(at["t"]))
    first, t = re.fullmatch(r"(.*) at t = (\d+)", lines[0]).groups()
    assert int(t) == at["t"]
    left, _ = assert_equation(
        first, {"w": at["w"], "h_t": h[-1], "h_t−1": h[-2]}, inks=colors_of(setting)
    )
    assert left == "h_t"
    left, _ = assert_equation(lines[1], {"w": at["w"], "h_k": h[1:], "∂h_t/∂h_0": slope})
    assert left == "∂h_t/∂h_0"


def equation_of_orbit(setting, lines):
    at, h, T = setting.at, orbit_of(setting.at), len(ORBIT["x"])
    env = {**at, "W_h": two_units(at).W[:, 1:], f"x_{T}": ORBIT["x"][-1]}
    env |= {f"h_{t}": h[t, :, None] for t in (T - 1, T)}
    assert [assert_equation(line, env)[0] for line in lines[:2]] == ["W_h", f"h_{T}"]
    left, _, sides = lines[2].partition("=")
    jacobian = {f"∂h_{T}/∂h_0": owed_to_first(at)}
    truth = value(parse(left), jacobian)
    assert truth == pytest.approx(left_of_gradient(at), abs=0)
    assert_sides(sides, truth, {**env, "h_k": h[1:, :, None]}, inks={"": "h"})
    power = re.fullmatch(r"at rest, ⟨h\|h⟩ = 0: (.*)", lines[3])[1]
    still = rnn.forward(two_units({**at, "s": 0.0}), np.zeros((T, 1, 1))).states.h
    slopes = (1 - still[1:] ** 2) * env["W_h"]  # nothing but W_h at every step
    assert_sides(power, np.linalg.norm(np.linalg.multi_dot(slopes), 2), at, inks={"": "x"})


def road(setting):
    return roads(setting.every)[tuple(setting.at[name] for name in "fwT")]


def equation_of_road(setting, lines):
    at, env = setting.at, {**setting.at, **road(setting)}
    rest, additive, whole = (
        re.fullmatch(begins + "(.*)", line)[1]
        for begins, line in zip(
            [r"at rest, ⟨h\|h⟩ = 0: ", "additive road: ", "whole: "], lines, strict=True
        )
    )
    assert_sides(rest, kept(at["f"], int(at["T"])), env, inks={"": "f"})
    assert_sides(additive, env["direct"], env, inks={"": "f"})
    left, _ = assert_equation(whole, {"∂c_T/∂c_0": env["whole"]})
    assert left == "∂c_T/∂c_0"


def equation_of_weights(setting, lines):
    at = setting.at
    header, *by_sigma, last = re.fullmatch(
        "a = (.*) in every row; σ turns it into (.*), (.*) and (.*), tanh into (.*)", lines[0]
    ).groups()
    letters, a_gate = parse(header), gates_from_weights(at)
    squash = {parse(gate): "σ" for gate in by_sigma} | {parse(last): "tanh"}
    assert {s.color for s in squash} == {s.name for s in squash} == set(lstm.Gates._fields)
    assert len(lines) == 5
    for gate, line in zip(lstm.Gates._fields, lines[1:], strict=True):
        left, sums, product, comes = (parse(side) for side in line.split("="))
        assert left == Sym(gate, gate)
        env = {**at, "w_x": at[f"w_{gate}x"], "w_h": at[f"w_{gate}h"], "b": at[f"b_{gate}"]}
        env |= {"a": a_gate[0][gate]}
        how = squash[left]
        assert value(letters, env) == pytest.approx(env["a"])
        assert value(Op(how, (letters,)), env) == pytest.approx(a_gate[1][gate])
        stands_for(Op(how, (letters,)), sums, env, {"w_x": gate, "w_h": gate, "b": gate})
        stands_for(Op(how, (Sym("a"),)), product, env, {"a": gate})
        assert comes.holds(a_gate[1][gate]) and comes.color == gate


def equation_of_schedule(setting, lines):
    at, trace = setting.at, scheduled(setting.at)
    write, first = re.fullmatch(r"write, t = (\d+): (.*)", lines[0]).groups()
    asked, second = re.fullmatch(r"read, t = (\d+): (.*)", lines[1]).groups()
    before = lines[3].removeprefix("a step before: ")
    assert before != lines[3]
    write, asked = int(write), int(asked)
    assert (write, asked) == (at["i opens at step"], at["o opens at step"])
    left, update = assert_equation(first, at_step(trace, write))
    assert left == "c_t"
    assert assert_equation(second, at_step(trace, asked), update)[0] == "c_t"
    left, shown = assert_equation(lines[2], at_step(trace, asked))
    assert left == "h_t"
    now, then = at_step(trace, asked), at_step(trace, asked - 1)
    truth, sides = before.split("=", 1)
    assert parse(truth) == Sym("h_t−1", "h")
    assert now["h_t−1"] == then["h_t"]
    assert_sides(sides, now["h_t−1"], then, shown, inks={"": "h"})


def equation_of_budget(setting, lines):
    D, H = (int(setting.at[name]) for name in "DH")
    blocks, of, numbers, total = re.fullmatch(
        r"(.*) blocks of (.*) = (.*) = (.*) parameters", lines[0]
    ).groups()
    letters = parse(of)
    assert parse(blocks) == Sym("k")
    head, *rows = lines[1]
    assert head[0] == ""
    for place, words in enumerate(head[1:], 1):
        cell, k = re.fullmatch(r"(\w+), ⟨\|k⟩ = (\d)", words).groups()
        assert cell == list(CELLS)[place - 1]
        assert int(k) * value(letters, {"D": D, "H": H}) == costs(cell, D, H)["parameters"]
        for row in rows:
            assert parse(row[place]).value == costs(cell, D, H)[row[0]]
    assert sorted(row[0] for row in rows) == sorted(costs("RNN", D, H))
    stands_for(letters, parse(numbers), {"D": D, "H": H}, {})
    assert parse(total).value == value(letters, {"D": D, "H": H})


def equation_of_lesion(setting, lines):
    gate, held = lesion(setting.at)
    p, _, loss = cut(setting.lab, setting.at)
    if gate is None:
        assert lines[0] == "no gate held"
    else:
        said, where = re.fullmatch(r"held: (.*?⟧) (.*)", lines[0]).groups()
        left, _ = assert_equation(said, {gate: held})
        assert left == gate
        assert_where(where, setting.at)
    left, sums, comes = lines[1].split("=")
    assert left.strip() == "loss"
    shares = [p[t, tasks.HELLO.index(letter)] for t, letter in enumerate("ello")]
    names = [Sym(f"p_{t}") for t in range(4)]
    letters = Op("neg", (parse("¼ (ln p_{0} + ln p_{1} + ln p_{2} + ln p_{3})"),))
    env = dict(zip([name.name for name in names], shares, strict=True))
    assert value(letters, env) == pytest.approx(loss)
    stands_for(letters, parse(sums), env, {name: "h" for name in env})
    assert parse(comes).holds(loss)


def assert_where(words, at):
    unit, step = re.fullmatch("in (every unit|unit \\d+), at (every step|step \\d)", words).groups()
    for words, which in [(unit, at["unit, 0: all"]), (step, at["step t, 0: all"])]:
        assert words.startswith("every") if which == 0 else int(words.split()[1]) == which


EQUATION = {
    "lstm_step": equation_of_lstm,
    "gru_step": equation_of_gru,
    "step_back": equation_of_step_back,
    "half_life": equation_of_half_life,
    "fading_memory": equation_of_fading,
    "orbit": equation_of_orbit,
    "gradient_highway": equation_of_road,
    "weights_to_gates": equation_of_weights,
    "write_keep_read": equation_of_schedule,
    "budget": equation_of_budget,
    "hello_lesions": equation_of_lesion,
}


@pytest.mark.parametrize("name", NAMES)
def test_an_equation_read_letter_by_letter_gives_libs_numbers(visited, name):
    for setting in visited.all(name):
        EQUATION[kind_of(name)](setting, setting.seen["equation"])


# Sentences.


def steps(wanted):
    """3 steps, 1 step."""
    return Clause(r"(\d+) step(s?)\b", lambda n, s: int(n) == wanted and bool(s) == (wanted != 1))


def sentence_of_lstm(setting, text):
    at = setting.at
    of = partial(of_lstm, at)
    stays = of(**{"c_t−1": 1.0})["c_t"] - of(**{"c_t−1": 0.0})["c_t"]
    enters = of(g=1.0)["c_t"] - of(g=0.0)["c_t"]
    shows = of(**{"f": 1.0, "i": 0.0, "c_t−1": 1.0})["h_t"] / np.tanh(1.0)
    nothing = of()["c_t"] == of(g=0.0)["c_t"]
    return assert_said(
        text,
        "The cell ",
        [
            only("forgets what it held", stays == 0),
            only("keeps all it held", same(stays, 1)),
            Clause(f"keeps {P} of what it held", lambda p: share(p, stays)),
        ],
        ", ",
        [
            only("lets nothing in", nothing),
            Clause(
                f"lets in {P} of the candidate {N}",
                lambda p, n: share(p, enters) and rounds(n, at["g"]) and not nothing,
            ),
        ],
        ", and ",
        [
            only("shows nothing", shows == 0),
            only("shows all of tanh c", same(shows, 1)),
            Clause(f"shows {P} of tanh c", lambda p: share(p, shows)),
        ],
        r"\.",
    )


def sentence_of_gru(setting, text):
    at = setting.at
    n = of_gru(at)["n"]
    stays = of_gru(at, **{"n": 0.0, "h_t−1": 1.0})["h_t"]
    enters = of_gru(at, **{"n": 1.0, "h_t−1": 0.0})["h_t"]
    unseen = of_gru(at, **{"h_t−1": 1.0})["n"] == of_gru(at, **{"h_t−1": -1.0})["n"]
    sees = np.arctanh(of_gru(at, **{"p": 0.0, "w": 1.0, "h_t−1": 0.5})["n"]) / 0.5
    assert same(stays, of_gru(at, n=0.3)["∂h_t/∂h_t−1"]), (
        "what is kept is the slope by the additive road"
    )

    def part(before, truth, after):
        return [
            only(f"{before} nothing {after}", truth == 0),
            only(f"{before} all {after}", same(truth, 1)),
            Clause(f"{before} {P} {after}", lambda p: share(p, truth)),
        ]

    return assert_said(
        text,
        part("The additive road keeps", stays, "of the state; "),
        part("z writes", enters, "of the candidate "),
        [Clause(f"{N}, ", lambda c: rounds(c, n))],
        part("which sees", 0.0 if unseen else sees, r"of the old state\."),
    )


def sentence_of_step_back(setting, text):
    """A product hands a part what arrives times the other part; the numbers are those of what is named before them."""
    at, env = setting.at, step_back_of(setting.at)
    stage = int(at["wires walked back"])
    subscripts = str.maketrans("₀₁₂", "012")

    def of(part):
        return env[re.sub(r"(\w)(\d)", r"\1_\2", part.translate(subscripts))]

    def swaps(part, other, number):
        other = np.tanh(of(other[5:])) if other.startswith("tanh ") else of(other)
        arrives = "δh_2" if part == "o₂" else "δc_2"
        return same(of(f"δ{part}"), env[arrives] * other) and rounds(number, of(f"δ{part}"))

    swap = Clause(
        rf"A product swaps: (\w₂) receives what arrives times ((?:tanh )?\w₂), {N}\.", swaps
    )
    copies = Clause(
        rf"A sum copies, each of its parts receives {N}; a product swaps: (\w₂) receives that times (\w.), {N}\.",
        lambda n, *rest: rounds(n, env["δc_2"]) and swaps(*rest),
    )
    if stage == 10:
        return assert_said(text, "A fork adds: ", arrived(env), r"\.")
    said = {
        0: Clause(
            rf"The unit answers {N} where {N} is wanted\. No wire is walked back yet\.",
            lambda h, y: rounds(h, env["h_2"]) and rounds(y, env["y"]),
        ),
        1: Clause(
            rf"Half a square slopes by its base: h₂ receives its distance from y, {N}\.",
            lambda n: rounds(n, env["δh_2"]) and same(env["δh_2"] ** 2 / 2, env["L"]),
        ),
        3: Clause(
            rf"A product swaps, tanh slows: c₂ receives what arrives times o₂ and the slope {N}\.",
            lambda n: (
                rounds(n, slope(env["c_2"]))
                and same(env["δc_2"], env["δh_2"] * at["o_2"] * slope(env["c_2"]))
            ),
        ),
        7: Clause(
            r"A squash slows: what arrives is times the gate's slope, at most ¼ for σ and 1 for tanh\.",
            all(
                abs(env[f"δa_{k}"]) <= abs(env[f"δ{k}_2"]) * (1 if k == "g" else 0.25) + 1e-12
                for k in "ifog"
            ),
        ),
        8: Clause(
            rf"A fork adds: h₁ went into four gates and hears each by its weight, {N} in all(, for w is 0)?\.",
            lambda n, shut: rounds(n, env["δh_1"]) and bool(shut) == (at["w"] == 0),
        ),
        9: Clause(
            rf"Two roads lead to c₁: by c, past the forget gate alone, comes {N}; by h, past o₁, comes {N}\.",
            lambda c, h: rounds(c, env["by c"]) and rounds(h, env["by h"]),
        ),
        **dict.fromkeys((2, 6), swap),
        **dict.fromkeys((4, 5), copies),
    }[stage]
    parts = {2: "o₂", 4: "f₂", 5: "i₂", 6: "g₂"}
    assert parts.get(stage, "") in text
    return assert_said(text, [said])


def slope(c):
    return 1 - np.tanh(c) ** 2


def arrived(env):
    """The one thing that may be said of where c_1's gradient comes from."""
    by_c, by_h, whole = env["by c"], env["by h"], env["δc_1"]
    if abs(by_c) < 1e-12 or abs(by_h) < 1e-12:
        if max(abs(by_c), abs(by_h)) < 1e-12:
            return [Clause("both roads are shut, c₁ hears nothing")]
        road = "h" if abs(by_c) < 1e-12 else "c"
        words = rf"all of δc₁ = {N} comes by {road}, the other road is shut"
        return [Clause(words, lambda n: rounds(n, whole))]
    both = rf"{N} by c and {N} by h "
    if (by_c > 0) == (by_h > 0):
        words = rf"{both}make δc₁ = {N}, {P} of it by c"
        return [
            Clause(
                words,
                lambda c, h, n, p: (
                    rounds_all((c, h, n), (by_c, by_h, whole)) and share(p, by_c / whole)
                ),
            )
        ]
    words = rf"{both}partly cancel, leaving δc₁ = {N}"
    return [Clause(words, lambda *found: rounds_all(found, (by_c, by_h, whole)))]


def rounds_all(texts, values):
    return all(map(rounds, texts, values))


def sentence_of_half_life(setting, text):
    f = forget_gate(setting.at["b_f"])

    def half(n):
        t, last = number(n).value, number(n).last
        return f ** (t + 0.5 * last) <= 0.5 + 1e-9 and f ** (t - 0.5 * last) >= 0.5 - 1e-9

    return assert_said(
        text,
        *("The cell keeps ", [Clause(P, lambda p: share(p, f))], " a step; half is gone after "),
        *([Clause(N, half)], r" steps\."),
    )


def sentence_of_fading(setting, text):
    at = setting.at
    h, slope = after_pulse(at["w"], at["x_0"], int(at["t"]))
    left = h[-1] / h[0] if h[0] else 1
    return assert_said(
        text,
        "After ",
        [steps(at["t"])],
        " ",
        [
            Clause("hardly anything of the pulse is left", left < 0.05, left < 0.002),
            Clause(f"the state is still {N}", lambda n: rounds(n, h[-1]) and h[-1] <= h[0]),
            Clause(
                f"the state has grown to {N}",
                lambda n: rounds(n, h[-1]) and h[-1] > h[0],
                h[-1] > h[0],
            ),
        ],
        ", and a change at step 0 ",
        [
            Clause("arrives much enlarged: the gradient explodes", slope > 5, slope > 20),
            Clause("no longer moves it: the gradient has vanished", slope < 0.005, slope < 0.0005),
            Clause(
                f"arrives {N} times as large",
                lambda n: rounds(n, slope) and (float(n) != 0) == (slope != 0),
            ),
        ],
        r"\.",
    )


LONG = 4000  # steps after which it is seen where an orbit without an input goes


def ends_of(at):
    """Where it goes for ever if no input comes: {what is said of it: whether it is so}."""
    tail = orbit_of(at, LONG)[-400:]
    away = np.hypot(*(tail - orbit_of(at)[-1]).T)
    size, moves, mirrored = (
        np.hypot(*of.T) for of in (tail, tail[1:] - tail[:-1], tail[1:] + tail[:-1])
    )
    lives, every_other = size.min() > 0.1, min(away[::2].max(), away[1::2].max())
    quadrants = {tuple(signs) for signs in np.sign(tail)}
    return {
        "zero": size.max() < 0.05,
        "rest": lives and moves.max() < 1e-9 and away.max() < 0.01,
        "flip": lives and mirrored.max() < 1e-9 and every_other < 0.01,
        "circle": lives and len(quadrants) == 4,
    }


def sentence_of_orbit(setting, text):
    at, h, left = setting.at, orbit_of(setting.at), left_of_gradient(setting.at)
    size, silent = np.hypot(*h.T), at["s"] == 0
    goes = ends_of(at) if silent else dict.fromkeys(("zero", "rest", "flip", "circle"), False)
    moved, turned = (
        np.hypot(*(h[-1] - side * h[-2])) / size[-1] if h[-1].any() else 0 for side in (1, -1)
    )
    on = np.linalg.det(
        np.stack([h[-21:-1], h[-20:]], axis=-1)
    )  # the turn of each of the last steps
    near = np.abs(h[-1]).max()
    unsettled = silent and at["ρ"] > 1 and not (goes["zero"] and near < 0.01)
    alike = int((np.sign(h[-20:, 0]) == ORBIT["x"][-20:]).sum())
    signs = len({tuple(signs) for signs in np.sign(h[-21:])})
    by_input = r"by the input, whose sign unit 1 has had at (\d+) of the last 20"
    point = rf"\({N}, {N}\)"

    def is_at(h, a, b):
        return rounds(a, h[0]) and rounds(b, h[1])

    return assert_said(
        text,
        f"After {len(h) - 1} steps the state ",
        [
            Clause(
                "has come to rest at zero",
                goes["zero"] and near < 0.01,
                goes["zero"] and near < 0.004,
            ),
            Clause(
                f"still shrinks toward zero, {N} away",
                lambda n: goes["zero"] and rounds(n, size[-1]) and (np.diff(size[1:]) < 0).all(),
                goes["zero"] and near > 0.006,
            ),
            Clause(
                f"has come to rest at {point}",
                lambda a, b: goes["rest"] and is_at(h[-1], a, b),
                goes["rest"] and moved < 1e-4,
            ),
            Clause(
                f"changes sign at every step, between {point} and {point}",
                lambda a, b, c, d: goes["flip"] and is_at(h[-2], a, b) and is_at(h[-1], c, d),
                goes["flip"] and turned < 1e-4,
            ),
            Clause(
                "keeps circling",
                goes["circle"] and (on > 0).all(),
                unsettled and (on > 0.04 * size[-1] ** 2).all(),
            ),
            Clause(
                "has not settled yet", unsettled and min(moved, turned) > 1e-4 and on.min() < 0.03
            ),
            only(
                "is only shaken by the input: no sign has changed for 20 steps",
                not silent and signs == 1,
            ),
            Clause(
                f"is driven {by_input}",
                lambda n: not silent and signs > 1 and int(n) == alike > 14,
                not silent and signs > 1 and alike > 16,
            ),
            Clause(
                f"is pushed {by_input}, but goes its own way",
                lambda n: not silent and signs > 1 and int(n) == alike < 17,
            ),
        ],
        "; ",
        [
            Clause("the gradient explodes", left > 500, left > 2000),
            Clause("the gradient has vanished", left < 0.002, left < 0.0005),
            Clause(
                f"a change at step 0 arrives at most {N} times as large", lambda n: rounds(n, left)
            ),
        ],
        [only(", although ρ is above 1", "vanished" in text and at["ρ"] > 1), Clause("")],
        r"\.",
    )


POWERS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


def many_times(clause, ratio):
    """So many times, or a power of ten, the nearest."""
    number, power = (
        clause.replace("X", f"{N} times"),
        clause.replace("X", "about 10([⁰¹²³⁴⁵⁶⁷⁸⁹]+) times"),
    )
    return [
        Clause(number, lambda n: rounds(n, ratio)),
        Clause(power, lambda n: abs(np.log10(ratio) - int(n.translate(POWERS))) <= 0.5 + 1e-9),
    ]


def sentence_of_road(setting, text):
    env, at = road(setting), setting.at
    direct, whole = env["direct"], abs(env["whole"])
    wider = direct / kept(at["f"], int(at["T"]))
    apart = abs(whole - direct) / direct
    return assert_said(
        text,
        "Over ",
        [steps(at["T"])],
        " the additive road carries ",
        [
            Clause("about what it would", abs(wider - 1) < 0.06, abs(wider - 1) < 0.04),
            *many_times("X what it would", wider),
        ],
        " at rest; ",
        [
            Clause("the ways through h add little", apart < 0.06, apart < 0.04),
            *many_times("the whole derivative is X the additive road", whole / direct),
        ],
        r"\.",
    )


def sentence_of_weights(setting, text):
    at = setting.at
    _, gates = gates_from_weights(at)
    return assert_said(
        text,
        "Seeing this input and this state, the cell would ",
        [Clause(f"keep {P}, ", lambda p: share(p, gates["f"]))],
        [
            Clause(
                f"let in {P} of the candidate {N}, ",
                lambda p, n: share(p, gates["i"]) and rounds(n, gates["g"]),
            )
        ],
        [Clause(rf"and show {P}\.", lambda p: share(p, gates["o"]))],
    )


def sentence_of_schedule(setting, text):
    at = setting.at
    trace = scheduled(at)
    write, asked = int(at["i opens at step"]), int(at["o opens at step"])
    c, h = trace.states.c[asked].item(), trace.states.h[asked].item()
    other = scheduled(at, bit=-1.0).states.h[asked].item()  # had the bit been −1
    early = write > asked
    empty = not trace.states.c[: asked + 1].any()
    distractor = not early and write != TASK["bit_at"]
    told = not early and not distractor
    decides = np.sign(other) == -np.sign(h)
    return assert_said(
        text,
        [Clause(r"Asked at step (\d+), ", lambda n: int(n) == asked)],
        [Clause(f"the cell answers {N}: ", lambda n: rounds(n, h))],
        [
            only("nothing has been written by then", empty),
            only("the gate has not opened yet, and what it holds has leaked in", early and c != 0),
            Clause(
                r"what was written at step (\d+) is a distractor, not the bit",
                lambda n: int(n) == write and distractor,
                distractor,
            ),
            Clause(
                "the bit, 1, comes through",
                told and decides and h > 0.4,
                told and decides and h > 0.6,
            ),
            Clause("the bit is still there, but faint", told and decides and 0.05 < h < 0.6),
            Clause(
                "what comes through is the distractors, not the bit",
                told and not decides and h > 0.05,
            ),
            Clause(
                "hardly anything is left to tell the bit by",
                told and abs(h) < 0.15,
                told and abs(h) < 0.05,
            ),
            Clause("the distractors have turned it around", told and h < -0.05, told and h < -0.2),
        ],
        r"\.",
        [
            Clause(
                " Before it is asked, the cell already shows what it holds\\.",
                at["o otherwise"] > 0,
                at["o otherwise"] >= 0.1,
            ),
            Clause("$"),
        ],
    )


def sentence_of_budget(setting, text):
    D, H = (int(setting.at[name]) for name in "DH")
    given = costs("GRU", D, H)
    fits = [n for n in range(1, H + 1) if costs("LSTM", D, n)["parameters"] <= given["parameters"]]
    most = max(fits, default=0)
    assert most < H
    return assert_said(
        text,
        [
            Clause(
                r"For the parameters of this GRU of (\d+) unit(s?), ",
                lambda n, s: int(n) == H and bool(s) == (H != 1),
            )
        ],
        "an LSTM could have ",
        [only("none", not fits), Clause(r"(\d+)", lambda n: int(n) == most and fits)],
        ": its state would be ",
        [
            only("empty", not fits),
            Clause(
                f"{N} bytes, the GRU's is {N}",
                lambda n, own: (
                    rounds(n, costs("LSTM", D, most)["bytes of state"])
                    and rounds(own, given["bytes of state"])
                ),
            ),
        ],
        r"\.",
    )


def sentence_of_lesion(setting, text):
    gate, held = lesion(setting.at)
    _, word, _ = cut(setting.lab, setting.at)
    right = sum(a == b for a, b in zip(word, "hello", strict=True))
    if gate is None:
        return assert_said(text, f"Left alone, the network spells “{word}”\\.")
    assert gate in (gru if setting.lab.data["cell"] == "gru" else lstm).Gates._fields
    part = GATES[gate] + " gate" * (gate not in "gn")
    found = re.fullmatch(f"With the {part} held at {N} (.*), it spells “{word}”: (.*)\\.", text)
    assert found, text
    assert rounds(found[1], held)
    assert_where(found[2], setting.at)
    return assert_said(
        found[3],
        [
            only("every letter is right", right == 5),
            only("1 of 5 letters is right", right == 1),
            Clause(r"(\d) of 5 letters are right", lambda n: int(n) == right != 1),
        ],
    )


SENTENCE = {
    "lstm_step": sentence_of_lstm,
    "gru_step": sentence_of_gru,
    "step_back": sentence_of_step_back,
    "half_life": sentence_of_half_life,
    "fading_memory": sentence_of_fading,
    "orbit": sentence_of_orbit,
    "gradient_highway": sentence_of_road,
    "weights_to_gates": sentence_of_weights,
    "write_keep_read": sentence_of_schedule,
    "budget": sentence_of_budget,
    "hello_lesions": sentence_of_lesion,
}


@pytest.mark.parametrize("kind", SENTENCE)
def test_a_sentence_says_what_lib_does(visited, kind):
    """And all that it can say comes up."""
    heard, offered = set(), set()
    for name in (name for name in NAMES if kind_of(name) == kind):
        for setting in visited.all(name):
            said, may = SENTENCE[kind](setting, setting.seen["sentence"])
            heard, offered = heard | said, offered | may
    assert heard == offered


# Questions. What a question names is read, word by word and with no number left over; what it sets is that.

NAMED = [  # how a question names a value, and of which symbol
    (rf"\b(\w) = {N}", None),  # in letters
    (rf"\bpulse of {N}", "x_0"),
    (rf"\bafter {N} steps", "t"),
    (rf"The cell holds {N}", "c_t−1"),
    (rf"a candidate of {N}", "g"),
    (rf"[Tt]he forget gate is {N}", "f"),
    (rf"the forget gate held at {N}", "f"),
    (rf"All weights are {N}", " ".join(f"w_{gate}{by}" for gate in "ifog" for by in "xh")),
    (rf"the forget bias is {N}", "b_f"),
    (rf"The state is {N}", "h_t−1"),
    (rf"the candidate comes out as {N}", "n"),
    (rf"The bit, {N}, is written", "bit"),
    (rf"{N} steps later", "later"),
    (rf"the output gate of the first step shuts, o₁ = {N}", "o_1"),
    (rf"With a quarter of that weight it is {N} times", "parted"),
]


def named_by(question):
    """{symbol: value}, and the question without its numbers."""
    found, rest = {}, question
    for words, symbol in NAMED:
        for match in re.finditer(words, rest):
            for name in (symbol or match[1]).split():
                assert name not in found, f"{name} twice in {question!r}"
                found[name] = number(match.groups()[-1]).value
        rest = re.sub(words, lambda match: re.sub(N, "…", match[0]), rest)
    assert not re.search(r"\d", rest), f"a number of {question!r} names nothing: {rest!r}"
    return found, rest


def right_letters(lab, gate, held):
    word = cut(lab, {"gate": f"{gate} {GATES[gate]}", "value it is held at": held, **ALL})[1]
    return sum(a == b for a, b in zip(word, "hello", strict=True))


def bit_later(named, at):
    """The bit is written by opening i at its step; the sliders that the question does not name may stand anywhere."""
    opens = TASK["bit_at"]
    plan = {**at, "i opens at step": opens, "f otherwise": named["f"], "i otherwise": 0.0}
    return scheduled(plan, named["bit"]).states.c[opens + int(named["later"])].item()


def parted(f, w, T):
    """How many times its additive road a unit's whole derivative is."""
    direct, whole = lstm_units(np.array([f]), np.array([w]), T)
    return whole[T, 0] / direct[T, 0]


def start_of(lab):
    """The step back's start, by its symbols."""
    return {name: lab.start[name if name in ("o_1", "w") else name[0]] for name in BY_HAND}


# What is asked, in which words, and what `lib` answers: from what is named, whatever else stands where.
ASKED = {
    "lstm_step": (
        "what will it hold after the step",
        lambda named, at, lab: of_lstm({**at, **named})["c_t"],
    ),
    "gru_step": (
        r"\(z writes\).* the new state",
        lambda named, at, lab: gru_once(named["z"], at["r"], named["h_t−1"], n=named["n"])["h_t"],
    ),
    "step_back": (
        "From the start, only .*How large is δc₁",
        lambda named, at, lab: step_back_of({**start_of(lab), **named})["δc_1"],
    ),
    "half_life": (
        "nothing is written. After how many steps is half of the memory gone",
        lambda named, at, lab: np.log(0.5) / np.log(kept(named["f"], 1)),
    ),
    "fading_memory": (
        "how large is the state",
        lambda named, at, lab: after_pulse(named["w"], named["x_0"], int(named["t"]))[0][-1],
    ),
    "orbit": (
        "how much of the gradient is left",
        lambda named, at, lab: left_of_gradient(named, int(named["t"])),
    ),
    "gradient_highway": (
        r"With f = … at rest and w = …, how many times the additive road is the whole derivative after … steps\? "
        r"With a quarter of that weight it is … times\.",
        lambda named, at, lab: parted(named["f"], named["w"], int(named["t"])),
    ),
    "weights_to_gates": (
        "How far open is the forget gate",
        lambda named, at, lab: gates_from_weights({**at, **named})[1]["f"],
    ),
    "write_keep_read": (
        "written whole. .* nothing gets in. What does the cell hold",
        lambda named, at, lab: bit_later(named, at),
    ),
    "budget": (
        "how many parameters has the LSTM",
        lambda named, at, lab: costs("LSTM", int(named["D"]), int(named["H"]))["parameters"],
    ),
    "hello_lesions": (
        "in every unit at every step, how many of the five letters it spells are right",
        lambda named, at, lab: right_letters(lab, *dict(named).popitem()),
    ),
}


@pytest.mark.parametrize("name", NAMES)
def test_a_question_names_what_it_sets(visited, name):
    """From wherever it is asked: what is named stands so afterwards, and what is not does not matter to the answer."""
    question, before = visited.frames[name]["question"], visited.somewhere(name)
    after = [visited.answer(name, setting, [""])[1] for setting in before]
    named, rest = named_by(question)
    words, answer = ASKED[kind_of(name)]
    assert re.search(words, rest), question
    lab = labs()[name]
    answers = [answer(named, setting.at, lab) for setting in [*before, *after]]
    assert named and np.ptp(answers) < 1e-9
    for setting in after:
        for symbol, wanted in named.items():
            assert stands_at(kind_of(name), symbol, setting, named) == pytest.approx(
                wanted, abs=0.001
            ), symbol
    if kind_of(name) == "hello_lesions":
        (gate,) = named
        words = rf"(?:the {GATES[gate]} gate shut \({gate} = …\)|{gate} = …, so that nothing is written,)"
        assert re.search(words, rest), question
        assert all(preset_of_lesion(setting.at, "nothing is written") for setting in after)
        assert all(setting.at[key] == 0 for setting in after for key in ALL)


def stands_at(kind, symbol, setting, named):
    """The value of a symbol where the explorer stands now."""
    at = setting.at
    if kind == "hello_lesions":
        gate, held = lesion(at)
        return held if gate == symbol else None
    if kind == "write_keep_read":
        assert at["i opens at step"] == TASK["bit_at"] and at["i otherwise"] == 0
        told = {"f": at["f otherwise"], "bit": scheduled(at).states.c[TASK["bit_at"]].item()}
        return told.get(symbol, at["o opens at step"] - at["i opens at step"])
    if kind == "half_life":
        return forget_gate(at["b_f"])
    if kind == "orbit" and symbol == "t":
        return len(ORBIT["x"])
    if kind == "gru_step" and symbol == "n":
        return of_gru(at)["n"]
    if symbol == "parted":
        return round(parted(at["f"], at["w"] / 4, int(at["T"])))
    return at["T" if kind == "gradient_highway" and symbol == "t" else symbol]


# What is told to an answer, and what it says beside the number.

PARTS = {"half": 1 / 2, "three quarters": 3 / 4, "its tenth": 1 / 10}


def told_of_lstm(named, truth, lab):
    def so(part, c, other, g, n):
        parts = PARTS[part] == named["f"] and PARTS[other] == named["i"]
        return parts and (reads(c), reads(g)) == (named["c_t−1"], named["g"]) and rounds(n, truth)

    return [Clause(f"(half) of {N} is kept and (half) of {N} is written, so c is {N}\\.", so)]


def told_of_gru(named, truth, lab):
    def so(n, part, h, turned):
        z, h_prev = named["z"], named["h_t−1"]
        kept = PARTS[part] == 1 - z and reads(h) == h_prev and rounds(n, truth)
        return kept and rounds(turned, gru_once(1 - z, 0.0, h_prev, n=named["n"])["h_t"])

    words = f"{N}: (three quarters) of {N} are kept\\. Where z means keep, as in PyTorch, it would be {N}\\."
    return [Clause(words, so)]


def told_of_half_life(named, truth, lab):
    def so(n, too_few, part):
        tenth = PARTS[part]
        return (
            rounds(n, truth) and same(tenth, 1 - named["f"]) and same(reads(too_few), 0.5 / tenth)
        )

    return [Clause(f"{N} steps, not {N}: each step takes (its tenth) of what is left\\.", so)]


def told_of_fading(named, truth, lab):
    h, _ = after_pulse(named["w"], named["x_0"], int(named["t"]))
    halves = (h[1:] <= h[:-1] / 2 + 1e-15).all()
    return [
        Clause(
            f"{N}: every step at least halves what is left\\.",
            lambda n: rounds(n, truth) and halves,
        )
    ]


def told_of_orbit(named, truth, lab):
    steps, h = int(named["t"]), orbit_of(named)
    sizes, back = np.hypot(*h.T)[-20:], np.hypot(*(two_units(named).W[:, 1:] @ h.T))[-21:-1]
    circle = ends_of(named)["circle"] and (back > 1.05 * sizes).all()

    def so(n, not_, power):
        return rounds(n, truth) and rounds(not_, named["ρ"] ** steps) and reads(power) == steps

    words = f"{N}, not {N}: ρ to the power {N} is what is left at rest\\. "
    return [
        Clause(
            words + "On its circle tanh takes back what the matrix adds\\.",
            lambda *n: circle and so(*n),
        )
    ]


def told_of_road(named, truth, lab):
    """With a quarter of the weight the road is narrower, and c ends where tanh is steep."""
    f, w, T = named["f"], named["w"], int(named["t"])
    kept_by, slopes = [], []
    for weight in (w / 4, w):
        unit = lstm.Params(column(*4 * [weight]) * [0, 1], column(0, np.log(f / (1 - f)), 0, 0))
        start = lstm.State(column(1), np.tanh(column(1)))
        run = lstm.forward(unit, np.zeros((T, 1, 1)), start)
        kept_by.append(run.gates.f.prod())
        slopes.append(1 - np.tanh(run.states.c[-1].item()) ** 2)
    opens, flat = kept_by[1] > 2 * kept_by[0], slopes[1] < 0.01 < 0.5 < slopes[0]
    words = f"{N} times: the same w opens the forget gate, so the road itself is wider, "
    words += "and it drives c to where tanh is flat\\."
    return [Clause(words, lambda n: rounds(n, truth) and opens and flat)]


def told_of_weights(named, truth, lab):
    others = {"b_i": 2.0, "b_o": 2.0, "b_g": 2.0}
    places = [{"x_t": x, "h_t−1": h} for x in (-2.0, 0.3, 2.0) for h in (-1.0, 0.2, 1.0)]
    same_everywhere = {gates_from_weights({**others, **named, **at})[1]["f"] for at in places}
    half = np.log(0.5) / np.log(kept(truth, 1))

    def so(n, stays, steps):
        return rounds(n, truth) and share(stays, kept(truth, 1)) and rounds(steps, half)

    words = f"{N}: whatever x and h are, {P} of the memory stays at every step, "
    words += f"and half of it is gone after {N} steps\\."
    return [Clause(words, lambda *n: same_everywhere == {truth} and so(*n))]


def told_of_schedule(named, truth, lab):
    def so(n, f, t):
        return rounds(n, truth) and same(reads(f) ** reads(t), truth)

    return [Clause(f"{N}, which is {N} to the power {N}\\.", so)]


def told_of_budget(named, truth, lab):
    def so(k, of, n, three):
        return int(k) * value(parse(of), {}) == reads(n) == truth and int(three) == len(
            gru.Gates._fields
        )

    return [Clause(f"(\\d) blocks of (.*) make {N}; the GRU has (\\d) of them\\.", so)]


def told_of_lesion(named, truth, lab):
    (gate,) = named
    p, word, _ = cut(
        lab, {"gate": f"{gate} {GATES[gate]}", "value it is held at": named[gate], **ALL}
    )
    alike = np.ptp(p, axis=0).max() < 1e-12
    words = r"(\d): the state never moves, so every letter gets the same answer, and it spells “(\w+)”\."
    return [Clause(words, lambda n, spelled: int(n) == truth and spelled == word and alike)]


def told_of_step_back(named, truth, lab):
    shut = step_back_of({**start_of(lab), **named})
    so = same(shut["by c"], truth) and shut["by h"] == 0
    words = rf"{N}, all of it by c: the road by h is shut\."
    return [Clause(words, lambda n: rounds(n, truth) and so)]


TOLD = {
    "step_back": told_of_step_back,
    "lstm_step": told_of_lstm,
    "gru_step": told_of_gru,
    "half_life": told_of_half_life,
    "fading_memory": told_of_fading,
    "orbit": told_of_orbit,
    "gradient_highway": told_of_road,
    "weights_to_gates": told_of_weights,
    "write_keep_read": told_of_schedule,
    "budget": told_of_budget,
    "hello_lesions": told_of_lesion,
}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_told_to_an_answer_is_so(visited, name):
    """Right, a little and much too high, a little and much too low, in a comma's spelling, nothing, and no number."""
    lab, start = labs()[name], visited.somewhere(name)[0]
    named, _ = named_by(visited.frames[name]["question"])
    truth = ASKED[kind_of(name)][1](named, start.at, lab)
    told = TOLD[kind_of(name)](named, truth, lab)
    exact = isinstance(truth, (int, np.integer))
    digits, off = (0, max(1, abs(truth))) if exact else (4, max(0.1, abs(truth) / 5))
    right = f"{truth:.{digits}f}"
    wrong = [truth + by for by in (off, -off, 3 * off, -3 * off, 1 if exact else off / 2)]
    given = [(right, "Yes"), (right.replace(".", ","), "Yes")]
    given += [(f"{number:.{digits}f}", "Not quite") for number in wrong]
    answers, _ = visited.answer(name, start, [*(typed for typed, _ in given), "", "much"])
    for (typed, verdict), words in zip(given, answers, strict=False):
        own = float(typed.replace(",", "."))
        assert_said(
            words,
            [Clause(rf"You said {N}\. {verdict}: ", lambda n, own=own: reads(n) == own)],
            told,
        )
    assert_said(answers[-2], told)
    assert_said(answers[-1], r"That is not a number\. ", told)


# Presets. All that each sets, and what its name says of it, asked of `lib`.

STEP = {"g": -0.8, "c_t−1": 0.9}  # something to write and something to keep, the same for all
GRU_STEP = {"h_t−1": 0.8, "p": -1, "w": 1}
BEST = {
    "i opens at step": 5,
    "o opens at step": 35,
    "i otherwise": 0,
    "f otherwise": 1,
    "o otherwise": 0,
}


def weights(**rows):
    """Both weights and the bias of every gate."""
    names = {gate: (f"w_{gate}x", f"w_{gate}h", f"b_{gate}") for gate in rows}
    return {name: w for gate, row in rows.items() for name, w in zip(names[gate], row, strict=True)}


UNIT = dict(i=(4, 0, -1.5), f=(-4, 0, 2), o=(-2, 0, 1), g=(1, 0.5, 0))  # made by hand


SETS = {
    "lstm_step": {
        "keep": {"f": 1, "i": 0, "o": 1, **STEP},
        "overwrite": {"f": 0, "i": 1, "o": 1, **STEP},
        "forget": {"f": 0, "i": 0, "o": 1, **STEP},
        "hide": {"f": 1, "i": 0, "o": 0, **STEP},
    },
    "gru_step": {
        "keep": {"z": 0, "r": 1, **GRU_STEP},
        "start afresh": {"z": 1, "r": 0, **GRU_STEP},
        "plain RNN": {"z": 1, "r": 1, **GRU_STEP},
        "blend": {"z": 0.5, "r": 0.5, **GRU_STEP},
    },
    "step_back": {
        "Step back": lambda at: {
            "wires walked back": min(at["wires walked back"] + 1, len(RULES) - 1)
        },
        "Whole way": {"wires walked back": len(RULES) - 1},
        "shut the second road": {"o_1": 0},
        "a forget gate of 0": {"f_2": 0},
    },
    "half_life": {
        "b = 0": {"b_f": 0},
        "b = 1, the usual start": {"b_f": 1},
        "b = 3": {"b_f": 3},
        "b = 5": {"b_f": 5},
    },
    "fading_memory": {
        "fades": {"w": 0.5, "x_0": 1},
        "on the edge": {"w": 1, "x_0": 1},
        "latches": {"w": 1.5, "x_0": 1},
        "explodes": {"w": 1.5, "x_0": 0},
    },
    "orbit": {
        "fades": {"ρ": 0.8, "θ": 56, "s": 0},
        "latches": {"ρ": 1.5, "θ": 0, "s": 0},
        "explodes": {"ρ": 1.5, "θ": 56, "s": 0.5},
        "driven": {"ρ": 1.5, "θ": 56, "s": 2},
    },
    "gradient_highway": {
        "the usual start": {"f": 0.73, "w": 0.5, "T": 50},
        "wide open": {"f": 1, "w": 0.5, "T": 50},
        "no recurrence": {"f": 0.9, "w": 0, "T": 50},
        "strong recurrence": {"f": 0.9, "w": 2, "T": 50},
    },
    "weights_to_gates": {
        "write at a mark": {"x_t": 1, "h_t−1": 0.33} | weights(**UNIT),
        "hold on": weights(**UNIT | dict(i=(0, 0, -4), f=(0, 0, 4))),
        "listen to h only": {"x_t": 1, "h_t−1": 0.8}
        | weights(i=(0, 2, 0), f=(0, 4, 0), o=(0, 2, 0), g=(0, 2, 0)),
        "fresh cell": weights(i=(0, 0, 0), f=(0, 0, 1), o=(0, 0, 0), g=(0, 0, 0)),
    },
    "write_keep_read": {
        "keep it": BEST,
        "leaky forget gate": {**BEST, "f otherwise": 0.95},
        "leaky input gate": {**BEST, "i otherwise": 0.2},
        "one step late": {**BEST, "i opens at step": 6},
    },
    "budget": {
        "hello": {"D": 4, "H": 8},
        "few units, wide input": {"D": 128, "H": 16},
        "many units, narrow input": {"D": 4, "H": 128},
    },
    "hello_lesions": {
        "nothing is kept": {"gate": "f forget", "value it is held at": 0, **ALL},
        "nothing is forgotten": {"gate": "f forget", "value it is held at": 1, **ALL},
        "nothing is written": {"gate": "i input", "value it is held at": 0, **ALL},
        "nothing is shown": {"gate": "o output", "value it is held at": 0, **ALL},
    },
    "lesions_of_gru": {
        "nothing is written": {"gate": "z update", "value it is held at": 0, **ALL},
        "nothing is kept": {"gate": "z update", "value it is held at": 1, **ALL},
        "candidate without the past": {"gate": "r reset", "value it is held at": 0, **ALL},
    },
}


def preset_of_lstm(at, name):
    stays, enters = (moves(of_lstm, at, "c_t", **{s: (-0.5, 0.5)}) for s in ("c_before", "g"))
    shown = of_lstm(at)["h_t"] != 0
    assert at["g"] and at["c_t−1"]  # or the difference is not seen
    return {
        "keep": (1, 0, True),
        "overwrite": (0, 1, True),
        "forget": (0, 0, False),
        "hide": (1, 0, False),
    }[name] == (
        *(stays, enters),
        shown,
    ) and at["o"] == (name != "hide")


def preset_of_gru(at, name):
    now, h = of_gru(at), at["h_t−1"]
    if name == "keep":
        return now["h_t"] == h != now["n"] and moves(of_gru, at, "h_t", p=(-2, 2)) == 0
    if name == "start afresh":
        return now["h_t"] == now["n"] and moves(of_gru, at, "h_t", h_before=(-1, 1)) == 0
    if name == "plain RNN":
        params = rnn.Params(np.array([[1.0, at["w"]]]), np.zeros((1, 1)))
        _, (plain,) = rnn.step(params, column(at["p"]), rnn.State(column(h)))
        return same(now["h_t"], plain.item()) and moves(of_gru, at, "h_t", h_before=(-1, 1)) > 0.1
    return same(now["h_t"], (h + now["n"]) / 2) and 0 < at["r"] < 1


def preset_of_step_back(at, name):
    env = step_back_of(at)
    return {
        "Step back": True,
        "Whole way": RULES[int(at["wires walked back"])] == ["δc_1"],
        "shut the second road": same(env["by h"], 0) and at["o_1"] == 0,
        "a forget gate of 0": same(env["by c"], 0) and at["f_2"] == 0,
    }[name]


def preset_of_half_life(at, name):
    bias, usual = re.fullmatch(r"b = (\d)(, the usual start)?", name).groups()
    start = lstm.init_params(np.random.default_rng(0), 1, 1).b[1]
    return at["b_f"] == int(bias) and bool(usual) == (at["b_f"] == start)


def preset_of_fading(at, name):
    """In the long run, wherever the gap stands."""
    h, slope = after_pulse(at["w"], at["x_0"], 40)
    return {
        "fades": h[-1] < 1e-6 and slope < 1e-6,
        "on the edge": at["w"] == 1 and 0.1 < h[-1] < h[0],
        "latches": same(h[-1], np.tanh(at["w"] * h[-1])) and h[-1] > 0.5 and slope < 0.001,
        "explodes": slope > 1000,
    }[name]


def preset_of_orbit(at, name):
    """What becomes of the state; and of the gradient, which the input alone decides between the last two."""
    left, h = left_of_gradient(at), orbit_of(at)
    other = rnn.forward(two_units(at), np.array(ORBIT["x"], float)[:, None, None]).states.h[
        -1, :, 0
    ]
    return {
        "fades": at["s"] == 0 and ends_of(at)["zero"] and left < 0.001,
        "latches": at["s"] == 0 and ends_of(at)["rest"] and left < 0.001,
        "explodes": left > 1000,
        "driven": np.allclose(other, h[-1], atol=1e-9)
        and left < 0.001
        and at["ρ"] > 1,  # from another start
    }[name]


def preset_of_road(at, name):
    usual = forget_gate(lstm.init_params(np.random.default_rng(0), 1, 1).b[1].item())
    return {
        "the usual start": abs(at["f"] - usual) < 0.005 and at["w"] == 0.5,
        "wide open": at["f"] == 1 and at["w"] == 0.5,
        "no recurrence": at["w"] == 0 and at["f"] == 0.9,
        "strong recurrence": at["w"] >= 2 and at["f"] == 0.9,
    }[name]


def preset_of_weights(at, name):
    none, mark = (gates_from_weights({**at, "x_t": x})[1] for x in (0.0, 1.0))
    places = [{"x_t": x, "h_t−1": h} for x in (-2.0, 0.3, 2.0) for h in (-1.0, 0.2, 1.0)]
    every = [gates_from_weights({**at, **place})[1] for place in places]
    if name == "write at a mark":
        writes = mark["i"] > 0.85 and mark["f"] < 0.15 and mark["g"] > 0.75
        return writes and at["x_t"] == 1 and none["i"] < 0.2 and none["f"] > 0.85
    if name == "hold on":
        return all(gates["i"] < 0.02 and gates["f"] > 0.98 for gates in every)
    if name == "fresh cell":  # a new cell's weights are 0 in the mean, and its biases are these
        usual = lstm.init_params(np.random.default_rng(0), 1, 1).b[:, 0]
        fresh = gates_from_weights(
            {**at, **weights(**{k: (0, 0, b) for k, b in zip("ifog", usual)})}
        )
        return all(gates == fresh[1] for gates in every)
    heard = gates_from_weights({**at, "h_t−1": -at["h_t−1"]})[1]
    return none == mark and all(abs(mark[gate] - heard[gate]) > 0.5 for gate in mark)


def preset_of_schedule(at, name):
    best = scheduled(BEST)
    answer = scheduled(at).states.h[TASK["ask_at"]].item()
    assert best.states.c[TASK["ask_at"]].item() == 1 and BEST["i opens at step"] == TASK["bit_at"]
    other = {key for key in BEST if at[key] != BEST[key]}
    return {
        "keep it": other == set() and answer == np.tanh(1),
        "leaky forget gate": other == {"f otherwise"} and 0.5 < at["f otherwise"] < 1,
        "leaky input gate": other == {"i otherwise"} and 0 < at["i otherwise"] < 0.5,
        "one step late": other == {"i opens at step"}
        and at["i opens at step"] == TASK["bit_at"] + 1,
    }[name]


def preset_of_budget(at, name):
    if name == "hello":
        return at["D"] == len(tasks.HELLO) and at["H"] == hello_model().readout.W.shape[1]
    units, inputs = re.fullmatch(r"(few|many) units, (wide|narrow) input", name).groups()
    return (at["H"] < at["D"] / 4, at["D"] < at["H"] / 4) == (units == "few", inputs == "narrow")


def preset_of_lesion(at, name):
    """In a cell with weights at random and this gate held so, what no longer matters to what."""
    gate, held = lesion(at)
    cell = lstm if gate in lstm.Gates._fields else gru
    rng = np.random.default_rng(3)
    params = cell.init_params(rng, 2, 5)
    x, states = rng.normal(size=(2, 1)), [rng.uniform(-1, 1, (5, 1)) for _ in range(3)]

    def step(memory, **more):
        state = cell.State(memory, states[1]) if cell is lstm else cell.State(memory)
        return cell.step(params, x, state, {gate: float(held), **more})

    def alike(one, other):
        return np.abs(one - other).max() < 1e-12

    (one, after), (other, after_other) = (step(memory) for memory in (states[0], states[2]))
    if cell is lstm:
        kept = step(states[0], g=0.0)[1].c  # what is new without its candidate
        return {
            "nothing is kept": alike(after.c, after_other.c) and not alike(after.c, kept),
            "nothing is forgotten": alike(kept, states[0]) and not alike(after.c, kept),
            "nothing is written": alike(after.c, kept) and not alike(kept, 0),
            "nothing is shown": alike(after.h, 0) and not alike(after.c, 0),
        }[name]
    return {
        "nothing is written": alike(after.h, states[0]),
        "nothing is kept": alike(after.h, one.n),
        "candidate without the past": alike(one.n, other.n) and not alike(after.h, after_other.h),
    }[name]


PRESET = {
    "lstm_step": preset_of_lstm,
    "gru_step": preset_of_gru,
    "step_back": preset_of_step_back,
    "half_life": preset_of_half_life,
    "fading_memory": preset_of_fading,
    "orbit": preset_of_orbit,
    "gradient_highway": preset_of_road,
    "weights_to_gates": preset_of_weights,
    "write_keep_read": preset_of_schedule,
    "budget": preset_of_budget,
    "hello_lesions": preset_of_lesion,
}


@pytest.mark.parametrize("name", NAMES)
def test_a_preset_sets_what_its_name_says_and_nothing_else(visited, name):
    """Pressed from two places: what it sets is the same, what it does not set stays; Reset leads to the start."""
    kind, start, pressed = kind_of(name), visited.look(name)[0], visited.pressed(name)
    sets = SETS[name.split("-")[0] if name.startswith("lesions") else kind]
    assert list(pressed) == [*sets, "Reset"]
    for button, pairs in pressed.items():
        for setting, (before, after) in zip(visited.somewhere(name), pairs, strict=True):
            assert before.at == setting.at
            if button == "Reset":
                assert after.seen == start.seen
                continue
            moves = callable(sets[button])  # by where it stood; it is not held
            wanted = sets[button](before.at) if moves else sets[button]
            assert after.at == {**before.at, **wanted}, button
            assert PRESET[kind](after.at, button), button
            held = {name: values for name, values in sets.items() if not callable(values)}
            also = {name for name, values in held.items() if after.at == {**after.at, **values}}
            assert set(after.seen["pressed"]) == also and (button in also or moves)


def test_the_step_back_walks_wire_by_wire_and_stays_at_the_fork(visited):
    """By its button and by the arrow keys on its slider."""
    view = visited.page.locator(".live-view").nth(NAMES.index("step_back-elsewhere"))
    slider, stood = view.get_by_role("slider", name="wires walked back"), []
    for move in [
        lambda: view.get_by_role("button", name="Step back").click(),
        lambda: slider.press("ArrowRight"),
    ]:
        slider.press("Home")
        for _ in range(len(RULES) + 1):
            move()
            stood.append(int(slider.input_value()))
    last = len(RULES) - 1
    assert stood == 2 * [*range(1, last), last, last, last]
    slider.press("ArrowLeft")
    assert int(slider.input_value()) == last - 1
    view.get_by_role("button", name="Reset").click()


# Which explorers the book has, and from where they start.


def test_these_are_the_explorers_of_the_book():
    found = []
    for path in [ROOT / "intro.ipynb", *sorted(ROOT.glob("[ac]*/*.ipynb"))]:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            source = "".join(cell["source"])
            if cell["cell_type"] != "code" or "live." not in source:
                continue
            for call in ast.walk(ast.parse(source)):
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Attribute)
                    and ast.unparse(call.func.value) == "live"
                ):
                    start = {word.arg: ast.literal_eval(word.value) for word in call.keywords}
                    stored = [
                        "".join(out["data"]["text/plain"])
                        for out in cell["outputs"]
                        if "data" in out
                    ]
                    found.append(
                        (
                            path.relative_to(ROOT).with_suffix("").as_posix(),
                            call.func.attr,
                            start,
                            stored,
                        )
                    )
    assert len(found) == len(OF_THE_BOOK)
    for (where, kind, start, stored), (notebook, of, wanted) in zip(
        found, OF_THE_BOOK, strict=True
    ):
        lab = made(kind, **wanted)
        assert (where, kind) == (notebook, of) and start == {
            k: v for k, v in wanted.items() if k != "gate"
        }
        assert stored == [repr(lab)], "the stored picture is of another start"
