"""The appendix: its tables hold what the library does and what the chapters write."""

import ast
import colorsys
import inspect
import re
from html import escape
from pathlib import Path

import nbformat
import numpy as np
import outside_ties
import prose
import prose_declared
import pytest
from pybtex.database import parse_file

from lib import (
    frameworks,
    gradients,
    gru,
    initial,
    lstm,
    rnn,
    train,
)
from lib.activations import sigmoid, sigmoid_slope
from lib.checked import plain
from lib.colors import COLORS, DARK
from lib.losses import cross_entropy, softmax
from lib.relatives import peephole, relu_rnn, reset_after
from lib.site import korean
from lib.site.reference import labels
from lib.tasks import Batch

ROOT = Path(__file__).resolve().parent.parent
TOC = (ROOT / "_toc.yml").read_text(encoding="utf-8")
PAGES = [  # the notebooks, in the order in which they are read
    path
    for name in re.findall(r"(?:root|file): (\S+)", TOC)
    if (path := ROOT / f"{name}.ipynb").exists()
]
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
    if page.endswith(".ipynb"):
        text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
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
    (W, b), readout = model.params, model.readout
    x, targets = batch.x, batch.targets
    (_, gates, states, *_), y = train.run(model, x)
    slopes = train.slopes(model, batch)
    back, dy = slopes.cell, cross_entropy(y, targets).dy
    dh, h_prev = readout.W.T @ dy, states.h[t - 1]
    xh = np.concatenate([x[t - 1], h_prev])
    modules = dict(
        np=np, initial=initial, softmax=softmax, sigmoid=sigmoid, sigmoid_slope=sigmoid_slope
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
        assert set(cell.Params._fields) <= set(codes)


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
    """The text of every cell of one kind, in all notebooks, with captions and claims."""
    for path in PAGES:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == kind:
                yield cell.source
            elif kind == "markdown":
                yield cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
                for claim in cell.metadata.get("claims", []):
                    yield claim.get("found", "")


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


def test_the_code_of_a_gate_s_weights_and_biases_is_that_gate_s_rows():
    named = 0
    for row in NOTATION:
        symbol = re.fullmatch(r"\$([Wb])_\{?([ifogrzn])(h?)\}?\$(?: \$.*)?", row["symbol"])
        code = re.fullmatch(r"`[Wb]\[.*\]`", row["code"])
        if symbol and code:
            named += 1
            cell = gru if symbol[2] in gru.Gates._fields else lstm
            D, H, place = SIZES["D"], SIZES["H"], cell.Gates._fields.index(symbol[2]) * SIZES["H"]
            names = dict(BENCHES["GRU" if cell is gru else "LSTM"])
            rng = np.random.default_rng(0)
            names |= {name: rng.normal(size=names[name].shape) for name in "Wb"}
            array, whole = eval(code_of(row), names), names[symbol[1]]
            ours = whole[place : place + H, D if symbol[3] else 0 :]
            assert np.array_equal(array, ours), row["symbol"]
    assert named == 4


def test_a_slope_s_row_names_what_it_is_the_slope_by():
    slopes = 0
    for row in NOTATION:
        for what in re.findall(r"\$\\delta ([A-Za-z]\w*)\$", row["symbol"]):
            slopes += 1
            named = re.search(r"\b(?:by|for) (?:\$([^$]+)\$|the (input))", row["meaning"])
            assert what == ("x_t" if named[2] else named[1]), row["symbol"]
    assert slopes > 4


def notation_by_place(text):
    """({symbol: its row} of the tables that hold everywhere, {chapter: [symbols of its own]})."""
    everywhere, _, own = text.partition("(sec-notation-own)=")
    rows_of = re.compile(r"^\| (\$[^|]*?) \|", re.M)
    chapters = dict(re.findall(r"^### In chapter (\d)\n(.*?)(?=^\(|\Z)", own, re.M | re.S))
    lines = [line for line in everywhere.splitlines() if line.startswith("| $")]
    return lines, {number: rows_of.findall(part) for number, part in chapters.items()}


def meanings_faults(text):
    """Symbols that mean two things in one place, in words."""
    lines, own = notation_by_place(text)
    found = [symbol for line in lines for symbol in re.findall(r"\$[^$]*\$", line.split(" | ")[0])]
    wrong = [f"{symbol} has two rows" for symbol in set(found) if found.count(symbol) > 1]
    wrong += [
        f"{line}: a meaning of one chapter"
        for line in lines
        if re.search(
            r"\b[Ii]n (?:\{numref\}`(?:ch|fig)|\{ref\}`sec|\{eq\})|\b[Aa]s an? (?:index|count)\b",
            line,
        )
    ]
    used = {path.stem[1]: letters(page) for path, page in chapter_texts()}
    for number, rows_there in own.items():
        several = [symbol for row in rows_there for symbol in re.findall(r"\$([^$]*)\$", row)]
        wrong += [f"{s} twice in chapter {number}" for s in set(several) if several.count(s) > 1]
        wrong += [f"{s} is everywhere's" for s in several if f"${s}$" in found and s not in ("k",)]
        wrong += [
            f"{s} is not in chapter {number}" for s in several if letters(f"${s}$") - used[number]
        ]
    return wrong


def chapter_texts():
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        captions = [
            c.metadata.get("mystnb", {}).get("figure", {}).get("caption", "") for c in cells
        ]
        yield path, "\n".join([c.source for c in cells if c.cell_type == "markdown"] + captions)


SIGNS = (ROOT / "appendix" / "notation.md").read_text(encoding="utf-8")


def test_no_symbol_means_two_things_in_one_place():
    assert meanings_faults(SIGNS) == []
    lines, own = notation_by_place(SIGNS)
    assert len(lines) > 50 and [*own] == ["1", "2", "3", "4", "5"] and all(own.values())


@pytest.mark.parametrize(
    "right, wrong",
    [
        (
            "probabilities, made of",
            "in {numref}`ch-memory`, a share of runs; probabilities, made of",
        ),
        ("| $D$ |  | numbers in an", "| $H$ |  | numbers in an"),
        (
            "| $F$ |  | a bound",
            "| $u$ |  | a bound",
        ),
        ("| $s^2$ |  | a variance", "| $\\eta$ |  | a variance"),
        ("| $N$ |  | sequences", "| $\\rho$ |  | sequences"),
    ],
)
def test_a_second_meaning_of_a_symbol_is_found(right, wrong):
    assert SIGNS.count(right) == 1
    assert meanings_faults(SIGNS.replace(right, wrong))


@pytest.mark.parametrize(
    "symbol, part, right, wrong, test",
    [
        ("$b_i$", "code", "b[:H]", "b[2 * H : 3 * H]", "code"),
        ("$b_z$", "code", "b[H : 2 * H]", "b[:H]", "code"),
        (r"$\delta c_t$", "meaning", "$c_t$", "$h_t$", "slope"),
        (r"$\delta_t$ $\delta h_t$", "meaning", "$h_t$", "$x_t$", "slope"),
    ],
)
def test_a_fault_in_the_page_of_notation_is_found(monkeypatch, symbol, part, right, wrong, test):
    (row,) = (row for row in NOTATION if row["symbol"] == symbol)
    assert right in row[part]
    monkeypatch.setitem(row, part, row[part].replace(right, wrong))
    with pytest.raises(AssertionError):
        if test == "code":
            test_the_code_of_a_gate_s_weights_and_biases_is_that_gate_s_rows()
        else:
            test_a_slope_s_row_names_what_it_is_the_slope_by()


# The Rosetta page's table, its computed rows.


def tables(page):
    """{name: {row: {column: what it says}}} of a notebook's named tables; an addition names itself."""
    cells = nbformat.read(ROOT / "appendix" / page, as_version=4).cells
    text = re.sub(r"</?span[^>]*>", "", "\n".join(cell.source for cell in cells))
    found = {}
    for name, body in re.findall(
        r"^```\{table\}[^\n]*\n:name: (\S+)\n\n(.*?)^```", text, re.M | re.S
    ):
        lines = [re.split(r"(?<!\\)\|", line)[1:-1] for line in body.splitlines()]
        (_, *columns), _, *rest = ([part.strip() for part in line] for line in lines)
        found[name] = {row: dict(zip(columns, told, strict=True)) for row, *told in rest}
    return found


ROSETTA, MORE = tables("rosetta.ipynb").values()


def converted(cell, params):
    """{framework: (input weights as rows, all biases)} for each that has the cell."""
    found = {"this book": (params[0][:, : SIZES["D"]], params[1][:, 0])}
    if cell is not gru:
        weights = frameworks.to_pytorch(cell, params)
        biases = np.concatenate([weights["bias_ih_l0"], weights["bias_hh_l0"]])
        found["PyTorch"] = weights["weight_ih_l0"], biases
        linen = frameworks.to_flax(cell, params)
        biases = np.concatenate([part["bias"] for part in linen.values() if "bias" in part])
        stacked = frameworks.to_nnx(cell, cell.Params(params[0], 0 * params[1]))
        found["Flax"] = stacked["dense_i"]["kernel"].T, biases
        equinox = frameworks.to_equinox(cell, params)
        found["nnx"] = found["Flax"][0], stacked_biases(stacked)
        found["Equinox"] = (
            equinox["weight_ih"],
            np.concatenate([equinox[name] for name in ("bias", "bias_n") if name in equinox]),
        )
    kernel, _, bias = frameworks.to_keras(cell, params)
    weights = frameworks.to_onnx(cell, params)
    return found | {"Keras": (kernel.T, bias.ravel()), "ONNX": (weights["W"][0], weights["B"][0])}


def stacked_biases(weights):
    return np.concatenate([part["bias"] for part in weights.values() if "bias" in part])


def cell_of(row, framework):
    """What one of the two tables says of a framework."""
    return (ROSETTA if framework in ROSETTA[row] else MORE)[row][framework]


@pytest.mark.parametrize("cell, blocks", [(lstm, "ifog"), (gru, "rzn"), (reset_after, "rzn")])
def test_the_rosetta_table_gives_each_order_sign_and_count_of_biases(cell, blocks):
    H = SIZES["H"]
    params = cell.init_params(np.random.default_rng(0), SIZES["D"], H)
    marks = np.repeat(np.arange(1.0, len(blocks) + 1), H)[:, None]
    params = cell.Params(np.tile(marks, params[0].shape[1]), np.ones_like(params[1]))
    name = "LSTM" if cell is lstm else "GRU"
    for framework, (rows, biases) in converted(cell, params).items():
        found = rows.reshape(len(blocks), H, -1)[:, 0, 0]
        order = " ".join(blocks[int(abs(mark)) - 1] for mark in found)
        assert order == cell_of(f"{name} order", framework), framework
        keeps = {blocks[int(-mark) - 1] for mark in found if mark < 0}
        assert keeps == ({"z"} if name == "GRU" and cell_of("z", framework) == "keeps" else set())
        assert name == "LSTM" or cell_of("z", framework) == ("keeps" if keeps else "writes")
        count = len(biases) / H / len(blocks)
        if cell is lstm:
            said = {1: "1", 2: "2, added"}[count]
            assert cell_of("biases, LSTM", framework) == said, framework
        elif framework == "Keras":
            assert count == (2 if cell is reset_after else 1)
            assert ROSETTA["biases, n of GRU"][framework].startswith("2, or 1")
        elif framework in ("Flax", "nnx", "Equinox"):
            assert cell_of("biases, n of GRU", framework) == str(round(count * 3) - 2)


def test_the_rosetta_table_says_which_reset_each_framework_has_and_where_the_forget_bias_starts():
    for framework, said in {**ROSETTA["reset acts"], **MORE["reset acts"]}.items():
        convert = getattr(frameworks, f"to_{framework.lower()}", None)
        for cell, place in ((gru, "before"), (reset_after, "after")):
            if convert is None:
                continue
            params, exists = cell.init_params(np.random.default_rng(0), 3, 4), True
            try:
                convert(cell, params)
            except ValueError:
                exists = False
            assert exists == (place in said), framework
    params = lstm.init_params(np.random.default_rng(0), 3, 4)
    bias = {"this book": params.b[4:8], "Keras": frameworks.to_keras(lstm, params)[2][4:8]}
    for framework, values in bias.items():
        assert {f"{value:g}" for value in values.ravel()} == {
            ROSETTA["first forget bias"][framework]
        }
    assert ROSETTA["states"]["this book"] == ", ".join(lstm.State._fields)


def test_the_rosetta_table_gives_the_biases_of_an_rnn_and_which_frameworks_have_both_kinds():
    D, H = SIZES["D"], SIZES["H"]
    for cell in (rnn, relu_rnn):
        params = cell.init_params(np.random.default_rng(0), D, H)
        biases = {
            "this book": params.b.size,
            "PyTorch": sum(
                b.size for b in frameworks.to_pytorch(cell, params).values() if b.ndim == 1
            ),
            "Keras": frameworks.to_keras(cell, params)[2].size,
            "ONNX": frameworks.to_onnx(cell, params)["B"].size,
            "Flax": stacked_biases(frameworks.to_flax(cell, params)).size,
            "papers": 0,
        }
        said = {name: {0: "", H: "1", 2 * H: "2, added"}[size] for name, size in biases.items()}
        assert ROSETTA["biases, RNN"] == said
        assert f"`{cell.__name__.split('.')[-1]}`" in ROSETTA["RNN"]["this book"]


def test_the_rosetta_table_gives_the_arrays_and_the_biases_of_a_candidate_as_the_converters_do():
    D, H = SIZES["D"], SIZES["H"]
    names = {D: "D", H: "H", D + H: "D+H", 3 * H: "3H", 4 * H: "4H", 1: "1"}

    def told(shape):
        return f"({', '.join(names[size] for size in shape)})"

    params = lstm.init_params(np.random.default_rng(0), D, H)
    kernel, recurrent, _ = (told(array.shape) for array in frameworks.to_keras(lstm, params))
    torch, onnx, flax = (
        {name: told(array.shape) for name, array in weights.items() if array.ndim > 1}
        for weights in (
            frameworks.to_pytorch(lstm, params),
            {name: frameworks.to_onnx(lstm, params)[name] for name in "WR"},
            {name: part["kernel"] for name, part in frameworks.to_flax(lstm, params).items()},
        )
    )
    assert ROSETTA["weights"] == {
        "this book": f"`W` {told(params.W.shape)}",
        "PyTorch": ", ".join(f"`{name}` {shape}" for name, shape in torch.items()),
        "Keras": f"`kernel` {kernel}, `recurrent_kernel` {recurrent}",
        "ONNX": ", ".join(f"`{name}` {shape}" for name, shape in onnx.items()),
        "Flax": f"a `kernel` for each gate, {flax['ii']} and {flax['hi']}",
        "papers": "a matrix for each gate",
    }
    nnx, equinox = frameworks.to_nnx(lstm, params), frameworks.to_equinox(lstm, params)
    stacked = {f"`{name}`": told(part["kernel"].shape) for name, part in nnx.items()}
    assert MORE["weights"]["nnx"] == ", ".join(map(" ".join, stacked.items()))
    both = [f"`{name}` {told(a.shape)}" for name, a in equinox.items() if a.ndim > 1]
    assert MORE["weights"]["Equinox"] == ", ".join(both)
    after = reset_after.init_params(np.random.default_rng(0), D, H)
    counts = {"this book": [gru.init_params(np.random.default_rng(0), D, H).b]}
    counts["PyTorch"] = [
        b for b in frameworks.to_pytorch(reset_after, after).values() if b.ndim == 1
    ]
    counts["ONNX"] = np.split(frameworks.to_onnx(reset_after, after)["B"][0], 2)
    for name, biases in counts.items():
        assert {len(one) for one in biases} == {3 * H}
        assert ROSETTA["biases, n of GRU"][name] == str(len(biases)), name
    assert ROSETTA["biases, n of GRU"]["Keras"] == "2, or 1 where reset is before"
    assert frameworks.to_keras(gru, gru.init_params(np.random.default_rng(0), D, H))[2].ndim == 1


def test_the_rosetta_table_gives_first_what_the_frameworks_do_by_default():
    lines = [re.split(r"  +", line.strip()) for line in frameworks.__doc__.splitlines()]
    reset = {line[0].split()[0]: line[-1] for line in lines if len(line) > 4}
    for name in ("PyTorch", "Keras", "ONNX", "Flax"):
        assert ROSETTA["reset acts"][name] == reset[name], name
    assert ROSETTA["reset acts"]["this book"] == reset["this"] == "before the product"
    text = (ROOT / "appendix" / "rosetta.ipynb").read_text(encoding="utf-8")
    (keras, option), (onnx, flag) = re.findall(
        r"(after|before) (?:the product|it) unless.*?=(\w+)", text
    )
    assert ROSETTA["reset acts"]["Keras"].startswith(keras) and option == str(keras != "after")
    assert ROSETTA["reset acts"]["ONNX"].startswith(onnx)
    own = gru.init_params(np.random.default_rng(0), 3, 4)
    assert int(flag) != frameworks.to_onnx(gru, own)["linear_before_reset"]


# What no converter holds, as it was read: (what is said, where).
READ = {
    "RNN": {
        "this book": ("`rnn`, `relu_rnn`", "lib/rnn.py, lib/relatives.py"),
        "PyTorch": ("`nn.RNN`, tanh or relu", "nn.RNN, nonlinearity"),
        "Keras": ("`SimpleRNN`", "SimpleRNN"),
        "ONNX": ("`RNN`", "operator RNN"),
        "Flax": ("`SimpleCell`", "SimpleCell"),
        "papers": (
            "a simple recurrent network {cite}`elman1990`",
            "its section on recurrent networks",
        ),
    },
    "LSTM order": {
        "papers": ("none given", "hochreiter1997, chung2014: equations gate by gate"),
        "Haiku": ("i g f o", "LSTM.__call__: i, g, f, o = jnp.split"),
        "TensorFlow 1": ("i j f o", "BasicLSTMCell.call: i, j, f, o = array_ops.split"),
        "Saito, 밑바닥 2": ("f g i o", "LSTM.forward: the slices of A"),
    },
    "GRU order": {
        "papers": ("none given", "cho2014, chung2014: equations gate by gate"),
        "Haiku": ("z r a", "GRU.__call__: the splits of w_h and zr"),
        "TensorFlow 1": (
            "r u, and c apart",
            "GRUCell.call: r, u; candidate_kernel is an array of its own",
        ),
        "Saito, 밑바닥 2": ("z r h", "GRU.forward: the slices of Wx and Wh"),
    },
    "weights": {
        "Haiku": ("`w` (D+H, 4H)", "LSTM.__call__: hk.Linear of inputs and hidden, joined"),
        "TensorFlow 1": ("`kernel` (D+H, 4H)", "BasicLSTMCell.build"),
        "Saito, 밑바닥 2": ("`Wx` (D, 4H), `Wh` (H, 4H)", "LSTM.forward; Rnnlm of chapter 6"),
    },
    "biases, RNN": {},
    "biases, LSTM": {
        "papers": ("", ""),
        "Haiku": ("1", "LSTM.__call__: of hk.Linear"),
        "TensorFlow 1": ("1", "BasicLSTMCell.build"),
        "Saito, 밑바닥 2": ("1", "LSTM.forward"),
    },
    "biases, n of GRU": {
        "papers": ("", ""),
        "Haiku": ("1", "GRU.__call__: b_a"),
        "TensorFlow 1": ("1", "GRUCell.build: candidate/bias"),
        "Saito, 밑바닥 2": ("none", "GRU.__init__: Wx and Wh alone"),
    },
    "name of g": {
        "this book": ("g, candidate", "appendix/notation.md"),
        "PyTorch": ("g, cell gate", "nn.LSTM, the equations and the line below them"),
        "Keras": ("c", "LSTMCell's code: z_c, kernel_c"),
        "ONNX": ("c, cell gate", "operator LSTM, Notations"),
        "Flax": ("g", "OptimizedLSTMCell, the equations"),
        "papers": ("cell input {cite}`hochreiter1997`", "section 4"),
        "nnx": ("g", "OptimizedLSTMCell, the equations"),
        "Equinox": ("g", "LSTMCell.__call__"),
        "Haiku": ("g, cell gate", "LSTM.__call__, a comment"),
        "TensorFlow 1": ("j, new input", "BasicLSTMCell.call, a comment"),
        "Saito, 밑바닥 2": ("g", "LSTM.forward"),
    },
    "name of n": {
        "this book": ("n, candidate", "appendix/notation.md"),
        "PyTorch": ("n, new gate", "nn.GRU, the equations and the line below them"),
        "Keras": ("h", "GRUCell's code: recurrent_h, hh"),
        "ONNX": ("h, hidden gate", "operator GRU, Notations"),
        "Flax": ("n", "GRUCell, the equations"),
        "papers": (r"$\tilde h$, candidate {cite}`chung2014`", "section 3.2"),
    },
    "z": {
        "papers": ("keeps {cite}`cho2014`, writes {cite}`chung2014`", "equations 7; 5"),
        "Haiku": ("writes", "GRU.__call__: (1 - z) * state + z * a"),
        "TensorFlow 1": ("keeps", "GRUCell.call: u * state + (1 - u) * c"),
        "Saito, 밑바닥 2": ("writes", "GRU.forward: (1-z) * h_prev + z * h_hat"),
    },
    "reset acts": {
        "papers": (
            "before {cite}`chung2014`; both, by version {cite}`cho2014`",
            "section 3.2; Keras's GRU, Two variants: versions 3 and 1",
        ),
        "Haiku": ("before", "GRU.__call__: r * state, w_h_a"),
        "TensorFlow 1": ("before", "GRUCell.call: r * state, then the candidate's kernel"),
        "Saito, 밑바닥 2": ("before", "GRU.forward: r*h_prev, Wh"),
    },
    "first forget bias": {
        "PyTorch": ("near 0, random", "nn.LSTM, the first note: all weights and biases"),
        "ONNX": ("as you give it", "operator LSTM, input B"),
        "Flax": ("0", "OptimizedLSTMCell, bias_init"),
        "papers": (
            "no forget gate {cite}`hochreiter1997`; 1 advised {cite}`jozefowicz2015`",
            "section 4; abstract",
        ),
        "nnx": ("0", "OptimizedLSTMCell, bias_init"),
        "Equinox": ("near 0, random", "LSTMCell.__init__: uniform, lim = sqrt(1 / hidden_size)"),
        "Haiku": ("0, and 1 in the step", "LSTM.__call__: sigmoid(f + 1); hk.Linear, b_init"),
        "TensorFlow 1": ("0, and 1 in the step", "BasicLSTMCell: forget_bias=1.0, added in call"),
        "Saito, 밑바닥 2": ("0", "Rnnlm of chapter 6: lstm_b = np.zeros"),
    },
    "first weights": {
        "this book": ("uniform, by D+H", "lib/initial.py"),
        "PyTorch": ("uniform, by H", "nn.LSTM, the first note"),
        "Keras": ("Glorot; orthogonal", "LSTM, kernel_initializer, recurrent_initializer"),
        "ONNX": ("as you give them", "operator LSTM, inputs W and R"),
        "Flax": ("LeCun; orthogonal", "OptimizedLSTMCell, kernel_init, recurrent_kernel_init"),
        "papers": ("", ""),
    },
    "x of a run": {
        "PyTorch": ("(T, B, D)", "nn.LSTM, Inputs"),
        "Keras": ("(B, T, D)", "LSTM, Call arguments"),
        "ONNX": ("(T, B, D)", "operator LSTM, layout"),
        "Flax": ("(B, T, D)", "flax.linen.RNN, time_major"),
        "papers": ("", ""),
        "nnx": ("(B, T, D)", "nnx.RNN, time_major"),
        "Equinox": ("a step, (D)", "LSTMCell.__call__: input"),
        "Haiku": ("(T, B, D)", "hk.dynamic_unroll, time_major"),
        "TensorFlow 1": ("(B, T, D)", "tf.nn.dynamic_rnn, time_major"),
        "Saito, 밑바닥 2": ("(B, T, D)", "TimeLSTM.forward: N, T, D = xs.shape"),
    },
    "states": {
        "PyTorch": ("h, c", "nn.LSTM, Outputs"),
        "Keras": ("h, c", "LSTM, return_state"),
        "ONNX": ("h, c", "operator LSTM, Outputs"),
        "Flax": ("c, h", "OptimizedLSTMCell, the carry"),
        "papers": ("", ""),
        "nnx": ("c, h", "OptimizedLSTMCell, the carry"),
        "Equinox": ("h, c", "LSTMCell.__call__: h, c = hidden"),
        "Haiku": ("h, c", "LSTMState(hidden, cell)"),
        "TensorFlow 1": ("c, h", "LSTMStateTuple"),
        "Saito, 밑바닥 2": ("h, c", "LSTM.forward: return h_next, c_next"),
    },
}


def test_the_rosetta_table_says_what_was_read_elsewhere():
    for row, columns in READ.items():
        for column, (said, where) in columns.items():
            assert (where or not said) and cell_of(row, column) == said, f"{row}, {column}"
    params = lstm.init_params(np.random.default_rng(0), SIZES["D"], SIZES["H"])
    lstm.forward(params, np.zeros([SIZES[letter] for letter in "TDB"]))  # no other order is let in
    assert ROSETTA["x of a run"]["this book"] == "(T, D, B)"


CONVERTED = [(lstm, "ifog"), (gru, "rzn"), (reset_after, "rzn")]


def read_again():
    """All that is asked of the two tables."""
    for cell, blocks in CONVERTED:
        test_the_rosetta_table_gives_each_order_sign_and_count_of_biases(cell, blocks)
    test_the_rosetta_table_says_which_reset_each_framework_has_and_where_the_forget_bias_starts()
    test_the_rosetta_table_gives_the_biases_of_an_rnn_and_which_frameworks_have_both_kinds()
    test_the_rosetta_table_gives_the_arrays_and_the_biases_of_a_candidate_as_the_converters_do()
    test_the_rosetta_table_gives_first_what_the_frameworks_do_by_default()
    test_the_rosetta_table_says_what_was_read_elsewhere()


@pytest.mark.parametrize(
    "table, row, column",
    [
        pytest.param(table, row, column, id=f"{row}, {column}")
        for table in (ROSETTA, MORE)
        for row, columns in table.items()
        for column in columns
    ],
)
def test_a_fault_in_any_cell_of_the_rosetta_tables_is_found(monkeypatch, table, row, column):
    likely = {other for other in table[row].values() if other != table[row][column]}
    for wrong in sorted(likely)[:1] or ["none"]:
        monkeypatch.setitem(table[row], column, wrong)
        with pytest.raises((AssertionError, KeyError)):
            read_again()


def test_the_prose_leaves_to_this_file_the_tables_that_it_reads():
    named = {"tab-rosetta": "ROSETTA", "tab-rosetta-more": "MORE"}
    assert prose_declared.TABLES == named | {"symbol": "NOTATION"}
    assert [*tables("rosetta.ipynb")] == [*named]


# The glossary.


def sections():
    """{label: all that a notebook says in this labeled section, code and captions included}."""
    found, label = {}, None
    for path in PAGES:
        for cell in nbformat.read(path, as_version=4).cells:
            caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
            for part in re.split(r"^(?=\([\w-]+\)=$)", cell.source + "\n" + caption, flags=re.M):
                named = re.match(r"\(([\w-]+)\)=$", part, re.M)
                label = named[1] if named else label
                found[label] = found.get(label, "") + part
    return found


def entries():
    """(terms, definition) for each entry of the glossary."""
    text = (ROOT / "appendix" / "glossary.md").read_text(encoding="utf-8")
    body = re.search(r"```\{glossary\}\n(.*?)```", text, re.S)[1]
    for block in body.strip().split("\n\n"):
        *terms, definition = block.split("\n")
        yield terms, definition


def test_the_glossary_is_in_order_and_has_each_term_once():
    terms = [terms for terms, _ in entries()]
    heads = [head.lower() for head, *_ in terms]
    assert heads == sorted(heads)
    every = [term for several in terms for term in several]
    assert len(set(every)) == len(every) > 50


# How the chapters put it where they do not use the glossary's very words.
SAID_AS = {
    "exploding gradient": "explode",
    "finite differences": "by_differences",
    "orthogonal matrix": "orthogonal",
    "vanishing gradient": "vanish",
    "whole derivative": "whole",
}


def test_the_glossary_gives_a_gate_and_a_state_the_letters_of_the_page_of_notation():
    told = 0
    for terms, definition in entries():
        name, letters = terms[0].lower(), set(re.findall(r"\$([ifogrznch])(?:_t)?\$", definition))
        symbols = {
            row["symbol"][1]
            for row in NOTATION
            if re.match(rf"{name}\b[^$]*?(?::|$| (?:of|after)\b)", row["meaning"])
            and re.fullmatch(r"\$[ifogrznch]_t\$", row["symbol"])
        }
        if symbols:
            told += 1
            assert letters == symbols, name
    assert told == 8


def test_each_term_of_the_glossary_is_used_in_the_section_that_it_names():
    said = sections()
    for terms, definition in entries():
        (label,) = re.findall(r"\{ref\}`([^`]*)`", definition)
        words = [SAID_AS.get(term, term.replace("-", "[-_ ]")) for term in terms]
        assert re.search("|".join(words), said[label].replace("*", ""), re.I), (terms, label)


def numbers_elsewhere(definition, said):
    """The numbers of an entry that the section it names has not."""
    (label,) = re.findall(r"\{ref\}`([^`]*)`", definition)
    text = re.sub(r'<span lang="ko">.*?</span>|\{(?:ref|cite)\}`[^`]*`|CS231n|1997', "", definition)
    section = plain(said[label])
    return [
        number[0]
        for number in prose.NUMBER.finditer(plain(text))
        if not re.search(rf"(?<![\w.]){re.escape(number[0].strip('−'))}(?![\w.]\w)", section, re.I)
    ]


def test_each_number_of_an_entry_stands_in_the_section_that_it_leads_to():
    said = sections()
    missed = {terms[0]: numbers_elsewhere(told, said) for terms, told in entries()}
    assert {term: numbers for term, numbers in missed.items() if numbers} == {}
    (entry,) = (entry for entry in entries() if entry[0][0] == "tanh")
    assert numbers_elsewhere(entry[1].replace("−1 to 1", "−7 to 7"), said)


# How a term is put in running text where not in its own words, and words that are not it: "a gap between" is no time.
WORDED = {
    "chrono start": r"chrono(?: start)?",
    "exploding gradient": r"explod(?:e|es|ing)(?: gradients?)?",
    "gap": r"gaps?(?! between)",
    "orthogonal matrix": r"orthogonal(?: matrix)?",
    "recurrent network": r"recurrent networks?|recurrent(?=\* one)",
    "vanishing gradient": r"vanish(?:es|ing)?(?: gradients?)?",
    "whole derivative": r"whole(?: derivative|(?=\*\* one))",
}
HEADS = {term: terms[0] for terms, _ in entries() for term in terms}
USES = {term: WORDED.get(term, rf"{re.escape(term)}(?:s|es)?") for term in HEADS}
USE = re.compile(  # a link, or the longest term that stands here
    r"\{term\}`(?:[^`<]*<)?([^`>]*)>?`|"
    + "|".join(rf"\b({USES[term]})\b" for term in sorted(USES, key=len, reverse=True)),
    re.I,
)
SILENT = re.compile(  # what is no running text
    r"^\([\w-]+\)=$|^#+ .*?$|^\|.*?$|^> .*?$|^:\w+:.*?$|^:::\{grid-item-card\}.*?^:::$"
    r"|^(?P<fence>`{3,})(?!\{(?:exercise|solution)).*?^(?P=fence)$"
    r"|\$\$.*?\$\$(?: \([\w-]+\))?|\$[^$]*\$|</?span[^>]*>|\{(?!term)[\w:]+\}`[^`]*`|(?<!\})`[^`\n]+`",
    re.M | re.S,
)


def running(markdown):
    """The markdown with blanks for headings, math, code, tables, quotations, cards and labels."""
    kept = re.compile(r"(\{term\}`[^`]*`)|" + SILENT.pattern, SILENT.flags)
    return kept.sub(lambda found: found[1] or re.sub(r"[^\n]", " ", found[0]), markdown)


def uses_in(text):
    """(term, start, end, whether it is a link) for each use of a term in running text."""
    longest = sorted(USES, key=len, reverse=True)
    for found in USE.finditer(text):
        term = found[1] or longest[found.lastindex - 2]
        yield HEADS[term], *found.span(), bool(found[1])


def uses():
    """(page, its section, term, whether linked) for each notebook, in reading order.

    Without what a chapter announces before its first section.
    """
    for path in PAGES:
        label = None
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                for part in re.split(r"^(?=\([\w-]+\)=$)", cell.source, flags=re.M):
                    named = re.match(r"\(([\w-]+)\)=$", part, re.M)
                    label = named[1] if named else label
                    if label and (path.stem == "intro" or label.startswith("sec-")):
                        for term, _, _, linked in uses_in(running(part)):
                            yield path.stem, label, term, linked


def test_the_first_use_of_a_term_links_to_the_glossary_and_so_does_the_section_that_it_names():
    found = list(uses())
    used = {term for _, _, term, _ in found}
    assert len(used) > 50
    for terms, definition in entries():
        (label,) = re.findall(r"\{ref\}`([^`]*)`", definition)
        if terms[0] in used:
            first = next(use for use in found if use[2] == terms[0])
            assert first[3], f"{first[1]}: {terms[0]}"
            assert (terms[0], True) in {use[2:] for use in found if use[1] == label}, (terms, label)


def test_in_a_chapter_that_links_a_term_its_first_use_is_the_link():
    first = {}
    for chapter, label, term, linked in uses():
        first.setdefault((chapter, term), linked)
        assert first[chapter, term] or not linked, f"{label}: {term} is linked late"


def test_korean_terms_are_marked_as_korean():
    marked = 0
    for terms, definition in entries():
        outside = re.sub(r'<span lang="ko">[^<]*</span>', "", definition)
        assert not re.search("[\uac00-\ud7a3]", "".join(terms) + outside), terms
        marked += outside != definition
    assert marked > 40
    for name in ("glossary.md", "rosetta.ipynb", "teachers.md", "notation.md"):
        text = (ROOT / "appendix" / name).read_text(encoding="utf-8").replace('\\"', '"')
        code = re.sub(r'"source": \[\s*"(?:import|def|says)', "", text)
        assert not re.search(
            "[\uac00-\ud7a3]", re.sub(r'<span lang="ko">[^<]*</span>', "", code)
        ), name


GLOSSARY = (ROOT / "appendix" / "glossary.md").read_text(encoding="utf-8")


def test_every_term_has_a_korean_word_and_the_book_s_own_are_told_apart():
    told = {term: (several, own) for term, several, own in korean.entries(GLOSSARY)}
    assert set(told) == {terms[0] for terms, _ in entries()}
    assert all(several for several, _ in told.values())
    own = {term for term, (_, mine) in told.items() if mine}
    assert own >= {
        "additive road",
        "whole derivative",
        "lesion",
        "latch",
        "gap",
        "distractor",
        "delayed recall",
    }
    assert not own & {"gate", "cell state", "forget gate", "candidate", "GRU"}


@pytest.mark.parametrize(
    "word, term",
    [
        ("망각 게이트", "forget gate"),
        ("기억 셀", "cell state"),
        ("시간을 통한 역전파", "backpropagation through time"),
        ("새로운 기억 셀", "candidate"),
        ("체인 룰", "chain rule"),
        ("기울기 소실", "vanishing gradient"),
    ],
)
def test_a_word_that_korean_readers_know_leads_to_its_entry(word, term):
    assert (word, term) in korean.index(GLOSSARY)


def test_the_korean_index_is_in_the_order_of_korean_dictionaries_and_has_each_word_of_the_glossary():
    found = korean.index(GLOSSARY)
    bare = [word.replace(" ", "") for word, _ in found]
    assert bare == sorted(bare) and len(set(found)) == len(found) > 90
    written = re.sub(
        r"[^\uac00-\ud7a3]",
        "",
        "".join(re.findall(r'^  <span lang="ko">(.*?)</span>', GLOSSARY, re.M)),
    )
    assert sorted(written.replace("제안", "")) == sorted(
        re.sub(r"[^\uac00-\ud7a3]", "", "".join(bare))
    )


def test_on_the_page_a_korean_word_leads_to_its_entry_and_search_finds_it_without_its_blanks(site):
    page = (site / "appendix" / "glossary.html").read_text(encoding="utf-8")
    listed = page.partition('<div class="korean')[2]
    for word, term in korean.index(GLOSSARY):
        place = re.escape(f"term-{term}".replace(" ", "-"))
        assert re.search(rf'>{word}</span> <a [^>]*href="#{place}"', listed), word
    index = (site / "searchindex.js").read_text(encoding="utf-8")
    for typed in ("망각게이트", "기울기소실", "gate gate"):
        assert typed in index or typed.encode("unicode_escape").decode() in index, typed


# The bibliography.

ENTRIES = parse_file(str(ROOT / "references.bib")).entries
NO_NUMBER = {  # an address alone
    "glorot2010",
    "goodfellow2016",
    "hochreiter1991",
    "jozefowicz2015",
    "karpathy2015",
    "saito2018",
}


def addresses(entry):
    """Where a click on an entry of the bibliography may lead."""
    numbers = {"doi": "https://doi.org/", "eprint": "https://arxiv.org/abs/"}
    found = [
        start + entry.fields[field] for field, start in numbers.items() if field in entry.fields
    ]
    return found or [entry.fields["url"]]


def test_each_work_has_a_doi_or_an_arxiv_number_but_for_those_that_have_neither():
    numbered = {key for key, entry in ENTRIES.items() if {"doi", "eprint"} & set(entry.fields)}
    assert set(ENTRIES) - numbered == NO_NUMBER
    assert list(ENTRIES) == sorted(ENTRIES)


def test_each_citation_is_of_a_work_that_is_there():
    pages = [ROOT / "intro.ipynb", *(ROOT / "chapters").iterdir(), *(ROOT / "appendix").iterdir()]
    said = "".join(page.read_text(encoding="utf-8") for page in pages if page.is_file())
    keys = {
        key.strip()
        for keys in re.findall(r"\{cite(?::\w)?\}`([^`]*)`", said)
        for key in keys.split(",")
    }
    assert len(keys) > 20
    assert keys <= set(ENTRIES)


def test_each_work_is_cited_since_the_bibliography_shows_it_and_links_to_it(site):
    page = (site / "appendix" / "bibliography.html").read_text(encoding="utf-8")
    for key, entry in ENTRIES.items():
        for address in addresses(entry):
            assert f'href="{escape(address)}"' in page, key


def test_the_bibliography_has_each_work_under_the_words_that_cite_it(site):
    """[Hochreiter and Schmidhuber, 1997] on a page leads to the entry of that label."""
    told = re.compile(
        r'<a class="reference internal" href="[^"]*#(id\d+)"[^>]*>(?:<span>)?(.*?)(?:</span>)?</a>'
    )
    page = (site / "appendix" / "bibliography.html").read_text(encoding="utf-8")
    entries = re.findall(
        r'<div class="citation" id="([\w-]+)"[^>]*>\s*<span class="label"><span class="fn-bracket">\[</span>(.*?)<span',
        page,
    )
    under = {anchor: re.sub("<.*?>", "", shown) for anchor, shown in entries}
    assert len(under) == len(ENTRIES) == len(set(under.values()))
    cited = 0
    for name in ("chapters/01_rnn_recap", "chapters/03_backprop_cell_state", "appendix/rosetta"):
        for anchor, shown in told.findall((site / f"{name}.html").read_text(encoding="utf-8")):
            if anchor in under:
                cited += 1
                words = re.sub("<.*?>", "", shown).replace(" [", ", ").replace("]", "")
                assert words in (under[anchor], under[anchor].split(", ")[-1]), (name, shown)
    assert cited > 10


def test_each_author_and_year_that_a_docstring_names_is_in_the_bibliography():
    known, named = labels(ROOT / "references.bib"), 0
    for path in (ROOT / "lib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                said = " ".join((ast.get_docstring(node) or "").split())
                more = r"(?: et al\.|(?:, [A-Z]\w+)* & [A-Z]\w+)?"
                for label in re.findall(rf"[A-Z]\w+{more} (?:1[89]|20)\d\d\b", said):
                    assert label in known, f"{path.name}: {label}"
                    named += 1
    assert named > 30


# The teachers' page.

TEACHERS = (ROOT / "appendix" / "teachers.md").read_text(encoding="utf-8")
SESSIONS = outside_ties.sessions({outside_ties.TEACHERS: TEACHERS})


def test_there_are_five_sessions_of_90_minutes_each_with_an_explorer_and_wrong_answers():
    assert len(SESSIONS) == 5
    for session in SESSIONS:
        minutes = [int(told) for told in re.findall(r"^\| (\d+) \|", session, re.M)]
        assert sum(minutes) == 90
        assert (
            minutes[-1] == 5
            and re.findall(r"^\| \d+ \| (.*?) \|", session, re.M)[-1] == "Nothing yet."
        )
        assert sum(minutes[:-2]) in (75, 80)  # as the page says of shorter sessions
        assert "Common wrong answers" in session
    assert all("**Explorer" in session for session in SESSIONS[:4])


def timetable_faults(sessions):
    """What does not hold in the exercises of these sessions, in words."""
    parts, wrong = [outside_ties.exercises(one) for one in sessions], []
    chapters = "\n".join(sources("markdown"))
    there = re.findall(r"^:label: (ex-[\w-]+)$", chapters, re.M)
    given = [label for part in parts for kind in ("class", "home", "more") for label in part[kind]]
    if sorted(given) != sorted(there):
        wrong.append(f"given: {sorted(set(given) ^ set(there)) or 'one more than once'}")
    for number, (one, after) in enumerate(zip(parts, [*parts[1:], None], strict=True), 1):
        if not one["class"] and number > 1 or len(one["home"]) > 4:
            wrong.append(
                f"session {number}: {len(one['class'])} in class, {len(one['home'])} at home"
            )
        if one["home"] if after is None else set(one["home"]) != set(after["discussed"]):
            wrong.append(
                f"session {number}: homework that nobody discusses, or the other way round"
            )
    return wrong


def test_every_exercise_is_given_once_has_its_minutes_in_class_or_is_discussed_as_homework():
    assert timetable_faults(SESSIONS) == []


@pytest.mark.parametrize(
    "session, right, wrong",
    [
        (0, "At home: {ref}`ex-rnn-compute-step`, ", "At home: "),
        (1, "{ref}`ex-rnn-derive-law` at the board, ", ""),
        (3, "For more: {ref}`ex-gru-write-back`, ", "For more: "),
        (4, "To hand in,", "\n\nAt home: {ref}`ex-memory-explain-fair`.\n\nTo hand in,"),
    ],
)
def test_a_timetable_that_does_not_hold_is_found(session, right, wrong):
    changed = list(SESSIONS)
    assert changed[session].count(right) == 1
    changed[session] = changed[session].replace(right, wrong)
    assert timetable_faults(changed)


def test_what_a_session_shows_and_what_it_asks_to_be_read_is_of_its_own_chapter():
    chapters = sorted((ROOT / "chapters").glob("*.ipynb"))
    for session, path in zip(SESSIONS, chapters, strict=True):
        text = path.read_text(encoding="utf-8")
        for label in re.findall(r"\{(?:num)?ref\}`((?:sec|fig)-[\w-]+)`", session):
            if not label.endswith("-exercises"):
                assert f"({label})=" in text or f'"{label}"' in text, label


def test_what_is_handed_out_as_an_explorer_is_one():
    handed = re.findall(r"\*\*Explorer[^*]*\*\* \{numref\}`([\w-]+)`", TEACHERS)
    assert len(handed) >= 7
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.metadata.get("mystnb", {}).get("figure", {}).get("name") in handed:
                assert re.search(r"^live\.\w+\(", cell.source, re.M), path.name
                handed.remove(cell.metadata["mystnb"]["figure"]["name"])
    assert handed == []
