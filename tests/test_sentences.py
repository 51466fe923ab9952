"""What cells have said is marked in the text and leads to them; a switch tints it, and what is kept is kept."""

import nbformat
import outputs
import prose
import pytest
from test_checks import build, cell

PAGE = "intro.html"
POINT = (  # a picture of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
TINT = "getComputedStyle(document.querySelector('.said')).backgroundColor"


def says(*lines, **metadata):
    """A cell that has said these sentences."""
    made = cell("\n".join(f"says({line!r}, holds=True)" for line in lines), **metadata)
    printed = "".join(f"✓ {line}\n" for line in lines)
    made.outputs = [nbformat.v4.new_output("stream", name="stdout", text=printed)]
    return made


def text(source):
    return cell(source, "markdown")


def test_what_a_cell_has_said_is_marked_and_leads_to_the_cell(tmp_path):
    prose = text("Most say five. But half is gone after {math}`6.6` *steps*, as one sees.")
    said, page = build(tmp_path, prose, says("half is gone after 6.6 steps", tags=["check"]))
    assert said == ""
    marked = page.split('<span class="said">')[1].split("</span>, as one sees.")
    assert marked[0].startswith("half is gone after ") and marked[0].endswith("<em>steps</em>")
    assert page.count('class="said"') == page.count("checked by a cell") == 1
    assert 'href="#says-2"' in page and page.count('id="says-2"') == 1
    assert "Most say five. But <span" in page
    assert "1 sentence checked</summary>" in page


def test_a_folded_cell_tells_how_much_it_says_and_checks(tmp_path):
    mixed = says("it is so", tags=["check"])
    mixed.source += "\nassert True"
    prose = text("It is so, and two are left; three went.")
    more = says("two are left", "three went", tags=["check"])
    said, page = build(tmp_path, prose, mixed, text("And then."), more)
    assert said == "" and "2 checks</summary>" in page and "2 sentences checked</summary>" in page


def test_only_a_whole_clause_is_marked_and_a_sentence_once(tmp_path):
    prose = text("It weighs 1.2 kg.\n\nIt weighs 11.2 kg.\n\nIt weighs 1.2 kg.")
    _, page = build(tmp_path, prose, says("it weighs 1.2 kg", "1.2 kg"))
    assert page.count('class="said"') == 2 and page.count('href="#says-2"') == 2


def test_what_another_section_repeats_is_marked_there_and_leads_to_the_first(tmp_path):
    second = text("## In short\n\nHalf is gone.\n\nNothing else.")
    _, page = build(tmp_path, text("Half is gone."), says("half is gone"), second)
    assert page.count('class="said"') == 2 and page.count('href="#says-2"') == 2


def test_a_caption_is_marked_and_an_output_is_not(tmp_path):
    figure = cell("x", mystnb={"figure": {"caption": "Half is gone.", "name": "fig"}})
    figure.outputs = [nbformat.v4.new_output("display_data", {"image/png": POINT})]
    _, page = build(tmp_path, text("A picture."), figure, says("half is gone"))
    assert '<span class="caption-text"><span class="said">Half is gone</span>.' in page
    assert page.count('class="said"') == 1 and "✓ half is gone" in page


def test_a_page_on_which_nothing_is_said_has_neither_marks_nor_a_switch(tmp_path):
    _, page = build(tmp_path, text("Half is gone."), cell("assert True", tags=["check"]))
    assert "said" not in page and "checked-switch" not in page


@pytest.fixture(params=["http", "file"])
def page(request, browser, site, served):
    address = {"http": served, "file": site.as_uri()}[request.param]
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{address}/{PAGE}", wait_until="load")
        yield page


def test_what_a_page_says_in_its_text_is_marked_there(site):
    """In paragraphs and captions; an alternative text has no place on the page, a table's rows have cells."""
    for path in outputs.notebooks():
        units = [
            (section, unit)
            for section in prose.sections(prose.read(path))
            for unit in section.units
            if unit.kind in ("text", "caption")
        ]
        said = [span for section, unit in units for span in prose.clauses(unit, section)]
        name = path.relative_to(outputs.ROOT).with_suffix(".html")
        shown = (site / name).read_text(encoding="utf-8").count('class="said"')
        assert 0.9 * len(said) <= shown <= 1.1 * len(said), (name, len(said), shown)


def test_the_switch_tints_what_is_checked_and_is_remembered(page):
    switch = page.locator("[data-press=checked]")
    assert switch.get_attribute("aria-pressed") == "false"
    plain = page.evaluate(TINT)
    switch.focus()
    page.keyboard.press("Enter")
    assert switch.get_attribute("aria-pressed") == "true" and page.evaluate(TINT) != plain
    page.reload(wait_until="load")
    assert switch.get_attribute("aria-pressed") == "true" and page.evaluate(TINT) != plain
    switch.click()
    page.reload(wait_until="load")
    assert switch.get_attribute("aria-pressed") == "false" and page.evaluate(TINT) == plain


def test_a_mark_unfolds_the_cell_that_says_it(page):
    way = page.locator("a.says").last
    target = way.evaluate("(way) => way.hash.slice(1)")
    assert "checked by a cell" in way.text_content()
    fold = page.locator(f"details:has([id='{target}'])")
    assert fold.get_attribute("open") is None
    way.click()
    page.wait_for_function(f"document.getElementById('{target}').closest('details').open")
    assert page.locator(f"[id='{target}'] pre").first.is_visible()


def test_a_sentence_with_quotes_is_marked_and_keeps_the_pages_own(tmp_path):
    _, page = build(
        tmp_path,
        text('The LSTM\'s *own* start is "usual".'),
        says('the LSTM\'s own start is "usual"'),
    )
    assert page.count('class="said"') == 1 and "The LSTM’s <em>own</em> start is “usual”" in page
