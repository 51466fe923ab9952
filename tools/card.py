"""Draw assets/card.png, the picture that stands beside a link to the book: its logo, its title, its promise.

    python tools/card.py

The logo is read from assets/logo.svg, the title from _config.yml, the letters are Matplotlib's own: run again,
it draws the same picture.
"""

import re
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import yaml
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch
from matplotlib.path import Path as Outline
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SIZE = (1200, 630)
GROUND, TEXT, QUIET = "#221b40", "#ffffff", "#b9bef8"
PROMISE = "An interactive textbook. Drag the gates,\nderive the gradients, measure the memory."


def outline(d):
    """The path of an SVG that has only M, H, V, L and Z."""
    points, codes, x, y = [], [], 0, 0
    for letter, numbers in re.findall(r"([MHVLZ])([^MHVLZ]*)", d):
        values = [float(number) for number in numbers.split()]
        if letter == "Z":
            values = [x, y]
        x = values[0] if letter in "MHL" else x
        y = values[-1] if letter in "MVL" else y
        points.append((x, y))
        codes.append({"M": Outline.MOVETO, "Z": Outline.CLOSEPOLY}.get(letter, Outline.LINETO))
    return Outline(points, codes)


def draw_logo(ax, x, y, side):
    """Put the logo's shapes into the square at x, y, the upper left corner."""
    k = side / 64
    place = matplotlib.transforms.Affine2D().scale(k).translate(x, y) + ax.transData
    for shape in ElementTree.parse(ROOT / "assets" / "logo.svg").getroot():
        kind, at = shape.tag.split("}")[-1], shape.attrib
        style = {
            "facecolor": at.get("fill", "none") if kind != "path" or "Z" in at["d"] else "none",
            "edgecolor": at.get("stroke", "none"),
            "linewidth": float(at.get("stroke-width", 0)) * k,
            "capstyle": at.get("stroke-linecap", "butt"),
            "joinstyle": at.get("stroke-linejoin", "miter"),
            "transform": place,
        }
        if kind == "path":
            ax.add_patch(PathPatch(outline(at["d"]), **style))
        elif kind == "circle":
            ax.add_patch(Circle((float(at["cx"]), float(at["cy"])), float(at["r"]), **style))
        elif kind == "rect":
            style["edgecolor"] = "#4a4270"  # or it could not be seen on its own ground
            box = f"round,pad=0,rounding_size={at['rx']}"
            style["linewidth"] = 2
            ax.add_patch(FancyBboxPatch((0, 0), 64, 64, boxstyle=box, mutation_aspect=1, **style))


def draw():
    """The card, as a picture of 1200 by 630 pixels."""
    title, rest = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"].split(
        ": "
    )
    figure = Figure(figsize=[side / 72 for side in SIZE], dpi=72, facecolor=GROUND, layout="none")
    canvas = FigureCanvasAgg(figure)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, SIZE[0]), ylim=(SIZE[1], 0))
    ax.axis("off")
    draw_logo(ax, 70, 185, 260)
    letters = {"family": "STIXGeneral", "va": "baseline"}
    ax.text(380, 265, title, size=104, weight="bold", color=TEXT, **letters)
    ax.text(384, 335, rest, size=42, color=TEXT, **letters)
    ax.text(384, 385, PROMISE, size=36, color=QUIET, linespacing=1.35, **letters | {"va": "top"})
    canvas.draw()
    picture = Image.frombytes("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba()))
    return picture.convert("RGB")


if __name__ == "__main__":
    path = ROOT / "assets" / "card.png"
    draw().quantize(128).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1000:.0f} kB")
