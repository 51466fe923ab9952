"""The questions that records are asked, by name: where a number lies, and what may be said on either side."""

from lib.laboratory.verdicts import Question, as_many, better, judge, more, most


def told_of(subject, above, below, between):
    """Three sentences with one subject."""
    return tuple(f"{subject} {end}" for end in (above, below, between))


AS_MANY = (
    "is learned by as many runs as with all gates free",
    "is learned by fewer runs than with all gates free",
    "is not told apart from three runs of ten fewer",
)
BETTER = (
    "comes out better than with all gates free",
    "comes out worse than with all gates free",
    "is not told apart from all gates free",
)
MOSTLY = (
    "is learned by most runs",
    "is learned by fewer than half of the runs",
    "is learned by about half of the runs",
)


def gate_by_gate():
    """Of each gate, task and start: is it the gate that is needed, or only its usual value?"""
    ways = {"constant": ("held at its usual constant", " constant"), "open": ("held open", "")}
    for task, size, asked, ends, seeds in (
        ("recall", 20, as_many, AS_MANY, 20),
        ("adding", 50, as_many, AS_MANY, 10),
        ("update", 100, as_many, AS_MANY, 20),
        ("prose", 50, better, BETTER, 10),
        ("digits", 64, better, BETTER, 10),
    ):
        for start in ("chrono", "forget bias 1"):
            for gate, name in dict(i="input", f="forget", o="output").items():
                for way, (words, how) in ways.items():
                    subject = f"{task} {size} from {start} with the {name} gate {words}"
                    yield (
                        f"{task}-{gate}-{way}-{start.replace(' ', '-')}",
                        Question(
                            "ablations",
                            asked,
                            told_of(subject, *ends),
                            task,
                            size,
                            (("LSTM", start, gate + how), ("LSTM", start)),
                            seeds,
                        ),
                    )


def mostly(subject):
    return told_of(subject, *MOSTLY)


VERDICTS = {
    "orthogonal-start-and-its-inputs": Question(
        "starts",
        more,
        told_of(
            "an orthogonal W_h, with the usual input weights in place of Glorot's,",
            "learns recall 50 more often",
            "learns recall 50 less often",
            "is not told apart on recall 50",
        ),
        "recall",
        50,
        (("RNN", "orthogonal W_h"), ("RNN", "orthogonal")),
        20,
        1,
    ),
    "orthogonal-start": Question(
        "starts",
        more,
        told_of(
            "an orthogonal W_h, and nothing else changed,",
            "learns recall 50 more often",
            "learns recall 50 less often",
            "is not told apart on recall 50",
        ),
        "recall",
        50,
        (("RNN", "orthogonal W_h"), ("RNN", "uniform")),
        20,
        1,
    ),
    "recall-with-8-units-and-i-open": Question(
        "ablations",
        most,
        mostly("recall 20 with 8 units from chrono and the input gate held open"),
        "recall",
        20,
        (("LSTM", "chrono", "i", 8),),
        20,
        1,
    ),
    **dict(gate_by_gate()),
    "reset-gate": Question(
        "ladder",
        better,
        told_of(
            "on a running sum that starts afresh at a mark the GRU's reset gate",
            "is better than r = 1",
            "is worse than r = 1",
            "is not told apart from r = 1",
        ),
        "running sum",
        30,
        (("GRU", "update bias -2"), ("GRU", "update bias -2", "r")),
    ),
    "reset-gate-moves": Question(
        "ladder",
        better,
        told_of(
            "on the running sum a reset gate that moves",
            "is better than one held at its usual constant",
            "is worse than one held at its usual constant",
            "is not told apart from one held at its usual constant",
        ),
        "running sum",
        30,
        (("GRU", "update bias -2"), ("GRU", "update bias -2", "r constant")),
    ),
    "coupling-is-quick": Question(
        "ladder",
        better,
        told_of(
            "from starts that keep alike, coupled gates",
            "need fewer steps for adding 50",
            "need more steps for adding 50",
            "are not told apart by their steps for adding 50",
        ),
        "adding",
        50,
        (("coupled LSTM", "forget bias 2"), ("LSTM", "biases 2, -2")),
        columns=("steps",),
    ),
    "gru-is-quick": Question(
        "ladder",
        better,
        told_of(
            "against coupled gates with an open output gate the GRU",
            "needs fewer steps for adding 50",
            "needs more steps for adding 50",
            "is not told apart by its steps for adding 50",
        ),
        "adding",
        50,
        (("GRU", "update bias -2"), ("coupled LSTM", "forget bias 2", "o")),
        columns=("steps",),
    ),
    "road-through-h": Question(
        "roads",
        as_many,
        told_of(
            "adding 30 without the gradient through h",
            "is learned by as many runs",
            "is learned by fewer runs",
            "is not told apart from three runs of ten fewer",
        ),
        "adding",
        30,
        (("LSTM", "forget bias 1", "h cut"), ("LSTM", "forget bias 1")),
        20,
    ),
    "road-along-c-is-quick": Question(
        "roads",
        better,
        told_of(
            "of the two roads of adding 30, to cut the one through h",
            "costs fewer steps than to cut the one along c",
            "costs more steps than to cut the one along c",
            "is not told apart by its steps from cutting the one along c",
        ),
        "adding",
        30,
        (("LSTM", "forget bias 1", "h cut"), ("LSTM", "forget bias 1", "c cut")),
        20,
        columns=("steps",),
    ),
    "hello-with-a-frozen-cell": Question(
        "hello",
        most,
        mostly("hello with a cell that never changes"),
        "hello",
        4,
        (("LSTM", "forget bias 1", "cell frozen"),),
        20,
        2,
    ),
    "hello-with-a-random-gradient": Question(
        "hello",
        most,
        mostly("hello with random gradients for the cell"),
        "hello",
        4,
        (("LSTM", "forget bias 1", "gradient random"),),
        20,
        2,
    ),
    "parity-by-mingru": Question(
        "state", most, mostly("the parity of 20 bits by minGRU"), "parity", 20,
        (("minGRU", "update bias -2"),),
    ),
    "parity-by-the-candidate": Question(
        "state",
        most,
        mostly("the parity of 20 bits by a GRU whose update gate does not see h"),
        "parity",
        20,
        (("GRU", "update bias -2", "z blind"),),
    ),
    "chrono-forget-half": Question(
        "grid",
        as_many,
        told_of(
            "recall 100 from the forget half of chrono alone",
            "is learned by as many runs as from the whole",
            "is learned by fewer runs than from the whole",
            "is not told apart from three runs of ten fewer than from the whole",
        ),
        "recall",
        100,
        (("LSTM", "chrono forget"), ("LSTM", "chrono")),
        20,
        1,
    ),
    "chrono-input-half": Question(
        "grid",
        as_many,
        told_of(
            "recall 100 from the input half of chrono alone",
            "is learned by as many runs as from the whole",
            "is learned by fewer runs than from the whole",
            "is not told apart from three runs of ten fewer than from the whole",
        ),
        "recall",
        100,
        (("LSTM", "chrono input"), ("LSTM", "chrono")),
        20,
        1,
    ),
    "recall-100-by-mingru": Question(
        "grid",
        as_many,
        told_of(
            "recall 100 by minGRU",
            "is learned by as many runs as by the GRU",
            "is learned by fewer runs than by the GRU",
            "is not told apart from three runs of ten fewer than the GRU's",
        ),
        "recall",
        100,
        (("minGRU", "update bias -2"), ("GRU", "update bias -2")),
        20,
        1,
    ),
    "rare-update-by-mingru": Question(
        "state",
        as_many,
        told_of(
            "update with rare flags by minGRU",
            "is learned by as many runs as by the GRU",
            "is learned by fewer runs than by the GRU",
            "is not told apart from three runs of ten fewer than the GRU's",
        ),
        "rare update",
        100,
        (("minGRU", "update bias -2"), ("GRU", "update bias -2")),
    ),
}  # fmt: skip


def judged(name, records, own=None, seeds=None, rates=None):
    """What the records {Run: Row} allow to be said on a question of `VERDICTS` -> Verdict.

    `own` is {Run: {column: text}}, the file's own columns, for the questions that ask for them:
    `read_more` gives it. Over all seeds the 95 % interval has to exclude the question's bound, and in
    each of two halves of the seeds the number has to be on the same side of it; else nothing is told
    apart. `seeds` and `rates` ask for fewer than the question does. Raises KeyError for an unknown
    question, Incomplete for records that lack runs or a column.
    """
    return judge(VERDICTS[name], records, own, seeds, rates)
