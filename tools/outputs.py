"""Run notebooks, each in a kernel of its own, and store what they show in one reproducible form.

    python tools/outputs.py [NOTEBOOK ...]      without names: every notebook of the book

A notebook that is run again and shows the same is stored as the same bytes: no execution times, no
versions of Python or Matplotlib. Of an explorer its picture is stored, not its widgets: whatever shows a notebook
without running it can show a picture, and would ask another host for the widgets' scripts. In front stand
two cells that the page does not have: where to read it, with the site's address from _config.yml, and
whether the library that answers is the book's.
"""

import base64
import hashlib
import itertools
import json
import struct
import sys
from pathlib import Path

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell

from lib.edition import EDITION
from lib.site.publish import site_address

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("*.ipynb", "chapters/*.ipynb", "appendix/*.ipynb")
VIEW = "application/vnd.jupyter.widget-view+json"
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "codemirror_mode": {"name": "ipython", "version": 3},
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "nbconvert_exporter": "python",
    "pygments_lexer": "ipython3",
}
WHERE = """\
*To play: run the cells, move the sliders, change what you like. To read, take {page}: what stands here in
braces, as `{{numref}}`, is a link, a number or a box there. Solutions have headings, folded where a program can.*"""
WHICH = """\
# Is the `lib` that answers here this book's? If not, one sentence says what it is and what to do.
try:
    from lib.edition import check
except ImportError as error:
    from importlib.util import find_spec

    spec = find_spec("lib")
    found = (spec.origin or [*spec.submodule_search_locations][0]) if spec else "nothing"
    raise ImportError(
        f"This notebook needs Gated Memory's library, and `import lib` found {{found}} ({{error}}): "
        "start it with the kernel of the book's .venv, in a folder without another lib."
    ) from None
check("{edition}")"""
SOLUTION, EXERCISE = (
    "##### Solution",
    "##### Exercise",
)  # headings for Jupyter, where no box is drawn
DRAWN = {
    b"IHDR",
    b"PLTE",
    b"tRNS",
    b"pHYs",
    b"IDAT",
    b"IEND",
}  # a PNG's chunks that are the picture


def notebooks():
    """Every notebook of the book."""
    return sorted(path for place in PLACES for path in ROOT.glob(place))


def introduced(notebook, path):
    """The notebook of this path with the cells that only Jupyter shows, in today's words."""
    page = path.relative_to(ROOT).with_suffix(".html").as_posix()
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    site = site_address(settings["html"].get("baseurl"))
    where = (
        f"[this page of the book]({site}/{page})"
        if site
        else f"the page `_build/html/{page}`, which `make book` builds"
    )
    first = [
        new_markdown_cell(WHERE.format(page=where), id="where-to-read"),
        new_code_cell(WHICH.format(edition=EDITION), id="which-lib"),
    ]
    first[1].metadata["jupyter"] = {"source_hidden": True}
    ids = [cell.id for cell in first]
    notebook.cells = first + [cell for cell in notebook.cells if cell.get("id") not in ids]
    for cell in notebook.cells:
        if cell in first or cell.source in (SOLUTION, EXERCISE):
            cell.metadata["tags"] = ["remove-cell"]
        if cell.source == SOLUTION:
            cell.metadata["jp-MarkdownHeadingCollapsed"] = True
    return notebook


def client(notebook, timeout, **more):
    """What runs a notebook, cell by cell, in a fresh kernel."""
    from nbclient import NotebookClient

    quiet = ["--log-level=ERROR"]  # else each kernel says that it talks over TCP
    options = dict(kernel_name="python3", record_timing=False, extra_arguments=quiet)
    return NotebookClient(notebook, timeout=timeout, **options, **more)


def run(path):
    """The notebook at `path`, run in a fresh kernel that starts in its folder."""
    notebook = introduced(nbformat.read(path, as_version=4), path)
    client(notebook, 300).execute(cwd=str(path.parent))
    return notebook


def normalized(notebook, name):
    """The notebook in its stored form. Applied to a stored notebook it changes nothing."""
    notebook = nbformat.from_dict(json.loads(json.dumps(notebook)))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    notebook.metadata.pop("widgets", None)
    notebook.metadata.update(kernelspec=KERNEL, language_info=LANGUAGE)
    for number, cell in enumerate(notebook.cells):
        if "id" not in cell:
            cell["id"] = digest(name, "cell", number)[:8]
        cell.metadata.pop("execution", None)
    count = itertools.count(1)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            normalize_outputs(cell, next(count) if cell.source.strip() else None)
    return notebook


def normalize_outputs(cell, count):
    """Number the cell and its results, join a stream's pieces, keep the pictures of a widget and of a PNG."""
    outputs = joined(cell.outputs)
    for output in outputs:
        if "execution_count" in output:
            output.execution_count = count
        output.get("data", {}).pop(VIEW, None)
        if "image/png" in output.get("data", {}):
            output.data["image/png"] = bare_png(output.data["image/png"])
            narrow = output.metadata.get("image/png", {}).get("narrow", {})
            if narrow:
                narrow["image/png"] = bare_png(narrow["image/png"])
    cell.outputs, cell.execution_count = outputs, count


def joined(outputs):
    """A cell's outputs, the pieces of a stream in one: where a kernel cuts it depends on the machine."""
    whole = []
    for output in outputs:
        last = whole[-1] if whole else {}
        if output.output_type == "stream" and output.name == last.get("name"):
            last["text"] += output.text
        else:
            whole.append(output)
    return whole


def bare_png(encoded):
    """A base64 PNG without the chunks that name the program that drew it."""
    data = base64.b64decode(encoded)
    start, kept = 8, [data[:8]]
    while start < len(data):
        size, kind = struct.unpack(">I4s", data[start : start + 8])
        if kind in DRAWN:
            kept.append(data[start : start + size + 12])
        start += size + 12
    return base64.b64encode(b"".join(kept)).decode()


def digest(*parts):
    return hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()


def store(path, notebook):
    """Write the notebook if that changes the file; say whether it did."""
    text = nbformat.writes(notebook) + "\n"
    if text == path.read_text(encoding="utf-8"):
        return "unchanged"
    path.write_text(text, encoding="utf-8", newline="\n")
    return "stored"


def main(names):
    for path in [Path(name).resolve() for name in names] or notebooks():
        print(f"{path.name} ... ", end="", flush=True)
        print(store(path, normalized(run(path), path.stem)))


if __name__ == "__main__":
    main(sys.argv[1:])
