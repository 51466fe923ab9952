"""Make the data that the library ships, once: a laboratory must not change with every edit of the book.

    python tools/data.py digits     lib/data/digits.npz, from scikit-learn (the group experiments)
    python tools/data.py prose      lib/data/prose.txt, from the chapters as they stand

Records in experiments/results belong to the files that they were made with.
"""

import re
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "lib" / "data"
TERM = re.compile(r"\{term\}`([^`<]*?)(?: <[^`]*>)?`")  # a link to the glossary is its words
MARKUP = re.compile(r"\*\*|[*_`]|^[#>-]+ ")
PARAGRAPH = re.compile(r"\n\n|\n(?=- )")
PLAIN = re.compile(r"[a-z0-9 ,;:.?!'\"()%=-]+")  # what is left has one small alphabet
SENTENCE = re.compile(r"(?<=[.?!])\s+")


def digits():
    """All 1,797 images, in scikit-learn's order."""
    from sklearn.datasets import load_digits

    bunch = load_digits()
    images, labels = bunch.images.astype(np.uint8), bunch.target.astype(np.uint8)
    np.savez_compressed(DATA / "digits.npz", images=images, labels=labels)


def prose():
    """The chapters' sentences without equations and links, a paragraph a line, in small letters."""
    import nbformat

    lines = []
    for path in sorted((ROOT / "chapters").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                lines += filter(None, map(sentences, PARAGRAPH.split(cell.source)))
    (DATA / "prose.txt").write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")


def sentences(paragraph):
    """The sentences of a paragraph that are words and punctuation alone, as one line."""
    text = TERM.sub(r"\1", " ".join(paragraph.split()))
    text = MARKUP.sub("", text).lower().replace("’", "'")
    whole = (part for part in SENTENCE.split(text) if part.endswith((".", "?", "!")))
    return " ".join(part for part in whole if PLAIN.fullmatch(part))


if __name__ == "__main__":
    made = {"digits": digits, "prose": prose}
    if not sys.argv[1:] or set(sys.argv[1:]) - set(made):
        sys.exit(__doc__)
    for name in sys.argv[1:]:
        made[name]()
