"""The gated recurrent unit: one state, which two gates rewrite in part.

    r, z = σ(W_rz [x_t; h_{t-1}] + b_rz)         how much the candidate sees; how much it writes
    n    = tanh(W_n [x_t; r ⊙ h_{t-1}] + b_n)    the candidate: what could be written
    h_t  = (1 - z) ⊙ h_{t-1} + z ⊙ n             z writes, 1 - z keeps

Columns are sequences: x_t is (D, B), h is (H, B). W is (3H, D+H), b is (3H, 1), rows in order
r, z, n. Source: Chung et al. 2014 (Cho et al. 2014 write z for *keep*; some frameworks let r act
after the product: both are forks of the same cell).
"""

from typing import NamedTuple

import numpy as np

from lib import checks, initial
from lib.activations import sigmoid, sigmoid_slope, tanh_slope
from lib.gradients import over_steps


class Params(NamedTuple):
    """What is learned."""

    W: np.ndarray  # (3H, D+H), rows in order r, z, n
    b: np.ndarray  # (3H, 1)


class State(NamedTuple):
    """What is carried from step to step; in a trace (T+1, H, B), index 0 being the start."""

    h: np.ndarray  # (H, B), kept and shown


class Gates(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace."""

    r: np.ndarray  # reset gate, in (0, 1)
    z: np.ndarray  # update gate, in (0, 1); open means write
    n: np.ndarray  # candidate, in (-1, 1)


class Trace(NamedTuple):
    """A whole run; states.h[t] is h_t, and the gates that made it are gates.z[t - 1]."""

    x: np.ndarray  # (T, D, B)
    gates: Gates  # (T, H, B) each
    states: State  # (T+1, H, B)
    held: dict  # {gate: (values, held entries)}: no gradient goes through a held entry


class Grads(NamedTuple):
    """The loss's gradient: by the parameters, by the inputs, and by every state."""

    params: Params
    x: np.ndarray  # (T, D, B)
    states: State  # (T+1, H, B)


def init_params(
    rng,
    input_size,
    hidden_size,
    update_bias=0.0,
    recurrent="uniform",
    dtype=np.float64,
    inputs=None,
):
    """First Params for D inputs and H units. The bias is one number, or one for each unit (H,).

    An update bias below 0 lets the young cell keep more: at -2 it keeps 1 - σ(-2) = 88 % a step.
    W (3H, D+H) comes from `initial.weights`. Raises ValueError for a size below 1, a bias of another
    shape or not finite, an unknown `recurrent` start; TypeError for an rng that is no generator.
    """
    W = initial.weights(rng, 3, input_size, hidden_size, recurrent, dtype, inputs)
    H = hidden_size
    b = np.zeros((3 * H, 1), dtype)
    b[H : 2 * H] = initial.bias("update_bias", update_bias, H, dtype)
    return Params(W, b)


def zero_state(params, batch):
    """State of zeros, h (H, B), for B = `batch` sequences; ValueError for a batch below 1."""
    W, _, _, H = checks.weights(params, 3, Params)
    return checks.state("state", None, State, (H, checks.size("batch", batch)), W.dtype)


def step(params, x_t, state, hold=None):
    """One step: x_t (D, B) and the state before it -> (Gates, the state after it).

    `hold={"z": 1.0}` holds a gate at a number or an array that broadcasts to (H, B), NaN leaving
    an entry free. Raises ValueError for wrong shapes, NaN or infinity, unknown gates; TypeError
    for what is no real number.
    """
    W, b, D, H = checks.weights(params, 3, Params)
    x_t = checks.shaped("x_t", x_t, (D, "B"), W.dtype)
    B = x_t.shape[1]
    (h_prev,) = checks.state("state", state, State, (H, B), W.dtype)
    held = checks.holds(hold, Gates._fields, (H, B), W.dtype)

    W_rz, W_n = W[: 2 * H], W[2 * H :]
    a_r, a_z = np.split(W_rz @ np.concatenate([x_t, h_prev]) + b[: 2 * H], 2)
    r, z = sigmoid(a_r), sigmoid(a_z)
    checks.put_held(held, r=r, z=z)
    a_n = W_n @ np.concatenate([x_t, r * h_prev]) + b[2 * H :]
    n = np.tanh(a_n)
    checks.put_held(held, n=n)
    h = (1 - z) * h_prev + z * n
    return Gates(r, z, n), State(h)


def forward(params, x, state=None, hold=None):
    """A whole run over x (T, D, B), from `state` or from zeros -> Trace.

    `hold` as in `step`, broadcasting to (T, H, B). Errors as in `step`.
    """
    W, b, D, H = checks.weights(params, 3, Params)
    x = checks.shaped("x", x, ("T", D, "B"), W.dtype)
    T, _, B = x.shape
    start = checks.state("state", state, State, (H, B), W.dtype)
    held = checks.holds(hold, Gates._fields, (T, H, B), W.dtype)

    W_rz, W_n = np.split(np.concatenate([W, b], axis=1), [2 * H])
    W_rz *= -1  # σ(a) = 1 / (1 + e^-a)
    columns = np.ones((T + 1, D + H + 1, B), W.dtype)  # [x_t; h_{t-1}; 1]
    columns[:T, :D] = x
    x = columns[:T, :D]  # the run's own, whatever becomes of the caller's
    h = columns[:, D:-1]
    h[0] = start.h
    seen = columns[T].copy()  # [x_t; r ⊙ h_{t-1}; 1]
    a = np.empty((T, 3 * H, B), W.dtype)  # squashed where it stands, into the gates
    gates = Gates(*a.reshape(T, 3, H, B).swapaxes(0, 1))
    with np.errstate(over="ignore", under="ignore"):  # a huge e^-a is infinity, and its gate 0
        for t, (r, z, n) in enumerate(zip(*gates, strict=True)):
            rz = np.matmul(W_rz, columns[t], out=a[t, : 2 * H])
            np.exp(rz, out=rz)
            rz += 1
            np.reciprocal(rz, out=rz)
            if held:
                checks.put_held(checks.held_at(held, t), r=r, z=z)
            seen[:D] = x[t]
            np.multiply(r, h[t], out=seen[D:-1])
            np.tanh(np.matmul(W_n, seen, out=n), out=n)
            if held:
                checks.put_held(checks.held_at(held, t), n=n)
            h[t + 1] = (1 - z) * h[t] + z * n
    return Trace(x, gates, State(h), held)


def backward(params, trace, dh, dstate=None):
    """Gradients of a loss whose own slope at every h_t is dh (T, H, B) -> Grads.

    `dstate` is what arrives at the last state from beyond. params are those of `forward`: the trace
    does not keep them, and they must not have been changed since. Raises TypeError for a trace of
    another cell, ValueError for sizes or a dtype that do not fit. Read it beside `forward`, from the
    bottom up.
    """
    W, _, D, H = checks.weights(params, 3, Params)
    T, B = checks.run(trace, Trace, D, H, W.dtype)
    dh = checks.shaped("dh", dh, (T, H, B), W.dtype)
    dstate = checks.state("dstate", dstate, State, (H, B), W.dtype)
    W_x, W_h = W[:, :D], W[:, D:]
    h = trace.states.h

    d = State(np.zeros((T + 1, H, B), W.dtype))
    d.h[1:] = dh  # from the loss, at each step
    d.h[T] += dstate.h
    r, z, n = trace.gates
    da = slopes(trace)  # every path into a gate ends with the gate's own slope
    for t in reversed(range(T)):
        da[t, 2] *= d.h[t + 1] * z[t]  # through h = (1 - z) h + z n
        da[t, 1] *= d.h[t + 1] * (n[t] - h[t])
        d_rh = W_h[2 * H :].T @ da[t, 2]  # through n, which sees r h
        da[t, 0] *= d_rh * h[t]
        d.h[t] += d.h[t + 1] * (1 - z[t])  # the additive road: only 1 - z stands in the way
        d.h[t] += d_rh * r[t]  # the road through the candidate
        d.h[t] += W_h[: 2 * H].T @ da[t, :2].reshape(2 * H, B)  # the road through r and z
    da = da.reshape(T, 3 * H, B)
    dW_rz, db_rz = over_steps(da[:, : 2 * H], trace.x, h[:T])
    dW_n, db_n = over_steps(da[:, 2 * H :], trace.x, r * h[:T])
    dparams = Params(np.concatenate([dW_rz, dW_n]), np.concatenate([db_rz, db_n]))
    return Grads(dparams, W_x.T @ da, d)


def slopes(trace):
    """(T, 3, H, B): each gate's slope by its pre-activation, from the gate; 0 where it was held."""
    r, z, n = trace.gates
    slope = np.stack([sigmoid_slope(r), sigmoid_slope(z), tanh_slope(n)], axis=1)
    for gate, (_, held) in trace.held.items():
        slope[:, Gates._fields.index(gate)][held] = 0
    return slope
