"""A judge says in words what is wrong with what a reader wrote, and stands whatever that does."""

import sys

import numpy as np
import pytest

from lib import judge, lstm
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


def lstm_step(W, b, x_t, c, h, order="ifog", shown=np.tanh, **squash):
    """A step as a reader writes it; what is given by name is a mistake."""
    rows = dict(zip(order, np.split(W @ column(x_t, h) + b, 4)))
    how = dict.fromkeys("ifo", sigmoid) | {"g": np.tanh} | squash
    i, f, o, g = (how[name](rows[name]) for name in "ifog")
    c = f * c + i * g
    return c, o * shown(c)


def lstm_forward(W, b, x, c, h, step=lstm_step):
    cs, hs = [c], [h]
    for x_t in x:
        c, h = step(W, b, x_t, c, h)
        cs.append(c)
        hs.append(h)
    return np.stack(cs), np.stack(hs)


def wrong(**mistake):
    return lambda *given: lstm_step(*given, **mistake)


def parts(W, b, x_t, c, h):
    a = np.split(W @ column(x_t, h) + b, 4)
    return *map(sigmoid, a[:3]), np.tanh(a[3])


def remade(made):
    """A step that makes (c, h) of i, f, o, g and the old c and h in another way."""
    return lambda *given: made(*parts(*given), *given[3:])


def shown(c, o):
    return c, o * np.tanh(c)


def turned_round(W, b, x_t, c, h):
    i, f, o, a_g = np.split(W @ column(h, x_t) + b, 4)
    return shown(sigmoid(f) * c + sigmoid(i) * np.tanh(a_g), sigmoid(o))


LSTM_STEPS = {
    "order i, f, g, o;": wrong(order="ifgo"),
    "order i, o, f, g;": wrong(order="iofg"),
    "order g, i, f, o;": wrong(order="gifo"),
    "order f, i, g, o;": wrong(order="figo"),
    "the bias b is missing": lambda W, b, *given: lstm_step(W, 0 * b, *given),
    "b is subtracted": lambda W, b, *given: lstm_step(W, -b, *given),
    "the candidate is squashed by σ": wrong(g=sigmoid),
    "the gates are squashed by tanh": wrong(i=np.tanh, f=np.tanh, o=np.tanh),
    "the candidate is not squashed": wrong(g=lambda a: a),
    "c is shown without tanh": wrong(shown=lambda c: c),
    "c is shown through σ": wrong(shown=sigmoid),
    "the column is turned round": turned_round,
    "the column holds c in place of h": lambda W, b, x_t, c, h: lstm_step(
        W, b, np.concatenate([x_t, c, 0 * h])[: W.shape[1]], c, h[:0]
    ),
    "the old state h is left out": lambda W, b, x_t, c, h: lstm_step(W, b, x_t, c, 0 * h),
    "the input x_t is left out": lambda W, b, x_t, c, h: lstm_step(W, b, 0 * x_t, c, h),
    "h is made from the old c": remade(lambda i, f, o, g, c, h: (f * c + i * g, o * np.tanh(c))),
    "h is made of the old h": remade(lambda i, f, o, g, c, h: (f * c + i * g, o * np.tanh(h))),
    "i and f have changed places": wrong(order="fiog"),
    "f keeps the old c, i lets g in": remade(lambda i, f, o, g, c, h: shown(i * c + f * g, o)),
    "the old c is not kept": remade(lambda i, f, o, g, c, h: shown(i * g, o)),
    "f is missing": remade(lambda i, f, o, g, c, h: shown(c + i * g, o)),
    "i is missing": remade(lambda i, f, o, g, c, h: shown(f * c + g, o)),
    "o is missing": remade(lambda i, f, o, g, c, h: shown(f * c + i * g, 1)),
    "o stands inside of tanh": remade(
        lambda i, f, o, g, c, h: (f * c + i * g, np.tanh(o * (f * c + i * g)))
    ),
    "multiplied, not added": remade(lambda i, f, o, g, c, h: shown(f * c * (i * g), o)),
    "h and c have changed places": lambda *given: lstm_step(*given)[::-1],
    "the old states come back unchanged": lambda *given: given[3:],
    "only h came back": lambda *given: lstm_step(*given)[1],
    "only c came back": lambda *given: lstm_step(*given)[0],
    "nothing comes back": lambda *given: None,
    "got a tuple that is no array": lambda *given: (lstm_step(*given)[0], 0.0),
}


def carrying(carried):
    """A loop whose next step is handed what `carried` makes of the start and of the last states."""

    def run(W, b, x, c, h):
        start, cs, hs = (c, h), [c], [h]
        for x_t in x:
            now = lstm_step(W, b, x_t, *carried(*start, cs[-1], hs[-1]))
            cs.append(now[0])
            hs.append(now[1])
        return np.stack(cs), np.stack(hs)

    return run


def lstm_buffers(W, b, x, c, h):
    c, h = c.copy(), h.copy()
    cs, hs = [c], [h]
    for x_t in x:
        c[:], h[:] = lstm_step(W, b, x_t, c, h)
        cs.append(c)
        hs.append(h)
    return np.stack(cs), np.stack(hs)


LSTM_FORWARDS = {
    "every step begins at (c, h)": carrying(lambda c_0, h_0, c, h: (c_0, h_0)),
    "every step begins with the first c": carrying(lambda c_0, h_0, c, h: (c_0, h)),
    "every step begins with the first h": carrying(lambda c_0, h_0, c, h: (c, h_0)),
    "c and h change places from step": carrying(lambda c_0, h_0, c, h: (h, c)),
    "every step adds to zeros": carrying(lambda c_0, h_0, c, h: (0 * c, h)),
    "every step reads zeros": carrying(lambda c_0, h_0, c, h: (c, 0 * h)),
    "the same states stand in every place": lstm_buffers,
    "every step reads the first input": lambda W, b, x, c, h: lstm_forward(
        W, b, x[[0] * len(x)], c, h
    ),
    "from the last to the first": lambda W, b, x, c, h: lstm_forward(W, b, x[::-1], c, h),
    "the start is zeros": lambda W, b, x, c, h: lstm_forward(W, b, x, 0 * c, 0 * h),
    "the bias b is missing": lambda W, b, *given: lstm_forward(W, 0 * b, *given),
    "all h stand first": lambda *given: lstm_forward(*given)[::-1],
    "the start is missing": lambda *given: [part[1:] for part in lstm_forward(*given)],
    "the last states are missing": lambda *given: [part[:-1] for part in lstm_forward(*given)],
    "only the last states came back": lambda *given: [part[-1] for part in lstm_forward(*given)],
    "only all h came back": lambda *given: lstm_forward(*given)[1],
    "only all c came back": lambda *given: lstm_forward(*given)[0],
    "pairs came back": lambda *given: [*zip(*lstm_forward(*given))],
    "the wrong way round": lambda *given: [part[::-1] for part in lstm_forward(*given)],
    "nothing comes back": lambda *given: None,
}


def test_what_a_reader_writes_of_the_lstm_is_called_right(capsys):
    assert verdict(capsys, judge.lstm_step, lstm_step) == "Right: lstm_step agrees with lib"
    assert (
        verdict(capsys, judge.lstm_forward, lstm_forward) == "Right: lstm_forward agrees with lib"
    )
    by_name = verdict(capsys, judge.lstm_step, lambda *given: lstm.State(*lstm_step(*given)))
    assert by_name.startswith("Right")


WRONG = (
    (judge.rnn_step, STEPS),
    (judge.rnn_forward, FORWARDS),
    (judge.lstm_step, LSTM_STEPS),
    (judge.lstm_forward, LSTM_FORWARDS),
)


@pytest.mark.parametrize(
    "asked, words, wrong",
    [(asked, *mistake) for asked, mistakes in WRONG for mistake in mistakes.items()],
)
def test_a_mistake_is_named(capsys, asked, words, wrong):
    line = verdict(capsys, asked, wrong)
    assert line.startswith("Not yet: ") and words in line


def test_a_state_of_the_lstm_changed_in_place_is_told(capsys):
    def in_place(W, b, x_t, c, h):
        i, f, o, g = parts(W, b, x_t, c, h)
        c *= f
        c += i * g
        return c, o * np.tanh(c)

    assert "changed in place" in verdict(capsys, judge.lstm_step, in_place)


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
    judge.lstm_step(lstm_step)
    judge.lstm_forward(lstm_forward)
    for _, _, right, mistakes, _ in kept:
        answers = [right, *mistakes.values()]
        for k, one in enumerate(answers):
            for other in answers[k + 1 :]:
                assert one.shape != other.shape or not np.allclose(one, other)
