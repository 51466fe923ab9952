"""Runs the page's cells, in the browser: what a cell prints, draws, says and raises is told to the page as it comes.

A cell is run statement by statement. A check that no longer holds, a statement that ends in an AssertionError, is told,
and the next statement runs; any other exception ends the cell. Of an error the reader sees the lines of the page's own
cells alone.
"""

import ast
import base64
import builtins
import json
import linecache
import sys
import time
import traceback
from types import ModuleType

from lib.page import needs
from lib.plots import style

# Letters of a cell's text that are shown as they come, and of the rest the last.
HEAD, TAIL = 200_000, 20_000
PAUSE = 0.1  # seconds between two pieces of text
ASKING = "This page cannot ask for input: write the answer into the code."
ABSENT = "This page has no {}: of other packages it has NumPy and Matplotlib alone."
FIGURES = ("matplotlib", "matplotlib.pyplot", "PIL")  # a cell asks for these before they are there
CARRIED = (
    "lib",
    "numpy",
    "matplotlib",
    "mpl_toolkits",
    "PIL",
    "contourpy",
    "kiwisolver",
    "pyparsing",
    "dateutil",
)


class Kernel:
    """One page's Python. `tell(kind, text)` is called with what the page is to show."""

    def __init__(self, tell, narrow=False, names=None):
        self.tell, self.narrow = tell, narrow
        self.names = {} if names is None else names
        self.out, self.err = Stream(tell, "out"), Stream(tell, "err")
        self.history, self.explorers, self.number = {}, {}, None
        self.quiet, self.drawing = False, False

    def missing(self, sources, wanted):
        """The numbers of the cells that have to run before the cell `wanted`, in order. Both sides are JSON."""
        return json.dumps(needs.missing(json.loads(sources), wanted, self.history))

    def run(self, sources, number, moved="{}", quiet=False):
        """Run a cell of these sources (JSON); whether it came to its end. A quiet one draws nothing.

        `moved` has, by the number of its cell, where the sliders of each explorer stand now.
        """
        sources, self.number, self.quiet = json.loads(sources), number, quiet
        plan = needs.runs(sources[: number + 1])[number]
        self.out.left = self.err.left = HEAD
        done, wants = True, False
        try:
            for cell, values in json.loads(moved).items():
                for name, value in values.items():
                    setattr(self.explorers[int(cell)], name, value)
            self.ran(sources[number], f"cell {number + 1}")
            self.draw_what_is_open()
        except BaseException as error:  # also what a reader raises to leave
            done, wants = False, not self.drawing and getattr(error, "name", "") in FIGURES
            self.flush()
            self.tell("wants" if wants else "error", "" if wants else told(error))
        self.flush()
        # What an unfinished run has bound and changed is not what anything may stand on.
        needs.follow(self.history, plan if done else plan._replace(key=(plan.key, time.time())))
        return done

    def ran(self, source, name):
        lines = [f"{line}\n" for line in source.split("\n")]
        linecache.cache[name] = (len(source), None, lines, name)
        tree = ast.parse(source, name)
        for place, statement in enumerate(tree.body):
            last = place == len(tree.body) - 1
            try:
                if last and isinstance(statement, ast.Expr):
                    self.show(
                        eval(compile(ast.Expression(statement.value), name, "eval"), self.names)
                    )
                else:
                    exec(compile(ast.Module([statement], []), name, "exec"), self.names)
            except AssertionError as error:
                self.flush()
                self.tell("check", check(error, source, statement))

    def flush(self):
        self.out.flush(whole=True)
        self.err.flush(whole=True)

    def show(self, value):
        """What a notebook shows of a cell's last expression."""
        if value is None:
            return
        self.names["_"] = value
        self.flush()
        if type(value).__module__ == "lib.page.explorer":
            self.explorers[self.number] = value
            self.tell("explorer", json.dumps(value.shown()))
        elif type(value).__module__.startswith("matplotlib") and hasattr(value, "savefig"):
            self.draw(value)
        else:
            self.tell("out", repr(value) + "\n")

    # Figures. matplotlib is there only once one is wanted.

    def ready_to_draw(self):
        """matplotlib has been loaded."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        backend = sys.modules["page_backend"] = ModuleType("page_backend")
        backend.FigureCanvas = FigureCanvasAgg
        backend.show = lambda *args, **options: self.draw_what_is_open()
        self.drawing = True

    def show_drawn(self, draw):
        """As lib.plots.style.show, on paper of this page's width alone."""
        if self.quiet:
            return
        with style.pyplot().rc_context({"figure.dpi": style.DOTS}):
            figure = style.drawn(draw, self.narrow)
        self.draw(figure)
        style.pyplot().close(figure)

    def draw_what_is_open(self):
        plt = sys.modules.get("matplotlib.pyplot")
        for number in plt.get_fignums() if plt else ():
            figure = plt.figure(number)
            figure.draw_without_rendering()
            self.draw(figure)
            plt.close(figure)

    def draw(self, figure):
        self.flush()
        if not self.quiet:
            width, height = (round(96 * inches) for inches in figure.get_size_inches())
            png = base64.b64encode(style.png(figure)).decode()
            self.tell("picture", json.dumps({"png": png, "width": width, "height": height}))


class Stream:
    """What is printed, told in pieces; of very much the beginning, and of the rest the end."""

    encoding = "utf-8"

    def __init__(self, tell, kind):
        self.tell, self.kind, self.left = tell, kind, HEAD
        self.waiting, self.rest, self.skipped, self.at = [], "", 0, time.monotonic()

    def write(self, text):
        if self.left > 0:
            kept, text = text[: self.left], text[self.left :]
            self.left -= len(kept)
            self.waiting.append(kept)
            if time.monotonic() - self.at > PAUSE:
                self.flush()
        if text and self.left <= 0:
            self.rest += text
            if len(self.rest) > 10 * TAIL:
                self.skipped += len(self.rest) - TAIL
                self.rest = self.rest[-TAIL:]

    def flush(self, whole=False):
        if whole and self.rest:
            left_out = self.skipped + max(0, len(self.rest) - TAIL)
            if left_out:
                self.waiting.append(f"\n… {left_out:,} letters are left out here …\n")
            self.waiting.append(self.rest[-TAIL:])
            self.rest, self.skipped = "", 0
        if self.waiting:
            self.tell(self.kind, "".join(self.waiting))
        self.waiting, self.at = [], time.monotonic()

    def isatty(self):
        return False

    def writable(self):
        return True


def start(tell, narrow):
    """The Kernel of a page that has just begun, its program's own streams and modules put in place."""
    main = sys.modules["__main__"] = ModuleType("__main__")
    kernel = Kernel(tell, narrow, vars(main))
    sys.stdout, sys.stderr = kernel.out, kernel.err
    builtins.input = refuse_to_ask
    sys.modules["tqdm"] = ModuleType("tqdm")  # bars are for terminals
    sys.modules["tqdm"].tqdm = lambda steps, **options: steps
    sys.modules["lib.live.explorer"] = ModuleType("lib.live.explorer")  # which wants ipywidgets
    sys.modules["lib.live.explorer"].__getattr__ = own_explorer
    style.show = kernel.show_drawn
    return kernel


def own_explorer(name):
    """What lib.live asks lib.live.explorer for: not before it asks, since its modules are asked for in turn."""
    from lib.page import explorer

    return getattr(explorer, name)


def refuse_to_ask(prompt=""):
    raise RuntimeError(ASKING)


def check(error, source, statement):
    """A check that no longer holds, in a sentence."""
    said = str(error).strip().removeprefix("not so: ")
    if not said:
        said = " ".join((ast.get_source_segment(source, statement) or "").split())
    return said


def told(error):
    """A traceback with the lines of the page's own cells, and no others."""
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename.startswith("cell ")
    ]
    lines = (
        ["Traceback (most recent call last):\n", *traceback.format_list(frames)] if frames else []
    )
    lines += traceback.format_exception_only(error)
    if isinstance(error, ModuleNotFoundError) and (error.name or "").split(".")[0] not in CARRIED:
        lines.append(ABSENT.format(error.name) + "\n")
    if isinstance(error, MemoryError):
        lines.append("The page's memory is full. Start again empties it.\n")
    return "".join(lines).replace("/book/", "")
