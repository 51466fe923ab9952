"""One training loop for any cell and any read-out.

A Model is a cell module (`rnn`, `lstm`, `gru`) with its parameters and a read-out's. Nothing is
changed in place: `fit` returns a new Model.
"""

from types import ModuleType
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from lib import checks, optim, readout
from lib.losses import cross_entropy, softmax
from lib.tasks import Batch, one_hot

__all__ = [
    "Model",
    "Run",
    "Slopes",
    "Fit",
    "init_model",
    "run",
    "states",
    "slopes",
    "fit",
    "accuracy",
    "spell",
]


class Model(NamedTuple):
    """A cell that reads and a read-out that answers."""

    cell: ModuleType
    params: tuple  # the cell's Params
    readout: readout.Params


class Run(NamedTuple):
    """What a model did with a whole input."""

    trace: tuple  # the cell's Trace
    y: np.ndarray  # (T, V, B), the read-out at every step


class Slopes(NamedTuple):
    """A model's gradient on one batch."""

    value: float  # the loss
    learned: tuple  # the gradient by (cell's Params, read-out's Params)
    cell: tuple  # the cell's Grads, with the gradient at every state


class Fit(NamedTuple):
    """A trained model and its way there, one entry a step."""

    model: Model
    losses: np.ndarray  # (steps,), each before the step's update
    norms: np.ndarray  # (steps,), the gradient's length before clipping


def init_model(cell, rng, input_size, hidden_size, output_size, dtype=np.float64, **options):
    """A Model at its start, for x (T, D, B), H units and V outputs: sizes D, H, V in this order.

    `options` go to the cell's `init_params` (as forget_bias=3.0). Raises ValueError for a size below
    1 and what `init_params` refuses; TypeError for an option that the cell does not know.
    """
    params = cell.init_params(rng, input_size, hidden_size, dtype=dtype, **options)
    return Model(cell, params, readout.init_params(rng, hidden_size, output_size, dtype))


def run(model, x, state=None, hold=None):
    """The model over x (T, D, B), from `state` or from zeros, gates held by `hold` -> Run.

    y_t = W_y h_t + b_y at every step, (T, V, B). Errors as in the cell's `forward`.
    """
    trace = model.cell.forward(model.params, x, state, hold)
    return Run(trace, readout.forward(model.readout, trace.states.h[1:]))


def states(model, x, state=None, hold=None, chunk=64):
    """The states alone of `run(model, x, state, hold)` -> the cell's State, (T+1, H, B) each.

    Runs `chunk` steps at a time and keeps nothing that only the way back needs: for a long run that
    is to be looked at, at less than half of the memory. Errors as in the cell's `forward`.
    """
    cell, params = model.cell, model.params
    x, chunk = checks.real_array("x", x), checks.size("chunk", chunk)
    start = cell.forward(params, x[:0], state).states
    kept = cell.State(*(np.empty((len(x) + 1, *part.shape[1:]), part.dtype) for part in start))
    for part, first in zip(kept, start, strict=True):
        part[0] = first[0]
    for t in range(0, len(x), chunk):
        now = slice(t, t + chunk)
        held = hold and {gate: at(value, now) for gate, value in hold.items()}
        last = cell.State(*(part[t] for part in kept))
        run_on = cell.forward(params, x[now], last, held).states
        for part, more in zip(kept, run_on, strict=True):
            part[t + 1 : t + chunk + 1] = more[1:]
    return kept


def at(value, now):
    """The steps `now` of what a gate is held at: only a value with a step axis has them."""
    value = np.asarray(value)
    return value[now] if value.ndim == 3 and len(value) > 1 else value


def slopes(model, batch, loss=cross_entropy, hold=None):
    """The loss on a batch and its gradient, back through read-out and cell -> Slopes.

    The chain rule, in order: dy (T, V, B) from the loss, dh (T, H, B) from the read-out, then the
    cell's `backward`. batch.x is (T, D, B). Errors as in the cell's `forward` and in the loss.
    """
    trace, y = run(model, batch.x, hold=hold)
    value, dy = loss(y, batch.targets, batch.mask)
    out = readout.backward(model.readout, trace.states.h[1:], dy)
    back = model.cell.backward(model.params, trace, out.h)
    return Slopes(value, (back.params, out.params), back)


def fit(
    model,
    batches,
    steps,
    learning_rate=1e-2,
    max_norm=1.0,
    loss=cross_entropy,
    hold=None,
    stop_below=None,
):
    """Train with Adam for at most `steps` steps -> Fit.

    `batches` is one Batch, used at every step, or a function without arguments that makes the
    next. Gradients longer than `max_norm` are clipped to it; None clips nothing. With
    `stop_below`, training ends once the mean of the last 20 losses is below it. Raises ValueError
    for steps below 1 and what the loss, the cell or the optimizer refuse; TypeError for batches that
    are neither. Source: Kingma & Ba 2015 (Adam); Pascanu et al. 2013 (clipping).
    """
    steps = checks.size("steps", steps)
    if isinstance(batches, Batch):
        batch, batches = batches, lambda: batch
    if not callable(batches):
        got = type(batches).__name__
        raise TypeError(f"batches: expected a Batch or a function that makes one, got {got}")
    learned = (model.params, model.readout)
    state = optim.adam_start(learned)
    losses, norms = [], []
    for _ in tqdm(range(steps), disable=None, leave=False):
        value, grads, _ = slopes(Model(model.cell, *learned), batches(), loss, hold)
        norm = optim.global_norm(grads)
        if max_norm is not None:
            grads, norm = optim.clip(grads, max_norm)
        learned, state = optim.adam(learned, grads, state, learning_rate)
        losses.append(value)
        norms.append(norm)
        if stop_below is not None and len(losses) >= 20 and np.mean(losses[-20:]) < stop_below:
            break
    return Fit(Model(model.cell, *learned), np.array(losses), np.array(norms))


def accuracy(model, batch, hold=None):
    """The share of judged places where the largest output is the right class, from 0 to 1.

    batch.x is (T, D, B), batch.targets classes (T, B), judged where batch.mask is True. Errors as in
    the cell's `forward`.
    """
    right = run(model, batch.x, hold=hold).y.argmax(axis=1) == batch.targets
    return float(right.mean() if batch.mask is None else right[batch.mask].mean())


def spell(model, first, length, alphabet, hold=None, temperature=0.0, rng=None):
    """Start from the letter `first`, let each answer be the next input -> a string.

    x_t is the one-hot letter (V, 1), y_t = W_y h_t + b_y. At temperature 0 the next letter is the
    likeliest, argmax y_t; above, `rng` draws it with the probabilities softmax(y_t / temperature).
    `length` is that of the whole string; `hold` holds gates at every step. Raises ValueError for a
    first that is not one letter of the alphabet, a length below 1, or a temperature below 0 or not
    finite; TypeError for drawing without a generator.
    """
    length = checks.size("length", length)
    if not isinstance(first, str) or len(first) != 1:
        raise ValueError(f"first: expected one letter, got {first!r}")
    if not 0 <= temperature < np.inf:
        raise ValueError(f"temperature: expected a number from 0, got {temperature!r}")
    rng = checks.generator(rng) if temperature else None
    text = first
    state = model.cell.zero_state(model.params, 1)
    while len(text) < length:
        _, state = model.cell.step(model.params, one_hot(text[-1], alphabet)[0], state, hold)
        y = readout.forward(model.readout, state.h)
        drawn = rng.choice(len(y), p=softmax(y / temperature)[:, 0]) if rng else y.argmax()
        text += alphabet[drawn]
    return text
