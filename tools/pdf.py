"""Prints the whole book: the built pages in the order of _toc.yml, as one page and then, by Chromium, as one PDF.

    make pdf        writes _build/gated-memory.pdf

The pages are those of _build/html, so the numbers of chapters, figures and equations are the site's. Printed they obey
assets/print.css and assets/print.js as a single page does; tools/pdf.css adds what only a whole book has. The browser
cannot say on which page a heading will stand, so the book is printed twice: the second time with the contents' numbers.
"""

import posixpath
import re
import sys
from html import escape
from pathlib import Path

import pikepdf
import yaml
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "benchmarks"))
from pages import browser  # noqa: E402

SITE = ROOT / "_build" / "html"
WHOLE = ROOT / "_build" / "gated-memory.html"
BOOK = WHOLE.with_suffix(".pdf")
TEXT_WIDTH = 612  # pixels, 162 mm: the sheet's width without its margins in tools/pdf.css
TRIES = 4
SLOWEST = 300_000  # milliseconds that a busy machine may take for one step
CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def main():
    with browser() as chromium:
        print_book(chromium)
    print(f"The book is printed: {BOOK.relative_to(ROOT)}, {BOOK.stat().st_size / 1e6:.1f} MB.")


def print_book(chromium):
    """Print the book until the numbers in its contents are those of its pages."""
    parts = read_parts()
    numbers = {}
    for _ in range(TRIES):
        known = numbers
        WHOLE.write_text(whole(parts, known), encoding="utf-8", newline="\n")
        print_page(chromium, WHOLE.as_uri(), BOOK, unseen=not known)
        numbers = page_numbers(BOOK)
        if numbers == known:
            break
    else:
        raise RuntimeError("The page numbers of the contents do not settle.")
    finish(BOOK, [article for _, part in parts for article in part])


def print_page(chromium, address, path, unseen=False):
    """One page as a PDF, when all that its print needs has come: what comes later would cut off its end.

    Unseen it has the same pages with nothing painted on them, in a quarter of the time.
    """
    page = chromium.new_page(viewport={"width": TEXT_WIDTH, "height": 900})
    page.set_default_timeout(SLOWEST)
    page.goto(address)  # with its scripts, style sheets and pictures
    page.emulate_media(media="print")
    if unseen:
        page.add_style_tag(content="body { visibility: hidden }")
    width = page.evaluate("document.documentElement.scrollWidth")  # laid out: it asks for its fonts
    page.evaluate("document.fonts.ready")
    if width > TEXT_WIDTH:
        raise RuntimeError(
            f"Something is {width} pixels wide: to fit it, all would be printed smaller."
        )
    page.pdf(path=path, tagged=True, outline=True, prefer_css_page_size=True, print_background=True)
    page.close()


def read_parts():
    """[(caption, [article, ...]), ...], the front page alone in the first part."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [("", [toc["root"]])]
    parts += [
        (part["caption"], [page["file"] for page in part["chapters"]]) for part in toc["parts"]
    ]
    names = [name for _, part in parts for name in part]
    return [(caption, [read_article(name, names) for name in part]) for caption, part in parts]


def read_article(name, names):
    """A page's article, with addresses that hold in the whole book, and without what only a screen can use."""
    soup = BeautifulSoup((SITE / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    article = soup.find("article")
    for gone in article.select("script, picture > source, .headerlink, .toctree-wrapper"):
        gone.decompose()
    for marked in article.find_all(id=True):
        marked["id"] = address(name, marked["id"])
    for image in article.find_all("img"):
        image["src"] = "html/" + posixpath.normpath(
            posixpath.join(posixpath.dirname(name), image["src"])
        )
    for link in article.find_all("a", href=True):
        link["href"] = in_the_book(link["href"], name, names)
    article["id"] = address(name)
    if name == names[0]:
        article.h1.string = "Introduction"  # the book's title stands on its own page
    return article


def in_the_book(href, name, names):
    """Where a page's link leads in the whole book."""
    if re.match(r"\w+:", href):
        return href
    path, _, fragment = href.partition("#")
    target = (
        posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
        if path
        else f"{name}.html"
    )
    target = target.removesuffix(".html")
    if target not in names:
        raise RuntimeError(f"{name} links to {href}, which is not printed.")
    return "#" + address(target, fragment)


def address(name, fragment=""):
    """An anchor's name, unlike that of any other page's."""
    return re.sub(r"[^\w.-]", "_", f"{name}--{fragment}" if fragment else name)


def whole(parts, numbers):
    """The book as one page of HTML; `numbers` holds what is known of {address: page}."""
    title, _, subtitle = CONFIG["title"].partition(": ")
    head = BeautifulSoup((SITE / "intro.html").read_text(encoding="utf-8"), "html.parser").head
    sheets = [link["href"] for link in head.select("link[rel=stylesheet]")]
    links = [f'<link rel="stylesheet" href="html/{sheet}">' for sheet in sheets]
    articles = [article for _, part in parts for article in part]
    license = CONFIG["html"]["extra_footer"]
    return f"""<!DOCTYPE html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<title>{escape(CONFIG["title"])}</title>
{"".join(links)}
<link rel="stylesheet" href="../tools/pdf.css">
<style>{"".join(map(running_head, articles))}</style>
<script src="html/_static/print.js"></script>
</head>
<body><main class="bd-main"><div class="bd-content"><div class="bd-article-container">
<div class="cover">
<img src="html/_static/logo.svg" alt="">
<p class="title">{escape(title)}</p>
<p class="subtitle">{escape(subtitle)}</p>
<p>{escape(CONFIG["author"])}</p>
<p>{escape(CONFIG["copyright"])}</p>
<div class="note"><p>Each explorer is printed at its starting values; it moves on the book's pages.</p>{license}</div>
</div>
<article class="bd-article contents"><h1>Contents</h1>{"".join(contents(*part, numbers) for part in parts)}</article>
{"".join(map(str, articles))}
</div></div></main></body>
</html>
"""


def running_head(article):
    """The style that writes the article's title above its pages."""
    words = re.sub(r'["\\]', r"\\\g<0>", text(article.h1))
    name = article["id"]
    return f'#{name} {{ page: {name} }} @page {name} {{ @top-left {{ content: "{words}" }} }}\n'


def contents(caption, part, numbers):
    """A part's lines in the table of contents: its pages and their sections."""
    lines = []
    for article in part:
        lines.append(line("page", text(article.h1), article["id"], numbers))
        for heading in article.find_all("h2"):
            lines.append(line("section", text(heading), heading.parent["id"], numbers))
    return (
        f'<p class="part">{escape(caption)}</p>' if caption else ""
    ) + f"<ul>{''.join(lines)}</ul>"


def line(kind, words, target, numbers):
    number = numbers.get(target, "000")
    return f'<li class="{kind}"><a href="#{target}"><span>{escape(words)}</span><span>{number}</span></a></li>'


def text(heading):
    return " ".join(heading.get_text().split())


def page_numbers(path):
    """{address: page} of everything that a link of the PDF leads to."""
    with pikepdf.open(path) as pdf:
        number = {page.objgen: place for place, page in enumerate(pdf.pages, start=1)}
        return {name[1:]: number[place[0].objgen] for name, place in pdf.Root.Dests.items()}


def finish(path, articles):
    """Say in the file whose book it is, let viewers show its title and outline, and pack it to less than half."""
    headings = [
        text(heading) for article in articles for heading in article.find_all(re.compile("h[1-6]"))
    ]
    words = {heading.replace(" ", ""): heading for heading in headings}
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = CONFIG["title"]
            metadata["dc:creator"] = [CONFIG["author"]]
            metadata["dc:language"] = ["en"]
            metadata["xmp:CreatorTool"] = "Gated Memory, make pdf"
        with pdf.open_outline() as outline:
            mend(outline.root, words)
        for tag in pdf.objects:
            if (
                isinstance(tag, pikepdf.Dictionary)
                and tag.get("/S") == "/Figure"
                and "/Alt" not in tag
            ):
                tag.S = pikepdf.Name.Div  # the frame: the picture in it says what is there
        pdf.Root.PageMode = pikepdf.Name.UseOutlines
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def mend(entries, words):
    """Give the outline's entries the spaces back that the browser leaves out where a heading's line ends."""
    for entry in entries:
        entry.title = words.get("".join(entry.title.split()), entry.title)
        mend(entry.children, words)


if __name__ == "__main__":
    main()
