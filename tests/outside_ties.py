"""What holds the numbers outside of the notebooks: phrases of TIES with what fills their fields, or why they are so.

A function here takes the `Book` of outside.py and gives what stands in the repository: an error where it finds nothing.
"""

import inspect
import json
import re
from functools import cache
from math import erf, sqrt
from pathlib import Path

import numpy as np
import plans
import run as experiments

from lib import backward_faults, laboratory, lstm, train
from lib.activations import sigmoid
from lib.checked import UP, WORDS
from lib.edition import EDITION
from lib.intervals import Z
from lib.laboratory import comparing, questions
from lib.laboratory.questions import ablations as held_gates
from lib.laboratory.questions import grid as bets
from lib.laboratory.trials import still_falls
from lib.live.runs import two_steps

ROOT = Path(__file__).resolve().parent.parent
TENS = {30: "thirty", 40: "forty", 50: "fifty", 100: "hundred", 1000: "thousand"}
PARTS = {2: "half", 3: "third", 4: "quarter", 5: "fifth", 10: "tenth", 1000: "thousandth"}

RNN, LSTM, BACK, GRU, MEMORY = (
    "01_rnn_recap",
    "02_lstm_gates",
    "03_backprop_cell_state",
    "04_gru",
    "05_memory_test",
)
CONFIG, PROJECT, TEACHERS = "_config.yml", "pyproject.toml", "appendix/teachers.md"
WORKFLOW, RUNNER, ASKED = (
    ".github/workflows/book.yml",
    "experiments/run.py",
    "tests/test_experiments.py",
)


def whole(number):
    """A number without decimals as an int: 1.0 -> 1."""
    return int(number) if number == int(number) else number


# --- Versions


def oldest(book):
    return book.find(PROJECT, r'^requires-python = ">=([\d.]+)"')


def pythons(book):
    """Those that the workflow tries, the oldest first."""
    return re.findall(r"[\d.]+", book.find(WORKFLOW, r"python: \[(.*?)\]"))


def bound(book):
    """The first Jupyter Book that is too new."""
    return book.find(PROJECT, r'"jupyter-book<(\d+)"')


def below(book):
    return int(bound(book)) - 1


def license_of_text(book):
    return book.find("LICENSE-text", r"\AAttribution ([\d.]+) International")


def license_of_code(book):
    return book.find("LICENSE", r"\A(\w+) License")


def precision(book):
    return lstm.init_params(np.random.default_rng(0), 1, 1).W.dtype.name


def often(book):
    """How often the workflow runs that asks what is new: its day is one of the week."""
    return {"* * 1": "week"}[book.find(".github/workflows/newest.yml", r'cron: "\d+ \d+ (.+)"')]


def project_version(book):
    return book.find(PROJECT, r'^version = "(.*?)"')


# --- The records and their plan


@cache
def first_edition():
    return laboratory.read(experiments.RESULTS)


def in_grid(book):
    """The first edition's grid, which chapter 5 reads: without the small cut, whose runs are short."""
    limit = int(book.in_chapter(MEMORY, r"if run\.limit >= (\d+)\}"))
    return [run for run in first_edition() if run.limit >= limit]


def verdicts(book):
    """How many claims chapter 5 judges: the rows of its table, without the head."""
    table = book.in_chapter(MEMORY, r"(:name: tab-memory-verdicts\n(?:.*\n)*?```)")
    return table.count("\n* - ") - 1


@cache
def seeds_of_files():
    return {
        seed for cut in plans.FILES.values() for one in cut.conditions for seed in one.budget.seeds
    }


def fresh(count):
    """An example of so many seeds that no file plans."""

    def given(book):
        first = 1000
        assert first > max(seeds_of_files() | set(plans.TRIES))
        return first, first + count - 1

    return given


def chapters_of(file):
    """Which chapters a file of records is for: its questions say so, and the plan."""
    told = getattr(questions, file).__doc__
    first, more, last = re.search(r"for chapters? (\d)(?: (to|and) (\d))?", told).groups()
    found = {int(first), int(last or first)}
    planned = inspect.getsource(getattr(plans, file))
    return sorted(found | {int(number) for number in re.findall(r"as chapter (\d) runs", planned)})


def for_chapters(file):
    def given(book):
        return [(number,) for number in chapters_of(file)]

    return given


def of_starts(book):
    """The limits at the gaps with other rates, the shorter first."""
    ones = [one for one in plans.FILES["starts"].conditions if one.size in (20, 50)]
    return tuple(sorted({one.budget.limit for one in ones}))


def windows(book):
    holds = {one.hold for one in plans.FILES["starts"].conditions}
    return tuple(sorted(int(hold.split()[0]) for hold in holds if hold.endswith(" window")))


def kept_at_the_start(book):
    """The share that every gated rung of the ladder keeps at first."""
    shares = set()
    for cell, start, _ in plans.LADDER:
        if cell == "RNN":
            continue
        told = laboratory.STARTS[start]
        shares.add(float(sigmoid(told.get("forget_bias", -told.get("update_bias", 0.0)))))
    (share,) = shares
    return share


def rates_reported(book):
    """How many rates a condition has where every one is reported, the fewest and the most."""
    cuts = [cut for cut in plans.FILES.values() if not cut.tries]
    many = {len(one.budget.rates) for cut in cuts for one in cut.conditions}
    return min(many), max(many)


def units_of_hello(book):
    few = {one.hidden_size for one in plans.FILES["hello"].conditions}
    return tuple(sorted(few - {plans.BUDGETS["hello", 4].hidden_size}))


def left_out(book):
    """What the first edition's grid had and this one has not: sizes of recall, of adding, of copy."""
    had = {run[:2] for run in in_grid(book)} - set(bets.GRID)
    assert ("digits", 8) in had and len(had) == 5
    return tuple(
        size for task in ("recall", "adding", "copy") for _, size in sorted(had) if _ == task
    )


def of_its_limit(book):
    """The share of the estimate that the first edition's runs took."""
    took = sum(row.seconds for row in first_edition().values())
    return took / sum(map(experiments.seconds, first_edition()))


def tasks_with(part, of):
    """On how many tasks a file has a condition of which a text says so."""

    def given(book):
        ones = plans.FILES[of].conditions
        return len({one.task for one in ones if part in one.cell or one.hold.endswith(part)})

    return given


def level(book):
    """How many of a hundred intervals hold the number, and one in how many comes out on either side."""
    share = erf(Z / sqrt(2))
    return round(100 * share), round(2 / (1 - share))


def quick(book):
    """The quick cut: seeds, minutes, cores."""
    (seeds,) = {
        len(one.budget.seeds) for cut in plans.CUTS["quick"].values() for one in cut.conditions
    }
    cores, minutes = book.find(
        ASKED, r'minutes\(plans\.CUTS\["quick"\]\) \* OF_ITS_LIMIT < (\d+) \* (\d+)'
    )
    return seeds, int(minutes), int(cores)


def longest(book):
    """The bound of the whole: hours, cores."""
    pattern = r'minutes\(plans\.CUTS\["whole"\]\) \* OF_ITS_LIMIT < (\d+) \* (\d+) \* 60'
    return tuple(map(int, book.find(ASKED, pattern)))


def source_number(function, pattern):
    """A number that stands in a function's code."""
    return lambda book: whole(float(re.search(pattern, inspect.getsource(function))[1]))


# --- The timetable


def sessions(book):
    return re.split(r"^## (?=Session )|^\(sec-teachers-fit\)=", book[TEACHERS], flags=re.M)[1:-1]


def exercises(session):
    """What a session gives -> {"class", "home", "more", "discussed": labels of exercises}."""
    rows = [line for line in session.splitlines() if re.match(r"\| \d+ \|", line)]
    texts = {
        "class": "\n".join(row for row in rows if "| Homework:" not in row),
        "discussed": "\n".join(row for row in rows if "| Homework:" in row),
        "home": " ".join(re.findall(r"^At home: .*?\.(?= |$)", session, re.M)),
        "more": " ".join(re.findall(r"(?:For more|To hand in).*?\.(?= |$)", session, re.M)),
    }
    return {name: re.findall(r"\{ref\}`(ex-[\w-]+)`", text) for name, text in texts.items()}


def given(book):
    """How many exercises there are, in class, at home."""
    chapters = "\n".join(book.cells(name) for name in book.chapters())
    there = len(re.findall(r"^:label: ex-", chapters, re.M))
    parts = [exercises(one) for one in sessions(book)]
    return there, *(sum(len(part[name]) for part in parts) for name in ("class", "home"))


def readings(book):
    """From which section to which, and the minutes at 60 words a minute, by fives."""
    found = []
    for one in sessions(book):
        first, last = re.search(
            r"^Read before: \{ref\}`([\w-]+)` to \{ref\}`([\w-]+)`", one, re.M
        ).groups()
        (page,) = (name for name in book.chapters() if f"({first})=" in book.cells(name))
        whole = re.sub(r"\$\$.*?\$\$", "", words_of(page), flags=re.S)
        parts = re.split(r"^\(([\w-]+)\)=$", whole, flags=re.M)
        names, texts = parts[1::2], parts[2::2]
        read = " ".join(texts[names.index(first) : names.index(last) + 1])
        minutes = len(re.findall(r"[A-Za-z]{2,}", read)) / 60
        found.append((first, last, 5 * round(minutes / 5)))
    return found


@cache
def words_of(page):
    """The text of a chapter, without its code."""
    cells = json.loads((ROOT / page).read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def timetable(book):
    """How many sessions, and their minutes, which are one number if the tables sum."""
    sums = {sum(map(int, re.findall(r"^\| (\d+) \|", one, re.M))) for one in sessions(book)}
    return len(sessions(book)), " or ".join(map(str, sorted(sums)))


def habits(book):
    told = re.search(r"^\w+ habits carry.*$", book[TEACHERS], re.M)[0]
    return told.count("**") // 2, len(sessions(book))


# --- What the book computes, once more


def pulse(book):
    """The first explorer's question: how much is left, by the wrong answer and by the right one."""
    w, gap, pulse = map(book.asked("fading_memory").get, ("w", "gap", "pulse"))
    states = [np.tanh(pulse)]
    for _ in range(int(gap)):
        states.append(np.tanh(w * states[-1]))
    linear = PARTS[round(1 / w**gap, -3)]
    return (
        linear,
        f"{w:g}{int(gap)}".replace(f"{int(gap)}", str(int(gap)).translate(UP)),
        w**gap,
        states,
        pulse,
    )


def steps_in_hand(book):
    """The steps that chapter 1 goes with one network, by hand."""
    return len(set(re.findall(r"\(eq-rnn-hand-(\d)\)", book[f"chapters/{RNN}.ipynb"])))


def step_in_hand(book):
    """The question of the LSTM's explorer: i g, f c, and their sum."""
    f, i, g, c = map(book.asked("lstm_step").get, ("f", "i", "g", "c_prev"))
    return f, i, whole(g), whole(c), whole(f * c + i * g)


def half_lives(book):
    """A gate, and when half is gone: by the wrong answer, and rightly."""
    first = float(book.find("lib/live/js/half_life.js", r"The forget gate is ([\d.]+) and"))
    return "half", WORDS[round(0.5 / (1 - first))], f"{first:g}", np.log(0.5) / np.log(first)


def faded(book):
    """A gate, steps, what a step takes in percent, and what is left as a fraction."""
    asks = book.find(
        "lib/live/js/write_keep_read.js", r"Then f = ([\d.]+) and .* (\d+) steps later"
    )
    f, n = float(asks[0]), int(asks[1])
    return n, f, n, round(100 * (1 - f)), PARTS[round(1 / f**n)]


def counted(book):
    """Steps of counting, by what, and the count."""
    g, n = book.in_chapter(LSTM, r"\$g = ([\d.]+)\$ for (\d+) steps")
    return int(n), {0.5: "½"}[float(g)], whole(float(g) * int(n)), 1


@cache
def found_in_one_step():
    """How many of the planted mistakes a step shows in the parameters' gradient, from zeros and from random states."""
    rng, (D, H, B) = np.random.default_rng(2), (3, 4, 2)
    params = lstm.Params(rng.normal(size=(4 * H, D + H)), rng.normal(size=(4 * H, 1)))
    x, dh, c, h = (rng.normal(size=(1, n, B)) for n in (D, H, H, H))
    patients = [backward_faults.plant(*fault) for fault in backward_faults.FAULTS.values()]
    found = []
    for start in (lstm.zero_state(params, B), lstm.State(c[0], h[0])):
        healthy, *others = (
            one.backward(params, one.forward(params, x, start), dh).params
            for one in (lstm, *patients)
        )
        same = [all(map(np.allclose, other, healthy)) for other in others]
        found.append(same.count(False))
    return found[0], len(patients), found[1]


def power(book):
    """A unit that forgets nothing: what its whole derivative does with -w and with w."""
    w = float(book.in_chapter(BACK, r"growth_of\(([\d.]+)\), power\)"))
    steps = int(book.in_chapter(BACK, r"\*\* 2 \* 0\.5\) \*\* (\d+)$"))
    ends = {x: (1 + sigmoid(3.0) ** 2 * x) ** steps for x in (-w, w)}
    does = {
        x: "vanishes" if end < 1e-3 else "explodes" if end > 1e3 else "" for x, end in ends.items()
    }
    return f"−{w:g}", does[-w], f"{w:g}", does[w]


def gru_in_hand(book):
    """The question of the GRU's explorer: by the wrong convention, what is kept by the right one, of what."""
    z, h = map(book.asked("gru_step").get, ("z", "h_prev"))
    assert 1 - z == 0.75
    return z * h, "three quarters", f"{h:g}"


def budget(book):
    """The budget's question: all without biases, blocks, H, D + H, biases."""
    D, H = (int(value) for value in map(book.asked("budget").get, "DH"))
    blocks = len(lstm.init_params(np.random.default_rng(0), D, H).W) // H
    return blocks * H * (D + H), blocks, H, D + H, blocks * H


def as_many(book, sizes=None):
    """Units of a GRU with the parameters of the budget's LSTM: by the wrong answer, of how many, and rightly."""
    D, H = sizes or (int(book.asked("budget").get(name)) for name in "DH")
    fewest = range(H, 2 * H)
    wanted = sum(part.size for part in lstm.init_params(np.random.default_rng(0), D, H))
    right = min(fewest, key=lambda n: abs(3 * n * (D + n + 1) - wanted))
    return round(H * 4 / 3), "four thirds", H, right


def as_many_of_the_exercise(book):
    """The same of the LSTM that an exercise asks about."""
    one = r"An LSTM has \$D = (\d)\$ input and \$H = (\d+)\$ units"
    return as_many(book, tuple(map(int, book.in_chapter(GRU, one))))[3]


def by_luck(book):
    """A score, standard deviations above chance, sequences."""
    n, score = book.in_chapter(MEMORY, r"on the (\d+) test sequences is ([\d.]+)\.")
    by = (float(score) - 0.25) / sqrt(0.25 * 0.75 / int(n))
    return score, round(by), int(n)


def sentences_bet(book):
    """How many sentences the reader bets on: the rows of their table."""
    table = book.in_chapter(MEMORY, r":name: tab-memory-bets\n((?:.*\n)*?)```")
    return len(re.findall(r"^\* - [A-Z]$", table, re.M))


def from_the_usual_bias(book):
    """The bias, the gap, the most runs of all that learn from it, the rates."""
    said = r"from a forget bias of (\d) at most (\d) of (\d+) runs learn it at any of the (\w+)"
    bias, *counts = book.in_chapter(MEMORY, said)
    return bias, book.in_chapter(MEMORY, r"on recall over (\d+), two seeds each"), *counts


def first_seeds(book):
    """How many of the first seeds learn without an input gate, of how many, and the next."""
    one, five, ten, of = book.in_chapter(
        MEMORY, r"(One) of (five), and then (\w+) of (\w+)\. Whoever"
    )
    assert ten == of
    return one, five, of


def moves(book):
    section = book.in_chapter(GRU, r"\(sec-gru-moves\)=\n((?:(?!\(sec-)[\s\S])*)")
    return len(re.findall(r"^\*\*[^*\n]+\.\*\* ", section, re.M))


def presets(book):
    told = book.find("lib/live/js/fading_memory.js", r"presets: \{((?:.*\n)*?)\s+\},\n")
    return len(re.findall(r"[\w\"]+: \{", told))


def ends_of_z(book):
    return tuple(
        book.find(
            "lib/live/js/gru_step.js", r"keep: \{ z: (\d)(?:.*\n)\s+\"start afresh\": \{ z: (\d)"
        )
    )


# --- The speed


def timed(book):
    """The rows of the table: sizes, cells, kinds of floats."""
    many = len(sizes(book)) * len(book.constant("benchmarks/speed.py", "CELLS"))
    return many * len(
        re.findall(r"float\d\d", book.find("benchmarks/speed.py", r"for dtype in \((.*?)\)"))
    )


def sizes(book):
    return book.constant("benchmarks/speed.py", "SIZES")


def units(place):
    return lambda book: sizes(book)[place][3]


def together(book):
    """The parts of a step that the page gives, in microseconds."""
    told = re.search(
        r"in microseconds: (.*?); together", " ".join(book["benchmarks/README.md"].split())
    )[1]
    return sum(map(float, re.findall(r"\d\.\d", told)))


def in_the_way(book):
    return len(re.findall(r"^- \*", book["benchmarks/README.md"], re.M))


# --- The commands


def two(book):
    """The commands that the front page begins with."""
    block = book.find("README.md", r"```sh\n((?:.*\n)*?)```")
    both = [
        len(re.findall(pattern, block, re.M))
        for pattern in (r"^make \w", r"^python tools/make\.py \w")
    ]
    return both[0] if both[0] == both[1] else 0


def unset(book):
    """The settings that are empty until the book has a place."""
    return len(re.findall(r'^  \w+: "" #', book[CONFIG], re.M))


def description(book):
    return book.find("tests/test_publish.py", r"if not (\d+) <= len\(text\) <= (\d+)\}")


def elman(book):
    return book.find("references.bib", r"\{elman1990,\n(?:.*\n)*?.*year\s+= \{(\d+)\}")


def recall_beside():
    """The recall of chapter 5 in starts.csv."""
    (size,) = {one.size for one in plans.FILES["starts"].conditions} - {5, 20, 50}
    return size


def carried(package):
    """The version of a package that the pages carry."""
    return lambda book: book.find("lib/page/official.json", rf'"{package}-([\d.]+)-')


BROWSERS = "what browsers can do since when is told by their makers"
PIP = "`--group` came with this pip"
MEASURED = "measured once, on a quiet machine: `make bench` prints it anew"
SETTING = "a setting, which nothing else tells"
SAYING = "a way of saying, no count"

TIES = {  # file: {phrase: what fills its fields, or why it is as it is}
    "README.md": {
        "a workflow every {}": often,
        "every {} a workflow": often,
        "under the {} license": license_of_code,
        "links, into {}": lambda book: book.find("Makefile", r"print the whole book into (\S+)$"),
        "pages from {}, and": lambda book: book.find(CONFIG, r"^  branch: (\w+)$"),
        "{:w} commands": two,
        "the {:w} without make": two,
        "Python {} or newer": oldest,
        "PYTHON=/path/to/python{} make": lambda book: pythons(book)[-2],
        "pip 25.1 or newer": PIP,
        "a browser of 2023 or later": BROWSERS,
        "from version 109 on": BROWSERS,
        "(Chrome and Edge 111, Firefox 121, Safari 16.4)": BROWSERS,
        "Pyodide {} (Python {})": lambda book: book.find(
            "lib/page/official.json", r'"version": "([\d.]+)",\n +"python": "([\d.]+)"'
        ),
        "NumPy {} and": carried("numpy"),
        "Matplotlib {}.": carried("matplotlib"),
        "the MPL {})": lambda book: book.find("lib/page/carried.txt", r"MPL ([\d.]+)"),
        "{:w} lines of _config.yml": unset,
        "Jupyter Book is held below {}": bound,
        "Jupyter Book {} is another program": bound,
        "as version {} does": below,
        "the pin jupyter-book<{} is": bound,
        "CC BY {}": license_of_text,
    },
    "CONTRIBUTING.md": {
        "Run twice, it changes nothing": SAYING,
        "of {} to {} characters": description,
        "at most {} lines": lambda book: book.constant("tests/test_repository.py", "LONGEST"),
        "drawn twice, the second time narrow": SAYING,
        "smaller than {} pixels": lambda book: book.constant("tests/test_figures.py", "LETTER"),
        '"✓ 3 checks"': "an example",
        'says("half is gone after': "an example",
        "holds=kept == 1)": "an example",
        "✓ half is gone after 6.6 steps": "an example",
        "as 2.5 · 10⁻¹⁴": "an example",
        "the halves of a sentence": "before and after what is compared",
        "in both halves of its seeds": "the first and the second, in their order",
        '"Elman {}"': elman,
        "in one of the functions": SAYING,
        "At least {} seeds where means are compared, {} where runs": lambda book: (
            len(plans.TEN),
            len(plans.TWENTY),
        ),
        "--seeds {}-{}": fresh(len(plans.TWENTY)),
    },
    CONFIG: {
        "for Jupyter Book {} (version {} and later": lambda book: (below(book), bound(book)),
        'copyright: "{}"': lambda book: book.find("CITATION.cff", r'date-released: "(\d+)-'),
        "timeout: 120": SETTING,
        "show_toc_level: 2": SETTING,
        "CC BY {}": license_of_text,
        "reach the page twice": SAYING,
        "in {:w} moves": moves,
        "two libraries disagree": "this one and PyTorch: z writes, z keeps",
        "on {:w} memory tasks": lambda book: len({run.task for run in in_grid(book)}),
        "{:,} runs say about {:w} famous claims": lambda book: (len(in_grid(book)), verdicts(book)),
        "{:w} sessions of {} minutes": timetable,
    },
    "CITATION.cff": {
        "cff-version: 1.2.0": "the form of the file",
        "version: {}": lambda book: EDITION,
        "license: CC-BY-{}": license_of_text,
        "license: {} # of the code": license_of_code,
        "under the {} license": license_of_code,
        'date-released: "{}"': lambda book: book.find("CHANGELOG.md", r"^## [\d.]+, ([\d-]+)$"),
    },
    PROJECT: {
        'version = "{}"': lambda book: EDITION,
        'requires-python = ">={}"': lambda book: pythons(book)[0],
        '"jupyter-book<{}", # builds the site; {} and later': lambda book: (bound(book), bound(book)),
        'minversion = "{}"': lambda book: book.find(PROJECT, r'"pytest>=(\d+)"'),
        "code is wrapped at {}": lambda book: book.find(PROJECT, r"^line-length = (\d+)"),
    },
    "tools/make.py": {
        "what needs {} looks for one": oldest,
        "sys.version_info < ({})": lambda book: oldest(book).replace(".", ", "),
        "has no Python {} or newer": oldest,
        '"--python-version", "{}"': oldest,
    },
    "Makefile": {
        "python3 {} python": lambda book: " ".join(f"python{one}" for one in pythons(book)[::-1]),
    },
    WORKFLOW: {
        'python: ["{}"': oldest,
        "if: matrix.python == '{}'": oldest,
    },
    ".github/workflows/newest.yml": {'python-version: "{}"': lambda book: pythons(book)[-1]},
    "CHANGELOG.md": {
        "{}, {}": lambda book: (EDITION, book.find("CITATION.cff", r'^date-released: "(.*)"')),
        "reads {:,} recorded runs of {:w} tasks: {:w} famous claims": lambda book: (
            len(in_grid(book)),
            len({run.task for run in in_grid(book)}),
            verdicts(book),
        ),
    },
    "experiments/README.md": {
        "everything in {}": precision,
        "are the halves of chrono": "forget and input",
        "--seeds {}-{}": fresh(10),
        "{:w} seeds at the middle rate on the cheap tasks, about {} minutes of {:w} cores": quick,
        "in {} steps and in {} at other rates": of_starts,
        "over {}, {} or {} steps": windows,
        "chapter {}, the start of W_h": lambda book: chapters_of("starts")[0],
        "chapter {}, recall over {} |": lambda book: (chapters_of("starts")[1], recall_beside()),
        "all {:w} constant": lambda book: len("ifo"),
        "chapter {}'s own small runs": lambda book: re.match(r"Chapter (\d)", plans.section.__doc__)[1],
        "chapter {}, the gate or its value": lambda book: chapters_of("ablations")[0],
        "chapter {}, the gates, speed": lambda book: chapters_of("ablations")[1],
        "one and {:w} units": lambda book: units_of_hello(book)[1],
        "chapters {} to {} |": lambda book: tuple(chapters_of("hello")),
        "each gate at {}, {}, its mean": lambda book: tuple(re.findall(r"i = (\d)", str(plans.LESIONS))),
        "chapter {}, which road": lambda book: chapters_of("roads")[0],
        "all keeping {:.0%} at the start": kept_at_the_start,
        "chapter {}, which move": lambda book: chapters_of("ladder")[0],
        "| recall over {} in {} steps, with right": lambda book: (
            plans.FILES["silence"].conditions[0].size,
            plans.FILES["silence"].conditions[0].budget.limit,
        ),
        "chapter {}, the noise": lambda book: chapters_of("silence")[0],
        "that keep {};": lambda book: re.search(r"above (\S+)'", str(plans.KEPT))[1],
        "chapter {}, what the state": lambda book: chapters_of("state")[0],
        "chapter {}, the table of bets": lambda book: chapters_of("grid")[0],
        "| chapter {}, until it is rewritten": lambda book: [
            int(page[len("chapters/") :][:2]) for page in book.chapters() if "results/runs.csv" in book.cells(page)
        ],
        "gate held at {};": lambda book: re.search(r"held at (\d)", laboratory.CONTROLS["open"])[1],
        "recurrent weights of {};": lambda book: re.search(r"are (\d)", laboratory.CONTROLS["blind"])[1],
        "{} window none past {} steps": lambda book: (max(windows(book)), max(windows(book))),
        "in the grid {:w}, each tried with the seeds {} to {} on": lambda book: (
            *{len(one.budget.rates) for one in plans.FILES["grid"].conditions},
            plans.TRIES[0],
            plans.TRIES[-1],
        ),
        "mean score, to {:w} digits": source_number(comparing.best_rate, r"-score, (\d)\)"),
        "{:w} to {:w} rates around": rates_reported,
        "Seeds: {} to {}, and {} to {} where runs": lambda book: (
            plans.TEN[0],
            plans.TEN[-1],
            plans.TWENTY[0],
            plans.TWENTY[-1],
        ),
        "clipped at length {},": lambda book: whole(
            inspect.signature(train.fit).parameters["max_norm"].default
        ),
        "its last {} losses": source_number(train.fit, r"values\[-(\d+):\]\) <"),
        "by {:.0%} and by more than its noise": source_number(still_falls, r"fallen > ([\d.]+) \*"),
        "by {:.0%} alone": source_number(still_falls, r"fallen > ([\d.]+) \*"),
        "noise in one run of {})": lambda book: re.search(r"one case of (\w+) \(adding\)", still_falls.__doc__)[1],
        "to {:w} digits, with": source_number(experiments.measure, r"score:\.(\d)g"),
        "run {:w} cheap rows": lambda book: int(book.find(ASKED, r"list\(again\.values\(\)\)\[:(\d)\]")),
        "and {:w} sentences: one": lambda book: max(len(one.told) for one in laboratory.VERDICTS.values()),
        "in each half of the seeds": "a question is asked of both",
        "about {:w} in {} comes": lambda book: (1, TENS[level(book)[1]]),
        "{} times in a {}": lambda book: (level(book)[0], TENS[100]),
        "took {:.2f} of that": of_its_limit,
        "bound is {} hours of {:w} cores": longest,
        "recall over {} and {} steps, adding over {}, copying over {},": left_out,
        "mean are on {:w} tasks": tasks_with(" mean", "ablations"),
        "usual bias has {} seeds": lambda book: held_gates.ABLATED["update", 100, "forget bias 1"].seeds,
        "on {:w} workers": lambda book: int(book.find("experiments/dask_trial.py", r"n_workers=(\d)")),
        "tcp://scheduler:{}": lambda book: book.find("experiments/dask_trial.py", r"tcp://scheduler:(\d+)"),
    },
    "benchmarks/README.md": {
        "slowed {:w} times": lambda book: book.constant("benchmarks/pages.py", "THROTTLE"),
        "Two aims were set": "one for forward and backward, one for forward",
        "for the {} rows": lambda book: TENS[timed(book)],
        "half its time in the geometric mean; forward alone at most 1.2 and 0.8": "the aims",
        "on two quiet cores of a Xeon": MEASURED,
        "against PyTorch 2.13.0 with": MEASURED,
        "| forward and backward | 0.68 | 1.72 | 19 of": MEASURED,
        "| forward | 0.90 | 1.78 | 25 of": MEASURED,
        "of {} |": timed,
        "| against bare products, H = {} |": units(-1),
        "| 1.63 | all, aim 1.7 |": MEASURED,
        "{:w} things stand in the way": in_the_way,
        "At H = {} the bare": units(-1),
        "take 0.7 to 1.2 of PyTorch's": MEASURED,
        "up to 1.6 times faster": MEASURED,
        "from H = {} on they": units(3),
        "One kernel against a dozen calls": SAYING,
        "ahead up to H = {}": units(2),
        "about twelve NumPy calls": SAYING,
        "At B = {}, H = {} the lines": lambda book: (sizes(book)[1][1], sizes(book)[1][3]),
        "product 2.0, tanh of all rows 0.5, the rest of σ 1.2, c 0.8, h 0.6, the interpreter 3.1": MEASURED,
        "together {:.1f}, against": together,
        "against 5.4 for PyTorch": MEASURED,
        "float64 LSTM at H = {} falls": units(2),
        "from 0.72 to 0.54 of": MEASURED,
        "less than a tenth": MEASURED,
    },
    TEACHERS: {
        "train dozens of networks": SAYING,
        "{:w} sessions of {} minutes": timetable,
        "{:w} habits carry all {:w} sessions": habits,
        "names three things": "a task of the session",
        "fit on half a sheet": SAYING,
        "Session {}: ": lambda book: [(n,) for n, _ in enumerate(sessions(book), 1)],
        "{:w} roads": lambda book: len(backward_faults.ROADS),
        "the {:w} l's": lambda book: "hello".count("l"),
        "can reach, {:.2f}": lambda book: 2 * np.log(2) / 4,
        "{:w} steps on paper": steps_in_hand,
        "the {:w} presets": presets,
        "are two things, because": SAYING,
        "About a {} is left, {}, to": lambda book: pulse(book)[:2],
        "true answer, {:.4f}, is smaller: the pulse of {} makes a state of {:.2f}": lambda book: (
            pulse(book)[3][-1],
            whole(pulse(book)[4]),
            pulse(book)[3][0],
        ),
        "At w = {} it remembers": lambda book: book.find("lib/live/js/fading_memory.js", r"latches: \{ w: ([\d.]+)"),
        "a factor below 1": "below 1 is what shrinks",
        "singular value above 1 makes": "above 1 is what may grow",
        "a {} steps, every digit": lambda book: (
            TENS[int(book.in_chapter(LSTM, r"silence, from_07 = np\.zeros\(\((\d+),"))]
        ),
        "with {:w} bands of rows": lambda book: len(lstm.Gates._fields),
        "Guess the half-life of {}, then": lambda book: half_lives(book)[2],
        "whose half-life is 100 steps": "the task of the session",
        "cell state is {:.1f} (or {:.1f})": lambda book: (
            step_in_hand(book)[1] * step_in_hand(book)[2],
            step_in_hand(book)[0] * step_in_hand(book)[3],
        ),
        "it is {:.1f} · {} + {:.1f} · ({}) = {}.": lambda book: [
            (f, c, i, g, new) for f, i, g, c, new in [step_in_hand(book)]
        ],
        "σ({}) is {}: without a bias every gate stands {} open": lambda _: (0, {0.5: "½"}[float(sigmoid(0.0))], "half"),
        "{} is gone after {} steps, for f = {}. Each": lambda book: half_lives(book)[:3],
        "of what is left: {:.1f}": lambda book: half_lives(book)[3],
        "After {} steps at {:.2f} nothing is left, since {} times {:w} percent": lambda book: faded(book)[:4],
        "A {} is left": lambda book: faded(book)[4],
        "After {} steps of counting by {}, h is {}. c is; h is below {} always": counted,
        "A gate of {} keeps the memory in {:w} cases of {:w}. It keeps {:w} {}s of it": lambda book: (
            "0.8", 8, 10, 8, PARTS[10],
        ),  # fmt: skip
        "{:w} planted mistakes": lambda book: len(backward_faults.FAULTS),
        "an error back through {:w} steps": lambda _: len(two_steps()[1]),
        "raise w from 0": "the slider's lowest",
        "is counted twice": "a wrong answer",
        "which half is true": SAYING,
        "σ(f)(1 − σ(f))": "a formula",
        "f(1 − f)": "a formula",
        "finds {:w} of the {:w} mistakes from zero states, {:w} from random": lambda book: found_in_one_step(),
        "All {:w} broken cells": lambda book: len(backward_faults.FAULTS),
        "With f = 1 the whole derivative is 1": "a wrong answer: f is all that is left of the road",
        "With w = {} the whole {}, with w = {} it {}": power,
        "{:w} moves from LSTM to GRU": moves,
        "then z = {}, z = {}, and": ends_of_z,
        "Same weights, two answers": "z keeps or z writes",
        "the {:w} bets. Everybody votes": sentences_bet,
        "the {:w} verdicts": verdicts,
        "The new state is {:.1f}, to": lambda book: gru_in_hand(book)[0],
        "and {} of {} stay": lambda book: gru_in_hand(book)[1:],
        "and r = {} at either": lambda book: ends_of_z(book)[0],
        "With r = 0 the unit has forgotten": "a wrong answer",
        "but 1 − z of it is kept": "z writes",
        "To start afresh takes z = {} as well": lambda book: book.in_chapter(
            GRU, r"At \$z = (\d)\$ and \$r = 0\$ the layer starts afresh"
        ),
        "has {:,} parameters. {:w} blocks of {} times {}: the biases are missing, {} of them": budget,
        "has {} units, {} of {}": lambda book: as_many(book)[:3],
        "square of the units: {}": lambda book: as_many(book)[3],
        "asks it of another LSTM, with one input, and there it is {}": as_many_of_the_exercise,
        "Of the {} exercises, {} are done in class, in the minutes given for them; {} are homework": given,
        "Read before: {} to {}, {} minutes": readings,
        "at 60 words a minute": "what `readings` counts with",
        "five minutes that belong to nothing": "the last row of each table: tests/test_appendix.py",
        "In 75 or 80 minutes": "the rows that are left out: tests/test_appendix.py",
        "Four sessions. Leave out the fifth": SAYING,
        "or leave out the fourth": SAYING,
        "Two sessions. The second and the third": SAYING,
        "With r = {} a GRU is an RNN. Only with z = {} as well": lambda book: book.in_chapter(
            GRU, r"It takes \*\*both\*\*, \$r = (\d)\$ and \$z = (\d)\$"
        ),
        "A forget bias of {} is a long memory. Over a gap of {} at most {} of {} runs learn from it, "
        "at any of {} rates": from_the_usual_bias,
        "{} of {} runs learns it without the input gate, so the gate is needed. Of the next {} all do": first_seeds,
        "{} is better than chance. By {:w} standard deviations, with {} sequences": by_luck,
        "Python {} or newer": oldest,
        "pip 25.1 or newer": PIP,
    },
}  # fmt: skip
WHOLE = (
    "README.md",
    "CONTRIBUTING.md",
    CONFIG,
    "CITATION.cff",
    "experiments/README.md",
    "benchmarks/README.md",
    TEACHERS,
)
