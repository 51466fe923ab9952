"""A chapter in a real JupyterLab: run all cells, move and drag a slider of its explorer, read it from the next cell."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

WAIT = 60_000  # milliseconds; starting JupyterLab and a kernel takes a few seconds, a chapter's cells some more
CHAPTER = Path(__file__).parent.parent / "chapters" / "03_backprop_cell_state.ipynb"
SHOWN, READ = "live.gradient_highway()", "lab.values['f'], lab.gap"


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab of its own with one chapter, in which a cell more reads the explorer."""
    tmp_path = tmp_path_factory.mktemp("lab")
    (tmp_path / "chapters").mkdir()
    (tmp_path / "experiments").symlink_to(CHAPTER.parent.parent / "experiments")  # its records
    nbformat.write(chapter(), tmp_path / "chapters" / "chapter.ipynb")
    settings = tmp_path / "_SETTINGS_DIR" / "@jupyterlab" / "notebook-extension"
    settings.mkdir(parents=True)  # every cell is to stand on the page, also those out of sight
    text = json.dumps({"windowingMode": "none"})
    (settings / "tracker.jupyterlab-settings").write_text(text, encoding="utf-8")
    own = {
        f"JUPYTER{key}": str(tmp_path / key) for key in ("_CONFIG_DIR", "_DATA_DIR", "_RUNTIME_DIR")
    }
    own |= {f"JUPYTERLAB{key}": str(tmp_path / key) for key in ("_SETTINGS_DIR", "_WORKSPACES_DIR")}
    port = free_port()
    options = [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
    ]
    options += ["--IdentityProvider.token=", f"--ServerApp.root_dir={tmp_path}"]
    options += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]  # asks no host
    options += ["--LabApp.news_url=None"]
    with open(tmp_path / "log", "w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", *options],
            stdout=log,
            stderr=log,
            env={**os.environ, **own},
        )
    try:
        address = f"http://127.0.0.1:{port}"
        until_it_answers(server, f"{address}/api", tmp_path / "log")
        yield f"{address}/lab/tree/chapters/chapter.ipynb"
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def chapter():
    """The chapter as it is stored; its explorer gets a name, the next cell reads it, and what follows is not run."""
    notebook = nbformat.read(CHAPTER, as_version=4)
    place = next(k for k, cell in enumerate(notebook.cells) if cell.source == SHOWN)
    for cell in notebook.cells[place + 1 :]:
        if cell.cell_type == "code":
            cell.source = "# " + cell.source.replace("\n", "\n# ")
    notebook.cells[place].source = f"lab = {SHOWN}\nlab"
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(READ))
    return notebook


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until_it_answers(server, address, log):
    end = time.monotonic() + WAIT / 1000
    while server.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')}")


def until_the_kernel_is_connected(page, address):
    """Cells run before that would only bring up a question for the kernel."""
    for _ in range(WAIT // 200):
        kernels = [
            session["kernel"] for session in page.request.get(f"{address}/api/sessions").json()
        ]
        if kernels and kernels[0]["connections"] and kernels[0]["execution_state"] == "idle":
            return
        page.wait_for_timeout(200)
    pytest.fail("The notebook's kernel did not start.")


@pytest.fixture(scope="module")
def page(browser, lab):
    """The chapter, opened once: the tests go on in it, the last runs its cells."""
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.set_default_timeout(WAIT)
    page.goto(lab)
    yield page
    page.close()


def test_in_jupyterlab_the_solutions_are_folded_and_no_role_stands_raw(page):
    cells = page.locator(".jp-Notebook .jp-Cell")
    cells.first.locator("em", has_text="chapters/03_backprop_cell_state.html").wait_for()
    exercise = page.locator("p", has_text="The authors of the 1997 cell cut the gradient off")
    solution = page.locator("p", has_text="It buys a gradient along the cell that cannot explode")
    exercise.wait_for()
    folds = page.get_by_role("button", name=re.compile(r"^\d+ cells? hidden"))
    headings = [one.source for one in nbformat.read(CHAPTER, as_version=4).cells]
    assert folds.count() == headings.count("##### Solution") > 5 and not solution.is_visible()
    assert cells.nth(1).locator(".jp-InputPlaceholder").count() == 1  # the question after lib
    shown = page.locator(".jp-Notebook .jp-Cell:visible").all_inner_texts()
    shown = "".join(shown[1:])  # the first cell tells of braces
    assert not re.search(r"\{(term|numref|eq|cite:t|ref|exercise)\}", shown)
    folds.last.click()
    box = solution.locator("xpath=ancestor::details[1]/summary")  # folded as on the page
    assert opens(page, box, solution)


def test_in_jupyterlab_an_explorer_is_its_picture_until_its_cell_is_run(page):
    cell = page.locator(".jp-CodeCell", has_text=SHOWN)
    picture = cell.locator(".jp-OutputArea-output img")
    picture.wait_for()
    assert picture.evaluate("img => img.decode().then(() => img.naturalWidth)") > 600
    assert picture.count() == 1 and cell.locator(".jp-OutputArea-output").count() == 1


def test_in_jupyterlab_a_slider_moves_the_figure_and_the_next_cell_reads_it(page, lab):
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    until_the_kernel_is_connected(page, lab.partition("/lab/")[0])
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    shown = page.locator(".jp-CodeCell", has_text=SHOWN)
    equation, drawing = shown.locator(".live-equation"), shown.locator(".live-picture")
    equation.wait_for()
    assert "0.900" in equation.inner_text()
    before = drawing.inner_html()

    handle = shown.locator(".live-f .noUi-handle")  # a real ipywidgets slider
    for _ in range(5):
        handle.press("ArrowLeft")
    says(shown, ".live-equation", "0.875")
    assert drawing.inner_html() != before

    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 1000, y, steps=4)
    page.mouse.up()
    says(shown, ".live-f .widget-readout", "0.500")
    says(shown, ".live-equation", "0.500")

    shown.get_by_role("button", name="wide open").click()  # the figure moves the sliders
    says(shown, ".live-f .widget-readout", "1.000")

    cell = page.locator(".jp-CodeCell", has_text=READ)
    assert runs_until_it_reads(page, cell, "(1.0, 50)")


def says(shown, place, text):
    shown.locator(place, has_text=text).wait_for()


def opens(page, box, inside):
    """JupyterLab may draw a cell once more after the click, and what was opened is folded again."""
    for _ in range(WAIT // 1000):
        box.click()
        page.wait_for_timeout(1000)
        if inside.is_visible():
            return True
    return False


def runs_until_it_reads(page, cell, text):
    """ipywidgets sends a value once the kernel has answered for the last one, so a cell may run just before it."""
    for _ in range(WAIT // 1000):
        cell.locator(".cm-content").press("Control+Enter")
        page.wait_for_timeout(1000)
        if text in cell.locator(".jp-OutputArea-output").all_inner_texts():
            return True
    return False
