"""The book's equations, read from its pages and evaluated: they give the numbers that `lib` gives.

Every displayed equation is evaluated, and every formula in a line that says of the cells "this is that", every shape
and every order of rows. What a symbol is comes from the page of notation, see `equation_worlds.py`. A new equation that
is true in a run of its chapter's cell needs nothing more; one that speaks of a case needs the world of its section in
BY_SECTION; one that cannot be read goes to UNREAD, as it stands.
"""

import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
import pytest
from equation_cases import WORLDS
from equation_faults import FAULTS, HARMLESS
from equation_values import Unknown, Untrue, World
from equation_worlds import SIZES, Page
from equations import Unread, leaves, numeric, read
from test_appendix import ROSETTA

ROOT = Path(__file__).resolve().parent.parent
SIGNS, WORDS = "appendix/notation.md", "appendix/glossary.md"
CHAPTERS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "chapters").glob("*.ipynb"))
RELATIVES = "appendix/relatives.ipynb"
PAGES = [*CHAPTERS, "intro.ipynb", "appendix/rosetta.ipynb", RELATIVES, WORDS, SIGNS]
SEEDS = 0, 1, 2
TAGS = {
    "free",
    "coupled",
    "before",
    "after",
    "writes",
    "keeps",
}  # words before a line that name its world
CELLS = "ifogrznchxabuWδJ"  # the letters of the cells, and of their way back
GATES = [("sym", letter) for letter in "ifogrzn"]
OTHERS = "PyTorch|Keras|ONNX|Flax"

# Where an equation is evaluated: in one of its section's worlds, or else in its page's. A pair of worlds is one place:
# what is said has to hold in both. A formula in a line may also be meant for one of the worlds beside.
BY_PAGE = {
    "01_rnn_recap": ["rnn"],
    "02_lstm_gates": ["lstm"],
    "03_backprop_cell_state": ["lstm"],
    "04_gru": ["gru"],
    "05_memory_test": ["lstm"],
    "intro": ["lstm, one unit"],
    "relatives": ["lstm"],
}
BY_SECTION = {
    "sec-rnn-hand": ["rnn, by hand"],
    "sec-rnn-loss": ["answer"],
    "sec-rnn-bptt": ["rnn", "rnn, one sequence", "rnn, back by hand"],
    "sec-rnn-forgets": ["rnn, one unit"],
    "sec-rnn-jacobians": [("rnn, one sequence", "rnn, at rest")],
    "sec-rnn-clipping": ["clipping"],
    "sec-lstm-name": ["only adds"],
    "sec-lstm-hand": [f"lstm, by hand, step {t}" for t in (1, 2, 3)],
    "ex-lstm-derive-coupled": ["coupled gates"],
    "sec-lstm-forget": ["half-life", "chrono"],
    "sec-bp-paper": [
        ("lstm, back by hand", "lstm, back by another hand"),
        "lstm, back by hand, step 1",
    ],
    "sec-bp-check": ["nudged"],
    "sec-bp-additive": ["lstm, one sequence"],
    "sec-bp-power": ["growing"],
    "ex-bp-coupled": ["coupled gates, back"],
    "sec-gru-hand": ["gru, by hand"],
    "sec-gru-moves": ["lstm", "tied", "gru"],
    "sec-gru-resets": ["leaking"],
    "sec-gru-lost": ["up and down"],
    "sec-gru-half-life": ["gru, blank"],
    "sec-gru-power": ["gru, held", "gru, at rest"],
    "ex-gru-minimal": ["minimal gated unit"],
    "sec-gru-count": ["counts"],
    "sec-gru-reset": ["before", "after"],
    "sec-memory-hypotheses": ["kept"],
    "sec-memory-coupled": [("free", "coupled")],
    "sec-rosetta-mistakes": ["lstm"],
    "sec-relatives-1997": ["lstm of 1997"],
    "sec-relatives-coupled": ["tied", "lstm, coupled"],
    "sec-relatives-peephole": ["peephole"],
}
BESIDE = {
    "sec-rnn-recurrence": ["two answers"],
    "sec-rnn-bptt": ["rnn, entries"],
    "sec-rnn-loss": ["rnn"],
    "sec-rnn-jacobians": ["rnn, entries"],
    "sec-rnn-end": ["rnn, one sequence"],
    "sec-bp-end": ["lstm, one sequence"],
    "sec-rnn-meet": ["rnn, at rest"],
    "sec-lstm-name": ["candidate"],
    "sec-lstm-forget": ["half-life, reached"],
    "sec-lstm-input": ["adder"],
    "ex-lstm-compute-bias": ["nine tenths"],
    "sec-lstm-sum": ["lstm, one unit"],
    "sec-bp-paper": ["a sum", "a product"],
    "sec-bp-roads": ["lstm, back by hand"],
    "sec-bp-lines": ["within"],
    "ex-bp-zero": ["lstm, one step"],
    "sec-gru-resets": ["summing"],
    "ex-gru-mark": ["gru, by hand"],
    "sec-gru-z": ["writes", "keeps"],
    "sec-memory-hypotheses": ["chrono"],
    "sec-memory-coupled": ["free", "coupled"],
    "ex-memory-compute-bias": ["a half"],
    "ex-memory-compute-chance": ["1875 sequences"],
    "ex-bp-shrink": ["shrinking"],
    "meanings": ["half-life", "answer", "lstm", "gru"],
    "notation": ["lstm, one sequence", "rnn", "lstm", "gru", "chrono", "squashed"],
    "glossary": ["tied"],
}

# What the reader cannot evaluate, as it stands: {chapter: [latex]}, with the reason; five at most in a chapter.
UNREAD = {}

# Formulas in a line, and shapes, that are none of a cell: of a case that is spoken of, of a choice.
GIVEN = {
    "01_rnn_recap": [
        r"h_0 = \tanh(x_0)",  # the pulse, one step before the run
        r"\tanh h \approx h - h^3/3",  # of a small state, and its steps as time
        r"h_t = h_0 / \sqrt{1 + \tfrac23 h_0^2 t}",
        r"t \approx 31 / h_0^2",
    ],
    "03_backprop_cell_state": ["c_{t-1} = g_t"],  # where a gate decides nothing
    "04_gru": [
        "z (1 - w) = 0",  # what holding asks for, and cannot have
    ],
    "intro": ["c_t = c_{t-1}"],  # with f = 1 and i = 0
    "relatives": [r"h_t = \pm o_t"],  # what is left where tanh is flat
}

# What a row of the page of notation says in a formula, of what.
MEANT = {"$y_t$": "y_t", r"$\sigma$": r"\sigma(a)", r"$\tanh$": r"\tanh(a)", "$t_{1/2}$": "t_{1/2}"}
MEANT |= {"$s$": "s", r"$\partial L / \partial y_t$": r"\partial L / \partial y"}

# What those pages say of a formula in words: the equation that says so.
WORDED = {
    r"how much of \$([^$]+)\$ is kept": r"c_t = f_t \odot (#) + i_t \odot g_t",
    r"how much of \$([^$]+)\$ is shown": r"h_t = o_t \odot (#)",
    r"(?<!how much of )\$([^$]+)\$ is kept": r"h_t = (#) \odot h_{t-1} + z_t \odot n_t",
    r"how much of \$([^$]+)\$ the GRU's candidate sees": r"s = r_t \odot (#)",
    r"the rows of n read \$([^$]+)\$": "s = #",
}


class Item(NamedTuple):
    """Something that a page says with symbols."""

    kind: str  # display, line, term, shape, order
    page: str
    section: str
    text: str
    label: str = ""  # of a displayed equation
    words: tuple = ()  # before a line; the formulas before a shape; who may have an order


@cache
def text_of(name):
    """A file's text; of a notebook its cells' sources, one after the other, code as code."""
    text = (ROOT / name).read_text(encoding="utf-8")
    if not name.endswith(".ipynb"):
        return text
    cells = nbformat.reads(text, as_version=4).cells
    return "\n\n".join(
        cell.source if cell.cell_type == "markdown" else f"```python\n{cell.source}\n```"
        for cell in cells
    )


PLACE = re.compile(
    r"^\((?P<section>(?:sec|ch|app)-[\w-]+)\)=$"
    r"|^:label: (?P<exercise>ex-[\w-]+)|^`+\{solution[a-z-]*\} (?P<solution>ex-[\w-]+)"
    r"|\$\$(?P<display>.+?)\$\$(?:\s*\((?P<label>eq-[\w-]+)\))?"
    r"|`[^`\n]+`|(?<![\\$])\$(?P<line>[^$\n]+(?:\n[^$\n]+)?)\$",
    re.S | re.M,
)
RELATION = re.compile(r"[=<>]|\\(?:le|ge|leq|geq|approx|leftarrow)(?![A-Za-z])")
SHAPE = re.compile(r"\(([\dA-Z+ ]+), ([\dA-Z+ ]+)\)")
LETTERS = r"(?:[a-z], ){2,3}[a-z]"
ORDER = re.compile(
    rf"(?:in the order|rows are|convention too:|(?P<who>{OTHERS}) has) \$?({LETTERS})\b(?: or ({LETTERS})\b)?"
)


@cache
def items(page, text):
    """Everything that a page says with symbols, in its order."""
    return list(said(page, text))


def said(page, text):
    rows = Page(text).rows if page == SIGNS else ()
    text = re.sub(r"^(`{3,})[a-z]\w*\n.*?^\1$", "", text, flags=re.S | re.M)  # code
    section = name_of(page)
    told, shown = [], ""  # the formulas of this sentence, or the equation before it
    for match in PLACE.finditer(text):
        section = match["section"] or match["exercise"] or match["solution"] or section
        if match["display"]:
            shown = match["display"]
            yield Item("display", page, section, match["display"].strip(), match["label"] or "")
        if not match["line"]:
            continue
        before = text[max(0, match.start() - 600) : match.start()]
        sentence = re.split(r"[.:?!]\s|\n\n|\n- |\| ", before)[-1]
        if "$" not in sentence:
            told, shown = [shown] * bool(shown), ""
        if SHAPE.fullmatch(match["line"]):
            yield Item("shape", page, section, match["line"], words=tuple(told))
            told = list(filter(SHAPE.fullmatch, told))
        elif RELATION.search(match["line"]):
            words = re.findall(r"\*\*(\w+)\*\*: $", before[-20:])
            yield Item("line", page, section, match["line"], words=tuple(words))
        else:
            yield Item("term", page, section, match["line"])
        told.append(match["line"])
    text = text.replace("**", "")
    for match in ORDER.finditer(text):
        before = text[max(0, match.start() - 300) : match.start()]
        others = [] if text.startswith(" here", match.end()) else re.findall(OTHERS, before)
        names = [match["who"]] if match["who"] else ["this book", *others]
        for order in filter(None, match.groups()[1:]):
            yield Item("order", page, "", order, words=tuple(names))
    for words, equation in WORDED.items() if page in (SIGNS, WORDS) else ():
        for match in re.finditer(words, text):
            yield Item("line", page, "meanings", equation.replace("#", match[1]))
    for row in rows:
        if row["symbol"] in MEANT:  # the first formula of the row, a name alone being none
            meant = re.search(r"\$([^$]*[-+/(\\][^$]*)\$", row["meaning"])[1]
            yield Item("line", page, "meanings", f"{MEANT[row['symbol']]} = {meant}")


def name_of(page):
    return Path(page).stem


def bare(latex):
    """A formula without its layout, to be compared with another."""
    return re.sub(r"\\[,;:! ]|\\q?quad(?![A-Za-z])|\s", "", latex)


class Book:
    """The worlds, as one text of the page of notation makes them."""

    def __init__(self, signs):
        self.page = Page(signs)
        self.world, self.why_not = cache(self.world), cache(self.why_not)

    def world(self, name, seed):
        return WORLDS[name](self.page, seed)

    def why_not(self, item, text):
        """What is wrong with an item, in words; None if it is true. `text` is its whole page."""
        try:
            return getattr(self, item.kind)(item, text)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            return f"it cannot be judged: {error!r}"

    # Displayed equations.

    def display(self, item, text):
        try:
            statements = read(item.text)
        except Unread as error:
            return f"it cannot be read: {error}"
        gates = [first for _, (first, *_), _ in statements if first[:2] in GATES]
        if len(set(gates)) < len(gates):
            return "it says twice what a gate is"
        return self.unknown(statements) or self.anywhere(statements, places(item, text))

    def unknown(self, statements):
        """A symbol that is not on the page of notation."""
        for node in leaves(sides_of(statements), "sym"):
            name = node[1].removesuffix("^()").removeprefix("δ") or "δ"
            name = name.rstrip("'*")
            if len(name) == 1 and name not in self.page.names:
                return f"{name} is not on the page of notation"

    def anywhere(self, statements, alternatives):
        """Why the statements hold in none of these places; None if they do in one."""
        reasons = []
        for place in alternatives:
            names = all_of(place)
            by_hand = all("by hand" in name for name in names)  # there is but one such run
            try:
                for seed in SEEDS[:1] if by_hand else SEEDS:
                    self.hold(statements, [self.world(name, seed) for name in names])
                return None
            except Untrue as error:
                reasons.append(f"{' and '.join(names)}: {error}")
        return "; ".join(reasons) or "there is no world for it"

    def hold(self, statements, worlds):
        tags = {world.word for world in worlds} - {None}
        for statement in statements:
            meant = TAGS & {word for word in statement[0] if isinstance(word, str)}
            if not meant <= tags:
                raise Untrue(f"it speaks of {' and '.join(meant)}")
            for world in worlds:
                if not meant or world.word in meant:
                    world.judge(statement)

    # Formulas in a line.

    def line(self, item, text):
        try:
            statements = read(item.text)
        except Unread as error:
            return f"it cannot be read: {error}"
        statements = [([*item.words, *words], *rest) for words, *rest in statements]
        reason = self.anywhere(statements, [*places(item, text), *beside(item), "squashed"])
        if not reason or wrong_numbers(statements):
            return reason and wrong_numbers(statements)
        named = item.page not in CHAPTERS or name_of(item.page) in BY_PAGE
        if not named or self.aside(item, text, statements):
            return None  # of another matter, or of a chapter that has no world yet: its displays ask for it
        if item.page.endswith(".ipynb") and all(map(chosen, statements)):
            return None if self.may_choose(item, statements, text) else reason
        return reason

    def aside(self, item, text, statements):
        """Whether a formula is none of the cells: it has a letter that none of them has, and no world here has."""
        names = [name for place in [*places(item, text), *beside(item)] for name in all_of(place)]
        worlds, sides = [self.world(name, 0) for name in [*names, "squashed"]], sides_of(statements)
        known = {name for world in worlds for name in (*world.values, *world.free)}
        known |= {node[1] for kind in ("sum", "prod") for node in leaves(sides, kind)}
        met = {node[1] for node in leaves(sides, "sym") if node[1].strip("δ'")[:1] not in CELLS}
        return any(not any(name.startswith(letter) for name in known) for letter in met)

    def may_choose(self, item, statements, text):
        """Whether a quantity is free to be chosen, D = 4 + 4 + 1 = 9; a worked example has its own inputs and sizes."""
        names = [name for place in places(item, text) for name in all_of(place)]
        examples = [world for name in names if (world := self.world(name, 0)).pool]
        inputs = [node for node in leaves(sides_of(statements), "sym") if node[1] in "xhcDHB"]
        return not any(world.known(node) for world in examples for node in inputs)

    def term(self, item, text):
        """What is a name or an expression has a value where its symbols have: the shapes fit."""
        try:
            statements = read(item.text)
        except Unread:
            return None
        sides, reasons = sides_of(statements), []
        if not any(leaves(sides, kind) for kind in ("T", r"\odot", "matrix", "by")):
            return None
        names = [*places(item, text), *BY_PAGE.get(name_of(item.page), ()), *beside(item)]
        for world in [self.world(name, 0) for place in names for name in all_of(place)]:
            try:
                world.meaning(sides)
                return None
            except Unknown:
                pass
            except Untrue as error:
                reasons.append(str(error))
        return "; ".join(reasons)

    # Shapes and orders.

    def shape(self, item, text):
        """The shape is that of a symbol before it; or goes on a product of shapes; or is some array's."""
        if not re.search("[A-Z]", item.text):
            return None
        names = [name for place in places(item, text) for name in all_of(place)]
        names += BY_PAGE.get(name_of(item.page), ())
        worlds = [world for name in names if not (world := self.world(name, 0)).pool]
        told, before = sizes(item.text), list(map(sizes, filter(SHAPE.fullmatch, item.words)))
        formulas = [word for word in item.words if not SHAPE.fullmatch(word)]
        near = [word for word in formulas if "\n" not in word]
        for group in (near, formulas):  # the equation before the sentence comes last
            found = [shapes_of(word, world) for word in group for world in worlds]
            if any(found):
                same = any(told in shapes for shapes in found)
                return None if same else f"{' and '.join(group)}: {[*filter(None, found)]}"
        every = {np.shape(array) for world in worlds for array in world.arrays()}
        if len(before) == 1:  # an (H, B) times a (B, D+H)
            fits = before[0][1] == told[0] and {told, told[::-1]} & every
        elif before:
            fits = told == (before[-2][0], before[-1][1])
        else:
            fits = told in every
        return None if fits else "no array has this shape"

    def order(self, item, text):
        """The order of rows is that of a cell of the book, or of whoever has it, whatever the candidate's name."""
        orders = {ROSETTA[f"{cell} order"][name] for name in item.words for cell in ("LSTM", "GRU")}
        rows = item.text.replace(",", "")
        if not orders & {rows, rows.replace("c", "g").replace("h", "n")}:
            return f"no cell has its rows in the order {item.text}"


def sizes(shape):
    """The numbers of a shape, (2H, D+H)."""
    return eval(re.sub(r"(\d)([A-Z])", r"\1*\2", shape), dict(SIZES))


def shapes_of(latex, world):
    """The shapes of the arrays that a formula names in a world; of an equation, those of all its symbols."""
    try:
        statements = read(latex)
    except Unread:
        return []
    sides, shapes = sides_of(statements), []
    for node in leaves(sides, "sym") if "\\\\" in latex or RELATION.search(latex) else sides:
        try:
            value = world.evaluate(node, {"t": 2})
        except (Untrue, LookupError, TypeError, ValueError):
            continue
        shapes += [np.shape(part) for part in (value if isinstance(value, list) else [value])]
    return [shape for shape in shapes if len(shape) == 2]


def all_of(place):
    """The worlds of a place, which may be one."""
    return (place,) if isinstance(place, str) else place


def sides_of(statements):
    return tuple(side for _, sides, _ in statements for side in sides)


def wrong_numbers(statements):
    """What is wrong in a chain of numbers, wherever it begins; None if nothing is."""
    for words, sides, relations in statements:
        for n, relation in enumerate(relations):
            if numeric(sides[n]) and numeric(sides[n + 1]):
                try:
                    World({}, {}).judge((words, sides[n : n + 2], [relation]))
                except Untrue as error:
                    return str(error)


def chosen(statement):
    """Whether a statement only chooses: symbols, then numbers."""
    sides = statement[1]
    kinds = ["n" if numeric(side) else "s" if settable(side) else "-" for side in sides]
    return re.fullmatch("s+n+", "".join(kinds)) is not None


def settable(side):
    """Whether a side is a quantity that may be chosen; a slope, as f' or δ, follows."""
    return side[0] == "sym" and not re.fullmatch("[ifogrzn]'+|δ.*", side[1]) or side[0] == "list"


def beside(item):
    """The worlds that a formula in a line may be meant for besides those of its section."""
    return [*BESIDE.get(item.section, ()), *BESIDE.get(name_of(item.page), ())]


def places(item, text):
    """The worlds of an item's section; of all that lost their section, if nothing is known of it."""
    if item.section in BY_SECTION:
        return BY_SECTION[item.section]
    lost = [key for key in BY_SECTION if key[3:7] == item.section[3:7] and key not in text]
    return [
        *BY_PAGE.get(name_of(item.page), ()),
        *(place for key in lost for place in BY_SECTION[key]),
    ]


@cache
def book():
    return Book(text_of(SIGNS))


def excused(item):
    """Whether an item stands in a list of what is not evaluated."""
    listed = UNREAD if item.kind == "display" else GIVEN
    return bare(item.text) in map(bare, listed.get(name_of(item.page), ()))


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_says_in_symbols_is_what_the_library_computes(page):
    text = text_of(page)
    wrong = [(item, book().why_not(item, text)) for item in items(page, text) if not excused(item)]
    told = [f"{item.section}: {item.text}\n    {reason}" for item, reason in wrong if reason]
    assert not told, "\n".join(told)


@pytest.mark.parametrize("page", [*CHAPTERS, RELATIVES])
def test_every_label_is_that_of_an_equation_that_is_read(page):
    text = text_of(page)
    labels = [item.label for item in items(page, text) if item.label]
    assert "{math}" not in text and "begin{equation" not in text  # but $$ … $$ (eq-name)
    assert sorted(labels) == sorted(re.findall(r"\((eq-[\w-]+)\)", text))


@pytest.mark.parametrize("page", PAGES)
def test_what_is_not_evaluated_stands_in_a_list_that_is_short_and_needed(page):
    text, name = text_of(page), name_of(page)
    assert len(UNREAD.get(name, ())) <= 5
    for latex in [*UNREAD.get(name, ()), *GIVEN.get(name, ())]:
        (item,) = {item for item in items(page, text) if bare(item.text) == bare(latex)}
        assert book().why_not(item, text), f"{latex} is evaluated: take it from the list"


@pytest.mark.parametrize("name", ["rnn", "lstm", "gru"])
def test_an_array_has_the_shape_that_the_page_of_notation_gives(name):
    assert book().world(name, 0).values["W"].shape[1] == SIZES["D"] + SIZES["H"]


def planted(file, right, wrong):
    """What a page says only after a change: [(item, text)]."""
    text = text_of(file)
    assert text.count(right) == 1, f"{right!r} stands {text.count(right)} times in {file}"
    changed = text.replace(right, wrong)
    before = list(items(file, text))
    for item in items(file, changed):
        if item in before:
            before.remove(item)
        else:
            yield item, changed


def noticed(file, right, wrong):
    """Whether a change is noticed: by what the page says now, or, of the page of notation, by the equations."""
    if file != SIGNS:
        judge, every = book(), planted(file, right, wrong)
    else:
        judge, every = Book(text_of(SIGNS).replace(right, wrong)), [*planted(file, right, wrong)]
        for page in CHAPTERS:
            text = text_of(page)
            every += [(item, text) for item in items(page, text) if item.kind == "display"]
    return any(judge.why_not(item, text) and not excused(item) for item, text in every)


@pytest.mark.parametrize("what, file, right, wrong", FAULTS, ids=[row[0] for row in FAULTS])
def test_a_planted_fault_is_found(what, file, right, wrong):
    assert noticed(file, right, wrong)


@pytest.mark.parametrize("what, file, right, wrong", HARMLESS, ids=[row[0] for row in HARMLESS])
def test_a_harmless_change_is_none(what, file, right, wrong):
    new = list(planted(file, right, wrong))
    assert [book().why_not(item, text) for item, text in new] == [None] * len(new)
