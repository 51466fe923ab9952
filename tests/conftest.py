"""What the tests share: figures that need no screen, the built site, a browser, one visit of each page in each look."""

import os
import re
from functools import cache
from pathlib import Path

import matplotlib
import pytest
import yaml

matplotlib.use("Agg")

ROOT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser):
    parser.addoption("--site", type=Path, help="the folder of the built pages, if not _build/html")
    parser.addoption("--small", type=Path, help="the small book of explorers, if built already")
    parser.addoption("--ran", action="store_true", help="compare notebooks with the build's runs")
    parser.addoption("--visit", action="append", help="visit this page alone, or these")


def pytest_configure(config):
    if config.getoption("ran"):
        import compared

        config.pluginmanager.register(compared)


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items):
    """What asks for a page, a browser, or is a notebook is marked as built; what takes long comes first."""
    for item in items:
        if {"site", "browser", "book"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("built")
    items.sort(key=weight)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """What shares visits or a book of its own goes to one process: a look, a notebook, a file of tests.

    By the test's identifier, not by a mark: pytest-xdist 3.8 loses the groups of its marks under pytest 9.
    """
    import visits
    from xdist.scheduler import LoadScopeScheduling

    a_look = re.compile(rf"[\[-]({'|'.join(visits.LOOKS)})[\]-]")

    class Sharing(LoadScopeScheduling):
        def _split_scope(self, nodeid):
            look = a_look.search(nodeid)
            return look[1] if look else nodeid.split("::")[0]

    return Sharing(config, log)


def weight(item):
    """What takes long comes first, so that nothing long is left to one process at the end."""
    names = getattr(item, "fixturenames", ())
    return 0 if "look" in names else 1 if "browser" in names else 2


@pytest.fixture(scope="session")
def site(pytestconfig):
    """The folder of the built pages."""
    folder = (pytestconfig.getoption("site") or ROOT / "_build" / "html").resolve()
    if not (folder / "index.html").is_file():
        lacking("The pages are not built: run `make book`, or `make test`, which builds them.")
    return folder


@pytest.fixture(scope="session")
def page_python(site):
    """Nothing, where the built pages have Python."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    if not settings["sphinx"]["config"]["page_python"]:
        pytest.skip("_config.yml has the page's Python switched off.")
    if not (site / "_static" / "page" / "run.js").is_file():
        lacking("The pages have no Python: the build has said why.")


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


@pytest.fixture(scope="session")
def visited(browser):
    """The page with every explorer of the book, and others; see explored.py."""
    import explored

    visit = explored.Visit(browser)
    yield visit
    visit.page.close()


def lacking(sentence):
    """Skip the test and say what to do; where CI is set, nothing may be skipped."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(sentence)
