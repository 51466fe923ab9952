"""Intervals in closed forms, the same to the digit wherever they are computed.

Each is a 95 % interval: of a hundred made in this way about 95 hold the true number, also for the few
runs and the two heaps of scores, learned and not learned, that an experiment has.
"""

from typing import NamedTuple

import numpy as np

from lib import checks

__all__ = [
    "Interval",
    "t_quantile",
    "told_apart",
    "mean",
    "difference",
    "share",
    "share_difference",
]

Z = 1.959963984540054  # 95 % of a normal distribution are within so many standard deviations


class Interval(NamedTuple):
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


def t_quantile(df):
    """How many standard errors hold 95 % of Student's t with `df` degrees of freedom -> a number.

    A series in 1 / df around the normal distribution's 1.96; right to 1 part in 800 at df = 3, better
    above. Raises ValueError for a df below 3.
    """
    if not df >= 3:
        raise ValueError(f"df: expected at least 3 degrees of freedom, got {df}")
    terms = (
        (Z**3 + Z) / 4,
        (5 * Z**5 + 16 * Z**3 + 3 * Z) / 96,
        (3 * Z**7 + 19 * Z**5 + 17 * Z**3 - 15 * Z) / 384,
        (79 * Z**9 + 776 * Z**7 + 1482 * Z**5 - 1920 * Z**3 - 945 * Z) / 92160,
    )
    return Z + sum(term / df**k for k, term in enumerate(terms, 1))


def told_apart(whole, parts, below=0.0, above=0.0):
    """On which side of a bound a number is -> 1 above it, -1 below it, 0 if that cannot be told.

    Of `whole`, an Interval, both ends have to be there, and each of `parts`, the same number in parts of the
    runs, as well. Above is more than `above`, below less than `below`. Errors: none of its own.
    """

    def side(high, low):
        return -1 if high < below else int(low > above)

    found = side(whole.high, whole.low)
    return found if found and all(side(part, part) == found for part in parts) else 0


def mean(runs):
    """The mean of runs (seeds,) -> Interval.

    Student's; where all runs are equal it is a point. Errors as in `difference`. Source: Student 1908.
    """
    runs = scores(runs)
    middle = float(runs.mean())
    half = float(t_quantile(len(runs) - 1) * np.sqrt(runs.var(ddof=1) / len(runs)))
    return Interval(middle, middle - half, middle + half)


def scores(runs):
    """(seeds,) numbers, 4 at least, all finite."""
    runs = checks.real_array("scores", runs, np.float64)
    if runs.ndim != 1 or len(runs) < 4 or not np.isfinite(runs).all():
        raise ValueError(f"scores: expected at least 4 numbers of shape (seeds,), got {runs}")
    return runs


def difference(first, second):
    """The difference of two means, first minus second, from runs (seeds,) each -> Interval.

    Welch's: each side has its own variance. Where all runs of both sides are equal it is a point.
    Raises ValueError for fewer than 4 runs a side, another rank, NaN or infinity. Source: Welch 1947.
    """
    sides = scores(first), scores(second)
    apart = float(sides[0].mean() - sides[1].mean())
    of_mean = [part.var(ddof=1) / len(part) for part in sides]
    if not sum(of_mean):
        return Interval(apart, apart, apart)
    pairs = zip(of_mean, sides, strict=True)
    df = sum(of_mean) ** 2 / sum(v * v / (len(part) - 1) for v, part in pairs)
    half = float(t_quantile(df) * np.sqrt(sum(of_mean)))
    return Interval(apart, apart - half, apart + half)


def share(count, of):
    """The share of `count` runs in `of` -> Interval, within [0, 1].

    Wilson's: also at 0 of 10 it has a width. Raises TypeError or ValueError for numbers that are not
    whole, no runs, or more than there are. Source: Wilson 1927.
    """
    n = checks.size("of", of)
    if isinstance(count, bool) or not isinstance(count, int | np.integer):
        raise TypeError(f"count: expected a whole number, got {type(count).__name__}")
    if not 0 <= count <= n:
        raise ValueError(f"count: expected 0 to {n} runs, got {count}")
    p, more = count / n, Z * Z / n
    middle = (p + more / 2) / (1 + more)
    half = np.sqrt(p * (1 - p) * more + more * more / 4) / (1 + more)
    low, high = float(middle - half), float(middle + half)
    return Interval(p, low if count else 0.0, high if count < n else 1.0)


def share_difference(first, second):
    """The difference of two shares, (count, of) each, first minus second -> Interval.

    From the two intervals of `share`. Errors as there. Source: Newcombe 1998.
    """
    a, b = share(*first), share(*second)
    low = np.hypot(a.value - a.low, b.high - b.value)
    high = np.hypot(a.high - a.value, b.value - b.low)
    apart = a.value - b.value
    return Interval(apart, float(apart - low), float(apart + high))
