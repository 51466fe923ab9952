"""The cells agree with PyTorch, Keras and ONNX, and weights travel both ways."""

from pathlib import Path

import numpy as np
import pytest
from judges import CASES, disagreements, draw

from lib import frameworks, gru, lstm, relatives, rnn

GOLDEN = np.load(Path(__file__).with_name("data") / "golden.npz")
BOUND = {"float64": 1e-12, "float32": 1e-5}
PAIRS = [(framework, kind) for framework, kinds in CASES.items() for kind in kinds]
pairs = pytest.mark.parametrize("framework, kind", PAIRS)


def golden(framework, kind, dtype):
    """(weights, x, dh, h, dx, slopes) of a recorded run."""
    prefix = f"{framework}/{kind}/{dtype}/"
    run = {name[len(prefix) :]: GOLDEN[name] for name in GOLDEN.files if name.startswith(prefix)}

    def gathered(what):
        parts = {name.split("/")[1]: run[name] for name in run if name.startswith(what + "/")}
        return list(parts.values()) if framework == "keras" else parts

    return gathered("weights"), run["x"], run["dh"], run["h"], run.get("dx"), gathered("slopes")


@pairs
@pytest.mark.parametrize("dtype", BOUND)
def test_outputs_and_gradients_agree_with_the_recorded_runs(framework, kind, dtype):
    weights, x, dh, h, dx, slopes = golden(framework, kind, dtype)
    assert x.dtype == dtype
    found = disagreements(framework, kind, weights, x, dh, h, dx, slopes or None)
    assert max(found.values()) <= BOUND[dtype], found
    assert len(found) == (1 if framework == "onnx" else 2 + len(weights))


@pairs
def test_weights_come_back_as_they_went(framework, kind):
    cell = frameworks.CELLS[kind]
    rng = np.random.default_rng(3)
    params = cell.init_params(rng, 3, 4)
    params = cell.Params(*(rng.normal(size=part.shape) for part in params))
    there = getattr(frameworks, f"to_{framework}")(cell, params)
    back = getattr(frameworks, f"from_{framework}")(cell, there)
    assert type(back) is cell.Params
    for one, other in zip(params, back, strict=True):
        np.testing.assert_array_equal(one, other)


@pairs
def test_float32_weights_stay_float32(framework, kind):
    weights, _, _ = draw(framework, kind, "float32")
    params = getattr(frameworks, f"from_{framework}")(frameworks.CELLS[kind], weights)
    assert {part.dtype for part in params} == {np.dtype("float32")}


def test_rows_moved_without_a_permutation_run_and_are_wrong():
    """The mistake that these functions are for."""
    weights, x, _, h, _, _ = golden("pytorch", "lstm", "float64")
    W = np.concatenate([weights["weight_ih_l0"], weights["weight_hh_l0"]], axis=1)
    b = (weights["bias_ih_l0"] + weights["bias_hh_l0"])[:, None]
    naive = lstm.forward(lstm.Params(W, b), x)
    assert np.abs(naive.states.h[1:] - h).max() > 0.05


def test_two_forget_biases_of_one_are_two():
    weights, _, _ = draw("pytorch", "lstm", "float64")
    for name in ("bias_ih_l0", "bias_hh_l0"):
        weights[name] = np.repeat([0.0, 1.0, 0.0, 0.0], 4)
    i, f, o, g = frameworks.from_pytorch(lstm, weights).b.reshape(4, 4)
    assert (f == 2).all() and not (i.any() or o.any() or g.any())


def test_missing_biases_are_zero():
    weights, _, _ = draw("pytorch", "lstm", "float64")
    bare = {name: weights[name] for name in ("weight_ih_l0", "weight_hh_l0")}
    assert not frameworks.from_pytorch(lstm, bare).b.any()
    weights, _, _ = draw("keras", "reset_after", "float64")
    assert not frameworks.from_keras(relatives.reset_after, weights[:2]).b.any()
    weights, _, _ = draw("onnx", "gru", "float64")
    del weights["B"]
    assert not frameworks.from_onnx(gru, weights).b.any()


torch_lstm = draw("pytorch", "lstm", "float64")[0]
keras_lstm = draw("keras", "lstm", "float64")[0]
onnx_lstm = draw("onnx", "lstm", "float64")[0]
gru_params = gru.init_params(np.random.default_rng(0), 3, 4)
lstm_params = lstm.init_params(np.random.default_rng(0), 3, 4)

REFUSED = {
    "PyTorch's GRU resets after": (
        lambda: frameworks.to_pytorch(gru, gru_params),
        ValueError,
        "no weights make the two equal",
    ),
    "and back": (
        lambda: frameworks.from_pytorch(gru, draw("pytorch", "reset_after", "float64")[0]),
        ValueError,
        "relatives.reset_after",
    ),
    "Keras with reset_after": (
        lambda: frameworks.from_keras(gru, draw("keras", "reset_after", "float64")[0]),
        ValueError,
        "reset_after=True",
    ),
    "Keras without": (
        lambda: frameworks.from_keras(relatives.reset_after, draw("keras", "gru", "float64")[0]),
        ValueError,
        "reset_after=False",
    ),
    "ONNX with linear_before_reset": (
        lambda: frameworks.from_onnx(gru, draw("onnx", "reset_after", "float64")[0]),
        ValueError,
        "linear_before_reset: 1",
    ),
    "ONNX without": (
        lambda: frameworks.from_onnx(relatives.reset_after, draw("onnx", "gru", "float64")[0]),
        ValueError,
        "linear_before_reset: 0",
    ),
    "ONNX peepholes": (
        lambda: frameworks.from_onnx(lstm, onnx_lstm | {"P": np.ones((1, 12))}),
        ValueError,
        "P: expected peepholes",
    ),
    "no peepholes": (
        lambda: frameworks.from_onnx(relatives.peephole, onnx_lstm),
        ValueError,
        "P: expected peepholes",
    ),
    "two directions": (
        lambda: frameworks.from_onnx(lstm, {"W": np.ones((2, 16, 3)), "R": onnx_lstm["R"]}),
        ValueError,
        "one direction",
    ),
    "a cell no framework has": (
        lambda: frameworks.to_pytorch(relatives.coupled, None),
        ValueError,
        "PyTorch has: rnn, lstm",
    ),
    "another layer": (
        lambda: frameworks.from_pytorch(lstm, torch_lstm | {"weight_ih_l1": np.ones((16, 4))}),
        ValueError,
        "weight_ih_l1",
    ),
    "a weight is missing": (
        lambda: frameworks.from_pytorch(lstm, {"weight_ih_l0": torch_lstm["weight_ih_l0"]}),
        ValueError,
        "weight_hh_l0 is missing",
    ),
    "weights of another cell": (
        lambda: frameworks.from_pytorch(rnn, torch_lstm),
        ValueError,
        "recurrent weights: expected (1H, H), got (16, 4)",
    ),
    "no dict": (lambda: frameworks.from_pytorch(lstm, [1]), TypeError, "weights: expected a dict"),
    "text": (
        lambda: frameworks.from_pytorch(lstm, torch_lstm | {"bias_hh_l0": "zero"}),
        TypeError,
        "bias_hh_l0: expected real numbers",
    ),
    "NaN": (
        lambda: frameworks.from_keras(lstm, [keras_lstm[0] * np.nan, *keras_lstm[1:]]),
        ValueError,
        "input weights: expected finite",
    ),
    "a kernel too small": (
        lambda: frameworks.from_keras(lstm, [keras_lstm[0][:, :8], *keras_lstm[1:]]),
        ValueError,
        "input weights: expected shape (16, D), got (8, 3)",
    ),
    "no list": (
        lambda: frameworks.from_keras(lstm, keras_lstm[0]),
        ValueError,
        "weights: expected [",
    ),
    "Params of another cell": (
        lambda: frameworks.to_keras(gru, lstm_params._replace(W=lstm_params.W[:11])),
        ValueError,
        "params.W: expected shape (3H, D+H)",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_conversion_that_cannot_be_exact_is_refused(what):
    call, error, names = REFUSED[what]
    with pytest.raises(error) as told:
        call()
    assert names in str(told.value)
