"""What the laboratory runs, file by file: conditions, learning rates, seeds, and what is written down.

A file of experiments/results is a Cut: its conditions, the seeds that choose a learning rate (or none:
then every rate is reported), what its rows hold beyond Run and Row (`MORE`), and whose weights are
kept. `FILES` are the whole, `CUTS` the whole and its smaller parts.
"""

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lib import backward_faults, laboratory, losses, tasks, train
from lib.laboratory import CELLS, STARTS
from lib.laboratory.posed import steps_in
from lib.laboratory.questions import ablations as held_gates
from lib.laboratory.questions import grid as bets
from lib.laboratory.questions import ladder as rungs
from lib.laboratory.trials import gates_of, own_mean, trained

TRIES = (100, 101, 102, 103, 104)  # the seeds that choose a rate
SIX = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
THREE = (0.01, 0.03, 0.1)
FOUR = (0.003, *THREE)


class Budget(NamedTuple):
    """How a condition is run; the same for all cells of a task."""

    limit: int
    hidden_size: int = 16
    batch: int = 16
    seeds: tuple = tuple(range(10))  # that are reported
    rates: tuple = THREE


class Condition(NamedTuple):
    """What is compared: the first columns of Run, and a Budget."""

    task: str
    size: int
    cell: str
    start: str
    hold: str
    hidden_size: int
    budget: Budget


class Cut(NamedTuple):
    """A file of runs, or a part of it."""

    conditions: list  # of Condition
    tries: tuple = ()  # seeds that choose the rate; none: every rate is reported
    more: str = ""  # of MORE
    keep: Callable = lambda run: False  # whether a run's trained weights are kept

    def on(self, seeds, middle=False):
        """The same on other seeds, and, if asked, at the middle rate alone."""
        changed = []
        for one in self.conditions:
            rates = one.budget.rates
            rates = rates[len(rates) // 2 :][:1] if middle else rates
            changed.append(
                one._replace(budget=one.budget._replace(seeds=tuple(seeds), rates=rates))
            )
        return self._replace(conditions=changed)


def condition(task, size, cell, start, hold="", budget=None, hidden_size=None):
    """A Condition; its budget is the task's."""
    budget = budget or BUDGETS[task, size]
    return Condition(task, size, cell, start, hold, hidden_size or budget.hidden_size, budget)


def parameters(cell, inputs, hidden_size):
    """How many numbers a cell learns."""
    params = CELLS[cell].init_params(np.random.default_rng(0), inputs, hidden_size)
    return sum(part.size for part in params)


def arguments(run):
    """What `trained` takes in order."""
    return run.task, CELLS[run.cell], run.size, run.seed


def options(run):
    """What it takes by name."""
    given = dict(STARTS[run.start])
    if isinstance(told := given.get("longest"), str):
        given["longest"] = {"steps": 1, "ten times": 10}[told] * steps_in(run.task, run.size)
    names = ("limit", "learning_rate", "hidden_size", "batch")
    return given | {name: getattr(run, name) for name in names} | dict(control=run.hold)


def as_large(cell, inputs, hidden_size):
    """The H with which a cell has the parameters of an LSTM of `hidden_size`, as nearly as can be."""
    wanted = parameters("LSTM", inputs, hidden_size)
    sizes = range(hidden_size, 8 * hidden_size + 1)
    at_least = bisect_left(sizes, wanted, key=lambda H: parameters(cell, inputs, H))
    around = sizes[max(at_least - 1, 0) : at_least + 1]
    return min(around, key=lambda H: abs(parameters(cell, inputs, H) - wanted))


TEN, TWENTY = (
    tuple(range(10)),
    tuple(range(20)),
)  # seeds where means are compared, and where runs are counted
BUDGETS = {
    ("recall", 10): Budget(800),
    ("recall", 20): Budget(800, seeds=TWENTY),
    ("recall", 50): Budget(800, seeds=TWENTY),
    ("recall", 100): Budget(800, seeds=TWENTY),
    ("adding", 30): Budget(800, seeds=TWENTY),
    ("adding", 50): Budget(1500, seeds=TWENTY),
    ("adding", 100): Budget(1500, seeds=TWENTY),
    ("copy", 20): Budget(1000, seeds=TWENTY),
    ("copy", 50): Budget(1000, seeds=TWENTY),
    ("counting", 10): Budget(2000, hidden_size=4),
    ("update", 100): Budget(800, seeds=TWENTY),
    ("rare update", 100): Budget(800),
    ("update", 40): Budget(300, hidden_size=8, seeds=TWENTY, rates=(0.02,)),  # as chapter 2 runs it
    ("adding", 20): Budget(300, hidden_size=8, batch=32, seeds=TWENTY, rates=(0.02,)),
    ("running sum", 30): Budget(1000),
    ("balance", 20): Budget(1500),
    ("parity", 20): Budget(2000),
    ("permutations", 20): Budget(2000),
    ("digits", 8): Budget(1000, hidden_size=32),
    ("digits", 64): Budget(1500, hidden_size=32),
    ("prose", 50): Budget(1000, hidden_size=32),
    ("hello", 4): Budget(300, hidden_size=8, batch=1, seeds=TWENTY),
}

# --- The grid: every cell from every start on every task of chapter 5


def grid():
    """The conditions of grid.csv."""
    for (task, size), seeds in bets.GRID.items():
        budget = BUDGETS[task, size]._replace(rates=SIX, seeds=tuple(range(seeds)))
        inputs, _ = laboratory.TASKS[task].shape(size)
        for cell, start in bets.started(task, size):
            yield condition(task, size, cell, start, "", budget)
        for cell, start in bets.as_large(task, size):
            large = as_large(cell, inputs, budget.hidden_size)
            yield condition(task, size, cell, start, "", budget, large)


# --- Ablations: is it the gate, or its value?

AROUND = {  # rates around the free cell's, where they are not the usual three
    ("recall", 20, "forget bias 1"): (0.003, 0.01, 0.03),
    ("recall", 20, "chrono"): FOUR,  # an input gate held open learns at the lowest
    ("recall", 100, "chrono"): (0.003, 0.01, 0.03),
}
SECTION = Budget(300, hidden_size=8, seeds=TWENTY, rates=(0.01,))  # as chapter 2 runs recall


def section():
    """Chapter 2's own small runs, at its sizes, rate and limit."""
    both = SECTION._replace(rates=(0.01, 0.03))
    for start in ("chrono", "chrono 50"):  # told the length, and told 50 steps
        yield condition("recall", 20, "LSTM", start, "", both)
        for hold in ("i", "i constant", "f", "f constant", "o", "o constant", "ifo constant"):
            yield condition("recall", 20, "LSTM", start, hold, SECTION)
    for start in ("forget bias 0", "forget bias 1", "forget bias 3"):
        yield condition("recall", 20, "LSTM", start, "", both)
    for cell, start in (("RNN", "uniform"), ("RNN", "orthogonal W_h")):
        yield condition("recall", 20, cell, start, "", both)
    for hold in ("", "i"):  # with more room
        yield condition("recall", 20, "LSTM", "chrono 50", hold, SECTION, 16)
    for hold in ("", "i", "i constant", "f", "f constant", "o"):
        yield condition("update", 40, "LSTM", "chrono 20", hold)
        yield condition("adding", 20, "LSTM", "chrono", hold)
    yield from given_time()
    for cell, start in (("LSTM", "forget bias 1"), ("coupled LSTM", "forget bias 1")):
        yield condition("adding", 20, cell, start)
    for cell, start in (("peephole LSTM", "forget bias 1"), ("LSTM of 1997", "as it was")):
        yield condition("adding", 20, cell, start)


def given_time():
    """The same, five times as long: is a gate that is held still out of reach, or slow? And which ones together?"""
    for (task, size), (start, rate, holds) in held_gates.TIMED.items():
        budget = SECTION if task == "recall" else BUDGETS[task, size]
        budget = budget._replace(limit=1500, rates=(rate,))
        for hold in holds:
            yield condition(task, size, "LSTM", start, hold, budget)


def ablations():
    """The conditions of ablations.csv."""
    yield from section()
    for (task, size, start), held in held_gates.ABLATED.items():
        budget = BUDGETS[task, size]
        rates = AROUND.get((task, size, start), budget.rates)
        budget = budget._replace(rates=rates, seeds=tuple(range(held.seeds)))
        for hold in ("", *held_gates.holds(task, size, start)):
            yield condition(task, size, "LSTM", start, hold, budget)
        if "coupled" in held.others:
            yield condition(task, size, "coupled LSTM", start, "", budget)
    for task, size in (("recall", 20), ("adding", 50), ("update", 100)):
        rates = AROUND.get((task, size, "forget bias 1"), BUDGETS[task, size].rates)
        seeds = TWENTY if task == "recall" else TEN
        budget = BUDGETS[task, size]._replace(rates=rates, seeds=seeds)
        yield condition(task, size, "GRU", "update bias -2", "", budget)


# --- The ladder from the LSTM to the GRU, all keeping 88 % a step at the start

LADDER = [
    (*rungs.LSTM, ""),
    (*rungs.LSTM, "o"),
    (*rungs.COUPLED, ""),
    (*rungs.COUPLED, "o"),
    (*rungs.GRU, "r"),
    (*rungs.GRU, "r constant"),
    (*rungs.GRU, ""),
    ("RNN", "orthogonal W_h", ""),
    (*rungs.MINIMAL, ""),
]
LONGER = {  # at the rate that was each one's best
    (*rungs.LSTM, ""): 0.03,
    (*rungs.LSTM, "o"): 0.03,
    (*rungs.GRU, ""): 0.01,
    (*rungs.GRU, "r"): 0.01,
}
LOST = [  # also run with a whole cell's weights
    (*rungs.COUPLED, "o"),
    (*rungs.GRU, "r"),
    (*rungs.GRU, "r constant"),
]


def ladder():
    """The conditions of ladder.csv."""
    for (task, size), seeds in rungs.LADDER.items():
        budget = BUDGETS[task, size]._replace(seeds=tuple(range(seeds)))
        for cell, start, hold in LADDER:
            yield condition(task, size, cell, start, hold, budget)
        if task == "prose":  # is it the gate, or its value?
            for cell, start in (rungs.LSTM, rungs.COUPLED):
                yield condition(task, size, cell, start, "o constant", budget)
            for (cell, start, hold), rate in LONGER.items():  # or is it slow?
                longer = budget._replace(limit=3000, rates=(rate,))
                yield condition(task, size, cell, start, hold, longer)
        if (task, size) in rungs.AS_LARGE:  # or its weights?
            for cell, start, hold in LOST:
                yield condition(task, size, cell, start, hold, budget, rungs.AS_LARGE[task, size])
        if task == "running sum":  # a reset that is shut for good: the candidate sees x alone
            yield condition(task, size, "GRU", "update bias -2", "rn blind", budget)
        if task == "recall":  # is it the additive road, or the start of W_h?
            for start in ("update bias -2", "orthogonal W_h, update bias -2"):
                for hold in ("z", "rz"):
                    yield condition(task, size, "GRU", start, hold, budget)
            for start in ("orthogonal W_h, update bias -2", "update bias 0", "update bias 2"):
                yield condition(task, size, "GRU", start, "", budget)


# --- Roads: which one does learning need?

OTHER_ROADS = [
    ("GRU", "update bias 0"),
    ("RNN", "uniform"),
    ("GRU", "update bias -2"),
    ("RNN", "orthogonal W_h"),
]


def roads():
    """The conditions of roads.csv."""
    for size, seeds in ((30, TWENTY), (100, TEN)):
        budget = BUDGETS["adding", size]._replace(seeds=seeds)
        for start in ("forget bias 1", "chrono"):
            for hold in ("", "h cut", "c cut"):
                yield condition("adding", size, "LSTM", start, hold, budget)
        # without an additive road that could open
        yield condition("adding", size, "LSTM", "forget bias 1", "f constant", budget)
        for cell, start in OTHER_ROADS[: 4 if size == 30 else 2]:
            yield condition("adding", size, cell, start, "", budget)
        for cell, start in (("LSTM", "forget bias 1"), ("GRU", "update bias 0")):
            if size == 30:  # does the task build the road, or training alone?
                yield condition("adding", size, cell, start, "answers shuffled", budget)


# --- hello: does a placebo help as well?


def hello():
    """The conditions of hello.csv."""
    budget = BUDGETS["hello", 4]._replace(rates=(0.01, 0.03))
    for cell, start in (("RNN", "uniform"), ("LSTM", "forget bias 1"), ("GRU", "update bias 0")):
        for hold in ("", "cell frozen", "readout frozen", "gradient random", "direction random"):
            yield condition("hello", 4, cell, start, hold, budget)
    for mistake in range(1, 1 + len(backward_faults.FAULTS)):  # 5 and 7 are the roads cut, below
        if mistake not in (5, 7):
            yield condition("hello", 4, "LSTM", "forget bias 1", f"{mistake} mistake", budget)
    for units in (1, 2):
        yield condition("hello", 4, "RNN", "uniform", "", budget, units)
    for hold in ("h cut", "c cut", "i", "f", "o", "if", "i constant", "f constant", "o constant"):
        yield condition("hello", 4, "LSTM", "forget bias 1", hold, budget)


# --- Starts: an orthogonal W_h, with and without the wider input weights that it used to bring along

FIRST = Budget(300, seeds=TWENTY, rates=(0.01,))  # as chapter 1 runs recall


def starts():
    """The conditions of starts.csv."""
    starts = ("uniform", "orthogonal", "orthogonal W_h")
    for gap in (20, 50):
        for start in (*starts, "uniform, Glorot W_x"):
            yield condition("recall", gap, "RNN", start, "", FIRST)
        for start in ("orthogonal W_h", "orthogonal"):
            yield condition("recall", gap, "RNN", start, "gradient unclipped", FIRST)
        for start in starts:  # each at rates around its own, and with more time
            budget = BUDGETS["recall", gap]._replace(rates=(0.003, 0.01, 0.03))
            yield condition("recall", gap, "RNN", start, "", budget)
    for start in starts:  # the gradient carried back over so many steps, no further
        for window in (1, 11):
            yield condition("recall", 20, "RNN", start, f"{window} window", FIRST)
        yield condition("recall", 20, "RNN", start, "answers shuffled", FIRST)
        budget = Budget(200, hidden_size=10, batch=10, seeds=TWENTY, rates=FOUR)
        yield condition("recall", 32, "RNN", start, "", budget)  # as chapter 5 runs it
    for hold in ("", "1 window", "4 window"):
        yield condition("recall", 5, "RNN", "uniform", hold, FIRST)


# --- Silence: what do units keep when there is nothing to learn?


def silence():
    """The conditions of silence.csv."""
    budget = Budget(200, hidden_size=10, batch=10, seeds=TWENTY, rates=FOUR)
    for start in ("chrono", "chrono, ten times"):
        yield condition("recall", 32, "LSTM", start, "", budget)
    more = budget._replace(limit=800, rates=(0.003,))  # what is flat at 200 steps, given time
    for hold in ("", "f"):
        yield condition("recall", 32, "LSTM", "forget bias 1", hold, more)
    for cell, start in (
        ("GRU", "update bias 0"),
        ("GRU", "update bias -2"),
        ("coupled LSTM", "forget bias 1"),
        ("LSTM", "forget bias 1"),
        ("LSTM", "biases 1, -1"),
        ("LSTM", "forget bias 3"),
        ("LSTM", "biases 3, -3"),
        ("minGRU", "update bias 0"),
        ("minGRU", "update bias -2"),
    ):
        for hold in ("answers shuffled", ""):
            yield condition("recall", 32, cell, start, hold, budget)


# --- State: what is it good for that the gates see it?

STATES = [
    ("GRU", "update bias -2", ""),
    ("GRU", "update bias -2", "z blind"),  # the candidate alone sees h
    ("GRU", "update bias -2", "rn blind"),  # the update gate alone sees h
    ("GRU", "update bias -2", "rzn blind"),
    ("minGRU", "update bias -2", ""),
    ("minLSTM", "chrono", ""),
    ("LSTM", "chrono", ""),
    ("coupled LSTM", "chrono", ""),
    ("RNN", "orthogonal W_h", ""),
    ("two-layer minGRU", "update bias -2", ""),
    ("signed minGRU", "update bias -2", ""),
    ("free minLSTM", "chrono", ""),
    ("free minLSTM", "chrono", "f constant"),  # the input gate alone
    ("free minLSTM", "chrono", "if constant"),  # a fixed decay, no gate
]
LOWER = (0.003, 0.01, 0.03)


def state():
    """The conditions of state.csv."""
    for task, size in (
        ("recall", 20),
        ("parity", 20),
        ("rare update", 100),
        ("permutations", 20),
        ("copy", 20),
    ):
        counted = task in ("recall", "parity")
        budget = BUDGETS[task, size]._replace(seeds=TWENTY if counted else TEN)
        if task in ("parity", "permutations"):
            budget = budget._replace(rates=LOWER)
        for cell, start, hold in STATES:
            yield condition(task, size, cell, start, hold, budget)


# --- What a file's rows hold beyond Run and Row: columns, and how a trained model is asked for them

FAR = {  # sizes at which a model is asked again, trained no more
    "recall": (50, 100, 200, 500, 1000),
    "parity": (40, 100, 500),
    "permutations": (40, 100, 500),
}
AT = {size: f"at {size}" for size in (40, 50, 100, 200, 500, 1000)}


def reach(run, model, hold):
    """A trained model's score at other sizes of its task."""
    posed, found = laboratory.TASKS[run.task], {}
    for size in FAR.get(run.task, ()):
        batch = posed.test(np.random.default_rng([run.seed, 4]), size, 200, "test")
        found[AT[size]] = f"{posed.measure(model, batch, hold):.4g}"
    return found


ROADS = tuple(
    f"{what} {when}" for when in ("before", "after") for what in ("road", "whole", "input", "f")
)


def both_roads(run, model, hold):
    """How much of the gradient at the last state is left at the first one, before and after training.

    By the additive road alone, the product of the forget gates (of 1 - z), and by all roads: of the
    state that the road runs along, c or h. `input`: of the gradient at the last x_t, what is left at the
    first. All are roots of mean squares over 200 fresh sequences. `f` is the unit that keeps most, by its
    mean. Of an RNN, which has no such road, two columns are empty.
    """
    rng = np.random.default_rng([run.seed, 4])
    batch = laboratory.TASKS[run.task].train(rng, run.size, 200)
    values = [*left(untrained(run), batch), *left(model, batch)]
    return {
        name: "" if value is None else f"{value:.4g}"
        for name, value in zip(ROADS, values, strict=True)
    }


def untrained(run):
    """The model that a run began with."""
    young = dict(options(run), limit=1, learning_rate=0.0)
    return trained(*arguments(run), **young)[0].model


def left(model, batch):
    """(by the additive road, by all, at the inputs, the largest mean f) at the first step, of the last."""
    slopes = train.slopes(model, batch, losses.squared_error)
    d = getattr(slopes.cell.states, "c", slopes.cell.states.h)
    size, kept = length(d[-1]), kept_share(train.run(model, batch.x).trace.gates)
    whole, inputs = length(d[0]) / size, length(slopes.cell.x[0]) / length(slopes.cell.x[-1])
    if kept is None:
        return None, whole, inputs, None
    return length(kept.prod(axis=0) * d[-1]) / size, whole, inputs, kept.mean(axis=(0, 2)).max()


def length(part):
    """The root of the mean square."""
    return np.sqrt((part**2).mean())


def kept_share(gates):
    """The share of its state that a unit keeps at each step, (T, H, B): f, or 1 - z; None of an RNN."""
    return None if gates is None else gates.f if "f" in gates._fields else 1 - gates.z


HALFWAY = {"f": ("0.3", "0.5", "0.6", "grand mean"), "z": ("0.5", "0.8")}
LESIONS = [f"{gate} = {v}" for gate in "ifrzo" for v in ("0", "1", "mean", *HALFWAY.get(gate, ()))]
LESIONS += ["rz = 1"]


def spelled(run, model, hold):
    """What a model of hello spells, whole and with each gate of its own held, in the test alone."""
    found = {"whole": train.spell(model, "h", 5, tasks.HELLO, hold)}
    if hold or not gates_of(model.cell):
        return found
    means = own_mean(model, tasks.hello().x)
    for lesion in LESIONS:
        gates, value = lesion.split(" = ")
        if set(gates) <= set(means):
            held = {
                gate: {"mean": means[gate], "grand mean": means[gate].mean()}.get(value)
                for gate in gates
            }
            held = {gate: float(value) if v is None else v for gate, v in held.items()}
            found[lesion] = train.spell(model, "h", 5, tasks.HELLO, held)
    return found


KEPT = ("kept before", "kept after", "units up", "above 0.9", "most kept", "o after")


def kept(run, model, hold):
    """What units keep of their state at a distractor, before and after training.

    Their mean; the share of units that came to keep more; of those that keep more than 0.9; the unit
    that keeps most; and the mean output gate, where there is one.
    """
    x = laboratory.TASKS[run.task].train(np.random.default_rng([run.seed, 4]), run.size, 100).x
    gates = [train.run(one, x, hold=hold).trace.gates for one in (untrained(run), model)]
    before, after = (kept_share(one)[1:-1].mean(axis=(0, 2)) for one in gates)
    values = before.mean(), after.mean(), (after > before).mean(), (after > 0.9).mean(), after.max()
    found = dict(zip(KEPT, (f"{value:.4g}" for value in values), strict=False))
    return found | ({"o after": f"{gates[1].o.mean():.4g}"} if "o" in gates[1]._fields else {})


MORE = {
    "": ((), None),
    "reach": (tuple(AT.values()), reach),
    "roads": (ROADS, both_roads),
    "spelled": (("whole", *LESIONS), spelled),
    "kept": (KEPT, kept),
}


def shown(*names):
    """Whether a run's weights are kept: seed 0 at a middle rate, of these holds."""
    return lambda run: run.seed == 0 and run.learning_rate in (0.01, 0.03) and run.hold in names


FILES = {  # in the order in which they are made
    "starts": Cut(list(starts())),
    "ablations": Cut(list(ablations())),
    "ladder": Cut(list(ladder()), keep=lambda run: run.task == "running sum" and run.seed == 0),
    "hello": Cut(list(hello()), more="spelled", keep=shown("")),
    "roads": Cut(list(roads()), more="roads", keep=shown("")),
    "silence": Cut(list(silence()), more="kept"),
    "state": Cut(list(state()), more="reach", keep=shown("", "z blind", "rn blind", "rzn blind")),
    "grid": Cut(list(grid()), TRIES),
}

SMALL = Budget(150, hidden_size=8, batch=8, seeds=(0,), rates=(0.0001, 0.03))
SMALL_CUT = [
    condition("recall", 4, "RNN", "orthogonal", "", SMALL),
    condition("recall", 4, "LSTM", "chrono", "", SMALL),
    condition("copy", 2, "GRU", "update bias 0", "", SMALL),
    condition("digits", 8, "LSTM", "forget bias 1", "o", SMALL),
    condition("prose", 10, "GRU", "update bias -2", "", SMALL),
]
CHEAP = ("recall", "adding", "update", "hello", "parity")


def quick():
    """Six seeds at the middle rate, on the tasks that are cheap: {file: Cut}."""
    for name in ("starts", "ablations", "hello", "roads", "state"):
        few = [one for one in FILES[name].conditions if one.task in CHEAP]
        yield name, FILES[name]._replace(conditions=few).on(range(6), middle=True)


CUTS = {"whole": FILES, "quick": dict(quick()), "tests": {"runs": Cut(SMALL_CUT, (100,))}}
