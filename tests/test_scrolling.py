"""What is wider than its place scrolls inside itself, says so at its edge, and can be scrolled by the keyboard."""

import contextlib

import pages as bench
import pytest
from playwright.sync_api import TimeoutError

BOXES = ".pst-scrollable-table-container, .math > .scrolls, .highlight > pre"
# Of each box that is seen: how much it hides, where it says that more is, and how it can be reached and is named.
SEEN = f"[...document.querySelectorAll('{BOXES}')].filter((b) => b.checkVisibility({{ contentVisibilityAuto: true }}))"
LOOK = f"""{SEEN}.map((box) => {{
  const style = getComputedStyle(box), hidden = box.scrollWidth - box.clientWidth;
  return {{ kind: box.tagName, text: box.textContent.trim().slice(0, 40), hidden, more: box.dataset.more ?? null,
    tab: box.tabIndex, role: box.getAttribute('role'), name: box.getAttribute('aria-label'), shadow: style.boxShadow,
    scrolls: style.overflowX }};
}})"""


@pytest.fixture(scope="module")
def narrow(browser, site):
    """{page: what LOOK finds} on a phone."""
    with browser.new_context(viewport={"width": 360, "height": 800}) as context:
        page, found = context.new_page(), {}
        for name in bench.read_pages(site):
            page.goto((site / name).as_uri(), wait_until="load")
            page.evaluate(
                "document.querySelectorAll('details').forEach((fold) => { fold.open = true; })"
            )
            page.evaluate("document.fonts.ready.then(() => null)")
            with contextlib.suppress(TimeoutError):  # what lacks its hint is named below
                page.wait_for_function(
                    f"!{LOOK}.some((box) => box.hidden > 1 && !box.more)", timeout=3000
                )
            found[name] = page.evaluate(LOOK)
    return found


def test_on_a_phone_everything_that_hides_something_says_so(narrow):
    boxes = [(name, box) for name, found in narrow.items() for box in found]
    over = [(name, box) for name, box in boxes if box["hidden"] > 1]
    for name, box in over:
        where = f"{name}: {box['kind']} {box['text']}"
        assert box["more"] == "right" and box["tab"] == 0 and box["scrolls"] == "auto", where
        assert box["role"] == "group" and box["name"].endswith(", scrolls sideways"), where
        assert box["shadow"].count("inset") == 2, where
    kinds = {"PRE": 0, "DIV": 0}
    for _, box in over:
        kinds[box["kind"]] += 1
    assert min(kinds.values()) > 5


def test_what_is_whole_says_nothing(narrow):
    whole = [box for found in narrow.values() for box in found if box["hidden"] <= 0]
    assert len(whole) > 50
    for box in whole:
        assert box["more"] is box["role"] is box["name"] is None and box["shadow"] == "none"


@pytest.fixture
def table(browser, site, narrow):
    """A page with a table that scrolls."""
    name = next(
        name
        for name, found in narrow.items()
        if any(b["kind"] == "DIV" and b["more"] for b in found)
    )
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto((site / name).as_uri(), wait_until="load")
    page.locator("[data-more]:not(pre)").first.wait_for()
    yield page
    page.close()


def test_the_shadow_leaves_an_edge_where_nothing_more_is_hidden(table):
    box = table.locator("[data-more]:not(pre)").first
    box.focus()
    for to, more in ((5, "left right"), (9999, "left"), (0, "right")):
        box.evaluate("(box, to) => { box.scrollLeft = to; }", to)
        table.wait_for_function("(more) => document.activeElement.dataset.more === more", arg=more)
        left, right = (
            box.evaluate("(b, side) => getComputedStyle(b).getPropertyValue(`--${side}`)", side)
            for side in ("left", "right")
        )
        assert (left == "1", right == "1") == ("left" in more, "right" in more)


def test_the_keyboard_scrolls_it(table):
    box = table.locator("[data-more]:not(pre)").first
    box.focus()
    for _ in range(3):
        table.keyboard.press("ArrowRight")
    table.wait_for_function("document.activeElement.scrollLeft > 10")


def test_where_colors_are_the_readers_own_the_edge_is_a_line(table):
    table.emulate_media(forced_colors="active")
    box = table.locator("[data-more='right']:not(pre)").first
    left, right, style = box.evaluate(
        "(b) => ['borderLeftColor', 'borderRightColor', 'borderRightStyle'].map((k) => getComputedStyle(b)[k])"
    )
    ground = table.evaluate("getComputedStyle(document.body).backgroundColor")
    assert style == "dotted" and right != left == ground


def test_when_there_is_room_again_the_hint_is_gone(table):
    assert table.locator("[data-more]").count() > 0
    table.set_viewport_size({"width": 1600, "height": 900})
    table.wait_for_function(
        f"![...document.querySelectorAll('{BOXES}')].some((b) => b.scrollWidth <= b.clientWidth && 'more' in b.dataset)"
    )
