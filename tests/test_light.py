"""What the pages weigh, and that nothing was cut away that they show."""

import base64
import io
import re

import pages as bench
import pytest
import weigh
from fontTools.ttLib import TTFont
from visits import LOOKS

from lib.site import lean

SERVED = [look for look, (*_, place) in LOOKS.items() if place == "http"]


@pytest.fixture(scope="module")
def sheet(site):
    return (site / "_static" / "book.css").read_text(encoding="utf8")


@pytest.mark.parametrize("look", SERVED)
def test_every_page_is_light(seen, site, served, look):
    heavy = {}
    for name, page in seen(look).items():
        kinds, sums = weigh.sums(weigh.files(page["asked"], served, site))
        assert kinds["HTML"] > 5 and kinds["styles"] > 50 and kinds["fonts"] > 10, name
        heavy[name] = weigh.past(sums)
    assert {name: over for name, over in heavy.items() if over} == {}


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
    own = {name for name in sheets if re.fullmatch(r"[0-9a-f]{8}\.css", name)}  # of the explorers
    assert left == [] and len(own) == 1
    assert sheets - own == {"book.css", "page.css", "print.css", "forced.css"}
    assert not (site / "_static" / "scripts" / "fontawesome.js").exists()


@pytest.mark.parametrize("look", LOOKS)
def test_no_rule_that_matches_was_cut(seen, look):
    for name, page in seen(look).items():
        for used, lacking in page["lacking"]:
            assert used > 30 and lacking == [], name


@pytest.mark.parametrize("look", LOOKS)
def test_every_icon_is_in_the_cut_font(seen, sheet, look):
    fonts = [
        base64.b64decode(data) for data in re.findall(r"data:font/woff;base64,([^)]+)\)", sheet)
    ]
    letters = set().union(*(TTFont(io.BytesIO(font)).getBestCmap() or {} for font in fonts))
    assert fonts and sum(map(len, fonts)) < 12_000
    shown = {tuple(icon) for page in seen(look).values() for icon in page["icons"]}
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
