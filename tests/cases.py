"""Random cases for the tests of the cells: sizes with D ≠ H, states and biases that are not zero."""

import numpy as np

from lib import gru, lstm, relatives, rnn
from lib.gradients import by_differences, mismatch

CELLS = [rnn, lstm, gru]
GATED = [lstm, gru]
FAMILY = [*CELLS, *relatives.ALL]
IDS = {cell: cell.__name__.split(".")[-1] for cell in CELLS}.__getitem__


def case(cell, T=5, B=3, D=2, H=4, seed=0, dtype=np.float64):
    """(params, x, state) of a cell, all entries random."""
    rng = np.random.default_rng(seed)
    start = cell.init_params(rng, D, H)
    spread = 1 / np.sqrt(D + H)  # of order 1 before squashing: no gate is stuck at 0 or 1
    params = cell.Params(
        *(
            rng.normal(scale=0.5 if part.shape[1] == 1 else 1.5 * spread, size=part.shape)
            for part in start
        )
    )
    params = cell.Params(*(part.astype(dtype) for part in params))
    return params, rng.normal(size=(T, D, B)).astype(dtype), states(cell, H, B, seed + 1, dtype)


def states(cell, H, B, seed, dtype=np.float64):
    """A State of random entries."""
    rng = np.random.default_rng(seed)
    return cell.State(*(rng.normal(size=(H, B)).astype(dtype) for _ in cell.State._fields))


def some_held(cell, T, H, B, seed=0):
    """A `hold` that holds about a third of the entries of every gate and leaves the rest free."""
    rng = np.random.default_rng(seed)
    return {
        gate: np.where(rng.random((T, H, B)) < 1 / 3, rng.uniform(0.1, 0.9, (T, H, B)), np.nan)
        for gate in cell.Gates._fields
    }


def gradient_errors(cell, params, x, state, hold=None, dstate=None, seed=2, backward=None):
    """{array: mismatch of backward and finite differences}, for a loss that weighs every h_t."""
    (T, _, B), H = x.shape, state.h.shape[0]
    dh = np.random.default_rng(seed).normal(size=(T, H, B))

    def loss(params=params, x=x, state=state):
        trace = cell.forward(params, x, state, hold)
        value = (trace.states.h[1:] * dh).sum()
        if dstate is not None:
            value += sum((run[-1] * d).sum() for run, d in zip(trace.states, dstate, strict=True))
        return value

    trace = cell.forward(params, x, state, hold)
    grads = (backward or cell.backward)(params, trace, dh, dstate)
    numeric = {"x": by_differences(lambda x: loss(x=x), x)}
    analytic = {"x": grads.x}
    for name in params._fields:
        numeric[name] = by_differences(
            lambda part, name=name: loss(params=params._replace(**{name: part})),
            getattr(params, name),
        )
        analytic[name] = getattr(grads.params, name)
    for name in cell.State._fields:
        numeric[name] = by_differences(
            lambda start, name=name: loss(state=state._replace(**{name: start})),
            getattr(state, name),
        )
        analytic[name] = getattr(grads.states, name)[0]
    return {name: mismatch(analytic[name], numeric[name]) for name in numeric}
