"""The relatives keep the cells' contract, and are the cells they come from where they should be."""

import numpy as np
import pytest
from cases import gradient_errors, some_held, states

from lib import gradients, gru, lstm, relatives, rnn, tasks, train

EXACT = 1e-7
every = pytest.mark.parametrize("cell", relatives.ALL, ids=lambda cell: cell.__name__[14:])


def case(cell, T=5, B=3, D=2, H=4, seed=0):
    """(params, x, state), all entries random."""
    rng = np.random.default_rng(seed)
    start = cell.init_params(rng, D, H)
    params = cell.Params(*(rng.normal(scale=0.5, size=part.shape) for part in start))
    return params, rng.normal(size=(T, D, B)), states(cell, H, B, seed + 1)


@every
@pytest.mark.parametrize("T", [1, 2, 5, 30])
@pytest.mark.parametrize("B", [1, 3])
@pytest.mark.parametrize("beyond", [False, True], ids=["no dstate", "dstate"])
@pytest.mark.parametrize("held", [False, True], ids=["free", "held"])
def test_backward_agrees_with_finite_differences(cell, T, B, beyond, held):
    if held and not cell.Gates:
        return  # it has nothing to hold: a ValueError, see `test_the_door_is_the_cells_own`
    D, H = (1, 3) if T == 30 else (2, 4)  # a long run costs a difference for each entry
    params, x, state = case(cell, T, B, D, H)
    hold = some_held(cell, T, H, B, seed=7) if held else None
    dstate = states(cell, H, B, seed=9) if beyond else None
    errors = gradient_errors(cell, params, x, state, hold, dstate)
    assert set(errors) == {"x", *params._fields, *state._fields}
    assert max(errors.values()) <= EXACT, errors


@every
def test_a_run_is_repeated_steps(cell):
    params, x, state = case(cell)
    trace = cell.forward(params, x, state)
    for t in range(5):
        gates, state = cell.step(params, x[t], state)
        for run, one in zip(trace.states, state, strict=True):
            np.testing.assert_allclose(run[t + 1], one, atol=1e-15)
        for run, one in zip(trace.gates or (), gates or (), strict=True):
            np.testing.assert_allclose(run[t], one, atol=1e-15)


@every
def test_the_door_is_the_cells_own(cell):
    params, x, state = case(cell)
    with pytest.raises(ValueError, match="x: expected shape"):
        cell.forward(params, x[:, :1], state)
    with pytest.raises(TypeError, match="state: expected"):
        cell.forward(params, x, x)
    with pytest.raises(ValueError, match="hold: expected"):
        cell.step(params, x[0], state, hold={"q": 1.0})
    with pytest.raises(ValueError, match="expected finite"):
        cell.forward(params, x * np.nan)
    with pytest.raises(ValueError, match="params"):
        cell.forward(params._replace(b=params.b[:-1]), x)
    with pytest.raises(ValueError, match="batch: expected at least 1"):
        cell.zero_state(params, 0)
    with pytest.raises(TypeError, match="trace: expected"):
        cell.backward(params, lstm.forward(*lstm_case()), np.ones((5, 4, 3)))


def lstm_case():
    rng = np.random.default_rng(0)
    return lstm.init_params(rng, 2, 4), rng.normal(size=(5, 2, 3))


@every
def test_a_relative_learns_to_spell_hello(cell):
    start = train.init_model(cell, np.random.default_rng(0), 4, 8, 4)
    model = train.fit(start, tasks.hello(), 200).model
    assert train.spell(model, "h", 5, tasks.HELLO) == "hello"


def test_coupled_gates_are_an_lstm_whose_i_is_held_at_one_minus_f():
    params, x, state = case(relatives.coupled)
    trace = relatives.coupled.forward(params, x, state)
    W = np.concatenate([np.zeros((4, 6)), params.W])
    b = np.concatenate([np.zeros((4, 1)), params.b])
    same = lstm.forward(lstm.Params(W, b), x, state, hold={"i": 1 - trace.gates.f})
    np.testing.assert_allclose(trace.states.c, same.states.c, atol=1e-14)


def test_the_cell_of_1997_is_an_lstm_that_never_forgets():
    params, x, state = case(relatives.lstm1997)
    i, o, g = params.W.reshape(3, 4, 6)
    W = np.concatenate([i, np.zeros((4, 6)), o, g])
    i, o, g = params.b.reshape(3, 4, 1)
    b = np.concatenate([i, np.zeros((4, 1)), o, g])
    same = lstm.forward(lstm.Params(W, b), x, state, hold={"f": 1.0})
    trace = relatives.lstm1997.forward(params, x, state)
    np.testing.assert_allclose(trace.states.h, same.states.h, atol=1e-14)


def test_closed_peepholes_are_an_lstm():
    params, x, state = case(relatives.peephole)
    closed = params._replace(p=params.p * 0)
    same = lstm.forward(lstm.Params(params.W, params.b), x, state)
    trace = relatives.peephole.forward(closed, x, state)
    np.testing.assert_allclose(trace.states.h, same.states.h, atol=1e-14)


@pytest.mark.parametrize("W", [None, 1.0, [[1, 2], [3]], np.ones((13, 6)), np.ones((2, 6))])
def test_what_is_wrong_with_w_is_told_of_w_where_b_has_rows_of_its_own(W):
    params, x, state = case(relatives.reset_after)
    with pytest.raises((TypeError, ValueError), match="params.W: expected"):
        relatives.reset_after.forward(params._replace(W=W), x, state)


def test_the_two_places_of_reset_differ_unless_the_reset_is_one_scalar_and_the_bias_zero():
    params, x, state = case(relatives.reset_after)
    params.b[12:] = 0
    before = gru.Params(params.W, params.b[:12])
    one = relatives.reset_after.forward(params, x, state).states.h
    other = gru.forward(before, x, state).states.h
    assert np.abs(one - other).max() > 1e-3
    scalar = {"r": 0.3}
    one = relatives.reset_after.forward(params, x, state, scalar).states.h
    other = gru.forward(before, x, state, scalar).states.h
    np.testing.assert_allclose(one, other, atol=1e-14)
    params.b[12:] = 0.5
    one = relatives.reset_after.forward(params, x, state, scalar).states.h
    assert np.abs(one - other).max() > 1e-3


def test_the_relu_rnn_starts_as_a_sum():
    """With W_h = I, b = 0 and positive inputs, the state adds up what the inputs say."""
    params = relatives.relu_rnn.init_params(np.random.default_rng(0), 2, 4)
    params = params._replace(W=np.abs(params.W) * [1, 1, 0, 0, 0, 0] + np.eye(4, 6, k=2))
    x = np.random.default_rng(1).uniform(size=(9, 2, 1))
    h = relatives.relu_rnn.forward(params, x).states.h
    np.testing.assert_allclose(h[-1], params.W[:, :2] @ x.sum(axis=0))
    assert isinstance(params, rnn.Params)


def test_the_cells_that_decide_by_x_alone_are_their_equations_with_a_linear_candidate():
    params, x, state = case(relatives.mingru)
    (W_z, W_v), (b_z, b_v) = params.W.reshape(2, 4, 2), params.b.reshape(2, 4, 1)
    gates, after = relatives.mingru.step(params, x[0], state)
    z, v = 1 / (1 + np.exp(-(W_z @ x[0] + b_z))), W_v @ x[0] + b_v
    np.testing.assert_allclose(gates.v, v, atol=1e-15)
    np.testing.assert_allclose(after.h, (1 - z) * state.h + z * v, atol=1e-14)
    params, x, state = case(relatives.minlstm)
    (W_i, W_f, W_v), (b_i, b_f, b_v) = params.W.reshape(3, 4, 2), params.b.reshape(3, 4, 1)
    gates, after = relatives.minlstm.step(params, x[0], state)
    i, f = (1 / (1 + np.exp(-(W @ x[0] + b))) for W, b in ((W_i, b_i), (W_f, b_f)))
    np.testing.assert_allclose([gates.i, gates.f], [i / (f + i), f / (f + i)], atol=1e-14)
    v = W_v @ x[0] + b_v
    np.testing.assert_allclose(after.h, f / (f + i) * state.h + i / (f + i) * v, atol=1e-14)


def test_free_gates_need_not_sum_to_1_and_a_sign_turns_the_state_round():
    params, x, state = case(relatives.free_minlstm)
    (W_i, W_f, W_v), (b_i, b_f, b_v) = params.W.reshape(3, 4, 2), params.b.reshape(3, 4, 1)
    i, f = (1 / (1 + np.exp(-(W @ x[0] + b))) for W, b in ((W_i, b_i), (W_f, b_f)))
    gates, after = relatives.free_minlstm.step(params, x[0], state)
    np.testing.assert_allclose([gates.i, gates.f], [i, f], atol=1e-14)
    np.testing.assert_allclose(after.h, f * state.h + i * (W_v @ x[0] + b_v), atol=1e-14)
    params, x, state = case(relatives.signed_mingru)
    plain, _ = relatives.mingru.step(relatives.mingru.Params(*params), x[0], state)
    gates, after = relatives.signed_mingru.step(params, x[0], state)
    np.testing.assert_allclose(gates, plain)
    np.testing.assert_allclose(after.h, state.h - 2 * gates.z * state.h + gates.z * gates.v)
    _, after = relatives.signed_mingru.step(params, x[0], state, {"z": 1.0, "v": 0.0})
    np.testing.assert_array_equal(after.h, -state.h)


def test_two_layers_are_one_minGRU_after_another():
    params, x, state = case(relatives.two_mingru)
    trace = relatives.two_mingru.forward(params, x, state, {"z": 0.3, "v_below": 0.7})
    Params = relatives.mingru.Params
    first, second = Params(params.W_below, params.b_below), Params(params.W, params.b)
    below = relatives.mingru.forward(first, x, rnn.State(state.below), {"v": 0.7})
    np.testing.assert_allclose(trace.states.below, below.states.h)
    above = relatives.mingru.forward(second, below.states.h[1:], rnn.State(state.h), {"z": 0.3})
    np.testing.assert_allclose(trace.states.h, above.states.h)
    np.testing.assert_allclose(trace.gates, [*below.gates, *above.gates])
    sizes = relatives.two_mingru.init_params(np.random.default_rng(0), 9, 16, update_bias=-2)
    assert sum(part.size for part in sizes) == 864
    assert (
        (sizes.b[:16] == -2).all() and (sizes.b_below[:16] == -2).all() and not sizes.b[16:].any()
    )
    for wrong in (
        dict(W=params.W[:, 1:]),
        dict(W_below=params.W_below[1:]),
        dict(b_below=params.b_below[1:]),
        dict(W=params.W[:-1]),
    ):
        with pytest.raises(ValueError, match=f"params.{[*wrong][0]}: expected shape"):
            relatives.two_mingru.forward(params._replace(**wrong), x, state)


KEPT = {
    relatives.mingru: lambda gates: 1 - gates.z,
    relatives.minlstm: lambda gates: gates.f,
    relatives.free_minlstm: lambda gates: gates.f,
    relatives.signed_mingru: lambda gates: 1 - 2 * gates.z,
    relatives.two_mingru: lambda gates: 1 - gates.z,  # of the second layer's own state
}


def test_the_minimal_gated_unit_is_a_gru_whose_reset_rows_are_its_update_rows():
    params, x, state = case(relatives.mgu)
    W, b = (np.concatenate([part[:4], part]) for part in params)  # rows z, z, n
    whole = gru.forward(gru.Params(W, b), x, state)
    trace = relatives.mgu.forward(params, x, state)
    np.testing.assert_allclose(trace.states.h, whole.states.h, atol=1e-15)
    grads, dh = relatives.mgu.backward(params, trace, trace.states.h[1:]), whole.states.h[1:]
    by_gru = gru.backward(gru.Params(W, b), whole, dh).params.W
    np.testing.assert_allclose(
        grads.params.W, [*(by_gru[:4] + by_gru[4:8]), *by_gru[8:]], atol=1e-12
    )


@pytest.mark.parametrize("cell", relatives.INPUT_GATED, ids=lambda cell: cell.__name__[14:])
def test_in_a_cell_that_decides_by_x_alone_the_additive_road_is_all_there_is(cell):
    params, x, state = case(cell, T=6, B=1)
    kept = KEPT[cell](cell.forward(params, x, state).gates)
    J = gradients.state_jacobian(cell, params, x, state)
    np.testing.assert_allclose(J, np.diag(kept.prod(axis=0)[:, 0]), atol=1e-15)


def test_the_normalized_gates_stand_shut_gates_and_may_be_held_one_by_one():
    params, x, state = case(relatives.minlstm)
    shut = params._replace(
        b=params.b - 1e4
    )  # σ of both is 0 in any precision: their shares are not
    gates, after = relatives.minlstm.step(shut, x[0], state)
    np.testing.assert_allclose(gates.i + gates.f, 1)
    assert 0 < gates.f.min() < gates.f.max() < 1 and np.isfinite(after.h).all()
    free, _ = relatives.minlstm.step(params, x[0], state)
    held, after = relatives.minlstm.step(params, x[0], state, {"i": 0.0, "v": 3.0})
    np.testing.assert_array_equal(held.f, free.f)
    np.testing.assert_allclose(after.h, free.f * state.h)
    held, after = relatives.mingru.step(*case(relatives.mingru)[:1], x[0], state, {"z": 1, "v": 3})
    np.testing.assert_allclose(after.h, 3)


def test_the_cells_that_decide_by_x_alone_start_where_they_say():
    rng = np.random.default_rng
    params = relatives.mingru.init_params(rng(0), 9, 16, update_bias=-2)
    assert sum(part.size for part in params) == 320
    assert (params.b[:16] == -2).all() and not params.b[16:].any()
    params = relatives.minlstm.init_params(rng(0), 9, 16, [2] * 16, -3, dtype=np.float32)
    assert sum(part.size for part in params) == 480 and params.W.dtype == np.float32
    assert params.b.reshape(3, 16)[:, 0].tolist() == [-3, 2, 0]
    assert 0.2 < np.abs(params.W).max() <= 1 / np.sqrt(16)


@pytest.mark.parametrize(
    ("cell", "blocks"), list(zip(relatives.INPUT_GATED, (2, 3, 3, 2, 2), strict=True))
)
def test_weights_of_another_number_of_gates_are_refused(cell, blocks):
    params, x, state = case(cell)
    with pytest.raises(ValueError, match=rf"params.W: expected shape \({blocks}H, D\), got"):
        cell.forward(params._replace(W=params.W[:-1]), x, state)
    with pytest.raises(TypeError, match="recurrent"):
        cell.init_params(np.random.default_rng(0), 2, 4, recurrent="orthogonal")
