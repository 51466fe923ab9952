"""Recorded runs, condition by condition: which of them count, at which learning rate, and how two compare."""

from typing import NamedTuple

import numpy as np

from lib import checks
from lib.laboratory.posed import TASKS, is_solved
from lib.laboratory.records import CELLS, STARTS


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


def by_rate(records, task, size, cell, start, hold="", hidden_size=None, limit=None):
    """The reported runs of one condition at every rate -> {learning rate: {seed: Row}}, slowest first.

    `records` is {Run: Row}. Of runs with different limits the longest count if `limit` is left out;
    of runs with other numbers of units the fewest are taken if `hidden_size` is left out, the most if
    it is "most" (in the grid, as many as give the cell an LSTM's parameters). No run of the condition
    gives an empty dict. Errors: none of its own.
    """
    found = runs_by_rate(records, task, size, cell, start, hold, hidden_size, limit)
    return {rate: {s: records[run] for s, run in runs.items()} for rate, runs in found.items()}


def runs_by_rate(records, task, size, cell, start, hold="", hidden_size=None, limit=None):
    """The same -> {learning rate: {seed: Run}}."""
    wanted = (task, size, cell, start, hold)
    runs = [run for run in records if run[:5] == wanted and run.part == "test"]
    runs = [run for run in runs if hidden_size in (None, "most", run.hidden_size)]
    limit = limit or max((run.limit for run in runs), default=0)
    runs = sorted(runs, key=lambda run: (run.learning_rate, run.seed))
    H, found = {run.hidden_size for run in runs if run.limit == limit}, {}
    for run in runs:
        if run.limit == limit and run.hidden_size == (max if hidden_size == "most" else min)(H):
            found.setdefault(run.learning_rate, {})[run.seed] = run
    return found


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
