"""A site for students, without the solutions: `hide_solutions: true` under `sphinx: config:` in _config.yml.

sphinx-exercise has this setting, and stops the build with an error where a solution stands in cells of its own, as
all of this book's do. So the setting is taken over here: the solutions are read, then leave the page with their cells
and outputs, and the copies of the notebooks that the site carries lose them too. A claim that a solution's cell tests
is told without its link.
"""

import re
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx.transforms import SphinxTransform

DIRECTIVE = re.compile(r"^`{3,}\{(solution[a-z-]*)\}", re.M)
HEADING = "##### Solution"  # for Jupyter, above the solution


def solving(cells):
    """The numbers of the cells that hold a solution, a part of one, or its heading."""
    inside, found = False, set()
    for number, cell in enumerate(cells):
        marks = DIRECTIVE.findall(cell.source) if cell.cell_type == "markdown" else []
        if inside or marks or cell.source == HEADING:
            found.add(number)
        if marks:
            inside = marks[-1] == "solution-start"
    return found


def without_solutions(notebook):
    """The notebook, changed: no solution is left in it."""
    gone = solving(notebook.cells)
    notebook.cells = [cell for number, cell in enumerate(notebook.cells) if number not in gone]
    return notebook


def without_outputs(notebook):
    """The notebook, changed: as if no cell had been run."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


class Solutions(SphinxTransform):
    """Take the solutions out of a page that has been read."""

    default_priority = 11  # sphinx-exercise has put each into one node, at 10

    def apply(self):
        if self.config.for_students:
            for node in list(self.document.findall(nodes.Element)):
                if node.tagname == "solution_node" and node.parent is not None:
                    node.parent.remove(node)


def take_over(app, config):
    """The setting is ours: sphinx-exercise leaves the cells of a solution where they are, and the end of it."""
    config.for_students = bool(getattr(config, "hide_solutions", False))
    config.hide_solutions = False


def strip_copies(app, error):
    """The notebooks that a page's reader can download."""
    if not error and app.config.for_students:
        for folder in ("_sources", "colab"):
            for path in Path(app.outdir, folder).rglob("*.ipynb*"):
                notebook = nbformat.read(path, as_version=4)
                nbformat.write(without_solutions(notebook), path)


def setup(app):
    """Called by the extension's setup."""
    app.add_config_value("for_students", False, "env")
    app.add_transform(Solutions)
    app.connect("config-inited", take_over, priority=100)
    app.connect("build-finished", strip_copies, priority=900)
