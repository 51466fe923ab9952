"""What is checked, seen on the page: what a cell has said is marked, and a ✓ in the margin leads to the cell.

A cell says a sentence by `lib.checked.says`, which prints it behind a ✓. Where it stands in a paragraph or a caption of
the cell's section, or word for word in another's text, its words get an element of their own, and the paragraph a link
to the cell. Nothing of it is seen but the links, until the switch in the header tints the sentences.
"""

import nbformat
from docutils import nodes

from lib.checked import places, plain, said

SWITCH = {
    "type": "javascript",
    "javascript": "showChecked()",
    "tooltip": "Show what is checked",
    "icon": "fas fa-check",
    "label": "checked-switch",
}


def mark_sentences(app, document):
    """Mark what the cells of a notebook have said, in the sections that say it."""
    path = app.env.doc2path(app.env.docname)
    if not path.endswith(".ipynb"):
        return
    cells = nbformat.read(path, as_version=4).cells
    lines = {number: said(cell) for number, cell in enumerate(cells) if cell.cell_type == "code"}
    if not any(lines.values()):
        return
    shown = {}  # the cells' own elements, by number
    for node in document.findall(nodes.container):
        if node.get("nb_element") == "cell_code" and lines.get(node["cell_index"]):
            shown[node["cell_index"]] = node
            node["ids"].append(f"says-{node['cell_index']}")
    for section in document.findall(nodes.section):
        own = [n for n, node in shown.items() if section_of(node) is section]
        for text in list(
            section.findall(lambda n: isinstance(n, (nodes.paragraph, nodes.caption)))
        ):
            if section_of(text) is section and not inside_a_cell(text):
                mark(text, {n: lines[n] for n in [*own, *(n for n in shown if n not in own)]})


def section_of(node):
    """The innermost section around a node."""
    while node is not None and not isinstance(node, nodes.section):
        node = node.parent
    return node


def inside_a_cell(node):
    """Whether a paragraph is an output, not text; a figure's caption is text."""
    if isinstance(node, nodes.caption):
        return False
    while node is not None:
        if isinstance(node, nodes.container) and node.get("nb_element"):
            return True
        node = node.parent
    return False


STRAIGHT = str.maketrans(
    "’‘“”\n", "''\"\" "
)  # a cell says what was typed; the page has curled its quotes


def mark(text, lines):
    """Wrap what cells {number: sentences} have said in a paragraph, and lead to the first of them."""
    found = []
    for number, sentences in lines.items():
        for sentence in sentences:
            for begin, end in places(sentence, as_read(text)):
                if wrap(text, begin, end):
                    found.append(number)
    if found:
        told = nodes.inline("", " checked by a cell", classes=["visually-hidden"])
        way = dict(refid=f"says-{found[0]}", internal=True, classes=["says"])
        text += nodes.reference("", "✓", told, **way)


def pieces(text):
    """Each child of a paragraph and how it is read; of HTML in the text only what stands between the tags."""
    for child in text.children:
        if isinstance(child, nodes.math):
            yield child, plain(f"${child.astext()}$")
        elif isinstance(child, nodes.raw):
            yield child, ""
        else:
            yield child, child.astext().translate(STRAIGHT)


def as_read(text):
    return "".join(words for _, words in pieces(text))


def wrap(text, begin, end):
    """Put what is read from `begin` to `end` into an element of its own; False where part of it is in one already,
    or where a tag opens within and closes beyond."""
    place, before, inner, after = 0, [], [], []
    for child, words in pieces(text):
        first, place = place, place + len(words)
        if isinstance(child, nodes.raw):  # at an edge it belongs to what it encloses
            within = begin < place < end or place == (end if closes(child) else begin)
            (inner if within else before if place <= begin else after).append(child)
        elif place <= begin:
            before.append(child)
        elif first >= end:
            after.append(child)
        elif "said" in getattr(child, "attributes", {}).get("classes", ()):
            return False
        elif isinstance(child, nodes.Text):
            own, start = child.astext(), max(0, begin - first)  # as long as what is read of it
            before += [nodes.Text(own[:start])] if start else []
            inner.append(nodes.Text(own[start : end - first]))
            after += [nodes.Text(own[end - first :])] if place > end else []
        else:
            inner.append(child)
    tags = [closes(child) for child in inner if isinstance(child, nodes.raw)]
    if tags.count(True) != tags.count(False):
        return False
    text.children = []
    for child in (*before, nodes.inline("", "", *inner, classes=["said"]), *after):
        text += child
    return True


def closes(tag):
    return tag.astext().startswith("</")


def add_switch(_app, _page, _template, context, doctree):
    """A switch in the header of the pages on which something is marked."""
    marked = doctree is not None and "header_buttons" in context
    if marked and any("said" in n["classes"] for n in doctree.findall(nodes.inline)):
        context["header_buttons"].append(dict(SWITCH))


def setup(app):
    """Called by Sphinx."""
    app.connect("doctree-read", mark_sentences)
    app.connect("html-page-context", add_switch, priority=502)  # the theme's are there then
