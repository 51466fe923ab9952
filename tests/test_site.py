"""The built pages: nothing from other hosts, nothing on the console, nothing out of order."""

import importlib
import io
import re
import threading
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_core_python.sync_playwright import Axe
from sphinx.application import Sphinx

from lib.colors import COLORS, DARK

LOADS = {"script": "src", "link": "href", "img": "src", "source": "srcset", "iframe": "src"}


class Page(HTMLParser):
    """One page, taken apart: its tags, and which of them stand in the article."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.article, self.title = [], [], ""
        self.inside = {"article": 0, "title": 0}
        self.feed(path.read_text(encoding="utf8"))

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if self.inside["article"]:
            self.article.append(self.tags[-1])
        if tag in self.inside:
            self.inside[tag] += 1

    def handle_endtag(self, tag):
        if tag in self.inside:
            self.inside[tag] -= 1

    def handle_data(self, data):
        if self.inside["title"]:
            self.title += data.strip()


@pytest.fixture(scope="session")
def pages(site):
    """Every page by its name; what lies in _static are the theme's templates."""
    paths = {str(path.relative_to(site)): path for path in sorted(site.rglob("*.html"))}
    return {name: Page(path) for name, path in paths.items() if not name.startswith("_static")}


@pytest.fixture(scope="session")
def read_pages(pages):
    """The pages that a reader sees: not the bare redirect to the front page."""
    return {name: page for name, page in pages.items() if page.article}


@pytest.fixture(scope="session")
def served(site):
    """The address under which a plain static server offers the folder, below a path of its own."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def translate_path(self, path):
            return super().translate_path(path.removeprefix("/some/where"))

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/some/where"
    server.shutdown()
    server.server_close()


# What stands in the files.


def test_no_page_loads_from_another_host(site, pages):
    strangers = [
        (name, tag, attributes[LOADS[tag]])
        for name, page in pages.items()
        for tag, attributes in page.tags
        if re.match(r"(\w+:)?//", attributes.get(LOADS.get(tag), "") or "")
    ]
    for sheet in site.rglob("*.css"):
        urls = re.findall(r"url\(\s*['\"]?((?:\w+:)?//[^)]*)", sheet.read_text(encoding="utf8"))
        strangers += [(sheet.name, "url", url) for url in urls]
    assert strangers == []


def test_every_page_has_a_title_and_a_language(pages, read_pages):
    assert "intro.html" in read_pages
    assert [name for name, page in read_pages.items() if not page.title] == []
    languages = {name: dict(page.tags)["html"].get("lang") for name, page in read_pages.items()}
    assert set(languages.values()) == {"en"}, languages


def test_every_picture_says_what_is_there(read_pages):
    silent = [
        (name, picture)
        for name, page in read_pages.items()
        for tag, picture in page.article
        if tag == "img" and not re.search(r"\w+ \w+", picture.get("alt") or "")
    ]
    assert silent == []


def test_headings_are_in_order(read_pages):
    for name, page in read_pages.items():
        levels = [int(tag[1]) for tag, _ in page.article if re.fullmatch("h[1-6]", tag)]
        steps = [deeper - level for level, deeper in zip(levels, levels[1:], strict=False)]
        assert levels[:1] == [1] and levels.count(1) == 1, f"{name}: {levels}"
        assert max(steps, default=0) <= 1, f"{name} leaves out a level: {levels}"


def test_every_equation_is_mathml(site):
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf8")
        assert len(re.findall(r'<(?:span|div) class="math', text)) == text.count("<math"), path.name


@pytest.mark.parametrize(
    "latex, complaint",
    [(r"a + \foo", "Unknown command"), (r"\begin{align} a \end{align}", "aligned")],
)
def test_an_equation_that_cannot_be_read_is_named_with_its_place(tmp_path, latex, complaint):
    (tmp_path / "index.rst").write_text(f"Title\n=====\n\nA line.\n\n.. math:: {latex}\n")
    said = io.StringIO()
    options = {"extensions": ["lib.site"]}
    app = Sphinx(tmp_path, None, tmp_path / "out", tmp_path / "out", "html", options, None, said)
    app.build()
    assert "index.rst:6" in said.getvalue() and complaint in said.getvalue()


def test_the_fonts_come_with_their_license(site):
    fonts = site / "_static" / "fonts"
    assert list(fonts.glob("*.woff2"))
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text(encoding="utf8")


def brightness(color):
    """Relative luminance of a hex color, as WCAG defines it."""
    parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    light = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2]


@pytest.mark.parametrize("colors, ground", [(COLORS, "#ffffff"), (DARK, "#121212")])
def test_every_gates_color_can_be_read_as_text(colors, ground):
    for letter, color in colors.items():
        darker, lighter = sorted([brightness(color), brightness(ground)])
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, letter


def test_the_page_has_the_colors_of_the_figures(site):
    sheet = (site / "_static" / "colors.css").read_text(encoding="utf8")
    light, dark = sheet.splitlines()
    assert dict(re.findall(r"--gate-(\w+): (#\w+)", light)) == COLORS
    assert dict(re.findall(r"--gate-(\w+): (#\w+)", dark)) == DARK


@pytest.mark.parametrize(
    "module", ["initial", "readout", "losses", "optim", "tasks", "train", "gradients", "frameworks"]
)
def test_the_reference_holds_every_public_function(site, module):
    module = importlib.import_module(f"lib.{module}")
    own = [name for name, thing in vars(module).items() if belongs(thing, module)]
    page = (site / "appendix" / "reference.html").read_text(encoding="utf8")
    for name in getattr(module, "__all__", own):
        assert f'id="{module.__name__}.{name}"' in page, name


def belongs(thing, module):
    return callable(thing) and getattr(thing, "__module__", None) == module.__name__


# What a browser makes of them.


def visit(browser, base, names, width=1280, scheme="light"):
    """Open every page and gather, by name, what it asked of others, complained of, threw, and whom it shuts out."""
    found = {}
    screen = {"width": width, "height": 800}
    with browser.new_context(viewport=screen, color_scheme=scheme) as context:
        for name in names:
            page, found[name] = context.new_page(), []
            listen(page, base, found[name].append)
            page.goto(f"{base}/{name}", wait_until="networkidle")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found[name].append(f"is {wide} pixels wide at {width}")
            for rule in Axe().run(page)["violations"]:
                found[name].append([rule["id"], *(node["html"][:120] for node in rule["nodes"])])
            page.close()
    return {name: wrong for name, wrong in found.items() if wrong}


def listen(page, base, tell):
    """Tell of everything that a quiet page does not do; requests to other hosts are stopped."""

    def heard(message):
        if message.type in ("error", "warning"):
            tell(f"said {message.text}")

    def stop(route):
        tell(f"asked {route.request.url}")
        route.abort()

    page.on("console", heard)
    page.on("pageerror", lambda error: tell(f"threw {error}"))
    page.on("requestfailed", lambda request: tell(f"did not get {request.url}"))
    page.route(lambda url: not url.startswith((base, "data:", "blob:")), stop)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_from_a_server_are_quiet_and_open_to_all(browser, served, read_pages, width, scheme):
    assert visit(browser, served, read_pages, width, scheme) == {}


def test_pages_from_a_folder_are_quiet_and_open_to_all(browser, site, read_pages):
    assert visit(browser, site.as_uri(), read_pages) == {}


def test_equations_are_set_in_the_books_own_font(browser, served, read_pages):
    name = next(n for n, page in read_pages.items() if any(tag == "math" for tag, _ in page.tags))
    page = browser.new_page()
    page.goto(f"{served}/{name}", wait_until="networkidle")
    loaded = "[...document.fonts].filter(f => f.status == 'loaded').map(f => f.family)"
    families = {family.strip('"') for family in page.evaluate(loaded)}
    page.close()
    assert {"STIX Two Math", "STIX Two Text"} <= families


def test_search_finds_the_forget_gate_from_a_folder(browser, site):
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/search.html?q=forget+gate")
    page.wait_for_selector("#search-results li a")
    hits = page.locator("#search-results li a").all_inner_texts()
    page.close()
    assert hits
