"""What the built pages weigh: all that a browser asks for, page by page.

    make weigh

Each page is opened afresh from a local server and scrolled to its end, for pictures that wait for that. KB are
thousands of bytes as the files lie there; "gzip" is the page through gzip, as most servers send it. Fails where a page
is past a limit.
"""

import argparse
import gzip
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pages import SITE, browser, read_pages, served

KINDS = {  # a browser's word for what it asks for -> the column
    "document": "HTML",
    "script": "scripts",
    "stylesheet": "styles",
    "font": "fonts",
    "fetch": "data",
    "xhr": "data",
    "image": "pictures",
    "other": "pictures",  # the icon of the tab
}
COLUMNS = list(dict.fromkeys(KINDS.values()))
LIMITS = {"page": 1200, "gzip": 350, "whole": 2000}  # KB: without pictures, twice, and with them
ROW = "{:36}" + "{:>10}" * (len(COLUMNS) + len(LIMITS))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--site", type=Path, default=SITE, help="the folder of the built pages")
    site = parser.parse_args().site
    names = read_pages(site)
    if not names:
        raise SystemExit(f"No page in {site}: run `make book` first.")
    print(ROW.format("KB", *COLUMNS, *LIMITS))
    heavy = []
    with browser() as chromium, served(site) as address:
        for name in names:
            kinds, sums = weigh(chromium, address, site, name)
            numbers = [*(kinds.get(kind, 0) for kind in COLUMNS), *sums.values()]
            print(ROW.format(name, *(f"{number:,.0f}" for number in numbers)), flush=True)
            heavy += [name] if past(sums) else []
    print(ROW.format("at most", *[""] * len(COLUMNS), *(f"{most:,}" for most in LIMITS.values())))
    if heavy:
        raise SystemExit(f"Too heavy: {', '.join(heavy)}")


def weigh(chromium, address, site, name):
    """-> {column: KB}, and {limit: KB} of what the page asks for."""
    page, asked = chromium.new_page(), {}
    page.on("request", lambda request: asked.setdefault(request.url, request.resource_type))
    page.goto(f"{address}/{name}", wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    page.close()
    return sums(files(asked, address, site))


def files(asked, address, site):
    """The kind and the file of each {address: kind} that was asked for, each once."""
    for url, kind in asked.items():
        if url.startswith(address):
            yield kind, site / unquote(urlsplit(url.removeprefix(address)).path).lstrip("/")


def sums(files):
    """-> {column: KB}, and {limit: KB}"""
    kinds, packed = dict.fromkeys(COLUMNS, 0), 0
    for kind, path in files:
        content = path.read_bytes()
        kinds[KINDS[kind]] += len(content) / 1e3
        packed += len(gzip.compress(content)) / 1e3 if KINDS[kind] != "pictures" else 0
    whole = sum(kinds.values())
    return kinds, {"page": whole - kinds["pictures"], "gzip": packed, "whole": whole}


def past(sums):
    """What is above its limit."""
    return {key: sums[key] for key in LIMITS if sums[key] > LIMITS[key]}


if __name__ == "__main__":
    main()
