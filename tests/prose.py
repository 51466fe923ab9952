"""The text of a notebook read as a reader reads it, section by section, and what in it stands on evidence.

    python tests/prose.py chapters/03_backprop_cell_state.ipynb

prints each number and each verdict of a notebook and what holds it, or that nothing does (`make prose`). A number
or a sentence with a verdict is held by one of

    said       a clause that a cell of the section has printed by `says`: "✓ half is gone after 6.6 steps"
    given      the prose names what the section's code names, and has one number for: "16 units" beside
               hidden_size=16, "f = 1" beside {"f": 1.0}; or a version that the repository holds
    worked     a chain of equalities whose digits the test evaluates: 0.5 · 0.462 = 0.231
    cited      its sentence cites a work; figure and work stand in prose_declared.py
    referred   its sentence leads to another section, by {ref} or {numref}, which says it; so does each entry of the
               glossary, whose numbers test_appendix.py looks up there
    formula    it stands in a formula of letters that prose_declared.py has as it is: those say what labelled
               equations say, which have a test of their own
    tabled     it stands in a table of prose_declared.TABLES, of which another test reads every cell
    declared   prose_declared.py has the phrase that it stands in: "three gates", "this road does not vanish"

Of a verdict each word that makes it one ("every", "keeps") stands in what is said. A formula of letters in the line
and a shape as (4H, B) are held like a number; so is each row of a displayed equation that has no label.
A clause that one section has said may be repeated, word for word, in the text of another. Commas are the writer's.
"""

import json
import re
import sys
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import prose_declared as declared

from lib.checked import WORDS, places, said
from lib.checked import plain as unmarked

ROOT = Path(__file__).resolve().parent.parent
plain = cache(unmarked)


class Unit(NamedTuple):
    """A paragraph, a row of a table, a caption: what is read in one piece."""

    kind: str  # text, row, tabled, entry, display, heading, caption, alt, found
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
    folded: set  # the numbers of the cells that only check
    elsewhere: tuple  # the sentences of all the notebook's sections


class Held(NamedTuple):
    """A number or a sentence with a verdict, and what it stands on."""

    what: str
    where: str  # the section
    unit: Unit
    by: str  # said, given, worked, cited, referred, tabled, declared, or "" for nothing


# --- Reading


def read(path):
    """A notebook, without its pictures; a page of Markdown as a notebook of one cell."""
    if Path(path).suffix == ".md":
        text = Path(path).read_text(encoding="utf-8")
        return {"cells": [{"cell_type": "markdown", "source": text, "metadata": {}}]}
    notebook = json.loads(Path(path).read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            output.pop("data", None)
    return notebook


def sections(notebook):
    """The sections of a notebook -> [Section]."""
    found = [Section("", [], {}, {}, set(), ())]
    for number, cell in enumerate(notebook["cells"]):
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            for unit in units(source, number):
                if unit.kind == "heading" and unit.text not in ("Solution", "Exercise"):
                    found.append(Section(unit.text, [], {}, {}, set(), ()))
                found[-1].units.append(unit)
            continue
        here = found[-1]
        here.code[number], here.said[number] = source, said(cell)
        if "check" in cell["metadata"].get("tags", []):
            here.folded.add(number)
        figure = cell["metadata"].get("mystnb", {})
        for kind, raw in (
            ("caption", figure.get("figure", {}).get("caption")),
            ("alt", figure.get("image", {}).get("alt")),
            *(("found", claim.get("found")) for claim in cell["metadata"].get("claims", [])),
        ):
            if raw:
                here.units.append(Unit(kind, raw, number))
    lines = [line for section in found for own in section.said.values() for line in own]
    return [section._replace(elsewhere=tuple(dict.fromkeys(lines))) for section in found]


@cache
def units(source, number):
    """What a Markdown cell holds -> (Unit, …)."""
    return tuple(pieces(source, number))


def pieces(source, number):
    """What a Markdown cell holds, without code, labelled equations and directives' own lines."""
    source = re.sub(r"^(`{3,})[a-z]+\n.*?^\1$", "", source, flags=re.M | re.S)
    table = re.compile(r"^```\{table\}[^\n]*\n:name: ([\w-]+)\n(.*?)^```$", re.M | re.S)
    for name, rows_of_it in table.findall(source):
        if name in declared.TABLES:
            lines = (line for line in rows_of_it.splitlines() if re.search(r"[^|:\s-]", line))
            yield from (Unit("tabled", line, number) for line in lines)
    source = table.sub(lambda m: "" if m[1] in declared.TABLES else m[0], source)
    signs = re.compile(r"^\| symbol \|.*\n(?:\|.*\n?)+", re.M)  # the tables of the page of notation
    for rows_of_it in signs.findall(source) if "symbol" in declared.TABLES else ():
        yield from (Unit("tabled", line, number) for line in rows_of_it.splitlines()[2:])
    source = signs.sub("", source) if "symbol" in declared.TABLES else source
    glossary = re.compile(r"^```\{glossary\}\n(.*?)^```$", re.M | re.S)
    for entry in "\n\n".join(glossary.findall(source)).split("\n\n"):
        if entry.strip():
            yield Unit("entry", entry.strip(), number)
    source = glossary.sub("", source)
    labelled = re.compile(
        r"\$\$.*?\$\$(\s*\([\w-]+\))?", re.S
    )  # one after the other: no text between two is lost
    source = labelled.sub(lambda m: "\n\n" if m[1] else m[0], source)
    source = re.sub(
        r"^\([\w-]+\)=$|^:[\w-]+:.*$|^[`:]{3,}(?:\{[\w:-]+\}.*)?$", "\n", source, flags=re.M
    )
    for place, part in enumerate(re.split(r"\$\$(.*?)\$\$", source, flags=re.S)):
        if place % 2:
            yield from (Unit("display", f"${row}$", number) for row in rows(part))
            continue
        for block in re.split(r"\n\s*\n|\n(?=- |\d+\. |> |\|)", part):
            block = block.strip()
            if re.fullmatch(r"[|:\s-]*", block):
                continue
            kind = "heading" if block[0] == "#" else "row" if block[0] == "|" else "text"
            yield Unit(kind, re.sub(r"^(#+|-|>|\d+\.)\s+", "", block), number)


def rows(latex):
    """The rows of a displayed equation; one that begins with a sign goes on from the row above it."""
    latex = re.sub(r"\\(?:begin|end)\{(?:aligned|gathered)\}", "", latex)
    matrix = re.compile(r"\\begin\{bmatrix\}.*?\\end\{bmatrix\}", re.S)
    kept = [m[0] for m in matrix.finditer(latex)]
    found = []
    for row in matrix.sub("@", latex).split(r"\\"):
        row = re.sub("@", lambda m: kept.pop(0), row)
        if found and re.match(r"(?:\s|&|\\q?quad)*(?:[=+-]|\\(?:approx|odot|pm)\b)", row):
            found[-1] += " " + row
        elif row.strip():
            found.append(row)
    return found


# --- What is said, and where it stands


def near(unit, cell, section):
    """Whether a cell may speak for a unit: any of the section for its text, the neighbors for what a figure has.

    Between a figure and the cell that speaks for it there may be other cells that only check.
    """
    if unit.kind == "found":
        return cell == unit.cell
    if unit.kind not in ("caption", "alt"):
        return True
    low, high = sorted((cell, unit.cell))
    return all(n in section.folded for n in section.code if low < n < high)


def clauses(unit, section):
    """Where in a unit stands what cells have said -> [(begin, end)]."""
    lines = section.elsewhere
    if unit.kind not in ("text", "row", "tabled", "display"):
        lines = [
            line for cell, own in section.said.items() if near(unit, cell, section) for line in own
        ]
    return spans(tuple(lines), unit.text)


@cache
def spans(lines, text):
    """Where in a text stand these sentences -> [(begin, end)]."""
    return [span for line in lines for span in places(line, text)]


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
    *"thirty forty fifty sixty seventy eighty ninety hundreds? thousands? millions? billions? dozens?".split(),
    *"half halves thirds? quarters? fifths? sixths? sevenths? eighths? ninths? tenths? twelfths?".split(),
    *"hundredths? thousandths? millionths? twice thrice triple double(?!\\s+precision)".split(),
    *(f"{count}fold" for count in WORDS[2:]),
    *(f"{count}e?s" for count in WORDS[2:]),
    "(?<!every )(?<!each )one(?= of (?:the|them|these|our|two|three|four|five|ten)\\b| percent\\b| in \\w)",
]
UP, DOWN = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉"
NUMBER = re.compile(
    rf"(?<![\w.,{UP}{DOWN}−/-])[−]?(?:\d+(?:[.,]\d+)*|\.\d+)(?:e[+−-]?\d+)?(?: · 10[{UP}]+)?[{UP}]*"
    rf"(?: ?%)?(?![\w{DOWN}])"
    rf"|(?<![\w-])(?:{'|'.join(WORDED)})(?:-(?:{'|'.join(WORDED)}))*(?!\w)|[½⅓¼¾⅙]",
    re.I,
)
INDEX = re.compile(  # t − 1, t minus 1
    r"(?:(?<=[a-zA-Zδ] [−+-] )|(?<=[a-zA-Zδ][−+])|(?<=\b[a-z] minus )|(?<=\b[a-z] plus ))[12](?![\d.])"
)
NAMED = re.compile(  # a name with a number in it, or several: seeds 0, 1 and 2
    r"(?:chapters?|part|figures?|seeds?|level|float|TensorFlow|Scratch|밑바닥|딥러닝) "
    r"\d[\d.]*(?:(?:, | and | to )\d[\d.]*)*",
    re.I,
)


def numbers(unit, section):
    """Each number and each formula of letters of a unit, and what holds it -> (Held, …)."""
    code = "\n".join(section.code.values())
    return numbers_of(unit, section.name, tuple(clauses(unit, section)), code)


OTHERWISE = {
    "tabled": "tabled",
    "entry": "referred",
}  # what holds the numbers of these, in their own tests


def leads(unit):
    """Whether an entry of the glossary leads to the section that says what it says; a table needs no such thing."""
    return unit.kind != "entry" or len(re.findall(r"\{ref\}`sec-[\w-]+`", unit.raw)) == 1


@cache
def numbers_of(unit, where, spoken, code):
    text, found = unit.text, []
    skipped = [m.span() for pattern in (INDEX, NAMED) for m in pattern.finditer(text)]
    for match in (*NUMBER.finditer(text), *lettered(unit)):
        begin, end = match.span()
        if any(a <= begin and end <= b for a, b in skipped):
            continue
        inside = any(a <= begin and end <= b for a, b in spoken)
        if unit.kind in OTHERWISE and not inside:
            found.append(Held(match[0], where, unit, OTHERWISE[unit.kind] if leads(unit) else ""))
            continue
        found.append(Held(match[0], where, unit, "said" if inside else held(match, unit, code)))
    return tuple(found)


def held(match, unit, code):
    """What holds a number that no cell has said, if anything does."""
    text, (begin, end) = unit.text, match.span()
    start, _, sentence, raw = next(one for one in sentences(unit.raw) if one[0] <= begin < one[1])
    if any(a <= begin and end <= b for a, b in worked(text)):
        return "worked"
    if any(a <= begin and end <= b for a, b in formulas(unit)):
        return "formula"
    if any(a <= begin and end <= b for a, b in phrases(text)):
        return "declared"
    if any(start + a <= begin and end <= start + b for a, b in cited(sentence, raw)):
        return "cited"
    return "given" if given(match, text, bare(code)) or kept(match, text) else ""


RELATED = re.compile(r"[=≈≤≥<>≠∈⇒→]")
VALUE = re.compile(r"(?:[^\s=]+ = )+−?[\d.]+(?: · 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")
SHAPE = re.compile(r"\((?:\d*[A-Z](?: ?\+ ?[A-Z])?|\d+)(?:, (?:\d*[A-Z](?: ?\+ ?[A-Z])?|\d+))+\)")


def lettered(unit):
    """The formulas of a unit that relate letters (f = 1 is a number), and the shapes -> matches."""
    for one in dict.fromkeys(map(plain, re.findall(r"\$[^$]+\$", unit.raw))):
        if RELATED.search(one) and not VALUE.fullmatch(one) or SHAPE.fullmatch(one):
            yield from re.finditer(rf"(?<!\w){re.escape(one)}(?![\w.]\w)", unit.text)


def formulas(unit):
    """Where in a unit stand the inline formulas of letters that are declared -> [(begin, end)]."""
    known = {
        formula
        for formula in map(plain, re.findall(r"\$[^$]+\$", unit.raw))
        if formula in declared.FORMULAS
    }
    return [m.span() for formula in known for m in re.finditer(re.escape(formula), unit.text)]


SHORT = r"(?<!\be\.g)(?<!\bi\.e)(?<!\bcf)(?<!\bvs)(?<!\bet al)(?<!\bFig)(?<!\bEq)"
STOP = re.compile(rf"{SHORT}\.[\"”)*]*\s+|[!?][\"”)*]*\s+(?![a-z])")


@cache
def sentences(raw):
    """The sentences of a unit's Markdown -> [(begin, end, as it is read, its Markdown)].

    The Markdown is asked, since c_t and a role begin a sentence with a small letter. begin and end are places in the
    text as it is read.
    """
    ends = [m.end() for m in STOP.finditer(raw)] + [len(raw)]
    parts = [raw[a:b] for a, b in zip([0, *ends[:-1]], ends, strict=True)]
    if " ".join(filter(None, map(plain, parts))) != plain(raw):
        parts = [raw]  # a stop within a role or a link
    found, begin = [], 0
    for part in parts:
        if sentence := plain(part):
            found.append((begin, begin + len(sentence) + 1, sentence, part))
            begin += len(sentence) + 1
    return found


@cache
def loosely(pattern):
    """A pattern, compiled, in which commas between words are the writer's."""
    return re.compile(re.sub(r",?\\? ", ",? ", pattern))


@cache
def phrases(text):
    """Where in a text stand the phrases that are declared -> [(begin, end)]."""
    return [m.span() for one in declared.PHRASES for m in loosely(one).finditer(text)]


def cites(raw, work):
    """Whether a sentence's Markdown cites a work."""
    return re.search(rf"\{{cite[^}}]*\}}`[^`]*\b{work}\b", raw) is not None


def cited(sentence, raw):
    """Where in a sentence stands what prose_declared.py has of a work that it cites -> [(begin, end)]."""
    return [
        match.span()
        for what, work, _ in declared.CITED
        if cites(raw, work)
        for match in loosely(re.escape(what)).finditer(sentence)
    ]


SIDE = r"[−(]*[\d.]+\)*(?: [·+−/] [−(]*[\d.]+\)*)*"
CHAIN = re.compile(rf"(?<![\w.]){SIDE}(?: [=≈] {SIDE})+")


@cache
def worked(text):
    """Where in a text stand the chains of equalities whose digits agree -> [(begin, end)]."""
    found = []
    for match in CHAIN.finditer(text):
        if not re.search(r" [·+−/] ", match[0]):
            continue
        sides = re.split(r" [=≈] ", match[0].rstrip("."))
        try:
            values = [reckoned(side) for side in sides]
        except (SyntaxError, ZeroDivisionError):
            continue
        last = len(sides[-1].partition(".")[2]) if re.fullmatch(r"−?[\d.]+", sides[-1]) else 0
        if all(
            abs(value - values[-1]) <= 0.5001 * 10**-last + 0.001 * abs(value) for value in values
        ):
            found.append(match.span())
    return found


def reckoned(side):
    """The value of one side."""
    return eval(side.replace("·", "*").replace("−", "-"), {"__builtins__": {}})


STRING = re.compile(r"#[^\n]*|\"{3}.*?\"{3}|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)


@cache
def bare(code):
    """Code without its comments and without the sentences in it: those name nothing."""
    return STRING.sub(lambda m: '""' if m[0][0] == "#" or " " in m[0] else m[0], code)


CALLED = {  # what the prose calls it: the names that the code has for it
    "units": ("hidden_size", "H"),
    "unit": ("hidden_size", "H"),
    "steps": ("steps", "limit", "T", "gap", "length"),
    "sequences": ("batch", "B"),
    "inputs": ("input_size", "D"),
}


def given(match, text, code):
    """Whether the code of the section names the number as the prose does: f = 1, a rate of 0.01, 16 units.

    Where the code has several numbers of one name, nobody can tell which is meant: none is given then. A letter of a
    formula may have several values, one after the other.
    """
    value, before, after = match[0].replace("−", "-"), text[: match.start()], text[match.end() :]
    if value.lower() in WORDS:
        value = str(WORDS.index(value.lower()))
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", value):
        return False
    letters = re.search(r"((?:[a-zA-Z][\w₀-₉−+]* = )+)$", before)
    letters = letters[1].split(" = ")[:-1] if letters else []
    noun = re.match(r"(?: more)? (\w+)", after)
    names = [*CALLED.get(noun[1], ())] if noun else []
    if re.search(r"\brates? of $", before):
        names += ["learning_rate", "rate"]
    if re.search(r"\bbias(?:es)? of $", before):
        names += ["forget_bias", "update_bias", "bias"]
    number, values = float(value), partial(numbers_in, code)
    if letters and all(number in values(re.split("[_₀-₉]", name)[0]) for name in letters):
        return True
    return bool(names) and set().union(*map(values, names)) == {number}


def numbers_in(code, name):
    """The numbers that code gives to a name: hidden_size=16, {"f": 1.0}, T = 30."""
    found = re.findall(
        rf"[\"']?\b{name}\b[\"']?\s*[:=]\s*(?:range\(|\[+)?(-?\d+(?:\.\d*)?(?:e-?\d+)?)(?![\w.])",
        code,
    )
    return set(map(float, found))


REPOSITORY = {  # what a page says of it: the file that holds it, and where
    r"Python (\d+\.\d+)": ("pyproject.toml", r'^requires-python = ">=(.+)"$'),
    r"[Vv]ersion (\d+\.\d+\.\d+)": ("CITATION.cff", r"^version: (.+)$"),
    r"CC BY (\d\.\d)": ("CITATION.cff", r"^ *license: CC-BY-(\S+)"),
}


def kept(match, text):
    """Whether the repository holds the number: the oldest Python, the book's version, the license's."""
    return any(
        told.span(1) == match.span() and told[1] == re.search(where, file_of(file), re.M)[1]
        for words, (file, where) in REPOSITORY.items()
        for told in re.finditer(words, text)
    )


@cache
def file_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


# --- Verdicts

SUBJECTS = re.compile(
    r"\b(?:RNNs?|LSTMs?|GRUs?|minGRU|gates?|candidates?|cells?|starts?|chrono|bias(?:es)?|units?|coupled|peepholes?|"
    r"carousel|gradients?|derivatives?|roads?|recall|adding|copy|counting|update|hello|prose|pixels)\b",
    re.I,
)
VERDICTS = re.compile(
    r"(?<![\w-])(?:more|less|fewer|(?<!at )most|(?<!at )least|first|last|every|none|neither|never|always|no|"
    r"all(?! the same)|only|keeps?|writes?|forgets?|fails?|ahead|behind|better|worse|best|worst|larger|smaller|"
    r"largest|smallest|longer|shorter|faster|slower|alone|vanish(?:es)?|explodes?|grows?|shrinks?|rises?|falls?|"
    r"loses?|exactly|nothing|both|cannot|must|learns?|needs?)"
    r"(?![\w-])(?<!forget(?= (?:gate|bias)))",
    re.I,
)
READER = re.compile(r"\b(?:we|you|us)(?: \w+){0,2} $|\bonce $", re.I)
LABEL = re.compile(r"\b(?:ch|sec|fig|eq|ex|tab)-[\w-]+")  # what a reference is to is no subject


def verdicts(unit, section):
    """Each sentence of a unit that has a verdict, and what holds every word that makes it one -> (Held, …)."""
    if unit.kind in ("heading", "tabled", "display") or unit.kind == "entry" and leads(unit):
        return ()
    return verdicts_of(unit, section.name, tuple(clauses(unit, section)))


@cache
def verdicts_of(unit, where, spoken):
    text, found = unit.text, []
    for begin, end, sentence, raw in sentences(unit.raw):
        words = [m for m in VERDICTS.finditer(text, begin, end) if not addressed(m, begin, text)]
        if words and SUBJECTS.search(LABEL.sub("", sentence)):
            by = judged(words, begin, sentence, raw, text, spoken)
            found.append(Held(sentence, where, unit, by))
    return tuple(found)


def addressed(match, begin, text):
    """Whether a word is said of the reader, or to the reader, and of no cell: we first look, you need, Keep it."""
    told = match.start() == begin and match[0] in ("First", "Keep", "Write", "Forget", "Learn")
    return told or READER.search(text[: match.start()]) is not None


def judged(words, begin, sentence, raw, text, spoken):
    """What holds the words of a sentence that make it a verdict, if anything does."""

    def within(spans):
        return all(any(a <= m.start() and m.end() <= b for a, b in spans) for m in words)

    if within(spoken):
        return "said"
    if within([*spoken, *phrases(text)]) or sentence.endswith("?"):
        return "declared"
    if within([*spoken, *((begin + a, begin + b) for a, b in cited(sentence, raw))]):
        return "cited"
    return "referred" if re.search(r"\{(?:num)?ref\}`(?:[^`<]*<)?(?:ch|sec)-", raw) else ""


def everything(path):
    """All numbers and verdicts of a notebook, and what holds them -> [Held]."""
    return [
        one
        for section in sections(read(path))
        for unit in section.units
        for one in (*numbers(unit, section), *verdicts(unit, section))
    ]


def main(paths):
    for path in paths:
        print(path)
        for one in everything(path):
            print(f"  {one.by or 'NOTHING':9} {one.unit.kind:8} {one.where[:28]:29} {one.what}")
        for section in sections(read(path)):
            for line in unheard(section):
                print(f"  {'UNHEARD':9} {section.name[:28]:38} {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
