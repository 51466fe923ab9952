"""How each task is posed: what to train on, what to be scored on, and what counts as solved."""

from collections.abc import Callable
from functools import cache, partial
from math import comb
from typing import NamedTuple

import numpy as np

from lib import losses, tasks, train

SYMBOLS = 4  # delayed recall asks for one of so many
CHANCE = 1 / SYMBOLS  # what a guess scores
SOLVED = 0.05  # training ends early once the mean of the last 20 losses is below it
COUNTED = 100  # counting is judged up to so many a's: even numbers in the test, odd ones before


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


def is_solved(task, score):
    """Whether a score, a number, of a task of `TASKS` counts as solved; a task that is never solved is a ValueError."""
    posed = TASKS[task]
    if posed.solved is None:
        raise ValueError(f"task: expected one that can be solved, got {task!r}")
    return bool(score < posed.solved if posed.lower else score > posed.solved)
