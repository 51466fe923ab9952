"""Search: a hit leads to the section, and a term first to the section that introduces it.

To Sphinx's index every section, glossary term and symbol becomes a page of its own, named page#anchor;
search.js takes the name apart again. A term's section is the one that its definition in the glossary
names, so nothing has to be said twice. The anchors are the sections' labels: a new wording keeps them.
"""

import html
import importlib
import re
from collections import Counter
from pathlib import Path

import sphinx.search
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms import SphinxTransform

from lib.site.korean import entries, spellings

GLOSSARY, NOTATION = "appendix/glossary", "appendix/notation"
ASKED = {  # a section's label: what readers ask it for and the glossary does not name
    "sec-bp-check": ["gradient check"],
    "sec-lstm-name": ["gate gate"],
    "sec-gru-ladder": ["LSTM vs GRU"],
    "sec-rosetta-pytorch": ["PyTorch"],
}


class Anchors(SphinxTransform):
    """A section's own address is its label, not its wording; the wording's address stays valid. Symbols get theirs."""

    default_priority = 300  # labels have been attached, contents have not been collected

    def apply(self):
        for section in self.document.findall(nodes.section):
            names = [name for name in section["names"] if self.document.nametypes[name]]
            labels = [self.document.nameids[name] for name in names]
            section["ids"].sort(key=lambda anchor: anchor not in labels)
        if self.env.docname == NOTATION:
            taken = Counter()
            for row, symbols in rows(self.document):
                name = "symbol-" + re.sub(r"\W", "", symbols[0])
                taken[name] += 1  # a letter may be that of another chapter, with another meaning
                row["ids"].append(name if taken[name] == 1 else f"{name}-{taken[name]}")


def rows(document):
    """Each row of the tables of symbols, and the symbols that its first cell holds: c_t, W, ..."""
    for row in document.findall(nodes.row):
        symbols = [math.astext() for math in row[0].findall(nodes.math)]
        if symbols:
            yield row, [re.sub(r"[{}\\]", "", symbol) for symbol in symbols]


class BySection(sphinx.search.IndexBuilder):
    """Sphinx's index, to which every part of a page is a page as well."""

    def feed(self, docname, filename, title, doctree):
        super().feed(docname, filename, title, doctree)
        self._all_titles[docname] = self._index_entries[docname] = []  # its parts have them
        page = title.split(":")[0]
        for anchor, heading, part, terms in parts(self.env, docname, doctree):
            part += [nodes.title(text=term) for term in terms]  # weighs as much as a heading
            name, heading = f"{docname}#{anchor}", html.escape(heading)
            whole = title if title.endswith(heading) else f"{page} &gt; {heading}"
            super().feed(name, filename, whole, part)
            self._all_titles[name] = []
            self._index_entries[name] = [(term, anchor, "main") for term in terms]

    def prune(self, docnames):
        kept = set(docnames)
        super().prune([name for name in self._titles if name.split("#")[0] in kept])


def parts(env, docname, doctree):
    """(anchor, title, a copy of its text, terms) for each section, term of the glossary and symbol of a page."""
    introduced = introductions(env)
    pages = list(titled(doctree))
    for section in pages[0 if docname not in (GLOSSARY, NOTATION) else 1 :]:
        part, heading = section.deepcopy(), section[0].astext()
        for deeper in list(titled(part))[1:]:
            if deeper.parent:
                deeper.parent.remove(deeper)
        terms = [term for anchor in section["ids"] for term in introduced.get(anchor, [])]
        subject = re.sub(r"^(a|the) |:.*", "", heading.lower())
        yield section["ids"][0], heading, part, [subject, *terms, *functions(env, part)]
    if docname == GLOSSARY:
        source = Path(env.doc2path(docname)).read_text(encoding="utf-8")
        korean = {term: several for term, several, _ in entries(source)}
        for item in doctree.findall(nodes.definition_list_item):
            terms = [term.astext() for term in item.findall(nodes.term)]
            typed = [way for word in korean[terms[0]] for way in spellings(word)]
            yield item[0]["ids"][0], terms[0], item.deepcopy(), [*terms, *typed]
    if docname == NOTATION:
        taken = set()  # f is the gate, which every chapter has, before it is a bound of one
        for row, symbols in rows(doctree):
            letters = [symbol.split("_")[0] for symbol in symbols]
            typed = [word for word in (*symbols, *letters) if word.lower() not in taken]
            taken |= {word.lower() for word in typed}
            yield row["ids"][0], ", ".join(symbols), row.deepcopy(), typed


def titled(tree):
    """The sections that have a heading; the contents of an exercise are a section without one."""
    return (section for section in tree.findall(nodes.section) if type(section[0]) is nodes.title)


def introductions(env):
    """{the label of a section: the terms that lead to it}: those that it introduces, as the glossary says."""
    found = {label: list(terms) for label, terms in ASKED.items()}
    if GLOSSARY in env.all_docs:
        for item in env.get_doctree(GLOSSARY).findall(nodes.definition_list_item):
            for link in item.findall(addnodes.pending_xref):
                terms = [term.astext() for term in item.findall(nodes.term)]
                found.setdefault(link["reftarget"], []).extend(terms)
    return found


def functions(env, part):
    """What a section of the reference shows as a listing, and Sphinx therefore does not know: lstm.step, ..."""
    anchors = [anchor for node in part.findall(nodes.Element) for anchor in node.get("ids", [])]
    names = [anchor.removeprefix("module-") for anchor in anchors if anchor.startswith("module-")]
    known = env.get_domain("py").objects
    return [
        f"{module.split('.')[-1]}.{name}"
        for module in names
        for name, thing in vars(importlib.import_module(module)).items()
        if getattr(thing, "__module__", None) == module and f"{module}.{name}" not in known
    ]


def weighs_by_own_script(_app, config):
    config.html_search_scorer = str(Path(__file__).with_name("search.js"))


def setup(app):
    """Called by the extension's setup."""
    app.add_transform(Anchors)
    app.connect("config-inited", weighs_by_own_script)
    sphinx.search.IndexBuilder = BySection  # the builder asks for it by this name
