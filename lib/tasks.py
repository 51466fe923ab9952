"""What the cells are asked to remember: seeded generators, each with its trivial baseline.

A Batch is columns of sequences, as everywhere: x (T, D, B). Where only some steps are judged, the
mask says which.
"""

from typing import NamedTuple

import numpy as np

from lib import checks

__all__ = ["HELLO", "Batch", "one_hot", "classes", "hello", "delayed_recall", "adding", "update"]

HELLO = "helo"  # the alphabet of "hello", one row of x for each letter


class Batch(NamedTuple):
    """Sequences and what should come out of them."""

    x: np.ndarray  # (T, D, B)
    targets: np.ndarray  # classes (T, B), or values (T, V, B)
    mask: np.ndarray | None  # (T, B), True where the output is judged; None: everywhere


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


def update(rng, length, batch, symbols=4):
    """Symbols go by, some of them flagged: which was flagged last?

    x is (length, symbols + 1, batch): a symbol, one-hot, and a flag that is 1 at the first step and
    at each later one with probability 0.2. Targets (length, batch) hold the symbol flagged last so
    far; only the last step is judged. Baseline: a guess is right 1 time in `symbols`. Raises
    ValueError for a size below 1; TypeError for an rng that is no generator.
    """
    rng, symbols = checks.generator(rng), checks.size("symbols", symbols)
    T, B = checks.size("length", length), checks.size("batch", batch)
    symbol = rng.integers(symbols, size=(T, B))
    flag = rng.random((T, B)) < 0.2
    flag[0] = True
    x = np.concatenate([np.eye(symbols)[symbol].swapaxes(1, 2), flag[:, None]], axis=1)
    last = np.maximum.accumulate(np.where(flag, np.arange(T)[:, None], 0))
    return Batch(x, symbol[last, np.arange(B)], last_only(T, B))


def last_only(T, B):
    """A mask (T, B) that judges the last step."""
    mask = np.zeros((T, B), bool)
    mask[-1] = True
    return mask
