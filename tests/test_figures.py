"""Pictures on a phone: the narrow one is loaded there and only there, is seen whole, and its letters can be read."""

import base64
import hashlib
import json
import posixpath

import nbformat
import outputs
import pages as bench
import pytest
from visits import FACTS, LOOKS

from lib import plots
from lib.plots import style
from lib.site.students import solving

PHONE = 360  # pixels
LETTER = 9  # pixels: the size of the type, of an index or exponent, too, where it is the smallest
DRAWN = [
    (f"{path.stem}, cell {number}", output)
    for path in outputs.notebooks()
    for number, cell in enumerate(nbformat.read(path, as_version=4).cells)
    for output in cell.get("outputs", [])
    if "image/png" in output.get("data", {})
]


def size(png):
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])


@pytest.mark.parametrize("where, output", DRAWN, ids=[where for where, _ in DRAWN])
def test_every_stored_figure_has_a_narrow_one_whose_letters_can_be_read(where, output):
    told = output.metadata["image/png"]
    for picture, data in (
        (told, output.data["image/png"]),
        (told.narrow, told.narrow["image/png"]),
    ):
        pixels = size(base64.b64decode(data))
        assert all(abs(a / 2 - b) <= 1 for a, b in zip(pixels, (picture.width, picture.height)))
    assert told.narrow.width <= PHONE - 32 and told.narrow.letter >= LETTER


@pytest.mark.parametrize(
    "words, points, letter",
    [("loss", 9, 9), ("$x$", 9, 9), ("$x_1$", 10, 7), ("a\n$10^{-3}$", 10, 7), (" ", 1, 5)],
)
def test_the_smallest_letter_is_measured_and_not_assumed(words, points, letter):
    figure, ax = plots.panels()
    ax.set_axis_off()
    ax.text(0.5, 0.5, "large", size=5 if words == " " else 20)
    ax.text(0.5, 0.5, words, size=points)
    ax.text(0.5, 0.5, "unseen", size=1, visible=False)
    assert abs(plots.smallest_letter(figure) - letter * 96 / 72) < 1e-6
    style.pyplot().close(figure)


def test_a_figure_is_drawn_for_a_page_and_for_a_phone_and_forgets_which(monkeypatch):
    papers = []

    def draw():
        papers.append(plots.on_narrow())
        _, axes = plots.panels(2, 3, height=4, narrow=5)
        assert axes.shape == (2, 3)

    data, told = plots.pictures(draw)
    assert papers == [False, True] and not plots.on_narrow()
    narrow = told["image/png"]["narrow"]
    assert (told["image/png"]["width"], narrow["width"], narrow["height"]) == (691, 328, 480)
    assert set(data) == {"image/png", "text/plain"} and style.pyplot().get_fignums() == []

    def fails():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        plots.drawn(fails, narrow=True)
    assert not plots.on_narrow()


@pytest.fixture(scope="module")
def made(site):
    """{name of a picture's file: (is it narrow, its width, its smallest letter)}, as the build's runs tell."""
    found = {}
    for path in (site.parent / ".jupyter_cache").rglob("*.ipynb"):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                told = output.get("metadata", {}).get("image/png")
                if told:
                    wide, narrow = output["data"]["image/png"], told["narrow"]
                    found[named(wide)] = False, told["width"], told["letter"]
                    found[named(narrow["image/png"])] = True, narrow["width"], narrow["letter"]
    assert len(found) > 60
    return found


def named(encoded):
    return f"{hashlib.sha256(base64.b64decode(encoded)).hexdigest()}.png"


def names(addresses):
    """Of the files at these addresses."""
    return {posixpath.basename(address.split("?")[0]) for address in addresses}


def opened(page, address):
    """What was asked for by a page, and its pictures."""
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address, wait_until="load")
    return asked, page.evaluate(FACTS["pictures"])


def count_whole(made, name, asked, pictures):
    """How many figures are seen on a phone: whole, in letters that can be read, and no wide one is loaded."""
    seen = 0
    for source, _, width, column in pictures:
        if source and width:
            [file] = names([source])
            narrow, natural, letter = made[file]
            assert narrow and width <= column, (name, file)
            assert letter * width / natural >= LETTER, (name, file, letter * width / natural)
            seen += 1
    wide = {file for file in names(asked) & made.keys() if not made[file][0]}
    assert wide == set(), f"{name}: the wide picture is loaded too"
    return seen


@pytest.mark.parametrize("look", ["phone-light"])
def test_on_a_phone_every_figure_is_whole_and_every_letter_of_it_has_nine_pixels(seen, made, look):
    pages = seen(look).items()
    whole = sum(count_whole(made, name, page["asked"], page["pictures"]) for name, page in pages)
    assert whole == sum(map(figures_of, outputs.notebooks())) > 30


def figures_of(path):
    """How many figures a notebook's page shows: those of solutions are folded, and explorers live."""
    cells = nbformat.read(path, as_version=4).cells
    shown = [cell for number, cell in enumerate(cells) if number not in solving(cells)]
    return sum(
        "plots." in cell.source and "image/png" in str(cell.get("outputs")) for cell in shown
    )


def test_on_a_phone_without_scripts_every_figure_is_whole_too(browser, site, made):
    whole, screen = 0, {"width": LOOKS["phone-light"].width, "height": 800}
    with browser.new_context(java_script_enabled=False, viewport=screen) as context:
        for name in bench.read_pages(site):
            page = context.new_page()
            whole += count_whole(made, name, *opened(page, (site / name).as_uri()))
            page.close()
    assert whole > 48


@pytest.mark.parametrize("width, media", [(1280, "screen"), (593, "screen"), (PHONE, "print")])
def test_elsewhere_and_on_paper_the_wide_one_is_loaded_alone(browser, site, made, width, media):
    address = (site / "chapters" / "01_rnn_recap.html").as_uri()
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.emulate_media(media=media)
    asked, pictures = opened(page, address)
    page.close()
    met = [made[file] for file in names(asked) & made.keys()]
    assert len(met) >= 10 and not any(narrow for narrow, *_ in met)
    assert all(drawn <= column for source, _, drawn, column in pictures if source)


def test_a_figure_has_one_alternative_text(site):
    for name in ("chapters/01_rnn_recap.html", "intro.html"):
        text = (site / name).read_text(encoding="utf-8")
        pictures = text.split("<picture>")[1:]
        assert pictures
        for picture in (part.split("</picture>")[0] for part in pictures):
            assert picture.count("<source") == picture.count("<img") == picture.count(" alt=") == 1
