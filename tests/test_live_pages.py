"""The explorers on built pages, in a real browser: every slider, preset and answer, from a server and from disk.

A small book of our own is built here, with every explorer on one page; the last tests look at the book itself.
"""

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import numpy as np
import pytest
from axe_core_python.sync_playwright import Axe
from explorers import KINDS, made
from explorers import sliders as sliders_of

TESTS = Path(__file__).parent
CONF = """
extensions = ["myst_nb", "lib.live.sphinx"]
nb_ipywidgets_js, nb_execution_mode, nb_execution_raise_on_error = {}, "force", True
html_theme, html_theme_options = "basic", {"body_min_width": 0}
"""
PAGES = {
    "index": [f"made({kind!r})" for kind in KINDS],
    "twins": ["made('lstm_step', f=0.2)", "made('lstm_step', f=0.7)"],
}


def build(folder, pages, *options):
    """A Sphinx book of notebooks, each a list of cells; returns the finished process."""
    (folder / "conf.py").write_text(CONF)
    for name, cells in pages.items():
        notebook = nbformat.v4.new_notebook()
        words = f"# {name}" + "\n\n```{toctree}\n:hidden:\ntwins\n```" * (
            name == "index" and len(pages) > 1
        )
        notebook.cells = [nbformat.v4.new_markdown_cell(words)]
        notebook.cells += map(nbformat.v4.new_code_cell, ["from explorers import made", *cells])
        nbformat.write(notebook, folder / f"{name}.ipynb")
    command = [
        sys.executable,
        "-m",
        "sphinx",
        "-q",
        "-b",
        "html",
        *options,
        folder,
        folder / "html",
    ]
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}  # where the cells find `explorers`
    return subprocess.run(command, capture_output=True, text=True, env=environment)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    folder = tmp_path_factory.mktemp("book")
    done = build(folder, PAGES, "-W")
    assert done.returncode == 0, done.stderr
    (folder / "html" / "favicon.ico").touch()  # a browser asks for it
    return folder / "html"


@pytest.fixture(scope="module")
def served(book):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=book)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_page(browser):
    """open_page(address, **context options) -> page; its console must stay clean and its requests at home."""
    contexts, said, strangers = [], [], []

    def start(address, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        home = "file://" if address.startswith("file:") else address.rsplit("/", 1)[0]
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and said.append(message.text),
        )
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on(
            "request",
            lambda request: (
                request.url.startswith((home, "data:", "blob:")) or strangers.append(request.url)
            ),
        )
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()
    assert (said, strangers) == ([], [])


@pytest.fixture
def index(open_page, served):
    return open_page(f"{served}/index.html")


def explorer(page, kind, which=0):
    return page.locator(".live-view").nth(KINDS.index(kind) if which == 0 else which)


def state(view):
    """What a reader sees of an explorer: the sliders' numbers, the equation with them, and the drawing."""
    numbers = view.locator("output").all_inner_texts()
    return (
        numbers,
        view.locator(".live-equation").inner_html(),
        view.locator(".live-picture").inner_html(),
    )


def number(text):
    return float(text.replace("−", "-"))


def sliders(kind):
    return sliders_of(made(kind))


def plain(slider):
    return re.sub(r"<[^>]*>", "", slider.description)


# Every slider, by keyboard, mouse and touch.


@pytest.mark.parametrize("kind", KINDS)
def test_every_slider_is_found_by_its_name_and_moved_by_keyboard(index, kind):
    view = explorer(index, kind)
    for _, slider in sliders(kind):
        control = view.get_by_role("slider", name=plain(slider), exact=True)
        control.press("Home")
        low = state(view)
        assert number(control.get_attribute("aria-valuetext").split(" ")[0]) == slider.min
        for key in ("ArrowRight", "PageUp"):
            before = number(control.input_value())
            control.press(key)
            assert number(control.input_value()) > before
        control.press("End")
        high = state(view)
        assert number(control.input_value()) == slider.max
        assert all(a != b for a, b in zip(low, high, strict=True)), slider.description
        view.get_by_role("button", name="Reset").click()


@pytest.mark.parametrize("kind", KINDS)
def test_every_slider_is_dragged_with_the_mouse(index, kind):
    view = explorer(index, kind)
    for _, slider in sliders(kind):
        control = view.get_by_role("slider", name=plain(slider), exact=True)
        control.press("Home")
        before = state(view)
        control.scroll_into_view_if_needed()
        box = control.bounding_box()
        middle = box["y"] + box["height"] / 2
        index.mouse.move(box["x"] + 12, middle)
        index.mouse.down()
        index.mouse.move(box["x"] + box["width"] * 0.6, middle, steps=4)
        index.mouse.up()
        share = (number(control.input_value()) - slider.min) / (slider.max - slider.min)
        assert 0.5 <= share <= 0.7
        assert all(a != b for a, b in zip(before, state(view), strict=True)), slider.description


def test_a_slider_answers_to_touch(open_page, served):
    phone = {"width": 360, "height": 740}
    page = open_page(f"{served}/index.html", viewport=phone, has_touch=True, is_mobile=True)
    view = explorer(page, "lstm_step")
    control = view.get_by_role("slider", name="f forget gate")
    control.press("Home")
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert 0.4 < number(control.input_value()) < 0.6


@pytest.mark.parametrize("kind", KINDS)
def test_reset_restores_what_the_page_showed_first(index, kind):
    view = explorer(index, kind)
    first = state(view)
    for _, slider in sliders(kind):
        view.get_by_role("slider", name=plain(slider), exact=True).press("End")
    assert state(view) != first
    view.get_by_role("button", name="Reset").click()
    assert state(view) == first


@pytest.mark.parametrize("kind", KINDS)
def test_each_preset_is_reached_from_anywhere(index, kind):
    view = explorer(index, kind)
    presets = [
        button
        for button in view.locator(".live-bar").first.get_by_role("button").all()
        if button.inner_text() != "Reset"
    ]
    assert 2 <= len(presets) <= 4
    shown = set()
    for button in presets:
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        shown.add(str(state(view)))
    assert len(shown) == len(presets)


@pytest.mark.parametrize(
    ("kind", "preset", "values"),
    [
        ("lstm_step", "keep", {"f forget gate": 1, "i input gate": 0, "o output gate": 1}),
        ("lstm_step", "overwrite", {"f forget gate": 0, "i input gate": 1, "o output gate": 1}),
        ("lstm_step", "forget", {"f forget gate": 0, "i input gate": 0}),
        ("lstm_step", "hide", {"f forget gate": 1, "i input gate": 0, "o output gate": 0}),
        ("gru_step", "keep", {"z update gate": 0}),
        ("gru_step", "overwrite", {"z update gate": 1}),
        ("gru_step", "plain RNN", {"z update gate": 1, "r reset gate": 1}),
        ("half_life", "b = 1, the usual start", {"bf forget bias": 1}),
        ("write_keep_read", "keep it", {"i opens at step": 5, "f otherwise": 1}),
        ("write_keep_read", "one step late", {"i opens at step": 6}),
        ("budget", "hello", {"D inputs": 4, "H units": 8}),
        ("hello_lesions", "nothing is forgotten", {"value it is held at": 1, "unit, 0: all": 0}),
    ],
)
def test_presets_set_what_they_say(index, kind, preset, values):
    view = explorer(index, kind)
    view.get_by_role("button", name=preset, exact=True).click()
    for name, value in values.items():
        assert number(view.get_by_role("slider", name=name).input_value()) == value


def test_the_equation_shows_what_lib_computes(index):
    view = explorer(index, "lstm_step")
    for name, value in [
        ("f forget gate", 0.35),
        ("i input gate", 0.6),
        ("o output gate", 0.45),
        ("g candidate", -0.9),
    ]:
        view.get_by_role("slider", name=name).fill(str(value))
    c = 0.35 * 0.9 + 0.6 * -0.9
    results = [number(text) for text in view.locator(".live-equation b").all_inner_texts()]
    assert results == [round(c, 2), round(0.45 * np.tanh(c), 2)]


def test_each_gate_may_be_put_under_the_knife(index):
    view = explorer(index, "hello_lesions")
    shown = set()
    for name in ["no gate", "f forget", "i input", "o output", "g candidate"]:
        button = view.get_by_role("button", name=name, exact=True)
        button.click()
        assert button.get_attribute("aria-pressed") == "true"
        shown.add(str(state(view)))
    assert len(shown) == 5
    view.get_by_role("button", name="no gate").click()
    assert "spells “hello”" in view.locator(".live-sentence").inner_text()
    assert view.locator(".live-wrong").count() == 0


def test_two_explorers_of_one_kind_do_not_disturb_each_other(open_page, served):
    page = open_page(f"{served}/twins.html")
    one, other = (page.locator(".live-view").nth(k) for k in (0, 1))
    before = state(other)
    one.get_by_role("slider", name="f forget gate").press("End")
    one.get_by_role("button", name="hide").click()
    assert state(other) == before
    other.get_by_role("button", name="Reset").click()
    assert other.locator("output").first.inner_text() == "0.70"


# The question.


ANSWERS = ["", "abc", "1e999", "-0,5", "−1", "0x10", "  7  ", "<b>", "NaN", "1" * 400]


@pytest.mark.parametrize("kind", KINDS)
def test_any_answer_may_be_typed_and_the_sliders_stay_free(index, kind):
    view = explorer(index, kind)
    for typed in ANSWERS:
        view.get_by_label("Your answer").fill(typed)
        view.get_by_role("button", name="Show me").click()
        told = view.locator(".live-told").inner_text()
        assert told and "NaN" not in told and "undefined" not in told, typed
        assert "NaN" not in "".join(state(view)[1:]), typed
        assert all(control.is_enabled() for control in view.get_by_role("slider").all()), typed


def test_an_answer_is_compared_with_what_happens(index):
    view = explorer(index, "half_life")
    for typed, verdict in [("5", "Not quite"), ("6.6", "Yes")]:
        view.get_by_label("Your answer").fill(typed)
        view.get_by_label("Your answer").press("Enter")
        assert (
            view.locator(".live-told")
            .inner_text()
            .startswith(f"You said {float(typed):.1f}. {verdict}")
        )
        assert "6.6 steps" in view.locator(".live-told").inner_text()


# The page.


def test_from_disk_everything_lives_too(open_page, book):
    page = open_page(f"file://{book}/index.html")
    for kind in KINDS:
        view = explorer(page, kind)
        before = state(view)
        view.get_by_role("slider").first.press("End")
        assert all(a != b for a, b in zip(before, state(view), strict=True))


def shifts(page, address):
    """How far things moved after they were first painted, one number a movement (browsers call them layout shifts)."""
    page.add_init_script(
        "window.moved = []; new PerformanceObserver((list) => moved.push(...list.getEntries().map((e) => e.value)))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(500)
    return page.evaluate("moved")


def test_nothing_moves_after_the_first_paint(open_page, served):
    page = open_page(f"{served}/twins.html")
    assert shifts(page, f"{served}/index.html") == []


@pytest.mark.parametrize("width", [360, 700, 1280])
def test_no_page_is_wider_than_the_window(open_page, served, width):
    page = open_page(f"{served}/index.html", viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in (view.bounding_box() for view in page.locator(".live-explorer").all()):
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_to_mend_in_the_explorers(open_page, served, theme):
    page = open_page(f"{served}/index.html")
    ground = "#fff" if theme == "light" else "#121212"
    page.evaluate(
        "([theme, ground]) => { const s = document.documentElement; s.dataset.theme = theme;"
        " s.style.setProperty('--pst-color-background', ground);"
        " if (theme === 'dark') s.style.setProperty('--pst-color-text-base', '#e5e5e6'); }",
        [theme, ground],
    )
    found = Axe().run(page, context=".live-view")
    assert [
        (rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]
    ] == []


def test_without_scripts_and_in_print_the_picture_is_shown(open_page, served):
    page = open_page(f"{served}/index.html", java_script_enabled=False)
    stills = page.locator(".live-still img")
    assert stills.count() == len(KINDS) and all(still.is_visible() for still in stills.all())
    assert all(len(still.get_attribute("alt")) > 60 for still in stills.all())
    assert page.get_by_role("slider").count() == 0
    page = open_page(f"{served}/index.html")
    assert not page.locator(".live-still img").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".live-still img").first.is_visible()
    assert not page.get_by_role("slider").first.is_visible()


def test_a_broken_figure_gives_its_place_back_to_the_picture(browser, book, tmp_path):
    shutil.copytree(book, tmp_path / "html")
    path = tmp_path / "html" / "index.html"
    path.write_text(
        path.read_text().replace(
            "export default {", "export default { render() { throw new Error('x'); } }; ({", 1
        )
    )
    page = browser.new_page()
    page.goto(f"file://{path}")
    broken = page.locator(".live-failed")
    assert broken.count() == 1 and broken.locator("img").is_visible()
    assert page.locator(".live-view").count() == len(KINDS)
    page.close()


def test_a_page_carries_each_module_once(book):
    for name in PAGES:
        marks = re.findall(r"//# module: (\S+?)\\n", (book / f"{name}.html").read_text())
        assert len(marks) == len(set(marks)) and "math.js" in marks


def test_a_widget_that_cannot_be_drawn_stops_the_build(tmp_path):
    done = build(
        tmp_path, {"index": ["import ipywidgets\nipywidgets.Button(description='dead')"]}, "-W"
    )
    assert done.returncode != 0
    assert re.search("index.*cannot draw the widget ButtonModel", done.stderr)


# The book itself.


@pytest.fixture(scope="module")
def live_pages(site):
    pages = [
        path for path in sorted(site.rglob("*.html")) if 'class="live-view' in path.read_text()
    ]
    assert pages
    return pages


@pytest.mark.parametrize("width", [360, 1280])
def test_hardly_anything_moves_on_a_page_of_the_book(browser, live_pages, width):
    for path in live_pages:
        page = browser.new_page(viewport={"width": width, "height": 900})
        assert sum(shifts(page, f"file://{path}")) < 0.02, path.name
        page.close()


def test_all_scripts_of_ours_on_a_page_are_small(site, live_pages):
    """At most 60 KB uncompressed: the reader, what it reads, and the site's own script."""
    always = sum((site / "_static" / name).stat().st_size for name in ("live/page.js", "site.js"))
    for path in live_pages:
        block = re.search(r'widget-state\+json">(.*?)</script>', path.read_text(), re.S)
        texts = json.loads(block[1].replace(r"<\/", "</"))["texts"]
        code = [text for text in texts if text.startswith("//# module")]
        assert code and always + sum(len(text.encode()) for text in code) <= 60_000, path.name


def test_every_explorer_of_the_book_lives(open_page, live_pages):
    for path in live_pages:
        page = open_page(f"file://{path}")
        for view in page.locator(".live-view").all():
            before = state(view)
            view.get_by_role("slider").first.press("Home")
            view.get_by_role("slider").first.press("ArrowRight")
            view.get_by_role("slider").first.press("PageUp")
            assert state(view) != before
