"""Sphinx extension: puts Python into the pages, a button Run at each code cell and the files that it loads.

`page_python: true` in the configuration switches it on. Where the files cannot be had the site is built without
buttons, and one line says why; where CI is set that is an error.
"""

import json
import os
import zlib
from pathlib import Path

import nbformat
from sphinx.errors import ExtensionError
from sphinx.util import logging

from lib.live.join import classic, join
from lib.page import files

HERE = Path(__file__).parent
JS = HERE / "js"
SLOW = 2  # seconds from which on a cell carries its time
log = logging.getLogger(__name__)


def prepare(app):
    """Pack the files, so that what the pages ask for is known before they are written."""
    app.page_python = None
    if app.builder.format != "html" or not app.config.page_python:
        return
    keep = Path(app.outdir).parent / "page"
    try:
        folders = files.packed(keep), files.packed_book(keep)
    except files.Missing as why:
        said = f"The pages have no buttons Run: {why} See README.md, Python in the page."
        if os.environ.get("CI"):
            raise ExtensionError(said) from None
        log.info(said)
        return
    worker = (JS / "worker.js").read_text(encoding="utf-8")
    packed = list(files.pieces(folders, worker))
    parts = {group: {} for group in files.GROUPS}
    for group, name, texts in packed:
        parts[group][name] = [len(text) for text in texts]
    notebook = f'(function () {{\n"use strict";\nconst PARTS = {json.dumps(parts)};\n{join("notebook.js", JS)}}})();\n'
    whole = zlib.crc32(
        "".join(text for *_, texts in packed for text in texts).encode() + notebook.encode()
    )
    app.page_python = f"{whole:08x}", notebook, packed, folders[0]
    write(app, "run.js", classic("run.js", JS))
    write(app, f"{app.page_python[0]}/notebook.js", notebook)
    write(app, "run.css", (HERE / "run.css").read_text(encoding="utf-8"))
    app.add_css_file("page/run.css")  # to every page: the site has one sheet


def write(app, name, text):
    path = Path(app.outdir, "_static", "page", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def add_buttons(app, page, _template, _context, doctree):
    """The script of the buttons, on a page with code cells."""
    source = Path(app.env.doc2path(page)) if page in app.env.found_docs else None
    if not app.page_python or doctree is None or source is None or source.suffix != ".ipynb":
        return
    slow = seconds(page, shown_cells(source))
    told = {"data-at": str(Path(page).parent), "data-files": app.page_python[0]}
    told["data-seconds"] = " ".join(f"{n}:{time:g}" for n, time in slow.items() if time >= SLOW)
    app.add_js_file("page/run.js", **told)


def shown_cells(path):
    """The identifiers of the code cells that a page shows, in order."""
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
    return [cell.id for cell in code if "remove-cell" not in cell.metadata.get("tags", [])]


def seconds(page, identifiers):
    """{number of a cell: the seconds that it takes in the page}, of those that were measured as slow."""
    measured = json.loads((HERE / "seconds.json").read_text(encoding="utf-8")).get(page, {})
    return {n: measured[name] for n, name in enumerate(identifiers) if name in measured}


def write_parts(app, error):
    """The pieces of the files, once nothing else looks at the site's scripts; and the licenses of what they hold."""
    if error or not app.page_python:
        return
    version, _, packed, folder = app.page_python
    for _, name, texts in packed:
        for place, text in enumerate(texts):
            write(app, f"{version}/{name}.{place}.js", f'pagePart("{name}",{place},"{text}");\n')
    carried = HERE / "licenses"
    texts = [(HERE / "carried.txt").read_text(encoding="utf-8")]
    licenses = [*carried.glob("*.txt"), *folder.glob("*.license.txt")]
    for path in sorted(licenses, key=lambda path: path.name):
        line = "=" * 79
        name, text = path.name.split(".")[0], path.read_text(encoding="utf-8")
        texts.append(f"{line}\n{name}\n{line}\n\n{text}")
    write(app, "LICENSES.txt", "\n\n".join(texts))


def setup(app):
    app.add_config_value("page_python", False, "html", [bool])
    app.connect("builder-inited", prepare)
    app.connect("html-page-context", add_buttons, priority=400)
    app.connect("build-finished", write_parts, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
