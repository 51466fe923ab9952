"""The text of a notebook read as a reader reads it, section by section, and what in it stands on evidence.

    python tests/prose.py chapters/03_backprop_cell_state.ipynb

prints each number and each verdict of a notebook and what holds it, or that nothing does (`make prose`). A number
or a sentence with a verdict is held by one of

    said       a clause that a cell of the section has printed by `says`: "✓ half is gone after 6.6 steps"
    given      the prose names what the section's code names: "16 units" beside hidden_size=16, "f = 1" beside
               {"f": 1.0}
    worked     a chain of equalities whose digits the test evaluates: 0.5 · 0.462 = 0.231
    cited      its sentence cites a work; figure and work stand in prose_declared.py
    referred   its sentence leads to another section, by {ref} or {numref}, which says it
    formula    it stands in an inline formula of letters that prose_declared.py has as it is: those say what labelled
               equations say, which have a test of their own
    declared   prose_declared.py holds it: "three gates", a definition, a name

A clause that one section has said may be repeated, word for word, in the text of another.
"""

import json
import re
import sys
from pathlib import Path
from typing import NamedTuple

import prose_declared as declared

from lib.checked import WORDS, places, plain, said

ROOT = Path(__file__).resolve().parent.parent


class Unit(NamedTuple):
    """A paragraph, a row of a table, a caption: what is read in one piece."""

    kind: str  # text, row, heading, caption, alt, found
    raw: str  # its Markdown
    cell: int  # which of the notebook's cells it stands in

    @property
    def text(self):
        """As it is read."""
        return plain(self.raw)


class Section(NamedTuple):
    """What stands between two headings."""

    name: str
    units: list  # of Unit
    code: dict  # {number of a cell: its source}
    said: dict  # {number of a cell: the sentences that it has printed}
    elsewhere: list  # the sentences of all the notebook's sections, one list for all


class Held(NamedTuple):
    """A number or a sentence with a verdict, and what it stands on."""

    what: str
    where: str  # the section
    unit: Unit
    by: str  # said, given, worked, cited, referred, declared, or "" for nothing


# --- Reading


def sections(path, text=None):
    """The sections of a notebook, or of `text` in its place -> [Section]."""
    cells = json.loads(text or Path(path).read_text(encoding="utf-8"))["cells"]
    found = [Section("", [], {}, {}, [])]
    for number, cell in enumerate(cells):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for unit in units(source, number):
                if unit.kind == "heading" and unit.text not in ("Solution", "Exercise"):
                    found.append(Section(unit.text, [], {}, {}, found[0].elsewhere))
                found[-1].units.append(unit)
            continue
        here = found[-1]
        here.code[number], here.said[number] = source, said(cell)
        here.elsewhere.extend(here.said[number])
        figure = cell["metadata"].get("mystnb", {})
        for kind, raw in (
            ("caption", figure.get("figure", {}).get("caption")),
            ("alt", figure.get("image", {}).get("alt")),
            *(("found", claim.get("found")) for claim in cell["metadata"].get("claims", [])),
        ):
            if raw:
                here.units.append(Unit(kind, raw, number))
    return found


def units(source, number):
    """What a Markdown cell holds, without code, displayed equations and directives' own lines."""
    source = re.sub(r"^(`{3,})[a-z]+\n.*?^\1$", "", source, flags=re.M | re.S)
    source = re.sub(r"\$\$.*?\$\$(?:\s*\([\w-]+\))?", "\n\n", source, flags=re.S)
    source = re.sub(
        r"^\([\w-]+\)=$|^:[\w-]+:.*$|^[`:]{3,}(?:\{[\w:-]+\}.*)?$", "\n", source, flags=re.M
    )
    for block in re.split(r"\n\s*\n|\n(?=- |\d+\. |> |\|)", source):
        block = block.strip()
        if re.fullmatch(r"[|:\s-]*", block):
            continue
        kind = "heading" if block.startswith("#") else "row" if block.startswith("|") else "text"
        yield Unit(kind, re.sub(r"^(#+|-|>|\d+\.)\s+", "", block), number)


# --- What is said, and where it stands


def near(unit, cell, section):
    """Whether a cell may speak for a unit: any of the section for its text, the neighbors for what a figure has."""
    if unit.kind not in ("caption", "alt", "found"):
        return True
    if unit.kind == "found":
        return cell == unit.cell
    order = sorted(section.code)
    return abs(order.index(cell) - order.index(unit.cell)) <= 1


def clauses(unit, section):
    """Where in a unit stands what cells have said -> [(begin, end)]."""
    lines = [
        line for cell, own in section.said.items() if near(unit, cell, section) for line in own
    ]
    if unit.kind in ("text", "row"):
        lines += section.elsewhere
    return [span for line in dict.fromkeys(lines) for span in places(line, unit.text)]


def unheard(section):
    """What a section's cells have said and nothing in it repeats."""
    return [
        line
        for cell, lines in section.said.items()
        for line in lines
        if not any(near(u, cell, section) and places(line, u.text) for u in section.units)
    ]


# --- Numbers

WORDED = [
    *WORDS[2:],
    *"thirty forty fifty sixty seventy eighty ninety hundred thousand million dozen".split(),
]
WORDED += "half third thirds quarter quarters fifth sixth eighth tenth tenths hundredth thousandth millionth".split()
WORDED += ["twice", "double", "one(?= of (?:the|them|these|our|two|three|four|five|ten)\\b)"]
UP, DOWN = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
NUMBER = re.compile(
    rf"(?<![\w.,{UP}{DOWN}−/-])[−]?\d+(?:[.,]\d+)*(?: · 10[{UP}]+)?[{UP}]*(?: ?%)?(?![\w{DOWN}])"
    rf"|(?<![\w-])(?:{'|'.join(WORDED)})(?!\w)|[½⅓¼¾]",
    re.I,
)
INDEX = re.compile(r"(?<=[a-zA-Zδ] [−+] )\d+(?![\d.])|(?<=[a-zA-Zδ][−+])\d+(?![\d.])")
NAMED = re.compile(  # a name with a number in it, or several: seeds 0, 1 and 2
    r"(?:chapters?|part|version|Python|figures?|seeds?|CC BY|level|float) \d[\d.]*(?:(?:, | and | to )\d[\d.]*)*",
    re.I,
)


def numbers(unit, section):
    """Each number of a unit and what holds it -> [Held]."""
    text, spoken = unit.text, clauses(unit, section)
    skipped = [m.span() for pattern in (INDEX, NAMED) for m in pattern.finditer(text)]
    for match in NUMBER.finditer(text):
        begin, end = match.span()
        if any(a <= begin and end <= b for a, b in skipped):
            continue
        inside = any(a <= begin and end <= b for a, b in spoken)
        by = "said" if inside else held(match, text, unit, section)
        yield Held(match[0], section.name, unit, by)


def held(match, text, unit, section):
    """What holds a number that no cell has said, if anything does."""
    begin, end = match.span()
    sentence = sentence_at(text, begin)
    if any(begin in range(*m.span()) for m in worked(text)):
        return "worked"
    if any(begin in range(*span) for span in formulas(unit)):
        return "formula"
    if sentence in declared.SENTENCES:
        return "declared"
    for phrase in declared.PHRASES:
        if any(m.start() <= begin and end <= m.end() for m in re.finditer(phrase, text)):
            return "declared"
    for figure, work in declared.CITED:
        if figure == match[0] and work in unit.raw and sentence:
            return "cited"
    if given(match, text, "\n".join(section.code.values())):
        return "given"
    return ""


def formulas(unit):
    """Where in a unit stand the inline formulas of letters that are declared -> [(begin, end)]."""
    known = {
        formula
        for formula in map(plain, re.findall(r"\$[^$]+\$", unit.raw))
        if formula in declared.FORMULAS
    }
    return [m.span() for formula in known for m in re.finditer(re.escape(formula), unit.text)]


def sentence_at(text, place):
    """The sentence around a place of a text."""
    return next(s for a, b, s in sentences(text) if a <= place < b)


def sentences(text):
    """-> [(begin, end, sentence)]."""
    ends = [m.end() for m in re.finditer(r"[.!?](?:[\"”)]*)\s+(?=[A-Z“\"$(0-9δ])", text)] + [
        len(text)
    ]
    begins = [0, *ends[:-1]]
    return [(a, b, text[a:b].strip()) for a, b in zip(begins, ends, strict=True)]


def worked(text):
    """The chains of equalities in a text whose digits agree -> matches."""
    chain = re.compile(r"[\d.]+(?: [·+−/] [\d.]+)+(?: [=≈] [−\d.]+(?: [·+−/] [\d.]+)*)+")
    for match in chain.finditer(text):
        sides = re.split(r" [=≈] ", match[0].rstrip("."))
        values = [
            eval(side.replace("·", "*").replace("−", "-"), {"__builtins__": {}}) for side in sides
        ]
        digits = [
            len(side.split(".")[-1]) if re.fullmatch(r"−?\d+\.\d+", side) else 0 for side in sides
        ]
        last = digits[-1] or 0
        if all(
            abs(value - values[-1]) <= 0.5001 * 10**-last + 0.001 * abs(value) for value in values
        ):
            yield match


CALLED = {  # what the prose calls it: the names that the code has for it
    "units": ("hidden_size", "H"),
    "unit": ("hidden_size", "H"),
    "steps": ("steps", "limit", "T", "gap", "length"),
    "sequences": ("batch", "B"),
    "inputs": ("input_size", "D"),
}


def given(match, text, code):
    """Whether the code of the section names the number as the prose does: f = 1, a rate of 0.01, 16 units."""
    value, before, after = match[0].replace("−", "-"), text[: match.start()], text[match.end() :]
    if value.lower() in WORDS:
        value = str(WORDS.index(value.lower()))
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return False
    names = re.search(r"((?:[a-zA-Z][\w₀-₉−+]* = )+)$", before)
    names = [re.split("[_₀-₉]", name)[0] for name in names[1].split(" = ")[:-1]] if names else []
    noun = re.match(r"(?: more)? (\w+)", after)
    names += CALLED.get(noun[1], ()) if noun else ()
    if re.search(r"\brates? of $", before):
        names += ["learning_rate", "rate"]
    if re.search(r"\bbias(?:es)? of $", before):
        names += ["forget_bias", "update_bias", "bias"]
    number = float(value)
    of = rf"{number:.0f}(?:\.0*)?" if number == int(number) else re.escape(f"{number:g}")
    return any(
        re.search(rf"[\"']?\b{name}\b[\"']?\s*[:=]\s*(?:range\(|\[+)?{of}(?![\w.])", code)
        for name in names
    )


# --- Verdicts

SUBJECTS = (
    "RNNs?|LSTMs?|GRUs?|minGRU|gates?|candidate|cells?|starts?|chrono|bias(?:es)?|units?|coupled|peepholes?|carousel|"
    "gradient|derivative|road|recall|adding|copy|counting|update|hello|prose|pixels"
)
VERDICTS = (
    "more|less|fewer|most|least|first|last|every|none|never|always|no|all|only|keeps?|writes?|forgets?|fails?|ahead|"
    "behind|better|worse|best|worst|larger|smaller|largest|smallest|longer|shorter|faster|slower|alone|vanish(?:es)?|"
    "explodes?|grows?|shrinks?|exactly|nothing|both|neither|cannot|must|learns?|needs?"
)


def verdicts(unit, section):
    """Each sentence of a unit that has a verdict, and what holds it -> [Held]."""
    if unit.kind in ("heading",):
        return
    text, spoken = unit.text, clauses(unit, section)
    for begin, end, sentence in sentences(text):
        subject = re.search(rf"\b(?:{SUBJECTS})\b", sentence)
        if not (subject and re.search(rf"(?<![\w-])(?:{VERDICTS})(?![\w-])", sentence)):
            continue
        by = ""
        if any(begin <= a and b <= end for a, b in spoken):
            by = "said"
        elif sentence in declared.SENTENCES or sentence.endswith("?"):
            by = "declared"
        else:
            by = refers(unit, sentence)
        yield Held(sentence, section.name, unit, by)


def refers(unit, sentence):
    """ "cited" or "referred", if the sentence of the unit's Markdown cites a work or leads elsewhere."""
    for _, _, raw in sentences(unit.raw):
        if plain(raw) == sentence:
            if "{cite" in raw:
                return "cited"
            if re.search(r"\{(?:num)?ref\}`(?:[^`<]*<)?(?:ch|sec)-", raw):
                return "referred"
    return ""


def everything(path):
    """All numbers and verdicts of a notebook, and what holds them -> [Held]."""
    return [
        one
        for section in sections(path)
        for unit in section.units
        for one in (*numbers(unit, section), *verdicts(unit, section))
    ]


def main(paths):
    for path in paths:
        print(path)
        for one in everything(path):
            print(f"  {one.by or 'NOTHING':9} {one.unit.kind:8} {one.where[:28]:29} {one.what}")
        for section in sections(path):
            for line in unheard(section):
                print(f"  {'UNHEARD':9} {section.name[:28]:38} {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
