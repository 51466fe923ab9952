"""The stored outputs of the notebooks against the runs that the build kept: nbval's comparison without a second run.

`make book` has run every notebook as it stands, in a kernel of its own, and keeps what each cell showed. With `--ran`
nbval is told that in a kernel's words; all else is its own, as strict as `pytest --nbval`, which runs the notebooks.
"""

import json
from functools import cache
from pathlib import Path

import nbformat
import pytest
from nbval.plugin import IPyNbFile

ROOT = Path(__file__).resolve().parent.parent


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ipynb":
        return Compared.from_parent(parent, path=file_path)


class Compared(IPyNbFile):
    """A notebook whose kernel is the run that the build kept."""

    def setup(self):
        site = self.config.getoption("site") or ROOT / "_build" / "html"
        self.kernel = Ran(run_of(self.path, site).cells)
        self.setup_sanitize_files()


class Ran:
    """A kernel that has run its cells already: what nbval asks of one."""

    def __init__(self, cells):
        self.cells, self.told = iter(cells), iter(())

    def execute_cell_input(self, source, allow_stdin):
        """What the next cell with this source showed is what is told from now on."""
        cell = next(cell for cell in self.cells if cell.source == source)
        told = [(output.output_type, output) for output in cell.outputs]
        self.told = iter([*told, ("status", {"execution_state": "idle"})])
        return "a cell"

    def get_message(self, stream, timeout):
        kind, content = next(self.told)
        return {"msg_type": kind, "content": content, "parent_header": {"msg_id": "a cell"}}

    def is_alive(self):
        return True

    def await_reply(self, *_, **__):
        pass

    await_idle = stop = await_reply


def run_of(path, site):
    """The notebook as the build of this site ran it."""
    run = runs(site.resolve().parent / ".jupyter_cache").get(code(path))
    if run is None:
        pytest.fail(f"{path.name} was not run as it stands: build the book", pytrace=False)
    return nbformat.read(run, as_version=4)


@cache
def runs(folder):
    return {code(path): path for path in (folder / "executed").rglob("*.ipynb")}


def code(path):
    """What makes two notebooks the same run."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return tuple("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
