"""The book's site, as far as Sphinx needs help with it: an extension named in _config.yml.

mathml.py     equations become MathML while the book is built: no script, no other host, read by screen readers.
lean.py       one style sheet, with the rules and icons that some page uses.
bibliography.py  works stand under the words that cite them.
reference.py  docstrings become the library reference.
figures.py    a figure drawn for a phone beside the wide one, and loaded only there.
checks.py     a cell that only checks is folded to a line.
sentences.py  what a cell has said is marked in the text, and leads to the cell.
claims.py     the page of claims, from the metadata of the cells that test them.
korean.py     the glossary, entered from Korean.
publish.py    what a page says of itself to search engines, and the buttons that lead to the repository.
students.py   solutions left out, where a class is to find its own.
search.py     a hit leads to the section; every section's address is its label.
numbers.py    a page is unpacked once for all the numbers that are looked up there.
finish.py     addresses that change with what they hold; what a translator leaves alone.
theme.py      the gates' colors as CSS variables, and the few repairs of the theme.
templates/    the templates of the theme that are replaced.

The looks themselves are in assets/site.css.
"""

from lib.site import (
    bibliography,
    checks,
    claims,
    figures,
    finish,
    korean,
    lean,
    mathml,
    numbers,
    publish,
    reference,
    search,
    sentences,
    students,
    theme,
)


def setup(app):
    """Called by Sphinx."""
    mathml.setup(app)
    theme.setup(app)
    bibliography.setup(app)
    reference.setup(app)
    search.setup(app)
    publish.setup(app)
    checks.setup(app)
    sentences.setup(app)
    claims.setup(app)
    korean.setup(app)
    figures.setup(app)
    lean.setup(app)
    numbers.setup(app)
    finish.setup(app)
    students.setup(app)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
