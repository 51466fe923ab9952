"""Judges of what the reader writes: each says in words whether it is right, or which mistake it looks like.

A judge calls the function with random arguments, compares what comes back with `lib`, and prints one line. It
stands whatever a first attempt does: nothing is returned, a shape is wrong, an argument is changed in place, a loop
does not end. A wrong answer that people really give is named.
"""

import sys

import numpy as np

from lib import lstm, rnn
from lib.activations import sigmoid

__all__ = ["rnn_step", "rnn_forward", "lstm_step", "lstm_forward"]

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


def lstm_step(step):
    """Judge step(W, b, x_t, c, h) -> (c, h) after x_t, (H, B) each, from those before it. Prints; raises nothing."""
    W, b, x, c, h = drawn(blocks=4, states=2)
    stacked = np.vstack([x[0], h])
    squashes = dict.fromkeys("ifo", sigmoid) | {"g": np.tanh}

    def other(column=stacked, bias=b, order="ifog", **squash):
        rows = dict(zip(order, np.split(W @ column + bias, 4), strict=True))
        how = squashes | squash
        return [how[gate](rows[gate]) for gate in "ifog"]

    def updated(i, f, o, g, shown=np.tanh):
        now = f * c + i * g
        return np.stack([now, o * shown(now)])

    i, f, o, g = other()
    now, after = updated(i, f, o, g)
    mistakes = {
        **{
            f"the blocks are taken in the order {', '.join(order)}; they stand as i, f, o, g": updated(
                *other(order=order)
            )
            for order in ("ifgo", "iofg", "gifo", "figo")
        },
        "the bias b is missing": updated(*other(bias=0)),
        "b is subtracted; it is added": updated(*other(bias=-b)),
        "the candidate is squashed by σ; it takes tanh": updated(*other(g=sigmoid)),
        "the gates are squashed by tanh; i, f and o take σ": updated(
            *other(**dict.fromkeys("ifo", np.tanh))
        ),
        "the candidate is not squashed: tanh is missing": updated(*other(g=lambda a: a)),
        "c is shown without tanh: h = o ⊙ tanh(c)": updated(i, f, o, g, shown=lambda a: a),
        "c is shown through σ: h = o ⊙ tanh(c)": updated(i, f, o, g, shown=sigmoid),
        "the column is turned round: W reads [x_t; h], not [h; x_t]": updated(
            *other(column=np.vstack([h, x[0]]))
        ),
        "the column holds c in place of h: the gates read [x_t; h]": updated(
            *other(column=np.vstack([x[0], c]))
        ),
        "the old state h is left out": updated(*other(column=np.vstack([x[0], 0 * h]))),
        "the input x_t is left out": updated(*other(column=np.vstack([0 * x[0], h]))),
        "h is made from the old c; it shows the new one": np.stack([now, o * np.tanh(c)]),
        "h is made of the old h: h = o ⊙ tanh(c), from the new c": np.stack([now, o * np.tanh(h)]),
        "i and f have changed places: the rows begin with i, f keeps the old c, i lets g in": updated(
            f, i, o, g
        ),
        "the old c is not kept: c = f ⊙ c + i ⊙ g": np.stack([i * g, o * np.tanh(i * g)]),
        "the old c is kept whole: f is missing": updated(i, 1, o, g),
        "the candidate is written whole: i is missing": updated(1, f, o, g),
        "h is shown whole: o is missing": updated(i, f, 1, g),
        "o stands inside of tanh: h = o ⊙ tanh(c)": np.stack([now, np.tanh(o * now)]),
        "the parts are multiplied, not added: c = f ⊙ c + i ⊙ g": np.stack(
            [f * c * i * g, o * np.tanh(f * c * i * g)]
        ),
        "h and c have changed places: return (c, h)": np.stack([after, now]),
        "the old states come back unchanged": np.stack([c, h]),
        "only h came back: return (c, h)": after,
        "only c came back: return (c, h)": now,
    }
    wanted = "the pair (c, h) after x_t, (H, B) each"
    judged(step, (W, b, x[0], c, h), np.stack([now, after]), mistakes, wanted)


def lstm_forward(forward):
    """Judge forward(W, b, x, c, h) -> (all c, all h), (T+1, H, B) each, the start first. Prints; raises nothing."""
    W, b, x, c, h = drawn(blocks=4, states=2)

    def run(x=x, c=c, h=h, b=b):
        return np.stack(lstm.forward(lstm.Params(W, b), x, lstm.State(c, h)).states)

    def each(carried):
        """Steps that are handed not what the step before made, but what `carried` makes of it."""
        steps = [np.stack([c, h])]
        for x_t in x:
            steps.append(run(x_t[None], *carried(*steps[-1]))[:, 1])
        return np.stack(steps, axis=1)

    right = run()
    mistakes = {
        "every step begins at (c, h): hand each step the states of the step before": each(
            lambda *_: (c, h)
        ),
        "c is not handed on: every step begins with the first c": each(lambda _, h: (c, h)),
        "h is not handed on: every step begins with the first h": each(lambda c, _: (c, h)),
        "c and h change places from step to step": each(lambda c, h: (h, c)),
        "c is not handed on: every step adds to zeros": each(lambda c, h: (0 * c, h)),
        "h is not handed on: every step reads zeros": each(lambda c, h: (c, 0 * h)),
        "the same states stand in every place: collect each new pair before the next step": np.stack(
            [right[:, -1]] * (T + 1), axis=1
        ),
        "every step reads the first input": run(np.stack([x[0]] * T)),
        "the inputs are read from the last to the first": run(x[::-1]),
        "the start is zeros; it is (c, h)": run(c=0 * c, h=0 * h),
        "the bias b is missing": run(b=0 * b),
        "all h stand first: return (all c, all h)": right[::-1],
        "the start is missing: c and h come first, then the states after each step": right[:, 1:],
        "the last states are missing: there are T + 1 of them": right[:, :-1],
        "only the last states came back: collect all of them, the start first": right[:, -1],
        "only all h came back: return (all c, all h)": right[1],
        "only all c came back: return (all c, all h)": right[0],
        "pairs came back, step by step: return all c, and beside them all h": right.swapaxes(0, 1),
        "the states stand the wrong way round": right[:, ::-1],
    }
    wanted = "the pair (all c, all h), (T+1, H, B) each"
    judged(forward, (W, b, x, c, h), right, mistakes, wanted)


def drawn(blocks=1, states=1):
    """W (blocks H, D+H), b (blocks H, 1), x (T, D, B), states of (H, B): random, so that nothing agrees by chance."""
    rng = np.random.default_rng(0)
    shapes = (blocks * H, D + H), (blocks * H, 1), (T, D, B), *[(H, B)] * states
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
