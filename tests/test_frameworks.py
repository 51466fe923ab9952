"""The cells agree with six frameworks, and weights travel both ways."""

from pathlib import Path

import documented
import numpy as np
import pytest
from judges import CASES, CONVERTER, DTYPES, disagreements, draw

from lib import frameworks, gru, lstm, relatives, rnn
from lib.frameworks import shared

GOLDEN = np.load(Path(__file__).with_name("data") / "golden.npz")
BOUND = {"float64": 1e-12, "float32": 1e-5}
PAIRS = [(framework, kind) for framework, kinds in CASES.items() for kind in kinds]
pairs = pytest.mark.parametrize("framework, kind", PAIRS)
RECORDED = [(*pair, dtype) for pair in PAIRS for dtype in DTYPES[pair[0]]]


def converters(framework):
    """(to_, from_) of a framework."""
    name = CONVERTER[framework]
    return getattr(frameworks, f"to_{name}"), getattr(frameworks, f"from_{name}")


def some_params(cell, seed=3, dtype="float64"):
    """Params of 3 inputs and 4 units, every entry random."""
    rng = np.random.default_rng(seed)
    start = cell.init_params(rng, 3, 4)
    return cell.Params(*(rng.normal(size=part.shape).astype(dtype) for part in start))


def without_inner_bias(framework, kind, params):
    """Params that the framework can hold: nnx has no bias inside the reset."""
    if (framework, kind) == ("nnx", "reset_after"):
        params.b[12:] = 0
    return params


def equal(one, other):
    """Whether two Params are of the same kind and equal to the last bit."""
    return type(one) is type(other) and all(map(np.array_equal, one, other))


def golden(framework, kind, dtype):
    """(weights, x, dh, h, dx, slopes) of a recorded run."""
    prefix = f"{framework}/{kind}/{dtype}/"
    run = {name[len(prefix) :]: GOLDEN[name] for name in GOLDEN.files if name.startswith(prefix)}

    def gathered(what):
        parts = {name.partition("/")[2]: run[name] for name in run if name.startswith(what + "/")}
        return list(parts.values()) if framework == "keras" else parts

    return gathered("weights"), run["x"], run["dh"], run["h"], run.get("dx"), gathered("slopes")


@pytest.mark.parametrize("framework, kind, dtype", RECORDED)
def test_outputs_and_gradients_agree_with_the_recorded_runs(framework, kind, dtype):
    weights, x, dh, h, dx, slopes = golden(framework, kind, dtype)
    assert x.dtype == dtype
    found = disagreements(framework, kind, weights, x, dh, h, dx, slopes or None)
    assert max(found.values()) <= BOUND[dtype], found
    assert len(found) == (1 if CONVERTER[framework] == "onnx" else 2 + len(weights))


@pairs
def test_converted_weights_compute_what_the_documented_equations_do(framework, kind):
    """Both ways, from equations that know nothing of the converters."""
    cell, (to, back) = shared.CELLS[kind], converters(framework)
    theirs, x, _ = draw(framework, kind, "float64", seed=1)
    ours = cell.forward(back(cell, theirs), x).states.h[1:]
    np.testing.assert_allclose(ours, documented.run(framework, kind, theirs, x), atol=1e-14)

    params = without_inner_bias(framework, kind, some_params(cell))
    weights = to(cell, params)
    weights = weights if isinstance(weights, list) else shared.named(weights)
    ours = cell.forward(params, x).states.h[1:]
    np.testing.assert_allclose(ours, documented.run(framework, kind, weights, x), atol=1e-14)


@pairs
def test_weights_come_back_as_they_went(framework, kind):
    cell, (to, back) = shared.CELLS[kind], converters(framework)
    params = without_inner_bias(framework, kind, some_params(cell))
    assert equal(back(cell, to(cell, params)), params)


# By value


@pairs
@pytest.mark.parametrize(
    "dtype, wanted", [("float32", "float32"), ("float16", "float32"), (">f4", "float32")]
)
def test_floats_are_kept_and_half_precision_is_widened(framework, kind, dtype, wanted):
    cell, (_, back) = shared.CELLS[kind], converters(framework)
    weights, _, _ = draw(framework, kind, "float16")
    narrow = back(cell, each(lambda a: a.astype(dtype), weights))
    assert {part.dtype for part in narrow} == {np.dtype(wanted)}
    wide = back(cell, each(lambda a: a.astype("float64"), weights))
    assert {part.dtype for part in wide} == {np.dtype("float64")}
    for one, other in zip(narrow, wide, strict=True):  # but for the rounding of a sum of biases
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-7)


def each(change, weights):
    """Weights with every array changed; attributes stay."""
    if isinstance(weights, list):
        return [change(array) for array in weights]
    return {
        name: change(value) if isinstance(value, np.ndarray) else value
        for name, value in weights.items()
    }


@pairs
def test_mixed_floats_become_the_wider_and_lose_nothing(framework, kind):
    cell, (_, back) = shared.CELLS[kind], converters(framework)
    weights, _, _ = draw(framework, kind, "float32")
    params = back(
        cell, each(lambda a: a.astype("float64") if a.ndim < 2 or a.shape[0] < 3 else a, weights)
    )
    wide = back(cell, each(lambda a: a.astype("float64"), weights))
    assert equal(params, wide) and {part.dtype for part in params} == {np.dtype("float64")}


@pairs
def test_nothing_is_shared_with_what_was_given_nor_changed(framework, kind):
    cell, (to, back) = shared.CELLS[kind], converters(framework)
    weights, _, _ = draw(framework, kind, "float64")
    before = each(np.copy, weights)
    arrays = [
        a
        for a in (weights if isinstance(weights, list) else weights.values())
        if isinstance(a, np.ndarray)
    ]
    params = back(cell, weights)
    there = to(cell, params)
    theirs = there if isinstance(there, list) else shared.named(there).values()
    theirs = [array for array in theirs if isinstance(array, np.ndarray)]
    for ours in params:
        assert not any(np.shares_memory(ours, array) for array in (*arrays, *theirs))
    for place, array in enumerate(theirs):
        assert not any(np.shares_memory(array, other) for other in theirs[:place])
        assert array.flags.c_contiguous and array.flags.writeable
    for part in params:
        part[...] = 9
    for array in theirs:
        array[...] = 9
    after = weights if isinstance(weights, list) else weights.values()
    for one, other in zip(
        before if isinstance(before, list) else before.values(), after, strict=True
    ):
        assert np.array_equal(one, other)


@pairs
def test_arrays_that_do_not_lie_in_order_are_read_by_value(framework, kind):
    cell, (_, back) = shared.CELLS[kind], converters(framework)
    weights, _, _ = draw(framework, kind, "float64")
    strided = each(lambda a: np.repeat(np.asfortranarray(a), 2, axis=-1)[..., ::2], weights)
    assert equal(back(cell, strided), back(cell, weights))
    assert equal(back(cell, each(np.ndarray.tolist, weights)), back(cell, weights))


class Tensor:
    """What PyTorch documents of a tensor that requires a gradient, and of one in half precision."""

    def __init__(self, array, narrow=False, attached=True):
        self.array, self.narrow, self.attached = array, narrow, attached

    def __array__(self, dtype=None, copy=None):
        raise RuntimeError("Can't call numpy() on Tensor that requires grad.")

    def is_floating_point(self):
        return self.array.dtype.kind == "f"

    def element_size(self):
        return 2 if self.narrow else self.array.itemsize

    def detach(self):
        return Tensor(self.array, self.narrow, attached=False)

    def float(self):
        return Tensor(self.array.astype("float32"), attached=self.attached)

    def numpy(self, *, force=False):
        if self.narrow:
            raise TypeError("Got unsupported ScalarType BFloat16")
        if self.attached and not force:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad.")
        return self.array


def test_tensors_are_taken_by_value_whatever_hangs_on_them():
    weights, _, _ = draw("pytorch", "lstm", "float32")
    plain = frameworks.from_pytorch(lstm, weights)
    for narrow in (False, True):
        tensors = {name: Tensor(array, narrow) for name, array in weights.items()}
        assert equal(frameworks.from_pytorch(lstm, tensors), plain)


NO_WEIGHTS = {
    "integers": (lambda a: np.ones(a.shape, int), TypeError, "floating-point numbers, got int64"),
    "booleans": (lambda a: a > 0, TypeError, "floating-point numbers, got bool"),
    "whole numbers in lists": (lambda a: (0 * a).astype(int).tolist(), TypeError, "got int64"),
    "complex": (lambda a: a * 1j, TypeError, "floating-point numbers, got complex128"),
    "text": (lambda a: a.astype(str), TypeError, "floating-point numbers, got <U"),
    "objects": (lambda a: a.astype(object), TypeError, "floating-point numbers, got object"),
    "more than double": (lambda a: a.astype(np.longdouble), TypeError, "got float128"),
    "an integer tensor": (lambda a: Tensor(np.ones(a.shape, int)), TypeError, "got int64"),
    "a mask": (lambda a: np.ma.masked_array(a, a > 0), TypeError, "without a mask"),
    "masks in a list": (lambda a: list(np.ma.masked_array(a, a > 0)), TypeError, "without a mask"),
    "a ragged list": (
        lambda a: [[1.0], [1.0, 2.0]],
        TypeError,
        "expected an array of numbers, got list",
    ),
    "NaN": (lambda a: a * np.nan, ValueError, "finite"),
    "infinity": (lambda a: a + np.inf, ValueError, "finite"),
    "an axis more": (lambda a: a[..., None], ValueError, "expected shape"),
    "an axis less": (lambda a: a.ravel()[0], ValueError, "expected shape"),
    "a row more": (lambda a: np.concatenate([a, a[:1]]), ValueError, "expected"),
    "a column less": (lambda a: a[..., :-1], ValueError, "expected shape"),
    "nothing": (lambda a: a[:0], ValueError, "expected"),
}


@pairs
@pytest.mark.parametrize("what", NO_WEIGHTS)
def test_every_array_is_looked_at(framework, kind, what):
    """One array at a time is spoiled; each time the message names it."""
    cell, (_, back) = shared.CELLS[kind], converters(framework)
    weights, _, _ = draw(framework, kind, "float64")
    change, error, told = NO_WEIGHTS[what]
    places = range(3) if isinstance(weights, list) else weights
    for place in places:
        if not isinstance(weights[place], np.ndarray):
            continue
        spoiled = weights.copy()
        spoiled[place] = change(weights[place])
        if what in ("a row more", "a column less") and input_side(framework, place, what):
            continue  # one input more or less is another D, and no mistake
        with pytest.raises(error) as raised:
            back(cell, spoiled)
        assert told in str(raised.value), (place, str(raised.value))


def input_side(framework, place, what):
    """Whether one row more, or column less, of this array changes the number of inputs alone."""
    rows = {"keras": 0, "nnx": "dense_i/kernel"}.get(framework)
    columns = {"pytorch": "weight_ih_l0", "onnx": "W", "onnxruntime": "W", "equinox": "weight_ih"}
    wanted = rows if what == "a row more" else columns.get(framework)
    simple = framework == "flax" and place == "i/kernel" and what == "a row more"
    return place == wanted and wanted is not None or simple


# What a dict, a list or an operator holds beside the cell


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
    weights = torch_of("lstm")
    bare = {name: weights[name] for name in ("weight_ih_l0", "weight_hh_l0")}
    assert not frameworks.from_pytorch(lstm, bare).b.any()
    none = bare | {"bias_ih_l0": None, "bias_hh_l0": None}
    assert not frameworks.from_pytorch(lstm, none).b.any()
    assert not frameworks.from_keras(lstm, keras_of("lstm")[:2]).b.any()
    weights = onnx_of("gru")
    del weights["B"]
    assert not frameworks.from_onnx(gru, weights).b.any()
    for kind, cell in (("lstm", lstm), ("reset_after", reset_after)):
        weights = draw("equinox", kind, "float64")[0]
        bare = {name: weights[name] for name in ("weight_ih", "weight_hh")}
        assert not frameworks.from_equinox(cell, bare).b.any()


@pairs
def test_no_array_may_be_missing_but_a_bias_which_is_then_zero(framework, kind):
    cell, (_, back) = shared.CELLS[kind], converters(framework)
    weights, _, _ = draw(framework, kind, "float64")
    if framework == "keras":
        weights = dict(zip(("kernel", "recurrent_kernel", "bias"), weights, strict=True))
    for name in weights:
        if not isinstance(weights[name], np.ndarray):
            continue
        missing = less(weights, name)
        if name == "B" or (name == "bias" and kind not in ("gru", "reset_after")):
            assert equal(back(cell, missing), back(cell, weights | {name: 0 * weights[name]}))
        else:
            with pytest.raises(ValueError, match="missing|P: expected|do not tell which GRU"):
                back(cell, missing)


def less(weights, *names):
    """A dict without these names."""
    return {name: weights[name] for name in weights if name not in names}


def torch_of(kind, seed=0):
    return draw("pytorch", kind, "float64", seed)[0]


def keras_of(kind, seed=0):
    return draw("keras", kind, "float64", seed)[0]


def onnx_of(kind, seed=0):
    return draw("onnx", kind, "float64", seed)[0]


reset_after, relu_rnn, peephole = relatives.reset_after, relatives.relu_rnn, relatives.peephole


PLACES = [(layer, reverse) for layer in (0, 1, 10) for reverse in (False, True)]


@pytest.mark.parametrize("prefix", ["", "lstm.", "module.net.lstm.", "_orig_mod.rnn_"])
@pytest.mark.parametrize("layer, reverse", PLACES)
def test_one_layer_and_direction_is_found_among_all(prefix, layer, reverse):
    """A model's state_dict: other layers, directions and modules stand beside and are left alone."""
    model = {"fc.weight": np.ones((2, 4)), "fc.bias": np.ones(2), "fc.steps": np.array(3)}
    for seed, place in enumerate(PLACES):
        model |= frameworks.to_pytorch(lstm, some_params(lstm, seed), *place, prefix)
        model |= frameworks.to_pytorch(lstm, some_params(lstm, 99), *place, "other." + prefix)
    wanted = some_params(lstm, PLACES.index((layer, reverse)))
    assert equal(frameworks.from_pytorch(lstm, model, layer, reverse, prefix), wanted)


@pytest.mark.parametrize("prefix", ["", "cell.", "module.cell_"])
def test_a_cell_of_one_step_is_found_by_its_own_names(prefix):
    wanted = some_params(lstm)
    model = {"fc.weight": np.ones((2, 4))} | frameworks.to_pytorch(
        lstm, wanted, None, False, prefix
    )
    for layer in (0, None):
        assert equal(frameworks.from_pytorch(lstm, model, layer, prefix=prefix), wanted)
    model |= frameworks.to_pytorch(lstm, some_params(lstm, 99), prefix="deep.")
    assert equal(frameworks.from_pytorch(lstm, model, prefix=prefix), wanted)
    with pytest.raises(ValueError, match="is missing"):
        frameworks.from_pytorch(lstm, model, layer=1, prefix=prefix)
    bare = frameworks.to_pytorch(lstm, wanted, None, False, "cell.")
    with pytest.raises(ValueError, match="weight_ih is missing; it is there with prefix='cell.'"):
        frameworks.from_pytorch(lstm, bare)


def test_names_are_those_of_pytorch():
    params = some_params(lstm)
    ends = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    for options, end in (((), "_l0"), ((2,), "_l2"), ((1, True), "_l1_reverse"), ((None,), "")):
        assert list(frameworks.to_pytorch(lstm, params, *options)) == [name + end for name in ends]
    names = list(frameworks.to_pytorch(lstm, params, prefix="net."))
    assert names == [f"net.{name}_l0" for name in ends]


@pytest.mark.parametrize("framework", ["pytorch", "keras", "onnx", "flax", "nnx", "equinox"])
@pytest.mark.parametrize("prefix", ["model/cell/", "model.cell.", "cell_"])
def test_a_prefix_leads_to_the_names_and_its_absence_is_told(framework, prefix):
    weights, _, _ = draw(framework, "lstm", "float64")
    if framework == "keras":
        weights = dict(zip(("kernel", "recurrent_kernel", "bias"), weights, strict=True))
    _, back = converters(framework)
    model = {prefix + name: value for name, value in weights.items()}
    model |= {"head/kernel": np.ones((4, 2)), "head.weight": np.ones((2, 4))}
    assert equal(back(lstm, model, prefix=prefix), back(lstm, weights))
    for other in ("", prefix[:-1], "cell.", "elsewhere/"):
        if other != prefix:
            with pytest.raises(ValueError, match="is missing; it is there with prefix=") as told:
                back(lstm, model, prefix=other)
            assert repr(prefix) in str(told.value)
    with pytest.raises(TypeError, match="prefix: expected a text, got"):
        back(lstm, model, prefix=None)


def test_a_dict_within_a_dict_is_entered():
    weights = torch_of("lstm")
    checkpoint = {"state_dict": {"net." + name: weights[name] for name in weights}, "epoch": 3}
    found = frameworks.from_pytorch(lstm, checkpoint, prefix="state_dict/net.")
    assert equal(found, frameworks.from_pytorch(lstm, weights))
    params = some_params(reset_after)
    variables = {"params": {"cell": frameworks.to_flax(reset_after, params)}}
    assert equal(frameworks.from_flax(reset_after, variables, "params/cell/"), params)
    tuples = {
        ("params", *name.split("/")): a for name, a in draw("flax", "lstm", "float64")[0].items()
    }
    found = frameworks.from_flax(lstm, tuples, "params/")
    assert equal(found, frameworks.from_flax(lstm, draw("flax", "lstm", "float64")[0]))


@pytest.mark.parametrize("kind", CASES["keras"])
@pytest.mark.parametrize("biased", [True, False])
def test_a_bidirectional_layer_has_two_halves(kind, biased):
    cell = shared.CELLS[kind]
    forward, backward = ((keras_of(kind, seed)[: 2 + biased]) for seed in (1, 2))
    which = {} if biased or kind not in ("gru", "reset_after") else {"reset_after": kind != "gru"}
    both = [*forward, *backward]
    wanted = [frameworks.from_keras(cell, half, **which) for half in (forward, backward)]
    assert equal(frameworks.from_keras(cell, both, **which), wanted[0])
    assert equal(frameworks.from_keras(cell, tuple(both), reverse=True, **which), wanted[1])


def two_directions(kind):
    """An operator's weights for both directions: those of `onnx_of` with 1, then with 2."""
    forward, backward = onnx_of(kind, 1), onnx_of(kind, 2)
    both = {
        name: np.concatenate([forward[name], backward[name]]) if len(name) == 1 else forward[name]
        for name in forward
    }
    return both | ({"activations": ["Relu", "Relu"]} if "activations" in both else {})


@pytest.mark.parametrize("kind", CASES["onnxruntime"])
def test_an_operator_of_two_directions_has_two_sets(kind):
    cell = shared.CELLS[kind]
    forward, backward, both = onnx_of(kind, 1), onnx_of(kind, 2), two_directions(kind)
    for told in ({}, {"direction": "bidirectional"}, {"direction": b"bidirectional"}):
        found = [frameworks.from_onnx(cell, both | told, turn) for turn in (False, True)]
        assert equal(found[0], frameworks.from_onnx(cell, forward))
        assert equal(found[1], frameworks.from_onnx(cell, backward))
    alone = frameworks.to_onnx(cell, found[1], reverse=True)
    assert equal(frameworks.from_onnx(cell, alone, reverse=True), found[1])
    for name in ("W", "R", "B", "P"):  # one of them sliced, the others not
        if name in both:
            for wrong in (both | {name: both[name][:1]}, forward | {name: both[name]}):
                with pytest.raises(ValueError, match="expected shape"):
                    frameworks.from_onnx(cell, wrong)


def test_attributes_at_their_defaults_are_no_hindrance():
    for kind, activations in (
        ("rnn", ["Tanh"]),
        ("lstm", ["Sigmoid", "Tanh", "Tanh"]),
        ("gru", [b"sigmoid", b"tanh"]),
    ):
        cell, weights = shared.CELLS[kind], onnx_of(kind)
        told = {"activations": activations, "direction": "forward", "hidden_size": 4, "layout": 1}
        if kind == "lstm":
            told["input_forget"] = 0
        plain = frameworks.from_onnx(cell, weights)
        assert equal(frameworks.from_onnx(cell, weights | told), plain)


def test_each_direction_of_an_operator_has_its_own_activations():
    mixed = {name: np.concatenate([a, a]) for name, a in onnx_of("rnn").items()}
    mixed["activations"] = ["Tanh", "Relu"]
    frameworks.from_onnx(rnn, mixed)
    frameworks.from_onnx(relu_rnn, mixed, reverse=True)
    for cell, reverse in ((rnn, True), (relu_rnn, False)):
        with pytest.raises(ValueError, match="activations: expected"):
            frameworks.from_onnx(cell, mixed, reverse=reverse)


def test_the_lstm_cell_of_nnx_has_an_array_for_each_gate():
    weights, _, _ = draw("flax", "lstm", "float64")
    split = {f"net/{name.replace('if/', 'if_/')}": array for name, array in weights.items()}
    found = frameworks.from_nnx(lstm, split, prefix="net/")
    assert equal(found, frameworks.from_flax(lstm, weights))
    with pytest.raises(ValueError, match="it is there with prefix='net/'"):
        frameworks.from_nnx(lstm, split)


# Layers in the place of their weights: what they tell is compared.


class Layer:
    """The attributes that a framework documents of a layer."""

    def __init__(self, **attributes):
        vars(self).update(attributes)


def torch_layer(kind, **told):
    net = Layer(state_dict=lambda: {"net." + name: a for name, a in torch_of(kind).items()})
    one = Layer(**told)
    shared_too = [("", net), ("twin", one), ("net", one)]  # which PyTorch leaves out unless asked
    net.named_modules = lambda remove_duplicate=True: shared_too[: 2 if remove_duplicate else 3]
    return net


def keras_layer(kind, **told):
    def named(name):
        def function(a):
            return a

        function.__name__ = name  # by which Keras tells an activation
        return function

    told = {"activation": "tanh", "recurrent_activation": "sigmoid"} | told
    told = {name: named(value) if "activation" in name else value for name, value in told.items()}
    one = Layer(get_weights=lambda: keras_of(kind), recurrent_initializer=None, built=True)
    vars(one).update(told)
    return one


def nnx_cell(kind, **told):
    def tanh(a):
        return a

    def sigmoid(a):
        return a

    def relu(a):
        return a

    parts = draw("nnx", kind, "float64")[0]
    sides = {
        side: Layer(kernel=parts[side + "/kernel"], bias=parts.get(side + "/bias"))
        for side in ("dense_i", "dense_h")
    }
    functions = {"tanh": tanh, "sigmoid": sigmoid, "relu": relu}
    told = {"gate_fn": "sigmoid", "activation_fn": "tanh"} | told
    told = {name: functions.get(value, value) for name, value in told.items()}
    return Layer(hidden_features=4, **sides, **told)


def equinox_module(kind):
    module = Layer(**draw("equinox", kind, "float64")[0])
    vars(module).update(input_size=3, hidden_size=4, use_bias=True)
    return module


def test_a_layer_that_computes_what_the_cell_does_is_taken():
    for cell, kind, told in (
        (rnn, "rnn", {"nonlinearity": "tanh", "mode": "RNN_TANH"}),
        (relu_rnn, "relu_rnn", {"nonlinearity": "relu", "mode": "RNN_RELU"}),
        (relu_rnn, "relu_rnn", {"mode": "RNN_RELU"}),
        (lstm, "lstm", {"mode": "LSTM"}),
        (reset_after, "reset_after", {"mode": "GRU"}),
    ):
        found = frameworks.from_pytorch(cell, torch_layer(kind, **told), prefix="net.")
        assert equal(found, frameworks.from_pytorch(cell, torch_of(kind)))
    for cell, kind, told in (
        (rnn, "rnn", {}),
        (relu_rnn, "relu_rnn", {"activation": "relu"}),
        (lstm, "lstm", {}),
        (gru, "gru", {"reset_after": False}),
        (reset_after, "reset_after", {"reset_after": True}),
    ):
        layer = keras_layer(kind, **told)
        wanted = frameworks.from_keras(cell, keras_of(kind))
        assert equal(frameworks.from_keras(cell, layer), wanted)
        assert equal(frameworks.from_keras(cell, Layer(cell=layer, get_weights=None)), wanted)
        backward = Layer(cell=layer, get_weights=None, go_backwards=True)
        both = {"forward_layer": Layer(go_backwards=False), "backward_layer": backward}
        both = Layer(get_weights=None, **both)
        assert equal(frameworks.from_keras(cell, both, reverse=True), wanted)
    for cell, kind, told in ((rnn, "rnn", {"residual": False}), (lstm, "lstm", {})):
        found = frameworks.from_nnx(cell, nnx_cell(kind, **told))
        assert equal(found, frameworks.from_nnx(cell, draw("nnx", kind, "float64")[0]))
    for cell, kind in ((lstm, "lstm"), (reset_after, "reset_after")):
        found = frameworks.from_equinox(cell, equinox_module(kind))
        assert equal(found, frameworks.from_equinox(cell, draw("equinox", kind, "float64")[0]))


def bare_gru(kind):
    return keras_of(kind)[:2]


@pytest.mark.parametrize("kind", ["gru", "reset_after"])
def test_a_gru_of_keras_without_a_bias_must_be_told_which_it_is(kind):
    """The two compute differently from the same two arrays."""
    x = draw("keras", kind, "float64")[1]
    found = frameworks.from_keras(shared.CELLS[kind], bare_gru(kind), reset_after=kind != "gru")
    zero = np.zeros((2, 12) if kind == "reset_after" else 12)
    wanted = documented.run("keras", kind, [*bare_gru(kind), zero], x)
    ours = shared.CELLS[kind].forward(found, x).states.h[1:]
    np.testing.assert_allclose(ours, wanted, atol=1e-14)
    other = "gru" if kind == "reset_after" else "reset_after"
    zero = np.zeros((2, 12) if other == "reset_after" else 12)
    assert np.abs(documented.run("keras", other, [*bare_gru(kind), zero], x) - wanted).max() > 0.01


torch_lstm, keras_lstm, onnx_lstm = torch_of("lstm"), keras_of("lstm"), onnx_of("lstm")
flax_gru = draw("flax", "reset_after", "float64")[0]
nnx_gru = draw("nnx", "reset_after", "float64")[0]
equinox_gru = draw("equinox", "reset_after", "float64")[0]
gru_params = gru.init_params(np.random.default_rng(0), 3, 4)
lstm_params = lstm.init_params(np.random.default_rng(0), 3, 4)
bidirectional = torch_lstm | {name + "_reverse": a for name, a in torch_lstm.items()}


F, V, N = frameworks, ValueError, TypeError
REFUSED = {
    # PyTorch
    "PyTorch's GRU resets after": (
        lambda: F.to_pytorch(gru, gru_params),
        V,
        "no weights make the two equal",
    ),
    "and back": (lambda: F.from_pytorch(gru, torch_of("reset_after")), V, "relatives.reset_after"),
    "a cell no framework has": (
        lambda: F.to_pytorch(relatives.coupled, None),
        V,
        "PyTorch has: rnn, relu_rnn, lstm",
    ),
    "a cell's name": (
        lambda: F.from_pytorch("lstm", torch_lstm),
        V,
        "cell: expected one that PyTorch has",
    ),
    "another layer": (
        lambda: F.from_pytorch(lstm, torch_lstm, layer=1),
        V,
        "weight_ih_l1 is missing; there is bias_hh_l0, bias_ih_l0",
    ),
    "another direction": (
        lambda: F.from_pytorch(lstm, torch_lstm, reverse=True),
        V,
        "weight_ih_l0_reverse is missing; there is",
    ),
    "a layer below 0": (
        lambda: F.from_pytorch(lstm, torch_lstm, layer=-1),
        V,
        "layer: expected at least 0",
    ),
    "a layer that is True": (
        lambda: F.from_pytorch(lstm, torch_lstm, layer=True),
        N,
        "layer: expected a whole number or None, got True",
    ),
    "a layer in words": (
        lambda: F.to_pytorch(lstm, lstm_params, layer="0"),
        N,
        "layer: expected a whole number",
    ),
    "a direction that is 1": (
        lambda: F.from_pytorch(lstm, bidirectional, reverse=1),
        N,
        "reverse: expected True or False, got 1",
    ),
    "a cell's direction": (
        lambda: F.to_pytorch(lstm, lstm_params, None, True),
        V,
        "has no direction",
    ),
    "a weight is missing": (
        lambda: F.from_pytorch(lstm, less(torch_lstm, "weight_hh_l0")),
        V,
        "weight_hh_l0 is missing; there is bias_hh_l0",
    ),
    "the first bias is missing": (
        lambda: F.from_pytorch(lstm, less(torch_lstm, "bias_ih_l0")),
        V,
        "bias_ih_l0 is missing, and the other bias",
    ),
    "the second bias is missing": (
        lambda: F.from_pytorch(lstm, less(torch_lstm, "bias_hh_l0")),
        V,
        "bias_hh_l0 is missing, and the other bias",
    ),
    "the second bias is None": (
        lambda: F.from_pytorch(lstm, torch_lstm | {"bias_hh_l0": None}),
        V,
        "bias_hh_l0 is missing",
    ),
    "one direction's biases": (
        lambda: F.from_pytorch(lstm, less(bidirectional, "bias_ih_l0", "bias_hh_l0")),
        V,
        "bias_ih_l0 and bias_hh_l0 are missing, and other layers have theirs",
    ),
    "a bias under another name": (
        lambda: F.from_pytorch(
            lstm, less(torch_lstm, "bias_ih_l0", "bias_hh_l0") | {"bias": np.ones(16)}
        ),
        V,
        "bias is not known here",
    ),
    "a projection": (
        lambda: F.from_pytorch(lstm, torch_lstm | {"weight_hr_l0": np.ones((2, 4))}),
        V,
        "proj_size",
    ),
    "weight_norm": (
        lambda: F.from_pytorch(
            lstm, less(torch_lstm, "weight_hh_l0") | {"weight_hh_l0_g": np.ones(1)}
        ),
        V,
        "weight_hh_l0 is made from weight_hh_l0_g",
    ),
    "parametrizations": (
        lambda: F.from_pytorch(
            lstm,
            less(torch_lstm, "bias_ih_l0", "bias_hh_l0")
            | {"parametrizations.bias_ih_l0.original": np.ones(16)},
        ),
        V,
        "bias_ih_l0 is made from parametrizations.bias_ih_l0.original",
    ),
    "weights of another cell": (
        lambda: F.from_pytorch(rnn, torch_lstm),
        V,
        "weight_hh_l0: expected shape (H, H), got (16, 4), as an LSTM has",
    ),
    "one of a layer's weights": (
        lambda: F.from_pytorch(lstm, {"lstm.weight_ih_l0": np.ones((16, 3))}),
        V,
        "it is there with prefix='lstm.'",
    ),
    "one of Keras's kernels": (
        lambda: F.from_keras(lstm, {"recurrent_kernel": keras_lstm[1]}),
        V,
        "kernel is missing; there is recurrent_kernel",
    ),
    "no dict": (
        lambda: F.from_pytorch(lstm, [torch_lstm]),
        N,
        "weights: expected a dict of arrays by name, got list",
    ),
    "an array": (
        lambda: F.from_pytorch(lstm, np.ones(3)),
        N,
        "weights: expected a dict of arrays by name, got ndarray",
    ),
    "an empty dict": (lambda: F.from_pytorch(lstm, {}), V, "weight_ih_l0 is missing"),
    "a sum beyond float32": (
        lambda: F.from_pytorch(lstm, each(lambda a: np.full(a.shape, 3e38, "float32"), torch_lstm)),
        V,
        "the sum of the two biases: expected finite",
    ),
    "relu in a module": (
        lambda: F.from_pytorch(rnn, torch_layer("rnn", nonlinearity="relu"), prefix="net."),
        V,
        "nonlinearity: the layer's is 'relu'",
    ),
    "relu by its mode": (
        lambda: F.from_pytorch(rnn, torch_layer("rnn", mode="RNN_RELU"), prefix="net."),
        V,
        "nonlinearity: the layer's is 'relu'",
    ),
    "tanh in a module": (
        lambda: F.from_pytorch(relu_rnn, torch_layer("rnn", nonlinearity="tanh"), prefix="net."),
        V,
        "the cell's 'relu'",
    ),
    # Keras
    "Keras with reset_after": (
        lambda: F.from_keras(gru, keras_of("reset_after")),
        V,
        "reset_after=True, with a bias of (2, 3H), is relatives",
    ),
    "Keras without": (
        lambda: F.from_keras(reset_after, keras_of("gru")),
        V,
        "reset_after=False, with (3H,), is lib.gru",
    ),
    "neither bias tells": (
        lambda: F.from_keras(gru, bare_gru("gru")),
        V,
        "without a bias the weights do not tell",
    ),
    "nor for the other": (
        lambda: F.from_keras(reset_after, bare_gru("reset_after")),
        V,
        "without a bias the weights do not tell",
    ),
    "told the other": (
        lambda: F.from_keras(gru, bare_gru("gru"), reset_after=True),
        V,
        "the cell given is the other one",
    ),
    "told the one": (
        lambda: F.from_keras(reset_after, bare_gru("gru"), reset_after=False),
        V,
        "the cell given is the other one",
    ),
    "told against its bias": (
        lambda: F.from_keras(gru, keras_of("gru"), reset_after=True),
        V,
        "the cell given is the other one",
    ),
    "told by a number": (
        lambda: F.from_keras(gru, bare_gru("gru"), reset_after=0),
        N,
        "reset_after: expected True or False, got 0",
    ),
    "told of an LSTM": (
        lambda: F.from_keras(lstm, keras_lstm, reset_after=False),
        V,
        "reset_after: expected None, only a GRU has it",
    ),
    "three arrays, reversed": (
        lambda: F.from_keras(lstm, keras_lstm, reverse=True),
        V,
        "expected [kernel, recurrent_kernel, bias], twice, got a list of 3",
    ),
    "two layers": (
        lambda: F.from_keras(lstm, [*keras_lstm, np.ones((4, 16)), *keras_lstm[1:]]),
        V,
        "one layer's arrays, or a Bidirectional's",
    ),
    "five arrays": (
        lambda: F.from_keras(lstm, [*keras_lstm, *keras_lstm[:2]]),
        V,
        "got a list of 5",
    ),
    "no list": (lambda: F.from_keras(lstm, keras_lstm[0]), N, "a dict or a layer, got ndarray"),
    "a prefix of a list": (
        lambda: F.from_keras(lstm, keras_lstm, prefix="lstm/"),
        V,
        "prefix: expected none",
    ),
    "a dict, reversed": (
        lambda: F.from_keras(lstm, {"kernel": keras_lstm[0]}, reverse=True),
        V,
        "the prefix says which direction",
    ),
    "a kernel too small": (
        lambda: F.from_keras(lstm, [keras_lstm[0][:, :8], *keras_lstm[1:]]),
        V,
        "kernel: expected shape (D, 16), got (3, 8)",
    ),
    "a layer with relu": (
        lambda: F.from_keras(lstm, keras_layer("lstm", activation="relu")),
        V,
        "activation: the layer's is 'relu', the cell's 'tanh'",
    ),
    "an RNN with relu": (
        lambda: F.from_keras(rnn, keras_layer("rnn", activation="relu")),
        V,
        "the layer's is 'relu'",
    ),
    "hard gates": (
        lambda: F.from_keras(lstm, keras_layer("lstm", recurrent_activation="hard_sigmoid")),
        V,
        "recurrent_activation",
    ),
    "a layer of the other GRU": (
        lambda: F.from_keras(gru, keras_layer("gru", reset_after=True)),
        V,
        "the cell given is the other one",
    ),
    "a layer told the other": (
        lambda: F.from_keras(gru, keras_layer("gru", reset_after=False), reset_after=True),
        V,
        "the cell given is the other one",
    ),
    "a layer without weights": (
        lambda: F.from_keras(lstm, keras_layer("lstm", built=False)),
        V,
        "it is not built",
    ),
    "a layer of another kind": (
        lambda: F.from_keras(lstm, Layer(get_weights=lambda: [])),
        N,
        "expected one recurrent layer",
    ),
    "a layer that goes backward": (
        lambda: F.from_keras(lstm, keras_layer("lstm", go_backwards=True)),
        V,
        "reverse: got False, and a layer with go_backwards=True",
    ),
    "Params of another cell": (
        lambda: F.to_keras(gru, lstm_params._replace(W=lstm_params.W[:11])),
        V,
        "params.W: expected shape (3H, D+H)",
    ),
    # ONNX
    "ONNX with linear_before_reset": (
        lambda: F.from_onnx(gru, onnx_of("reset_after")),
        V,
        "linear_before_reset: 1 is relatives.reset_after",
    ),
    "ONNX without": (
        lambda: F.from_onnx(reset_after, onnx_of("gru")),
        V,
        "linear_before_reset: 0 is lib.gru",
    ),
    "and by default": (
        lambda: F.from_onnx(reset_after, less(onnx_of("reset_after"), "linear_before_reset")),
        V,
        "linear_before_reset: 0",
    ),
    "linear_before_reset of 2": (
        lambda: F.from_onnx(reset_after, onnx_of("gru") | {"linear_before_reset": 2}),
        V,
        "linear_before_reset: expected 0 or 1, got 2",
    ),
    "linear_before_reset of '1'": (
        lambda: F.from_onnx(reset_after, onnx_of("gru") | {"linear_before_reset": "1"}),
        V,
        "expected 0 or 1, got '1'",
    ),
    "linear_before_reset, twice": (
        lambda: F.from_onnx(reset_after, onnx_of("gru") | {"linear_before_reset": [1, 1]}),
        V,
        "expected 0 or 1",
    ),
    "linear_before_reset of an LSTM": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"linear_before_reset": 0}),
        V,
        "only a GRU has it",
    ),
    "linear_before_reset of an RNN": (
        lambda: F.from_onnx(rnn, onnx_of("rnn") | {"linear_before_reset": 1}),
        V,
        "only a GRU has it",
    ),
    "ONNX peepholes": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"P": np.ones((1, 12))}),
        V,
        "P: expected peepholes",
    ),
    "no peepholes": (lambda: F.from_onnx(peephole, onnx_lstm), V, "P: expected peepholes"),
    "flat peepholes": (
        lambda: F.from_onnx(peephole, onnx_lstm | {"P": np.ones(12)}),
        V,
        "P: expected shape (1, 12), got (12,)",
    ),
    "four peepholes": (
        lambda: F.from_onnx(peephole, onnx_lstm | {"P": np.ones((1, 16))}),
        V,
        "P: expected shape (1, 12), got (1, 16)",
    ),
    "a flat bias": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"B": onnx_lstm["B"][0]}),
        V,
        "B: expected shape (1, 32), got (32,)",
    ),
    "three directions": (
        lambda: F.from_onnx(lstm, each(lambda a: np.concatenate([a] * 3), onnx_lstm)),
        V,
        "1 or 2 directions, got (3, 16, 3)",
    ),
    "no directions": (
        lambda: F.from_onnx(lstm, each(lambda a: a[0], onnx_lstm)),
        V,
        "W: expected shape (directions, 4H, D)",
    ),
    "the second of one": (
        lambda: F.from_onnx(lstm, onnx_lstm, reverse=True),
        V,
        "weights of direction 'forward' alone",
    ),
    "the first of one reversed": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"direction": "reverse"}),
        V,
        "weights of direction 'reverse' alone",
    ),
    "two told, one there": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"direction": "bidirectional"}),
        V,
        "direction: got 'bidirectional', and weights for 1",
    ),
    "an unknown direction": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"direction": "backward"}),
        V,
        "direction: expected forward, reverse or bidirectional",
    ),
    "ONNX's Relu as tanh": (
        lambda: F.from_onnx(rnn, onnx_of("rnn") | {"activations": ["Relu"]}),
        V,
        "activations: expected ['Tanh'] for this cell, got ['Relu']",
    ),
    "ONNX's default as relu": (
        lambda: F.from_onnx(relu_rnn, onnx_of("rnn")),
        V,
        "['Tanh'] is the default",
    ),
    "hard gates in ONNX": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"activations": ["HardSigmoid", "Tanh", "Tanh"]}),
        V,
        "activations",
    ),
    "activations of two directions for one": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"activations": ["Sigmoid", "Tanh", "Tanh"] * 2}),
        V,
        "activations: expected 3 names, 3 for each direction, got",
    ),
    "activations of one direction for two": (
        lambda: F.from_onnx(rnn, two_directions("rnn") | {"activations": ["Tanh"]}, reverse=True),
        V,
        "activations: expected 2 names, 1 for each direction, got ['Tanh']",
    ),
    "too few activations": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"activations": ["Sigmoid"]}),
        V,
        "activations",
    ),
    "clipped": (lambda: F.from_onnx(lstm, onnx_lstm | {"clip": 3.0}), V, "clip: expected none"),
    "activations' own numbers": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"activation_alpha": [0.2]}),
        V,
        "activation_alpha: expected none",
    ),
    "coupled gates": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"input_forget": 1}),
        V,
        "input_forget: expected 0, got 1",
    ),
    "another hidden_size": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"hidden_size": 16}),
        V,
        "hidden_size: expected 4, got 16",
    ),
    "another layout": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"layout": 2}),
        V,
        "layout: expected 0 or 1",
    ),
    "a first state": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"initial_h": np.ones((1, 2, 4))}),
        V,
        "initial_h belongs to a run",
    ),
    "an unknown input": (
        lambda: F.from_onnx(lstm, onnx_lstm | {"Wb": np.ones(16)}),
        V,
        "Wb is not known here; expected W, R, B, P",
    ),
    "ONNX's list": (
        lambda: F.from_onnx(lstm, list(onnx_lstm.values())),
        N,
        "weights: expected a dict of arrays by name, got list",
    ),
    # Flax and Equinox
    "linen's GRU resets after": (
        lambda: F.to_flax(gru, gru_params),
        V,
        "Flax's GRU lets the reset act after",
    ),
    "a bias that linen has not": (
        lambda: F.from_flax(reset_after, flax_gru | {"hr/bias": np.ones(4)}),
        V,
        "hr/bias is not known here",
    ),
    "linen's inner bias": (
        lambda: F.from_flax(reset_after, less(flax_gru, "hn/bias")),
        V,
        "hn/bias is missing",
    ),
    "a gate of another size": (
        lambda: F.from_flax(reset_after, flax_gru | {"hz/kernel": np.ones((5, 5))}),
        V,
        "hz/kernel: expected shape (4, 4), got (5, 5)",
    ),
    "a gate of other inputs": (
        lambda: F.from_flax(reset_after, flax_gru | {"iz/kernel": np.ones((2, 4))}),
        V,
        "iz/kernel: expected shape (3, 4), got (2, 4)",
    ),
    "a module of linen": (
        lambda: F.from_flax(lstm, Layer(features=4)),
        N,
        "expected a dict of arrays by name, got Layer",
    ),
    "b_hn": (
        lambda: F.to_nnx(reset_after, some_params(reset_after)),
        V,
        "nnx's GRUCell has no bias inside the reset",
    ),
    "nnx's inner bias": (
        lambda: F.from_nnx(reset_after, nnx_gru | {"dense_h/bias": np.ones(12)}),
        V,
        "dense_h/bias is not known here",
    ),
    "nnx with relu": (
        lambda: F.from_nnx(rnn, nnx_cell("rnn", activation_fn="relu")),
        V,
        "activation_fn: the layer's is 'relu'",
    ),
    "nnx's other gates": (
        lambda: F.from_nnx(lstm, nnx_cell("lstm", gate_fn="relu")),
        V,
        "gate_fn: the layer's is 'relu'",
    ),
    "nnx with a residual": (
        lambda: F.from_nnx(rnn, nnx_cell("rnn", residual=True)),
        V,
        "residual: the layer's is True",
    ),
    "nnx's GRU as an LSTM": (lambda: F.from_nnx(lstm, nnx_gru), V, "dense_h/bias is missing"),
    "Equinox has no RNN": (lambda: F.to_equinox(rnn, None), V, "Equinox has: lstm, reset_after"),
    "Equinox without bias_n": (
        lambda: F.from_equinox(reset_after, less(equinox_gru, "bias_n")),
        V,
        "bias_n is missing, and the other bias",
    ),
    "Equinox without bias": (
        lambda: F.from_equinox(reset_after, less(equinox_gru, "bias")),
        V,
        "bias is missing, and the other bias",
    ),
    "biases that Equinox leaves out": (
        lambda: F.from_equinox(lstm, {**vars(equinox_module("lstm")), "use_bias": False}),
        V,
        "use_bias: got False, and biases that are not used",
    ),
    "biases that Equinox has lost": (
        lambda: F.from_equinox(lstm, {**vars(equinox_module("lstm")), "bias": None}),
        V,
        "use_bias: got True, and no biases",
    ),
    "Equinox's GRU as an LSTM": (
        lambda: F.from_equinox(lstm, equinox_module("reset_after")),
        V,
        "bias_n is not known here",
    ),
    "PyTorch's names in Equinox": (
        lambda: F.from_equinox(lstm, F.to_pytorch(lstm, lstm_params, layer=None)),
        V,
        "is not known here; expected weight_ih, weight_hh, bias",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_conversion_that_cannot_be_exact_is_refused(what):
    call, error, names = REFUSED[what]
    with pytest.raises(error) as told:
        call()
    assert names in str(told.value)
    assert "\n" not in str(told.value)
