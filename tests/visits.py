"""A page is opened once for each look, and every check that only looks asks that one visit.

A look is a window's width, a theme, and where the page comes from: a server or a folder. The fixture `seen` of
conftest.py opens every page in a look, once in a run, and gives {name of the page: what was seen}:

    wrong     what the page said on its console, threw, did not get, or asked of another host, which is not found
    barred    what axe finds, by every rule of its best practices and of WCAG 2.2, level AA and below
    asked     {address: kind} of all that it asked for, scrolled to its end
    ...       and the facts below, each under its own name

To add a check: write what it looks at into FACTS, JavaScript that gives JSON and leaves the page as it is, and ask for
it in a test that is parametrized by `look`. What changes the page (another width, paper, the Tab key) comes after all
facts, in `afterwards`, and in the looks that are named there; what goes further has a page of its own.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import pdf
import pydata_sphinx_theme
import sphinx_book_theme

# Newer than any package for Python 3.11 carries: `npm pack axe-core` has the next one.
AXE = (Path(__file__).parent / "data" / "axe.min.js").read_text(encoding="utf8")
SEARCHED = ["search.html", "search.html?q=forget+gate"]


class Look(NamedTuple):
    """How a reader sees the pages."""

    width: int
    scheme: str  # what the reader's system prefers
    place: str  # http or file


LOOKS = {
    "phone-light": Look(360, "light", "http"),
    "phone-dark": Look(360, "dark", "http"),
    "wide-light": Look(1440, "light", "http"),
    "wide-dark": Look(1440, "dark", "http"),
    "folder": Look(1280, "light", "file"),
}

SETTLED = """document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))))
  .then(() => 0)"""

# Whether as many hits of a search stand as at the last look: they come one after the other.
ALL_FOUND = """() => {
  const before = window.hits;
  window.hits = document.querySelectorAll("#search-results li").length;
  return window.hits === before;
}"""

FACTS = {  # name: JavaScript of a function
    # pixels that the page is wide, of which a window shows its own width
    "width": "() => document.documentElement.scrollWidth",
    # the families of the fonts that were asked for and came
    "fonts": """() => [...document.fonts].filter((font) => font.status === 'loaded')
        .map((font) => font.family.replaceAll('"', ''))""",
    # the class of every icon, and the letter that draws it
    "icons": """() => [...document.querySelectorAll('.fas, .far, .fab, .fa-solid, .fa-regular, .fa-brands')]
        .map((icon) => [icon.className, getComputedStyle(icon, '::before').content])""",
    "math": "() => document.querySelectorAll('article math').length",
    # of every picture: its file, the pixels it has and is shown at, and the width of its section
    "pictures": """() => [...document.querySelectorAll('.cell_output img')].map((img) => {
        const box = (img.closest('.live-still') ?? img).getBoundingClientRect();
        return [img.currentSrc, img.naturalWidth, box.width && img.width, img.closest('section').clientWidth];
      })""",
    # how many sliders are in sight, and how many there are
    "sliders": """() => {
        const sliders = [...document.querySelectorAll('.live-view input[type="range"]')];
        const seen = (slider) => slider.checkVisibility({ visibilityProperty: true, opacityProperty: true });
        return [sliders.filter(seen).length, sliders.length];
      }""",
    # of each theme's whole sheet: how many selectors match something, and which of them the book's sheet lacks
    "lacking": """([cut, ...themes]) => {
        const states =
          /:{1,2}(hover|focus|focus-visible|active|before|after|marker|checked|disabled|visited)\\b/g;
        const split = (text) => text.split(/,(?![^(]*\\))/).map((part) => part.trim());
        const gather = (rules) => [...rules].flatMap((rule) =>
          [...(rule.selectorText ? split(rule.selectorText) : []), ...(rule.cssRules ? gather(rule.cssRules) : [])]);
        const read = (text) => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(text);
          return new Set(gather(sheet.cssRules));
        };
        const classes = new Set([...document.querySelectorAll('[class]')].flatMap((e) => [...e.classList]));
        const bare = /\\((?:[^()]|\\([^()]*\\))*\\)|\\[[^\\]]*\\]/g; // what stands in brackets may ask for the contrary
        const matches = (selector) => {
          const asked = selector.replace(bare, '').match(/(?<=(?<!\\\\)\\.)[\\w-]+(?![\\w\\\\-])/g) ?? [];
          if (!asked.every((name) => classes.has(name))) return false;
          try { return document.querySelector(selector.replace(states, '')); } catch { return false; }
        };
        const kept = read(cut);
        return themes.map((whole) => {
          const used = [...read(whole)].filter(matches);
          return [used.length, used.filter((selector) => !kept.has(selector))];
        });
      }""",
}
THEMES = [
    next(Path(package.__file__).parent.rglob(f"styles/{name}.css"))
    for package, name in [
        (pydata_sphinx_theme, "pydata-sphinx-theme"),
        (sphinx_book_theme, "sphinx-book-theme"),
    ]
]


class Heard:
    """What a page says and asks for, until the next is opened."""

    def __init__(self):
        self.wrong, self.asked = [], {}


def visit(browser, site, address, look, names):
    """{name: what was seen} of each page in a look; `address` is where the folder `site` is offered."""
    width, scheme, place = LOOKS[look]
    base = site.as_uri() if place == "file" else address
    sheets = [(site / "_static" / "book.css").read_text(encoding="utf8"), *whole_themes()]
    facts = ", ".join(f"{name}: ({code})(sheets)" for name, code in FACTS.items())
    found = {}
    screen = {"width": width, "height": 800}
    # One tab goes from page to page: each new one would cost a process, and axe be compiled anew.
    with browser.new_context(viewport=screen, color_scheme=scheme) as context:
        page = context.new_page()
        heard = Heard()
        listen(page, base, lambda what: heard.wrong.append(what))
        page.on("request", lambda r: heard.asked.setdefault(r.url, r.resource_type))
        for name in names:
            heard = Heard()
            page.goto(f"{base}/{name}")
            if "?q=" in name:
                page.wait_for_selector("#search-results li a")
                page.wait_for_function(ALL_FOUND, polling=500)
            page.evaluate(SETTLED)
            seen = page.evaluate(f"(sheets) => ({{{facts}}})", sheets)
            seen |= {"barred": shut_out(page), "wrong": heard.wrong, "asked": heard.asked}
            page.evaluate("scrollTo(0, document.body.scrollHeight)")  # pictures that wait for that
            page.wait_for_load_state("networkidle")
            later = afterwards(page, look)
            if later:  # where nothing was changed, nothing is laid out anew
                page.set_viewport_size(screen)
                page.emulate_media(media="null", reduced_motion="null")
            found[name] = seen | later
    return found


@cache
def whole_themes():
    return [path.read_text(encoding="utf8") for path in THEMES]


def listen(page, base, tell):
    """Tell of everything that a quiet page does not do."""

    def heard(message):
        if message.type in ("error", "warning"):
            tell(f"said {message.text}")

    def asked(request):
        if not request.url.startswith((base, "data:", "blob:")):
            tell(f"asked {request.url}")

    def failed(request):
        if request.failure != "net::ERR_ABORTED":  # what the page itself gives up is not missing
            tell(f"did not get {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: tell(f"threw {error}"))
    page.on("request", asked)
    page.on("requestfailed", failed)


# The contrast of a text is a matter of its style and of the grounds beneath it. Four in five seconds of axe went into
# judging thousands of texts alike in all of that, so the first two of each kind are marked for it; a text on something
# that is taken out of the flow, where it may lie over anything, is a kind of its own.
KINDS = """() => {
  const kinds = new Map(), places = new Map();
  const plain = (style) => style.backgroundColor === 'rgba(0, 0, 0, 0)' && style.backgroundImage === 'none' &&
    style.opacity === '1' && style.filter === 'none' && style.mixBlendMode === 'normal' &&
    style.transform === 'none' && style.float === 'none' && ['static', 'relative'].includes(style.position);
  const ground = (element) => {
    if (!element) return '';
    if (!places.has(element)) {
      const style = getComputedStyle(element), below = ground(element.parentElement);
      const loose = !['static', 'relative', 'sticky'].includes(style.position) || style.transform !== 'none';
      const own = plain(style) ? '' : [style.backgroundColor, style.backgroundImage, style.opacity, style.filter,
        style.mixBlendMode, style.position, loose ? places.size : ''].join();
      places.set(element, own ? `${below}|${own}` : below);
    }
    return places.get(element);
  };
  for (const element of document.body.querySelectorAll('*')) {
    const field = element.matches('input, select, textarea, button');
    if (!field && ![...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(element);
    const kind = [style.color, style.fontSize, style.fontWeight, style.textShadow, style.fill,
      style.webkitTextStroke, element.namespaceURI, ground(element)].join(';');
    const met = kinds.get(kind) ?? 0;
    kinds.set(kind, met + 1);
    if (met < 2) element.dataset.judged = '';
  }
  for (const token of document.querySelectorAll('pre span[class]:not([data-judged], :has(*))'))
    if (token.attributes.length === 1) token.replaceWith(...token.childNodes);
}"""
JUDGED = {"rules": [{"id": "color-contrast", "selector": "[data-judged]"}]}


def shut_out(page):
    """Whom the page shuts out: [rule of axe, what breaks it, ...] for each rule that is broken."""
    options = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
    options["preload"] = False  # or it asks for the style sheets, which a browser refuses on file:
    page.evaluate(KINDS)
    page.evaluate(f"{AXE}; axe.configure({JUDGED})")
    rules = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [[rule["id"], *(node["html"][:120] for node in rule["nodes"])] for rule in rules]


# Twice as many pixels as the page gives them, or drawn as lines.
COARSE = """[...document.querySelectorAll("main img:not([src$='.svg'])")]
  .map((image) => [image.src, image.naturalWidth, image.offsetWidth])
  .filter(([, has, shown]) => shown > 0 && has < 1.99 * shown)"""


# Half of the time went into painting each width and each stop of the Tab key. All is laid out, and reached, as before.
UNPAINTED = "html { opacity: 0 }"


def afterwards(page, look):
    """What is seen of the page once it is changed."""
    if look == "wide-light":
        page.add_style_tag(content=UNPAINTED)
        widths = {}
        for width in (360, 768, 1024, 2560):
            page.set_viewport_size({"width": width, "height": 900})
            widths[width] = page.evaluate(FACTS["width"])
        coarse = page.evaluate(COARSE)
        page.set_viewport_size({"width": 1440, "height": 900})
        widths[1440] = page.evaluate(FACTS["width"])
        return {"widths": widths, "coarse": coarse, "stops": walk(page), "heard": math_heard(page)}
    if look == "folder":
        page.set_viewport_size({"width": pdf.TEXT_WIDTH, "height": 900})
        page.emulate_media(media="print")
        return {"printed": page.evaluate(FACTS["width"])}
    return {}


# At every stop of the Tab key: what stands there, and what speaks against it.
STOPS = """() => {
  window.stops = [];
  let last;
  const look = () => {
    const at = document.activeElement, wrong = [];
    // past the end of the page stands the browser, and then the first stop again
    if (at === document.body || at === window.firstStop) return null;
    window.firstStop ??= at;
    // the inner lists of the contents open and close with the place that is read
    if (at.matches(".toc-entry a"))
      window.listed ??= new Set([...document.querySelectorAll(".toc-entry a")].filter((a) => a.checkVisibility()));
    if (last && !(last.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING))
      wrong.push("comes after what follows it");
    last = at;
    const box = at.getBoundingClientRect();
    const seen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    const card = at.closest(".sd-card"), field = at.closest("form.bd-search");
    if (!card && !(box.width > 0 && box.height > 0 && seen)) wrong.push("is not in sight");
    const rings = [at, card, field].filter(Boolean).map((e) => getComputedStyle(e));
    if (!rings.some((s) => s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2))
      wrong.push("has no ring");
    return [at.outerHTML.slice(0, 120), ...wrong];
  };
  addEventListener("keyup", () => stops.push(look()), true);
  window.met = new Set();
  addEventListener("focusin", (event) => met.add(event.target), true);
}"""
REACHABLE = """() => [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']")]
  .filter((e) => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({ visibilityProperty: true }))
  .filter((e) => !met.has(e) && (!e.matches(".toc-entry a") || !window.listed || listed.has(e)))
  .map((e) => e.outerHTML.slice(0, 120))"""
MOST = 2000  # stops of the Tab key on a page


def walk(page):
    """The stops of the Tab key through the page, [what stands there, what speaks against it, ...], and what it misses.

    What can be reached is asked at the end: a box that scrolls can be, once it has come into sight.
    """
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("scrollTo(0, 0); document.activeElement.blur()")
    page.evaluate(STOPS)
    stops = []
    while None not in stops and len(stops) < MOST:
        for _ in range(25):
            page.keyboard.press("Tab")
        stops = page.evaluate("stops")
    stops = stops[: stops.index(None)] if None in stops else stops
    wrong = [stop for stop in stops if len(stop) > 1]
    if len(stops) >= MOST:
        wrong.append(f"{len(stops)} stops and no end")
    return wrong + [f"not reached: {missed}" for missed in page.evaluate(REACHABLE)]


PARTS = {"MathMLIdentifier", "MathMLOperator"}  # what every page with an equation has of one


def math_heard(page):
    """How many equations are shown, and what the accessibility tree has of them."""
    # what is folded away is not to be read yet
    page.add_style_tag(content=".toggle-hidden > * { visibility: visible !important; }")
    page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    asked = page.context.new_cdp_session(page)
    root = asked.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]

    def heard(role):
        """How many stand in the tree: the whole of it would be sent twice, and read for seconds."""
        query = {"nodeId": root, "role": role}
        nodes = asked.send("Accessibility.queryAXTree", query)["nodes"]
        return sum(not node["ignored"] for node in nodes)

    shown = (
        "[...document.querySelectorAll('article math')].filter((m) => m.checkVisibility()).length"
    )
    found = {"shown": page.evaluate(shown), "heard": heard("MathMLMath")}
    found["parts"] = {role for role in PARTS if found["heard"] and heard(role)}
    asked.detach()
    return found
