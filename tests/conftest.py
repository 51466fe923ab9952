"""What the tests share: figures that need no screen, the built site, a browser."""

import os
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def site():
    """The folder of the built pages."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        lacking("The pages are not built: run `make book`, or `make test`, which builds them.")
    return folder


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium: the one that CHROMIUM names, or the first that is installed."""
    import pages  # benchmarks/pages.py; here, since most tests want no browser

    if pages.installed() is None:
        lacking(
            "No Chromium: install it (apt-get install chromium) or name it as in CHROMIUM=/path."
        )
    with pages.browser() as chromium:
        yield chromium


def lacking(sentence):
    """Skip the test and say what to do; where CI is set, nothing may be skipped."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
