"""One run of one cell on one task, and the controls: what is held, cut or shuffled in it."""

import inspect
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from lib import backward_faults, initial, lstm, relatives, train
from lib.laboratory.posed import TASKS

WINDOW = 50  # steps over which a loss is averaged to see whether it still falls


class Result(NamedTuple):
    """What one run came to."""

    score: float  # by the task's own measure: see `TASKS`; accuracies go from 0 to 1
    steps: int  # training steps taken
    improving: bool  # stopped by the limit while the loss still fell: see `still_falls`
    model: train.Model  # as trained


def trial(
    task,
    cell,
    size,
    seed,
    limit=300,
    learning_rate=1e-2,
    hidden_size=16,
    batch=16,
    test=500,
    longest=None,
    hold=None,
    part="test",
    control="",
    **options,
):
    """Train a fresh cell on a task of `TASKS`, then test it -> Result.

    `cell` is a cell's module; `size` is a number of steps, what it counts is the task's: the gap,
    the delay, the length, the longest n, and for digits 8 (rows) or 64 (pixels). At most `limit`
    steps of Adam on `batch` fresh sequences each, gradients clipped to length 1; then `test` other
    sequences give the score. `options` go to the cell's `init_params`; `longest` gives an LSTM the
    chrono start for memories of up to so many steps; `hold` holds gates, in training and in the
    test; `control` is one of `CONTROLS`, as "i constant". To choose a learning rate, score on
    `part="validation"`: digits and prose are of limited length. Raises KeyError for an unknown task
    or another size of digits, ValueError for an unknown control or one beside a `hold`, and what the
    cell, the task and `train.fit` raise; an option that the cell does not know is a TypeError.
    """
    protocol = dict(limit=limit, learning_rate=learning_rate, hidden_size=hidden_size, batch=batch)
    more = dict(longest=longest, hold=hold, control=control)
    fit, hold = trained(task, cell, size, seed, **protocol, **more, **options)
    return tested(task, size, seed, fit, hold, limit, test, part)


def tested(task, size, seed, fit, hold, limit, test=500, part="test"):
    """What comes after the training of `trained` -> Result."""
    posed = TASKS[task]
    judged = posed.test(np.random.default_rng([seed, 1]), size, test, part)
    steps = len(fit.losses)
    improving = steps == limit and still_falls(fit.losses)
    return Result(posed.measure(fit.model, judged, hold), steps, improving, fit.model)


def trained(
    task,
    cell,
    size,
    seed,
    limit,
    learning_rate,
    hidden_size,
    batch,
    longest=None,
    half="",
    hold=None,
    control="",
    **options,
):
    """What comes before the test, arguments as in `trial` -> (train.Fit, what is held in it).

    Of the chrono start, `half` leaves only the "forget" bias or the "input" bias.
    """
    what, how = controlled(control, cell)
    if control and hold:
        raise ValueError(f"control: expected no hold beside {control!r}")
    posed, rng = TASKS[task], np.random.default_rng([seed, 0])
    given = dict(options)
    if longest is not None:
        bias = initial.chrono(rng, hidden_size, longest)
        if half != "input":
            given["forget_bias"] = bias
        if half != "forget" and "input_bias" in inspect.signature(cell.init_params).parameters:
            given["input_bias"] = -bias
    learner = learning(cell, what, how, np.random.default_rng([seed, 3]))
    inputs, outputs = posed.shape(size)
    start = train.init_model(learner, rng, inputs, hidden_size, outputs, **given)
    if how == "open":
        hold = dict.fromkeys(what, 1.0)
    if how == "constant":
        hold = {gate: at_rest(start, inputs)[gate] for gate in what}
    if how == "mean":
        twin = dict(limit=limit, learning_rate=learning_rate, hidden_size=hidden_size, batch=batch)
        twin |= dict(longest=longest, half=half)
        model = trained(task, cell, size, seed, **twin, **options)[0].model
        sample = posed.train(np.random.default_rng([seed, 2]), size, SAMPLE)
        hold = {gate: own_mean(model, sample.x)[gate] for gate in what}

    def next_batch():
        made = posed.train(rng, size, batch)
        return shuffled(made) if how == "shuffled" else made

    more = dict(loss=posed.loss, hold=hold, stop_below=posed.stop_below)
    more |= dict(frozen=what) if how == "frozen" else {}
    more |= dict(max_norm=None) if how == "unclipped" else {}
    fit = train.fit(start, next_batch, limit, learning_rate, **more)
    return fit._replace(model=fit.model._replace(cell=cell)), hold


def still_falls(losses):
    """Whether the mean of the last 50 losses is below the mean of the 50 before: by 2 %, and by two standard errors.

    The errors are those of the difference, from how far the losses of each 50 lie apart: batches
    differ, and a run that learns nothing is below by 2 % in one case of three (adding).

    >>> still_falls(np.linspace(2, 1, 100)), still_falls(np.ones(100))
    (True, False)
    """
    before, last = losses[-2 * WINDOW : -WINDOW], losses[-WINDOW:]
    if len(before) < WINDOW:
        return False
    fallen = np.mean(before) - np.mean(last)
    error = np.sqrt((np.var(before, ddof=1) + np.var(last, ddof=1)) / WINDOW)
    return bool(fallen > 0.02 * np.mean(before) and fallen > 2 * error)


def recall(cell, gap, seed, **protocol):
    """Train a fresh cell on delayed recall over `gap` distractors, then test it -> Result.

    `protocol` is that of `trial`: limit=300 steps, learning_rate=1e-2, hidden_size=16, batch=16,
    test=500, longest, hold, and the cell's own options. Its score is the accuracy at the cue, from
    0 to 1. Errors as in `trial`.
    """
    return trial("recall", cell, gap, seed, **protocol)


# --- Controls: what is held, cut or shuffled, so that a comparison changes one thing

CONTROLS = {  # a control is what it is done to and one of these: "i constant", "h cut"; "if" is "if open"
    "open": "gates held at 1, in training and in the test",
    "constant": "gates held at what they are in the young cell at rest, σ of their start bias, unit by unit",
    "mean": "gates held, from the start on, at each unit's own mean over time and sequences in the free "
    "twin, a run of the same seed",
    "blind": "gates, or a candidate, that do not see h: their recurrent weights are 0 and stay 0",
    "cut": "the gradient is not carried back by the road h, or c: `backward_faults.cut`",
    "shuffled": "answers: each sequence is taught the answer of its neighbor",
    "frozen": "cell: its parameters stay what they were, the read-out alone learns; or readout, the other way round",
    "random": "gradient: the cell's parameters get random ones of the right length, new ones at every step; "
    "or direction, always the same one",
    "unclipped": "gradient: of any length",
    "window": "a number of steps, counted from the end: the gradient is carried back within each so many",
    "mistake": "a number: which of `backward_faults.FAULTS`, from 1",
}
DONE_TO = {
    "cut": ("h", "c"),
    "shuffled": ("answers",),
    "frozen": ("cell", "readout"),
    "random": ("gradient", "direction"),
    "unclipped": ("gradient",),
    "mistake": tuple("12345678"),
}
SEE_NOTHING = relatives.INPUT_GATED  # of h, as they are
SAMPLE = 500  # sequences over which a gate's own mean is taken


def controlled(control, cell):
    """("i", "constant") from "i constant", ("", "") from "". Raises ValueError for no control of this cell."""
    if not isinstance(control, str):
        raise TypeError(f"control: expected a str, got {type(control).__name__}")
    if not control:
        return "", ""
    what, how = control.split(" ") if control.count(" ") == 1 else (control, "open")
    gates = gates_of(cell)
    fits = what in DONE_TO[how] if how in DONE_TO else bool(what) and set(what) <= set(gates)
    if how == "window":
        fits = what.isdecimal() and int(what) > 0
    fits &= not (how in ("cut", "mistake") and cell is not lstm)
    fits &= not (how == "blind" and cell in SEE_NOTHING)
    if how not in CONTROLS or not fits:
        raise ValueError(
            f"control: expected gates among {', '.join(gates) or 'none'} and one of "
            f"{', '.join(CONTROLS)}, as 'i constant', 'answers shuffled' or '10 window', got {control!r}"
        )
    return what, how


def gates_of(cell):
    """The names of a cell's gates and candidate; the RNNs have none."""
    return getattr(getattr(cell, "Gates", None), "_fields", ())


def learning(cell, what, how, rng):
    """The cell as a control lets it learn; what it computes forward is the cell's own."""
    if how == "cut":
        return backward_faults.cut(what)
    if how == "mistake":
        return backward_faults.plant(*list(backward_faults.FAULTS.values())[int(what) - 1])
    if how not in ("blind", "random", "window"):
        return cell

    def init_params(*sizes, **options):
        params = cell.init_params(*sizes, **options)
        return seeing(params) if how == "blind" else params

    def seeing(params):
        """The parameters, or their gradient, without what lets the gates see h."""
        W, H = params.W.copy(), len(params.W) // len(gates_of(cell))
        for gate in what:
            block = gates_of(cell).index(gate)
            W[block * H : (block + 1) * H, -H:] = 0
        return params._replace(W=W)

    def backward(params, trace, dh, dstate=None):
        if how == "window":
            return in_windows(cell, int(what), params, trace, dh, dstate)
        grads = cell.backward(params, trace, dh, dstate)
        return grads._replace(params=(seeing if how == "blind" else noise)(grads.params))

    def noise(params):
        draws = rng if what == "gradient" else np.random.default_rng(seed)
        drawn = [draws.normal(size=part.shape) for part in params]
        pairs = zip(drawn, params, strict=True)
        return type(params)(*(a * (norm(part) / norm(a)) for a, part in pairs))

    seed = rng.integers(2**32)

    own = dict(init_params=init_params, backward=backward)
    return SimpleNamespace(**{**vars(cell), **own})


def in_windows(cell, steps, params, trace, dh, dstate=None):
    """The way back where nothing is carried from one window of so many steps to the one before -> Grads.

    The parameters' gradients add up; x and the states are the last window's.
    """
    parts = []
    for end in range(len(trace.x), 0, -steps):
        first = max(0, end - steps)
        window = train.cut(trace, first, end)
        parts.append(cell.backward(params, window, dh[first:end], None if parts else dstate))
    total = (sum(each) for each in zip(*(part.params for part in parts), strict=True))
    return parts[0]._replace(params=type(parts[0].params)(*total))


norm = np.linalg.norm


def at_rest(model, inputs):
    """Each gate of a silent cell, x = 0 and a state of zeros, for D = `inputs` -> {gate: (H, 1)}."""
    cell, params = model.cell, model.params
    gates, _ = cell.step(params, np.zeros((inputs, 1)), cell.zero_state(params, 1))
    return gates._asdict()


def own_mean(model, x):
    """Each gate's mean over the time and the sequences of x (T, D, B), unit by unit -> {gate: (H, 1)}."""
    gates = train.run(model, x).trace.gates
    return {name: run.mean(axis=(0, 2))[:, None] for name, run in gates._asdict().items()}


def shuffled(batch):
    """The batch with every sequence's answer given to its neighbor; ValueError for one sequence."""
    if batch.x.shape[2] < 2:
        raise ValueError("batch: expected at least 2 sequences to shuffle answers, got 1")
    return batch._replace(targets=np.roll(batch.targets, 1, axis=-1))
