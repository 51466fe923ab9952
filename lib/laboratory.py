"""The laboratory: one run of one cell on one task, under the same protocol for every cell.

A run is decided by its arguments alone. Its seed opens two random streams: [seed, 0] for the first
weights and then the training batches, [seed, 1] for the test. No score is taken on the training
batches. All is in float64, where rounding, which differs from machine to machine, tips the fewest
runs.
"""

import csv
import inspect
import zlib
from collections.abc import Callable
from functools import cache, partial
from math import comb
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np

from lib import (
    backward_faults,
    checks,
    gru,
    initial,
    intervals,
    losses,
    lstm,
    readout,
    relatives,
    rnn,
    tasks,
    train,
)

__all__ = [
    "TASKS",
    "CELLS",
    "STARTS",
    "CONTROLS",
    "Task",
    "Result",
    "Run",
    "Row",
    "Comparison",
    "trial",
    "recall",
    "read",
    "read_more",
    "stored",
    "reported",
    "by_rate",
    "best_rate",
    "is_solved",
    "compare",
    "VERDICTS",
    "Verdict",
    "Incomplete",
    "judged",
]

SYMBOLS = 4  # delayed recall asks for one of so many
CHANCE = 1 / SYMBOLS  # what a guess scores
SOLVED = 0.05  # training ends early once the mean of the last 20 losses is below it
WINDOW = 50  # steps over which a loss is averaged to see whether it still falls
COUNTED = 100  # counting is judged up to so many a's: even numbers in the test, odd ones before


class Result(NamedTuple):
    """What one run came to."""

    score: float  # by the task's own measure: see `TASKS`; accuracies go from 0 to 1
    steps: int  # training steps taken
    improving: bool  # stopped by the limit while the loss still fell: see `still_falls`
    model: train.Model  # as trained


def accuracy(model, batch, hold=None):
    """The share of right answers, from 0 to 1: `train.accuracy`."""
    return train.accuracy(model, batch, hold)


def loss_itself(loss, model, batch, hold=None):
    """The loss at the judged steps, as a score."""
    return loss(train.run(model, batch.x, hold=hold).y, *batch[1:]).value


def counts_up_to(model, batch, hold=None):
    """The n up to which every word aⁿbⁿ of a batch is ended right, words in order of their n."""
    right = train.run(model, batch.x, hold=hold).y.argmax(axis=1) == batch.targets
    words = (right | ~batch.mask).all(axis=0)
    n = np.append(0, batch.mask.sum(axis=0))
    return float(n[np.append(words, False).argmin()])


@cache
def images(steps, part):
    """Digits read in 8 steps or in 64."""
    return tasks.digits({8: "rows", 64: "pixels"}[steps], part)


@cache
def steps_in(task, size):
    """The steps of a task's longest sequence."""
    return len(TASKS[task].train(np.random.default_rng(0), size, 64).x)


class Task(NamedTuple):
    """How the laboratory poses a task; `part` is "validation" for choosing a rate, or "test"."""

    train: Callable  # (rng, size, batch) -> the next Batch to train with
    test: Callable  # (rng, size, batch, part) -> the Batch to be scored
    shape: Callable  # size -> (D, V), inputs and outputs
    baseline: Callable  # (size, part) -> what a trivial answer scores
    measure: Callable = accuracy  # (model, batch, hold) -> the score
    lower: bool = False  # whether a lower score is the better one
    loss: Callable = losses.cross_entropy
    stop_below: float | None = SOLVED
    solved: float | None = 0.9  # a score past this counts as solved; None where none does


def generated(make, **more):
    """A Task whose test sequences are made like those to train with, from another stream."""
    return Task(make, lambda rng, size, batch, part: make(rng, size, batch), **more)


def by_chance(size, part):
    return CHANCE


def at_the_end(make, judged=10):
    """How sequences of `make` are tested: at the last few of the places that are judged in training."""

    def test(rng, size, batch, part):
        made = make(rng, size, batch)
        late = np.zeros(made.targets.shape, bool)
        late[-judged:] = True
        return made._replace(mask=late if made.mask is None else late & made.mask)

    return test


def level_by_chance(size, part):
    """What "it is not level" scores in the last ten steps: right but for C(2k, k) / 4^k after 2k steps."""
    after = range(max(1, size // 2 - 4), size // 2 + 1)
    return 1 - float(np.mean([comb(2 * k, k) / 4**k for k in after]))


TASKS = {  # name: how it is posed; `size` is the first number of each docstring in `lib.tasks`
    "recall": generated(
        lambda rng, size, batch: tasks.delayed_recall(
            rng, size, batch, symbols=SYMBOLS, distractors=SYMBOLS
        ),
        shape=lambda size: (2 * SYMBOLS + 1, SYMBOLS),
        baseline=by_chance,
    ),
    "adding": generated(
        tasks.adding,
        shape=lambda size: (2, 1),
        baseline=lambda size, part: 1 / 6,
        measure=partial(loss_itself, losses.squared_error),
        lower=True,
        loss=losses.squared_error,
        stop_below=0.005,
        solved=1 / 30,  # a fifth of the baseline
    ),
    "copy": generated(
        lambda rng, size, batch: tasks.copy(rng, size, batch, symbols=SYMBOLS),
        shape=lambda size: (SYMBOLS + 2, SYMBOLS),
        baseline=by_chance,
    ),
    "counting": Task(
        tasks.counting,
        lambda rng, size, batch, part: tasks.anbn(range(1 + (part == "test"), COUNTED + 1, 2)),
        shape=lambda size: (2, 2),
        baseline=lambda size, part: 1.0,  # "the end" at every b is right for one b
        measure=counts_up_to,
        stop_below=None,
        solved=None,
    ),
    "update": generated(
        lambda rng, size, batch: tasks.update(rng, size, batch, symbols=SYMBOLS),
        shape=lambda size: (SYMBOLS + 1, SYMBOLS),
        baseline=by_chance,
    ),
    "digits": Task(
        lambda rng, size, batch: tasks.draw(rng, images(size, "train"), batch),
        lambda rng, size, batch, part: images(size, part),
        shape=lambda size: (64 // size, 10),
        baseline=lambda size, part: tasks.baseline(images(size, part)),
        stop_below=None,
        solved=None,
    ),
    "prose": Task(
        tasks.prose,
        tasks.prose,
        shape=lambda size: (len(tasks.PROSE), len(tasks.PROSE)),
        baseline=lambda size, part: tasks.prose_entropy(1, part),
        measure=partial(loss_itself, losses.cross_entropy),
        lower=True,
        stop_below=None,
        solved=None,
    ),
    "rare update": generated(  # a symbol stands for 50 steps, update's for 5
        lambda rng, size, batch: tasks.update(rng, size, batch, SYMBOLS, flags=0.02),
        shape=lambda size: (SYMBOLS + 1, SYMBOLS),
        baseline=by_chance,
    ),
    "running sum": generated(
        tasks.running_sum,
        shape=lambda size: (2, 1),
        baseline=lambda size, part: tasks.running_sum_variance(size),
        measure=partial(loss_itself, losses.squared_error),
        lower=True,
        loss=losses.squared_error,
        stop_below=0.005,
        solved=None,
    ),
    "balance": Task(
        tasks.balance,
        at_the_end(tasks.balance),
        shape=lambda size: (2, 2),
        baseline=level_by_chance,
        solved=0.98,  # "it is not level" alone is right four times of five
    ),
    "parity": Task(
        tasks.parity,
        at_the_end(tasks.parity),
        shape=lambda size: (1, 2),
        baseline=lambda size, part: 1 / 2,
    ),
    "hello": Task(
        lambda rng, size, batch: tasks.hello(),
        lambda rng, size, batch, part: tasks.hello(),
        shape=lambda size: (4, 4),
        baseline=lambda size, part: 3 / 4,
    ),
    "permutations": Task(
        tasks.permutations,
        at_the_end(tasks.permutations),
        shape=lambda size: (6, 6),
        baseline=lambda size, part: 1 / 6,
    ),
}


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
    fit = train.fit(start, next_batch, limit, learning_rate, **more)
    return fit._replace(model=fit.model._replace(cell=cell)), hold


# --- Controls: what is held, cut or shuffled, so that a comparison changes one thing

CONTROLS = {  # a control is what it is done to and one of these: "i constant", "h cut"; "if" is "if open"
    "open": "gates held at 1, in training and in the test",
    "constant": "gates held at what they are in the young cell at rest, σ of their start bias, unit by unit",
    "mean": "gates held, from the start on, at each unit's own mean over time and sequences in the free "
    "twin, a run of the same seed",
    "blind": "gates, or a candidate, that do not see h: their recurrent weights are 0 and stay 0",
    "cut": "the gradient is not carried back by the road h, or c: `backward_faults.cut`",
    "shuffled": "answers: each sequence is taught the answer of its neighbor",
    "frozen": "cell: its parameters stay what they were, the read-out alone learns",
    "random": "gradient: the cell's parameters get random ones of the right length",
}
DONE_TO = {
    "cut": ("h", "c"),
    "shuffled": ("answers",),
    "frozen": ("cell",),
    "random": ("gradient",),
}
SEE_NOTHING = (relatives.mingru, relatives.minlstm)  # of h, as they are
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
    fits &= not (how == "cut" and cell is not lstm or how == "blind" and cell in SEE_NOTHING)
    if how not in CONTROLS or not fits:
        raise ValueError(
            f"control: expected gates among {', '.join(gates) or 'none'} and one of "
            f"{', '.join(CONTROLS)}, as 'i constant' or 'answers shuffled', got {control!r}"
        )
    return what, how


def gates_of(cell):
    """The names of a cell's gates and candidate; the RNNs have none."""
    return getattr(getattr(cell, "Gates", None), "_fields", ())


def learning(cell, what, how, rng):
    """The cell as a control lets it learn; what it computes forward is the cell's own."""
    if how == "cut":
        return backward_faults.cut(what)
    if how not in ("blind", "frozen", "random"):
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
        grads = cell.backward(params, trace, dh, dstate)
        kept = {"blind": seeing, "frozen": nothing, "random": noise}[how](grads.params)
        return grads._replace(params=kept)

    def nothing(params):
        return type(params)(*map(np.zeros_like, params))

    def noise(params):
        drawn = [rng.normal(size=part.shape) for part in params]
        pairs = zip(drawn, params, strict=True)
        return type(params)(*(a * (norm(part) / norm(a)) for a, part in pairs))

    own = dict(init_params=init_params, backward=backward)
    return SimpleNamespace(**{**vars(cell), **own})


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


def recall(cell, gap, seed, **protocol):
    """Train a fresh cell on delayed recall over `gap` distractors, then test it -> Result.

    `protocol` is that of `trial`: limit=300 steps, learning_rate=1e-2, hidden_size=16, batch=16,
    test=500, longest, hold, and the cell's own options. Its score is the accuracy at the cue, from
    0 to 1. Errors as in `trial`.
    """
    return trial("recall", cell, gap, seed, **protocol)


CELLS = {  # by their names in the records
    "RNN": rnn,
    "ReLU RNN": relatives.relu_rnn,
    "LSTM": lstm,
    "coupled LSTM": relatives.coupled,
    "GRU": gru,
    "GRU reset after": relatives.reset_after,
    "minGRU": relatives.mingru,
    "minLSTM": relatives.minlstm,
}
STARTS = {  # what they add to a cell's `init_params`
    "uniform": dict(recurrent="uniform"),
    "orthogonal": dict(recurrent="orthogonal"),
    "identity": {},
    "forget bias 0": dict(forget_bias=0.0),
    "forget bias 1": dict(forget_bias=1.0),
    "forget bias 3": dict(forget_bias=3.0),
    "chrono": dict(longest="steps"),  # as many as a sequence of the task has
    "update bias 0": dict(update_bias=0.0),
    "update bias -2": dict(update_bias=-2.0),
    "orthogonal W_h": dict(recurrent="orthogonal", inputs="uniform"),  # and nothing else
    "forget bias 2": dict(forget_bias=2.0),
    "biases 2, -2": dict(forget_bias=2.0, input_bias=-2.0),  # forget and input
    "biases 3, -3": dict(forget_bias=3.0, input_bias=-3.0),
    "chrono forget": dict(longest="steps", half="forget"),  # the input bias is 0
    "chrono input": dict(longest="steps", half="input"),  # the forget bias is 1
}


class Run(NamedTuple):
    """What decides a recorded run: the first columns of every file of experiments/results."""

    task: str  # of `TASKS`
    size: int  # of the task
    cell: str  # as "LSTM"
    start: str  # of its weights and biases, as "forget bias 1"
    hold: str  # its control, as "i constant" (see `CONTROLS`), or none; gates alone are held at 1
    hidden_size: int
    seed: int
    learning_rate: float
    limit: int  # training steps at most
    batch: int  # sequences a step
    part: str  # "validation" to choose a rate, "test" for the result


class Row(NamedTuple):
    """What a recorded run came to: the other columns."""

    score: float  # nan where training overflowed
    baseline: float  # what a trivial answer scores
    lower: bool  # whether a lower score is the better one
    steps: int
    improving: bool
    parameters: int  # of the cell, without the read-out
    seconds: float  # of one processor
    versions: str


def read(path):
    """The records at `path`, a csv file in the shape of one row a run -> {Run: Row}.

    A last line that is not whole is left out. Raises FileNotFoundError where there is no file,
    ValueError for columns that do not begin with those of Run and Row, and, where the last column is
    `check`, for a row that was changed, lost or doubled by hand.
    """
    wide = len(Run._fields)
    end = wide + len(Row._fields)
    return {typed(Run, line[:wide]): typed(Row, line[wide:end]) for line in lines(path)[1:]}


def read_more(path):
    """What the records at `path` (a csv file) hold beyond Run and Row -> {Run: {column: text}}. Errors as in `read`."""
    wide, end = len(Run._fields), len(Run._fields + Row._fields)
    first, *rest = lines(path)
    names = first[end:]
    return {typed(Run, line[:wide]): dict(zip(names, line[end:], strict=True)) for line in rest}


def lines(path):
    """The lines of a file of records, as lists of texts, its checks looked at and taken off."""
    with open(path, newline="", encoding="utf-8") as file:
        text = file.read()
    found = list(csv.reader(text[: text.rfind("\n") + 1].splitlines())) or [[]]
    columns = Run._fields + Row._fields
    if tuple(found[0][: len(columns)]) != columns:
        raise ValueError(f"{path}: expected the columns of Run and Row, got {tuple(found[0])}")
    if found[0][-1] != "check":
        return found
    seen, mark = set(), ""
    for number, line in enumerate(found):
        run = tuple(line[: len(Run._fields)])
        mark, told = check(mark, line[:-1]) if number else "check", line[-1]
        if mark != told or run in seen:
            raise ValueError(f"{path}: line {number + 1}, or one above it, was changed by hand")
        seen.add(run)
    return [line[:-1] for line in found]


def check(before, texts):
    """The check of a row: its texts and the check of the row above, summed to 8 digits (CRC-32)."""
    return f"{zlib.crc32(','.join([before, *texts]).encode()):08x}"


def store(folder, run, model):
    """Keep a run's trained weights as folder/NAME.npz, float32; `stored` gives them back. Errors: none of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = {f"cell_{name}": part for name, part in model.params._asdict().items()}
    parts |= {f"readout_{name}": part for name, part in model.readout._asdict().items()}
    parts = {name: part.astype(np.float32) for name, part in parts.items()}
    np.savez(folder / file_of(run), **parts)


def stored(folder, run):
    """The trained train.Model of a Run of which `store` kept the weights, shapes as the cell's.

    `folder` is a Path, as experiments/results/weights. Raises FileNotFoundError where none were kept.
    """
    cell = CELLS[run.cell]
    with np.load(folder / file_of(run)) as file:
        params = cell.Params(*(file[f"cell_{name}"] for name in cell.Params._fields))
        read_out = readout.Params(*(file[f"readout_{name}"] for name in readout.Params._fields))
    return train.Model(cell, params, read_out)


def file_of(run):
    """The name of the file with a run's weights: the columns that decide it."""
    return "_".join(str(value).replace(" ", "-") or "free" for value in run[:8]) + ".npz"


def typed(kind, texts):
    """A Run or a Row from the texts of its columns."""
    texts = zip(kind.__annotations__.values(), texts, strict=True)
    return kind(*(text == "True" if column is bool else column(text) for column, text in texts))


def reported(records, task, size, column="score"):
    """A column of the runs that count, not of those that chose a rate -> {condition: (seeds,)}.

    `records` is {Run: Row}, as `read` gives it; `column` is a field of Row. Of runs with different
    limits the longest count. A condition's name is "LSTM, chrono", with gates held at 1 "LSTM,
    chrono, i = 1", and with more units than the fewest "RNN, orthogonal, H = 35".
    Cells and starts stand in the order of CELLS and STARTS. Raises KeyError for a task and size
    without a record, AttributeError for another column.
    """
    runs = [run for run in records if run[:2] == (task, size) and run.part == "test"]
    if not runs:
        raise KeyError(f"no record of {task} with size {size}")
    limit = max(run.limit for run in runs)
    runs = [run for run in runs if run.limit == limit]
    H, found = min(run.hidden_size for run in runs), {}
    orders = list(CELLS), list(STARTS)

    def order(run):
        return orders[0].index(run.cell), orders[1].index(run.start), *run[4:7]

    for run in sorted(runs, key=order):
        held = " = ".join([*run.hold, "1"]) if run.hold and " " not in run.hold else run.hold
        larger = f"H = {run.hidden_size}" if run.hidden_size > H else ""
        name = ", ".join(filter(None, [run.cell, run.start.replace("-", "−"), held, larger]))
        found.setdefault(name, []).append(getattr(records[run], column))
    return {name: np.array(values) for name, values in found.items()}


class Comparison(NamedTuple):
    """Scores of two conditions, the first against the second."""

    difference: float  # of the means, first minus second
    low: float  # the difference's 95 % interval, from here
    high: float  # to here
    ahead: float  # the share of pairs, one run of each, in which the first scores more; ties count half


def compare(first, second):
    """Compare the scores of two conditions, (seeds,) each -> Comparison.

    The interval is a bootstrap's: from each condition as many runs as it has are drawn 10,000 times,
    with replacement, and the middle 95 % of the differences is kept. With five runs it is rather too
    narrow; it is a point where all runs of both are equal. Raises ValueError for scores of other
    rank, no scores, NaN or infinity. Source: Efron 1979; for `ahead`, Mann & Whitney 1947.

    >>> compare([1, 1, 1], [0, 0.5, 1])  # doctest: +ELLIPSIS
    Comparison(difference=0.5, low=..., high=..., ahead=0.833...)
    """
    scores = [checks.real_array("scores", part, np.float64) for part in (first, second)]
    for part in scores:
        if part.ndim != 1 or not part.size or not np.isfinite(part).all():
            raise ValueError(f"scores: expected numbers of shape (seeds,), got {part}")
    rng = np.random.default_rng(0)
    a, b = (rng.choice(part, (10_000, part.size)).mean(axis=1) for part in scores)
    low, high = np.quantile(a - b, [0.025, 0.975])
    apart = np.sign(scores[0][:, None] - scores[1])
    difference = scores[0].mean() - scores[1].mean()
    return Comparison(float(difference), float(low), float(high), float(0.5 + apart.mean() / 2))


def is_solved(task, score):
    """Whether a score, a number, of a task of `TASKS` counts as solved; a task that is never solved is a ValueError."""
    posed = TASKS[task]
    if posed.solved is None:
        raise ValueError(f"task: expected one that can be solved, got {task!r}")
    return bool(score < posed.solved if posed.lower else score > posed.solved)


def best_rate(tried, task):
    """The learning rate of the best mean score, from {rate: [Row]} of a task -> a number.

    Scores count to two digits. Between equals, the rate with more solved runs, and between those the
    middle one: speed chooses nothing. A rate at which a run overflowed is the last. Raises ValueError
    for no rates.
    """
    if not tried:
        raise ValueError("tried: expected rates with their rows, got none")

    def worse(rows):
        score = np.mean([row.score for row in rows])
        if np.isnan(score):
            return np.inf, 0
        solved = TASKS[task].solved is not None and sum(is_solved(task, r.score) for r in rows)
        return round(score if TASKS[task].lower else -score, 2), -int(solved)

    ranks = {rate: worse(rows) for rate, rows in tried.items()}
    best = sorted(rate for rate in tried if ranks[rate] == min(ranks.values()))
    return best[(len(best) - 1) // 2]


# --- Verdicts: what the records allow to be said


class Question(NamedTuple):
    """What is asked of the runs of one condition, or of two."""

    file: str  # of experiments/results, without its .csv
    asked: Callable  # `most`, `as_many` or `better`: (task, *rows, column) -> (Interval, bound, counts)
    told: tuple  # what may be said where the number is above its bound, below it, not told apart
    task: str
    size: int
    conditions: tuple  # of (cell, start, control, units), the first against the second
    seeds: int = 10  # at least so many
    rates: int = 3  # at so many learning rates; of those each condition's best counts
    column: str = "score"  # what `better` compares


class Verdict(NamedTuple):
    """What a question came to."""

    side: int  # 1 above the bound, -1 below it, 0 not told apart from it
    sentence: str  # with its numbers


class Incomplete(LookupError):
    """The records do not hold yet what a verdict stands on."""


def judged(name, records, seeds=None, rates=None):
    """What the records {Run: Row} allow to be said on a question of `VERDICTS` -> Verdict.

    Over all seeds the interval has to exclude the bound, and in each of two halves of the seeds the
    number has to be on the same side of it; else nothing is told apart. `seeds` and `rates` ask for
    fewer than the question does. Raises KeyError for an unknown question, Incomplete for records
    that lack runs.
    """
    question = VERDICTS[name]
    few = dict(seeds=seeds or question.seeds, rates=rates or question.rates)

    def ask(half=None):
        where = records, question.task, question.size
        rows = [runs_of(*where, *one, **few, half=half) for one in question.conditions]
        return question.asked(question.task, *rows, question.column)

    number, bound, counts = ask()
    side = int(number.low > bound) - int(number.high < bound)
    if side and any(side * (ask(half)[0].value - bound) <= 0 for half in (0, 1)):
        side = 0
    above, below, between = question.told
    return Verdict(side, f"{(between, above, below)[side]}: {counts}")


def runs_of(
    records, task, size, cell, start, hold="", hidden_size=None, seeds=1, rates=1, half=None
):
    """The reported runs of one condition, at its best rate of those tried -> [Row], by seed.

    `hidden_size` is the smallest there is if left out. Of the seeds, in their order, `half` 0 is the
    first half, 1 the second; the rate is that of all. Raises Incomplete where there are fewer
    `seeds` or `rates`.
    """
    tried = by_rate(records, task, size, cell, start, hold, hidden_size)
    told = f"{cell}, {start}{hold and ', '}{hold} on {task} {size}"
    if len(tried) < rates:
        raise Incomplete(f"{told}: {len(tried)} of {rates} learning rates are recorded yet")
    few = min((len(rows) for rows in tried.values()), default=0)
    if few < seeds:
        raise Incomplete(f"{told}: {few} of {seeds} seeds are recorded yet")
    best = tried[best_rate({rate: list(rows.values()) for rate, rows in tried.items()}, task)]
    order = sorted(best)
    middle = len(order) // 2
    chosen = {None: order, 0: order[:middle], 1: order[middle:]}[half]
    return [best[seed] for seed in chosen]


def by_rate(records, task, size, cell, start, hold="", hidden_size=None):
    """The reported runs of one condition at every rate -> {learning rate: {seed: Row}}, slowest first.

    `records` is {Run: Row}. Of runs with different limits the longest count; `hidden_size` is the
    smallest number of units there is if left out. No run of the condition gives an empty dict. Errors:
    none of its own.
    """
    wanted = (task, size, cell, start, hold)
    runs = [run for run in records if run[:5] == wanted and run.part == "test"]
    runs = [run for run in runs if hidden_size in (None, run.hidden_size)]
    limit = max((run.limit for run in runs), default=0)
    runs = [run for run in runs if run.limit == limit]
    H, found = min((run.hidden_size for run in runs), default=0), {}
    for run in sorted(runs, key=lambda run: (run.learning_rate, run.seed)):
        if run.hidden_size == H:
            found.setdefault(run.learning_rate, {})[run.seed] = records[run]
    return found


def most(task, rows, column):
    """Did more than half of the runs solve it?"""
    count, n = solved_by(task, rows)
    return intervals.share(count, n), 0.5, f"{count} of {n} runs"


def more(task, rows, others, column):
    """Did more runs of the first condition solve it than of the second?"""
    one, other = solved_by(task, rows), solved_by(task, others)
    counts = f"{one[0]} of {one[1]} runs against {other[0]} of {other[1]}"
    return intervals.share_difference(one, other), 0, counts


def as_many(task, rows, others, column):
    """Did as many solve it, but for three runs of ten?"""
    number, _, counts = more(task, rows, others, column)
    return number, -0.3, counts


def better(task, rows, others, column):
    """Is the mean of a column better in the first condition? Fewer steps are better; 3 runs tell nothing."""
    one, other = ([value_of(row, column) for row in part] for part in (rows, others))
    if min(len(one), len(other)) < 4:
        number = intervals.Interval(np.mean(one) - np.mean(other), -np.inf, np.inf)
    else:
        number = intervals.difference(one, other)
    if column == "steps" or TASKS[task].lower:
        number = intervals.Interval(-number.value, -number.high, -number.low)
    digits = ".0f" if column == "steps" else ".3g"
    return number, 0, f"{np.mean(one):{digits}} against {np.mean(other):{digits}} {column}"


def solved_by(task, rows):
    """(how many rows solved the task, how many rows there are)."""
    return sum(is_solved(task, row.score) for row in rows), len(rows)


def value_of(row, column):
    """A column of a row; of a run that overflowed the trivial answer's score."""
    value = getattr(row, column)
    return row.baseline if np.isnan(value) else value


def still_falls(losses):
    """Whether the mean of the last 50 losses is at least 2 % below the mean of the 50 before.

    >>> still_falls(np.linspace(2, 1, 100)), still_falls(np.ones(100))
    (True, False)
    """
    before, last = losses[-2 * WINDOW : -WINDOW], losses[-WINDOW:]
    return len(before) == WINDOW and bool(np.mean(last) < 0.98 * np.mean(before))


# --- The questions, by name


def told_of(subject, above, below, between):
    """Three sentences with one subject."""
    return tuple(f"{subject} {end}" for end in (above, below, between))


AS_MANY = (
    "is learned by as many runs as with all gates free",
    "is learned by fewer runs than with all gates free",
    "is not told apart from three runs of ten fewer",
)
BETTER = (
    "comes out better than with all gates free",
    "comes out worse than with all gates free",
    "is not told apart from all gates free",
)
MOSTLY = (
    "is learned by most runs",
    "is learned by fewer than half of the runs",
    "is learned by about half of the runs",
)


def gate_by_gate():
    """Of each gate, task and start: is it the gate that is needed, or only its usual value?"""
    ways = {"constant": ("held at its usual constant", " constant"), "open": ("held open", "")}
    for task, size, asked, ends, seeds in (
        ("recall", 20, as_many, AS_MANY, 20),
        ("adding", 50, as_many, AS_MANY, 10),
        ("update", 100, as_many, AS_MANY, 20),
        ("prose", 50, better, BETTER, 10),
        ("digits", 64, better, BETTER, 10),
    ):
        for start in ("chrono", "forget bias 1"):
            for gate, name in dict(i="input", f="forget", o="output").items():
                for way, (words, how) in ways.items():
                    subject = f"{task} {size} from {start} with the {name} gate {words}"
                    yield (
                        f"{task}-{gate}-{way}-{start.replace(' ', '-')}",
                        Question(
                            "ablations",
                            asked,
                            told_of(subject, *ends),
                            task,
                            size,
                            (("LSTM", start, gate + how), ("LSTM", start)),
                            seeds,
                        ),
                    )


def mostly(subject):
    return told_of(subject, *MOSTLY)


VERDICTS = {
    "orthogonal-start-and-its-inputs": Question(
        "starts",
        more,
        told_of(
            "an orthogonal W_h, with the usual input weights in place of Glorot's,",
            "learns recall 50 more often",
            "learns recall 50 less often",
            "is not told apart on recall 50",
        ),
        "recall",
        50,
        (("RNN", "orthogonal W_h"), ("RNN", "orthogonal")),
        20,
        1,
    ),
    "orthogonal-start": Question(
        "starts",
        more,
        told_of(
            "an orthogonal W_h, and nothing else changed,",
            "learns recall 50 more often",
            "learns recall 50 less often",
            "is not told apart on recall 50",
        ),
        "recall",
        50,
        (("RNN", "orthogonal W_h"), ("RNN", "uniform")),
        20,
        1,
    ),
    "recall-with-8-units-and-i-open": Question(
        "ablations",
        most,
        mostly("recall 20 with 8 units from chrono and the input gate held open"),
        "recall",
        20,
        (("LSTM", "chrono", "i", 8),),
        20,
        1,
    ),
    **dict(gate_by_gate()),
    "reset-gate": Question(
        "ladder",
        better,
        told_of(
            "on a running sum that starts afresh at a mark the GRU's reset gate",
            "is better than r = 1",
            "is worse than r = 1",
            "is not told apart from r = 1",
        ),
        "running sum",
        30,
        (("GRU", "update bias -2"), ("GRU", "update bias -2", "r")),
    ),
    "reset-gate-moves": Question(
        "ladder",
        better,
        told_of(
            "on the running sum a reset gate that moves",
            "is better than one held at its usual constant",
            "is worse than one held at its usual constant",
            "is not told apart from one held at its usual constant",
        ),
        "running sum",
        30,
        (("GRU", "update bias -2"), ("GRU", "update bias -2", "r constant")),
    ),
    "coupling-is-quick": Question(
        "ladder",
        better,
        told_of(
            "from starts that keep alike, coupled gates",
            "need fewer steps for adding 50",
            "need more steps for adding 50",
            "are not told apart by their steps for adding 50",
        ),
        "adding",
        50,
        (("coupled LSTM", "forget bias 2"), ("LSTM", "biases 2, -2")),
        column="steps",
    ),
    "gru-is-quick": Question(
        "ladder",
        better,
        told_of(
            "against coupled gates with an open output gate the GRU",
            "needs fewer steps for adding 50",
            "needs more steps for adding 50",
            "is not told apart by its steps for adding 50",
        ),
        "adding",
        50,
        (("GRU", "update bias -2"), ("coupled LSTM", "forget bias 2", "o")),
        column="steps",
    ),
    "road-through-h": Question(
        "roads",
        as_many,
        told_of(
            "adding 30 without the gradient through h",
            "is learned by as many runs",
            "is learned by fewer runs",
            "is not told apart from three runs of ten fewer",
        ),
        "adding",
        30,
        (("LSTM", "forget bias 1", "h cut"), ("LSTM", "forget bias 1")),
        20,
    ),
    "road-along-c-is-quick": Question(
        "roads",
        better,
        told_of(
            "of the two roads of adding 30, to cut the one through h",
            "costs fewer steps than to cut the one along c",
            "costs more steps than to cut the one along c",
            "is not told apart by its steps from cutting the one along c",
        ),
        "adding",
        30,
        (("LSTM", "forget bias 1", "h cut"), ("LSTM", "forget bias 1", "c cut")),
        20,
        column="steps",
    ),
    "hello-with-a-frozen-cell": Question(
        "hello",
        most,
        mostly("hello with a cell that never changes"),
        "hello",
        4,
        (("LSTM", "forget bias 1", "cell frozen"),),
        20,
        2,
    ),
    "hello-with-a-random-gradient": Question(
        "hello",
        most,
        mostly("hello with random gradients for the cell"),
        "hello",
        4,
        (("LSTM", "forget bias 1", "gradient random"),),
        20,
        2,
    ),
    "parity-by-mingru": Question(
        "state", most, mostly("the parity of 20 bits by minGRU"), "parity", 20,
        (("minGRU", "update bias -2"),),
    ),
    "parity-by-the-candidate": Question(
        "state",
        most,
        mostly("the parity of 20 bits by a GRU whose update gate does not see h"),
        "parity",
        20,
        (("GRU", "update bias -2", "z blind"),),
    ),
    "chrono-forget-half": Question(
        "grid",
        as_many,
        told_of(
            "recall 100 from the forget half of chrono alone",
            "is learned by as many runs as from the whole",
            "is learned by fewer runs than from the whole",
            "is not told apart from three runs of ten fewer than from the whole",
        ),
        "recall",
        100,
        (("LSTM", "chrono forget"), ("LSTM", "chrono")),
        20,
        1,
    ),
    "chrono-input-half": Question(
        "grid",
        as_many,
        told_of(
            "recall 100 from the input half of chrono alone",
            "is learned by as many runs as from the whole",
            "is learned by fewer runs than from the whole",
            "is not told apart from three runs of ten fewer than from the whole",
        ),
        "recall",
        100,
        (("LSTM", "chrono input"), ("LSTM", "chrono")),
        20,
        1,
    ),
    "recall-100-by-mingru": Question(
        "grid",
        as_many,
        told_of(
            "recall 100 by minGRU",
            "is learned by as many runs as by the GRU",
            "is learned by fewer runs than by the GRU",
            "is not told apart from three runs of ten fewer than the GRU's",
        ),
        "recall",
        100,
        (("minGRU", "update bias -2"), ("GRU", "update bias -2")),
        20,
        1,
    ),
    "rare-update-by-mingru": Question(
        "state",
        as_many,
        told_of(
            "update with rare flags by minGRU",
            "is learned by as many runs as by the GRU",
            "is learned by fewer runs than by the GRU",
            "is not told apart from three runs of ten fewer than the GRU's",
        ),
        "rare update",
        100,
        (("minGRU", "update bias -2"), ("GRU", "update bias -2")),
    ),
}  # fmt: skip
