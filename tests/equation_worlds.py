"""What the symbols of the book's equations are: names from the page of notation, numbers from runs of `lib`.

A world is a run of a cell on random numbers, D ≠ H ≠ B, with states and biases that are not zero; a symbol's value in
it is what the page's column *in code* gives, after the page's own lines. What the page says in words alone ("likewise
…") is in WORDS; what a backward pass does not hand out, δ of a gate or of a pre-activation, comes from `lib` too: from
`backward` over one step, and from `step` with a gate held a little higher and lower.
"""

import re
from functools import cache, partial
from types import SimpleNamespace

import numpy as np
from cases import case
from equation_values import Entry, Steps, Untrue, World, difference
from equations import Unread, leaves, read

from lib import gru, initial, lstm, readout, relatives, rnn, train
from lib.activations import sigmoid, sigmoid_slope, tanh_slope
from lib.gradients import state_jacobian
from lib.losses import cross_entropy, softmax
from lib.tasks import Batch

CELLS = {rnn: "RNN", lstm: "LSTM", gru: "GRU"}
SIZES = dict(T=6, D=2, H=3, B=4, V=7)
T, D, H, B, V = SIZES.values()

WORDS = {  # what the page gives in words, as code of the same kind
    rnn: {},
    lstm: {
        "a_i a_f a_o a_g": "np.split(W @ xh + b, 4)",
        "W_ix W_fx W_ox W_gx": "np.split(W[:, :D], 4)",
        "W_ih W_fh W_oh W_gh": "np.split(W[:, D:], 4)",
        "b_i b_f b_o b_g": "np.split(b, 4)",
        "i'": "sigmoid_slope(gates.i[t - 1])",
        "g'": "tanh_slope(gates.g[t - 1])",
    },
    gru: {
        "a_r": "np.log(gates.r[t - 1] / (1 - gates.r[t - 1]))",
        "a_z": "np.log(gates.z[t - 1] / (1 - gates.z[t - 1]))",
        "a_n": "np.arctanh(gates.n[t - 1])",
        "W_rh W_zh W_nh": "np.split(W[:, D:], 3)",
        "b_r b_z b_n": "np.split(b, 3)",
        "b_rz": "b[: 2 * H]",
    },
}


# The page of notation.


class Page:
    """The page's rows, and its lines of Python."""

    def __init__(self, text):
        lines = [line for line in text.splitlines() if line.startswith("| $")]
        names = ("symbol", "color", "meaning", "shape", "code")
        self.rows = [
            dict(zip(names, map(str.strip, re.split(r"(?<!\\)\|", line)[1:-1]), strict=True))
            for line in lines
        ]
        self.code = re.search(r"```python\n(.*?)```", text, re.S)[1]
        told = " ".join(row["symbol"] + row["meaning"] for row in self.rows)
        self.names = {
            name for latex in re.findall(r"\$([^$]+)\$", told) for name in names_of(latex)
        }

    def bindings(self, label):
        """(names, code, shape) of every row with code that is meant for this kind of cell."""
        for row in self.rows:
            code = re.fullmatch(r"`(.*)`", row["code"])
            named = re.findall(r"(RNN|LSTM|GRU) (\([^()]*\))", row["shape"])
            if not code or code[1] in ("t", "*") or named and label not in dict(named):
                continue
            shape = (
                dict(named).get(label)
                or (re.fullmatch(r"\([^()]*,[^()]*\)", row["shape"]) or [None])[0]
            )
            symbols = re.findall(r"\$([^$]+)\$", row["symbol"])
            names = [name for symbol in symbols for name in own_names(symbol)]
            if names:
                yield names, code[1], shape


def own_names(latex):
    """What a row defines: h for h_t, δy for ∂L / ∂y_t, W_h for W_h."""
    if latex in (r"\sigma", r"\tanh"):
        return ["σ" if latex == r"\sigma" else "tanh"]
    try:
        ((_, (node,), _),) = read(latex)
    except (Unread, ValueError):
        return []
    if node[0] == "matrix":
        return ["[x; h]"]
    if node[0] == "by":
        _, name, sub = node[2]
        return [f"δ{name}"]
    if node[0] != "sym":
        return []
    return [node[1] if node[2] in ((), ("t",)) else full(node)]


def full(node):
    return f"{node[1]}_{''.join(node[2])}".replace("\\", "").rstrip("_")


def names_of(latex):
    """All names that a formula mentions, with and without subscripts."""
    try:
        statements = read(latex)
    except Unread:
        return
    for _, sides, _ in statements:
        for node in leaves(tuple(sides), "sym"):
            yield from (node[1], full(node))


# Runs.


def model_world(page, seed, cell, sizes=(T, D, H, B), given=None, send=None, end=False, **options):
    """The world of one run: of random numbers, or of a given (params, x, start).

    `send` is (dh, dstate) in place of the loss's slopes; with `end` the loss looks at the last step alone.
    """
    T, D, H, B = sizes
    params, x, start = given or case(cell, T, B, D, H, seed)
    T, D, B, H = *x.shape, len(start.h)
    rng = np.random.default_rng(seed + 10)
    head = readout.Params(rng.normal(size=(V, H)), rng.normal(size=(V, 1)))
    model = train.Model(cell, params, head)
    mask = np.arange(T)[:, None] >= (T - 1 if end else 0) * np.ones((1, B))
    batch = Batch(x, rng.integers(V, size=(T, B)), mask)
    run, slopes = train.run(model, x, start), train.slopes(model, batch, state=start)
    dh, dstate = send or (head.W.T @ cross_entropy(run.y, batch.targets, mask).dy, None)
    if send:
        slopes = slopes._replace(cell=cell.backward(params, run.trace, dh, dstate))
    stand_in = SimpleNamespace(
        init_model=lambda *sizes: model, run=lambda *_: run, slopes=lambda *_: slopes
    )
    space = dict(np=np, train=stand_in, cell=cell, rng=rng, batch=batch, T=T, D=D, H=H, B=B, V=V)
    space |= dict(sigmoid=sigmoid, softmax=softmax, initial=initial, sigmoid_slope=sigmoid_slope)
    space |= dict(tanh_slope=tanh_slope, peephole=relatives.peephole, state_jacobian=state_jacobian)
    space["cross_entropy"] = lambda y, targets: cross_entropy(y, targets, mask)
    lines = compile(page.code, "the page of notation", "exec")

    @cache
    def at(t):
        here = space | {"t": t}
        exec(lines, here)
        return here

    values = {}
    for names, code in WORDS.get(cell, {}).items():
        bind(values, names.split(), code, None, at, T)
    for names, code, shape in page.bindings(CELLS.get(cell)):
        bind(values, names, code, shape, at, T)
    own = Sent(cell, params, run.trace, dh, dstate, options.pop("held", False))
    values |= own.values() | dict(I=np.eye(H), rows="".join(gates_of(cell)))
    values["δW_y"], values["δb_y"] = slopes.learned[1]
    values["f_W"] = lambda x_t, h: cell.step(params, x_t, cell.State(h))[1].h
    values["LSTM"] = lambda x_t, c, h: list(cell.step(params, x_t, cell.State(c, h))[1])
    entries = list(map(Entry, range(H)))
    free = {"t": list(range(1, T + 1)), "k": entries, "j": entries} | options.pop("free", {})
    return World(values | options.pop("extra", {}), free, own.derivative, **options)


def gates_of(cell):
    return getattr(getattr(cell, "Gates", None), "_fields", ())


def bind(values, names, code, shape, at, T):
    """Give names their values, of a step or of the whole run; what a cell has not, it has not."""
    compiled = compile(code, code, "eval")
    by_step = {"t", "h_prev", "xh"} & set(compiled.co_names)
    here = at(1)
    try:
        value = eval(compiled, here)
    except (NameError, AttributeError, ValueError, IndexError, TypeError):
        return
    several = isinstance(value, list | tuple) and len(value) == len(names)
    for number, name in enumerate(names):

        def get(t, number=number):
            value = eval(compiled, at(t))
            return value[number] if several else value

        if callable(value):
            values.setdefault(name, value)
        elif by_step:
            first = 0 if "[t]" in code else 1
            steps = Steps(get, first, T)
            values.setdefault(name, steps)
            checked(name, steps[T], shape, at(1))
        elif not isinstance(value, tuple):
            values.setdefault(name, np.asarray(get(1), float))
            checked(name, get(1), shape, at(1))


def checked(name, value, shape, space):
    """The page's shape is the array's."""
    if shape:
        told = eval(re.sub(r"(\d)([A-Z])", r"\1*\2", shape), {k: space[k] for k in "TDHBV"})
        if np.shape(value) != told:
            raise Untrue(f"{name} has the shape {np.shape(value)}, not {shape}")


class Sent:
    """What a run sends back: the slopes of its gates and pre-activations, step by step, and its Jacobians."""

    def __init__(self, cell, params, trace, dh, dstate, held=False):
        self.cell, self.params, self.trace, self.dh, self.dstate = cell, params, trace, dh, dstate
        self.held = held  # whether every gate is, where a derivative is asked for
        self.T, self.H, self.B = dh.shape
        self.future, self.da = cache(self.future), cache(self.da)
        self.derivative = cache(self.derivative)

    def state(self, t):
        return self.cell.State(*(part[t] for part in self.trace.states))

    def future(self, t):
        """What arrives at the states of step t from the later ones."""
        run = self.cell.forward(self.params, self.trace.x[t:], self.state(t))
        states = self.cell.backward(self.params, run, self.dh[t:], self.dstate).states
        return self.cell.State(*(part[0] for part in states))

    def da(self, t):
        """δa_t, each column of it the gradient of b in a run of one step and one sequence."""
        columns = []
        for n in range(self.B):
            one = [part[:, n : n + 1] for part in self.state(t - 1)]
            beyond = self.cell.State(*(part[:, n : n + 1] for part in self.future(t)))
            x_t, dh_t = (part[t - 1 : t, :, n : n + 1] for part in (self.trace.x, self.dh))
            run = self.cell.forward(self.params, x_t, self.cell.State(*one))
            columns.append(self.cell.backward(self.params, run, dh_t, beyond).params.b)
        return np.concatenate(columns, axis=1)

    def gate(self, name, t):
        """δ of a gate: how the loss answers when the gate is held a little higher or lower."""
        here = getattr(self.trace.gates, name)[t - 1]
        return self.by_nudges(t, here, lambda value: {name: value})

    def seen(self, t):
        """δs of a GRU, s being what its candidate sees of the state."""
        r, z, n = (gate[t - 1] for gate in self.trace.gates)

        def hold(s):
            seen, _ = gru.step(self.params, self.trace.x[t - 1], gru.State(s), {"r": 1.0})
            return dict(r=r, z=z, n=seen.n)

        return self.by_nudges(t, r * self.state(t - 1).h, hold)

    def by_nudges(self, t, here, hold):
        owed = self.future(t)
        owed = owed._replace(h=owed.h + self.dh[t - 1])

        def loss(unit, nudge):
            moved = here.copy()
            moved[unit] += nudge
            x_t, before = self.trace.x[t - 1], self.state(t - 1)
            _, after = self.cell.step(self.params, x_t, before, hold(moved))
            return sum((d * part).sum(axis=0) for d, part in zip(owed, after, strict=True))

        return np.array([difference(partial(loss, unit)) for unit in range(self.H)])

    def values(self):
        cell, T, H = self.cell, self.T, self.H
        values = {"δa": Steps(self.da, 1, T), "δW^()": Steps(lambda t: self.copy(t).W, 1, T)}
        values["δb^()"] = Steps(lambda t: self.copy(t).b, 1, T)
        values["W^()"] = Steps(lambda t: self.params.W, 1, T)  # every step's copy is the same
        values["δh before"] = Steps(lambda t: self.dh[t - 1] if t else 0 * self.dh[0], 0, T)
        if "c" in cell.State._fields:
            values["δc before"] = Steps(lambda t: self.future(t).c, 0, T)
        names = gates_of(cell) if cell in CELLS else ()
        for k, name in enumerate(names):
            rows = slice(k * H, (k + 1) * H)
            values[f"δ{name}"] = Steps(partial(self.gate, name), 1, T)
            values[f"δa_{name}"] = Steps(lambda t, rows=rows: self.da(t)[rows], 1, T)
        if cell is gru:
            values["δa_rz"] = Steps(lambda t: self.da(t)[: 2 * H], 1, T)
            values["δs"] = Steps(self.seen, 1, T)
            whole = cell.backward(self.params, self.trace, self.dh, self.dstate).params.W
            values |= {"δW_rz": whole[: 2 * H], "δW_n": whole[2 * H :]}
        return values | {"J": Steps(lambda t: self.derivative("h", t, "h", t - 1), 1, T)}

    def copy(self, t):
        """The gradient of the parameters by their use in step t."""
        run = self.cell.forward(self.params, self.trace.x[t - 1 : t], self.state(t - 1))
        back = self.cell.backward(self.params, run, self.dh[t - 1 : t], self.future(t))
        return back.params

    def derivative(self, of, t, by, start, held=False):
        """∂ of_t / ∂ by_start of a single sequence, with all gates held if it is asked for."""
        if not 0 <= start <= t <= self.T or start == t and by != "W^()":
            raise IndexError(f"from step {start} to step {t}")
        if self.B > 1:
            raise Untrue("a Jacobian is of one sequence")
        if of == "a" and self.cell is rnn:
            return self.before_tanh(t, by, start)
        if not {of, by} <= set(self.cell.State._fields):
            raise Untrue(f"the slope of {of} by {by}?")
        hold = None
        if held or self.held:
            hold = {name: gate[start:t] for name, gate in self.trace.gates._asdict().items()}
        x, state = self.trace.x[start:t], self.state(start)
        return state_jacobian(self.cell, self.params, x, state, hold, of, by)

    def before_tanh(self, t, by, start):
        """∂a_t of an RNN by the state before it, or by its own copy of W, by nudges of every entry."""
        (W, b), h, x_t = self.params, self.state(t - 1).h, self.trace.x[t - 1]
        if (by, start) not in (("h", t - 1), ("W^()", t)):
            raise Untrue(f"the slope of a by {by}?")

        def after(place, nudge):
            moved = np.array(h if by == "h" else W)
            moved[place] += nudge
            step = (W, moved) if by == "h" else (moved, h)
            _, state = rnn.step(rnn.Params(step[0], b), x_t, rnn.State(step[1]))
            return np.arctanh(state.h[:, 0])

        shape = (self.H,) if by == "h" else W.shape
        slopes = [difference(partial(after, place)) for place in np.ndindex(shape)]
        return np.array(slopes).T.reshape(self.H, *shape)
