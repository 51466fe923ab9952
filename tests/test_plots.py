"""The helpers that every figure is made with."""

import io

import matplotlib.pyplot as plt
import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lib import plots
from lib.colors import COLORS

places = st.lists(st.floats(0, 1), max_size=8).map(sorted)


@given(places, st.floats(0.01, 0.5))
def test_labels_are_spread_until_none_overlaps(places, step):
    moved = plots.spread(places, step)
    assert all(b - a >= step - 1e-9 for a, b in zip(moved, moved[1:], strict=False))
    assert np.isclose(np.mean(moved or [0]), np.mean(places or [0])), "as a whole they stay"


@given(places)
def test_labels_that_have_room_stay_where_they_are(places):
    apart = [place + 2 * k for k, place in enumerate(places)]
    assert np.allclose(plots.spread(apart, 1.0), apart)


def test_every_named_line_has_its_label_at_its_end_in_its_color():
    figure, ax = plots.panels()
    for letter in "fio":
        plots.draw(ax, letter, [0, 1], [0, 0.5], name=letter)
    ax.plot([0, 1], [1, 1])
    ax.set(xlim=(0, 1), ylim=(0, 1))
    plots.label_ends(ax)
    assert {text.get_text(): text.get_color() for text in ax.texts} == {
        letter: COLORS[letter] for letter in "fio"
    }
    plt.close(figure)


def test_a_saved_picture_is_sharp_small_and_true_in_color():
    figure, ax = plots.panels(height=2)
    plots.draw(ax, "f", np.arange(30), np.sin(np.arange(30) / 5))
    saved = plots.png(figure)
    plt.close(figure)
    image = Image.open(io.BytesIO(saved))
    assert image.size == (round(plots.WIDTH * plots.DOTS), 2 * plots.DOTS)
    assert len(saved) < 60_000
    colors = {color for _, color in image.convert("RGB").getcolors()}
    assert tuple(bytes.fromhex(COLORS["f"][1:])) in colors and (255, 255, 255) in colors
