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
    asked: Callable  # `most`, `more`, `as_many`, `better`, `grown` or `past(number)`: see there
    told: tuple  # what may be said above the bound, below it, where neither can be told
    task: str
    size: int
    conditions: tuple  # of (cell, start, control, units), the first against the second
    seeds: int = 10  # at least so many
    rates: int = 3  # at so many learning rates; of those each condition's best score counts
    columns: tuple = ("score",)  # of Row, or of the file's own; two where `grown` asks
    rate: float | None = None  # this learning rate alone
    limit: int | None = None  # of so many training steps; if left out, of the most there are


class Verdict(NamedTuple):
    """What a question came to."""

    side: int  # 1 above the bound, -1 below it, 0 not told apart from it
    sentence: str  # with its numbers
    number: intervals.Interval  # over all seeds; better is more, whatever the task's score


class Incomplete(LookupError):
    """The records do not hold yet what a verdict stands on."""


class Answer(NamedTuple):
    """A number, and what it has to be past for either sentence."""

    number: intervals.Interval
    above: float  # the first sentence may be said of more than this
    below: float  # the second of less
    counts: str  # its numbers in words


def judge(question, records, own=None, seeds=None, rates=None):
    """What records {Run: Row}, and a file's own columns {Run: {column: text}}, answer -> Verdict.

    Over all seeds the interval has to exclude the bound, and in each of two halves of the seeds the
    number has to be on the same side of it; else nothing is told. `seeds` and `rates` ask for fewer
    than the question does. Raises Incomplete for records that lack runs or a column.
    """
    few = dict(seeds=seeds or question.seeds, rates=rates or question.rates)
    whole = answer(question, records, own, **few)
    halves = (answer(question, records, own, **few, half=half).number.value for half in (0, 1))
    side = intervals.told_apart(whole.number, halves, whole.below, whole.above)
    above, below, between = question.told
    return Verdict(side, f"{(between, above, below)[side]}: {whole.counts}", whole.number)


def answer(question, records, own=None, seeds=1, rates=1, half=None):
    """What a question comes to on its runs, or on a half of them -> Answer."""
    samples, few = [], dict(seeds=seeds, rates=1 if question.rate else rates, half=half)
    few |= dict(rate=question.rate, limit=question.limit)
    for condition in question.conditions:
        runs = runs_of(records, question.task, question.size, *condition, **few)
        for column in question.columns:
            samples.append([value_of(run, records[run], own or {}, column) for run in runs])
    return question.asked(question.task, question.columns[0], *samples)


def runs_of(
    records,
    task,
    size,
    cell,
    start,
    hold="",
    hidden_size=None,
    *,
    seeds=1,
    rates=1,
    half=None,
    rate=None,
    limit=None,
):
    """The reported runs of one condition, at its best rate of those tried -> [Run], by seed.

    `hidden_size` (a number of units) and `limit` (training steps) as in `by_rate`; `rate` asks for one
    learning rate alone. Of the seeds, in their order, `half` 0 is the first half, 1 the second; the rate
    is that of all. Raises Incomplete where there are fewer `seeds` or `rates`.
    """
    tried = runs_by_rate(records, task, size, cell, start, hold, hidden_size, limit)
    tried = {one: runs for one, runs in tried.items() if rate in (None, one)}
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
    """Did more than half of the runs solve it? -> Answer, as all of these."""
    count, n = solved_by(task, values)
    return Answer(intervals.share(count, n), 0.5, 0.5, f"{count} of {n} runs")


def more(task, column, values, others):
    """Did more runs of the first condition solve it than of the second?"""
    one, other = solved_by(task, values), solved_by(task, others)
    counts = f"{one[0]} of {one[1]} runs against {other[0]} of {other[1]}"
    return Answer(intervals.share_difference(one, other), 0, 0, counts)


def as_many(task, column, values, others):
    """Did as many solve it, but for three runs of ten? Or fewer, however many?"""
    return more(task, column, values, others)._replace(above=-0.3)


def better(task, column, values, others):
    """Is the mean of a column better in the first condition?

    Fewer steps are better, and lower scores where the task says so; of a file's own columns more is
    better. 3 runs tell nothing.
    """
    number = intervals.Interval(np.mean(values) - np.mean(others), -np.inf, np.inf)
    if min(len(values), len(others)) > 3:
        number = intervals.difference(values, others)
    if column == "steps" or column == "score" and TASKS[task].lower:
        number = turned(number)
    digits = ".0f" if column == "steps" else ".3g"
    counts = f"{np.mean(values):{digits}} against {np.mean(others):{digits}} {column}"
    return Answer(number, 0, 0, counts)


def turned(number):
    """An Interval with its sign turned."""
    return intervals.Interval(-number.value, -number.high, -number.low)


def past(bound):
    """Is the mean score better than a number? -> what may stand as `asked`."""

    def asked(task, column, values):
        number = intervals.Interval(np.mean(values), -np.inf, np.inf)
        if len(values) > 3:
            number = intervals.mean(values)
        lower, counts = TASKS[task].lower, f"{np.mean(values):.3g} against {bound:.3g}"
        limit = -bound if lower else bound
        return Answer(turned(number) if lower else number, limit, limit, counts)

    return asked


def grown(task, column, values, others):
    """Is the first column larger than the second, in the same runs? By the mean of its logarithms."""
    logs = [np.log(np.maximum(part, TINY)) for part in (values, others)]
    ratios = logs[0] - logs[1]
    number = intervals.Interval(np.mean(ratios), -np.inf, np.inf)
    if len(ratios) > 3:
        number = intervals.mean(ratios)
    middle, other = (np.exp(np.mean(part)) for part in logs)
    return Answer(number, 0, 0, f"{middle:.2g} against {other:.2g}")


TINY = 1e-300  # for what is left of a gradient of which nothing is left


def solved_by(task, values):
    """(how many of the values solve the task, how many there are); of spelled words, how many are hello."""
    solved = (v == "hello" if isinstance(v, str) else is_solved(task, v) for v in values)
    return sum(solved), len(values)
