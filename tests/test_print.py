"""The book on paper: a page printed from the browser, and the whole book as one PDF."""

import re

import pdf
import pikepdf
import pytest
from fontTools.ttLib import TTFont

CHAPTER = "chapters/02_lstm_gates.html"
LIVE = ".live-view"
SEEN = """(what) => [...document.querySelectorAll(what)]
  .filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && e.offsetHeight !== 0)
  .length"""
DRAG = """(slider) => { slider.value = slider.max; slider.dispatchEvent(new Event("input", { bubbles: true })); }"""
# The article without what follows the width of what is seen: whether it can be scrolled, and the hint that it can.
HINTS = (
    r"""/ (tabindex="-?\d"|data-more="[^"]*"|role="group"|aria-label="[^"]*, scrolls sideways")/g"""
)
ARTICLE = f"document.querySelector('article').outerHTML.replaceAll({HINTS}, '')"


@pytest.fixture(scope="module")
def chapter(browser, site):
    """A dark chapter, a slider dragged and a solution opened, as the printer sees it; and what it was before."""
    page = browser.new_page(color_scheme="dark", viewport={"width": pdf.TEXT_WIDTH, "height": 900})
    page.goto(f"{site.as_uri()}/{CHAPTER}")
    page.locator(f'{LIVE} input[type="range"]').first.evaluate(DRAG)
    page.locator(".solution .toggle-button").first.click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    before = page.evaluate(ARTICLE)
    on_paper(page, True)
    yield page, before
    page.close()


def on_paper(page, on):
    """Show the print view or the screen's, and wait until the page's script has answered."""
    page.emulate_media(media="print" if on else "screen")
    theme = "light" if on else "dark"
    page.wait_for_function(f"document.documentElement.dataset.theme === '{theme}'")


def test_a_printed_page_is_light(chapter):
    page, _ = chapter
    style = "(e => [getComputedStyle(e).color, getComputedStyle(document.body).backgroundColor])"
    ink, paper = page.evaluate(f"{style}(document.querySelector('article p'))")
    assert max(map(int, re.findall(r"\d+", ink)[:3])) < 60
    assert paper == "rgb(255, 255, 255)"
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


def test_a_printed_page_is_the_article_alone(chapter):
    page, _ = chapter
    controls = "button, input, select, nav, aside, dialog, header, footer, .headerlink, .copybtn"
    assert page.evaluate(SEEN, controls) == 0
    assert page.evaluate(SEEN, "article h1") == 1
    assert page.evaluate("document.body.innerText").strip().startswith("2. LSTM gates")


def test_a_printed_explorer_is_its_picture_with_the_caption(chapter):
    page, _ = chapter
    views = page.locator(LIVE).count()
    assert views > 3
    assert page.evaluate(SEEN, f"{LIVE} .live-explorer, {LIVE} .live-box") == 0
    assert page.evaluate(SEEN, f"{LIVE} > .live-still img[alt]") == views
    assert page.evaluate(SEEN, f"figure:has({LIVE}) > figcaption") == views


def test_printed_solutions_stand_open_at_the_chapters_end(chapter):
    page, _ = chapter
    words = page.evaluate("document.querySelector('article').innerText")
    tasks, solutions = words.split("\nSolutions\n")
    closed = r"^Exercise (2\.\d+) \((?!Open)\w+\)$"  # an open one has no solution
    numbers = re.findall(closed, tasks, re.M)
    assert len(numbers) == 6 and "Solution to" not in tasks
    assert re.findall(r"^Solution to Exercise (2\.\d+) \(\w+\)$", solutions, re.M) == numbers
    for part in (".solution > *", ".solution .cell_input"):
        assert page.evaluate(SEEN, part) == page.locator(part).count() > 0


@pytest.mark.parametrize("look", ["folder"])
def test_nothing_printed_is_wider_than_the_paper(seen, look):
    wide = {name: page["printed"] for name, page in seen(look).items() if "search" not in name}
    assert max(wide.values()) <= pdf.TEXT_WIDTH, wide


def test_after_printing_the_page_is_as_before(chapter, tmp_path):
    page, before = chapter
    on_paper(page, False)
    assert page.evaluate(ARTICLE) == before
    page.pdf(path=tmp_path / "chapter.pdf", outline=True, tagged=True)
    assert page.evaluate(ARTICLE) == before
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    with pikepdf.open(tmp_path / "chapter.pdf") as printed, printed.open_outline() as outline:
        assert [entry.title for entry in outline.root[0].children][-1] == "Solutions"


def test_without_scripts_a_printed_solution_stands_open_in_its_place(browser, site):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{site.as_uri()}/{CHAPTER}")
        page.emulate_media(media="print")
        assert page.locator(".solution .cell_input").first.is_visible()
        assert page.locator(f"{LIVE} .live-still img").first.is_visible()


def test_the_korean_words_of_the_book_have_a_font_of_its_own(site):
    font = TTFont(site / "_static" / "fonts" / "nanum-myeongjo.woff")
    pages = [path.read_text(encoding="utf-8") for path in site.rglob("*.html")]
    written = set(re.findall("[\uac00-\ud7a3]", "".join(pages)))
    assert (
        written and {letter for letter in written if ord(letter) not in font.getBestCmap()} == set()
    )


# The whole book.


@pytest.fixture(scope="module")
def book(browser, site):
    """The PDF that `make pdf` makes, made now."""
    pdf.print_book(browser)
    with pikepdf.open(pdf.BOOK) as book:
        yield book


def entries(book):
    """The outline as [(title, [title of a section, ...]), ...]."""
    with book.open_outline() as outline:
        return [(entry.title, [part.title for part in entry.children]) for entry in outline.root]


def test_the_book_holds_every_page_of_the_site_in_order_with_its_sections(book):
    chapters = [article for _, part in pdf.read_parts() for article in part]
    told = entries(book)
    assert [title for title, _ in told] == ["Contents"] + [pdf.text(a.h1) for a in chapters]
    for article, (title, sections) in zip(chapters, told[1:], strict=True):
        solutions = ["Solutions"] if article.select(".solution") else []
        assert sections == [pdf.text(heading) for heading in article.find_all("h2")] + solutions, (
            title
        )
    assert sum("Solutions" in sections for _, sections in told) == 5


def test_every_link_of_the_book_leads_somewhere(book):
    source = pdf.WHOLE.read_text(
        encoding="utf-8"
    )  # of a link to nowhere the browser prints the text alone
    assert set(re.findall(r'href="#([^"]*)"', source)) <= set(re.findall(r' id="([^"]*)"', source))
    inside = [str(link.Dest) for link in links(book) if "/Dest" in link]
    outside = [str(link.A.URI) for link in links(book) if "/A" in link]
    assert set(inside) <= set(book.Root.Dests.keys()) and len(inside) > 300
    assert [address for address in outside if not re.match("https?://", address)] == []


def test_the_contents_name_the_page_on_which_each_section_stands(book):
    """Each line's number is read back from the page that was printed, and compared with where its link leads."""
    source = pdf.WHOLE.read_text(encoding="utf-8")
    lines = re.findall(
        r'<li class="\w+"><a href="#([^"]+)"><span>.*?</span><span>(\d+)</span>', source
    )
    assert len(lines) > 80
    assert {target: int(number) for target, number in lines}.items() <= pdf.page_numbers(
        pdf.BOOK
    ).items()


def links(book):
    return [
        link for page in book.pages for link in page.get("/Annots", []) if link.Subtype == "/Link"
    ]


def test_the_book_is_tagged_and_says_what_it_is(book):
    assert book.Root.MarkInfo.Marked and book.Root.Lang == "en"
    assert book.docinfo["/Title"] == pdf.CONFIG["title"]
    tags = [tag for tag in book.objects if isinstance(tag, pikepdf.Dictionary) and "/S" in tag]
    pictures = [str(tag.get("/Alt", "")) for tag in tags if tag.S == "/Figure"]
    assert len(pictures) > 30
    assert [words for words in pictures if not re.search(r"\w+ \w+", words)] == []


def test_the_books_fonts_come_with_it(book):
    fonts = {}
    for page in book.pages:
        for font in page.Resources.get("/Font", {}).values():
            if font.Subtype == "/Type3":  # drawn in the file itself
                continue
            described = font.DescendantFonts[0].FontDescriptor
            fonts[str(font.BaseFont)[8:]] = any("FontFile" in key for key in described.keys())
    assert {"STIXTwoText-Regular", "STIXTwoMath-Regular"} <= fonts.keys()
    assert all(fonts.values()), fonts


def test_no_page_of_the_book_is_empty_and_the_file_can_be_mailed(book):
    said = [len(re.findall(rb"\bT[jJ]\b", content(page))) for page in book.pages]
    assert [number for number, texts in enumerate(said, start=1) if texts < 4] == []
    assert pdf.BOOK.stat().st_size < 15e6


def content(page):
    page.contents_coalesce()
    return page.Contents.read_bytes()
