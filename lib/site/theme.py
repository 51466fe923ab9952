"""What the theme does not do by itself, each in a few lines that say when they may go."""

import re
import struct
from pathlib import Path

from lib.colors import COLORS, DARK

TEMPLATES = Path(__file__).with_name("templates")


def color_variables():
    """The style sheet that gives every gate and state its CSS variable (--gate-f ...), light and dark."""

    def block(colors):
        return " ".join(f"--gate-{letter}: {color};" for letter, color in colors.items())

    return f":root {{ {block(COLORS)} }}\nhtml[data-theme='dark'] {{ {block(DARK)} }}\n"


def write_color_variables(app, _error):
    """lib/colors.py is the only place where a color is written down."""
    if app.builder.format == "html":
        Path(app.outdir, "_static", "colors.css").write_text(color_variables())


def png_size(path):
    """Width and height in pixels of the page, from a PNG's own header and its dots an inch (96 if it has none)."""
    data = Path(path).read_bytes()
    wide, high = struct.unpack(">II", data[16:24])
    at = data.find(b"pHYs", 0, 4096)
    dots = struct.unpack(">I", data[at + 4 : at + 8])[0] * 0.0254 if at > 0 else 96
    return round(wide * 96 / dots), round(high * 96 / dots)


def reserve_room(app, _page, _template, context, _doctree):
    """Give every PNG the size it was drawn at: it shows sharp, and the text below does not jump when it arrives.

    Sphinx writes no size where none is asked for; may go when MyST-NB hands on the size in an output's metadata.
    """

    def sized(match):
        path = Path(app.outdir, "_images", match[1])
        if "width=" in match[0] or not path.exists():
            return match[0]
        wide, high = png_size(path)
        return match[0].replace("<img", f'<img width="{wide}" height="{high}"', 1)

    if "body" in context:
        context["body"] = re.sub(r'<img[^>]*src="[^"]*_images/([^"/]+\.png)"[^>]*>', sized, context["body"])


def mend_citations(_app, _page, _template, context, _doctree):
    """Entries of a list are list items: docutils gives them a role that ARIA has withdrawn."""
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app):
    """Called by the extension's setup."""
    app.config.templates_path.append(str(TEMPLATES))
    app.connect("config-inited", lambda _app, config: config.templates_path.insert(0, str(TEMPLATES)))
    app.add_css_file("colors.css")
    app.connect("html-page-context", reserve_room)
    app.connect("html-page-context", mend_citations)
    app.connect("build-finished", write_color_variables)
