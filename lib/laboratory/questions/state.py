"""What state.csv is asked, for chapter 6."""

from lib.laboratory.posed import TASKS
from lib.laboratory.questions.asking import RECALL, ask, ask_steps, name_of
from lib.laboratory.verdicts import better, most

GRU = "GRU", "update bias -2"
SUCCESSORS = {
    ("GRU", "update bias -2"): "the GRU",
    ("GRU", "update bias -2", "z blind"): "a GRU whose update gate does not see h",
    ("GRU", "update bias -2", "rn blind"): "a GRU whose candidate does not see h",
    ("GRU", "update bias -2", "rzn blind"): "a GRU that never sees h",
    ("minGRU", "update bias -2"): "minGRU",
    ("minLSTM", "chrono"): "minLSTM",
    ("LSTM", "chrono"): "the LSTM",
    ("coupled LSTM", "chrono"): "the coupled LSTM",
    ("RNN", "orthogonal W_h"): "the RNN",
    ("two-layer minGRU", "update bias -2"): "two layers of minGRU",
    ("signed minGRU", "update bias -2"): "a signed minGRU",
    ("free minLSTM", "chrono"): "minLSTM with free gates",
    ("free minLSTM", "chrono", "f constant"): "an input gate alone",
    ("free minLSTM", "chrono", "if constant"): "a fixed decay without a gate",
}
STATE = {
    ("recall", 20): 20,
    ("parity", 20): 20,
    ("rare update", 100): 10,
    ("permutations", 20): 10,
    ("copy", 20): 10,
}
REACH = {"recall": (100, 1000), "parity": (100, 500), "permutations": (100,)}


def asked():
    """What is the state good for that gates and candidate see it?"""
    for (task, size), seeds in STATE.items():
        for cell, words in SUCCESSORS.items():
            subject = f"{task} {size} by {words}"
            if TASKS[task].solved is not None:
                yield (
                    name_of(task, size, words),
                    ask(most, subject, "", (task, size), cell, seeds=seeds),
                )
            if cell != GRU and task in ("rare update", "copy"):
                yield (
                    name_of(task, size, words, "against the GRU"),
                    ask(
                        better,
                        subject,
                        "by the GRU",
                        (task, size),
                        cell,
                        GRU,
                        seeds=seeds,
                    ),
                )
            for far in REACH.get(task, ()):
                subject = f"{task} learned over {size} and asked over {far} by {words}"
                yield (
                    name_of(task, "at", far, words),
                    ask(
                        most,
                        subject,
                        "",
                        (task, size),
                        cell,
                        columns=(f"at {far}",),
                        seeds=seeds,
                    ),
                )
    for far in (200, 1000):
        pair = (*GRU, "rn blind"), (*GRU, "z blind")
        subject = f"recall learned over 20 and asked over {far} by a GRU whose gate alone sees h"
        yield (
            f"gate-or-candidate-at-{far}",
            ask(
                better,
                subject,
                "by one whose candidate alone does",
                RECALL,
                *pair,
                columns=(f"at {far}",),
                seeds=20,
            ),
        )
    pair = ("minGRU", "update bias -2"), ("LSTM", "chrono")
    yield (
        "recall-20-mingru-quick",
        ask_steps(
            "recall 20 by minGRU",
            "by the LSTM from chrono",
            RECALL,
            *pair,
            seeds=20,
        ),
    )
