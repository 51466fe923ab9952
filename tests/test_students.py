"""What a class gets that is to find its own solutions: a site and notebooks without them."""

import ast
import builtins

import nbformat
import outputs
import pytest
import students
from test_build import CONFIG, Book

from lib.site.students import solving, without_outputs, without_solutions

NOTEBOOKS = outputs.notebooks()
SECRET = "forty-two"
EXERCISE = """\
# Two

```{exercise} Add
:label: ex-add

What is the sum?
```
"""
START = """\
````{solution-start} ex-add
:class: dropdown
````

It is forty-two.
"""
END = "````{solution-end}\n````\n"
CLAIM = {"name": "even", "told": "Sums are even.", "status": "shown", "found": "They are."}


def chapter():
    """An exercise, and its solution in cells of its own, code and all; its cell tests a claim."""
    cells = [
        nbformat.v4.new_markdown_cell(EXERCISE, id="exercise"),
        nbformat.v4.new_markdown_cell(
            "##### Solution", id="heading", metadata={"tags": ["remove-cell"]}
        ),
        nbformat.v4.new_markdown_cell(START, id="start"),
        nbformat.v4.new_code_cell(
            "print('forty' + '-two')\nassert 40 + 2 == 42", id="code", metadata={"claims": [CLAIM]}
        ),
        nbformat.v4.new_markdown_cell(END, id="end"),
        nbformat.v4.new_markdown_cell(
            "##### Exercise", id="next", metadata={"tags": ["remove-cell"]}
        ),
        nbformat.v4.new_markdown_cell("Some words after it.", id="after"),
    ]
    return nbformat.v4.new_notebook(cells=cells)


class WithSolution(Book):
    """The book of four pages, in whose second chapter an exercise is solved."""

    def page(self, name, text, *more, **metadata):
        if name == "chapters/two":
            nbformat.write(chapter(), self.folder / f"{name}.ipynb")
        else:
            super().page(name, text, *more, **metadata)

    def write(self, name, text):
        if name == "_config.yml":
            text = text.replace(
                "sphinxcontrib.bibtex,",
                "sphinxcontrib.bibtex, sphinx_exercise, sphinx_togglebutton,",
            )
        super().write(name, text)


def carrying(folder):
    """The files of a site that hold the solution, or an output of it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix()
        for path in paths
        if SECRET.encode() in path.read_bytes() or b"two&#39;" in path.read_bytes()
    }


@pytest.mark.built
def test_a_site_for_students_has_the_exercise_and_nowhere_its_solution(tmp_path):
    book = WithSolution(tmp_path / "book")
    site = book.folder / "_build" / "html"
    assert {"chapters/two.html", "_sources/chapters/two.ipynb"} <= carrying(site)
    book.write("_config.yml", CONFIG + "    hide_solutions: true\n")
    assert book.build() == (0, "")
    assert carrying(site) == set()
    page = (site / "chapters" / "two.html").read_text(encoding="utf-8")
    assert "What is the sum?" in page and "Some words after it." in page
    claims = (site / "appendix" / "claims.html").read_text(encoding="utf-8")
    assert "Sums are even." in claims and "a solution" in claims


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_stripped_notebook_has_every_exercise_no_solution_and_no_output(path):
    whole = nbformat.read(path, as_version=4)
    bare = without_outputs(without_solutions(nbformat.read(path, as_version=4)))
    nbformat.validate(bare)
    text = "\n".join(cell.source for cell in bare.cells)
    assert "{solution" not in text and "##### Solution" not in text
    assert text.count("{exercise}") == sum(cell.source.count("{exercise}") for cell in whole.cells)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in bare.cells)
    kept = [cell for number, cell in enumerate(whole.cells) if number not in solving(whole.cells)]
    assert [cell.source for cell in bare.cells] == [cell.source for cell in kept]


def names(cells):
    """(what code cells bind at their top, what they read)."""
    bound, read = set(), set()
    for cell in cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Name):
                    (read if isinstance(node.ctx, ast.Load) else bound).add(node.id)
                elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                    bound.add(node.name)
                    bound |= {
                        argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)
                    }
                elif isinstance(node, ast.arg):
                    bound.add(node.arg)
                elif isinstance(node, ast.ExceptHandler):
                    bound.add(node.name)
                elif isinstance(node, ast.alias):
                    bound.add((node.asname or node.name).split(".")[0])
    return bound, read


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_of_a_stripped_notebook_reads_a_name_that_only_a_solution_binds(path):
    bound, read = names(without_solutions(nbformat.read(path, as_version=4)).cells)
    assert read - bound - set(dir(builtins)) == set()


def test_the_notebooks_are_written_where_they_find_the_records(tmp_path):
    students.write(tmp_path / "students")
    written = sorted(path.stem for path in (tmp_path / "students").rglob("*.ipynb"))
    assert written == sorted(path.stem for path in NOTEBOOKS)
    assert (tmp_path / "students" / "experiments" / "results" / "ablations.csv").exists()
