"""Pictures for a phone: a figure's output holds the same data drawn on narrow paper, which only a narrow screen loads.

`lib.plots` leaves the narrow picture in the output's metadata, beside the sizes of the wide one. MyST-NB keeps of an
output's metadata a picture's width and height alone, so the rest is read from the notebook that it has just written.
"""

import posixpath
from base64 import b64decode
from hashlib import sha256
from pathlib import Path

import nbformat
from docutils import nodes
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
        path = Path(notebooks.output_folder, f"{self.env.docname}.ipynb")
        if not path.is_file():
            return
        narrow = dict(narrow_pictures(nbformat.read(path, as_version=4)))
        for wide in list(self.document.findall(nodes.image)):
            folder, name = posixpath.split(wide["uri"])
            if name in narrow:
                beside = written(narrow[name], folder, path.parents[self.env.docname.count("/")])
                wide.replace_self(picture("", beside, wide.deepcopy()))


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
