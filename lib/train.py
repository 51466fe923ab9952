"""One training loop for any cell and any read-out.

A Model is a cell module (`rnn`, `lstm`, `gru`) or a relative with its parameters and a read-out's.
Nothing is changed in place: `fit` returns a new Model. To keep one, `save` and `load` it: the file
holds numbers and the cell's name, so one from elsewhere can be opened safely; a pickle runs what it
is told to. Pickling and copying work too, and a Model can be sent to another process.

Sequences of different lengths stand in one batch with zeros after their ends, and a mask that counts
the steps that are theirs: `np.arange(T)[:, None] < lengths`. What a cell makes of the zeros comes
later than anything that counts, so it changes nothing; the state that a short sequence ended in is
`last`. A long sequence is trained in pieces by `fit(..., carry=True)`.
"""

import io
import pickle
import sys
import zipfile
import zlib
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from lib import checks, gru, lstm, optim, readout, relatives, rnn
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
    "last",
    "last_backward",
    "slopes",
    "fit",
    "accuracy",
    "spell",
    "save",
    "load",
]


PARTS = "cell", "readout"  # of a model, that learn


class Model(NamedTuple):
    """A cell that reads and a read-out that answers."""

    cell: ModuleType
    params: tuple  # the cell's Params
    readout: readout.Params

    def __copy__(self):
        return Model(*self)

    def __deepcopy__(self, memo):
        return Model(self.cell, deepcopy(self.params, memo), deepcopy(self.readout, memo))

    def __reduce__(self):  # a module cannot be pickled: its name stands for it
        cell = self.cell
        if isinstance(cell, ModuleType):
            cell = cell.__name__
            if sys.modules.get(cell) is not self.cell:
                raise pickle.PicklingError(f"cell: expected a module to import, got {cell!r}")
        return rebuilt, (cell, self.params, self.readout)


def rebuilt(cell, params, readout):
    """The Model that was pickled, its cell being a module's name or a relative."""
    try:
        return Model(import_module(cell) if isinstance(cell, str) else cell, params, readout)
    except ModuleNotFoundError:
        raise ModuleNotFoundError(
            f"cell: expected a module that is found here, got {cell!r}"
        ) from None


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
    1 and what `init_params` refuses; TypeError for what is no cell or an option that it does not know.
    """
    params = own_cell(cell).init_params(rng, input_size, hidden_size, dtype=dtype, **options)
    return Model(cell, params, readout.init_params(rng, hidden_size, output_size, dtype))


def own_cell(cell):
    """`cell` itself, if it is one."""
    if not hasattr(cell, "zero_state"):
        raise TypeError(f"cell: expected a cell, as lib.lstm, got a {type(cell).__name__}")
    return cell


def own_model(model):
    """`model` itself, if it is one."""
    if not (isinstance(model, Model) or checks.of_kind(model, Model)):
        raise TypeError(f"model: expected a Model, got a {type(model).__name__}")
    return model


def own_batch(batch):
    """`batch` itself, if it has a Batch's parts."""
    if not all(hasattr(batch, part) for part in Batch._fields):
        raise TypeError(f"batch: expected a Batch, got a {type(batch).__name__}")
    return batch


def run(model, x, state=None, hold=None):
    """The model over x (T, D, B), from `state` or from zeros, gates held by `hold` -> Run.

    y_t = W_y h_t + b_y at every step, (T, V, B). Errors as in the cell's `forward`.
    """
    trace = own_model(model).cell.forward(model.params, x, state, hold)
    return Run(trace, readout.forward(model.readout, trace.states.h[1:]))


def states(model, x, state=None, hold=None, chunk=64):
    """The states alone of `run(model, x, state, hold)` -> the cell's State, (T+1, H, B) each.

    Runs `chunk` steps at a time and keeps nothing that only the way back needs: for a long run that
    is to be looked at, at less than half of the memory. Errors as in the cell's `forward`.
    """
    cell, params = own_model(model).cell, model.params
    x, chunk = checks.shaped("x", x, ("T", "D", "B")), checks.size("chunk", chunk)
    gates = getattr(cell, "Gates", None)  # without any, the cell refuses what is to be held
    start = cell.forward(params, x[:0], state, None if gates else hold).states
    size = (len(x), *start.h.shape[1:])
    held = gates and checks.held_values(hold, gates._fields, size, start.h.dtype)
    kept = cell.State(*(np.empty((len(x) + 1, *part.shape[1:]), part.dtype) for part in start))
    for part, first in zip(kept, start, strict=True):
        part[0] = first[0]
    for t in range(0, len(x), chunk):
        now = slice(t, t + chunk)
        held_now = {gate: value[now] for gate, value in held.items()} if held else None
        so_far = cell.State(*(part[t] for part in kept))
        run_on = cell.forward(params, x[now], so_far, held_now).states
        for part, more in zip(kept, run_on, strict=True):
            part[t + 1 : t + chunk + 1] = more[1:]
    return kept


def last(states, lengths):
    """The state in which each of B sequences ended, of its own length -> State, (H, B) each.

    states is a run's, (T+1, H, B) each; lengths (B,) are whole numbers from 0 (the start) to T. The
    way back is `last_backward`. Raises ValueError for lengths of another shape or outside of 0 to T,
    states of another shape, NaN or infinity; TypeError for lengths that are no whole numbers or what
    is no State.

    >>> from lib import rnn
    >>> states = rnn.State(np.array([[[0.0, 0.0]], [[0.1, 0.2]], [[0.3, 0.4]]]))  # T = 2, H = 1
    >>> last(states, [2, 1]).h.tolist()
    [[0.3, 0.2]]
    """
    if not hasattr(states, "h"):
        got = type(states).__name__
        raise TypeError(f"states: expected a State of (T+1, H, B) arrays, got {got}")
    shape = checks.shaped("states", states.h, ("T+1", "H", "B")).shape
    parts = [checks.shaped("states", part, shape) for part in states]
    lengths, columns = whole_lengths(lengths, shape[0] - 1, shape[2]), np.arange(shape[2])
    return type(states)(*(part[lengths, :, columns].T for part in parts))


def whole_lengths(lengths, T, B):
    """The lengths (B,) of sequences that stand in a batch of T steps."""
    lengths = checks.plain_array("lengths", lengths)
    if lengths.dtype.kind not in "iu":
        raise TypeError(f"lengths: expected whole numbers, got {lengths.dtype}")
    if lengths.shape != (B,):
        raise ValueError(f"lengths: expected shape ({B},), got {lengths.shape}")
    if lengths.min() < 0 or lengths.max() > T:
        got = f"{lengths.min()} to {lengths.max()}"
        raise ValueError(f"lengths: expected numbers from 0 to {T}, got {got}")
    return lengths


def last_backward(cell, params, trace, lengths, dlast=None, dh=None):
    """The cell's `backward` where every sequence ends at its own length -> Grads.

    dlast is a State, (H, B) each: the loss's slope at `last(trace.states, lengths)`; dh (T, H, B) its
    slope at every h_t, or None. Nothing comes back from beyond a sequence's end: there dh is not
    looked at, and the gradient of x and of the states is 0. Errors as in `last` and `backward`.
    """
    T, _, B = checks.own_trace(trace, own_cell(cell).Trace).x.shape
    cell.zero_state(params, B)  # which looks at the parameters
    H, dtype = trace.states.h.shape[1], trace.x.dtype
    lengths = whole_lengths(lengths, T, B)
    dlast = checks.state("dlast", dlast, cell.State, (H, B), dtype)
    dh = np.zeros((T, H, B), dtype) if dh is None else checks.shaped("dh", dh, (T, H, B), dtype)
    states = cell.State(*(np.zeros_like(part) for part in trace.states))
    dparams = cell.Params(*(np.zeros(np.shape(part), dtype) for part in params))
    whole = cell.Grads(dparams, np.zeros(trace.x.shape, dtype), states)
    for n in np.unique(lengths):  # sequences side by side do not touch each other
        some = np.flatnonzero(lengths == n)
        end = cell.State(*(part[:, some] for part in dlast))
        back = cell.backward(params, cut(trace, 0, n, some), dh[:n, :, some], end)
        for total, part in zip(whole.params, back.params, strict=True):
            total += part
        whole.x[:n, :, some] = back.x
        for total, part in zip(whole.states, back.states, strict=True):
            total[: n + 1, :, some] = part
    return whole


def cut(trace, first, end, some=slice(None)):
    """The Trace of the steps from `first` to `end` of some of its sequences."""
    steps = slice(first, end)
    parts = {"x": trace.x[steps, :, some]}
    if trace.gates:
        parts["gates"] = type(trace.gates)(*(part[steps, :, some] for part in trace.gates))
        held = trace.held.items()
        parts["held"] = {gate: tuple(part[steps, :, some] for part in pair) for gate, pair in held}
    states = type(trace.states)(*(part[first : end + 1, :, some] for part in trace.states))
    return trace._replace(states=states, **parts)


def slopes(model, batch, loss=cross_entropy, hold=None, state=None):
    """The loss on a batch and its gradient, back through read-out and cell -> Slopes.

    The chain rule, in order: dy (T, V, B) from the loss, dh (T, H, B) from the read-out, then the
    cell's `backward`. batch.x is (T, D, B), read from `state` or from zeros; the gradient by that
    start is cell.states at 0. Errors as in the cell's `forward` and in the loss.
    """
    return way_back(model, run(model, own_batch(batch).x, state, hold), batch, loss)


def way_back(model, there, batch, loss):
    """The Slopes of a loss on a batch, `there` being the model's Run over it."""
    trace, y = there
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
    state=None,
    carry=False,
    frozen=None,
):
    """Train with Adam for at most `steps` steps -> Fit.

    `batches` is one Batch, used at every step, or a function without arguments that makes the
    next. Gradients longer than `max_norm` are clipped to it; None clips nothing. With
    `stop_below`, training ends once the mean of the last 20 losses is below it.

    A sequence begins at `state`, a State of (H, B) arrays, or at zeros. With carry=True every batch
    goes on where the one before ended, column by column, so that a sequence can be longer than a
    batch: its state is handed over, the gradient stops at the batch's start (truncated
    backpropagation). Or `carry` is a function without arguments that is asked after each batch is
    made: which of its sequences go on, booleans (B,)? The others begin, as all do in the first.

    `frozen` is "cell" or "readout", the part whose parameters stay what they are; None: both learn.

    Raises ValueError for steps below 1, another `frozen`, a batch whose sequences go on but are not
    as many as those before, and what the loss, the cell or the optimizer refuse; TypeError for
    batches that are neither, or another `carry`. Source: Kingma & Ba 2015 (Adam); Pascanu et al. 2013 (clipping).

    >>> from lib import losses, rnn
    >>> rng, x = np.random.default_rng(0), np.eye(2)[[0, 1, 1, 0, 1, 0, 0, 1]][:, :, None]
    >>> halves = [Batch(part, part, None) for part in np.split(x, 2)]  # one sequence of 8 steps
    >>> start = init_model(rnn, rng, 2, 3, 2)
    >>> squared = dict(steps=2, learning_rate=0, loss=losses.squared_error)
    >>> carried = fit(start, iter(halves).__next__, carry=True, **squared)
    >>> bool(np.isclose(carried.losses.mean(), fit(start, Batch(x, x, None), **squared).losses[0]))
    True
    """
    steps = checks.size("steps", steps)
    if stop_below is not None:
        stop_below = checks.number("stop_below", stop_below)
    if isinstance(batches, Batch):
        batch, batches = batches, lambda: batch
    if not callable(batches):
        got = type(batches).__name__
        raise TypeError(f"batches: expected a Batch or a function that makes one, got {got}")
    if not (isinstance(carry, bool | np.bool_) or callable(carry)):
        raise TypeError(f"carry: expected True, False or a function, got {type(carry).__name__}")
    if not (frozen is None or isinstance(frozen, str) and frozen in PARTS):
        raise ValueError(f"frozen: expected 'cell', 'readout' or None, got {frozen!r}")
    learned, ended = (own_model(model).params, model.readout), None
    adam = optim.adam_start(learned)
    values, norms = [], []
    for _ in tqdm(range(steps), disable=None, leave=False):
        now, batch = Model(model.cell, *learned), made(batches, steps, len(values))
        there = run(now, batch.x, handed_over(now, batch, state, ended, carry), hold)
        value, grads, _ = way_back(now, there, batch, loss)
        grads = standing_still(frozen, *grads)
        ended = model.cell.State(*(part[-1].copy() for part in there.trace.states))
        norm = optim.global_norm(grads)
        if max_norm is not None:
            grads, norm = optim.clip(grads, max_norm)
        learned, adam = optim.adam(learned, grads, adam, learning_rate)
        values.append(value)
        norms.append(norm)
        if stop_below is not None and len(values) >= 20 and np.mean(values[-20:]) < stop_below:
            break
    return Fit(Model(model.cell, *learned), np.array(values), np.array(norms))


def standing_still(frozen, *grads):
    """The gradients by the cell's parameters and the read-out's, that of the frozen part put to 0."""
    still = [part == frozen for part in PARTS]
    pairs = zip(grads, still, strict=True)
    return tuple(type(g)(*map(np.zeros_like, g)) if zero else g for g, zero in pairs)


def made(batches, steps, before):
    """The next of the batches, `before` being how many there were."""
    try:
        return own_batch(batches())
    except StopIteration:
        got = f"expected one for each of {steps} steps, got {before}"
        raise ValueError(f"batches: {got}") from None


def handed_over(model, batch, state, ended, carry):
    """The State in which a batch begins, `ended` being where the one before did, or None."""
    if not (callable(carry) or carry):
        return state
    B = checks.shaped("x", batch.x, ("T", "D", "B")).shape[2]
    goes_on = carry() if callable(carry) else np.full(B, True)
    goes_on = checks.plain_array("carry", goes_on)
    if goes_on.dtype != bool or goes_on.shape != (B,):
        got = f"{goes_on.dtype} of shape {goes_on.shape}"
        raise ValueError(f"carry: expected booleans of shape ({B},), got {got}")
    if ended is None or not goes_on.any():
        return state
    H, before = ended.h.shape
    if before != B:
        raise ValueError(f"batch: expected {before} sequences, as before, to go on, got {B}")
    begin = checks.state("state", state, model.cell.State, (H, B), ended.h.dtype)
    return model.cell.State(*(np.where(goes_on, *pair) for pair in zip(ended, begin, strict=True)))


def accuracy(model, batch, hold=None, state=None):
    """The share of judged places where the largest output is the right class, from 0 to 1.

    batch.x is (T, D, B), read from `state` or from zeros; batch.targets are classes (T, B), judged
    where batch.mask (T, B) is True. Errors as in the cell's `forward` and in `losses.cross_entropy`.
    """
    y = run(model, own_batch(batch).x, state, hold).y
    T, V, B = y.shape
    mask, _ = checks.counted(batch.mask, T, B)
    right = y.argmax(axis=1) == checks.classes(batch.targets, mask, V)
    return float(right[mask].mean())


def spell(model, first, length, alphabet, hold=None, temperature=0.0, rng=None):
    """Start from the letter `first`, let each answer be the next input -> a string.

    x_t is the one-hot letter (V, 1), y_t = W_y h_t + b_y. At temperature 0 the next letter is the
    likeliest, argmax y_t; above, `rng` draws it with the probabilities softmax(y_t / temperature).
    `length` is that of the whole string; `hold` holds gates at every step. Raises ValueError for a
    first that is not one letter of the alphabet, an alphabet of another size than V, a length below
    1, or a temperature below 0 or not finite; TypeError for drawing without a generator.
    """
    length, V = checks.size("length", length), len(own_model(model).readout.b)
    if len(alphabet) != V:
        raise ValueError(f"alphabet: expected {V} letters, one for each output, got {alphabet!r}")
    if not isinstance(first, str) or len(first) != 1:
        raise ValueError(f"first: expected one letter, got {first!r}")
    temperature = checks.number("temperature", temperature, low=0)
    rng = checks.generator(rng) if temperature else None
    text = first
    state = model.cell.zero_state(model.params, 1)
    while len(text) < length:
        _, state = model.cell.step(model.params, one_hot(text[-1], alphabet)[0], state, hold)
        y = readout.forward(model.readout, state.h)
        drawn = y.argmax()
        if rng:
            with np.errstate(
                over="ignore"
            ):  # the likeliest at 0, the others below, at most at -10⁴
                lead = np.maximum((y - y.max()) / temperature, -1e4)
            drawn = rng.choice(len(y), p=softmax(lead)[:, 0])
        text += alphabet[drawn]
    return text


def save(path, model):
    """Write a Model to a file: its numbers, in NumPy's npz format, and its cell's name.

    Raises what the cell and the read-out refuse of their parameters, TypeError for what is no Model,
    ValueError for a cell without a name or with that of another cell, by which `load` would find
    that one, and OSError where the file cannot be written. The numbers keep their shapes and their
    dtype.
    """
    checked_model(model)
    name = getattr(model.cell, "__name__", None)
    if name is None or book_cell(name) not in (None, model.cell):
        raise ValueError(f"cell: expected one with a __name__ of its own, got {name!r}")
    kept = {"params": (model.cell, model.params), "readout": (readout, model.readout)}
    arrays = {
        f"{where}.{field}": part
        for where, (whose, parts) in kept.items()
        for field, part in zip(whose.Params._fields, parts, strict=True)
    }
    packed = io.BytesIO()
    np.savez(packed, cell=name, **arrays)
    Path(path).write_bytes(packed.getvalue())


def load(path, cell=None):
    """The Model that `save` wrote to a file, its arrays of the shapes and dtype they had -> Model.

    Its cell is found by name among the book's; for one of your own, hand it over as `cell`. Nothing
    in the file is run. Raises ValueError for a file of another kind, of a cell that is not known or
    is not `cell`, or with numbers that the cell refuses; FileNotFoundError where there is no file.
    """
    try:
        with np.load(io.BytesIO(Path(path).read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        name = str(arrays.pop("cell"))
    except UNREADABLE:
        raise ValueError(f"{path}: expected a file that train.save wrote") from None
    known = book_cell(name) if cell is None else own_cell(cell)
    if known is None or known.__name__ != name:
        wanted = cell.__name__ if cell else "one of the book's cells (or yours, as `cell`)"
        raise ValueError(f"{path}: expected a model of {wanted}, got one of {name!r}")
    kinds = {"params": known.Params, "readout": readout.Params}
    if set(arrays) != {f"{part}.{field}" for part in kinds for field in kinds[part]._fields}:
        raise ValueError(f"{path}: expected the parts of a {name}, got {', '.join(arrays)}")
    parts = (kind(*(arrays[f"{part}.{f}"] for f in kind._fields)) for part, kind in kinds.items())
    model = Model(known, *parts)
    checked_model(model)
    return model


# What NumPy raises for bytes that are no npz file, or one that has been damaged.
UNREADABLE = (AttributeError, EOFError, KeyError, RuntimeError, TypeError, ValueError)
UNREADABLE += (zipfile.BadZipFile, zlib.error)


def book_cell(name):
    """The book's cell of this name, as "lib.lstm" or "lib.relatives.coupled"; None without one."""
    return {cell.__name__: cell for cell in (rnn, lstm, gru, *relatives.ALL)}.get(name)


def checked_model(model):
    """The units H of a Model, if its cell and its read-out take their parameters."""
    H = len(own_model(model).cell.zero_state(model.params, 1).h)
    readout.forward(model.readout, np.zeros((H, 1)))
    return H
