"""A number outside of the notebooks is what the repository holds, and a table, a path, a link, a command is one.

`PYTHONPATH=experiments python tests/outside.py` prints what holds each of them. The faults of outside_faults.py are
planted in memory: the check that is meant to has to miss something, and no check may miss anything where an edit is
harmless.
"""

import pytest
from outside import CHECKS, Book, unheld_ties
from outside_faults import ALIVE, HARMLESS, OUTSIDE
from outside_ties import TIES, WHOLE


def planted(file, right, wrong):
    """The repository with one edit in a file, in which it has to stand once."""
    text = Book()[file]
    assert text.count(right) == 1, f"{file} has {right!r} {text.count(right)} times"
    return Book({file: text.replace(right, wrong)})


def test_every_phrase_with_a_number_is_what_holds_it_says():
    assert CHECKS["ties"](Book()) == []


def test_every_number_outside_of_the_notebooks_stands_on_something():
    assert CHECKS["numbers"](Book()) == []


def test_the_tables_list_the_files_of_records_and_the_folders_that_there_are():
    assert CHECKS["rows"](Book()) == []


def test_every_link_between_the_files_of_a_clone_leads_somewhere():
    assert CHECKS["links"](Book()) == []


def test_every_path_that_those_files_name_is_there():
    assert CHECKS["paths"](Book()) == []


def test_every_command_and_option_that_those_files_name_is_one():
    assert CHECKS["commands"](Book()) == []


def test_a_computed_phrase_has_no_number_of_its_own():
    assert unheld_ties() == []
    assert set(WHOLE) <= set(TIES)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "check"), OUTSIDE, ids=lambda part: str(part)[:40]
)
def test_a_fault_in_a_file_is_missed_by_the_check_that_is_meant_to(file, right, wrong, check):
    assert CHECKS[check](planted(file, right, wrong))


@pytest.mark.parametrize(("file", "right", "wrong"), HARMLESS, ids=lambda part: str(part)[:40])
def test_a_harmless_edit_is_no_fault(file, right, wrong):
    book = planted(file, right, wrong)
    assert [wrong for look in CHECKS.values() for wrong in look(book)] == []


@pytest.mark.parametrize(("file", "right", "wrong", "why"), ALIVE, ids=lambda part: str(part)[:40])
def test_what_is_told_to_be_alive_is(file, right, wrong, why):
    """A fault that nothing can refute; once something does, it belongs to the others."""
    book = planted(file, right, wrong)
    assert why and not any(look(book) for look in CHECKS.values())
