"""What an explorer says, read as a reader does: numbers as roundings, equations letter by letter, sentences by clauses.

A text comes marked: a symbol as ⟨color|c_{t−1}⟩, a number of the equation as ⟦color|0.90⟧, what is raised as ^{2}. The
label of a wire or a slider has the same marks without colors: c_{t−1}. A matrix is [a, b; c, d].
"""

import re
from functools import reduce
from typing import NamedTuple

import numpy as np

from lib.activations import sigmoid

FUNCTIONS = {
    "tanh": np.tanh,
    "ln": np.log,
    "σ": lambda a: sigmoid(np.asarray(a, float)),
    "cos": lambda angle: np.cos(np.deg2rad(angle)),
    "sin": lambda angle: np.sin(np.deg2rad(angle)),
    "diag": lambda column: column * np.eye(np.shape(column)[-2]),
    "∏": lambda steps: np.prod(steps) if np.ndim(steps) < 3 else reduce(lambda J, A: A @ J, steps),
    "norm": lambda matrix: np.linalg.norm(matrix, 2),
}
GATES = {
    "f": "forget",
    "i": "input",
    "o": "output",
    "g": "candidate",
    "z": "update",
    "r": "reset",
    "n": "candidate",
}
NEAR = 1e-9


# Numbers. What is written is a rounding of what `lib` computes.


class Num(NamedTuple):
    """A number as it is written, with the place of its last digit; of the equation, with its color."""

    value: float
    last: float
    color: str = ""

    def holds(self, value):
        return abs(self.value - value) <= 0.5 * self.last * (1 + 1e-6) + NEAR * abs(value)


def number(text, color=""):
    """0.90, (−0.80), 6,208, 2.5 × 10^{−14}, ½ -> Num."""
    if text in ("½", "¼"):
        return Num({"½": 0.5, "¼": 0.25}[text], 0, color)
    found = re.fullmatch(r"\(?(−?)(\d[\d,]*)(?:\.(\d+))?(?: × 10\^\{(−?\d+)\})?\)?", text)
    assert found, f"{text!r} is no number"
    sign, whole, part, power = found.groups()
    scale = 10.0 ** int((power or "0").replace("−", "-"))
    size = float(f"{whole.replace(',', '')}.{part or 0}") * scale
    return Num(-size if sign else size, 10.0 ** -len(part or "") * scale, color)


def rounds(text, value):
    return number(text).holds(value)


# Equations: parsed, and evaluated with the numbers that `lib` gives to their letters.


class Sym(NamedTuple):
    name: str  # c_t−1
    color: str = ""


class Op(NamedTuple):
    sign: str
    parts: tuple


INKS = {"w": "x", "a": "x", "p": "x", "D": "x", "T": "x", "t": "x", "k": "x", "b": "f", "H": "h"}
INKS |= dict.fromkeys("ρθsWyL", "x")


def ink(name):
    """The color of a symbol: its letter's own; of a gradient that of what it is by."""
    name = name.lstrip("δ")
    return name[2] if name[:2] == "a_" else INKS.get(name[0], name[0])


TOKEN = re.compile(
    r"\s*(?:⟦(?P<ink>\w*)\|(?P<shown>[^⟧]*)⟧|(?P<plain>\d[\d,]*(?:\.\d+)?(?: × 10\^\{−?\d+\})?|[½¼])"
    r"|(?P<function>tanh|ln|σ|∏|cos|sin|diag)|⟨(?P<color>\w*)\|(?P<letter>δ?\w)(?:_\{(?P<index>[^}]*)\})?⟩(?:_\{(?P<below>[^}]*)\})?"
    r"|(?P<word>[A-Za-z])(?:_\{(?P<under>[^}]*)\})?|(?P<mark>\^\{|[-+−·/()∂}\[\],;‖]))"
)


def tokens(text):
    found, place = [], 0
    text = text.strip()
    while place < len(text):
        match = TOKEN.match(text, place)
        assert match, f"{text[place:]!r} of {text!r} cannot be read"
        place, t = match.end(), match.groupdict()
        if t["shown"] is not None:
            found.append(number(t["shown"], t["ink"]))
        elif t["plain"]:
            found.append(number(t["plain"]))
        elif t["function"] or t["mark"]:
            found.append(t["function"] or t["mark"])
        else:
            index = t["index"] or t["below"] or t["under"]
            found.append(
                Sym((t["letter"] or t["word"]) + (f"_{index}" if index else ""), t["color"] or "")
            )
    return found


def parse(text):
    """One side of an equation -> Num, Sym or Op. A function takes one factor, ∏ all that follow."""
    reader = Reader(tokens(text))
    read = reader.sum()
    assert not reader.rest, f"{text!r} goes on after its end"
    return read


class Reader:
    def __init__(self, rest):
        self.rest = rest

    def take(self, *signs):
        if self.rest and isinstance(self.rest[0], str) and self.rest[0] in signs:
            return self.rest.pop(0)

    def sum(self):
        read = Op("neg", (self.product(),)) if self.take("−") else self.product()
        while sign := self.take("+", "−"):
            read = Op(sign, (read, self.product()))
        return read

    def product(self):
        read = self.factor()
        while self.rest and self.rest[0] not in (*"+−)}],;‖",):
            read = Op("/" if self.take("/") else "·", (read, (self.take("·"), self.factor())[1]))
        return read

    def factor(self):
        if sign := self.take(*FUNCTIONS):
            power = self.take("^{") and (self.sum(), self.take("}"))[0]  # tanh² c
            read = Op(sign, (self.product() if sign == "∏" else self.factor(),))
            return Op("^", (read, power)) if power else read
        if self.take("∂"):
            of = self.rest.pop(0)
            assert self.take("/") and self.take("∂")
            return Sym(f"∂{of.name}/∂{self.rest.pop(0).name}", of.color)
        if self.take("["):
            return self.matrix()
        if sign := self.take("(", "‖"):
            read = self.sum()
            assert self.take({"(": ")", "‖": "‖"}[sign]), "a parenthesis stays open"
            read = Op("norm", (read,)) if sign == "‖" else read
        else:
            read = self.rest.pop(0)
            assert not isinstance(read, str), f"{read!r} stands where a symbol should"
        if self.take("^{"):
            read = Op("^", (read, self.sum()))
            assert self.take("}")
        return read

    def matrix(self):
        rows = [[self.sum()]]
        while not self.take("]"):
            rows += [[]] if self.take(";") else []
            assert rows[-1] == [] or self.take(","), "a matrix stays open"
            rows[-1].append(self.sum())
        return Op("matrix", tuple(Op("row", tuple(row)) for row in rows))


def symbols(node):
    if isinstance(node, Op):
        return [symbol for part in node.parts for symbol in symbols(part)]
    return [node] if isinstance(node, Sym) else []


def value(node, env):
    """What it comes to; a symbol may stand for a number at each of many steps, which ∏ multiplies."""
    if isinstance(node, Num):
        return node.value
    if isinstance(node, Sym):
        assert node.name in env, f"{node.name} is no symbol of this step"
        return env[node.name]
    parts = [value(part, env) for part in node.parts]
    if node.sign in ("matrix", "row"):
        return np.array(parts)
    if node.sign in FUNCTIONS:
        return FUNCTIONS[node.sign](*parts)
    one, other = parts if len(parts) == 2 else (0, *parts)
    if node.sign in "/^":
        return one / other if node.sign == "/" else one**other
    if node.sign == "·" and min(np.ndim(one), np.ndim(other)) > 1:
        return one @ other
    return one * other if node.sign == "·" else one + other if node.sign == "+" else one - other


def stands_for(letters, written, env, inks):
    """Numbers in the places of letters: the same operations in the same order, each number the rounding of what stood
    there, in its color."""
    if isinstance(written, Num):
        colors = {inks.get(s.name, ink(s.name)) for s in symbols(letters)} | {""}
        assert written.holds(value(letters, env)), f"{written} is not {letters}"
        assert written.color in colors, f"{written} has not the color of {letters}"
    elif written.sign == "matrix" and letters.sign != "matrix":  # what a product comes to
        assert_entries(
            written, value(letters, env), {inks.get(s.name, ink(s.name)) for s in symbols(letters)}
        )
    else:
        assert isinstance(letters, Op) and letters.sign == written.sign, (
            f"{written} is not {letters}"
        )
        for one, other in zip(letters.parts, written.parts, strict=True):
            stands_for(one, other, env, inks)


def assert_entries(matrix, truth, colors):
    """The numbers of a matrix are the roundings of these, in one of these colors."""
    for row, values in zip(matrix.parts, truth, strict=True):
        for entry, true in zip(row.parts, values, strict=True):
            assert entry.holds(true), f"{entry} is not {true}"
            assert entry.color in colors, entry


def assert_equation(text, env, letters=None, inks=None):
    """c_t = f c_{t−1} + i g = 0.90 · 0.90 + 0.30 · (−0.80) = 0.57: the letters give what `lib` gives, the numbers stand
    for the letters, the last is what comes out. Returns what is told, and the letters, which may have been given."""
    left, _, sides = text.partition("=")
    left = parse(left)
    assert isinstance(left, Sym), text
    assert_ink(left, inks or {})
    own = ink_of(left, inks or {})
    return left.name, assert_sides(sides, value(left, env), env, letters, {**(inks or {}), "": own})


def assert_sides(text, truth, env, letters=None, inks=None):
    """The same of what stands at the right; inks[""] is the color of what comes out."""
    sides = [parse(side) for side in text.split("=")]
    for side in sides:
        if symbols(side):
            letters = side
            np.testing.assert_allclose(value(side, env), truth, rtol=1e-9, atol=1e-12, err_msg=text)
            for symbol in symbols(side):
                assert_ink(symbol, inks)
        elif side is sides[-1] and isinstance(side, Op) and side.sign == "matrix":
            assert_entries(side, truth, {inks[""]})
        elif side is sides[-1] and isinstance(side, Num):
            assert side.holds(truth), f"{text}: not {truth}"
            assert side.color in ("", inks[""]), text
        else:
            stands_for(letters, side, env, inks)
    return letters


def ink_of(symbol, inks):
    return inks.get(symbol.name, ink(symbol.name.lstrip("∂")))


def assert_ink(symbol, inks):
    wanted = ink_of(symbol, inks)
    assert symbol.color == wanted or (symbol.color, wanted) == ("", "x"), f"the color of {symbol}"


# Sentences. A clause is a pattern, whether it is so, and whether nothing else may be said in its place.


class Clause(NamedTuple):
    words: str
    so: object = True  # of what stands in the pattern's groups, or a plain bool
    owed: object = False


def only(words, so):
    """A clause that is said if it is so, and only then."""
    return Clause(words, so, so)


def assert_said(text, *places):
    """The text, place after place, is one of the clauses that may stand there; it is so, and no other is owed.

    Returns which clauses were said and which might have been, by their words, where there was a choice.
    """
    whole, heard, offered = text, set(), set()
    for clauses in places:
        clauses = [Clause(clauses)] if isinstance(clauses, str) else clauses
        found = [(m, clause) for clause in clauses if (m := re.match(clause.words, text))]
        assert found, f"{text!r} of {whole!r} is none of {[clause.words for clause in clauses]}"
        match, said = max(found, key=lambda one: one[0].end())
        so = said.so(*match.groups()) if callable(said.so) else said.so
        assert so, f"not so: {match[0]!r} in {whole!r}"
        for clause in clauses:
            assert clause is said or not clause.owed, f"{whole!r} does not say {clause.words!r}"
        if len(clauses) > 1:
            heard.add(said.words)
            offered |= {clause.words for clause in clauses}
        text = text[match.end() :]
    assert text == "", f"{whole!r} goes on: {text!r}"
    return heard, offered


N = r"(−?\d+(?:,\d{3})*(?:\.\d+)?)"  # a number, and a share of 1
P = r"(less than 0\.1 %|\d+(?:\.\d+)? %)"


def share(text, wanted):
    if text.startswith("less"):
        return 0 < wanted < 0.001
    return rounds(text.removesuffix(" %"), 100 * wanted)


def reads(text):
    return number(text).value
