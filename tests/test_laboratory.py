"""The laboratory: one run of one cell, decided by its arguments alone."""

import doctest
import re

import numpy as np
import plans
import pytest

from lib import backward_faults, gru, laboratory, losses, lstm, relatives, rnn, tasks, train
from lib.laboratory import CHANCE, Result, recall, verdicts
from lib.laboratory.trials import WINDOW, learning, still_falls
from lib.laboratory.verdicts import runs_of

SHORT = dict(gap=2, seed=0, limit=40)
RNG = np.random.default_rng(0)  # for what draws nothing that is looked at


def test_the_example_in_the_docstring_runs():
    for module in (laboratory.trials, laboratory.comparing):
        assert doctest.testmod(module).attempted and not doctest.testmod(module).failed


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
    window = np.ones(WINDOW)
    assert still_falls(np.concatenate([window, 0.97 * window]))
    assert not still_falls(np.concatenate([window, 0.99 * window]))
    assert not still_falls(np.concatenate([window, 1.5 * window]))
    assert not still_falls(np.concatenate([window[1:], 0.5 * window]))  # too short to say
    assert not still_falls(np.full(2 * WINDOW, np.nan))


def test_noise_is_no_falling_loss():
    """Losses that lie apart as adding's of 16 sequences do when nothing is learned: 2 % below in a third of all."""
    rng = np.random.default_rng(0)
    runs = 1 / 6 + rng.normal(scale=0.05, size=(2000, 2 * WINDOW))
    below = runs[:, WINDOW:].mean(axis=1) < 0.98 * runs[:, :WINDOW].mean(axis=1)
    assert 0.3 < below.mean() < 0.45
    assert np.mean([still_falls(run) for run in runs]) < 0.035
    slow = runs - np.linspace(0, 0.08, 2 * WINDOW)  # learning, under the same noise
    assert np.mean([still_falls(run) for run in slow]) > 0.9


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


@pytest.mark.parametrize("scores", [[], [[1.0]], [np.nan], [1.0, np.inf]])
def test_scores_that_are_none_are_not_compared(scores):
    with pytest.raises(ValueError, match="scores: expected"):
        laboratory.compare(scores, [1.0])


# --- Controls


def young(cell, **start):
    """A cell's first parameters, as a trial of recall over 2 steps with seed 0 has them."""
    rng = np.random.default_rng([0, 0])
    return train.init_model(cell, rng, 9, 16, 4, **start)


def fitted(monkeypatch, cell, control, **more):
    """What `train.fit` was given for a control: (start, hold, two batches), and what it gave."""
    fits = counted(monkeypatch, "fit", train)
    result = recall(cell, control=control, **SHORT | more)
    (start, batches, *_), named = fits[-1]
    monkeypatch.undo()
    return start, named["hold"], batches, result


def test_a_gate_held_open_is_held_at_1_in_training_and_in_the_test(monkeypatch):
    tests = counted(monkeypatch, "accuracy", train)
    fits = counted(monkeypatch, "fit", train)
    recall(lstm, control="if open", **SHORT)
    assert fits[0][1]["hold"] == {"i": 1.0, "f": 1.0} == tests[0][0][2]
    assert recall(lstm, control="o", **SHORT)[:3] == recall(lstm, hold={"o": 1.0}, **SHORT)[:3]


def test_a_constant_gate_stays_where_it_is_in_the_young_cell_at_rest(monkeypatch):
    start, hold, *_ = fitted(monkeypatch, lstm, "fi constant", longest=30)
    i, f, _, _ = start.params.b.reshape(4, 16, 1)
    assert set(hold) == {"i", "f"} and f.std() > 0.3
    np.testing.assert_allclose(hold["f"], 1 / (1 + np.exp(-f)))
    np.testing.assert_allclose(hold["i"], 1 / (1 + np.exp(-i)))
    _, hold, *_ = fitted(monkeypatch, gru, "r constant")
    assert (hold["r"] == 0.5).all()
    _, hold, *_ = fitted(monkeypatch, relatives.minlstm, "f constant", forget_bias=2.0)
    np.testing.assert_allclose(
        hold["f"], 1 / (1 + 0.5 * (1 + np.exp(-2.0)))
    )  # σ(2) / (σ(2) + σ(0))


def test_a_gate_at_its_own_mean_has_that_of_the_free_twin_and_is_trained_anew(monkeypatch):
    free = recall(lstm, **SHORT, longest=30)
    start, hold, _, result = fitted(monkeypatch, lstm, "f mean", longest=30)
    x = tasks.delayed_recall(np.random.default_rng([0, 2]), 2, 500, 4, 4).x
    f = train.run(free.model, x).trace.gates.f
    np.testing.assert_allclose(hold["f"], f.mean(axis=(0, 2))[:, None])
    assert hold["f"].shape == (16, 1) and hold["f"].std() > 0.05
    bias = start.params.b[16:32]
    assert (np.exp(bias) <= 29).all() and not start.params.b[32:].any()  # the young cell again
    assert (result.model.params.W != free.model.params.W).any()


@pytest.mark.parametrize(
    ("cell", "control", "rows"),
    [(gru, "z blind", [1]), (lstm, "if blind", [0, 1]), (relatives.reset_after, "n blind", [2])],
)
def test_a_blind_gate_never_sees_the_state(cell, control, rows):
    blocks = len(cell.Gates._fields)
    result = recall(cell, control=control, **SHORT)
    W_h = result.model.params.W[:, 9:].reshape(blocks, 16, 16)
    assert [not block.any() for block in W_h] == [n in rows for n in range(blocks)]
    assert all(block.any() for block in result.model.params.W[:, :9].reshape(blocks, 16, 9))
    assert result.model.cell is cell
    free = recall(cell, **SHORT).model.params.W
    assert (result.model.params.W[:, :9] != free[:, :9]).any()


def test_a_cut_road_is_the_planted_fault():
    patient = backward_faults.plant(*backward_faults.FAULTS["δc not carried back"])
    for control, cell in (("c cut", patient), ("", lstm)):
        mine, theirs = recall(lstm, control=control, **SHORT), recall(cell, **SHORT)
        np.testing.assert_array_equal(mine.model.params.W, theirs.model.params.W)
    h, c, free = (
        recall(lstm, control=how, **SHORT).model.params.W for how in ("h cut", "c cut", "")
    )
    assert (h != c).any() and (h != free).any()


def test_shuffled_answers_are_the_neighbors_and_the_questions_stay(monkeypatch):
    _, _, batches, result = fitted(monkeypatch, lstm, "answers shuffled", limit=1)
    stream = np.random.default_rng([0, 0])
    train.init_model(lstm, stream, 9, 16, 4)
    tasks.delayed_recall(stream, 2, 16, 4, 4)  # what the one step was taught with
    real, made = tasks.delayed_recall(stream, 2, 16, 4, 4), batches()
    np.testing.assert_array_equal(made.x, real.x)
    np.testing.assert_array_equal(made.targets, np.roll(real.targets, 1, axis=1))
    long = recall(gru, 2, 0, limit=150, control="answers shuffled")
    assert long.steps == 150 and long.score < 0.5 < recall(gru, 2, 0, limit=150).score
    with pytest.raises(TypeError, match="control: expected a str"):
        recall(gru, 2, 0, control=1)


def test_placebos_teach_the_cell_nothing(monkeypatch):
    start, _, _, result = fitted(monkeypatch, lstm, "cell frozen")
    np.testing.assert_array_equal(result.model.params.W, start.params.W)
    assert (result.model.readout.W != start.readout.W).any()
    start, _, _, result = fitted(monkeypatch, lstm, "readout frozen")
    np.testing.assert_array_equal(result.model.readout.W, start.readout.W)
    assert (result.model.params.W != start.params.W).any()
    _, _, _, result = fitted(monkeypatch, lstm, "gradient random")
    other = fitted(monkeypatch, lstm, "gradient random")[3]
    np.testing.assert_array_equal(result.model.params.W, other.model.params.W)  # by the seed alone
    learner = learning(gru, "gradient", "random", np.random.default_rng(0))
    batch = tasks.delayed_recall(np.random.default_rng(0), 2, 8, 4, 4)
    model = young(gru)
    true = train.slopes(model, batch).learned[0]
    random = train.slopes(model._replace(cell=learner), batch).learned[0]
    for one, another in zip(random, true, strict=True):
        assert np.isclose(np.linalg.norm(one), np.linalg.norm(another))
        assert abs((one * another).sum()) < 0.5 * np.linalg.norm(one) ** 2


def test_a_gradient_of_any_length_is_let_through(monkeypatch):
    fits = counted(monkeypatch, "fit", train)
    recall(rnn, control="gradient unclipped", **SHORT)
    recall(rnn, **SHORT)
    assert fits[0][1]["max_norm"] is None and "max_norm" not in fits[1][1]


def gradients_of(learner, gap=5):
    """By the parameters, on one batch of recall, of a cell's first parameters."""
    model = young(learner)
    return train.slopes(
        model, tasks.delayed_recall(np.random.default_rng(0), gap, 8, 4, 4)
    ).learned[0]


def test_a_random_direction_is_always_the_same_and_of_the_gradients_length():
    for what, same in (("direction", True), ("gradient", False)):
        learner = learning(gru, what, "random", np.random.default_rng(0))
        one, other = gradients_of(learner), gradients_of(learner)
        assert (one.W == other.W).all() == same
        assert np.linalg.norm(one.W) == pytest.approx(np.linalg.norm(gradients_of(gru).W))
        assert np.linalg.norm(one.b) == pytest.approx(np.linalg.norm(gradients_of(gru).b))
    another = learning(gru, "direction", "random", np.random.default_rng(1))
    assert (gradients_of(another).W != one.W).any()


@pytest.mark.parametrize("cell", [rnn, lstm, relatives.coupled], ids=["rnn", "lstm", "coupled"])
def test_in_windows_the_gradient_stops_where_one_begins(cell):
    """Recall over 5 has 7 steps and one answer, at the end: what comes before the last window hears nothing."""
    whole = gradients_of(cell)
    for steps in (7, 20):
        for one, other in zip(
            gradients_of(learning(cell, str(steps), "window", RNG)), whole, strict=True
        ):
            np.testing.assert_allclose(one, other, atol=1e-15)
    short = gradients_of(learning(cell, "1", "window", RNG))
    assert short.W.any() and not short.W[:, :8].any() and short.W[:, 8:9].any()  # the cue alone
    six = gradients_of(learning(cell, "6", "window", RNG))
    assert six.W[:, 4:8].any() and not six.W[:, :4].any()  # distractors, but not the symbol


def test_windows_are_pieces_of_one_sequence_whose_gradients_add_up():
    """As `train.fit(..., carry=True)` makes them, of the same weights."""
    rng = np.random.default_rng(0)
    x, targets = rng.normal(size=(7, 9, 3)), rng.normal(size=(7, 4, 3))
    model = young(lstm)._replace(cell=learning(lstm, "3", "window", RNG))
    found = train.slopes(model, tasks.Batch(x, targets, None), losses.squared_error).learned[0]
    total, state = 0, None
    for steps in (slice(0, 1), slice(1, 4), slice(4, 7)):
        part = tasks.Batch(x[steps], targets[steps], None)
        own = train.slopes(young(lstm), part, losses.squared_error, state=state).learned[0]
        states = train.states(young(lstm), x[steps], state)
        state = lstm.State(*(run[-1] for run in states))
        total = total + own.W * len(part.x) / 7
    np.testing.assert_allclose(found.W, total, atol=1e-14)


def test_a_mistake_is_planted_by_its_number():
    for number, (right, wrong) in enumerate(backward_faults.FAULTS.values(), 1):
        one = gradients_of(learning(lstm, str(number), "mistake", RNG))
        other = gradients_of(backward_faults.plant(right, wrong))
        for a, b in zip(one, other, strict=True):
            np.testing.assert_array_equal(a, b)


def test_chrono_has_two_halves(monkeypatch):
    both, _, _, _ = fitted(monkeypatch, lstm, "", longest=30)
    forget, _, _, _ = fitted(monkeypatch, lstm, "", longest=30, half="forget")
    gate, _, _, _ = fitted(monkeypatch, lstm, "", longest=30, half="input")
    i, f, *_ = both.params.b.reshape(4, 16)
    assert (i == -f).all()
    for start, expected in ((forget, (0 * i, f)), (gate, (i, np.ones(16)))):
        np.testing.assert_array_equal(start.params.b.reshape(4, 16)[:2], expected)
        np.testing.assert_array_equal(start.params.W, both.params.W)


@pytest.mark.parametrize(
    ("cell", "control"),
    [(lstm, "q"), (lstm, "z constant"), (lstm, "i shut"), (lstm, " open"), (rnn, "i"), (gru, "h cut")]
    + [(lstm, "x cut"), (lstm, "i frozen"), (lstm, "cell constant"), (lstm, "i  constant")]
    + [(relatives.mingru, "z blind"), (lstm, "answers"), (lstm, "i constant mean")]
    + [(gru, "1 mistake"), (lstm, "9 mistake"), (lstm, "0 window"), (lstm, "-1 window")]
    + [(lstm, "i window"), (lstm, "readout random"), (lstm, "cell unclipped"), (lstm, "1.5 window")],
)  # fmt: skip
def test_a_control_that_is_none_is_refused(cell, control):
    with pytest.raises(ValueError, match="control: expected"):
        recall(cell, control=control, **SHORT)


def test_one_thing_is_held_at_a_time():
    with pytest.raises(ValueError, match="no hold beside 'i'"):
        recall(lstm, control="i", hold={"f": 1.0}, **SHORT)
    with pytest.raises(ValueError, match="at least 2 sequences to shuffle"):
        recall(lstm, control="answers shuffled", batch=1, **SHORT)


# --- Rates, conditions, verdicts


def tried(task, *rates):
    """{rate: rows} from the scores of each rate's runs, all of 100 steps but the first rate's."""
    base = next(iter(recorded(task=task).values()))
    lower = laboratory.TASKS[task].lower
    return {
        rate: [base._replace(score=s, lower=lower, steps=10 if not n else 100) for s in scores]
        for n, (rate, *scores) in enumerate(rates)
    }


def best(task, *rates):
    return laboratory.best_rate(tried(task, *rates), task)


def test_the_best_rate_has_the_best_mean_then_most_solved_runs_then_is_the_middle_one():
    assert best("recall", (0.1, 0.9, 0.1), (0.2, 0.6, 0.6), (0.3, 0.3, 0.2)) == 0.2
    assert best("adding", (0.1, 0.9, 0.1), (0.2, 0.6, 0.6), (0.3, 0.3, 0.2)) == 0.3
    assert best("recall", (0.1, 0.89, 0.95), (0.2, 0.92, 0.92)) == 0.2  # 0.92 both, 1 and 2 solved
    assert best("recall", (0.01, 1, 1), (0.03, 0.998, 1), (0.1, 1, 1), (0.3, 0.2, 0.2)) == 0.03
    assert best("recall", (0.01, 1, 1), (0.03, 1, 1)) == 0.01
    assert best("recall", (0.3, 1, 1), (0.1, 1, 1), (0.03, 1, 1)) == 0.1  # in whatever order
    assert best("recall", (0.1, np.nan, 1), (0.2, 0.1, 0.1)) == 0.2
    assert best("prose", (0.1, 1.7), (0.2, 1.6)) == 0.2  # a task that is never solved


def test_a_task_is_solved_past_its_bound():
    assert laboratory.is_solved("recall", 0.91) and not laboratory.is_solved("recall", 0.9)
    assert laboratory.is_solved("adding", 0.03) and not laboratory.is_solved("adding", 0.04)
    assert not laboratory.is_solved("recall", np.nan) and not laboratory.is_solved("adding", np.nan)
    with pytest.raises(ValueError, match="task: expected one that can be solved, got 'prose'"):
        laboratory.is_solved("prose", 1.0)


def test_results_stand_by_rate_and_seed():
    records = {}
    for changes in (
        dict(seed=1, score=0.2),
        dict(seed=0, score=0.1),
        dict(learning_rate=0.001, score=0.3),
        dict(part="validation", score=0.9),
        dict(hold="i", score=0.9),
        dict(limit=50, score=0.9),
        dict(hidden_size=16, score=0.4),
        dict(size=8, score=0.9),
    ):
        records |= recorded(**changes)
    found = laboratory.by_rate(records, "recall", 9, "LSTM", "chrono")
    scores = {rate: {s: row.score for s, row in rows.items()} for rate, rows in found.items()}
    assert scores == {0.001: {0: 0.3}, 0.01: {0: 0.1, 1: 0.2}} and list(scores) == [0.001, 0.01]
    large = laboratory.by_rate(records, "recall", 9, "LSTM", "chrono", hidden_size=16)
    assert [row.score for row in large[0.01].values()] == [0.4]
    assert laboratory.by_rate(records, "recall", 9, "LSTM", "chrono", hidden_size="most") == large
    assert laboratory.by_rate(records, "recall", 9, "LSTM", "uniform") == {}


def runs_that(question, *solved, rates=(0.01,)):
    """Records for a question's conditions: of each, which of its seeds solved the task."""
    records = {}
    task = laboratory.TASKS[question.task]
    good, bad = (0.001, 0.2) if task.lower else (1.0, 0.2)
    for (cell, start, *more), which in zip(question.conditions, solved, strict=True):
        hold, units = [*more, "", 8][:2] if len(more) < 2 else more
        limit = question.limit or 100
        for seed, right in enumerate(which):
            for rate in rates:
                run = dict(task=question.task, size=question.size, cell=cell, start=start)
                run |= dict(hold=hold, hidden_size=units, limit=limit)
                run |= dict(seed=seed, learning_rate=rate)
                records |= recorded(score=good if right else bad, lower=task.lower, **run)
    return records


Y, N = [True], [False]
MOST, MORE = "section-chrono-i", "orthogonal-start-20"
SAME = "recall-20-i-constant-chrono"


@pytest.mark.parametrize(
    ("name", "side", "solved"),
    [
        (MOST, 1, [Y * 18 + N * 2]),
        (MOST, -1, [N * 18 + Y * 2]),
        (MOST, 0, [Y * 12 + N * 8]),  # its interval holds one half
        (MOST, 0, [N * 5 + Y * 15]),  # one half of the seeds says so, the other half does not
        (MORE, 1, [Y * 20, N * 20]),
        (MORE, -1, [N * 20, Y * 20]),
        (MORE, 0, [(Y + N) * 10, (N + Y) * 10]),
        (MORE, 0, [Y * 10 + Y * 3 + N * 7, N * 10 + Y * 3 + N * 7]),  # all of it in one half
        (SAME, 1, [Y * 20, Y * 20]),
        (SAME, -1, [N * 20, Y * 20]),
        (SAME, -1, [(Y + Y + N + Y) * 5, Y * 20]),  # fewer, though not by three of ten
        (SAME, 0, [Y * 17 + N * 3, Y * 20]),
        (SAME, 0, [Y * 10 + N * 5 + Y * 5, Y * 20]),
    ],
)
def test_a_verdict_takes_a_side_if_its_interval_and_both_halves_of_its_seeds_do(name, side, solved):
    question = laboratory.VERDICTS[name]
    records = runs_that(question, *solved, rates=(0.01, 0.03, 0.1)[: question.rates])
    verdict = laboratory.judged(name, records)
    assert verdict.side == side
    sentence, counts = verdict.sentence.rsplit(": ", 1)
    assert sentence == (question.told[2], question.told[0], question.told[1])[side]
    numbers = [str(n) for which in solved for n in (sum(which), len(which))]
    assert re.findall(r"\d+", counts) == numbers


def test_means_are_compared_in_the_direction_that_is_better():
    question = laboratory.VERDICTS["reset-gate-running-sum-30"]._replace(rate=None, rates=3)
    rng, records = np.random.default_rng(0), {}
    for (cell, start, *hold), level in zip(question.conditions, (0.1, 0.5), strict=True):
        for seed in range(10):
            for rate, worse in ((0.01, 1), (0.03, 0), (0.1, 2)):
                run = dict(task="running sum", size=30, cell=cell, start=start, hold="".join(hold))
                run |= dict(seed=seed, learning_rate=rate, lower=True, steps=int(1000 * level))
                records |= recorded(score=level + worse + rng.uniform(0, 0.1), **run)
    verdict = verdicts.judge(question, records)
    assert (
        verdict.side == 1
        and " comes out better than by the GRU with r = 1: 0.1" in verdict.sentence
    )
    quick = verdicts.answer(question._replace(columns=("steps",)), records)
    assert quick.number.value == 400 and quick.counts == "100 against 500 steps"
    assert (quick.above, quick.below) == (0, 0)
    slow = verdicts.answer(question._replace(rate=0.1), records)
    assert re.match(r"2\.1\d* against 2\.5\d* score", slow.counts)
    overflowed = dict(score=np.nan, baseline=2.4)
    gone = {
        run: row._replace(**overflowed) if (run.seed, run.hold) == (0, "") else row
        for run, row in records.items()  # at every rate, so that the same one is chosen
    }
    assert 0.1 < verdicts.answer(question, gone).number.value < 0.25
    few = verdicts.better("running sum", "steps", [100] * 3, [500] * 9)
    assert few[0] == (400, -np.inf, np.inf)  # three runs tell nothing
    assert verdicts.judge(question, records, seeds=6).side == 1


def own_of(told, rates=(0.01,)):
    """Records of hello, with scores that make the last rate the best, and columns of their own."""
    records, own = {}, {}
    for seed, columns in enumerate(told):
        for rate in rates:
            new = recorded(task="hello", size=4, seed=seed, learning_rate=rate, score=rate)
            records |= new
            best = rate == max(rates)
            own |= {
                run: {name: str(v) if best else "?" for name, v in columns.items()} for run in new
            }
    return records, own


def asked_of(asked, *columns, told=("above", "below", "between")):
    return verdicts.Question("x", asked, told, "hello", 4, (("LSTM", "chrono"),), 10, 1, columns)


def test_a_files_own_columns_are_asked_at_the_rate_of_the_best_score():
    records, own = own_of([{"f = 1": "hello"}] * 9 + [{"f = 1": "helll"}], rates=(0.01, 0.03))
    verdict = verdicts.judge(asked_of(verdicts.most, "f = 1"), records, own)
    assert verdict[:2] == (1, "above: 9 of 10 runs") and verdict.number.value == 0.9
    records, own = own_of([{"at 500": 0.95}] * 10)
    assert verdicts.judge(asked_of(verdicts.most, "at 500"), records, own).side == 1
    with pytest.raises(laboratory.Incomplete, match="f = 1 is not recorded"):
        verdicts.judge(asked_of(verdicts.most, "f = 1"), records, own)


def test_of_a_files_own_columns_more_is_better_also_where_a_low_score_is():
    rising = verdicts.better("adding", "input after", [2.0] * 5, [1.0] * 5)
    assert rising.number.value == 1
    assert verdicts.better("adding", "score", [2.0] * 5, [1.0] * 5).number.value == -1
    assert verdicts.better("recall", "steps", [2.0] * 5, [1.0] * 5).number.value == -1


def test_a_mean_may_be_asked_against_a_number():
    for task, side in (("recall", 1), ("prose", -1)):
        records = {}
        for seed in range(10):
            records |= recorded(task=task, seed=seed, score=2.0 + seed / 100)
        asked = verdicts.past(1.9)
        question = verdicts.Question(
            "x", asked, tuple("abc"), task, 9, (("LSTM", "chrono"),), 10, 1
        )
        found = verdicts.judge(question, records)
        assert found[:2] == (side, f"{'cab'[side]}: 2.04 against 1.9")
        assert np.isclose(abs(found.number.value), 2.045) and found.number.low < found.number.value
        assert verdicts.judge(question._replace(asked=verdicts.past(2.045)), records).side == 0


def test_a_question_may_ask_for_one_rate_and_one_limit():
    records = {}
    for seed in range(10):
        for rate, limit, score in (
            (0.01, 100, 1),
            (0.1, 100, 0.2),
            (0.01, 900, 0.2),
            (0.1, 900, 1),
        ):
            records |= recorded(seed=seed, learning_rate=rate, limit=limit, score=score)
    question = verdicts.Question(
        "x", verdicts.most, tuple("abc"), "recall", 9, (("LSTM", "chrono"),), 10, 2
    )
    assert verdicts.judge(question, records).side == 1
    for rate, limit, side in ((0.01, None, -1), (0.1, None, 1), (0.01, 100, 1), (0.1, 100, -1)):
        assert verdicts.judge(question._replace(rate=rate, limit=limit), records).side == side
    with pytest.raises(laboratory.Incomplete, match="0 of 1 learning rates"):
        verdicts.judge(question._replace(rate=0.5), records)


def test_two_columns_are_compared_run_by_run():
    """By their logarithms: each run's own factor of 3 outweighs how far the runs lie apart."""
    sizes = 10.0 ** -np.arange(10)
    told = [{"whole": 3 * size * (1 + k % 2 / 10), "road": size} for k, size in enumerate(sizes)]
    records, own = own_of(told)
    found = verdicts.answer(asked_of(verdicts.grown, "whole", "road"), records, own)
    assert found.number.low > 1 > found.above == 0 and found.counts == "9.9e-05 against 3.2e-05"
    verdict = verdicts.judge(asked_of(verdicts.grown, "road", "whole"), records, own)
    assert verdict.side == -1 and verdict.sentence.startswith("below")
    nothing = [one | {"road": 0.0} for one in told]
    assert verdicts.judge(asked_of(verdicts.grown, "whole", "road"), *own_of(nothing)).side == 1
    assert verdicts.grown("hello", "whole", [1.0] * 3, [2.0] * 3)[0][1:] == (-np.inf, np.inf)


def test_a_verdict_without_its_runs_is_refused():
    question = laboratory.VERDICTS[SAME]
    with pytest.raises(laboratory.Incomplete, match="0 of 3 learning rates are recorded yet"):
        laboratory.judged(SAME, {})
    few = runs_that(question, Y * 20, Y * 20, rates=(0.01, 0.03))
    with pytest.raises(laboratory.Incomplete, match="2 of 3 learning rates"):
        laboratory.judged(SAME, few)
    few = runs_that(question, Y * 6, Y * 20, rates=(0.01, 0.03, 0.1))
    with pytest.raises(laboratory.Incomplete, match="i constant on recall 20: 6 of 20 seeds"):
        laboratory.judged(SAME, few)
    assert laboratory.judged(SAME, few, seeds=6).side == 0
    with pytest.raises(KeyError):
        laboratory.judged("no-such-question", {})


def test_a_half_of_the_seeds_keeps_the_rate_of_all():
    records = {}
    for rate, scores in ((0.01, [1, 1, 0.2, 0.2]), (0.03, [0.2, 1, 1, 1]), (0.1, [0.2] * 4)):
        for seed, score in enumerate(scores):
            records |= recorded(seed=seed + 1000, learning_rate=rate, score=score)
    where = records, "recall", 9, "LSTM", "chrono"
    assert [records[run].score for run in runs_of(*where)] == [0.2, 1, 1, 1]
    assert [records[run].score for run in runs_of(*where, half=0)] == [0.2, 1]
    assert [records[run].score for run in runs_of(*where, half=1)] == [1, 1]


# A seed decides a run, and two seeds give two.

PAIRS = sorted({(one.cell, one.start) for cut in plans.FILES.values() for one in cut.conditions})


def first_weights(cell, start, seed):
    """The weights that a run of recall begins with."""
    run = laboratory.Run("recall", 4, cell, start, "", 4, seed, 0.0, 1, 2, "test")
    model = plans.untrained(run)
    return [model.params.W, model.readout.W]


@pytest.mark.parametrize(("cell", "start"), PAIRS)
def test_two_seeds_give_two_networks_and_one_seed_gives_one(cell, start):
    first, again, other = (first_weights(cell, start, seed) for seed in (0, 0, 1))
    for a, b, c in zip(first, again, other, strict=True):
        np.testing.assert_array_equal(a, b)
        assert (a != c).any()


def test_every_stream_of_a_run_is_opened_by_its_seed_and_no_two_are_the_same(monkeypatch):
    """First weights and training, test, the free twin's sample, random gradients."""
    opened, real = [], np.random.default_rng
    monkeypatch.setattr(np.random, "default_rng", lambda *by: opened.append(by) or real(*by))
    few = dict(limit=2, hidden_size=3, batch=2, test=4)
    for control in ("i mean", "gradient random"):
        laboratory.trial("recall", lstm, 2, 7, control=control, **few)
    assert {tuple(by) for (by,) in opened} == {(7, 0), (7, 1), (7, 2), (7, 3)}


@pytest.mark.parametrize("cell", [rnn, lstm, gru], ids=["rnn", "lstm", "gru"])
@pytest.mark.parametrize("task", ["recall", "adding"])
def test_a_run_leaves_numpys_global_stream_where_it_was(cell, task):
    before = np.random.get_state()
    laboratory.trial(task, cell, 4, 0, limit=2, hidden_size=4, batch=2, test=4)
    for a, b in zip(before, np.random.get_state(), strict=True):
        np.testing.assert_array_equal(a, b)
