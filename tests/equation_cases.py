"""The cases that the book's equations speak of: each the world of a section, made of runs of `lib`.

Where a section computes by hand, its numbers are here once more, and `lib` computes with them.
"""

from functools import partial

import numpy as np
from cases import case
from equation_values import Entry, Steps, Untrue, World
from equation_worlds import B, D, H, Sent, T, V, model_world

from lib import gru, initial, lstm, optim, relatives, rnn
from lib.activations import sigmoid
from lib.live.runs import two_steps
from lib.losses import cross_entropy, softmax


class Called(float):
    """A number that is also a function, as L is in L(W + ε)."""

    def __new__(cls, value, function):
        number = super().__new__(cls, value)
        number.function = function
        return number

    def __call__(self, given):
        return self.function(given)


def unit_rnn(page, seed):
    """One unit without bias and input."""
    w = (0.9, 1.4, -0.7)[seed]
    given = rnn.Params([[0.0, w]], [[0.0]]), np.zeros((T, 1, 1)), rnn.State(np.array([[0.6]]))
    given = (rnn.Params(*map(np.array, given[0])), *given[1:])
    settled = rnn.forward(given[0], np.zeros((2000, 1, 1)), given[2]).states.h[-1]
    extra = {"w": w, "h*": settled.round(12)}
    return model_world(page, seed, rnn, given=given, extra=extra)


def one_sequence(page, seed):
    """An RNN that reads one sequence; with two matrices, and an eigenvector of W_h."""
    world = model_world(page, seed, rnn, (T, D, H, 1), free={"k": range(1, T + 1)})
    values, vectors = np.linalg.eig(world.values["W_h"])
    real = int(np.flatnonzero(values.imag == 0)[0])  # one of three is
    world.values |= dict(zip("MN", np.random.default_rng(seed).normal(size=(2, H, H)), strict=True))
    world.values |= dict(λ=values[real].real, v=vectors[:, real : real + 1].real)
    return world


def at_rest(page, seed):
    """An RNN at rest, its W_h an orthogonal matrix times a number: no bound has room."""
    Q = initial.orthogonal(np.random.default_rng(seed), H)
    extra = dict(Q=Q, M=2 * Q, N=0.7 * Q.T, v=np.zeros((H, 1)))
    W = np.hstack([np.ones((H, D)), (0.8, 1.3, 1.1)[seed] * Q])
    given = rnn.Params(W, np.zeros((H, 1))), np.zeros((T, D, 1)), rnn.State(np.zeros((H, 1)))
    free = {"k": range(1, T + 1)}
    return model_world(page, seed, rnn, given=given, free=free, extra=extra, tight=True)


def answer(page, seed):
    """One answer y, judged by softmax cross-entropy."""
    rng = np.random.default_rng(seed)
    y, k = rng.normal(size=(V, 1)), int(rng.integers(V))
    loss = cross_entropy(y[None], [[k]])
    values = dict(y=y, p=softmax(y), q=np.eye(V)[:, [k]], L=loss.value, δy=loss.dy[0])
    return World(values, {"k": [Entry(k)], "m": [Entry(m) for m in range(V)]})


def clipping(page, seed):
    """A gradient before and after it is clipped, for a bound that is below its length and one above."""
    long = np.random.default_rng(seed).normal(size=9)
    m = np.linalg.norm(long) * (0.3, 1.7, 0.9)[seed]
    (short,), _ = optim.clip((long,), m)
    return World({"∇": long, "∇ new": short, "m": m}, {})


def unit_lstm(hold, c=0.7, T=T, cell=lstm):
    """A run of one unit whose gates are held."""
    params = cell.init_params(np.random.default_rng(0), 1, 1)
    start = cell.State(*(np.full((1, 1), part) for part in (c, 0.0)[: len(cell.State._fields)]))
    return cell.forward(params, np.zeros((T, 1, 1)), start, hold)


def only_adds(page, seed):
    """A cell state to which all candidates are added, and nothing is taken away."""
    params, x, state = case(lstm, T, B, D, H, seed)
    trace = lstm.forward(params, x, state, {"i": 1.0, "f": 1.0})
    values = dict(c=steps_of(trace.states.c), g=steps_of(trace.gates.g, 1))
    return World(values, {"t": range(1, T + 1)})


def candidate(page, seed):
    """A candidate that is 0 for either name where there is no mark."""
    weights = dict(α=0.0, β=(0.8, -0.3, 1.7)[seed], γ=0.0, v=(1, -1, 1)[seed], m=1)
    return World(weights | dict(g=np.tanh(weights["β"] * weights["m"])), {})


def coupled_gates(page, seed):
    """A cell that writes where it forgets, from zeros: its input gate is what its cell state tells of it."""
    params, x, _ = case(relatives.coupled, T, B, D, H, seed)
    trace = relatives.coupled.forward(params, x)
    f, g, c = trace.gates.f, trace.gates.g, trace.states.c
    values = dict(
        f=steps_of(f, 1), g=steps_of(g, 1), c=steps_of(c), i=steps_of((c[1:] - f * c[:-1]) / g, 1)
    )
    return World(values, {"t": range(1, T + 1)})


def coupled_back(page, seed):
    """The way back of a cell that writes where it forgets; its input gate is what its candidate enters with."""
    cell = relatives.coupled
    params, x, state = case(cell, T, B, D, H, seed)
    trace = cell.forward(params, x, state)
    dh = np.random.default_rng(seed).normal(size=(T, H, B))
    sent = Sent(cell, params, trace, dh, None)
    f, g, c = trace.gates.f, trace.gates.g, trace.states.c
    values = dict(f=steps_of(f, 1), g=steps_of(g, 1), c=steps_of(c))
    values |= dict(i=steps_of((c[1:] - f * c[:-1]) / g, 1))
    values |= dict(δc=steps_of(cell.backward(params, trace, dh).states.c))
    for k, gate in enumerate(trace.gates._fields):
        values[f"δa_{gate}"] = Steps(lambda t, k=k: sent.da(t)[k * H : (k + 1) * H], 1, T)
    return World(values, {"t": range(1, T + 1)})


def steps_of(run, first=0):
    return Steps(lambda t: run[t - first], first, len(run) - 1 + first)


def half_life(page, seed, reached=False):
    """A unit that keeps f of its state a step, and is at one half after a whole number of steps."""
    n = (3, 5, 8)[seed]
    f = 0.5 ** (1 / n)
    trace = unit_lstm({"f": f, "i": 0.0}, T=12)
    left = trace.states.c[:, 0, 0] / trace.states.c[0, 0, 0]
    counted = int(np.flatnonzero(left <= 0.5 + 1e-12)[0])
    values = {"f": f, "c": steps_of(trace.states.c), "t_1/2": counted}
    return World(values, {"t": [counted] if reached else range(1, 13)})


def chrono(page, seed):
    """The chrono start of four units, and what their gates do in silence."""
    u = np.random.default_rng(seed).uniform(1, 39, (4, 1))
    b_f = initial.chrono(np.random.default_rng(seed), 4, 40)[:, None]
    params = lstm.init_params(np.random.default_rng(0), 1, 4, b_f[:, 0], -b_f[:, 0])
    gates, _ = lstm.step(params, np.zeros((1, 1)), lstm.zero_state(params, 1))
    values = dict(u=u, b_f=params.b[4:8], b_i=params.b[:4], f=gates.f, i=gates.i)
    return World(values, {})


def squashed(page, seed):
    """A pre-activation and what the library's functions make of it, and a number below 1."""
    a = (-1.3, 0.4, 2.1)[seed]
    s = sigmoid(a)
    return World(dict(a=a, s=s, g=np.tanh(a), F=s), {})


def two_answers(page, seed):
    """The probabilities of two letters, and of others."""
    p = softmax(np.random.default_rng(seed).normal(size=(V, 1)))
    return World(dict(p_l=p[0], p_o=p[1]), {})


def adder(page, seed):
    """The hand-made unit that adds what is marked, or keeps the last that was."""
    W = np.zeros((4, 3))
    W[0, 1], W[1, 1], W[3, 0] = 20, -20, 0.01
    params = lstm.Params(W, np.array([[-10.0], [10], [20], [0]]))
    x = np.random.default_rng(seed).uniform(size=(T, 2, 1))
    gates = lstm.forward(params, x).gates
    values = dict(i=steps_of(gates.i, 1), f=steps_of(gates.f, 1), g=steps_of(gates.g, 1))
    values |= dict(v=steps_of(x[:, :1], 1), m=steps_of(x[:, 1:], 1))
    return World(values, {"t": range(1, T + 1)})


def nearly_all(page, seed, share, n):
    """A forget gate and its bias: after n steps this share is left."""
    f = share ** (1 / n)
    b = np.log(f) - np.log(1 - f)
    params = lstm.init_params(np.random.default_rng(0), 1, 1, b)
    gates, _ = lstm.step(params, np.zeros((1, 1)), lstm.zero_state(params, 1))
    return World(dict(f=gates.f.item(), k=gates.f.item(), b=b, n=n), {})


def one_step(page, seed):
    """An LSTM's run of one step, with something from beyond."""
    dh, c, h = np.random.default_rng(seed).normal(size=(3, H, B))
    send = dh[None], lstm.State(c, h)
    return model_world(page, 0, lstm, given=case(lstm, 1, B, D, H, seed), send=send)


def within(page, seed):
    """What W does to what it reads, v, and Wᵀ to what comes back, with nothing beside it."""
    params, x, state = case(lstm, 1, B, D, H, seed)
    params, x = lstm.Params(params.W, 0 * params.b), 0 * x
    gates = lstm.forward(params, x, state).gates
    a = [np.log(gate[0]) - np.log(1 - gate[0]) for gate in gates[:3]] + [np.arctanh(gates.g[0])]
    dh = np.random.default_rng(seed).normal(size=(1, H, B))
    run = lstm.forward(params, x, state)
    sent, back = Sent(lstm, params, run, dh, None), lstm.backward(params, run, dh)
    values = dict(a=np.concatenate(a), v=np.concatenate([x[0], state.h]), W=params.W)
    values |= dict(x=steps_of(x, 1), h=steps_of(run.states.h))
    values |= dict(δa=sent.da(1), δv=np.concatenate([back.x[0], back.states.h[0]]))
    free = {"j": [Entry(j) for j in range(D + H)], "k": [Entry(k) for k in range(4 * H)]}
    return World(values, free | {"t": [1]})


def relative(page, seed, cell):
    """A run of one of the cell's relatives."""
    params, x, state = case(cell, T, B, D, H, seed)
    trace = cell.forward(params, x, state)
    values = {name: steps_of(gate, 1) for name, gate in trace.gates._asdict().items()}
    values |= {name: steps_of(state) for name, state in trace.states._asdict().items()}
    return World(values | dict(x=steps_of(x, 1)), {"t": range(1, T + 1)})


def peepholes(page, seed):
    """What an LSTM's gates see of its cell state."""
    params, x, state = case(relatives.peephole, T, 1, D, H, seed)
    gates, (c, h) = relatives.peephole.forward(params, x, state)[1:3]
    a = np.split(params.W @ np.concatenate([x, h[:-1]], axis=1) + params.b, 4, axis=1)
    values = {f"a_{gate}": steps_of(part, 1) for gate, part in zip("ifo", a, strict=False)}
    values |= {gate: steps_of(getattr(gates, gate), 1) for gate in "ifo"} | dict(c=steps_of(c))
    values |= dict(zip(("p_i", "p_f", "p_o"), np.split(params.p, 3), strict=True))
    return World(values, {"t": range(1, T + 1)})


def z_keeps(page, seed):
    """A GRU beside one whose rows of z have the other sign, and that z."""
    params, x, state = case(gru, T, B, D, H, seed)
    sign = np.repeat([1, -1, 1], H)[:, None]
    turned = gru.Params(sign * params.W, sign * params.b)
    trace = gru.forward(params, x, state)
    h = trace.states.h
    z = np.array([gru.step(turned, x[t], gru.State(h[t]))[0].z for t in range(T)])
    values = dict(h=steps_of(h), n=steps_of(trace.gates.n, 1), z=steps_of(z, 1))
    return World(values, {"t": range(1, T + 1)}, word="keeps")


def writes(page, seed):
    """The GRU, where two conventions are told apart."""
    world = model_world(page, seed, gru)
    world.word = "writes"
    return world


def nudged(page, seed):
    """The loss of an LSTM as a function of one entry of W."""
    params, x, state = case(lstm, T, B, D, H, seed)
    dh = np.random.default_rng(seed).normal(size=(T, H, B))
    place = ((2, 4), (7, 1), (9, 0))[seed]

    def loss(entry):
        W = params.W.copy()
        W[place] = entry
        run = lstm.forward(lstm.Params(W, params.b), x, state)
        return (run.states.h[1:] * dh).sum()

    dW = lstm.backward(params, lstm.forward(params, x, state), dh).params.W
    values = dict(W=params.W, L=Called(loss(params.W[place]), loss), δW=dW, ε=1e-4)
    return World(values, {"j": [Entry(place[0])], "k": [Entry(place[1])]}, tight=True)


def growing(page, seed, w=None, b_o=1.0):
    """A unit that forgets nothing, near zero, with a candidate that sees h alone."""
    w = w or (0.5, -0.5, 1.5)[seed]
    params = lstm.Params(np.array([[0, 0], [0, 0], [0, 0], [0, w]]), column(3.0, 0, b_o, 0))
    i, o = sigmoid(3.0), sigmoid(b_o)
    start = lstm.State(np.array([[1e-7]]), o * np.array([[1e-7]]))
    gates, (c, h) = lstm.forward(params, np.zeros((T, 1, 1)), start, {"f": 1.0})[1:3]
    values = dict(w=w, i=i, o=o, c=steps_of(c), h=steps_of(h), g=steps_of(gates.g, 1))
    return World(values, {"t": range(1, T + 1)})


def tied(page, seed):
    """The gates of an LSTM that writes where it forgets: of a relative, and of an LSTM, its rows of i being -f's."""
    params, x, state = case(relatives.coupled, T, B, D, H, seed)
    trace = relatives.coupled.forward(params, x, state)
    W, b = (np.concatenate([-part[:H], part]) for part in params)
    own = lstm.forward(lstm.Params(W, b), x, state)
    c, g = trace.states.c, trace.gates.g
    z = (c[1:] - c[:-1]) / (g - c[:-1])  # the share of the way to the candidate
    values = dict(z=steps_of(z, 1), i=steps_of(own.gates.i, 1), f=steps_of(trace.gates.f, 1))
    return World(values, {"t": range(1, T + 1)})


def up_and_down(page, seed):
    """A coupled unit from 0 whose candidate is 1 for n steps, then -1 for n steps: where it ends."""
    n, z = ((3, 0.5), (5, 0.2), (1, 0.7))[seed]
    params, x = lstm.Params(np.zeros((4, 2)), np.zeros((4, 1))), np.zeros((2 * n, 1, 1))
    hold = dict(i=z, f=1 - z, o=1.0, g=np.repeat([1.0, -1.0], n)[:, None, None])
    c = lstm.forward(params, x, hold=hold).states.c
    return World({"z": z, "k": n, "c_2k": c[2 * n].item()}, {})


def leaking(page, seed):
    """A GRU of one unit whose reset gate is held open, near 0, and how its state moves."""
    w, z, alpha = ((0.7, 0.3, 0.4), (-0.5, 0.8, 1.2), (1.3, 0.5, 0.1))[seed]
    params = gru.Params(np.array([[0, 0], [0, 0], [alpha, w]]), np.zeros((3, 1)))
    x, start = np.full((T, 1, 1), 1e-6), gru.State(np.array([[2e-6]]))
    gates, (h,) = gru.forward(params, x, start, {"r": 1.0, "z": z})[1:3]
    values = dict(w=w, z=steps_of(gates.z, 1), α=alpha, v=1e-6, h=steps_of(h))
    return World(values, {"t": range(1, T + 1)}, tight=True)


def summing(page, seed):
    """The unit by hand that adds up thousandths and writes everything, with a mark here and there."""
    W = np.array([[0, -20, 0], [0, 0, 0], [0.001, 0, 1]])
    params = gru.Params(W, column(10, 40, 0))
    v = 1.7
    x = np.stack([np.full((T, 1), v), np.arange(T)[:, None] % 2], axis=1)
    gates, (h,) = gru.forward(params, x, gru.State(np.array([[0.3]])))[1:3]
    values = dict(h=steps_of(h), r=steps_of(gates.r, 1), z=steps_of(gates.z, 1), v=v)
    return World(values, {"t": range(1, T + 1)})


def minimal(page, seed):
    """The minimal gated unit: r and z are one gate, and s is what its candidate sees of the state."""
    params, x, start = case(relatives.mgu, T, B, D, H, seed)
    trace = relatives.mgu.forward(params, x, start)
    dh = np.random.default_rng(seed).normal(size=(T, H, B))
    owed, (z, n) = relatives.mgu.backward(params, trace, dh).states.h, trace.gates
    da_z = np.empty_like(z)
    for t in range(T):
        for column in range(B):
            one = slice(column, column + 1)
            before = gru.State(trace.states.h[t][:, one])
            run = relatives.mgu.forward(params, x[t : t + 1, :, one], before)
            back = relatives.mgu.backward(params, run, owed[t + 1 : t + 2, :, one])
            da_z[t, :, one] = back.params.b[:H]
    seen = params.W[H:, D:].T @ (owed[1:] * z * (1 - n**2))
    values = dict(r=steps_of(z, 1), z=steps_of(z, 1), n=steps_of(n, 1), h=steps_of(trace.states.h))
    values |= {"δh": steps_of(owed), "δs": steps_of(seen, 1), "δa_z": steps_of(da_z, 1)}
    return World(values | {"s": steps_of(z * trace.states.h[:-1], 1)}, {"t": range(1, T + 1)})


def resting(page, seed):
    """A GRU of one unit, without input, at rest."""
    w, b_r, b_z = ((1.5, 3.0, 3.0), (0.4, -1.0, 0.5), (-2.0, 0.3, 2.0))[seed]
    params = gru.Params(np.array([[0.3, 0.9], [0.2, -0.8], [1, w]]), column(b_r, b_z, 0))
    given = params, np.zeros((T, 1, 1)), gru.State(np.zeros((1, 1)))
    world = model_world(page, 0, gru, given=given)
    world.values |= dict(w=w, r=sigmoid(b_r), z=sigmoid(b_z))
    return world


def blank(page, seed):
    """A GRU in which all is 0 but the update bias."""
    b_z = (-2.0, 0.7, 1.5)[seed]
    params = gru.Params(np.zeros((3, 2)), np.array([[0], [b_z], [0]]))
    given = params, np.zeros((T, 1, 1)), gru.State(np.ones((1, 1)))
    return model_world(page, 0, gru, given=given)


def counts(page, seed):
    """Sizes: the numbers of parameters are what `init_params` makes of them."""
    D, H = ((3, 5), (32, 64), (7, 2))[seed]

    def size(cell):
        return sum(part.size for part in cell.init_params(np.random.default_rng(0), D, H))

    assert size(gru) == 3 * H * (D + H) + 3 * H and size(lstm) == 4 * H * (D + H) + 4 * H
    return World({"D": D, "H": H}, {})


def reset(page, seed, word):
    """A GRU whose reset acts before the candidate's product, or after it."""
    cell = {"before": gru, "after": relatives.reset_after}[word]
    params, x, state = case(cell, T, B, D, H, seed)
    W, b = params
    trace = cell.forward(params, x, state)
    values = dict(n=steps_of(trace.gates.n, 1), x=steps_of(x, 1))
    values |= dict(h=steps_of(trace.states.h), r=steps_of(trace.gates.r, 1))
    values |= dict(W_nx=W[2 * H :, :D], W_nh=W[2 * H :, D:], b_n=b[2 * H : 3 * H])
    values |= {"b'": b[3 * H :]} if word == "after" else {}
    return World(values, {"t": range(1, T + 1)}, word=word)


def kept(page, seed):
    """The share of its state that a cell keeps in a step by its bias, and what is left after n steps."""
    b_f, n = ((1.0, 7), (0.3, 4), (3.0, 5))[seed]
    params = lstm.init_params(np.random.default_rng(0), 1, 1, b_f)
    gates, _ = lstm.step(params, np.zeros((1, 1)), lstm.zero_state(params, 1))
    k = gates.f.item()
    run = unit_lstm({"f": k, "i": 0.0}, T=n).states.c
    values = dict(k=k, n=n, b_f=b_f, b_z=-b_f, expected=run[n] / run[0])
    return World(values, {})


def noise(page, seed, word):
    """What a unit with gates that stand still carries of candidates that vary: by its answer to each."""
    f, i, s = ((0.7, 0.4, 0.5), (0.5, 0.3, 2.0), (0.8, 0.6, 1.0))[seed]
    n = 200
    g = np.random.default_rng(seed).normal(size=(n, 1, 1))
    cell, i = (lstm, i) if word == "free" else (relatives.coupled, 1 - f)
    hold = dict(f=f) | (dict(i=i) if word == "free" else {})
    pulse = (np.arange(n) == 0).astype(float)[:, None, None]
    weights = unit_lstm(hold | {"g": pulse}, c=0.0, T=n, cell=cell).states.c[1:]
    carried = unit_lstm(hold | {"g": g}, c=0.0, T=n, cell=cell).states.c
    variance = s**2 * (weights**2).sum()

    def of(number):
        if number not in carried:
            raise Untrue("the variance of what is carried is known, of nothing else")
        return variance

    values = dict(f=f, i=i, s=s, c=steps_of(carried), g=steps_of(g, 1), Var=of)
    return World(values, {"t": (1, 2, 5, 9)}, word=word)


def example(page, cell, W, b, x, start, t, **options):
    """A worked example: the run of small numbers that a section computes by hand."""
    W, b = np.array(W, float), np.array(b, float)[:, None]
    given = cell.Params(W, b), np.array(x, float).reshape(len(x), -1, 1), start
    world = model_world(page, 0, cell, given=given, pool=[], now=t, **options)
    for value in list(world.values.values()):
        steps = range(value.first, value.last + 1) if isinstance(value, Steps) else ()
        for part in [value[step] for step in steps] or [value]:
            if not callable(part) and not isinstance(part, str):
                world.remember(part)
    for step in range(1, len(x) + 1):  # each weight's share
        world.remember(W * world.values["[x; h]"][step].T)
    world.pool = sorted({*world.pool, *(abs(1 - p) for p in world.pool)})
    return world


def column(*numbers):
    return np.array(numbers, float)[:, None]


RNN_BY_HAND = [[0.3, 0.6, -0.9], [-0.4, 0.9, 0.6]], [0.2, 0.1], [2, 0]


def paper_rnn(page, seed):
    return example(page, rnn, *RNN_BY_HAND, rnn.State(column(0, 0)), 2)


def paper_rnn_back(page, seed):
    """Its way back: the second unit should have been 0.2, and then 0.6."""
    W, b, x = (np.array(part, float) for part in RNN_BY_HAND)
    params = rnn.Params(W, b[:, None])
    run = rnn.forward(params, x[:, None, None], rnn.State(column(0, 0)))
    wanted, u = np.array([0.2, 0.6]), np.zeros((2, 2, 1))
    u[:, 1, 0] = run.states.h[1:, 1, 0] - wanted
    squares = run.states.h**2
    da = rnn.backward(params, run, u).states.h[1:] * (1 - squares[1:])
    told = dict(L=(u**2).sum() / 2, wanted=wanted, squares=squares, da=da, u=steps_of(u, 1))
    return example(page, rnn, W, b, x, rnn.State(column(0, 0)), 2, send=(u, None), extra=told)


def paper_lstm(page, seed, t):
    """A unit that is told who is named and who is the subject: name v and mark m, step by step."""
    W = [[0, 4, 0], [0, -4, 0], [0, -2, 0], [1, 0, 0.5]]
    x, start = np.array([[1, 1], [-1, 0], [-1, 1]]), lstm.State(column(0), column(0))
    told = dict(v=steps_of(x[:, :1, None], 1), m=steps_of(x[:, 1:, None], 1))
    return example(page, lstm, W, [-1.5, 2, 1, 0], x, start, t, extra=told)


def paper_back(page, seed, t=2, other=False):
    """Two steps whose loss looks at the last; or those of a random unit, of which what is in symbols holds as well."""
    params, x, start, y = (*case(lstm, 2, 1, 1, 1, seed), 0.37) if other else two_steps()
    run = lstm.forward(params, x, start)
    u = run.states.h[1:] - y
    u[0] = 0
    told = dict(L=(u**2).sum() / 2, y=y, u=steps_of(u, 1), slopes=lstm.slopes(run))
    told = dict(send=(u, None), extra=told)
    if other:
        return model_world(page, 0, lstm, given=(params, x, start), now=t, said={}, **told)
    return example(page, lstm, params.W, params.b.ravel(), x.ravel(), start, t, **told)


def three_rules(page, seed, part):
    """Two numbers, and their sum or their product."""
    p, q = np.random.default_rng(seed).normal(size=2)
    return World(dict(p=p, q=q, s=p + q if part == "sum" else p * q), {})


def paper_gru(page, seed):
    """A number beside a mark, and the state that they meet."""
    W = [[0.2, -2.2, 0.6], [0.3, 2.2, -0.4], [1.8, 0.2, 1.4]]
    start = gru.State(column(0.7))
    b, v, m = [0.9, -0.7, -0.4], -0.8, 1
    world = example(page, gru, W, b, np.array([[v, m]]), start, 1)
    world.remember(W[2][0] * v + W[2][1] * m + b[2])  # what the candidate gets besides the state
    world.pool = sorted(world.pool)
    return world


RUNS = {
    "rnn": partial(model_world, cell=rnn),
    "rnn, entries": partial(model_world, cell=rnn, sizes=(T, D, H, 1)),
    "lstm": partial(model_world, cell=lstm),
    "lstm, one sequence": partial(model_world, cell=lstm, sizes=(T, D, H, 1)),
    "lstm, one unit": partial(model_world, cell=lstm, sizes=(T, 1, 1, 1)),
    "gru": partial(model_world, cell=gru, end=True),
    "gru, held": partial(model_world, cell=gru, sizes=(T, D, H, 1), held=True),
}
WORLDS = RUNS | {
    "rnn, one sequence": one_sequence,
    "rnn, one unit": unit_rnn,
    "rnn, at rest": at_rest,
    "rnn, by hand": paper_rnn,
    "rnn, back by hand": paper_rnn_back,
    "answer": answer,
    "two answers": two_answers,
    "clipping": clipping,
    "squashed": squashed,
    "lstm, by hand, step 1": partial(paper_lstm, t=1),
    "lstm, by hand, step 2": partial(paper_lstm, t=2),
    "lstm, by hand, step 3": partial(paper_lstm, t=3),
    "only adds": only_adds,
    "candidate": candidate,
    "coupled gates": coupled_gates,
    "coupled gates, back": coupled_back,
    "half-life": half_life,
    "half-life, reached": partial(half_life, reached=True),
    "chrono": chrono,
    "adder": adder,
    "nine tenths": partial(nearly_all, share=0.9, n=1000),
    "lstm of 1997": partial(relative, cell=relatives.lstm1997),
    "lstm, coupled": partial(relative, cell=relatives.coupled),
    "peephole": peepholes,
    "tied": tied,
    "lstm, back by hand": paper_back,
    "lstm, back by hand, step 1": partial(paper_back, t=1),
    "lstm, back by another hand": partial(paper_back, other=True),
    "a sum": partial(three_rules, part="sum"),
    "a product": partial(three_rules, part="product"),
    "lstm, one step": one_step,
    "within": within,
    "nudged": nudged,
    "growing": growing,
    "shrinking": partial(growing, w=-0.5, b_o=3.0),
    "up and down": up_and_down,
    "leaking": leaking,
    "summing": summing,
    "gru, at rest": resting,
    "minimal gated unit": minimal,
    "gru, by hand": paper_gru,
    "gru, blank": blank,
    "counts": counts,
    "writes": writes,
    "keeps": z_keeps,
    "before": partial(reset, word="before"),
    "after": partial(reset, word="after"),
    "kept": kept,
    "free": partial(noise, word="free"),
    "coupled": partial(noise, word="coupled"),
    "a half": partial(nearly_all, share=0.5, n=32),
    "1875 sequences": lambda page, seed: World({"N": 1875}, {}),
}
