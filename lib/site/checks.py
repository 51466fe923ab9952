"""Cells that only check, folded to a line: the tag `check` makes it "✓ 3 checks" or "✓ 3 sentences checked".

Such cells that follow each other are one line.

A native disclosure, so that it opens by mouse, by key, by a link into it and by searching the page, and without
JavaScript; what an older browser does not open by itself, assets/site.js does. On paper it is open, and without its
line. In Jupyter the cell is as any other.
"""

import ast

import nbformat
from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

TAG = "check"

log = logging.getLogger(__name__)


class fold(nodes.container):  # noqa: N801 (a node is named as its element)
    """A disclosure around a cell; `line` is what is seen of it."""


class FoldChecks(SphinxTransform):
    """Fold the cells with the tag; warn of a tag on a cell that checks nothing."""

    default_priority = 410

    def apply(self, **kwargs):
        page = self.env.docname
        path = self.env.doc2path(page)
        if not path.endswith(".ipynb"):
            return
        cells = nbformat.read(path, as_version=4).cells
        tagged = {n: cell for n, cell in enumerate(cells) if TAG in cell.metadata.get("tags", [])}
        for number, cell in tagged.items():
            if wrong := fault(cell):
                log.warning("cell %d, tag %s: %s", number, TAG, wrong, location=page, type="checks")
        for cell in list(self.document.findall(nodes.container)):
            if cell.get("cell_index") in tagged and cell["nb_element"] == "cell_code":
                source = tagged[cell["cell_index"]].source
                at = cell.parent.index(cell)
                before = cell.parent[at - 1] if at else None
                if isinstance(before, fold):  # one line for what stands together
                    cell.parent.remove(cell)
                    folded = before
                else:
                    folded = fold(sources=[])
                    cell.replace_self(folded)
                folded += cell
                folded["sources"].append(source)
                folded["line"] = line_of(folded["sources"])


def line_of(sources):
    """What is seen of folded cells that stand together."""
    asserted, said = map(sum, zip(*map(checks, sources), strict=True))
    if asserted:
        return f"{asserted + said} check{'s' * (asserted + said != 1)}"
    return f"{said} sentence{'s' * (said != 1)} checked"


def checks(source):
    """How many assertions the code holds, and how many sentences it says; none where it is no Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:
        return 0, 0
    says = (getattr(getattr(node, "func", None), "id", "") == "says" for node in nodes)
    return sum(isinstance(node, ast.Assert) for node in nodes), sum(says)


def fault(cell):
    """What is wrong with the tag on this cell, or None."""
    if cell.cell_type != "code":
        return f"it folds code cells, this is a {cell.cell_type} cell"
    return None if any(checks(cell.source)) else "its cell asserts nothing"


def visit_fold(translator, node):
    line = f'<span aria-hidden="true">✓ </span>{node["line"]}'
    translator.body.append(f'<details class="check"><summary>{line}</summary>\n')


def depart_fold(translator, _node):
    translator.body.append("</details>\n")


def setup(app):
    """Called by the extension's setup."""
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_transform(FoldChecks)
