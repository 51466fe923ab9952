"""Judges of the RNN: its step and its loop."""

import numpy as np

from lib import rnn
from lib.activations import sigmoid
from lib.judge.judging import T, drawn, judged


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


def states(W, b, x, h):
    return rnn.forward(rnn.Params(W, b), x, rnn.State(h)).states.h
