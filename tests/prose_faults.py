"""Faults in the text, planted in memory: each is missed by the check that is meant to (`CHECKS` of test_prose.py).

A check stands for what reads the text: "numbers" and "verdicts" stand on nothing any more, "said" is a sentence of a
cell that the text has no longer, "claims" a finding that its cell does not say, "declared" what was declared and
stands nowhere. Of a row with several texts each is replaced by the one at its place.
"""

INTRO = "intro.ipynb"

FAULTS = [  # (page, right, wrong, check)
    # last digits, orders of magnitude, signs
    (INTRO, "the forget gate 0.73, and", "the forget gate 0.74, and", "said"),
    (INTRO, "is gone after 2.2 steps", "is gone after 2.3 steps", "said"),
    (INTRO, "is gone after 2.2 steps", "is gone after 22 steps", "said"),
    (INTRO, "$2.5 \\cdot 10^{-14}$", "$2.5 \\cdot 10^{-13}$", "said"),
    (INTRO, "$2.5 \\cdot 10^{-14}$", "$2.5 \\cdot 10^{14}$", "numbers"),
    (INTRO, "after 100 steps at", "after 10 steps at", "said"),
    (INTRO, "A {term}`bias` of 1 makes", "A {term}`bias` of 2 makes", "said"),
    (INTRO, "Set $f = i = 0.5$,", "Set $f = i = 0.4$,", "numbers"),
    (INTRO, "$g = -1$ and", "$g = 1$ and", "numbers"),
    (INTRO, "$c_{t-1} = 1$. What", "$c_{t-1} = 2$. What", "numbers"),
    (INTRO, "is shown, $h_t = 0$, and", "is shown, $h_t = 1$, and", "said"),
    # number words
    (INTRO, "three quarters of the", "two thirds of the", "said"),
    (INTRO, "three quarters of the", "three fifths of the", "numbers"),
    (INTRO, "and half of the memory", "and a third of the memory", "said"),
    (INTRO, "Five sliders, two short", "Six sliders, two short", "numbers"),
    (INTRO, "Five sliders, two short", "Five sliders, three short", "numbers"),
    (INTRO, "In a network, all four are", "In a network, all three are", "numbers"),
    (INTRO, "write it in ten lines", "write it in five lines", "numbers"),
    (INTRO, "into a GRU in three moves", "into a GRU in two moves", "verdicts"),
    (INTRO, "at the values of the third try", "at the values of the second try", "declared"),
    # words
    (INTRO, "Nothing is shown, $h_t", "Everything is shown, $h_t", "said"),
    (INTRO, "the memory $c_t$ does not change", "the memory $c_t$ does change", "said"),
    (INTRO, "the memory passes untouched", "the memory is written over", "said"),
    (INTRO, "and what is written cancel", "and what is shown cancel", "said"),
    (INTRO, "makes the forget gate 0.73", "makes the input gate 0.73", "said"),
    (INTRO, "of the memory is gone", "of the memory is kept", "said"),
    (INTRO, "steps at 0.73, $2.5", "steps at 0.73, only $2.5", "said"),
    (
        INTRO,
        "forget gate` $f$</span> says how much of it stays",
        "forget gate` $f$</span> says how much of it goes",
        "declared",
    ),
    (INTRO, "A {term}`GRU` is smaller and", "A {term}`GRU` is larger and", "verdicts"),
    (INTRO, "needs only the LSTM's two", "needs only the GRU's two", "declared"),
    (
        INTRO,
        "It has three quarters of the {term}`parameters",
        "It has three quarters of the {term}`states",
        "said",
    ),
]
HARMLESS = [  # (page, right, wrong)
    (
        INTRO,
        "A network that reads a text letter by letter",
        "A network that reads letter after letter",
    ),
    (INTRO, "Answer it before you drag: a guess", "Answer it before you drag; a guess"),
    (
        INTRO,
        "The picture computes in your browser. Does",
        "The picture is computed in your browser. Does",
    ),
    (INTRO, "This book measures them:", "In this book they are measured:"),
    (INTRO, "To play, open a chapter:", "To play with one, open it:"),
    (INTRO, "and half of the memory is gone", "and **half of the memory is gone"),
]
ALIVE = [  # (page, right, wrong, why nothing can refute it)
    (
        INTRO,
        "In a clone of it, with Python 3.11",
        "In a clone of it, with Python 3.12",
        "pyproject.toml says it: see test_repository.py",
    ),
]
