"""The library reference: autodoc finds the docstrings, and here their plain text becomes what it means.

In the code a docstring is read as it stands: an indented block is an equation or a listing, `this` is code,
and a source is an author and a year. In the language that autodoc expects, the first wants a `::` before it,
the second two backticks, and the third the name of its entry in references.bib.

A record's fields are told with what their comments in the code say of them, shapes above all. The relatives are made
by a function and are no modules, so that autodoc finds nothing in them: the directive `relatives` makes their entries.
"""

import importlib
import inspect
import re
import textwrap
from functools import cache
from itertools import groupby
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from pybtex.database import parse_file
from sphinx.util.docutils import SphinxDirective

FUNCTIONS = ("init_params", "zero_state", "step", "forward", "backward")  # of each cell
FIELD = re.compile(r"^    (\w+): ([^#=\n]+?)(?: = [^#\n]+?)?(?:  # (.+))?$", re.M)


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
                line = literal(line)
        said.append((line, block))
    if what == "class":
        said += [("", False), *((line, False) for line in fields(thing))]
    known = labels(Path(app.confdir, *app.config.bibtex_bibfiles))
    lines.clear()
    for inside, part in groupby(said, key=lambda one: one[1]):
        text = "\n".join(line for line, _ in part)
        lines += (text if inside else cited(text, known)).split("\n")


def literal(text):
    """`code` as reStructuredText has it, and a bar that is a bar."""
    return re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", text).replace("|", r"\|")


def fields(record):
    """A list of a record's fields and what the code says of each; nothing for another class."""
    if not (isinstance(record, type) and issubclass(record, tuple) and hasattr(record, "_fields")):
        return []
    told = {name: (kind, about) for name, kind, about in FIELD.findall(inspect.getsource(record))}
    lines = []
    for name in record._fields:
        kind, about = told.get(name, ("", ""))
        plain = re.sub(r"\bnp\.ndarray\b", "array", kind)
        about = literal(about or "")
        lines.append(f"* ``{name}``, {plain}" + (f": {about}" if about else ""))
    return lines


class Relatives(SphinxDirective):
    """An entry for each relative, with its parameters and its five functions."""

    def run(self):
        relatives = importlib.import_module("lib.relatives")
        known = labels(Path(self.env.srcdir, *self.config.bibtex_bibfiles))
        told = dict(described(relatives.__doc__))
        lines = [".. py:module:: lib.relatives", ""]
        for name in relatives.__all__:
            cell = getattr(relatives, name)
            about = cited(told[name], known).replace("|", r"\|")
            fields_of = ", ".join(f"``{field}``" for field in cell.Params._fields)
            lines += [f".. py:data:: {name}", "", *indented(about), ""]
            lines += [f"   Params: {fields_of}.", ""]
            for part in FUNCTIONS:
                function = getattr(cell, part)
                summary = inspect.getdoc(function).split("\n\n")[0]
                lines += [
                    f"   .. py:function:: {name}.{part}{named(inspect.signature(function))}",
                    "",
                ]
                lines += [*indented(cited(literal(summary), known), 6), ""]
        whole = nodes.Element()
        self.state.nested_parse(StringList(lines, "relatives"), self.content_offset, whole)
        return whole.children


def described(docstring):
    """(name, what is said of it) for each item of the indented lists of a module's docstring."""
    for block in re.findall(r"^    (\w+) +(\S.*(?:\n {5,}\S.*)*)", docstring, re.M):
        yield block[0], " ".join(block[1].split())


def indented(text, by=3):
    return textwrap.indent("\n".join(text.splitlines()), " " * by).splitlines()


def named(signature):
    """A signature with types and functions, where they are defaults, by their names, not as Python prints them."""
    return re.sub(r"<(?:class|function) '?(?:\w+\.)*(\w+)'?[^>]*>", r"\1", str(signature))


def by_name(app, what, name, thing, options, args, result):
    return (named(args), result) if args else None


def plain_field(app, what, name, thing, skip, options):
    """Leave out the fields of records, which have no text of their own: their class tells them."""
    return True if str(getattr(thing, "__doc__", "")).startswith("Alias for field") else None


def setup(app):
    """Called by Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("autodoc-process-docstring", as_it_reads)
    app.connect("autodoc-process-signature", by_name)
    app.connect("autodoc-skip-member", plain_field)
    app.add_directive("relatives", Relatives)
