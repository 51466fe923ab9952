"""Wrong input is refused at the door: the call, what is wrong, what the message names."""

import numpy as np
import pytest
from cases import CELLS, GATED, IDS, case, states

from lib import (
    activations,
    frameworks,
    gradients,
    gru,
    initial,
    losses,
    lstm,
    optim,
    readout,
    rnn,
    tasks,
    train,
)

NAN, INF = np.nan, np.inf


def rng():
    return np.random.default_rng(0)


class Meters(np.ndarray):
    """An array that says more than its numbers."""


class Sparse:
    """What NumPy takes for one object."""


class Tracked:
    """What does not let NumPy have its numbers."""

    def __array__(self, *args, **options):
        raise RuntimeError("a gradient would be lost: call detach() first")


MASKED = np.ma.array(np.ones((5, 2, 3)), mask=np.arange(30).reshape(5, 2, 3) > 20)


# For every cell: what is wrong with one argument -> (error, what the message names).
WRONG = {
    "x: text": (dict(x=[["a"]]), TypeError, "x: expected real numbers"),
    "x: objects": (dict(x=np.full((5, 2, 3), None)), TypeError, "x: expected real numbers"),
    "x: complex": (dict(x=np.ones((5, 2, 3), complex)), TypeError, "complex128"),
    "x: masked": (dict(x=MASKED), TypeError, "x: expected plain numbers, got a MaskedArray"),
    "x: masked parts": (dict(x=list(MASKED)), TypeError, "x: expected plain numbers"),
    "x: with a unit": (dict(x=np.ones((5, 2, 3)).view(Meters)), TypeError, "got a Meters"),
    "x: dates": (dict(x=np.zeros((5, 2, 3), "M8[s]")), TypeError, "x: expected real numbers"),
    "x: fields": (dict(x=np.zeros((5, 2, 3), "f8,f8")), TypeError, "x: expected real numbers"),
    "x: sparse": (dict(x=Sparse()), TypeError, "x: expected real numbers"),
    "x: needs a gradient": (
        dict(x=Tracked()),
        TypeError,
        "x: expected real numbers, got a Tracked",
    ),
    "x: too large": (dict(x=np.full((5, 2, 3), 2**70)), TypeError, "x: expected real numbers"),
    "x: ragged": (dict(x=[[1, 2], [3]]), ValueError, "x: expected a rectangular array"),
    "x: rank": (dict(x=np.ones((5, 2))), ValueError, "(T, 2, B), got (5, 2)"),
    "x: inputs": (dict(x=np.ones((5, 3, 3))), ValueError, "(T, 2, B), got (5, 3, 3)"),
    "x: batch first": (dict(x=np.ones((3, 5, 2))), ValueError, "(T, 2, B), got (3, 5, 2)"),
    "x: no sequence": (dict(x=np.ones((5, 2, 0))), ValueError, "got (5, 2, 0)"),
    "x: NaN": (dict(x=np.full((5, 2, 3), NAN)), ValueError, "x: expected finite"),
    "x: infinity": (dict(x=np.full((5, 2, 3), INF)), ValueError, "x: expected finite"),
    "params: None": (dict(params=None), TypeError, "params: expected (W, b), got a NoneType"),
    "params: swapped": (dict(params="swapped"), ValueError, "params.W"),
    "params: b rank": (dict(params="flat b"), ValueError, "params.b: expected shape"),
    "params: W rows": (dict(params="one row less"), ValueError, "params.W: expected shape"),
    "params: no input": (dict(params="no input"), ValueError, "params.W: expected shape"),
    "params: masked": (dict(params="masked"), TypeError, "params.W: expected plain numbers"),
    "params: NaN": (dict(params="NaN"), ValueError, "params.W: expected finite"),
    "state: an array": (dict(state=np.ones((4, 3))), TypeError, "state: expected ("),
    "state: units": (dict(state="units"), ValueError, "expected shape (4, 3), got (5, 3)"),
    "state: sequences": (dict(state="sequences"), ValueError, "expected shape (4, 3), got (4, 1)"),
    "state: masked": (dict(state="masked"), TypeError, ": expected plain numbers"),
    "state: NaN": (dict(state="NaN"), ValueError, ": expected finite"),
}


def spoiled(cell, wrong):
    """The arguments of a good run with one of them made wrong."""
    params, x, state = case(cell)
    W, b = params
    k = len(W) // 4
    by_name = {
        ("params", "swapped"): (b, W),
        ("params", "flat b"): (W, b[:, 0]),
        ("params", "one row less"): (W[:-1], b[:-1]) if k > 1 else (W[:0], b[:0]),
        ("params", "no input"): (W[:, :4], b),
        ("params", "masked"): (np.ma.array(W, mask=W > 0), b),
        ("params", "NaN"): (W * NAN, b),
        ("state", "units"): states(cell, 5, 3, 0),
        ("state", "sequences"): states(cell, 4, 1, 0),
        ("state", "masked"): cell.State(*(np.ma.array(part, mask=part > 0) for part in state)),
        ("state", "NaN"): cell.State(*(part * NAN for part in state)),
    }
    good = dict(params=params, x=x, state=state)
    for name, value in wrong.items():
        good[name] = by_name[name, value] if isinstance(value, str) else value
    return good


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
@pytest.mark.parametrize("what", WRONG)
def test_a_cell_refuses(cell, what):
    wrong, error, names = WRONG[what]
    call = spoiled(cell, wrong)
    with pytest.raises(error) as told:
        cell.forward(call["params"], call["x"], call["state"])
    assert names in str(told.value)
    x_t = call["x"]
    if "x" in wrong and isinstance(x_t, np.ndarray):
        x_t = x_t[0]
        if what in ("x: batch first", "x: rank"):
            x_t = np.ones((5, 2)) if what == "x: batch first" else np.ones(2)
    elif "x" not in wrong:
        x_t = x_t[0]
    with pytest.raises(error):
        cell.step(call["params"], x_t, call["state"])


HOLDS = {
    "unknown gate": ({"q": 1.0}, ValueError, "got 'q'"),
    "not a dict": (1.0, TypeError, "hold: expected a dict"),
    "infinity": ({"first": INF}, ValueError, "infinity"),
    "masked": ({"first": np.ma.array([[[1.0]]], mask=True)}, TypeError, "expected plain numbers"),
    "text": ({"first": "open"}, TypeError, "expected real numbers"),
    "shape": ({"first": np.ones((5, 4, 2))}, ValueError, "broadcasts to (5, 4, 3)"),
}


@pytest.mark.parametrize("cell", GATED, ids=IDS)
@pytest.mark.parametrize("what", HOLDS)
def test_a_gated_cell_refuses_to_hold(cell, what):
    hold, error, names = HOLDS[what]
    if isinstance(hold, dict):
        hold = {cell.Gates._fields[0] if name == "first" else name: v for name, v in hold.items()}
    with pytest.raises(error) as told:
        cell.forward(*case(cell), hold)
    assert names in str(told.value)


@pytest.mark.parametrize("hold", [{}, {"f": 1.0}, 1.0])
def test_an_rnn_refuses_any_hold(hold):
    params, x, state = case(rnn)
    with pytest.raises(ValueError, match="an RNN has no gates"):
        rnn.forward(params, x, state, hold)
    with pytest.raises(ValueError, match="an RNN has no gates"):
        rnn.step(params, x[0], state, hold)


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_backward_refuses(cell):
    params, x, state = case(cell)
    trace = cell.forward(params, x, state)
    dh = np.ones((5, 4, 3))
    wrong = [
        ((params, trace, dh[:4]), ValueError, "dh: expected shape (5, 4, 3), got (4, 4, 3)"),
        ((params, trace, dh * NAN), ValueError, "dh: expected finite"),
        ((params, trace, "dh"), TypeError, "dh: expected real"),
        ((params, trace, dh, states(cell, 4, 2, 0)), ValueError, "expected shape (4, 3)"),
        ((params, trace, dh, 1.0), TypeError, "dstate: expected ("),
        ((params, x, dh), TypeError, "trace: expected"),
        ((case(cell, D=3)[0], trace, dh), ValueError, "D = 3 and H = 4"),
    ]
    for arguments, error, names in wrong:
        with pytest.raises(error) as told:
            cell.backward(*arguments)
        assert names in str(told.value)


@pytest.mark.parametrize("cell", CELLS, ids=IDS)
def test_sizes_are_refused(cell):
    params, _, _ = case(cell)
    for sizes in ((0, 4), (2, 0), (-1, 4), (2, -3)):
        with pytest.raises(ValueError, match="expected at least 1"):
            cell.init_params(rng(), *sizes)
    for sizes in ((2.0, 4), (2, "4"), (True, 4)):
        with pytest.raises(TypeError, match="expected a whole number"):
            cell.init_params(rng(), *sizes)
    with pytest.raises(ValueError, match="batch: expected at least 1"):
        cell.zero_state(params, 0)
    with pytest.raises(TypeError, match="rng: expected"):
        cell.init_params(0, 2, 4)


y, t, m = np.zeros((5, 3, 2)), np.zeros((5, 2), int), np.ones((5, 2), bool)
out = readout.Params(np.ones((3, 4)), np.zeros((3, 1)))
tree, slope = (np.ones(3), (np.ones((2, 2)),)), (np.ones(3), (np.ones((2, 2)),))
hello = tasks.hello()


def model():
    return train.init_model(lstm, rng(), 4, 3, 4)


ends = states(lstm, 3, 2, 0)
spans = lstm.State(*np.zeros((2, 6, 3, 2)))
masked = np.ma.array([1.0, 2.0], mask=[False, True])
ten = train.init_model(gru, rng(), 4, 3, 4)
FIT = train.Fit(ten, np.zeros(1), np.zeros(1))


def fit(**wrong):
    return train.fit(**dict(model=model(), batches=hello, steps=1) | wrong)


# (call, what is wrong, error, what the message names)
TABLE = [
    (lambda: activations.sigmoid(masked), "masked", TypeError, "a: expected plain numbers"),
    (lambda: optim.clip((masked,), 1), "masked", TypeError, "grads: expected plain numbers"),
    (lambda: optim.sgd((masked,), (m[0] * 1.0,), 1), "masked", TypeError, "params: expected plain"),
    (lambda: optim.adam_start((masked,)), "masked", TypeError, "params: expected plain"),
    (lambda: optim.global_norm((np.array([NAN]),)), "NaN", ValueError, "grads: expected finite"),
    (lambda: optim.global_norm(("3",)), "text", TypeError, "grads: expected real"),
    (
        lambda: optim.clip([np.ones(2), np.ones((2, 3))], 1),
        "a list",
        TypeError,
        "grads: expected a NamedTuple or a tuple of arrays, got a list of them",
    ),
    (lambda: optim.clip([m, m], 1), "a list", TypeError, "grads: expected a NamedTuple or a tuple"),
    (
        lambda: optim.sgd({"W": m}, {"W": m}, 1),
        "a dict",
        TypeError,
        "params: expected a NamedTuple",
    ),
    (lambda: losses.softmax(np.ones((2, 5, 3, 2))), "rank", ValueError, "y: expected shape (V, B)"),
    (
        lambda: losses.cross_entropy(y, np.ma.array(t)),
        "masked",
        TypeError,
        "targets: expected plain",
    ),
    (
        lambda: losses.cross_entropy(y, t, np.ma.array(m)),
        "masked",
        TypeError,
        "mask: expected plain",
    ),
    (
        lambda: losses.squared_error(y, np.ma.array(y)),
        "masked",
        TypeError,
        "targets: expected plain",
    ),
    (lambda: losses.squared_error(np.ma.array(y), y), "masked", TypeError, "y: expected plain"),
    (lambda: losses.squared_error(y, y, m * 1), "numbers", TypeError, "mask: expected booleans"),
    (lambda: gradients.mismatch(masked, [1, 1]), "masked", TypeError, "analytic: expected plain"),
    (lambda: readout.init_params(rng(), 3, 3, int), "dtype", ValueError, "dtype: expected float32"),
    (
        lambda: readout.init_params(rng(), 3, 3, "f2"),
        "dtype",
        ValueError,
        "dtype: expected float32",
    ),
    (lambda: readout.init_params(rng(), 3, 3, complex), "dtype", ValueError, "dtype: expected"),
    (lambda: readout.init_params(rng(), 3, 3, object), "dtype", ValueError, "dtype: expected"),
    (lambda: readout.init_params(rng(), 3, 3, "x"), "dtype", ValueError, "dtype: expected float32"),
    (
        lambda: readout.forward(rnn.Params(*out), y[:, :1]),
        "cell's",
        TypeError,
        "lib.readout.Params",
    ),
    (lambda: initial.bias("b", 1.0, 2, int), "dtype", ValueError, "dtype: expected float32"),
    (lambda: initial.bias("b", masked, 2, float), "masked", TypeError, "b: expected plain numbers"),
    (lambda: initial.orthogonal(rng(), 0), "size", ValueError, "size: expected at least 1"),
    (lambda: tasks.baseline(hello._replace(mask=[[1], [0], [1], [0]])), "0, 1", TypeError, "mask:"),
    (lambda: tasks.baseline(hello._replace(targets=[1])), "rank", ValueError, "targets: expected"),
    (
        lambda: tasks.baseline(hello._replace(targets=[[NAN]] * 4)),
        "NaN",
        ValueError,
        "targets: exp",
    ),
    (
        lambda: tasks.baseline(hello._replace(targets=[[[NAN]]] * 4)),
        "NaN",
        ValueError,
        "targets: exp",
    ),
    (
        lambda: train.accuracy(ten, hello._replace(mask=[[1]] * 4)),
        "0, 1",
        TypeError,
        "mask: expected",
    ),
    (
        lambda: train.accuracy(ten, hello._replace(targets=[[1]])),
        "one",
        ValueError,
        "targets: expect",
    ),
    (
        lambda: train.accuracy(ten, hello._replace(targets=[[1.5]] * 4)),
        "½",
        TypeError,
        "targets: exp",
    ),
    (
        lambda: train.states(ten, hello.x, hold={"z": np.ones((6, 3, 1))}),
        "T",
        ValueError,
        "hold['z']",
    ),
    (lambda: train.states(ten, hello.x[:0], hold={"q": 1.0}), "gate", ValueError, "hold: expected"),
    (
        lambda: frameworks.to_pytorch(lstm, gru.init_params(rng(), 2, 4)),
        "a GRU's",
        TypeError,
        "params: expected a lib.lstm.Params",
    ),
    (lambda: train.states(ten, 5.0), "rank", ValueError, "x: expected shape (T, D, B)"),
    (
        lambda: train.last(spans, [6, 1]),
        "beyond",
        ValueError,
        "lengths: expected numbers from 0 to 5",
    ),
    (
        lambda: train.last(spans, [-1, 1]),
        "negative",
        ValueError,
        "lengths: expected numbers from 0",
    ),
    (lambda: train.last(spans, [1.0, 2.0]), "floats", TypeError, "lengths: expected whole numbers"),
    (lambda: train.last(spans, [True, True]), "booleans", TypeError, "lengths: expected whole"),
    (
        lambda: train.last(spans, [1, 2, 3]),
        "B",
        ValueError,
        "lengths: expected shape (2,), got (3,)",
    ),
    (lambda: train.last(spans, 2), "one", ValueError, "lengths: expected shape (2,), got ()"),
    (
        lambda: train.last(ends, [1, 2]),
        "one step",
        ValueError,
        "states: expected shape (T+1, H, B)",
    ),
    (
        lambda: train.last(rnn.State(MASKED), [1, 2, 3]),
        "masked",
        TypeError,
        "states: expected plain",
    ),
    (
        lambda: train.last(spans._replace(c=spans.c[1:]), [1, 2]),
        "unequal",
        ValueError,
        "states: expected shape (6, 3, 2), got (5, 3, 2)",
    ),
    (lambda: train.last(rnn.State(y[:, :, :0]), []), "no sequence", ValueError, "states: expected"),
    (lambda: train.last_backward("lstm", *out, [1]), "text", TypeError, "cell: expected a cell"),
    (
        lambda: train.last_backward(gru, None, train.run(ten, hello.x).trace, [4]),
        "no params",
        TypeError,
        "params: expected (W, b), got a NoneType",
    ),
    (lambda: train.run(FIT, hello.x), "a Fit", TypeError, "model: expected a Model, got a Fit"),
    (lambda: train.states(FIT, hello.x), "a Fit", TypeError, "model: expected a Model, got a Fit"),
    (lambda: train.spell(FIT, "h", 5, "helo"), "a Fit", TypeError, "model: expected a Model"),
    (lambda: fit(model=FIT), "a Fit", TypeError, "model: expected a Model, got a Fit"),
    (
        lambda: train.save(ten, "model.npz"),
        "swapped",
        TypeError,
        "model: expected a Model, got a str",
    ),
    (lambda: train.slopes(ten, tuple(hello)), "a tuple", TypeError, "batch: expected a Batch"),
    (lambda: train.accuracy(ten, hello.x), "an array", TypeError, "batch: expected a Batch"),
    (
        lambda: train.accuracy(ten, hello._replace(targets=hello.targets + 1)),
        "no class",
        ValueError,
        "targets: expected classes 0 to 3, got 2 to 4",
    ),
    (lambda: fit(batches=lambda: tuple(hello)), "a tuple", TypeError, "batch: expected a Batch"),
    (
        lambda: fit(batches=iter([hello]).__next__, steps=2),
        "too few",
        ValueError,
        "batches: expected one for each of 2 steps, got 1",
    ),
    (lambda: fit(stop_below="low"), "text", TypeError, "stop_below: expected real numbers"),
    (lambda: fit(stop_below=NAN), "NaN", ValueError, "stop_below: expected a finite number"),
    (
        lambda: train.init_model(readout, rng(), 4, 3, 4),
        "no cell",
        TypeError,
        "cell: expected a cell",
    ),
    (
        lambda: train.spell(model(), "h", 5, "helo", temperature="hot"),
        "text",
        TypeError,
        "temperature: expected real numbers",
    ),
    (lambda: train.last(spans.h, [1, 2]), "an array", TypeError, "states: expected a State"),
    (
        lambda: train.last_backward(gru, ten.params, spans, [1]),
        "no trace",
        TypeError,
        "trace: expected what this cell's forward gave",
    ),
    (
        lambda: train.last_backward(gru, ten.params, train.run(ten, hello.x).trace, [5]),
        "beyond",
        ValueError,
        "lengths: expected numbers from 0 to 4",
    ),
    (
        lambda: train.last_backward(gru, ten.params, train.run(ten, hello.x).trace, [4], ends),
        "State",
        TypeError,
        "dlast: expected (h)",
    ),
    (lambda: train.init_model("lstm", rng(), 4, 3, 4), "text", TypeError, "cell: expected a cell"),
    (lambda: fit(carry=1), "a number", TypeError, "carry: expected True, False or a function"),
    (
        lambda: fit(carry=lambda: [1]),
        "numbers",
        ValueError,
        "carry: expected booleans of shape (1,)",
    ),
    (lambda: fit(carry=lambda: [True, False]), "two", ValueError, "carry: expected booleans"),
    (lambda: fit(state=ends), "B", ValueError, "state.c: expected shape (3, 1), got (3, 2)"),
    (lambda: fit(state=ends.h), "an array", TypeError, "state: expected (c, h)"),
    (
        lambda: train.spell(model(), "h", 5, "heloxy"),
        "alphabet",
        ValueError,
        "alphabet: expected 4",
    ),
    (lambda: activations.sigmoid("a"), "text", TypeError, "a: expected real"),
    (lambda: activations.tanh(1j), "complex", TypeError, "a: expected real"),
    (lambda: activations.sigmoid_slope([None]), "objects", TypeError, "s: expected real"),
    (lambda: activations.tanh_slope("t"), "text", TypeError, "t: expected real"),
    (lambda: readout.forward(out, np.ones((5, 3, 2))), "units", ValueError, "(T, 4, B)"),
    (lambda: readout.forward(out, np.ones(4)), "rank", ValueError, "h: expected shape (4, B)"),
    (lambda: readout.forward(out, np.full((4, 1), NAN)), "NaN", ValueError, "h: expected finite"),
    (lambda: readout.forward((out.W, out.b[:2]), np.ones((4, 1))), "b", ValueError, "params.b"),
    (lambda: readout.forward(out.W, np.ones((4, 1))), "no b", TypeError, "params: expected (W, b)"),
    (lambda: readout.backward(out, np.ones((5, 4, 2)), y[:4]), "T", ValueError, "dy: expected"),
    (lambda: readout.backward(out, np.ones((4, 2)), "dy"), "text", TypeError, "dy: expected real"),
    (lambda: readout.init_params(rng(), 0, 3), "no unit", ValueError, "hidden_size"),
    (lambda: readout.init_params(rng(), 3, 0), "no output", ValueError, "output_size"),
    (lambda: readout.init_params(None, 3, 3), "no rng", TypeError, "rng: expected"),
    (lambda: losses.softmax(np.ones(3)), "rank", ValueError, "y: expected shape (V, B)"),
    (lambda: losses.softmax(y * NAN), "NaN", ValueError, "y: expected finite"),
    (lambda: losses.softmax("y"), "text", TypeError, "y: expected real"),
    (lambda: losses.cross_entropy(y[0], t), "rank", ValueError, "y: expected shape (T, V, B)"),
    (lambda: losses.cross_entropy(y + INF, t), "infinity", ValueError, "y: expected finite"),
    (lambda: losses.cross_entropy(y, t + 0.5), "halves", TypeError, "targets: expected whole"),
    (lambda: losses.cross_entropy(y, t.T), "turned", ValueError, "targets: expected shape (5, 2)"),
    (lambda: losses.cross_entropy(y, t + 3), "class V", ValueError, "classes 0 to 2, got 3"),
    (lambda: losses.cross_entropy(y, t - 1), "class -1", ValueError, "classes 0 to 2, got -1"),
    (lambda: losses.cross_entropy(y, t, m * 1), "numbers", TypeError, "mask: expected booleans"),
    (lambda: losses.cross_entropy(y, t, m[:4]), "short", ValueError, "mask: expected shape (5, 2)"),
    (lambda: losses.cross_entropy(y, t, ~m), "nothing", ValueError, "at least one place"),
    (lambda: losses.cross_entropy(y[:0], t[:0]), "no step", ValueError, "at least one place"),
    (lambda: losses.squared_error(y, t), "classes", ValueError, "targets: expected shape"),
    (lambda: losses.squared_error(y, y * NAN), "NaN", ValueError, "targets: expected finite"),
    (lambda: losses.squared_error(y, y, ~m), "nothing", ValueError, "at least one place"),
    (lambda: optim.sgd(tree, slope, -1), "rate", ValueError, "learning_rate"),
    (lambda: optim.sgd(tree, slope, "fast"), "text", TypeError, "learning_rate"),
    (lambda: optim.sgd(tree, slope[:1], 1), "form", TypeError, "same form"),
    (lambda: optim.sgd(tree, (np.ones(2), slope[1]), 1), "shape", ValueError, "shapes of params"),
    (lambda: optim.sgd(tree, (np.ones(3) * NAN, slope[1]), 1), "NaN", ValueError, "finite"),
    (lambda: optim.sgd(tree, ("abc", slope[1]), 1), "text", TypeError, "expected real"),
    (lambda: optim.adam(tree, slope, optim.adam_start(tree), NAN), "rate", ValueError, "rate"),
    (
        lambda: optim.adam(tree, slope, optim.adam_start(tree), 1, beta1=1.5),
        "β₁",
        ValueError,
        "beta1",
    ),
    (
        lambda: optim.adam(tree, slope, optim.adam_start(tree), 1, beta2=1),
        "β₂",
        ValueError,
        "beta2",
    ),
    (lambda: optim.adam(tree, slope, None, 1), "state", TypeError, "state: expected AdamState"),
    (lambda: optim.adam(tree, slope, optim.adam_start(slope[:1]), 1), "form", TypeError, "form"),
    (lambda: optim.clip(slope, -1), "length", ValueError, "max_norm"),
    (lambda: optim.clip((np.array([INF]),), 1), "infinity", ValueError, "grads: expected finite"),
    (lambda: tasks.one_hot("hex", "helo"), "letter", ValueError, "got 'x'"),
    (lambda: tasks.one_hot(5, "helo"), "no text", TypeError, "text: expected a str"),
    (lambda: tasks.delayed_recall(rng(), 0, 2), "gap", ValueError, "gap: expected at least 1"),
    (lambda: tasks.delayed_recall(rng(), 5, 0), "batch", ValueError, "batch: expected at least 1"),
    (lambda: tasks.delayed_recall(5, 5, 2), "rng", TypeError, "rng: expected"),
    (lambda: tasks.delayed_recall(rng(), 5, 2, symbols=0), "symbols", ValueError, "symbols"),
    (lambda: tasks.adding(rng(), 1, 2), "length", ValueError, "length: expected at least 2"),
    (lambda: tasks.adding(rng(), 5.0, 2), "length", TypeError, "length: expected a whole number"),
    (lambda: tasks.update(rng(), 0, 2), "length", ValueError, "length: expected at least 1"),
    (lambda: tasks.update(5, 5, 2), "rng", TypeError, "rng: expected"),
    (lambda: tasks.copy(rng(), 0, 2), "delay", ValueError, "delay: expected at least 1"),
    (lambda: tasks.copy(rng(), 5, 2, length=0), "length", ValueError, "length: expected at least"),
    (lambda: tasks.copy(rng(), 5, 2, symbols=2.0), "symbols", TypeError, "symbols: expected a"),
    (lambda: tasks.copy(5, 5, 2), "rng", TypeError, "rng: expected"),
    (lambda: tasks.counting(rng(), 0, 2), "longest", ValueError, "longest: expected at least 1"),
    (lambda: tasks.counting(rng(), 5, 0), "batch", ValueError, "batch: expected at least 1"),
    (lambda: tasks.counting(5, 5, 2), "rng", TypeError, "rng: expected"),
    (lambda: tasks.anbn([3, 0]), "n = 0", ValueError, "lengths: expected at least 1"),
    (lambda: tasks.update(rng(), 5, 2, flags=2), "share", ValueError, "flags: expected"),
    (lambda: tasks.running_sum(rng(), 0, 2), "length", ValueError, "length: expected at least 1"),
    (lambda: tasks.running_sum(rng(), 5, 2, -1), "share", ValueError, "marks: expected"),
    (lambda: tasks.balance(rng(), 1, 2), "length", ValueError, "length: expected at least 2"),
    (lambda: tasks.parity(rng(), 5, 0), "batch", ValueError, "batch: expected at least 1"),
    (lambda: tasks.permutations(5, 5, 2), "rng", TypeError, "rng: expected"),
    (lambda: tasks.ngrams(0, hello), "order", ValueError, "order: expected at least 1"),
    (lambda: tasks.ngrams(2, hello), "letters", ValueError, "x: expected shape (T, 49, B)"),
    (lambda: tasks.ngrams(2, hello.x), "no batch", TypeError, "batch: expected a Batch"),
    (lambda: tasks.anbn([1.5]), "halves", TypeError, "lengths: expected a whole number"),
    (lambda: tasks.anbn([]), "no word", ValueError, "lengths: expected at least one word"),
    (lambda: tasks.digits("columns"), "by", ValueError, "by: expected rows or pixels"),
    (lambda: tasks.digits("rows", "all"), "part", ValueError, "part: expected one of train"),
    (lambda: tasks.draw(rng(), hello, 2), "columns", ValueError, "batch: expected at most 1"),
    (lambda: tasks.draw(rng(), hello, 0), "columns", ValueError, "batch: expected at least 1"),
    (lambda: tasks.draw(5, hello, 1), "rng", TypeError, "rng: expected"),
    (lambda: tasks.prose(rng(), 0, 2), "length", ValueError, "length: expected at least 1"),
    (lambda: tasks.prose(rng(), 10**6, 2), "length", ValueError, "length: expected at most"),
    (lambda: tasks.prose(rng(), 5, 2, "all"), "part", ValueError, "part: expected one of train"),
    (lambda: tasks.prose(5, 5, 2), "rng", TypeError, "rng: expected"),
    (lambda: tasks.prose_entropy(2), "trigrams", ValueError, "before: expected 0 or 1"),
    (lambda: tasks.baseline(hello.x), "no batch", TypeError, "batch: expected a Batch"),
    (lambda: initial.chrono(rng(), 4, 2), "span", ValueError, "longest: expected at least 3"),
    (lambda: initial.weights(rng(), 1, 2, 3, "zeros"), "start", ValueError, "got 'zeros'"),
    (lambda: initial.weights(rng(), 1, 2, 3, inputs="he"), "range", ValueError, "got 'he'"),
    (lambda: initial.weights(rng(), 1, 2, 3, inputs=["he"]), "a list", ValueError, "got ['he']"),
    (lambda: initial.weights(rng(), 1, 2, 3, dtype="i4"), "dtype", ValueError, "dtype: expected"),
    (lambda: lstm.init_params(rng(), 2, 3, forget_bias=[1, 2]), "units", ValueError, "forget_bias"),
    (lambda: lstm.init_params(rng(), 2, 3, forget_bias="1"), "text", TypeError, "forget_bias"),
    (lambda: lstm.init_params(rng(), 2, 3, input_bias=NAN), "NaN", ValueError, "input_bias"),
    (lambda: gru.init_params(rng(), 2, 3, update_bias=INF), "infinity", ValueError, "update_bias"),
    (lambda: gradients.by_differences(np.sum, ["a"]), "text", TypeError, "array: expected real"),
    (lambda: gradients.by_differences(np.sum, [1.0], 0), "width", ValueError, "width: expected"),
    (lambda: gradients.by_differences(lambda a: NAN, [1.0]), "NaN", ValueError, "loss: expected"),
    (lambda: gradients.mismatch([0.0], [1.0]), "all 0", ValueError, "not all 0"),
    (lambda: gradients.mismatch([1.0], [1.0, 2.0]), "shape", ValueError, "numeric: expected"),
    (
        lambda: gradients.mismatch([1.0, NAN], [1.0, 2.0]),
        "NaN",
        ValueError,
        "analytic: expected fin",
    ),
    (lambda: gradients.state_jacobian(lstm, *case(lstm)), "B = 3", ValueError, "x: expected"),
    (
        lambda: gradients.state_jacobian(gru, *case(gru, B=1), by="c"),
        "no c",
        ValueError,
        "by: expected one of",
    ),
    (lambda: train.fit(model(), hello, 0), "steps", ValueError, "steps: expected at least 1"),
    (lambda: train.fit(model(), hello, 1, -1), "rate", ValueError, "learning_rate"),
    (lambda: train.fit(model(), hello.x, 1), "no batch", TypeError, "batches: expected"),
    (lambda: train.spell(model(), "h", 0, "helo"), "length", ValueError, "length"),
    (lambda: train.spell(model(), "x", 5, "helo"), "letter", ValueError, "got 'x'"),
    (lambda: train.spell(model(), "", 5, "helo"), "empty", ValueError, "first: expected"),
]


@pytest.mark.parametrize(
    "call, what, error, names", TABLE, ids=[f"{n} {row[1]}" for n, row in enumerate(TABLE)]
)
def test_refused(call, what, error, names):
    with pytest.raises(error) as told:
        call()
    assert names in str(told.value)
