"""One style sheet for the whole site, cut to what its pages use, and nothing beside it that no page asks for.

The theme and the extensions bring a dozen style sheets for whatever a site might hold, half a megabyte, and a font of
1,400 icons; this book uses a quarter of the one and thirty of the other. A rule stays if every class and id of its
selector stands on some page or in some script; an icon stays if a rule that is left shows it.
"""

import base64
import io
import re
from pathlib import Path

import tinycss2
from fontTools import subset, ttLib

BOOK = "_static/book.css"
# The theme asks for these two outside of Sphinx's list (templates/static/webpack-macros.html).
THEMES = ["_static/basic.css", "_static/styles/pydata-sphinx-theme.css"]
ON_SOME_PAGES = "/live/"  # these stay sheets of their own, as does one for paper
ICONS = "_static/vendor/fontawesome/webfonts"
UNASKED = (
    "_static/**/*.map",
    "_static/scripts/fontawesome.js",  # draws every icon a second time
    "_static/styles/theme.css",  # imports basic.css
    f"{ICONS}/*",  # inside the book's sheet now
)
COMPOSED = ("bs-", "kind-", "live-", "gate-")  # scripts put together classes that begin so
NESTED = ("media", "supports", "layer", "container")
LINE = r"(?<![-\w])text-decoration:[^;}]*\w\s+\w[^;}]*"  # which Safari before 26.2 takes with a prefix alone
ICON_FONT = (
    r'src:url\([^)]*\) format\("woff2"\),url\([^)]*/(?P<file>\S+\.ttf)\) format\("truetype"\)'
)


def ask_for_one(app, _page, _template, context, _doctree):
    """The page asks for the book's sheet in place of those that every page shares."""
    if app.config.html_theme != "sphinx_book_theme":
        return
    own = [
        sheet
        for sheet in context["css_files"]
        if ON_SOME_PAGES in sheet.filename or "media" in sheet.attributes
    ]
    app.shared_sheets = [sheet.filename for sheet in context["css_files"] if sheet not in own]
    context["css_files"] = [BOOK, *own]


def lighten(app, error):
    """Join the sheets once all pages are written, cut the whole, and delete what is no longer asked for."""
    site, shared = Path(app.outdir), getattr(app, "shared_sheets", None)
    if error or not shared:
        return  # the build has failed, or no page was written
    sheets = [site / name for name in [*THEMES, *shared]]
    whole = "".join(sheet.read_text(encoding="utf8") for sheet in sheets)
    book = hold_icons(cut(whole, names_in_use(site)), site / ICONS)
    (site / BOOK).write_text(book, encoding="utf8", newline="\n")
    for path in [*sheets, *(path for pattern in UNASKED for path in site.glob(pattern))]:
        path.unlink()


def names_in_use(site):
    """Every class and id of the pages, and every word of the scripts, which may set them."""
    names = set()
    for page in pages(site):
        text = page.read_text(encoding="utf8")
        for value in re.findall(r'\b(?:class|id)="([^"]*)"', text):
            names.update(value.split())
        names.update(*map(words, re.findall(r"<script[^>]*>(.*?)</script>", text, re.S)))
    for script in site.rglob("*.js"):
        if script.name not in ("searchindex.js", "fontawesome.js"):
            names.update(words(script.read_text(encoding="utf8")))
    return names


def pages(site):
    return [path for path in site.rglob("*.html") if path.relative_to(site).parts[0] != "_static"]


def words(script):
    return re.findall(r"[\w-]+", script)


def cut(sheet, names):
    """The style sheet without the selectors that can match nothing, its license comments kept."""
    return "".join(cut_rules(tinycss2.parse_stylesheet(sheet, skip_whitespace=True), names))


def cut_rules(rules, names):
    for rule in rules:
        if rule.type == "qualified-rule":
            wanted = [one for one in selectors(rule.prelude) if may_match(one, names)]
            if wanted:
                said = re.sub(
                    LINE, r"-webkit-\g<0>;\g<0>", tinycss2.serialize(rule.content).strip()
                )
                yield f"{','.join(wanted)}{{{said}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTED and rule.content:
            inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            if kept := "".join(cut_rules(inner, names)):
                head = tinycss2.serialize(rule.prelude).strip()
                yield f"@{rule.at_keyword} {head} {{\n{kept}}}\n"
        elif rule.type != "comment" or rule.value.startswith("!"):
            yield rule.serialize() + "\n"


def selectors(prelude):
    """The parts of `a, b:is(c, d)` between its own commas."""
    parts = [[]]
    for token in prelude:
        if token == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def may_match(selector, names):
    """Whether its classes and ids are in use; in brackets, as in :not(.a) and [href="#b"], anything may stand."""
    outside = re.sub(r"\([^()]*\)|\[[^]]*\]", "", selector)
    if outside != selector:
        return may_match(outside, names)
    needed = [name.replace("\\", "") for name in re.findall(r"[.#]((?:[\w-]|\\.)+)", selector)]
    return all(name in names or name.startswith(COMPOSED) for name in needed)


def hold_icons(sheet, folder):
    """The style sheet with the icon fonts inside, cut to the icons that it shows, so that none is fetched or late."""
    icons = {ord(letter) for letter in re.findall("[\\ue000-\\uf8ff]", sheet)}

    def inside(fonts):
        font, written = ttLib.TTFont(folder / fonts["file"], recalcTimestamp=False), io.BytesIO()
        cutter = subset.Subsetter()
        cutter.populate(unicodes=icons)
        cutter.subset(font)
        font.flavor = "woff"
        font.save(written)
        data = base64.b64encode(written.getvalue()).decode()
        name = f"fonts/{Path(fonts['file']).stem}.woff"  # for a host whose policy refuses data
        file = folder.parents[2] / name
        file.parent.mkdir(exist_ok=True)  # a book without fonts of its own has no such folder yet
        file.write_bytes(written.getvalue())
        return f'src:url(data:font/woff;base64,{data}) format("woff"),url({name}) format("woff")'

    return re.sub(ICON_FONT, inside, sheet)


def setup(app):
    """Called by the extension's setup."""
    app.connect("html-page-context", ask_for_one, priority=950)  # after lib.live
    app.connect("build-finished", lighten, priority=900)  # after all that write style sheets
