"""Sphinx extension: ipywidgets sliders and anywidget figures that live on a static page. Knows of no particular book.

Add `lib.live.sphinx` to the extensions and set `nb_ipywidgets_js: {}`, so that nothing is asked of another host.
On a page whose notebook leaves a widget state (MyST-NB writes the standard block) it

1. loads the reader, js/page.js, as a classic script with its style sheet: a page opened from disk may load those too;
2. keeps each text of code once: an anywidget's `_esm` is cut at its `//# module:` lines (join.py writes them; a text
   without is one piece), the pieces go to `texts` in the state block, and a model lists the places of its own;
3. shows the picture of the same output until the live view stands, and without JavaScript and in print. MyST-NB keeps
   one form of an output, so a transform before its choice puts the picture and the view together;
4. warns, naming page and model, of a widget that the reader cannot draw: built with -W, the build stops.
"""

import json
import re

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from lib.live.join import HERE, MARK, classic

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
SHARED = ("_esm", "_css")
# What js/page.js draws (a test compares), and what has no view of its own.
DRAWN = {"FloatSliderModel", "IntSliderModel", "CheckboxModel", "DropdownModel", "LabelModel"}
DRAWN |= {"BoxModel", "VBoxModel", "HBoxModel", "AnyModel"}
LINKS = {"LinkModel", "DirectionalLinkModel"}
UNSEEN = re.compile(r"(Layout|Style)Model$")
UNREAD = re.compile("_model_|_view_|(layout|style)$")  # of a model that has a view
MOUNT = "<script>window.liveView?.(document.currentScript)</script>"  # before the page is painted

log = logging.getLogger(__name__)


class KeepPicture(SphinxPostTransform):
    """A widget view and the picture of the same output -> one block that holds both."""

    default_priority = 3  # before MyST-NB's choice, 4
    formats = ("html",)

    def run(self, **kwargs):
        for bundle in list(self.document.findall(nodes.container)):
            if bundle.get("nb_element") != "mime_bundle":
                continue
            forms = {form["mime_type"]: form for form in bundle.children}
            if VIEW in forms:
                still = next((forms[kind] for kind in PICTURES if kind in forms), None)
                bundle.replace_self(self.together(forms[VIEW], still))

    def together(self, view, still):
        block = nodes.container("", classes=["live-view"])
        if still is not None:
            block += nodes.container("", *still.children, classes=["live-still"])
            for image in block.findall(nodes.image):
                image.setdefault("alt", self.spoken(view))
        block += [*view.children, nodes.raw("", MOUNT, format="html")]
        return block

    def spoken(self, view):
        """What the widget says of itself: the trait `alt` of one of its parts."""
        saved = NbMetadataCollector.get_js_files(self.env, self.env.docname)
        state = json.loads(saved["ipywidgets_state"][1]["body"])["state"]
        names = re.findall(r'"model_id": "([^"]+)"', view.astext())
        while names:
            part = state[names.pop(0)]["state"]
            if part.get("alt"):
                return part["alt"]
            names += [child.removeprefix("IPY_MODEL_") for child in part.get("children", [])]
        return "The figure of a widget"


def add_reader(app, pagename, templatename, context, doctree):
    """Put the reader on a page that has a widget state, and keep each text of code once."""
    if app.builder.format != "html":
        return
    scripts = app.builder.script_files
    for script in [script for script in scripts if script.attributes.get("type") == STATE]:
        saved = json.loads(script.attributes["body"])
        warn_of_dead_widgets(pagename, saved["state"])
        scripts.remove(script)
        body = json.dumps(slim(saved), ensure_ascii=False).replace("</", r"<\/")
        app.add_js_file(None, type=STATE, body=body)
        app.add_js_file("live/page.js")  # not deferred: see MOUNT
        app.add_css_file("live/page.css")


def warn_of_dead_widgets(pagename, state):
    for name in sorted({model["model_name"] for model in state.values()}):
        if name not in DRAWN | LINKS and not UNSEEN.search(name):
            log.warning("the page's reader cannot draw the widget %s", name, location=pagename)


def slim(saved):
    """The state with each piece of code once, in `texts`, and without what the reader does not look at."""
    places, models = {}, {}
    for identifier, model in saved["state"].items():
        if UNSEEN.search(model["model_name"]):
            continue
        state = {
            key: value
            for key, value in model["state"].items()
            if value is not None and not UNREAD.match(key)
        }
        for key in SHARED:
            if key in state:
                state[key] = [places.setdefault(piece, len(places)) for piece in cut(state[key])]
        models[identifier] = {"model_name": model["model_name"], "state": state}
    return {**saved, "state": models, "texts": list(places)}


def cut(text):
    """The text in pieces, each beginning with its module mark (the first perhaps without)."""
    return [piece for piece in re.split(f"^(?={re.escape(MARK)})", text, flags=re.M) if piece]


def write_reader(app):
    if app.builder.format == "html":
        folder = app.outdir / "_static" / "live"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "page.js").write_text(classic("page.js"), encoding="utf-8", newline="\n")
        (folder / "page.css").write_bytes((HERE / "js" / "page.css").read_bytes())


def setup(app):
    app.add_post_transform(KeepPicture)
    app.connect("builder-inited", write_reader)
    app.connect("html-page-context", add_reader, priority=900)  # after MyST-NB has added the state
    return {"parallel_read_safe": True, "parallel_write_safe": True}
