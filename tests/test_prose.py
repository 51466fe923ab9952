"""A number or a verdict of the text stands on evidence: read without running a notebook.

Pages come under this one by one: UNDER grows. `make prose` prints, for a notebook, what holds each of them. The
faults of prose_faults.py are planted in memory: the test that is meant to has to miss something, and no test may
miss anything where an edit is harmless.
"""

import re
from functools import cache
from pathlib import Path

import outputs
import prose
import prose_declared as declared
import pytest
from prose_faults import ALIVE, FAULTS, HARMLESS

from lib.checked import LED, places, said, says

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ["01_rnn_recap", "02_lstm_gates", "03_backprop_cell_state", "04_gru"]
UNDER = ["intro.ipynb", *(f"chapters/{name}.ipynb" for name in CHAPTERS)]
UNDER += [
    f"appendix/{name}"
    for name in ("relatives.ipynb", "rosetta.ipynb", "notation.md", "glossary.md")
]


@cache
def written(page):
    return prose.read(ROOT / page)


def looked_at(look):
    """A check of sections: what of their units nothing holds."""

    def loose(notebook):
        held = (one for s in prose.sections(notebook) for unit in s.units for one in look(unit, s))
        return [f"{one.where}: {one.what!r}" for one in held if not one.by]

    return loose


def unheard(notebook):
    return [line for section in prose.sections(notebook) for line in prose.unheard(section)]


def unsaid_claims(notebook):
    """Sentences that a claim found, and of which its cell does not say every clause."""
    return [
        sentence
        for cell in notebook["cells"]
        for claim in cell["metadata"].get("claims", [])
        for _, _, sentence, raw in prose.sentences(claim.get("found", ""))
        if "{cite" not in raw and re.search(r"\w", unsaid(sentence, said(cell)))
    ]


def unsaid(sentence, lines):
    """What is left of a sentence without the clauses that a cell has said and what joins them."""
    spans = [span for line in lines for span in places(line, sentence)]
    left = [
        letter for n, letter in enumerate(sentence) if not any(n in range(*span) for span in spans)
    ]
    return re.sub(rf"\b(?:{LED})\b", "", "".join(left))


@cache
def pages_said():
    """{title of a page: what is read in it, piece by piece}, over all pages."""
    read = (
        [u.text for s in prose.sections(prose.read(p)) for u in s.units]
        for p in [*outputs.notebooks(), *(ROOT / p for p in UNDER if p.endswith(".md"))]
    )
    return {next(text for text in texts if text): texts for texts in read}


# What is declared, as patterns. {words: pattern}
FORMULAS, WORKS = (
    {one: prose.loosely(re.escape(one)) for one in ones}
    for ones in (declared.FORMULAS, [what for what, *_ in declared.CITED])
)
DECLARED = {**{one: prose.loosely(one) for one in declared.PHRASES}, **FORMULAS, **WORKS}


@cache
def declared_in(text):
    """Which of what is declared a text says."""
    return {one for one, pattern in DECLARED.items() if pattern.search(text)}


def needless(notebook):
    """What is declared and no page says, the notebook being the page whose title it has; or says of another work."""
    units = [unit for section in prose.sections(notebook) for unit in section.units]
    title = next(unit.text for unit in units if unit.kind == "heading")
    others = [texts for texts in pages_said().values() if title not in texts]
    texts = [unit.text for unit in units] + [text for others in others for text in others]
    unsaid = set(DECLARED).difference(*map(declared_in, texts))
    return sorted(unsaid) + [
        what
        for unit in units
        if declared_in(unit.text) & WORKS.keys()
        for _, _, sentence, raw in prose.sentences(unit.raw)
        for what, work, _ in declared.CITED
        if WORKS[what].search(sentence) and not prose.cites(raw, work)
    ]


@cache
def chapters():
    """The chapters as the table of contents has them -> [(number, label, title)]."""
    files = re.findall(r"^ *- file: (chapters/\w+)$", (ROOT / "_toc.yml").read_text("utf-8"), re.M)
    heads = [
        re.search(r"\(([\w-]+)\)=\n# ([^:\n]+)", "".join(cell["source"]))
        for file in files
        for cell in written(f"{file}.ipynb")["cells"]
        if re.search(r"^# ", "".join(cell["source"]), re.M) and cell["cell_type"] == "markdown"
    ]
    return [(str(number), *head.groups()) for number, head in enumerate(heads, 1)]


def misplaced(notebook):
    """Cards of chapters that are not the book's chapters, in their order."""
    card = re.compile(r":{3,}\{grid-item-card\} (\S+) · (.+)\n:link: ([\w-]+)")
    told = [
        (number, label, title)
        for cell in notebook["cells"]
        if cell["cell_type"] == "markdown"
        for number, title, label in card.findall("".join(cell["source"]))
    ]
    return told if told and told != chapters() else []


CHECKS = {  # the name under which a fault asks for it: notebook -> what is wrong in it
    "numbers": looked_at(prose.numbers),
    "verdicts": looked_at(prose.verdicts),
    "said": unheard,
    "claims": unsaid_claims,
    "declared": needless,
    "cards": misplaced,
}


@pytest.mark.parametrize("page", UNDER)
def test_every_number_stands_on_something(page):
    assert CHECKS["numbers"](written(page)) == []


@pytest.mark.parametrize("page", UNDER)
def test_every_sentence_with_a_verdict_stands_on_something(page):
    assert CHECKS["verdicts"](written(page)) == []


@pytest.mark.parametrize("page", UNDER)
def test_what_a_cell_says_stands_in_its_section_as_a_whole_clause(page):
    assert CHECKS["said"](written(page)) == []


@pytest.mark.parametrize("page", UNDER)
def test_what_a_claim_found_is_said_by_its_cell(page):
    assert CHECKS["claims"](written(page)) == []


@pytest.mark.parametrize("page", UNDER)
def test_the_cards_are_the_chapters_in_their_order(page):
    assert CHECKS["cards"](written(page)) == []


def planted(page, right, wrong):
    """A page with one edit in what a reader reads; of several texts each has to stand there once."""
    told = {right: wrong} if isinstance(right, str) else dict(zip(right, wrong, strict=True))
    marks, found = re.compile("|".join(map(re.escape, told))), []

    def edited(part):
        if isinstance(part, str):
            found.extend(marks.findall(part))
            return marks.sub(lambda match: told[match[0]], part)
        if isinstance(part, dict):
            return {name: edited(value) for name, value in part.items()}
        return [edited(value) for value in part] if isinstance(part, list) else part

    cells = [
        {**cell, "source": edited("".join(cell["source"]))}
        if cell["cell_type"] == "markdown"
        else {**cell, "metadata": edited(cell["metadata"])}
        for cell in written(page)["cells"]
    ]
    assert sorted(found) == sorted(told), f"{page} has not once each: {[*told]}, but {found}"
    return {"cells": cells}


@pytest.mark.parametrize(
    ("page", "right", "wrong", "check"), FAULTS, ids=lambda part: str(part)[:40]
)
def test_a_fault_in_the_text_is_missed_by_the_check_that_is_meant_to(page, right, wrong, check):
    assert CHECKS[check](planted(page, right, wrong))


@pytest.mark.parametrize(("page", "right", "wrong"), HARMLESS, ids=lambda part: str(part)[:40])
def test_a_harmless_edit_is_no_fault(page, right, wrong):
    assert page in UNDER
    for look in CHECKS.values():
        assert look(planted(page, right, wrong)) == []


@pytest.mark.parametrize(("page", "right", "wrong", "why"), ALIVE, ids=lambda part: str(part)[:40])
def test_what_is_told_to_be_alive_is(page, right, wrong, why):
    """A fault that nothing can refute; once something does, it belongs to the others."""
    assert why and not any(look(planted(page, right, wrong)) for look in CHECKS.values())


def test_nothing_is_declared_that_no_page_says():
    """What was declared once and is gone would let a later page say it."""
    assert needless(written(UNDER[0])) == []


# How the text is read.


@pytest.mark.parametrize(
    ("said", "text", "times"),
    [
        ("2 steps are left", "Then 2 steps are left.", 1),
        ("2 steps are left", "Then 1.2 steps are left.", 0),
        ("2 steps are left", "In the end 2 steps are left.", 0),
        ("the gate is open", "The gate is open, so that all stays.", 1),
        ("the gate is open", "We saw that the gate is open (as it was).", 1),
        ("the gate is open", "It is not true that the gate is open.", 0),
        ("the gate is open", "It is as if the gate is open.", 0),
        ("the gate is open", "The gate is open wide.", 0),
        ("it loses 0.5", "It loses 0.55.", 0),
        ("it is small, as soon as it is", "It is small as soon as it is.", 1),
        ("it is small as soon as it is", "It is small, as soon as it is.", 1),
        ("it is small", "It is small enough.", 0),
        ("take two steps", "So let us take two steps.", 1),
    ],
)
def test_a_sentence_is_found_as_a_whole_clause(said, text, times):
    assert len(places(said, text)) == times


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("near 1e-7, and less than a ten-thousandth", ["1e-7", "ten-thousandth"]),
        ("one or two parts in ten thousand", ["two", "ten", "thousand"]),
        ("one percent, one gate, one of the five", ["one", "one", "five"]),
        ("twofold, a hundredth, twenty-five", ["twofold", "hundredth", "twenty-five"]),
        ("in double precision, twice, the double", ["twice", "double"]),
        ("$t - 1$, t minus 1, $c_{t+1}$, chapter 2, seeds 0, 1 and 2", []),
        ("$w - 3$ and $c - 0.5$", ["3", "0.5"]),
        ("it has $(4H, B)$ and $h = o \\odot c$, with $h_t$", ["(4H, B)", "h = o ⊙ c"]),
    ],
)
def test_what_counts_as_a_number(text, numbers):
    (section,) = prose.sections({"cells": [{"cell_type": "markdown", "source": text}]})
    assert [one.what for one in prose.numbers(section.units[0], section)] == numbers


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It is 1. {cite:t}`x2000` says so. $c_t$ stays.", 3),
        ("Is it? `f` says so. As in J. {cite}`x2000`, e.g. here.", 4),
        ('He asks "why?" and goes, i.e. leaves.', 1),
        ("See {ref}`One. Two <sec-x>` and stay.", 1),
    ],
)
def test_where_a_sentence_ends(text, sentences):
    found = prose.sentences(text)
    assert len(found) == sentences
    assert all(prose.plain(text)[a:b].strip() == said for a, b, said, _ in found)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("0.5 · 0.462 = 0.231", True),
        ("−2 · (−0.115) + 1 · 0.195 = 0.425", True),
        ("1 − 1 = 0", True),
        ("0.5 · 0.462 = 0.235", False),
        ("0.731 + 0.231 = 0.5", False),
    ],
)
def test_a_chain_of_equalities_is_worked_out(text, right):
    assert bool(prose.worked(text)) == right


@pytest.mark.parametrize(
    ("text", "code", "held"),
    [
        ("16 units", "start = init(hidden_size=16)", True),
        ("16 units", "# hidden_size=16", False),
        ("16 units", 'says("of hidden_size=16 units")', False),
        ("$f = 1$", '{"f": 1.0}', True),
        ("30 steps", "run(T=30, steps=800)", False),
        ("30 steps", "run(T=30, steps=30)", True),
        ("$i = f = 1$", '{"f": 1.0, "i": 0.5}', False),
        ("it needs Python 3.11", "", True),
        ("it needs Python 3.10", "", False),
        ("below .05", "", False),
    ],
)
def test_what_the_code_of_a_section_gives(text, code, held):
    cells = [{"cell_type": "markdown", "source": text}]
    cells += [{"cell_type": "code", "source": code, "metadata": {}}]
    (section,) = prose.sections({"cells": cells})
    assert [one.by for one in prose.numbers(section.units[0], section)] == ["given" if held else ""]


def test_the_rows_of_a_displayed_equation_go_on_after_a_sign():
    latex = r"a &= \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix} b \\ &\quad + c \\ d &= 0.5"
    (section,) = prose.sections({"cells": [{"cell_type": "markdown", "source": f"$${latex}$$"}]})
    assert [unit.text for unit in section.units] == ["a = [1, 2; 3, 4] b + c", "d = 0.5"]


def test_a_cited_sentence_needs_its_own_work(monkeypatch):
    monkeypatch.setattr(declared, "CITED", [("it has 7 gates", "one2000", "page 1")])
    for work, by in (("one2000", "cited"), ("two2000", "")):
        cells = [{"cell_type": "markdown", "source": f"In {{cite:t}}`{work}`, it has 7 gates."}]
        (section,) = prose.sections({"cells": cells})
        assert [one.by for one in prose.numbers(section.units[0], section)] == [by]


def test_a_verdict_is_held_word_by_word():
    cells = [{"cell_type": "code", "source": "", "metadata": {}, "outputs": []}]
    cells[0]["outputs"] = [{"name": "stdout", "text": ["✓ the gate keeps all\n"]}]
    for text, by in (("The gate keeps all.", "said"), ("The gate keeps all, and never more.", "")):
        (section,) = prose.sections({"cells": [*cells, {"cell_type": "markdown", "source": text}]})
        assert [one.by for one in prose.verdicts(section.units[0], section)] == [by]


def test_each_clause_of_a_finding_is_said():
    lines = ["half is gone", "the rest stays"]
    assert unsaid("Half is gone, and the rest stays.", lines).strip(" ,.") == ""
    assert "fades" in unsaid("Half is gone, and the rest fades.", lines)


def test_what_stands_between_a_display_without_a_label_and_one_with_a_label_is_read():
    source = "$$ a = 3 $$\n\nHere are 7 rows.\n\n$$ b = 5 $$ (eq-b)\n\nAnd 8 more."
    read = [(unit.kind, unit.text) for unit in prose.units(source, 0)]
    assert read == [("display", "a = 3"), ("text", "Here are 7 rows."), ("text", "And 8 more.")]


def test_a_zero_is_said_without_a_sign(capsys):
    says("there it is {:g} and {:.2f}", -0.0, -0.0)
    assert capsys.readouterr().out == "✓ there it is 0 and 0.00\n"
