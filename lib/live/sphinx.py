"""Sphinx extension: ipywidgets sliders and anywidget figures that live on a static page. Knows of no particular book.

Add `lib.live.sphinx` to the extensions and set `nb_ipywidgets_js: {}`, so that nothing is asked of another host.
On a page whose notebook leaves a widget state (MyST-NB writes the standard block) it

1. loads the reader, js/page.js, as a classic script with its style sheet: a page opened from disk may load those too;
2. writes the anywidgets' code into one more such script of the page's own, each piece once: an `_esm` is cut at its
   `//# module:` lines (join.py writes them; a text without is one piece), and the model keeps its place there. Their
   `_css` become style sheets. So no host's policy against inline code stands in the way. A module that imports others
   cannot be written so and stays in the state, as a text;
3. shows the picture of the same output until the live view stands, and without JavaScript and in print. MyST-NB keeps
   one form of an output, so a transform before its choice puts the picture and the view together;
4. warns, naming page and model, of a widget that the reader cannot draw: built with -W, the build stops.
"""

import hashlib
import json
import re

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from lib.live.join import HERE, MARK, classic, refuse_shared_names

STATE = "application/vnd.jupyter.widget-state+json"
VIEW = "application/vnd.jupyter.widget-view+json"
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")
# What js/page.js draws (a test compares), and what has no view of its own.
DRAWN = {"FloatSliderModel", "IntSliderModel", "CheckboxModel", "DropdownModel", "LabelModel"}
DRAWN |= {"BoxModel", "VBoxModel", "HBoxModel", "AnyModel"}
LINKS = {"LinkModel", "DirectionalLinkModel"}
UNSEEN = re.compile(r"(Layout|Style)Model$")
UNREAD = re.compile("_model_|_view_|_anywidget_id|(layout|style)$")  # of an anywidget
READ = {  # of the others
    *("value", "min", "max", "step", "readout_format", "description", "description_allow_html"),
    *("tooltip", "disabled", "index", "_options_labels", "children", "source", "target"),
    "_dom_classes",
}
# A translator would write into what a script brings up to date. The last element tells the reader of the view.
OPEN, CLOSE = '<div class="live-view" translate="no">', "<live-mount></live-mount></div>"

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
        shown = nodes.container("", *(still.children if still else []), classes=["live-still"])
        for image in shown.findall(nodes.image):
            image.setdefault("alt", self.spoken(view))
        start, end = (nodes.raw("", text, format="html") for text in (OPEN, CLOSE))
        return [start, *([shown] if still else []), *view.children, end]

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
    """Put the reader on a page that has a widget state, with the code and the style sheets of its widgets."""
    if app.builder.format != "html":
        return
    scripts = app.builder.script_files
    for script in [script for script in scripts if script.attributes.get("type") == STATE]:
        saved = json.loads(script.attributes["body"])
        warn_of_dead_widgets(pagename, saved["state"])
        scripts.remove(script)
        saved, code, sheets = taken_apart(saved)
        body = json.dumps(saved, ensure_ascii=False, separators=(",", ":")).replace("</", r"<\/")
        app.add_js_file(None, type=STATE, body=body)
        app.add_css_file("live/page.css")
        for name, text in sheets.items():
            app.add_css_file(written(app, name, text))
        if code:
            app.add_js_file(written(app, f"{pagename}.js", code))
        app.add_js_file("live/page.js")


def written(app, name, text):
    """The address of a file of the reader's folder with this text."""
    path = app.outdir / "_static" / "live" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return f"live/{name}"


def warn_of_dead_widgets(pagename, state):
    for name in sorted({model["model_name"] for model in state.values()}):
        if name not in DRAWN | LINKS and not UNSEEN.search(name):
            log.warning("the page's reader cannot draw the widget %s", name, location=pagename)


def taken_apart(saved):
    """The state as the reader needs it; the script that makes its widgets' code ready; their style sheets by name."""
    models, modules, sheets = {}, [], {}
    for identifier, model in saved["state"].items():
        if UNSEEN.search(model["model_name"]):
            continue
        state = dict(model["state"])
        esm, css = state.pop("_esm", None), state.pop("_css", None)
        own = (lambda key: not UNREAD.match(key)) if esm else READ.__contains__
        state = {key: value for key, value in state.items() if own(key) and value is not None}
        if esm:
            state["_esm"] = place(esm, modules) if is_plain(esm) else esm
        if css:
            sheets[hashlib.sha256(css.encode()).hexdigest()[:8] + ".css"] = css
        models[identifier] = {"model_name": model["model_name"], "state": state}
    return {**saved, "state": models}, script_of(modules), sheets


def place(item, items):
    if item not in items:
        items.append(item)
    return items.index(item)


def is_plain(esm):
    """Whether a module imports nothing and exports one thing only, by `export default` at the start of a line."""
    rest = re.sub("^export default ", "", esm, flags=re.M)
    return esm.count("\nexport default ") + esm.startswith(
        "export default "
    ) == 1 and not re.search(r"^\s*(import|export)\b|\bimport[.(]", rest, re.M)


def script_of(modules):
    """A classic script that makes the modules ready, in order: what they share stands once, around all of them."""
    if not modules:
        return ""
    shared = {}
    for esm in modules:
        for piece in cut(esm)[:-1]:
            shared.setdefault(piece.partition("\n")[0].removeprefix(MARK), piece)
    refuse_shared_names(shared)
    own = [
        re.sub("^export default ", "const exported = ", cut(esm)[-1], flags=re.M) for esm in modules
    ]
    made = "".join(f"function () {{\n{text}\nreturn exported;\n}},\n" for text in own)
    around = f'"use strict";\n{"".join(shared.values())}return [\n{made}];\n'
    return f"window.liveModules = (function () {{\n{around}}})();\n"


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
