"""What a page says of itself to search engines and links, and the buttons that lead to where the book lives.

Two settings of _config.yml rule it, and what one is needed for is left out while it is empty:

repository: url    the buttons: repository, edit, report an error, Binder, Colab; a copy of each notebook for Colab
html: baseurl      the site's address: canonical links (by Sphinx), the card's picture, sitemap.xml and robots.txt

The repository's address may be the one that git clones from. Which program keeps it is known of the large hosts and
read from a name like gitlab.example.org; `repository_host` under `sphinx: config:` names it for any other.
"""

import html
import re
from pathlib import Path
from urllib.parse import quote, urlsplit

import nbformat
from sphinx.errors import ConfigError

CARD = "_static/card.png"
BINDER, COLAB = "https://mybinder.org/v2", "https://colab.research.google.com/github"
BRANCH = "colab"  # Colab opens what is on GitHub alone: the workflow puts the copies there
FORGEJO = ("_edit/{branch}/{path}", "issues/new?title={title}")
# Where a host has a file to be edited and a new report, below the repository's address; None where it has none.
HOSTS = {
    "github": ("edit/{branch}/{path}", "issues/new?title={title}"),
    "gitlab": ("-/edit/{branch}/{path}", "-/issues/new?issue[title]={title}"),
    "forgejo": FORGEJO,
    "gitea": FORGEJO,
    "bitbucket": ("src/{branch}/{path}?mode=edit", None),
    "other": (None, None),
}
KNOWN = {"codeberg.org": "forgejo", "gitea.com": "gitea"}
# Names by which the large hosts answer ssh where the usual port is closed.
BY_SSH = {
    "ssh.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
}


def repository(url):
    """The address of the repository's page, from that page's or from one that git clones from; "" from nothing.

    Raises ConfigError for what is neither. A name or a password in it is left out: it would be published.
    """
    given = "" if url is None else str(url).strip()
    if not given:
        return ""
    wrong = ConfigError(
        f"repository: url in _config.yml is {hidden(given)!r}, which is no repository's address: "
        "give that of its page, as https://github.com/name/book, or leave it empty."
    )
    scp = re.fullmatch(
        r"(?:[\w.+-]+@)?([\w-]+(?:\.[\w-]+)+):(?!//)(.+)", given
    )  # git@host:name/book
    if scp:
        scheme, host, path = "ssh", scp[1], scp[2]
    else:
        parts = split(given if "://" in given else "https://" + given, wrong)
        scheme, host, path = (
            parts.scheme.lower().removeprefix("git+"),
            parts.hostname or "",
            parts.path,
        )
        if scheme not in ("http", "https", "ssh", "git") or (
            "://" not in given and "." not in host
        ):
            raise wrong
        port = parts.port if scheme in ("http", "https") else None
        host += f":{port}" if port else ""
    host = BY_SSH.get(host.lower(), host.lower().removeprefix("www."))
    names = path.strip("/").removesuffix(".git").strip("/").split("/")
    fit = all(re.fullmatch(r"~?\w[\w.+~-]*", name, re.ASCII) or name == "_git" for name in names)
    if (
        not re.fullmatch(r"[\w-]+(\.[\w-]+)*(:\d+)?", host, re.ASCII)
        or host.startswith("ssh.")
        or not fit
    ):
        raise wrong
    two = kept_by(host) in ("github", "bitbucket", "forgejo", "gitea")
    if len(names) < 2 or (two and len(names) > 2):
        raise wrong
    return f"{'http' if scheme == 'http' else 'https'}://{host}/{'/'.join(names)}"


def site_address(url):
    """The site's address without a slash at its end; "" from nothing. Raises ConfigError for what is no address."""
    given = "" if url is None else str(url).strip()
    wrong = ConfigError(
        f"html: baseurl in _config.yml is {hidden(given)!r}, which is no site's address: "
        "give the folder of the pages, as https://name.github.io/book, or leave it empty."
    )
    if not given:
        return ""
    parts = split(given, wrong)
    fit = re.fullmatch(r"(?i)(https?)://[\w-]+(\.[\w-]+)*(:\d+)?(/[\w.~%+@,=-]+)*/*", given)
    if not fit or not parts.hostname or re.search(r"\.html?/*$", given):
        raise wrong
    return given.rstrip("/")


def split(url, wrong):
    """The parts of an address; `wrong` is raised if it has none."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # read here, since it raises only when it is
    except ValueError:
        raise wrong from None
    if re.search(r"\s", url):
        raise wrong
    return parts


def hidden(url):
    """The address without the password in it, to be shown."""
    return re.sub(r"(//[^/@:]*):[^/@]*@", r"\1:***@", url)


def kept_by(host):
    """The program that keeps the repositories of this host, as far as its name tells."""
    name = host.partition(":")[0]
    labels = [kind for kind in HOSTS if kind in name.split(".")]
    return KNOWN.get(name, labels[0] if labels else "other")


def follow_the_addresses(_app, config):
    """Read both addresses; the theme's own buttons, which know three hosts, stay off."""
    config.html_baseurl = site_address(config.html_baseurl)
    options = config.html_theme_options
    config.repository_url = repository(options.pop("repository_url", ""))
    config.repository_branch = str(options.get("repository_branch") or "main").strip()
    if config.repository_host not in ("", *HOSTS):
        raise ConfigError(
            f"repository_host in _config.yml is {config.repository_host!r}: it is one of {', '.join(HOSTS)}."
        )
    if config.html_theme == "sphinx_book_theme":
        for button in ("use_repository_button", "use_edit_page_button", "use_issues_button"):
            options[button] = False
        options.pop("launch_buttons", None)


def kind_of(config):
    return config.repository_host or kept_by(urlsplit(config.repository_url).netloc)


def add_buttons(app, page, _template, context, _doctree):
    """In front of the theme's: open in Binder or Colab; the repository, edit this page, report an error."""
    url = app.config.repository_url
    if not url or "header_buttons" not in context or page not in app.env.found_docs:
        return
    kind, branch = kind_of(app.config), app.config.repository_branch
    folder = str(app.config.html_theme_options.get("path_to_docs") or "").strip("/")
    path = "/".join(filter(None, [folder, app.env.doc2path(page, base=False)]))
    words = {
        "branch": quote(branch),
        "path": quote(path),
        "title": quote(f"Error on {page}", safe=""),
    }
    edit, report = (f"{url}/{way.format(**words)}" if way else None for way in HOSTS[kind])
    source = [
        (
            "Repository",
            url,
            f"fab fa-{kind if kind in ('github', 'gitlab', 'bitbucket') else 'git-alt'}",
        ),
        ("Edit this page", edit, "fas fa-pencil-alt"),
        ("Report an error", report, "fas fa-lightbulb"),
    ]
    launch = []
    if path.endswith(".ipynb"):
        at = f"{quote(branch, safe='')}?urlpath=lab/tree/{quote(path)}"
        launch = [
            ("Binder", f"{BINDER}/{binder(url, kind)}/{at}", "_static/images/logo_binder.svg")
        ]
        if on_github(url):
            names = urlsplit(url).path
            colab = f"{COLAB}{names}/blob/{BRANCH}/{quote(page)}.ipynb"
            launch.append(("Colab", colab, "_static/images/logo_colab.png"))
    groups = [
        ("Run this page", "fas fa-rocket", "launch-buttons", launch),
        ("Where the book lives", source[0][2], "source-buttons", source),
    ]
    context["header_buttons"][:0] = [
        {
            "type": "group",
            "tooltip": tooltip,
            "icon": icon,
            "label": label,
            "buttons": [
                {"type": "link", "text": text, "tooltip": text, "url": url, "icon": icon}
                for text, url, icon in buttons
                if url
            ],
        }
        for tooltip, icon, label, buttons in groups
        if buttons
    ]


def binder(url, kind):
    """How Binder names a repository."""
    parts = urlsplit(url)
    names = parts.path.strip("/")
    if parts.netloc == "github.com":
        return f"gh/{names}"
    if parts.netloc == "gitlab.com":
        return f"gl/{quote(names, safe='')}"
    return f"git/{quote(url, safe='')}"


def on_github(url):
    return url.startswith("https://github.com/")


def copy_for_colab(app, error):
    """Beside the pages, a copy of each notebook that fetches the book and installs its library first.

    In its own folder there, so that a chapter finds the laboratory's records.
    """
    url, branch = app.config.repository_url, app.config.repository_branch
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
            for cell in notebook.cells:
                cell.metadata["id"] = cell.id  # Colab's name for it
            folded = [c.id for c in notebook.cells if c.metadata.get("jp-MarkdownHeadingCollapsed")]
            notebook.metadata["colab"] = {"collapsed_sections": folded}  # the solutions
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
    app.add_config_value("repository_host", "", "html", [str])
    app.add_config_value("repository_url", "", "html", [str])
    app.add_config_value("repository_branch", "", "html", [str])
    app.connect("config-inited", follow_the_addresses)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", add_buttons, priority=502)  # the theme's are there then
    app.connect("build-finished", copy_for_colab)
    app.connect("build-finished", list_pages)
