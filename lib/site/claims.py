"""The page of claims, made from the notebooks, so that it cannot drift.

A claim stands in the metadata of the code cell that tests it, under `claims`, a list of

    {"name": "forget-bias-1",   unique in the book
     "told": "...",             as it is commonly told
     "status": "narrowed",      shown, narrowed, refuted or cited
     "found": "..."}            what the book finds; if cited, with a citation

Both texts are MyST on one line. A second cell that tests the same claim has a name of its own and says of what:

    {"name": "forget-bias-1-start", "of": "forget-bias-1"}

Each such cell gets the anchor claim-NAME. The directive `claims` holds headings and under them, a line each, the names
in the order of reading; a heading without names is left out. Whatever does not fit is a warning with its place, and so
fails the book's build.
"""

import re
from collections import Counter
from itertools import groupby
from operator import itemgetter

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from lib.site.students import solving

STATUSES = ("shown", "narrowed", "refuted", "cited")
FIELDS = {"name", "told", "status", "found"}

log = logging.getLogger(__name__)


def give_anchors(app, document):
    """An anchor for each cell that tests a claim, and a label: its section's title; `cell 2` for a second there."""
    std, page, title, met = app.env.get_domain("std"), app.env.docname, "", Counter()
    for node in document.findall(lambda node: isinstance(node, (nodes.title, nodes.container))):
        if isinstance(node.parent, nodes.section) and isinstance(node, nodes.title):
            title = node.astext()
        for claim in node.get("cell_metadata", {}).get("claims", []):
            name = claim.get("name", "?")
            here = claim.get("of", name), title
            met[here] += 1
            label = title if met[here] == 1 else f"cell {met[here]}"
            node["ids"].append(f"claim-{name}")
            std.note_hyperlink_target(f"claim-{name}", page, f"claim-{name}", label)


class Claims(SphinxDirective):
    """The claims under their headings, and how many there are of each status."""

    has_content = True

    def run(self):
        self.claims, self.tests = {}, {}
        for page in sorted(self.env.found_docs, key=lambda page: (not numbered(page), page)):
            if self.env.doc2path(page).endswith(".ipynb"):
                self.read(page)
        for name in sorted(set(self.tests) - self.told()):
            self.warn(f"{self.tests[name][0][1]} is of {name}, which no cell has")
        found = [nodes.paragraph("", self.count())]
        for title, names in self.listed():
            section = nodes.section("", nodes.title("", title), names=[title.lower()])
            self.state.document.note_implicit_target(section)
            entries = [line for name in names for line in self.entry(name)]
            self.state.nested_parse(StringList(entries, ""), 0, section)
            section.children[-1]["classes"].append("claims")
            found.append(section)
        return found

    def read(self, page):
        """Take the claims of a notebook and check each by itself."""
        path = self.env.doc2path(page)
        self.env.note_dependency(path)
        cells = nbformat.read(path, as_version=4).cells
        shown = [c for c in cells if "remove-cell" not in c.metadata.get("tags", [])]
        label = re.match(r"\((.+)\)=\n", shown[0].source) if shown else None
        role = "numref" if numbered(page) else "ref"
        chapter = f"{{{role}}}`{label[1]}`, " if label else ""
        gone = solving(cells) if self.env.config.for_students else ()
        for number, cell in enumerate(cells):
            for claim in cell.metadata.get("claims", []):
                name = claim.get("name", "?")
                for wrong in faults(claim, cell):
                    self.warn(f"cell {number}, claim {name}: {wrong}", page)
                if name in self.claims:
                    self.warn(f"cell {number}, claim {name}: another cell has this name", page)
                self.claims[name] = claim
                link = "a solution" if number in gone else f"{{ref}}`claim-{name}`"
                self.tests.setdefault(claim.get("of", name), []).append((chapter, name, link))

    def told(self):
        return {name for name, claim in self.claims.items() if "of" not in claim}

    def count(self):
        found = Counter(self.claims[name].get("status") for name in self.told())
        return f"{found.total()} claims: {', '.join(f'{found[s]} {s}' for s in STATUSES)}."

    def listed(self):
        """(heading, names of claims) for each heading that has some."""
        names = Counter(name for name in self.content if name and not name.startswith("#"))
        for name in sorted(set(names) - self.told()):
            self.warn(f"no cell has the claim {name}")
        for name in sorted(self.told() - set(names)):
            self.warn(f"the claim {name} is not listed")
        for name in [name for name, times in names.items() if times > 1]:
            self.warn(f"the claim {name} is listed more than once")
        for part in re.split("^##", "\n".join(self.content), flags=re.M)[1:]:
            title, *names = map(str.strip, part.strip().split("\n"))
            if names:
                yield title, [name for name in names if name in self.told()]

    def entry(self, name):
        """One claim as an item of a definition list."""
        claim = {field: "" for field in FIELDS} | self.claims[name]
        status = f'<span class="status {claim["status"]}">{claim["status"]}</span>'
        links = [
            chapter + " · ".join(dict.fromkeys(link for *_, link in tests))
            for chapter, tests in groupby(self.tests[name], key=itemgetter(0))
        ]
        found = f": {status} {claim['found']}"
        return [claim["told"], found, "", f"  Tested in {'; '.join(links)}", ""]

    def warn(self, text, page=None):
        log.warning(text, location=page or self.get_location(), type="claims")


def numbered(page):
    return page.startswith("chapters/")


def faults(claim, cell):
    """What is wrong with a claim, looked at alone."""
    fields = {"name", "of"} if "of" in claim else FIELDS
    if set(claim) != fields:
        yield f"the fields are {', '.join(sorted(claim))}, not {', '.join(sorted(fields))}"
    elif claim.get("status", "shown") not in STATUSES:
        yield f"no status is called {claim['status']}"
    elif claim.get("status") == "cited" and "{cite" not in claim["found"]:
        yield "cited without a citation"
    if cell.cell_type != "code" or not re.search(r"^\s*(?:assert\b|says\()", cell.source, re.M):
        yield "its cell asserts nothing"


def setup(app):
    """Called by Sphinx."""
    app.add_directive("claims", Claims)
    app.connect("doctree-read", give_anchors)
