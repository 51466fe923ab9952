"""What the pages weigh, and that nothing was cut away that they show."""

import base64
import io
import re
from pathlib import Path

import pages as bench
import pydata_sphinx_theme
import pytest
import sphinx_book_theme
import weigh
from fontTools.ttLib import TTFont

from lib.site import lean


@pytest.fixture(scope="module")
def sheet(site):
    return (site / "_static" / "book.css").read_text(encoding="utf8")


@pytest.fixture(scope="module")
def address(site):
    with bench.served(site) as address:
        yield address


def test_every_page_is_light(browser, site, address):
    heavy = {}
    for name in bench.read_pages(site):
        kinds, sums = weigh.weigh(browser, address, site, name)
        assert kinds["HTML"] > 5 and kinds["styles"] > 50 and kinds["fonts"] > 10, name
        heavy[name] = weigh.past(sums)
    assert len(heavy) >= 14 and {name: over for name, over in heavy.items() if over} == {}


def test_the_scale_counts_what_is_asked_for(browser, tmp_path):
    (tmp_path / "a.html").write_text(
        "<main></main><script src=a.js></script><img src=a.svg>", encoding="utf-8"
    )
    (tmp_path / "a.js").write_text("/" * 1_300_000, encoding="utf-8")
    (tmp_path / "a.svg").write_text(f"<svg><!--{'a' * 800_000}--></svg>", encoding="utf-8")
    with bench.served(tmp_path) as address:
        _, sums = weigh.weigh(browser, address, tmp_path, "a.html")
    assert set(weigh.past(sums)) == {"page", "whole"} and sums["gzip"] < 20


def test_nothing_that_no_page_asks_for_is_left(site):
    left = [path.name for path in (site / "_static").rglob("*") if path.suffix in (".map", ".ttf")]
    sheets = {path.name for path in site.rglob("*.css")}
    assert left == [] and sheets == {"book.css", "page.css", "print.css"}
    assert not (site / "_static" / "scripts" / "fontawesome.js").exists()


THEMES = [
    next(Path(package.__file__).parent.rglob(f"styles/{name}.css"))
    for package, name in [
        (pydata_sphinx_theme, "pydata-sphinx-theme"),
        (sphinx_book_theme, "sphinx-book-theme"),
    ]
]
# How many selectors of the sheet `whole` match something on the page, and which of them the sheet `cut` lacks.
LACKING = """([whole, cut]) => {
  const states = /:{1,2}(hover|focus|focus-visible|active|before|after|marker|checked|disabled|visited)\\b/g;
  const split = (text) => text.split(/,(?![^(]*\\))/).map((part) => part.trim());
  const gather = (rules) => [...rules].flatMap((rule) =>
    [...(rule.selectorText ? split(rule.selectorText) : []), ...(rule.cssRules ? gather(rule.cssRules) : [])]);
  const read = (text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return new Set(gather(sheet.cssRules));
  };
  const kept = read(cut), all = read(whole);
  const matches = (s) => { try { return document.querySelector(s.replace(states, "")); } catch { return false; } };
  const used = [...all].filter(matches);
  return [used.length, used.filter((s) => !kept.has(s))];
}"""


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("theme", THEMES, ids=lambda path: path.stem)
def test_no_rule_that_matches_was_cut(browser, site, address, sheet, theme, width):
    whole = theme.read_text(encoding="utf8")
    for name in [*bench.read_pages(site), "search.html?q=forget+gate"]:
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{address}/{name}", wait_until="networkidle")
        used, lacking = page.evaluate(LACKING, [whole, sheet])
        page.close()
        assert used > 30 and lacking == [], name


ICONS = """[...document.querySelectorAll(".fas, .far, .fab, .fa-solid, .fa-regular, .fa-brands")]
  .map((icon) => [icon.className, getComputedStyle(icon, "::before").content])"""


def test_every_icon_is_in_the_cut_font(browser, site, address, sheet):
    fonts = [
        base64.b64decode(data) for data in re.findall(r"data:font/woff;base64,([^)]+)\)", sheet)
    ]
    letters = set().union(*(TTFont(io.BytesIO(font)).getBestCmap() or {} for font in fonts))
    assert fonts and sum(map(len, fonts)) < 12_000
    shown = set()
    for name in bench.read_pages(site):
        page = browser.new_page()
        page.goto(f"{address}/{name}", wait_until="networkidle")
        shown.update(map(tuple, page.evaluate(ICONS)))
        page.close()
    missing = [icon for icon in shown if len(icon[1]) != 3 or ord(icon[1][1]) not in letters]
    assert len(shown) >= 5 and missing == []


@pytest.mark.parametrize(
    "rule, kept",
    [
        (".a .b{color: red}", True),
        (".a .gone{color: red}", False),
        (".a:not(.gone){color: red}", True),
        ("#gone a{color: red}", False),
        ('a[href="#gone"]{color: red}', True),
        (".bs-tooltip-auto{color: red}", True),
        (r".a\:b{color: red}", False),
        ("@media print {\n.gone{color: red}\n}", False),
        ("@media print {\n.a{color: red}\n}", True),
        ("/*! license */", True),
        ("/* remark */", False),
    ],
)
def test_a_rule_stays_if_its_names_are_in_use(rule, kept):
    assert lean.cut(rule, {"a", "b"}).strip() == (rule if kept else "")


def test_only_the_selectors_in_use_stay():
    assert lean.cut(".gone, .a:is(.b, .c){color: red}", {"a"}) == ".a:is(.b, .c){color: red}\n"
