"""What silence.csv is asked, for chapter 5, the noise."""

from lib.laboratory.questions.asking import ENDS, ask, ask_steps, name_of
from lib.laboratory.verdicts import as_many, better, grown, more, most

KEEPERS = {
    ("GRU", "update bias 0"): "the GRU from a bias of 0",
    ("GRU", "update bias -2"): "the GRU from -2",
    ("coupled LSTM", "forget bias 1"): "the coupled LSTM",
    ("LSTM", "forget bias 1"): "the LSTM from 1",
    ("LSTM", "biases 1, -1"): "the LSTM from 1 and -1",
    ("LSTM", "forget bias 3"): "the LSTM from 3",
    ("LSTM", "biases 3, -3"): "the LSTM from 3 and -3",
    ("minGRU", "update bias 0"): "minGRU from 0",
    ("minGRU", "update bias -2"): "minGRU from -2",
}


def asked():
    """What do units come to keep where there is nothing to learn? And who learns recall 32 in 200 steps?"""
    task, kept = ("recall", 32), dict(columns=("kept after", "kept before"))
    for (cell, start), words in KEEPERS.items():
        noise = cell, start, "answers shuffled"
        for rate in (0.01, 0.1):
            at = dict(seeds=20, rates=1, rate=rate, limit=200)
            yield (
                name_of("silence", cell, start, "at", rate),
                ask(
                    grown,
                    f"what {words} keeps after shuffled answers at a rate of {rate}",
                    "before",
                    task,
                    noise,
                    **kept,
                    **at,
                ),
            )
            yield (
                name_of("recall 32", cell, start, "at", rate),
                ask(
                    most,
                    f"recall 32 in 200 steps at a rate of {rate} by {words}",
                    "",
                    task,
                    (cell, start),
                    **at,
                ),
            )
    at = dict(seeds=20, rates=1, rate=0.1, limit=200)
    pair = ("coupled LSTM", "forget bias 1"), ("LSTM", "biases 1, -1")
    yield (
        "coupling-decides",
        ask(
            more,
            "recall 32 at a rate of 0.1 with coupled gates",
            "with free ones from a like start",
            task,
            *pair,
            **at,
        ),
    )
    noise = ((*one, "answers shuffled") for one in pair)
    yield (
        "noise-apart",
        ask(
            better,
            "what coupled gates keep after shuffled answers at a rate of 0.1",
            "what free ones keep",
            task,
            *noise,
            columns=("kept after",),
            ends=ENDS[grown],
            **at,
        ),
    )
    pair = ("LSTM", "biases 3, -3"), ("LSTM", "forget bias 3")
    yield (
        "quiet-start-32",
        ask(
            more,
            "recall 32 at a rate of 0.1 from a start that keeps and writes little",
            "from one that writes much",
            task,
            *pair,
            **at,
        ),
    )
    yield (
        "flat-runs-with-time",
        ask(
            most,
            "recall 32 from a forget bias of 1 in 800 steps",
            "",
            task,
            ("LSTM", "forget bias 1"),
            seeds=20,
            rates=1,
            limit=800,
        ),
    )
    pair = ("LSTM", "forget bias 1", "f"), ("LSTM", "forget bias 1")
    yield (
        "cell-of-1997-32",
        ask(
            more,
            "recall 32 in 800 steps with the forget gate held open",
            "with it free",
            task,
            *pair,
            seeds=20,
            rates=1,
            limit=800,
        ),
    )
    pair = ("LSTM", "chrono, ten times"), ("LSTM", "chrono")
    yield (
        "chrono-told-too-much",
        ask(
            as_many,
            "recall 32 from a chrono start told ten times the length",
            "told the length",
            task,
            *pair,
            seeds=20,
            rates=4,
        ),
    )
    yield (
        "chrono-told-too-much-steps",
        ask_steps(
            "recall 32 from a chrono start told ten times the length",
            "told the length",
            task,
            *pair,
            seeds=20,
            rates=4,
        ),
    )
