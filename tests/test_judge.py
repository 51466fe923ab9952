"""A judge says in words what is wrong with what a reader wrote, and stands whatever that does."""

import inspect
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


def lstm_step_back(W, gates, x_t, c_prev, h_prev, c, dh, dc):
    i, f, o, g = gates
    tanh_c = np.tanh(c)
    dc = dc + dh * o * (1 - tanh_c**2)
    di, df, do, dg = dc * g, dc * c_prev, dh * tanh_c, dc * i
    da = [di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g**2)]
    da = np.concatenate(da)
    dW = da @ np.concatenate([x_t, h_prev]).T
    db = da.sum(axis=1, keepdims=True)
    D = len(x_t)
    dx, dh_prev = W[:, :D].T @ da, W[:, D:].T @ da
    dc_prev = dc * f
    return dW, db, dx, dc_prev, dh_prev


def back(*changes):
    """The step back with these pieces of its text, right and wrong by turns, replaced."""
    text = inspect.getsource(lstm_step_back)
    for right, wrong in zip(changes[::2], changes[1::2], strict=True):
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    made = dict(np=np, sigmoid=sigmoid)
    exec(text, made)
    return made["lstm_step_back"]


RETURNED, ALL_FIVE = "return dW, db, dx, dc_prev, dh_prev", "dW, db, dx, dc_prev, dh_prev: "
OF_THE_GATES = "dW, db, dx, dh_prev: "  # c_prev does not hear of what is wrong at a gate
LSTM_STEPS_BACK = {
    f"{ALL_FIVE}dc is taken alone": back("dc = dc + dh * o * (1 - tanh_c**2)", ""),
    f"{ALL_FIVE}dc is replaced": back("dc = dc + dh", "dc = dh"),
    f"{ALL_FIVE}dh comes to c unchanged": back("dh * o * (1 - tanh_c**2)", "dh"),
    f"{ALL_FIVE}o is missing": back("dh * o * (1", "dh * (1"),
    f"{ALL_FIVE}the slope of tanh is missing": back(" * (1 - tanh_c**2)", ""),
    f"{ALL_FIVE}1 − c² stands for": back("(1 - tanh_c**2)", "(1 - c**2)"),
    f"{ALL_FIVE}the slope is taken of tanh(tanh(c))": back("tanh_c**2", "np.tanh(tanh_c) ** 2"),
    f"{OF_THE_GATES}δo holds c;": back("dh * tanh_c,", "dh * c,"),
    f"{OF_THE_GATES}δo holds what arrives": back("dh * tanh_c,", "dc * tanh_c,"),
    f"{OF_THE_GATES}δi and δf have changed": back("di, df, do", "df, di, do"),
    f"{OF_THE_GATES}δf holds the new c": back("dc * c_prev", "dc * c"),
    f"{OF_THE_GATES}δi holds i and δg holds g": back("di, df, do, dg", "dg, df, do, di"),
    f"{OF_THE_GATES}the slope of g is missing": back(" * (1 - g**2)", ""),
    f"{OF_THE_GATES}the slope of g is that of σ": back("(1 - g**2)", "g * (1 - g)"),
    f"{OF_THE_GATES}the slope of g is taken of": back("1 - g**2", "1 - np.tanh(g) ** 2"),
    f"{OF_THE_GATES}all four slopes": back(
        "da = np.concatenate(da)", "da = np.concatenate([di, df, do, dg])"
    ),
    "dc_prev: f is missing": back("dc_prev = dc * f", "dc_prev = dc"),
    "dc_prev: only dc goes on": back(
        "dc = dc +", "own, dc = dc, dc +", "dc_prev = dc * f", "dc_prev = own * f"
    ),
    "dh_prev: dh is added": back("W[:, D:].T @ da", "W[:, D:].T @ da + dh"),
    "dW, dx, dh_prev: the column is turned round": back(
        "[x_t, h_prev]",
        "[h_prev, x_t]",
        "D = len(x_t)",
        "D = len(h_prev)",
        "dx, dh_prev =",
        "dh_prev, dx =",
    ),
    "dx, dh_prev: the columns of W are cut": back(
        "D = len(x_t)", "D = len(h_prev)", "dx, dh_prev =", "dh_prev, dx ="
    ),
    "db: db is not summed": back("da.sum(axis=1, keepdims=True)", "da"),
    "dW, db: dW and db are averaged": back("h_prev]).T", "h_prev]).T / 2", "da.sum(", "da.mean("),
    "dW: dW is averaged": back("h_prev]).T", "h_prev]).T / 2"),
    "db: db is averaged": back("da.sum(", "da.mean("),
    "dx, dh_prev: dx and dh_prev have": back(RETURNED, "return dW, db, dh_prev, dc_prev, dx"),
    "dc_prev, dh_prev: dc_prev and dh_prev have": back(
        RETURNED, "return dW, db, dx, dh_prev, dc_prev"
    ),
    # two at once, and what is no mistake in the numbers alone
    "db: db is not summed: every sequence has its share in it; dc_prev: f is missing": back(
        "da.sum(axis=1, keepdims=True)", "da", "dc_prev = dc * f", "dc_prev = dc"
    ),
    "db: expected db, here (20, 1), got (20,)": back(", keepdims=True", ""),
    "dh_prev: expected dh_prev, here (5, 2), got (8, 2)": back("W[:, D:].T @ da", "W.T @ da"),
    "dW: expected dW, here (20, 8), got (8, 20)": back(
        "dW, db, dx, dc_prev, dh_prev", "dW.T, db, dx, dc_prev, dh_prev"
    ),
    "stops with ValueError": back("W[:, D:].T @ da", "W[:, D:] @ da"),
    "dc_prev: the shape is right, the numbers are not": back("dc_prev = dc * f", "dc_prev = -dc"),
    "dx: there are numbers in it that are not finite": back(
        RETURNED, "return dW, db, dx * np.nan, dc_prev, dh_prev"
    ),
    "got 4": back(RETURNED, "return dW, db, dx, dh_prev"),
    "dc_prev: expected dc_prev, here (5, 2), got ()": back(
        RETURNED, "return dW, db, dx, None, dh_prev"
    ),
    "got a float that is no 5 arrays": back(RETURNED, "return 1.0"),
    "got a str that is no 5 arrays": back(RETURNED, 'return "dW"'),
    "nothing comes back": back(RETURNED, ""),
    "an argument is changed in place": back("dc = dc +", "dc +="),
    "changed in place: make": back("i, f, o, g = gates", "i, f, o, g = gates; f *= 1.5"),
}
LSTM_STEPS_BACK |= {
    f"{OF_THE_GATES}the blocks stand in the order {', '.join(order)};": back(
        "da = np.concatenate(da)", f"da = np.concatenate([da['ifog'.index(k)] for k in '{order}'])"
    )
    for order in ("ifgo", "iofg", "gifo", "figo")
}
for what, made in {
    "σ stands where σ′ belongs": "* {0}",
    "σ′ is missing": "",
    "σ′ is taken of the gate as if it were a": "* sigmoid({0}) * (1 - sigmoid({0}))",
}.items():
    for at in ("i", "f", "o", "ifo"):
        changes = [(f"* {k} * (1 - {k})", made.format(k)) for k in at]
        words = f"{OF_THE_GATES}{what}, at {', '.join(at)}"
        LSTM_STEPS_BACK[words] = back(*sum(changes, ()))

WRONG = (
    (judge.rnn_step, STEPS),
    (judge.rnn_forward, FORWARDS),
    (judge.lstm_step, LSTM_STEPS),
    (judge.lstm_forward, LSTM_FORWARDS),
    (judge.lstm_step_back, LSTM_STEPS_BACK),
)


@pytest.mark.parametrize(
    "asked, words, wrong",
    [(asked, *mistake) for asked, mistakes in WRONG for mistake in mistakes.items()],
)
def test_a_mistake_is_named(capsys, asked, words, wrong):
    line = verdict(capsys, asked, wrong)
    assert line.startswith("Not yet: ") and words in line


def test_a_step_back_that_is_right_is_called_right_however_it_is_returned(capsys):
    as_named = back(RETURNED, "return [part.tolist() for part in (dW, db, dx, dc_prev, dh_prev)]")
    for right in (lstm_step_back, as_named):
        line = verdict(capsys, judge.lstm_step_back, right)
        assert line == "Right: lstm_step_back agrees with lib"


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


def in_one_line(W, b, x_t, h):
    while True: pass  # fmt: skip  # noqa: E701


@pytest.mark.parametrize("loop", [endless, in_one_line])
def test_a_loop_without_end_is_stopped(capsys, loop):
    line = verdict(capsys, judge.rnn_step, loop)
    told = "does not come to an end: look at the condition of its loop"
    assert line == f"Not yet: {loop.__name__} {told}"


def test_what_is_not_written_yet_is_no_mistake(capsys):
    def stub(W, b, x_t, h):
        raise NotImplementedError

    line = verdict(capsys, judge.rnn_step, stub)
    assert line == "Yours: stub is still to be written: the state after x_t, (H, B)"


def test_no_two_mistakes_of_a_judge_give_the_same_numbers(monkeypatch):
    kept = []
    for cell in (judge.rnn, judge.lstm):
        monkeypatch.setattr(cell, "judged", lambda *given: kept.append(given))
    judge.rnn_step(step)
    judge.rnn_forward(forward)
    judge.lstm_step(lstm_step)
    judge.lstm_forward(lstm_forward)
    judge.lstm_step_back(lstm_step_back)
    for _, _, right, mistakes, _ in kept:
        answers = [right, *mistakes.values()]
        for k, one in enumerate(answers):
            for other in answers[k + 1 :]:
                parts = zip(one, other) if isinstance(one, tuple) else [(one, other)]
                assert not all(judge.judging.agree(*pair) for pair in parts)
