"""The explorers on built pages, in a real browser: every slider, preset and answer, from a server and from disk.

A small book of our own is built here: every explorer on one page, each twice on another, widgets that are not ours on
a third. The last tests look at the book itself.
"""

import os
import re
import shutil
import subprocess
import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import nbformat
import numpy as np
import pages as bench
import pytest
from axe_playwright_python.sync_playwright import Axe
from explorers import KINDS, hello_model, made
from explorers import sliders as sliders_of
from visits import AXE, LOOKS

from lib.activations import sigmoid
from lib.live import runs

TESTS = Path(__file__).parent
CONF = """
extensions = ["myst_nb", "lib.live.sphinx"]
nb_ipywidgets_js, nb_execution_mode, nb_execution_raise_on_error = {}, "force", True
html_theme, html_theme_options = "basic", {"body_min_width": 0}
"""
OTHERS = [
    "import anywidget, ipywidgets, traitlets",
    """
class Lamp(anywidget.AnyWidget):
    _esm = "export const unit = 'lx'; export default { render({ model, el }) { const show = () => {"
    _esm += " el.textContent = `${model.get('value')} ${unit}`; }; model.on('change:value', show); show(); } };"
    value = traitlets.Float(1).tag(sync=True)
lamp, dial = Lamp(), ipywidgets.FloatSlider(description="dial", max=2, value=0.5)
ipywidgets.jslink((dial, "value"), (lamp, "value"))
ipywidgets.HBox([dial, lamp])
""",
    """
on, of = ipywidgets.Checkbox(description="on"), ipywidgets.Checkbox(description="copy")
ipywidgets.jsdlink((on, "value"), (of, "value"))
pick = ipywidgets.Dropdown(options=["one", "two"], description="pick")
place = ipywidgets.IntSlider(description="place (cm)", max=9)
ipywidgets.jslink((pick, "index"), (place, "value"))
ipywidgets.Box([ipywidgets.Label("said <b>plainly</b>"), on, of, pick, place])
""",
]
PAGES = {
    "index": ["from explorers import made", *(f"made({kind!r})" for kind in KINDS)],
    "twins": ["from explorers import draw_once, made", "draw_once()"]
    + [f"made({kind!r})" for kind in KINDS for _ in range(2)],
    "others": OTHERS,
}
PRESETS = {
    "fading_memory": {
        "fades": {"w": 0.5, "pulse": 1},
        "on the edge": {"w": 1, "pulse": 1},
        "latches": {"w": 1.5, "pulse": 1},
        "explodes": {"w": 1.5, "pulse": 0},
    },
    "lstm_step": {
        "keep": {"f": 1, "i": 0, "o": 1},
        "overwrite": {"f": 0, "i": 1, "o": 1},
        "forget": {"f": 0, "i": 0, "o": 1},
        "hide": {"f": 1, "i": 0, "o": 0},
    },
    "half_life": {
        "b = 0": {"b_f": 0},
        "b = 1, the usual start": {"b_f": 1},
        "b = 3": {"b_f": 3},
        "b = 5": {"b_f": 5},
    },
    "weights_to_gates": {
        "write at a mark": {
            "x": 1,
            "h": 0.33,
            "w_ix": 4,
            "b_i": -1.5,
            "w_fx": -4,
            "b_f": 2,
            "b_o": 1,
        },
        "hold on": {"w_fx": 0, "w_fh": 0, "b_f": 4, "w_ix": 0, "w_ih": 0, "b_i": -4},
        "listen to h only": {
            "w_ix": 0,
            "w_fx": 0,
            "w_ox": 0,
            "w_gx": 0,
            "w_fh": 4,
            "w_ih": 2,
            "b_f": 0,
        },
        "fresh cell": {"w_ix": 0, "w_fh": 0, "b_i": 0, "b_f": 1, "b_o": 0, "b_g": 0},
    },
    "orbit": {
        "fades": {"radius": 0.8, "angle": 56, "strength": 0},
        "latches": {"radius": 1.5, "angle": 0, "strength": 0},
        "explodes": {"radius": 1.5, "angle": 56, "strength": 0.5},
        "driven": {"radius": 1.5, "angle": 56, "strength": 2},
    },
    "gradient_highway": {
        "the usual start": {"f": 0.73, "w": 0.5, "gap": 50},
        "wide open": {"f": 1, "w": 0.5, "gap": 50},
        "no recurrence": {"f": 0.9, "w": 0, "gap": 50},
        "strong recurrence": {"f": 0.9, "w": 2, "gap": 50},
    },
    "step_back": {
        "Step back": {"back": 1},
        "Whole way": {"back": 10},
        "shut the second road": {"o_1": 0},
        "a forget gate of 0": {"f": 0},
    },
    "gru_step": {
        "keep": {"z": 0},
        "start afresh": {"z": 1, "r": 0},
        "plain RNN": {"z": 1, "r": 1},
        "blend": {"z": 0.5, "r": 0.5},
    },
    "write_keep_read": {
        "keep it": {"write": 5, "read": 35, "i": 0, "f": 1, "o": 0},
        "leaky forget gate": {"write": 5, "read": 35, "i": 0, "f": 0.95},
        "leaky input gate": {"write": 5, "read": 35, "i": 0.2, "f": 1},
        "one step late": {"write": 6, "read": 35, "i": 0, "f": 1},
    },
    "hello_lesions": {
        "nothing is kept": {"gate": "f forget", "at": 0, "unit": 0, "step": 0},
        "nothing is forgotten": {"gate": "f forget", "at": 1, "unit": 0, "step": 0},
        "nothing is written": {"gate": "i input", "at": 0, "unit": 0, "step": 0},
        "nothing is shown": {"gate": "o output", "at": 0, "unit": 0, "step": 0},
    },
    "budget": {
        "hello": {"D": 4, "H": 8},
        "few units, wide input": {"D": 128, "H": 16},
        "many units, narrow input": {"D": 4, "H": 128},
    },
}


def build(folder, pages, *options):
    """A Sphinx book of notebooks, each a list of cells; returns the finished process."""
    (folder / "conf.py").write_text(CONF, encoding="utf-8")
    for name, cells in pages.items():
        notebook = nbformat.v4.new_notebook()
        others = "\n".join(page for page in pages if page != "index")
        words = f"# {name}" + f"\n\n```{{toctree}}\n:hidden:\n{others}\n```" * (name == "index")
        notebook.cells = [nbformat.v4.new_markdown_cell(words)]
        notebook.cells += map(nbformat.v4.new_code_cell, cells)
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
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment)


@pytest.fixture(scope="module")
def book(pytestconfig, tmp_path_factory):
    """The folder of the small book's pages."""
    if small := pytestconfig.getoption("small"):
        return small.resolve()
    folder = tmp_path_factory.mktemp("book")
    done = build(folder, PAGES, "-W")
    assert done.returncode == 0, done.stderr
    (folder / "html" / "favicon.ico").touch()  # a browser asks for it
    return folder / "html"


@pytest.fixture(scope="module")
def serve():
    """serve(folder) -> the address of a server that offers it."""
    with ExitStack() as servers:
        yield lambda folder: servers.enter_context(bench.served(folder))


@pytest.fixture(scope="module")
def small_book(serve, book):
    return serve(book)


@pytest.fixture(scope="module")
def visit(browser):
    """visit(address, **context options) -> page; `page.wrong` gathers what it says, and what it asks of other hosts,
    which is stopped."""
    contexts = []

    def start(address, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.wrong = []
        home = re.match(r"\w+://[^/]*", address)[0]

        def stop(route):
            page.wrong.append(f"asked {route.request.url}")
            route.abort()

        def heard(message):
            if message.type in ("error", "warning"):
                page.wrong.append(message.text)

        page.route(lambda url: not url.startswith((home, "data:", "blob:")), stop)
        page.on("console", heard)
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def open_page(visit):
    """The same for one test, after which the pages must have been quiet and stayed at home."""
    pages = []

    def start(address, **options):
        pages.append(visit(address, **options))
        return pages[-1]

    yield start
    for page in pages:
        page.context.close()
    assert [page.wrong for page in pages if page.wrong] == []


# Pages that many tests share, each test working on an explorer that it resets first.

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module", params=["http", "file"])
def home(request, book, small_book):
    return small_book if request.param == "http" else book.as_uri()


@pytest.fixture(scope="module")
def shared(visit):
    """shared(address, **options) -> the one page that is open there with these options."""
    pages = {}

    def find(address, **options):
        key = address, str(options)
        pages[key] = pages.get(key) or visit(address, **options)
        return pages[key]

    return find


def quiet(page):
    yield page
    wrong, page.wrong[:] = list(page.wrong), []
    assert wrong == []


@pytest.fixture
def anywhere(shared, home):
    """Every explorer, from a server and from disk."""
    yield from quiet(shared(f"{home}/index.html"))


@pytest.fixture
def phone(shared, home):
    yield from quiet(shared(f"{home}/index.html", **PHONE))


@pytest.fixture
def index(shared, small_book):
    yield from quiet(shared(f"{small_book}/index.html"))


@pytest.fixture
def twins(shared, small_book):
    yield from quiet(shared(f"{small_book}/twins.html"))


def explorer(page, kind, which=0):
    """The explorer as the page showed it first."""
    views = page.locator(".live-view")
    view = views.nth(KINDS.index(kind) * views.count() // len(KINDS) + which)
    view.get_by_role("button", name="Reset").click()
    return view


STATE = """(view) => [[...view.querySelectorAll('output')].map((node) => node.innerText),
  ...['.live-equation', '.live-picture'].map((part) => view.querySelector(part).innerHTML)]"""


def state(view):
    """What a reader sees of an explorer: the sliders' numbers, the equation with them, and the drawing."""
    return view.evaluate(STATE)


def number(text):
    return float(text.replace("−", "-"))


@cache
def sliders(kind):
    return sliders_of(made(kind))


def plain(slider):
    return re.sub(r"<[^>]*>", "", slider.description)


def control_of(view, slider):
    """The slider of this name, looked for once: by its role that is a walk through all of the page's names."""
    return view.get_by_role("slider", name=plain(slider), exact=True).element_handle()


def all_changed(before, after):
    """The number, the equation and the drawing."""
    return [a != b for a, b in zip(before, after, strict=True)] == [True] * 3


# The step back tells one rule at a time: after so many steps the one with this slider's number.
TOLD_AT = {("step_back", name): k for name, k in dict(f=9, i=6, o=3, g=5, o_1=9, w=8).items()}


def walk_to(view, kind, name):
    for _ in range(TOLD_AT.get((kind, name), 0)):
        view.get_by_role("button", name="Step back").click()


STANDS = """(node) => [node.value, node.parentElement.querySelector('output').innerText,
  node.getAttribute('aria-valuetext')]"""


def stands(control, slider):
    return place_of(slider, *control.evaluate(STANDS))


def place_of(slider, value, shown, spoken):
    """Where the slider stands; beside it is that number, and a screen reader hears it with the unit of its label."""
    unit = re.search(r" \((\w+)\)$", slider.description)
    assert number(shown) == pytest.approx(number(value), abs=0.005)
    assert spoken == (f"{shown} {unit[1]}" if unit else shown)
    return number(value)


@pytest.mark.parametrize("width", [360, 1280])
def test_a_gates_weights_and_its_bias_stand_in_one_line(open_page, small_book, width):
    page = open_page(f"{small_book}/index.html", viewport={"width": width, "height": 740})
    view = explorer(page, "weights_to_gates")
    lines = {}
    for name, slider in sliders("weights_to_gates"):
        box = control_of(view, slider).bounding_box()
        lines.setdefault(round(box["y"]), []).append(name)
        assert box["width"] >= 72
    assert [*lines.values()] == [["x", "h"], *([f"w_{k}x", f"w_{k}h", f"b_{k}"] for k in "ifog")]


# Every slider, by keyboard, mouse and touch.

# After each key, in the page, so that nobody waits for an answer between two: what is seen then.
AFTER_KEYS = f"""(node) => {{
  const view = node.closest('.live-view');
  window.seen = [];
  node.onkeyup = () => seen.push([({STANDS})(node), ({STATE})(view)]);
}}"""
KEYS = {"End": 1, "ArrowLeft": -1, "ArrowDown": -1, "PageDown": -1}
KEYS |= {"Home": -1, "ArrowRight": 1, "ArrowUp": 1, "PageUp": 1}


@pytest.mark.parametrize("kind", KINDS)
def test_every_slider_is_found_by_its_name_and_moved_by_keyboard(anywhere, kind):
    view = explorer(anywhere, kind)
    for name, slider in sliders(kind):
        walk_to(view, kind, name)
        control = control_of(view, slider)
        control.evaluate(AFTER_KEYS)
        control.press("Home")
        for key in KEYS:
            anywhere.keyboard.press(key)
        (place, before), *moves = control.evaluate(
            "(node) => { node.onkeyup = null; return seen; }"
        )
        value = place_of(slider, *place)
        assert value == slider.min
        for (key, way), (place, after) in zip(KEYS.items(), moves, strict=True):
            moved = place_of(slider, *place)
            assert (moved - value) * way > 0, (slider.description, key)
            assert all_changed(before, after), (slider.description, key)
            assert key != "End" or moved == slider.max
            value, before = moved, after
        view.get_by_role("button", name="Reset").click()


@pytest.mark.parametrize("kind", KINDS)
def test_every_slider_is_dragged_with_the_mouse(anywhere, kind):
    view, mouse = explorer(anywhere, kind), anywhere.mouse
    for name, slider in sliders(kind):
        walk_to(view, kind, name)
        control = control_of(view, slider)
        control.press("Home")
        before = state(view)
        start, middle, end = track(control)
        mouse.move(start, middle)
        mouse.down()
        mouse.move(end, middle, steps=4)
        mouse.up()
        assert 0.5 <= share(control, slider) <= 0.7
        assert all_changed(before, state(view)), slider.description
        view.get_by_role("button", name="Reset").click()


@pytest.mark.parametrize("kind", KINDS)
def test_every_slider_is_dragged_with_a_finger(phone, kind):
    view, finger = explorer(phone, kind), phone.context.new_cdp_session(phone)

    def touch(what, *points):
        points = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})

    for name, slider in sliders(kind):
        walk_to(view, kind, name)
        control = control_of(view, slider)
        control.press("Home")
        before = state(view)
        start, middle, end = track(control)
        touch("touchStart", (start, middle))
        for part in (0.3, 0.6, 1):
            touch("touchMove", (start + part * (end - start), middle))
        touch("touchEnd")
        assert 0.5 <= share(control, slider) <= 0.7, slider.description
        assert all_changed(before, state(view)), slider.description
        view.get_by_role("button", name="Reset").click()
    finger.detach()


WIRES = """(view) => [...view.querySelectorAll('.live-wiring path[fill="none"]:not(.live-core)')].map((node) =>
  getComputedStyle(node).strokeDasharray === 'none')"""


def test_a_part_is_lit_while_its_slider_is_held_by_keyboard_mouse_or_finger(anywhere, phone):
    """And no longer: where the focus leaves, all is as before."""
    view = explorer(anywhere, "lstm_step")
    f, i = (control_of(view, slider) for _, slider in sliders("lstm_step")[:2])
    f.focus()
    of_f = view.evaluate(WIRES)
    anywhere.keyboard.press("ArrowLeft")
    assert view.evaluate(WIRES) == of_f and 0 < sum(of_f) < len(of_f) / 2
    anywhere.keyboard.press("Tab")
    of_i = view.evaluate(WIRES)
    assert 0 < sum(of_i) < len(of_i) / 2 and not any(map(lambda a, b: a and b, of_f, of_i))
    i.evaluate("(node) => node.blur()")
    assert all(view.evaluate(WIRES))
    start, middle, end = track(f)
    anywhere.mouse.move(start, middle)
    anywhere.mouse.down()
    anywhere.mouse.move(end, middle)
    assert view.evaluate(WIRES) == of_f
    anywhere.mouse.up()
    f.evaluate("(node) => node.blur()")
    assert all(view.evaluate(WIRES))
    view = explorer(phone, "lstm_step")
    finger = phone.context.new_cdp_session(phone)
    start, middle, end = track(control_of(view, sliders("lstm_step")[1][1]))
    for what, x in [("touchStart", start), ("touchMove", start + 20), ("touchMove", end)]:
        points = [{"x": x, "y": middle}]
        finger.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": points})
    assert view.evaluate(WIRES) == of_i
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert all(view.evaluate(WIRES))
    finger.detach()


def track(control):
    """Where the handle is at the slider's start, the height of its middle, and a place beyond the middle of the way."""
    control.scroll_into_view_if_needed()
    box = control.bounding_box()
    return box["x"] + 12, box["y"] + box["height"] / 2, box["x"] + 0.6 * box["width"]


def share(control, slider):
    return (number(control.input_value()) - slider.min) / (slider.max - slider.min)


def test_reset_restores_what_the_page_showed_first(open_page, home):
    page = open_page(f"{home}/index.html")
    views = page.locator(".live-view").all()
    first = [state(view) for view in views]
    for kind, view, shown in zip(KINDS, views, first, strict=True):
        assert "n/a" not in shown[0] and shown == state(view)
        for _, slider in sliders(kind):
            control_of(view, slider).press("End")
        view.get_by_label("Your answer").fill("7")
        assert state(view) != shown, kind
        view.get_by_role("button", name="Reset").click()
        assert state(view) == shown, kind
        assert view.get_by_label("Your answer").input_value() == "", kind
    for kind, view in zip(KINDS, views, strict=True):
        starts = [number(text) for text in state(view)[0]]
        values = [value for value in made(kind).values.values() if not isinstance(value, str)]
        assert starts == pytest.approx(values, abs=0.005), kind


@pytest.mark.parametrize("kind", KINDS)
def test_presets_set_what_they_say_from_anywhere(anywhere, kind):
    view = explorer(anywhere, kind)
    bar = view.get_by_role("group", name="Settings to try")
    names = [name for name in bar.get_by_role("button").all_inner_texts() if name != "Reset"]
    assert names == list(PRESETS[kind]) and 2 <= len(names) <= 4
    controls = {slider_name: control_of(view, slider) for slider_name, slider in sliders(kind)}
    shown = set()
    for name, wanted in PRESETS[kind].items():
        for control in controls.values():
            control.press("End")
        held = name != "Step back"
        if not held:  # a move, from the loss on
            controls["back"].press("Home")
        bar.get_by_role("button", name=name, exact=True).click()
        pressed = view.locator('.live-bar [aria-pressed="true"]').all_inner_texts()
        assert (name in pressed) == held
        assert "gate" not in wanted or wanted["gate"] in pressed
        for slider_name, control in controls.items():
            value = number(control.input_value())
            assert value == wanted.get(slider_name, value), (name, slider_name)
        shown.add(str(state(view)))
    assert len(shown) == len(names)


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


@pytest.mark.parametrize("kind", KINDS)
def test_two_explorers_of_one_kind_do_not_disturb_each_other(twins, kind):
    one, other = explorer(twins, kind), explorer(twins, kind, 1)
    other.get_by_label("Your answer").fill("0.25")
    other.get_by_role("button", name="Show me").click()
    control_of(other, sliders(kind)[0][1]).press("End")
    control_of(other, sliders(kind)[0][1]).evaluate("(node) => node.blur()")
    before = state(other), other.inner_html()
    one.get_by_label("Your answer").fill("4")
    one.get_by_role("button", name="Show me").click()
    for _, slider in sliders(kind):
        control_of(one, slider).press("End")
    for button in one.locator(".live-bar button").all():
        button.click()
    assert (state(other), other.inner_html()) == before
    assert other.get_by_label("Your answer").input_value() == "0.25"


# The question.


ENABLED = """(all) => all.length > 0 &&
  all.every((node) => node.matches(':enabled') && !node.closest('[aria-disabled="true"]'))"""
ANSWERS = ["", "abc", "1e999", "-0,5", "−1", "0x10", "  7  ", "<b>", "NaN", "1" * 400]


def right_answer(kind):
    """What `lib` says to the explorer's question."""
    if kind == "hello_lesions":
        word = runs.hello_spelled(hello_model(), runs.hello_hold("i", 0, 0, 0, 8))
        return sum(a == b for a, b in zip(word, "hello", strict=True))
    return {
        "fading_memory": runs.rnn_pulse(0.5, 1.0, 10)[0][-1],
        "lstm_step": 0.5 * 1 + 0.5 * -1,
        "half_life": np.log(0.5) / np.log(0.9),
        "weights_to_gates": sigmoid(np.array(1.0)).item(),
        "orbit": runs.orbit(1.08, 56, 0.0)[1][-1],
        "gradient_highway": np.divide(*runs.lstm_unit(0.9, 1.0, 50)[::-1])[-1],
        "gru_step": 0.75 * 0.8,
        "step_back": runs.step_back(f=0.69, i=0.829, o=0.856, g=-0.952, o_1=0, w=1)["dc_1"],
        "write_keep_read": runs.scheduled(5, 35, 0.0, 0.95, 0.0).states.c[35].item(),
        "budget": 4 * 64 * (32 + 64 + 1),
    }[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_compared_with_what_happens(index, kind):
    view, right = explorer(index, kind), right_answer(kind)
    told = view.locator(".live-told")
    assert told.inner_text() == "" and view.get_by_text("Predict first.").is_visible()
    control_of(view, sliders(kind)[0][1]).press("End")  # nothing waits for an answer
    for typed, verdict in [(right + 1, "Not quite"), (right, "Yes")]:
        view.get_by_label("Your answer").fill(f"{typed:.4f}")
        view.get_by_label("Your answer").press("Enter")
        assert re.match(rf"You said [\d.−]+\. {verdict}: \S", told.inner_text()), told.inner_text()
    shown = state(view)
    for _, slider in sliders(kind):
        control_of(view, slider).press("Home")
    view.get_by_role("button", name="Show me").click()
    assert told.inner_text().startswith("You said")
    assert view.locator(".live-sentence").inner_text() and shown[1] != ""


@pytest.mark.parametrize("kind", KINDS)
def test_any_answer_may_be_given_and_the_figure_stays_whole(index, kind):
    view = explorer(index, kind)
    field, show = view.get_by_label("Your answer"), view.get_by_role("button", name="Show me")
    show.click()
    shown = state(view)
    for typed in ANSWERS:
        field.fill(typed)
        show.click()
        told = view.locator(".live-told").inner_text()
        assert told and not re.search("NaN|undefined|Infinity", told), typed
        assert state(view) == shown, typed
        assert view.get_by_role("slider").evaluate_all(ENABLED), typed
    assert not re.search("NaN|undefined|Infinity", "".join(shown[1:]))


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_may_be_typed_key_by_key_or_pasted(index, kind):
    index.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view = explorer(index, kind)
    field, before = view.get_by_label("Your answer"), state(view)
    field.press_sequentially("1e5x -")
    assert (field.input_value(), state(view)) == ("1e5x -", before)
    index.evaluate("navigator.clipboard.writeText('−99,5\\n')")
    field.press("Control+a")
    field.press("Control+v")
    field.press("Enter")
    assert field.input_value().strip() == "−99,5"
    assert view.locator(".live-told").inner_text().startswith("You said −99.5")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_script_puts_into_a_slider_stays_in_its_range(index, kind):
    view = explorer(index, kind)
    for _, slider in sliders(kind):
        control = control_of(view, slider)
        for value in ("1e9", "-1e9", "NaN", "abc", ""):
            control.evaluate(
                "(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }",
                value,
            )
            assert slider.min <= stands(control, slider) <= slider.max
        assert not re.search("NaN|undefined|Infinity", "".join(state(view)[1:]))
        view.get_by_role("button", name="Reset").click()


# For every reader.


@pytest.mark.parametrize("kind", KINDS)
def test_the_result_is_told_politely(index, kind):
    view = explorer(index, kind)
    sentence = view.locator(".live-sentence")
    before = sentence.inner_text()
    control_of(view, sliders(kind)[0][1]).press("End")
    assert sentence.inner_text() != before
    for place in [sentence, view.locator(".live-told")]:
        assert place.get_attribute("role") == "status"
        assert place.get_attribute("aria-live") == "polite"
    quiet = view.locator("output").evaluate_all("(all) => all.map((node) => node.ariaLive)")
    assert set(quiet) == {"off"}  # the slider itself says its number


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_touched_is_at_least_24_pixels_wide_and_high(phone, kind):
    view = explorer(phone, kind)
    for control in view.locator("button, input").all():
        box = control.bounding_box()
        assert min(box["width"], box["height"]) >= 24, control.evaluate("(node) => node.outerHTML")


# Every slider to both its ends -> the heights, once painted, of the box that holds the explorer and of the explorer.
HEIGHTS = """
async (hold) => {
  const found = [], sliders = [...hold.querySelectorAll('input[type="range"]')];
  for (const [slider, end] of sliders.flatMap((slider) => [[slider, slider.max], [slider, slider.min]])) {
    slider.value = end;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    found.push([hold, hold.firstElementChild].map((node) => node.getBoundingClientRect().height));
  }
  return found;
}
"""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_slider_lays_out_its_explorer_alone_in_a_box_that_grows_with_it(
    open_page, small_book, width
):
    page = open_page(f"{small_book}/index.html", viewport={"width": width, "height": 900})
    seen = set()
    for hold in page.locator(".live-hold").all():
        assert hold.evaluate("(node) => getComputedStyle(node).contain") == "size layout"
        heights = hold.evaluate(HEIGHTS)
        for box, explorer in heights:
            assert box == pytest.approx(explorer, abs=0.1)
        seen.add(len({round(box) for box, _ in heights}) > 1)
    assert True in seen or width == 1280  # on a phone a line wraps: some do grow


def test_nothing_in_an_explorer_moves_by_itself(open_page, small_book):
    """Reduced motion has nothing to reduce."""
    page = open_page(f"{small_book}/index.html", reduced_motion="reduce")
    for view in page.locator(".live-view").all():
        view.get_by_role("slider").first.press("End")
        view.get_by_role("button", name="Reset").click()
    assert page.evaluate("document.getAnimations().length") == 0
    assert (
        page.evaluate(
            "[...document.querySelectorAll('.live-view *')].map((node) => getComputedStyle(node)).filter((style) =>"
            " style.animationName !== 'none' || /[1-9]/.test(style.transitionDuration)).length"
        )
        == 0
    )


# The page.


def watch_shifts(page, address):
    """Open a page that keeps how far things moved after they were first painted (browsers call it layout shifts)."""
    page.add_init_script(
        "window.moved = []; new PerformanceObserver((list) => moved.push(...list.getEntries().map((e) => e.value)))"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto(address)
    page.evaluate("document.fonts.ready")


def test_nothing_moves_after_the_first_paint(open_page, small_book):
    page = open_page(f"{small_book}/twins.html")
    watch_shifts(page, f"{small_book}/index.html")
    page.wait_for_timeout(500)
    assert page.evaluate("moved") == []


@pytest.mark.parametrize("width", [360, 700, 1280])
def test_no_page_is_wider_than_the_window(open_page, small_book, width):
    page = open_page(f"{small_book}/index.html", viewport={"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in (view.bounding_box() for view in page.locator(".live-explorer").all()):
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_to_mend_in_the_explorers(open_page, small_book, theme, width):
    page = open_page(f"{small_book}/index.html", viewport={"width": width, "height": 800})
    ground = "#fff" if theme == "light" else "#121212"
    page.evaluate(
        "([theme, ground]) => { const s = document.documentElement; s.dataset.theme = theme;"
        " s.style.setProperty('--pst-color-background', ground);"
        " if (theme === 'dark') s.style.setProperty('--pst-color-text-base', '#e5e5e6'); }",
        [theme, ground],
    )
    found = Axe(AXE).run(page, context=".live-view").response
    assert [
        (rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found["violations"]
    ] == []


def test_without_scripts_and_in_print_the_picture_is_shown(open_page, small_book):
    page = open_page(f"{small_book}/index.html", java_script_enabled=False)
    stills = page.locator(".live-still img")
    assert stills.count() == len(KINDS) and all(still.is_visible() for still in stills.all())
    assert all(len(still.get_attribute("alt")) > 60 for still in stills.all())
    assert page.get_by_role("slider").count() == 0
    page = open_page(f"{small_book}/index.html")
    assert not page.locator(".live-still img").first.is_visible()
    page.emulate_media(media="print")
    assert page.locator(".live-still img").first.is_visible()
    assert not page.get_by_role("slider").first.is_visible()


BROKEN = {  # what may be wrong with the page's own script, and how many pictures then stay
    "one figure throws": (
        "render({ model, el }) {",
        "render({ model, el }) { throw new Error('x');",
        1,
    ),
    "one module throws": ("const exported = {", "undefined.x; const exported = {", 1),
    "what all share throws": ('"use strict";', "undefined.x;", len(KINDS)),
    "it cannot be read": ('"use strict";', "const = ;", len(KINDS)),
    "it is not there": (None, None, len(KINDS)),
}


@pytest.mark.parametrize("case", BROKEN)
def test_where_a_figure_cannot_stand_its_picture_stays_and_the_others_live(
    browser, book, tmp_path, case
):
    shutil.copytree(book, tmp_path / "html")
    old, new, pictures = BROKEN[case]
    script = tmp_path / "html" / "_static" / "live" / "index.js"
    if old is None:
        script.unlink()
    else:
        text = script.read_text(encoding="utf-8")
        assert old in text
        script.write_text(text.replace(old, new, 1), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "html" / "index.html").as_uri())
    stills = page.locator(".live-still img").all()
    assert [still.is_visible() for still in stills].count(True) == pictures
    assert page.locator(".live-failed").count() == pictures
    assert page.locator(".live-explorer").count() == len(KINDS) - pictures
    page.close()


def test_a_widget_that_the_reader_does_not_know_shows_its_picture(browser, book, tmp_path):
    shutil.copytree(book, tmp_path / "html")
    path = tmp_path / "html" / "index.html"
    text = path.read_text(encoding="utf-8").replace('"FloatSliderModel"', '"KnobModel"', 1)
    path.write_text(text, encoding="utf-8")
    page = browser.new_page()
    page.goto(path.as_uri())
    assert page.locator(".live-failed").count() == 1
    assert page.locator(".live-failed .live-still img").is_visible()
    page.close()


POLICIES = [
    "default-src 'self'",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'",
    "script-src 'self'; style-src 'self' 'unsafe-inline'",
    "sandbox allow-scripts",
]


@pytest.mark.parametrize("policy", POLICIES)
def test_under_a_hosts_policy_the_explorers_live(browser, book, policy):
    with bench.served(book, headers={"Content-Security-Policy": policy}) as address:
        page = browser.new_page()
        refused = []
        page.on("console", lambda message: refused.append(message.text))
        page.goto(f"{address}/index.html")
        inline = page.locator("body script:not([src]):not([type])").count()  # Sphinx's own
        for view in page.locator(".live-view").all():
            before = state(view)
            for control in view.get_by_role("slider").element_handles():
                control.press("End")
            after = state(view)
            assert all(a != b for a, b in zip(before, after, strict=True))
            assert not view.locator(".live-still").is_visible()
        letter, words = (page.locator(place).first for place in (".live-in-f", ".live-sentence"))
        color = "(node) => getComputedStyle(node).color"
        assert letter.evaluate(color) != words.evaluate(color)  # though no style attribute holds
        assert not [text for text in refused if "live/" in text or "blob:" in text]
        refused_scripts = [text for text in refused if "inline script" in text]
        assert len(refused_scripts) <= inline
        page.close()


def test_a_page_carries_each_module_once(book):
    for name in ("index", "twins"):
        script = (book / "_static" / "live" / f"{name}.js").read_text(encoding="utf-8")
        marks = re.findall(r"//# module: (\S+?)\n", script)
        assert len(marks) == len(set(marks)) and "math.js" in marks
        assert "//# module" not in (book / f"{name}.html").read_text(encoding="utf-8")


@pytest.mark.built
def test_a_widget_that_cannot_be_drawn_stops_the_build(tmp_path):
    done = build(
        tmp_path, {"index": ["import ipywidgets\nipywidgets.Button(description='dead')"]}, "-W"
    )
    assert done.returncode != 0
    assert re.search("index.*cannot draw the widget ButtonModel", done.stderr)


def test_widgets_that_are_not_ours_live_too(open_page, home):
    page = open_page(f"{home}/others.html")
    views = page.locator(".live-view")
    dial, lamp = page.get_by_role("slider", name="dial"), views.get_by_text(" lx")
    assert lamp.inner_text() == "0.5 lx"
    dial.press("End")
    assert lamp.inner_text() == "2 lx"
    page.get_by_role("checkbox", name="on").check()
    assert page.get_by_role("checkbox", name="copy").is_checked()
    page.get_by_role("checkbox", name="copy").uncheck()
    assert page.get_by_role("checkbox", name="on").is_checked()  # the link goes one way
    pick, place = page.get_by_role("combobox"), page.get_by_role("slider", name="place (cm)")
    pick.select_option("two")
    assert place.get_attribute("aria-valuetext") == "1 cm"
    place.press("Home")
    assert pick.input_value() == "one"
    assert views.get_by_text("said <b>plainly</b>").is_visible()


# The book itself.


@pytest.fixture(scope="module")
def live_pages(pytestconfig, site):
    names = pytestconfig.getoption("visit") or bench.read_pages(site)
    paths = [site / name for name in names]
    found = [path for path in paths if 'class="live-view' in path.read_text(encoding="utf-8")]
    assert found
    return found


@pytest.mark.alone
def test_a_slowed_page_answers_within_ten_times_what_is_aimed_at(browser, live_pages):
    """`make bench-page` measures; this only notices what went wrong by a whole order."""
    seen = set()
    for path in live_pages:
        _, drags, loads, _ = bench.measure(browser, path.as_uri(), runs=1, steps=2)
        seen |= set(drags)
        for kind, costs in drags.items():
            assert bench.tail(costs) <= 10 * bench.AIMS["drag"], (path.name, kind)
        assert min(load["answer"] for load in loads) <= 10 * bench.AIMS["answer"], path.name
    assert seen == set(KINDS)


@pytest.mark.alone
@pytest.mark.parametrize("width", [360, 1280])
def test_hardly_anything_moves_on_a_page_of_the_book(browser, live_pages, width):
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        pages = {path.name: context.new_page() for path in live_pages}
        for path in live_pages:
            watch_shifts(pages[path.name], f"file://{path}")
        context.pages[-1].wait_for_timeout(500)  # the others have been open for longer
        for name, page in pages.items():
            assert sum(page.evaluate("moved")) < 0.02, name


def test_all_scripts_of_ours_on_a_page_are_small(site, live_pages):
    """At most 60 KB uncompressed: the reader, what it reads, and the site's own script."""
    names = ("live/page.js", "first.js", "site.js")
    always = sum((site / "_static" / name).stat().st_size for name in names)
    for path in live_pages:
        assert always < bench.own_scripts(path) <= 60_000, path.name


@pytest.fixture(scope="module", params=["http", "file"])
def book_home(request, site, serve):
    return serve(site) if request.param == "http" else site.as_uri()


def test_every_slider_of_the_book_lives(open_page, book_home, site, live_pages):
    for path in live_pages:
        page = open_page(f"{book_home}/{path.relative_to(site).as_posix()}")
        for view in page.locator(".live-view").all():
            walk = view.get_by_role("button", name="Whole way", exact=True)
            for control in view.get_by_role("slider").element_handles():
                if walk.count():  # a gate shut or open to its end stops what comes by the others
                    view.get_by_role("button", name="Reset", exact=True).click()
                    walk.click()
                control.press("Home")
                before = state(view)
                control.press("End")
                assert all_changed(before, state(view)), (path.name, control.get_attribute("id"))


@pytest.mark.parametrize("look", LOOKS)
def test_every_slider_of_the_book_is_in_sight(seen, look):
    assert {
        name: found for name, page in seen(look).items() if len(set(found := page["sliders"])) > 1
    } == {}


@pytest.mark.parametrize("look", LOOKS)
def test_the_book_has_at_least_thirty_sliders_in_sight(seen, look):
    assert sum(page["sliders"][0] for page in seen(look).values()) >= 30
