"""The laboratory: one run of one cell on one task, under the same protocol for every cell.

A run is decided by its arguments alone. Its seed opens two random streams: [seed, 0] for the first
weights and then the training batches, [seed, 1] for the test. No score is taken on the training
batches. All is in float64, where rounding, which differs from machine to machine, tips the fewest
runs.
"""

import csv
from collections.abc import Callable
from functools import cache, partial
from math import comb
from typing import NamedTuple

import numpy as np

from lib import checks, gru, initial, losses, lstm, relatives, rnn, tasks, train

__all__ = [
    "TASKS",
    "CELLS",
    "STARTS",
    "Task",
    "Result",
    "Run",
    "Row",
    "Comparison",
    "trial",
    "recall",
    "read",
    "reported",
    "compare",
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
    ),
    "prose": Task(
        tasks.prose,
        tasks.prose,
        shape=lambda size: (len(tasks.PROSE), len(tasks.PROSE)),
        baseline=lambda size, part: tasks.prose_entropy(1, part),
        measure=partial(loss_itself, losses.cross_entropy),
        lower=True,
        stop_below=None,
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
    ),
    "balance": Task(
        tasks.balance,
        at_the_end(tasks.balance),
        shape=lambda size: (2, 2),
        baseline=level_by_chance,
    ),
    "parity": Task(
        tasks.parity,
        at_the_end(tasks.parity),
        shape=lambda size: (1, 2),
        baseline=lambda size, part: 1 / 2,
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
    **options,
):
    """Train a fresh cell on a task of `TASKS`, then test it -> Result.

    `cell` is a cell's module; `size` is a number of steps, what it counts is the task's: the gap,
    the delay, the length, the longest n, and for digits 8 (rows) or 64 (pixels). At most `limit`
    steps of Adam on `batch` fresh sequences each, gradients clipped to length 1; then `test` other
    sequences give the score. `options` go to the cell's `init_params`; `longest` gives an LSTM the
    chrono start for memories of up to so many steps; `hold` holds gates, in training and in the
    test. To choose a learning rate, score on `part="validation"`: digits and prose are of limited
    length. Raises KeyError for an unknown task or another size of digits, and what the cell, the
    task and `train.fit` raise; an option that the cell does not know is a TypeError.
    """
    posed = TASKS[task]
    rng, fresh = np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])
    if longest is not None:
        bias = initial.chrono(rng, hidden_size, longest)
        options |= dict(forget_bias=bias) | (dict(input_bias=-bias) if cell is lstm else {})
    inputs, outputs = posed.shape(size)
    start = train.init_model(cell, rng, inputs, hidden_size, outputs, **options)
    fit = train.fit(
        start,
        lambda: posed.train(rng, size, batch),
        limit,
        learning_rate,
        loss=posed.loss,
        hold=hold,
        stop_below=posed.stop_below,
    )
    judged = posed.test(fresh, size, test, part)
    steps = len(fit.losses)
    improving = steps == limit and still_falls(fit.losses)
    return Result(posed.measure(fit.model, judged, hold), steps, improving, fit.model)


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
}


class Run(NamedTuple):
    """What decides a recorded run: the first columns of experiments/results/runs.csv."""

    task: str  # of `TASKS`
    size: int  # of the task
    cell: str  # as "LSTM"
    start: str  # of its weights and biases, as "forget bias 1"
    hold: str  # the gates held at 1, as "i" or "if", or none
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
    ValueError for columns that are not those of Run and Row.
    """
    with open(path, newline="", encoding="utf-8") as file:
        text = file.read()
    first, *lines = csv.reader(text[: text.rfind("\n") + 1].splitlines()) if "\n" in text else [()]
    wide = len(Run._fields)
    if tuple(first) != Run._fields + Row._fields:
        raise ValueError(f"{path}: expected the columns of Run and Row, got {first}")
    return {typed(Run, line[:wide]): typed(Row, line[wide:]) for line in lines}


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
        held = " = ".join([*run.hold, "1"]) if run.hold else ""
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
    rank, no scores, or NaN. Source: Efron 1979; for `ahead`, Mann & Whitney 1947.

    >>> compare([1, 1, 1], [0, 0.5, 1])  # doctest: +ELLIPSIS
    Comparison(difference=0.5, low=..., high=..., ahead=0.833...)
    """
    scores = [checks.real_array("scores", part, np.float64) for part in (first, second)]
    for part in scores:
        if part.ndim != 1 or not part.size or np.isnan(part).any():
            raise ValueError(f"scores: expected numbers of shape (seeds,), got {part}")
    rng = np.random.default_rng(0)
    a, b = (rng.choice(part, (10_000, part.size)).mean(axis=1) for part in scores)
    low, high = np.quantile(a - b, [0.025, 0.975])
    apart = np.sign(scores[0][:, None] - scores[1])
    difference = scores[0].mean() - scores[1].mean()
    return Comparison(float(difference), float(low), float(high), float(0.5 + apart.mean() / 2))


def still_falls(losses):
    """Whether the mean of the last 50 losses is at least 2 % below the mean of the 50 before.

    >>> still_falls(np.linspace(2, 1, 100)), still_falls(np.ones(100))
    (True, False)
    """
    before, last = losses[-2 * WINDOW : -WINDOW], losses[-WINDOW:]
    return len(before) == WINDOW and bool(np.mean(last) < 0.98 * np.mean(before))
