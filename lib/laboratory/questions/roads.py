"""What roads.csv is asked, for chapter 3."""

from lib.laboratory.questions.asking import ENDS, START, ask, ask_steps, name_of
from lib.laboratory.verdicts import as_many, better, grown, most

AFTER_BEFORE = {
    "road": "what the additive road carries",
    "whole": "what all roads carry",
    "input": "what arrives at the first input",
}


def asked():
    """Which road does learning need, and what does it make of them?"""
    for size, seeds in ((30, 20), (100, 10)):
        task = ("adding", size)
        for start in ("forget bias 1", "chrono"):
            free = "LSTM", start
            for road in "hc":
                pair, subject = (
                    ((*free, f"{road} cut"), free),
                    f"adding {size} from {START[start]} without the gradient along {road}",
                )
                name = name_of("road", road, size, start)
                yield name, ask(as_many, subject, "with it", task, *pair, seeds=seeds)
                yield f"{name}-steps", ask_steps(subject, "with it", task, *pair, seeds=seeds)
            pair = (*free, "h cut"), (*free, "c cut")
            yield (
                name_of("road along c is quick", size, start),
                ask_steps(
                    f"adding {size} from {START[start]} without the gradient along h",
                    "without that along c",
                    task,
                    *pair,
                    seeds=seeds,
                ),
            )
        still = ("LSTM", "forget bias 1", "f constant"), ("LSTM", "forget bias 1")
        subject = f"adding {size} from a forget bias of 1 with f held at its constant"
        name = name_of("road", "shut", size)
        yield name, ask(as_many, subject, "free", task, *still, seeds=seeds)
        yield f"{name}-steps", ask_steps(subject, "free", task, *still, seeds=seeds)
        cells = [
            ("LSTM", "forget bias 1"),
            ("LSTM", "chrono"),
            ("GRU", "update bias 0"),
            ("RNN", "uniform"),
        ]
        for cell, start in cells + [("GRU", "update bias -2"), ("RNN", "orthogonal W_h")] * (
            size == 30
        ):
            for column, words in AFTER_BEFORE.items():
                if (cell, column) != ("RNN", "road"):
                    subject = f"{words} over {size} steps of adding in the {cell} from {START[start]} after training"
                    yield (
                        name_of(column, size, cell, start),
                        ask(
                            grown,
                            subject,
                            "before",
                            task,
                            (cell, start),
                            columns=(f"{column} after", f"{column} before"),
                            seeds=seeds,
                        ),
                    )
            if cell != "RNN":
                for when in ("before", "after"):
                    where = f"in the {cell} from {START[start]} {when} training"
                    subject = f"what all roads carry over {size} steps of adding {where}"
                    yield (
                        name_of("whole against road", size, cell, start, when),
                        ask(
                            grown,
                            subject,
                            "what the additive road carries",
                            task,
                            (cell, start),
                            columns=(f"whole {when}", f"road {when}"),
                            seeds=seeds,
                        ),
                    )
            if cell != "LSTM":
                yield (
                    name_of("adds", size, cell, start),
                    ask(
                        most,
                        f"adding {size} by the {cell} from {START[start]}",
                        "",
                        task,
                        (cell, start),
                        seeds=seeds,
                    ),
                )
    for cell, start in (("LSTM", "forget bias 1"), ("GRU", "update bias 0")):
        for column, words in AFTER_BEFORE.items():
            pair = (cell, start), (cell, start, "answers shuffled")
            subject = f"{words} over 30 steps in the {cell} after training"
            yield (
                name_of("the task builds the", column, cell),
                ask(
                    better,
                    subject,
                    "with shuffled answers",
                    ("adding", 30),
                    *pair,
                    seeds=20,
                    columns=(f"{column} after",),
                    ends=ENDS[grown],
                ),
            )
