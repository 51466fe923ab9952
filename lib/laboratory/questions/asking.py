"""How a question is put: its sentences, and what they compare."""

from lib.laboratory.verdicts import Question, as_many, better, grown, more, most

ENDS = {  # above the bound, below it, where neither can be told; {} is what is compared with
    most: (
        "is learned by most runs",
        "is learned by fewer than half of the runs",
        "is learned by about half of the runs",
    ),
    more: (
        "is learned by more runs than {}",
        "is learned by fewer runs than {}",
        "may be learned by more runs or by fewer than {}",
    ),
    as_many: (
        "is learned by as many runs as {}",
        "is learned by fewer runs than {}",
        "may be learned by fewer runs than {}",
    ),
    better: (
        "comes out better than {}",
        "comes out worse than {}",
        "may come out better or worse than {}",
    ),
    "steps": (
        "takes fewer steps than {}",
        "takes more steps than {}",
        "may take more steps or fewer than {}",
    ),
    grown: (
        "is larger than {}",
        "is smaller than {}",
        "may be larger or smaller than {}",
    ),
}
SPELLS = (
    "still spells hello in most nets",
    "spells hello in fewer than half of the nets",
    "spells hello in about half of the nets",
)
RECALL = ("recall", 20)
START = {  # in words, after "from"
    "chrono": "chrono",
    "uniform": "the uniform start",
    "orthogonal W_h": "an orthogonal W_h",
    "as it was": "its start",
}
START |= {f"forget bias {b}": f"a forget bias of {b}" for b in (0, 1, 2, 3)}
START |= {f"update bias {b}": f"an update bias of {b}" for b in (0, 2, -2)}
START |= {
    "identity": "the identity",
    "biases 3, -3": "a forget bias of 3 and an input bias of -3",
    "chrono forget": "the forget half of chrono",
    "chrono input": "the input half of chrono",
}
START["chrono 50"] = "chrono told 50 steps"
COUNTED = ("recall", "adding", "copy", "update", "parity", "hello")  # by the runs that learn it


def ask(asked, subject, other, task, *conditions, ends=None, columns=("score",), **options):
    """A Question of a task and size; its sentences are those of `ENDS`, with a subject and what it is compared with."""
    kind = "steps" if columns == ("steps",) else asked
    told = tuple(f"{subject} {end.format(other)}" for end in ends or ENDS[kind])
    return Question("", asked, told, *task, conditions, columns=columns, **options)


def ask_steps(subject, other, task, *conditions, **options):
    """A Question about the steps that training takes."""
    return ask(better, subject, other, task, *conditions, columns=("steps",), **options)


def name_of(*words):
    """A question's name, of words and numbers."""
    text = " ".join(str(word) for word in words if word not in ("", None))
    return "-".join(text.replace(",", "").replace("=", "").split())


def fitting(task):
    """How two conditions of a task are compared: by the runs that learn it, or by their mean score."""
    return more if task in COUNTED else better


def rnn(start, *control):
    """A condition of the RNN."""
    return ("RNN", start, *control)
