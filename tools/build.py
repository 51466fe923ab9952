"""Build the book's site into _build/html, as quickly as can be done without missing a warning; a warning is an error.

    python tools/build.py

1. Notebooks whose code has not been run yet are run, two at a time, and stored where Jupyter Book looks for them
   (`execute_notebooks: cache`). When anything changes that notebooks stand on, all are run anew.
2. Sphinx reads and writes all pages, also those that have not changed: it forgets the warnings of what it does not
   read again, and a link to something that is gone is met on a page that nobody touched.

Nothing is done when nothing has changed since a build without a warning: contents are compared, not times.
"""

import hashlib
import logging
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
SITE, READ, RUNS = BUILD / "html", BUILD / "pages", BUILD / ".jupyter_cache"
BUILT = BUILD / "book"  # a digest of what the site is made of, if its build ended without a warning
STANDS_ON = ("lib/**/*", "requirements.lock", "experiments/results/*")  # a notebook does
PAGES = ("*.ipynb", "chapters/*", "appendix/*")
WHOLE = (*PAGES, *STANDS_ON, "_config.yml", "_toc.yml", "*.bib", "assets/**/*")
WHOLE += ("tools/build.py", "tools/outputs.py", "page.lock")
BESIDE = "lib/page/"  # of the library, what no notebook asks for
AT_ONCE = 2


def main():
    # A backend or a module path from the caller's shell must not reach the notebooks.
    for name in ("MPLBACKEND", "PYTHONPATH"):
        os.environ.pop(name, None)
    # The book's matrices are small: a second thread in a product costs more than it helps.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # A part of the theme sets all of Python's logging to INFO, and this library tells of every table of a font.
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    os.chdir(ROOT)
    beneath = [name for name in files(*STANDS_ON) if not name.startswith(BESIDE)]
    ground, whole = (f"{sys.version} {digest(names)}" for names in (beneath, files(*WHOLE)))
    whole += f" {os.environ.get('PYODIDE')} {(Path(sys.prefix) / 'page' / 'stamp').is_file()}"
    if (
        BUILT.is_file()
        and BUILT.read_text(encoding="utf-8") == whole
        and (SITE / "index.html").is_file()
    ):
        return 0
    BUILT.unlink(missing_ok=True)
    failures = run_notebooks(ground)
    if failures:
        print(*failures, sep="\n\n", file=sys.stderr)
        return 1
    for folder in (SITE, READ):
        shutil.rmtree(folder, ignore_errors=True)
    if write_pages() != 0:
        return 1
    BUILT.write_text(whole, encoding="utf-8", newline="\n")
    return 0


def files(*patterns):
    """The names of the files that fit, in order, without caches and what is hidden."""
    paths = {path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file()}
    names = sorted(path.relative_to(ROOT).as_posix() for path in paths)
    return [name for name in names if "__pycache__" not in name and "/." not in name]


def digest(names):
    """Of the names and contents of files."""
    whole = hashlib.sha256()
    for name in names:
        content = (ROOT / name).read_bytes()
        whole.update(f"{name} {len(content)}\n".encode() + content)
    return whole.hexdigest()


def run_notebooks(stands_on):
    """Run and store what has not been run on this ground; the failures, each with its notebook and cell."""
    import nbformat
    from jupyter_cache import get_cache
    from jupyter_cache.base import CacheBundleIn

    ground = RUNS / "ground"
    if RUNS.exists() and not (ground.is_file() and ground.read_text(encoding="utf-8") == stands_on):
        shutil.rmtree(RUNS)
    RUNS.mkdir(parents=True, exist_ok=True)
    ground.write_text(stands_on, encoding="utf-8", newline="\n")
    cache, waiting, failures = get_cache(RUNS), [], []
    for path in (ROOT / name for name in files(*PAGES) if name.endswith(".ipynb")):
        notebook = nbformat.read(path, as_version=4)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            waiting.append((path, notebook))
    waiting.sort(key=lambda one: one[0].stat().st_size, reverse=True)  # the long ones first
    with ThreadPoolExecutor(AT_ONCE) as pool:
        jobs = {pool.submit(run, *one): one for one in waiting}
        for job in as_completed(jobs):
            path, notebook = jobs[job]
            seconds, failure = job.result()
            if failure:
                failures.append(failure)
                continue
            print(f"ran {path.relative_to(ROOT)} in {seconds:.0f} s", flush=True)
            bundle = CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds})
            cache.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)
    return failures


def run(path, notebook):
    """Run a notebook in place, in its own folder: seconds, and what failed or nothing."""
    from outputs import client, joined

    at, limit = {}, yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["execute"]
    note = dict(on_cell_start=lambda cell, cell_index: at.update(number=cell_index))
    start, failure = time.perf_counter(), None
    # What a kernel says beside its notebook, as when it stumbles over its own sockets at its end, is told if it fails.
    with tempfile.TemporaryFile() as beside:
        try:
            client(notebook, limit["timeout"], **note).execute(cwd=str(path.parent), stderr=beside)
        except (
            Exception
        ) as why:  # a cell failed or took too long, or the kernel died or never began
            beside.seek(0)
            said = beside.read().decode(errors="replace")
            place = f"{path.relative_to(ROOT)}, cell {at.get('number', 0)}"
            told = f"The notebook failed at {place}:", f"{type(why).__name__}: {why}", said
            failure = "\n".join(told).rstrip()
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = joined(cell.outputs)
    return time.perf_counter() - start, failure


def write_pages():
    """Sphinx's status."""
    from jupyter_book.sphinx import build_sphinx

    options = {"external_toc_path": "_toc.yml", "latex_individualpages": False, "nitpicky": True}
    return build_sphinx(
        ROOT,
        SITE,
        noconfig=True,
        path_config=ROOT / "_config.yml",
        confoverrides=options,
        doctreedir=READ,
        force_all=True,
        warningiserror=True,
        keep_going=True,
    )


if __name__ == "__main__":
    sys.exit(main())
