"""What `lib` computes with the values that stand at an explorer, under the names that are written at its sliders."""

import json
import re
from functools import cache

import numpy as np
from test_live_shown import lstm_units
from words import GATES

from lib import gradients, gru, losses, lstm, readout, rnn, tasks, train
from lib.live import join, runs
from lib.losses import softmax

TASK, LENGTHS, ORBIT = (
    json.loads((join.HERE / "diagrams" / f"{name}.json").read_text(encoding="utf-8"))
    for name in ("distractors", "tasks", "orbit")
)


STEPS = len(ORBIT["x"])


BY_HAND = "f_2", "i_2", "o_2", "g_2", "o_1", "w"  # what an explorer of the step back moves


def step_back_of(at):
    """All symbols of two steps of one unit, the first held so that it leaves c_1, and of the way back; and what comes
    to c_1 by c, the weights of h_1 being cut, and by h, the rest."""
    params, x, start, y = runs.two_steps()
    c_1 = lstm.forward(params, x, start).states.c[1].item()
    f, i, o, g, o_1, w = (at[name] for name in ("f_2", "i_2", "o_2", "g_2", "o_1", "w"))
    W = params.W * [0, w]
    far = np.array([i, f, o, (1 + g) / 2]).clip(1e-300, 1 - 1e-16)
    a = np.log(far / (1 - far)) * [1, 1, 1, 0.5]  # tanh(a) is 2 σ(2 a) - 1
    unit = lstm.Params(W, column(*a) - W[:, 1:] * o_1 * np.tanh(c_1))
    first = {
        name: column(value, np.nan)[:, :, None]
        for name, value in dict(i=0, f=1, o=o_1, g=0).items()
    }
    trace = lstm.forward(unit, np.zeros((2, 1, 1)), lstm.State(column(c_1), column(0)), first)
    h_1, h_2 = trace.states.h[1:, 0, 0]
    dh = np.array([0, h_2 - y])[:, None, None]
    back, cut = (lstm.backward(params, trace, dh) for params in (unit, lstm.Params(0 * W, unit.b)))
    (_, dc_1, dc_2), (_, dh_1, dh_2) = back.states.c[:, 0, 0], back.states.h[:, 0, 0]
    env = {name: at[name] for name in BY_HAND} | {
        "c_1": c_1,
        "c_2": trace.states.c[2].item(),
        "y": y,
    }
    env |= {"h_1": h_1, "h_2": h_2, "δh_1": dh_1, "δh_2": dh_2, "δc_1": dc_1, "δc_2": dc_2}
    env |= {"L": losses.squared_error(np.array([[[h_2]]]), np.array([[[y]]])).value / 2}
    env |= {f"δa_{gate}": da for gate, da in zip("ifog", back.params.b[:, 0], strict=True)}
    env |= {f"w_{gate}": weight for gate, weight in zip("ifog", params.W[:, 1], strict=True)}
    by_c = cut.states.c[1].item()
    for gate in "fiog":  # c_2 and h_2 are linear in a gate, the others held
        shut, open_ = (
            lstm_once(**{**dict(f=f, i=i, o=o, g=g), gate: value}, c=c_1) for value in (0.0, 1.0)
        )
        state = "h" if gate == "o" else "c"
        env[f"δ{gate}_2"] = env[f"δ{state}_2"] * (open_[f"{state}_t"] - shut[f"{state}_t"])
    return {**env, "by c": by_c, "by h": dc_1 - by_c}


def column(*values):
    return np.array(values, float)[:, None]


def item(part):
    return {name: values.item() for name, values in part._asdict().items()}


def lstm_once(f, i, o, g, c):
    """One step of `lib` with its gates held -> all its symbols."""
    params = lstm.Params(np.zeros((4, 2)), np.zeros((4, 1)))
    gates, state = lstm.step(
        params, column(0), lstm.State(column(c), column(0)), dict(f=f, i=i, o=o, g=g)
    )
    state = item(state)
    return {**item(gates), "c_t−1": c, "c_t": state["c"], "h_t": state["h"]}


def gru_once(z, r, h, p=0.0, w=0.0, n=None):
    """One step of `lib` with its gates held -> all its symbols, and what the state answers to the one before."""
    params = gru.Params(np.array([[0, 0], [0, 0], [1, w]], float), np.zeros((3, 1)))
    hold = {"z": z, "r": r} | ({} if n is None else {"n": n})
    gates, state = gru.step(params, column(p), gru.State(column(h)), hold)
    by = gradients.state_jacobian(gru, params, column(p)[None], gru.State(column(h)), hold).item()
    found = {"p": p, "w": w, "h_t−1": h, "h_t": state.h.item(), "∂h_t/∂h_t−1": by}
    return {**item(gates), **found}


def of_lstm(at, **other):
    at = {**at, **other}
    return lstm_once(*(at[name] for name in "fiog"), at["c_t−1"])


def of_gru(at, **other):
    at = {**at, **other}
    return gru_once(at["z"], at["r"], at["h_t−1"], at["p"], at["w"], at.get("n"))


def forget_gate(bias):
    params = lstm.Params(np.zeros((4, 2)), column(0, bias, 0, 0))
    return lstm.step(params, column(0), lstm.zero_state(params, 1))[0].f.item()


def kept(f, steps):
    """What a memory of 1 has become after so many steps with nothing written."""
    params = lstm.Params(np.zeros((4, 2)), np.zeros((4, 1)))
    start = lstm.State(column(1), column(0))
    return (
        lstm.forward(params, np.zeros((steps, 1, 1)), start, {"f": f, "i": 0.0}).states.c[-1].item()
    )


@cache
def after_pulse(w, pulse, steps):
    """(h_0 … h_T, dh_T/dh_0) of one unit that has read a pulse at step 0 and nothing since."""
    params = rnn.Params(np.array([[1.0, w]]), np.zeros((1, 1)))
    x = np.zeros((steps + 1, 1, 1))
    x[0] = pulse
    trace = rnn.forward(params, x)
    back = rnn.backward(params, trace, np.zeros_like(x), rnn.State(column(1)))
    return trace.states.h[1:, 0, 0], back.states.h[1].item()


def two_units(at):
    """The RNN of two units that the labels tell."""
    turned = at["ρ"] * np.exp(1j * np.deg2rad(at["θ"]))
    W = np.array([[at["s"], turned.real, -turned.imag], [0, turned.imag, turned.real]])
    return rnn.Params(W, np.zeros((2, 1)))


def orbit_of(at, steps=STEPS):
    """h_0 … h_T of it under the explorer's input, and 0 after that: (T + 1, 2)."""
    x = np.zeros((steps, 1, 1))
    x[:STEPS, 0, 0] = ORBIT["x"][:steps]
    return rnn.forward(two_units(at), x, rnn.State(column(*ORBIT["h_0"]))).states.h[:, :, 0]


def owed_to_first(at, steps=STEPS):
    """∂h_T/∂h_0, (2, 2)."""
    x = column(*ORBIT["x"][:steps])[:, :, None]
    return gradients.state_jacobian(rnn, two_units(at), x, rnn.State(column(*ORBIT["h_0"])))


def left_of_gradient(at, steps=STEPS):
    """The largest factor by which a change of h_0 arrives at h_T."""
    return np.linalg.norm(owed_to_first(at, steps), 2) if steps else 1.0


@cache
def roads(every):
    """For many (f, w, T): the LSTM's forget gates and its whole derivative."""
    f, w, T = np.array(every).T
    direct, whole = lstm_units(f, w, int(T.max()))
    found = {}
    for k, key in enumerate(every):
        t = int(key[2])
        gates = direct[1 : t + 1, k] / direct[:t, k]
        found[key] = dict(f_t=gates, direct=direct[t, k], whole=whole[t, k])
        found[key] |= dict(every=(direct[:, k], np.abs(whole[:, k])))
    return found


def gates_from_weights(at):
    """What the four gates are made from, and what they are."""
    W = np.array([[at[f"w_{gate}{by}"] for by in "xh"] for gate in lstm.Gates._fields])
    b = column(*(at[f"b_{gate}"] for gate in lstm.Gates._fields))
    state = lstm.State(column(0), column(at["h_t−1"]))
    gates = item(lstm.step(lstm.Params(W, b), column(at["x_t"]), state)[0])
    return dict(zip(gates, W @ [at["x_t"], at["h_t−1"]] + b[:, 0], strict=True)), gates


def scheduled(at, bit=1.0):
    """The run that the labels tell: gates open at their steps and stand otherwise as told; where i opens, f is 0."""
    g = np.array(TASK["g"])
    g[TASK["bit_at"] - 1] = bit
    gates = {gate: np.full(len(g), at[f"{gate} otherwise"]) for gate in "ifo"}
    for gate in "io":
        gates[gate][int(at[f"{gate} opens at step"]) - 1] = 1
    gates["f"][int(at["i opens at step"]) - 1] = 0
    hold = {name: values[:, None, None] for name, values in {**gates, "g": g}.items()}
    params = lstm.Params(np.zeros((4, 2)), np.zeros((4, 1)))
    return lstm.forward(params, np.zeros((len(g), 1, 1)), hold=hold)


def at_step(trace, t):
    """The symbols of one step of a run."""
    env = {gate: getattr(trace.gates, gate)[t - 1].item() for gate in "ifog"}
    for state in "ch":
        values = getattr(trace.states, state)
        env |= {f"{state}_t": values[t].item(), f"{state}_t−1": values[t - 1].item()}
    return env


CELLS = {"RNN": (rnn, 1), "GRU": (gru, 3), "LSTM": (lstm, 4)}


@cache
def costs(name, D, H):
    cell, blocks = CELLS[name]
    params = cell.init_params(np.random.default_rng(0), D, H)
    return {
        "parameters": params.W.size + params.b.size,
        "bytes of state": sum(part.nbytes for part in cell.zero_state(params, 1)),
        "multiply-adds a step": params.W.size + (3 * H if blocks > 1 else 0),
    }


def lesion(at):
    """(gate or None, the value it is held at) of a button's words."""
    if at["gate"] == "no gate":
        return None, None
    minus, gate, words, negative = re.fullmatch(r"(−?)(\w) (\w+)(, negative)?", at["gate"]).groups()
    assert words == GATES[gate] and bool(minus) == bool(negative), at["gate"]
    return gate, -at["value it is held at"] if minus else at["value it is held at"]


def cut(lab, at):
    """(shares of the next letter (4, 4), the word, the loss) of the explorer's model under the knife."""
    model = runs.hello_model(lab.data)
    H = model.readout.W.shape[1]
    gate, held = lesion(at)
    hold = None
    if gate:
        values = np.full((4, H, 1), np.nan)
        unit, step = int(at["unit, 0: all"]), int(at["step t, 0: all"])
        values[
            slice(step - 1, step) if step else slice(None),
            slice(unit - 1, unit) if unit else slice(None),
        ] = held
        hold = {gate: values}
    y = train.run(model, tasks.hello().x, hold=hold).y
    word, state = "h", model.cell.zero_state(model.params, 1)
    for t in range(4):
        now = hold and {gate: hold[gate][t]}
        _, state = model.cell.step(
            model.params, tasks.one_hot(word[-1], tasks.HELLO)[0], state, now
        )
        word += tasks.HELLO[int(readout.forward(model.readout, state.h).argmax())]
    return softmax(y)[:, :, 0], word, losses.cross_entropy(y, tasks.hello().targets).value


ALL = {"unit, 0: all": 0, "step t, 0: all": 0}  # a lesion of every unit at every step


def same(a, b):
    return abs(a - b) <= 1e-12 * max(1, abs(a), abs(b))


def moves(of, at, result, **by):
    """By how much a result moves with one of the symbols."""
    ((symbol, values),) = by.items()
    symbol = symbol.replace("_before", "_t−1")
    return abs(np.diff([of(at, **{symbol: v})[result] for v in values])[0])
