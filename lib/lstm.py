"""Long short-term memory: a cell state that is kept, and a hidden state that is shown.

    [a_i; a_f; a_o; a_g] = W [x_t; h_{t-1}] + b
    i, f, o = σ(a_i), σ(a_f), σ(a_o)     how much enters, stays, shows
    g       = tanh(a_g)                  the candidate: what could enter
    c_t     = f ⊙ c_{t-1} + i ⊙ g        kept
    h_t     = o ⊙ tanh(c_t)              shown

Columns are sequences: x_t is (D, B), c and h are (H, B). W is (4H, D+H), b is (4H, 1),
rows in order i, f, o, g. Source: Hochreiter & Schmidhuber 1997; f: Gers et al. 2000.
"""

from typing import NamedTuple

import numpy as np

from lib import checks, initial
from lib.activations import sigmoid, sigmoid_slope, tanh_slope
from lib.gradients import over_steps


class Params(NamedTuple):
    """What is learned."""

    W: np.ndarray  # (4H, D+H), rows in order i, f, o, g
    b: np.ndarray  # (4H, 1)


class State(NamedTuple):
    """What is carried from step to step; in a trace (T+1, H, B), index 0 being the start."""

    c: np.ndarray  # (H, B), what the cell keeps
    h: np.ndarray  # (H, B), what it shows


class Gates(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace."""

    i: np.ndarray  # input gate, in (0, 1)
    f: np.ndarray  # forget gate, in (0, 1); open means remember
    o: np.ndarray  # output gate, in (0, 1)
    g: np.ndarray  # candidate, in (-1, 1)


class Trace(NamedTuple):
    """A whole run; states.c[t] is c_t, and the gates that made it are gates.f[t - 1]."""

    x: np.ndarray  # (T, D, B)
    gates: Gates  # (T, H, B) each
    states: State  # (T+1, H, B) each
    held: dict  # {gate: (values, held entries)}: no gradient goes through a held entry


class Grads(NamedTuple):
    """The loss's gradient: by the parameters, by the inputs, and by every state."""

    params: Params
    x: np.ndarray  # (T, D, B)
    states: State  # (T+1, H, B) each


def init_params(
    rng,
    input_size,
    hidden_size,
    forget_bias=1.0,
    input_bias=0.0,
    recurrent="uniform",
    dtype=np.float64,
    inputs=None,
):
    """First Params for D inputs and H units. A bias is one number, or one for each unit (H,).

    The forget bias is 1 so that the young cell keeps σ(1) = 73 % of its state a step instead of
    50 % (Gers et al. 2000; Jozefowicz et al. 2015). Long gaps need more: see `initial.chrono`.
    W (4H, D+H) comes from `initial.weights`. Raises ValueError for a size below 1, a bias of another
    shape or not finite, an unknown `recurrent` start; TypeError for an rng that is no generator.
    """
    W = initial.weights(rng, 4, input_size, hidden_size, recurrent, dtype, inputs)
    H = hidden_size
    b = np.zeros((4 * H, 1), dtype)
    b[:H] = initial.bias("input_bias", input_bias, H, dtype)
    b[H : 2 * H] = initial.bias("forget_bias", forget_bias, H, dtype)
    return Params(W, b)


def zero_state(params, batch):
    """State of zeros, c and h (H, B), for B = `batch` sequences; ValueError for a batch below 1."""
    W, _, _, H = checks.weights(params, 4, Params)
    return checks.state("state", None, State, (H, checks.size("batch", batch)), W.dtype)


def step(params, x_t, state, hold=None):
    """One step: x_t (D, B) and the state before it -> (Gates, the state after it).

    `hold={"f": 1.0}` holds a gate at a number or an array that broadcasts to (H, B), NaN leaving
    an entry free. Raises ValueError for wrong shapes, NaN or infinity, unknown gates; TypeError
    for what is no real number.
    """
    W, b, D, H = checks.weights(params, 4, Params)
    x_t = checks.shaped("x_t", x_t, (D, "B"), W.dtype)
    B = x_t.shape[1]
    c_prev, h_prev = checks.state("state", state, State, (H, B), W.dtype)
    held = checks.holds(hold, Gates._fields, (H, B), W.dtype)

    a_i, a_f, a_o, a_g = np.split(W @ np.concatenate([x_t, h_prev]) + b, 4)
    gates = Gates(sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g))
    i, f, o, g = gates
    checks.put_held(held, i=i, f=f, o=o, g=g)
    c = f * c_prev + i * g
    h = o * np.tanh(c)
    return gates, State(c, h)


def forward(params, x, state=None, hold=None):
    """A whole run over x (T, D, B), from `state` or from zeros -> Trace.

    `hold` as in `step`, broadcasting to (T, H, B). Errors as in `step`.
    """
    W, b, D, H = checks.weights(params, 4, Params)
    x = checks.shaped("x", x, ("T", D, "B"), W.dtype)
    T, _, B = x.shape
    start = checks.state("state", state, State, (H, B), W.dtype)
    held = checks.holds(hold, Gates._fields, (T, H, B), W.dtype)

    W_b = np.concatenate([W, b], axis=1)
    W_b[: 3 * H] *= -1  # σ(a) = 1 / (1 + e^-a)
    columns = np.ones((T + 1, D + H + 1, B), W.dtype)  # [x_t; h_{t-1}; 1]
    columns[:T, :D] = x
    x = columns[:T, :D]  # the run's own, whatever becomes of the caller's
    h = columns[:, D:-1]
    c = np.empty((T + 1, H, B), W.dtype)
    c[0], h[0] = start
    a = np.empty((T, 4 * H, B), W.dtype)  # squashed where it stands, into the gates
    gates = Gates(*a.reshape(T, 4, H, B).swapaxes(0, 1))
    a_ifo = a[:, : 3 * H]
    with np.errstate(over="ignore", under="ignore"):  # a huge e^-a is infinity, and its gate 0
        for t, (i, f, o, g) in enumerate(zip(*gates, strict=True)):
            np.matmul(W_b, columns[t], out=a[t])
            ifo = a_ifo[t]
            np.exp(ifo, out=ifo)
            ifo += 1
            np.reciprocal(ifo, out=ifo)
            np.tanh(g, out=g)
            if held:
                checks.put_held(checks.held_at(held, t), i=i, f=f, o=o, g=g)
            c_t = np.multiply(f, c[t], out=c[t + 1])
            c_t += i * g
            np.multiply(o, np.tanh(c_t), out=h[t + 1])
    return Trace(x, gates, State(c, h), held)


def backward(params, trace, dh, dstate=None):
    """Gradients of a loss whose own slope at every h_t is dh (T, H, B) -> Grads.

    `dstate` is what arrives at the last state from beyond. params are those of `forward`: the trace
    does not keep them, and they must not have been changed since. Raises TypeError for a trace of
    another cell, ValueError for sizes or a dtype that do not fit. Read it beside `forward`, from the
    bottom up.
    """
    W, _, D, H = checks.weights(params, 4, Params)
    T, B = checks.run(trace, Trace, D, H, W.dtype)
    dh = checks.shaped("dh", dh, (T, H, B), W.dtype)
    dstate = checks.state("dstate", dstate, State, (H, B), W.dtype)
    W_x, W_h = W[:, :D], W[:, D:]
    c, h = trace.states

    d = State(*np.zeros((2, T + 1, H, B), W.dtype))
    d.h[1:] = dh  # from the loss, at each step
    d.c[T] = dstate.c
    d.h[T] += dstate.h
    i, f, o, g = trace.gates
    tanh_c = np.tanh(c[1:])
    shown = o * tanh_slope(tanh_c)
    da = slopes(trace)  # every path into a gate ends with the gate's own slope
    for t in reversed(range(T)):
        d.c[t + 1] += d.h[t + 1] * shown[t]  # through h = o tanh(c)
        da[t, 0] *= d.c[t + 1] * g[t]  # through c = f c + i g
        da[t, 1] *= d.c[t + 1] * c[t]
        da[t, 2] *= d.h[t + 1] * tanh_c[t]  # through h = o tanh(c)
        da[t, 3] *= d.c[t + 1] * i[t]
        d.c[t] = d.c[t + 1] * f[t]  # the additive road: only f stands in the way
        d.h[t] += W_h.T @ da[t].reshape(4 * H, B)  # the road through the four gates
    da = da.reshape(T, 4 * H, B)
    return Grads(Params(*over_steps(da, trace.x, h[:T])), W_x.T @ da, d)


def slopes(trace):
    """(T, 4, H, B): each gate's slope by its pre-activation, from the gate; 0 where it was held."""
    i, f, o, g = trace.gates
    slope = np.stack([sigmoid_slope(i), sigmoid_slope(f), sigmoid_slope(o), tanh_slope(g)], axis=1)
    for gate, (_, held) in trace.held.items():
        slope[:, Gates._fields.index(gate)][held] = 0
    return slope
