"""The laboratory: one run of one cell on one task, under the same protocol for every cell.

A run is decided by its arguments alone. Its seed opens two random streams: [seed, 0] for the first
weights and then the training batches, [seed, 1] for the test. No score is taken on the training
batches. All is in float64, where rounding, which differs from machine to machine, tips the fewest
runs.
"""

from typing import NamedTuple

import numpy as np

from lib import initial, tasks, train

__all__ = ["Result", "recall"]

SYMBOLS = 4  # delayed recall asks for one of so many
CHANCE = 1 / SYMBOLS  # what a guess scores
SOLVED = 0.05  # training ends early once the mean of the last 20 losses is below it
WINDOW = 50  # steps over which a loss is averaged to see whether it still falls


class Result(NamedTuple):
    """What one run came to."""

    score: float  # accuracy at the cue of the test's sequences, from 0 to 1
    steps: int  # training steps taken
    improving: bool  # stopped by the limit while the loss still fell: see `still_falls`
    model: train.Model  # as trained


def recall(
    cell,
    gap,
    seed,
    limit=300,
    learning_rate=1e-2,
    hidden_size=16,
    batch=16,
    test=500,
    longest=None,
    hold=None,
    **options,
):
    """Train a fresh cell on delayed recall over `gap` distractors, then test it -> Result.

    `cell` is a cell's module, `gap` counts steps. At most `limit` steps of Adam on `batch` fresh
    sequences each, gradients clipped to length 1; then `test` other sequences give the score.
    `options` go to the cell's `init_params`; `longest` gives an LSTM the chrono start for memories
    of up to so many steps; `hold` holds gates, in training and in the test. Raises what the cell,
    the task and `train.fit` raise; an option that the cell does not know is a TypeError.
    """
    size = dict(symbols=SYMBOLS, distractors=SYMBOLS)
    rng, fresh = np.random.default_rng([seed, 0]), np.random.default_rng([seed, 1])
    if longest is not None:
        bias = initial.chrono(rng, hidden_size, longest)
        options |= dict(forget_bias=bias, input_bias=-bias)
    start = train.init_model(cell, rng, 2 * SYMBOLS + 1, hidden_size, SYMBOLS, **options)

    def sequences():
        return tasks.delayed_recall(rng, gap, batch, **size)

    fit = train.fit(start, sequences, limit, learning_rate, hold=hold, stop_below=SOLVED)
    judged = tasks.delayed_recall(fresh, gap, test, **size)
    steps = len(fit.losses)
    improving = steps == limit and still_falls(fit.losses)
    return Result(train.accuracy(fit.model, judged, hold), steps, improving, fit.model)


def still_falls(losses):
    """Whether the mean of the last 50 losses is at least 2 % below the mean of the 50 before.

    >>> still_falls(np.linspace(2, 1, 100)), still_falls(np.ones(100))
    (True, False)
    """
    before, last = losses[-2 * WINDOW : -WINDOW], losses[-WINDOW:]
    return len(before) == WINDOW and bool(np.mean(last) < 0.98 * np.mean(before))
