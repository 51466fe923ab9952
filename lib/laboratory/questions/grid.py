"""What grid.csv is asked, for chapter 5, the table of bets."""

from functools import cache, partial

import numpy as np

from lib import tasks
from lib.laboratory.posed import TASKS
from lib.laboratory.questions.asking import COUNTED, ENDS, START, ask, ask_steps, fitting, name_of
from lib.laboratory.verdicts import better, most, past


@cache
def grams(order):
    """What counting groups of letters makes of the test windows of seed 0."""
    batch = TASKS["prose"].test(np.random.default_rng([0, 1]), 50, 500, "test")
    return tasks.ngrams(order, batch)


GRID = {  # the tasks, each with the number of seeds that are reported: 20 where runs are counted
    ("recall", 20): 20,
    ("recall", 100): 20,
    ("adding", 50): 20,
    ("copy", 50): 20,
    ("update", 100): 20,
    ("counting", 10): 10,
    ("digits", 64): 10,
    ("prose", 50): 10,
}
EVERYWHERE = (
    ("RNN", "orthogonal W_h"),
    ("LSTM", "forget bias 1"),
    ("LSTM", "chrono"),
    ("GRU", "update bias 0"),
)
LARGE = (("RNN", "orthogonal W_h"), ("GRU", "update bias 0"))  # everywhere, with an LSTM's weights
GAPS = {("recall", 20), ("recall", 100), ("copy", 50)}
MADE = GAPS | {("adding", 50), ("update", 100), ("counting", 10)}  # all but digits and prose
SOMEWHERE = {  # where a reader would ask for it most: on every task they would take twice the time
    ("RNN", "uniform"): MADE,
    ("ReLU RNN", "identity"): MADE - {("update", 100)},
    ("LSTM", "forget bias 0"): {("recall", 20), ("update", 100), ("counting", 10), ("prose", 50)},
    ("LSTM", "forget bias 3"): MADE | {("prose", 50)},
    ("LSTM", "biases 3, -3"): {("recall", 20), ("copy", 50)},
    ("LSTM", "chrono forget"): GAPS | {("adding", 50)},
    ("LSTM", "chrono input"): GAPS | {("adding", 50)},
    ("GRU", "update bias -2"): MADE | {("prose", 50)},
    ("GRU reset after", "update bias 0"): {("counting", 10)},
    ("minGRU", "update bias -2"): MADE | {("prose", 50)},
    ("minLSTM", "chrono"): {("recall", 20), ("adding", 50)},
}
LARGE_SOMEWHERE = {  # an x of one number asks minGRU for a thousand units
    ("GRU", "update bias -2"): {("recall", 20), ("adding", 50)},
    ("minGRU", "update bias -2"): {("prose", 50)},
}


TIMED = ("gru-against-lstm", "usual-gru-against-lstm", "usual-gru-with-equal-weights")
TIMED += ("chrono-against-bias-1",)  # bets in which steps are compared, too


def started(*task):
    """The (cell, start) that the plan has on a task and size, with an LSTM's units."""
    return [*EVERYWHERE, *(one for one, tasks in SOMEWHERE.items() if task in tasks)]


def as_large(*task):
    """Those that it has with an LSTM's weights, too."""
    return [*LARGE, *(one for one, tasks in LARGE_SOMEWHERE.items() if task in tasks)]


def planned(task, *conditions):
    """Whether the plan has all of these on a task."""
    return all(one[:2] in (as_large if one[-1] == "most" else started)(*task) for one in conditions)


LSTMS = {
    "forget bias 1": "the LSTM from a forget bias of 1",
    "forget bias 3": "the LSTM from a forget bias of 3",
    "chrono": "the LSTM from chrono",
}
BETS = {  # (the first condition, the second, in words); "most" units give an LSTM's weights
    "chrono-against-bias-1": (
        ("LSTM", "chrono"),
        ("LSTM", "forget bias 1"),
        "from chrono",
        "from a forget bias of 1",
    ),
    "chrono-against-bias-3": (
        ("LSTM", "chrono"),
        ("LSTM", "forget bias 3"),
        "from chrono",
        "from a forget bias of 3",
    ),
    "bias-1-against-0": (
        ("LSTM", "forget bias 1"),
        ("LSTM", "forget bias 0"),
        "from a forget bias of 1",
        "from one of 0",
    ),
    "chrono-forget-half": (
        ("LSTM", "chrono forget"),
        ("LSTM", "chrono"),
        "from the forget half of chrono alone",
        "from the whole",
    ),
    "chrono-input-half": (
        ("LSTM", "chrono input"),
        ("LSTM", "chrono"),
        "from the input half of chrono alone",
        "from the whole",
    ),
    "quiet-against-loud": (
        ("LSTM", "biases 3, -3"),
        ("LSTM", "forget bias 3"),
        "from a forget bias of 3 and an input bias of -3",
        "with an input bias of 0",
    ),
    "gru-against-lstm": (
        ("GRU", "update bias -2"),
        ("LSTM", "chrono"),
        "by the GRU from -2",
        "by the LSTM from chrono",
    ),
    "usual-gru-against-lstm": (
        ("GRU", "update bias 0"),
        ("LSTM", "forget bias 1"),
        "by the GRU from its usual start",
        "by the LSTM from its own",
    ),
    "gru-with-equal-weights": (
        ("GRU", "update bias -2", "", "most"),
        ("LSTM", "chrono"),
        "by a GRU with an LSTM's weights",
        "by the LSTM from chrono",
    ),
    "usual-gru-with-equal-weights": (
        ("GRU", "update bias 0", "", "most"),
        ("LSTM", "forget bias 1"),
        "by a GRU with an LSTM's weights from its usual start",
        "by the LSTM from its own",
    ),
    "usual-gru-against-the-rnn": (
        ("GRU", "update bias 0", "", "most"),
        ("RNN", "orthogonal W_h", "", "most"),
        "by a GRU with an LSTM's weights from its usual start",
        "by an orthogonal RNN with as many",
    ),
    "mingru-with-equal-weights": (
        ("minGRU", "update bias -2", "", "most"),
        ("GRU", "update bias 0", "", "most"),
        "by a minGRU with an LSTM's weights",
        "by a GRU with as many",
    ),
    "relu-against-chrono": (
        ("ReLU RNN", "identity"),
        ("LSTM", "chrono"),
        "by the ReLU RNN",
        "by the LSTM from chrono",
    ),
    "mingru-against-gru": (
        ("minGRU", "update bias -2"),
        ("GRU", "update bias -2"),
        "by minGRU",
        "by the GRU",
    ),
    "minlstm-against-lstm": (
        ("minLSTM", "chrono"),
        ("LSTM", "chrono"),
        "by minLSTM",
        "by the LSTM",
    ),
    "orthogonal-start": (
        ("RNN", "orthogonal W_h"),
        ("RNN", "uniform"),
        "from an orthogonal W_h",
        "from the uniform start",
    ),
    "larger-rnn": (
        ("RNN", "orthogonal W_h", "", "most"),
        ("RNN", "orthogonal W_h"),
        "by an RNN with an LSTM's weights",
        "by one with an LSTM's units",
    ),
    "larger-gru": (
        ("GRU", "update bias 0", "", "most"),
        ("GRU", "update bias 0"),
        "by a GRU with an LSTM's weights",
        "by one with an LSTM's units",
    ),
}


def asked():
    """Every cell from every start, each at a rate that other seeds chose."""
    own = dict(rates=1)
    for task, seeds in GRID.items():
        of, asked, few = f"{task[0]} {task[1]}", fitting(task[0]), dict(seeds=seeds, rates=1)
        for name, (first, second, words, other) in BETS.items():
            if planned(task, first, second):
                pair = f"{of} {words}", other, task, first, second
                yield name_of("grid", name, *task), ask(asked, *pair, **few)
                if task[0] in COUNTED and name in TIMED:
                    yield name_of("grid", name, *task, "steps"), ask_steps(*pair, **few)
        for start, words in LSTMS.items():
            for units, told in ((None, ""), ("most", " with as many weights")):
                pair = ("LSTM", start), ("RNN", "orthogonal W_h", "", units)
                if planned(task, *pair):
                    yield (
                        name_of("grid", start, "against the rnn", *task, told),
                        ask(
                            asked,
                            f"{of} by {words}",
                            f"by the orthogonal RNN{told}",
                            task,
                            *pair,
                            **few,
                        ),
                    )
        for one in started(*task) if task[0] in COUNTED else ():
            subject = f"{of} by the {one[0]} from {START[one[1]]}"
            yield name_of("grid", *task, *one), ask(most, subject, "", task, one, **few)
        for one in as_large(*task) if task[0] in COUNTED else ():
            subject = f"{of} by the {one[0]} from {START[one[1]]} with an LSTM's weights"
            yield (
                name_of("grid", *task, *one, "as large"),
                ask(most, subject, "", task, (*one, "", "most"), **few),
            )
    for order in (2, 4):
        for cell, start in (
            ("LSTM", "forget bias 1"),
            ("LSTM", "chrono"),
            ("GRU", "update bias 0"),
            ("RNN", "orthogonal W_h"),
        ):
            yield (
                name_of("grid prose", cell, start, "against", order, "grams"),
                ask(
                    past(partial(grams, order)),
                    f"prose by the {cell} from {START[start]}",
                    f"counting groups of {order} letters",
                    ("prose", 50),
                    (cell, start),
                    ends=ENDS[better],
                    **own,
                ),
            )
    pair = ("GRU", "update bias 0"), ("GRU reset after", "update bias 0")
    yield (
        name_of("grid reset", "counting", 10),
        ask(
            better,
            "counting 10 by the GRU from an update bias of 0",
            "with its reset after the product",
            ("counting", 10),
            *pair,
            seeds=10,
            **own,
        ),
    )
