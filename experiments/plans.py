"""What the laboratory runs, file by file: conditions, learning rates, seeds, and what is written down.

A file of experiments/results is a Cut: its conditions, the seeds that choose a learning rate (or none:
then every rate is reported), what its rows hold beyond Run and Row (`MORE`), and whose weights are
kept. `FILES` are the whole, `CUTS` the whole and its smaller parts.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from lib import laboratory, losses, tasks, train
from lib.laboratory import CELLS, STARTS
from lib.laboratory.posed import steps_in
from lib.laboratory.trials import gates_of, own_mean, trained

TRIES = (100, 101, 102, 103, 104)  # the seeds that choose a rate
SIX = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
THREE = (0.01, 0.03, 0.1)


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
    if "longest" in given:
        given["longest"] = steps_in(run.task, run.size)
    names = ("limit", "learning_rate", "hidden_size", "batch")
    return given | {name: getattr(run, name) for name in names} | dict(control=run.hold)


def as_large(cell, inputs, hidden_size):
    """The H with which a cell has the parameters of an LSTM of `hidden_size`, as nearly as can be."""
    wanted = parameters("LSTM", inputs, hidden_size)
    sizes = range(hidden_size, 8 * hidden_size + 1)
    return min(sizes, key=lambda H: abs(parameters(cell, inputs, H) - wanted))


TWENTY = tuple(range(20))  # seeds where the text counts them
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

STARTED = [
    ("RNN", "uniform"),
    ("RNN", "orthogonal W_h"),
    ("ReLU RNN", "identity"),
    ("LSTM", "forget bias 0"),
    ("LSTM", "forget bias 1"),
    ("LSTM", "forget bias 3"),
    ("LSTM", "biases 3, -3"),
    ("LSTM", "chrono"),
    ("LSTM", "chrono forget"),
    ("LSTM", "chrono input"),
    ("GRU", "update bias 0"),
    ("GRU", "update bias -2"),
    ("minGRU", "update bias -2"),
    ("minLSTM", "chrono"),
]
PLACED = [("GRU reset after", "update bias 0"), ("GRU reset after", "update bias -2")]
AS_LARGE = [  # with an LSTM's parameters
    ("RNN", "orthogonal W_h"),
    ("GRU", "update bias 0"),
    ("GRU", "update bias -2"),
    ("minGRU", "update bias -2"),
    ("minLSTM", "chrono"),
]
GRID = [
    ("recall", 20),
    ("recall", 100),
    ("adding", 50),
    ("copy", 50),
    ("counting", 10),
    ("update", 100),
    ("digits", 64),
    ("prose", 50),
]


def grid():
    """The conditions of grid.csv."""
    for task, size in GRID:
        budget = BUDGETS[task, size]._replace(rates=SIX)
        inputs, _ = laboratory.TASKS[task].shape(size)
        for cell, start in STARTED + (PLACED if task in ("counting", "prose") else []):
            yield condition(task, size, cell, start, "", budget)
        for cell, start in AS_LARGE:
            large = as_large(cell, inputs, budget.hidden_size)
            if (
                large < 4 * budget.hidden_size
            ):  # an x of one number asks minGRU for a thousand units
                yield condition(task, size, cell, start, "", budget, large)


# --- Ablations: is it the gate, or its value?

GATES = ("i", "f", "o", "if")
AROUND = {  # rates around the free cell's, where they are not the usual three
    ("recall", 20, "forget bias 1"): (0.003, 0.01, 0.03),
}
ABLATED = {  # in this order: the starts, what is done to each of GATES
    ("recall", 20): (("chrono", "forget bias 1"), ("", " constant", " mean")),
    ("adding", 50): (("chrono", "forget bias 1"), ("", " constant", " mean")),
    ("update", 100): (("chrono", "forget bias 1"), ("", " constant", " mean")),
    ("prose", 50): (("forget bias 1", "chrono"), ("", " constant", " mean")),
    ("digits", 64): (("forget bias 1", "chrono"), ("", " constant")),
    ("recall", 100): (("chrono",), ("", " constant")),
    ("counting", 10): (("forget bias 1", "chrono"), ("", " constant")),
}
SECTION = Budget(300, hidden_size=8, seeds=TWENTY, rates=(0.01,))  # as chapter 2 runs recall


def ablations():
    """The conditions of ablations.csv."""
    for start in ("chrono", "chrono 50"):
        for hold in ("", "i", "i constant", "f", "o"):
            yield condition("recall", 20, "LSTM", start, hold, SECTION)
    for (task, size), (starts, hows) in ABLATED.items():
        for start in starts:
            budget = BUDGETS[task, size]
            budget = budget._replace(rates=AROUND.get((task, size, start), budget.rates))
            if task == "adding":  # means are compared, and the free cell is sure
                budget = budget._replace(seeds=tuple(range(10)))
            yield condition(task, size, "LSTM", start, "", budget)
            for how in hows:
                for gates in GATES:
                    yield condition(task, size, "LSTM", start, gates + how, budget)
            yield condition(task, size, "coupled LSTM", start, "", budget)


# --- The ladder from the LSTM to the GRU, all keeping 88 % a step at the start

LADDER = [
    ("LSTM", "biases 2, -2", ""),
    ("LSTM", "biases 2, -2", "o"),
    ("coupled LSTM", "forget bias 2", ""),
    ("coupled LSTM", "forget bias 2", "o"),
    ("GRU", "update bias -2", "r"),
    ("GRU", "update bias -2", "r constant"),
    ("GRU", "update bias -2", ""),
    ("RNN", "orthogonal W_h", ""),
]


def ladder():
    """The conditions of ladder.csv."""
    for task, size in (
        ("running sum", 30),
        ("recall", 20),
        ("adding", 50),
        ("update", 100),
        ("balance", 20),
        ("prose", 50),
    ):
        budget = BUDGETS[task, size]._replace(seeds=tuple(range(10)))
        for cell, start, hold in LADDER:
            yield condition(task, size, cell, start, hold, budget)


# --- Roads: which one does learning need?


def roads():
    """The conditions of roads.csv."""
    for task, size in (("adding", 30), ("adding", 100)):
        for start in ("forget bias 1", "chrono"):
            for hold in ("", "h cut", "c cut"):
                seeds = TWENTY if size == 30 else tuple(range(10))
                budget = BUDGETS[task, size]._replace(seeds=seeds)
                yield condition(task, size, "LSTM", start, hold, budget)


# --- hello: does a placebo help as well?


def hello():
    """The conditions of hello.csv."""
    budget = BUDGETS["hello", 4]._replace(rates=(0.01, 0.03))
    for cell, start in (("RNN", "uniform"), ("LSTM", "forget bias 1"), ("GRU", "update bias 0")):
        for hold in ("", "cell frozen", "readout frozen", "gradient random"):
            yield condition("hello", 4, cell, start, hold, budget)
    for hold in ("h cut", "c cut", "i", "f", "o", "if", "i constant", "f constant", "o constant"):
        yield condition("hello", 4, "LSTM", "forget bias 1", hold, budget)


# --- Starts: an orthogonal W_h, with and without the wider input weights that it used to bring along

FIRST = Budget(300, seeds=TWENTY, rates=(0.01,))  # as chapter 1 runs recall


def starts():
    """The conditions of starts.csv."""
    for gap in (20, 50):
        for start in ("uniform", "orthogonal", "orthogonal W_h"):
            yield condition("recall", gap, "RNN", start, "", FIRST)


# --- Silence: what do units keep when there is nothing to learn?


def silence():
    """The conditions of silence.csv."""
    budget = Budget(200, hidden_size=10, batch=10, seeds=TWENTY)
    for cell, start in (
        ("GRU", "update bias 0"),
        ("GRU", "update bias -2"),
        ("coupled LSTM", "forget bias 1"),
        ("LSTM", "forget bias 1"),
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
        budget = BUDGETS[task, size]._replace(seeds=tuple(range(10)))
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


ROADS = ("road before", "whole before", "road after", "whole after")


def both_roads(run, model, hold):
    """How much of the gradient at the last cell state is left at the first one, before and after training.

    By the additive road alone, the product of the forget gates, and by all roads: roots of mean squares
    over 200 fresh sequences.
    """
    rng = np.random.default_rng([run.seed, 4])
    batch = laboratory.TASKS[run.task].train(rng, run.size, 200)
    young = dict(options(run), limit=1, learning_rate=0.0)
    before = trained(*arguments(run), **young)[0].model
    values = [*left(before, batch), *left(model, batch)]
    return dict(zip(ROADS, (f"{value:.4g}" for value in values), strict=True))


def left(model, batch):
    """(by the additive road, by all) what is left of the gradient at c_T when it comes to c_0."""
    slopes = train.slopes(model, batch, losses.squared_error)
    last, first = slopes.cell.states.c[-1], slopes.cell.states.c[0]
    road = train.run(model, batch.x).trace.gates.f.prod(axis=0) * last
    size = np.sqrt((last**2).mean())
    return [float(np.sqrt((part**2).mean()) / size) for part in (road, first)]


LESIONS = [f"{gate} = {value}" for gate in "ifrzo" for value in ("0", "1", "mean")]


def spelled(run, model, hold):
    """What a model of hello spells, whole and with each gate of its own held, in the test alone."""
    found = {"whole": train.spell(model, "h", 5, tasks.HELLO, hold)}
    if hold or not gates_of(model.cell):
        return found
    means = own_mean(model, tasks.hello().x)
    for lesion in LESIONS:
        gate, value = lesion.split(" = ")
        if gate in means:
            held = {gate: means[gate] if value == "mean" else float(value)}
            found[lesion] = train.spell(model, "h", 5, tasks.HELLO, held)
    return found


KEPT = ("kept before", "kept after", "units up")


def kept(run, model, hold):
    """The share that units keep of their state at a distractor, before and after, and how many moved up."""
    young = dict(options(run), limit=1, learning_rate=0.0)
    before = trained(*arguments(run), **young)[0].model
    x = laboratory.TASKS[run.task].train(np.random.default_rng([run.seed, 4]), run.size, 100).x
    shares = []
    for one in (before, model):
        gates = train.run(one, x).trace.gates
        share = gates.f if "f" in gates._fields else 1 - gates.z
        shares.append(share[1:-1].mean(axis=(0, 2)))
    values = shares[0].mean(), shares[1].mean(), (shares[1] > shares[0]).mean()
    return dict(zip(KEPT, (f"{value:.4g}" for value in values), strict=True))


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
