"""The built pages under hosts and readers of their own will: a strict policy, high contrast."""

import io
import re

import numpy as np
import pages as bench
import pytest
from bs4 import BeautifulSoup
from PIL import Image

CHAPTER = "chapters/02_lstm_gates.html"
STRICT = "default-src 'self'"


@pytest.fixture(scope="module")
def strict(browser, site):
    """A chapter from a host that allows what comes from its own files, and nothing else."""
    with bench.served(site, headers={"Content-Security-Policy": STRICT}) as address:
        page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
        page.errors = []
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.goto(f"{address}/{CHAPTER}")
        yield page
        page.close()


def test_nothing_on_a_page_depends_on_code_that_stands_in_it(site):
    for name in bench.read_pages(site):
        soup = BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")
        inline = [
            script
            for script in soup.select("script:not([src])")
            if script.get("type") in (None, "text/javascript", "module")
        ]
        assert [script.text for script in inline] == [], name
        handlers = [key for tag in soup.find_all(True) for key in tag.attrs if key.startswith("on")]
        assert handlers == [], name


def test_under_a_strict_policy_every_explorer_lives(strict):
    views = strict.locator(".live-view")
    assert views.count() == strict.locator(".live-stands").count() >= 5
    for view in views.all():
        assert not view.locator(".live-still img").is_visible()
        slider, equation = view.get_by_role("slider").first, view.locator(".live-equation")
        before = equation.text_content()
        slider.press("Home" if slider.input_value() == slider.get_attribute("max") else "End")
        assert equation.text_content() != before


def test_under_a_strict_policy_the_themes_own_controls_work(strict):
    mode = "document.documentElement.dataset.mode"
    before = strict.evaluate(mode)
    strict.locator(".theme-switch-button").first.click()
    assert strict.evaluate(mode) != before
    solution = strict.locator(".solution").first
    solution.locator(".toggle-button").click()
    assert "toggle-hidden" not in solution.get_attribute("class")
    assert strict.locator(".copybtn").count() > 20
    strict.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    strict.locator("[data-press=print]").evaluate("(node) => node.click()")
    assert strict.evaluate("window.printed") == 1
    strict.locator(".search-button").first.evaluate("(node) => node.click()")
    assert strict.locator("dialog[open] input[type=search]").is_visible()
    strict.keyboard.press("Escape")
    icons = "[...document.fonts].filter((font) => /Awesome/.test(font.family) && font.status === 'loaded').length"
    assert strict.evaluate(icons) > 0
    assert strict.errors == []


@pytest.fixture(scope="module", params=["light", "dark"])
def contrast(browser, site, request):
    """A chapter in the reader's own colors, on a light or a dark ground, whatever theme the page was left in."""
    page = browser.new_page(
        viewport={"width": 1280, "height": 900},
        forced_colors="active",
        color_scheme=request.param,
    )
    page.goto(f"{site.as_uri()}/{CHAPTER}")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    yield page
    page.close()


def pixels(locator):
    return np.asarray(Image.open(io.BytesIO(locator.screenshot())).convert("L"), int)


def test_in_high_contrast_a_slider_has_a_track_and_a_handle(contrast):
    slider = contrast.locator(".live-view").first.get_by_role("slider").first
    looks = []
    for end in ("Home", "End"):
        slider.press(end)
        slider.evaluate("(node) => node.blur()")
        look = pixels(slider)
        ground, middle = look[0, 0], look[look.shape[0] // 2 - 6 : look.shape[0] // 2 + 7]
        seen = np.abs(middle - ground).max(axis=0) > 60  # in each column something is painted
        assert seen.mean() > 0.95
        looks.append(look)
    handle = np.abs(looks[0] - looks[1]).max(axis=0) > 60
    assert handle[:20].any() and handle[-20:].any()


def test_in_high_contrast_a_pressed_button_is_told_from_the_others(contrast):
    view = contrast.locator(".live-view").first
    buttons = view.locator(".live-bar button[aria-pressed]")
    buttons.first.click()
    contrast.mouse.move(0, 0)
    buttons.first.evaluate("(node) => node.blur()")
    pressed, free = (buttons.nth(k).evaluate(PAINT) for k in (0, 1))
    assert pressed["ground"] != free["ground"] and pressed["line"] != free["line"]


PAINT = """(node) => {
  const style = getComputedStyle(node);
  return { ground: style.backgroundColor, line: style.textDecorationLine };
}"""


def test_in_high_contrast_a_drawing_stands_on_the_readers_ground(contrast):
    """The page's theme was left dark; the reader's colors decide."""
    drawing = contrast.locator(".live-view").first.locator(".live-picture svg").first
    look = pixels(drawing)
    ground = np.bincount(look.ravel()).argmax()
    canvas = contrast.evaluate(
        "() => { const n = document.createElement('p'); n.style.color = 'Canvas'; document.body.append(n);"
        " const c = getComputedStyle(n).color; n.remove(); return c; }"
    )
    assert abs(int(re.search(r"\d+", canvas)[0]) - ground) < 3
    assert (np.abs(look - ground) > 100).mean() > 0.01  # lines and letters stand out
