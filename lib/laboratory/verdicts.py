"""What records allow to be said: a question's number over all seeds, and in either half of them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lib import intervals
from lib.laboratory.comparing import best_rate, runs_by_rate
from lib.laboratory.posed import TASKS, is_solved
from lib.laboratory.records import Row


class Question(NamedTuple):
    """What is asked of the runs of one condition, or of two."""

    file: str  # of experiments/results, without its .csv
    asked: Callable  # `most`, `more`, `as_many`, `better` or `grown`: see there
    told: tuple  # what may be said where the number is above its bound, below it, not told apart
    task: str
    size: int
    conditions: tuple  # of (cell, start, control, units), the first against the second
    seeds: int = 10  # at least so many
    rates: int = 3  # at so many learning rates; of those each condition's best score counts
    columns: tuple = ("score",)  # of Row, or of the file's own; two where `grown` asks


class Verdict(NamedTuple):
    """What a question came to."""

    side: int  # 1 above the bound, -1 below it, 0 not told apart from it
    sentence: str  # with its numbers


class Incomplete(LookupError):
    """The records do not hold yet what a verdict stands on."""


def judge(question, records, own=None, seeds=None, rates=None):
    """What records {Run: Row}, and a file's own columns {Run: {column: text}}, answer -> Verdict.

    Over all seeds the interval has to exclude the bound, and in each of two halves of the seeds the
    number has to be on the same side of it; else nothing is told apart. `seeds` and `rates` ask for
    fewer than the question does. Raises Incomplete for records that lack runs or a column.
    """
    few = dict(seeds=seeds or question.seeds, rates=rates or question.rates)
    number, bound, counts = answer(question, records, own, **few)
    side = int(number.low > bound) - int(number.high < bound)
    for half in (0, 1) if side else ():
        part, *_ = answer(question, records, own, **few, half=half)
        side *= int(side * (part.value - bound) > 0)
    above, below, between = question.told
    return Verdict(side, f"{(between, above, below)[side]}: {counts}")


def answer(question, records, own=None, seeds=1, rates=1, half=None):
    """What a question comes to on its runs, or on a half of them -> (Interval, bound, its numbers in words)."""
    samples = []
    for condition in question.conditions:
        where = records, question.task, question.size, *condition
        runs = runs_of(*where, seeds=seeds, rates=rates, half=half)
        for column in question.columns:
            samples.append([value_of(run, records[run], own or {}, column) for run in runs])
    return question.asked(question.task, question.columns[0], *samples)


def runs_of(
    records, task, size, cell, start, hold="", hidden_size=None, seeds=1, rates=1, half=None
):
    """The reported runs of one condition, at its best rate of those tried -> [Run], by seed.

    `hidden_size` as in `by_rate`. Of the seeds, in their order, `half` 0 is the first half, 1 the
    second; the rate is that of all. Raises Incomplete where there are fewer `seeds` or `rates`.
    """
    tried = runs_by_rate(records, task, size, cell, start, hold, hidden_size)
    told = f"{cell}, {start}{hold and ', '}{hold} on {task} {size}"
    if len(tried) < rates:
        raise Incomplete(f"{told}: {len(tried)} of {rates} learning rates are recorded yet")
    few = min((len(runs) for runs in tried.values()), default=0)
    if few < seeds:
        raise Incomplete(f"{told}: {few} of {seeds} seeds are recorded yet")
    scored = {rate: [records[run] for run in runs.values()] for rate, runs in tried.items()}
    best = tried[best_rate(scored, task)]
    order = sorted(best)
    middle = len(order) // 2
    chosen = {None: order, 0: order[:middle], 1: order[middle:]}[half]
    return [best[seed] for seed in chosen]


def value_of(run, row, own, column):
    """A column of a row, or of the file's own; in place of the score of a run that overflowed the trivial answer's."""
    if column in Row._fields:
        value = getattr(row, column)
        return row.baseline if np.isnan(value) else value
    text = own.get(run, {}).get(column, "")
    if not text:
        raise Incomplete(
            f"{run.cell}, {run.start} on {run.task} {run.size}: {column} is not recorded"
        )
    try:
        return float(text)
    except ValueError:
        return text  # what was spelled


def most(task, column, values):
    """Did more than half of the runs solve it? -> (Interval, bound, counts), as all of these."""
    count, n = solved_by(task, values)
    return intervals.share(count, n), 0.5, f"{count} of {n} runs"


def more(task, column, values, others):
    """Did more runs of the first condition solve it than of the second?"""
    one, other = solved_by(task, values), solved_by(task, others)
    counts = f"{one[0]} of {one[1]} runs against {other[0]} of {other[1]}"
    return intervals.share_difference(one, other), 0, counts


def as_many(task, column, values, others):
    """Did as many solve it, but for three runs of ten?"""
    number, _, counts = more(task, column, values, others)
    return number, -0.3, counts


def better(task, column, values, others):
    """Is the mean of a column better in the first condition? Fewer steps are better; 3 runs tell nothing."""
    number = intervals.Interval(np.mean(values) - np.mean(others), -np.inf, np.inf)
    if min(len(values), len(others)) > 3:
        number = intervals.difference(values, others)
    if column == "steps" or TASKS[task].lower:
        number = intervals.Interval(-number.value, -number.high, -number.low)
    digits = ".0f" if column == "steps" else ".3g"
    return number, 0, f"{np.mean(values):{digits}} against {np.mean(others):{digits}} {column}"


def grown(task, column, values, others):
    """Is the first column larger than the second, in the same runs? By the mean of its logarithms."""
    ratios = np.log(np.maximum(values, TINY) / np.maximum(others, TINY))
    number = intervals.Interval(np.mean(ratios), -np.inf, np.inf)
    if len(ratios) > 3:
        number = intervals.mean(ratios)
    middle, other = (np.exp(np.mean(np.log(np.maximum(part, TINY)))) for part in (values, others))
    return number, 0, f"{middle:.2g} against {other:.2g}"


TINY = 1e-300  # for what is left of a gradient of which nothing is left


def solved_by(task, values):
    """(how many of the values solve the task, how many there are); of spelled words, how many are hello."""
    solved = (v == "hello" if isinstance(v, str) else is_solved(task, v) for v in values)
    return sum(solved), len(values)
