"""Cells that only check are folded to a line: by key, by name, by link, on paper, and what the tag refuses."""

import io
import re
from itertools import groupby

import nbformat
import outputs
import pdf
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from lib.site.checks import line_of

CHECK = "assert 1 + 1 == 2\nfor n in range(3):\n    assert n < 3"
CLAIM = dict(name="sums", told="Sums are even.", status="shown", found="They are.")
TAGGED = [
    (path.relative_to(outputs.ROOT).with_suffix(".html").as_posix(), cell)
    for path in outputs.notebooks()
    for cell in nbformat.read(path, as_version=4).cells
    if "check" in cell.metadata.get("tags", [])
]
PAGE = "chapters/02_lstm_gates.html"
FOLDED = "details.check"
OPEN = f"[...document.querySelectorAll('{FOLDED}')].map((fold) => fold.open)"
# Its source is seen: not only there, but with a height and not skipped by the browser.
SEEN = f"""[...document.querySelectorAll('{FOLDED} pre')]
  .map((pre) => pre.checkVisibility({{ contentVisibilityAuto: true }}) && pre.offsetHeight > 0)"""

VISIBLE = """(all) => all.map((node) => node.checkVisibility({ visibilityProperty: true }) &&
  node.offsetWidth > 0 && node.offsetHeight > 0)"""


def build(folder, *cells):
    """(what was said, the page) of a book of one notebook with these cells."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Adding"), *cells])
    notebook.metadata["language_info"] = outputs.LANGUAGE
    nbformat.write(notebook, folder / "index.ipynb")
    options = {"extensions": ["myst_nb", "lib.site"], "nb_execution_mode": "off"}
    said, out = io.StringIO(), folder / "out"
    with docutils_namespace():
        Sphinx(folder, None, out, out, "html", options, None, said).build()
    return said.getvalue(), (out / "index.html").read_text(encoding="utf-8")


def cell(source, kind="code", **metadata):
    return getattr(nbformat.v4, f"new_{kind}_cell")(source, metadata=metadata)


def test_a_tagged_cell_is_a_disclosure_that_counts_its_assertions(tmp_path):
    one = cell("assert True", tags=["check"])
    said, page = build(tmp_path, cell(CHECK, tags=["check"]), cell("x = 1"), one)
    assert said == ""
    assert page.count('<details class="check">') == page.count("</details>") == 2
    assert '<summary><span aria-hidden="true">✓ </span>2 checks</summary>' in page
    assert "</span>1 check</summary>" in page


def test_tagged_cells_that_follow_each_other_are_one_disclosure(tmp_path):
    two, one, again, last = (
        cell(code, tags=["check"]) for code in (CHECK, "assert 1", CHECK, "assert 1")
    )
    between = cell("Between them.", "markdown")
    said, page = build(tmp_path, two, one, again, between, last)
    assert said == "" and page.count('<details class="check">') == page.count("</details>") == 2
    assert "</span>5 checks</summary>" in page and "</span>1 check</summary>" in page
    assert page.index("5 checks") < page.index("Between them.") < page.index("1 check<")
    first = page[page.index("<details") : page.index("</details>")]
    assert first.count("cell_input") == 3


@pytest.mark.parametrize(
    "wrong, why",
    [
        (cell("x = 1", tags=["check"]), "asserts nothing"),
        (cell("# assert True", tags=["check"]), "asserts nothing"),
        (cell("'''\nassert True\n'''", tags=["check"]), "asserts nothing"),
        (cell("%matplotlib inline\nassert True", tags=["check"]), "asserts nothing"),
        (cell("Two.", "markdown", tags=["check"]), "a markdown cell"),
        (cell("Two.", "raw", tags=["other", "check"]), "a raw cell"),
    ],
)
def test_a_tag_on_a_cell_that_checks_nothing_is_a_warning_with_its_place(tmp_path, wrong, why):
    said, page = build(tmp_path, cell("x = 0"), wrong)
    assert "index.ipynb: WARNING: cell 2, tag check" in said and why in said
    assert said.count("WARNING") == 1


def test_every_tagged_cell_of_the_book_is_folded_on_its_page(site):
    """Those that stand together under one line."""
    assert len(TAGGED) > 30
    for path in outputs.notebooks():
        cells = nbformat.read(path, as_version=4).cells
        runs = groupby(cells, key=lambda one: "check" in one.metadata.get("tags", []))
        lines = [line_of([one.source for one in run]) for tagged, run in runs if tagged]
        page = site / path.relative_to(outputs.ROOT).with_suffix(".html")
        shown = r'<details class="check"><summary><span[^>]*>✓ </span>([^<]+)</summary>'
        assert re.findall(shown, page.read_text(encoding="utf-8")) == lines, path.name


@pytest.fixture
def page(browser, site):
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/{PAGE}", wait_until="load")
    yield page
    page.close()


def test_a_check_opens_by_key_and_says_what_it_is(page):
    line = page.locator(f"{FOLDED} > summary").first
    assert not any(page.evaluate(OPEN)) and not any(page.evaluate(SEEN))
    line.focus()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    names = page.locator(FOLDED).first.aria_snapshot()
    assert re.search(r"\d+ (checks|sentences checked)", names) and "✓" not in names
    page.keyboard.press("Enter")
    assert page.evaluate(OPEN)[0] and page.evaluate(SEEN)[0]
    page.keyboard.press("Space")
    assert not page.evaluate(OPEN)[0]
    for _ in range(40):  # by Tab alone
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('details.check > summary')"):
            break
    else:
        pytest.fail("Tab leads to no other check")


def code_at(page, target):
    """The code that an address leads to: in it, or after it where a cell has more addresses than one."""
    return page.locator(f"#{target}").locator("xpath=(descendant::pre | following::pre)[1]")


def linked(name):
    return [
        cell.metadata.claims[0]["name"]
        for page, cell in TAGGED
        if page == name and "claims" in cell.metadata
    ]


@pytest.mark.parametrize("scripts", [True, False])
def test_a_link_into_a_check_unfolds_it_and_leads_there(browser, site, scripts):
    target = f"claim-{linked(PAGE)[-1]}"
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.goto(f"{site.as_uri()}/{PAGE}#{target}", wait_until="load")
        code = code_at(page, target)
        assert code.is_visible()
        assert 0 <= code.bounding_box()["y"] < page.viewport_size["height"]
        assert page.locator(f"{FOLDED}[open]").count() == 1 or not scripts


def test_the_page_of_claims_leads_into_each_folded_check(browser, site):
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/appendix/claims.html", wait_until="load")
    ways = page.locator("a[href*='#claim-']").evaluate_all("ways => ways.map((way) => way.href)")
    folded = {
        f"{name}#claim-{claim.name}"
        for name, cell in TAGGED
        for claim in cell.metadata.get("claims", [])
    }
    leading = [way for way in ways if way.split("/html/")[-1] in folded]
    assert len(leading) == len(folded) > 15
    for way in leading[::4]:
        page.goto(way, wait_until="load")
        fold = page.locator(FOLDED, has=page.locator(f"[id='{way.split('#')[1]}']"))
        fold.locator("pre").first.wait_for(timeout=5000)  # is seen
    page.close()


def test_a_link_that_is_followed_again_unfolds_again(page):
    target = f"claim-{linked(PAGE)[0]}"
    page.evaluate(
        "(to) => document.querySelector('article').insertAdjacentHTML('afterbegin', `<a id=again href='#${to}'>x</a>`)",
        target,
    )
    for _ in range(2):
        page.locator("#again").click()
        page.wait_for_function(
            "(to) => document.getElementById(to).closest('details').open", arg=target
        )
        assert code_at(page, target).is_visible()
        page.locator(f"details:has(#{target}) > summary").click()
        assert not code_at(page, target).is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_on_paper_every_check_is_open_and_its_line_gone(browser, site, scripts):
    with browser.new_context(java_script_enabled=scripts) as context:
        page = context.new_page()
        page.set_viewport_size({"width": pdf.TEXT_WIDTH, "height": 900})
        page.goto(f"{site.as_uri()}/{PAGE}", wait_until="load")
        page.emulate_media(media="print")
        codes, lines = (
            page.locator(f"{FOLDED} {which}").evaluate_all(VISIBLE)
            for which in ("pre", "> summary")
        )
        assert len(codes) >= len(lines) > 5
        assert all(codes) and not any(lines)
        if scripts:
            page.emulate_media(media="screen")
            page.wait_for_function(f"!{OPEN}.some((open) => open)")
