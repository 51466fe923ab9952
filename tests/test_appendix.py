"""The appendix: its tables hold what the library does and what the chapters write."""

import colorsys
import inspect
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from lib import (
    gradients,
    gru,
    initial,
    laboratory,
    losses,
    lstm,
    rnn,
    train,
)
from lib.activations import sigmoid, sigmoid_slope
from lib.colors import COLORS, DARK
from lib.relatives import peephole
from lib.tasks import Batch

ROOT = Path(__file__).resolve().parent.parent
CELLS = {"RNN": rnn, "LSTM": lstm, "GRU": gru}
SIZES = dict(T=5, D=3, H=4, B=2, V=6, t=2)
NAMES = dict(  # a color's name: its hues in degrees, on a white and on a dark page
    green=(145, 170),
    blue=(205, 225),
    purple=(265, 290),
    brown=(20, 40),
    red=(5, 15),
    indigo=(230, 260),
    magenta=(310, 335),
    teal=(171, 185),
)


def rows(page):
    """The cells of the page's tables, row by row, without heads and rules."""
    text = (ROOT / "appendix" / page).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.startswith("|")]
    split = [[part.strip() for part in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]
    rules = [n for n, row in enumerate(split) if set("".join(row)) <= set("-: ")]
    return [row for n, row in enumerate(split) if n not in rules and n + 1 not in rules]


NOTATION = [
    dict(zip(("symbol", "color", "meaning", "shape", "code"), row, strict=True))
    for row in rows("notation.md")
]


def bench(name):
    """What the page's expressions may name: a model of one kind of cell, run and sent back."""
    cell, rng = CELLS[name], np.random.default_rng(3)
    T, D, H, B, V, t = SIZES.values()
    model = train.init_model(cell, rng, D, H, V)
    batch = Batch(rng.normal(size=(T, D, B)), rng.integers(V, size=(T, B)), None)
    params, readout = model.params, model.readout
    x, targets = batch.x, batch.targets
    (_, gates, states, *_), y = train.run(model, x)
    slopes = train.slopes(model, batch)
    back, dy = slopes.cell, losses.cross_entropy(y, targets).dy
    h_prev = states.h[t - 1]
    xh = np.concatenate([x[t - 1], h_prev])
    modules = dict(
        np=np, initial=initial, losses=losses, sigmoid=sigmoid, sigmoid_slope=sigmoid_slope
    )
    modules |= dict(peephole=peephole, state_jacobian=gradients.state_jacobian)
    return modules | {
        key: value for key, value in locals().items() if key not in ("name", "modules")
    }


BENCHES = {name: bench(name) for name in CELLS}


def shapes(row):
    """{cell or None for all: the shape that the row promises}; nothing where it promises none."""
    found = {}
    for name, shape in re.findall(r"(?:(RNN|LSTM|GRU) )?(\([^()]*,[^()]*\)|number)", row["shape"]):
        text = re.sub(r"(\d)([A-Z])", r"\1*\2", shape)
        found[name or None] = () if shape == "number" else eval(text, dict(SIZES))
    return found


def values(code, name):
    """What the expression gives on one kind of cell; nothing if it has no such part."""
    try:
        value = eval(code, dict(BENCHES[name]))
    except (AttributeError, ValueError):
        return []
    return value if isinstance(value, list) else [value]


def code_of(row):
    return re.fullmatch(r"`(.*)`|", row["code"])[1] or ""


# Names in a signature or in a chapter's cells, which no expression can be built from alone.
SAID = dict(
    hold=lstm.forward,
    longest=initial.chrono,
    width=gradients.by_differences,
    test=laboratory.recall,
)
SAID["max_norm"] = train.fit
SPOKEN = {"w", "k", "j", "v", "half_life"}  # names in the chapters' cells, not in lib


@pytest.mark.parametrize("row", NOTATION, ids=lambda row: row["symbol"])
def test_a_symbol_s_name_in_code_exists_and_its_shape_is_as_said(row):
    code, promised = code_of(row), shapes(row)
    if code in SAID:
        assert code in inspect.signature(SAID[code]).parameters
        return
    if code in SPOKEN:
        assert any(re.search(rf"\b{code}\b", source) for source in sources("code"))
        return
    if code in ("", "*"):
        return
    met = {name: values(code, name) for name in CELLS}
    assert any(met.values()), f"{code} is nowhere"
    if promised:
        assert set(promised) == {None} or set(promised) <= set(CELLS)
    for name in promised:
        cells = CELLS if name is None else [name]
        assert any(met[cell] for cell in cells), f"{code} does not exist for {name}"
        for value in (value for cell in cells for value in met[cell]):
            assert np.shape(value) == promised[name], f"{row['symbol']}: {code}"


def test_every_part_of_every_cell_is_in_the_table():
    codes = [code_of(row) for row in NOTATION]
    for cell in CELLS.values():
        for kind, where in ((cell.State, "states"), (getattr(cell, "Gates", None), "gates")):
            for part in kind._fields if kind else ():
                assert any(f"{where}.{part}[" in code for code in codes), part
        assert {f"params.{part}" for part in cell.Params._fields} <= set(codes)


def test_the_swatches_are_the_book_s_colors_and_their_names_fit_both_pages():
    swatches = {}
    for row in NOTATION:
        found = re.fullmatch(
            r'<span class="gate-(\w)" aria-hidden="true">■</span> (.+)', row["color"]
        )
        if found:
            assert found[1] == row["symbol"][1], row["symbol"]
            swatches[found[1]] = found[2]
        else:
            assert row["color"] in ("", "as the gate"), row["color"]
    assert set(swatches) == set(COLORS) - {"neutral"} == set(DARK) - {"neutral"}
    for letter, name in swatches.items():
        tones = [hls(palette[letter]) for palette in (COLORS, DARK)]
        if letter == "x":
            assert [round(light) for _, light in tones] == [0, 1], name
        else:
            low, high = NAMES[name.split()[-1]]
            assert all(low <= hue <= high for hue, _ in tones), f"{letter} is not {name}"
    light, dark = ([hls(palette[letter])[1] for palette in (COLORS, DARK)] for letter in "ng")
    assert swatches["n"] == "light brown" and swatches["g"] == "dark brown"
    assert all(a > b for a, b in zip(light, dark, strict=True))


def hls(color):
    """(hue in degrees, lightness) of a color like #0e4b97."""
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    hue, light, _ = colorsys.rgb_to_hls(red, green, blue)
    return 360 * hue, light


def sources(kind):
    """The text of every cell of one kind, in the front page and the chapters, with the captions."""
    for path in [ROOT / "intro.ipynb", *sorted((ROOT / "chapters").glob("*.ipynb"))]:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == kind:
                yield cell.source
            elif kind == "markdown":
                yield cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")


def letters(text):
    """The letters and Greek names in a text's equations, words and layout left out."""
    text = re.sub(r"^(`{3,}|~{3,})(python|sh|\{code-cell\}).*?^\1", "", text, flags=re.S | re.M)
    text = re.sub(r"(?<!\{eq\})`[^`\n]*`", "", text)
    found = set()
    for shown, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$]+?)\$", text, flags=re.S):
        math = re.sub(
            r"\\(text|operatorname|mathrm|mathbf|begin|end)\{[^}]*\}", " ", shown or inline
        )
        greek = {"delta", "sigma", "rho", "lambda", "varepsilon", "eta", "nabla", "odot"}
        greek |= {"alpha", "beta", "gamma", "theta", "mu", "tau", "phi", "xi", "kappa", "omega"}
        found |= greek & set(re.findall(r"\\([a-zA-Z]+)", math))
        found |= set(re.findall("[A-Za-z]", re.sub(r"\\[a-zA-Z]+", " ", math)))
    return found


def test_every_letter_of_the_chapters_equations_is_in_the_table():
    known = set().union(*(letters(row["symbol"] + " " + row["meaning"]) for row in NOTATION))
    used = set().union(*map(letters, sources("markdown")))
    assert used - known == set()
    assert len(used) > 40


def test_no_row_of_the_table_is_for_a_letter_that_no_chapter_uses():
    used = set().union(*map(letters, sources("markdown")))
    for row in NOTATION:
        assert letters(row["symbol"]) <= used, row["symbol"]
