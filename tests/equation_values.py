r"""What the trees of the book's equations are worth: a World has a value for every symbol, and judges statements.

A matrix times a matrix, or a number times anything, may stand side by side; entry by entry is \odot; shapes have to
fit, and nothing is broadcast but a bias over its columns. One idiom is understood, i (1 - i) for i \odot (1 - i). A
symbol without a step is that of step t. Numbers that are printed agree to their last digit.
"""

from itertools import product

import numpy as np
from equations import Unread, expression, half_unit, leaves, numeric, printed

from lib.activations import sigmoid


class Untrue(Exception):
    """What does not hold, or has no meaning in this world."""


class Unknown(Untrue):
    """What this world has no name for."""


class Entry(int):
    """An index of a row or column, from 0; an int of another kind is a step."""


class Steps:
    """A quantity that each step has its own of, from step `first` to step `last`."""

    def __init__(self, get, first, last):
        self.get, self.first, self.last, self.known = get, first, last, {}

    def __getitem__(self, t):
        if not self.first <= t <= self.last:
            raise IndexError(f"there is no step {t}")
        if t not in self.known:
            self.known[t] = np.asarray(self.get(t), float)
        return self.known[t]


BASE = dict(
    e=np.e, tanh=np.tanh, σ=sigmoid, ln=np.log, sinh=np.sinh, cosh=np.cosh, sqrt=np.sqrt, abs=np.abs
)
BASE |= dict(min=min, max=max)
BASE |= dict(norm=lambda a: np.linalg.norm(a, 2), diag=lambda a: np.diag(column(a)))


def column(a):
    if np.ndim(a) != 2 or np.shape(a)[1] != 1:
        raise Untrue(f"a column expected, not {np.shape(a)}")
    return a[:, 0]


def plain(a):
    """A number for an array of one entry."""
    return float(a.item()) if isinstance(a, np.ndarray) and a.size == 1 else a


class World:
    """What the symbols are: numbers, arrays, functions, and Steps; and over which letters a statement is tried."""

    def __init__(
        self, values, free, derivative=None, tight=False, pool=None, word=None, now=None, said=None
    ):
        self.values, self.free, self.derivative = BASE | values, free, derivative
        self.tight = tight  # here ≤ is an equality
        self.pool = pool  # the numbers of a worked example
        self.now = now  # the step of a worked example, where no step is named
        self.word = word  # what stands before the lines that are meant for this world
        self.said = said or {}  # {digits: the number that they stand for}
        self.symbols = said is not None  # whether sides of numbers alone are left out here

    # Symbols.

    def value(self, node, bound):
        _, name, sub = node
        if not sub and name in bound:
            return float(bound[name])
        base, groups = self.found(name, sub)
        value = self.values[base]
        if isinstance(value, Steps):
            step = bound.get("t")
            if groups and not all(isinstance(bound.get(letter), Entry) for letter in groups[0]):
                step, groups = self.step(groups[0], bound), groups[1:]
            if step is None:
                raise Untrue(f"{base} of which step?")
            value = value[step]
        for group in groups:
            value = value[tuple(self.place(group, bound))]
        return plain(value) if isinstance(value, np.ndarray) else value

    def found(self, name, sub):
        """(a name that this world has, the groups of what is left of the subscript)."""
        for cut in range(len(sub), -1, -1):
            base = name + "_" * bool(cut) + "".join(sub[:cut]).replace("\\", "")
            rest = sub[cut:]
            if base in self.values and (not rest or cut == 0 or rest[0] == ","):
                text = " ".join(rest[rest[:1] == (",",) :])
                groups = [group.split() for group in text.split(",")] if rest else []
                if not all(groups) or rest and not cut and rest[0] == ",":
                    raise Untrue(f"an index of {base} is missing")
                return base, groups
        raise Unknown(f"what is {name}{'_' * bool(sub)}{''.join(sub)} here?")

    def known(self, node):
        """Whether a symbol has a value in a worked example."""
        try:
            self.value(node, {"t": self.now})
        except (Untrue, IndexError):
            return False
        return True

    def step(self, group, bound):
        try:
            step = self.evaluate(expression(tuple(group)), bound)
        except Unread as error:
            raise Untrue(str(error)) from None
        if np.ndim(step) or not float(step).is_integer():
            raise Untrue(f"{' '.join(group)} is no step")
        return int(step)

    def place(self, group, bound):
        for token in group:
            if not isinstance(bound.get(token), Entry) and not token.isdigit():
                raise Untrue(f"{token} is no entry")
            place = bound[token] if token in bound else int(token) - 1
            if place < 0:
                raise IndexError(place)
            yield int(place)

    def arrays(self):
        """Every array that has a name here, of a step those of its second."""
        for value in self.values.values():
            try:
                array = value[min(2, value.last)] if isinstance(value, Steps) else value
            except Untrue:  # what is not of a batch
                continue
            if isinstance(array, np.ndarray):
                yield array

    # Values.

    def evaluate(self, node, bound):
        method = getattr(self, "do_" + NAMES.get(node[0], node[0]), None)
        if not method:
            raise Untrue(f"{node[0]} has no value")
        value = plain(method(node, bound))
        if self.pool is not None and not numeric(node) and np.ndim(value) < 3:
            self.remember(value)
        return value

    def remember(self, value):
        if not callable(value) and not isinstance(value, list):
            for number in np.ravel(value):
                if abs(number) > 1e-12:
                    self.pool.append(abs(float(number)))

    def do_number(self, node, bound):
        return self.said.get(node[1], float(node[1]))

    def do_sym(self, node, bound):
        return self.value(node, bound)

    def do_group(self, node, bound):
        return self.evaluate(node[1], bound)

    def do_list(self, node, bound):
        return [self.evaluate(part, bound) for part in node[1:]]

    def do_add(self, node, bound):
        terms = [(sign, part) for sign, part in node[1:] if part[0] != "dots"]
        signs = {"+": 1, "-": -1, r"\pm": bound.get("±", 1)}
        each = [signs[sign] * self.evaluate(part, bound) for sign, part in terms]
        total = each[0]
        for term in each[1:]:
            total = added(total, term)
        if len(terms) < len(node) - 1 and all(map(np.isscalar, each)) and not leaves(node, "entry"):
            if numeric(node) or len(each) > 2 and same_ratio(each):  # + …
                return series(each)
        return total

    def do_odot(self, node, bound):
        a, b = (self.evaluate(part, bound) for part in node[1:])
        if np.ndim(a) and np.ndim(b) and np.shape(a) != np.shape(b):
            raise Untrue(f"⊙ of {np.shape(a)} and {np.shape(b)}")
        return a * b

    def do_dot(self, node, bound):
        a, b = (self.evaluate(part, bound) for part in node[1:])
        if np.ndim(a) and np.ndim(b):
            raise Untrue("· is for numbers; entry by entry is ⊙")
        return a * b

    def do_over(self, node, bound):
        a, b = (self.evaluate(part, bound) for part in node[1:])
        if np.ndim(a) and np.ndim(b) and np.shape(a) != np.shape(b):
            raise Untrue(f"{np.shape(a)} over {np.shape(b)}")
        return a / b

    def do_power(self, node, bound):
        base, exponent = (self.evaluate(part, bound) for part in node[1:])
        if np.ndim(base) == 2 and len(set(np.shape(base))) == 1 and float(exponent).is_integer():
            return np.linalg.matrix_power(base, int(exponent))
        return np.power(base, exponent)

    def do_T(self, node, bound):
        value = self.evaluate(node[1], bound)
        return value.T if np.ndim(value) == 2 else value

    def do_entry(self, node, bound):
        value = np.atleast_2d(self.evaluate(node[1], bound))
        return value[tuple(self.place(node[2], bound))]

    def do_matrix(self, node, bound):
        rows = [[np.atleast_2d(self.evaluate(cell, bound)) for cell in row] for row in node[1:]]
        try:
            return np.block(rows)
        except ValueError as error:
            raise Untrue(f"columns of different width: {error}") from None

    def do_call(self, node, bound):
        given = self.evaluate(node[2], bound)
        return self.called(self.values[node[1]], given)

    def do_apply(self, node, bound):
        return self.called(self.evaluate(node[1], bound), self.evaluate(node[2], bound))

    def called(self, function, given):
        try:
            return function(*given) if isinstance(given, list) else function(given)
        except (TypeError, ValueError) as error:
            raise Untrue(str(error)) from None

    def do_beside(self, node, bound):
        parts = self.without_dots(node[1:], bound)
        if parts[0][0] == "by" and parts[0][1] is None:
            return self.slope(parts[0][2], ("beside", *parts[1:]), bound)
        value, before = None, None
        waiting = None  # a function that has no argument yet
        for part in parts:
            factor = self.evaluate(part, bound)
            if callable(factor):
                waiting = factor
                continue
            if waiting:
                factor, waiting = plain(self.called(waiting, factor)), None
            value = factor if value is None else self.times(value, factor, before, part)
            before = part
        return value

    def times(self, a, b, before, part):
        if isinstance(a, list) or isinstance(b, list):
            raise Untrue("a product with a list")
        if not np.ndim(a) or not np.ndim(b):
            return a * b
        if np.shape(a) == np.shape(b) and part[0] == "group" and part[1][0] == "add":
            one, *rest = part[1][1:]  # i (1 - i)
            if one == ("+", ("number", "1")) and rest == [("-", before)]:
                return a * b
        if np.ndim(a) != 2 or np.ndim(b) != 2 or np.shape(a)[1] != np.shape(b)[0]:
            raise Untrue(f"a product of {np.shape(a)} and {np.shape(b)}")
        return a @ b

    def without_dots(self, parts, bound):
        """The factors of J_T J_{T-1} ⋯ J_1, all written out."""
        at = next((n for n, part in enumerate(parts) if part[0] == "dots"), None)
        if at is None:
            return parts
        told = parts[:at] + parts[at + 1 : at + 2]
        indexed = [next(node[2] for node in leaves(part, "sym") if node[2]) for part in told]
        if len({replaced(part, index, "t") for part, index in zip(told, indexed, strict=True)}) > 1:
            raise Untrue("the dots stand between unlike factors")
        steps = [self.step(index, bound) for index in indexed]
        way = steps[1] - steps[0] if at > 1 else int(np.sign(steps[-1] - steps[0]))
        if abs(way) != 1 or (steps[-1] - steps[0]) * way < 0:
            raise IndexError("the dots have no way")
        whole = range(steps[0], steps[-1] + way, way)
        if [*whole[:at]] != steps[:-1]:
            raise IndexError("the dots have another way")
        every = [replaced(told[0], indexed[0], (str(step),)) for step in whole]
        return [*every, *parts[at + 2 :]]

    def do_big(self, node, bound):
        kind, letter, low, high, body = node
        every, index, endless = self.free.get(letter, ()), int, False
        if low is not None:
            first, last = (int(self.evaluate(end, bound)) for end in (low, high))
            every = range(first, last + 1)
        elif letter == "n" or not every or isinstance(every[0], Entry):  # as many as there are
            every, index, endless = range(10**4), int if letter == "n" else Entry, True
        total = None
        for n in every:
            try:
                term = self.evaluate(body, bound | {letter: index(n)})
            except IndexError:
                if endless and n:
                    break
                raise
            total = term if total is None else total + term if kind == "sum" else total * term
            if endless and index is int and np.max(np.abs(term)) < 1e-18:
                break
        if total is None:  # none at all
            shape = np.shape(self.evaluate(body, bound | {letter: first - 1}))
            return np.full(shape, 0.0 if kind == "sum" else 1.0)
        return total

    def do_by(self, node, bound):
        _, what, by, held = node
        if what is None:
            raise Untrue("the slope of what?")
        if what == ("sym", "L", ()):
            return self.value(("sym", "δ" + by[1], by[2]), bound)
        if self.derivative is None:
            raise Untrue("no derivative here")
        ends = []
        for _, name, sub in (what, by):
            groups = " ".join(sub).split(" , ")
            step = self.step(groups[0].split(), bound) if sub else bound["t"]
            ends.append((name, step, groups[1:]))
        value = self.derivative(*ends[0][:2], *ends[1][:2], held)
        places = [place for end in ends for place in end[2]]
        if places:
            value = value[tuple(self.place([p for g in places for p in g.split()], bound))]
        return value

    def slope(self, by, body, bound):
        """The slope of an expression by one entry of a symbol, by differences."""
        base, groups = self.found(by[1], by[2])
        place = tuple(self.place(groups[-1], bound))
        here = self.values[base]

        def at(nudge):
            moved = np.array(here, float)
            moved[place] += nudge
            self.values[base] = moved
            try:
                return self.evaluate(body, bound)
            finally:
                self.values[base] = here

        return difference(at)

    # Judging.

    def judge(self, statement):
        """Raise Untrue, in words, if a statement does not hold for every choice of its letters."""
        words, sides, relations = statement
        if self.symbols:
            sides = [side for side in sides if not numeric(side)]
            relations = relations[: len(sides) - 1]
            if len(sides) < 2:
                return
        if "rows" in words:
            self.judge_rows(words[words.index("rows") + 1])
        if not relations:
            if "expected" not in self.values:
                raise Untrue("it says nothing: a relation is missing")
            sides, relations = [*sides, ("sym", "expected", ())], ["="]
        used = {letter for node in leaves(tuple(sides), "sym") for letter in (node[1], *node[2])}
        implied = set() if self.now else {"t"}
        letters = [letter for letter in self.free if letter in used | implied]
        if any(sign == r"\pm" for node in leaves(tuple(sides), "add") for sign, _ in node[1:]):
            letters.append("±")
        choices = [self.free.get(letter, (1, -1)) for letter in letters]
        tried = 0
        for chosen in product(*choices):
            bound = {"t": self.now} if self.now else {}
            bound |= zip(letters, chosen, strict=True)
            try:
                with np.errstate(all="ignore"):
                    self.compare(sides, relations, bound)
            except IndexError:
                continue
            except (TypeError, ValueError, KeyError, ArithmeticError, StopIteration) as error:
                raise Untrue(f"it has no meaning here: {error}") from None
            tried += 1
        if tried < min(2, np.prod([len(choice) for choice in choices])):
            raise Untrue("it has a meaning at no step, or at one alone")

    def meaning(self, sides):
        """Raise Untrue if these sides have no value for any choice of their letters."""
        names = [letter for letter in self.free if letter != "t"]
        for t in reversed(self.free.get("t", (1,))):
            bound = {name: self.free[name][0] for name in names} | {"t": t}
            try:
                with np.errstate(all="ignore"):
                    return [self.evaluate(side, bound) for side in sides]
            except (IndexError, StopIteration):
                continue
            except (TypeError, ValueError, KeyError, ArithmeticError) as error:
                raise Untrue(str(error)) from None

    def judge_rows(self, node):
        names = "".join(part[1] for part in node[1:])
        if names != self.values.get("rows"):
            raise Untrue(f"the rows are not {names}")

    def compare(self, sides, relations, bound):
        told = None  # what a printed number has to agree with, besides the side before it
        for left, relation, right in zip(sides, relations, sides[1:], strict=False):
            if relation == r"\leftarrow":
                self.compare_any(self.becomes(left, right), bound)
                continue
            told = told if numeric(left) else left
            if told and told is not left and printed(right) and relation == "=":
                self.compare_two(told, relation, right, bound)
            self.compare_two(left, relation, right, bound)

    def becomes(self, left, right):
        """What an arrow may say of a quantity: its new value; its share of a step; that more arrives, or the first."""
        kind, name, sub = left
        if f"{name} new" in self.values:
            return [((kind, f"{name} new", sub), right)]
        if f"{name}^()" in self.values:
            return [((kind, f"{name}^()", sub), right)]
        if f"{name} before" in self.values:
            before = (kind, f"{name} before", sub)
            return [(left, ("add", ("+", before), ("+", right))), (before, right)]
        return [(left, right)]

    def compare_any(self, pairs, bound):
        """Raise Untrue, of the last, if none of these equalities holds."""
        for left, right in pairs:
            try:
                return self.compare_two(left, "=", right, bound)
            except Untrue as error:
                reason = error
        raise reason

    def compare_two(self, left, relation, right, bound):
        if left[0] == "matrix" != right[0]:
            left, right = right, left
            relation = {r"\le": r"\ge", r"\ge": r"\le", "<": ">", ">": "<"}.get(relation, relation)
        if right[0] == "matrix" and numeric(right):
            return self.compare_entries(left, relation, right, bound)
        here, there = self.possible(left, bound), self.possible(right, bound)
        for a, b in product(here, there):
            if related(a, relation, b, self.room(left, right, relation), self.tight):
                return
        said = {r"\le": "≤", r"\ge": "≥", r"\approx": "≈"}.get(relation, relation)
        raise Untrue(f"{shown(here[0])} {said} {shown(there[0])}?")

    def compare_entries(self, left, relation, right, bound):
        if left[0] == "matrix":
            shape = [len(row) for row in left[1:]]
            parts = [cell for row in left[1:] for cell in row]
        else:
            value = np.atleast_2d(self.evaluate(left, bound))
            shape = [value.shape[1]] * len(value)
            parts = [("value", number) for number in value.ravel()]
        if shape != [len(row) for row in right[1:]]:
            raise Untrue("matrices of different sizes")
        cells = [cell for row in right[1:] for cell in row]
        for part, cell in zip(parts, cells, strict=True):
            self.compare_two(part, relation, cell, bound)

    def do_value(self, node, bound):
        return node[1]

    def possible(self, node, bound):
        """What an expression can be: of printed numbers, what they were rounded from, or as they stand."""
        digits = sorted({leaf[1] for leaf in leaves(node, "number")})
        if self.pool is None or not numeric(node) or printed(node):
            return [self.evaluate(node, bound)]
        found = []
        for numbers in product(*(self.meant(text) for text in digits)):
            self.said = dict(zip(digits, numbers, strict=True))
            try:
                found.append(self.evaluate(node, bound))
                for part in (part for kind in (r"\cdot", "call") for part in leaves(node, kind)):
                    self.remember(self.evaluate(part, bound))
            finally:
                self.said = {}
        return found

    def meant(self, text):
        """The numbers of a worked example that are printed so, and the printed one."""
        places, number = len(text.partition(".")[2]), float(text)
        near = [p for p in self.pool if abs(p - number) <= half_unit(text) + 1e-9]
        if places and not near:
            raise Untrue(f"{text} is no number of this example")
        told = [number]
        for value in near if places > 1 else ():  # what the example itself computes comes first
            if not np.isclose(value, told, rtol=1e-9, atol=1e-12).any():
                told.append(value)
        return told[:8]

    def room(self, left, right, relation):
        """By how much the two sides may differ."""
        text, other = printed(right), left
        if text is None:
            text, other = printed(left), right
        if text and relation in ("=", r"\approx") and not self.exact(other, text):
            return half_unit(text) * (1 + 1e-9)
        if relation == r"\approx":
            return "about"
        return None

    def exact(self, node, text):
        """Whether a number is printed whole: a whole number, but for a power of e; a sum of plain fractions."""
        if "." not in text:
            return not (numeric(node) and leaves(node, "sym"))
        parts = leaves(node, "call") + leaves(node, "power") + leaves(node, "sym")
        if parts or not numeric(node) or any("." in number for _, number in leaves(node, "number")):
            return False
        places = 10_000 * self.evaluate(node, {})
        return np.ndim(places) == 0 and abs(places - round(places)) < 1e-6


NAMES = {r"\odot": "odot", r"\cdot": "dot", "/": "over", "sum": "big", "prod": "big"}


def replaced(node, old, new):
    """A tree with one index in place of another."""
    if node == old:
        return new
    return tuple(replaced(part, old, new) for part in node) if isinstance(node, tuple) else node


def same_ratio(terms):
    return np.allclose(np.divide(terms[1:], terms[:-1]), terms[1] / terms[0])


def series(terms):
    """The sum of a geometric series that begins so."""
    if len(terms) < 3 or not same_ratio(terms):
        raise Untrue("how does the sum go on?")
    return terms[0] / (1 - terms[1] / terms[0])


def added(a, b):
    """a + b, where a column may be added to every column."""
    shapes = np.shape(a), np.shape(b)
    if isinstance(a, list) or isinstance(b, list):
        raise Untrue("a sum with a list")
    if shapes[0] != shapes[1] and all(shapes):
        column = len(shapes[0]) == len(shapes[1]) == 2 and shapes[0][0] == shapes[1][0]
        if not column or 1 not in (shapes[0][1], shapes[1][1]):
            raise Untrue(f"a sum of {shapes[0]} and {shapes[1]}")
    return a + b


def related(a, relation, b, room, tight):
    if isinstance(a, list) or isinstance(b, list):
        a, b = (gathered(side) for side in (a, b))
    if np.shape(a) != np.shape(b) and not (relation in "<>" and not np.ndim(b)):
        return False
    if not np.all(np.isfinite(a)) or not np.all(np.isfinite(b)):
        return False
    size = max(np.max(np.abs(a), initial=0), np.max(np.abs(b), initial=0))
    if relation in ("=", r"\approx") or tight and relation in (r"\le", r"\ge"):
        if room == "about":
            room = 1e-5 * size if tight else 0.02 * size
        off = np.max(np.abs(np.subtract(a, b)), initial=0)
        return bool(off <= (1e-9 * size + 1e-300 if room is None else room + 1e-12))
    a, b = (b, a) if relation in (">", r"\ge") else (a, b)
    if relation in ("<", ">"):
        return bool(np.all(np.less(a, b)))
    return bool(np.all(np.less_equal(a, np.multiply(b, 1 + 1e-9))))


def gathered(side):
    """A list of numbers or of arrays as one column."""
    return (
        np.concatenate([np.atleast_2d(part) for part in side]) if isinstance(side, list) else side
    )


def difference(at, width=0.02):
    """The slope at 0 of a smooth function, by central differences of eighth order."""
    weights = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
    return sum(w * (at(n * width) - at(-n * width)) for n, w in enumerate(weights, 1)) / width


def shown(value):
    text = np.array2string(np.asarray(value, float), precision=5) if not callable(value) else "?"
    return " ".join(text.split())[:60]
