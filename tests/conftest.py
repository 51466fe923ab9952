"""What the tests share: figures that need no screen, the built site, a browser, one visit of each page in each look."""

import os
from functools import cache
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("Agg")

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser):
    parser.addoption("--site", type=Path, help="the folder of the built pages, if not _build/html")
    parser.addoption("--small", type=Path, help="the small book of explorers, if built already")
    parser.addoption("--visit", action="append", help="visit this page alone, or these")


@pytest.hookimpl(wrapper=True)  # around the others: pytest-xdist is one that reads the groups
def pytest_collection_modifyitems(config, items):
    """What shares visits or a book of its own goes to one process: a look, a notebook, a file of tests."""
    for item in items:
        look = getattr(item, "callspec", None) and item.callspec.params.get("look")
        if config.pluginmanager.hasplugin("xdist"):
            item.add_marker(pytest.mark.xdist_group(look or item.nodeid.split("::")[0]))
        if {"site", "browser"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("built")
    items.sort(key=weight)
    return (yield)


def weight(item):
    """What takes long comes first, so that nothing long is left to one process at the end."""
    names = getattr(item, "fixturenames", ())
    return (
        0
        if item.path.suffix == ".ipynb"
        else 1
        if "look" in names
        else 2
        if "browser" in names
        else 3
    )


@pytest.fixture(scope="session")
def site(pytestconfig):
    """The folder of the built pages."""
    folder = (pytestconfig.getoption("site") or ROOT / "_build" / "html").resolve()
    if not (folder / "index.html").is_file():
        lacking("The pages are not built: run `make book`, or `make test`, which builds them.")
    return folder


@pytest.fixture(scope="session")
def served(site):
    """The address under which a plain static server offers the folder, below a path of its own."""
    import pages  # benchmarks/pages.py; here, since most tests want no browser

    with pages.served(site, below="/some/where") as address:
        yield address


@pytest.fixture(scope="session")
def seen(pytestconfig, browser, site, served):
    """seen(look) -> {name of a page: what was seen of it}; see visits.py."""
    import pages
    import visits

    names = pytestconfig.getoption("visit") or [*pages.read_pages(site), *visits.SEARCHED[1:]]
    return cache(lambda look: visits.visit(browser, site, served, look, names))


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium: the one that CHROMIUM names, or the first that is installed."""
    import pages

    if pages.installed() is None:
        lacking(
            "No Chromium: install it (apt-get install chromium) or name it as in CHROMIUM=/path."
        )
    with pages.browser() as chromium:
        yield chromium


def lacking(sentence):
    """Skip the test and say what to do; where CI is set, nothing may be skipped."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
