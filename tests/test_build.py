"""tools/build.py, on a book of four pages: what it runs again, and that no warning gets by.

Each case changes one page and looks for the warning on another, which Sphinx has no reason to read again.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.built

ROOT = Path(__file__).resolve().parent.parent
CONFIG = """
title: A book
only_build_toc_files: true
execute: {execute_notebooks: cache, timeout: 60, raise_on_error: true}
sphinx:
  config:
    extensions: [myst_nb, jupyter_book, sphinx_comments, sphinx_external_toc, sphinx_book_theme, sphinxcontrib.bibtex,
      lib.site]
    bibtex_bibfiles: [references.bib]
"""
TOC = """
format: jb-book
root: intro
chapters: [{file: chapters/one}, {file: chapters/two}, {file: appendix/claims}]
"""
WORK = "@article{%s, title={T}, author={A, B}, journal={J}, year={1990}}\n"
CLAIM = {"name": "even", "told": "Sums are even.", "status": "shown", "found": "They are."}
HELD = "assert sum([1, 3]) % 2 == 0"
PAGES = {
    "intro": "# The book\n\nAs {ref}`here <sec-one>` and {cite:t}`old`.\n\n```{bibliography}\n```\n",
    "chapters/one": "(sec-one)=\n# One\n\nWords.\n\n(sec-more)=\n## More\n",
    "chapters/two": "# Two\n\n(sec-two)=\n## A part\n",
}
CLAIMS = "# Claims\n\n```{claims}\n## Numbers\neven\n```\n"


class Book:
    """A folder with a book like ours, and its build."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("tools", "chapters", "appendix", "lib"):
            (folder / name).mkdir(parents=True)
        for name in ("build.py", "outputs.py"):
            shutil.copy(ROOT / "tools" / name, folder / "tools")
        self.write("_config.yml", CONFIG)
        self.write("_toc.yml", TOC)
        self.write("appendix/claims.md", CLAIMS)
        self.write("references.bib", WORK % "old")
        for name, text in PAGES.items():
            self.page(name, text)
        assert self.build() == (0, "")

    def write(self, name, text):
        (self.folder / name).write_text(text, encoding="utf-8")

    def page(self, name, text, code=HELD, **metadata):
        """A notebook: words, and a cell of code, which holds the claim in chapter two."""
        if name == "chapters/two":
            metadata = {"claims": [CLAIM]} | metadata
        cells = [nbformat.v4.new_markdown_cell(text, id="words")]
        cells += [nbformat.v4.new_code_cell(code, id="code", metadata=metadata)]
        nbformat.write(nbformat.v4.new_notebook(cells=cells), self.folder / f"{name}.ipynb")

    def build(self, *command):
        """The exit status and what was complained of; `said` keeps what was told besides."""
        done = subprocess.run(
            [sys.executable, *(command or ["tools/build.py"])],
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
        )
        self.said = done.stdout
        return done.returncode, done.stderr

    def ran(self):
        """The notebooks that the last build ran."""
        return sorted(re.findall(r"^ran (\S+) in", self.said, re.M))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The book, built without a complaint, and a copy of its folder."""
    made = Book(tmp_path_factory.mktemp("book"))
    copy = tmp_path_factory.mktemp("copy") / "book"
    shutil.copytree(made.folder, copy)
    return made, copy


@pytest.fixture
def book(built):
    """The book as it was built at first, in the same place: the next build finds nothing to do."""
    made, copy = built
    shutil.rmtree(made.folder)
    shutil.copytree(copy, made.folder)
    return made


def test_where_nothing_has_changed_nothing_is_done(book):
    assert book.build() == (0, "") and book.said == ""


def test_a_changed_sentence_is_on_its_page_and_no_notebook_is_run(book):
    book.page("chapters/one", PAGES["chapters/one"].replace("Words.", "Other words."))
    os.utime(book.folder / "chapters" / "one.ipynb", (1e9, 1e9))  # as an old copy, put back
    assert book.build() == (0, "")
    assert book.ran() == []
    html = book.folder / "_build" / "html" / "chapters"
    assert "Other words." in (html / "one.html").read_text(encoding="utf-8")
    assert "A part" in (html / "two.html").read_text(encoding="utf-8")


def test_a_label_or_a_claim_that_is_gone_is_missed_where_nothing_changed_in_every_build(book):
    book.page("chapters/one", "# One\n\nWords.\n")
    book.page("chapters/two", PAGES["chapters/two"], claims=[])
    for _ in range(2):  # a warning that is not mended is said again
        status, said = book.build()
        assert status != 0
        assert re.search("intro.*undefined label: 'sec-one'", said), said
        assert re.search("claims.*no cell has the claim even", said), said


def test_a_work_that_is_gone_is_missed_where_it_is_cited(book):
    book.write("references.bib", WORK % "other")
    status, said = book.build()
    assert status != 0 and re.search("intro.*could not find bibtex key.*old", said), said


def test_a_notebook_that_fails_fails_the_build_and_is_named_with_its_cell(book):
    book.page("chapters/one", PAGES["chapters/one"], "1 / 0")
    status, said = book.build()
    assert status != 0 and "chapters/one.ipynb, cell 1" in said and "ZeroDivisionError" in said


# To the kernel's own stderr, which ipykernel keeps aside while a notebook runs, but not under a test.
SAYS = """\
import os, sys
os.write(getattr(sys.stderr, "_original_stdstream_copy", 2), b"said while dying")
"""


def test_what_a_kernel_says_besides_its_notebook_is_no_complaint_of_the_book(book):
    """A kernel may stumble over its own sockets as it ends: its notebook has run by then."""
    book.page("chapters/one", PAGES["chapters/one"], f"{SAYS}assert 2 + 2 == 4")
    assert book.build() == (0, "")
    assert book.ran() == ["chapters/one.ipynb"]


def test_a_kernel_that_dies_fails_the_build_and_its_last_words_are_told(book):
    book.page("chapters/one", PAGES["chapters/one"], f"{SAYS}os._exit(1)")
    status, said = book.build()
    assert status != 0 and "chapters/one.ipynb, cell 1" in said and "said while dying" in said


def test_what_notebooks_stand_on_makes_them_run_anew(book):
    book.write("lib/new.py", f"# {os.urandom(8).hex()}")
    assert book.build() == (0, "")
    assert book.ran() == [f"{name}.ipynb" for name in sorted(PAGES)]


def test_jupyter_book_by_itself_finds_the_runs_and_builds(book):
    program = Path(sys.executable).with_name("jupyter-book")
    status, said = book.build(str(program), "build", ".")
    assert status == 0, said
    assert book.said.count("Using cached notebook") == 3 and "Executing" not in book.said
