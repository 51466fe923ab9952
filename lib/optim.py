"""How parameters move: gradient descent, Adam, and clipping.

`params` and `grads` are trees: NamedTuples or tuples of arrays, of any depth, of the same form.
Every function returns a new tree and changes none. Each refuses gradients that hold NaN or infinity
or whose shapes are not the parameters' (ValueError), and what is no real number (TypeError).
"""

from typing import NamedTuple

import numpy as np

from lib import checks

__all__ = ["AdamState", "sgd", "adam_start", "adam", "global_norm", "clip"]


class AdamState(NamedTuple):
    """Adam's running means, each a tree like the parameters, and the number of steps taken."""

    m: tuple  # of the gradient
    v: tuple  # of its square
    t: int


def sgd(params, grads, learning_rate):
    """One step of gradient descent -> params - learning_rate · grads, entry by entry.

    params, grads: trees of the same form and shapes. Raises ValueError for a learning rate below 0,
    NaN or infinity in grads, or other shapes; TypeError for a tree of another form. Source: on random
    batches, Robbins & Monro 1951.
    """
    rate = checks.number("learning_rate", learning_rate, low=0)
    return each(lambda p, g: p - rate * g, params, checked(grads))


def adam_start(params):
    """The AdamState before the first step, m = v = 0 and t = 0: trees of zeros shaped as params."""
    return AdamState(each(np.zeros_like, params), each(np.zeros_like, params), 0)


def adam(params, grads, state, learning_rate, beta1=0.9, beta2=0.999, eps=1e-8):
    """One step of Adam -> (params, state).

        m = β₁ m + (1 - β₁) grad,   v = β₂ v + (1 - β₂) grad²
        params -= learning_rate · (m / (1 - β₁ᵗ)) / (√(v / (1 - β₂ᵗ)) + ε)

    params, grads, state.m and state.v are trees of the same form and shapes; t counts the steps.
    Raises ValueError for a negative learning_rate or eps, a β outside [0, 1), NaN or infinity in
    grads, or other shapes; TypeError for a state that is no AdamState or a tree of another form.
    Source: Kingma & Ba 2015, algorithm 1.
    """
    rate = checks.number("learning_rate", learning_rate, low=0)
    beta1 = checks.number("beta1", beta1, low=0, high=1 - 1e-12)
    beta2 = checks.number("beta2", beta2, low=0, high=1 - 1e-12)
    eps = checks.number("eps", eps, low=0)
    if not isinstance(state, AdamState):
        raise TypeError(f"state: expected AdamState, got {type(state).__name__}")
    grads, t = checked(grads), state.t + 1
    m = each(lambda m, g: beta1 * m + (1 - beta1) * g, state.m, grads)
    v = each(lambda v, g: beta2 * v + (1 - beta2) * g * g, state.v, grads)
    grown1, grown2 = 1 - beta1**t, 1 - beta2**t  # the share of its final weight a mean has by now

    def moved(p, m, v):
        return p - rate * (m / grown1) / (np.sqrt(v / grown2) + eps)

    return each(moved, params, m, v), AdamState(m, v, t)


def global_norm(tree):
    """√(Σ a²) over all entries of all arrays of the tree, whatever their shapes -> a number.

    Source: Pascanu et al. 2013.
    """
    return float(np.sqrt(sum(float(np.sum(np.square(a, dtype=np.float64))) for a in leaves(tree))))


def clip(grads, max_norm):
    """grads · min(1, max_norm / norm), norm = global_norm(grads) -> (grads, norm before).

    All arrays are scaled by one number, so the direction stays and only the length changes. grads: a
    tree of arrays of any shapes. Raises ValueError for a negative max_norm, NaN or infinity.
    Source: Pascanu et al. 2013.
    """
    max_norm = checks.number("max_norm", max_norm, low=0)
    grads = checked(grads)
    norm = global_norm(grads)
    if norm <= max_norm:
        return grads, norm
    return each(lambda g: g * (max_norm / norm), grads), norm


def checked(grads):
    """The tree of gradients, its arrays finite and real."""
    return each(lambda g: checks.finite("grads", checks.real_array("grads", g)), grads)


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
    shapes = {np.shape(tree) for tree in trees}
    if len(shapes) > 1:
        raise ValueError(f"grads: expected the shapes of params, got {sorted(shapes)}")
    return function(*trees)
