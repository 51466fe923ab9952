"""Read-out, losses, optimizers, tasks and the training loop."""

import copy
import doctest
import importlib
import inspect
import math
import pickle
import pkgutil
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from decimal import Decimal
from itertools import pairwise
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from cases import CELLS, FAMILY, GATED, IDS, case, states

import lib
from lib import (
    activations,
    backward_faults,
    gru,
    laboratory,
    losses,
    lstm,
    optim,
    readout,
    relatives,
    rnn,
    tasks,
    train,
)
from lib.gradients import by_differences, mismatch

EXACT = 1e-7


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("module", [module.name for module in pkgutil.iter_modules(lib.__path__)])
def test_the_examples_in_docstrings_run(module):
    assert not doctest.testmod(importlib.import_module(f"lib.{module}")).failed


CONTRACT = ["init_params", "zero_state", "step", "forward", "backward"]
TOLD = "activations frameworks gradients gru initial intervals laboratory losses lstm optim readout rnn".split()
REFUSE_NOTHING = ["adam_start", "hello", "over_steps"]


@pytest.mark.parametrize("module", [*TOLD, "tasks", "train"])
def test_a_public_docstring_gives_shapes_and_errors(module):
    module = importlib.import_module(f"lib.{module}")
    for name in getattr(module, "__all__", CONTRACT):
        thing = getattr(module, name)
        if inspect.isfunction(thing):
            told = inspect.getdoc(thing)
            assert name in REFUSE_NOTHING or re.search(r"Error|Errors as|[Rr]aises", told), name
            assert re.search(r"\(\w|shape|number|tree|steps", told), name


def test_slopes_are_written_by_the_output():
    a = np.linspace(-4, 4, 33)
    for squash, slope in (
        (activations.sigmoid, activations.sigmoid_slope),
        (activations.tanh, activations.tanh_slope),
    ):
        numeric = by_differences(lambda a, squash=squash: squash(a).sum(), a)
        np.testing.assert_allclose(slope(squash(a)), numeric, atol=1e-9)


def test_the_sigmoid_is_one_over_one_plus_e_to_the_minus_a():
    a = np.linspace(-30, 30, 61)
    np.testing.assert_allclose(activations.sigmoid(a), 1 / (1 + np.exp(-a)), atol=1e-16)
    assert activations.sigmoid(np.float32([0])).dtype == np.float32


@pytest.mark.parametrize(("dtype", "lowest"), [("f8", -745), ("f4", -103)])
def test_the_sigmoid_is_right_to_the_last_digits_from_end_to_end_and_warns_of_nothing(
    dtype, lowest
):
    a = np.concatenate([np.linspace(lowest, 45, 700), np.linspace(-1, 1, 41)]).astype(dtype)
    with np.errstate(all="raise"):
        got = activations.sigmoid(a)
        ends = activations.sigmoid(np.array([-1e30, -np.inf, np.inf, 1e30], dtype))
    assert got.dtype == dtype and (got > 0).all() and ends.tolist() == [0, 0, 1, 1]
    for one, s in zip(a, got, strict=True):
        exact = 1 / (1 + (-Decimal(float(one))).exp())
        assert abs(Decimal(float(s)) - exact) <= 3 * Decimal(float(np.spacing(s))), one


@pytest.mark.parametrize("shape", [(5, 4, 3), (4, 3)], ids=["a run", "one step"])
def test_the_readouts_gradients_agree_with_finite_differences(shape):
    params = readout.Params(rng(0).normal(size=(2, 4)), rng(1).normal(size=(2, 1)))
    h = rng(2).normal(size=shape)
    dy = rng(3).normal(size=(*shape[:-2], 2, 3))
    grads = readout.backward(params, h, dy)

    def loss(W=params.W, b=params.b, h=h):
        return (readout.forward(readout.Params(W, b), h) * dy).sum()

    np.testing.assert_allclose(readout.forward(params, h), params.W @ h + params.b)
    assert mismatch(grads.params.W, by_differences(lambda W: loss(W=W), params.W)) <= EXACT
    assert mismatch(grads.params.b, by_differences(lambda b: loss(b=b), params.b)) <= EXACT
    assert mismatch(grads.h, by_differences(lambda h: loss(h=h), h)) <= EXACT


def masks():
    some = rng(4).random((5, 3)) < 0.5
    return [None, some]


@pytest.mark.parametrize("mask", masks(), ids=["all", "masked"])
def test_the_slope_of_cross_entropy_agrees_with_finite_differences(mask):
    y, targets = rng(0).normal(size=(5, 4, 3)), rng(1).integers(4, size=(5, 3))
    value, dy = losses.cross_entropy(y, targets, mask)
    numeric = by_differences(lambda y: losses.cross_entropy(y, targets, mask).value, y)
    assert mismatch(dy, numeric) <= EXACT
    p = losses.softmax(y)
    right = np.take_along_axis(p, targets[:, None], axis=1)[:, 0]
    counted = np.ones((5, 3), bool) if mask is None else mask
    assert np.isclose(value, -np.log(right[counted]).mean())


@pytest.mark.parametrize("mask", masks(), ids=["all", "masked"])
def test_the_slope_of_squared_error_agrees_with_finite_differences(mask):
    y, targets = rng(0).normal(size=(5, 2, 3)), rng(1).normal(size=(5, 2, 3))
    value, dy = losses.squared_error(y, targets, mask)
    numeric = by_differences(lambda y: losses.squared_error(y, targets, mask).value, y)
    assert mismatch(dy, numeric) <= EXACT
    counted = np.ones((5, 3), bool) if mask is None else mask
    assert np.isclose(value, ((y - targets) ** 2).swapaxes(1, 2)[counted].mean())


def test_targets_are_ignored_where_the_mask_is_off():
    y, targets = rng(0).normal(size=(5, 4, 3)), rng(1).integers(4, size=(5, 3))
    mask = rng(4).random((5, 3)) < 0.5
    nonsense = np.where(mask, targets, -99)
    assert (
        losses.cross_entropy(y, nonsense, mask).value
        == losses.cross_entropy(y, targets, mask).value
    )


@pytest.mark.parametrize("loss", [losses.cross_entropy, losses.squared_error])
def test_where_the_mask_is_off_anything_may_stand_and_the_slope_is_exactly_zero(loss):
    y, mask = rng(0).normal(size=(5, 4, 3)), rng(4).random((5, 3)) < 0.5
    if loss is losses.cross_entropy:
        targets, nonsense = rng(1).integers(4, size=(5, 3)), -99
        spoiled = np.where(mask, targets, nonsense)
    else:
        targets = rng(1).normal(size=(5, 4, 3))
        spoiled = np.where(mask[:, None], targets, np.nan)
    clean = loss(y, targets, mask)
    for hole in (np.nan, np.inf, 1e308):
        value, dy = loss(np.where(mask[:, None], y, hole), spoiled, mask)
        assert value == clean.value
        np.testing.assert_array_equal(dy, clean.dy)
        assert not dy.swapaxes(1, 2)[~mask].any()
    with pytest.raises(ValueError, match="y: expected finite"):
        loss(np.where(mask[:, None], np.nan, y), targets, mask)


def test_a_loss_too_large_for_a_float_is_refused_and_one_too_large_for_a_float32_is_not():
    y = np.array([[[1e200]]])
    with pytest.raises(ValueError, match="y: expected outputs with a finite squared error"):
        losses.squared_error(y, y * 0)
    with pytest.raises(ValueError, match="y: expected outputs with a finite cross-entropy"):
        losses.cross_entropy([[[1e308], [-1e308]]], [[1]])
    value, dy = losses.squared_error(np.float32([[[3e25]]]), [[[0.0]]])
    assert value == pytest.approx(9e50) and dy == np.float32(6e25)
    far = losses.cross_entropy([[[1e308, 0.0], [-1e308, 0.0]]], [[1, 0]], [[False, True]])
    assert far.value == pytest.approx(np.log(2))
    np.testing.assert_array_equal(losses.softmax([[1e308], [-1e308]]), [[1], [0]])


def test_softmax_and_cross_entropy_stay_finite_for_huge_outputs():
    y = np.array([[[1e4], [-1e4], [0.0]]])
    np.testing.assert_array_equal(losses.softmax(y)[0, :, 0], [1, 0, 0])
    value, dy = losses.cross_entropy(y, [[1]])
    assert value == 2e4 and np.isfinite(dy).all()


def test_float32_is_kept():
    y = rng().normal(size=(5, 4, 3)).astype(np.float32)
    assert losses.softmax(y).dtype == np.float32
    assert losses.cross_entropy(y, np.zeros((5, 3), int)).dy.dtype == np.float32
    assert losses.squared_error(y, y * 0).dy.dtype == np.float32
    tree = (y,)
    assert optim.sgd(tree, tree, 0.1)[0].dtype == np.float32
    assert optim.adam(tree, tree, optim.adam_start(tree), 0.1)[0][0].dtype == np.float32
    assert optim.clip(tree, 0.1)[0][0].dtype == np.float32


def test_sgd_goes_down_the_slope():
    before = (np.array([1.0, 2.0]), readout.Params(np.ones((1, 1)), np.ones((1, 1))))
    slope = optim.each(lambda a: a * 2, before)
    after = optim.sgd(before, slope, 0.25)
    assert isinstance(after[1], readout.Params)
    np.testing.assert_array_equal(after[0], [0.5, 1.0])
    np.testing.assert_array_equal(before[0], [1.0, 2.0])


def test_adam_is_its_algorithm():
    """Three steps on one number against the algorithm written out."""
    params, state, m, v, p = (np.array([1.0]),), None, 0.0, 0.0, 1.0
    state = optim.adam_start(params)
    for t, g in enumerate([0.5, -2.0, 3.0], start=1):
        params, state = optim.adam(params, (np.array([g]),), state, 0.1)
        m, v = 0.9 * m + 0.1 * g, 0.999 * v + 0.001 * g * g
        p -= 0.1 * (m / (1 - 0.9**t)) / (np.sqrt(v / (1 - 0.999**t)) + 1e-8)
        np.testing.assert_allclose(params[0], p, rtol=1e-14)
    assert state.t == 3
    np.testing.assert_allclose(state.m[0], m, rtol=1e-14)


def test_clipping_keeps_the_direction_and_bounds_the_length():
    grads = (np.array([3.0]), (np.array([[4.0]]),))
    clipped, norm = optim.clip(grads, 1.0)
    assert norm == 5.0 and np.isclose(optim.global_norm(clipped), 1.0)
    np.testing.assert_allclose([clipped[0][0], clipped[1][0][0, 0]], [0.6, 0.8])
    untouched, norm = optim.clip(grads, 6.0)
    assert untouched[0][0] == 3.0 and norm == 5.0
    untouched[0][0] = 9.0  # the caller's own
    assert grads[0][0] == 3.0
    assert optim.global_norm((np.full(10, 1e30, np.float32),)) > 3e30


@pytest.mark.parametrize("size", [1e-310, 1e-200, 1e-30, 1.0, 1e155, 1e200, 4e307, 1.7e308])
def test_a_gradient_of_any_size_has_its_length_and_is_clipped_in_its_direction(size):
    grads = (np.array([3.0]) / 5 * size, (np.array([[-4.0, 0.0]]) / 5 * size,))
    with np.errstate(over="raise", invalid="raise"):
        assert optim.global_norm(grads) == pytest.approx(size, rel=1e-12)
        clipped, norm = optim.clip(grads, size / 8)
    assert norm == pytest.approx(size, rel=1e-12)
    np.testing.assert_allclose(clipped[0] / size, [0.075], rtol=1e-12)
    np.testing.assert_allclose(clipped[1][0] / size, [[-0.1, 0.0]], rtol=1e-12)
    one = (np.float32([size]) if 1e-30 <= size < 1e38 else np.array([size]),)
    assert optim.clip(one, size / 2)[0][0] == pytest.approx(size / 2)


def test_what_is_too_small_for_a_float_is_zero_also_where_numpy_is_told_to_raise():
    params, grads = (np.ones(2),), (np.array([1e-200, 1e200]),)
    with np.errstate(all="raise"):
        assert optim.global_norm(grads) == 1e200
        (clipped,), _ = optim.clip(grads, 1.0)
        moved, state = optim.adam(params, (clipped,), optim.adam_start(params), 0.1)
        moved, _ = optim.adam(moved, (clipped,), state, 0.1)
        assert optim.clip((np.array([5e-324, 5e-324]),), 5e-324)[1] == 5e-324
    assert clipped.tolist() == [0, 1] and moved[0][0] == 1


def test_a_length_that_no_float_holds_is_infinite_and_still_clipped():
    clipped, norm = optim.clip((np.full(4, 1.5e308),), 1.0)
    assert norm == np.inf == optim.global_norm((np.full(4, 1.5e308),))
    np.testing.assert_allclose(clipped[0], 0.5)


def test_adams_step_is_as_long_as_it_should_be_whatever_the_gradients_size():
    for dtype, sizes in (("f4", (1e-38, 1e-25, 1e-6, 1e19, 1e30, 3e38)), ("f8", (1e-100, 1e150))):
        for size in sizes:
            params = (np.array([1.0], dtype),)
            grads = (np.array([size], dtype),)
            moved, state = optim.adam(params, grads, optim.adam_start(params), 0.5, eps=1e-145)
            assert moved[0] == pytest.approx(0.5) and moved[0].dtype == dtype, size
            again, _ = optim.adam(moved, grads, state, 0.5, eps=1e-145)
            assert again[0] == pytest.approx(0.0, abs=1e-6) and again[0].dtype == dtype


def test_a_gradient_whose_square_no_float_holds_is_refused_and_not_taken_as_no_step():
    params = (np.array([1.0]),)
    with pytest.raises(ValueError, match="grads: expected entries with a finite square"):
        optim.adam(params, (np.array([1e200]),), optim.adam_start(params), 0.1)
    with pytest.raises(ValueError, match="eps: expected"):
        optim.adam(params, (np.array([0.0]),), optim.adam_start(params), 0.1, eps=0)


def test_what_is_optimized_keeps_its_dtype():
    params, grads = (np.ones(3, "f4"), [1, 2]), (np.ones(3), np.ones(2))
    start = optim.adam_start(params)
    for moved in (optim.sgd(params, grads, 0.5), optim.adam(params, grads, start, 0.5)[0]):
        assert [part.dtype for part in moved] == ["f4", "f8"]
    assert [part.dtype for part in start.m] == ["f4", "f8"]


def test_hello_is_hello():
    x, targets, mask = tasks.hello()
    letters = [tasks.HELLO[k] for k in x[:, :, 0].argmax(axis=1)]
    assert "".join(letters) == "hell" and mask is None
    assert "".join(tasks.HELLO[k] for k in targets[:, 0]) == "ello"
    assert (x.sum(axis=1) == 1).all()


def test_delayed_recall_asks_for_the_first_symbol_after_the_gap():
    x, targets, mask = tasks.delayed_recall(rng(), 6, 50, symbols=4, distractors=3)
    assert x.shape == (8, 8, 50) and (x.sum(axis=1) == 1).all()
    rows = x.argmax(axis=1)
    assert (rows[0] < 4).all() and set(rows[0]) == set(range(4))
    assert ((rows[1:-1] >= 4) & (rows[1:-1] < 7)).all()
    assert (rows[-1] == 7).all()
    assert (targets[-1] == rows[0]).all() and mask.sum() == 50 and mask[-1].all()


def test_adding_marks_one_number_in_each_half():
    x, targets, mask = tasks.adding(rng(), 9, 500)
    marks = x[:, 1]
    assert (marks[:4].sum(axis=0) == 1).all() and (marks[4:].sum(axis=0) == 1).all()
    np.testing.assert_allclose(targets[-1, 0], (x[:, 0] * marks).sum(axis=0))
    assert mask.sum() == 500 and mask[-1].all()
    assert abs(((targets[-1] - 1) ** 2).mean() - 1 / 6) < 0.02  # the baseline


def test_update_asks_for_the_symbol_flagged_last():
    x, targets, mask = tasks.update(rng(), 30, 500, symbols=3)
    symbols, flags = x[:, :3], x[:, 3]
    assert x.shape == (30, 4, 500) and (symbols.sum(axis=1) == 1).all()
    assert (flags[0] == 1).all() and abs(flags[1:].mean() - 0.2) < 0.02
    asked = [None] * 500
    for now, flag, target in zip(symbols.argmax(axis=1), flags, targets, strict=True):
        asked = [s if f else old for s, f, old in zip(now, flag, asked, strict=True)]
        assert (target == asked).all()
    assert mask.sum() == 500 and mask[-1].all()
    assert abs((targets[-1] == 0).mean() - 1 / 3) < 0.07  # the baseline


def test_flags_may_be_rarer():
    flags = tasks.update(rng(), 100, 500, flags=0.02).x[:, 4]
    assert (flags[0] == 1).all() and abs(flags[1:].mean() - 0.02) < 0.003


def test_running_sum_asks_for_the_sum_from_the_last_mark_on():
    x, targets, mask = tasks.running_sum(rng(), 30, 4000)
    number, mark = x.swapaxes(0, 1)
    assert x.shape == (30, 2, 4000) and targets.shape == (30, 1, 4000) and mask is None
    assert -1 <= number.min() < -0.99 and 0.99 < number.max() < 1
    assert (mark[0] == 1).all() and abs(mark[1:].mean() - 0.1) < 0.005
    for column in range(50):
        total = 0
        for t in range(30):
            total = number[t, column] + (0 if mark[t, column] else total)
            assert np.isclose(targets[t, 0, column], total)
    variance = tasks.running_sum_variance(30)
    assert np.isclose((targets**2).mean(), variance, rtol=0.05)
    assert np.isclose(tasks.baseline(tasks.Batch(x, targets, mask)), variance, rtol=0.05)
    assert np.isclose(tasks.running_sum_variance(3, marks=1), 1 / 3)


def test_balance_asks_at_every_second_step_whether_ups_and_downs_are_as_many():
    x, targets, mask = tasks.balance(rng(), 9, 4000)
    assert x.shape == (9, 2, 4000) and (x.sum(axis=1) == 1).all()
    assert mask[1::2].all() and not mask[::2].any()
    level = np.cumsum(x[:, 0] - x[:, 1], axis=0)
    np.testing.assert_array_equal(targets == 1, level == 0)
    for k in (1, 2, 3, 4):  # the baseline
        assert abs(targets[2 * k - 1].mean() - math.comb(2 * k, k) / 4**k) < 0.03


def test_parity_asks_whether_the_ones_are_odd():
    x, targets, mask = tasks.parity(rng(), 20, 500)
    assert x.shape == (20, 1, 500) and set(x.ravel()) == {0, 1} and mask is None
    np.testing.assert_array_equal(targets, x[:, 0].cumsum(axis=0) % 2)
    assert abs(targets.mean() - 0.5) < 0.02  # the baseline


def test_permutations_asks_how_three_things_lie_after_all_that_was_done():
    x, targets, mask = tasks.permutations(rng(), 12, 500)
    assert x.shape == (12, 6, 500) and (x.sum(axis=1) == 1).all() and mask is None
    for column in range(50):
        lie = "abc"
        for step, target in zip(x[:, :, column], targets[:, column], strict=True):
            lie = "".join(lie[k] for k in tasks.ORDERS[step.argmax()])
            assert lie == "".join("abc"[k] for k in tasks.ORDERS[target])
    assert np.bincount(targets.ravel(), minlength=6).min() > 500 * 12 / 6 * 0.9  # the baseline


def test_copy_asks_for_the_symbols_in_their_order():
    x, targets, mask = tasks.copy(rng(), 5, 500, length=3, symbols=4)
    rows = x.argmax(axis=1)
    assert x.shape == (11, 6, 500) and (x.sum(axis=1) == 1).all()
    assert (rows[:3] < 4).all() and (rows[3:8] == 4).all() and (rows[8:] == 5).all()
    assert mask[8:].all() and not mask[:8].any()
    np.testing.assert_array_equal(targets[8:], rows[:3])
    assert abs((targets[8:] == 0).mean() - 1 / 4) < 0.04  # the baseline


def test_counting_asks_at_each_b_whether_the_word_ends():
    x, targets, mask = tasks.counting(rng(), 6, 300)
    assert x.shape == (12, 2, 300)
    ends, asked = 0, 0
    for column in range(300):
        word = "".join("ab-"[2 if not step.any() else step.argmax()] for step in x[:, :, column])
        a, b = word.count("a"), word.count("b")
        assert a == b and word == "a" * a + "b" * b + "-" * (12 - a - b)
        judged = targets[mask[:, column], column].tolist()
        assert judged == [0] * (b - 1) + [1] and mask[a : a + b, column].all()
        ends, asked = ends + 1, asked + b
    assert set(mask.sum(axis=0)) == {1, 2, 3, 4, 5, 6}
    assert abs((asked - ends) / asked - 5 / 7) < 0.03  # the baseline
    assert tasks.anbn([3]).x.shape == (6, 2, 1)


def test_digits_are_read_from_the_top_left():
    rows = {part: tasks.digits("rows", part) for part in tasks.PARTS}
    assert [rows[part].x.shape for part in tasks.PARTS] == [(8, 8, n) for n in (1000, 297, 500)]
    x, targets, mask = rows["train"]
    assert x.min() == 0 and x.max() == 1 and mask[-1].all() and not mask[:-1].any()
    assert targets[-1, :10].tolist() == list(range(10)) and (targets == targets[0]).all()
    assert (x[:, :, 0] * 16)[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]  # the first row of a zero
    pixels = tasks.digits("pixels")
    assert pixels.x.shape == (64, 1, 1000) and pixels.mask.sum() == 1000
    np.testing.assert_array_equal(pixels.x[:, 0].reshape(8, 8, 1000), x)
    pictures = np.concatenate([rows[part].x.reshape(64, -1).T for part in tasks.PARTS])
    assert len(np.unique(pictures, axis=0)) == 1797  # no picture is in two parts
    x[:] = 5
    assert tasks.digits().x.max() == 1  # the caller's copy


def test_columns_are_drawn_without_repeating_one():
    whole = tasks.digits("rows", "test")
    some = tasks.draw(rng(), whole, 500)
    order = np.lexsort(some.x.reshape(64, -1)), np.lexsort(whole.x.reshape(64, -1))
    np.testing.assert_array_equal(some.x[..., order[0]], whole.x[..., order[1]])
    np.testing.assert_array_equal(some.targets[:, order[0]], whole.targets[:, order[1]])
    few = tasks.draw(rng(1), tasks.prose(rng(), 5, 9), 3)
    assert few.x.shape == (5, len(tasks.PROSE), 3) and few.mask is None


def test_prose_asks_for_the_next_character():
    x, targets, mask = tasks.prose(rng(), 30, 40)
    assert x.shape == (30, len(tasks.PROSE), 40) and targets.shape == (30, 40) and mask is None
    assert (x.sum(axis=1) == 1).all()
    np.testing.assert_array_equal(x.argmax(axis=1)[1:], targets[:-1])
    text = (tasks.DATA / "prose.txt").read_text(encoding="utf-8")
    assert sorted(set(text)) == list(tasks.PROSE)
    parts = ["".join(tasks.PROSE[k] for k in tasks.prose_part(part)) for part in tasks.PARTS]
    read = text.splitlines(keepends=True)
    assert parts[1] == "".join(read[8::10]) and parts[2] == "".join(read[9::10])
    assert sum(map(len, parts)) == len(text)
    assert "".join(tasks.PROSE[k] for k in targets[:, 0]) in parts[0]
    whole = tasks.prose_part("validation")
    only = tasks.prose(rng(), len(whole) - 1, 8, "validation")  # one window is so long
    np.testing.assert_array_equal(only.targets.T, np.tile(whole[1:], (8, 1)))


def test_counting_letters_foretells_some_of_the_prose():
    unigrams, bigrams = tasks.prose_entropy(0), tasks.prose_entropy(1)
    assert 2 < bigrams < unigrams - 0.3 < unigrams < np.log(len(tasks.PROSE)) - 0.5
    text = tasks.prose_part("train")
    share = np.unique_counts(text[1:]).counts / (len(text) - 1)
    entropy = -(share * np.log(share)).sum()
    assert abs(tasks.prose_entropy(0, "train") - entropy) < 1e-3
    pairs, firsts, V = Counter(pairwise(text)), Counter(text[:-1]), len(tasks.PROSE)
    for part in tasks.PARTS:  # counted in the part to train with, whatever is judged
        judged = [(pairs[a, b] + 1) / (firsts[a] + V) for a, b in pairwise(tasks.prose_part(part))]
        assert np.isclose(tasks.prose_entropy(1, part), -np.log(judged).mean())


def test_counting_longer_groups_foretells_more_of_the_prose():
    windows = tasks.prose(rng(), 50, 60, "test")
    lost = [tasks.ngrams(order, windows) for order in (1, 2, 3, 4)]
    assert lost == sorted(lost, reverse=True) and 1.3 < lost[3] < 1.6 < 2 < lost[1] < 2.5
    V, text = len(tasks.PROSE), tasks.prose_part("train").tolist()
    singles, pairs = Counter(text), Counter(pairwise(text))

    def one(letter):
        return (singles[letter] + len(singles) / V) / (len(text) + len(singles))

    def two(before, letter):
        kinds = sum(pairs[before, b] > 0 for b in range(V))
        seen = sum(pairs[before, b] for b in range(V))
        return (
            (pairs[before, letter] + kinds * one(letter)) / (seen + kinds) if kinds else one(letter)
        )

    seen, wanted = windows.x.argmax(axis=1), windows.targets
    assert np.isclose(lost[0], np.mean([-np.log(one(k)) for k in wanted.ravel()]))
    judged = [-np.log(two(*pair)) for pair in zip(seen.ravel(), wanted.ravel(), strict=True)]
    assert np.isclose(lost[1], np.mean(judged))
    first = windows._replace(
        x=windows.x[:1], targets=wanted[:1]
    )  # one letter is all there is before
    assert np.isclose(tasks.ngrams(4, first), tasks.ngrams(2, first))
    three = windows._replace(x=windows.x[:3], targets=wanted[:3])
    assert np.isclose(tasks.ngrams(4, three), tasks.ngrams(6, three))
    chances = [tasks.chance(tasks.counted_groups(3), (5, 9), letter) for letter in range(V)]
    assert np.isclose(sum(chances), 1)


def test_the_baseline_is_the_best_answer_that_never_looks():
    for batch, expected, near in (
        (tasks.delayed_recall(rng(), 3, 4000), 1 / 8, 0.02),
        (tasks.adding(rng(), 9, 4000), 1 / 6, 0.02),
        (tasks.update(rng(), 9, 4000), 1 / 4, 0.02),
        (tasks.copy(rng(), 3, 4000), 1 / 4, 0.02),
        (tasks.counting(rng(), 6, 4000), 5 / 7, 0.02),
        (tasks.parity(rng(), 9, 4000), 1 / 2, 0.02),
        (tasks.permutations(rng(), 9, 4000), 1 / 6, 0.02),
        (tasks.balance(rng(), 4, 4000), 1 - (1 / 2 + 6 / 16) / 2, 0.02),
        (tasks.digits("rows", "test"), 1 / 10, 0.02),
        (tasks.hello(), 1 / 2, 0),
    ):
        assert abs(tasks.baseline(batch) - expected) <= near
    values, mask = np.array([[[9.0, 9.0]], [[1.0, 3.0]]]), np.array([[False, False], [True, True]])
    assert tasks.baseline(tasks.Batch(values, values, mask)) == 1


SEEDED = (
    tasks.delayed_recall,
    tasks.adding,
    tasks.update,
    tasks.running_sum,
    tasks.balance,
    tasks.parity,
    tasks.permutations,
    tasks.copy,
    tasks.prose,
)


def test_tasks_repeat_with_their_seed():
    drawn = [lambda rng, length, batch: tasks.draw(rng, tasks.digits(), batch), tasks.counting]
    for make in (*SEEDED, *drawn):
        first, again, other = make(rng(1), 5, 4), make(rng(1), 5, 4), make(rng(2), 5, 4)
        np.testing.assert_array_equal(first.x, again.x)
        assert first.x.shape != other.x.shape or (first.x != other.x).any()


def test_every_file_of_data_is_installed_and_has_its_source_written_beside_it():
    told = (tasks.DATA / "SOURCES.txt").read_text(encoding="utf-8")
    for path in tasks.DATA.iterdir():
        assert path.suffix in (".npz", ".txt") and (path.name in told or path.name == "SOURCES.txt")


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_the_whole_models_gradient_agrees_with_finite_differences(cell):
    model = train.init_model(cell, rng(), 4, 3, 4)
    batch = tasks.hello()
    learned = train.slopes(model, batch).learned
    for part, place in (("params", 0), ("readout", 1)):
        params = getattr(model, part)
        for name in params._fields:

            def loss(value, part=part, params=params, name=name):
                moved = model._replace(**{part: params._replace(**{name: value})})
                return train.slopes(moved, batch).value

            numeric = by_differences(loss, getattr(params, name))
            assert mismatch(getattr(learned[place], name), numeric) <= EXACT


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
@pytest.mark.parametrize("seed", range(3))
def test_every_cell_learns_to_spell_hello(cell, seed):
    start = train.init_model(cell, rng(seed), 4, 8, 4)
    model, history, norms = train.fit(start, tasks.hello(), 150)
    assert train.spell(model, "h", 5, tasks.HELLO) == "hello"
    assert train.accuracy(model, tasks.hello()) == 1.0
    assert history[-1] < 0.1 * history[0] and len(history) == len(norms) == 150
    again = train.fit(start, tasks.hello(), 150)
    np.testing.assert_array_equal(history, again.losses)


@pytest.mark.parametrize("max_norm", [0.05, None], ids=["clipped", "free"])
def test_training_is_slopes_then_clipping_then_adam(max_norm):
    start = train.init_model(lstm, rng(), 4, 3, 4)
    fit = train.fit(start, tasks.hello(), 5, learning_rate=0.1, max_norm=max_norm)
    learned = (start.params, start.readout)
    state = optim.adam_start(learned)
    for step in range(5):
        value, grads, _ = train.slopes(train.Model(lstm, *learned), tasks.hello())
        assert np.isclose(fit.losses[step], value)
        assert np.isclose(fit.norms[step], optim.global_norm(grads)) and fit.norms[step] > 0.05
        if max_norm is not None:
            grads, _ = optim.clip(grads, max_norm)
        learned, state = optim.adam(learned, grads, state, 0.1)
    np.testing.assert_allclose(fit.model.params.W, learned[0].W, rtol=1e-12)
    np.testing.assert_allclose(fit.model.readout.b, learned[1].b, rtol=1e-12)


def test_training_stops_where_it_is_told_to():
    start = train.init_model(lstm, rng(), 4, 8, 4)
    fit = train.fit(start, tasks.hello(), 500, stop_below=0.2)
    assert len(fit.losses) < 500 and fit.losses[-20:].mean() < 0.2 <= fit.losses[-21:-1].mean()


def test_batches_may_be_made_on_the_way():
    stream = rng(5)
    start = train.init_model(lstm, rng(), 17, 8, 8, forget_bias=2.0, dtype=np.float32)
    fit = train.fit(start, lambda: tasks.delayed_recall(stream, 2, 16), 300)
    assert fit.model.params.W.dtype == np.float32
    assert train.accuracy(fit.model, tasks.delayed_recall(rng(6), 2, 200)) == 1.0


def test_a_frozen_part_stays_what_it_is_and_the_other_learns():
    model, batch = train.init_model(gru, rng(0), 4, 6, 4), tasks.hello()
    for frozen in ("cell", "readout"):
        fit = train.fit(model, batch, 3, frozen=frozen)
        stood = {
            "cell": all(
                (a == b).all() for a, b in zip(fit.model.params, model.params, strict=True)
            ),
            "readout": all(
                (a == b).all() for a, b in zip(fit.model.readout, model.readout, strict=True)
            ),
        }
        assert stood == {"cell": frozen == "cell", "readout": frozen == "readout"}
        own = train.slopes(model, batch).learned[frozen == "cell"]
        assert fit.norms[0] == pytest.approx(optim.global_norm(own))
    for frozen in ("cells", "", True, ["cell"], np.array(["cell", "readout"])):
        with pytest.raises(ValueError, match="frozen: expected 'cell', 'readout' or None, got"):
            train.fit(model, batch, 1, frozen=frozen)


def test_carry_may_be_numpys_own_true_or_false():
    model, x = train.init_model(gru, rng(), 3, 4, 2), rng().normal(size=(4, 3, 2))
    batch = tasks.Batch(x, np.zeros((4, 2), int), None)
    for carry in (False, True):
        fits = [train.fit(model, batch, 2, carry=kind(carry)) for kind in (bool, np.bool_)]
        np.testing.assert_array_equal(fits[0].losses, fits[1].losses)


def test_accuracy_counts_only_what_is_judged():
    model = train.init_model(lstm, rng(), 17, 8, 8)
    batch = tasks.delayed_recall(rng(6), 2, 200)
    y = train.run(model, batch.x).y
    right = (y[-1].argmax(axis=0) == batch.targets[-1]).mean()
    assert train.accuracy(model, batch) == right


@pytest.mark.parametrize("cell", GATED, ids=IDS)
def test_gates_can_be_held_in_a_model(cell):
    model = train.init_model(cell, rng(), 4, 8, 4)
    gate = cell.Gates._fields[1]
    trace, _ = train.run(model, tasks.hello().x, hold={gate: 0.5})
    assert (getattr(trace.gates, gate) == 0.5).all()
    held = train.fit(model, tasks.hello(), 2, hold={gate: 0.5}).model
    rows = slice(8, 16)
    np.testing.assert_array_equal(held.params.W[rows], model.params.W[rows])
    assert train.spell(model, "h", 3, "helo", hold={gate: 0.5})[0] == "h"


def test_letters_are_drawn_with_the_probabilities_of_the_temperature():
    """The first letter drawn after h, 4,000 times, against softmax(y / temperature)."""
    rng = np.random.default_rng(0)
    model = train.init_model(lstm, rng, 4, 8, 4)
    y = 3 * train.run(model, tasks.one_hot("h", "helo")).y[0]
    model = model._replace(readout=type(model.readout)(*(3 * part for part in model.readout)))
    for temperature in (0.5, 1.0, 2.0):
        drawn = [train.spell(model, "h", 2, "helo", None, temperature, rng)[1] for _ in range(4000)]
        share = np.array([drawn.count(letter) for letter in "helo"]) / 4000
        p = losses.softmax(y / temperature)[:, 0]
        assert (abs(share - p) < 4 * np.sqrt(p * (1 - p) / 4000)).all()
    likeliest = train.spell(model, "h", 9, "helo")
    for cold in (1e-6, 1e-310):
        assert likeliest == train.spell(model, "h", 9, "helo", None, cold, rng)
    seeds = (np.random.default_rng(7) for _ in range(2))
    assert len({train.spell(model, "h", 30, "helo", None, 1.0, seed) for seed in seeds}) == 1


@pytest.mark.parametrize("temperature", [-1, np.inf, np.nan])
def test_a_temperature_below_0_or_without_end_is_refused(temperature):
    model = train.init_model(lstm, np.random.default_rng(0), 4, 8, 4)
    with pytest.raises(ValueError, match="temperature: expected"):
        train.spell(model, "h", 3, "helo", None, temperature, np.random.default_rng(0))
    with pytest.raises(TypeError, match="rng"):
        train.spell(model, "h", 3, "helo", temperature=1.0)


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
@pytest.mark.parametrize("T", [0, 1, 7, 10])
def test_states_alone_are_those_of_a_run(cell, T):
    rng = np.random.default_rng(0)
    model = train.init_model(cell, rng, 3, 4, 2)
    x = rng.normal(size=(T, 3, 5))
    start = cell.State(*rng.normal(size=(len(cell.State._fields), 4, 5)))
    holds = [None]
    if cell in GATED:
        values = np.where(rng.random((T, 4, 5)) < 0.5, rng.random((T, 4, 5)), np.nan)
        holds += [{cell.Gates._fields[0]: 0.5}, {cell.Gates._fields[0]: values}]
    for hold in holds:
        whole = train.run(model, x, start, hold).trace.states
        for part, expected in zip(train.states(model, x, start, hold, 3), whole, strict=True):
            np.testing.assert_array_equal(part, expected)


@pytest.mark.parametrize("cell", GATED, ids=IDS)
def test_states_alone_take_less_than_half_of_a_runs_memory(cell):
    rng = np.random.default_rng(0)
    model = train.init_model(cell, rng, 16, 16, 2)
    x = rng.normal(size=(1000, 16, 8))

    def peak(run):
        tracemalloc.start()
        run(model, x)
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    assert peak(train.states) < 0.5 * peak(lambda model, x: model.cell.forward(model.params, x))


def test_the_progress_bar_leaves_nothing_in_a_notebook(capsys):
    train.fit(train.init_model(lstm, rng(), 4, 3, 4), tasks.hello(), 3)
    said = capsys.readouterr()
    assert said.out == said.err == ""


def test_a_training_whose_gradient_is_huge_does_not_stand_still():
    start = train.init_model(rnn, rng(), 4, 3, 4)
    loud = tasks.Batch(tasks.hello().x, np.full((4, 4, 1), 1e152), None)
    fit = train.fit(start, loud, 3, loss=losses.squared_error)
    assert (fit.norms > 1e151).all() and np.isfinite(fit.norms).all()
    moved = np.abs(fit.model.readout.b - start.readout.b)
    np.testing.assert_allclose(moved, 3e-2, rtol=1e-3)


LENGTHS = np.array([3, 6, 0, 1, 6])


def padded(cell, seed=0):
    """(params, x, state, lengths): five sequences of a cell, zeros after their ends."""
    params, x, state = case(cell, T=6, B=5, seed=seed)
    return params, x * (np.arange(6)[:, None, None] < LENGTHS), state, LENGTHS


def alone(record, b, n=None):
    """One column of a record's arrays (of its first n steps)."""
    return type(record)(*(part[..., b : b + 1][:n] for part in record))


@pytest.mark.parametrize("cell", FAMILY, ids=lambda cell: cell.__name__)
def test_the_last_state_of_a_short_sequence_is_that_of_its_run_without_padding(cell):
    params, x, state, lengths = padded(cell)
    found = train.last(cell.forward(params, x, state).states, lengths)
    assert type(found) is cell.State
    for b, n in enumerate(lengths):
        run = cell.forward(params, x[:n, :, b : b + 1], alone(state, b))
        for part, whole in zip(found, run.states, strict=True):
            np.testing.assert_allclose(part[:, b : b + 1], whole[-1], rtol=1e-12, atol=1e-14)
    model = train.Model(cell, params, readout.init_params(rng(), 4, 2))
    again = train.last(train.states(model, x, state), list(map(int, lengths)))
    np.testing.assert_allclose(again.h, found.h, rtol=1e-12)


@pytest.mark.parametrize("held", [False, True], ids=["free", "held"])
@pytest.mark.parametrize("cell", FAMILY, ids=lambda cell: cell.__name__)
def test_the_way_back_from_the_last_states_is_that_of_the_runs_without_padding(cell, held):
    params, x, state, lengths = padded(cell)
    hold = None
    if held:
        if not getattr(cell, "Gates", None):
            return  # nothing to hold
        gate = cell.Gates._fields[0]
        values = np.where(rng(5).random((6, 4, 5)) < 0.3, 0.4, np.nan)
        hold = {gate: values}
    dlast, dh = states(cell, 4, 5, seed=7), rng(8).normal(size=(6, 4, 5))
    trace = cell.forward(params, x, state, hold)
    for dh_given, dlast_given in ((dh, dlast), (None, dlast), (dh, None)):
        back = train.last_backward(cell, params, trace, lengths, dlast_given, dh_given)
        total = [np.zeros_like(part) for part in params]
        for b, n in enumerate(lengths):
            own = hold and {gate: values[:n, :, b : b + 1]}
            run = cell.forward(params, x[:n, :, b : b + 1], alone(state, b), own)
            end = dlast_given and alone(dlast, b)
            own_dh = np.zeros((n, 4, 1)) if dh_given is None else dh[:n, :, b : b + 1]
            one = cell.backward(params, run, own_dh, end)
            total = [sum(pair) for pair in zip(total, one.params, strict=True)]
            np.testing.assert_allclose(back.x[:n, :, b : b + 1], one.x, rtol=1e-12, atol=1e-14)
            assert not back.x[n:, :, b].any()
            for part, whole in zip(back.states, one.states, strict=True):
                np.testing.assert_allclose(part[: n + 1, :, b : b + 1], whole, rtol=1e-12)
                assert not part[n + 1 :, :, b].any()
        for part, whole in zip(back.params, total, strict=True):
            np.testing.assert_allclose(part, whole, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_a_mask_over_the_lengths_trains_a_padded_batch_as_its_sequences_alone(cell):
    params, x, _, lengths = padded(cell)
    model = train.Model(cell, params, readout.init_params(rng(), 4, 2))
    targets, mask = rng(9).normal(size=(6, 2, 5)), np.arange(6)[:, None] < lengths
    whole = train.slopes(model, tasks.Batch(x, targets, mask), losses.squared_error)
    total, value = np.zeros_like(params.W), 0.0
    for b, n in enumerate(lengths):
        if n:
            one = tasks.Batch(x[:n, :, b : b + 1], targets[:n, :, b : b + 1], None)
            found = train.slopes(model, one, losses.squared_error)
            total += found.learned[0].W * n / lengths.sum()
            value += found.value * n / lengths.sum()
    np.testing.assert_allclose(whole.value, value, rtol=1e-12)
    np.testing.assert_allclose(whole.learned[0].W, total, rtol=1e-12, atol=1e-14)


def pieces(T, B, sizes, seed=0):
    """A Batch of T steps, and the same in pieces of these sizes."""
    x, targets = rng(seed).normal(size=(T, 3, B)), rng(seed + 1).normal(size=(T, 2, B))
    ends = np.cumsum(sizes)[:-1]
    parts = zip(np.split(x, ends), np.split(targets, ends), strict=True)
    return tasks.Batch(x, targets, None), [tasks.Batch(*part, None) for part in parts]


@pytest.mark.parametrize("cell", FAMILY, ids=lambda cell: cell.__name__)
def test_a_carried_state_makes_of_pieces_one_sequence_and_stops_the_gradient_between(cell):
    whole, parts = pieces(9, 4, (4, 2, 3))
    model, start = train.init_model(cell, rng(3), 3, 5, 2), states(cell, 5, 4, seed=4)
    protocol = dict(learning_rate=0.0, loss=losses.squared_error, state=start)
    fit = train.fit(model, iter(parts).__next__, 3, carry=True, **protocol)
    states_of = train.states(model, whole.x, start)
    for k, (part, at) in enumerate(zip(parts, (0, 4, 6), strict=True)):
        here = cell.State(*(run[at] for run in states_of))
        one = train.slopes(model, part, losses.squared_error, state=here)
        assert fit.losses[k] == pytest.approx(one.value, rel=1e-12)
        assert fit.norms[k] == pytest.approx(optim.global_norm(one.learned), rel=1e-12)
    weights = np.array([4, 2, 3]) / 9
    mean = train.slopes(model, whole, losses.squared_error, state=start).value
    assert fit.losses @ weights == pytest.approx(mean, rel=1e-12)
    afresh = train.fit(model, iter(parts).__next__, 3, **protocol)
    assert afresh.losses[0] == fit.losses[0] and (afresh.losses[1:] != fit.losses[1:]).all()


def test_a_sequence_that_begins_within_a_carried_batch_begins_at_the_start_and_not_where_another_ended():
    whole, parts = pieces(6, 3, (3, 3))
    model, start = train.init_model(lstm, rng(3), 3, 5, 2), states(lstm, 5, 3, seed=4)
    for begin in (start, None):
        asked = iter([np.zeros(3, bool), np.array([True, False, True])])
        fit = train.fit(
            model,
            iter(parts).__next__,
            2,
            learning_rate=0.0,
            loss=losses.squared_error,
            state=begin,
            carry=asked.__next__,
        )
        first = train.states(model, parts[0].x, begin)
        zeros = lstm.zero_state(model.params, 3)
        here = lstm.State(*(part[-1].copy() for part in first))
        for part, fresh in zip(here, begin or zeros, strict=True):
            part[:, 1] = fresh[:, 1]
        one = train.slopes(model, parts[1], losses.squared_error, state=here)
        assert fit.losses[1] == pytest.approx(one.value, rel=1e-12)


def test_another_number_of_sequences_may_begin_but_not_go_on():
    model = train.init_model(gru, rng(), 3, 4, 2)
    batches = [pieces(4, B, (4,))[0] for B in (2, 3)]
    protocol = dict(steps=2, loss=losses.squared_error)
    with pytest.raises(ValueError, match="batch: expected 2 sequences, as before, to go on, got 3"):
        train.fit(model, iter(batches).__next__, carry=True, **protocol)
    none = iter([np.zeros(2, bool), np.zeros(3, bool)])
    afresh = train.fit(model, iter(batches).__next__, carry=none.__next__, **protocol)
    np.testing.assert_array_equal(
        afresh.losses, train.fit(model, iter(batches).__next__, **protocol).losses
    )


def records(cell):
    """A record of every kind that the book has, of one cell."""
    model = train.init_model(cell, rng(), 4, 3, 4)
    run, slopes = train.run(model, tasks.hello().x), train.slopes(model, tasks.hello())
    yield from (model, model.params, model.readout, run, run.trace, run.trace.states)
    yield from (slopes, slopes.cell, tasks.hello(), losses.cross_entropy(run.y, [[0]] * 4))
    yield from (train.fit(model, tasks.hello(), 2), laboratory.Result(1.0, 2, False, model))
    yield from (optim.adam_start(model.params), laboratory.compare([1, 2], [1, 3]))
    if run.trace.gates:
        yield run.trace.gates


def the_same(one, other):
    """Whether two trees of records hold the same, their types and their cells too."""
    if isinstance(one, tuple | dict):
        pairs = zip(*(t.items() if isinstance(t, dict) else t for t in (one, other)), strict=True)
        return type(one) is type(other) and all(the_same(*pair) for pair in pairs)
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=True)
    return one is other or one == other


@pytest.mark.parametrize("cell", FAMILY, ids=lambda cell: cell.__name__)
def test_every_record_is_the_same_after_pickling_and_copying(cell):
    for record in records(cell):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            assert the_same(pickle.loads(pickle.dumps(record, protocol)), record)
        assert the_same(copy.copy(record), record) and the_same(copy.deepcopy(record), record)
    model = train.init_model(cell, rng(), 4, 3, 4)
    deep = copy.deepcopy(model)
    assert deep.params[0] is not model.params[0] and copy.copy(model).params is model.params


@pytest.mark.parametrize("what", relatives.__all__)
def test_a_relative_is_pickled_and_copied_as_itself_and_so_are_its_functions(what):
    cell = getattr(relatives, what)
    functions = (cell.init_params, cell.zero_state, cell.step, cell.forward, cell.backward)
    for thing in (cell, *functions, cell.Trace, cell.Params):
        assert pickle.loads(pickle.dumps(thing)) is thing
    assert copy.copy(cell) is cell is copy.deepcopy(cell) and {cell: 1}[cell] == 1


def test_a_pickled_model_is_opened_by_another_process_and_what_it_cannot_find_it_names(tmp_path):
    models = [train.init_model(cell, rng(), 4, 3, 4) for cell in FAMILY]
    (tmp_path / "models").write_bytes(pickle.dumps(models))
    code = (
        "import pickle, sys; models = pickle.load(open(sys.argv[1], 'rb')); "
        "print(*(model.cell.__name__ for model in models)); "
        "from lib import tasks, train; "
        "print(*(round(train.slopes(model, tasks.hello()).value, 9) for model in models))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "models"], capture_output=True, encoding="utf-8"
    )
    names, values = done.stdout.splitlines()
    assert names.split() == [cell.__name__ for cell in FAMILY]
    here = [round(train.slopes(model, tasks.hello()).value, 9) for model in models]
    np.testing.assert_allclose(np.float64(values.split()), here, atol=2e-9)
    elsewhere = ModuleType("their_cell")
    elsewhere.__dict__.update(vars(rnn), __name__="their_cell")
    sys.modules["their_cell"] = elsewhere
    theirs = pickle.dumps(models[0]._replace(cell=elsewhere))
    assert pickle.loads(theirs).cell is elsewhere
    del sys.modules["their_cell"]
    with pytest.raises(ModuleNotFoundError, match="module that is found here, got 'their_cell'"):
        pickle.loads(theirs)


def test_a_planted_fault_can_be_copied_but_has_no_name_to_be_pickled_by():
    patient = backward_faults.plant(*backward_faults.FAULTS["tanh′ of tanh(c)"])
    model = train.init_model(patient, rng(), 4, 3, 4)
    assert copy.deepcopy(model).cell is patient is copy.copy(model).cell
    with pytest.raises(pickle.PicklingError, match="cell: expected a module to import"):
        pickle.dumps(model)


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("cell", FAMILY, ids=lambda cell: cell.__name__)
def test_a_model_that_was_saved_is_loaded_as_it_was(cell, dtype, tmp_path):
    model = train.init_model(cell, rng(), 4, 3, 4, dtype=dtype)
    train.save(tmp_path / "model", model)
    assert the_same(train.load(tmp_path / "model"), model)
    assert the_same(train.load(str(tmp_path / "model"), cell), model)
    assert [path.name for path in tmp_path.iterdir()] == ["model"]


def test_a_model_of_plain_tuples_is_saved_like_any_other(tmp_path):
    model = train.init_model(lstm, rng(), 4, 3, 4)
    plain = train.Model(lstm, tuple(model.params), tuple(model.readout))
    train.save(tmp_path / "model", plain)
    assert the_same(train.load(tmp_path / "model"), model)
    train.save(tmp_path / "model", Named(*model))
    assert the_same(train.load(tmp_path / "model"), model)


class Named(train.Model):
    """A Model of a reader's own."""


def test_a_cell_is_not_saved_under_the_name_of_another_or_none(tmp_path):
    path, start = tmp_path / "model", train.init_model(lstm, rng(), 4, 3, 4)
    mine = SimpleNamespace(**{**vars(lstm), "backward": gru.backward})
    with pytest.raises(ValueError, match="a __name__ of its own, got 'lib.lstm'"):
        train.save(path, start._replace(cell=mine))
    mine.__name__ = "mine"
    train.save(path, start._replace(cell=mine))
    assert train.load(path, mine).cell is mine
    with pytest.raises(TypeError, match="cell: expected a cell, as lib.lstm, got a str"):
        train.load(path, "mine")
    with pytest.raises(ValueError, match="or yours, as `cell`"):
        train.load(path)
    del mine.__name__
    with pytest.raises(ValueError, match="a __name__ of its own, got None"):
        train.save(path, start._replace(cell=mine))


def test_a_damaged_file_is_refused_or_read_as_it_was(tmp_path):
    path, model = tmp_path / "model", train.init_model(rnn, rng(), 2, 1, 1)
    train.save(path, model)
    with np.load(path) as file:
        np.savez_compressed(tmp_path / "packed.npz", **file)
    whole, packed = path.read_bytes(), (tmp_path / "packed.npz").read_bytes()
    contents = range(whole.index(b"PK\1\2"), len(whole), 2)  # which say how each part is to be read
    for good, places in ((whole, contents), (packed, range(60, 200, 7))):
        for place in places:
            broken = bytearray(good)
            broken[place] ^= 255
            path.write_bytes(broken)
            try:
                assert the_same(train.load(path), model)
            except ValueError as error:
                assert f"{path}: expected" in str(error)


def test_a_file_that_is_no_model_or_one_of_another_cell_is_refused(tmp_path):
    path, model = tmp_path / "model.npz", train.init_model(lstm, rng(), 4, 3, 4)
    train.save(path, model)
    with pytest.raises(ValueError, match="expected a model of lib.gru, got one of 'lib.lstm'"):
        train.load(path, gru)
    with pytest.raises(FileNotFoundError):
        train.load(tmp_path / "none.npz")
    whole, arrays = path.read_bytes(), dict(np.load(path))
    for part in (b"", b"no model", whole[:100], whole[:-30], pickle.dumps(model)):
        path.write_bytes(part)
        with pytest.raises(ValueError, match=r"model.npz: expected a file that train.save wrote"):
            train.load(path)
    wrong = {
        "expected the parts of a lib.lstm": {"params.b": None},
        "or yours, as `cell`": {"cell": "lib.tasks"},
        "params.W: expected shape": {"params.W": arrays["params.W"][1:]},
        "params.b: expected finite": {"params.b": arrays["params.b"] * np.nan},
        "h: expected shape": {"readout.W": np.ones((4, 5))},
        "expected a file that": {"cell": None},
    }
    for told, change in wrong.items():
        kept = {name: part for name, part in (arrays | change).items() if part is not None}
        np.savez(path, **kept)
        with pytest.raises(ValueError, match=re.escape(told)):
            train.load(path)
    broken = model._replace(params=model.params._replace(b=model.params.b * np.nan))
    with pytest.raises(ValueError, match="params.b: expected finite"):
        train.save(path, broken)


def test_a_file_is_not_run(tmp_path):
    class Trap:
        def __reduce__(self):
            return exec, ("raise SystemExit('a file was run')",)

    path = tmp_path / "model.npz"
    np.savez(path, cell="lib.lstm", trap=np.array([Trap()], dtype=object))
    with pytest.raises(ValueError, match="expected a file that train.save wrote"):
        train.load(path)
