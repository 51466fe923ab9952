"""What holds for every cell: its equations, its gradients, its contract."""

import subprocess
import sys

import numpy as np
import pytest
from cases import CELLS, FAMILY, GATED, IDS, case, gradient_errors, some_held, states
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import gru, lstm, rnn
from lib.gradients import by_differences, state_jacobian

cells = pytest.mark.parametrize("cell", CELLS, ids=IDS)
gated = pytest.mark.parametrize("cell", GATED, ids=IDS)
family = pytest.mark.parametrize("cell", FAMILY, ids=lambda cell: cell.__name__.split(".")[-1])
EXACT = 1e-7  # max |analytic - numeric| / max |analytic|


def sigma(a):
    """The textbook's sigmoid, written apart from the library's."""
    return 1 / (1 + np.exp(-a))


def test_an_rnn_step_is_its_equation():
    (W, b), x, (h,) = case(rnn, T=1)
    gates, state = rnn.step(rnn.Params(W, b), x[0], rnn.State(h))
    assert gates is None
    np.testing.assert_allclose(state.h, np.tanh(W[:, :2] @ x[0] + W[:, 2:] @ h + b), atol=1e-15)


def test_an_lstm_step_is_its_equations():
    (W, b), x, (c, h) = case(lstm, T=1)
    gates, state = lstm.step(lstm.Params(W, b), x[0], lstm.State(c, h))
    i, f, o, g = (W @ np.vstack([x[0], h]) + b).reshape(4, 4, 3)
    i, f, o, g = sigma(i), sigma(f), sigma(o), np.tanh(g)
    for got, want in zip(gates, (i, f, o, g), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-15)
    np.testing.assert_allclose(state.c, f * c + i * g, atol=1e-15)
    np.testing.assert_allclose(state.h, o * np.tanh(f * c + i * g), atol=1e-15)


def test_a_gru_step_is_its_equations():
    (W, b), x, (h,) = case(gru, T=1)
    gates, state = gru.step(gru.Params(W, b), x[0], gru.State(h))
    r, z = sigma(W[:8] @ np.vstack([x[0], h]) + b[:8]).reshape(2, 4, 3)
    n = np.tanh(W[8:] @ np.vstack([x[0], r * h]) + b[8:])
    for got, want in zip(gates, (r, z, n), strict=True):
        np.testing.assert_allclose(got, want, atol=1e-15)
    np.testing.assert_allclose(state.h, (1 - z) * h + z * n, atol=1e-15)


@pytest.mark.parametrize(
    "cell, held",
    [(cell, False) for cell in CELLS] + [(cell, True) for cell in GATED],
    ids=["rnn", "lstm", "gru", "lstm held", "gru held"],
)
@pytest.mark.parametrize("beyond", [False, True], ids=["no dstate", "dstate"])
@pytest.mark.parametrize("T", [1, 2, 5, 30])
@pytest.mark.parametrize("B", [1, 3])
def test_backward_agrees_with_finite_differences(cell, T, B, beyond, held):
    params, x, state = case(cell, T, B)
    hold = some_held(cell, T, 4, B) if held else None
    dstate = states(cell, 4, B, seed=9) if beyond else None
    errors = gradient_errors(cell, params, x, state, hold, dstate)
    assert max(errors.values()) <= EXACT, errors


@cells
@settings(max_examples=12, deadline=None, derandomize=True)
@given(T=st.integers(3, 6), D=st.integers(1, 4), B=st.integers(1, 3), seed=st.integers(0, 10**6))
def test_backward_agrees_at_any_size_and_seed(cell, T, D, B, seed):
    params, x, state = case(cell, T, B, D, H=3, seed=seed)
    hold = None if cell is rnn else some_held(cell, T, 3, B, seed)
    errors = gradient_errors(cell, params, x, state, hold, states(cell, 3, B, seed + 5), seed)
    assert max(errors.values()) <= EXACT, errors


@cells
def test_the_gradient_at_every_state_is_its_total_derivative(cell):
    """Cut the run at step t: what the loss from there on owes to the state, h_t following c_t."""
    params, x, state = case(cell, T=6)
    dh = np.random.default_rng(3).normal(size=(6, 4, 3))
    trace = cell.forward(params, x, state)
    grads = cell.backward(params, trace, dh)
    for t in range(6):
        here = cell.State(*(part[t] for part in trace.states))
        for name in cell.State._fields:

            def rest(value, here=here, name=name, t=t):
                moved = here._replace(**{name: value})
                if name == "c" and t:
                    moved = moved._replace(h=trace.gates.o[t - 1] * np.tanh(value))
                run = cell.forward(params, x[t:], moved)
                own = (moved.h * dh[t - 1]).sum() if t else 0.0
                return (run.states.h[1:] * dh[t:]).sum() + own

            numeric = by_differences(rest, getattr(here, name))
            np.testing.assert_allclose(getattr(grads.states, name)[t], numeric, atol=1e-7)


@cells
def test_a_run_is_repeated_steps(cell):
    params, x, state = case(cell, T=7)
    hold = None if cell is rnn else some_held(cell, 7, 4, 3)
    trace = cell.forward(params, x, state, hold)
    for t in range(7):
        here = hold and {gate: value[t] for gate, value in hold.items()}
        gates, state = cell.step(params, x[t], state, here)
        for run, one in zip(trace.states, state, strict=True):
            np.testing.assert_allclose(run[t + 1], one, atol=1e-14)
        for run, one in zip(trace.gates or (), gates or (), strict=True):
            np.testing.assert_allclose(run[t], one, atol=1e-14)


@cells
def test_a_run_can_be_cut_and_carried_on(cell):
    params, x, state = case(cell, T=7)
    whole = cell.forward(params, x, state)
    first = cell.forward(params, x[:3], state)
    rest = cell.forward(params, x[3:], cell.State(*(part[-1] for part in first.states)))
    for long, short in zip(whole.states, rest.states, strict=True):
        np.testing.assert_allclose(long[3:], short, atol=1e-14)


@cells
def test_sequences_side_by_side_do_not_touch_each_other(cell):
    params, x, state = case(cell)
    together = cell.forward(params, x, state)
    for column in range(3):
        pick = slice(column, column + 1)
        alone = cell.forward(params, x[:, :, pick], cell.State(*(part[:, pick] for part in state)))
        np.testing.assert_allclose(together.states.h[:, :, pick], alone.states.h, atol=1e-14)


@cells
def test_an_empty_run_is_valid(cell):
    params, x, state = case(cell, T=0)
    trace = cell.forward(params, x, state)
    assert trace.states.h.shape == (1, 4, 3)
    np.testing.assert_array_equal(trace.states.h[0], state.h)
    grads = cell.backward(params, trace, np.zeros((0, 4, 3)), states(cell, 4, 3, 5))
    assert not grads.params.W.any() and grads.params.W.shape == params.W.shape
    np.testing.assert_array_equal(grads.states.h[0], states(cell, 4, 3, 5).h)


@cells
def test_dtype_follows_the_parameters(cell):
    for dtype in (np.float32, np.float64):
        params, x, _ = case(cell, dtype=dtype)
        trace = cell.forward(params, x.astype(np.float64))
        grads = cell.backward(params, trace, np.ones((5, 4, 3)))
        arrays = [*trace.states, *(trace.gates or ()), *grads.params, grads.x, *grads.states]
        assert {array.dtype for array in arrays} == {np.dtype(dtype)}
    whole = cell.Params(np.ones(params.W.shape, int).tolist(), np.zeros(params.b.shape, bool))
    assert cell.forward(whole, x).states.h.dtype == np.float64


@cells
def test_nothing_handed_in_is_changed(cell):
    params, x, state = case(cell)
    dh, dstate = np.ones((5, 4, 3)), states(cell, 4, 3, 5)
    hold = None if cell is rnn else some_held(cell, 5, 4, 3)
    given_in = [*params, x, *state, dh, *dstate, *(hold or {}).values()]
    before = [array.copy() for array in given_in]
    trace = cell.forward(params, x, state, hold)
    run = [*trace.states, *(trace.gates or ())]
    kept = [array.copy() for array in run]
    cell.backward(params, trace, dh, dstate)
    cell.step(params, x[0], state)
    for array, copy in zip([*given_in, *run], [*before, *kept], strict=True):
        np.testing.assert_array_equal(array, copy)


@family
def test_a_trace_is_the_runs_own_whatever_becomes_of_what_was_handed_in(cell):
    params, x, state = case(cell)
    hold = some_held(cell, 5, 4, 3) if getattr(cell, "Gates", None) else None
    handed, kept = [x, *state, *(hold or {}).values()], x.copy()
    dh = np.random.default_rng(3).normal(size=(5, 4, 3))
    trace = cell.forward(params, x, state, hold)
    before = cell.backward(params, trace, dh)
    values = [value.copy() for value, _ in getattr(trace, "held", {}).values()]
    for array in handed:
        array[:] = 9.0  # a buffer is used again
    after = cell.backward(params, trace, dh)
    for one, other in zip(before.params, after.params, strict=True):
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(before.x, after.x)
    np.testing.assert_array_equal(trace.x, kept)
    for value, (same, _) in zip(values, getattr(trace, "held", {}).values(), strict=True):
        np.testing.assert_array_equal(value, same)


@family
def test_a_trace_of_another_cell_is_refused(cell):
    params, _, _ = case(cell)
    dh = np.ones((5, 4, 3))
    for other in FAMILY:
        trace = other.forward(*case(other))
        if other is cell:
            grads = cell.backward(params, trace, dh)
            for no_trace in (grads, tuple(trace)):
                with pytest.raises(TypeError, match="trace: expected"):
                    cell.backward(params, no_trace, dh)
            continue
        with pytest.raises(TypeError) as told:
            cell.backward(params, trace, dh)
        for one in (cell, other):
            assert f"{one.__name__}.Trace" in str(told.value)


@family
def test_a_trace_that_these_parameters_cannot_have_left_is_refused(cell):
    params, x, state = case(cell)
    dh, trace = np.ones((5, 4, 3)), cell.forward(params, x, state)
    small = cell.forward(cell.Params(*(part.astype("f4") for part in params)), x, state)
    with pytest.raises(ValueError, match="trace: expected a run in float64"):
        cell.backward(params, small, dh)
    shorter = trace._replace(states=cell.State(*(part[1:] for part in trace.states)))
    thinner = trace._replace(x=trace.x[:, :, :2])
    wrong = [shorter, thinner]
    if trace.gates:
        one_row = type(trace.gates)(*(gate[:, :1] for gate in trace.gates))
        wrong.append(trace._replace(gates=one_row))
    for broken in wrong:
        with pytest.raises(ValueError, match="trace: expected a run with D = 2 and H = 4"):
            cell.backward(params, broken, dh)


@family
def test_parameters_of_another_cell_are_refused_and_a_plain_tuple_is_taken(cell):
    params, x, state = case(cell)
    plain = cell.forward(tuple(params), x, state)
    np.testing.assert_array_equal(plain.states.h, cell.forward(params, x, state).states.h)
    for other in FAMILY:
        if other is not cell and other.Params._fields == cell.Params._fields:
            with pytest.raises(TypeError) as told:
                cell.forward(other.Params(*params), x, state)
            for one in (cell, other):
                assert one.Params.__qualname__ in str(told.value), told.value


def test_the_state_of_an_rnn_is_none_of_a_gru_and_the_other_way_round():
    for cell, other in ((rnn, gru), (gru, rnn)):
        params, x, (h,) = case(cell)
        with pytest.raises(TypeError, match="state: expected a lib"):
            cell.forward(params, x, other.State(h))
        with pytest.raises(TypeError, match="dstate: expected a lib"):
            cell.backward(params, cell.forward(params, x), np.ones((5, 4, 3)), other.State(h))


@gated
@pytest.mark.parametrize(("dtype", "bias"), [("f4", -20), ("f4", -80), ("f8", -40), ("f8", -700)])
def test_a_nearly_closed_gate_keeps_its_digits_and_its_slope(cell, dtype, bias):
    params, x, state = case(cell, T=3, dtype=dtype)
    params = cell.Params(params.W * 0, np.full_like(params.b, bias))
    close = 4 * np.finfo(dtype).eps
    for gates in (cell.forward(params, x, state).gates, cell.step(params, x[0], state)[0]):
        for gate in gates[:-1]:  # the last is the candidate
            np.testing.assert_allclose(gate, np.exp(float(bias)), rtol=close)
    slope = cell.slopes(cell.forward(params, x, state))[:, :-1]
    np.testing.assert_allclose(slope, np.exp(float(bias)), rtol=close)


@cells
def test_huge_preactivations_saturate_without_a_warning(cell):
    params, x, state = case(cell)
    for sign in (-1, 1):
        trace = cell.forward(cell.Params(params.W * 0, params.b * 0 + sign * 1e4), x, state)
        cell.backward(params, trace, np.ones((5, 4, 3)))
        for gate in trace.gates or ():
            assert set(np.unique(gate)) <= {-1.0, 0.0, 1.0}


@gated
def test_a_gate_held_everywhere_has_that_value_and_no_gradient(cell):
    params, x, state = case(cell)
    for row, gate in enumerate(cell.Gates._fields):
        trace = cell.forward(params, x, state, hold={gate: 0.25})
        assert (getattr(trace.gates, gate) == 0.25).all()
        grads = cell.backward(params, trace, np.ones((5, 4, 3)))
        rows = slice(4 * row, 4 * row + 4)
        assert not grads.params.W[rows].any() and not grads.params.b[rows].any()
        others = np.delete(grads.params.b, np.r_[rows])
        assert others.any()


@gated
def test_nan_leaves_a_gate_free(cell):
    params, x, state = case(cell)
    free = cell.forward(params, x, state)
    held = cell.forward(params, x, state, hold=dict.fromkeys(cell.Gates._fields, np.nan))
    np.testing.assert_array_equal(free.states.h, held.states.h)


def test_the_cell_state_is_unbounded_and_the_hidden_state_is_not():
    params, x, _ = case(lstm, T=50)
    trace = lstm.forward(params, x, hold={"i": 1.0, "f": 1.0, "g": 1.0})
    np.testing.assert_allclose(trace.states.c[:, 0, 0], np.arange(51))
    assert (np.abs(trace.states.h) < 1).all()


def test_with_the_gates_held_the_cell_states_jacobian_is_the_product_of_the_forget_gates():
    params, x, state = case(lstm, T=8, B=1)
    trace = lstm.forward(params, x, state)
    J = state_jacobian(lstm, params, x, state, hold=trace.gates._asdict(), of="c", by="c")
    np.testing.assert_allclose(J, np.diag(trace.gates.f.prod(axis=0)[:, 0]), atol=1e-12)
    whole = state_jacobian(lstm, params, x, state, of="c", by="c")
    assert np.abs(whole - J).max() > 1e-3


@cells
def test_the_state_jacobian_agrees_with_finite_differences(cell):
    params, x, state = case(cell, T=4, B=1)
    for of in cell.State._fields:
        for by in cell.State._fields:
            J = state_jacobian(cell, params, x, state, of=of, by=by)
            for unit in range(4):

                def last(start, of=of, by=by, unit=unit):
                    run = cell.forward(params, x, state._replace(**{by: start}))
                    return getattr(run.states, of)[-1, unit, 0]

                numeric = by_differences(last, getattr(state, by))
                np.testing.assert_allclose(J[unit], numeric[:, 0], atol=1e-8)


@cells
def test_parameters_start_where_they_say(cell):
    k = {rnn: 1, lstm: 4, gru: 3}[cell]
    params = cell.init_params(np.random.default_rng(0), 5, 7)
    assert params.W.shape == (k * 7, 12) and params.b.shape == (k * 7, 1)
    assert 0.3 < np.abs(params.W).max() <= 1 / np.sqrt(7)
    again = cell.init_params(np.random.default_rng(0), 5, 7)
    np.testing.assert_array_equal(params.W, again.W)
    small = cell.init_params(np.random.default_rng(0), 5, 7, recurrent="orthogonal", dtype="f4")
    assert small.W.dtype == small.b.dtype == np.float32
    for block in small.W[:, 5:].reshape(k, 7, 7):
        np.testing.assert_allclose(block.T @ block, np.eye(7), atol=1e-6)
    zero = cell.zero_state(params, 2)
    assert all(part.shape == (7, 2) and not part.any() for part in zero)


@cells
def test_the_input_weights_range_is_a_choice_of_its_own(cell):
    def start(**options):
        return cell.init_params(np.random.default_rng(0), 5, 7, **options).W

    usual, orthogonal = start(), start(recurrent="orthogonal", inputs="uniform")
    np.testing.assert_array_equal(orthogonal[:, :5], usual[:, :5])  # W_h is another, and no more
    for block in orthogonal[:, 5:].reshape(-1, 7, 7):
        np.testing.assert_allclose(block.T @ block, np.eye(7), atol=1e-12)
    habit = start(recurrent="orthogonal")
    assert 1 / np.sqrt(7) < np.abs(habit[:, :5]).max() <= np.sqrt(6 / 12)
    wide = start(inputs="glorot")
    np.testing.assert_array_equal(wide[:, 5:], usual[:, 5:])
    np.testing.assert_allclose(wide[:, :5] / np.sqrt(6 / 12), usual[:, :5] * np.sqrt(7))
    np.testing.assert_array_equal(start(inputs="uniform"), usual)


def test_biases_start_in_their_gates_rows():
    rng = np.random.default_rng(0)
    i, f, o, g = lstm.init_params(rng, 2, 3).b.reshape(4, 3)
    assert (f == 1).all() and not (i.any() or o.any() or g.any())
    i, f, o, g = lstm.init_params(rng, 2, 3, forget_bias=[1, 2, 3], input_bias=-4).b.reshape(4, 3)
    assert f.tolist() == [1, 2, 3] and (i == -4).all() and not (o.any() or g.any())
    r, z, n = gru.init_params(rng, 2, 3, update_bias=-2).b.reshape(3, 3)
    assert (z == -2).all() and not (r.any() or n.any())


def test_importing_the_library_needs_numpy_alone():
    code = (
        "import sys, warnings; warnings.simplefilter('error'); import lib, lib.initial; "
        "heavy = {'matplotlib', 'ipywidgets', 'anywidget', 'tqdm', 'IPython', 'scipy'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout.strip() == "[]" and not done.stderr
