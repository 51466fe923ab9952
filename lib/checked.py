"""Sentences that stand on evidence: `says` prints what a cell has shown, and a test looks for it in the text.

A number or a verdict in the prose is said by a cell of its section:

    says("half is gone after {:.1f} steps", half_life)
    says("two of the five lose more than 99.9 %", holds=(lost > 0.999).sum() == 2)

The line that it prints is stored with the notebook. Another number, or a `holds` that is false, changes
or stops the cell; another word in the prose is missed by the test, which needs no run.
"""

import math
import re
import string
from functools import cache
from numbers import Integral, Real

__all__ = ["says", "plain", "said", "places"]

WORDS = "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()
WORDS += "sixteen seventeen eighteen nineteen twenty".split()
EDGE = 1e-9  # of a value: so near to a rounding edge another machine may print another digit
UP = str.maketrans("-−0123456789", "⁻⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
DOWN = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SIGNS = {  # a LaTeX command: what it draws
    "Longrightarrow": "⇒", "rightarrow": "→", "leftarrow": "←", "to": "→", "approx": "≈", "times": "×", "cdot": "·",
    "odot": "⊙", "infty": "∞", "dots": "…", "ldots": "…", "cdots": "⋯", "prod": "∏", "sqrt": "√", "sum": "∑",
    "neq": "≠", "ne": "≠", "geq": "≥", "ge": "≥", "leq": "≤", "le": "≤", "in": "∈", "pm": "±", "mp": "∓", "top": "ᵀ",
    "nabla": "∇",
    "lVert": "‖", "rVert": "‖", "|": "‖", "lvert": "|", "rvert": "|", ",": " ", ";": " ", "quad": " ", "qquad": " ",
    "!": "",
    **dict.fromkeys("left right Bigl Bigr bigl bigr underbrace mathrel mathrm mathbf operatorname text".split(), ""),
}  # fmt: skip
GREEK = dict(
    zip(
        "alpha beta gamma delta varepsilon epsilon zeta eta theta lambda mu pi rho sigma tau phi partial Delta".split(),
        "αβγδεεζηθλμπρστφ∂Δ",
        strict=True,
    )
)
PARTS = {"12": "½", "13": "⅓", "23": "⅔", "14": "¼", "34": "¾", "16": "⅙"}


def says(template, *values, holds=None):
    """Print "✓ " and the sentence that the evidence allows, which is the template filled with the values.

    Fields are those of `str.format`; besides, "{:w}" writes a whole number up to 20 in words, "{:.1e}" is
    printed as 2.5 · 10⁻¹⁴ and "{:.0%}" as 40 %. Raises AssertionError, which names the sentence, where
    `holds` is false; TypeError for a sentence that cannot fail, having neither a value nor `holds`, for
    values that are no numbers or words, and a `holds` that is no bool; ValueError for NaN, infinity,
    values and fields that are not as many, and a value so near to a rounding edge (1e-9 of itself)
    that another machine may print another digit.

    >>> says("half is gone after {:.1f} steps", math.log(0.5) / math.log(0.9))
    ✓ half is gone after 6.6 steps
    >>> says("{:w} of them are left, {:.1e} of the first", 2, 2.5e-14, holds=True)
    ✓ two of them are left, 2.5 · 10⁻¹⁴ of the first
    """
    if not values and holds is None:
        raise TypeError(
            f"says: a sentence needs a value or `holds`, or it cannot fail: {template!r}"
        )
    if not (holds is None or type(holds).__name__ in ("bool", "bool_")):
        raise TypeError(f"holds: expected a bool, got {type(holds).__name__}")
    pieces = list(string.Formatter().parse(template))
    specs = [spec for _, name, spec, _ in pieces if name is not None]
    if len(specs) != len(values):
        raise ValueError(f"says: expected {len(specs)} values for {template!r}, got {len(values)}")
    filled = iter([written(value, spec) for value, spec in zip(values, specs, strict=True)])
    sentence = "".join(
        text + (next(filled) if name is not None else "") for text, name, *_ in pieces
    )
    assert holds is None or holds, f"not so: {sentence}"
    print("✓", sentence)


def written(value, spec):
    """One value as a sentence has it."""
    if isinstance(value, str):
        return format(value, spec)
    if type(value).__name__ in ("bool", "bool_") or not isinstance(value, Real):
        raise TypeError(f"says: expected a number or a word, got {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"says: expected a finite number, got {value}")
    if spec == "w":
        if value != int(value) or not 0 <= value < len(WORDS):
            raise ValueError(
                f"says: expected a whole number from 0 to 20 to write in words, got {value}"
            )
        return WORDS[int(value)]
    if not isinstance(value, Integral):
        # A zero has no sign: which one a maximum gives differs from machine to machine.
        value = float(value) + 0.0
        if not spec or len({format(value * (1 + by), spec) for by in (-EDGE, 0, EDGE)}) > 1:
            raise ValueError(f"says: {value!r} stands on a rounding edge of {spec!r}")
    text = format(value, spec).replace("%", " %").replace("-", "−")
    return re.sub(
        r"e([+−]?)0*(\d+)$", lambda m: f" · 10{(m[1].strip('+') + m[2]).translate(UP)}", text
    )


def plain(text):
    """Markdown without its markup, on one line: as it is read.

    Roles and links become their words, formulas characters ("$2.5 \\cdot 10^{-14}$" is 2.5 · 10⁻¹⁴), code is
    kept as it is, and there is one kind of space and of minus. A fraction is written with a slash.

    >>> plain("**Half** is {term}`kept <half-life>`, $f^{20} = 1.9 \\\\cdot 10^{-3}$ of it: `a *= f`.")
    'Half is kept, f²⁰ = 1.9 · 10⁻³ of it: a *= f.'
    """
    text = re.sub(r"\{[\w:]+\}`([^`<]*?)(?:\s*<[^>]*>)?`", r"\1", text)
    pieces = re.split(r"(`+)(.+?)\1", text, flags=re.S)  # text, marks, code, text, …
    text = "".join(
        words(piece) if number % 3 == 0 else piece if number % 3 == 2 else ""
        for number, piece in enumerate(pieces)
    )
    return re.sub(r"\s+", " ", text.replace("\u2212", "−")).strip()


def words(text):
    """Markdown without code, roles and their marks."""
    text = re.sub(
        r"\$\$(.*?)\$\$(\s*\([\w-]+\))?|\$([^$]+)\$",
        lambda m: formula(m[1] or m[3]),
        text,
        flags=re.S,
    )
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*`]|<[^<>]+>", "", text)


def formula(latex):
    """What a formula reads as."""
    latex = re.sub(
        r"\\[td]?frac(\d)(\d)", lambda m: PARTS.get(m[1] + m[2], f"{m[1]}/{m[2]}"), latex
    )
    latex = re.sub(r"\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}", rows, latex, flags=re.S)
    latex = re.sub(r"\\(?:begin|end)\{\w+\}|~|\\\\", " ", latex)
    latex = re.sub(r"\^(?:\{([−-]?\d+)\}|(\d))", lambda m: (m[1] or m[2]).translate(UP), latex)
    latex = re.sub(r"_(?:\{(\d+)\}|(\d))", lambda m: (m[1] or m[2]).translate(DOWN), latex)
    latex = re.sub(
        rf"\\({'|'.join(GREEK)})(?![a-zA-Z])(?:\s+(?=[a-zA-Z]))?", lambda m: GREEK[m[1]], latex
    )
    braced, deeper = r"\{([^{}]*)\}", True
    while deeper:
        latex, deeper = re.subn(rf"([_^]){braced}", r"\1\2", latex)
        latex, root = re.subn(rf"\\sqrt{braced}", rooted, latex)
        latex, more = re.subn(rf"\\[td]?frac\s*{braced}\s*{braced}", slashed, latex)
        latex, less = re.subn(
            rf"\\(?:{'|'.join(filter(str.isalpha, SIGNS))}){braced}", r"\1", latex
        )
        deeper += root + more + less
    latex = re.sub(r"\\left\.", "", latex)
    latex = re.sub(r"\\([a-zA-Z]+|[^a-zA-Z\s])", lambda m: SIGNS.get(m[1], m[1]), latex)
    return re.sub(r"[{}\\]|&|\^(?=ᵀ)", "", latex).replace("-", "−")


def rooted(root):
    """A root on one line; a sum or a product under it is put in parentheses."""
    under = root[1].strip()
    return f"√({under})" if re.search(r"[-+\s]", under) else f"√{under}"


def rows(matrix):
    """A matrix on one line, its rows between semicolons."""
    entries = re.sub(r"\s*&\s*", ", ", matrix[1].strip())
    return "[" + re.sub(r"\s*\\\\\s*", "; ", entries) + "]"


def slashed(fraction):
    """A fraction on one line; a sum or a product of it is put in parentheses."""
    over, under = (part.strip() for part in fraction.groups())
    return " / ".join(f"({part})" if re.search(r"[-+\s]", part) else part for part in (over, under))


def said(cell):
    """The sentences that a cell has printed."""
    printed = "".join(
        "".join(out["text"]) for out in cell.get("outputs", []) if out.get("name") == "stdout"
    )
    return [line[2:] for line in printed.splitlines() if line.startswith("✓ ")]


LEAD = "but and so because since while where when if then that as whereas although for yet now here thus".split()
LED = "|".join([*LEAD, "let us"])
JOINT = rf"(?:^|[.,;:!?|–—]\s+|[(“\"]|[)”\"|]\s+|\b(?:{LED})\s)"
END = rf"(?=$|\s*[.,;:!?()|“”\"–—](?!\d)|\s(?:{LED})\b)"
DENIED = re.compile(  # what makes a clause the contrary of what it says: it is not true that …
    r"\b(?:not|no|never|nobody|nothing|hardly|false|wrong|untrue)\b[^.,;:!?()]*\bthat\s$|\bas if\s$",
    re.I,
)


@cache
def without_commas(text):
    return text.replace(", ", " ")


@cache
def clause(sentence):
    """The pattern of a said sentence as a whole clause; its commas are the writer's."""
    first = re.escape(sentence[0].upper()) + "|" + re.escape(sentence[0].lower())
    rest = re.sub(r",?\\ ", r",?\\ ", re.escape(sentence[1:]))
    return re.compile(rf"(?i:{JOINT})((?:{first}){rest}){END}")


@cache
def places(sentence, text):
    """Where a said sentence stands in a text as a whole clause -> [(begin, end)]."""
    if without_commas(sentence)[1:] not in without_commas(text):
        return []
    found = [match.span(1) for match in clause(sentence).finditer(text)]
    return [(begin, end) for begin, end in found if not DENIED.search(text[:begin])]
