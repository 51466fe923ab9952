"""What the explorers compute, in Python: the runs of `lib` behind their pictures, which js/math*.js repeats.

A chapter may ask for the same run that the slider beside it shows.
"""

import json
from pathlib import Path

import numpy as np

from lib import gru, lstm, readout, rnn, tasks, train

DISTRACTORS, ORBIT = (
    Path(__file__).with_name("diagrams") / f"{name}.json" for name in ("distractors", "orbit")
)


def rnn_pulse(w, pulse, steps):
    """A scalar RNN left to itself after a pulse: h_0 … h_T, and dh_t/dh_0."""
    params = rnn.Params(np.array([[0.0, w]]), np.zeros((1, 1)))
    start = rnn.State(np.tanh([[pulse]]))
    h = rnn.forward(params, np.zeros((steps, 1, 1)), start).states.h[:, 0, 0]
    return h, np.concatenate([[1.0], np.cumprod(w * (1 - h[1:] ** 2))])


def orbit(radius, angle, strength):
    """Two units under radius · [[cos, -sin], [sin, cos]], the input on unit 1: h (T+1, 2), and all ‖∂h_t/∂h_0‖."""
    given = json.loads(ORBIT.read_text(encoding="utf-8"))
    c, s = (radius * turn(angle * np.pi / 180) for turn in (np.cos, np.sin))
    params = rnn.Params(np.array([[strength, c, -s], [0, s, c]]), np.zeros((2, 1)))
    T, H = len(given["x"]), 2
    x = np.repeat(np.array(given["x"], float)[:, None, None], H * T, axis=2)
    trace = rnn.forward(params, x, rnn.State(np.repeat(np.c_[given["h_0"]], H * T, axis=1)))
    marks = np.zeros((T, H, T, H))  # one column for each unit of each step
    marks[np.arange(T)[:, None], np.arange(H), np.arange(T)[:, None], np.arange(H)] = 1
    back = rnn.backward(params, trace, marks.reshape(T, H, T * H))
    jacobians = back.states.h[0].reshape(H, T, H).transpose(1, 2, 0)
    return trace.states.h[:, :, 0], np.append(1.0, np.linalg.norm(jacobians, 2, axis=(1, 2)))


def lstm_unit(f, w, steps):
    """A one-unit LSTM left to itself: the product of its forget gates, and dc_t/dc_0 by every path."""
    bias = np.log(f / (1 - f)) if f < 1 else 50.0
    params = lstm.Params(np.array([[0.0, w]] * 4), np.array([[0.0], [bias], [0.0], [0.0]]))
    start = lstm.State(np.ones((1, 1)), np.tanh(np.ones((1, 1))))
    last = lstm.State(np.ones((1, 1)), np.zeros((1, 1)))  # the loss is c_t itself
    whole = [1.0]
    for t in range(1, steps + 1):
        trace = lstm.forward(params, np.zeros((t, 1, 1)), start)
        back = lstm.backward(params, trace, np.zeros((t, 1, 1)), last)
        whole.append(back.states.c[0, 0, 0])
    direct = np.concatenate([[1.0], np.cumprod(trace.gates.f[:, 0, 0])])
    return direct, np.array(whole)


def two_steps():
    """Chapter 3's example by hand, one LSTM unit: Params, x (2, 1, 1), the start, and y, the answer wanted of h_2.

    The loss is (h_2 - y)² / 2, at the end only.
    """
    W = [[-1.6, -0.9], [0.5, -0.6], [-1.4, -2.0], [1.9, 1.0]]  # of x_t and of h_{t-1}
    params = lstm.Params(np.array(W), np.array([[0.0], [1.0], [0.0], [0.0]]))
    start = lstm.State(np.array([[-0.6]]), np.array([[0.3]]))
    return params, np.array([-0.5, -0.8])[:, None, None], start, 0.8


def second_step():
    """What the way back of that example's second step begins with: c_1, y, and the weights of h_1, rows i, f, o, g."""
    params, x, start, y = two_steps()
    c_1 = lstm.forward(params, x[:1], start).states.c[1].item()
    return {"c_1": c_1, "y": y, "W_h": params.W[:, 1].tolist()}


def step_back(f, i, o, g, o_1, w):
    """That step with these gates, o_1 the output gate of step 1, its weights of h_1 times w -> {name: number}.

    Forward and back: d before a name is the loss's slope by it; a_f is the pre-activation of f. What comes to c_1 comes
    by c and by h.
    """
    given = second_step()
    c_1, W_h = given["c_1"], w * np.array(given["W_h"])[:, None]
    tanh_c_1 = np.tanh(c_1)
    h_1 = o_1 * tanh_c_1
    with np.errstate(divide="ignore"):  # a gate that is shut or open has a pre-activation far out
        gates = np.array([[i], [f], [o]])
        a = np.vstack([np.log(gates / (1 - gates)), np.arctanh([[g]])])
    unit = lstm.Params(np.hstack([0 * W_h, W_h]), np.clip(a, -800, 800) - W_h * h_1)
    start = lstm.State(np.array([[c_1]]), np.array([[h_1]]))
    trace = lstm.forward(unit, np.zeros((1, 1, 1)), start)
    back = lstm.backward(unit, trace, trace.states.h[1:] - given["y"])
    c_2, h_2 = trace.states.c[1].item(), trace.states.h[1].item()
    (by_c, dc_2), (dh_1, dh_2) = back.states.c[:, 0, 0], back.states.h[:, 0, 0]
    by_h = dh_1 * o_1 * (1 - tanh_c_1**2)
    forward = dict(c_1=c_1, tanh_c_1=tanh_c_1, h_1=h_1, kept=f * c_1, written=i * g)
    forward |= dict(c_2=c_2, tanh_c_2=np.tanh(c_2), h_2=h_2, y=given["y"], L=dh_2**2 / 2)
    at_gates = dict(do_2=dh_2 * np.tanh(c_2), df_2=dc_2 * c_1, di_2=dc_2 * g, dg_2=dc_2 * i)
    into = dict(zip(["da_i", "da_f", "da_o", "da_g"], back.params.b[:, 0], strict=True))
    ends = dict(dh_2=dh_2, dc_2=dc_2, dh_1=dh_1, by_c=by_c, by_h=by_h, dc_1=by_c + by_h)
    return {**forward, **at_gates, **into, **ends}


def scheduled(write, read, i, f, o):
    """One LSTM unit among the distractors, its gates held by the schedule -> Trace."""
    g = np.array(json.loads(DISTRACTORS.read_text(encoding="utf-8"))["g"])
    gates = {name: np.full(len(g), level) for name, level in dict(i=i, f=f, o=o).items()}
    gates["i"][write - 1], gates["f"][write - 1], gates["o"][read - 1] = 1, 0, 1
    hold = {name: values[:, None, None] for name, values in {**gates, "g": g}.items()}
    params = lstm.Params(np.zeros((4, 2)), np.zeros((4, 1)))
    return lstm.forward(params, np.zeros((len(g), 1, 1)), hold=hold)


def hello_model(data):
    """The trained model that an explorer carries."""
    cell = {"lstm": lstm, "gru": gru}[data["cell"]]
    params, out = (
        kind(np.array(data[name]["W"]), np.array(data[name]["b"])[:, None])
        for kind, name in [(cell.Params, "params"), (readout.Params, "readout")]
    )
    return train.Model(cell, params, out)


def hello_hold(gate, at, unit, step, H):
    """`hold` for every step of "hell": (4, H, 1), NaN where the gate is free."""
    if gate == "none":
        return None
    values = np.full((4, H, 1), np.nan)
    steps, units = slice(None) if step == 0 else step - 1, slice(None) if unit == 0 else unit - 1
    values[steps, units] = -at if gate[0] == "−" else at
    return {gate[-1]: values}


def hello_spelled(model, hold):
    """Five letters from h, the likeliest being the next input, under the hold of each step."""
    word, state = "h", model.cell.zero_state(model.params, 1)
    for t in range(4):
        now = hold and {name: values[t] for name, values in hold.items()}
        x = tasks.one_hot(word[-1], tasks.HELLO)[0]
        _, state = model.cell.step(model.params, x, state, now)
        word += tasks.HELLO[int(readout.forward(model.readout, state.h).argmax())]
    return word
