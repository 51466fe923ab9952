"""The built pages: nothing from other hosts, nothing on the console, nothing out of order."""

import importlib
import inspect
import io
import re
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

import nbformat
import outputs
import pytest
from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from visits import LOOKS, PARTS, shut_out

from lib.colors import COLORS, DARK

LOADS = {"script": "src", "link": "href", "img": "src", "source": "srcset", "iframe": "src"}


class Page(HTMLParser):
    """One page, taken apart: its tags, and which of them stand in the article."""

    def __init__(self, path):
        super().__init__()
        self.tags, self.article, self.title = [], [], ""
        self.inside = {"article": 0, "title": 0, "body": 0}  # a drawing may have a title too
        self.feed(path.read_text(encoding="utf8"))

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if self.inside["article"] > 0:
            self.article.append(self.tags[-1])
        if tag in self.inside:
            self.inside[tag] += 1

    def handle_endtag(self, tag):
        if tag in self.inside:
            self.inside[tag] -= 1

    def handle_data(self, data):
        if self.inside["title"] > 0 and not self.inside["body"]:
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


def test_every_link_within_the_book_leads_somewhere(site, pages):
    names = {
        name: {a[key] for _, a in page.tags for key in ("id", "name") if a.get(key)}
        for name, page in pages.items()
    }
    lost = []
    for name, page in pages.items():
        for tag, attributes in page.tags:
            address = urlsplit(attributes.get("href") or "") if tag in ("a", "link") else None
            if not address or address.scheme or address.netloc:
                continue
            path = normpath(join(dirname(name), unquote(address.path))) if address.path else name
            anchor = unquote(address.fragment)
            if not (site / path).is_file() or anchor and anchor not in names.get(path, ()):
                lost.append((name, attributes["href"]))
    assert lost == []


def test_every_page_has_a_title_and_a_language(pages, read_pages):
    assert "intro.html" in read_pages and len(read_pages) >= 14
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


def test_a_mark_stays_with_its_equation(site):
    together, number = r'(?<!with-mark">)(?<!with-mark">[(“])', 0
    equation = r'<span class="math"[^>]*><math(?:(?!</math>).)*</math></span>[,.;:!?)”]'
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(together + equation, text, re.S), path.name
        number += text.count('class="with-mark"')
    assert number > 100


def test_a_pages_code_is_the_notebooks_with_elements_around_colors_alone(site):
    number = 0
    for path in outputs.notebooks():
        name = path.relative_to(outputs.ROOT).with_suffix(".html")
        page = BeautifulSoup((site / name).read_text(encoding="utf8"), "html.parser")
        shown = [code.get_text().strip("\n") for code in page.select(".cell_input pre")]
        code = [
            cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"
        ]
        read = [cell.source for cell in code if "remove-cell" not in cell.metadata.get("tags", [])]
        assert shown == read, name
        assert not page.select("pre :is(.n, .nn, .p, .w)"), name
        number += len(shown)
    assert number > 200


@pytest.mark.parametrize(
    "latex, complaint",
    [(r"a + \foo", "Unknown command"), (r"\begin{align} a \end{align}", "aligned")],
)
def test_an_equation_that_cannot_be_read_is_named_with_its_place(tmp_path, latex, complaint):
    (tmp_path / "index.rst").write_text(
        f"Title\n=====\n\nA line.\n\n.. math:: {latex}\n", encoding="utf-8"
    )
    said = io.StringIO()
    options = {"extensions": ["lib.site"]}
    out = tmp_path / "out"
    with docutils_namespace():  # a second book in one process is no reason to warn
        Sphinx(tmp_path, None, out, out, "html", options, None, said).build()
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
    sheet = (site / "_static" / "book.css").read_text(encoding="utf8")
    rules = re.findall(r"([^{}]+)\{([^{}]*--gate-f: [^{}]*)\}", sheet)
    read = {head.strip(): dict(re.findall(r"--gate-(\w+): (#\w+)", body)) for head, body in rules}
    assert read == {":root": COLORS, 'html[data-theme="dark"]': DARK}


@pytest.mark.parametrize(
    "module",
    [
        *(
            "rnn",
            "lstm",
            "gru",
            "initial",
            "readout",
            "losses",
            "optim",
            "tasks",
            "train",
            "gradients",
        ),
        *("frameworks", "live", "judge", "checked", "plots", "laboratory", "intervals"),
    ],
)
def test_the_reference_holds_every_public_function(site, module):
    module = importlib.import_module(f"lib.{module}")
    own = [name for name, thing in vars(module).items() if belongs(thing, module)]
    constants = set(re.findall(r"^([A-Z]\w*) = ", inspect.getsource(module), re.M))
    page = (site / "appendix" / "reference.html").read_text(encoding="utf8")
    named = getattr(module, "__all__", own)
    for name in (name for name in named if callable(getattr(module, name)) or name in constants):
        assert f'id="{module.__name__}.{name}"' in page, name


def belongs(thing, module):
    return callable(thing) and getattr(thing, "__module__", None) == module.__name__


# What a browser makes of them, in the one visit of each look.


def found(seen, look, fact):
    """{name of a page: what was seen there}, where there is something."""
    return {name: page[fact] for name, page in seen(look).items() if page[fact]}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_quiet_and_stay_at_home(seen, look):
    assert found(seen, look, "wrong") == {}


@pytest.mark.parametrize("look", LOOKS)
def test_pages_are_open_to_all(seen, look):
    assert found(seen, look, "barred") == {}


@pytest.mark.parametrize("look", LOOKS)
def test_no_page_is_wider_than_the_window(seen, look):
    width = LOOKS[look].width
    assert {name: has for name, has in found(seen, look, "width").items() if has > width} == {}


@pytest.mark.parametrize("look", ["wide-light"])
def test_no_page_is_wider_than_a_window_that_changes(seen, look):
    wide = [
        (name, width, has)
        for name, page in seen(look).items()
        for width, has in page["widths"].items()
        if has > width
    ]
    assert wide == []


@pytest.mark.parametrize("look", ["wide-light"])
def test_pictures_are_sharp_on_dense_screens(seen, look):
    assert found(seen, look, "coarse") == {}


@pytest.mark.parametrize("look", ["wide-light"])
def test_every_equation_is_in_the_accessibility_tree(seen, look):
    for name, wanted in found(seen, look, "math").items():
        heard = seen(look)[name]["heard"]
        assert heard["shown"] >= wanted and heard["heard"] >= wanted, name
        assert heard["parts"] == PARTS, name


@pytest.mark.parametrize("look", ["wide-light"])
def test_the_keyboard_reaches_everything_in_order(seen, look):
    assert found(seen, look, "stops") == {}


@pytest.mark.parametrize("look", LOOKS)
def test_equations_are_set_in_the_books_own_font(seen, look):
    pages = [page for page in seen(look).values() if page["math"]]
    assert pages and all({"STIX Two Math", "STIX Two Text"} <= set(page["fonts"]) for page in pages)


# What has a page of its own.


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("button", ["primary-toggle", "secondary-toggle", "search-button"])
def test_what_opens_over_a_page_is_open_to_all(browser, served, scheme, button):
    screen = {"width": 360, "height": 800}
    with browser.new_context(viewport=screen, color_scheme=scheme) as context:
        page = context.new_page()
        page.goto(f"{served}/chapters/02_lstm_gates.html")
        page.locator(f"button.{button}:visible").first.click()
        page.wait_for_selector("dialog[open]")
        page.wait_for_timeout(400)  # until it has slid in
        assert shut_out(page) == []
        page.keyboard.press("Escape")
        page.wait_for_selector("dialog[open]", state="detached")


def test_the_first_stop_leads_past_the_sidebar(browser, served):
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{served}/chapters/01_rnn_recap.html")
    page.keyboard.press("Tab")
    page.wait_for_timeout(500)  # until it has slid in
    skip = page.locator(":focus")
    assert skip.inner_text() == "Skip to main content" and skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.close()


def test_search_finds_the_forget_gate_from_a_folder(browser, site):
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/search.html?q=forget+gate")
    page.wait_for_selector("#search-results li a")
    hits = page.locator("#search-results li a").all_inner_texts()
    page.close()
    assert hits
