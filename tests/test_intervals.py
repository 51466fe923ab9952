"""The intervals hold what they promise: 95 of a hundred hold the true number, at the sizes we use."""

from math import comb

import numpy as np
import pytest

from lib.intervals import Interval, difference, mean, share, share_difference, t_quantile

Z = 1.959963984540054


def likely(n, p):
    """The chances of 0 to n runs out of n, each with chance p."""
    return np.array([comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(n + 1)])


@pytest.mark.parametrize("n", [10, 20])
def test_a_shares_interval_holds_the_true_share_95_times_in_a_hundred(n):
    """Exactly: summed over all that can come out, for true shares from 1 to 99 %."""
    found = [share(k, n) for k in range(n + 1)]
    held = []
    for p in np.linspace(0.01, 0.99, 99):
        inside = np.array([one.low <= p <= one.high for one in found])
        held.append(likely(n, p)[inside].sum())
    assert 0.945 < np.mean(held) < 0.965 and min(held) > 0.9


@pytest.mark.parametrize("n", [10, 20])
def test_the_interval_of_two_shares_holds_their_true_difference(n):
    low, high = np.array(
        [[share_difference((a, n), (b, n))[1:] for b in range(n + 1)] for a in range(n + 1)]
    ).transpose(2, 0, 1)
    held = []
    for p in np.linspace(0.05, 0.95, 10):
        for q in np.linspace(0.05, 0.95, 10):
            inside = (low <= p - q) & (p - q <= high)
            held.append((np.outer(likely(n, p), likely(n, q)) * inside).sum())
    assert 0.945 < np.mean(held) < 0.965 and min(held) > 0.915


HEAPS = {  # what scores look like: (first, second) with the same mean
    "normal": (lambda rng, n: rng.normal(size=n), lambda rng, n: rng.normal(size=n)),
    "one of them wider": (lambda rng, n: rng.normal(size=n), lambda rng, n: 4 * rng.normal(size=n)),
    "learned or not": (
        lambda rng, n: np.where(rng.random(n) < 0.5, 1.0, 0.25),
        lambda rng, n: np.where(rng.random(n) < 0.5, 1.0, 0.25),
    ),
}


@pytest.mark.parametrize("n", [5, 10, 20])
@pytest.mark.parametrize("heaps", HEAPS)
def test_the_interval_of_two_means_holds_their_true_difference(heaps, n):
    rng, (first, second) = np.random.default_rng(0), HEAPS[heaps]
    found = [difference(first(rng, n), second(rng, n)) for _ in range(1500)]
    assert 0.93 < np.mean([one.low <= 0 <= one.high for one in found]) < 0.985


@pytest.mark.parametrize("n", [10, 20])
@pytest.mark.parametrize("heap", ["normal", "wider on one side"])
def test_the_interval_of_a_mean_holds_the_true_one(heap, n):
    rng = np.random.default_rng(0)
    draw = {
        "normal": rng.normal,
        "wider on one side": lambda size: rng.gumbel(-np.euler_gamma, size=size),
    }
    found = [mean(draw[heap](size=n)) for _ in range(3000)]
    assert 0.93 < np.mean([one.low <= 0 <= one.high for one in found]) < 0.965


def test_the_interval_of_a_mean_is_students():
    runs = np.array([1.0, 2, 3, 4])
    found = mean(runs)
    assert found.value == 2.5
    assert found.high - 2.5 == pytest.approx(3.182 * np.sqrt(5 / 3 / 4), rel=2e-3)
    assert 2.5 - found.low == pytest.approx(found.high - 2.5)
    assert mean([7] * 5) == (7, 7, 7)
    with pytest.raises(ValueError, match="scores: expected at least 4 numbers"):
        mean([1, 2, 3])


def test_the_interval_of_two_means_is_welchs():
    rng = np.random.default_rng(1)
    a, b = rng.normal(1, 1, 400), rng.normal(0, 3, 200)
    found = difference(a, b)
    error = np.sqrt(a.var(ddof=1) / 400 + b.var(ddof=1) / 200)
    assert found.value == pytest.approx(a.mean() - b.mean())
    assert found.low == pytest.approx(found.value - Z * error, abs=0.02 * error)
    assert found.high - found.value == pytest.approx(found.value - found.low)
    few = difference(
        [1, 2, 3, 4], [0, 0, 0, 0]
    )  # one side alone has a spread: 3 degrees of freedom
    assert few.high - few.value == pytest.approx(t_quantile(3) * np.sqrt(5 / 3 / 4))
    assert difference([1] * 5, [0.25] * 4) == (0.75, 0.75, 0.75)


def test_students_t_is_as_in_the_tables():
    for df, table in ((3, 3.182), (4, 2.776), (5, 2.571), (9, 2.262), (18, 2.101), (60, 2.000)):
        assert t_quantile(df) == pytest.approx(table, rel=1.3e-3)
    assert t_quantile(1e9) == pytest.approx(Z)


def test_a_share_is_wilsons_and_stays_between_none_and_all():
    assert share(0, 10)[:2] == (0, 0) and share(10, 10)[::2] == (1, 1)
    found = share(7, 10)
    for edge in found[1:]:  # where the share is just 1.96 standard deviations away
        assert abs(0.7 - edge) == pytest.approx(Z * np.sqrt(edge * (1 - edge) / 10))
    assert share(0, 20).high < share(0, 10).high == pytest.approx(0.2775, abs=1e-3)
    assert isinstance(found, Interval)


def test_two_shares_are_newcombes():
    found = share_difference((56, 70), (48, 80))  # the example of Newcombe's method 10
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    turned = share_difference((48, 80), (56, 70))
    assert turned == pytest.approx((-found.value, -found.high, -found.low))


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda: difference([1, 2, 3], [1, 2, 3, 4]), ValueError, "scores: expected at least 4"),
        (lambda: difference([1, 2, 3, np.nan], [1] * 4), ValueError, "scores: expected"),
        (lambda: difference([1, 2, 3, np.inf], [1] * 4), ValueError, "scores: expected"),
        (lambda: difference([[1, 2, 3, 4]], [1] * 4), ValueError, "scores: expected"),
        (lambda: difference(["a"] * 4, [1] * 4), TypeError, "scores: expected real"),
        (lambda: share(11, 10), ValueError, "count: expected 0 to 10 runs, got 11"),
        (lambda: share(-1, 10), ValueError, "count: expected"),
        (lambda: share(0, 0), ValueError, "of: expected at least 1"),
        (lambda: share(1, 2.0), TypeError, "of: expected a whole number"),
        (lambda: share(0.5, 2), TypeError, "count: expected a whole number"),
        (lambda: t_quantile(2), ValueError, "df: expected at least 3"),
        (lambda: t_quantile(np.nan), ValueError, "df: expected at least 3"),
    ],
)
def test_what_has_no_interval_is_refused(call, error, named):
    with pytest.raises(error, match=named):
        call()
