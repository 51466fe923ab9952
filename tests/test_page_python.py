"""What runs in the page, asked here: which cells a cell needs, and what a cell tells when it is run."""

import hashlib
import inspect
import json
from types import SimpleNamespace

import ipywidgets
import pytest
from explorers import KINDS, made
from sphinx.errors import ExtensionError

from lib import live, lstm, plots
from lib.live import sphinx as live_sphinx
from lib.page import explorer, files, kernel, needs
from lib.page import sphinx as page_sphinx

# Which cells are needed.


def ran(cells, history=None, numbers=()):
    """The history of a page of which these cells have been run, in order."""
    history = {} if history is None else history
    for number in numbers:
        needs.follow(history, needs.runs(cells)[number])
    return history


PAGE = [
    "import numpy as np",  # 0
    "rng = np.random.default_rng(0)",
    "a = rng.normal()",  # 2
    "b = 3",
    "def twice(x):\n    return b * x",  # 4
    "c = rng.normal()",
    "words = []",  # 6
    "words.append(twice(a))",
    "print(b)",  # 8
    "print(words, c)",
]


def test_a_cell_needs_those_that_bind_what_it_reads_and_what_these_need():
    assert needs.missing(PAGE, 3, {}) == []
    assert needs.missing(PAGE, 8, {}) == [3]
    assert needs.missing(PAGE, 7, {}) == [0, 1, 2, 3, 4, 6]  # b is read when twice is called
    assert needs.missing(PAGE, 9, {}) == [0, 1, 2, 3, 4, 5, 6, 7]


def test_who_draws_from_a_random_stream_needs_those_that_drew_before():
    assert needs.missing(PAGE, 5, {}) == [0, 1, 2]
    again = ran(PAGE, numbers=[0, 1, 2])
    assert needs.missing(PAGE, 5, again) == []
    twice = ran(PAGE, again, [2])
    assert needs.missing(PAGE, 5, twice) == [1, 2]  # from the stream's beginning
    assert needs.missing(PAGE, 2, ran(PAGE, numbers=[0, 1, 2])) == [1]


def test_what_has_run_is_not_run_again_and_what_stands_on_a_changed_cell_is():
    history = ran(PAGE, numbers=range(9))
    assert needs.missing(PAGE, 9, history) == []
    edited = [*PAGE[:3], "b = 4", *PAGE[4:]]
    assert needs.missing(edited, 8, history) == [3]
    assert needs.missing(edited, 9, history) == [3, 4, 6, 7]
    assert needs.missing(edited, 2, ran(PAGE, numbers=[0, 1])) == []


@pytest.mark.parametrize(
    "change",
    [
        "d['k'] = 1",
        "d.update(k=1)",
        "d |= {}",
        "def f():\n    d.clear()\nf()",
        "g(d)",  # of which nothing is known
        "h(d)",
        "both(d)",
        "np.copyto(d, 1)",
        "np.add(1, 1, out=d)",
        "d.part[0].x = 2",
        "for k in (1, 2):\n    d[k] = k",
        "exec('d = 1')",
        "from m import *",
        "del d",
        "if True:\n    d = 2",
    ],
)
def test_a_change_in_place_is_seen(change):
    page = [
        "import numpy as np",
        "d = {}",
        "def h(x):\n    x.pop()\ndef both(x):\n    h(x)",
        change,
        "print(d)",
    ]
    assert 3 in needs.missing(page, 4, {})


@pytest.mark.parametrize(
    "use",
    [
        "print(d)",
        "len(d)",
        "x = d.sum()",
        "f(d)",
        "lstm.forward(d)",
        "Params(d)",
        "def k(d):\n    d[0] = 1",
        "d",
    ],
)
def test_what_only_looks_is_not_needed(use):
    page = ["from lib import lstm", "d = {}", "def f(x):\n    return [*x]", use, "print(d)"]
    assert needs.missing(page, 4, {}) == [1]


def test_in_doubt_everything_above_is_needed():
    page = ["a = 1", "exec('b = 2')", "c = 3", "print(c)", "globals()"]
    assert needs.missing(page, 3, {}) == [0, 1, 2]
    assert needs.missing(page, 4, {}) == [0, 1, 2, 3]
    assert needs.missing(["a = (", "b = 1", "print(b)"], 2, {}) == [
        0,
        1,
    ]  # what is no Python may be anything


# What a cell tells.


class Page:
    """A Kernel, and what it has told."""

    def __init__(self, *cells):
        plots.style.pyplot().close("all")  # what another test has left open is no cell's
        self.told, self.cells = [], list(cells)
        self.kernel = kernel.Kernel(lambda *what: self.told.append(what))
        self.names = self.kernel.names

    def run(self, number=0, **how):
        self.told.clear()
        out = kernel.sys.stdout
        kernel.sys.stdout = self.kernel.out
        try:
            done = self.kernel.run(json.dumps(self.cells), number, **how)
        finally:
            kernel.sys.stdout = out
        return done, list(self.told)


def test_a_cell_tells_what_it_prints_and_its_last_expression():
    page = Page("print(1)\nx = 2\nx + 1", "None", "print('a', end='')")
    assert page.run() == (True, [("out", "1\n"), ("out", "3\n")])
    assert page.run(1) == (True, [])
    assert page.run(2) == (True, [("out", "a")])


def test_a_check_that_no_longer_holds_is_told_and_stops_nothing():
    page = Page("x = 1\nassert x == 2\nassert x > 3, 'x is small'\nprint('after')")
    done, told = page.run()
    assert done and told == [
        ("check", "assert x == 2"),
        ("check", "x is small"),
        ("out", "after\n"),
    ]


def test_a_sentence_that_is_no_longer_true_is_told_in_its_own_words():
    page = Page("from lib.checked import says\nsays('one is {}', 2, holds=False)\nprint('after')")
    done, (check, after) = page.run()
    assert done and check[0] == "check" and "one is" in check[1] and after == ("out", "after\n")


def test_an_error_shows_the_lines_of_cells_alone_and_ends_the_cell():
    page = Page("from lib import lstm\ndef f():\n    lstm.step(None, 1, 2)\nf()\nprint('never')")
    done, [(kind, text)] = page.run()
    assert not done and kind == "error"
    assert text.count('File "') == 2 and text.count('File "cell 1", line') == 2
    assert "lstm.step(None, 1, 2)" in text and "lib/lstm.py" not in text and "never" not in text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("x = (", "SyntaxError"),
        ("raise SystemExit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("def f():\n    f()\nf()", "RecursionError"),
        ("raise MemoryError", "Start again"),
        ("import torch_of_nowhere", "This page has no torch_of_nowhere"),
    ],
)
def test_whatever_a_cell_raises_is_told(code, words):
    page = Page(code, "print(1)")
    done, [(kind, text)] = page.run()
    assert not done and kind == "error" and words in text
    assert page.run(1) == (True, [("out", "1\n")])


def test_what_failed_is_run_again_where_it_is_needed():
    page = Page("x = 1\nraise ValueError", "print(x)")
    page.run()
    assert page.kernel.missing(json.dumps(page.cells), 1) == "[0]"
    page.cells[0] = "x = 1"
    page.run()
    assert page.kernel.missing(json.dumps(page.cells), 1) == "[]"


def test_of_very_much_text_the_beginning_and_the_end_are_told():
    page = Page("for k in range(1_000_000):\n    print(k)")
    done, told = page.run()
    text = "".join(part for _, part in told)
    assert done and len(text) < kernel.HEAD + kernel.TAIL + 100
    assert text.startswith("0\n1\n") and text.endswith("\n999998\n999999\n")
    whole = sum(len(f"{k}\n") for k in range(1_000_000))
    assert f"{whole - kernel.HEAD - kernel.TAIL:,} letters are left out" in text


def test_a_cell_can_be_asked_for_the_source_of_its_functions():
    page = Page("def f():\n    return 7", "import inspect\nprint(inspect.getsource(f), end='')")
    page.run()
    assert page.run(1) == (True, [("out", "def f():\n    return 7\n")])
    assert inspect.getsource(lstm.step).startswith("def step(")


def test_a_page_cannot_ask():
    with pytest.raises(RuntimeError, match="write the answer into the code"):
        kernel.refuse_to_ask("Your name?")


# Explorers.


def of_the_notebook(kind):
    """The state of the notebook's widgets, as a page has it."""
    whole = made(kind).box.model_id
    state = ipywidgets.Widget.get_manager_state()["state"]
    own = {name: state[name] for name in state if name == whole or name.startswith(f"{whole}-")}
    return renamed(live_sphinx.taken_apart({"state": own})[0]["state"], whole)


def renamed(state, whole):
    """A state in which the whole is "it", without the code, which is compared elsewhere, and what says nothing."""
    found = json.loads(json.dumps(state).replace("IPY_MODEL_", "").replace(whole, "it"))
    for model in found.values():
        told = {key: value for key, value in model["state"].items() if key != "_esm"}
        model["state"] = {
            key: value for key, value in told.items() if value not in (False, "", [], {})
        }
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_an_explorer_of_the_page_is_made_of_the_notebooks_parts(kind, monkeypatch):
    wanted = of_the_notebook(kind)
    monkeypatch.setattr(live, "Explorer", explorer.Explorer)
    shown = made(kind).shown()
    assert renamed(shown["state"], shown["whole"]) == wanted


def test_an_explorer_of_the_page_refuses_what_the_notebooks_refuses(monkeypatch):
    monkeypatch.setattr(live, "Explorer", explorer.Explorer)
    with pytest.raises(ValueError, match="f must be a number from 0 to 1"):
        live.lstm_step(f=2)
    lab = live.lstm_step(f=0.5)
    with pytest.raises(ValueError, match="f must be"):
        lab.f = 3
    lab.f = 0.25
    assert lab.f == 0.25 and repr(lab).startswith("lstm_step(f=0.25, ")


# The files.


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A folder with an official release of two small files, as PYODIDE names it."""
    contents = {"one.js": b"one", "two.whl": b"two"}
    table = {name: hashlib.sha256(content).hexdigest() for name, content in contents.items()}
    monkeypatch.setitem(files.TABLE, "files", table)
    monkeypatch.setenv("PYODIDE", str(tmp_path))
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


def test_the_official_files_are_taken_from_the_folder_that_is_named(release):
    assert files.official(files.place()) == {name: release / name for name in ("one.js", "two.whl")}


def test_a_file_with_another_hash_is_refused_in_a_sentence(release):
    (release / "two.whl").write_bytes(b"twO")
    with pytest.raises(
        files.Missing, match=r"two\.whl is not that of Pyodide .*: its sha256 is another\."
    ):
        files.official(files.place())


def test_a_file_that_is_not_there_or_half_there_is_refused_in_a_sentence(release):
    (release / "one.js").write_bytes(b"on")
    with pytest.raises(files.Missing, match="its sha256 is another"):
        files.official(files.place())
    (release / "one.js").unlink()
    with pytest.raises(files.Missing, match=r"has no one\.js of Pyodide"):
        files.official(files.place())


def test_the_book_that_is_packed_has_the_library_and_the_records_and_nothing_of_the_site():
    names = files.book_files()
    for name in (
        "lib/lstm.py",
        "lib/page/kernel.py",
        "lib/live/js/draw.js",
        "experiments/results/runs.csv",
    ):
        assert name in names
    assert not [name for name in names if name.startswith(("lib/site", "lib/page/js"))]


@pytest.fixture
def app(tmp_path):
    """What Sphinx hands to the extension, as far as it looks."""
    builder, config = SimpleNamespace(format="html"), SimpleNamespace(page_python=True)
    return SimpleNamespace(builder=builder, config=config, outdir=tmp_path / "html")


def test_where_the_files_cannot_be_had_one_line_says_so_and_there_are_no_buttons(
    app, release, monkeypatch
):
    (release / "one.js").unlink()
    monkeypatch.delenv("CI", raising=False)
    told = []
    monkeypatch.setattr(page_sphinx.log, "info", told.append)
    page_sphinx.prepare(app)
    (line,) = told
    assert app.page_python is None and "no buttons Run" in line and "has no one.js" in line
    monkeypatch.setenv("CI", "true")
    with pytest.raises(ExtensionError, match="has no one.js"):
        page_sphinx.prepare(app)


def test_nothing_is_asked_of_files_where_it_is_switched_off(app, release, monkeypatch):
    monkeypatch.setenv("CI", "true")
    (release / "one.js").unlink()
    app.config.page_python = False
    page_sphinx.prepare(app)
    assert app.page_python is None


def test_a_page_tells_the_seconds_of_its_slow_cells(monkeypatch, tmp_path):
    table = '{"a/page": {"slow": 7.5, "gone": 9}}'
    (tmp_path / "seconds.json").write_text(table, encoding="utf-8", newline="\n")
    monkeypatch.setattr(page_sphinx, "HERE", tmp_path)
    assert page_sphinx.seconds("a/page", ["quick", "slow"]) == {1: 7.5}
    assert page_sphinx.seconds("another/page", ["quick", "slow"]) == {}
