"""The helpers that every figure is made with."""

import importlib
import inspect
import io
import pkgutil
import re
import subprocess
import sys

import matplotlib.pyplot as plt
import numpy as np
import outputs
import pytest
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


@pytest.mark.parametrize(
    ("kind", "lit"),
    [("lstm", "z"), ("lstm", ""), ("lstm", ["f"]), ("lstm", 1), ("gru", "z"), ("rnn", "h")],
)
def test_a_part_that_a_wiring_does_not_have_is_refused(kind, lit):
    known = "one of 'f', 'i', 'o', 'g', 'c'" if kind == "lstm" else f"None for '{kind}'"
    with pytest.raises(ValueError, match=re.escape(f"lit must be {known}, got {lit!r}")):
        plots.cell_diagram(kind, lit=lit)


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


def in_a_fresh_process(code):
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, encoding="utf-8"
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.split()


def test_matplotlib_comes_with_the_first_figure_and_not_with_the_import():
    met = "print(*(name for name in ('matplotlib', 'PIL') if name in sys.modules), '.')"
    figure = "plots.running_sum(*numpy.eye(4))"
    style = "print(matplotlib.rcParams['axes.titlelocation'], matplotlib.rcParams['font.size'])"
    code = ["import sys, numpy", "from lib import plots", met, figure, "import matplotlib", style]
    assert in_a_fresh_process("\n".join(code)) == [".", "left", "9.5"]


def test_the_package_offers_every_figure_of_its_files_and_each_says_what_it_shows():
    files = [
        importlib.import_module(f"lib.plots.{m.name}") for m in pkgutil.iter_modules(plots.__path__)
    ]
    made = {
        name: thing
        for file in files
        for name, thing in vars(file).items()
        if inspect.isfunction(thing) and thing.__module__ == file.__name__ and name[0] != "_"
    }
    shown = {name for name, thing in made.items() if hasattr(thing, "__wrapped__")}  # @figure
    assert len(files) > 5 and len(shown) > 20
    assert shown <= set(plots.__all__) and len(plots.__all__) == len(set(plots.__all__))
    assert [name for name in plots.__all__ if not hasattr(plots, name)] == []
    assert [name for name, thing in made.items() if not thing.__doc__] == []


@pytest.mark.parametrize("notebook", outputs.notebooks(), ids=lambda path: path.stem)
def test_a_notebook_calls_only_what_the_package_offers(notebook):
    source = notebook.read_text(encoding="utf-8")
    assert set(re.findall(r"\bplots\.(\w+)\(", source)) <= set(plots.__all__)
