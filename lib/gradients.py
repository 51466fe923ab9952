"""Gradients from three sides: summed over steps, by finite differences, and as whole Jacobians.

`over_steps` serves the cells' backward passes. `by_differences` judges them. `state_jacobian`
measures what one state owes to an earlier one.
"""

import numpy as np

from lib import checks

__all__ = ["over_steps", "by_differences", "mismatch", "state_jacobian"]


def over_steps(da, x, h_prev):
    """(dW, db) from da (T, rows, B): the sum over steps and sequences of da_t [x_t; h_{t-1}]ᵀ.

    x is (T, D, B), h_prev (T, H, B); dW is (rows, D+H), db is (rows, 1). The sum is the chain
    rule's: W is used at every step, and every use contributes. It serves `backward`, which has
    checked the arrays. Source: Werbos 1990.
    """
    T, rows, B = da.shape
    columns = da.swapaxes(0, 1).reshape(rows, T * B)
    xh = np.concatenate([x, h_prev], axis=1)
    xh = xh.swapaxes(0, 1).reshape(xh.shape[1], T * B)
    return columns @ xh.T, columns.sum(axis=1, keepdims=True)


def by_differences(loss, array, width=1e-5):
    """∂loss/∂array by central differences, (loss(a + w) - loss(a - w)) / 2w for every entry.

    `loss` is a function of one array that returns a number; `array` is real, of any shape, and is
    not changed. The error is of order width² (from the third derivative) plus 1e-16 / width (from
    rounding). Raises ValueError if `loss` gives NaN or infinity or `width` is not above 0; TypeError
    for an array that is not real. Source: Nocedal & Wright 2006, section 8.1.

    >>> by_differences(lambda a: (a**2).sum(), [1.0, 2.0, 3.0]).round(6).tolist()
    [2.0, 4.0, 6.0]
    """
    array = checks.real_array("array", array, np.float64).copy()
    width = checks.number("width", width, low=1e-12)
    slope = np.empty_like(array)
    for entry in np.ndindex(array.shape):
        here = array[entry]
        array[entry] = here + width
        above = float(loss(array))
        array[entry] = here - width
        below = float(loss(array))
        array[entry] = here
        slope[entry] = (above - below) / (2 * width)
    return checks.finite("loss", slope)


def mismatch(analytic, numeric):
    """max |a - n| / max |a|: the largest error relative to the largest entry; 0 is perfect.

    Raises ValueError if the shapes differ, for NaN or infinity, or if all of `analytic` is 0 (there
    is nothing to compare).
    """
    analytic = checks.finite("analytic", checks.real_array("analytic", analytic))
    numeric = checks.shaped("numeric", numeric, analytic.shape)
    largest = np.abs(analytic).max(initial=0)
    if not largest:
        raise ValueError("analytic: expected a gradient that is not all 0")
    return float(np.abs(analytic - numeric).max() / largest)


def state_jacobian(cell, params, x, state=None, hold=None, of="h", by="h"):
    """J (H, H), J[j, k] = ∂(last state `of`)_j / ∂(first state `by`)_k, by every path.

    `cell` is a cell module, x is (T, D, 1) with T at least 1, `state` the start (H, 1) or None
    for zeros; `of` and `by` name parts of the cell's State. All H rows come from one backward
    pass over H copies of the sequence, with one unit of the last state marked in each. Raises
    ValueError for an x of another shape, an unknown part, and what the cell refuses.
    """
    x = checks.real_array("x", x)
    if x.ndim != 3 or x.shape[2] != 1 or not len(x):
        raise ValueError(f"x: expected shape (T, D, 1) with T at least 1, got {x.shape}")
    for name, part in (("of", of), ("by", by)):
        if part not in cell.State._fields:
            raise ValueError(f"{name}: expected one of {cell.State._fields}, got {part!r}")
    run = cell.forward(params, x, state, hold)
    H = run.states.h.shape[1]
    start = cell.State(*(np.repeat(part[0], H, axis=1) for part in run.states))
    trace = cell.forward(params, np.repeat(x, H, axis=2), start, hold)
    mark = cell.State(*(np.eye(H) * (field == of) for field in cell.State._fields))
    grads = cell.backward(params, trace, np.zeros((len(x), H, H)), mark)
    return getattr(grads.states, by)[0].T
