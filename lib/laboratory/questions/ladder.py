"""What ladder.csv is asked, for chapter 4."""

from lib.laboratory.questions.asking import RECALL, ask, ask_steps, fitting, name_of, rnn
from lib.laboratory.verdicts import as_many, better, more

LSTM, COUPLED, GRU = (
    ("LSTM", "biases 2, -2"),
    ("coupled LSTM", "forget bias 2"),
    ("GRU", "update bias -2"),
)
RUNGS = {  # (the cell after, the cell before, and in words)
    "coupling": (COUPLED, LSTM, "by the coupled LSTM", "by the LSTM"),
    "open-output": ((*LSTM, "o"), LSTM, "by the LSTM with o = 1", "by the LSTM"),
    "open-output-coupled": (
        (*COUPLED, "o"),
        COUPLED,
        "by the coupled LSTM with o = 1",
        "by the coupled LSTM",
    ),
    "one-state": (
        (*GRU, "r"),
        (*COUPLED, "o"),
        "by the GRU with r = 1",
        "by the coupled LSTM with o = 1",
    ),
    "reset-gate": (GRU, (*GRU, "r"), "by the GRU", "by the GRU with r = 1"),
    "reset-gate-moves": (
        GRU,
        (*GRU, "r constant"),
        "by the GRU",
        "by the GRU with r at its usual constant",
    ),
    "gru-against-lstm": (GRU, LSTM, "by the GRU", "by the LSTM from a like start"),
    "gru-against-rnn": (GRU, ("RNN", "orthogonal W_h"), "by the GRU", "by the orthogonal RNN"),
}
LADDER = {
    ("running sum", 30): 10,
    ("recall", 20): 20,
    ("adding", 50): 10,
    ("update", 100): 20,
    ("balance", 20): 10,
    ("prose", 50): 10,
}


MINIMAL = "minimal gated unit", "update bias -2"
AT = {  # the running sum where no cell's runs lie ten times apart; prose in 1000 steps
    "running sum": dict(rate=0.01, rates=1),
    "prose": dict(limit=1000),
}
AS_LARGE = {("running sum", 30): 20, ("prose", 50): 43}  # units of what has lost a block


def controls():
    """Is it the gate that is missed, or its value, or the weights that go with it?"""
    for task, units in AS_LARGE.items():
        for name, whole, words, lost in (
            ("reset-open", GRU, "the GRU", "r = 1"),
            ("reset-constant", GRU, "the GRU", "r at its usual constant"),
            ("output-open", COUPLED, "the coupled LSTM", "o = 1"),
        ):
            hold = name[0] + " constant" * name.endswith("constant")
            yield (
                name_of("as large", name, *task),
                ask(
                    better,
                    f"{task[0]} {task[1]} by {words}",
                    f"by one of {units} units with {lost}",
                    task,
                    whole,
                    (*whole, hold, units),
                    **AT[task[0]],
                ),
            )
    for whole, words in ((LSTM, "LSTM"), (COUPLED, "coupled LSTM")):
        subject, other = f"prose 50 by the {words}", "with o at its usual constant"
        yield (
            name_of("output moves", words, "prose", 50),
            ask(
                better, subject, other, ("prose", 50), whole, (*whole, "o constant"), **AT["prose"]
            ),
        )
    for name, whole, words, lost in (
        ("reset", GRU, "the GRU", "r"),
        ("output", LSTM, "the LSTM", "o"),
    ):
        subject, other = f"prose 50 in 3000 steps by {words}", f"with {lost} = 1"
        long = dict(limit=3000, rates=1)
        yield (
            name_of("longer", name, "prose", 50),
            ask(better, subject, other, ("prose", 50), whole, (*whole, lost), **long),
        )


def asked():
    """From the LSTM to the GRU, rung by rung: which move buys what?"""
    for task, seeds in LADDER.items():
        given = dict(seeds=seeds) | AT.get(task[0], {})
        for name, (first, second, words, other) in RUNGS.items():
            subject = f"{task[0]} {task[1]} {words}"
            yield (
                name_of(name, *task),
                ask(fitting(task[0]), subject, other, task, first, second, **given),
            )
            if task[0] != "prose":  # which does not end early
                yield (
                    name_of(name, *task, "steps"),
                    ask_steps(subject, other, task, first, second, **given),
                )
    yield from controls()
    for task, seeds in LADDER.items():  # one gate for both jobs
        subject, other = f"{task[0]} {task[1]} by the GRU", "by the minimal gated unit"
        yield (
            name_of("minimal", *task),
            ask(
                fitting(task[0]),
                subject,
                other,
                task,
                GRU,
                MINIMAL,
                seeds=seeds,
                **AT.get(task[0], {}),
            ),
        )
    subject, other = "prose 50 by the minimal gated unit", "by a GRU with r = 1"
    yield (
        "minimal-against-open",
        ask(better, subject, other, ("prose", 50), MINIMAL, (*GRU, "r"), **AT["prose"]),
    )
    subject, other = "prose 50 by a GRU with r = 1", "by the orthogonal RNN"
    pair = (*GRU, "r"), ("RNN", "orthogonal W_h")
    yield "open-reset-against-rnn", ask(better, subject, other, ("prose", 50), *pair, **AT["prose"])
    pair, other = (GRU, (*GRU, "rn blind")), "by a GRU whose candidate never sees the state"
    yield (
        "reset-gate-shut",
        ask(
            better,
            "running sum 30 by the GRU",
            other,
            ("running sum", 30),
            *pair,
            **AT["running sum"],
        ),
    )
    for hold, words in (("z", "z = 1"), ("rz", "r = z = 1")):
        for start, told in (
            ("update bias -2", ""),
            ("orthogonal W_h, update bias -2", " and an orthogonal W_h"),
        ):
            subject = f"recall 20 by a GRU with {words}{told}"
            yield (
                name_of("without the road", hold, told.replace(" and an ", "")),
                ask(
                    as_many,
                    subject,
                    "by the GRU",
                    RECALL,
                    ("GRU", start, hold),
                    GRU,
                    seeds=20,
                ),
            )
    pair = ("GRU", "orthogonal W_h, update bias -2", "rz"), rnn("orthogonal W_h")
    yield (
        "without-the-road-is-an-rnn",
        ask(
            more,
            "recall 20 by a GRU with r = z = 1 and an orthogonal W_h",
            "by the RNN from such a start",
            RECALL,
            *pair,
            seeds=20,
        ),
    )
    for rate in (0.01, 0.03, 0.1):
        pair = GRU, ("GRU", "update bias 2")
        yield (
            name_of("update bias 2 at", rate),
            ask(
                more,
                f"recall 20 at a rate of {rate} from an update bias of -2",
                "from one of 2",
                RECALL,
                *pair,
                seeds=20,
                rates=1,
                rate=rate,
            ),
        )
    pair = GRU, ("GRU", "update bias 0")
    yield (
        "update-bias-0",
        ask(more, "recall 20 from an update bias of -2", "from one of 0", RECALL, *pair, seeds=20),
    )
