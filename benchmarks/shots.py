"""Takes every page, whole, as a reader may see it: light and dark on a wide screen, and light on a phone.

    make shots

The pictures go to _build/shots, named page.look.png; its index.html shows all of them on one sheet.
"""

import argparse
import html
import io
from pathlib import Path

from pages import SITE, browser, read_pages, served
from PIL import Image

LOOKS = {  # name: width of the window, and what the reader's system prefers
    "1-light": (1440, "light"),
    "2-dark": (1440, "dark"),
    "3-phone": (360, "light"),
}
DEEP = 8000  # pixels in one go: of a dark page, Chromium leaves black what is deeper than 16,384
MORE = ["search.html?q=forget+gate"]  # beside the pages as they are
# Down to the end: only then is every section laid out, and the page as high as it is.
THROUGH = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += 800) {
    scrollTo(0, y);
    await new Promise(requestAnimationFrame);
  }
}"""
SHEET = """<!doctype html><meta charset="utf-8"><title>Every page</title>
<style>body { font: 14px sans-serif; } td { vertical-align: top; } img { width: 30vw; border: 1px solid #999; }</style>
<table>"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--site", type=Path, default=SITE, help="the folder of the built pages")
    parser.add_argument("--out", type=Path, default=SITE.parent / "shots", help="where they go")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = read_pages(options.site) + MORE
    with browser() as chromium, served(options.site) as address:
        for look, (width, scheme) in LOOKS.items():
            screen = {"width": width, "height": 900}
            still = {"viewport": screen, "color_scheme": scheme, "reduced_motion": "reduce"}
            with chromium.new_context(**still) as context:
                for name in names:
                    take(context, f"{address}/{name}", options.out / file(name, look))
    rows = [
        f"<tr><th colspan=9>{html.escape(name)}<tr>{''.join(cell(name, look) for look in LOOKS)}"
        for name in names
    ]
    (options.out / "index.html").write_text(SHEET + "\n".join(rows), encoding="utf8", newline="\n")
    print(f"{len(names) * len(LOOKS)} pictures: open {options.out}/index.html")


def take(context, address, path):
    """The whole page, its late pictures too."""
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    page.evaluate(THROUGH)
    page.wait_for_load_state("networkidle")
    height = page.evaluate("document.documentElement.scrollHeight")
    wide, seen = page.viewport_size["width"], min(height, DEEP)
    page.set_viewport_size({"width": wide, "height": seen})
    picture = Image.new("RGB", (wide, height))
    for y in range(0, height, seen):
        page.evaluate(f"scrollTo(0, {y})")
        page.wait_for_timeout(300)  # until the contents beside it have followed
        part = Image.open(io.BytesIO(page.screenshot(timeout=120_000)))
        picture.paste(part, (0, min(y, height - seen)))
    picture.save(path)
    page.close()


def file(name, look):
    """intro.html, 1-light -> intro.1-light.png"""
    stem = name.replace("/", ".").replace(".html", "").replace("?", ".")
    return f"{stem}.{look}.png"


def cell(name, look):
    source = html.escape(file(name, look))
    return f'<td><a href="{source}"><img src="{source}" loading="lazy" alt="{look}"></a>'


if __name__ == "__main__":
    main()
