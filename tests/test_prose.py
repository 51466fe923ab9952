"""A number or a verdict of the text stands on evidence: read without running a notebook.

Pages come under this one by one: UNDER grows. `make prose` prints, for a notebook, what holds each of them. The
faults of prose_faults.py are planted in memory: the test that is meant to has to miss something, and no test may
miss anything where an edit is harmless.
"""

import json
import re
from functools import cache
from pathlib import Path

import prose
import prose_declared as declared
import pytest
from prose_faults import ALIVE, FAULTS, HARMLESS

from lib.checked import places, plain, said

ROOT = Path(__file__).resolve().parent.parent
UNDER = ["intro.ipynb"]
PAGES = [ROOT / "intro.ipynb", *(ROOT / "chapters").glob("*.ipynb")]


@cache
def written(page):
    return (ROOT / page).read_text(encoding="utf-8")


def looked_at(look):
    """A check of sections: what of their units nothing holds."""

    def loose(text):
        held = (one for s in prose.sections("", text) for unit in s.units for one in look(unit, s))
        return [f"{one.where}: {one.what!r}" for one in held if not one.by]

    return loose


def unheard(text):
    return [line for section in prose.sections("", text) for line in prose.unheard(section)]


def unsaid_claims(text):
    """Sentences that a claim found, and that its cell does not say."""
    return [
        sentence
        for cell in json.loads(text)["cells"]
        for claim in cell["metadata"].get("claims", [])
        for _, _, sentence in prose.sentences(plain(claim.get("found", "")))
        if sentence and not any(places(line, sentence) for line in said(cell))
    ]


@cache
def pages_said():
    return {page: " ".join(u.text for s in prose.sections(page) for u in s.units) for page in PAGES}


def needless(text):
    """What is declared and no page says, `text` being that of the page whose title it has."""
    units = [unit for section in prose.sections("", text) for unit in section.units]
    said = " ".join(unit.text for unit in units)
    title = next(unit.text for unit in units if unit.kind == "heading")
    said += " ".join(other for other in pages_said().values() if title not in other)
    phrases = [phrase for phrase in declared.PHRASES if not re.search(phrase, said)]
    return phrases + [one for one in (*declared.FORMULAS, *declared.SENTENCES) if one not in said]


CHECKS = {  # the name under which a fault asks for it: text of a notebook -> what is wrong in it
    "numbers": looked_at(prose.numbers),
    "verdicts": looked_at(prose.verdicts),
    "said": unheard,
    "claims": unsaid_claims,
    "declared": needless,
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


def planted(page, right, wrong):
    """The text of a page with one edit in what a reader reads, which has to stand there once."""
    notebook, found = json.loads(written(page)), 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = "".join(cell["source"])
            found += source.count(right)
            cell["source"] = source.replace(right, wrong)
        else:
            told = json.dumps(cell["metadata"], ensure_ascii=False)
            mark = json.dumps(right, ensure_ascii=False)[1:-1]
            found += told.count(mark)
            told = told.replace(mark, json.dumps(wrong, ensure_ascii=False)[1:-1])
            cell["metadata"] = json.loads(told)
    assert found == 1, f"{page} has {right!r} {found} times"
    return json.dumps(notebook, ensure_ascii=False)


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
