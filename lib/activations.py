"""The two squashing functions and their slopes.

A slope is written by the *output* of the function, which the forward pass has already computed:
with s = sigmoid(a), d sigmoid / da = s (1 - s); with t = tanh(a), d tanh / da = 1 - t².
Applying a slope to the pre-activation a instead is a classic mistake. All four take an array of
any shape, elementwise, give one of the same shape, and raise TypeError for what is no real number.
Source: Goodfellow, Bengio & Courville 2016, sections 3.10 and 6.3.2.
"""

import numpy as np

from lib.checks import real_array

__all__ = ["sigmoid", "sigmoid_slope", "tanh", "tanh_slope"]


def sigmoid(a):
    """σ(a) = 1 / (1 + e^(-a)), elementwise, in (0, 1); a: any shape, no unit.

    Right to the last digits, also near 0; near 1 the digits of 1 - σ(a) are lost, and σ(-a) has them.
    It comes out as 1 where that is the nearest float (from 37 on; float32: 17), and as 0 below the
    smallest float there is (from -745; float32: -103). No a is too large, none gives a warning.
    Raises TypeError for what is no real number.

    >>> sigmoid([-1e4, 0, 1e4]).tolist()
    [0.0, 0.5, 1.0]
    >>> f"{sigmoid(-40):.6e}"
    '4.248354e-18'
    """
    a = real_array("a", a)
    with np.errstate(over="raise", under="ignore"):
        try:
            return 1 / (1 + np.exp(-a))
        except FloatingPointError:  # some e^(-a) is larger than any float: e^a is not
            return np.exp(np.minimum(a, 0)) / (1 + np.exp(-np.abs(a)))


def sigmoid_slope(s):
    """dσ/da = s (1 - s), where s = σ(a) is the squashed value, of any shape; at most 1/4, at a = 0.

    It knows of a what s knows: where s is near 1, it has the few digits that 1 - s has.
    Raises TypeError for what is no real number.

    >>> float(sigmoid_slope(sigmoid(0)))
    0.25
    """
    s = real_array("s", s)
    return s * (1 - s)


def tanh(a):
    """tanh(a) = (e^a - e^(-a)) / (e^a + e^(-a)), elementwise, in (-1, 1); a: any shape, no unit.

    Raises TypeError for what is no real number.
    """
    return np.tanh(real_array("a", a))


def tanh_slope(t):
    """d tanh/da = 1 - t², where t = tanh(a) is the squashed value, of any shape; at most 1, at a = 0.

    Raises TypeError for what is no real number.

    >>> float(tanh_slope(tanh(0)))
    1.0
    """
    t = real_array("t", t)
    return 1 - t * t
