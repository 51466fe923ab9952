"""What starts.csv is asked, for chapter 1."""

from lib.laboratory.questions.asking import RECALL, ask, name_of, rnn
from lib.laboratory.verdicts import as_many, better, more, most

QUICK, LONGER = dict(seeds=20, rates=1, limit=300), dict(seeds=20, limit=800)
W_H = {"uniform": "the uniform start", "orthogonal W_h": "an orthogonal W_h"}
W_H["orthogonal"] = "an orthogonal W_h with Glorot's input weights"


def asked():
    """Is it the start of W_h? Its inputs' range, clipping, how far back the gradient is carried."""
    for gap in (20, 50):
        task, quick, longer = (
            ("recall", gap),
            f"recall {gap} in 300 steps from",
            f"recall {gap} in 800 steps from",
        )
        for name, first, second, told in (
            (
                "orthogonal-start",
                "orthogonal W_h",
                "uniform",
                ("an orthogonal W_h", "the uniform start"),
            ),
            (
                "inputs-beside-it",
                "orthogonal W_h",
                "orthogonal",
                ("an orthogonal W_h", W_H["orthogonal"]),
            ),
            (
                "wide-inputs",
                "uniform, Glorot W_x",
                "uniform",
                ("Glorot's input weights alone", "the usual ones"),
            ),
        ):
            subject, other = f"{quick} {told[0]}", f"from {told[1]}"
            yield f"{name}-{gap}", ask(more, subject, other, task, rnn(first), rnn(second), **QUICK)
        pair = rnn("orthogonal W_h"), rnn("uniform")
        subject = f"{longer} an orthogonal W_h, each start at a rate of its own,"
        yield (
            f"orthogonal-start-with-time-{gap}",
            ask(more, subject, "from the uniform start", task, *pair, **LONGER),
        )
        for start in ("uniform", "orthogonal W_h"):
            yield (
                name_of(start, gap),
                ask(most, f"{quick} {W_H[start]}", "", task, rnn(start), **QUICK),
            )
            yield (
                name_of(start, "with time", gap),
                ask(most, f"{longer} {W_H[start]}", "", task, rnn(start), **LONGER),
            )
        pair = rnn("orthogonal W_h", "gradient unclipped"), rnn("orthogonal W_h")
        subject = f"{quick} an orthogonal W_h without clipping"
        yield f"without-clipping-{gap}", ask(as_many, subject, "with it", task, *pair, **QUICK)
    for start, words in W_H.items():
        free, noise = rnn(start), rnn(start, "answers shuffled")
        for window in (1, 11):
            cut = rnn(start, f"{window} window")
            subject = f"recall 20 from {words}, the gradient carried over {window} of 22 steps,"
            yield (
                name_of("window", window, start),
                ask(
                    as_many,
                    subject,
                    "carried over all",
                    RECALL,
                    cut,
                    free,
                    **QUICK,
                ),
            )
            yield (
                name_of("window", window, "learns", start),
                ask(
                    better,
                    subject,
                    "with shuffled answers",
                    RECALL,
                    cut,
                    noise,
                    **QUICK,
                ),
            )
        yield (
            name_of("recall 32 rnn", start),
            ask(
                most,
                f"recall 32 by an RNN of 10 units from {words}",
                "",
                ("recall", 32),
                free,
                seeds=20,
                rates=4,
            ),
        )
