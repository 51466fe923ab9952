"""The explorers: `live.lstm_step()` in a cell shows a figure with sliders, and `lab.f` reads where one stands.

Each takes its sliders' starting values by name; a value out of range is refused. Their mathematics is js/math*.js,
which a test holds equal to `lib`.
"""

import math

from lib import gru, lstm, tasks
from lib.live import runs
from lib.live.explorer import Explorer
from lib.live.values import Choice, Slider

__all__ = [
    "budget",
    "fading_memory",
    "gradient_highway",
    "gru_step",
    "half_life",
    "hello_lesions",
    "lstm_step",
    "orbit",
    "step_back",
    "weights_to_gates",
    "write_keep_read",
]


def fading_memory(*, w=0.9, gap=10, pulse=1.0):
    """What a pulse at step 0 still does `gap` steps later: h_t = tanh(w h_{t-1}) of a scalar RNN, and dh_t/dh_0."""
    return Explorer(
        "fading_memory",
        [
            Slider("w", w, "w recurrent weight", "x", high=2),
            Slider("gap", gap, "t gap (steps)", "x", low=1, high=40, step=1, format="d"),
            Slider("pulse", pulse, "x<sub>0</sub> pulse", "x"),
        ],
        "State of a scalar RNN after a pulse, and the gradient of that state by the first one, step by step: "
        "once on a linear and once on a logarithmic axis.",
    )


def orbit(*, radius=1.08, angle=56, strength=0.0):
    """Where two units go under a matrix that turns and stretches, with an input or without, and the gradient's size."""
    return Explorer(
        "orbit",
        [
            Slider("radius", radius, "ρ radius", "x", high=2),
            Slider("angle", angle, "θ angle (degrees)", "x", high=180, step=1, format="d"),
            Slider("strength", strength, "s strength of the input", "x", high=3, step=0.05),
        ],
        "Left, sixty steps of an RNN of two units, unit 2 against unit 1, the first and the last state marked; right, "
        "what is left of the gradient by the first state, logarithmic, and dashed what it would be at rest.",
    )


def lstm_step(*, f=0.9, i=0.3, o=0.8, g=-0.8, c_prev=0.9):
    """One LSTM step in the hand: c_t = f c_{t-1} + i g, h_t = o tanh(c_t)."""
    return Explorer(
        "lstm_step",
        [
            Slider("f", f, "f forget gate", "f"),
            Slider("i", i, "i input gate", "i"),
            Slider("o", o, "o output gate", "o"),
            Slider("g", g, "g candidate", "g", low=-1),
            Slider("c_prev", c_prev, "c<sub>t−1</sub> old cell state", "c", low=-2, high=2),
        ],
        "Wiring of one LSTM step: the old cell state passes the forget gate, the candidate passes the input gate and "
        "is added, and the output gate shows tanh of the new cell state as the hidden state.",
    )


def half_life(*, b_f=1.0, f=None):
    """Forget bias -> forget gate -> how many steps until half is left. Start from the bias, or from the gate f."""
    if f is not None:
        if not 0.05 <= f <= 0.9996:
            raise ValueError(f"half_life: f must be from 0.05 to 0.9996, got {f!r}")
        b_f = math.log(f / (1 - f))
    return Explorer(
        "half_life",
        [Slider("b_f", b_f, "b<sub>f</sub> forget bias", "f", low=-3, high=8)],
        "Left, a memory that fades by the forget gate at every step, with its half-life marked; right, the half-life "
        "against the forget bias, logarithmic, with the bias of the moment marked, and the gaps of the book's tasks.",
    )


def weights_to_gates(
    *, x=1.0, h=0.33, i=(4.0, 0.0, -1.5), f=(-4.0, 0.0, 2.0), o=(-2.0, 0.0, 1.0), g=(1.0, 0.5, 0.0)
):
    """A (4, 2) matrix times [x_t; h_{t-1}], and a bias to each row -> the gates.

    i, f, o, g are (weight of x, weight of h, bias): a row of the matrix and its bias.
    """
    rows = [
        Slider(name, value, f"{name[0]}<sub>{name[2:]}</sub>", gate, low=-4, high=4)
        for gate, row in {"i": i, "f": f, "o": o, "g": g}.items()
        for name, value in _row(gate, row)
    ]
    return Explorer(
        "weights_to_gates",
        [
            Slider("x", x, "x<sub>t</sub> input", "x", low=-2, high=2),
            Slider("h", h, "h<sub>t−1</sub> state", "h", low=-1),
            *rows,
        ],
        "The sigmoid with the input, forget and output gate as points on it, and the hyperbolic tangent with the "
        "candidate, each at its pre-activation; beyond the axis a point stands at its end, with an arrow.",
    )


def _row(gate, row):
    """(name, number) of a gate's two weights and its bias."""
    try:
        x, h, b = row
    except (TypeError, ValueError) as error:
        wanted = "three numbers (weight of x, weight of h, bias)"
        raise type(error)(f"weights_to_gates: {gate} must be {wanted}, got {row!r}") from None
    return (f"w_{gate}x", x), (f"w_{gate}h", h), (f"b_{gate}", b)


def gradient_highway(*, f=0.9, w=0.25, gap=50):
    """The gradient over a gap: the product of an LSTM's forget gates, and its whole derivative, by every path."""
    return Explorer(
        "gradient_highway",
        [
            Slider("f", f, "f forget gate", "f", low=0.5, step=0.005, format=".3f"),
            Slider("w", w, "w recurrent weight", "x", high=4, step=0.05),
            Slider("gap", gap, "T gap (steps)", "x", low=1, high=100, step=1, format="d"),
        ],
        "Size of the gradient against the gap, logarithmic: along an LSTM's cell state alone, and by every path.",
    )


def step_back(*, back=0, f=0.69, i=0.829, o=0.856, g=-0.952, o_1=0.525, w=1.0):
    """The second of chapter 3's two steps by hand, its gates given, walked back: `back` wires from the loss to c_1."""
    gate = {"step": 0.001, "format": ".3f"}
    return Explorer(
        "step_back",
        [
            Slider("back", back, "wires walked back", "x", high=10, step=1, format="d"),
            Slider("f", f, "f<sub>2</sub> forget gate", "f", **gate),
            Slider("i", i, "i<sub>2</sub> input gate", "i", **gate),
            Slider("o", o, "o<sub>2</sub> output gate", "o", **gate),
            Slider("g", g, "g<sub>2</sub> candidate", "g", low=-1, **gate),
            Slider("o_1", o_1, "o<sub>1</sub> output gate", "o", **gate),
            Slider("w", w, "w recurrent weights, times", "x", high=2, step=0.05),
        ],
        "Wiring of the second of two LSTM steps: what each wire carries and, in a box, its gradient, from the loss "
        "back to the old cell state. Two roads lead there: by c, through the forget gate, and by h, through the "
        "four gates and the output gate of the first step.",
        data=runs.second_step(),
    )


def gru_step(*, z=0.3, r=0.8, h_prev=0.8, p=-1.0, w=1.0):
    """One GRU step, n = tanh(p + w r h_{t-1}), h_t = (1 - z) h_{t-1} + z n, beside an LSTM step given its n."""
    return Explorer(
        "gru_step",
        [
            Slider("z", z, "z update gate", "z"),
            Slider("r", r, "r reset gate", "r"),
            Slider("h_prev", h_prev, "h<sub>t−1</sub> old state", "h", low=-1),
            Slider("p", p, "p the input's share", "x", low=-2, high=2),
            Slider("w", w, "w recurrent weight", "x", low=-2, high=2),
        ],
        "Wiring of one GRU step: both gates read the input and the old state; z writes the candidate and 1 − z keeps "
        "the old state; r decides how much of the old state the candidate sees. Beside it an LSTM step with coupled "
        "gates, given the same candidate: f = 1 − z and i = z.",
    )


def write_keep_read(*, write=5, read=35, i=0.0, f=0.95, o=0.0):
    """A bit at step 5 among distractors, asked for at step 35: when to open i and o, and how they and f stand else."""
    return Explorer(
        "write_keep_read",
        [
            Slider("write", write, "i opens at step", "i", low=1, high=40, step=1, format="d"),
            Slider("read", read, "o opens at step", "o", low=2, high=40, step=1, format="d"),
            Slider("i", i, "i otherwise", "i"),
            Slider("f", f, "f otherwise", "f"),
            Slider("o", o, "o otherwise", "o"),
        ],
        "Forty steps of one LSTM unit: what arrives, a bit among distractors, and the three gates as scheduled; beside "
        "it the cell state and the hidden state, step by step.",
    )


def budget(*, D=32, H=64):
    """What D inputs and H units cost: parameters, bytes of state and multiply-adds a step, for the three cells."""
    return Explorer(
        "budget",
        [
            Slider("D", D, "D inputs", "x", low=1, high=128, step=1, format="d"),
            Slider("H", H, "H units", "h", low=1, high=128, step=1, format="d"),
        ],
        "The weight matrices of RNN, GRU and LSTM to scale, one block for each gate and candidate, 1, 3 and 4 of them, "
        "and at their right the state, one column, or two for the LSTM.",
    )


def hello_lesions(model, *, gate=None, at=0.0, unit=0, step=0):
    """A trained model of "hello" with a gate held at a value, in one unit or all (0), at one step or all (0).

    `model` is a `train.Model` with an LSTM or a GRU that reads and answers the letters h, e, l, o.
    """
    names = {lstm: "ifog", gru: "rzn"}.get(model.cell)
    if names is None or not len(tasks.HELLO) == model.readout.W.shape[0] == _inputs(model):
        raise ValueError(
            "hello_lesions: model must be an LSTM or a GRU over the four letters of hello"
        )
    data = {"cell": "lstm" if model.cell is lstm else "gru"}
    for name, part in [("params", model.params), ("readout", model.readout)]:
        data[name] = {"W": part.W.tolist(), "b": part.b[:, 0].tolist()}
    return Explorer(
        "hello_lesions",
        [
            Slider("at", at, "value it is held at", "x"),
            Slider("unit", unit, "unit, 0: all", "x", high=_units(model), step=1, format="d"),
            Slider("step", step, "step t, 0: all", "x", high=4, step=1, format="d"),
        ],
        "What a trained network expects after each letter of h, e, l, l, four bars a step, while one of its gates is "
        "held; below, the word that it spells by itself.",
        [Choice("gate", names[1] if gate is None else gate, ("none", *names, f"−{names[-1]}"))],
        data,
    )


def _units(model):
    return model.readout.W.shape[1]


def _inputs(model):
    return model.params.W.shape[1] - _units(model)
