"""Judges of what the reader writes: each says in words whether it is right, or which mistake it looks like.

A judge calls the function with random arguments, compares what comes back with `lib`, and prints one line. It
stands whatever a first attempt does: nothing is returned, a shape is wrong, an argument is changed in place, a loop
does not end. A wrong answer that people really give is named.
"""

import sys

import numpy as np

from lib import rnn
from lib.activations import sigmoid

__all__ = ["rnn_step", "rnn_forward"]

LINES = 200_000  # of Python: a loop that needs more for so little does not end
T, D, H, B = 4, 3, 5, 2


class Endless(BaseException):
    """No exception of the reader's own catches it."""


def rnn_step(step):
    """Judge step(W, b, x_t, h) -> the state after x_t, (H, B), from the state h before it. Prints; raises nothing."""
    W, b, x, h = drawn()
    stacked = np.vstack([x[0], h])

    def other(squash=np.tanh, column=stacked, bias=b):
        return squash(W @ column + bias)

    mistakes = {
        "the bias b is missing": other(bias=0),
        "b is added after tanh; it belongs inside": other(bias=0) + b,
        "σ stands where tanh belongs": other(sigmoid),
        "nothing is squashed: tanh is missing": other(lambda a: a),
        "the column is turned round: W reads [x_t; h], not [h; x_t]": other(
            column=np.vstack([h, x[0]])
        ),
        "the old state h is left out": other(column=np.vstack([x[0], 0 * h])),
        "the input x_t is left out": other(column=np.vstack([0 * x[0], h])),
        "b is subtracted; it is added": other(bias=-b),
        "the old state comes back unchanged": h,
    }
    judged(step, (W, b, x[0], h), other(), mistakes, "the state after x_t, (H, B)")


def rnn_forward(forward):
    """Judge forward(W, b, x, h) -> all states, (T+1, H, B), h first, for x (T, D, B). Prints; raises nothing."""
    W, b, x, h = drawn()
    right = states(W, b, x, h)

    def each_from(start):
        return np.stack([h, *(states(W, b, x_t[None], start)[1] for x_t in x)])

    mistakes = {
        "every step begins at h: hand each step the state of the step before": each_from(h),
        "the same state stands in every place: collect each new state before the next step": np.stack(
            [right[-1]] * (T + 1)
        ),
        "every step reads the first input": states(W, b, np.stack([x[0]] * T), h),
        "the inputs are read from the last to the first": states(W, b, x[::-1], h),
        "every step adds nothing of the past: h is not handed over": each_from(0 * h),
        "the start is zeros; it is h": states(W, b, x, 0 * h),
        "the bias b is missing": states(W, 0 * b, x, h),
        "the start is missing: h comes first, then the states after each step": right[1:],
        "the last state is missing: there are T + 1 of them": right[:-1],
        "only the last state came back: collect all of them, h first": right[-1],
        "the states stand the wrong way round": right[::-1],
    }
    judged(forward, (W, b, x, h), right, mistakes, "all states, (T+1, H, B)")


def drawn():
    """W (H, D+H), b (H, 1), x (T, D, B), h (H, B): random, so that nothing agrees by chance."""
    rng = np.random.default_rng(0)
    shapes = (H, D + H), (H, 1), (T, D, B), (H, B)
    return [rng.normal(size=shape) for shape in shapes]


def states(W, b, x, h):
    return rnn.forward(rnn.Params(W, b), x, rnn.State(h)).states.h


def judged(function, arguments, right, mistakes, wanted):
    """Call it on copies of the arguments, and print what is to be said of what comes back."""
    copies, name = [array.copy() for array in arguments], getattr(function, "__name__", "it")
    try:
        answer = called(function, *copies)
    except Endless:
        print(f"Not yet: {name} does not come to an end: look at the condition of its loop")
    except NotImplementedError:
        print(f"Yours: {name} is still to be written: {wanted}")
    except Exception as error:
        print(f"Not yet: {name} stops with {type(error).__name__}: {error}")
    else:
        fault = told(answer, right, mistakes, wanted)
        if not all(np.array_equal(*pair) for pair in zip(copies, arguments, strict=True)):
            fault = "an argument is changed in place: make a new array"
        print(f"Not yet: {name}: {fault}" if fault else f"Right: {name} agrees with lib")


def called(function, *arguments):
    """What a function returns; Endless after so many lines of Python."""
    left, before = LINES, sys.gettrace()

    def count(frame, event, argument):
        nonlocal left
        left -= event == "line"
        if left < 0:
            raise Endless
        return count

    sys.settrace(count)
    try:
        return function(*arguments)
    finally:
        sys.settrace(before)


def told(answer, right, mistakes, wanted):
    """What is wrong with an answer, in words; None if nothing is."""
    if answer is None:
        return f"nothing comes back: does it return {wanted}?"
    try:
        answer = np.asarray(answer, float)
    except (TypeError, ValueError):
        return f"expected {wanted}, got a {type(answer).__name__} that is no array of numbers"
    for words, wrong in mistakes.items():
        if answer.shape == wrong.shape and np.allclose(answer, wrong):
            return words
    if answer.shape != right.shape:
        return f"expected {wanted}, here {right.shape}, got {answer.shape}"
    if not np.isfinite(answer).all():
        return "there are numbers in it that are not finite"
    if not np.allclose(answer, right):
        return (
            f"the shape is right, the numbers are not: off by up to {abs(answer - right).max():.2g}"
        )
    return None
