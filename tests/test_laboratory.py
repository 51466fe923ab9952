"""The laboratory: one run of one cell, decided by its arguments alone."""

import doctest

import numpy as np
import pytest

from lib import gru, laboratory, lstm, rnn, tasks, train
from lib.laboratory import CHANCE, Result, recall, still_falls

SHORT = dict(gap=2, seed=0, limit=40)


def test_the_example_in_the_docstring_runs():
    assert not doctest.testmod(laboratory).failed


def counted(monkeypatch, name, module):
    """The calls of module.name, which works on as before."""
    calls, real = [], getattr(module, name)

    def spy(*args, **options):
        calls.append((args, options))
        return real(*args, **options)

    monkeypatch.setattr(module, name, spy)
    return calls


@pytest.mark.parametrize("cell", [rnn, lstm, gru], ids=["rnn", "lstm", "gru"])
def test_a_run_is_decided_by_its_arguments_alone(cell):
    np.random.seed(1)
    first = recall(cell, **SHORT)
    np.random.seed(2)
    again = recall(cell, **SHORT)
    assert again[:3] == first[:3]
    for one, other in zip(again.model.params, first.model.params, strict=True):
        np.testing.assert_array_equal(one, other)
    assert isinstance(first, Result) and 0 <= first.score <= 1


def test_another_seed_is_another_run():
    steps = {recall(rnn, 2, seed).steps for seed in range(4)}
    assert len(steps) > 1


def test_a_run_that_has_learned_stops_early_and_scores_one():
    result = recall(rnn, 2, 0)
    assert result.score == 1 and 20 <= result.steps < 300 and not result.improving


def test_a_run_without_time_to_learn_is_near_chance():
    result = recall(rnn, 40, 0, limit=1)
    assert result.steps == 1 and abs(result.score - CHANCE) < 0.15 and not result.improving


def test_only_a_run_that_the_limit_cut_off_can_be_improving():
    slow = dict(gap=5, seed=0, hidden_size=8, forget_bias=0.0)
    whole = recall(lstm, **slow)
    assert 110 < whole.steps < 300 and not whole.improving
    cut = recall(lstm, limit=whole.steps - 10, **slow)
    assert cut.steps == whole.steps - 10 and cut.improving


def test_the_limit_and_the_rate_reach_the_training(monkeypatch):
    fits = counted(monkeypatch, "fit", train)
    recall(rnn, 2, 0, limit=5, learning_rate=0.2)
    assert fits[0][0][2:] == (5, 0.2)


def test_the_model_that_comes_back_is_the_one_that_was_tested():
    result = recall(gru, 2, 0)
    fresh = np.random.default_rng([0, 1])
    test = tasks.delayed_recall(fresh, 2, 500, symbols=4, distractors=4)
    assert train.accuracy(result.model, test) == result.score


def test_the_test_sequences_come_from_a_stream_of_their_own(monkeypatch):
    calls = counted(monkeypatch, "delayed_recall", tasks)
    recall(rnn, 2, 3, limit=5, batch=7, test=90)
    streams = [args[0] for args, _ in calls]
    assert len(streams) == 6 and len(set(map(id, streams))) == 2 and streams[-1] is not streams[0]
    *trained, tested = (args[2] for args, _ in calls)
    assert set(trained) == {7} and tested == 90
    again = np.random.default_rng([3, 1])
    tasks.delayed_recall(again, 2, 90, symbols=4, distractors=4)
    assert streams[-1].bit_generator.state == again.bit_generator.state


def test_longest_gives_the_chrono_start(monkeypatch):
    calls = counted(monkeypatch, "init_model", train)
    recall(lstm, longest=50, **SHORT)
    options = calls[0][1]
    forget = options["forget_bias"]
    assert forget.shape == (16,) and (forget >= 0).all() and (forget <= np.log(49)).all()
    np.testing.assert_array_equal(options["input_bias"], -forget)


def test_held_gates_are_held_in_training_and_in_the_test(monkeypatch):
    fits, tests = counted(monkeypatch, "fit", train), counted(monkeypatch, "accuracy", train)
    hold = {"f": 1.0}
    recall(lstm, hold=hold, **SHORT)
    assert fits[0][1]["hold"] is hold and tests[0][0][2] is hold


def test_a_loss_still_falls_if_its_last_window_is_two_percent_below_the_one_before():
    window = np.ones(laboratory.WINDOW)
    assert still_falls(np.concatenate([window, 0.97 * window]))
    assert not still_falls(np.concatenate([window, 0.99 * window]))
    assert not still_falls(np.concatenate([window, 1.5 * window]))
    assert not still_falls(np.concatenate([window[1:], 0.5 * window]))  # too short to say


@pytest.mark.parametrize(
    ("call", "error", "named"),
    [
        (lambda: recall(rnn, 0, 0), ValueError, "gap"),
        (lambda: recall(rnn, 2, -1), ValueError, None),
        (lambda: recall(rnn, 2, 0.5), TypeError, None),
        (lambda: recall(rnn, 2, 0, limit=0), ValueError, "steps"),
        (lambda: recall(rnn, 2, 0, batch=0), ValueError, "batch"),
        (lambda: recall(rnn, 2, 0, limit=1, forget_bias=1.0), TypeError, "forget_bias"),
        (lambda: recall(rnn, 2, 0, limit=1, hold={"f": 1.0}), ValueError, "hold"),
        (lambda: recall(lstm, 2, 0, limit=1, longest=2), ValueError, "longest"),
    ],
)
def test_what_cannot_be_run_is_refused(call, error, named):
    with pytest.raises(error, match=named):
        call()


def recorded(**changes):
    """A made-up record {Run: Row} of one run of recall."""
    run = laboratory.Run("recall", 9, "LSTM", "chrono", "", 8, 0, 0.01, 100, 8, "test")
    row = laboratory.Row(0.5, 0.25, False, 100, False, 1, 1.0, "")
    kinds = {name: changes[name] for name in changes if name in laboratory.Row._fields}
    return {
        run._replace(**{k: changes[k] for k in changes if k not in kinds}): row._replace(**kinds)
    }


def test_reported_runs_stand_by_condition_in_the_order_of_the_book_and_by_seed():
    records = {}
    for changes in (
        dict(seed=1, score=0.1),
        dict(seed=0, score=0.9),
        dict(seed=3, part="validation"),
        dict(size=8),
        dict(limit=50, hidden_size=4),
        dict(hold="i"),
        dict(hold="if"),
        dict(cell="RNN", start="orthogonal", hidden_size=16),
        dict(cell="GRU", start="update bias -2"),
        dict(start="forget bias 1"),
    ):
        records |= recorded(**changes)
    found = laboratory.reported(records, "recall", 9)
    assert list(found) == [
        "RNN, orthogonal, H = 16",
        "LSTM, forget bias 1",
        "LSTM, chrono",
        "LSTM, chrono, i = 1",
        "LSTM, chrono, i = f = 1",
        "GRU, update bias −2",
    ]
    assert found["LSTM, chrono"].tolist() == [0.9, 0.1]
    assert laboratory.reported(records, "recall", 9, "steps")["LSTM, chrono"].tolist() == [100] * 2
    with pytest.raises(KeyError, match="adding"):
        laboratory.reported(records, "adding", 9)


def test_two_conditions_are_compared_by_means_by_an_interval_and_by_pairs():
    rng = np.random.default_rng(1)
    a, b = rng.normal(1, 1, 60), rng.normal(0, 1, 60)
    both = laboratory.compare(a, b)
    assert both.difference == pytest.approx(a.mean() - b.mean())
    error = np.sqrt(a.var() / 60 + b.var() / 60)
    assert both.low == pytest.approx(both.difference - 1.96 * error, abs=0.1 * error)
    assert both.high == pytest.approx(both.difference + 1.96 * error, abs=0.1 * error)
    assert both.ahead == pytest.approx(np.mean([x > y for x in a for y in b]))
    assert laboratory.compare([1, 1], [1, 1]) == (0, 0, 0, 0.5)


@pytest.mark.parametrize("scores", [[], [[1.0]], [np.nan]])
def test_scores_that_are_none_are_not_compared(scores):
    with pytest.raises(ValueError, match="scores: expected"):
        laboratory.compare(scores, [1.0])
