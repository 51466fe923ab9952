"""Python in the built pages, in Chromium: what a reader does with the buttons, and each cell of each notebook once."""

import base64
import io
import re
from contextlib import contextmanager

import numpy as np
import outputs
import pages as bench
import pytest
import visits
from PIL import Image

from lib.page.sphinx import shown_cells

CHAPTER = "chapters/01_rnn_recap"
LONG = 60_000  # milliseconds: a busy machine takes many times what a quiet one does
UNFOLD = """() => {
  for (const check of document.querySelectorAll("details")) check.open = true;
  for (const solution of document.querySelectorAll(".toggle-hidden")) solution.classList.remove("toggle-hidden");
}"""
BOX = "article div.cell > div.cell_input"


@pytest.fixture(scope="session")
def buttons(site, page_python):
    """The built pages, that have Python."""
    return site


class Reader:
    """A page, and the hand of who reads it."""

    def __init__(self, page):
        self.page, self.wrong, self.asked = page, [], []
        page.set_default_timeout(LONG)
        page.on("request", lambda request: self.asked.append(request.url))

    def goto(self, base, name=CHAPTER):
        visits.listen(self.page, base, self.wrong.append)
        self.page.goto(f"{base}/{name}.html")
        self.page.wait_for_selector(".run-button")
        self.page.evaluate(UNFOLD)
        return self

    def cell(self, text):
        """The first cell with this text in its code, as it stands now; it stays the same when that is changed."""
        sources = self.page.evaluate(
            f"[...document.querySelectorAll('{BOX} pre')].map((pre) => pre.textContent)"
        )
        (number,) = [n for n, source in enumerate(sources) if text in source][:1]
        return Cell(self.page, self.page.locator("article div.cell:has(> .cell_input)").nth(number))


class Cell:
    """A cell of the page."""

    def __init__(self, page, box):
        self.page, self.box = page, box
        self.code = box.locator(".cell_input pre").first
        self.editor = box.locator("textarea")
        self.status = box.locator(".run-bar").get_by_role("status")
        self.output = box.get_by_role("region", name="Your output")

    def button(self, name):
        return self.box.locator(".run-bar").get_by_role("button", name=name, exact=True)

    def edit(self, text):
        if not self.editor.count():
            self.code.click()
        self.editor.fill(text)
        return self

    def run(self, ends="done"):
        self.button("Run").click()
        return self.wait(ends)

    def wait(self, ends="done"):
        """Wait until the cell says this."""
        said = "([node, words]) => node.textContent.includes(words)"
        self.page.wait_for_function(said, arg=[self.status.element_handle(), ends])
        return self

    @property
    def text(self):
        return (
            self.output.inner_text().removeprefix("Your output").strip()
            if self.output.count()
            else None
        )


@pytest.fixture(scope="module")
def opened(browser, served, buttons):
    """Chapter 1, on which the tests below do one thing after the other."""
    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        yield Reader(context.new_page()).goto(served)


@pytest.fixture
def reader(opened):
    """That page, whose cells are the book's again after each test."""
    yield opened
    reset = opened.page.locator(".run-bar").get_by_role("button", name="Reset", exact=True)
    while reset.count():
        reset.first.click()


# Before the first press.


def test_before_the_first_press_there_are_the_buttons_and_nothing_else(reader, buttons):
    loaded = [url for url in reader.asked if "/_static/page/" in url]
    assert len(loaded) == 1 and "/run.js" in loaded[0]
    page = (buttons / f"{CHAPTER}.html").read_text(encoding="utf-8")
    (tag,) = re.findall(r"<script[^>]*page/run\.js[^>]*>", page)
    weight = len(tag) + (buttons / "_static/page/run.js").stat().st_size
    assert weight + len((bench.SITE.parents[1] / "lib/page/run.css").read_bytes()) < 10_000


def test_every_code_cell_has_a_button_that_says_which_cell_it_runs(reader):
    found = reader.page.locator(BOX)
    source = outputs.ROOT / f"{CHAPTER}.ipynb"
    assert found.count() == len(shown_cells(source))
    named = reader.page.evaluate(
        f"[...document.querySelectorAll('{BOX}')].map((box) => [...box.querySelectorAll('button.run-button')]"
        ".map((button) => [button.textContent, button.title]))"
    )
    assert all([name for name, _ in cell] == ["Run"] for cell in named)
    assert [cell[0][1].split(":")[0] for cell in named] == [
        f"Cell {n + 1}" for n in range(len(named))
    ]


# Running.


def test_a_cell_runs_after_those_that_it_needs_and_shows_what_the_book_shows(reader):
    cell = reader.cell("print(h.round(3))").run("done; ")
    assert "ran first" in cell.status.inner_text()
    stored = cell.box.locator(".cell_output pre").first.inner_text().strip()
    assert cell.text == stored
    for name in ("Run", "Reset", "Start again"):
        assert cell.button(name).is_visible()
    assert not cell.button("Stop").count()
    assert reader.wrong == []


def test_nothing_of_figures_is_asked_for_before_one_is_drawn(reader):
    assert any("/numpy.zip." in url for url in reader.asked)
    assert not any("/figures.zip." in url for url in reader.asked)


def test_a_figure_is_drawn_as_large_as_in_the_book(reader):
    cell = reader.cell('plots.cell_diagram("rnn")').run()
    drawn, stored = cell.output.locator("img"), cell.box.locator(".cell_output img").first
    assert drawn.bounding_box()["width"] == pytest.approx(stored.bounding_box()["width"], abs=1)
    assert drawn.get_attribute("alt") == stored.get_attribute("alt")
    assert any("/figures.zip." in url for url in reader.asked)


def test_code_is_edited_in_its_place_and_reset(reader):
    cell = reader.cell("print(h.round(3))")
    before = cell.code.inner_html()
    cell.edit("print(2 + 3)").editor.press("Control+Enter")
    cell.wait()
    assert cell.text == "5" and not cell.code.is_visible()
    cell.editor.press("Escape")
    assert cell.code.inner_text().strip() == "print(2 + 3)"
    cell.button("Reset").click()
    assert cell.code.inner_html() == before and cell.text is None


def test_the_keyboard_opens_code_writes_and_leaves(reader):
    cell, page = reader.cell("print(h.round(3))"), reader.page
    cell.code.focus()
    page.keyboard.press("Enter")
    assert cell.editor.evaluate("(node) => node === document.activeElement")
    assert (
        "Esc, then Tab"
        in page.locator(f"#{cell.editor.get_attribute('aria-describedby')}").inner_text()
    )
    page.keyboard.press("Control+End")
    page.keyboard.type("\nfor k in range(2):\nprint(k)")
    assert cell.editor.input_value().endswith("for k in range(2):\n    print(k)")
    page.keyboard.press("Control+z")
    assert not cell.editor.input_value().endswith("print(k)")
    page.keyboard.press("Tab")
    assert not cell.editor.evaluate("(node) => node === document.activeElement")
    cell.editor.focus()
    page.keyboard.press("Escape")
    assert cell.code.evaluate("(node) => node === document.activeElement")
    page.keyboard.press("Tab")
    assert cell.box.evaluate("(box) => !box.querySelector('pre').contains(document.activeElement)")
    cell.button("Reset").click()


def test_what_stands_on_an_edited_cell_is_run_again(reader):
    hand, below = reader.cell("hand = rnn.Params("), reader.cell("W_hand = hand.W[:, 1:]")
    code = hand.code.inner_text().replace("0.3, 0.6, -0.9", "0.3, 0.6, -0.8")
    hand.edit(code)
    below.run()
    assert "This check no longer holds: this small W_h has the form" in below.text
    assert "✓ it turns every vector by" in below.text  # it stopped nothing
    assert hand.text  # an edited cell shows what it did
    hand.button("Reset").click()
    below.run()
    assert "no longer" not in below.text


def test_a_judge_judges_what_the_reader_writes(reader):
    cell = reader.cell("judge.rnn_step(step)").run()
    assert "still to be written" in cell.text
    head = "def step(W, b, x_t, h):\n    return "
    for line, words in [
        ("np.tanh(W @ np.concatenate([x_t, h]) + b)", "Right: step agrees with lib"),
        ("None", "nothing comes back"),
        ("[0 for _ in iter(int, 1)]", "does not come to an end"),
    ]:
        assert words in cell.edit(f"{head}{line}\n\n\njudge.rnn_step(step)").run().text
    cell.button("Reset").click()


def test_the_books_explorer_stays_and_an_edited_cell_has_its_own(reader):
    cell = reader.cell("live.fading_memory()")
    book = cell.box.locator(".cell_output .live-view")
    book.get_by_role("slider").first.press("End")
    cell.run()
    assert book.get_by_role("slider").first.input_value() == "0.9"  # the cell's value again
    assert "The explorer above" in cell.text and not cell.output.locator(".live-view").count()
    cell.edit("lab = live.fading_memory(w=0.5, gap=7)\nlab").run()
    own = cell.output.get_by_role("slider")
    own.first.wait_for()
    assert [own.nth(k).input_value() for k in (0, 1)] == ["0.5", "7"]
    own.nth(1).press("End")
    later = reader.cell("print(h.round(3))").edit("print(lab.gap, lab.w)").run()
    assert later.text == "40 0.5"
    cell.edit("live.fading_memory(gap=500)").button("Run").click()
    cell.output.locator(".run-error").wait_for()
    assert "gap must be a whole number from 1 to 40" in cell.text
    later.button("Reset").click()
    cell.button("Reset").click()


def test_an_error_shows_the_readers_own_lines(reader):
    cell = reader.cell("print(h.round(3))").edit(
        "def f(x):\n    return rnn.forward(hand, x)\n\n\nf(3)"
    )
    cell.button("Run").click()
    cell.output.locator(".run-error").wait_for()
    assert (
        cell.text.count('File "') == 2
        and "rnn.py" not in cell.text
        and "return rnn.forward(hand, x)" in cell.text
    )
    cell.button("Reset").click()


ODD = {  # what a reader may write, and what is told
    "import os\nprint(os.getcwd())": "/book/chapters",
    "input('name? ')": "This page cannot ask for input",
    "import torch": "This page has no torch",
    "": "there is nothing to show",
    "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nNone": "",
    "raise MemoryError": "Start again empties it",
    "import inspect\nprint(inspect.getsource(rnn.step)[:9])": "def step(",
    "import urllib.request\nurllib.request.urlopen('http://example.org')": "Error",
}


@pytest.mark.parametrize("code", ODD)
def test_whatever_a_reader_writes_is_answered(reader, code):
    cell = reader.cell("print(h.round(3))").edit(code)
    cell.button("Run").click()
    cell.button("Stop").wait_for(state="detached")
    assert ODD[code] in cell.text
    cell.button("Reset").click()


def test_a_million_lines_leave_the_page_alive(reader):
    cell = reader.cell("print(h.round(3))").edit("for k in range(1_000_000):\n    print(k)").run()
    assert (
        cell.text.startswith("0\n1\n2")
        and cell.text.endswith("999999")
        and len(cell.text) < 250_000
    )
    cell.button("Reset").click()


def test_two_quick_presses_are_one_and_two_cells_wait_for_each_other(reader):
    first, second = reader.cell("print(h.round(3))"), reader.cell("W_hand = hand.W[:, 1:]")
    first.edit("import time\ntime.sleep(9)\nprint(1)")
    first.button("Run").dblclick()
    second.button("Run").click()
    assert "waits for cell" in second.status.inner_text()
    first.wait()
    second.wait()
    assert first.text == "1"
    first.button("Reset").click()


def test_stop_ends_an_endless_loop_and_the_next_run_builds_the_variables_again(reader):
    cell = reader.cell("print(h.round(3))").edit("x = 0\nwhile True:\n    x += 1")
    cell.button("Run").click()
    cell.wait("running")
    press = "(stop) => { const bar = stop.parentElement; stop.click(); return bar.innerText; }"
    assert "Stopped." in cell.button("Stop").evaluate(press)  # at once
    assert "gone" in cell.status.inner_text() and cell.button("Run").evaluate(
        "(b) => b === document.activeElement"
    )
    cell.button("Reset").click()
    cell.run("ran first")
    assert cell.text == cell.box.locator(".cell_output pre").first.inner_text().strip()


def test_start_again_empties_the_variables(reader):
    cell = reader.cell("print(h.round(3))")
    cell.edit("left_here = 1").run()
    cell.button("Start again").click()
    cell.wait("Emptied")
    cell.edit("print('left_here' in globals())").run()
    assert cell.text == "False"
    cell.button("Reset").click()


def test_a_page_that_ran_shuts_nobody_out(reader):
    cell = reader.cell("print(h.round(3))").edit("print(1)\nassert 1 == 2\n1 / 0")
    cell.button("Run").click()
    cell.output.locator(".run-error").wait_for()
    page = reader.page
    assert visits.shut_out(page) == []
    page.emulate_media(media="print")
    assert not page.locator(".run-bar:visible, .run-output:visible, textarea:visible").count()
    page.emulate_media(media="null", forced_colors="active")
    edge = "(node) => getComputedStyle(node).borderTopStyle"
    assert cell.button("Run").evaluate(edge) == "solid"
    page.emulate_media(forced_colors="null")
    page.set_viewport_size({"width": 360, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})
    cell.button("Reset").click()


def test_the_page_has_asked_no_other_host_and_said_nothing_wrong(reader):
    assert reader.wrong == []


# Where it may not run, and where it comes from.


@contextmanager
def visitor(browser, base, name=CHAPTER, before="", **options):
    with browser.new_context(**options) as context:
        page = context.new_page()
        if before:
            page.add_init_script(before)
        yield Reader(page).goto(base, name)


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ("delete window.WebAssembly", "it has no WebAssembly"),
        (
            "window.Worker = class { constructor() { throw new Error() } }",
            "it lets no worker start",
        ),
        ("delete window.DecompressionStream", "it has no WebAssembly"),
    ],
)
def test_where_it_is_refused_one_sentence_says_so(browser, served, buttons, before, why):
    with visitor(browser, served, "intro", before) as reader:
        cell = reader.cell("params = lstm.init_params(").run("does not let a page run Python")
        assert why in cell.status.inner_text() and cell.text is None
        assert not cell.button("Stop").count()


STRICT = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self'"
)


WORKERS = "; worker-src blob:"


@pytest.mark.parametrize(
    ("more", "runs"), [("", False), (WORKERS, False), (" 'wasm-unsafe-eval'" + WORKERS, True)]
)
def test_a_hosts_policy_is_told_of_or_obeyed(browser, buttons, more, runs):
    with bench.served(buttons, headers={"Content-Security-Policy": STRICT + more}) as address:
        with visitor(browser, address, "intro") as reader:
            cell = reader.cell('says("a bias of 1 makes')
            cell.run("done" if runs else "does not let a page run Python")


def test_it_runs_from_a_folder(browser, buttons):
    with visitor(browser, buttons.as_uri(), "intro") as reader:
        cell = reader.cell("live.lstm_step()").edit("live.lstm_step(f=0.25)").run()
        cell.output.get_by_role("slider").first.wait_for()
        assert cell.output.get_by_role("slider").first.input_value() == "0.25"
        assert reader.wrong == []


def test_an_explorer_is_drawn_on_a_page_that_has_none_as_well(browser, served, buttons):
    with visitor(browser, served, "appendix/rosetta") as reader:
        cell = (
            reader.cell("import numpy as np")
            .edit("from lib import live\nlive.gru_step(z=0.25)")
            .run()
        )
        slider = cell.output.get_by_role("slider").first
        slider.wait_for()
        before = cell.output.locator(".live-equation").inner_text()
        slider.press("End")
        assert (
            slider.input_value() == "1"
            and cell.output.locator(".live-equation").inner_text() != before
        )
        assert reader.wrong == []


def test_a_file_that_is_missing_is_told(browser, served, buttons):
    with visitor(browser, served, "intro") as reader:
        reader.page.route("**/numpy.zip.1.js", lambda route: route.abort())
        cell = reader.cell("params = lstm.init_params(").run(
            "a file of this copy of the book is missing"
        )
        reader.page.unroute("**/numpy.zip.1.js")
        cell.run()


def test_leaving_while_it_loads_and_coming_back_is_no_harm(browser, served, buttons):
    with visitor(browser, served, "intro") as reader:
        cell = reader.cell("params = lstm.init_params(")
        cell.button("Run").click()
        cell.wait("Python is")
        reader.page.goto(f"{served}/chapters/01_rnn_recap.html")
        reader.page.go_back()
        reader.page.wait_for_selector(".run-button")
        reader.page.evaluate(UNFOLD)
        assert cell.run().text == "It ran, and there is nothing to show."


# Each cell once.

ALL = """() => {
  window.found = []; window.over = false;
  const over = /^(done|ended|Cell|Stopped|This browser|Python could)/;
  (async () => {
    for (const input of document.querySelectorAll("BOX")) {
      input.querySelector(".run-button").click();
      const said = input.querySelector(".run-said");
      while (!over.test(said.textContent)) {
        input.querySelector(".run-question button")?.click();
        await new Promise((done) => setTimeout(done, 20));
      }
      const box = input.parentElement.querySelector(".run-output");
      const all = (kinds) => [...(box?.querySelectorAll(kinds) ?? [])];
      found.push({
        said: said.textContent,
        text: all(".run-out, .run-err").map((part) => part.textContent).join(""),
        wrong: all(".run-error, .run-check").map((part) => part.textContent).join(""),
        pictures: all("img").map((picture) => picture.src.split(",")[1]),
      });
    }
    window.over = true;
  })();
}""".replace("BOX", BOX)

# Cells whose text is another in the page, by their identifiers, each with its reason.
OTHERWISE = {
    "trained-phase": "training tips by the last digits, in which products of matrices differ from machine to machine",
    "bp-healthy": "how far differences are off is itself such a last digit",
}


def stored(cell):
    """The text of a cell's outputs, and its pictures that are no explorer's."""
    text, pictures = "", []
    for output in cell.outputs:
        data = output.get("data", {})
        text += output.get("text", "") + (
            "" if "image/png" in data else data.get("text/plain", "") + "\n" * bool(data)
        )
        pictures += [data["image/png"]] if output.output_type == "display_data" else []
    return text, pictures


@pytest.mark.parametrize("path", outputs.notebooks(), ids=lambda path: path.stem)
def test_every_cell_of_a_notebook_gives_in_the_page_what_is_stored(browser, served, buttons, path):
    import nbformat

    names = shown_cells(path)
    cells = {cell.id: cell for cell in nbformat.read(path, as_version=4).cells}
    with visitor(
        browser, served, path.relative_to(outputs.ROOT).with_suffix("").as_posix()
    ) as reader:
        reader.page.evaluate(ALL)
        reader.page.wait_for_function("window.over", polling=500, timeout=1_800_000)
        found = reader.page.evaluate("window.found")
    assert len(found) == len(names)
    other = []
    for name, told in zip(names, found, strict=True):
        text, pictures = stored(cells[name])
        alike = len(pictures) == len(told["pictures"]) and all(
            map(drawn_alike, pictures, told["pictures"])
        )
        if told["text"] != text or told["wrong"] or not alike:
            known = OTHERWISE.get(name)
            if not known or told["wrong"]:
                other.append((cells[name].source[:80], text, told["text"], told["wrong"], alike))
    assert other == []
    assert reader.wrong == []


COARSE = 24  # pixels of a page: in squares of this size another version's letters and ticks are the same grey


def drawn_alike(one, other):
    """Whether two pictures (base64) have one size and, in coarse squares, the same colors."""
    grids = []
    for picture in (one, other):
        image = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
        size = max(1, image.width // (2 * COARSE)), max(1, image.height // (2 * COARSE))
        grids.append((image.size, np.asarray(image.resize(size, Image.BOX), float)))
    (size, grid), (other_size, other_grid) = grids
    return size == other_size and np.abs(grid - other_grid).max() < 20


def test_another_picture_is_not_taken_for_it():
    import nbformat

    cells = nbformat.read(outputs.ROOT / f"{CHAPTER}.ipynb", as_version=4).cells
    pictures = [
        picture for cell in cells if cell.cell_type == "code" for picture in stored(cell)[1]
    ]
    assert len(pictures) > 5
    for k, one in enumerate(pictures):
        assert [drawn_alike(one, other) for other in pictures] == [
            n == k for n in range(len(pictures))
        ]
