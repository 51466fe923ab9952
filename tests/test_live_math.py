"""The explorers' mathematics in a browser equals `lib` to 1e-12, on random inputs and in every corner."""

import json
import re
from itertools import product

import numpy as np
import pytest
from explorers import hello_model

from lib import gradients, gru, live, lstm, rnn, tasks, train
from lib.live import runs
from lib.live.join import join, pieces
from lib.losses import softmax

CASES = 1000
MATH = "".join(
    {
        k: v for name in ("orbit", "back", "gru") for k, v in pieces(f"math_{name}.js").items()
    }.values()
)
NAMES = ", ".join(re.findall(r"^function (\w+)", MATH, re.M))


@pytest.fixture(scope="module")
def js(browser):
    """js(name, list of argument lists) -> list of what the JavaScript function returns."""
    page = browser.new_page()
    page.add_script_tag(content=f"{MATH}; window.math = {{ {NAMES} }}")
    yield lambda name, cases: page.evaluate(
        "([name, cases]) => cases.map((args) => math[name](...args))", [name, cases]
    )
    page.close()


def close(got, wanted):
    np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12)


def compare(got, wanted):
    """Lists of units in JavaScript beside arrays (H, 1) of lib, all at once."""
    assert [len(units) for units in got] == [len(units) for units in wanted]
    close(np.concatenate(got), np.concatenate([flat(units) for units in wanted]))


def draws(rows):
    """Random cells: sizes, parameters large enough to saturate some gates, a state and an input."""
    rng = np.random.default_rng(5)
    for _ in range(CASES):
        D, H = rng.integers(1, 4, 2)
        scale = rng.choice([0.1, 1.0, 10.0])
        W, b = scale * rng.standard_normal((rows * H, D + H)), rng.standard_normal((rows * H, 1))
        x, c, h = (
            rng.standard_normal((D, 1)),
            2 * rng.standard_normal((H, 1)),
            rng.uniform(-1, 1, (H, 1)),
        )
        yield W, b, x, c, h


def corners(rows):
    """One unit with every weight and bias at -50, 0 or 50: shut, half open, open."""
    for a in product([-50.0, 0.0, 50.0], repeat=rows):
        for c, h in [(-2.0, 1.0), (0.0, 0.0), (2.0, -1.0)]:
            yield (
                np.full((rows, 2), 0.5),
                np.array(a)[:, None],
                np.ones((1, 1)),
                np.full((1, 1), c),
                np.full((1, 1), h),
            )


def flat(a):
    return a[:, 0].tolist()


def test_rnn(js):
    cases = [*draws(1), *corners(1)]
    got = js(
        "rnnStep",
        [[{"W": W.tolist(), "b": flat(b)}, flat(x), {"h": flat(h)}] for W, b, x, _, h in cases],
    )
    for (W, b, x, _, h), state in zip(cases, got, strict=True):
        close(state["h"], flat(rnn.step(rnn.Params(W, b), x, rnn.State(h))[1].h))


@pytest.mark.parametrize("hold", [None, {"f": 1.0}, {"i": 0.0, "o": 0.5, "g": -1.0}])
def test_lstm(js, hold):
    cases = [*draws(4), *corners(4)]
    got = js(
        "lstmStep",
        [
            [{"W": W.tolist(), "b": flat(b)}, flat(x), {"c": flat(c), "h": flat(h)}, hold or {}]
            for W, b, x, c, h in cases
        ],
    )
    wanted = [lstm.step(lstm.Params(W, b), x, lstm.State(c, h), hold) for W, b, x, c, h in cases]
    for name in "ifog":
        compare([s["gates"][name] for s in got], [getattr(gates, name) for gates, _ in wanted])
    compare([s["state"]["c"] for s in got], [state.c for _, state in wanted])
    compare([s["state"]["h"] for s in got], [state.h for _, state in wanted])


@pytest.mark.parametrize("hold", [None, {"z": 1.0}, {"r": 0.0, "n": -0.25}])
def test_gru(js, hold):
    cases = [*draws(3), *corners(3)]
    got = js(
        "gruStep",
        [
            [{"W": W.tolist(), "b": flat(b)}, flat(x), {"h": flat(h)}, hold or {}]
            for W, b, x, _, h in cases
        ],
    )
    wanted = [gru.step(gru.Params(W, b), x, gru.State(h), hold) for W, b, x, _, h in cases]
    for name in "rzn":
        compare([s["gates"][name] for s in got], [getattr(gates, name) for gates, _ in wanted])
    compare([s["state"]["h"] for s in got], [state.h for _, state in wanted])


def test_held_units_one_by_one(js):
    """NaN leaves an entry of `hold` free."""
    W, b, x, c, h = next(case for case in draws(4) if len(case[3]) == 3)
    hold = {"f": np.array([[0.5], [np.nan], [1.0]])}
    wanted = lstm.step(lstm.Params(W, b), x, lstm.State(c, h), hold)[1]
    state = {"c": flat(c), "h": flat(h)}
    (got,) = js(
        "lstmStep",
        [[{"W": W.tolist(), "b": flat(b)}, flat(x), state, {"f": [0.5, float("nan"), 1.0]}]],
    )
    close(got["state"]["c"], flat(wanted.c))


def test_one_lstm_unit_with_its_gates_given(js):
    """The explorer of one step, random and in every corner of its sliders."""
    rng = np.random.default_rng(6)
    low, high = np.array([[0, 0, 0, -1, -2], [1, 1, 1, 1, 2]])
    cases = [
        *rng.uniform(low, high, (CASES, 5)).tolist(),
        *map(list, product(*zip(low, high, strict=True))),
    ]
    got = js(
        "lstmUpdate",
        [[dict(zip("ifog", case, strict=False)), float(case[4])] for case in map(floats, cases)],
    )
    params = lstm.Params(np.zeros((4, 2)), np.zeros((4, 1)))
    for case, made in zip(map(floats, cases), got, strict=True):
        start = lstm.State(np.array([[case[4]]]), np.zeros((1, 1)))
        state = lstm.step(params, np.zeros((1, 1)), start, dict(zip("ifog", case, strict=False)))[1]
        close([made["c"], made["h"]], [state.c.item(), state.h.item()])


def test_one_gru_unit_with_its_gates_given(js):
    rng = np.random.default_rng(7)
    low, high = np.array([[0, -1, -1], [1, 1, 1]])
    cases = [
        *rng.uniform(low, high, (CASES, 3)).tolist(),
        *map(list, product(*zip(low, high, strict=True))),
    ]
    got = js("gruUpdate", [[{"z": z, "n": n}, h] for z, n, h in map(floats, cases)])
    params = gru.Params(np.zeros((3, 2)), np.zeros((3, 1)))
    for (z, n, h), made in zip(map(floats, cases), got, strict=True):
        state = gru.step(params, np.zeros((1, 1)), gru.State(np.array([[h]])), {"z": z, "n": n})[1]
        close(made["h"], state.h.item())


def test_what_a_gru_unit_answers_to_its_old_state_with_its_gates_held(js):
    rng = np.random.default_rng(9)
    low, high = np.array([[0, 0, -1, -2, -2], [1, 1, 1, 2, 2]])
    cases = [
        *rng.uniform(low, high, (CASES // 4, 5)).tolist(),
        *map(list, product(*zip(low, high, strict=True))),
    ]
    names = ("z", "r", "h_prev", "p", "w")
    cases = [dict(zip(names, floats(case), strict=True)) for case in cases]
    for case, made in zip(cases, js("gruUnit", [[case] for case in cases]), strict=True):
        params = gru.Params(np.array([[0, 0], [0, 0], [1, case["w"]]]), np.zeros((3, 1)))
        x, start = np.array([[[case["p"]]]]), gru.State(np.array([[case["h_prev"]]]))
        hold = {"z": case["z"], "r": case["r"]}
        trace = gru.forward(params, x, start, hold)
        J = gradients.state_jacobian(gru, params, x, start, hold)
        wanted = trace.gates.n.item(), trace.states.h[1].item(), J.item()
        close([made[name] for name in ("n", "h", "slope")], wanted)


def floats(case):
    return [float(value) for value in case]


def test_a_pulse_fades_as_in_lib(js):
    cases = [(w, pulse, 40) for w in (0.0, 0.5, 1.0, 1.5, 2.0) for pulse in (0.0, 0.1, 1.0)]
    for case, got in zip(cases, js("rnnPulse", [list(case) for case in cases]), strict=True):
        h, slope = runs.rnn_pulse(*case)
        close(got["h"], h)
        np.testing.assert_allclose(got["slope"], slope, rtol=1e-11)


def test_an_orbit_and_what_is_left_of_its_gradient_are_those_of_lib(js):
    """At random settings, in every corner, and where the gradient explodes, so that rounding does too."""
    rng = np.random.default_rng(9)
    low, high = np.zeros(3), np.array([2, 180, 3])
    cases = [*rng.uniform(low, high, (200, 3)), *product(*zip(low, high, strict=True))]
    cases += [(1.08, 56, 0), (1.5, 56, 0.5), (1.5, 56, 2)]
    cases = [
        dict(zip(["radius", "angle", "strength"], map(float, case), strict=True)) for case in cases
    ]
    given = json.loads(runs.ORBIT.read_text(encoding="utf-8"))
    found = js("orbit", [[case, given] for case in cases])
    for case, got, end in zip(
        cases, found, js("orbitEnd", [[v, of, given] for v, of in zip(cases, found)])
    ):
        h, left = runs.orbit(**case)
        np.testing.assert_allclose(got["h"], h, rtol=0, atol=1e-9)
        np.testing.assert_allclose(got["left"], left, rtol=1e-7)
        params = rnn.Params(
            np.array([[case["strength"], *got["W"][0]], [0, *got["W"][1]]]), np.zeros((2, 1))
        )
        x, start = np.array(given["x"], float)[:, None, None], rnn.State(np.c_[given["h_0"]])
        for t in (1, 30, 60):
            whole = gradients.state_jacobian(rnn, params, x[:t], start)
            np.testing.assert_allclose(left[t], np.linalg.norm(whole, 2), rtol=1e-7)
        np.testing.assert_allclose(end["size"], np.linalg.norm(h[-1]), atol=1e-9)


def test_every_end_of_an_orbit_comes_about_and_is_what_the_last_steps_show(js):
    """Its name is what the sentence is made from; every one by its own rule, over the whole of both sliders."""
    given = json.loads(runs.ORBIT.read_text(encoding="utf-8"))
    cases = [
        dict(radius=radius / 100, angle=angle, strength=strength)
        for radius, angle, strength in product(range(0, 201, 20), range(0, 181, 10), (0, 0.1, 2))
    ]
    cases += [
        dict(radius=r / 100, angle=a, strength=0)
        for r, a in product([*range(90, 100), *range(120, 200, 4)], (8, 9, 12, 171))
    ]
    found = js("orbit", [[case, given] for case in cases])
    ends = js("orbitEnd", [[case, of, given] for case, of in zip(cases, found, strict=True)])
    assert [
        end_of(case, np.array(of["h"]), given["x"]) for case, of in zip(cases, found, strict=True)
    ] == [(end["kind"], end["follows"]) for end in ends]
    kinds = "zero shrinks rests flips circles unsettled shaken driven pushed".split()
    assert {end["kind"] for end in ends} == set(kinds)


def end_of(case, h, x):
    """(kind, at how many of the last 20 steps unit 1 has had the input's sign)."""
    recent, size = h[-21:], np.linalg.norm(h[-1])
    follows = int((np.sign(recent[1:, 0]) == x[-20:]).sum())
    if case["strength"]:
        steady = len(np.unique(np.sign(recent), axis=0)) == 1
        return "shaken" if steady else "driven" if follows > 15 else "pushed", follows
    turned = np.cross(np.pad(recent[:-1], [(0, 0), (0, 1)]), np.pad(recent[1:], [(0, 0), (0, 1)]))[
        :, 2
    ]
    lengths = np.linalg.norm(recent, axis=1)
    rules = {
        "zero": np.abs(h[-1]).max() < 0.005,
        "shrinks": case["radius"] <= 1,
        "rests": np.linalg.norm(h[-1] - h[-2]) <= 0.0002 * size,
        "flips": np.linalg.norm(h[-1] + h[-2]) <= 0.0002 * size,
        "circles": (turned > 0.02 * lengths[1:] * lengths[:-1]).all(),
        "unsettled": True,
    }
    return next(kind for kind, so in rules.items() if so), follows


def test_the_gradient_by_every_path_is_the_backward_pass_of_lib(js):
    cases = [(f, w, 40) for f in (0.5, 0.9, 1.0) for w in (0.0, 0.5, 4.0)]
    for case, got in zip(cases, js("lstmUnit", [list(case) for case in cases]), strict=True):
        direct, whole = runs.lstm_unit(*case)
        np.testing.assert_allclose(got["direct"], direct, rtol=1e-11)
        np.testing.assert_allclose(got["whole"], whole, rtol=1e-9)


def test_one_step_back_is_the_backward_pass_of_lib(js):
    """The gates given, at random, in every corner, and with the roads of the fork shut."""
    rng = np.random.default_rng(10)
    low, high = np.array([[0, 0, 0, -1, 0, 0], [1, 1, 1, 1, 1, 2]])
    cases = [*rng.uniform(low, high, (300, 6)), *product(*zip(low, high, strict=True))]
    cases = [
        dict(zip(["i", "f", "o", "g", "o_1", "w"], floats(case), strict=True)) for case in cases
    ]
    given = runs.second_step()
    for case, got in zip(cases, js("lstmStepBack", [[case, given] for case in cases]), strict=True):
        wanted = runs.step_back(**case)
        assert set(got) == set(wanted)
        close([got[name] for name in wanted], [*wanted.values()])


def test_half_life(js):
    f = np.linspace(0.05, 0.999, 50).tolist()
    close(0.5, [g**t for g, t in zip(f, js("halfLife", [[g] for g in f]), strict=True)])


def test_a_scheduled_unit_is_a_run_of_lib_with_its_gates_held(js):
    rng = np.random.default_rng(8)
    plans = [(5, 35, 0.0, 1.0, 0.0), (40, 2, 1.0, 1.0, 1.0), (1, 40, 0.0, 0.0, 0.0)]
    plans += [(*rng.integers(2, 41, 2), *rng.uniform(size=3)) for _ in range(50)]
    traces = [runs.scheduled(*plan) for plan in plans]
    cases = [
        [{name: getattr(trace.gates, name)[:, 0, 0].tolist() for name in "ifog"}]
        for trace in traces
    ]
    for trace, got in zip(traces, js("lstmRun", cases), strict=True):
        close(got["c"], trace.states.c[:, 0, 0])
        close(got["h"], trace.states.h[:, 0, 0])


def test_what_a_cell_costs_is_what_lib_holds(js):
    """Parameters and bytes are counted in lib; a step multiplies once a weight, and in the gates' three products."""
    sizes = [(1, 1), (4, 8), (32, 64), (128, 128), (3, 100)]
    for cell, blocks in [(rnn, 1), (gru, 3), (lstm, 4)]:
        got = js("costs", [[blocks, D, H] for D, H in sizes])
        for (D, H), cost in zip(sizes, got, strict=True):
            params = cell.init_params(np.random.default_rng(0), D, H)
            assert cost == {
                "parameters": params.W.size + params.b.size,
                "bytes": sum(part.nbytes for part in cell.zero_state(params, 1)),
                "products": params.W.size + (3 * H if blocks > 1 else 0),
            }


@pytest.mark.parametrize("cell", [lstm, gru], ids=["lstm", "gru"])
def test_the_trained_model_says_in_the_page_what_it_says_in_python(browser, cell):
    """Every gate, held in one unit or all, at one step or all: probabilities to 1e-9, and the same word."""
    lab = live.hello_lesions(hello_model(cell))
    names = "ifog" if cell is lstm else "rzn"
    cuts = list(product(["none", *names, f"−{names[-1]}"], [0, 0.37, 1], [0, 1, 8], [0, 1, 4]))
    page = browser.new_page()
    page.evaluate(
        join("hello_lesions.js").replace("export default", "const shown =")
        + "; window.hello = { reads, spells }"
    )
    values = [dict(zip(["gate", "at", "unit", "step"], cut, strict=True)) for cut in cuts]
    read, spelled = page.evaluate(
        "([data, all]) => [hello.reads, hello.spells].map((f) => all.map((v) => f(data, v)))",
        [lab.data, values],
    )
    page.close()
    words = set()
    for cut, p, word in zip(values, read, spelled, strict=True):
        hold = runs.hello_hold(**cut, H=8)
        y = train.run(hello_model(cell), tasks.hello().x, hold=hold).y
        np.testing.assert_allclose(p, softmax(y)[:, :, 0], rtol=0, atol=1e-9)
        assert word == runs.hello_spelled(hello_model(cell), hold)
        words.add(word)
    assert "hello" in words and len(words) > 3
    assert train.spell(hello_model(cell), "h", 5, tasks.HELLO) == spelled[0] == "hello"
