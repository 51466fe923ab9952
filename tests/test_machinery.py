"""What everything else leans on: a failure fails the command, every notebook is run and built, records are the plan's.

A check here gives a list of what is wrong. It is empty for the repository as it is, and not for one with a fault that
is planted in memory, or in a copy of the commands whose environment holds stubs that write down what they are asked.
"""

import ast
import fnmatch
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path, PurePosixPath
from types import ModuleType

import numpy as np
import outputs
import plans
import pytest
import run as experiments
import yaml
from outside import Book, files

from lib import laboratory
from lib.laboratory import TASKS

ROOT = Path(__file__).resolve().parent.parent
MAKE, BUILD, SETTINGS, TOC = "tools/make.py", "tools/build.py", "_config.yml", "_toc.yml"


def edited(file, right, wrong):
    """The repository with one edit in a file; without a `right`, with another file in its place."""
    if right is None:
        return Book({file: wrong})
    text = Book()[file]
    assert text.count(right) == 1, f"{file} has {right!r} {text.count(right)} times"
    return Book({file: text.replace(right, wrong)})


# A failure fails the command.

NOTHING = "a word that no stub is asked"
LINT = ["ruff check .", "ruff format --check ."]
TEST = ["python tools/build.py", "python -m pytest --junitxml=_build/tests.xml"]
TEST += ["python -m pytest --junitxml=_build/tests-alone.xml"]
COMMANDS = {"make test": TEST, "make check": LINT + TEST, "bash .ci/run": LINT + TEST}
FAILING = {"make test": TEST, "make check": [*LINT, TEST[1]], "bash .ci/run": [LINT[0], TEST[2]]}
STUB = """#!/bin/sh
echo "$(basename "$0") $*" >>"$LOG"
case "$(basename "$0") $*" in *"$FAILS"*) exit 1 ;; esac
"""
PROGRAMS = {  # on the path: the Python that starts make.py, and one that may install nothing
    "bin/python3": f'#!/bin/sh\n[ "$1" = -c ] && exit 0\nexec "{sys.executable}" "$@"\n',
    "bin/apt-get": "#!/bin/sh\nexit 1\n",
}
posix = pytest.mark.skipif(
    os.name != "posix" or not shutil.which("make"), reason="the stubs are scripts that make starts"
)


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """A copy of the commands, with an environment of stubs in which all is installed already."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("Makefile", ".ci/run", MAKE, "pyproject.toml", "requirements.lock", "page.lock"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    stubs = {".venv/bin/python": STUB, ".venv/bin/ruff": STUB}
    for name, text in {**stubs, **PROGRAMS}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        (folder / name).chmod(0o755)
    ran(folder, "make .venv/test")
    return folder


def ran(folder, command, fails=NOTHING):
    """The status of a command, and which of its steps were begun, where the step of this name fails."""
    foreign = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "ENVIRONMENT", "PYTHON")
    variables = {name: value for name, value in os.environ.items() if name not in foreign}
    variables |= dict(PATH=f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}", HOME=str(folder))
    variables |= dict(LOG=str(folder / "log"), FAILS=fails, CHROMIUM="one")
    (folder / "log").write_text("", encoding="utf-8")
    run = subprocess.run(command.split(), cwd=folder, env=variables, capture_output=True)
    asked = (folder / "log").read_text(encoding="utf-8").splitlines()
    steps = (step for line in asked for step in LINT + TEST if f"{line} ".startswith(f"{step} "))
    return run.returncode, list(steps)


@posix
@pytest.mark.parametrize("command", COMMANDS)
def test_a_step_that_fails_fails_the_command_and_without_one_all_are_done(clone, command):
    assert ran(clone, command) == (0, COMMANDS[command])
    for step in FAILING[command]:
        assert ran(clone, command, step)[0] != 0, step


SWALLOWED = [  # (command, the step that fails, file, right, wrong)
    ("make test", 1, "Makefile", "\t@$(DO) test\n", "\t-@$(DO) test\n"),
    ("make test", 1, "Makefile", "\t@$(DO) test\n", "\t@$(DO) test || true\n"),
    ("make test", 1, MAKE, "return int(any(failed))", "return 0"),
    ("make test", 0, MAKE, "failed = [book()]", "failed = [bool(book)][1:]"),
    ("make test", 2, MAKE, "for name, words in TESTS.items():", "for name, words in [*TESTS.items()][:1]:"),
    ("make test", 1, MAKE, "sys.exit(main(sys.argv[1:]))", "main(sys.argv[1:])"),
    ("make test", 1, MAKE, "        return COMMANDS[words[0]](*words[1:])", "        COMMANDS[words[0]](*words[1:])"),
    ("make check", 3, "Makefile", "check: lint test ", "check: lint book "),
    ("make check", 0, "Makefile", "@$(RUN)/ruff check .\n", "@$(RUN)/ruff check . | cat\n"),
    ("make check", 1, "Makefile", "\t@$(RUN)/ruff format --check .\n", ""),
    ("bash .ci/run", 3, ".ci/run", "make check #", "make check || echo failed #"),
    ("bash .ci/run", 3, ".ci/run", "make check #", "make -i check #"),
    ("bash .ci/run", 3, ".ci/run", "make check #", "make lint #"),
]  # fmt: skip


@posix
@pytest.mark.parametrize(("command", "step", "file", "right", "wrong"), SWALLOWED)
def test_a_command_that_swallows_a_failure_is_seen(clone, command, step, file, right, wrong):
    text = Book()[file]
    assert text.count(right) == 1
    (clone / file).write_text(text.replace(right, wrong), encoding="utf-8", newline="\n")
    try:
        status, _ = ran(clone, command, COMMANDS[command][step])
    finally:
        (clone / file).write_text(text, encoding="utf-8", newline="\n")
    assert status == 0, "the fault is none: the failure still fails the command"


def swallowing(book):
    """Lines of the commands that could go on after a failure, workflows that do not run the tests, or publish alone."""
    wrong, goes_on = [], r"\|\|\s*(true|:|echo)\b|^\t@?-|continue-on-error|\bset \+e|make -\w*[ik]"
    workflows = sorted(name for name in files() if re.fullmatch(r"\.github/.*\.yml", name))
    for name in ["Makefile", ".ci/run", *workflows]:
        lines = book[name].splitlines()
        wrong += [f"{name}: {line.strip()}" for line in lines if re.search(goes_on, line)]
        if name in workflows:
            jobs = yaml.safe_load(book[name])["jobs"]
            told = [step.get("run") for step in jobs["check"]["steps"]]
            wrong += [] if "bash .ci/run" in told else [f"{name}: no step is .ci/run"]
            needs = {job: told.get("needs") for job, told in jobs.items() if "if" in told}
            wrong += [f"{name}: {job} needs {needs[job]}" for job in needs if needs[job] != "check"]
    return wrong


WORKFLOW = ".github/workflows/book.yml"
PUSHED = "    if: github.event_name == 'push' && github.ref == 'refs/heads/main'\n"


def test_no_line_of_the_commands_goes_on_after_a_failure_and_nothing_is_published_untested():
    assert swallowing(Book()) == []


@pytest.mark.parametrize(
    ("file", "right", "wrong"),
    [
        (WORKFLOW, "- run: bash .ci/run", "- run: bash .ci/run || true"),
        (WORKFLOW, "- run: bash .ci/run", "- run: make book"),
        (WORKFLOW, "    timeout-minutes: 30\n", "    timeout-minutes: 30\n    continue-on-error: true\n"),
        (WORKFLOW, f"  publish:\n{PUSHED}    needs: check\n", f"  publish:\n{PUSHED}"),
        ("Makefile", "\t@$(RUN)/ruff check .\n", "\t-$(RUN)/ruff check .\n"),
        (".ci/run", "make check #", "set +e; make check #"),
    ],
)  # fmt: skip
def test_a_line_that_goes_on_after_a_failure_is_seen(file, right, wrong):
    assert swallowing(edited(file, right, wrong))


# Every notebook of the table of contents is run, and built with warnings as errors.


def module(book, name, place=ROOT):
    """A tool made from the text that the book has, as if it stood in another place."""
    made = ModuleType(name)
    made.__file__ = str(place / name)
    exec(compile(book[name], name, "exec"), made.__dict__)
    return made


def listed(book):
    """The pages of the table of contents, in order, without their endings."""
    toc = yaml.safe_load(book[TOC])
    return [toc["root"], *(page["file"] for part in toc["parts"] for page in part["chapters"])]


def not_run(book):
    """What keeps a page out of the book, or a notebook from being run, stored and compared."""
    page = re.compile(r"((?:(?:chapters|appendix)/)?[^/]+)\.(?:ipynb|md)")
    known = {name for name in files() | book.edited.keys() if page.fullmatch(name)}
    there = {name for name in known if "/" in name or name.endswith(".ipynb")}
    toc, names = Counter(listed(book)), Counter(page.fullmatch(name)[1] for name in there)
    odd = [name for name in names | toc if toc[name] != names[name]]
    wrong = [f"{name} stands {toc[name]} times in {TOC}" for name in odd]
    make, build = module(book, MAKE), module(book, BUILD)
    words = make.TESTS["tests"]
    stored = {path.relative_to(ROOT).as_posix() for path in outputs.notebooks()}
    built = set(build.files(*build.PAGES))
    for name in sorted(name for name in there & files() if name.endswith(".ipynb")):
        compared = {name, *map(str, PurePosixPath(name).parents)} & set(words)
        who = {"make outputs": name in stored, "make book": name in built, "make test": compared}
        wrong += [f"{command} does not run {name}" for command, runs in who.items() if not runs]
        wrong += [f"{name}: {reason}" for reason in excused(book[name])]
    spared = re.compile(r"--(nbval-|ignore|deselect|maxfail|last|co)|-k|-x")
    more = re.findall(r"^addopts = (.*)", book["pyproject.toml"], re.M)
    wrong += [word for word in [*words, *json.loads(*more)] if spared.match(word)]
    wrong += [] if "--ran" in words else ["make test compares no outputs"]
    settings = yaml.safe_load(book[SETTINGS])
    told = settings["execute"]
    asked = dict(execute_notebooks="cache", raise_on_error=True)
    asked |= dict(exclude_patterns=None, allow_errors=None)
    wrong += [
        f"{name} is {told[name]}" for name in told if told[name] != asked.get(name, told[name])
    ]
    wrong += [f"{name} is not set" for name in asked if asked[name] and name not in told]
    for pattern in settings["exclude_patterns"]:
        wrong += [f"{pattern} leaves out {name}" for name in fnmatch.filter(there, pattern)]
    return wrong


@cache
def excused(text):
    """What in a notebook tells a runner to leave a cell out, or not to look at what it shows."""
    notebook = json.loads(text)
    told = [str(notebook["metadata"].get("mystnb", ""))]
    for cell in notebook["cells"]:
        told += cell["metadata"].get("tags", [])
        told += [str(cell["metadata"].get("mystnb", {}).get("execution", ""))]
        told += re.findall(r"#.*NBVAL\w+", "".join(cell["source"]))
    excuse = re.compile("nbval|skip-exec|raises-exc|allow|execution_", re.I)
    return [word for word in told if excuse.search(word)]


def test_every_page_is_in_the_table_of_contents_and_every_notebook_of_it_is_run_and_compared():
    assert not_run(Book()) == []
    assert len([name for name in listed(Book()) if name.startswith("chapters/")]) >= 5


NOTEBOOK = "chapters/04_gru.ipynb"
SPARED = {"cell_type": "code", "source": "1 / 0"}
NOT_RUN = [  # (file, right, wrong)
    (TOC, "      - file: chapters/04_gru\n", ""),
    (TOC, "file: chapters/04_gru\n", "file: chapters/03_backprop_cell_state\n"),
    (TOC, "      - file: appendix/teachers\n", ""),
    (TOC, "file: appendix/rosetta\n", "file: appendix/stone\n"),
    ("chapters/07_more.ipynb", None, "{}"),
    ("appendix/errata.md", None, "# Errata\n"),
    (MAKE, '["intro.ipynb", "chapters", "appendix"]', '["intro.ipynb", "chapters"]'),
    (MAKE, '["intro.ipynb", "chapters", "appendix"]', '["intro.ipynb", "chapters/04_gru.ipynb", "appendix"]'),
    (MAKE, '        "--ran",\n', '        "--ran",\n        "--nbval-lax",\n'),
    (MAKE, '        "--ran",\n', ""),
    (MAKE, '        "--ran",\n', '        "--ran",\n        "--ignore=chapters/05_memory_test.ipynb",\n'),
    (BUILD, 'PAGES = ("*.ipynb", "chapters/*", "appendix/*")', 'PAGES = ("*.ipynb", "chapters/*")'),
    (SETTINGS, "execute_notebooks: cache", 'execute_notebooks: "off"'),
    (SETTINGS, "raise_on_error: true", "raise_on_error: false"),
    (SETTINGS, "  timeout: 120\n", "  timeout: 120\n  exclude_patterns: [chapters/05*]\n"),
    (SETTINGS, "  - node_modules\n", "  - node_modules\n  - chapters/05*\n"),
    ("pyproject.toml", '"--strict-config"]', '"--strict-config", "--ignore=chapters"]'),
    (NOTEBOOK, None, json.dumps({"metadata": {}, "cells": [SPARED | {"metadata": {"tags": ["nbval-skip"]}}]})),
    (NOTEBOOK, None, json.dumps({"metadata": {}, "cells": [SPARED | {"metadata": {"tags": ["raises-exception"]}}]})),
    (NOTEBOOK, None, json.dumps({"metadata": {}, "cells": [
        SPARED | {"source": "# NBVAL_IGNORE_OUTPUT\n1", "metadata": {}}]})),
    (NOTEBOOK, None, json.dumps({"metadata": {"mystnb": {"execution_mode": "off"}}, "cells": []})),
]  # fmt: skip


@pytest.mark.parametrize(("file", "right", "wrong"), NOT_RUN, ids=lambda part: str(part)[:30])
def test_a_page_that_is_left_out_or_not_run_is_seen(file, right, wrong):
    assert not_run(edited(file, right, wrong))


def not_strict(book, place, monkeypatch):
    """What of a build's warnings, failures and its status gets by; Sphinx and the notebooks are stubs."""
    wrong, asked = [], []
    for name in ("PYTHONPATH", "MPLBACKEND", "OPENBLAS_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # so that what the build does to it is taken back
    monkeypatch.chdir(place)
    for failures, status in (([], 1), (["a notebook failed"], 0), ([], 0)):
        build = module(book, BUILD, place)
        build.run_notebooks = lambda ground, told=failures: told

        def sphinx(source, site, *_, status=status, **options):
            asked.append(options)
            site.mkdir(parents=True)
            (site / "index.html").touch()
            return status

        stub = ModuleType("jupyter_book.sphinx")
        stub.build_sphinx = sphinx
        monkeypatch.setitem(sys.modules, "jupyter_book", ModuleType("jupyter_book"))
        monkeypatch.setitem(sys.modules, "jupyter_book.sphinx", stub)
        build.BUILD.mkdir(exist_ok=True)
        if bool(build.main()) != bool(failures or status):
            wrong.append(f"notebooks {failures}, Sphinx {status}: the build's status is not theirs")
    before = len(asked)
    if build.main() or len(asked) != before:
        wrong.append("a book that is built is built again")
    for options in asked:
        for name in ("warningiserror", "force_all"):  # what is not read again warns of nothing
            wrong += [] if options.get(name) is True else [f"{name} is {options.get(name)}"]
        if options["confoverrides"].get("nitpicky") is not True:
            wrong.append("a reference that leads nowhere is no warning")
    return wrong


def test_a_warning_a_failed_notebook_and_sphinxs_status_fail_the_build(tmp_path, monkeypatch):
    assert not_strict(Book(), tmp_path, monkeypatch) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("warningiserror=True", "warningiserror=False"),
        ("force_all=True", "force_all=False"),
        ('"nitpicky": True', '"nitpicky": False'),
        ("    if failures:\n", "    if failures and False:\n"),
        ("    if write_pages() != 0:\n        return 1\n", "    write_pages()\n"),
        ("    BUILT.unlink(missing_ok=True)\n", '    BUILT.write_text(whole, encoding="utf-8")\n    return 0\n'),
    ],
)  # fmt: skip
def test_a_build_that_lets_something_by_is_seen(tmp_path, monkeypatch, right, wrong):
    assert not_strict(edited(BUILD, right, wrong), tmp_path, monkeypatch)


# Records are their plan's, row by row, and as many.

UNDER_WAY = ["ablations", "state"]  # files of which some conditions have not been run yet
RECORDED = [name for name in plans.FILES if (experiments.FOLDER / f"{name}.csv").exists()]


def off_plan(cut, records, under_way=False):
    """Rows that are not planned, or not what their run decides; rows that lack, and how many they should be.

    Asked of the budgets themselves, not of what plans the runs. Of a file that is `under_way`, what lacks is left to
    the test of whole conditions.
    """
    planned, found, wrong = defaultdict(set), defaultdict(set), []
    for *what, budget in cut.conditions:
        group = planned[*what, budget.limit, budget.batch]
        group |= set(itertools.product(cut.tries, budget.rates, ["validation"]))
        group |= set(itertools.product(budget.seeds, budget.rates, ["test"]))
    for run, row in records.items():
        found[*run[:6], run.limit, run.batch].add((run.seed, run.learning_rate, run.part))
        wrong += [f"{run}: {reason}" for reason in off_run(run, row)]
    wrong += [f"{group} is not planned" for group in found.keys() - planned.keys()]
    whole = 0
    for group, runs in planned.items():
        beside, tried = found[group] - runs, runs
        if cut.tries:  # one rate is reported, whichever the seeds chose
            tried = {run for run in runs if run[2] == "validation"}
            reported = {run for run in found[group] if run[2] == "test"}
            seeds = {seed for seed, _, part in runs if part == "test"}
            beside |= seeds ^ {seed for seed, _, _ in reported}
            whole += len(seeds)
        whole += len(tried)
        beside |= set() if under_way else tried - found[group]
        wrong += [f"{group}: not as planned: {sorted(beside)}"] if beside else []
    if len(records) != whole and not under_way:
        wrong.append(f"{len(records)} rows, {whole} are planned")
    return wrong


def off_run(run, row):
    """What of a row is not decided by its run as the library has it now."""
    posed = TASKS[run.task]
    if row.parameters != parameters(run.cell, posed.shape(run.size)[0], run.hidden_size):
        yield f"{row.parameters} parameters"
    if row.lower is not posed.lower:
        yield f"lower is {row.lower}"
    if not np.isclose(row.baseline, baseline(run.task, run.size, run.part), rtol=1e-3):
        yield f"a baseline of {row.baseline}"
    early = posed.stop_below is not None or np.isnan(row.score)
    if not (0 <= row.steps <= run.limit and (early or row.steps == run.limit)):
        yield f"{row.steps} steps"
    if row.improving and row.steps != run.limit:
        yield "it was improving, and stopped before its limit"


parameters = cache(plans.parameters)


@cache
def baseline(task, size, part):
    return TASKS[task].baseline(size, part)


@cache
def recorded(name):
    return laboratory.read(experiments.FOLDER / f"{name}.csv")


@pytest.mark.parametrize("name", RECORDED)
def test_the_rows_of_a_file_are_those_of_its_plan_and_as_many(name):
    records = recorded(name)
    assert off_plan(plans.FILES[name], records, name in UNDER_WAY) == []


OFF_PLAN = {  # what is done to a row of the file, or to the condition of it
    "it is lost": lambda run, row: [],
    "its condition is lost": None,
    "it is there with another seed": lambda run, row: [(run._replace(seed=20), row)],
    "there is one seed more": lambda run, row: [(run, row), (run._replace(seed=20), row)],
    "it has another rate": lambda run, row: [(run._replace(learning_rate=0.02), row)],
    "it has another limit": lambda run, row: [(run._replace(limit=301), row)],
    "it has other units": lambda run, row: [(run._replace(hidden_size=17), row)],
    "it has another start": lambda run, row: [(run._replace(start="orthogonal"), row)],
    "it is of the other part": lambda run, row: [(run._replace(part="validation"), row)],
    "it counts a bias less": lambda run, row: [(run, row._replace(parameters=row.parameters - 1))],
    "its baseline is another": lambda run, row: [(run, row._replace(baseline=0.2))],
    "less is better": lambda run, row: [(run, row._replace(lower=True))],
    "it went on": lambda run, row: [(run, row._replace(steps=run.limit + 1))],
    "it improved and stopped": lambda run, row: [(run, row._replace(steps=40, improving=True))],
}  # fmt: skip


@pytest.mark.parametrize("fault", OFF_PLAN)
def test_a_row_that_is_not_the_plans_is_seen(fault):
    records = recorded("starts")
    items, done = list(records.items()), OFF_PLAN[fault]
    (run, row), rest = items[0], items[1:]
    assert run.start == "uniform"
    if done is None:
        rest = [one for one in rest if one[0][:6] + one[0][8:10] != run[:6] + run[8:10]]
    assert off_plan(plans.FILES["starts"], dict([*(done(run, row) if done else []), *rest]))


def test_where_seeds_choose_the_rate_all_are_tried_and_one_is_reported():
    """Of grid.csv, with made-up rows: its plan is of another kind than the others'."""
    cut = plans.Cut(
        [one for one in plans.FILES["grid"].conditions if one.task == "recall"][:2], plans.TRIES
    )
    row = laboratory.Row(0.5, 0.25, False, 800, False, 0, 1.0, "")
    runs = list(experiments.plan(cut, {}, unknown_rate=0.01))
    rows = {}
    for run in runs:
        count = parameters(run.cell, TASKS[run.task].shape(run.size)[0], run.hidden_size)
        rows[run] = row._replace(parameters=count)
    assert off_plan(cut, rows) == []
    for run in (runs[0], runs[-1]):  # one that chose, one that is reported
        assert off_plan(cut, {one: row for one, row in rows.items() if one != run})


def all_alike(records):
    """Conditions whose seeds all came to the same, though between nothing and everything."""
    rows = defaultdict(list)
    for run, row in records.items():
        rows[run._replace(seed=None)].append(row[:1] + row[3:5])
    few = {run: told for run, told in rows.items() if len(told) > 4 and len(set(told)) == 1}
    return [f"{run}: {told[0]}" for run, told in few.items() if told[0][0] not in (0, 1)]


@pytest.mark.parametrize("name", ["runs", *RECORDED])
def test_two_seeds_are_two_rows(name):
    assert all_alike(recorded(name)) == []


def test_a_row_that_was_copied_for_every_seed_is_seen():
    records = dict(recorded("starts"))
    first, row = next(iter(records.items()))
    copied = row._replace(score=0.5)
    records |= {run: copied for run in records if run._replace(seed=0) == first._replace(seed=0)}
    assert len(all_alike(records)) == 1


# Nothing seeds NumPy's global stream, or draws from it.

STREAMS = {"get_state", "default_rng", "Generator", "SeedSequence", "PCG64", "BitGenerator"}


def global_draws(source):
    """The lines of code that seed or ask a stream that all share, NumPy's or Python's own."""
    tree = ast.parse(source)
    shared = {"random", "np.random", "numpy.random"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module in ("random", "numpy.random"):
            if {one.name for one in node.names} - STREAMS:
                yield node.lineno
        elif isinstance(node, ast.Attribute) and ast.unparse(node.value) in shared:
            if node.attr not in STREAMS and ast.unparse(node) not in shared:
                yield node.lineno


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("np.random.seed(0)", 1),
        ("import numpy\nnumpy.random.seed(0)", 1),
        ("x = np.random.normal(size=3) + np.random.rand(3)", 2),
        ("rng = np.random.RandomState(1)", 1),
        ("from numpy.random import seed", 1),
        ("import random\nrandom.seed(3)", 1),
        ("draw = np.random.uniform", 1),
        ("rng = np.random.default_rng(0); rng.random(3), rng.normal()", 0),
        ("def draw(rng: np.random.Generator):\n    return rng.uniform()", 0),
        ("from numpy.random import default_rng", 0),
    ],
)
def test_a_call_of_a_stream_that_all_share_is_found(source, lines):
    assert len(list(global_draws(source))) == lines


def test_nothing_seeds_a_stream_that_all_share_or_draws_from_it():
    sources = {name: Book()[name] for name in files() if name.endswith(".py")}
    for name in (name for name in files() if name.endswith(".ipynb")):
        cells = json.loads(Book()[name])["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        sources[name] = re.sub(r"(?m)^(\s*)[%!].*$", r"\1pass", "\n".join(code))
    own = re.compile(rf"\bnp\.random\.({'|'.join(STREAMS)})\b")
    asks = [name for name in sources if re.search(r"\brandom\b", own.sub("", sources[name]))]
    found = {name: len(list(global_draws(sources[name]))) for name in asks}
    ours = {name: count for name, count in found.items() if count}
    assert ours == {
        "tests/test_laboratory.py": 2
    }  # a test seeds it, to show that it does not matter
