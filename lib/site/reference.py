"""The library reference: autodoc finds the docstrings, and here their plain text becomes what it means.

In the code a docstring is read as it stands: an indented block is an equation or a listing, `this` is code.
In the language that autodoc expects, the first wants a `::` before it and the second two backticks.
"""

import re


def as_it_reads(app, what, name, thing, options, lines):
    """Turn a docstring, in place, from the code's plain text into reStructuredText."""
    said, block = [], False
    for line in lines:
        if line.startswith(" ") and not block and not (said and said[-1]):
            said += ["::", ""]
            block = True
        elif line.strip() and not line.startswith(" "):
            block = False
            if not line.startswith(">>>"):
                line = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", line).replace("|", r"\|")
        said.append(line)
    lines[:] = said


def plain_field(app, what, name, thing, skip, options):
    """Leave out the fields of records: their class says what they are."""
    return True if str(getattr(thing, "__doc__", "")).startswith("Alias for field") else None


def setup(app):
    """Called by Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", as_it_reads)
    app.connect("autodoc-skip-member", plain_field)
