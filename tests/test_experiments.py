"""The large laboratory: how it poses its tasks, its grid, its records, and their small cut repeated."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import run as experiments

from lib import gru, laboratory, lstm, rnn, tasks, train
from lib.laboratory import TASKS, Row, Run, trial
from lib.relatives import coupled

ROOT = Path(__file__).resolve().parent.parent
SMALL, CHAPTER = experiments.CUTS["tests"], experiments.CUTS["chapter"]
SIZES = {task: 6 for task in TASKS} | {t: size for t, size in reversed(experiments.BUDGETS)}


def start(path, jobs):
    """The small cut, in a process group of its own."""
    command = [sys.executable, "experiments/run.py", "--cut", "tests", "--jobs", str(jobs)]
    return subprocess.Popen(
        [*command, "--results", str(path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def killed_and_resumed(tmp_path_factory):
    """The small cut's file as a kill left it, with half a line, and what the same command made of it."""
    path = tmp_path_factory.mktemp("experiments") / "results" / "runs.csv"
    process = start(path, jobs=2)
    while process.poll() is None and not (path.exists() and path.read_bytes().count(b"\n") > 3):
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    whole = path.read_bytes()
    whole = whole[: whole.rfind(b"\n") + 1]
    path.write_bytes(whole + b"recall,4,RNN,ortho")
    said = start(path, jobs=1).communicate()
    return whole, path, said


def test_a_killed_cut_goes_on_without_losing_or_repeating_a_run(killed_and_resumed):
    whole, path, said = killed_and_resumed
    lines = path.read_bytes().splitlines()
    wanted = set(experiments.plan(SMALL, laboratory.read(path)))
    assert said == (b"", b"")  # a progress bar is for terminals
    assert 4 <= whole.count(b"\n") < len(lines), "the kill came too late to be one"
    assert path.read_bytes().startswith(whole)
    assert len(lines) == 1 + len(wanted) and set(laboratory.read(path)) == wanted
    experiments.complete(SMALL, path)  # nothing is left to do
    assert path.read_bytes().splitlines() == lines


def test_the_small_cut_agrees_with_its_records(killed_and_resumed):
    """The same on every machine, but for rounding: OpenBLAS's kernels have given the same digits."""
    records, again = laboratory.read(experiments.RESULTS), laboratory.read(killed_and_resumed[1])
    assert set(again) <= set(records)
    for run, row in again.items():
        recorded = records[run]
        assert experiments.agrees(row, recorded), run
        assert row.parameters == recorded.parameters
        assert np.isclose(row.baseline, recorded.baseline, rtol=1e-3)


def test_every_record_is_whole():
    records = laboratory.read(experiments.RESULTS)
    lines = experiments.RESULTS.read_text(encoding="utf-8").splitlines()
    assert lines[0] == ",".join(Run._fields + Row._fields)
    assert len(lines) == 1 + len(records), "a run is recorded twice"
    for run, row in records.items():
        posed = TASKS[run.task]
        assert run.cell in laboratory.CELLS and run.start in laboratory.STARTS
        assert run.part in ("validation", "test") and set(run.hold) <= set("ifo")
        assert 0 <= row.steps <= run.limit and row.seconds > 0 and row.parameters > 0
        assert row.lower == posed.lower and row.baseline > 0 and "NumPy" in row.versions
        if posed.measure is laboratory.accuracy:
            assert 0 <= row.score <= 1 or np.isnan(row.score)


def test_one_process_writes(tmp_path):
    with experiments.records(tmp_path / "runs.csv") as file:
        experiments.append(file, ["a", "b"])
        with pytest.raises(SystemExit, match="written by another process"):
            experiments.complete(SMALL, tmp_path / "runs.csv")


def test_records_may_be_read_while_a_line_is_being_written(tmp_path):
    text = experiments.RESULTS.read_text(encoding="utf-8")
    (tmp_path / "runs.csv").write_text(text + "recall,4,RNN,ortho", encoding="utf-8")
    assert laboratory.read(tmp_path / "runs.csv") == laboratory.read(experiments.RESULTS)


def test_records_of_other_columns_are_refused(tmp_path):
    for text in ("", "task,size\nrecall,4\n"):
        (tmp_path / "runs.csv").write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match="expected the columns"):
            laboratory.read(tmp_path / "runs.csv")


def row(score, steps=100, lower=False):
    return Row(score, 0.25, lower, steps, False, 1, 1.0, "")


def rank(lower, *results):
    """The place of the best rate, from (score, steps) of two seeds each."""
    tried = {n: [f"{n}a", f"{n}b"] for n in range(len(results))}
    rows = {f"{n}{seed}": row(*result[k], lower) for n, result in enumerate(results)
            for k, seed in enumerate("ab")}  # fmt: skip
    return experiments.best_rate(tried, rows)


def test_the_best_rate_has_the_best_mean_and_then_the_fewest_steps():
    assert rank(False, [(0.9, 9), (0.1, 9)], [(0.6, 9), (0.6, 9)], [(0.3, 9), (0.2, 9)]) == 1
    assert rank(True, [(0.9, 9), (0.1, 9)], [(0.6, 9), (0.6, 9)], [(0.3, 9), (0.2, 9)]) == 2
    assert rank(False, [(1, 90), (1, 90)], [(0.998, 20), (0.998, 20)]) == 1
    assert rank(False, [(np.nan, 0), (1, 1)], [(0.1, 9), (0.1, 9)]) == 1


def test_a_condition_is_reported_only_after_all_its_rates_were_tried():
    tries = set(experiments.plan(SMALL, {}))
    assert {run.part for run in tries} == {"validation"}
    rows = {run: row(run.learning_rate) for run in tries}
    reported = set(experiments.plan(SMALL, rows)) - tries
    assert len(reported) == sum(condition[-1].seeds for condition in SMALL.conditions)
    assert {run.learning_rate for run in reported} == {max(SMALL.rates)}
    rows.popitem()
    assert len(set(experiments.plan(SMALL, rows)) - tries) == len(reported) - 1


def test_the_grid_is_fair():
    runs = list(experiments.plan(CHAPTER, {}, unknown_rate=0.01))
    assert not set(CHAPTER.tries) & {run.seed for run in runs if run.part == "test"}
    assert len(set(runs)) == len(runs)
    for (task, size), budget in experiments.BUDGETS.items():
        mine = [run for run in runs if (run.task, run.size) == (task, size)]
        assert budget.seeds >= 5
        assert {(run.limit, run.batch) for run in mine} == {(budget.limit, budget.batch)}
        equal = {(run.cell, run.start) for run in mine if run.hidden_size == budget.hidden_size}
        assert equal >= set(experiments.STARTED)
        inputs, _ = TASKS[task].shape(size)
        wanted = experiments.parameters("LSTM", inputs, budget.hidden_size)
        larger = {(r.cell, r.hidden_size) for r in mine if r.hidden_size > budget.hidden_size}
        assert {cell for cell, _ in larger} == {"RNN", "GRU"}
        for cell, H in larger:
            assert abs(experiments.parameters(cell, inputs, H) / wanted - 1) < 0.12, (task, cell)
    for (task, size), (begun, held) in experiments.ABLATED.items():
        mine = {run[2:5] for run in runs if (run.task, run.size) == (task, size)}
        assert mine >= {("LSTM", begun, gate) for gate in ("", "i", "f", "o", *held)}
        assert ("coupled LSTM", begun, "") in mine
    assert sum(map(experiments.seconds, runs)) < 2 * 90 * 60


def test_what_overflows_is_recorded_as_no_number():
    result = experiments.measure(
        Run("recall", 20, "ReLU RNN", "identity", "", 8, 0, 1e200, 20, 4, "test")
    )
    assert np.isnan(result.score) and not result.improving and result.steps == 0


@pytest.mark.parametrize("task", TASKS)
def test_a_trial_is_decided_by_its_arguments_alone(task):
    options = dict(limit=3, hidden_size=4, batch=4, test=20)
    first = trial(task, lstm, SIZES[task], 0, **options)
    again = trial(task, lstm, SIZES[task], 0, **options)
    assert first[:3] == again[:3] and first.steps == 3 and np.isfinite(first.score)
    np.testing.assert_array_equal(first.model.params.W, again.model.params.W)
    other = trial(task, lstm, SIZES[task], 1, **options)
    assert (first.model.params.W != other.model.params.W).any()
    assert TASKS[task].baseline(SIZES[task], "test") > 0


@pytest.mark.parametrize("task", ["digits", "prose"])
def test_a_rate_is_not_chosen_on_what_is_reported(task):
    posed, size = TASKS[task], SIZES[task]
    judged = [posed.test(np.random.default_rng(0), size, 50, part) for part in tasks.PARTS[1:]]
    assert judged[0].x.shape != judged[1].x.shape or (judged[0].x != judged[1].x).any()
    model = trial(task, rnn, size, 0, limit=1, part="validation", test=50)
    assert model.score == posed.measure(
        model.model, posed.test(np.random.default_rng([0, 1]), size, 50, "validation")
    )


def test_no_trial_trains_on_what_it_is_scored_on():
    rng = np.random.default_rng(0)
    digits = TASKS["digits"].train(rng, 8, 1000)  # all that there are to train with, in some order
    columns = [batch.x.reshape(64, -1).T.tolist() for batch in (digits, tasks.digits("rows"))]
    assert sorted(columns[0]) == sorted(columns[1])
    parts = ["".join(tasks.PROSE[k] for k in tasks.prose_part(part)) for part in tasks.PARTS]
    for window in TASKS["prose"].train(rng, 60, 20).targets.T:
        said = "".join(tasks.PROSE[k] for k in window)
        assert [said in part for part in parts] == [True, False, False]


def test_counting_is_tested_up_to_a_hundred_on_words_that_chose_no_rate():
    for part, n in (("validation", np.arange(1, 100, 2)), ("test", np.arange(2, 101, 2))):
        batch = TASKS["counting"].test(np.random.default_rng(0), 10, 50, part)
        assert (batch.x[:, 0].sum(axis=0) == n).all()


@pytest.mark.parametrize("task", ["balance", "parity", "permutations"])
def test_what_is_asked_at_every_step_is_tested_at_the_end(task):
    batch = TASKS[task].test(np.random.default_rng(0), 20, 4000, "test")
    whole = TASKS[task].train(np.random.default_rng(0), 20, 4000)
    np.testing.assert_array_equal(batch.x, whole.x)
    assert batch.mask[-1].all() and not batch.mask[:10].any()
    assert batch.mask.sum() == 4000 * (5 if task == "balance" else 10)
    assert abs(tasks.baseline(batch) - TASKS[task].baseline(20, "test")) < 0.02


@pytest.mark.parametrize("task", TASKS)
def test_the_trivial_answer_scores_its_baseline(task):
    posed, size = TASKS[task], SIZES[task]
    if task in ("counting", "prose"):
        return  # theirs look: see `test_counting_is_scored...`, `test_counting_letters...`
    batch = posed.test(np.random.default_rng(0), size, 4000, "test")
    assert np.isclose(tasks.baseline(batch), posed.baseline(size, "test"), atol=0.02, rtol=0.05)


def test_recall_is_one_of_the_trials():
    options = dict(limit=30, longest=20, learning_rate=0.03)
    one, other = laboratory.recall(lstm, 4, 0, **options), trial("recall", lstm, 4, 0, **options)
    assert one[:3] == other[:3]
    assert trial("recall", coupled, 4, 0, **options).steps <= 30  # chrono without an input bias


def test_a_trial_learns_what_it_is_asked():
    easy = dict(learning_rate=0.03, limit=300)
    assert trial("adding", gru, 6, 0, **easy).score < 0.02 < TASKS["adding"].baseline(6, "test")
    assert trial("update", lstm, 4, 0, **easy).score > 0.95
    assert trial("copy", gru, 1, 0, **easy).score > 0.95


def test_counting_is_scored_by_the_longest_word_before_the_first_mistake(monkeypatch):
    batch = tasks.anbn(range(1, 10))

    def answers(wrong):
        y = np.stack([batch.targets == 0, batch.targets == 1], axis=1).astype(float)
        for n in wrong:
            y[2 * n - 1, :, n - 1] = y[2 * n - 1, ::-1, n - 1].copy()
        y = np.where(batch.mask[:, None], y, 1 - y)  # what is not judged does not count
        monkeypatch.setattr(train, "run", lambda *_, **__: train.Run(None, y))
        return laboratory.counts_up_to(None, batch)

    assert answers([]) == 9 and answers([1]) == 0 and answers([8, 5]) == 4
    batch = tasks.anbn(range(2, 12, 2))  # even n alone
    y = np.stack([batch.targets == 0, batch.targets == 1], axis=1).astype(float)
    y[2 * 8 - 1, :, 3] = y[2 * 8 - 1, ::-1, 3].copy()
    monkeypatch.setattr(train, "run", lambda *_, **__: train.Run(None, y))
    assert laboratory.counts_up_to(None, batch) == 6


def test_the_rare_updates_flags_are_rare():
    flags = TASKS["rare update"].train(np.random.default_rng(0), 100, 300).x[1:, -1]
    assert abs(flags.mean() - 0.02) < 0.003
