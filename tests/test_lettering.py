"""What a figure letters is asked of what it draws: names, titles, numbers, axes with their units, ends of arrows.

The drawing is read as its reader reads it, by the places of its letters, and compared with the data (sheets.py has
both). Where a name is on the sheet is a fact here; its size, a line's width, a figure's height are not.
picture_faults.py plants what each test has to see.
"""

import re
from functools import cache, partial

import drawings
import matplotlib.pyplot as plt
import numpy as np
import pytest
import sheets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex
from matplotlib.patches import Circle, FancyBboxPatch, Rectangle
from sheets import (
    Circuit,
    along,
    axis_label,
    color,
    curve,
    extent,
    from_box,
    inside,
    letter,
    letters,
    lines,
    look,
    named_road,
    panel,
    panels,
    pixels,
    place,
    roads,
    said,
    same,
    sheet,
    ticks,
)

from lib import live, lstm, plots, tasks, train
from lib.activations import sigmoid
from lib.colors import COLORS
from lib.live import runs, static
from lib.losses import softmax

both = pytest.mark.parametrize("paper", ["wide", "narrow"])


def test_every_figure_of_the_package_and_every_still_is_asked_here():
    figures = {name for name in plots.__all__ if hasattr(getattr(plots, name), "__wrapped__")}
    asked = {re.match(r"\w+", name)[0] for name in sheets.SHEETS}
    assert asked - {"coupled_wiring"} == figures and len(figures) > 20
    wirings = {"lstm_step", "gru_step", "step_back"}
    assert set(sheets.STILLS) | wirings == set(static.DRAW)


# What every figure is asked.


def shown(ax):
    """What a panel shows, wherever it lies on the sheet: its title, and each thing with its color and its data."""
    found = [("title", said(None, ax))]
    for line in ax.lines:
        found.append((*look(line), line.get_marker(), *listed(line.get_xydata())))
    for patch in ax.patches:
        box = patch.get_path().transformed(patch.get_patch_transform()).vertices
        found.append((type(patch).__name__, to_hex(patch.get_facecolor()), *listed(box)))
    for many in ax.collections:
        for path in many.get_paths():
            found.append(("many", *listed(many.get_offsets()), *listed(path.vertices)))
    for text in ax.texts:
        ends = listed([*text.xy, *text.xyann]) if getattr(text, "arrow_patch", None) else ()
        found.append(("text", said(text), color(text), *ends))
    return sorted(map(repr, found))


def listed(values):
    return np.round(np.ravel(np.ma.filled(values, np.nan)).astype(float), 6).tolist()


@pytest.mark.parametrize("name", sorted(sheets.DRAWN))
def test_narrow_paper_shows_the_same_data_as_wide(name):
    wide, narrow = (sorted(map(shown, panels(name, paper))) for paper in ("wide", "narrow"))
    assert wide == narrow


BESIDE = "An LSTM step with coupled gates, given the same candidate"
GRIDS = {  # {sheet: (its rows on wide paper, whether narrow paper turns them into columns)}
    "solved_by_rate": ([sheets.STARTS[::2], sheets.STARTS[1::2]], True),
    "forest": ([[*sheets.COMPARED]], False),
    "forest, in two lines": ([[*sheets.COMPARED_WIDELY][:3], [*sheets.COMPARED_WIDELY][3:]], False),
    "growth_by_drive": ([[f"radius {r}" for r in sheets.RADII]], False),
    "recall_by_gap": ([["uniform start", "orthogonal start"]], False),
    "roads_by_gap": ([[*sheets.ROADS]], False),
    "coupled_wiring": ([["GRU: z decides twice", BESIDE]], False),
    "kept_and_gated": ([["gate"], ["state"]], False),
    "seeds_in_rows": ([[*sheets.SEEDS]], False),
    "seeds_in_rows, four panels": ([[*sheets.LADDER]], False),
    "seeds_in_rows, two rates": ([[*sheets.RATES]], False),
    "fading_memory": ([["linear", "logarithmic"]], False),
    "orbit": ([["orbit", "what is left of the gradient"]], False),
    "half_life": ([["what is left of the memory, $c$", "half-life in steps"]], False),
    "weights_to_gates": ([["σ squashes to 0 … 1", "tanh squashes to −1 … 1"]], False),
    "write_keep_read": ([["what arrives, and the gates", "what the unit holds and shows"]], False),
    "hello_lesions": ([[f"t = {t + 1}: after {letter}" for t, letter in enumerate("hell")]], False),
}


@both
@pytest.mark.parametrize("name", GRIDS)
def test_panels_stand_in_the_order_of_their_data(name, paper):
    rows, turned = GRIDS[name]
    if paper == "narrow":
        rows = [*map(list, zip(*rows, strict=True))] if turned else [[one] for one in sum(rows, [])]
    found = {}
    for ax in panels(name, paper):
        at = ax.get_position()
        title = said(None, ax) or (ax.axison and (ax.get_ylabel() or ax.get_xlabel())) or ""
        found.setdefault(round(-at.y0, 2), []).append((at.x0, title))
    assert [[title for _, title in sorted(row)] for _, row in sorted(found.items())] == rows


STEP = "step t"
SCALES = {  # {sheet: (x's label and scale, y's label and scale), of every panel or of each}
    "growth_without_end": [(STEP, "log", "largest $|c_t|$ so far", "log")],
    "growth_by_drive": [("strength of the input", "log", "gradient left", "log")],
    "kept_and_gated": [(STEP, "linear", name, "linear") for name in ("gate", "state")],
    "learning_curve": [("training step", "linear", "loss of a letter", "log")],
    "reach_against_weight": [("recurrent weight w", "linear", "steps until 1 % is left", "linear")],
    "recall_by_gap": [("gap (steps)", "linear", "accuracy", "linear")],
    "recall_sequence": [(STEP, "linear", "", "linear")],  # what stands at its rows are words
    "roads_by_gap": [("gap T (steps)", "linear", "norm of ∂c$_T$/∂c$_0$", "log")],
    "running_sum": [("step t (dotted: a mark)", "linear", "sum", "linear")],
    "solved_by_rate": [("learning rate", "linear", "share of runs that learn it", "linear")],
    "forest": [(label, "linear", "", "linear") for label, _ in sheets.COMPARED.values()],
    "forest, in two lines": [("share of runs", "linear", "", "linear")],
    **{
        f"seeds_in_rows{of}": [(name, "log" if "error" in name else "linear", "", "linear") for name in data]
        for of, data in (("", sheets.SEEDS), (", four panels", sheets.LADDER), (", two rates", sheets.RATES))
    },
    "share_predicted": [("predicted share", "log", "measured share", "log")],
    "state_plane": [("hidden unit 1", "linear", "hidden unit 2", "linear")],
    "two_memories": [("gap (steps)", "linear", "accuracy", "linear")] * 2
    + [(STEP, "linear", "gradient left", "log")] * 2,
    "kept_in_silence": [("share kept in a step", "linear", "", "linear")],
    "up_and_down": [("k steps up, then k down", "linear", "cell state at the end", "linear")],
    "width_of_difference": [("width ε of the difference", "log", "mismatch", "log")],
    "fading_memory": [(STEP, "linear", "state, gradient", scale) for scale in ("linear", "log")],
    "gradient_highway": [("gap in steps", "linear", "size of the gradient", "log")],
    "orbit": [("hidden unit 1", "linear", "hidden unit 2", "linear"), (STEP, "linear", "", "log")],
    "half_life": [(STEP, "linear", "", "linear"), ("forget bias $b_f$", "linear", "", "log")],
    "weights_to_gates": [("pre-activation a", "linear", "", "linear")],
    "write_keep_read": [(STEP, "linear", "", "linear")],
    "hello_lesions": [(f"t = {t + 1}: after {x}", "linear", "", "linear") for t, x in enumerate("hell")],
}  # fmt: skip


@both
@pytest.mark.parametrize("name", sorted(sheets.DRAWN))
def test_every_axis_has_its_quantity_its_unit_and_its_scale(name, paper):
    axes = [ax for ax in panels(name, paper) if ax.axison]
    assert bool(axes) == (name in SCALES)
    told = SCALES.get(name, [])
    for ax, (x, x_scale, y, y_scale) in zip(
        axes, told * len(axes) if len(told) == 1 else told, strict=True
    ):
        scales = ax.get_xscale(), ax.get_yscale()
        assert (axis_label(ax, "x"), *scales) == (x, x_scale, y_scale)
        if name != "fading_memory" or ax is axes[0]:  # its two panels show the same on two scales
            assert axis_label(ax, "y") == y


@both
@pytest.mark.parametrize("name", sorted(sheets.DRAWN))
def test_an_axis_has_two_numbers_at_least_and_none_lies_on_another(name, paper):
    for ax in panels(name, paper):
        for axis in (ax.xaxis, ax.yaxis) if ax.axison else ():
            words = numbered(axis)
            assert len(words) != 1
            for k, one in enumerate(words):
                assert not any(extent(one).overlaps(extent(other)) for other in words[:k]), said(
                    one
                )


def numbered(axis):
    """The words at an axis, of its large and its small marks, where they are seen."""
    axis.get_ticklabels()  # puts them in their places
    low, high = sorted(axis.get_view_interval())
    marks = [*axis.get_major_ticks(), *axis.get_minor_ticks()]
    words = [mark.label1 for mark in marks if low <= mark.get_loc() <= high]
    return [word for word in words if said(word) and word.get_visible()]


LINE_ENDS = {  # {sheet: {panel: {name at a line's end: (its color's letter, x, y)}}}
    "kept_and_gated": {
        0: {
            f"${gate}_t$": (gate, sheets.STEPS, getattr(sheets.GATED.gates, gate)[:, 1, 0])
            for gate in "ifo"
        },
        1: {
            f"${state}_t$": (
                state,
                sheets.STEPS,
                getattr(sheets.GATED.states, state)[1:, 1, 0],
            )
            for state in "ch"
        },
    },
    "running_sum": {
        0: {
            "sum": ("x", np.arange(1, 10), sheets.SUMS),
            "r free": ("r", np.arange(1, 10), sheets.R_FREE),
            "r = 1": ("neutral", np.arange(1, 10), sheets.R_HELD),
        }
    },
    "up_and_down": {
        0: {
            name: (ink, np.arange(1, 8), values)
            for ink, (name, values) in zip("czz", sheets.ENDS.items(), strict=True)
        }
    },
    "growth_without_end": {
        0: {
            "1997": ("neutral", np.arange(1, 51), sheets.LARGEST["1997"][0]),
            "with f": ("c", np.arange(1, 51), sheets.LARGEST["with f"][0]),
        }
    },
    "learning_curve": {
        0: {name: ("neutral", np.arange(40), values) for name, values in sheets.LOSSES.items()}
        | {"mean": ("x", np.arange(40), sheets.MEAN_LOSS)}
    },
}


@both
@pytest.mark.parametrize("name", LINE_ENDS)
def test_a_name_at_a_lines_end_is_that_lines(name, paper):
    for title, named in LINE_ENDS[name].items():
        ax = panel(name, paper, title)
        ends = [text for text in ax.texts if getattr(text, "xycoords", "") == "axes fraction"]
        assert sorted(map(said, ends)) == sorted(named)
        for words, (ink, x, y) in named.items():
            text, line = letter(ax, words), curve(ax, x, y)
            assert color(text) == look(line)[0] == COLORS[ink], words
            away = pixels(ax, place(text)) - pixels(ax, (x[-1], y[-1]))
            assert np.abs(away).max() < 1, words
            assert extent(text).x0 > pixels(ax, (x[-1], y[-1]))[0]


@both
def test_every_seed_of_a_growing_state_has_a_line_in_the_style_of_its_name(paper):
    (ax,) = panels("growth_without_end", paper)
    looks = {}
    for name, seeds in sheets.LARGEST.items():
        (looks[name],) = {look(curve(ax, np.arange(1, 51), seed)) for seed in seeds}
    assert looks == {"1997": (COLORS["neutral"], "--"), "with f": (COLORS["c"], "-")}


ROAD_NAMES = {"additive road": ("f", 0), "whole": ("c", 1)}
POINTS = {  # {sheet: {panel: {name: (its color's letter or None, x, all of y)}}}: a name stands on one of the points
    "reach_against_weight": {
        0: {
            name: ("h" if name == "state" else "neutral", sheets.WEIGHTS, [steps])
            for name, steps in sheets.LASTS.items()
        }
    },
    "width_of_difference": {
        0: {
            "float32": ("c", sheets.WIDTHS, [sheets.ERRORS["float32"]]),
            "float64": ("x", sheets.WIDTHS, [sheets.ERRORS["float64"]]),
        }
    },
    "roads_by_gap": {
        title: {
            words: (ink, sheets.ROAD_GAPS, growth[place].T)
            for words, (ink, place) in ROAD_NAMES.items()
        }
        for title, growth in sheets.ROADS.items()
    },
    "learning_curve": {
        0: {
            word: (None, [step], [[sheets.MEAN_LOSS[step]]])
            for step, word in sheets.SPELLED.items()
        }
    },
}


@both
@pytest.mark.parametrize("name", POINTS)
def test_a_name_within_a_panel_stands_on_a_point_of_its_own_curve(name, paper):
    for title, named in POINTS[name].items():
        ax = panel(name, paper, title)
        for words, (ink, x, bundle) in named.items():
            text = letter(ax, words)
            points = [(a, b) for y in bundle for a, b in zip(x, y, strict=True)]
            assert any(same(text.xy, point) for point in points), words
            assert text.xycoords == "data" and ax.viewLim.contains(*text.xy), words
            if ink:
                inks = {look(curve(ax, x, y))[0] for y in bundle}
                assert inks == {color(text)} == {COLORS[ink]}, words


@both
def test_the_reach_is_drawn_up_to_its_cut_and_the_border_at_a_weight_of_one(paper):
    (ax,) = panels("reach_against_weight", paper)
    assert ax.get_ylim() == (0, 80) and lines(ax, [1, 1])


# A trained network.


@both
def test_the_dashed_loss_is_the_floor_that_its_words_name(paper):
    (ax,) = panels("learning_curve", paper)
    assert look(curve(ax, np.arange(40), sheets.MEAN_LOSS)) == (COLORS["x"], "-")
    styles = {look(curve(ax, np.arange(40), values))[1] for values in sheets.LOSSES.values()}
    assert len(styles) == 4
    text, (line,) = (
        letter(ax, "best without memory"),
        lines(ax, [0, 1], [sheets.FLOOR, sheets.FLOOR]),
    )
    assert look(line) == (color(text), "--")
    assert 0 < pixels(ax, place(text))[1] - pixels(ax, (0, sheets.FLOOR))[1] < 10
    for step in sheets.SPELLED:
        assert curve(ax, [step], [sheets.MEAN_LOSS[step]]).get_marker() == "o"


@both
def test_a_letter_of_the_plane_stands_where_the_read_out_says_it(paper):
    (ax,) = panels("state_plane", paper)

    def answers(point):
        return sheets.PLANE.W @ point + sheets.PLANE.b[:, 0]

    for says in sheets.LETTERS:
        at = place(letter(ax, says))
        assert sheets.LETTERS[answers(at).argmax()] == says and np.abs(at).max() < 1
        along = np.linspace(sheets.PATH[:-1], sheets.PATH[1:], 101)
        assert np.linalg.norm(along - at, axis=-1).min() > 0.15
    borders = [
        point for many in ax.collections for path in many.get_paths() for point in path.vertices
    ]
    assert len(borders) > 500
    for point in borders[::7]:  # two answers are equally likely there
        second, first = np.sort(answers(point))[-2:]
        assert first - second < 0.05


@both
def test_a_region_that_no_state_reaches_has_a_border_and_no_letter(paper):
    far = sheets.PLANE._replace(b=sheets.PLANE.b - [[0.0], [3.4], [0.0], [0.0]])
    draw = plots.state_plane.__wrapped__
    figure = plots.drawn(
        partial(draw, far, sheets.LETTERS, sheets.PATH, sheets.LETTERS, sheets.ERASED),
        paper == "narrow",
    )
    plt.close(figure)
    (ax,) = figure.axes
    assert [said(text) for text in letters(ax) if said(text) in sheets.LETTERS] == ["a", "c", "d"]
    assert len(ax.collections) == 4


@both
def test_the_path_in_the_plane_follows_the_letters(paper):
    (ax,) = panels("state_plane", paper)
    arrows = [(*text.xyann, *text.xy) for text in ax.texts if getattr(text, "arrow_patch", None)]
    assert same(arrows, np.hstack([sheets.PATH[:-1], sheets.PATH[1:]]))
    points = {"$h_0$": sheets.PATH[0], "d after erasing": sheets.ERASED}
    points |= {f"$h_{t + 1}$ after {x}": sheets.PATH[t + 1] for t, x in enumerate(sheets.LETTERS)}
    for words, own in points.items():
        text = letter(ax, words)
        away = {
            name: from_box(extent(text), pixels(ax, at)[None])[0] for name, at in points.items()
        }
        assert min(away, key=away.get) == words and away[words] < 40
        assert color(text) == COLORS["x" if own is sheets.ERASED else "h"]
    (erased,), (path,) = lines(ax, *sheets.ERASED[:, None]), lines(ax, *sheets.PATH.T)
    assert to_hex(erased.get_markerfacecolor()) == "#ffffff"
    assert to_hex(path.get_markerfacecolor()) == COLORS["h"]
    assert same(sheets.PATH.T, [path.get_xdata(), path.get_ydata()])


@both
def test_a_column_holds_the_accuracy_and_below_it_the_gradient_of_its_network(paper):
    drawn = panels("two_memories", paper)
    for name, above, below in zip(sheets.HELD, drawn[:2], drawn[2:], strict=True):
        assert said(None, above) == name
        assert look(curve(above, sheets.HELD_GAPS, sheets.HELD[name])) == (COLORS["h"], "-")
        assert look(curve(below, np.arange(9), sheets.LEFT[name])) == (COLORS["h"], "-")
        assert below.get_position().y0 < above.get_position().y0
        assert abs(below.get_position().x0 - above.get_position().x0) < 0.01


# Gradients.


@both
def test_a_panel_of_growth_holds_the_matrices_of_its_radius(paper):
    drawn = panels("growth_by_drive", paper)
    for ax, driven, resting in zip(drawn, sheets.DRIVEN, sheets.RESTING, strict=True):
        for left in driven:
            assert look(curve(ax, sheets.STRENGTHS, left)) == (COLORS["h"], "-")
        (squares,) = [line for line in ax.lines if same(line.get_ydata(), resting)]
        assert (squares.get_marker(), squares.get_linestyle()) == ("s", "None")
        (edge,) = {float(x) for x in squares.get_xdata()}
        assert edge < sheets.STRENGTHS[0]
        ticked = {round(at, 9): words for at, words in ticks(ax, "x").items()}
        assert ticked[round(edge, 9)] == "rest" and ticked[0.1] == "0.1"
        assert lines(ax, [0, 1], [1, 1]), "the line at 1"


@both
def test_a_network_stands_where_its_predicted_and_its_measured_share_say(paper):
    (ax,) = panels("share_predicted", paper)
    marks = {}
    for name, shares in sheets.SHARES.items():
        spots, text = curve(ax, shares, sheets.ARRIVED[name]), letter(ax, name)
        assert look(spots)[0] == color(text) and spots.get_linestyle() == "None"
        marks[name] = spots.get_marker()
        away = {
            other: np.hypot(*(np.log(text.xy) - np.log([x, y]).mean(axis=1)))
            for (other, x), y in zip(sheets.SHARES.items(), sheets.ARRIVED.values(), strict=True)
        }
        assert min(away, key=away.get) == name
    assert len({*marks.values()}) == 2
    ends = ax.get_xlim()
    assert ends == ax.get_ylim() and lines(ax, ends, ends), "the line on which they agree"


@both
def test_a_memory_of_the_state_is_solid_and_of_a_gradient_dashed(paper):
    (ax,) = panels("reach_against_weight", paper)
    for name, steps in sheets.LASTS.items():
        assert look(curve(ax, sheets.WEIGHTS, steps))[1] == ("-" if name == "state" else "--")


@both
def test_a_thick_line_is_the_median_over_the_seeds_of_its_bundle(paper):
    for title, growth in sheets.ROADS.items():
        ax = panel("roads_by_gap", paper, title)
        for ink, style, norms in zip("fc", ("--", "-"), growth, strict=True):
            bundle = [line for line in ax.lines if look(line)[0] == COLORS[ink]]
            *seeds, middle = sorted(bundle, key=lambda line: line.get_linewidth())
            assert middle.get_linewidth() > 1.5 * seeds[-1].get_linewidth()
            assert same(
                middle.get_xydata(), np.stack([sheets.ROAD_GAPS, np.median(norms, axis=1)], 1)
            )
            assert same([seed.get_ydata() for seed in seeds], norms.T)
            assert {line.get_linestyle() for line in bundle} == {style}


# States.


@both
def test_a_moment_has_its_word_at_its_step(paper):
    gates, states = panels("kept_and_gated", paper)
    for step, word in sheets.MOMENTS.items():
        assert lines(gates, [step, step]) and lines(states, [step, step])
        text = letter(states, word)
        middle = extent(text).x0 / 2 + extent(text).x1 / 2
        assert abs(middle - pixels(states, (step, 0))[0]) < 1.5


@both
def test_circles_are_the_sum_a_free_gates_line_is_solid_and_a_held_ones_dashed(paper):
    (ax,) = panels("running_sum", paper)
    steps, free, held = np.arange(1, 10), sheets.R_FREE, sheets.R_HELD
    circles = curve(ax, steps, sheets.SUMS)
    assert (circles.get_marker(), circles.get_linestyle()) == ("o", "None")
    assert to_hex(circles.get_markerfacecolor()) == "#ffffff"
    assert to_hex(circles.get_markeredgecolor()) == COLORS["x"]
    styles = {(line.get_marker(), line.get_linestyle()) for line in lines(ax, steps, free)}
    assert styles == {("None", "-")} and look(curve(ax, steps, held))[1] == "--"
    for y in sheets.SUMS, free, held:
        assert all(map(ax.viewLim.contains, steps, y))


@both
def test_a_dotted_line_stands_at_each_mark_and_at_no_other_step(paper):
    (ax,) = panels("running_sum", paper)
    dotted = [line for line in ax.lines if line.get_linestyle() == ":"]
    assert len(ax.lines) == 3 + len(dotted)
    marked = [step for step, mark in enumerate(sheets.SUM_MARKS, start=1) if mark]
    assert same([line.get_xydata() for line in dotted], [[[x, 0], [x, 1]] for x in marked])
    assert {look(line)[0] for line in dotted} == {COLORS["neutral"]}
    heights = [line.get_transform().transform(line.get_xydata())[:, 1] for line in dotted]
    assert same(heights, [ax.bbox.intervaly] * len(dotted)), "as high as the panel"


@both
def test_an_end_after_steps_up_and_down_has_its_n_a_style_of_its_own_and_room(paper):
    (ax,) = panels("up_and_down", paper)
    n = np.arange(1, 8)
    assert ticks(ax, "x") == {at: str(at) for at in n.tolist()}
    drawn = [curve(ax, n, values) for values in sheets.ENDS.values()]
    assert [line.get_linestyle() for line in drawn] == ["-", "--", ":"] and len(ax.lines) == 3
    for values in sheets.ENDS.values():
        assert all(map(ax.viewLim.contains, n, values))
    assert ax.viewLim.height < 1.2 * np.ptp([*sheets.ENDS.values()])


@both
def test_the_table_of_the_product_holds_the_numbers_that_its_heads_name(paper):
    (ax,) = panels("stacked_map", paper)
    H, D, xh = 2, 3, np.concatenate([sheets.X_IN, sheets.STATE_IN])
    number = re.compile(r"−?\d+\.\d+")
    found = {t.get_position(): t for t in letters(ax) if number.fullmatch(said(t))}
    columns = {}
    for (x, _), text in sorted(found.items()):
        columns.setdefault(x, []).append(float(said(text).replace("−", "-")))
    made = sheets.W_IN @ xh + sheets.B_IN
    held = [
        *sheets.W_IN.T,
        xh[:, 0],
        sheets.B_IN[:, 0],
        made[:, 0],
        np.concatenate(sheets.STEP_GATES)[:, 0],
    ]
    assert len(columns) == len(held) == 9
    for mine, values, within in zip(columns.values(), held, [1e-9] * 7 + [1e-9, 0.0051]):
        assert np.allclose(mine, values, rtol=0, atol=within)
    at = [*columns]
    heads = {"$W_x$": at[:D], "$W_h$": at[D : D + H], "$b$": [at[6]], "$a_t$": [at[7]]}
    for head, over in heads.items():
        x, y = letter(ax, head).get_position()
        assert np.isclose(x, np.mean(over)) and y < 0
    (between_blocks,) = [line for line in ax.lines]
    assert same(between_blocks.get_xdata(), [at[D] - 0.5] * 2)
    x, top = letter(ax, "$x_t$").get_position()
    below = letter(ax, "$h_{t-1}$").get_position()
    rows = [y for (column, y) in found if column == at[5]]
    assert x == below[0] == at[5] and top < min(rows) < max(rows) < below[1]
    assert (
        color(letter(ax, "$x_t$")) == COLORS["x"] and color(letter(ax, "$h_{t-1}$")) == COLORS["h"]
    )
    for (x, y), text in found.items():
        if x == at[5]:
            assert color(text) == COLORS["x" if y in sorted(rows)[:D] else "h"]
        else:
            assert color(text) == COLORS["iiffoogg"[round(y)]]
    arrows = {
        tuple(np.round((*t.xyann, *t.xy), 6)): t
        for t in ax.texts
        if getattr(t, "arrow_patch", None)
    }
    for row, gate in zip((0.5, 2.5, 4.5, 6.5), lstm.Gates._fields, strict=True):
        block, made = letter(ax, f"$W_{gate}$"), letter(ax, f"${gate}_t$")
        assert block.get_position()[1] == made.get_position()[1] == row
        assert block.get_position()[0] < at[0] < at[8] < made.get_position()[0]
        ((start, arrow),) = [(xy, t) for xy, t in arrows.items() if xy[1] == xy[3] == row]
        assert at[7] < start[0] < start[2] < at[8]
        (squash,) = [
            t for t in [*letters(ax, "σ"), *letters(ax, "tanh")] if abs(place(t)[1] - row) < 0.5
        ]
        assert said(squash) == ("tanh" if gate == "g" else "σ") and place(squash)[1] < row
        inks = {color(block), color(made), color(squash), to_hex(arrow.arrow_patch.get_edgecolor())}
        assert inks == {COLORS[gate]}
    assert at[5] < place(letter(ax, "+"))[0] < at[6] < place(letter(ax, "="))[0] < at[7]


def test_a_number_is_lettered_with_its_own_sign():
    said_of = {0.5: "0.50", -0.5: "−0.50", -0.004: "0.00", 0.0: "0.00", -1.286: "−1.29"}
    assert {value: plots.signed(value) for value in said_of} == said_of
    assert plots.signed(-0.04, 1) == "0.0" and plots.signed(-0.06, 1) == "−0.1"


# Scores.


@both
def test_a_line_of_recall_is_the_mean_over_seeds_at_each_gap(paper):
    for name, scores in sheets.RECALL.items():
        ax = panel("recall_by_gap", paper, f"{name} start")
        assert look(curve(ax, np.arange(3), scores.mean(axis=1))) == (COLORS["h"], "-")
        circles = [line for line in ax.lines if line.get_marker() == "o"]
        assert same([circle.get_ydata() for circle in circles], scores.T)
        assert all(np.abs(circle.get_xdata() - np.arange(3)).max() < 0.25 for circle in circles)
        assert ticks(ax, "x") == {place: str(gap) for place, gap in enumerate(sheets.GAPS)}
        (line,), text = lines(ax, [0, 1], [sheets.CHANCE] * 2), letter(ax, "chance")
        assert look(line) == (color(text), "--")
        assert 0 < extent(text).y0 - pixels(ax, (0, sheets.CHANCE))[1] < 12


def in_row(ax, row):
    """The lines of marks at a row, from above, and the upright lines there."""
    near = [line for line in ax.lines if np.all(np.abs(np.asarray(line.get_ydata()) - row) < 0.45)]
    marks = [line for line in near if line.get_marker() != "None"]
    upright = [line for line in near if line.get_marker() == "None"]
    return sorted(marks, key=lambda line: np.mean(line.get_ydata())), upright


def rows_of(name, paper, data):
    """(panel, cell, its values, its marks, its upright lines) for each row, by the words at the left."""
    for label, cells in data.items():
        ax = panel(name, paper, label)
        words = ticks(ax, "y")
        assert [words[row] for row in sorted(words)] == [*cells], "from above"
        assert ax.get_ylim()[0] > ax.get_ylim()[1]
        for row, cell in words.items():
            yield ax, cell, cells[cell], *in_row(ax, row)


singly = pytest.mark.parametrize(
    "name, data", [("seeds_in_rows", sheets.SEEDS), ("seeds_in_rows, four panels", sheets.LADDER)]
)


@both
@singly
def test_a_row_has_the_seeds_of_its_name_with_the_color_and_the_shape_of_its_cell(
    name, data, paper
):
    for _, cell, values, marks, _ in rows_of(name, paper, data):
        (line,) = marks
        ink, shape = sheets.LOOKS[cell.split(",")[0]]
        assert same(line.get_xdata(), values), cell
        assert (to_hex(line.get_markeredgecolor()), line.get_marker()) == (COLORS[ink], shape)


@both
def test_the_first_rate_is_hollow_and_above_the_second_filled_and_below(paper):
    for _, cell, values, marks, _ in rows_of("seeds_in_rows, two rates", paper, sheets.RATES):
        ink, _ = sheets.LOOKS[cell.split(",")[0]]
        above, below = marks
        assert same([above.get_xdata(), below.get_xdata()], values)
        assert above.get_markerfacecolor() == "none"
        assert to_hex(below.get_markerfacecolor()) == COLORS[ink]


@both
@singly
def test_the_upright_line_of_a_row_is_its_mean(name, data, paper):
    for _, cell, values, _, upright in rows_of(name, paper, data):
        (line,) = upright
        assert same(line.get_xdata(), [np.mean(values)] * 2), cell


@both
@pytest.mark.parametrize(
    "name, data",
    [
        ("seeds_in_rows", sheets.SEEDS),
        ("seeds_in_rows, four panels", sheets.LADDER),
        ("seeds_in_rows, two rates", sheets.RATES),
    ],
)
def test_a_dashed_line_stands_where_its_word_says(name, data, paper):
    for label in data:
        word, at = sheets.MARKS[label]
        ax = panel(name, paper, label)
        text, (line,) = letter(ax, word), lines(ax, [at, at], [0, 1])
        assert look(line) == (color(text), "--")
        middle = extent(text).x0 / 2 + extent(text).x1 / 2
        assert abs(middle - pixels(ax, (at, 0))[0]) < 1.5 and extent(text).y0 > ax.bbox.y1


@both
def test_a_square_of_the_sequence_stands_in_the_band_of_its_kind(paper):
    (ax,) = panels("recall_sequence", paper)
    (squares,) = ax.collections
    steps, rows = np.nonzero(sheets.ONE_OF_FOUR)
    assert same(squares.get_offsets(), np.stack([steps, rows], 1))
    kinds = [COLORS["c"], *[COLORS["neutral"]] * 4, COLORS["x"]]
    assert [to_hex(face) for face in squares.get_facecolors()] == kinds
    borders = sorted(line.get_ydata()[0] for line in ax.lines)
    assert borders == [3.5, 7.5]
    words = ticks(ax, "y")
    assert [words[at] for at in sorted(words)] == ["symbols", "distractors", "cue"]
    assert [sum(at > border for border in borders) for at in sorted(words)] == [0, 1, 2]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    assert letter(ax, "keep this").xy == (0, rows[0])
    assert letter(ax, "which was it?").xy == (5, rows[-1])


@both
def test_a_share_stands_at_its_rate_within_its_interval(paper):
    rates = range(len(sheets.LEARNING_RATES))
    for start, each in sheets.SHARES_BY_RATE.items():
        ax, (value, low, high) = panel("solved_by_rate", paper, start), np.transpose(each)
        ink, shape = sheets.LOOKS[start.split(",")[0]]
        line, marks = lines(ax, rates, value)
        assert look(line) == (COLORS[ink], "-") and marks.get_marker() == shape
        assert to_hex(marks.get_markerfacecolor()) == COLORS[ink]
        (upright,) = ax.collections
        ends = [path.vertices for path in upright.get_paths()]
        assert same(ends, [[(x, a), (x, b)] for x, a, b in zip(rates, low, high, strict=True)])
        assert [*ticks(ax, "x").values()] == [f"{rate:g}" for rate in sheets.LEARNING_RATES]


@both
def test_a_line_of_silence_runs_from_before_to_after_and_the_upright_is_the_start(paper):
    (ax,) = panels("kept_in_silence", paper)
    words = ticks(ax, "y")
    assert [words[row] for row in sorted(words)] == [*sheets.KEPT]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]
    for row, cell in words.items():
        before, after = sheets.KEPT[cell]
        ink, shape = sheets.LOOKS[cell.split(",")[0]]
        (marks,), others = in_row(ax, row)
        assert same(marks.get_xdata(), after) and marks.get_marker() == shape
        assert to_hex(marks.get_markerfacecolor()) == COLORS[ink]
        *ways, upright = others
        assert same(
            sorted(map(tuple, (way.get_xdata() for way in ways))),
            sorted(zip(before, after, strict=True)),
        )
        for way in ways:
            at = [after.tolist().index(way.get_xdata()[1])] * 2
            assert same(way.get_ydata(), marks.get_ydata()[at]), "it ends at its mark"
        assert same(upright.get_xdata(), [before.mean()] * 2)
    text = letter(ax, "at the start")
    middle = extent(text).x0 / 2 + extent(text).x1 / 2
    assert abs(middle - pixels(ax, (sheets.KEPT["GRU"][0].mean(), 0))[0]) < 1.5
    assert extent(text).y0 > pixels(ax, (0, -0.45))[1] - 1


@both
@pytest.mark.parametrize(
    "name, data", [("forest", sheets.COMPARED), ("forest, in two lines", sheets.COMPARED_WIDELY)]
)
def test_a_verdict_stands_in_its_row_with_its_interval_and_is_filled_if_it_may_be_told(
    name, data, paper
):
    rows = [*data[next(iter(data))][1]]
    for title, (_, verdicts) in data.items():
        ax = panel(name, paper, title)
        words = ticks(ax, "y")
        assert [words[row] for row in sorted(words)] == rows and ax.get_ylim()[0] > ax.get_ylim()[1]
        (zero,) = lines(ax, [0, 0], [0, 1])
        assert look(zero) == (COLORS["neutral"], "--")
        for row, word in words.items():
            marks, ways = in_row(ax, row)
            if word not in verdicts:
                assert not marks and not [way for way in ways if way is not zero]
                continue
            (mark,), (side, _, (value, low, high)) = marks, verdicts[word]
            (way,) = [way for way in ways if way is not zero]
            assert same([mark.get_xdata()[0], *way.get_xdata()], [value, low, high])
            assert to_hex(mark.get_markerfacecolor()) == (COLORS["c"] if side else "#ffffff")
        assert ax.get_xlim()[0] < 0 < ax.get_xlim()[1]


# Roads through the steps.


@both
@pytest.mark.parametrize("name", ["unrolled", "unrolled, back"])
def test_arrows_of_the_unrolled_network_join_what_their_matrix_joins(name, paper):
    (ax,) = panels(name, paper)
    ways = [road for road in roads(ax) if not road[3]]
    joined = set()
    for matrix in ("$W_x$", "$W_h$", "$W_y$"):
        for text in letters(ax, matrix):
            start, end, ink, _, _ = named_road(text, ways)
            assert ink == color(text)
            joined.add((start, matrix, end))
    expected = set()
    for t, (read, target) in enumerate(zip("abcd", "wxyz", strict=True), 1):
        x, y, h = f"$x_{t}$: {read}", f"$y_{t}$ → {target}", f"$h_{t}$"
        expected |= {(x, "$W_x$", h), (f"$h_{t - 1}$", "$W_h$", h), (h, "$W_y$", y)}
    assert joined == expected and len(ways) == len(expected)
    order = [place(letter(ax, f"$h_{t}$"))[0] for t in range(5)]
    assert order == sorted(order)


@both
def test_the_way_back_runs_against_every_arrow_and_says_where_it_comes_from(paper):
    (ax,) = panels("unrolled, back", paper)
    found = [*roads(ax)]
    back = [road for road in found if road[3]]
    assert {road[:2] for road in back} == {road[1::-1] for road in found if not road[3]}
    assert {road[2] for road in back} == {COLORS["h"]}
    start, end, *_ = named_road(letter(ax, "from the loss of this step"), back)
    assert start[1] == "y" and end[1] == "h"
    start, end, *_ = named_road(letter(ax, "from all later steps"), back)
    assert start[1] == end[1] == "h", "it comes from a state, into a state"
    assert not letters(panel("unrolled", paper, 0), "from all later steps")


@both
def test_arrows_of_the_unrolled_lstm_join_what_their_gate_joins(paper):
    (ax,) = panels("unrolled_lstm", paper)
    ways, named = [*roads(ax)], set()
    for t, name in enumerate(("Ann", "Bea", "Cleo"), 1):
        for words in (f"$f_{t}$", f"$i_{t} g_{t}$", f"$o_{t}$"):
            start, end, ink, dashed, _ = named_road(letter(ax, words), ways)
            assert ink == color(letter(ax, words)) == COLORS[words[1]] and not dashed
            named.add((start, words, end))
        expected = {
            (f"$c_{t - 1}$", f"$f_{t}$", f"$c_{t}$"),
            (f"$a_{t}$", f"$i_{t} g_{t}$", f"$c_{t}$"),
            (f"$a_{t}$", f"$o_{t}$", f"$h_{t}$"),
        }
        assert expected <= named
        unnamed = {
            (f"$x_{t}$: {name}", f"$a_{t}$"),
            (f"$h_{t - 1}$", f"$a_{t}$"),
            (f"$c_{t}$", f"$h_{t}$"),
        }
        assert unnamed <= {way[:2] for way in ways}
    assert len(named) == 9 and len(ways) == 18
    for text in letters(ax, "tanh"):
        start, end, *_ = named_road(text, ways)
        assert (start[1], end[1]) == ("c", "h")
    assert len(letters(ax, "tanh")) == 3


@both
def test_each_road_of_the_gradient_has_the_factor_that_the_chain_rule_gives_it(paper):
    (ax,) = panels("two_roads", paper)
    times, ink = ["t-1", "t", "t+1"], COLORS["neutral"]
    c, h, a = (
        {
            t: f"${of}_{{{t}}}$" if f"{of}{t}" not in ("at", "at+1") else f"$a_{{{t}}}$"
            for t in times
        }
        for of in "cha"
    )
    expected = {(h[t], c[t], COLORS["o"]) for t in times}
    expected |= {("loss of step $t$" if t == "t" else None, h[t], ink) for t in times}
    for before, t in zip(times, times[1:], strict=False):
        expected |= {(c[t], c[before], COLORS["f"]), (a[t], h[before], COLORS["x"])}
        expected |= {(c[t], a[t], ink), (h[t], a[t], ink)}
    found = [*roads(ax)]
    assert {road[:3] for road in found} == expected and len(found) == len(expected)

    def beside(words):
        inked = [
            (text, [road for road in found if road[2] == color(text)])
            for text in letters(ax, words)
        ]
        return {named_road(text, of)[:2] for text, of in inked}

    assert beside("$f_t$") == {(c["t"], c["t-1"])} and beside("$f_{t+1}$") == {(c["t+1"], c["t"])}
    assert beside(r"$o_t\,(1-\tanh^2 c_t)$") == {(h["t"], c["t"])}
    assert beside(r"$W_h^{\top}$") == {(a["t"], h["t-1"]), (a["t+1"], h["t"])}
    assert beside("loss of step $t$") == {("loss of step $t$", h["t"])}
    for of, all_of in zip("chx", (c, h, a), strict=True):
        for t in times[all_of is a :]:
            text = letter(ax, all_of[t])
            (box,) = [box for box in ax.patches if box.get_path() and inside(text, box)]
            assert color(text) == to_hex(box.get_edgecolor()) == COLORS[of]
    for text in letters(ax, "four gates"):
        away = {t: np.hypot(*(place(letter(ax, a[t])) - place(text))) for t in times[1:]}
        assert min(away.values()) < 0.6


# Wirings.

WORDS = dict(f="forget", i="input", o="output", g="candidate")
WORDS |= dict(z="update", r="reset", n="candidate")


def meanings(cell, given):
    """{symbol: its number} of a step, by the equations."""
    v = dict(given)
    if cell == "rnn":
        a = v["h_prev"] + v["x"]
        return {"W_h h_{t-1}": v["h_prev"], "W_x x_t": v["x"], "a_t": a, "h_t": np.tanh(a)}
    if cell == "lstm":
        kept, written = v["f"] * v["c_prev"], v["i"] * v["g"]
        c = kept + written
        found = {"c_{t-1}": v["c_prev"], r"f\,c_{t-1}": kept, r"i\,g": written, "c_t": c}
        return found | {r"\tanh\,c_t": np.tanh(c), "h_t": v["o"] * np.tanh(c)}
    back = v["w"] * v["r"] * v["h_prev"]
    kept, written = (1 - v["z"]) * v["h_prev"], v["z"] * np.tanh(v["p"] + back)
    found = {
        "h_{t-1}": v["h_prev"],
        r"(1-z)\,h_{t-1}": kept,
        r"z\,n": written,
        "h_t": kept + written,
    }
    return found | {"p": v["p"], r"w\,r\,h_{t-1}": back}


@cache
def circuit(name, paper, cell):
    return Circuit(panel(name, paper, 0), sheets.GIVEN[cell])


def check_circuit(drawn, cell):
    """Each label's wire carries what the label says and its number tells; the candidate's box holds what it makes."""
    ax, meaning = drawn.ax, meanings(cell, drawn.given)
    told = {}
    for label in drawn.labels:
        symbol = drawn.symbol(label)
        if symbol in meaning:
            told[symbol] = said(label).partition("$ = ")[2]
            assert np.isclose(drawn.carried(drawn.wires[label]), meaning[symbol]), symbol
    assert told == {symbol: plots.signed(number) for symbol, number in meaning.items()}
    flows = [wire for wire in drawn.inked if not drawn.bare(wire)]
    assert cell != "gru" or len(drawn.heads) == len(flows), "every wire has a head"
    exits = [head for head in drawn.heads if not drawn.box_at(head)]
    assert len(exits) == (2 if cell == "lstm" else 1)
    leaving = {
        label: drawn.ways[drawn.wires[label]][-1]
        for label in drawn.labels
        if drawn.symbol(label) in ("c_t", "h_t")
    }
    for front in pixels(ax, exits):  # where something leaves is its name
        ((label, end),) = [
            out for out in leaving.items() if np.hypot(*(out[1] - front)) < 15 * drawn.unit
        ]
        assert front[0] > end[0]
        away = {other: from_box(extent(label), leaving[other][None])[0] for other in leaving}
        assert min(away, key=away.get) is label


def check_boxes(drawn, values):
    """Each gate's box has its letter, word, color, number, and is filled to it."""
    boxes = drawn.gates()
    assert set(boxes) == set(values)
    fills = [patch for patch in drawn.ax.patches if type(patch) is Rectangle]
    for gate, (box, held) in boxes.items():
        number, _ = held
        low, high = np.sort(
            drawn.ax.transData.inverted().transform_bbox(box.get_window_extent()).get_points(),
            axis=0,
        )
        assert {color(text) for text in held} == {to_hex(box.get_edgecolor())} == {COLORS[gate]}
        assert said(number) == plots.signed(values[gate])
        below = [t for t in drawn.words if low[0] - 20 < t.get_position()[0] < high[0] + 20]
        nearest = min(below, key=lambda text: abs(text.get_position()[1] - high[1]))
        assert said(nearest) == WORDS[gate]
        (fill,) = [patch for patch in fills if np.isclose(patch.get_x(), low[0])]
        assert to_hex(fill.get_facecolor()) == COLORS[gate]
        base, tall = (np.mean([low[1], high[1]]), 22) if gate in "gn" else (high[1], 44)
        assert np.isclose(fill.get_y(), base) and np.isclose(
            -fill.get_height(), values[gate] * tall
        )


def gates_of(cell, given):
    if cell == "gru":
        n = np.tanh(given["p"] + given["w"] * given["r"] * given["h_prev"])
        return dict(z=given["z"], r=given["r"], n=n)
    return {gate: given[gate] for gate in "figo"} if cell == "lstm" else {}


@both
@pytest.mark.parametrize("cell", sheets.GIVEN)
def test_the_wires_of_a_cell_compute_what_their_letters_say(cell, paper):
    check_circuit(circuit(f"cell_diagram, {cell} with values", paper, cell), cell)


@both
@pytest.mark.parametrize("cell", sheets.GIVEN)
def test_a_wire_is_as_wide_as_what_it_carries_and_hollow_below_zero(cell, paper):
    drawn = circuit(f"cell_diagram, {cell} with values", paper, cell)
    carried = {wire: drawn.carried(wire) for wire in drawn.inked}
    flows = {wire: value for wire, value in carried.items() if value is not None}
    assert len(flows) >= (4 if cell == "rnn" else 11)
    ordered = sorted(flows, key=lambda wire: abs(flows[wire]))
    for thin, thick in zip(ordered, ordered[1:], strict=False):
        alike = np.isclose(abs(flows[thin]), abs(flows[thick]))
        assert np.isclose(thin.get_linewidth(), thick.get_linewidth()) == alike
        assert alike or thin.get_linewidth() < thick.get_linewidth()
    white = [line.get_xydata() for line in drawn.ax.lines if line not in drawn.inked]
    for wire, value in flows.items():
        hollow = [points for points in white if same(points, wire.get_xydata())]
        assert len(hollow) == (value < 0)


@both
@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_box_holds_its_gates_letter_word_color_and_value(cell, paper):
    drawn = circuit(f"cell_diagram, {cell} with values", paper, cell)
    check_boxes(drawn, gates_of(cell, sheets.GIVEN[cell]))


@both
@pytest.mark.parametrize("cell", sheets.GIVEN)
def test_without_values_the_same_wires_lead_to_the_same_places(cell, paper):
    bare, full = (
        circuit(name, paper, cell)
        for name in (f"cell_diagram, {cell}", f"cell_diagram, {cell} with values")
    )
    wires = [{(look(wire), *listed(wire.get_xydata())) for wire in of.inked} for of in (bare, full)]
    assert wires[0] == wires[1]
    for of in bare, full:
        assert {of.symbol(label) for label in of.labels} >= set(meanings(cell, sheets.GIVEN[cell]))
    for label in bare.labels:
        assert said(label) == f"${bare.symbol(label)}$"
        (twin,) = [other for other in full.labels if full.symbol(other) == bare.symbol(label)]
        assert same(bare.wires[label].get_xydata(), full.wires[twin].get_xydata())
    assert bare.gates().keys() == full.gates().keys() == gates_of(cell, sheets.GIVEN[cell]).keys()
    if cell == "lstm":
        (label,) = [label for label in bare.labels if bare.symbol(label) == r"x_t,\;h_{t-1}"]
        thin = [wire for wire in bare.inked if look(wire)[0] == color(label)]
        tips = sorted(wire.get_xydata()[wire.get_ydata().argmin(), 0] for wire in thin)
        boxes = [box.get_window_extent() for box, _ in bare.gates().values()]
        middles = sorted(pixels_back(bare.ax, (box.x0 + box.x1) / 2) for box in boxes)
        assert np.allclose(tips, middles), "what comes in leads to all four"
        assert all(wire.get_ydata()[0] == 276 for wire in thin)
    if cell == "gru":
        assert_read(bare)
        assert_read(full)


def assert_read(drawn):
    """An open arrow ends at each gate from the input and one from the old state, and the input reaches the sum."""
    (label,) = [label for label in drawn.labels if drawn.symbol(label) == "x_t"]
    line, read = drawn.wires[label], set()
    assert drawn.bare(line)
    starts = {wire: wire.get_xydata()[0] for wire in drawn.inked}
    road = [wire for wire in drawn.inked if look(wire)[0] == COLORS["h"]]

    def met(of, start):
        return np.hypot(*(along(drawn.ways[of]) - pixels(drawn.ax, start)).T).min() < 1

    for wire in filter(drawn.bare, drawn.inked):
        assert look(wire)[0] == COLORS["neutral"]
        x, y = wire.get_xydata()[-2]
        source = "x" if met(line, starts[wire]) else "h"
        assert source == "x" or any(met(of, starts[wire]) for of in road)
        for gate, (box, _) in drawn.gates().items():
            a, b = (
                drawn.ax.transData.inverted().transform_bbox(box.get_window_extent()).get_points()
            )
            (left, right), (top, bottom) = sorted((a[0], b[0])), sorted((a[1], b[1]))
            if left < x < right and (0 < top - y < 4 or 20 < y - bottom < 30):
                read.add((gate, source))
    assert read == {(gate, source) for gate in "rz" for source in "xh"}
    (share,) = [wire for label, wire in drawn.wires.items() if drawn.symbol(label) == "p"]
    assert met(line, starts[share]) and said(drawn.box_at(drawn.end(share))[1][-1]) == "+"


def drawn_wires(ax):
    return {
        tuple(map(tuple, wire.get_xydata())): wire
        for wire in ax.lines
        if look(wire)[0] != "#ffffff"
    }


@both
@pytest.mark.parametrize("part", sheets.PARTS)
def test_what_a_gate_governs_has_its_colors_and_the_rest_is_grey_thin_and_dashed(part, paper):
    whole = panel("cell_diagram, lstm with values", paper, 0)
    wiring, dim = drawings.wiring_of_figure(whole), COLORS["neutral"]
    lit, boxes = drawings.governed(wiring, part)
    assert 1 < len(lit) < 6 and len(boxes) > 1
    for values in "", " with values":
        full = drawn_wires(panel(f"cell_diagram, lstm{values}", paper, 0))
        own = drawn_wires(ax := panel(f"cell_diagram, lstm, {part} lit{values}", paper, 0))
        assert own.keys() == full.keys() > lit
        for points, wire in own.items():
            kept = (*look(full[points]), full[points].get_linewidth())
            assert ((*look(wire), wire.get_linewidth()) == kept) == (points in lit)
            assert points in lit or (look(wire) == (dim, "--") and wire.get_linewidth() <= kept[2])
        marked = [box for box in ax.patches if isinstance(box, Circle | FancyBboxPatch)]
        for box in marked:
            at = drawings.box_of_patch(box).at
            assert (box.get_linestyle() == "-") == (at in boxes), at
            assert (to_hex(box.get_edgecolor()) == dim) == (at not in boxes), at
        assert len(marked) == len(wiring.joints) + len(wiring.gates)
    told = drawings.wiring_of_figure(ax)
    for one, other in zip(wiring.labels, told.labels, strict=True):
        at = [
            w.points for w, labels in zip(wiring.wires, drawings.labels_at(wiring)) if one in labels
        ]
        assert (one.letters, one.number) == (other.letters, other.number)
        assert other.color == (one.color if any(tuple(way) in lit for way in at) else "neutral")
    for one, other in zip(wiring.gates, told.gates, strict=True):
        assert other == one._replace(color=one.color if one.at in boxes else "neutral")


def pixels_back(ax, x):
    return ax.transData.inverted().transform((x, 0))[0]


@both
def test_the_lstm_beside_the_gru_forgets_what_z_leaves_and_writes_what_z_lets_in(paper):
    given = sheets.GIVEN["gru"]
    made = gates_of("gru", given)
    of_lstm = dict(f=1 - given["z"], i=given["z"], o=1.0, g=made["n"], c_prev=given["h_prev"])
    left = Circuit(panel("coupled_wiring", paper, "GRU: z decides twice"), given)
    right = Circuit(panel("coupled_wiring", paper, BESIDE), of_lstm)
    check_circuit(left, "gru")
    check_circuit(right, "lstm")
    check_boxes(left, made)
    check_boxes(right, gates_of("lstm", of_lstm))
    (text,) = [text for text in right.words if "=" in said(text)]
    clauses = [clause.split(" = ") for clause in re.split("; | and ", said(text))]
    assert {gate: eval(worth.replace("−", "-"), dict(given)) for gate, worth in clauses} == {
        gate: of_lstm[gate] for gate in "fio"
    }
    (bridge,) = [line for line in right.ax.lines if look(line)[0] == COLORS["z"] == color(text)]
    ends = bridge.get_xydata()[[0, -1]]
    for gate, end in zip("fi", ends, strict=True):
        box = right.gates()[gate][0].get_window_extent()
        assert box.x0 < pixels(right.ax, end)[0] < box.x1 and pixels(right.ax, end)[1] < box.y0
    assert not [line for line in left.ax.lines if same(line.get_xydata()[0], ends[0])]


# Stills of the explorers.


@both
def test_a_legends_line_is_the_one_with_that_data(paper):
    h, slope = runs.rnn_pulse(sheets.FADING["w"], sheets.FADING["pulse"], 40)
    direct, whole = runs.lstm_unit(sheets.HIGHWAY["f"], sheets.HIGHWAY["w"], 100)
    states = runs.scheduled(**sheets.PLANNED).states
    _, left = runs.orbit(**sheets.TURNING)
    still = sheets.TURNING["radius"] ** np.arange(len(left))
    expected = {
        "fading_memory": {"gradient": ("neutral", slope), "state": ("h", h)},
        "gradient_highway": {
            "whole": ("c", abs(whole)), "additive road": ("f", direct),
        },
        "orbit": {"at rest": ("neutral", still), "in motion": ("h", left)},
        "write_keep_read": {f"${name}$": (name, getattr(states, name)[:, 0, 0]) for name in "ch"},
    }  # fmt: skip
    for name, named in expected.items():
        axes = [ax for ax in panels(name, paper) if ax.get_legend()]
        assert len(axes) == (2 if name == "fading_memory" else 1)
        for ax in axes:
            legend = ax.get_legend()
            texts = [said(text) for text in legend.get_texts()]
            assert texts == [*named]
            for text, handle in zip(texts, legend.legend_handles, strict=True):
                ink, y = named[text]
                assert look(handle) == look(curve(ax, np.arange(len(y)), y))
                assert look(handle)[0] == COLORS[ink]
            assert len({look(handle) for handle in legend.legend_handles}) == len(texts)
    for ax in panels("fading_memory", paper):
        gap = sheets.FADING["gap"]
        assert (
            lines(ax, [gap], [h[gap]]) and lines(ax, [gap], [slope[gap]]) and lines(ax, [gap, gap])
        )


@both
def test_an_orbit_begins_and_ends_where_its_letters_stand(paper):
    ax, h = panels("orbit", paper)[0], runs.orbit(**sheets.TURNING)[0]
    curve(ax, *h[:1].T), curve(ax, *h[-1:].T)
    assert sorted(look(line)[1] for line in lines(ax, *h.T)) == [
        "-",
        "None",
    ]  # the way, and a dot at every step
    assert [(said(text), *text.xy) for text in letters(ax)] == [
        ("$h_{0}$", *h[0]),
        ("$h_{60}$", *h[-1]),
    ]
    assert {color(text) for text in letters(ax)} == {COLORS["h"]}
    assert ax.get_aspect() == 1 and ax.get_xlim() == ax.get_ylim() == (-1, 1)


@both
def test_a_gates_dot_lies_where_its_weights_put_it_and_its_words_say_so(paper):
    a = np.linspace(-6, 6, 121)
    for title, gates, squash in (
        ("σ squashes to 0 … 1", "ifo", sigmoid),
        ("tanh squashes to −1 … 1", "g", np.tanh),
    ):
        ax = panel("weights_to_gates", paper, title)
        curve(ax, a, squash(a))
        assert len(letters(ax)) == len(gates)
        for gate in gates:
            w_x, w_h, b = (
                sheets.WEIGHED[name] for name in (f"w_{gate}x", f"w_{gate}h", f"b_{gate}")
            )
            into = w_x * 1.3 + w_h * 0.7 + b
            text = letter(ax, f"${gate}$ = {plots.signed(squash(np.array(into)))}")
            dot = curve(ax, [into], [squash(np.array(into))])
            assert same(text.xy, [into, squash(np.array(into))])
            assert color(text) == to_hex(dot.get_color()) == COLORS[gate]


CROWDED = {  # gates on one point, side by side, at both ends and beyond: (x, h, rows)
    "one point": (0, 0, [(0, 0, 0)] * 4),
    "beyond at the right": (2, 1, [(4, 4, 4), (3, 4, 4), (4, 4, 0), (4, 0, 4)]),
    "beyond at the left": (-2, 1, [(4, 0, 0), (3, -1, 0), (4, 0, 1), (4, 0, -4)]),
    "at the right": (1, 0, [(4, 0, 1), (4, 0, 0), (4, 0, 1.7), (4, 0, 1)]),
    "at the left": (1, 0, [(-4, 0, -1), (-4, 0, 0), (-4, 0, -1.7), (-4, 0, 0)]),
    "side by side": (1, 0, [(0.3, 0, 0), (0.4, 0, 0), (0.5, 0, 0), (0.1, 0, 0)]),
    "around the middle": (1, 0, [(-0.2, 0, 0), (0, 0, 0), (0.2, 0, 0), (-0.1, 0, 0)]),
}


@both
@pytest.mark.parametrize("case", CROWDED)
def test_words_of_gates_lie_on_no_other_and_on_no_curve_and_say_what_is_beyond(case, paper):
    x, h, rows = CROWDED[case]
    lab = live.weights_to_gates(x=x, h=h, **dict(zip("ifog", rows, strict=True)))
    still = partial(static.DRAW[lab.kind], **lab.values)
    figure = plots.drawn(still, paper == "narrow")
    plt.close(figure)
    FigureCanvasAgg(figure)
    seen = {}
    for ax in figure.axes:
        inner, texts = ax.get_window_extent(), letters(ax)
        (curve,) = [line for line in ax.lines if len(line.get_xdata()) > 1]
        way = sheets.along(pixels(ax, curve.get_xydata()))
        dots = [pixels(ax, line.get_xydata()[0]) for line in ax.lines if line is not curve]
        for text in texts:
            box = extent(text)
            assert inner.x0 < box.x0 and box.x1 < inner.x1 and inner.y0 < box.y0 < box.y1 < inner.y1
            assert from_box(box, way).min() > 1 and from_box(box, np.array(dots)).min() > 3
            assert not any(box.overlaps(extent(other)) for other in texts if other is not text)
            assert inner.padded(1).contains(*pixels(ax, text.xy))
            seen[re.search(r"\$(\w)\$", said(text))[1]] = said(text)
    for gate, (w_x, w_h, b) in zip("ifog", rows, strict=True):
        a = w_x * x + w_h * h + b
        assert seen[gate].startswith("← ") == (a < -6) and seen[gate].endswith(" →") == (a > 6)


@both
def test_the_half_life_is_where_half_is_left(paper):
    f = sigmoid(np.array(2.2))
    half = np.log(0.5) / np.log(f)
    left, right = panels("half_life", paper)
    steps = np.linspace(0, 50, 101)
    curve(left, steps, f**steps)
    curve(left, [0, half, half], [0.5, 0.5, 0])
    biases = np.linspace(-3, 8, 100)
    curve(right, biases, np.log(0.5) / np.log(sigmoid(biases)))
    text = letter(right, f"{half:.1f} steps")
    assert same(text.xy, [2.2, half]) and color(text) == COLORS["c"]
    others = [t for t in letters(right) if t is not text]
    assert len(others) == 3
    for task in others:
        bias, gap = task.xy
        assert int(said(task).split()[-1]) == gap
        assert np.isclose(np.log(0.5) / np.log(sigmoid(np.array(bias))), gap)
        curve(right, [bias], [gap])


@both
def test_a_lane_of_bars_is_the_gate_that_its_tick_names(paper):
    trace = runs.scheduled(**sheets.PLANNED)
    lanes, states = panels("write_keep_read", paper)
    named = {word.strip("$"): at for at, word in ticks(lanes, "y").items()}
    assert sorted(named) == ["f", "g", "i", "o"]
    for gate, at in named.items():
        bars = [bar for bar in lanes.patches if to_hex(bar.get_facecolor()) == COLORS[gate]]
        assert same([bar.get_height() for bar in bars], getattr(trace.gates, gate)[:, 0, 0])
        assert same([bar.get_x() + 0.5 for bar in bars], np.arange(1, len(bars) + 1))
        (base,) = {round(bar.get_y(), 9) for bar in bars}
        assert base <= at <= base + 1
    assert letter(lanes, "bit").xy == (5, 1)
    for step, gate in ((sheets.PLANNED["write"], "i"), (sheets.PLANNED["read"], "o")):
        assert [look(line)[0] for line in lines(states, [step, step])] == [COLORS[gate]]


@both
def test_a_block_of_the_budget_is_to_scale_and_its_gates(paper):
    (ax,) = panels("budget", paper)
    D, H = sheets.SIZES.values()
    texts = {said(t).split(":")[0]: t for t in letters(ax) if ":" in said(t)}
    starts = {name: text.get_position()[0] for name, text in texts.items()}
    letters_in = {t: t.get_position() for t in letters(ax) if ":" not in said(t)}
    assert [*sorted(starts, key=starts.get)] == ["RNN", "GRU", "LSTM"]
    for name, gates, states in (("RNN", "h", "h"), ("GRU", "rzn", "h"), ("LSTM", "ifog", "ch")):
        assert said(texts[name]) == f"{name}: {len(gates) * H * (D + H + 1):,} parameters"
        end = min([x for x in starts.values() if x > starts[name]], default=np.inf)
        mine = [p for p in ax.patches if starts[name] - 1e-6 <= p.get_x() < end - 1e-6]
        reads = [p for p in mine if p.get_width() == D]
        sees = [p for p in mine if p.get_width() == H]
        for blocks in reads, sees:
            assert [to_hex(p.get_facecolor()) for p in blocks] == [COLORS[gate] for gate in gates]
            assert {p.get_height() for p in blocks} == {H}
        assert all(
            a.get_x() + D == b.get_x() and a.get_alpha() < b.get_alpha()
            for a, b in zip(reads, sees)
        )
        bars = [p for p in mine if p not in reads + sees]
        assert [to_hex(p.get_facecolor()) for p in bars] == [COLORS[state] for state in states]
        assert {(p.get_y(), p.get_height()) for p in bars} == {(0, H)}
        if name != "RNN":
            for gate, block in zip(gates, sees, strict=True):
                (own,) = [t for t, at in letters_in.items() if block.get_bbox().contains(*at)]
                assert said(own) == f"${gate}$"


@both
def test_the_dark_bar_is_the_right_answer(paper):
    model = runs.hello_model(sheets.MODEL)
    hold = runs.hello_hold(*sheets.LESION.values(), 3)
    p = softmax(train.run(model, tasks.hello().x, hold=hold).y)[:, :, 0]
    for t, (read, target) in enumerate(zip("hell", "ello", strict=True)):
        ax = panel("hello_lesions", paper, f"t = {t + 1}: after {read}")
        words = ticks(ax, "y")
        assert [words[at] for at in sorted(words)] == list(tasks.HELLO)
        assert ax.get_ylim()[0] > ax.get_ylim()[1]
        for bar in ax.patches:
            letter_of = words[round(bar.get_y() + bar.get_height() / 2)]
            assert np.isclose(bar.get_width(), p[t, tasks.HELLO.index(letter_of)])
            assert to_hex(bar.get_facecolor()) == COLORS["h" if letter_of == target else "neutral"]
    title = sheet("hello_lesions", paper).get_suptitle()
    assert title == f"it spells: {runs.hello_spelled(model, hold)}"
