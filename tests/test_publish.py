"""Finding the book, linking to it, running it elsewhere: search, addresses, cards, buttons, Binder and Colab."""

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import card
import nbformat
import numpy as np
import outputs
import pytest
import yaml
from PIL import Image
from sphinx.application import Sphinx
from sphinx.errors import ConfigError
from sphinx.util.docutils import docutils_namespace
from test_site import Page

from lib.site import publish

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in outputs.notebooks()]
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
REPOSITORY, SITE = "https://github.com/someone/gated-memory", "https://someone.github.io/gated"

# What a reader types, and the address of the first hit.
LEADS = {
    "forget bias": "chapters/02_lstm_gates.html#sec-lstm-forget",
    "forget gate": "chapters/02_lstm_gates.html#sec-lstm-forget-gate",
    "half-life": "chapters/02_lstm_gates.html#sec-lstm-forget",
    "chrono": "chapters/02_lstm_gates.html#sec-lstm-forget",
    "gate": "chapters/02_lstm_gates.html#sec-lstm-states",
    "gates": "chapters/02_lstm_gates.html#ch-lstm",
    "candidate": "chapters/02_lstm_gates.html#sec-lstm-name",
    "peephole": "appendix/relatives.html#sec-relatives-peephole",
    "coupled gates": "appendix/relatives.html#sec-relatives-coupled",
    "PyTorch": "appendix/rosetta.html#sec-rosetta-pytorch",
    "vanishing": "chapters/01_rnn_recap.html#sec-rnn-jacobians",
    "vanish": "chapters/01_rnn_recap.html#sec-rnn-jacobians",
    "BPTT": "chapters/01_rnn_recap.html#sec-rnn-bptt",
    "truncated": "chapters/01_rnn_recap.html#sec-rnn-truncated",
    "learning rate": "chapters/01_rnn_recap.html#sec-rnn-clipping",
    "gradient check": "chapters/03_backprop_cell_state.html#sec-bp-check",
    "GRU": "chapters/04_gru.html#sec-gru-cell",
    "reset gate": "chapters/04_gru.html#sec-gru-cell",
    "f": "appendix/notation.html#symbol-f_t",
    "z": "appendix/notation.html#symbol-z_t",
    "c_t": "appendix/notation.html#symbol-c_t",
    "lstm.step": "appendix/reference.html#lib.lstm.step",
    "adam": "appendix/reference.html#lib.optim.adam",
}


@pytest.fixture(scope="module")
def found(browser, site):
    """Search in the built book, from the folder: what is asked -> (address, what the hit says) in order."""
    page = browser.new_page()

    def ask(query):
        page.goto(f"{site.as_uri()}/search.html?q={quote(query)}")
        page.get_by_text("Found in").wait_for()
        links = page.locator("#search-results li a")
        return links.evaluate_all("all => all.map(a => [a.getAttribute('href'), a.innerText])")

    yield ask
    page.close()


@pytest.mark.parametrize("query, address", LEADS.items())
def test_search_leads_first_to_the_section(found, site, query, address):
    hits = found(query)
    assert hits[0][0] == address
    file, anchor = address.split("#")
    assert f'id="{anchor}"' in (site / file).read_text(encoding="utf-8")


def test_a_hit_names_its_section(found):
    hits = dict(found("forget bias"))
    section = "2. LSTM gates > How long does a memory last?"
    assert hits[LEADS["forget bias"]] == section
    assert hits["appendix/glossary.html#term-forget-bias"] == "Glossary > forget bias"


def test_search_finds_what_stands_on_a_page_in_different_sections(found):
    assert "chapters/04_gru.html" in dict(found("Keras lesions"))


# Addresses.


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_section_has_a_label_and_it_is_the_sections_address(site, name):
    text = "\n\n".join(
        cell.source
        for cell in nbformat.read(ROOT / name, as_version=4).cells
        if cell.cell_type == "markdown"
    )
    headings = re.findall(r"^(.*)\n#{2,3} (.+)$", "\n" + text, re.M)
    bare = [heading for above, heading in headings if not re.fullmatch(r"\([a-z0-9-]+\)=", above)]
    assert not bare, f"{name}: no label above {bare}"
    page = (site / name.replace(".ipynb", ".html")).read_text(encoding="utf-8")
    for label, _ in headings:
        assert f'<section id="{label[1:-2]}"' in page, label


def test_an_address_by_the_old_wording_still_leads_there(site):
    page = (site / "chapters" / "03_backprop_cell_state.html").read_text(encoding="utf-8")
    assert '<span id="a-power-after-all"></span>' in page


# What a page says of itself.


def meta(path):
    """{name or property: content} of a page's head."""
    tags = (attributes for tag, attributes in Page(path).tags if tag == "meta")
    return {tag.get("name", tag.get("property")): tag.get("content") for tag in tags}


@pytest.fixture(scope="module")
def heads(site):
    sources = [path.relative_to(site / "_sources") for path in (site / "_sources").rglob("*.*")]
    return {path.as_posix(): meta(site / path.with_suffix(".html")) for path in sources}


def test_every_page_has_a_description_of_its_own(heads):
    said = {name: head.get("description", "") for name, head in heads.items()}
    assert {n: text for n, text in said.items() if not 50 <= len(text) <= 160} == {}
    assert len(set(said.values())) == len(said) >= 12


def test_a_shared_link_shows_the_title_and_the_description(heads):
    for name, head in heads.items():
        assert head["og:description"] == head["twitter:description"] == head["description"]
        assert head["og:title"] == head["twitter:title"] != ""
        assert head["og:type"] == ("website" if name == "intro.ipynb" else "article")


def test_titles_name_the_page_first_and_none_is_said_twice(site):
    assert Page(site / "intro.html").title == CONFIG["title"]
    chapter = Page(site / "chapters" / "04_gru.html").title
    assert chapter == "4. GRU: the same idea with one state — Gated Memory"


def test_the_card_is_the_one_that_the_script_draws():
    path = ROOT / "assets" / "card.png"
    stored = Image.open(io.BytesIO(path.read_bytes()))
    assert stored.size == (1200, 630) and path.stat().st_size < 100_000
    drawn = np.asarray(card.draw(), dtype=float)
    assert np.abs(np.asarray(stored.convert("RGB"), dtype=float) - drawn).mean() < 1


# The two addresses, set and unset, in a book of one notebook and one page.


def small_book(folder, repository, site, host=""):
    """Build it with this book's own settings; its pages by name."""
    shutil.copytree(ROOT / "assets", folder / "assets")
    solution = nbformat.v4.new_markdown_cell("##### Solution")
    solution.metadata.update({"tags": ["remove-cell"], "jp-MarkdownHeadingCollapsed": True})
    cells = [nbformat.v4.new_markdown_cell("# A chapter"), solution]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, folder / "chapter.ipynb")
    notebook.cells[0].source = "# Front\n\n```{toctree}\nchapter\npage\n```"
    nbformat.write(notebook, folder / "intro.ipynb")
    (folder / "page.md").write_text("# A page\n\nNothing here.\n", encoding="utf-8")
    settings = {
        "root_doc": "intro",
        "extensions": ["myst_nb", "lib.site"],
        "nb_execution_mode": "off",
        "html_theme": "sphinx_book_theme",
        "html_title": CONFIG["title"],
        "html_baseurl": site,
        "repository_host": host,
        "html_static_path": ["assets"],
        "html_theme_options": {
            "repository_url": repository,
            "repository_branch": "main",
        },
        "page_descriptions": {"chapter": "A & B"},
    }
    said = io.StringIO()
    out = folder / "out"
    with docutils_namespace():  # a second book in one process is no reason to warn
        Sphinx(folder, None, out, folder / "trees", "html", settings, None, said).build()
    assert said.getvalue() == ""
    return out


@pytest.fixture(scope="module")
def addressed(tmp_path_factory):
    return small_book(tmp_path_factory.mktemp("addressed"), REPOSITORY, SITE)


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    return small_book(tmp_path_factory.mktemp("bare"), "", "")


@pytest.mark.parametrize(
    "given, home",
    [
        ("", ""),
        (None, ""),
        ("  ", ""),
        (REPOSITORY, REPOSITORY),
        (f" {REPOSITORY}.git/ ", REPOSITORY),
        (f"{REPOSITORY}/.git", REPOSITORY),
        ("git@github.com:someone/gated-memory.git", REPOSITORY),
        ("github.com:someone/gated-memory", REPOSITORY),
        ("ssh://git@github.com/someone/gated-memory.git", REPOSITORY),
        ("ssh://git@ssh.github.com:443/someone/gated-memory.git", REPOSITORY),
        ("git+ssh://git@github.com/someone/gated-memory", REPOSITORY),
        ("git://github.com/someone/gated-memory.git", REPOSITORY),
        ("git+https://github.com/someone/gated-memory.git", REPOSITORY),
        ("https://me:ghp_s3cret@github.com/someone/gated-memory.git", REPOSITORY),
        ("https://www.GitHub.com/someone/gated-memory/?tab=readme-ov-file#top", REPOSITORY),
        ("github.com/someone/gated-memory", REPOSITORY),
        ("git@gitlab.com:group/sub/book.git", "https://gitlab.com/group/sub/book"),
        ("ssh://git@git.example.org:2222/a/b.git", "https://git.example.org/a/b"),
        ("https://git.example.org:8443/a/b/", "https://git.example.org:8443/a/b"),
        ("http://gitea/a/b", "http://gitea/a/b"),
        ("git@git.sr.ht:~me/book", "https://git.sr.ht/~me/book"),
        (
            "https://dev.azure.com/org/project/_git/book",
            "https://dev.azure.com/org/project/_git/book",
        ),
        ("git@codeberg.org:me/a.b_c-d.git", "https://codeberg.org/me/a.b_c-d"),
    ],
)
def test_a_clone_address_is_read_as_the_repositorys(given, home):
    assert publish.repository(given) == home


@pytest.mark.parametrize(
    "given",
    [
        "someone/gated-memory",
        "gated-memory",
        "https://github.com",
        "https://github.com/someone",
        f"{REPOSITORY}/tree/main",
        f"{REPOSITORY}/blob/main/README.md",
        "https://gitlab.com/group/book/-/tree/main",
        "https://github.com/some one/gated memory",
        "/home/me/gated-memory",
        "../gated-memory.git",
        "C:\\books\\gated-memory",
        "file:///home/me/gated-memory",
        "ftp://github.com/someone/gated-memory",
        "git@gitbox:someone/gated-memory",
        "git@ssh.dev.azure.com:v3/org/project/book",
        "https://github.com:x/someone/gated-memory",
        "https://[github.com/someone/book",
        "https://git hub.com/someone/book",
        "javascript:alert(1)//a.b/c/d",
        "<https://github.com/someone/book>",
        ["https://github.com/someone/book"],
        42,
        True,
    ],
)
def test_what_is_no_repositorys_address_is_refused_in_one_sentence(given):
    with pytest.raises(ConfigError) as error:
        publish.repository(given)
    assert "repository: url in _config.yml is" in str(error.value)
    assert "https://github.com/name/book" in str(error.value)


def test_a_password_in_an_address_is_not_shown():
    for ask in (publish.repository, publish.site_address):
        with pytest.raises(ConfigError) as error:
            ask("https://me:s3cret@github.com/a b/c")
        assert "s3cret" not in str(error.value)


@pytest.mark.parametrize("given", ["", None, " ", SITE, f"{SITE}/", f" {SITE}// ", SITE.upper()])
def test_the_sites_address_may_end_with_a_slash(given):
    assert publish.site_address(given) == (given or "").strip().rstrip("/")


@pytest.mark.parametrize(
    "given",
    [
        "someone.github.io/gated",
        "/gated",
        "https://",
        "https:///gated",
        "ftp://someone.github.io",
        "https://someone.github.io/gated?x=1",
        "https://someone.github.io/gated#top",
        "https://someone.github.io/gated/intro.html",
        "https://me:s3cret@someone.github.io",
        "https://some one.github.io",
        "https://someone.github.io:port/",
        7,
        ["https://someone.github.io"],
    ],
)
def test_what_is_no_sites_address_is_refused_in_one_sentence(given):
    with pytest.raises(
        ConfigError, match="html: baseurl in _config.yml is .*https://name.github.io"
    ):
        publish.site_address(given)


@pytest.mark.parametrize(
    "host, kind",
    [
        ("github.com", "github"),
        ("github.example.org", "github"),
        ("gitlab.example.org:8443", "gitlab"),
        ("codeberg.org", "forgejo"),
        ("gitea.example.org", "gitea"),
        ("bitbucket.org", "bitbucket"),
        ("notgithub.com", "other"),
        ("git.example.org", "other"),
    ],
)
def test_a_hosts_name_tells_what_keeps_its_repositories(host, kind):
    assert publish.kept_by(host) == kind


# (the setting, what is told beside it): the repository, edit, report, Binder.
ELSEWHERE = {
    "gitlab": (
        "git@gitlab.com:group/sub/book.git",
        "",
        "https://gitlab.com/group/sub/book",
        "/-/edit/main/chapter.ipynb",
        "/-/issues/new?issue[title]=Error%20on%20chapter",
        "gl/group%2Fsub%2Fbook/main",
    ),
    "forgejo": (
        "ssh://git@codeberg.org/me/book.git",
        "",
        "https://codeberg.org/me/book",
        "/_edit/main/chapter.ipynb",
        "/issues/new?title=Error%20on%20chapter",
        "git/https%3A%2F%2Fcodeberg.org%2Fme%2Fbook/main",
    ),
    "of one's own, named": (
        "https://git.example.org/me/book",
        "gitlab",
        "https://git.example.org/me/book",
        "/-/edit/main/chapter.ipynb",
        "/-/issues/new?issue[title]=Error%20on%20chapter",
        "git/https%3A%2F%2Fgit.example.org%2Fme%2Fbook/main",
    ),
    "bitbucket": (
        "git@bitbucket.org:me/book.git",
        "",
        "https://bitbucket.org/me/book",
        "/src/main/chapter.ipynb?mode=edit",
        None,
        "git/https%3A%2F%2Fbitbucket.org%2Fme%2Fbook/main",
    ),
    "unknown": (
        "https://git.example.org/me/book",
        "",
        "https://git.example.org/me/book",
        None,
        None,
        "git/https%3A%2F%2Fgit.example.org%2Fme%2Fbook/main",
    ),
}


@pytest.mark.built
@pytest.mark.parametrize(
    "given, host, home, edit, report, binder", ELSEWHERE.values(), ids=ELSEWHERE
)
def test_the_buttons_are_right_for_each_host_or_absent(
    tmp_path, given, host, home, edit, report, binder
):
    out = small_book(tmp_path, given, "", host)
    lab = f"https://mybinder.org/v2/{binder}?urlpath=lab/tree/chapter.ipynb"
    wanted = {home, lab} | {home + way for way in (edit, report) if way}
    away = {link for link in links(out / "chapter.html") if home in link or "mybinder" in link}
    assert away == wanted
    assert not (out / "colab").exists()


def test_a_host_of_a_kind_that_is_not_known_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="repository_host in _config.yml is 'svn'"):
        small_book(tmp_path, REPOSITORY, "", "svn")


def links(path):
    return {a["href"] for tag, a in Page(path).tags if tag == "a" and "href" in a}


@pytest.mark.built
def test_with_the_repositorys_address_the_buttons_lead_there(addressed):
    chapter, page = links(addressed / "chapter.html"), links(addressed / "page.html")
    assert {REPOSITORY, f"{REPOSITORY}/edit/main/chapter.ipynb"} <= chapter
    assert any(link.startswith(f"{REPOSITORY}/issues/new?title=") for link in chapter)
    lab = "?urlpath=lab/tree/chapter.ipynb"
    assert f"https://mybinder.org/v2/gh/someone/gated-memory/main{lab}" in chapter
    colab = "https://colab.research.google.com/github/someone/gated-memory/blob/colab"
    assert f"{colab}/chapter.ipynb" in chapter
    assert f"{REPOSITORY}/edit/main/page.md" in page
    assert not any("mybinder" in link or "colab" in link for link in page)
    text = (addressed / "chapter.html").read_text(encoding="utf-8")
    assert "Report an error" in text and "Edit this page" in text


@pytest.mark.built
def test_without_addresses_nothing_leads_anywhere(bare):
    outside = [
        (path.name, link) for path in bare.glob("*.html") for link in links(path) if "//" in link
    ]
    assert [link for _, link in outside if "sphinx" not in link and "pydata" not in link] == []
    for made in ("colab", "sitemap.xml", "robots.txt"):
        assert not (bare / made).exists(), made
    head = meta(bare / "chapter.html")
    assert not {"og:url", "og:image", "twitter:image"} & set(head)
    assert 'rel="canonical"' not in (bare / "chapter.html").read_text(encoding="utf-8")


@pytest.mark.built
def test_with_the_sites_address_a_page_says_where_it_is(addressed):
    head = meta(addressed / "chapter.html")
    assert head["og:url"] == f"{SITE}/chapter.html" and head["description"] == "A & B"
    assert head["og:image"] == head["twitter:image"] == f"{SITE}/_static/card.png"
    assert (addressed / "_static" / "card.png").exists()
    tags = Page(addressed / "chapter.html").tags
    assert ("link", {"rel": "canonical", "href": f"{SITE}/chapter.html"}) in tags


@pytest.mark.built
def test_the_sitemap_names_every_page_and_robots_the_sitemap(addressed):
    places = [
        place.text
        for place in ElementTree.parse(addressed / "sitemap.xml").iter()
        if place.tag.endswith("loc")
    ]
    assert places == [f"{SITE}/{name}.html" for name in ("chapter", "intro", "page")]
    assert f"Sitemap: {SITE}/sitemap.xml" in (addressed / "robots.txt").read_text(encoding="utf-8")


@pytest.mark.built
def test_no_picture_of_a_button_comes_from_another_host(addressed):
    for path in addressed.glob("*.html"):
        loads = [
            a.get("src", "") for tag, a in Page(path).tags if tag in ("img", "script", "iframe")
        ]
        assert not [load for load in loads if "//" in load], path.name


# To run.


@pytest.mark.built
def test_the_copy_for_colab_installs_the_library_and_is_else_the_notebook(addressed):
    copy = nbformat.read(addressed / "colab" / "chapter.ipynb", as_version=4)
    nbformat.validate(copy)
    first, *rest = copy.cells
    assert f"!git clone -q --depth 1 --branch main {REPOSITORY} book\n" in first.source
    assert "%pip install -q ./book " in first.source and first.source.endswith("\n%cd -q book/.")
    original = nbformat.read(addressed.parent / "chapter.ipynb", as_version=4)
    [folded] = copy.metadata.colab.collapsed_sections
    [heading] = [cell for cell in copy.cells if cell.metadata.get("id") == folded]
    assert heading.source == "##### Solution"
    assert [cell.source for cell in rest] == [cell.source for cell in original.cells]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_notebook_can_be_downloaded_as_it_is(site, name):
    assert (site / "_sources" / name).read_bytes() == (ROOT / name).read_bytes()
    up = "../" * name.count("/")
    assert f"{up}_sources/{name}" in links(site / name.replace(".ipynb", ".html"))


def test_binder_installs_what_the_lock_says(tmp_path):
    """postBuild, with a stand-in for Python that runs tools/make.py alone: it asks for `book`, from the lock."""
    bin, log = tmp_path / "bin", tmp_path / "log"
    bin.mkdir()
    stand_in = (
        f'case "$1" in tools/make.py) exec "{sys.executable}" "$@";; esac; echo "$@" >>"{log}"'
    )
    (bin / "python").write_text(f"#!/bin/sh\n{stand_in}\n", encoding="utf-8")
    (bin / "python").chmod(0o755)
    environment = os.environ | {"NB_PYTHON_PREFIX": str(tmp_path)}
    subprocess.run(["sh", "binder/postBuild"], cwd=ROOT, env=environment, check=True)
    asked = log.read_text(encoding="utf-8")
    wanted = "--require-hashes -r pyproject.toml --group setup --group book -c requirements.lock"
    assert wanted in asked and "--no-deps --no-build-isolation -e ." in asked
    assert "uv==" in (tmp_path / "uv.txt").read_text(encoding="utf-8")
    assert "--group test" not in asked
    runtime = (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8")
    assert re.fullmatch(r"python-3\.1[1-3]\n", runtime)  # the versions that CI tries
