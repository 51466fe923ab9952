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


GRID = {
    ("recall", 20): 20,
    ("recall", 100): 20,
    ("adding", 50): 20,
    ("copy", 50): 20,
    ("update", 100): 20,
}
GRID |= {("counting", 10): 10, ("digits", 64): 10, ("prose", 50): 10}
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
            yield (
                name_of("grid", name, *task),
                ask(asked, f"{of} {words}", other, task, first, second, **few),
            )
            if task[0] in COUNTED and name in (
                "gru-against-lstm",
                "usual-gru-against-lstm",
                "chrono-against-bias-1",
            ):
                yield (
                    name_of("grid", name, *task, "steps"),
                    ask_steps(
                        f"{of} {words}",
                        other,
                        task,
                        first,
                        second,
                        **few,
                    ),
                )
        for start, words in LSTMS.items():
            for units, told in ((None, ""), ("most", " with as many weights")):
                pair = ("LSTM", start), ("RNN", "orthogonal W_h", "", units)
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
        for cell, start in (
            ("RNN", "uniform"),
            ("RNN", "orthogonal W_h"),
            ("LSTM", "forget bias 1"),
            ("LSTM", "chrono"),
            ("GRU", "update bias 0"),
            ("minGRU", "update bias -2"),
            ("minLSTM", "chrono"),
        ):
            if task[0] in COUNTED:
                yield (
                    name_of("grid", *task, cell, start),
                    ask(
                        most,
                        f"{of} by the {cell} from {START[start]}",
                        "",
                        task,
                        (cell, start),
                        **few,
                    ),
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
    for task in (("prose", 50), ("counting", 10)):
        for start in ("update bias 0", "update bias -2"):
            pair = ("GRU", start), ("GRU reset after", start)
            yield (
                name_of("grid reset", *task, start),
                ask(
                    better,
                    f"{task[0]} {task[1]} by the GRU from {START[start]}",
                    "with its reset after the product",
                    task,
                    *pair,
                    **own,
                ),
            )
