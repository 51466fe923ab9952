"""What training makes small: each loss gives its value and its slope by the outputs y.

Both losses are means over the entries that count: a mask (T, B) of booleans says which (T, B)
places do; without one, all do. So a longer sequence or a larger batch does not weigh more.
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
    if y.ndim < 2 or y.shape[-2] < 1:
        raise ValueError(f"y: expected shape (V, B) or (T, V, B), got {y.shape}")
    p = np.exp(checks.finite("y", y) - y.max(axis=-2, keepdims=True))
    p /= p.sum(axis=-2, keepdims=True)
    return p


def cross_entropy(y, targets, mask=None):
    """Softmax cross-entropy: -log p of the right class, and its slope p - 1[right], over the count.

    With p = softmax(y), the mean over the places that count, in nats (natural-log units). y is
    (T, V, B), targets (T, B) are whole numbers from 0 to V-1 (anything where the mask is off), mask
    is (T, B) of booleans or None. Raises TypeError for targets or a mask of another kind; ValueError
    for wrong shapes, classes that do not exist, NaN, infinity, or an empty count. Source: Bridle 1990.

    >>> round(cross_entropy([[[0.0], [0.0]]], [[1]]).value, 4)      # ln 2: two equal guesses
    0.6931
    """
    y = checks.shaped("y", y, ("T", "V", "B"))
    T, V, B = y.shape
    targets = np.asarray(targets)
    if targets.dtype.kind not in "iu":
        raise TypeError(f"targets: expected whole numbers, got {targets.dtype}")
    if targets.shape != (T, B):
        raise ValueError(f"targets: expected shape ({T}, {B}), got {targets.shape}")
    mask, count = counted(mask, T, B)
    targets = np.where(mask, targets, 0)
    if targets.min() < 0 or targets.max() >= V:
        got = f"{targets.min()} to {targets.max()}"
        raise ValueError(f"targets: expected classes 0 to {V - 1}, got {got}")
    right = targets[:, None, :]
    shifted = y - y.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    value = -(np.take_along_axis(log_p, right, axis=1)[:, 0] * mask).sum() / count
    dy = np.exp(log_p)
    np.put_along_axis(dy, right, np.take_along_axis(dy, right, axis=1) - 1, axis=1)
    dy *= mask[:, None, :]
    dy /= count
    return Loss(float(value), dy)


def squared_error(y, targets, mask=None):
    """Mean of (y - target)² and its slope 2 (y - target) / count; y and targets are (T, V, B).

    The mean is over the places (T, B) that count, times the V outputs of each; its unit is that of
    y, squared. Errors as in `cross_entropy`.

    >>> squared_error([[[3.0]]], [[[1.0]]]).value
    4.0
    """
    y = checks.shaped("y", y, ("T", "V", "B"))
    T, V, B = y.shape
    targets = checks.shaped("targets", targets, y.shape, y.dtype)
    mask, count = counted(mask, T, B)
    dy = (y - targets) * mask[:, None, :]
    value = (dy * dy).sum() / (count * V)
    dy *= 2 / (count * V)
    return Loss(float(value), dy)


def counted(mask, T, B):
    """The mask (T, B) as booleans, and how many places count."""
    mask = np.ones((T, B), bool) if mask is None else np.asarray(mask)
    if mask.dtype != bool:
        raise TypeError(f"mask: expected booleans, got {mask.dtype}")
    if mask.shape != (T, B):
        raise ValueError(f"mask: expected shape ({T}, {B}), got {mask.shape}")
    count = int(mask.sum())
    if not count:
        raise ValueError("mask: expected at least one place that counts")
    return mask, count
