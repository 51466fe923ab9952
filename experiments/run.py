"""The large laboratory: a grid of runs, each a row of experiments/results/runs.csv.

    make experiments                                 the cut that the chapter draws from
    python experiments/run.py --cut tests            the small cut that the tests repeat
    python experiments/run.py --cut chapter --dry    what is still to do, and about how long it takes

For each condition (a cell, its start, its size, on a task) first the learning rates are tried, all
with the same two seeds and budget; then the best one runs with five or ten other seeds. A finished run is
a row, appended at once. What has a row is not run again, so an interruption costs only what was
running. README.md beside this file says more.
"""

import os

os.environ.update(
    dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
)

import argparse
import csv
import fcntl
import io
import math
import platform
import random
import signal
import sys
import time
from contextlib import contextmanager, redirect_stderr
from pathlib import Path
from typing import NamedTuple

import joblib
import numpy as np
from tqdm import tqdm

from lib import laboratory
from lib.laboratory import CELLS, STARTS, Row, Run, read

RESULTS = Path(__file__).parent / "results" / "runs.csv"


class Budget(NamedTuple):
    """How a task is run, the same for all cells."""

    limit: int
    hidden_size: int = 16
    batch: int = 16
    seeds: int = 5  # that are reported: 0, 1, 2 ...


class Cut(NamedTuple):
    """A part of the grid."""

    conditions: list  # of (task, size, cell, start, hold, H, the task's Budget)
    rates: tuple
    tries: tuple  # seeds that choose the rate


BUDGETS = {  # more seeds where they are cheap
    ("recall", 10): Budget(800, seeds=10),
    ("recall", 20): Budget(800, seeds=10),
    ("recall", 50): Budget(800, seeds=10),
    ("recall", 100): Budget(800, seeds=10),
    ("adding", 50): Budget(1500),
    ("adding", 100): Budget(1500),
    ("copy", 20): Budget(1000, seeds=10),
    ("copy", 50): Budget(1000, seeds=10),
    ("counting", 10): Budget(2000, hidden_size=4, seeds=10),
    ("update", 100): Budget(800, seeds=10),
    ("digits", 8): Budget(1000, hidden_size=32, seeds=10),
    ("digits", 64): Budget(1500, hidden_size=32),
    ("prose", 50): Budget(1000, hidden_size=32),
}
STARTED = [
    ("RNN", "uniform"),
    ("RNN", "orthogonal"),
    ("ReLU RNN", "identity"),
    ("LSTM", "forget bias 0"),
    ("LSTM", "forget bias 1"),
    ("LSTM", "forget bias 3"),
    ("LSTM", "chrono"),
    ("GRU", "update bias 0"),
    ("GRU", "update bias -2"),
    ("GRU reset after", "update bias 0"),
    ("GRU reset after", "update bias -2"),
]
AS_LARGE = [("RNN", "orthogonal"), ("GRU", "update bias 0")]  # with an LSTM's parameters
ABLATED = {  # tasks that separate the LSTM's gates: a start that learns each, what is held at 1
    ("recall", 50): ("chrono", "ifo"),
    ("recall", 100): ("chrono", "ifo"),
    ("adding", 50): ("chrono", "ifo"),
    ("counting", 10): ("forget bias 1", ["i", "f", "o", "if"]),
    ("update", 100): ("forget bias 1", ["i", "f", "o", "if"]),
}


def conditions():
    """Every condition of the chapter's cut."""
    for (task, size), budget in BUDGETS.items():
        H, (inputs, _) = budget.hidden_size, laboratory.TASKS[task].shape(size)
        for cell, start in STARTED:
            yield task, size, cell, start, "", H, budget
        for cell, start in AS_LARGE:
            yield task, size, cell, start, "", as_large(cell, inputs, H), budget
        if (task, size) in ABLATED:
            start, held = ABLATED[task, size]
            for gates in held:
                yield task, size, "LSTM", start, gates, H, budget
            yield task, size, "coupled LSTM", start, "", H, budget


def parameters(cell, inputs, hidden_size):
    """How many numbers a cell learns."""
    params = CELLS[cell].init_params(np.random.default_rng(0), inputs, hidden_size)
    return sum(part.size for part in params)


def as_large(cell, inputs, hidden_size):
    """The H with which a cell has the parameters of an LSTM of `hidden_size`, as nearly as can be."""
    wanted = parameters("LSTM", inputs, hidden_size)
    sizes = range(hidden_size, 4 * hidden_size)
    return min(sizes, key=lambda H: abs(parameters(cell, inputs, H) - wanted))


SMALL = Budget(150, hidden_size=8, batch=8, seeds=1)
SMALL_CUT = [
    ("recall", 4, "RNN", "orthogonal", "", 8, SMALL),
    ("recall", 4, "LSTM", "chrono", "", 8, SMALL),
    ("copy", 2, "GRU", "update bias 0", "", 8, SMALL),
    ("digits", 8, "LSTM", "forget bias 1", "o", 8, SMALL),
    ("prose", 10, "GRU", "update bias -2", "", 8, SMALL),
]
CUTS = {
    "tests": Cut(SMALL_CUT, (0.0001, 0.03), (100,)),
    "chapter": Cut(list(conditions()), (0.001, 0.003, 0.01, 0.03, 0.1), (100, 101)),
}


def plan(cut, rows, unknown_rate=None):
    """The runs of a cut, best rates taken from the rows that there are.

    A condition whose rates are not all tried yet is planned no further; or, to estimate, with
    `unknown_rate`.
    """
    for task, size, cell, start, hold, H, budget in cut.conditions:

        def run(seed, rate, part, condition=(task, size, cell, start, hold, H), budget=budget):
            return Run(*condition, seed, rate, budget.limit, budget.batch, part)

        tried = {rate: [run(s, rate, "validation") for s in cut.tries] for rate in cut.rates}
        yield from (one for runs in tried.values() for one in runs)
        known = all(one in rows for runs in tried.values() for one in runs)
        if rate := best_rate(tried, rows) if known else unknown_rate:
            yield from (run(seed, rate, "test") for seed in range(budget.seeds))


def best_rate(tried, rows):
    """The rate of the best mean score, to two digits; between equals, of the fewest steps."""

    def rank(rate):
        done = [rows[run] for run in tried[rate]]
        score = np.mean([row.score for row in done])
        worse = score if done[0].lower else -score
        return (math.inf if math.isnan(worse) else round(worse, 2)), sum(r.steps for r in done)

    return min(tried, key=rank)


def measure(run):
    """Do a run -> its Row."""
    task, size, cell, start, hold, *_ = run
    options = dict(STARTS[start])
    if "longest" in options:
        options["longest"] = laboratory.steps_in(task, size)
    posed, began = laboratory.TASKS[task], time.process_time()
    try:
        with redirect_stderr(io.StringIO()), np.errstate(over="ignore", invalid="ignore"):
            score, steps, improving, _ = laboratory.trial(
                task,
                CELLS[cell],
                size,
                run.seed,
                run.limit,
                run.learning_rate,
                run.hidden_size,
                run.batch,
                hold={gate: 1.0 for gate in hold} or None,
                part=run.part,
                **options,
            )
    except ValueError as error:
        if "finite" not in str(error):
            raise
        score, steps, improving = math.nan, 0, False  # it overflowed
    return Row(
        float(f"{score:.5g}"),
        float(f"{posed.baseline(size, run.part):.5g}"),
        posed.lower,
        steps,
        improving,
        parameters(cell, posed.shape(size)[0], run.hidden_size),
        round(time.process_time() - began, 2),
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}",
    )


@contextmanager
def records(path):
    """The records opened to be added to, by one process alone; a half-written last line is dropped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b") as raw:
        try:
            fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"{path.name} is being written by another process.")
        raw.seek(0)
        raw.truncate(raw.read().rfind(b"\n") + 1)
        if not raw.tell():
            append(raw, Run._fields + Row._fields)
        yield raw


def append(raw, values):
    """One line, on the disk when this returns."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    raw.write(line.getvalue().encode())
    raw.flush()
    os.fsync(raw.fileno())


def one(run):
    """A run with its row, as a worker hands it back."""
    return run, measure(run)


def complete(cut, path=RESULTS, jobs=None):
    """Run what a cut still lacks, in parallel, each row written as it comes.

    joblib's settings hold: `jobs` processes, and the backend of `joblib.parallel_config`.
    """
    with records(path) as raw:
        rows = read(path)
        while missing := [run for run in dict.fromkeys(plan(cut, rows)) if run not in rows]:
            random.Random(0).shuffle(missing)  # small tasks alone would make the bar foretell wrong
            work = joblib.Parallel(jobs, return_as="generator_unordered", batch_size=1)
            done = work(joblib.delayed(one)(run) for run in missing)
            for run, row in tqdm(done, total=len(missing), unit="run", disable=None):
                append(raw, run + row)
                rows[run] = row
    return rows


def agrees(row, record):
    """Whether a repeated run came out as recorded, but for the rounding of another machine."""
    return abs(row.score - record.score) <= 0.02 and abs(row.steps - record.steps) <= 5


COST = {  # microseconds of one processor for a step of a sequence, 16 units and 16 sequences
    "RNN": 12,
    "ReLU RNN": 24,
    "LSTM": 36,
    "coupled LSTM": 64,
    "GRU": 36,
    "GRU reset after": 74,
}


def seconds(run):
    """About how long a run takes one processor, if it goes to its limit."""
    larger = max(1, run.hidden_size * run.batch / 256)
    return 1e-6 * COST[run.cell] * larger * run.limit * laboratory.steps_in(run.task, run.size)


def tell(cut, path):
    """Print the runs that are missing, and an estimate."""
    rows = read(path) if path.exists() else {}
    there = dict.fromkeys(plan(cut, rows, unknown_rate=cut.rates[-2]))
    missing = [run for run in there if run not in rows]
    for run in missing:
        print(*run, sep=", ")
    minutes = sum(map(seconds, missing)) / 60
    print(f"{len(missing)} of {len(there)} runs are missing:", end=" ")
    print(f"at most about {minutes:.0f} minutes of one core.")


def main():
    parser = argparse.ArgumentParser(
        description="Run the laboratory's grid, or what is missing of it."
    )
    parser.add_argument("--cut", choices=CUTS, default="chapter")
    parser.add_argument("--dry", action="store_true", help="list the missing runs and estimate")
    parser.add_argument("--jobs", type=int, default=-1, help="processes, all cores if -1")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the records")
    given = parser.parse_args()
    if given.dry:
        return tell(CUTS[given.cut], given.results)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the workers end too
    try:
        complete(CUTS[given.cut], given.results, given.jobs)
    except KeyboardInterrupt:
        sys.exit("Interrupted. Every finished run is kept; the same command goes on from here.")


if __name__ == "__main__":
    main()
