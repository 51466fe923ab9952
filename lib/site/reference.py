"""The library reference: autodoc finds the docstrings, and here their plain text becomes what it means.

In the code a docstring is read as it stands: an indented block is an equation or a listing, `this` is code,
and a source is an author and a year. In the language that autodoc expects, the first wants a `::` before it,
the second two backticks, and the third the name of its entry in references.bib.
"""

import re
from functools import cache
from itertools import groupby
from pathlib import Path

from pybtex.database import parse_file


@cache
def labels(bibliography):
    """{"Elman 1990", "Kingma & Ba 2015", "Cho et al. 2014" or with all names: its key in the file}."""
    found = {}
    for key, entry in parse_file(bibliography).entries.items():
        *names, last = (" ".join(p.prelast_names + p.last_names) for p in entry.persons["author"])
        year = entry.fields["year"]
        found[f"{', '.join(names)} & {last} {year}" if names else f"{last} {year}"] = key
        if len(names) > 1:
            found[f"{names[0]} et al. {year}"] = key
    return found


def cited(text, known):
    """The text with every author and year that is `known` as a citation."""
    names = "|".join(re.escape(label).replace(r"\ ", r"\s+") for label in known)
    return re.sub(rf"\b({names})\b", lambda m: f":cite:t:`{known[' '.join(m[1].split())]}`", text)


def as_it_reads(app, what, name, thing, options, lines):
    """Turn a docstring, in place, from the code's plain text into reStructuredText."""
    said, block = [], False  # (line, whether it stands in a block)
    for line in lines:
        if line.startswith(" ") and not block and not (said and said[-1][0]):
            said += [("::", False), ("", False)]
            block = True
        elif line.strip() and not line.startswith(" "):
            block = False
            if not line.startswith(">>>"):
                line = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", line).replace("|", r"\|")
        said.append((line, block))
    known = labels(Path(app.confdir, *app.config.bibtex_bibfiles))
    lines.clear()
    for inside, part in groupby(said, key=lambda one: one[1]):
        text = "\n".join(line for line, _ in part)
        lines += (text if inside else cited(text, known)).split("\n")


def plain_field(app, what, name, thing, skip, options):
    """Leave out the fields of records: their class says what they are."""
    return True if str(getattr(thing, "__doc__", "")).startswith("Alias for field") else None


def setup(app):
    """Called by Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", as_it_reads)
    app.connect("autodoc-skip-member", plain_field)
