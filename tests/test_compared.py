"""compared.py: what a notebook shows is compared with the build's run as strictly as nbval compares its own."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat import v4, write

HERE = Path(__file__).parent
SOURCES = ["print('one'); print('two')", "1 + 1", "None", "print('three')"]
PAIR = {"text/plain": "2", "text/html": "<b>2</b>"}


def cells(changed=None, outputs=(), sources=SOURCES, count=1):
    """The cells of a notebook that has run, the outputs of one being others."""
    shown = [
        [v4.new_output("stream", name="stdout", text="one\ntwo\n")],
        [v4.new_output("execute_result", {"text/plain": "2"}, execution_count=2)],
        [],
        [v4.new_output("stream", name="stdout", text="three\n")],
    ]
    if changed is not None:
        shown[changed] = list(outputs)
    return [
        v4.new_code_cell(source, outputs=own, execution_count=count)
        for source, own in zip(sources, shown, strict=True)
    ]


def says(text, name="stdout"):
    return v4.new_output("stream", name=name, text=text)


def gives(data):
    return v4.new_output("execute_result", data, execution_count=2)


RAISED = v4.new_output("error", ename="ValueError", evalue="no", traceback=["ValueError: no"])
# Notebooks that are stored otherwise than they ran: (stored, ran, the cell that fails).
OTHERWISE = {
    "a word": (cells(), cells(0, [says("one\ntwe\n")]), 0),
    "a line more": (cells(), cells(3, [says("three\nfour\n")]), 3),
    "a space": (cells(), cells(3, [says("three \n")]), 3),
    "a value": (cells(), cells(1, [gives({"text/plain": "3"})]), 1),
    "nothing shown": (cells(), cells(1), 1),
    "something shown": (cells(2), cells(2, [says("here\n")]), 2),
    "another form": (cells(), cells(1, [gives(PAIR)]), 1),
    "a form that is gone": (cells(1, [gives(PAIR)]), cells(), 1),
    "shown twice": (cells(), cells(1, [gives({"text/plain": "2"})] * 2), 1),
    "on stderr": (cells(), cells(3, [says("three\n", "stderr")]), 3),
    "a warning": (cells(), cells(3, [says("three\n"), says("Warning\n", "stderr")]), 3),
    "an exception": (cells(), cells(1, [RAISED]), 1),
    "never numbered": (cells(count=None), cells(), 0),
}
ALIKE = {
    "right": (cells(), cells()),
    "in pieces": (cells(), cells(0, [says("one\n"), says("two\n")])),
}
OTHER_CODE = cells(sources=[*SOURCES[:3], "print('three' )"])


def told(folder, *words):
    """{(notebook, number of the cell): what pytest says of it}."""
    command = [sys.executable, "-m", "pytest", "-rA", "--color=no", "-p", "no:cacheprovider"]
    done = subprocess.run([*command, *words], cwd=folder, capture_output=True, encoding="utf-8")
    found = re.findall(r"^(\w+) chapters/([\w ]+)\.ipynb::Cell (\d)", done.stdout, re.M)
    return {(name, int(cell)): verdict for verdict, name, cell in found}, done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder like the book's: notebooks, the runs that a build kept, and how they are compared."""
    folder = tmp_path_factory.mktemp("book")
    (folder / "tests").mkdir()
    for name in ("conftest.py", "compared.py"):
        shutil.copy(HERE / name, folder / "tests")
    pairs = {name: pair[:2] for name, pair in (OTHERWISE | ALIKE).items()}
    pairs |= {"other code": (cells(), OTHER_CODE), "never run": (cells(), None)}
    for number, (name, (stored, ran)) in enumerate(pairs.items()):
        kept = f"_build/.jupyter_cache/executed/{number}/base"
        for place, notebook in ((f"chapters/{name}", stored), (kept, ran)):
            if notebook:
                # the runs are told apart by their code
                own = [*notebook, v4.new_code_cell(f"# {name}", execution_count=5)]
                (folder / place).parent.mkdir(parents=True, exist_ok=True)
                write(v4.new_notebook(cells=own), folder / f"{place}.ipynb")
    return folder


@pytest.fixture(scope="module")
def verdicts(folder):
    return told(folder, "--ran", "chapters", "tests")[0]


def fails(verdicts, name):
    return [cell for (of, cell), verdict in verdicts.items() if of == name and verdict != "PASSED"]


@pytest.mark.parametrize("name", OTHERWISE)
def test_a_cell_that_ran_otherwise_than_it_is_stored_fails_and_no_other(verdicts, name):
    failed = range(4) if name == "never numbered" else [OTHERWISE[name][2]]
    assert set(fails(verdicts, name)) == set(failed) - ({2} if name == "never numbered" else set())


@pytest.mark.parametrize("name", ALIKE)
def test_a_notebook_that_ran_as_it_is_stored_passes(verdicts, name):
    assert fails(verdicts, name) == [] and ("right", 4) in verdicts


@pytest.mark.parametrize("name", ["other code", "never run"])
def test_a_notebook_that_the_build_has_not_run_as_it_stands_fails(folder, name):
    found, text = told(folder, "--ran", f"chapters/{name}.ipynb", "tests")
    assert set(found.values()) == {"ERROR"} and len(found) == 5
    assert f"{name}.ipynb was not run as it stands: build the book" in text


@pytest.mark.built
def test_nbval_itself_runs_a_notebook_and_judges_alike(folder):
    names = ["right", "a form that is gone"]
    found, _ = told(folder, "--nbval", *(f"chapters/{name}.ipynb" for name in names))
    assert [fails(found, name) for name in names] == [[], [1]] and len(found) == 10
