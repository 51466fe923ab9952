"""The pages under other hosts and for other readers: storage denied, no MathML, a copy, a translation, old caches."""

import re
import zlib
from html.parser import HTMLParser

import pages as bench
import pytest
import tinycss2

from lib.site import finish
from lib.site.lean import NESTED

CHAPTER = "chapters/02_lstm_gates.html"


@pytest.fixture
def page(browser):
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        yield context.new_page()


def written_pages(site):
    return [(name, site / name) for name in bench.read_pages(site)]


# Storage: a browser may refuse it, have none, or have no room left.

EACH = "for (const name of ['localStorage', 'sessionStorage']) "
REFUSED = {
    "denied": EACH + "Object.defineProperty(window, name,"
    " { get() { throw new DOMException('denied', 'SecurityError'); } })",
    "absent": EACH + "Object.defineProperty(window, name, { value: null, configurable: true })",
    "full": "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }",
    "unreadable": EACH
    + "Object.defineProperty(window, name, { configurable: true, value: new Proxy({},"
    " { get() { throw new DOMException('denied', 'SecurityError'); } }) })",
}


def works(page):
    """Press what a reader presses: light and dark, a folded solution, the sidebar, a slider, Ctrl+K and a search."""
    theme = "document.documentElement.dataset.theme"
    button, seen = page.locator("button.theme-switch-button").first, []
    for _ in range(3):
        button.click()
        seen.append(page.evaluate(theme))
    assert seen == ["dark", "light", "light"]  # dark, light, as the system has it
    solution = page.locator(".admonition.solution.toggle").first
    inside = solution.locator(":scope > :not(.admonition-title)").first
    assert not inside.is_visible()
    solution.locator(".toggle-button").click()
    assert inside.is_visible()
    slider = page.locator('.live-view input[type="range"]').first
    equation = page.locator(".live-view .live-equation").first
    before = equation.inner_text()
    slider.press("Home")
    assert equation.inner_text() != before
    page.locator("button.primary-toggle").first.click()
    page.locator("body").press("Control+k")
    field = page.locator("dialog[open] input[type='search']")
    field.fill("forget gate")
    field.press("Enter")
    page.wait_for_selector("#search-results li a")


def throws(page):
    found = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.mark.parametrize("how", REFUSED)
@pytest.mark.parametrize("from_folder", [False, True])
def test_a_page_works_where_storage_is_refused(page, served, site, how, from_folder):
    page.add_init_script(REFUSED[how])
    found = throws(page)
    page.goto(f"{site.as_uri() if from_folder else served}/{CHAPTER}", wait_until="networkidle")
    works(page)
    assert found == []


def test_a_page_works_in_a_frame_of_nowhere(page, served):
    """Sandboxed: no storage, no origin of its own, no leave to send forms."""
    found = throws(page)
    page.goto(f"{served}/appendix/claims.html")
    page.set_content(
        f'<iframe sandbox="allow-scripts" width=1280 height=800 src="{served}/{CHAPTER}"></iframe>'
    )
    frame = page.frames[1]
    frame.wait_for_selector(".copy-latex", state="attached")
    frame.wait_for_load_state("networkidle")
    assert frame.evaluate("(() => { try { return self.origin } catch { return '' } })()") == "null"
    works(frame)
    assert found == []


def test_a_page_works_when_storage_is_full_later(page, served):
    page.goto(f"{served}/{CHAPTER}", wait_until="networkidle")
    page.evaluate("""() => { for (let size = 2 ** 22; size >= 1; size /= 2) for (let k = 0; k < 3; k++)
      try { Reflect.set(localStorage, `f${size}${k}`, "x".repeat(size)); } catch {} }""")
    works(page)


def test_what_is_stored_stays_stored(page, served):
    page.goto(f"{served}/{CHAPTER}", wait_until="networkidle")
    page.locator("button.theme-switch-button").first.click()
    page.goto(f"{served}/appendix/claims.html")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("localStorage instanceof Storage && localStorage.length") == 2


# Addresses: a browser that keeps a file must not use the old one with a new page.

ASSET = r'<(?:script|link)\b[^>]*? (?:src|href)="([^":#]+\.(?:js|css))(?:\?v=(\w+))?"'
FONT = r"""url\(["']?([\w/.-]+\.\w+)(?:\?v=(\w+))?"""


def unstamped(path, pattern):
    """What the file asks for without the checksum of what is there."""
    asked = re.findall(pattern, path.read_text(encoding="utf8"))
    return asked, [
        name
        for name, mark in asked
        if mark != f"{zlib.crc32((path.parent / name).read_bytes()):08x}"
    ]


def test_every_script_and_sheet_has_its_checksum_in_its_address(site):
    for name, path in written_pages(site):
        asked, wrong = unstamped(path, ASSET)
        assert len(asked) > 10 and wrong == [], name
    fonts = 0
    for sheet in site.rglob("*.css"):
        asked, wrong = unstamped(sheet, FONT)
        assert wrong == [], sheet.name
        fonts += len(asked)
    assert fonts >= 4


def test_a_changed_script_has_another_address(tmp_path):
    page, script = tmp_path / "page.html", tmp_path / "a.js"
    page.write_text(
        '<script defer src="a.js?digest=1"></script> <img alt="" src="https://b.example/a.js">',
        encoding="utf-8",
    )
    seen = set()
    for text in ("one", "two", "one"):
        script.write_text(text, encoding="utf-8")
        finish.rewrite(page, lambda text, path: finish.stamped(text, path, finish.ASKED))
        seen.add(page.read_text(encoding="utf-8"))
    assert len(seen) == 2 and all('https://b.example/a.js"' in text for text in seen)


def test_the_folder_is_published_as_it_is(site):
    assert (site / ".nojekyll").is_file()  # else GitHub Pages leaves out _static


# Style: what older browsers do not take.


def declarations(rules):
    """(selector, {property: value}) of every rule, also within @media and the like, as far as Safari reads them."""
    for rule in rules:
        if rule.type == "qualified-rule":
            inside = tinycss2.parse_declaration_list(rule.content)
            said = [d for d in inside if d.type == "declaration"]
            values = {d.name: tinycss2.serialize(d.value).strip() for d in said}
            yield tinycss2.serialize(rule.prelude), values
        elif rule.type == "at-rule" and rule.content and rule.lower_at_keyword in NESTED:
            if "forced-colors" not in tinycss2.serialize(rule.prelude):
                yield from declarations(tinycss2.parse_rule_list(rule.content))


def test_a_line_under_words_is_said_part_by_part(site):
    """Safari before 26.2 drops `text-decoration: underline dotted`; the parts, or the prefix, it takes."""
    dropped, lines = [], 0
    for sheet in [*site.rglob("*.css"), bench.SITE.parent.parent / "lib/live/explorer.css"]:
        for selector, said in declarations(
            tinycss2.parse_stylesheet(sheet.read_text(encoding="utf8"))
        ):
            lines += "text-decoration" in said
            if len(said.get("text-decoration", "").removesuffix("!important").split()) > 1:
                if "-webkit-text-decoration" not in said:
                    dropped.append((sheet.name, selector))
    assert dropped == [] and lines > 5


# Translations.

VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}


class Marks(HTMLParser):
    """What stays the same in every language and stands outside of translate="no"."""

    def __init__(self, text):
        super().__init__()
        self.open, self.found, self.seen = [], [], 0
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        told = dict(attributes)
        kept = told.get("translate") == "no" or bool(self.open and self.open[-1][1])
        names = (told.get("class") or "").split()
        same = tag in ("math", "code", "pre", "kbd", "samp", "var") or told.get("lang") == "ko"
        if same or "sig" in names or any(re.fullmatch(r"gate-\w", name) for name in names):
            self.seen += 1
            if not kept:
                self.found.append((tag, attributes))
        if tag not in VOID:
            self.open.append((tag, kept))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass


def test_a_translation_leaves_symbols_and_code_alone(site):
    seen = 0
    for name, path in written_pages(site):
        marks = Marks(path.read_text(encoding="utf8"))
        assert marks.found == [], name
        seen += marks.seen
    assert seen > 2000


# Equations that can be copied, and read where they are not drawn.

COPIED = "navigator.clipboard.readText()"


@pytest.fixture(scope="module")
def copying(browser, served):
    """A page with equations whose clipboard may be read."""
    with browser.new_context(viewport={"width": 1280, "height": 800}) as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(f"{served}/{CHAPTER}", wait_until="networkidle")
        page.wait_for_selector(".copy-latex", state="attached")
        yield page


@pytest.fixture
def equations(copying):
    """The same with nothing selected, focused or copied yet."""
    copying.evaluate("getSelection().removeAllRanges(); document.activeElement.blur()")
    copying.evaluate("navigator.clipboard.writeText('')")
    return copying


def latex(page, which):
    return page.locator(f"{which} annotation").first.text_content()


def test_every_equation_carries_its_latex(site):
    number = 0
    for name, path in written_pages(site):
        text = path.read_text(encoding="utf8")
        whole = re.findall(
            r'<math[^>]*><semantics>.*?<annotation encoding="application/x-tex">[^<]+</annotation></semantics></math>',
            text,
            re.S,
        )
        assert len(whole) == text.count("<math"), name
        number += len(whole)
    assert number > 1000


def test_a_copied_sentence_holds_the_latex_of_its_equations(equations):
    sentence = equations.locator("article section > p:has(math msub)").first
    sentence.evaluate("p => getSelection().selectAllChildren(p)")
    equations.keyboard.press("Control+c")
    copied = equations.evaluate(COPIED)
    wanted = [f"${tex}$" for tex in sentence.locator("annotation").all_text_contents()]
    assert wanted and re.findall(r"\$[^$]+\$", copied) == wanted
    words = sentence.evaluate(
        "p => { p = p.cloneNode(true); p.querySelectorAll('math').forEach((m) => m.remove()); return p.textContent }"
    )
    assert re.sub(r"\s+", "", re.sub(r"\$[^$]+\$", "", copied)) == re.sub(r"\s+", "", words)


def test_half_an_equation_is_copied_whole(equations):
    where = "article div.math math"
    letter = equations.locator(f"{where} mi").first
    letter.evaluate("a => getSelection().setBaseAndExtent(a.firstChild, 0, a.firstChild, 1)")
    equations.keyboard.press("Control+c")
    assert equations.evaluate(COPIED).strip() == f"$$\n{latex(equations, where)}\n$$"


def test_a_whole_chapter_is_copied_with_nothing_that_is_hidden(equations):
    equations.evaluate("getSelection().selectAllChildren(document.querySelector('article'))")
    equations.keyboard.press("Control+c")
    copied = equations.evaluate(COPIED)
    assert copied.count("$$") == 2 * equations.locator("article div.math:visible").count() > 0
    assert "model_id" not in copied and "Copy LaTeX" not in copied
    hidden = equations.locator(".toggle-hidden > p").first.text_content()
    assert hidden[:40] not in copied
    assert equations.locator(".copied").count() == 0


def test_what_holds_no_equation_is_copied_as_ever(equations):
    equations.evaluate("getSelection().selectAllChildren(document.querySelector('article h1'))")
    equations.keyboard.press("Control+c")
    assert equations.evaluate(COPIED).startswith("2. LSTM gates")


def test_one_equation_is_copied_by_its_button_from_the_keyboard(equations):
    numbered = "div.math:has(.eqno)"
    button = equations.locator(f"{numbered} .copy-latex").first
    number = equations.locator(f"{numbered} .eqno").first.inner_text().rstrip("#¶")
    assert button.evaluate("b => b.textContent") == f"Copy LaTeX of equation {number}"
    assert button.evaluate("b => getComputedStyle(b).opacity") == "0"
    button.focus()
    assert button.evaluate("b => getComputedStyle(b).opacity") == "1"
    equations.keyboard.press("Enter")
    assert equations.evaluate(COPIED) == latex(equations, numbered)
    assert equations.get_by_role("status").filter(has_text="LaTeX copied").count() == 1
