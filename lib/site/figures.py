"""Pictures for a phone: a figure's output holds the same data drawn on narrow paper, which only a narrow screen loads.

`lib.plots` leaves the narrow picture in the output's metadata, beside the sizes of the wide one. MyST-NB keeps of an
output's metadata a picture's width and height alone, so the rest is read from the notebook as it was run: from the
cache of runs, or, where nothing is run, from the stored outputs.
"""

import posixpath
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import nbformat
from docutils import nodes
from jupyter_cache import get_cache
from sphinx.transforms import SphinxTransform

# Narrower than this, a wide picture's smallest words would have less than 9 pixels. Paper always takes the wide one.
PHONE = "screen and (max-width: 37rem)"


class picture(nodes.container):  # noqa: N801 (a node is named as its element)
    """A wide picture and, before it, the narrow one: two images."""


class BesideTheWide(SphinxTransform):
    """Put the narrow picture, where an output has one, beside the wide."""

    default_priority = 400

    def apply(self, **kwargs):
        notebooks = getattr(self.env, "mystnb_config", None)  # none in a book without notebooks
        if not notebooks:
            return
        source = Path(self.env.doc2path(self.env.docname))
        if source.suffix != ".ipynb":
            return
        narrow = dict(narrow_pictures(as_run(source, notebooks)))
        folders = Path(notebooks.output_folder)
        for wide in list(self.document.findall(nodes.image)):
            folder, name = posixpath.split(wide["uri"])
            if name in narrow:
                beside = written(narrow[name], folder, folders)
                wide.replace_self(picture("", beside, wide.deepcopy()))


def as_run(path, notebooks):
    """The notebook with the outputs that the page shows: those of its run, if it was run."""
    notebook = nbformat.read(path, as_version=4)
    if notebooks.execution_mode == "cache":
        try:
            _, notebook = get_cache(notebooks.execution_cache_path).merge_match_into_notebook(
                notebook
            )
        except KeyError:  # excluded from running
            pass
    return notebook


def narrow_pictures(notebook):
    """(the name that MyST-NB gives the wide picture's file, the narrow one) of each output that has both."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if narrow := output.get("metadata", {}).get("image/png", {}).get("narrow"):
                yield named(b64decode(output.data["image/png"])), narrow


def named(png):
    return f"{sha256(png).hexdigest()}.png"


def written(narrow, uri, folder):
    """The narrow picture as an image, its file beside the wide one's."""
    png = b64decode(narrow["image/png"])
    (folder / named(png)).write_bytes(png)
    size = dict(width=narrow["width"], height=narrow["height"])
    return nodes.image(uri=posixpath.join(uri, named(png)), alt="", **size)


def visit_picture(translator, node):
    narrow = node.pop(0)
    builder = translator.builder
    name = posixpath.join(builder.imgpath, builder.images[narrow["uri"]])
    size = f'width="{narrow["width"]}" height="{narrow["height"]}"'
    translator.body.append(f'<picture><source media="{PHONE}" srcset="{name}" {size}>')


def depart_picture(translator, _node):
    translator.body.append("</picture>")


def setup(app):
    """Called by the extension's setup."""
    app.add_node(picture, html=(visit_picture, depart_picture))
    app.add_transform(BesideTheWide)
