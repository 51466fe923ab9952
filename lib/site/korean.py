"""The glossary from the other side: its Korean words in their order, each with the entry that explains it.

They stand in the glossary itself, in a span each: a word, in parentheses the others for the same thing, and before this
book's own suggestions the word 제안. The directive `korean` lists them where the page asks for it.
"""

import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

HANGUL = "[\uac00-\ud7a3]"
HEADS = "가나다라마바사아자차카타파하"  # a word stands under the last that is not behind it


def entries(text):
    """(first term, its Korean words, whether they are the book's own) for each entry of a glossary's source."""
    body = re.search(r"```\{glossary\}\n(.*?)```", text, re.S)[1]
    for block in body.strip().split("\n\n"):
        term, *_, definition = block.split("\n")
        told = re.match(r' *<span lang="ko">(제안: )?([^<]*)</span> · ', definition)
        yield term, words(told[2]) if told else [], bool(told and told[1])


def words(told):
    """Each word of "직교 행렬(다른 말, 또 하나)" that has Korean in it."""
    parts = re.split(r"[(),]", told)
    return [part.strip() for part in parts if re.search(HANGUL, part)]


def index(text):
    """(Korean word, term) for each word of a glossary, in the order of Korean dictionaries."""
    found = [(word, term) for term, several, _ in entries(text) for word in several]
    return sorted(found, key=lambda one: one[0].replace(" ", ""))


def spellings(word):
    """A word as it is typed: with its blanks and without."""
    return list(dict.fromkeys([word, word.replace(" ", "").replace("-", "")]))


class Korean(SphinxDirective):
    """The list, under the consonants that the words begin with."""

    def run(self):
        with open(self.env.doc2path(self.env.docname), encoding="utf-8") as file:
            found = index(file.read())
        lines = []
        for place, head in enumerate(HEADS):
            after = HEADS[place + 1] if head != HEADS[-1] else "\ud7a4"
            here = [
                f'<span lang="ko">{w}</span> {{term}}`{t}`'
                for w, t in found
                if head <= w[0] < after
            ]
            lines += [f'- <span lang="ko">**{head}**</span> {" · ".join(here)}'] if here else []
        whole = nodes.container(classes=["korean"])
        self.state.nested_parse(StringList(lines, "korean"), self.content_offset, whole)
        return [whole]


def setup(app):
    """Called by the extension's setup."""
    app.add_directive("korean", Korean)
