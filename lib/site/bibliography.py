"""The bibliography's labels are what the pages cite: Chung et al., 2014, and no number that stands nowhere else."""

from pybtex.plugin import register_plugin
from pybtex.style.formatting.plain import Style
from pybtex.style.labels import BaseLabelStyle


class ByAuthorAndYear(BaseLabelStyle):
    """Labels in the words of a citation in brackets."""

    def format_labels(self, entries):
        return map(label, entries)


class Cited(Style):
    """The plain style, each work under the words that cite it."""

    default_label_style = ByAuthorAndYear


def label(entry):
    """Elman, 1990; Hochreiter and Schmidhuber, 1997; Chung et al., 2014."""
    names = [" ".join(p.prelast_names + p.last_names) for p in entry.persons["author"]]
    who = f"{names[0]} et al." if len(names) > 2 else " and ".join(names)
    return f"{who}, {entry.fields['year']}"


def setup(app):
    """Called by the extension's setup."""
    register_plugin("pybtex.style.labels", "as_cited", ByAuthorAndYear, force=True)
    register_plugin("pybtex.style.formatting", "as_cited", Cited, force=True)
