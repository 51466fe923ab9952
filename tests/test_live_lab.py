"""The explorers in a real JupyterLab: run all cells, move a slider, read it from the next cell."""

import os
import socket
import subprocess
import sys
import time
import urllib.request

import nbformat
import pytest

WAIT = 40_000  # milliseconds; starting JupyterLab and a kernel takes a few seconds


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab of its own, with one notebook: an explorer, and a cell that reads it."""
    notebook = nbformat.v4.new_notebook()
    cells = ["from lib import live", "lab = live.lstm_step(f=0.9)\nlab", "lab.values['f'], lab.i"]
    notebook.cells = [nbformat.v4.new_code_cell(text) for text in cells]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook.metadata["kernelspec"] = kernel
    nbformat.write(notebook, tmp_path / "explorer.ipynb")
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
    with open(tmp_path / "log", "w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "lab", *options],
            stdout=log,
            stderr=log,
            env={**os.environ, **own},
        )
    try:
        address = f"http://127.0.0.1:{port}"
        until_it_answers(server, f"{address}/api", tmp_path / "log")
        yield f"{address}/lab/tree/explorer.ipynb"
    finally:
        server.terminate()
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


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
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


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


def test_in_jupyterlab_a_slider_moves_the_figure_and_the_next_cell_reads_it(browser, lab):
    page = browser.new_page(viewport={"width": 1280, "height": 1200})
    page.set_default_timeout(WAIT)
    page.goto(lab)
    page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
    until_the_kernel_is_connected(page, lab.partition("/lab/")[0])
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    equation, drawing = page.locator(".live-equation"), page.locator(".live-picture")
    equation.wait_for()
    assert "0.90 · 0.90" in equation.inner_text()
    before = drawing.inner_html()

    handle = page.locator(".live-f .noUi-handle")  # a real ipywidgets slider
    for _ in range(5):
        handle.press("ArrowLeft")
    page.wait_for_function(
        "document.querySelector('.live-equation').innerText.includes('0.85 · 0.90')"
    )
    assert drawing.inner_html() != before

    page.get_by_role("button", name="overwrite").click()  # the figure moves the sliders
    page.wait_for_function("document.querySelector('.live-f .widget-readout').innerText === '0.00'")

    assert runs_until_it_reads(page, page.locator(".jp-CodeCell").nth(2), "(0.0, 1.0)")
    page.close()


def runs_until_it_reads(page, cell, text):
    """ipywidgets sends a value once the kernel has answered for the last one, so a cell may run just before it."""
    for _ in range(WAIT // 1000):
        cell.locator(".cm-content").press("Control+Enter")
        page.wait_for_timeout(1000)
        if text in cell.locator(".jp-OutputArea-output").all_inner_texts():
            return True
    return False
