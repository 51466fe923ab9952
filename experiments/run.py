"""The large laboratory: files of runs, each run a row of a file of experiments/results.

    make experiments                                  all files, what is missing of them
    python experiments/run.py ablations state         these files
    python experiments/run.py --cut quick             fewer seeds at one rate, some minutes, in another folder
    python experiments/run.py --dry                   what is still to do, and about how long it takes
    python experiments/run.py --seeds 1000-1009       the same on seeds of one's own, in another folder
    python experiments/run.py --verdicts              what the records allow to be said

What is run stands in `plans.py` beside this file. A finished run is a row, appended at once. What has
a row is not run again, so an interruption costs only what was running. README.md says more.
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
import signal
import sys
import time
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import joblib
import numpy as np
from plans import CUTS, FILES, MORE, arguments, options, parameters
from tqdm import tqdm

from lib import laboratory
from lib.laboratory import Row, Run, read
from lib.laboratory.posed import steps_in
from lib.laboratory.records import check, store
from lib.laboratory.trials import tested, trained

FOLDER = Path(__file__).parent / "results"
RESULTS = FOLDER / "runs.csv"  # the first edition's grid, which chapter 5 reads


def plan(cut, rows, unknown_rate=None):
    """The runs of a cut, condition by condition, best rates taken from the rows that there are.

    Where seeds choose, a condition whose rates are not all tried yet is planned no further; or, to
    estimate, with `unknown_rate`. Where none do, every rate is reported.
    """
    for condition in cut.conditions:
        yield from runs_of(condition, cut, rows, unknown_rate)


def runs_of(condition, cut, rows, unknown_rate=None):
    """The runs of one condition."""
    *what, budget = condition

    def run(seed, rate, part):
        return Run(*what, seed, rate, budget.limit, budget.batch, part)

    if not cut.tries:
        yield from (run(s, rate, "test") for rate in budget.rates for s in budget.seeds)
        return
    tried = {rate: [run(s, rate, "validation") for s in cut.tries] for rate in budget.rates}
    yield from (one for runs in tried.values() for one in runs)
    known = all(one in rows for runs in tried.values() for one in runs)
    if known:
        unknown_rate = laboratory.best_rate(
            {rate: [rows[one] for one in runs] for rate, runs in tried.items()}, condition.task
        )
    if unknown_rate is not None:
        yield from (run(seed, unknown_rate, "test") for seed in budget.seeds)


def measure(run, more=""):
    """Do a run -> (its Row, {further column: text} as `more` of MORE has them, the model or None)."""
    posed, began = laboratory.TASKS[run.task], time.process_time()
    columns, ask = MORE[more]
    found, model = dict.fromkeys(columns, ""), None
    try:
        with redirect_stderr(io.StringIO()), np.errstate(over="ignore", invalid="ignore"):
            fit, hold = trained(*arguments(run), **options(run))
            where = run.task, run.size, run.seed
            result = tested(*where, fit, hold, run.limit, part=run.part)
            score, steps, improving, model = result
            found |= ask(run, model, hold) if ask else {}
    except ValueError as error:
        if "finite" not in str(error):
            raise
        score, steps, improving = math.nan, 0, False  # it overflowed
    row = Row(
        float(f"{score:.5g}"),
        float(f"{posed.baseline(run.size, run.part):.5g}"),
        posed.lower,
        steps,
        improving,
        parameters(run.cell, posed.shape(run.size)[0], run.hidden_size),
        round(time.process_time() - began, 2),
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.machine()}",
    )
    return row, found, model


@contextmanager
def records(path, columns=()):
    """The records opened to be added to, by one process alone; a half-written last line is dropped.

    The first edition's file has no checks, and nothing is added to it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "a+b") as raw:
        try:
            fcntl.flock(raw, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"{path.name} is being written by another process.")
        raw.seek(0)
        text = raw.read()
        if text and not text.partition(b"\n")[0].endswith(b",check"):
            sys.exit(
                f"{path} holds the first edition's records: name another folder with --results."
            )
        raw.truncate(text.rfind(b"\n") + 1)
        if not raw.tell():
            append(raw, [*Run._fields, *Row._fields, *columns, "check"])
        yield raw


def append(raw, values):
    """One line, on the disk when this returns."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(values)
    raw.write(line.getvalue().encode())
    raw.flush()
    os.fsync(raw.fileno())


def checked(raw, values):
    """A row's texts and its check, which goes on from the last row's in the file."""
    raw.seek(max(0, raw.seek(0, os.SEEK_END) - 4096))
    before = raw.read().decode(errors="replace").splitlines()[-1].rpartition(",")[2]
    texts = [str(value) for value in values]
    return [*texts, check(before, texts)]


def one(run, more):
    """A run with its row, as a worker hands it back."""
    row, found, model = measure(run, more)
    return (
        run,
        row,
        found,
        model and model._replace(cell=None),
    )  # a cell finds no way between processes


def complete(cut, path, jobs=None):
    """Run what a cut still lacks, in parallel, each row written as it comes.

    joblib's settings hold: `jobs` processes, and the backend of `joblib.parallel_config`.
    """
    columns, _ = MORE[cut.more]
    with records(path, columns) as raw:
        rows = read(path)
        while missing := [run for run in dict.fromkeys(plan(cut, rows)) if run not in rows]:
            work = joblib.Parallel(jobs, return_as="generator_unordered", batch_size=1)
            done = work(joblib.delayed(one)(run, cut.more) for run in missing)
            for run, row, found, model in tqdm(
                done, path.stem, total=len(missing), unit="run", disable=None
            ):
                if model and cut.keep(run):
                    store(path.parent / "weights", run, model)
                append(raw, checked(raw, [*run, *row, *found.values()]))
                rows[run] = row
    return rows


def whole(cut, path):
    """Rewrite a file without the rows of conditions that lack runs, so that the rest can be published."""
    rows, more = read(path), laboratory.read_more(path)
    kept = set()
    for condition in cut.conditions:
        runs = list(runs_of(condition, cut, rows))
        budget = condition.budget
        full = len(budget.seeds) + len(cut.tries) * len(budget.rates) if cut.tries else len(runs)
        if len(runs) == full and all(run in rows for run in runs):
            kept |= set(runs)
    path.unlink()
    with records(path, MORE[cut.more][0]) as raw:
        for run, row in rows.items():
            if run in kept:
                append(raw, checked(raw, [*run, *row, *more[run].values()]))
    return len(rows) - len(kept), len(kept)


def agrees(row, record):
    """Whether a repeated run came out as recorded, but for the rounding of another machine."""
    return abs(row.score - record.score) <= 0.02 and abs(row.steps - record.steps) <= 5


COST = {  # microseconds of one processor for a step of a sequence, 16 units and 16 sequences
    "RNN": 13,
    "ReLU RNN": 26,
    "LSTM": 34,
    "coupled LSTM": 66,
    "peephole LSTM": 80,
    "LSTM of 1997": 60,
    "GRU": 34,
    "GRU reset after": 77,
    "minimal gated unit": 60,
    "minGRU": 45,
    "minLSTM": 65,
    "free minLSTM": 55,
    "signed minGRU": 47,
    "two-layer minGRU": 95,
}


def seconds(run):
    """About how long a run takes one processor, if it goes to its limit; a free twin is a run more."""
    larger = max(1, run.hidden_size * run.batch / 256)
    runs = 2 if run.hold.endswith(" mean") else 1
    steps = steps_in(run.task, run.size)
    return 1e-6 * COST[run.cell] * larger * run.limit * steps * runs


def tell(name, cut, path, every=False):
    """Print how many runs of a file are missing, and an estimate; with `every`, the runs too."""
    rows = read(path) if path.exists() else {}
    rates = [rate for condition in cut.conditions for rate in condition.budget.rates]
    there = dict.fromkeys(plan(cut, rows, unknown_rate=sorted(rates)[len(rates) // 2]))
    missing = [run for run in there if run not in rows]
    for run in missing if every else ():
        print(*run, sep=", ")
    minutes = sum(map(seconds, missing)) / 60
    print(
        f"{name:10} {len(cut.conditions):4} conditions: {len(missing):5} of {len(there):5}", end=" "
    )
    print(f"runs are missing, at most about {minutes:4.0f} minutes of one core")
    return minutes


def verdicts(folder, files, seeds=None, rates=None):
    """What the records in a folder allow to be said -> {name of a question: Verdict, or what is lacking}."""
    found = {}
    for file in files:
        path = folder / f"{file}.csv"
        there = (read(path), laboratory.read_more(path)) if path.exists() else ({}, {})
        asked = (name for name, one in laboratory.VERDICTS.items() if one.file == file)
        for name in asked:
            try:
                found[name] = laboratory.judged(name, *there, seeds, rates)
            except laboratory.Incomplete as lacking:
                found[name] = lacking
    return found


def say(folder, files, seeds=None, rates=None):
    """Print it, question by question; of other runs than the records, what comes out on another side than there."""
    found = verdicts(folder, files, seeds, rates)
    for name, one in found.items():
        lacks = isinstance(one, laboratory.Incomplete)
        print(f"{name}: no verdict, {one}" if lacks else f"{name}: {one.sentence}")
    if folder == FOLDER:
        return
    records, told = verdicts(FOLDER, files), "not as in the records"
    both = {name: (one, records[name]) for name, one in found.items()}
    for name, (one, there) in both.items():
        known = isinstance(one, laboratory.Verdict) and isinstance(there, laboratory.Verdict)
        if known and one.side != there.side:
            print(f"{told}: {name}. There: {there.sentence}")


def span(text):
    """The seeds of "1000-1009" or "7"."""
    first, _, last = text.partition("-")
    if not first.isdecimal() or not (last or first).isdecimal() or int(last or first) < int(first):
        raise argparse.ArgumentTypeError(f"expected seeds as 7 or 1000-1009, got {text}")
    return range(int(first), int(last or first) + 1)


def main(arguments=None):
    parser = argparse.ArgumentParser(
        description="Run the laboratory's files, or what is missing of them."
    )
    parser.add_argument("files", nargs="*", help=f"of {', '.join(FILES)}; all if left out")
    parser.add_argument("--cut", choices=CUTS, default="whole")
    parser.add_argument("--seeds", type=span, help="as 1000-1009: other seeds than the records'")
    parser.add_argument("--dry", action="store_true", help="estimate what is missing")
    parser.add_argument("--list", action="store_true", help="with --dry, list the missing runs")
    parser.add_argument("--verdicts", action="store_true", help="what the records allow to be said")
    parser.add_argument("--trim", action="store_true", help="leave out conditions that lack runs")
    parser.add_argument("--jobs", type=int, default=-1, help="processes, all cores if -1")
    parser.add_argument("--results", type=Path, help="a folder for the records")
    given = parser.parse_args(arguments)
    if given.results and given.results.suffix:
        parser.error(f"expected a folder for the records, got {given.results}")
    try:
        return follow(given, parser)
    except ValueError as error:
        sys.exit(error)  # a file of records that was changed by hand, or is none
    except KeyboardInterrupt:
        sys.exit("Interrupted. Every finished run is kept; the same command goes on from here.")


def follow(given, parser):
    """Do what the command line asks for."""
    if unknown := set(given.files) - set(CUTS[given.cut]):
        parser.error(f"expected files of {', '.join(CUTS[given.cut])}, got {', '.join(unknown)}")
    cuts = {n: c for n, c in CUTS[given.cut].items() if not given.files or n in given.files}
    folder = given.results or (FOLDER.with_name("quick") if given.cut == "quick" else FOLDER)
    if given.seeds:
        folder = given.results or FOLDER.with_name("own")
        cuts = {name: cut.on(given.seeds) for name, cut in cuts.items()}
    paths = {name: folder / f"{name}.csv" for name in cuts}
    if given.verdicts:
        few = len(given.seeds) if given.seeds else 6 if given.cut == "quick" else None
        return say(folder, cuts, few, 1 if given.cut == "quick" else None)
    if given.dry:
        minutes = [tell(name, cut, paths[name], given.list) for name, cut in cuts.items()]
        return print(f"together at most about {sum(minutes):.0f} minutes of one core")
    if given.trim:
        for name, cut in cuts.items():
            if paths[name].exists():
                out, left = whole(cut, paths[name])
                print(f"{name}: {left} rows of whole conditions are left, {out} are taken out")
        return None
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C: the workers end too
    for name, cut in cuts.items():
        complete(cut, paths[name], given.jobs)
    return None


if __name__ == "__main__":
    main()
