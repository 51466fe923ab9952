"""What a page says of itself to search engines and links, and the buttons that lead to where the book lives.

Two settings of _config.yml rule it, and what one is needed for is left out while it is empty:

repository: url    the buttons: repository, edit, report an error, Binder, Colab; a copy of each notebook for Colab
html: baseurl      the site's address: canonical links (by Sphinx), the card's picture, sitemap.xml and robots.txt
"""

import html
import re
from pathlib import Path

import nbformat

CARD = "_static/card.png"
COLAB = "https://colab.research.google.com"
BRANCH = (
    "colab"  # Colab opens what is on GitHub, and nothing else: the workflow puts the copies there
)
SAID = {"Suggest edit": "Edit this page", "Open issue": "Report an error"}


def follow_the_repository(_app, config):
    """Turn on, if the repository's address is set, every button that leads there; else none."""
    if config.html_theme != "sphinx_book_theme":
        return
    options = config.html_theme_options
    url = options["repository_url"] = (
        options.get("repository_url", "").strip("/").removesuffix(".git")
    )
    for button in ("use_repository_button", "use_edit_page_button", "use_issues_button"):
        options[button] = bool(url)
    if url:
        launch = {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"}
        options["launch_buttons"] = launch | ({"colab_url": COLAB} if on_github(url) else {})


def on_github(url):
    return url.startswith("https://github.com/")


def mend_buttons(app, _page, _template, context, _doctree):
    """Say in the book's words what the theme's buttons do, and let Colab open the copy."""
    branch = app.config.html_theme_options.get("repository_branch", "main")
    for group in context.get("header_buttons", []):
        for button in group.get("buttons", []):
            button["text"] = button["tooltip"] = SAID.get(button["text"], button["text"])
            if button["text"] == "Colab":
                button["url"] = button["url"].replace(f"/blob/{branch}/", f"/blob/{BRANCH}/")


def copy_for_colab(app, error):
    """Beside the pages, a copy of each notebook that fetches the book and installs its library first.

    In its own folder there, so that a chapter finds the laboratory's records.
    """
    url, branch = (
        app.config.html_theme_options.get(f"repository_{k}", "") for k in ("url", "branch")
    )
    if error or app.builder.name != "html" or not on_github(url):
        return
    for page in app.env.found_docs:
        path = Path(app.env.doc2path(page))
        if path.suffix == ".ipynb":
            notebook = nbformat.read(path, as_version=4)
            install = (
                "# On Colab: the book and its library first.\n"
                f"!git clone -q --depth 1 --branch {branch} {url} book\n"
                "%pip install -q ./book matplotlib anywidget tqdm\n"
                f"%cd -q book/{Path(page).parent}"
            )
            notebook.cells.insert(0, nbformat.v4.new_code_cell(install, id="install"))
            copy = Path(app.outdir, "colab", page + ".ipynb")
            copy.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, copy)


def describe(app, page, _template, context, _doctree):
    """Give the page its description and its card, and a title that names the page first."""
    book = app.config.html_title
    front = page == app.config.root_doc
    context["docstitle"] = "" if front else book.split(":")[0]
    about = app.config.page_descriptions.get(page)
    if about is None:
        return
    title = html.unescape(re.sub("<.*?>", "", context["title"]))
    site = app.config.html_baseurl
    card = {
        "og:type": "website" if front else "article",
        "og:site_name": book.split(":")[0],
        "og:title": title,
        "og:description": about,
    }
    names = {
        "description": about,
        "twitter:card": "summary_large_image" if site else "summary",
        "twitter:title": title,
        "twitter:description": about,
    }
    if site:
        image = {"og:image": address(site, CARD), "og:image:width": 1200, "og:image:height": 630}
        card |= {"og:url": context["pageurl"], **image, "og:image:alt": book}
        names["twitter:image"] = image["og:image"]
    for kind, values in (("name", names), ("property", card)):
        for key, value in values.items():
            context["metatags"] += (
                f'\n    <meta {kind}="{key}" content="{html.escape(str(value))}" />'
            )


def address(site, path):
    """Where on the web a file of the site is."""
    return f"{site.rstrip('/')}/{path}"


def list_pages(app, error):
    """sitemap.xml, and robots.txt that tells where it is."""
    site = app.config.html_baseurl
    if error or app.builder.name != "html" or not site:
        return
    pages = [address(site, app.builder.get_target_uri(page)) for page in sorted(app.env.found_docs)]
    entries = "".join(f"  <url><loc>{html.escape(page)}</loc></url>\n" for page in pages)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    Path(app.outdir, "sitemap.xml").write_text(
        f"{head}{entries}</urlset>\n", encoding="utf-8", newline="\n"
    )
    sitemap = address(site, "sitemap.xml")
    Path(app.outdir, "robots.txt").write_text(
        f"User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n", encoding="utf-8", newline="\n"
    )


def setup(app):
    """Called by the extension's setup."""
    app.add_config_value("page_descriptions", {}, "html", [dict])
    app.connect("config-inited", follow_the_repository)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", mend_buttons, priority=502)  # the theme's are there then
    app.connect("build-finished", copy_for_colab)
    app.connect("build-finished", list_pages)
