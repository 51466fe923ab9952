"""What training makes small: each loss gives its value and its slope by the outputs y.

Both losses are means over the entries that count: a mask (T, B) of booleans says which (T, B)
places do; without one, all do. So a longer sequence or a larger batch does not weigh more. Where
the mask is off, outputs and targets may be anything, NaN too: the slope there is exactly 0.
"""

from typing import NamedTuple

import numpy as np

from lib import checks

__all__ = ["Loss", "softmax", "cross_entropy", "squared_error"]


class Loss(NamedTuple):
    """A loss's value (natural-log units for cross-entropy) and its gradient by y."""

    value: float
    dy: np.ndarray  # (T, V, B)


def softmax(y):
    """p_k = e^{y_k} / Σ_j e^{y_j} over the rows of y, (V, B) or (T, V, B): each column sums to 1.

    The largest y is taken off first, which changes nothing and keeps e^y finite. Raises ValueError
    for a y without such axes, NaN or infinity. Source: Bridle 1990.

    >>> softmax([[0.0], [0.0]]).tolist()
    [[0.5], [0.5]]
    """
    y = checks.real_array("y", y)
    if y.ndim not in (2, 3) or y.shape[-2] < 1:
        raise ValueError(f"y: expected shape (V, B) or (T, V, B), got {y.shape}")
    with np.errstate(over="ignore", under="ignore"):  # what is so far below has p = 0
        p = np.exp(checks.finite("y", y) - y.max(axis=-2, keepdims=True))
    p /= p.sum(axis=-2, keepdims=True)
    return p


def cross_entropy(y, targets, mask=None):
    """Softmax cross-entropy: -log p of the right class, and its slope p - 1[right], over the count.

    With p = softmax(y), the mean over the places that count, in nats (natural-log units). y is
    (T, V, B), targets (T, B) are whole numbers from 0 to V-1, mask is (T, B) of booleans or None.
    Raises TypeError for targets or a mask of another kind; ValueError for wrong shapes, classes that
    do not exist, NaN or infinity, a loss too large for a float, or an empty count. Source: Bridle 1990.

    >>> round(cross_entropy([[[0.0], [0.0]]], [[1]]).value, 4)      # ln 2: two equal guesses
    0.6931
    """
    y, mask, count = judged(y, mask)
    right = checks.classes(targets, mask, y.shape[1]).astype(int)[:, None, :]
    with np.errstate(over="ignore", under="ignore"):
        shifted = y - y.max(axis=1, keepdims=True)
        log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        dy = np.exp(log_p)
        told = np.take_along_axis(log_p, right, axis=1)[:, 0]
        value = float(-np.where(mask, told, 0).sum() / count)
    np.put_along_axis(dy, right, np.take_along_axis(dy, right, axis=1) - 1, axis=1)
    dy *= mask[:, None, :]
    dy /= count
    return Loss(finite_loss("cross-entropy", value, y), dy)


def squared_error(y, targets, mask=None):
    """Mean of (y - target)² and its slope 2 (y - target) / count; y and targets are (T, V, B).

    The mean is over the places (T, B) that count, times the V outputs of each; its unit is that of
    y, squared. Errors as in `cross_entropy`.

    >>> squared_error([[[3.0]]], [[[1.0]]]).value
    4.0
    """
    y, mask, count = judged(y, mask)
    V = y.shape[1]
    targets = checks.real_array("targets", targets, y.dtype)
    if targets.shape == y.shape:
        targets = np.where(mask[:, None, :], targets, 0)
    targets = checks.shaped("targets", targets, y.shape, y.dtype)
    with np.errstate(over="ignore", under="ignore"):
        dy = (y - targets) * mask[:, None, :]
        value = float(np.square(dy, dtype=np.float64).sum() / (count * V))
        dy *= 2 / (count * V)
    return Loss(finite_loss("squared error", value, y), dy)


def judged(y, mask):
    """Outputs y (T, V, B) with 0 where they do not count, the mask (T, B), how many places count."""
    y = checks.real_array("y", y)
    if y.ndim == 3 and mask is not None:
        mask, count = checks.counted(mask, len(y), y.shape[2])
        return checks.shaped("y", np.where(mask[:, None], y, 0), ("T", "V", "B")), mask, count
    y = checks.shaped("y", y, ("T", "V", "B"))
    return y, *checks.counted(mask, len(y), y.shape[2])


def finite_loss(what, value, y):
    """The loss's value, if a float holds it."""
    if not np.isfinite(value):
        far = f"{np.abs(y).max():.1e}"
        raise ValueError(f"y: expected outputs with a finite {what}, got outputs up to {far}")
    return value
