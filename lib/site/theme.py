"""What the theme does not do by itself, each in a few lines."""

import re
import zlib
from pathlib import Path

from lib.colors import COLORS, DARK
from lib.site import lean

TEMPLATES = Path(__file__).with_name("templates")
# What has to run before the page is drawn, and what no page needs: tabs, and marking the words of a search.
FIRST = ("documentation_options.js",)  # and the explorers, and assets/first.js before all
UNUSED = ("design-tabs.js", "sphinx_highlight.js")
# What the theme and its extensions write into the page, where a host's policy may refuse it, goes into a file: their
# settings, but for the page's name, which only a switch between versions asks for; and what their buttons do.
SETTINGS = "settings.js"
INLINE = r"<script(?![^>]*\b(?:src|type)=)[^>]*>(.*?)</script>"
PAGE_NAME = "DOCUMENTATION_OPTIONS.pagename"
# Names, punctuation and spaces have the color of the text around them; their elements were a third of a page's.
PLAIN = r'<span class="(?:n|nn|p|w)">([^<]*)</span>'
PRESSED = {
    "window.print()": "print",
    "toggleFullScreen()": "fullscreen",
    "showChecked()": "checked",
}
PRESS = """document.addEventListener("click", (event) => {
  const press = event.target.closest("[data-press]")?.dataset.press;
  if (press === "print") window.print();
  if (press === "fullscreen") toggleFullScreen();
});
"""


def color_variables():
    """The style sheet that gives every gate and state its CSS variable (--gate-f ...), light and dark."""

    def block(colors):
        return " ".join(f"--gate-{letter}: {color};" for letter, color in colors.items())

    return f":root {{ {block(COLORS)} }}\nhtml[data-theme='dark'] {{ {block(DARK)} }}\n"


def write_color_variables(app, error):
    """lib/colors.py is the only place where a color is written down."""
    if app.builder.format == "html" and not error:
        Path(app.outdir, "_static", "colors.css").write_text(
            color_variables(), encoding="utf-8", newline="\n"
        )


def let_pictures_shrink(_app, _page, _template, context, _doctree):
    """Write a picture's size as attributes: the room is reserved, and on a phone both sides shrink together.

    docutils writes both as styles, of which the height stays when the width cannot.
    """
    if "body" in context:
        style = r'(<img[^>]*) style="width: (\d+)px; height: (\d+)px;"'
        context["body"] = re.sub(style, r'\1 width="\2" height="\3"', context["body"])


def mend_markup(_app, _page, _template, context, _doctree):
    """Slips that accessibility checkers find: a withdrawn role, and the same id on exercises and citations."""
    if "body" in context:
        body = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')  # of docutils
        twice = (  # of sphinx-exercise; of sphinxcontrib-bibtex, which counts anew in every docstring
            r' id="(?:exercise|solution)-content"|(?<=class="bibtex-citation") id="id\d+"'
        )
        context["body"] = re.sub(twice, "", body)


def thin_code(_app, _page, _template, context, _doctree):
    """Code without an element around each word that has no color of its own."""
    if "body" in context:
        context["body"] = re.sub(PLAIN, r"\1", context["body"])


def keep_marks(_app, _page, _template, context, _doctree):
    """A mark or bracket stays with its equation: a browser would let a line begin or end with it."""
    if "body" in context:
        equation = r'[(“]*<span class="math" translate="no"><math(?:(?!</math>).)*</math></span>[,.;:!?)”]*'
        context["body"] = re.sub(equation, with_marks, context["body"], flags=re.S)


def with_marks(found):
    """An equation in a span with its marks, if it has any."""
    bare = found[0].startswith("<") and found[0].endswith(">")
    return found[0] if bare else f'<span class="with-mark">{found[0]}</span>'


def let_scripts_wait(_app, page, _template, context, _doctree):
    """Scripts run once the page stands, but for the first ones; those of the search page wait for each other."""
    if page == "search":
        return
    scripts = [script for script in context["script_files"] if not named(script, UNUSED)]
    context["script_files"] = [
        script if not script.filename or is_first(script) else waiting(script) for script in scripts
    ]


def is_first(script):
    return named(script, FIRST) or "/live/" in script.filename


def leave_nothing_inline(app, page, _template, context, _doctree):
    """The page's settings become a file, in the place of the first of them."""
    scripts = context["script_files"]
    inline = [script for script in scripts if not script.filename and is_code(script)]
    if not inline:
        return
    said = dict.fromkeys(script.attributes["body"].strip() for script in inline)  # some twice
    text = "".join(f"{body}\n" for body in said if not body.startswith(PAGE_NAME))
    name = SETTINGS if page != "search" else f"search-{SETTINGS}"
    path = app.outdir / "_static" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text + PRESS, encoding="utf-8", newline="\n")
    first = scripts.index(inline[0])
    settings = type(inline[0])(
        f"_static/{name}", **({} if page == "search" else {"defer": "defer"})
    )
    rest = [script for script in scripts if script not in inline]
    context["script_files"] = [*rest[:first], settings, *rest[first:]]


def is_code(script):
    return script.attributes.get("type") in (None, "text/javascript", "module")


def take_out_code(app, error):
    """What templates write into a page goes the same way: a script becomes a file, code of a button its name."""
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for path in lean.pages(site):
        text = path.read_text(encoding="utf-8")
        for code, name in PRESSED.items():
            text = text.replace(f'onclick="{code}"', f'data-press="{name}"')
        up = "../" * (len(path.relative_to(site).parts) - 1)
        text = re.sub(INLINE, lambda found, up=up: as_file(site, up, found[1]), text, flags=re.S)
        path.write_text(text, encoding="utf-8", newline="\n")


def as_file(site, up, code):
    """The script that asks for this code as a file, from so many folders down."""
    name = f"_static/scripts/{zlib.crc32(code.encode()):08x}.js"
    (site / name).parent.mkdir(parents=True, exist_ok=True)  # another theme has no such folder
    (site / name).write_text(code, encoding="utf-8", newline="\n")
    return f'<script src="{up}{name}"></script>'


def named(script, names):
    return bool(script.filename) and script.filename.endswith(names)


def waiting(script):
    """A copy, since the pages share them."""
    attributes = {**script.attributes, "defer": "defer"}
    return type(script)(script.filename, priority=script.priority, **attributes)


def setup(app):
    """Called by the extension's setup."""
    app.config.templates_path.append(str(TEMPLATES))
    app.connect(
        "config-inited", lambda _app, config: config.templates_path.insert(0, str(TEMPLATES))
    )
    app.add_css_file("colors.css")
    app.connect("html-page-context", let_pictures_shrink)
    app.connect("html-page-context", mend_markup)
    app.connect("html-page-context", thin_code)
    app.connect("html-page-context", keep_marks)
    app.connect("html-page-context", let_scripts_wait, priority=950)  # after lib.live's
    app.connect("html-page-context", leave_nothing_inline, priority=960)
    app.connect("build-finished", take_out_code)
    app.connect("build-finished", write_color_variables)
