"""What hello.csv is asked, for chapters 1 to 4."""

from lib.backward_faults import FAULTS
from lib.laboratory.questions.asking import SPELLS, ask, ask_steps, name_of, rnn
from lib.laboratory.verdicts import as_many, most

HELLO, SPELLERS = ("hello", 4), dict(seeds=20, rates=2)
PLACEBOS = {
    "cell frozen": "a cell that never changes",
    "readout frozen": "a read-out that never changes",
    "gradient random": "random gradients for the cell",
    "direction random": "one random direction for the cell's gradient",
}
TRAINED = {"LSTM": ("forget bias 1", "ifo"), "GRU": ("update bias 0", "rz"), "RNN": ("uniform", "")}


def asked():
    """What does it need? Placebos, mistakes, gates held from the start; and lesions of the trained nets."""
    for cell, (start, _) in TRAINED.items():
        for control, words in PLACEBOS.items():
            yield (
                name_of("hello", cell, control),
                ask(
                    most,
                    f"hello by the {cell} with {words}",
                    "",
                    HELLO,
                    (cell, start, control),
                    **SPELLERS,
                ),
            )
    for units, words in ((1, "one unit"), (2, "two units")):
        yield (
            name_of("hello rnn", words),
            ask(
                most,
                f"hello by an RNN of {words}",
                "",
                HELLO,
                rnn("uniform", "", units),
                **SPELLERS,
            ),
        )
    free = "LSTM", "forget bias 1"
    held = {gate: f"gate {gate} held open from the start" for gate in "ifo"} | {
        "if": "i and f held open"
    }
    held |= {f"{gate} constant": f"{gate} held at its usual constant" for gate in "ifo"}
    cuts = {"h cut": "no gradient along h", "c cut": "no gradient along c"}
    wrong = {
        f"{number} mistake": f"the mistake {fault!r} in its gradient"
        for number, fault in enumerate(FAULTS, 1)
        if number not in (5, 7)  # the two roads
    }
    for control, words in (held | cuts | wrong).items():
        yield (
            name_of("hello", control),
            ask(
                as_many,
                f"hello by the LSTM with {words}",
                "without",
                HELLO,
                (*free, control),
                free,
                **SPELLERS,
            ),
        )
    quick = {"rnn": rnn("uniform", "", 8), "gru": ("GRU", "update bias 0"), "lstm": free}
    for first, second, name in (
        ("rnn", "lstm", "hello-rnn-is-quick"),
        ("rnn", "gru", "hello-rnn-before-gru"),
        ("gru", "lstm", "hello-gru-before-lstm"),
    ):
        subject, other = f"hello by the {first.upper()}", f"by the {second.upper()}"
        pair = quick[first], quick[second]
        yield name, ask_steps(subject, other, HELLO, *pair, **SPELLERS)
    for cell, (start, gates) in TRAINED.items():
        values = {"f": ("0.3", "0.5", "0.6", "grand mean"), "z": ("0.5", "0.8")}
        for lesion in (f"{g} = {v}" for g in gates for v in ("0", "1", "mean", *values.get(g, ()))):
            yield (
                name_of("lesion", cell, lesion),
                ask(
                    most,
                    f"a trained {cell} with {lesion}",
                    "",
                    HELLO,
                    (cell, start),
                    columns=(lesion,),
                    ends=SPELLS,
                    **SPELLERS,
                ),
            )
