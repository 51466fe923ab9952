"""A judge says in words what is wrong with what a reader wrote, and stands whatever that does."""

import sys

import numpy as np
import pytest

from lib import judge
from lib.activations import sigmoid


def step(W, b, x_t, h):
    return np.tanh(W @ np.concatenate([x_t, h]) + b)


def forward(W, b, x, h):
    states = [h]
    for x_t in x:
        states.append(step(W, b, x_t, states[-1]))
    return np.stack(states)


def verdict(capsys, judged, written):
    before = sys.gettrace()
    judged(written)
    assert sys.gettrace() is before
    (line,) = capsys.readouterr().out.splitlines()
    return line


def test_what_is_right_is_called_right(capsys):
    assert verdict(capsys, judge.rnn_step, step) == "Right: step agrees with lib"
    assert verdict(capsys, judge.rnn_forward, forward) == "Right: forward agrees with lib"
    as_lists = verdict(capsys, judge.rnn_forward, lambda *given: forward(*given).tolist())
    assert as_lists.startswith("Right")


def in_two(W, b, x_t, h):  # another way to write the same
    D = len(x_t)
    return np.tanh(W[:, :D] @ x_t + W[:, D:] @ h + b)


def test_another_way_to_write_it_is_right_too(capsys):
    assert verdict(capsys, judge.rnn_step, in_two).startswith("Right")


def column(x_t, h):
    return np.concatenate([x_t, h])


def shifted(W, b, x, h):
    states = [h]
    for x_t in x:
        states.append(step(W, b, x_t, h))
    return np.stack(states)


def one_buffer(W, b, x, h):
    h = h.copy()
    states = [h]
    for x_t in x:
        h[:] = step(W, b, x_t, h)
        states.append(h)
    return np.stack(states)


STEPS = {
    "the bias b is missing": lambda W, b, x, h: np.tanh(W @ column(x, h)),
    "b is added after tanh": lambda W, b, x, h: np.tanh(W @ column(x, h)) + b,
    "σ stands where tanh belongs": lambda W, b, x, h: sigmoid(W @ column(x, h) + b),
    "nothing is squashed": lambda W, b, x, h: W @ column(x, h) + b,
    "the column is turned round": lambda W, b, x, h: np.tanh(W @ column(h, x) + b),
    "the old state h is left out": lambda W, b, x, h: np.tanh(W[:, : len(x)] @ x + b),
    "the input x_t is left out": lambda W, b, x, h: np.tanh(W[:, len(x) :] @ h + b),
    "b is subtracted": lambda W, b, x, h: np.tanh(W @ column(x, h) - b),
    "the old state comes back unchanged": lambda W, b, x, h: h,
    "nothing comes back": lambda W, b, x, h: None,
    "got a str": lambda W, b, x, h: "h",
    "here (5, 2), got (5, 1)": lambda W, b, x, h: step(W, b, x, h)[:, :1],
    "not finite": lambda W, b, x, h: step(W, b, x, h) * np.nan,
    "the shape is right, the numbers are not: off by up to 0.1": lambda *given: step(*given) + 0.1,
    "stops with KeyError": lambda W, b, x, h: {}["h"],
}
FORWARDS = {
    "every step begins at h": shifted,
    "the same state stands in every place": one_buffer,
    "every step reads the first input": lambda W, b, x, h: forward(W, b, x[[0] * len(x)], h),
    "from the last to the first": lambda W, b, x, h: forward(W, b, x[::-1], h),
    "the start is zeros": lambda W, b, x, h: forward(W, b, x, 0 * h),
    "the bias b is missing": lambda W, b, x, h: forward(W, 0 * b, x, h),
    "the start is missing": lambda *given: forward(*given)[1:],
    "the last state is missing": lambda *given: forward(*given)[:-1],
    "only the last state came back": lambda *given: forward(*given)[-1],
    "the wrong way round": lambda *given: forward(*given)[::-1],
    "nothing of the past": lambda W, b, x, h: np.stack([h, *(step(W, b, x_t, 0 * h) for x_t in x)]),
    "nothing comes back": lambda *given: None,
    "expected all states, (T+1, H, B), here (5, 5, 2), got (2, 5, 5)": lambda *given: forward(
        *given
    ).transpose(2, 0, 1),
}


@pytest.mark.parametrize("words", STEPS)
def test_a_mistake_in_the_step_is_named(capsys, words):
    line = verdict(capsys, judge.rnn_step, STEPS[words])
    assert line.startswith("Not yet: ") and words in line


@pytest.mark.parametrize("words", FORWARDS)
def test_a_mistake_in_the_loop_is_named(capsys, words):
    line = verdict(capsys, judge.rnn_forward, FORWARDS[words])
    assert line.startswith("Not yet: ") and words in line


def test_an_argument_changed_in_place_is_told_though_the_numbers_are_right(capsys):
    def in_place(W, b, x_t, h):
        h[:] = step(W, b, x_t, h)
        return h

    assert "changed in place" in verdict(capsys, judge.rnn_step, in_place)


def endless(W, b, x_t, h):
    while True:
        try:
            h = h + 0
        except Exception:
            pass


def test_a_loop_without_end_is_stopped(capsys):
    line = verdict(capsys, judge.rnn_step, endless)
    assert line == "Not yet: endless does not come to an end: look at the condition of its loop"


def test_what_is_not_written_yet_is_no_mistake(capsys):
    def stub(W, b, x_t, h):
        raise NotImplementedError

    line = verdict(capsys, judge.rnn_step, stub)
    assert line == "Yours: stub is still to be written: the state after x_t, (H, B)"


def test_no_two_mistakes_of_a_judge_give_the_same_numbers(monkeypatch):
    kept = []
    monkeypatch.setattr(judge, "judged", lambda *given: kept.append(given))
    judge.rnn_step(step)
    judge.rnn_forward(forward)
    for _, _, right, mistakes, _ in kept:
        answers = [right, *mistakes.values()]
        for k, one in enumerate(answers):
            for other in answers[k + 1 :]:
                assert one.shape != other.shape or not np.allclose(one, other)
