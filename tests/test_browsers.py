"""The built pages in Firefox and WebKit: `make browsers`. What these may do otherwise than Chromium is asked."""

import io
from contextlib import ExitStack

import drivers
import numpy as np
import pages as bench
import pytest
from conftest import lacking
from PIL import Image

pytestmark = pytest.mark.browsers
CHAPTER = "chapters/02_lstm_gates.html"
PAGES = ["intro.html", CHAPTER]
STRICT = {"Content-Security-Policy": "default-src 'self'"}
NOWHERE = {"Content-Security-Policy": "sandbox allow-scripts"}  # no origin, so no storage either


class Reader:
    """A browser, and the site as it may be offered to it."""

    def __init__(self, name, page, site, keep):
        self.name, self.page, self.site, self.keep, self.bases = name, page, site, keep, {}

    def base(self, place, headers=None):
        """The site's address: from a folder ("file"), or from a server that is kept under its name."""
        if place == "file":
            return self.site.as_uri()
        if place not in self.bases:
            server = bench.served(self.site, below="/some/where", headers=headers)
            self.bases[place] = self.keep.enter_context(server)
        return self.bases[place]

    def visit(self, place, name, headers=None):
        self.page.visit(f"{self.base(place, headers)}/{name}")
        return self.page


@pytest.fixture(scope="module", params=["firefox", "webkit"])
def reader(request, site, tmp_path_factory):
    name = request.param
    if sentence := drivers.missing(name):
        lacking(sentence)
    if name == "webkit":
        copy = tmp_path_factory.mktemp("webkit") / "html"
        drivers.overheard(site, copy)
        site = copy
    with ExitStack() as keep:
        yield Reader(name, keep.enter_context(drivers.driven(name)), site, keep)


def firefox(**preferences):
    """A fixture: Firefox with preferences, their dots written as two underscores."""

    @pytest.fixture(scope="module")
    def fixture(site):
        if sentence := drivers.missing("firefox"):
            lacking(sentence)
        chosen = {name.replace("__", "."): value for name, value in preferences.items()}
        with ExitStack() as keep:
            page = keep.enter_context(drivers.driven("firefox", chosen))
            yield Reader("firefox", page, site, keep)

    return fixture


no_storage = firefox(network__cookie__cookieBehavior=2)
no_mathml = firefox(mathml__disabled=True)
own_colors = firefox(browser__display__document_color_use=2)
places = pytest.mark.parametrize("place", ["http", "file"])
each_page = pytest.mark.parametrize("name", PAGES)


# What a reader does.

SLIDERS = "() => document.querySelectorAll('.live-view input[type=range]').length"
TO_SLIDER = """(place) => {
  const slider = document.querySelectorAll('.live-view input[type=range]')[place];
  slider.scrollIntoView({ block: 'center', behavior: 'instant' });
  slider.focus({ preventScroll: true });
  return slider.value === slider.max ? 'Home' : 'End';
}"""
EQUATION = """(place) => document.querySelectorAll('.live-view input[type=range]')[place]
  .closest('.live-view').querySelector('.live-equation').textContent"""


def sliders_live(page):
    """Move each slider by keyboard to its end; its equation says something else."""
    page.until(f"() => ({SLIDERS})() && document.querySelectorAll('.live-stands').length")
    number, dead = page.ask(SLIDERS), []
    for place in range(number):
        key, before = page.ask(TO_SLIDER, place), page.ask(EQUATION, place)
        page.press(key)
        if page.ask(EQUATION, place) == before:
            dead.append(place)
    assert number >= 3 and dead == []


def theme_works(page):
    look = "() => [document.documentElement.dataset.mode, getComputedStyle(document.body).backgroundColor]"
    looks = []
    for _ in range(3):
        page.click(".theme-switch-button")
        looks.append(tuple(page.ask(look)))
    modes = dict(looks)
    assert modes.keys() == {"auto", "light", "dark"} and modes["light"] != modes["dark"]


# They come one by one.
FOUND = "(least) => document.querySelectorAll('#search-results li a').length >= least"


def search_works(page, reader, place):
    """From the keyboard on a page, and on the page of the search itself."""
    page.press("Control", "k")
    page.until("() => document.activeElement.matches('dialog[open] input[type=search]')")
    page.type("forget gate")
    page.press("Enter")
    page.until(FOUND, 4)
    assert page.ask("() => location.search") == "?q=forget+gate"
    reader.visit(place, "search.html?q=half-life")
    page.until(FOUND, 1)


# In both browsers.


@places
@each_page
def test_every_slider_moves_its_equation(reader, place, name):
    sliders_live(reader.visit(place, name))


# The number of the first cell with this text; what it says beside its button; its output.
CELL = """(text) => [...document.querySelectorAll('article div.cell > .cell_input > .run-bar')]
  .findIndex((bar) => bar.parentElement.textContent.includes(text))"""
SAID = "(place) => document.querySelectorAll('.run-said')[place].textContent"
STANDS = "(place) => document.querySelectorAll('.run-said')[place].textContent.startsWith('done')"
YOURS = """(place) => document.querySelectorAll('.run-said')[place].closest('div.cell')
  .querySelector('.run-output .run-out')?.textContent"""
UNFOLD = "() => { for (const check of document.querySelectorAll('details')) check.open = true; }"


@places
def test_a_cell_runs_in_the_page(reader, place, page_python):
    page = reader.visit(place, "intro.html")
    page.until("() => document.querySelectorAll('.run-button').length")
    page.ask(UNFOLD)
    number = page.ask(CELL, "a bias of 1 makes the forget gate")
    page.click(".run-bar > .run-button:first-child", number)
    for _ in range(5):  # an interpreter on a busy machine takes its time
        try:
            page.until(STANDS, number)
            break
        except AssertionError:
            assert "Python could" not in page.ask(SAID, number)
    assert "✓ half of the memory is gone after 2.2 steps" in page.ask(YOURS, number)


# Each view's presets, the number of those that can be pressed, and the state that the page shows.
VIEWS = "() => document.querySelectorAll('.live-view').length"
STATE = """(place) => {
  const view = document.querySelectorAll('.live-view')[place];
  return JSON.stringify([[...view.querySelectorAll('input')].map((field) => field.value),
    view.querySelector('.live-equation').textContent, view.querySelector('.live-sentence')?.textContent]);
}"""
BUTTONS = """(place) => {
  const all = [...document.querySelectorAll('.live-view button')];
  const own = [...document.querySelectorAll('.live-view')[place].querySelectorAll('button')];
  const number = (button) => all.indexOf(button);
  const reset = own.find((b) => b.matches('.live-reset'));
  return [own.filter((b) => b.hasAttribute('aria-pressed')).map(number), number(reset)];
}"""
PRESSED = (
    "(place) => document.querySelectorAll('.live-view button')[place].getAttribute('aria-pressed')"
)


@places
@each_page
def test_presets_and_reset_work(reader, place, name):
    page = reader.visit(place, name)
    page.until(f"() => document.querySelectorAll('.live-stands').length === ({VIEWS})()")
    pressed = 0
    for view in range(page.ask(VIEWS)):
        presets, reset = page.ask(BUTTONS, view)
        first, states = page.ask(STATE, view), set()
        for preset in presets:
            page.click(".live-view button", preset)
            assert page.ask(PRESSED, preset) == "true"
            states.add(page.ask(STATE, view))
            pressed += 1
        assert len(states) > 1 or len(presets) < 2
        page.click(".live-view button", reset)
        assert page.ask(STATE, view) == first
    assert pressed >= 3


# The links to terms that show no line, or one that cannot be seen; and how many there are.
TERMS = """() => {
  const terms = [...document.querySelectorAll('article a')].filter((link) => link.querySelector(':scope > .std-term'));
  const ground = getComputedStyle(document.body).backgroundColor;
  const unseen = terms.filter((link) => {
    const style = getComputedStyle(link);
    const read = (name) => style[name] ?? style['webkit' + name[0].toUpperCase() + name.slice(1)];
    return !/underline/.test(read('textDecorationLine')) || read('textDecorationStyle') !== 'dotted' ||
      [ground, 'rgba(0, 0, 0, 0)'].includes(read('textDecorationColor')) || style.color === ground;
  });
  return [terms.length, unseen.map((link) => link.textContent)];
}"""
LINKS = """() => {
  const text = getComputedStyle(document.querySelector('article p')).color;
  const links = [...document.querySelectorAll('article p > a.reference:not(:has(.std-term, .xref-doc))')];
  return [links.length, links.filter((link) => getComputedStyle(link).color === text &&
    !/underline/.test(getComputedStyle(link).textDecorationLine)).map((link) => link.textContent)];
}"""


@each_page
def test_links_are_seen_to_be_links(reader, name):
    page = reader.visit("http", name)
    number, unseen = page.ask(TERMS)
    assert number > 0 and unseen == []
    assert page.ask(LINKS)[1] == []


@places
@each_page
def test_the_theme_and_the_search_work_and_the_console_is_quiet(reader, place, name):
    page = reader.visit(place, name)
    theme_works(page)
    page.ask("() => scrollTo(0, document.body.scrollHeight)")
    assert page.said() == []
    search_works(page, reader, place)
    assert page.said() == []


@each_page
def test_without_an_origin_a_page_works(reader, name):
    page = reader.visit("nowhere", name, NOWHERE)
    assert page.ask("() => self.origin") == "null"
    sliders_live(page)
    theme_works(page)
    search_works(page, reader, "nowhere")


@each_page
def test_under_a_strict_policy_every_explorer_lives(reader, name):
    page = reader.visit("strict", name, STRICT)
    sliders_live(page)
    theme_works(page)
    assert (
        page.ask(
            "() => [...document.querySelectorAll('.live-still')].filter((s) => s.offsetWidth).length"
        )
        == 0
    )


# In Firefox alone, by its reader's settings.


@places
@each_page
def test_with_storage_denied_search_and_theme_work(no_storage, place, name):
    page = no_storage.visit(place, name)
    assert (
        page.ask("() => localStorage instanceof Storage") is False
    )  # the page's own, in its stead
    theme_works(page)
    search_works(page, no_storage, place)


@each_page
def test_without_mathml_a_notice_and_the_latex_stand(no_mathml, name):
    page = no_mathml.visit("http", name)
    page.until("() => document.querySelector('.notice')?.offsetHeight > 10")
    shown, drawn = page.ask("""() => {
      const seen = (node) => node.getClientRects().length > 0;
      const all = [...document.querySelectorAll('article section > p math')].filter(seen);
      const latex = (math) =>
        seen(math.querySelector('annotation')) && !seen(math.querySelector('semantics').firstChild);
      return [all.filter(latex).length, all.length];
    }""")
    assert shown == drawn > 3


def test_in_a_readers_own_colors_a_slider_and_a_pressed_preset_are_told(own_colors):
    page = own_colors.visit("http", CHAPTER)
    assert page.ask("() => matchMedia('(forced-colors: active)').matches")
    page.until(SLIDERS)
    looks = []
    for key in ("Home", "End"):
        page.ask(TO_SLIDER, 0)
        page.press(key)
        page.ask("() => document.activeElement.blur()")
        looks.append(pixels(page, ".live-view input[type=range]"))
        ground, middle = looks[-1][0, 0], looks[-1][looks[-1].shape[0] // 2 - 6 :][:13]
        assert (np.abs(middle - ground).max(axis=0) > 60).mean() > 0.95  # the track
    handle = np.abs(looks[0] - looks[1]).max(axis=0) > 60
    assert handle[:20].any() and handle[-20:].any()
    first, second = (f".live-view .live-bar button[aria-pressed]:nth-of-type({k})" for k in (1, 2))
    page.click(first)
    page.ask("() => document.activeElement.blur()")
    paint = "(b) => { const s = getComputedStyle(document.querySelector(b));"
    paint += " return [s.backgroundColor, s.textDecorationLine]; }"
    pressed, free = page.ask(paint, first), page.ask(paint, second)
    assert pressed[0] != free[0] and pressed[1] != free[1]


def pixels(page, selector):
    return np.asarray(Image.open(io.BytesIO(page.picture(selector))).convert("L"), int)
