"""What the cells are asked to remember: seeded generators, each with its trivial baseline.

A Batch is columns of sequences, as everywhere: x (T, D, B). Where only some steps are judged, the
mask says which. `baseline` gives the score of the best answer that never looks at x, as a number;
for prose, which can be guessed better from letters alone, `prose_entropy` does.
"""

from functools import cache
from itertools import permutations as permutations_of
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lib import checks

__all__ = [
    "HELLO",
    "PROSE",
    "Batch",
    "baseline",
    "one_hot",
    "classes",
    "hello",
    "delayed_recall",
    "adding",
    "update",
    "running_sum",
    "balance",
    "parity",
    "permutations",
    "copy",
    "anbn",
    "counting",
    "digits",
    "draw",
    "prose",
    "prose_entropy",
    "ngrams",
]

HELLO = "helo"  #: the alphabet of "hello", one row of x for each letter
PROSE = "\n \"%'(),-.0123456789:;?abcdefghijklmnopqrstuvwxyz"  #: the alphabet of the book's prose
DATA = Path(__file__).parent / "data"  # SOURCES.txt in it says where each file comes from
PARTS = ("train", "validation", "test")


class Batch(NamedTuple):
    """Sequences and what should come out of them."""

    x: np.ndarray  # (T, D, B)
    targets: np.ndarray  # classes (T, B), or values (T, V, B)
    mask: np.ndarray | None  # (T, B), True where the output is judged; None: everywhere


def baseline(batch):
    """The score of the best answer that is the same everywhere, on the judged places of a Batch.

    For classes (T, B), the share of the commonest, from 0 to 1; for values (T, V, B), the squared
    error of their mean. Raises TypeError for what is no Batch, ValueError for targets of another
    rank, NaN or infinity where they are judged, and what the losses refuse of a mask.

    >>> baseline(hello())  # l is right 2 times in 4
    0.5
    """
    if not isinstance(batch, Batch):
        raise TypeError(f"batch: expected a Batch, got {type(batch).__name__}")
    targets = checks.real_array("targets", batch.targets)
    if targets.ndim not in (2, 3):
        raise ValueError(f"targets: expected shape (T, B) or (T, V, B), got {targets.shape}")
    mask, _ = checks.counted(batch.mask, len(targets), targets.shape[-1])
    if targets.ndim == 3:
        values = checks.finite("targets", targets.swapaxes(1, 2)[mask])
        return float(((values - values.mean()) ** 2).mean())
    judged = checks.finite("targets", targets[mask])
    return float(np.unique_counts(judged).counts.max() / judged.size)


def one_hot(text, alphabet):
    """x (T, V, 1), V the alphabet's size: at step t a 1 in the row of the t-th letter, else 0.

    Raises ValueError for a letter that is not in the alphabet, TypeError for what is no str.

    >>> one_hot("he", HELLO)[:, :, 0].tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.0, 1.0, 0.0, 0.0]]
    """
    return np.eye(len(alphabet))[classes(text, alphabet)][:, :, None]


def classes(text, alphabet):
    """The place of each letter in the alphabet, whole numbers (T,). Errors as in `one_hot`."""
    if not isinstance(text, str):
        raise TypeError(f"text: expected a str, got {type(text).__name__}")
    for letter in text:
        if letter not in alphabet:
            raise ValueError(f"text: expected letters of {alphabet!r}, got {letter!r}")
    return np.array([alphabet.index(letter) for letter in text], dtype=int)


def hello():
    """The smallest text that needs a memory: h, e, l, l in; e, l, l, o out.

    x is (4, 4, 1), one-hot over "helo"; targets (4, 1) are classes, and every step is judged. The
    same input l has to give l the first time and o the second. Baseline: a model without memory is
    right at most 3 times of 4. Source: the example of Karpathy 2015.
    """
    return Batch(one_hot("hell", HELLO), classes("ello", HELLO)[:, None], None)


def delayed_recall(rng, gap, batch, symbols=8, distractors=8):
    """One of `symbols` at step 0, `gap` distractors of another alphabet, then a cue: which was it?

    x is (gap + 2, symbols + distractors + 1, batch), one-hot; targets (gap + 2, batch) hold the
    symbol, and only the last step is judged. Baseline: a guess is right 1 time in `symbols`.
    Raises ValueError for a size below 1; TypeError for an rng that is no generator. Source: after
    Hochreiter & Schmidhuber 1997, experiment 2.
    """
    rng = checks.generator(rng)
    symbols, distractors = checks.size("symbols", symbols), checks.size("distractors", distractors)
    T, B = checks.size("gap", gap) + 2, checks.size("batch", batch)
    symbol = rng.integers(symbols, size=B)
    rows = symbols + rng.integers(distractors, size=(T, B))
    rows[0] = symbol
    rows[-1] = symbols + distractors  # the cue
    x = np.eye(symbols + distractors + 1)[rows].swapaxes(1, 2)
    return Batch(x, np.tile(symbol, (T, 1)), last_only(T, B))


def adding(rng, length, batch):
    """Two of `length` numbers are marked: what is their sum?

    x is (length, 2, batch): a number from U(0, 1) and a mark that is 1 at one step of the first
    half and one of the second. Targets (length, 1, batch) hold the sum; only the last step is
    judged. Baseline: always answering 1 has a squared error of 2/12 = 0.167. Raises ValueError
    for a length below 2 or a batch below 1; TypeError for an rng that is no generator. Source:
    after Hochreiter & Schmidhuber 1997, experiment 4.
    """
    rng = checks.generator(rng)
    T, B = checks.size("length", length), checks.size("batch", batch)
    if T < 2:
        raise ValueError(f"length: expected at least 2 steps, got {T}")
    x = np.zeros((T, 2, B))
    x[:, 0] = rng.uniform(size=(T, B))
    column = np.arange(B)
    x[rng.integers(T // 2, size=B), 1, column] = 1
    x[rng.integers(T // 2, T, size=B), 1, column] = 1
    total = (x[:, 0] * x[:, 1]).sum(axis=0)
    return Batch(x, np.tile(total, (T, 1, 1)), last_only(T, B))


def update(rng, length, batch, symbols=4, flags=0.2):
    """Symbols go by, some of them flagged: which was flagged last?

    x is (length, symbols + 1, batch): a symbol, one-hot, and a flag that is 1 at the first step and
    at each later one with the probability `flags`. Targets (length, batch) hold the symbol flagged
    last so far; only the last step is judged. Baseline: a guess is right 1 time in `symbols`. The
    rarer the flags, the longer a symbol stands, and the less a leak that is always the same will do.
    Raises ValueError for a size below 1 or a probability outside [0, 1]; TypeError for an rng that
    is no generator.
    """
    rng, symbols = checks.generator(rng), checks.size("symbols", symbols)
    flags = checks.number("flags", flags, 0, 1)
    T, B = checks.size("length", length), checks.size("batch", batch)
    symbol = rng.integers(symbols, size=(T, B))
    flag = rng.random((T, B)) < flags
    flag[0] = True
    x = np.concatenate([np.eye(symbols)[symbol].swapaxes(1, 2), flag[:, None]], axis=1)
    last = np.maximum.accumulate(np.where(flag, np.arange(T)[:, None], 0))
    return Batch(x, symbol[last, np.arange(B)], last_only(T, B))


def running_sum(rng, length, batch, marks=0.1):
    """Numbers go by, some of them marked: what is the sum since the last mark?

    x is (length, 2, batch): a number from U(-1, 1), and a mark that is 1 at the first step and at
    each later one with the probability `marks`. Targets (length, 1, batch) hold the sum of the
    numbers from the last marked one on; every step is judged. It asks for adding up and for starting
    afresh in one step. Baseline: always answering 0 has the error of `running_sum_variance`. Raises
    ValueError for a size below 1 or a probability outside [0, 1]; TypeError for an rng that is no
    generator.
    """
    rng, marks = checks.generator(rng), checks.number("marks", marks, 0, 1)
    T, B = checks.size("length", length), checks.size("batch", batch)
    number, mark = rng.uniform(-1, 1, (T, B)), rng.random((T, B)) < marks
    mark[0] = True
    total = number.copy()
    for t in range(1, T):
        total[t] += np.where(mark[t], 0, total[t - 1])
    return Batch(np.stack([number, mark], axis=1), total[:, None], None)


def running_sum_variance(length, marks=0.1):
    """The mean square of `running_sum`'s targets: Σ_t (1 - (1 - m)^t) / (3 m) over its length."""
    since = np.cumsum((1 - marks) ** np.arange(length))  # numbers in the sum, on average
    return float(since.mean() / 3)


def balance(rng, length, batch):
    """Up and down by one at a time, and down again: is the count back at 0?

    x is (length, 2, batch), one-hot over up and down, each with probability ½. Targets
    (length, batch) are 1 where as many ups as downs have gone by, else 0; judged at every second
    step, since after an odd number the count cannot be 0. Baseline: "it is not" is right at a share
    1 - C(2k, k) / 4^k of the sequences after 2k steps. Raises ValueError for a length below 2 or a
    batch below 1; TypeError for an rng that is no generator.
    """
    rng = checks.generator(rng)
    T, B = checks.size("length", length), checks.size("batch", batch)
    if T < 2:
        raise ValueError(f"length: expected at least 2 steps, got {T}")
    down = rng.integers(2, size=(T, B))
    mask = np.zeros((T, B), bool)
    mask[1::2] = True
    level = np.cumsum(1 - 2 * down, axis=0) == 0
    return Batch(np.eye(2)[down].swapaxes(1, 2), level.astype(int), mask)


def parity(rng, length, batch):
    """Bits go by: is the number of ones odd?

    x is (length, 1, batch), each bit 0 or 1 with probability ½; targets (length, batch) are 1 where
    the ones so far are odd, and every step is judged. Baseline: a guess is right half of the time.
    Raises ValueError for a size below 1; TypeError for an rng that is no generator. Source: as a test
    of recurrent cells, Grazzi et al. 2025.
    """
    rng = checks.generator(rng)
    bits = rng.integers(2, size=(checks.size("length", length), checks.size("batch", batch)))
    return Batch(bits[:, None].astype(float), np.cumsum(bits, axis=0) % 2, None)


ORDERS = tuple(permutations_of(range(3)))  #: the six orders of three things
COMPOSED = np.array([[ORDERS.index(tuple(q[k] for k in p)) for p in ORDERS] for q in ORDERS])


def permutations(rng, length, batch):
    """Three things are put into another order again and again: how do they lie now?

    x is (length, 6, batch), one-hot: which of the six orders of `ORDERS` comes next, p; three things
    that lay as q then lie as q[p[0]], q[p[1]], q[p[2]]. Targets (length, batch) are the place in
    `ORDERS` of how they lie, and every step is judged. Baseline: a guess is right 1 time in 6.
    Raises ValueError for a size below 1; TypeError for an rng that is no generator. Source: as a test
    of recurrent cells, Merrill et al. 2024.
    """
    rng = checks.generator(rng)
    p = rng.integers(6, size=(checks.size("length", length), checks.size("batch", batch)))
    now = p.copy()
    for t in range(1, len(p)):
        now[t] = COMPOSED[now[t - 1], p[t]]
    return Batch(np.eye(6)[p].swapaxes(1, 2), now, None)


def copy(rng, delay, batch, length=3, symbols=4):
    """`length` symbols, `delay` blanks, then a cue that stays on: say the symbols again, in order.

    x is (2·length + delay, symbols + 2, batch), one-hot: the symbols, the blank, the cue. Targets
    have its steps, (2·length + delay, batch); only the last `length`, those of the cue, are judged.
    Baseline: a guess is right 1 time in `symbols`. Raises ValueError for a size below 1; TypeError
    for an rng that is no generator. Source: after Arjovsky et al. 2016.
    """
    rng = checks.generator(rng)
    delay, length = checks.size("delay", delay), checks.size("length", length)
    B, symbols = checks.size("batch", batch), checks.size("symbols", symbols)
    T = 2 * length + delay
    rows = np.full((T, B), symbols)  # blank
    rows[:length] = rng.integers(symbols, size=(length, B))
    rows[-length:] = symbols + 1  # the cue
    targets = np.zeros((T, B), int)
    targets[-length:] = rows[:length]
    return Batch(np.eye(symbols + 2)[rows].swapaxes(1, 2), targets, last_only(T, B, length))


def anbn(lengths):
    """The words aⁿbⁿ, one column for each n in `lengths`: at each b, is it the last?

    x is (2·longest, 2, B), one-hot over a, b, and 0 after a word's end; targets (2·longest, B) are
    the next symbol where a counter knows it: 0 for another b, 1 for the end. Judged at the b's, so
    n steps of a word of 2n. Errors and source as in `counting`.

    >>> anbn([1, 2]).targets.T.tolist()
    [[0, 1, 0, 0], [0, 0, 0, 1]]
    """
    n = np.array([checks.size("lengths", length) for length in lengths])
    if not n.size:
        raise ValueError("lengths: expected at least one word")
    step = np.arange(2 * n.max())[:, None]
    a, b = step < n, (step >= n) & (step < 2 * n)
    return Batch(np.stack([a, b], axis=1).astype(float), (step == 2 * n - 1).astype(int), b)


def counting(rng, longest, batch):
    """Words aⁿbⁿ, n from 1 to `longest`: count the a's, and say at which b the word ends.

    A Batch of `anbn`, x (2·n, 2, batch) as long as its longest word; words differ in length, so the
    mask does. Baseline: always "another b" is right (longest - 1) times in (longest + 1) and ends no
    word; always "the end" is right for n = 1 alone. Raises ValueError for a size below 1; TypeError
    for an rng that is no generator. Source: Gers & Schmidhuber 2001.
    """
    longest, B = checks.size("longest", longest), checks.size("batch", batch)
    return anbn(checks.generator(rng).integers(1, longest + 1, size=B))


def digits(by="rows", part="train"):
    """Handwritten digits, read a bit at a time: which of ten was it?

    x is (8, 8, B) by "rows", an image's rows from the top, or (64, 1, B) by "pixels", those rows'
    pixels from the left; ink from 0 to 1. Targets (8 or 64, B) hold the digit; only the last step is
    judged. 1,797 images in the file's order: 1,000 to "train", 297 for "validation", 500 to "test".
    No chance is in it; `draw` picks some. Baseline: the commonest digit, about 1 in 10. Raises
    ValueError for another `by` or `part`. Source: Alpaydin & Kaynak 1998.
    """
    if by not in ("rows", "pixels"):
        raise ValueError(f"by: expected rows or pixels, got {by!r}")
    images, labels = (array[place(part, 1000, 1297)] for array in digits_file())
    x = images.reshape(len(images), *((8, 8) if by == "rows" else (64, 1))) / 16
    T, B = x.shape[1], len(x)
    return Batch(
        np.ascontiguousarray(x.transpose(1, 2, 0)), np.tile(labels, (T, 1)), last_only(T, B)
    )


def draw(rng, whole, batch):
    """A Batch of `batch` columns of a larger one, x (T, D, B): at random, none twice.

    Raises ValueError for more columns than there are or fewer than 1; TypeError for an rng that is
    no generator.
    """
    rng, B = checks.generator(rng), checks.size("batch", batch)
    there = whole.x.shape[2]
    if B > there:
        raise ValueError(f"batch: expected at most {there} columns, got {B}")
    some = rng.choice(there, B, replace=False)
    return Batch(*(None if part is None else part[..., some] for part in whole))


def prose(rng, length, batch, part="train"):
    """Windows of this book's own prose: which character comes next?

    x is (length, V, batch), one-hot over the V characters of `PROSE`; targets (length, batch) are
    each next character, and every step is judged. Of ten paragraphs eight are to "train", one for
    "validation" and one to "test"; a window starts anywhere in its part. Baseline: `prose_entropy`.
    Raises ValueError for a size below 1, a window longer than the part, another `part`; TypeError
    for an rng that is no generator.
    """
    rng, text = checks.generator(rng), prose_part(part)
    T, B = checks.size("length", length), checks.size("batch", batch)
    if T >= len(text):
        raise ValueError(f"length: expected at most {len(text) - 1} steps, got {T}")
    window = text[rng.integers(len(text) - T, size=B) + np.arange(T + 1)[:, None]]
    return Batch(np.eye(len(PROSE))[window[:-1]].swapaxes(1, 2), window[1:], None)


def prose_entropy(before=0, part="test"):
    """What counting letters makes of the prose, in nats a character (a natural-log unit): a number.

    The mean of -log p over a part, p being how often the character follows the one `before` it
    (before=1, bigrams) or stands at all (before=0, unigrams) in the part to train with, each count
    one more than seen. Raises ValueError for another `before` or `part`. Source: Shannon 1951.
    """
    if before not in (0, 1):
        raise ValueError(f"before: expected 0 or 1 characters, got {before!r}")
    seen, text, V = prose_part("train"), prose_part(part), len(PROSE)
    count = np.ones((V, V))
    np.add.at(count, (seen[:-1], seen[1:]), 1)
    if not before:
        count[:] = count.sum(axis=0) - V + 1
    p = count / count.sum(axis=1, keepdims=True)
    return float(-np.log(p[text[:-1], text[1:]]).mean())


def ngrams(order, batch):
    """What counting groups of `order` letters makes of windows of the prose, in nats a character.

    The mean of -log p over the targets of a Batch of `prose`, p being how often the character follows
    the order - 1 before it in the part to train with. Where those were rarely seen, the shorter
    group behind them is trusted the more: with n of them, k different ones after them,
    p = (count + k · p of the shorter group) / (n + k), and 1 / V behind the shortest. At a window's
    start there is less before. Raises ValueError for an order below 1 or an x without one row for
    each letter; TypeError for no Batch. Source: Witten & Bell 1991.
    """
    order = checks.size("order", order)
    if not isinstance(batch, Batch):
        raise TypeError(f"batch: expected a Batch, got {type(batch).__name__}")
    x = checks.shaped("x", batch.x, ("T", len(PROSE), "B"))
    counts = counted_groups(order)
    lost = [
        -np.log(chance(counts, tuple(seen[max(0, t + 2 - order) : t + 1]), wanted[t]))
        for seen, wanted in zip(x.argmax(axis=1).T.tolist(), batch.targets.T.tolist(), strict=True)
        for t in range(len(seen))
    ]
    return float(np.mean(lost))


@cache
def counted_groups(order):
    """{group: {character: times it follows}} in the part to train with, for groups up to order - 1."""
    text, counts = prose_part("train").tolist(), {}
    for t, letter in enumerate(text):
        for before in range(min(order, t + 1)):
            after = counts.setdefault(tuple(text[t - before : t]), {})
            after[letter] = after.get(letter, 0) + 1
    return counts


def chance(counts, group, letter):
    """The probability of a letter after a group, shorter groups behind longer ones."""
    shorter = chance(counts, group[1:], letter) if group else 1 / len(PROSE)
    after = counts.get(group)
    if not after:
        return shorter
    return (after.get(letter, 0) + len(after) * shorter) / (sum(after.values()) + len(after))


def place(part, first, second):
    """The slice of a part: to train before `first`, validation before `second`, then the test."""
    if part not in PARTS:
        raise ValueError(f"part: expected one of {', '.join(PARTS)}, got {part!r}")
    return dict(zip(PARTS, (slice(first), slice(first, second), slice(second, None)), strict=True))[
        part
    ]


@cache
def digits_file():
    """Images (1797, 8, 8) of whole numbers from 0 to 16, and labels (1797,)."""
    with np.load(DATA / "digits.npz") as file:
        return file["images"], file["labels"].astype(int)


@cache
def prose_part(part):
    """The prose's characters as places in `PROSE`, (length,)."""
    lines = (DATA / "prose.txt").read_text(encoding="ascii").splitlines(keepends=True)
    kept = range(10)[place(part, 8, 9)]
    return classes("".join(line for n, line in enumerate(lines) if n % 10 in kept), PROSE)


def last_only(T, B, steps=1):
    """A mask (T, B) that judges the last step, or the last few."""
    mask = np.zeros((T, B), bool)
    mask[-steps:] = True
    return mask
