"""Write the notebooks as students get them, without solutions and outputs, into _build/students.

    python tools/students.py

They stand there in the book's folders, beside a copy of the records that the chapters read. The library is installed as
for the book. A site without solutions is another matter: `hide_solutions: true` in _config.yml, then `make book`.
"""

import shutil
from pathlib import Path

import nbformat
import outputs

from lib.site.students import without_outputs, without_solutions

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "_build" / "students"
READ = "experiments/results"  # by the chapters


def write(folder):
    """Fill a folder with the stripped notebooks and what they read."""
    for path in outputs.notebooks():
        notebook = nbformat.read(path, as_version=4)
        before = len(notebook.cells)
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(without_outputs(without_solutions(notebook)), copy)
        print(f"{path.name}: {before - len(notebook.cells)} cells of solutions left out")
    shutil.copytree(ROOT / READ, folder / READ)


def main():
    shutil.rmtree(PLACE, ignore_errors=True)
    write(PLACE)
    print(f"written into {PLACE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
