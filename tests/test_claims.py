"""The page of claims: what its directive refuses, and that every link leads to the cell that tests the claim."""

import html
import io
import re
from os.path import relpath

import nbformat
import outputs
import pytest
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

CLAIM = dict(name="sums", told="Sums are even.", status="narrowed", found="Some are, $1 + 1$ is.")
ALSO = dict(name="sums-of-odds", of="sums")
CELLS = {path: nbformat.read(path, as_version=4).cells for path in outputs.notebooks()}
TESTED = [
    (path.relative_to(outputs.ROOT).with_suffix(".html").as_posix(), cell, claim)
    for path, cells in CELLS.items()
    for cell in cells
    for claim in cell.metadata.get("claims", [])
]


def build(folder, cells, listed="## Numbers\nsums\n", builder="html"):
    """(what was said, the page of claims, the notebook's page) of a book whose code cells have these claims."""
    code = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# Adding\n\n## Two")])
    notebook.cells += [code(source, metadata=dict(claims=claims)) for source, claims in cells]
    notebook.metadata["language_info"] = outputs.LANGUAGE
    nbformat.write(notebook, folder / "adding.ipynb")
    contents = "```{toctree}\nadding\n```\n\n"
    (folder / "index.md").write_text(
        f"# Claims\n\n{contents}```{{claims}}\n{listed}```\n", encoding="utf-8"
    )
    options = {"extensions": ["myst_nb", "lib.site"], "nb_execution_mode": "off"}
    options |= {"myst_enable_extensions": ["deflist", "dollarmath"]}
    said, out = io.StringIO(), folder / "out"
    with docutils_namespace():  # a second book in one process is no reason to warn
        Sphinx(folder, None, out, out, builder, options, None, said).build()
    pages = [out / "index.html", out / "adding.html"]
    return said.getvalue(), *(page.read_text(encoding="utf-8") for page in pages if page.exists())


HOLDS = "assert 1 + 1 == 2"


def test_a_claim_stands_on_the_page_and_its_links_lead_to_its_cells(tmp_path):
    listed = "## Numbers\nsums\n\n## Letters\n"
    said, page, notebook = build(tmp_path, [(HOLDS, [CLAIM]), (HOLDS, [ALSO])], listed)
    assert said == ""
    assert "1 claims: 0 shown, 1 narrowed, 0 refuted, 0 cited." in page
    assert "Sums are even." in page and "<h2>Numbers" in page and "Letters" not in page
    for name, text in (("sums", "Two"), ("sums-of-odds", "cell 2")):
        assert f'href="adding.html#claim-{name}"><span class="std std-ref">{text}</span>' in page
        assert f'id="claim-{name}"' in notebook


def test_on_a_single_page_the_links_stay_on_it(tmp_path):
    said, page = build(tmp_path, [(HOLDS, [CLAIM])], builder="singlehtml")
    assert said == "" and 'href="index.html#claim-sums"' in page and 'id="claim-sums"' in page


@pytest.mark.parametrize(
    "cells, listed, complaint",
    [
        (
            [(HOLDS, [CLAIM])],
            "sums\nproducts",
            "index.md:7: WARNING: no cell has the claim products",
        ),
        ([(HOLDS, [CLAIM])], "", "index.md:7: WARNING: the claim sums is not listed"),
        ([(HOLDS, [CLAIM])], "sums\nsums", "the claim sums is listed more than once"),
        ([(HOLDS, [CLAIM])] * 2, "sums", "cell 2, claim sums: another cell has this name"),
        ([(HOLDS, [CLAIM | dict(status="true")])], "sums", "no status is called true"),
        ([(HOLDS, [CLAIM | dict(status="cited")])], "sums", "cited without a citation"),
        ([(HOLDS, [dict(name="sums", told="?")])], "sums", "fields are name, told, not found"),
        ([("print('assert')", [CLAIM])], "sums", "adding.ipynb: WARNING: cell 1, claim sums: its"),
        ([(HOLDS, [CLAIM, ALSO | dict(of="sum")])], "sums", "sums-of-odds is of sum, which no"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(tmp_path, cells, listed, complaint):
    said, *_ = build(tmp_path, cells, f"## Numbers\n{listed}\n")
    assert complaint in said


@pytest.mark.parametrize("page, cell, claim", TESTED, ids=[claim.name for *_, claim in TESTED])
def test_every_claim_is_on_the_page_and_linked_to_the_very_cell(site, page, cell, claim):
    claims = (site / "appendix" / "claims.html").read_text(encoding="utf-8")
    anchor = f"claim-{claim.name}"
    assert f'href="{relpath(page, "appendix")}#{anchor}"' in claims
    (code,) = re.findall(
        f'id="{anchor}".*?<pre[^>]*>(.*?)</pre>', (site / page).read_text(encoding="utf-8"), re.S
    )
    assert html.unescape(re.sub("<[^>]*>", "", code)).strip() == cell.source.strip()


def test_the_page_counts_what_the_notebooks_hold(site):
    claims = (site / "appendix" / "claims.html").read_text(encoding="utf-8")
    told = [claim for *_, claim in TESTED if "of" not in claim]
    assert f"{len(told)} claims: " in claims and claims.count('<span class="status') == len(told)


def test_a_link_to_a_cell_in_a_folded_solution_unfolds_it(browser, site):
    page = browser.new_page()
    page.goto(f"{site.as_uri()}/chapters/04_gru.html")
    inside = page.evaluate("document.querySelector('.toggle-hidden [id^=claim-]').id")
    page.evaluate(f"location.hash = '{inside}'")
    page.wait_for_function(f"!document.getElementById('{inside}').closest('.toggle-hidden')")
    page.goto("about:blank")
    page.goto(f"{site.as_uri()}/chapters/04_gru.html#{inside}")
    page.wait_for_function(f"!document.getElementById('{inside}').closest('.toggle-hidden')")
    assert page.locator(f".cell:has(#{inside}) pre").first.is_visible()
    page.close()
