"""What ablations.csv is asked, for chapters 2 and 5."""

from typing import NamedTuple

from lib.laboratory.questions.asking import COUNTED, RECALL, START, ask, ask_steps, name_of, rnn
from lib.laboratory.verdicts import as_many, better, more, most

GATES = {
    "i": "the input gate",
    "f": "the forget gate",
    "o": "the output gate",
    "if": "input and forget gate",
}
GATES["ifo"] = "all three gates"
TOGETHER = GATES | {"io": "input and output gate", "fo": "forget and output gate"}
WAYS = {
    "": "held open",
    " constant": "held at the usual constant",
    " mean": "held at each unit's own mean",
}


class Held(NamedTuple):
    """What is held in a task from a start."""

    seeds: int  # 20 where runs are counted, 10 where means are compared
    gates: tuple = ("i", "f", "o", "if")
    ways: tuple = ("", " constant")
    others: tuple = ()  # beside it: "coupled", the coupled cell; "ifo", all three at their constants


WHOLE = dict(ways=tuple(WAYS), others=("coupled", "ifo"))
APART, WRITING = ("i", "f", "o"), ("i", "f")
ABLATED = {  # in this order
    ("recall", 20, "chrono"): Held(20, **WHOLE),
    ("recall", 20, "forget bias 1"): Held(20, **WHOLE),
    ("adding", 50, "chrono"): Held(10, **WHOLE),
    ("adding", 50, "forget bias 1"): Held(10, **WHOLE),
    ("update", 100, "chrono"): Held(20, **WHOLE),
    ("update", 100, "forget bias 1"): Held(10, APART, others=("coupled",)),
    ("prose", 50, "forget bias 1"): Held(10, ways=tuple(WAYS), others=("coupled",)),
    ("prose", 50, "chrono"): Held(10, APART, others=("coupled",)),
    ("digits", 64, "forget bias 1"): Held(10, APART),
    ("digits", 64, "chrono"): Held(10, APART),
    ("recall", 100, "chrono"): Held(20, APART),
    ("counting", 10, "forget bias 1"): Held(10, others=("coupled",)),
    ("counting", 10, "chrono"): Held(10, others=("coupled",)),
    ("running sum", 30, "forget bias 1"): Held(10, WRITING),
    ("running sum", 30, "chrono"): Held(10, WRITING),
    ("rare update", 100, "chrono"): Held(10, WRITING),
}
TIMED_AGAINST = ("adding", "update")  # there steps are compared, and the GRU's with them
ONE_HELD = ("", "i", "i constant", "f", "f constant", "o", "o constant")
TOGETHER_HELD = ("if constant", "io constant", "fo constant", "ifo constant")
TIMED = {  # of chapter 2's runs: the start, the rate, and what is held, with five times as many steps
    ("update", 40): ("chrono 20", 0.02, ONE_HELD + TOGETHER_HELD),
    ("adding", 20): ("chrono", 0.02, ONE_HELD + TOGETHER_HELD),
    ("recall", 20): ("chrono 50", 0.01, ("", "i", "i constant", "ifo constant")),
}


def asked():
    """Of each gate, task and start: is it the gate that is needed, or only its usual value?"""
    for (task, size, start), held in ABLATED.items():
        free, rest = ("LSTM", start), "with all gates free"
        compared = as_many if task in COUNTED and held.seeds == 20 else better
        few = dict(seeds=held.seeds)
        for hold in holds(task, size, start):
            gates, _, how = hold.partition(" ")
            pair = ((*free, hold), free)
            subject = (
                f"{task} {size} from {START[start]} with {GATES[gates]} {WAYS[how and ' ' + how]}"
            )
            name = name_of(task, size, gates, how or "open", start)
            yield name, ask(compared, subject, rest, (task, size), *pair, **few)
            if task in TIMED_AGAINST and gates in APART and how != "mean":
                yield f"{name}-steps", ask_steps(subject, rest, (task, size), *pair, **few)
        if "coupled" in held.others:
            pair = ("coupled LSTM", start), free
            subject = f"{task} {size} from {START[start]} by the coupled LSTM"
            yield (
                name_of(task, size, "coupled", start),
                ask(compared, subject, "by the LSTM", (task, size), *pair, **few),
            )
    for task, size in (("adding", 50), ("update", 100)):
        for rate in (0.01, 0.03, 0.1):
            for cell, start in (("GRU", "update bias -2"), ("coupled LSTM", "chrono")):
                pair = (cell, start), ("LSTM", "chrono")
                subject = f"{task} {size} at a rate of {rate} by the {cell}"
                at = dict(seeds=10, rates=1, rate=rate)
                yield (
                    name_of(task, size, cell, "quick at", rate),
                    ask_steps(subject, "by the LSTM from chrono", (task, size), *pair, **at),
                )
    pair = ("LSTM", "chrono"), ("LSTM", "forget bias 1")
    yield (
        "adding-50-start",
        ask(better, "adding 50 from chrono", "from a forget bias of 1", ("adding", 50), *pair),
    )
    pair = ("LSTM", "chrono"), ("coupled LSTM", "forget bias 1")
    yield (
        "adding-50-start-or-cell",
        ask_steps("adding 50 from chrono", "with coupled gates", ("adding", 50), *pair),
    )
    pair = ("LSTM", "forget bias 1", "i"), ("LSTM", "forget bias 1", "f")
    yield (
        "prose-i-against-f",
        ask(
            better,
            "prose without an input gate",
            "without a forget gate",
            ("prose", 50),
            *pair,
        ),
    )
    yield from section()


def holds(task, size, start):
    """What is held there, in the order of the plan; the free cell is not among them."""
    held = ABLATED[task, size, start]
    for way in held.ways:
        for gates in held.gates:
            if not (way == " mean" and gates == "if" and task != "recall"):  # each alone tells
                yield gates + way
    if "ifo" in held.others:
        yield "ifo constant"


def given_time():
    """The same in 1500 steps: is a gate that is held still out of reach, or slow? And which ones together?"""
    for task, (start, rate, holds) in TIMED.items():
        for hold in holds:
            gates, _, how = hold.partition(" ")
            words = f"{TOGETHER[gates]} {WAYS[how and ' ' + how]}" if hold else "all gates free"
            subject = f"{task[0]} {task[1]} with 8 units, {words} and 1500 steps"
            alone = dict(seeds=20, rates=1, rate=rate, limit=1500)
            name = name_of("time", *task, hold or "free")
            yield name, ask(most, subject, "", task, ("LSTM", start, hold, 8), **alone)


def section():
    """Chapter 2's own small runs: 8 units, 300 steps, one rate; and five times as many steps."""
    yield from given_time()
    one = dict(seeds=20, rates=1, rate=0.01, limit=300)
    for start, words in (("chrono", "told its 22 steps"), ("chrono 50", "told 50 steps")):
        free = "LSTM", start, "", 8
        for hold in ("i", "f", "o", "i constant", "f constant", "o constant", "ifo constant"):
            gates, _, how = hold.partition(" ")
            subject = f"recall 20 with 8 units from chrono {words} and {GATES[gates]} {WAYS[how and ' ' + how]}"
            name = name_of("section", start, hold)
            yield name, ask(most, subject, "", RECALL, ("LSTM", start, hold, 8), **one)
            yield (
                f"{name}-against-free",
                ask(
                    as_many,
                    subject,
                    "with all gates free",
                    RECALL,
                    ("LSTM", start, hold, 8),
                    free,
                    **one,
                ),
            )
    pair = ("LSTM", "chrono 50", "i", 16), ("LSTM", "chrono 50", "i", 8)
    yield (
        "section-room",
        ask(
            more,
            "recall 20 with 16 units and the input gate held open",
            "with 8 units",
            RECALL,
            *pair,
            **one,
        ),
    )
    for rate in (0.01, 0.03):
        at = dict(seeds=20, rates=1, rate=rate, limit=300)
        for start in ("forget bias 0", "forget bias 1", "forget bias 3", "chrono 50"):
            subject = f"recall 20 by an LSTM of 8 units from {START[start]} at a rate of {rate}"
            mine = "LSTM", start, "", 8
            yield name_of("section", start, "at", rate), ask(most, subject, "", RECALL, mine, **at)
            pair, other = (
                (mine, rnn("orthogonal W_h", "", 8)),
                "by an RNN of 8 units from an orthogonal W_h",
            )
            yield (
                name_of("section", start, "against the rnn at", rate),
                ask(more, subject, other, RECALL, *pair, **at),
            )
    for hold in ("i", "i constant", "f", "f constant", "o"):
        gates, _, how = hold.partition(" ")
        words = f"{GATES[gates]} {WAYS[how and ' ' + how]}"
        for task, start in ((("update", 40), "chrono 20"), (("adding", 20), "chrono")):
            pair = ("LSTM", start, hold), ("LSTM", start)
            subject = f"{task[0]} {task[1]} with 8 units and {words}"
            yield (
                name_of("section", *task, hold),
                ask(
                    as_many,
                    subject,
                    "with all gates free",
                    task,
                    *pair,
                    seeds=20,
                    rates=1,
                    limit=300,
                ),
            )
    for cell, start in (
        ("coupled LSTM", "forget bias 1"),
        ("peephole LSTM", "forget bias 1"),
        ("LSTM of 1997", "as it was"),
        ("LSTM", "chrono"),
    ):
        pair, words = (
            ((cell, start), ("LSTM", "forget bias 1")),
            f"the {cell}" if cell != "LSTM" else "the LSTM from chrono",
        )
        yield (
            name_of("section adding", words[4:]),
            ask(
                more,
                f"adding 20 with 8 units by {words}",
                "by the LSTM from a forget bias of 1",
                ("adding", 20),
                *pair,
                seeds=20,
                rates=1,
                limit=300,
            ),
        )
