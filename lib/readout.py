"""The read-out: what the hidden state says aloud.

    y_t = W_y h_t + b_y

h is (H, B) or a whole run (T, H, B); W is (V, H), b is (V, 1); y has V rows, one for each output.
The cell's start holds no output: hand over `trace.states.h[1:]`.
"""

from typing import NamedTuple

import numpy as np

from lib import checks

__all__ = ["Params", "Grads", "init_params", "forward", "backward"]


class Params(NamedTuple):
    """What is learned."""

    W: np.ndarray  # (V, H)
    b: np.ndarray  # (V, 1)


class Grads(NamedTuple):
    """The loss's gradient: by the parameters and by the hidden states."""

    params: Params
    h: np.ndarray  # as h


def init_params(rng, hidden_size, output_size, dtype=np.float64):
    """First Params for H units and V outputs: W (V, H) from U(-1/√H, 1/√H), b (V, 1) = 0.

    Raises ValueError for sizes below 1 or a dtype other than float32 and float64; TypeError for an
    rng that is no generator.
    """
    H, V = checks.size("hidden_size", hidden_size), checks.size("output_size", output_size)
    dtype = checks.float_type(dtype)
    W = checks.generator(rng).uniform(-1, 1, (V, H)) / np.sqrt(H)
    return Params(W.astype(dtype), np.zeros((V, 1), dtype))


def forward(params, h):
    """y = W h + b: y (T, V, B) from h (T, H, B); for one step, y (V, B) from h (H, B).

    Raises ValueError for wrong shapes, NaN or infinity; TypeError for what is no real number.
    """
    W, b = checked(params)
    return W @ states("h", h, W.shape[1], W.dtype) + b


def backward(params, h, dy):
    """Gradients of a loss whose slope at y is dy (T, V, B), or (V, B) for one step -> Grads.

    dW = Σ dy hᵀ,  db = Σ dy,  dh = Wᵀ dy          (sums over steps and sequences)

    h is (T, H, B) or (H, B), as in `forward`. Errors as there.
    """
    W, _ = checked(params)
    h = states("h", h, W.shape[1], W.dtype)
    dy = checks.shaped("dy", dy, (*h.shape[:-2], len(W), h.shape[-1]), W.dtype)
    dW = (dy @ h.swapaxes(-1, -2)).reshape(-1, *W.shape).sum(axis=0)
    db = dy.reshape(-1, len(W), h.shape[-1]).sum(axis=(0, 2))[:, None]
    return Grads(Params(dW, db), W.T @ dy)


def checked(params):
    """(W, b) of a read-out, W (V, H), b (V, 1)."""
    W, b = checks.record("params", params, Params._fields, Params)
    W = checks.shaped("params.W", W, ("V", "H"))
    return W, checks.shaped("params.b", b, (len(W), 1), W.dtype)


def states(name, h, size, dtype):
    """h as (T, size, B), or (size, B)."""
    h = checks.real_array(name, h, dtype)
    return checks.shaped(name, h, ("T", size, "B") if h.ndim == 3 else (size, "B"), dtype)
