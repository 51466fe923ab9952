"""A notebook opened elsewhere than on the page: where it is to be read, which lib answers, what is folded."""

import base64
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbconvert
import nbformat
import outputs
import pytest
import yaml

from lib import live
from lib.edition import EDITION
from lib.live import sphinx
from lib.site.publish import site_address

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in outputs.notebooks()]
KINDS = "|".join(live.__all__)
every_notebook = pytest.mark.parametrize("name", NOTEBOOKS)


def read(name):
    return nbformat.read(ROOT / name, as_version=4)


# Where to read.


@every_notebook
def test_the_first_cell_says_where_to_read(name):
    first = read(name).cells[0]
    page = name.replace(".ipynb", ".html")
    assert first.cell_type == "markdown" and page in first.source
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    site = site_address(settings["html"]["baseurl"])
    assert (f"]({site}/{page})" in first.source) == bool(site)


def test_with_the_sites_address_the_first_cell_links_to_the_page(tmp_path, monkeypatch):
    config = "html:\n  baseurl: https://someone.github.io/gated/\n"
    (tmp_path / "_config.yml").write_text(config, encoding="utf-8")
    monkeypatch.setattr(outputs, "ROOT", tmp_path)
    path = tmp_path / "chapters" / "02_lstm_gates.ipynb"
    first = outputs.introduced(read("chapters/02_lstm_gates.ipynb"), path).cells[0]
    assert "](https://someone.github.io/gated/chapters/02_lstm_gates.html)" in first.source


@every_notebook
def test_the_page_does_not_have_the_cells_that_only_jupyter_shows(site, name):
    page = (site / name.replace(".ipynb", ".html")).read_text(encoding="utf-8")
    assert "To play: run the cells" not in page and "find_spec" not in page
    assert not re.search(r"<h\d>(Solution|Exercise)\b", page)
    only = [c for c in read(name).cells if "remove-cell" in c.metadata.get("tags", [])]
    assert len(only) >= 2


# What is folded.


def hidden(cells):
    """The numbers of the cells that JupyterLab hides under collapsed headings."""
    level = 0  # of the collapsed heading above
    for number, cell in enumerate(cells):
        heading = re.search(r"^(#+) ", cell.source, re.M) if cell.cell_type == "markdown" else None
        if heading and (not level or len(heading[1]) <= level):
            level = len(heading[1]) if cell.metadata.get("jp-MarkdownHeadingCollapsed") else 0
        elif level:
            yield number


def solving(cells):
    """The numbers of the cells that hold a solution or a part of one, by its directives."""
    inside = False
    for number, cell in enumerate(cells):
        marks = re.findall(r"^`{3,}\{(solution[a-z-]*)\}", cell.source, re.M)
        if inside or marks:
            yield number
        if marks:
            inside = marks[-1] == "solution-start"


@every_notebook
def test_a_solution_is_folded_in_jupyter_and_nothing_else_is(name):
    cells = read(name).cells
    assert list(hidden(cells)) == list(solving(cells))
    assert name == "intro.ipynb" or name.startswith("appendix") or list(solving(cells))


@every_notebook
def test_an_exercise_is_not_in_a_cell_with_a_solution(name):
    for number, cell in enumerate(read(name).cells):
        kinds = set(re.findall(r"^`{3,}\{(exercise|solution)", cell.source, re.M))
        assert len(kinds) < 2, f"{name}, cell {number}: put the solution into cells of its own"


# What nbconvert makes of it, which runs nothing.


def explorers(notebook):
    """The outputs that show an explorer, by the line that each has beside its picture."""
    return [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if re.match(rf"({KINDS})\(", output.get("data", {}).get("text/plain", ""))
    ]


def converted(form, path):
    """The text that nbconvert makes of a notebook; pictures that are files of their own are put into it."""
    text, resources = nbconvert.get_exporter(form)().from_filename(str(path))
    for name, content in (resources["outputs"] or {}).items():
        text = text.replace(name, base64.b64encode(content).decode())
    return text


def lost(notebook, text):
    """What of a notebook's explorers is not shown in the converted text, and what needs scripts of another host."""
    pictures = [output.data["image/png"].replace("\n", "") for output in explorers(notebook)]
    shown = re.sub(r"\s", "", text)
    wrong = [f"picture {k}" for k, picture in enumerate(pictures, 1) if picture not in shown]
    return wrong + re.findall(r"widget-view|widget-state|html-manager|jupyter-js-widgets", text)


def test_every_explorer_of_the_book_is_stored_with_its_picture():
    for name in NOTEBOOKS:
        cells = [c for c in read(name).cells if c.cell_type == "code"]
        calls = [cell for cell in cells if re.search(rf"\blive\.({KINDS})\(", cell.source)]
        shown = [cell for cell in cells if explorers(nbformat.from_dict({"cells": [cell]}))]
        assert [cell.id for cell in calls] == [cell.id for cell in shown], name


@pytest.mark.built
@every_notebook
@pytest.mark.parametrize("form", ["html", "slides", "markdown"])
def test_nbconvert_shows_every_explorers_picture_and_asks_no_host_for_widgets(form, name):
    assert lost(read(name), converted(form, ROOT / name)) == []


@pytest.mark.built
@pytest.mark.parametrize("form", ["html", "slides"])
def test_a_notebook_stored_with_its_widgets_would_show_no_picture(form, tmp_path):
    notebook = read("intro.ipynb")
    explorers(notebook)[0].data[sphinx.VIEW] = {"model_id": "lstm_step-1"}
    models = {"lstm_step-1": {"model_name": "VBoxModel", "state": {}}}
    notebook.metadata["widgets"] = {sphinx.STATE: {"state": models, "version_major": 2}}
    nbformat.write(notebook, tmp_path / "kept.ipynb")
    found = lost(notebook, converted(form, tmp_path / "kept.ipynb"))
    assert {"picture 1", "widget-view", "html-manager"} <= set(found)


# Which lib answers.


def ask(folder, *options, **variables):
    """Run the cell that asks for lib, as a kernel in this folder would."""
    source = read("chapters/01_rnn_recap.ipynb").cells[1].source
    return subprocess.run(
        [sys.executable, *options, "-c", source],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "PYTHONPATH"} | variables,
        capture_output=True,
        encoding="utf-8",
    )


def sentence(run):
    """What a failed cell says in the end, after one traceback."""
    assert run.returncode == 1 and run.stderr.count("Traceback") == 1, run.stderr
    last = run.stderr.splitlines()[-1]
    assert re.fullmatch(r"ImportError: This notebook [^.]+.*[^.]\.", last), last
    return last


def put(path, text=""):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "file, text",
    [
        ("lib/__init__.py", ""),
        ("lib.py", "x = 1"),
        ("lib/__init__.py", "import what_nobody_has"),
        ("lib/edition.py", "EDITION = 'ours'"),
    ],
)
@pytest.mark.parametrize("nearer", [True, False], ids=["in the folder", "installed"])
def test_another_lib_is_named_in_one_sentence(tmp_path, file, text, nearer):
    put(tmp_path / "other" / file, text)
    if file.startswith("lib/"):
        (tmp_path / "other" / "lib" / "__init__.py").touch()
    run = ask(tmp_path / "other") if nearer else ask(tmp_path, PYTHONPATH=str(tmp_path / "other"))
    said = sentence(run)
    assert str(tmp_path / "other" / "lib") in said or "other/lib" in said or "'lib" in said
    assert "kernel of the book's .venv" in said


def test_where_there_is_no_lib_the_sentence_names_the_kernel_to_choose(tmp_path):
    said = sentence(ask(tmp_path, "-I", "-S"))
    assert "found nothing" in said and "kernel of the book's .venv" in said


def test_a_folder_named_lib_with_other_things_in_it_is_no_obstacle(tmp_path):
    put(tmp_path / "lib" / "notes.txt")
    assert ask(tmp_path).returncode == 0


def test_a_library_of_another_edition_is_named(tmp_path):
    shutil.copytree(ROOT / "lib", tmp_path / "old" / "lib", ignore=shutil.ignore_patterns("data"))
    edition = tmp_path / "old" / "lib" / "edition.py"
    text = edition.read_text(encoding="utf-8")
    edition.write_text(text.replace(f'"{EDITION}"', '"0.0.9"'), encoding="utf-8")
    said = sentence(ask(tmp_path, PYTHONPATH=str(tmp_path / "old")))
    assert f"edition {EDITION}" in said and "edition 0.0.9" in said and str(edition.parent) in said


def test_the_library_of_another_clone_is_named_if_it_is_not_the_same(tmp_path):
    shutil.copytree(ROOT / "lib", tmp_path / "lib")
    (tmp_path / "chapters").mkdir()
    assert ask(tmp_path / "chapters").returncode == 0
    with open(tmp_path / "lib" / "rnn.py", "a", encoding="utf-8") as file:
        file.write("# changed\n")
    said = sentence(ask(tmp_path / "chapters"))
    assert str(tmp_path / "lib") in said and str(ROOT / "lib") in said


def test_the_edition_is_everywhere_the_same():
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{EDITION}"\n' in project
    assert re.search(
        rf"^version: {re.escape(EDITION)}$",
        (ROOT / "CITATION.cff").read_text(encoding="utf-8"),
        re.M,
    )
