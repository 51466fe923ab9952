"""A judge says in words what is wrong with what a reader wrote, and stands whatever that does."""

import inspect
import sys

import numpy as np
import pytest

from lib import judge, laboratory, lstm, rnn
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


def changed(function, *changes):
    """A function with these pieces of its text, right and wrong by turns, replaced."""
    text = inspect.getsource(function)
    for right, wrong in zip(changes[::2], changes[1::2], strict=True):
        assert text.count(right) == 1, right
        text = text.replace(right, wrong)
    made = dict(np=np, sigmoid=sigmoid)
    exec(text, made)
    return made[function.__name__]


def back(*changes):
    return changed(lstm_step_back, *changes)


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


def gru_step(W, b, x_t, h):
    W_r, W_z, W_n = np.split(W, 3)
    b_r, b_z, b_n = np.split(b, 3)
    column = np.concatenate([x_t, h])
    r = sigmoid(W_r @ column + b_r)
    z = sigmoid(W_z @ column + b_z)
    n = np.tanh(W_n @ np.concatenate([x_t, r * h]) + b_n)
    h_new = (1 - z) * h + z * n
    return h_new


def gru_in_two(W, b, x_t, h):  # another way to write the same
    D, H = len(x_t), len(h)
    of_x = W[:, :D] @ x_t + b
    r, z = np.split(sigmoid(of_x[: 2 * H] + W[: 2 * H, D:] @ h), 2)
    n = np.tanh(of_x[2 * H :] + W[2 * H :, D:] @ (r * h))
    return h + z * (n - h)


def gru(*changes):
    return changed(gru_step, *changes)


OF_X, OF_H = "W_n[:, : len(x_t)] @ x_t", "W_n[:, len(x_t) :] @ "
N_LINE, READ = "np.tanh(W_n @ np.concatenate([x_t, r * h]) + b_n)", "[x_t, r * h]"
MADE, KEPT_AND_WRITTEN = "return h_new", "(1 - z) * h + z * n"


def made(wrong):
    return gru(KEPT_AND_WRITTEN, wrong)


def candidate(wrong):
    return gru(N_LINE, wrong)


GRU_STEPS = {
    "the bias b is missing": lambda W, b, *given: gru_step(W, 0 * b, *given),
    "the bias of the candidate is missing": gru(" + b_n", ""),
    "the bias of the gates is missing": gru(" + b_r", "", " + b_z", ""),
    "b is subtracted": lambda W, b, *given: gru_step(W, -b, *given),
    "the candidate is squashed by σ": gru("np.tanh", "sigmoid"),
    "the candidate is not squashed": gru("np.tanh", ""),
    "nothing is squashed": gru("np.tanh", "", "sigmoid(W_r", "(W_r", "sigmoid(W_z", "(W_z"),
    "the new state is squashed once more": gru(MADE, "return np.tanh(h_new)"),
    "the column is turned round": gru("[x_t, h]", "[h, x_t]", READ, "[r * h, x_t]"),
    "the candidate's column is turned round": gru(READ, "[r * h, x_t]"),
    "the old state h is left out of": gru("[x_t, h]", "[x_t, 0 * h]", READ, "[x_t, 0 * h]"),
    "the gates read x_t alone": gru(
        "W_r @ column", "W_r[:, : len(x_t)] @ x_t", "W_z @ column", "W_z[:, : len(x_t)] @ x_t"
    ),
    "the candidate reads x_t alone": candidate(f"np.tanh({OF_X} + b_n)"),
    "the input x_t is left out": gru("[x_t, h]", "[0 * x_t, h]", READ, "[0 * x_t, r * h]"),
    "the candidate does not read x_t": candidate(f"np.tanh({OF_H}(r * h) + b_n)"),
    "r is missing, the candidate reads all of h": gru(READ, "[x_t, h]"),
    "the candidate reads z ⊙ h": gru(READ, "[x_t, z * h]"),
    "the candidate reads (1 − r) ⊙ h": gru(READ, "[x_t, (1 - r) * h]"),
    "z reads r ⊙ h": gru("W_z @ column", "W_z @ np.concatenate([x_t, h * r])"),
    "r is taken after the product, it": candidate(f"np.tanh({OF_X} + r * ({OF_H}h) + b_n)"),
    "r is taken after the product and of b_n": candidate(f"np.tanh({OF_X} + r * ({OF_H}h + b_n))"),
    "r is taken of the whole product": candidate("np.tanh(r * (W_n @ column) + b_n)"),
    "r is taken of all that is squashed": candidate("np.tanh(r * (W_n @ column + b_n))"),
    "r stands outside of tanh": candidate("r * np.tanh(W_n @ column + b_n)"),
    "z and 1 − z have changed places": made("z * h + (1 - z) * n"),
    "r ⊙ h is kept in place of h": made("(1 - z) * (r * h) + z * n"),
    "r stands in place of z": made("(1 - r) * h + r * n"),
    "r keeps in place of 1 − z": made("r * h + z * n"),
    "the candidate is written whole, z is missing": made("(1 - z) * h + n"),
    "the old state is kept whole, 1 − z is missing": made("h + z * n"),
    "z and 1 − z are missing": made("h + n"),
    "the old state is not kept": made("z * n"),
    "the candidate is not written": made("(1 - z) * h"),
    "the candidate alone came back": made("n"),
    "multiplied, not added": made("(1 - z) * h * (z * n)"),
    "subtracted, not added": made("(1 - z) * h - z * n"),
    "the old state comes back unchanged": gru(MADE, "return h"),
    "the gates came back with it": gru(MADE, "return r, z, n, h_new"),
    "the gates came back after it": gru(MADE, "return h_new, r, z, n"),
    "only the gates came back": gru(MADE, "return r, z, n"),
    "got a tuple that is no array": gru(MADE, "return (r, z, n), h_new"),
    "nothing comes back: does it return the state after": gru(MADE, ""),
    "here (5, 2), got (1, 5, 2)": gru(MADE, "return (h_new,)"),
    "here (5, 2), got (5, 1)": gru(MADE, "return h_new[:, :1]"),
    "not finite": gru(MADE, "return h_new * np.nan"),
    "the shape is right, the numbers are not": made("(1 - z) * h + 2 * z * n"),
    "stops with ValueError": gru("np.concatenate([x_t, r * h])", "(r * column)"),
    "changed in place": gru(KEPT_AND_WRITTEN, "h; h *= 1 - z; h_new += z * n"),
    "does not come to an end": gru(MADE, "while True: pass"),
}
GRU_STEPS |= {
    f"order {', '.join(order)};": gru(
        "W_r, W_z, W_n",
        ", ".join("W_" + k for k in order),
        "b_r, b_z, b_n",
        ", ".join("b_" + k for k in order),
    )
    for order in judge.gru.ORDERS
}
for at in ("r", "z", "rz"):
    for words, squash in {"tanh stands where σ belongs": "np.tanh", "σ is missing": ""}.items():
        GRU_STEPS[f"{words}, at {', '.join(at)}"] = gru(
            *sum([(f"sigmoid(W_{k}", f"{squash}(W_{k}") for k in at], ())
        )


def test_what_a_reader_writes_of_the_gru_is_called_right(capsys):
    assert verdict(capsys, judge.gru_step, gru_step) == "Right: gru_step agrees with lib"
    for right in (gru_in_two, lambda *given: gru_step(*given).tolist()):
        assert verdict(capsys, judge.gru_step, right).startswith("Right")


def gru_step_back(W, gates, x_t, h_prev, dh):
    r, z, n = gates
    D, H = len(x_t), len(h_prev)
    W_x, W_h = W[:, :D], W[:, D:]
    W_r, W_z, W_n = W_h[:H], W_h[H : 2 * H], W_h[2 * H :]
    dn = dh * z
    dz = dh * (n - h_prev)
    da_n = dn * (1 - n**2)
    ds = W_n.T @ da_n
    dr = ds * h_prev
    da_r = dr * r * (1 - r)
    da_z = dz * z * (1 - z)
    da = np.concatenate([da_r, da_z, da_n])
    column, seen = np.concatenate([x_t, h_prev]), np.concatenate([x_t, r * h_prev])
    dW = np.concatenate([da_r @ column.T, da_z @ column.T, da_n @ seen.T])
    db = da.sum(axis=1, keepdims=True)
    dx = W_x.T @ da
    dh_prev = dh * (1 - z) + ds * r + W_z.T @ da_z + W_r.T @ da_r
    return dW, db, dx, dh_prev


def gru_back(*changes):
    return changed(gru_step_back, *changes)


GIVEN_BACK, ALL_FOUR = "return dW, db, dx, dh_prev", "dW, db, dx, dh_prev: "
SUMMED, SLOPE_N, DS, ROAD = (
    "da.sum(axis=1, keepdims=True)",
    " * (1 - n**2)",
    "W_n.T @ da_n",
    "ds * r +",
)
CUT = ("W[:, :D], W[:, D:]", "W[:, H:], W[:, :H]")
BY_Z = ("(n - h_prev)", "(h_prev - n)")
GRU_STEPS_BACK = {
    f"{ALL_FOUR}δz holds n alone": gru_back("(n - h_prev)", "n"),
    f"{ALL_FOUR}δz holds h_prev alone": gru_back("dh * (n - h_prev)", "-dh * h_prev"),
    f"{ALL_FOUR}δz holds n + h_prev": gru_back("(n - h_prev)", "(n + h_prev)"),
    f"{ALL_FOUR}δz has its sign turned": gru_back(*BY_Z),
    f"{ALL_FOUR}δn is taken with 1 − z": gru_back("dn = dh * z", "dn = dh * (1 - z)"),
    f"{ALL_FOUR}z is missing in δn": gru_back("dn = dh * z", "dn = dh"),
    f"{ALL_FOUR}z is taken to keep": gru_back(
        *BY_Z, "dn = dh * z", "dn = dh * (1 - z)", "dh * (1 - z) +", "dh * z +"
    ),
    f"{ALL_FOUR}the gates are taken as (z, r, n)": gru_back("r, z, n = gates", "z, r, n = gates"),
    f"{ALL_FOUR}δs is taken from δn": gru_back(DS, "W_n.T @ dn"),
    f"{ALL_FOUR}δs is δa_n": gru_back(DS, "da_n"),
    f"{ALL_FOUR}W_n is not transposed": gru_back(DS, "W_n @ da_n"),
    f"{ALL_FOUR}δr holds r:": gru_back("ds * h_prev", "ds * r"),
    f"{ALL_FOUR}δr holds r ⊙ h_prev": gru_back("ds * h_prev", "ds * (r * h_prev)"),
    f"{ALL_FOUR}h_prev is missing in δr": gru_back("ds * h_prev", "ds"),
    f"{ALL_FOUR}δr holds r and the road": gru_back("ds * h_prev", "ds * r", ROAD, "ds * h_prev +"),
    "gru_step_back: dh_prev: r is missing on the way through n": gru_back(ROAD, "ds +"),
    "gru_step_back: dh_prev: 1 − r stands on the way through n": gru_back(ROAD, "ds * (1 - r) +"),
    "gru_step_back: dh_prev: r is taken before W_nᵀ": gru_back(ROAD, "W_n.T @ (da_n * r) +"),
    f"{ALL_FOUR}the step back is that of a reset after": gru_back(
        "ds * h_prev",
        "da_n * (W_n @ h_prev)",
        ROAD,
        "W_n.T @ (da_n * r) +",
        "da_n @ seen.T",
        "np.hstack([da_n @ x_t.T, (da_n * r) @ h_prev.T])",
    ),
    f"{ALL_FOUR}the slope of n is missing": gru_back(SLOPE_N, ""),
    f"{ALL_FOUR}the slope of n is that of σ": gru_back(SLOPE_N, " * n * (1 - n)"),
    f"{ALL_FOUR}the slope of n is taken of": gru_back(SLOPE_N, " * (1 - np.tanh(n) ** 2)"),
    f"{ALL_FOUR}all three slopes": gru_back(
        SLOPE_N, "", " * r * (1 - r)", "", " * z * (1 - z)", ""
    ),
    "dh_prev: dh ⊙ (1 − z) is missing": gru_back("dh * (1 - z) +", ""),
    "dh_prev: dh ⊙ z goes on": gru_back("dh * (1 - z) +", "dh * z +"),
    "dh_prev: dh goes on to h_prev whole": gru_back("dh * (1 - z) +", "dh +"),
    "dh_prev: dh is added": gru_back("dh * (1 - z) +", "dh + dh * (1 - z) +"),
    "dh_prev: the road through n is missing": gru_back(ROAD, ""),
    "dh_prev: the road through z is missing": gru_back(" + W_z.T @ da_z", ""),
    "dh_prev: the road through r is missing": gru_back(" + W_r.T @ da_r", ""),
    "dh_prev: the roads through z and r": gru_back(" + W_z.T @ da_z + W_r.T @ da_r", ""),
    "dh_prev: the road past the gates": gru_back(" + ds * r + W_z.T @ da_z + W_r.T @ da_r", ""),
    "dh_prev: dh_prev is W_hᵀ δa": gru_back(
        "dh * (1 - z) + ds * r + W_z.T @ da_z + W_r.T @ da_r", "W_h.T @ da"
    ),
    "dh_prev: W_r and W_z are not": gru_back("W_z.T @ da_z + W_r.T", "W_z @ da_z + W_r"),
    "dW: W_n has met r ⊙ h_prev": gru_back("da_n @ seen.T", "da_n @ column.T"),
    "dW: the gates have met h_prev": gru_back(
        "da_r @ column.T", "da_r @ seen.T", "da_z @ column.T", "da_z @ seen.T"
    ),
    "dx: the rows of r are": gru_back("W_x.T @ da\n", "W_x[H:].T @ da[H:]\n"),
    "dx: the rows of z are": gru_back("W_x.T @ da\n", "W_x[:H].T @ da_r + W_x[2 * H :].T @ da_n\n"),
    "dx: the rows of n are": gru_back("W_x.T @ da\n", "W_x[: 2 * H].T @ da[: 2 * H]\n"),
    "dx: the rows of r, z are": gru_back("W_x.T @ da\n", "W_x[2 * H :].T @ da_n\n"),
    f"{ALL_FOUR}the column is turned round": gru_back(
        *CUT, "[x_t, h_prev]", "[h_prev, x_t]", "[x_t, r * h_prev]", "[r * h_prev, x_t]"
    ),
    f"{ALL_FOUR}the columns of W are cut": gru_back(*CUT),
    "db: db is not summed": gru_back(SUMMED, "da"),
    "dW, db: dW and db are averaged": gru_back(GIVEN_BACK, "return dW / 2, db / 2, dx, dh_prev"),
    "dW: dW is averaged": gru_back(GIVEN_BACK, "return dW / 2, db, dx, dh_prev"),
    "db: db is averaged": gru_back("da.sum(", "da.mean("),
    "dx, dh_prev: dx and dh_prev have": gru_back(GIVEN_BACK, "return dW, db, dh_prev, dx"),
    # two at once, and what is no mistake in the numbers alone
    "dW: W_n has met r ⊙ h_prev, not h_prev: its rows of dW are δa_n [x_t; r ⊙ h_prev]ᵀ; db: db is": gru_back(
        "da_n @ seen.T", "da_n @ column.T", SUMMED, "da"
    ),
    "dW, db: the blocks stand in the order z, r, n;": gru_back(
        "db = da.sum(",
        "db = np.concatenate([da_z, da_r, da_n]).sum(",
        "da_r @ column.T, da_z @ column.T",
        "da_z @ column.T, da_r @ column.T",
    ),
    "db: expected db, here (15, 1), got (15,)": gru_back(", keepdims=True", ""),
    "dW: expected dW, here (15, 8), got (8, 15)": gru_back(
        GIVEN_BACK, "return dW.T, db, dx, dh_prev"
    ),
    "dx: there are numbers in it that are not finite": gru_back(
        GIVEN_BACK, "return dW, db, dx * np.nan, dh_prev"
    ),
    "dh_prev: the shape is right, the numbers are not": gru_back(
        GIVEN_BACK, "return dW, db, dx, -dh_prev"
    ),
    "expected the four (dW, db, dx, dh_prev), got 3": gru_back(GIVEN_BACK, "return dW, db, dx"),
    "got a float that is no 4 arrays": gru_back(GIVEN_BACK, "return 1.0"),
    "nothing comes back: does it return the four": gru_back(GIVEN_BACK, ""),
    "stops with ValueError": gru_back("dx = W_x.T @ da", "dx = W_x @ da"),
    "does not come to an end": gru_back(GIVEN_BACK, "while True: pass"),
    "an argument is changed in place": gru_back("dn = dh * z", "dn = dh; dn *= z"),
    "changed in place: make": gru_back("r, z, n = gates", "r, z, n = gates; r *= 1.5"),
}
for order in judge.gru.ORDERS:
    blocks, made_of = zip(
        *[("da_" + k, "da_n @ seen.T" if k == "n" else f"da_{k} @ column.T") for k in order]
    )
    GRU_STEPS_BACK[f"{ALL_FOUR}the blocks stand in the order {', '.join(order)};"] = gru_back(
        "[da_r, da_z, da_n]",
        f"[{', '.join(blocks)}]",
        "[da_r @ column.T, da_z @ column.T, da_n @ seen.T]",
        f"[{', '.join(made_of)}]",
        "W_z.T @ da_z + W_r.T @ da_r",
        "W_h[: 2 * H].T @ da[: 2 * H]",
    )
for what, slope in {
    "σ stands where σ′ belongs": " * {0}",
    "σ′ is missing": "",
    "the slope of tanh stands where σ′ belongs": " * (1 - {0}**2)",
    "σ′ is taken of the gate as if it were a": " * sigmoid({0}) * (1 - sigmoid({0}))",
}.items():
    for at in ("r", "z", "rz"):
        changes = [(f" * {k} * (1 - {k})", slope.format(k)) for k in at]
        GRU_STEPS_BACK[f"{ALL_FOUR}{what}, at {', '.join(at)}"] = gru_back(*sum(changes, ()))

WRONG = (
    (judge.rnn_step, STEPS),
    (judge.rnn_forward, FORWARDS),
    (judge.lstm_step, LSTM_STEPS),
    (judge.lstm_forward, LSTM_FORWARDS),
    (judge.lstm_step_back, LSTM_STEPS_BACK),
    (judge.gru_step, GRU_STEPS),
    (judge.gru_step_back, GRU_STEPS_BACK),
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


def gru_back_by_blocks(W, gates, x_t, h_prev, dh):  # another way to write the same
    (r, z, n), D, W_n = gates, len(x_t), np.split(W, 3)[2]
    da_n = z * dh * (1 - n) * (1 + n)
    heard_n = W_n.T @ da_n  # by [x_t; r ⊙ h_prev]
    da_rz = np.concatenate([heard_n[D:] * h_prev * r * (1 - r), dh * (n - h_prev) * z * (1 - z)])
    heard = W[: len(da_rz)].T @ da_rz  # by [x_t; h_prev]
    dW = [da_rz @ column(x_t, h_prev).T, da_n @ column(x_t, r * h_prev).T]
    db = [da_rz.sum(axis=1), da_n.sum(axis=1)]
    dh_prev = heard[D:] + r * heard_n[D:] + dh - z * dh
    return [np.concatenate(dW), np.concatenate(db)[:, None], heard[:D] + heard_n[:D], dh_prev]


def test_a_step_back_of_the_gru_that_is_right_is_called_right_however_it_is_written(capsys):
    as_lists = gru_back(GIVEN_BACK, "return [part.tolist() for part in (dW, db, dx, dh_prev)]")
    for right in (gru_step_back, as_lists):
        line = verdict(capsys, judge.gru_step_back, right)
        assert line == "Right: gru_step_back agrees with lib"
    assert verdict(capsys, judge.gru_step_back, gru_back_by_blocks).startswith("Right")


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


WANTED = {
    judge.rnn_step: "the state after x_t, (H, B)",
    judge.gru_step: "the state after x_t, (H, B)",
    judge.lstm_step_back: "the five (dW, db, dx, dc_prev, dh_prev)",
    judge.gru_step_back: "the four (dW, db, dx, dh_prev)",
}


@pytest.mark.parametrize("asked, wanted", WANTED.items())
def test_what_is_not_written_yet_is_no_mistake(capsys, asked, wanted):
    def stub(*given):
        raise NotImplementedError

    assert verdict(capsys, asked, stub) == f"Yours: stub is still to be written: {wanted}"


def test_no_two_mistakes_of_a_judge_give_the_same_numbers(monkeypatch):
    kept = []
    for cell in (judge.rnn, judge.lstm, judge.gru):
        monkeypatch.setattr(cell, "judged", lambda *given: kept.append(given))
    judge.rnn_step(step)
    judge.rnn_forward(forward)
    judge.lstm_step(lstm_step)
    judge.lstm_forward(lstm_forward)
    judge.lstm_step_back(lstm_step_back)
    judge.gru_step(gru_step)
    judge.gru_step_back(gru_step_back)
    for _, _, right, mistakes, _ in kept:
        answers = [right, *mistakes.values()]
        for k, one in enumerate(answers):
            for other in answers[k + 1 :]:
                parts = zip(one, other) if isinstance(one, tuple) else [(one, other)]
                assert not all(judge.judging.agree(*pair) for pair in parts)


# A comparison of the reader's own.


def scored(mean, spread=0.1, late=None):
    """A run whose score scatters about a mean; about another from seed 10 on, if given."""

    def run(seed):
        middle = mean if late is None or seed < 10 else late
        return middle + spread * np.random.default_rng([seed, int(100 * mean)]).normal()

    return run


def compared(capsys, first, second, sentence):
    before = sys.gettrace()
    assert judge.comparison(first, second, sentence) is None
    assert sys.gettrace() is before
    (line,) = capsys.readouterr().out.splitlines()
    return line


@pytest.mark.parametrize(
    "first, second, right",
    [(0.8, 0.5, "better"), (0.3, 0.6, "worse"), (0.5, 0.501, "not told apart")],
)
def test_the_sentence_that_the_twenty_seeds_allow_is_right_and_no_other(
    capsys, first, second, right
):
    for sentence in ("better", "worse", "not told apart"):
        line = compared(capsys, scored(first), scored(second), sentence)
        assert line.startswith("Right") == (sentence == right), line
    wrong = {"better": "worse", "worse": "better"}.get(right)
    if wrong:
        assert "other way round" in compared(capsys, scored(first), scored(second), wrong)
        assert "too careful" in compared(capsys, scored(first), scored(second), "not told apart")
    else:
        assert "says too much" in compared(capsys, scored(first), scored(second), "better")


def test_a_sentence_that_only_the_first_ten_seeds_bear_is_refused_as_that(capsys):
    turns = scored(0.8, late=0.5), scored(0.6)
    line = compared(capsys, *turns, "better")
    assert line == "Not yet: so it was with your ten seeds; the next ten say otherwise"
    assert compared(capsys, *turns, "not told apart").startswith("Right")


def test_halves_on_different_sides_are_not_told_apart_whatever_the_interval_says(capsys):
    turns = scored(0.9, 0.01, late=0.58), scored(0.6, 0.01)
    line = compared(capsys, *turns, "better")
    assert line == "Not yet: the halves of the seeds are on different sides: it is not told apart"


def run_without_end(seed):
    while True:
        pass


class Whole(tuple):
    score = 0.5


@pytest.mark.parametrize(
    "written, words",
    [
        (lambda seed: None, "returns nothing"),
        (lambda seed: "0.9", None),
        (lambda seed: [0.5, 0.6], "returns a list: expected one number"),
        (lambda seed: Whole(), "returns a whole result: return its score"),
        (lambda seed: np.nan, "returns nan: expected the score of a run"),
        (lambda seed: 0.7, "gives every seed the same score: does it hand its seed on?"),
        (lambda: 1.0, "stops with TypeError"),
        (lambda seed: 1 / 0, "stops with ZeroDivisionError"),
        (run_without_end, "does not come to an end"),
    ],
)
def test_what_is_no_run_is_told_in_words(capsys, written, words):
    for place, pair in (("first", (written, scored(0.5))), ("second", (scored(0.5), written))):
        line = compared(capsys, *pair, "better")
        assert words is None or line.startswith(f"Not yet: the {place} {words}"), line


def test_a_stub_an_unknown_sentence_and_one_run_twice_are_told(capsys):
    def stub(seed):
        raise NotImplementedError

    assert "is still to be written" in compared(capsys, stub, scored(0.5), "better")
    assert "'faster'" in compared(capsys, scored(0.4), scored(0.5), "faster")
    assert "what did you change?" in compared(capsys, scored(0.5), scored(0.5), "worse")


def test_what_a_run_calls_may_take_its_time_and_a_perfect_score_may_be_the_same(capsys):
    def trained(seed):
        return float(laboratory.recall(rnn, 2, seed, hidden_size=3, limit=3, test=20).score)

    assert compared(capsys, trained, lambda seed: 1.0, "worse").startswith("Right")
