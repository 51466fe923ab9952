r"""A small reader of the book's equations: LaTeX into trees.

`read` makes statements of a displayed equation or of a formula in a line: sides with relations between them. A tree is
a tuple, its kind first: ("sym", "h", ("t", "-", "1")) is h_{t-1}, ("beside", W, x) a product without a sign, ("T", W) a
transposed matrix, ("by", L, W, held) a derivative. What a tree is worth is asked in `equation_values.py`.
"""

import re
from functools import cache


class Unread(Exception):
    """What the reader cannot make sense of."""


TOKEN = re.compile(
    r"\\(?:begin|end|operatorname|text)\{[^{}]*\}|\\mathbf\{1\}|\\[A-Za-z]+|\\\\|\d+(?:\.\d+)?|\S"
)
LAYOUT = [  # what is looked at, not read
    (r"(?<!\\)\\[,;:! ]|~", " "),
    (r"\\left\.(.*?)\\right\|_\{\\text\{gates held\}\}", r"\\held{\1}"),
    (r"\\(?:left|right|[bB]igg?[lrm]?|displaystyle|textstyle)(?![A-Za-z])", ""),
    (r"\\(?:begin|end)\{(?:aligned|gathered)\}", ""),
    (r",\s*\\q?quad(?![A-Za-z])", r"\\\\ "),  # a comma and a wide space: the next statement
    (r"\\q?quad(?![A-Za-z])", " "),
    (r"\{\s*(\\odot|[-+=])\s*\}", r" \1 "),
    (r"\{\}", ""),
    (r"\\[td]?frac\s*(\d)\s*(\d)", r"\\frac{\1}{\2}"),
    (r"\\[td]frac", r"\\frac"),
    (r"\\mathrm(?=\{)", r"\\operatorname"),
    (r"\\(begin|end)\{pmatrix\}", r"\\\1{bmatrix}"),
    (r"\\(le|ge)q(?![A-Za-z])", r"\\\1"),
    (r"\\times(?![A-Za-z])", r"\\cdot"),
]
RELATIONS = ("=", "<", ">", r"\le", r"\ge", r"\approx", r"\leftarrow")
OPERATORS = ("+", "-", r"\pm", r"\odot", r"\cdot", "/")
FUNCTIONS = (r"\tanh", r"\ln", r"\sinh", r"\cosh", r"\min", r"\max")
LETTERS = {r"\sigma": "σ", r"\rho": "ρ", r"\lambda": "λ", r"\nabla": "∇", r"\varepsilon": "ε"}
LETTERS |= {r"\eta": "η", r"\alpha": "α", r"\beta": "β", r"\gamma": "γ", r"\tau": "τ"}
LETTERS |= {r"\mathbf{1}": "𝟏", "*": "*"}
DOTS = (r"\dots", r"\cdots", r"\ldots")
OPENING = ("(", "[", "{", r"\lVert", r"\lvert", r"\begin{bmatrix}", r"\frac", r"\sqrt", r"\sum")
OPENING += (r"\prod", r"\underbrace", r"\held", r"\partial", r"\delta", *FUNCTIONS, *DOTS)


def tokens(latex):
    for layout, plain in LAYOUT:
        latex = re.sub(layout, plain, latex, flags=re.S)
    return TOKEN.findall(latex)


def read(latex):
    """[(words before it, sides, relations)] of a formula, its lines joined where they belong together."""
    lines, inside = [[]], 0
    for token in tokens(latex):
        inside += (token == r"\begin{bmatrix}") - (token == r"\end{bmatrix}")
        if token == r"\\" and not inside:
            lines.append([])
        elif token != "&" or inside:
            lines[-1].append(token)
    statements = []
    for line in lines:
        while line and line[-1] in ",.;":
            line.pop()
        if statements and goes_on(statements[-1], line):
            statements[-1] += line
        elif line:
            statements.append(line)
    return [Reader(line).statement() for line in statements]


def goes_on(before, line):
    """Whether a line belongs to the one before it."""
    depth = sum((token in "([") - (token in ")]") for token in before)
    whole = any(token in RELATIONS for token in before)
    return depth > 0 or not whole or not line or line[0] in RELATIONS + OPERATORS


class Reader:
    """Reads a list of tokens from left to right."""

    def __init__(self, line):
        self.line, self.at = line, 0

    def peek(self):
        return self.line[self.at] if self.at < len(self.line) else ""

    def take(self, *wanted):
        token = self.peek()
        if wanted and token not in wanted:
            raise Unread(f"{' or '.join(wanted)} expected, not {token or 'the end'!r}")
        self.at += 1
        return token

    def meets(self, *wanted):
        """Take the next token if it is one of these."""
        return self.peek() in wanted and self.take()

    def statement(self):
        words = []
        while self.peek().startswith(r"\text"):
            words.append(self.take()[6:-1].strip(" :"))
        sides, relations = [self.several()], []
        while self.peek() in RELATIONS:
            relations.append(self.take())
            sides.append(self.several())
        if self.meets(r"\text{(rows }"):  # of the matrices before it: the order of their rows
            words += ["rows", self.several()]
            self.take(r"\text{)}")
        if self.at < len(self.line):
            raise Unread(f"nothing follows from {self.peek()!r}")
        return words, sides, relations

    def several(self):
        parts = [self.sum()]
        while self.meets(","):
            parts.append(self.sum())
        return parts[0] if len(parts) == 1 else ("list", *parts)

    def sum(self):
        sign = self.meets("+", "-", r"\pm") or "+"
        terms = [(sign, self.term())]
        while self.peek() in ("+", "-", r"\pm"):
            terms.append((self.take(), self.term()))
        return terms[0][1] if len(terms) == 1 and sign == "+" else ("add", *terms)

    def term(self):
        left = self.beside()
        while self.peek() in (r"\odot", r"\cdot", "/"):
            left = (self.take(), left, self.beside())
        return left

    def beside(self):
        """What stands side by side, or one factor."""
        if self.meets("-"):
            return ("add", ("-", self.beside()))
        parts = [self.factor()]
        while self.peek() in OPENING or re.match(r"[\dA-Za-z]", self.peek()) or self.letter():
            parts.append(self.factor())
            if parts[-1][0] == "number" and parts[-2][0] != "dots":
                raise Unread(f"a sign is missing before {parts[-1][1]}")
        return parts[0] if len(parts) == 1 else ("beside", *parts)

    def letter(self):
        token = self.peek()
        return token in LETTERS and token != "*" or token.startswith(r"\operatorname")

    def factor(self):
        node = self.primary()
        while self.peek() in ("^", "_"):
            if self.meets("_"):
                node = ("entry", node, self.index())
            else:
                node = self.raised(node)
        return node

    def raised(self, node):
        self.take("^")
        if self.meets(r"\top"):
            return ("T", node)
        inner = self.index()
        if inner == (r"\top",):
            return ("T", node)
        if inner == ("*",) and node[0] == "sym":
            return ("sym", node[1] + "*", node[2])
        if inner[0] == "(" and node[0] == "sym":  # W^{(t)}: step t's own copy
            return ("sym", node[1] + "^()", inner[1:-1])
        return ("power", node, expression(inner))

    def index(self):
        """The tokens of a sub- or superscript."""
        if not self.peek():
            raise Unread("an index is missing")
        if not self.meets("{"):
            return (self.take(),)
        found, depth = [], 1
        while depth:
            token = self.take()
            if not token:
                raise Unread("a brace is not closed")
            depth += (token == "{") - (token == "}")
            found.append(token)
        if len(found) == 1:
            raise Unread("an index is empty")
        return tuple(found[:-1])

    def symbol(self):
        token = self.take()
        if token == r"\delta":
            if self.peek() in ("_", "^"):
                return self.marked("δ")
            _, name, sub = self.symbol()
            return ("sym", "δ" + name, sub)
        if token.startswith(r"\operatorname"):
            return ("sym", token[14:-1], ())
        if token not in LETTERS and not re.fullmatch("[A-Za-z]", token):
            raise Unread(f"a symbol expected, not {token or 'the end'!r}")
        return self.marked(LETTERS.get(token, token))

    def marked(self, name):
        """A symbol with its primes and its subscript."""
        while self.meets("'"):
            name += "'"
        sub = self.index() if self.meets("_") else ()
        return ("sym", name, sub)

    def primary(self):
        token = self.peek()
        if re.match(r"\d", token):
            return ("number", self.take())
        if token in DOTS:
            return ("dots", self.take())
        if token == r"\frac":
            return self.fraction()
        if self.meets(r"\partial"):
            what = self.symbol()
            self.take("/")
            self.take(r"\partial")
            return ("by", what, self.copy(), False)
        if self.meets(r"\held"):
            self.take("{")
            node = self.fraction()
            self.take("}")
            return (*node[:3], True)
        if self.meets(r"\sqrt"):
            return ("call", "sqrt", self.between("{", "}"))
        if self.meets(r"\underbrace"):
            node = self.between("{", "}")
            if self.meets("_"):
                self.index()
            return ("group", node)
        if token in FUNCTIONS or self.line[self.at : self.at + 2] == [r"\sigma", "("]:
            return self.function()
        if token.startswith(r"\operatorname") and self.line[self.at + 1 : self.at + 2] == ["("]:
            return ("apply", self.symbol(), self.between("(", ")"))
        if token in (r"\sum", r"\prod"):
            return self.big()
        if token == r"\begin{bmatrix}":
            return self.matrix()
        if token == "(":
            return ("group", self.between("(", ")"))
        if token == "{":
            return self.between("{", "}")
        if token == r"\lVert":
            return ("call", "norm", self.between(r"\lVert", r"\rVert"))
        if token == r"\lvert":
            return ("call", "abs", self.between(r"\lvert", r"\rvert"))
        if token == "|":
            return ("call", "abs", self.between("|", "|"))
        if self.meets("["):
            parts = [self.sum()]
            while self.meets(";"):
                parts.append(self.sum())
            self.take("]")
            return ("matrix", *((part,) for part in parts))
        return self.symbol()

    def between(self, opening, closing):
        self.take(opening)
        node = self.several()
        self.take(closing)
        return node

    def copy(self):
        """The symbol below ∂, which may be one step's copy, W^{(t)}."""
        node = self.symbol()
        if self.peek() == "^":
            _, name, sub = self.raised(node)
            node = ("sym", name, (*sub, ",", *self.index()) if self.meets("_") else sub)
        return node

    def fraction(self):
        self.take(r"\frac")
        self.take("{")
        if not self.meets(r"\partial"):
            above = self.several()
            self.take("}")
            return ("/", above, self.between("{", "}"))
        what = None if self.peek() == "}" else self.symbol()
        self.take("}")
        self.take("{")
        self.take(r"\partial")
        by = self.copy()
        self.take("}")
        return ("by", what, by, False)

    def function(self):
        name = LETTERS.get(self.peek(), self.take()[1:])
        power = self.raised(("dots", "")) if self.peek() == "^" else None
        inner = self.between("(", ")") if self.peek() == "(" else self.factor()
        node = ("call", name, inner)
        return ("power", node, power[2]) if power else node

    def big(self):
        kind = self.take()[1:]
        self.take("_")
        letter, *first = self.index()
        if first and first[0] != "=":
            raise Unread(f"{letter} from where?")
        low = expression(tuple(first[1:])) if first else None
        high = expression(self.index()) if self.meets("^") else None
        return (kind, letter, low, high, self.term())

    def matrix(self):
        self.take(r"\begin{bmatrix}")
        rows = [[self.sum()]]
        while not self.meets(r"\end{bmatrix}"):
            if self.take("&", r"\\") == "&":
                rows[-1].append(self.sum())
            else:
                rows.append([self.sum()])
        return ("matrix", *map(tuple, rows))


@cache
def expression(line):
    """The tree of some tokens."""
    reader = Reader(line)
    node = reader.sum()
    if reader.at < len(line):
        raise Unread(f"nothing follows from {reader.peek()!r}")
    return node


@cache
def leaves(node, kind):
    """All parts of a tree that are of this kind."""
    if not isinstance(node, tuple):
        return ()
    below = (leaf for part in node for leaf in leaves(part, kind))
    return (node, *below) if node and node[0] == kind else tuple(below)


@cache
def numeric(node):
    """Whether a tree has numbers and functions alone."""
    named = ("sym", "by", "entry", "value")
    return all(part[1] == "e" for kind in named for part in leaves(node, kind))


@cache
def printed(node):
    """The text of a number that stands alone, with its sign, or None."""
    if node[0] == "group":
        return printed(node[1])
    if node[0] == "add" and len(node) == 2 and node[1][0] == "-":
        text = printed(node[1][1])
        return text and f"-{text}"
    return node[1] if node[0] == "number" else None


def half_unit(text):
    """Half a unit of the last digit that is printed."""
    return 0.5 * 10.0 ** -len(text.partition(".")[2])
