"""A stored picture is the one that its notebook draws: every pixel is compared with the run that the built book shows.

Both pictures of an output are, the wide one and the narrow one in its metadata. Files are read, nothing is run.

Another processor rounds otherwise, and a picture's 256 colors are then chosen a little otherwise: without its widest
arithmetic, and as a machine with AVX2 alone, this one drew no pixel of any steady picture more than 14 levels away.
A pair of short names exchanged is 280 pixels that are more than 32 levels away, a curve of the thinnest diagram moved
by 2 % of its axis 130, one pale line of a bundle in the nearest other color of the book 23.
"""

import base64
import io
import json
from functools import partial

import numpy as np
import outputs
import pytest
from compared import run_of
from PIL import Image

from lib import plots
from lib.colors import COLORS
from lib.plots.style import pyplot

LEVELS, PIXELS = (
    32,
    12,
)  # a picture is another one if more pixels than these are farther away in a channel
UNSTEADY = {  # what two processors draw each in its way, and why
    "fig-bp-width": "left of its minimum the error is rounding, and that is what it shows",
    "fig-bp-training": "an RNN that learns or not by a rounding has other gradients afterward",
}
SHARE = 0.05  # of an unsteady picture's pixels may be away where rounding is another; measured: at most 0.03


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def pictures(notebook):
    """(the figure's name or its cell, the paper): (the picture, what is told of its size) of every output."""
    found = {}
    for number, cell in enumerate(notebook["cells"]):
        name = cell["metadata"].get("mystnb", {}).get("figure", {}).get("name", f"cell {number}")
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                told = dict(output["metadata"]["image/png"])
                narrow = dict(told.pop("narrow"))
                wide, slim = output["data"]["image/png"], narrow.pop("image/png")
                assert (name, "wide") not in found, f"two pictures of one name: {name}"
                found[name, "wide"] = "".join(wide), told
                found[name, "narrow"] = "".join(slim), narrow
    return found


STORED = {path: pictures(read(path)) for path in outputs.notebooks()}
STORED = {path: found for path, found in STORED.items() if found}


def decoded(picture):
    png = Image.open(io.BytesIO(base64.b64decode(picture)))
    return np.asarray(png.convert("RGB")).astype(np.int16)


def away(one, other):
    """How many pixels of two pictures are another color to the eye; all of them, if their sizes differ."""
    if one.shape != other.shape:
        return max(one.size, other.size)
    return int((np.abs(one - other).max(axis=2) > LEVELS).sum())


@pytest.fixture(scope="module")
def drawn(site):
    """{notebook: its pictures, as the run of the build drew them}."""
    return {path: pictures(run_of(path, site)) for path in STORED}


@pytest.fixture(scope="module")
def rounding(drawn):
    """Whether the build rounds otherwise than where the pictures were stored: a steady picture differs in anything."""
    return any(
        away(decoded(picture), decoded(drawn[path][key][0])) <= PIXELS
        for path, found in STORED.items()
        for key, (picture, _) in found.items()
        if key[0] not in UNSTEADY and outputs.bare_png(drawn[path][key][0]) != picture
    )


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_picture_is_the_one_of_the_fresh_run(path, drawn, rounding):
    assert STORED[path].keys() == drawn[path].keys()
    for (name, paper), (picture, told) in STORED[path].items():
        fresh, fresh_told = drawn[path][name, paper]
        assert told == fresh_told, (name, paper)
        if outputs.bare_png(fresh) == picture:
            continue
        one, other = decoded(picture), decoded(fresh)
        room = SHARE * one[..., 0].size if name in UNSTEADY and rounding else PIXELS
        far = away(one, other)
        assert far <= room, f"{name}, {paper}: another picture; see tools/outputs.py"


def test_what_is_unsteady_is_a_figure_of_the_book():
    for path, found in STORED.items():
        drawn_by = [cell for cell in read(path)["cells"] if cell["cell_type"] == "code"]
        told = [
            cell["metadata"].get("mystnb", {}).get("figure", {}).get("name") for cell in drawn_by
        ]
        assert {(name, paper) for name in told if name for paper in ("wide", "narrow")} <= set(
            found
        )
    assert len(STORED) > 5 and sum(map(len, STORED.values())) >= 98
    assert set(UNSTEADY) <= {name for found in STORED.values() for name, _ in found}


# Planted in a drawing: what has to be another picture, and what has not.

COUNTED = 8 * (1 - 0.7 ** np.arange(9))


def two_lines(names=("c", "h"), moved=0.0, ink="c", data=COUNTED):
    _, ax = plots.panels(height=2.9)
    plots.draw(ax, ink, np.arange(9), data + moved * 8.4, f"${names[0]}_t$")
    plots.draw(ax, "h", np.arange(9), np.arange(9) / 2, f"${names[1]}_t$", ls="--")
    ax.set(xlabel="step t", ylabel="state", xlim=(0, 8), ylim=(0, 8.4))
    plots.label_ends(ax)


def seen(**options):
    """The figure as it is stored, on wide paper and on narrow."""
    found = []
    for narrow in False, True:
        figure = plots.drawn(partial(two_lines, **options), narrow)
        found.append(decoded(base64.b64encode(plots.png(figure))))
        pyplot().close(figure)
    return found


@pytest.fixture(scope="module")
def right():
    return seen()


PLANTED = {
    "two names exchanged": dict(names="hc"),
    "another letter": dict(names="oh"),
    "a line moved by 2 %": dict(moved=0.02),
    "the color of another state": dict(ink="n"),  # of the book's colors the nearest
    "another line": dict(data=COUNTED[::-1]),
    "a step too early": dict(data=np.append(COUNTED[1:], COUNTED[-1])),
}


@pytest.mark.parametrize("options", PLANTED.values(), ids=PLANTED)
def test_what_a_reader_would_see_is_another_picture(right, options):
    for one, other in zip(right, seen(**options), strict=True):
        assert away(one, other) > 10 * PIXELS


def test_a_picture_of_another_size_is_another_picture(right):
    wide, narrow = right
    assert away(wide, narrow) > 10 * PIXELS and away(wide, wide[1:]) > 10 * PIXELS


def test_a_rounding_in_the_data_leaves_the_picture_as_it_is(right):
    close = COUNTED * (1 + 1e-9 * np.sin(np.arange(9)))
    assert [away(*pair) for pair in zip(right, seen(data=close), strict=True)] == [0, 0]


def test_no_two_colors_of_the_book_are_nearer_than_what_is_told_apart():
    inks = [np.array([*bytes.fromhex(ink[1:])], int) for ink in COLORS.values()]
    apart = [np.abs(a - b).max() for k, a in enumerate(inks) for b in inks[:k]]
    assert min(apart) > LEVELS + 8
