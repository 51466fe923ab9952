"""Measure how long each cell takes in the page's Python, and store what a page tells of its slow cells.

    python tools/seconds.py [NOTEBOOK ...]      without names: every notebook of the book

Seconds of the processor, under Node, which has Chromium's engine: on a quiet machine a reader waits about as long.
Written are those of cells that take more than a second, in lib/page/seconds.json.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
from outputs import ROOT, notebooks

from lib.page import files
from lib.page.sphinx import shown_cells

TABLE = ROOT / "lib" / "page" / "seconds.json"
LEAST = 1


def measured(path):
    """{identifier of a cell: seconds} of a notebook."""
    keep = ROOT / "_build" / "page"
    packed, book = files.packed(keep), files.packed_book(keep)
    sources = {cell.id: cell.source for cell in nbformat.read(path, as_version=4).cells}
    cells = [(name, sources[name]) for name in shown_cells(path)]
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "cells.json")
        given.write_text(json.dumps(cells), encoding="utf-8", newline="\n")
        place = path.parent.relative_to(ROOT).as_posix()
        words = [files.place().resolve(), packed, book, place, given]
        command = [files.node(), str(ROOT / "tools" / "seconds.mjs"), *map(str, words)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return json.loads(done.stdout)


def main(names):
    table = json.loads(TABLE.read_text(encoding="utf-8"))
    for path in [Path(name).resolve() for name in names] or notebooks():
        found = measured(path)
        name = path.relative_to(ROOT).with_suffix("").as_posix()
        slow = {cell: round(time, 1) for cell, time in found.items() if time >= LEAST}
        table[name] = slow
        print(
            f"{name}: {sum(found.values()):.0f} s in {len(found)} cells, {len(slow)} of them slow"
        )
        text = json.dumps(dict(sorted(table.items())), indent=2) + "\n"
        TABLE.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
