"""The recurrent network: one state, rewritten whole at every step.

    h_t = tanh(W [x_t; h_{t-1}] + b)

Columns are sequences: x_t is (D, B), h is (H, B). W is (H, D+H), b is (H, 1).
Source: Elman 1990; backward: Rumelhart et al. 1986, Werbos 1990.
"""

from typing import NamedTuple

import numpy as np

from lib import checks, initial
from lib.activations import tanh_slope
from lib.gradients import over_steps


class Params(NamedTuple):
    """What is learned."""

    W: np.ndarray  # (H, D+H)
    b: np.ndarray  # (H, 1)


class State(NamedTuple):
    """What is carried from step to step; in a trace (T+1, H, B), index 0 being the start."""

    h: np.ndarray  # (H, B)


class Trace(NamedTuple):
    """A whole run. The RNN decides nothing, so it has no gates."""

    x: np.ndarray  # (T, D, B)
    gates: None
    states: State  # (T+1, H, B)


class Grads(NamedTuple):
    """The loss's gradient: by the parameters, by the inputs, and by every state."""

    params: Params
    x: np.ndarray  # (T, D, B)
    states: State  # (T+1, H, B)


def init_params(rng, input_size, hidden_size, recurrent="uniform", dtype=np.float64, inputs=None):
    """First Params for D inputs and H units: W (H, D+H) from `initial.weights`, b (H, 1) = 0.

    Raises ValueError for a size below 1 or an unknown `recurrent` start; TypeError for an rng that
    is no generator.
    """
    W = initial.weights(rng, 1, input_size, hidden_size, recurrent, dtype, inputs)
    return Params(W, np.zeros((hidden_size, 1), dtype))


def zero_state(params, batch):
    """State of zeros, h (H, B), for B = `batch` sequences; ValueError for a batch below 1."""
    W, _, _, H = checks.weights(params, 1, Params)
    return checks.state("state", None, State, (H, checks.size("batch", batch)), W.dtype)


def step(params, x_t, state, hold=None):
    """One step: x_t (D, B) and the state before it -> (None, the state after it).

    Raises ValueError for any `hold` (there is no gate), wrong shapes, NaN or infinity;
    TypeError for what is no real number.
    """
    W, b, D, H = checks.weights(params, 1, Params)
    no_gates(hold)
    x_t = checks.shaped("x_t", x_t, (D, "B"), W.dtype)
    (h_prev,) = checks.state("state", state, State, (H, x_t.shape[1]), W.dtype)

    h = np.tanh(W @ np.concatenate([x_t, h_prev]) + b)
    return None, State(h)


def forward(params, x, state=None, hold=None):
    """A whole run over x (T, D, B), from `state` or from zeros -> Trace. Errors as in `step`."""
    W, b, D, H = checks.weights(params, 1, Params)
    no_gates(hold)
    x = checks.shaped("x", x, ("T", D, "B"), W.dtype)
    T, _, B = x.shape
    start = checks.state("state", state, State, (H, B), W.dtype)

    W_b = np.concatenate([W, b], axis=1)
    columns = np.ones((T + 1, D + H + 1, B), W.dtype)  # [x_t; h_{t-1}; 1]
    columns[:T, :D] = x
    x = columns[:T, :D]  # the run's own, whatever becomes of the caller's
    h = columns[:, D:-1]
    h[0] = start.h
    for t in range(T):
        np.tanh(W_b @ columns[t], out=h[t + 1])
    return Trace(x, None, State(h))


def backward(params, trace, dh, dstate=None):
    """Gradients of a loss whose own slope at every h_t is dh (T, H, B) -> Grads.

    `dstate` is what arrives at the last state from beyond. params are those of `forward`: the trace
    does not keep them, and they must not have been changed since. Raises TypeError for a trace of
    another cell, ValueError for sizes or a dtype that do not fit. Read it beside `forward`, from the
    bottom up.
    """
    W, _, D, H = checks.weights(params, 1, Params)
    T, B = checks.run(trace, Trace, D, H, W.dtype)
    dh = checks.shaped("dh", dh, (T, H, B), W.dtype)
    dstate = checks.state("dstate", dstate, State, (H, B), W.dtype)
    W_x, W_h = W[:, :D], W[:, D:]
    h = trace.states.h

    d = State(np.zeros((T + 1, H, B), W.dtype))
    d.h[1:] = dh  # from the loss, at each step
    d.h[T] += dstate.h
    da = tanh_slope(h[1:])
    for t in reversed(range(T)):
        da[t] *= d.h[t + 1]  # through h = tanh(a)
        d.h[t] += W_h.T @ da[t]  # the only road back: through W_h, at every step
    return Grads(Params(*over_steps(da, trace.x, h[:T])), W_x.T @ da, d)


def no_gates(hold):
    """ValueError if the caller wants to hold a gate of a cell that has none."""
    if hold is not None:
        raise ValueError(f"hold: expected None, an RNN has no gates; got {hold!r}")
