"""The explorers in Python: what a cell shows and reads, what is refused, how the modules are joined."""

import base64
import io
import json
import re
import subprocess
import sys
from functools import partial
from itertools import product
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from explorers import KINDS, OF_THE_BOOK, hello_model, made, sliders
from PIL import Image

from lib import gru, live, lstm, plots, rnn, tasks, train
from lib.live import join, runs, sphinx, static
from lib.live.explorer import VIEW
from lib.live.values import style_sheet

TESTS = Path(__file__).parent
SHOW = """
import json
from explorers import KINDS, made
for kind in KINDS:
    data, metadata = made(kind)._repr_mimebundle_()
    print(json.dumps([data, metadata], sort_keys=True))
import ipywidgets
print(json.dumps(ipywidgets.Widget.get_manager_state()))
"""


def shown(kind, **start):
    data, _ = made(kind, **start)._repr_mimebundle_()
    return data


# What a cell reads.


def test_a_later_cell_reads_where_the_sliders_stand():
    lab = live.lstm_step(f=0.25, c_prev=-2)
    assert (lab.f, lab.c_prev) == (0.25, -2.0)
    assert lab.values == {"f": 0.25, "i": 0.3, "o": 0.8, "g": -0.8, "c_prev": -2.0}


def test_the_bias_of_a_gate_is_read_beside_its_weights():
    lab = live.weights_to_gates(f=[0.5, -1, np.float64(3)])
    assert (lab.w_fx, lab.w_fh, lab.b_f) == (0.5, -1.0, 3.0)
    assert [lab.values[f"b_{gate}"] for gate in "ifog"] == [-1.5, 3.0, 1.0, 0.0]


def test_a_value_may_be_set_from_python_and_is_held_to_the_sliders_range():
    lab = live.gru_step()
    lab.z = 1
    assert lab.values["z"] == 1.0
    with pytest.raises(ValueError, match="gru_step: z must be a number from 0 to 1, got 1.5"):
        lab.z = 1.5
    assert lab.z == 1.0


def test_a_whole_number_stays_one():
    assert isinstance(live.fading_memory(gap=7).gap, int)
    with pytest.raises(ValueError, match="gap must be a whole number from 1 to 40, got 2.5"):
        live.fading_memory(gap=2.5)


def test_half_life_starts_from_the_bias_or_from_the_gate():
    assert live.half_life(f=0.5).b_f == 0
    assert live.half_life(b_f=2).b_f == 2


@pytest.mark.parametrize(
    ("start", "error"),
    [
        ({"f": 1.01}, ValueError),
        ({"f": float("nan")}, ValueError),
        ({"c_prev": float("inf")}, ValueError),
        ({"f": "0.5"}, TypeError),
        ({"f": True}, TypeError),
        ({"f": None}, TypeError),
        ({"f": [0.5]}, TypeError),
        ({"forget": 0.5}, TypeError),
    ],
)
def test_a_start_that_is_no_number_of_the_range_is_refused(start, error):
    with pytest.raises(error, match=next(iter(start))):
        live.lstm_step(**start)


@pytest.mark.parametrize(
    ("row", "error"),
    [
        ((1, 2), ValueError),
        ((1, 2, 3, 4), ValueError),
        (2.0, TypeError),
        (None, TypeError),
        ((1, 2, 4.01), ValueError),
        ((1, float("nan"), 0), ValueError),
        ((1, 2, "0"), TypeError),
    ],
)
def test_a_gates_row_is_two_weights_and_a_bias(row, error):
    with pytest.raises(error, match="weights_to_gates: ([wb]_)?f[xh]? must be .* got"):
        live.weights_to_gates(f=row)


@pytest.mark.parametrize("f", [0, 1, 0.01, float("nan")])
def test_half_life_refuses_a_gate_without_a_place_on_its_slider(f):
    with pytest.raises(ValueError, match="half_life"):
        live.half_life(f=f)


def test_the_gate_under_the_knife_is_a_word_of_the_models_own_gates():
    lab = made("hello_lesions", gate="o", at=0.5, unit=3)
    assert repr(lab) == "hello_lesions(gate='o', at=0.5, unit=3, step=0)"
    lab.gate = "none"
    with pytest.raises(
        ValueError, match="gate must be one of 'none', 'i', 'f', 'o', 'g', '−g', got 'z'"
    ):
        lab.gate = "z"
    assert live.hello_lesions(hello_model(gru)).gate == "z"
    with pytest.raises(ValueError, match="unit must be a whole number from 0 to 8, got 9"):
        live.hello_lesions(hello_model(), unit=9)


def test_a_model_that_has_no_gates_or_another_alphabet_is_refused():
    rng = np.random.default_rng(0)
    for model in [train.init_model(rnn, rng, 4, 8, 4), train.init_model(lstm, rng, 5, 8, 4)]:
        with pytest.raises(ValueError, match="an LSTM or a GRU over the four letters"):
            live.hello_lesions(model)


# What a cell shows.


@pytest.mark.parametrize("kind", KINDS)
def test_a_cell_shows_a_view_a_picture_and_a_line(kind):
    data = shown(kind)
    assert set(data) == {VIEW, "image/png", "text/plain"}
    picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
    assert picture.width > 600 and picture.height > 300
    assert re.fullmatch(rf"{kind}\((\w+=('\w+'|-?[\d.]+)(, )?)+\)", data["text/plain"])


@pytest.mark.parametrize("kind", KINDS)
def test_every_slider_is_linked_and_named_and_starts_where_the_figure_does(kind):
    lab = made(kind)
    assert lab.box.children[0] is lab and lab.start == lab.values
    for name, slider in sliders(lab):
        assert slider.value == getattr(lab, name) == lab.start[name]
        assert slider.description and slider.min < slider.max


@pytest.mark.built
def test_two_fresh_kernels_show_the_same_to_the_last_byte():
    start = partial(subprocess.Popen, cwd=TESTS, stdout=subprocess.PIPE, encoding="utf-8")
    both = [start([sys.executable, "-c", SHOW]) for _ in range(2)]
    (first, _), (second, _) = (process.communicate() for process in both)
    assert [process.returncode for process in both] == [0, 0]
    assert first == second
    assert "lstm_step-1" in first


def test_the_picture_follows_the_values():
    assert shown("lstm_step", f=0.1)["image/png"] != shown("lstm_step", f=0.9)["image/png"]


def test_every_explorer_has_its_picture():
    assert set(static.DRAW) == set(KINDS)


def test_the_picture_of_a_gru_step_shows_the_lstm_step_beside_it():
    figure = plots.coupled_wiring(z=0.25, r=0.0, h_prev=0.8, p=0.0, w=1.0)
    gru_texts, lstm_texts = ([text.get_text() for text in ax.texts] for ax in figure.axes)
    plt.close(figure)
    assert {"$z$", "0.25", "$h_t$ = 0.60"} <= set(gru_texts)
    assert {"$f$", "0.75", "$i$", "0.25", "$c_t$ = 0.60"} <= set(lstm_texts)
    assert any("f = 1 − z" in text for text in lstm_texts)


def test_every_gate_of_the_lstm_is_reached_by_the_input_and_the_old_state():
    lstm = json.loads((plots.DIAGRAMS / "lstm.json").read_text(encoding="utf-8"))
    ends = {x for line in lstm["lines"] if line.get("plain") for x, y in line["points"] if y == 260}
    assert ends == {gate["at"][0] for gate in lstm["gates"]}


def test_the_step_back_starts_at_the_example_by_hand():
    """Its gates are those of the second step, rounded; what it begins with is lib's, whole; and all numbers agree."""
    params, x, start, y = runs.two_steps()
    trace = lstm.forward(params, x, start)
    back = lstm.backward(params, trace, np.array([0 * trace.states.h[2], trace.states.h[2] - y]))
    lab, gates = live.step_back(), {k: getattr(trace.gates, k)[1].item() for k in "ifog"}
    first = {"o_1": trace.gates.o[0].item(), "w": 1.0}
    assert lab.values == {"back": 0} | {k: round(v, 3) for k, v in {**gates, **first}.items()}
    assert lab.data == {"c_1": trace.states.c[1].item(), "y": y, "W_h": params.W[:, 1].tolist()}
    exact, rounded = (
        runs.step_back(**at)
        for at in ({**gates, **first}, {k: lab.values[k] for k in [*gates, *first]})
    )
    wanted = {
        "c_2": trace.states.c[2],
        "h_2": trace.states.h[2],
        "dh_2": back.states.h[2],
        "dc_2": back.states.c[2],
    }
    wanted |= {"h_1": trace.states.h[1], "dh_1": back.states.h[1], "dc_1": back.states.c[1]}
    for name, value in wanted.items():
        assert exact[name] == pytest.approx(value.item(), abs=1e-12), name
    assert {k: f"{v:.3f}" for k, v in exact.items()} == {k: f"{v:.3f}" for k, v in rounded.items()}


def test_the_books_tasks_on_the_half_life_are_as_long_as_they_are():
    steps = {
        t["name"]: t["steps"]
        for t in json.loads((plots.DIAGRAMS / "tasks.json").read_text(encoding="utf-8"))
    }
    assert steps["hello: 4"] == len(tasks.hello().x)
    assert all(int(name.split(": ")[1]) == length for name, length in steps.items())


# How the modules are joined.


def files(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_a_module_comes_before_those_that_import_it_and_once(tmp_path):
    files(
        tmp_path,
        low="export const one = 1;\n",
        mid='import { one } from "./low.js";\nexport function two() { return 2 * one; }\n',
        top='import { two } from "./mid.js";\nimport { one } from "./low.js";\nexport default [one, two];\n',
    )
    text = join.join("top.js", tmp_path)
    assert re.findall(r"//# module: (.*)", text) == ["low.js", "mid.js", "top.js"]
    assert "import" not in text
    assert re.findall("export.*", text) == ["export default [one, two];"]


def test_a_drawing_written_down_as_json_is_joined_as_a_constant(tmp_path):
    (tmp_path / "x.json").write_text('{"size": [1, 2]}', encoding="utf-8")
    files(tmp_path, top='import x from "./x.json";\nexport default {};\n')
    assert 'const x = {"size":[1,2]};\n' in join.join("top.js", tmp_path)


@pytest.mark.parametrize(
    "line",
    [
        'import * as all from "./low.js";',
        'import "./low.js";',
        "export { one };",
        "export let one = 1;",
        'export * from "./low.js";',
    ],
)
def test_any_other_import_or_export_is_refused(tmp_path, line):
    files(tmp_path, low="export const one = 1;\n", top=f"{line}\nexport default {{}};\n")
    with pytest.raises(ValueError, match="top.js: cannot join"):
        join.join("top.js", tmp_path)


def test_one_name_in_two_modules_is_refused(tmp_path):
    files(
        tmp_path,
        low="export const one = 1;\nfunction same() {}\n",
        top='import { one } from "./low.js";\nconst same = one;\nexport default {};\n',
    )
    with pytest.raises(ValueError, match="low.js and top.js both define 'same'"):
        join.join("top.js", tmp_path)


# What the extension does with a page's state.


def state_of(*kinds):
    import ipywidgets

    for kind in kinds:
        made(kind)
    return ipywidgets.Widget.get_manager_state(drop_defaults=False)


def test_a_page_carries_each_piece_of_code_once_and_loses_none():
    saved = state_of("lstm_step", "lstm_step", "gru_step")
    codes = {m["state"]["_esm"] for m in saved["state"].values() if "_esm" in m["state"]}
    left, script, sheets = sphinx.taken_apart(json.loads(json.dumps(saved)))
    for esm in codes:
        for piece in sphinx.cut(esm):
            assert script.count(piece.replace("export default", "const exported =")) == 1
    figures = [m["state"] for m in left["state"].values() if m["model_name"] == "AnyModel"]
    assert {figure["_esm"] for figure in figures} == set(range(len(codes)))
    assert list(sheets.values()) == [style_sheet()]
    assert "export default" not in script and len(json.dumps(left)) < len(json.dumps(saved)) / 4


def test_what_the_reader_looks_at_stays_in_the_state_also_where_it_is_nought():
    name = made("lstm_step").box.model_id
    left, _, _ = sphinx.taken_apart(state_of())
    assert left["state"][f"{name}-f"]["state"] == {
        "_dom_classes": ("live-f",),
        "description": "f forget gate",
        "description_allow_html": True,
        "disabled": False,
        "max": 1.0,
        "min": 0.0,
        "readout_format": ".2f",
        "step": 0.01,
        "value": 0.9,
    }
    asked = set(re.findall(r'model\.get\("(\w+)"\)', join.classic("page.js"))) - {"_esm"}
    assert asked | {"min", "max", "step"} <= sphinx.READ


@pytest.mark.parametrize(
    ("esm", "plain"),
    [
        ("const a = 1;\nexport default { render() {} };\n", True),
        ("export default { render() {} };\n", True),
        ('import x from "https://elsewhere/x.js";\nexport default x;\n', False),
        ('export default { render: () => import("./x.js") };\n', False),
        ("export const a = 1;\nexport default {};\n", False),
        ("export function render() {}\n", False),
    ],
)
def test_only_a_module_that_stands_by_itself_goes_into_the_pages_script(esm, plain):
    assert sphinx.is_plain(esm) == plain


def test_code_without_marks_stays_in_one_piece():
    assert sphinx.cut("export default { render() {} };\n") == ["export default { render() {} };\n"]


def test_the_explorers_of_a_page_and_any_one_more_are_small():
    """At most 60 KB uncompressed, the page's reader among them."""
    needed = {kind: join.pieces(f"{kind}.js") for kind in KINDS}
    pages = {
        page: [kind for where, kind, _ in OF_THE_BOOK if where == page] for page, *_ in OF_THE_BOOK
    }
    for page, one in product(pages, KINDS):
        pieces = {}
        for kind in [*pages[page], one]:
            pieces |= needed[kind]
        total = sum(len(text.encode()) for text in pieces.values()) + len(join.classic("page.js"))
        assert total <= 60_000, (page, one)


def test_the_reader_draws_what_the_extension_promises():
    drawn = re.search(r"const DRAW = \{(.*?)^\};", join.classic("page.js"), re.S | re.M)[1]
    assert set(re.findall(r"^ (\w+Model)\b", drawn, re.M)) == sphinx.DRAWN - sphinx.LINKS


def test_what_keeps_widgets_alive_knows_nothing_of_this_book():
    folder = Path(sphinx.__file__).parent
    for name in ("sphinx.py", "join.py", "js/page.js", "js/page.css"):
        text = (folder / name).read_text(encoding="utf-8").lower()
        known = [word for word in [*KINDS, "lstm", "gru", "rnn", "hello", "memory"] if word in text]
        assert known == [], name
