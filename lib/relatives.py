"""The cells' relatives: eleven variants under the same contract, as namespaces that serve as cells.

    reset_after   the GRU whose reset acts after the product, as PyTorch and cuDNN compute it:
                  n = tanh(W_nx x_t + b_n + r ⊙ (W_nh h_{t-1} + b_inside)); W (3H, D+H), rows
                  r, z, n; b (4H, 1), rows r, z, n, inside. Source: PyTorch's nn.GRU
    mgu           a GRU whose one gate does both jobs, the minimal gated unit:
                  n = tanh(W_n [x_t; z ⊙ h_{t-1}] + b_n), h_t = (1 - z) ⊙ h_{t-1} + z ⊙ n;
                  W (2H, D+H), rows z, n. Source: Zhou et al. 2016
    coupled       an LSTM that writes where it forgets, i = 1 - f: c_t = f ⊙ c_{t-1} + (1 - f) ⊙ g;
                  W (3H, D+H), rows f, o, g. Source: Greff et al. 2017
    peephole      an LSTM whose gates also see the cell state: p_i ⊙ c_{t-1} in a_i, p_f ⊙ c_{t-1}
                  in a_f, p_o ⊙ c_t in a_o; p (3H, 1), rows i, f, o. Source: Gers & Schmidhuber 2000
    lstm1997      the first LSTM, no forget gate: c_t = c_{t-1} + i ⊙ g; W (3H, D+H), rows i, o, g.
                  Source: Hochreiter & Schmidhuber 1997
    relu_rnn      an RNN with h_t = max(0, W [x_t; h_{t-1}] + b), W_h started at the identity;
                  W (H, D+H). Source: Le et al. 2015
    mingru        a GRU that decides by x_t alone: z = σ(W_z x_t + b_z), v = W_v x_t + b_v, no tanh,
                  h_t = (1 - z) ⊙ h_{t-1} + z ⊙ v; W (2H, D), rows z, v. Source: Feng et al. 2024
    minlstm       an LSTM that decides by x_t alone, its two gates made to sum to 1:
                  f, i = σ(a_f) / (σ(a_f) + σ(a_i)), σ(a_i) / (σ(a_f) + σ(a_i)), v = a_v,
                  h_t = f ⊙ h_{t-1} + i ⊙ v; W (3H, D), rows i, f, v. Source: Feng et al. 2024

    free_minlstm  minlstm with f and i as they are, σ(a_f) and σ(a_i); W (3H, D), rows i, f, v.
                  Source: Feng et al. 2024, before their gates are normalized
    signed_mingru a minGRU that keeps between -1 and 1 of its state: h_t = (1 - 2z) ⊙ h_{t-1} + z ⊙ v;
                  W (2H, D), rows z, v. Source: Grazzi et al. 2025
    two_mingru    two layers of minGRU, the second reading the first one's state, `below`;
                  W_below (2H, D), W (2H, H), rows z, v. Source: Feng et al. 2024

In the last five, after Feng et al. 2024 and Grazzi et al. 2025, nothing that is decided has seen its
layer's own state: all there is of ∂h_T/∂h_0, layer by layer, is the additive road. Shapes of x_t, h
and c, and errors, are the cells' own: see `lib.lstm`, `lib.gru`, `lib.rnn`. Each says only what is
its own: `decide` makes a step's gates and state, `undo` takes the gradient back through that step.
The loop around them is written once, in `relative`, and asks for no speed.
"""

from functools import wraps
from typing import NamedTuple

import numpy as np

from lib import checks, gru, initial, lstm, rnn
from lib.activations import sigmoid, sigmoid_slope, tanh_slope

__all__ = ["reset_after", "mgu", "coupled", "peephole", "lstm1997", "relu_rnn", "mingru", "minlstm"]
__all__ += ["free_minlstm", "signed_mingru", "two_mingru"]


class Cell:
    """A namespace that serves as a cell; like a module, it is pickled and copied by its name."""

    def __init__(self, **parts):
        self.__dict__.update(parts)

    def __reduce__(self):
        return self.__name__.rpartition(".")[2]

    def __repr__(self):
        return f"<cell {self.__name__!r}>"


class Trace(NamedTuple):
    """A whole run, as in the cells' own files; each relative has its own kind of it."""

    x: np.ndarray  # (T, D, B)
    gates: tuple | None  # (T, H, B) each
    states: tuple  # (T+1, H, B) each
    held: dict


class Grads(NamedTuple):
    """The loss's gradient: by the parameters, by the inputs, and by every state."""

    params: tuple
    x: np.ndarray  # (T, D, B)
    states: tuple  # (T+1, H, B) each


def relative(name, sizes, start, decide, undo, State, Gates=None, Params=None):
    """A cell from its own parts: init_params, zero_state, step, forward, backward and the records.

    Its State is that of the cell it comes from, its Trace and its Params are its own.
    """
    Params = Params or named(f"{name}.Params", rnn.Params)
    OwnTrace = named(f"{name}.Trace", Trace)

    @wraps(start)
    def init_params(*args, **options):
        return Params(*start(*args, **options))

    def sized(params):
        parts, D, H = sizes(params)
        checks.record("params", params, Params._fields, Params)
        return Params(*parts), D, H

    def checked_hold(hold, shape, dtype):
        if Gates is None:
            rnn.no_gates(hold)
        return checks.holds(hold, Gates._fields if Gates else (), shape, dtype)

    def zero_state(params, batch):
        """State of zeros for `batch` sequences."""
        params, _, H = sized(params)
        size = (H, checks.size("batch", batch))
        return checks.state("state", None, State, size, params[0].dtype)

    def step(params, x_t, state, hold=None):
        """One step: x_t (D, B) and the state before it -> (Gates, the state after it)."""
        params, D, H = sized(params)
        x_t = checks.shaped("x_t", x_t, (D, "B"), params[0].dtype)
        size = (H, x_t.shape[1])
        state = checks.state("state", state, State, size, x_t.dtype)
        return decide(params, x_t, state, checked_hold(hold, size, x_t.dtype))

    def forward(params, x, state=None, hold=None):
        """A whole run over x (T, D, B), from `state` or from zeros -> Trace."""
        params, D, H = sized(params)
        x = checks.shaped("x", x, ("T", D, "B"), params[0].dtype)
        T, _, B = x.shape
        x = x.copy()  # the run's own, whatever becomes of the caller's
        held = checked_hold(hold, (T, H, B), x.dtype)
        states = State(*np.empty((len(State._fields), T + 1, H, B), x.dtype))
        gates = Gates and Gates(*np.empty((len(Gates._fields), T, H, B), x.dtype))
        now = checks.state("state", state, State, (H, B), x.dtype)
        put(states, 0, now)
        for t in range(T):
            decided, now = decide(params, x[t], now, checks.held_at(held, t))
            put(states, t + 1, now)
            put(gates or (), t, decided or ())
        return OwnTrace(x, gates, states, held)

    def backward(params, trace, dh, dstate=None):
        """Gradients of a loss whose own slope at every h_t is dh (T, H, B) -> Grads.

        params are those of `forward`, unchanged. Errors as in the cells' own files.
        """
        params, D, H = sized(params)
        T, B = checks.run(trace, OwnTrace, D, H, params[0].dtype)
        dtype = params[0].dtype
        dh = checks.shaped("dh", dh, (T, H, B), dtype)
        dstate = checks.state("dstate", dstate, State, (H, B), dtype)
        d = State(*np.zeros((len(State._fields), T + 1, H, B), dtype))
        d.h[1:] = dh
        for total, beyond in zip(d, dstate, strict=True):
            total[T] += beyond
        dparams = Params(*(np.zeros_like(part) for part in params))
        dx = np.empty_like(trace.x)
        for t in reversed(range(T)):
            before, after = take(State, trace.states, t), take(State, trace.states, t + 1)
            gates = Gates and take(Gates, trace.gates, t)
            slope = slopes(gates, checks.held_at(trace.held, t))
            owed = take(State, d, t + 1)
            own, dx[t], back = undo(params, trace.x[t], before, gates, after, owed, slope)
            for total, part in zip((*dparams, *take(State, d, t)), (*own, *back), strict=True):
                total += part
        return Grads(dparams, dx, d)

    parts = dict(Params=Params, State=State, Gates=Gates, Trace=OwnTrace, Grads=Grads)
    parts |= dict(init_params=init_params, zero_state=zero_state, step=step)
    parts |= dict(forward=forward, backward=backward)
    for what in ("init_params", "zero_state", "step", "forward", "backward"):
        parts[what].__name__, parts[what].__qualname__ = what, f"{name}.{what}"
    return Cell(__name__=f"{__name__}.{name}", **parts)


def named(name, kind):
    """A record of its own, with the fields of `kind`, that is found in this file by `name`."""
    about = {"__slots__": (), "__module__": __name__, "__qualname__": name, "__doc__": kind.__doc__}
    return type(kind.__name__, (kind,), about)


SQUASHED = {  # a candidate's function and its slope by the output; a gate's are σ and its slope
    "g": (np.tanh, tanh_slope),
    "n": (np.tanh, tanh_slope),
    "v": (np.copy, np.ones_like),
    "v_below": (np.copy, np.ones_like),
}


def put(runs, t, parts):
    """Write each part at step t of its run."""
    for run, part in zip(runs, parts, strict=True):
        run[t] = part


def take(kind, runs, t):
    """A record of every run's part at step t, as views."""
    return kind(*(run[t] for run in runs))


def slopes(gates, held):
    """Each gate's slope by its pre-activation; candidates g, n are tanh, v is linear; 0 where held."""
    if gates is None:
        return None
    each = {
        name: SQUASHED.get(name, (sigmoid, sigmoid_slope))[1](gate)
        for name, gate in gates._asdict().items()
    }
    for name, (_, where) in held.items():
        each[name][where] = 0
    return type(gates)(**each)


def squashed(kind, a, held):
    """A record of gates from pre-activations a (k·H, B), held entries put in."""
    rows = a.reshape(len(kind._fields), -1, a.shape[-1])
    parts = {
        name: SQUASHED.get(name, (sigmoid, sigmoid_slope))[0](row)
        for name, row in zip(kind._fields, rows, strict=True)
    }
    checks.put_held(held, **parts)
    return kind(**parts)


def stack(*rows):
    """Rows of da, one for each gate, as (k·H, B)."""
    return np.concatenate(rows)


def through(W, b, da, x_t, h_prev):
    """Back through a = W [x_t; h_{t-1}] + b -> ((dW, db), dx_t, dh_{t-1})."""
    xh = np.concatenate([x_t, h_prev])
    dxh = W.T @ da
    return (da @ xh.T, da.sum(axis=1, keepdims=True)), dxh[: len(x_t)], dxh[len(x_t) :]


def biased(W, hidden_size, name, value):
    """First Params of W: all biases 0 but the first block's, which are the gate's."""
    b = np.zeros((len(W), 1), W.dtype)
    b[:hidden_size] = initial.bias(name, value, hidden_size, W.dtype)
    return rnn.Params(W, b)


def plain_sizes(blocks):
    """The check of a cell whose parameters are W (blocks·H, D+H) and b (blocks·H, 1)."""

    def sizes(params):
        W, b, D, H = checks.weights(params, blocks)
        return rnn.Params(W, b), D, H

    return sizes


# --- The GRU whose reset acts after the product


def reset_after_sizes(params):
    """W is (3H, D+H), rows r, z, n; b is (4H, 1): r, z, n, and the bias inside the reset."""
    W, b = checks.record("params", params, ("W", "b"))
    W = checks.shaped("params.W", W, ("rows", "columns"))
    W, _, D, H = checks.weights((W, W[:, :1]), 3)  # b has rows of its own
    return rnn.Params(W, checks.shaped("params.b", b, (4 * H, 1), W.dtype)), D, H


def reset_after_init(
    rng, input_size, hidden_size, update_bias=0.0, recurrent="uniform", dtype=float, inputs=None
):
    """First Params; all biases 0 but the update gate's."""
    W, b = gru.init_params(rng, input_size, hidden_size, update_bias, recurrent, dtype, inputs)
    return rnn.Params(W, np.concatenate([b, np.zeros((hidden_size, 1), dtype)]))


def reset_after_decide(params, x_t, state, held):
    """n = tanh(W_nx x_t + b_n + r ⊙ (W_nh h_{t-1} + b_inside)); the rest is the GRU's."""
    W, b = params
    (h,) = state
    D, H = len(x_t), len(h)
    a = W[:, :D] @ x_t + b[: 3 * H]
    inside = W[2 * H :, D:] @ h + b[3 * H :]
    a[: 2 * H] += W[: 2 * H, D:] @ h
    r = sigmoid(a[:H])
    checks.put_held(held, r=r)
    a[2 * H :] += r * inside
    gates = squashed(gru.Gates, a, held)
    return gates, gru.State((1 - gates.z) * h + gates.z * gates.n)


def reset_after_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    W, b = params
    r, z, n = gates
    D, H = len(x_t), len(r)
    (h,) = before
    inside = W[2 * H :, D:] @ h + b[3 * H :]
    da_n = d.h * z * slope.n
    d_inside = da_n * r
    da = stack(da_n * inside * slope.r, d.h * (n - h) * slope.z, da_n)
    seen = stack(da[: 2 * H], d_inside)  # what the recurrent products carry back
    dW = np.concatenate([da @ x_t.T, seen @ h.T], axis=1)
    db = stack(da, d_inside).sum(axis=1, keepdims=True)
    dh = d.h * (1 - z) + W[:, D:].T @ seen
    return (dW, db), W[:, :D].T @ da, gru.State(dh)


reset_after = relative(
    "reset_after",
    reset_after_sizes,
    reset_after_init,
    reset_after_decide,
    reset_after_undo,
    gru.State,
    gru.Gates,
)


# --- The GRU with one gate for both jobs


class MGUGates(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace."""

    z: np.ndarray  # how much is written, and how much of the state the candidate sees
    n: np.ndarray


def mgu_init(
    rng, input_size, hidden_size, update_bias=0.0, recurrent="uniform", dtype=float, inputs=None
):
    """First Params, W (2H, D+H), rows z, n."""
    W = initial.weights(rng, 2, input_size, hidden_size, recurrent, dtype, inputs)
    return biased(W, hidden_size, "update_bias", update_bias)


def mgu_decide(params, x_t, state, held):
    """z = σ(W_z [x_t; h_{t-1}] + b_z); the rest is the GRU's, with z in the place of r."""
    W, b = params
    (h,) = state
    H = len(h)
    a_z = W[:H] @ np.concatenate([x_t, h]) + b[:H]
    z = sigmoid(a_z)
    checks.put_held(held, z=z)
    a_n = W[H:] @ np.concatenate([x_t, z * h]) + b[H:]
    gates = squashed(MGUGates, stack(a_z, a_n), held)
    return gates, gru.State((1 - gates.z) * h + gates.z * gates.n)


def mgu_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    W, b = params
    z, n = gates
    (h,) = before
    H = len(h)
    (dW_n, db_n), dx_n, d_seen = through(W[H:], b[H:], d.h * z * slope.n, x_t, z * h)
    da_z = (d.h * (n - h) + d_seen * h) * slope.z  # it writes, and it shows
    (dW_z, db_z), dx_z, dh = through(W[:H], b[:H], da_z, x_t, h)
    own = np.concatenate([dW_z, dW_n]), np.concatenate([db_z, db_n])
    return own, dx_z + dx_n, gru.State(d.h * (1 - z) + d_seen * z + dh)


mgu = relative("mgu", plain_sizes(2), mgu_init, mgu_decide, mgu_undo, gru.State, MGUGates)


# --- The LSTM that writes where it forgets


class CoupledGates(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace; i is 1 - f."""

    f: np.ndarray
    o: np.ndarray
    g: np.ndarray


def coupled_init(
    rng, input_size, hidden_size, forget_bias=1.0, recurrent="uniform", dtype=float, inputs=None
):
    """First Params, W (3H, D+H), rows f, o, g."""
    W = initial.weights(rng, 3, input_size, hidden_size, recurrent, dtype, inputs)
    return biased(W, hidden_size, "forget_bias", forget_bias)


def coupled_decide(params, x_t, state, held):
    """c_t = f ⊙ c_{t-1} + (1 - f) ⊙ g,  h_t = o ⊙ tanh(c_t)."""
    W, b = params
    a = W @ np.concatenate([x_t, state.h]) + b
    f, o, g = gates = squashed(CoupledGates, a, held)
    c = f * state.c + (1 - f) * g
    return gates, lstm.State(c, o * np.tanh(c))


def coupled_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    f, o, g = gates
    tanh_c = np.tanh(after.c)
    d.c[:] += d.h * o * tanh_slope(tanh_c)
    da_f = d.c * (before.c - g) * slope.f
    da = stack(da_f, d.h * tanh_c * slope.o, d.c * (1 - f) * slope.g)
    own, dx, dh = through(*params, da, x_t, before.h)
    return own, dx, lstm.State(d.c * f, dh)


coupled = relative(
    "coupled",
    plain_sizes(3),
    coupled_init,
    coupled_decide,
    coupled_undo,
    lstm.State,
    CoupledGates,
)


# --- The LSTM whose gates see the cell state


class PeepholeParams(NamedTuple):
    """What is learned; a peephole is one weight a unit, not a matrix."""

    W: np.ndarray  # (4H, D+H), rows in order i, f, o, g
    b: np.ndarray  # (4H, 1)
    p: np.ndarray  # (3H, 1): i and f see c_{t-1}, o sees c_t


def peephole_sizes(params):
    """W and b as the LSTM's, p (3H, 1)."""
    W, b, p = checks.record("params", params, PeepholeParams._fields)
    W, b, D, H = checks.weights((W, b), 4)
    return PeepholeParams(W, b, checks.shaped("params.p", p, (3 * H, 1), W.dtype)), D, H


def peephole_init(
    rng, input_size, hidden_size, forget_bias=1.0, recurrent="uniform", dtype=float, inputs=None
):
    """First Params; the peepholes start closed, at 0."""
    W, b = lstm.init_params(
        rng, input_size, hidden_size, forget_bias, 0.0, recurrent, dtype, inputs
    )
    return PeepholeParams(W, b, np.zeros((3 * hidden_size, 1), dtype))


def peephole_decide(params, x_t, state, held):
    """The LSTM's step, with p_i ⊙ c_{t-1} in a_i, p_f ⊙ c_{t-1} in a_f and p_o ⊙ c_t in a_o."""
    W, b, p = params
    a_i, a_f, a_o, a_g = (W @ np.concatenate([x_t, state.h]) + b).reshape(4, -1, x_t.shape[1])
    p_i, p_f, p_o = p.reshape(3, -1, 1)
    held_f = {name: held[name] for name in held if name != "o"}
    first = stack(a_i + p_i * state.c, a_f + p_f * state.c, a_o, a_g)
    i, f, _, g = squashed(lstm.Gates, first, held_f)
    c = f * state.c + i * g
    o = sigmoid(a_o + p_o * c)
    checks.put_held(held, o=o)
    return lstm.Gates(i, f, o, g), lstm.State(c, o * np.tanh(c))


def peephole_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db, dp), dx_t, the state before)."""
    W, b, p = params
    i, f, o, g = gates
    p_i, p_f, p_o = p.reshape(3, -1, 1)
    tanh_c = np.tanh(after.c)
    da_o = d.h * tanh_c * slope.o
    d.c[:] += d.h * o * tanh_slope(tanh_c) + da_o * p_o  # the output gate looks at c_t
    da_i, da_f, da_g = d.c * g * slope.i, d.c * before.c * slope.f, d.c * i * slope.g
    (dW, db), dx, dh = through(W, b, stack(da_i, da_f, da_o, da_g), x_t, before.h)
    dp = stack(da_i * before.c, da_f * before.c, da_o * after.c).sum(axis=1, keepdims=True)
    return (dW, db, dp), dx, lstm.State(d.c * f + da_i * p_i + da_f * p_f, dh)


peephole = relative(
    "peephole",
    peephole_sizes,
    peephole_init,
    peephole_decide,
    peephole_undo,
    lstm.State,
    lstm.Gates,
    PeepholeParams,
)


# --- The LSTM of 1997


class Gates1997(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace."""

    i: np.ndarray
    o: np.ndarray
    g: np.ndarray


def lstm1997_init(rng, input_size, hidden_size, recurrent="uniform", dtype=float, inputs=None):
    """First Params, W (3H, D+H), rows i, o, g; all biases 0."""
    W = initial.weights(rng, 3, input_size, hidden_size, recurrent, dtype, inputs)
    return rnn.Params(W, np.zeros((len(W), 1), dtype))


def lstm1997_decide(params, x_t, state, held):
    """c_t = c_{t-1} + i ⊙ g,  h_t = o ⊙ tanh(c_t)."""
    W, b = params
    i, o, g = gates = squashed(Gates1997, W @ np.concatenate([x_t, state.h]) + b, held)
    c = state.c + i * g
    return gates, lstm.State(c, o * np.tanh(c))


def lstm1997_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    i, o, g = gates
    tanh_c = np.tanh(after.c)
    d.c[:] += d.h * o * tanh_slope(tanh_c)
    da = stack(d.c * g * slope.i, d.h * tanh_c * slope.o, d.c * i * slope.g)
    own, dx, dh = through(*params, da, x_t, before.h)
    return own, dx, lstm.State(d.c, dh)  # nothing stands in the way of d.c


lstm1997 = relative(
    "lstm1997",
    plain_sizes(3),
    lstm1997_init,
    lstm1997_decide,
    lstm1997_undo,
    lstm.State,
    Gates1997,
)


# --- The RNN with max(0, a), started at the identity


def relu_rnn_init(rng, input_size, hidden_size, dtype=float):
    """First Params: input weights from the uniform start, W_h = I, b = 0 (Le et al. 2015)."""
    W = initial.weights(rng, 1, input_size, hidden_size, "uniform", dtype)
    W[:, input_size:] = np.eye(hidden_size)
    return rnn.Params(W, np.zeros((hidden_size, 1), dtype))


def relu_rnn_decide(params, x_t, state, held):
    """h_t = max(0, W [x_t; h_{t-1}] + b)."""
    W, b = params
    return None, rnn.State(np.maximum(W @ np.concatenate([x_t, state.h]) + b, 0))


def relu_rnn_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    own, dx, dh = through(*params, d.h * (after.h > 0), x_t, before.h)
    return own, dx, rnn.State(dh)


relu_rnn = relative(
    "relu_rnn", plain_sizes(1), relu_rnn_init, relu_rnn_decide, relu_rnn_undo, rnn.State
)


# --- The GRU and the LSTM that decide by x_t alone


def inputs_alone(blocks):
    """The check of a cell whose parameters are W (blocks·H, D) and b (blocks·H, 1)."""

    def sizes(params):
        W, b = checks.record("params", params, ("W", "b"))
        W = checks.shaped("params.W", W, ("rows", "D"))
        if len(W) % blocks:
            raise ValueError(f"params.W: expected shape ({blocks}H, D), got {W.shape}")
        b = checks.shaped("params.b", b, (len(W), 1), W.dtype)
        return rnn.Params(W, b), W.shape[1], len(W) // blocks

    return sizes


def inputs_back(params, da, x_t, dh):
    """Back through a = W x_t + b -> ((dW, db), dx_t, dh_{t-1}); a sees no h, so dh is handed on."""
    return (da @ x_t.T, da.sum(axis=1, keepdims=True)), params.W.T @ da, rnn.State(dh)


class MinGRUGates(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace."""

    z: np.ndarray  # update gate, in (0, 1); it writes
    v: np.ndarray  # candidate, of any size


def mingru_init(rng, input_size, hidden_size, update_bias=0.0, dtype=float):
    """First Params, W (2H, D) from U(-1/√H, 1/√H), rows z, v; all biases 0 but the update gate's."""
    W = initial.weights(rng, 2, input_size, hidden_size, dtype=dtype)[:, :input_size]
    return biased(W.copy(), hidden_size, "update_bias", update_bias)


def mingru_decide(params, x_t, state, held):
    """h_t = (1 - z) ⊙ h_{t-1} + z ⊙ v."""
    z, v = gates = squashed(MinGRUGates, params.W @ x_t + params.b, held)
    return gates, rnn.State((1 - z) * state.h + z * v)


def mingru_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    z, v = gates
    da = stack(d.h * (v - before.h) * slope.z, d.h * z * slope.v)
    return inputs_back(params, da, x_t, d.h * (1 - z))


mingru = relative(
    "mingru", inputs_alone(2), mingru_init, mingru_decide, mingru_undo, rnn.State, MinGRUGates
)


class MinLSTMGates(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace; free, i and f sum to 1."""

    i: np.ndarray  # input gate, in (0, 1)
    f: np.ndarray  # forget gate, in (0, 1)
    v: np.ndarray  # candidate, of any size


def minlstm_init(rng, input_size, hidden_size, forget_bias=1.0, input_bias=0.0, dtype=float):
    """First Params, W (3H, D) from U(-1/√H, 1/√H), rows i, f, v; the candidate's bias is 0."""
    W = initial.weights(rng, 3, input_size, hidden_size, dtype=dtype)[:, :input_size]
    H, b = hidden_size, np.zeros((len(W), 1), dtype)
    b[:H] = initial.bias("input_bias", input_bias, H, dtype)
    b[H : 2 * H] = initial.bias("forget_bias", forget_bias, H, dtype)
    return rnn.Params(W.copy(), b)


def minlstm_decide(params, x_t, state, held):
    """h_t = f ⊙ h_{t-1} + i ⊙ v."""
    a_i, a_f, a_v = (params.W @ x_t + params.b).reshape(3, -1, x_t.shape[1])
    lead = np.logaddexp(0, -a_i) - np.logaddexp(0, -a_f)  # ln σ(a_f) - ln σ(a_i), of any size
    i, f, v = gates = squashed(MinLSTMGates, stack(-lead, lead, a_v), held)
    return gates, rnn.State(f * state.h + i * v)


def minlstm_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    i, f, v = gates
    H = len(i)
    a_if = params.W[: 2 * H] @ x_t + params.b[: 2 * H]
    d_lead = d.h * (before.h * slope.f - v * slope.i)
    da_if = stack(-d_lead, d_lead) * sigmoid(-a_if)  # d ln σ(a) / da = σ(-a)
    return inputs_back(params, stack(da_if, d.h * i * slope.v), x_t, d.h * f)


minlstm = relative(
    "minlstm", inputs_alone(3), minlstm_init, minlstm_decide, minlstm_undo, rnn.State, MinLSTMGates
)


# --- What the last two leave out, and what may be put back: free gates, a sign, a second layer


def free_minlstm_decide(params, x_t, state, held):
    """h_t = f ⊙ h_{t-1} + i ⊙ v, f and i each for itself."""
    i, f, v = gates = squashed(MinLSTMGates, params.W @ x_t + params.b, held)
    return gates, rnn.State(f * state.h + i * v)


def free_minlstm_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    i, f, v = gates
    da = stack(d.h * v * slope.i, d.h * before.h * slope.f, d.h * i * slope.v)
    return inputs_back(params, da, x_t, d.h * f)


free_minlstm = relative(
    "free_minlstm",
    inputs_alone(3),
    minlstm_init,
    free_minlstm_decide,
    free_minlstm_undo,
    rnn.State,
    MinLSTMGates,
)


def signed_mingru_decide(params, x_t, state, held):
    """h_t = (1 - 2z) ⊙ h_{t-1} + z ⊙ v."""
    z, v = gates = squashed(MinGRUGates, params.W @ x_t + params.b, held)
    return gates, rnn.State((1 - 2 * z) * state.h + z * v)


def signed_mingru_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW, db), dx_t, the state before)."""
    z, v = gates
    da = stack(d.h * (v - 2 * before.h) * slope.z, d.h * z * slope.v)
    return inputs_back(params, da, x_t, d.h * (1 - 2 * z))


signed_mingru = relative(
    "signed_mingru",
    inputs_alone(2),
    mingru_init,
    signed_mingru_decide,
    signed_mingru_undo,
    rnn.State,
    MinGRUGates,
)


class TwoParams(NamedTuple):
    """What is learned, rows z, v in either layer."""

    W_below: np.ndarray  # (2H, D)
    b_below: np.ndarray  # (2H, 1)
    W: np.ndarray  # (2H, H)
    b: np.ndarray  # (2H, 1)


class TwoState(NamedTuple):
    """What is carried: (H, B) each."""

    below: np.ndarray  # the first layer's, which the second reads
    h: np.ndarray


class TwoGates(NamedTuple):
    """What was decided: (H, B) each in a step, (T, H, B) in a trace."""

    z_below: np.ndarray
    v_below: np.ndarray
    z: np.ndarray
    v: np.ndarray


def two_mingru_sizes(params):
    """The first layer is a minGRU of D inputs, the second one of H."""
    W_below, b_below, W, b = checks.record("params", params, TwoParams._fields)
    (W, b), _, H = inputs_alone(2)((W, b))
    W_below = checks.shaped("params.W_below", W_below, (2 * H, "D"), W.dtype)
    W = checks.shaped("params.W", W, (2 * H, H))
    b_below = checks.shaped("params.b_below", b_below, (2 * H, 1), W.dtype)
    return TwoParams(W_below, b_below, W, b), W_below.shape[1], H


def two_mingru_init(rng, input_size, hidden_size, update_bias=0.0, dtype=float):
    """First Params, either layer's as minGRU's own."""
    below = mingru_init(rng, input_size, hidden_size, update_bias, dtype)
    return TwoParams(*below, *mingru_init(rng, hidden_size, hidden_size, update_bias, dtype))


FIRST, SECOND = slice(0, 2), slice(2, 4)  # a layer's part of TwoParams and TwoGates


def held_in(layer, held):
    """What is held in one of the two layers, under minGRU's own names."""
    return {name[0]: held[name] for name in TwoGates._fields[layer] if name in held}


def two_mingru_decide(params, x_t, state, held):
    """A step of the first layer, then one of the second, which reads what the first has become."""
    first, second = rnn.Params(*params[FIRST]), rnn.Params(*params[SECOND])
    lower, (below,) = mingru_decide(first, x_t, rnn.State(state.below), held_in(FIRST, held))
    upper, (h,) = mingru_decide(second, below, state, held_in(SECOND, held))
    return TwoGates(*lower, *upper), TwoState(below, h)


def two_mingru_undo(params, x_t, before, gates, after, d, slope):
    """Back through one step -> ((dW_below, db_below, dW, db), dx_t, the state before)."""

    def undo(layer, x, before, d):
        own, chosen = rnn.Params(*params[layer]), MinGRUGates(*gates[layer])
        return mingru_undo(own, x, before, chosen, after, d, MinGRUGates(*slope[layer]))

    own, dx, (dh,) = undo(SECOND, after.below, before, d)
    d.below[:] += dx  # the second layer has read what the first had become
    own_below, dx, (dbelow,) = undo(FIRST, x_t, rnn.State(before.below), rnn.State(d.below))
    return (*own_below, *own), dx, TwoState(dbelow, dh)


two_mingru = relative(
    "two_mingru",
    two_mingru_sizes,
    two_mingru_init,
    two_mingru_decide,
    two_mingru_undo,
    TwoState,
    TwoGates,
    TwoParams,
)

INPUT_GATED = (mingru, minlstm, free_minlstm, signed_mingru, two_mingru)
ALL = (reset_after, mgu, coupled, peephole, lstm1997, relu_rnn, *INPUT_GATED)
