"""Which edition of the book this library belongs to, so that a notebook can ask before it computes."""

from pathlib import Path

EDITION = "0.1.0"


def check(edition):
    """Raise ImportError, in one sentence, if a notebook of this edition found the library of another one.

    A `lib` of the book that stands in the folder of the kernel, or above it, is to hold what this one holds.
    """
    here = Path(__file__).parent
    if edition != EDITION:
        raise ImportError(
            f"This notebook is of edition {edition} of Gated Memory, and `import lib` found that of "
            f"edition {EDITION} in {here}: choose the kernel of the book that the notebook is from."
        )
    above = (folder / "lib" for folder in (Path.cwd(), *Path.cwd().parents))
    near = next((folder for folder in above if (folder / "edition.py").is_file()), here)
    if near.resolve() != here.resolve() and texts(near) != texts(here):
        raise ImportError(
            f"This notebook stands beside the book's library in {near}, and `import lib` found another "
            f"state of it in {here}: choose the kernel of the .venv that is beside the notebook too."
        )


def texts(folder):
    """{name: content} of a library's modules."""
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.py")}
