"""How parameters move: gradient descent, Adam, and clipping.

`params` and `grads` are trees: NamedTuples or tuples of arrays, of any depth, of the same form.
Every function returns a new tree, of the parameters' dtype, and changes none. Each refuses
gradients that hold NaN or infinity or whose shapes are not the parameters' (ValueError), and what
is no real number (TypeError).
"""

import math
from typing import NamedTuple

import numpy as np

from lib import checks

__all__ = ["AdamState", "sgd", "adam_start", "adam", "global_norm", "clip"]


class AdamState(NamedTuple):
    """Adam's running means, each a tree like the parameters, and the number of steps taken."""

    m: tuple  # of the gradient
    v: tuple  # of its square, in float64: no square of a float32 is too large or too small for it
    t: int


def sgd(params, grads, learning_rate):
    """One step of gradient descent -> params - learning_rate · grads, entry by entry.

    params, grads: trees of the same form and shapes. Raises ValueError for a learning rate below 0,
    NaN or infinity in grads, or other shapes; TypeError for a tree of another form. Source: on random
    batches, Robbins & Monro 1951.
    """
    rate = checks.number("learning_rate", learning_rate, low=0)
    return each(lambda p, g: (p - rate * g).astype(p.dtype), real(params), checked(grads))


def adam_start(params):
    """The AdamState before the first step, m = v = 0 and t = 0: trees of zeros shaped as params."""
    params = real(params)
    return AdamState(each(np.zeros_like, params), each(lambda p: np.zeros(p.shape), params), 0)


def adam(params, grads, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam -> (params, state).

        m = β₁ m + (1 - β₁) grad,   v = β₂ v + (1 - β₂) grad²
        params -= learning_rate · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)

    params, grads, state.m and state.v are trees of the same form and shapes; t counts the steps.
    Raises ValueError for a negative learning_rate, an eps below 1e-150 (nothing else stands below m
    where the gradient is 0), a β outside [0, 1), NaN or infinity in grads, a gradient whose square
    is too large for a float (above about 1e154: all later steps would be 0; clip it first), or other
    shapes; TypeError for a state that is no AdamState or a tree of another form. Source: Kingma & Ba
    2015, algorithm 1.
    """
    rate = checks.number("learning_rate", learning_rate, low=0)
    beta1 = checks.number("beta1", beta1, low=0, high=1 - 1e-12)
    beta2 = checks.number("beta2", beta2, low=0, high=1 - 1e-12)
    eps = checks.number("eps", eps, low=1e-150)
    if not isinstance(state, AdamState):
        raise TypeError(f"state: expected AdamState, got {type(state).__name__}")
    params, grads, t = real(params), checked(grads), state.t + 1
    with np.errstate(over="ignore", under="ignore"):
        m = each(lambda m, g: (beta1 * m + (1 - beta1) * g).astype(m.dtype), state.m, grads)
        wide = each(lambda g: g.astype(np.float64), grads)
        v = each(lambda v, g: beta2 * v + (1 - beta2) * g * g, state.v, wide)
    if not all(np.isfinite(part).all() for part in leaves(v)):
        far = max(np.abs(part).max() for part in leaves(grads))
        raise ValueError(f"grads: expected entries with a finite square, got up to {far:.1e}")
    grown1, grown2 = 1 - beta1**t, 1 - beta2**t  # the share of its final weight a mean has by now

    def moved(p, m, v):
        return (p - rate * (m / grown1) / (np.sqrt(v / grown2) + eps)).astype(p.dtype)

    with np.errstate(under="ignore"):
        return each(moved, params, m, v), AdamState(m, v, t)


def global_norm(tree):
    """√(Σ a²) over all entries of all arrays of the tree, whatever their shapes -> a number.

    No entry is too large or too small for its square: all are scaled by one power of two first, which
    changes no digit. Infinity if the length itself is too large for a float. Raises ValueError for
    NaN or infinity in the tree, TypeError for what is no real number. Source: Pascanu et al. 2013.

    >>> [f"{global_norm(([3 * a], [4 * a])):.4g}" for a in (1, 1e200, 1e-200)]
    ['5', '5e+200', '5e-200']
    """
    return whole(*scaled_norm(checked(tree)))


def clip(grads, max_norm):
    """grads · min(1, max_norm / norm), norm = global_norm(grads) -> (grads, norm before).

    All arrays are scaled by one number, so the direction stays and only the length changes. grads: a
    tree of arrays of any shapes. Raises ValueError for a negative max_norm, NaN or infinity.
    Source: Pascanu et al. 2013.
    """
    max_norm = checks.number("max_norm", max_norm, low=0)
    grads = checked(grads)
    length, power = scaled_norm(grads)
    norm = whole(length, power)
    if norm <= max_norm:
        return each(np.copy, grads), norm
    with np.errstate(under="ignore"):
        return each(lambda g: np.ldexp(g, -power) * (max_norm / length), grads), norm


def scaled_norm(tree):
    """(length, power): the length of the tree divided by 2^power, its largest entry then in [½, 1)."""
    arrays = leaves(tree)
    largest = max((float(np.abs(a).max(initial=0)) for a in arrays), default=0.0)
    _, power = math.frexp(largest)
    with np.errstate(under="ignore"):  # what is so far below the largest adds nothing
        squares = [np.square(np.ldexp(a, -power), dtype=np.float64).sum() for a in arrays]
    return math.sqrt(sum(map(float, squares))), power


def whole(length, power):
    """length · 2^power; infinity where that is too large for a float."""
    with np.errstate(over="ignore", under="ignore"):
        return float(np.ldexp(length, power))


def real(tree):
    """The tree with its parts as real arrays."""
    return each(lambda p: leaf("params", p), tree)


def checked(grads):
    """The tree of gradients, its arrays finite and real."""
    return each(lambda g: checks.finite("grads", leaf("grads", g)), grads)


def leaf(name, part):
    """What is no tuple in a tree, as a real array; a dict or a list of arrays is no part of one."""
    of_arrays = isinstance(part, list) and any(getattr(a, "ndim", 0) for a in part)
    if of_arrays or isinstance(part, dict):
        got = type(part).__name__
        raise TypeError(f"{name}: expected a NamedTuple or a tuple of arrays, got a {got} of them")
    return checks.real_array(name, part)


def leaves(tree):
    """The tree's arrays, left to right."""
    return [a for part in tree for a in leaves(part)] if isinstance(tree, tuple) else [tree]


def each(function, *trees):
    """A tree of function(a, b, ...) over the arrays that stand at the same place in all `trees`."""
    first = trees[0]
    if isinstance(first, tuple):
        for other in trees[1:]:
            if not isinstance(other, tuple) or len(other) != len(first):
                raise TypeError("grads: expected a tree of the same form as params")
        parts = [each(function, *parts) for parts in zip(*trees, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else tuple(parts)
    if len(trees) > 1 and len(shapes := {np.shape(tree) for tree in trees}) > 1:
        raise ValueError(f"grads: expected the shapes of params, got {sorted(shapes)}")
    return function(*trees)
