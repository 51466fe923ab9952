"""How quickly the built pages answer, in headless Chromium at a quarter of the processor's speed.

    make bench-page

One row for each page; what has to do with sliders is empty where there are none. Each page is loaded afresh a few
times from a local server; a figure is the median of these runs.

    drag    milliseconds that one step of a drag costs the page, script and layout: half of the steps, of all sliders,
            and 19 in 20 cost at most this; "slowest" is the explorer whose 19 in 20 are dearest
    answer  milliseconds from navigation until the first slider, moved, has changed its equation and a frame is drawn
    paint   milliseconds until the largest thing of the first screen is painted (LCP)
    shift   how far things moved by themselves while the page loaded (CLS)
    KB      of scripts of ours on the page, uncompressed
    busy    how many times longer a fixed loop took than the processor worked on it: 1 on a quiet machine
"""

import argparse
import json
import os
import re
import shutil
import statistics
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SITE = Path(__file__).resolve().parent.parent / "_build" / "html"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",  # no other host is found
]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
THROTTLE = 4
AIMS = {"drag": 16, "answer": 1000, "paint": 1500, "shift": 0.05, "KB": 60}
STEPS = 20  # of a drag, for each slider
SPIN = 1_000_000  # additions in the loop that tells how busy the machine is

# Watches a page from its first moment: what is painted, what moves, and when the first slider answers.
WATCH = """
window.watched = { paint: 0, shift: 0, answer: null };
new PerformanceObserver((list) => { for (const e of list.getEntries()) watched.paint = e.startTime; })
  .observe({ type: "largest-contentful-paint", buffered: true });
new PerformanceObserver((list) => { for (const e of list.getEntries()) watched.shift += e.value; })
  .observe({ type: "layout-shift", buffered: true });
(function frame() {
  const slider = document.querySelector('.live-view input[type="range"]');
  const said = () => slider.closest(".live-view").querySelector(".live-equation").textContent;
  if (!slider) return requestAnimationFrame(frame);
  const start = slider.value, before = said();
  const move = (value) => { slider.value = value; slider.dispatchEvent(new Event("input", { bubbles: true })); };
  move(start === slider.max ? slider.min : slider.max);
  setTimeout(() => {                                            // after this frame's paint
    watched.answer = said() === before ? NaN : performance.now();
    move(start);
  });
})();
"""

# Moves each slider of one explorer to and fro -> milliseconds of each step, until the new layout stands. The explorer
# is in sight, as it is under a hand.
DRAG = """
async (view) => {
  const costs = [];
  view.scrollIntoView({ block: "center", behavior: "instant" });
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));
  for (const slider of view.querySelectorAll('input[type="range"]')) {
    const low = Number(slider.min), high = Number(slider.max), start = slider.value;
    for (let k = 0; k < STEPS; k++) {
      const began = performance.now();
      slider.value = low + (high - low) * ((k * 7) % STEPS) / (STEPS - 1);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      await null; await null;                                   // the figure is drawn in a microtask
      document.body.getBoundingClientRect();
      costs.push(performance.now() - began);
      await new Promise((done) => setTimeout(done));
    }
    slider.value = start;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  }
  return costs;
}
"""


COLUMNS = "{:36}{:>8}{:>6}{:>7}{:>9}  {:17}{:>7}{:>7}{:>7}{:>6}{:>6}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--site", type=Path, default=SITE, help="the folder of the built pages")
    parser.add_argument("--runs", type=int, default=3, help="loads of each page (default 3)")
    options = parser.parse_args()
    names = read_pages(options.site)
    if not names:
        raise SystemExit(f"No page in {options.site}: run `make book` first.")
    print(COLUMNS.format("", "", "drag", "", "slowest", *[""] * 6))
    print(
        COLUMNS.format(
            *("page", "sliders", "half", "19/20", "19/20", "", "answer", "paint", "shift"),
            *("KB", "busy"),
        )
    )
    with browser() as chromium, served(options.site) as address:
        for name in names:
            found = measure(chromium, f"{address}/{name}", options.runs)
            print(row(name, own_scripts(options.site / name), *found), flush=True)
    print(
        f"Aims at {THROTTLE} times throttle: drag 19/20 {AIMS['drag']} ms, answer {AIMS['answer']:,} ms, "
        f"paint {AIMS['paint']:,} ms, shift {AIMS['shift']}; {AIMS['KB']} KB."
    )
    print("Do not judge a row whose busy is above 1.2: other programs took the processor.")


def row(name, size, sliders, drags, loads, busy):
    every = [cost for costs in drags.values() for cost in costs]
    answer, paint, shift = (
        statistics.median(load[key] for load in loads) if loads[0][key] is not None else None
        for key in ("answer", "paint", "shift")
    )
    slowest, costs = "", [""] * 3
    if every:
        slowest = max(drags, key=lambda kind: tail(drags[kind]))
        found = [statistics.median(every), tail(every), tail(drags[slowest])]
        costs = [f"{cost:.1f}" for cost in found]
    return COLUMNS.format(
        *(name, sliders or "", *costs, slowest, "" if answer is None else f"{answer:.0f}"),
        *(f"{paint:.0f}", f"{shift:.3f}", f"{size / 1e3:.1f}", f"{busy:.2f}"),
    )


def tail(costs):
    """What 19 in 20 do not exceed."""
    return sorted(costs)[int(0.95 * (len(costs) - 1))]


def measure(chromium, address, runs, steps=STEPS):
    """-> number of sliders, {explorer: costs of the drag's steps}, what each load showed, busy."""
    drags, loads, busy = {}, [], []
    for _ in range(runs):
        with chromium.new_context(viewport={"width": 1280, "height": 900}) as context:
            page = throttled(context)
            page.goto(address)
            sliders = page.locator('.live-view input[type="range"]').count()
            if sliders:
                page.wait_for_function("watched.answer !== null")
            page.wait_for_timeout(500)
            loads.append(page.evaluate("watched"))
            busy.append(spin())
            for place, view in enumerate(page.locator(".live-view").all()):
                costs = view.evaluate(DRAG.replace("STEPS", str(steps)))
                drags.setdefault(kind_of(view, place), []).append(costs)
                page.wait_for_timeout(200)  # until the browser itself is at rest
                busy.append(spin())
    medians = {kind: list(map(statistics.median, zip(*runs))) for kind, runs in drags.items()}
    return sliders, medians, loads, statistics.mean(busy)


def throttled(context):
    """A page that is watched from its first moment, on a slow processor."""
    page = context.new_page()
    page.add_init_script(WATCH)
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": THROTTLE})
    return page


def kind_of(view, place):
    """The explorer's name, from the identifier of its view ("lstm_step-1"), or its place on the page."""
    text = view.locator('script[type$="widget-view+json"]').text_content()
    return re.sub(r"-\d+$", "", json.loads(text).get("model_id", f"number {place + 1}"))


def spin():
    """How many times longer a fixed loop took than the processor worked on it."""
    began, worked = time.perf_counter(), time.process_time()
    sum(range(SPIN))
    return (time.perf_counter() - began) / (time.process_time() - worked)


def read_pages(site):
    """The names of all pages that a reader sees: not the redirect to the front page, nor the theme's templates."""
    paths = (path for path in sorted(site.rglob("*.html")) if "<main" in path.read_text("utf8"))
    return [path.relative_to(site).as_posix() for path in paths if "_static" not in path.parts]


def own_scripts(path):
    """Bytes of scripts of ours that the page loads: the book's, and what its explorers need."""
    names = re.findall(r'<script[^>]* src="([^"?]+)', path.read_text(encoding="utf-8"))
    return sum((path.parent / name).stat().st_size for name in names if is_ours(name))


def is_ours(name):
    ours = ("first.js", "site.js", "print.js")
    return "_static/live/" in name or name.endswith(tuple(f"_static/{script}" for script in ours))


def installed():
    """The path of a Chromium: the one that CHROMIUM names, or the first that is installed; or None."""
    named = [os.environ["CHROMIUM"]] if "CHROMIUM" in os.environ else BROWSERS
    return next(filter(None, map(shutil.which, named)), None)


@contextmanager
def browser():
    """A headless Chromium."""
    from playwright.sync_api import sync_playwright

    found = installed()
    if found is None:
        raise SystemExit("No Chromium: install it, or name it as in CHROMIUM=/path.")
    with sync_playwright() as driver:
        yield driver.chromium.launch(executable_path=found, args=FLAGS)


@contextmanager
def served(folder, below="", headers=None):
    """The address of a local server of the folder, which offers it under the path `below`, with these headers."""

    class Quiet(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"  # one connection serves many requests, as elsewhere

        def log_message(self, *_):
            pass

        def end_headers(self):
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            super().end_headers()

        def translate_path(self, path):
            return super().translate_path(path.removeprefix(below))

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{below}"
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main()
