"""Outside judges: the same run in each framework, as far as they are installed.

Each judge takes a cell's name, weights as the framework holds them, and x, and gives what the
framework computed. `tests/data/make_golden.py` keeps a few such runs; `tests/parity.py` asks live.
"""

import importlib
import os

import numpy as np

os.environ["KERAS_BACKEND"] = "torch"

# framework -> the cells it has
CASES = {
    "pytorch": ("rnn", "relu_rnn", "lstm", "reset_after"),
    "keras": ("rnn", "relu_rnn", "lstm", "gru", "reset_after"),
    "onnx": ("rnn", "lstm", "gru", "reset_after", "peephole"),  # its reference has no Relu
    "onnxruntime": ("rnn", "relu_rnn", "lstm", "gru", "reset_after", "peephole"),
    "flax": ("rnn", "relu_rnn", "lstm", "reset_after"),
    "nnx": ("rnn", "relu_rnn", "lstm", "reset_after"),
    "equinox": ("lstm", "reset_after"),
}
# framework -> the packages that its judge needs
PACKAGES = {
    "pytorch": ("torch",),
    "keras": ("keras", "torch"),
    "onnx": ("onnx",),
    "onnxruntime": ("onnx", "onnxruntime"),
    "flax": ("flax", "jax"),
    "nnx": ("flax", "jax"),
    "equinox": ("equinox", "jax"),
}
DTYPES = dict.fromkeys(CASES, ("float64", "float32"))
DTYPES["onnxruntime"] = ("float32",)  # all that it has for every operator
CONVERTER = {name: name for name in CASES} | {"onnxruntime": "onnx"}
T, B, D, H = 5, 2, 3, 4
BLOCKS = {"rnn": 1, "relu_rnn": 1, "lstm": 4, "gru": 3, "reset_after": 3, "peephole": 4}
LINEN = {"rnn": [""], "lstm": ["i", "f", "g", "o"], "reset_after": ["r", "z", "n"]}
LINEN["relu_rnn"] = LINEN["rnn"]


def versions(framework):
    """{package: version} of a framework, or None where it is not installed."""
    try:
        return {name: importlib.import_module(name).__version__ for name in PACKAGES[framework]}
    except ImportError:
        return None


def draw(framework, kind, dtype, seed=0):
    """Random weights as the framework holds them, with x (T, D, B) and dh (T, H, B)."""
    rng = np.random.default_rng(seed)
    k = BLOCKS[kind]

    def normal(*shape):
        return rng.normal(scale=0.5, size=shape).astype(dtype)

    if framework == "pytorch":
        weights = {
            "weight_ih_l0": normal(k * H, D),
            "weight_hh_l0": normal(k * H, H),
            "bias_ih_l0": normal(k * H),
            "bias_hh_l0": normal(k * H),
        }
    elif framework == "keras":
        bias = (2, k * H) if kind == "reset_after" else (k * H,)
        weights = [normal(D, k * H), normal(H, k * H), normal(*bias)]
    elif CONVERTER[framework] == "onnx":
        weights = {"W": normal(1, k * H, D), "R": normal(1, k * H, H), "B": normal(1, 2 * k * H)}
        if kind in ("gru", "reset_after"):
            weights["linear_before_reset"] = int(kind == "reset_after")
        if kind == "relu_rnn":
            weights["activations"] = ["Relu"]
        if kind == "peephole":
            weights["P"] = normal(1, 3 * H)
    elif framework == "flax":
        weights = {}
        for gate in LINEN[kind]:
            weights[f"i{gate}/kernel"], weights[f"h{gate}/kernel"] = normal(D, H), normal(H, H)
            weights[f"{'h' if kind == 'lstm' else 'i'}{gate}/bias"] = normal(H)
        if kind == "reset_after":
            weights["hn/bias"] = normal(H)
    elif framework == "nnx":
        weights = {"dense_i/kernel": normal(D, k * H), "dense_h/kernel": normal(H, k * H)}
        weights["dense_h/bias" if kind == "lstm" else "dense_i/bias"] = normal(k * H)
    else:
        weights = {"weight_ih": normal(k * H, D), "weight_hh": normal(k * H, H)}
        weights["bias"] = normal(k * H)
        if kind == "reset_after":
            weights["bias_n"] = normal(H)
    return weights, normal(T, D, B), normal(T, H, B)


def pytorch(kind, weights, x, dh):
    """h (T, H, B), dx (T, D, B) and the weights' gradients by nn.RNN, nn.LSTM or nn.GRU."""
    import torch

    name = {"lstm": "LSTM", "reset_after": "GRU"}.get(kind, "RNN")
    options = {"nonlinearity": "relu"} if kind == "relu_rnn" else {}
    net = getattr(torch.nn, name)(D, H, **options).to(getattr(torch, str(x.dtype)))
    net.load_state_dict({key: torch.tensor(value) for key, value in weights.items()})
    x = torch.tensor(x.swapaxes(1, 2).copy(), requires_grad=True)
    y, _ = net(x)
    y.backward(torch.tensor(dh.swapaxes(1, 2).copy()))
    slopes = {key: value.grad.numpy() for key, value in net.named_parameters()}
    return y.detach().numpy().swapaxes(1, 2), x.grad.numpy().swapaxes(1, 2), slopes


def keras(kind, weights, x, dh):
    """The same by keras.layers, whose gradients come from its PyTorch backend.

    Keras turns float64 into float32 on every backend but TensorFlow's; its table of such turns is
    emptied here, so that it computes in the precision it was asked for.
    """
    import keras as framework
    import torch
    from keras.src.backend.common import dtypes

    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    framework.config.set_floatx(str(x.dtype))
    layers = framework.layers
    options = {"return_sequences": True, "dtype": str(x.dtype)}
    if kind in ("gru", "reset_after"):
        layer = layers.GRU(H, reset_after=kind == "reset_after", **options)
    else:
        if kind == "relu_rnn":
            options["activation"] = "relu"
        layer = (layers.LSTM if kind == "lstm" else layers.SimpleRNN)(H, **options)
    x = torch.tensor(x.transpose(2, 0, 1).copy(), requires_grad=True)  # (B, T, D)
    layer.build(tuple(x.shape))
    layer.set_weights(weights)
    y = layer(x)
    y.backward(torch.tensor(dh.transpose(2, 0, 1).copy()))
    slopes = [variable.value.grad.detach().numpy() for variable in layer.trainable_variables]
    return y.detach().numpy().transpose(1, 2, 0), x.grad.numpy().transpose(1, 2, 0), slopes


def onnx(kind, weights, x, dh):
    """h (T, H, B) by ONNX's reference evaluator, which has no gradients."""
    from onnx.reference import ReferenceEvaluator

    model, arrays = onnx_model(kind, weights, x)
    (y,) = ReferenceEvaluator(model).run(["Y"], arrays)
    return y[:, 0].swapaxes(1, 2), None, None


def onnxruntime(kind, weights, x, dh):
    """The same by ONNX Runtime."""
    from onnxruntime import InferenceSession

    model, arrays = onnx_model(kind, weights, x)
    session = InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    (y,) = session.run(["Y"], arrays)
    return y[:, 0].swapaxes(1, 2), None, None


def onnx_model(kind, weights, x):
    """(a model of one operator, all of its inputs)."""
    from onnx import TensorProto, helper

    operator = {1: "RNN", 3: "GRU", 4: "LSTM"}[BLOCKS[kind]]
    arrays = {name: value for name, value in weights.items() if name in ("W", "R", "B")}
    inputs = ["X", *arrays]
    attributes = {"hidden_size": H}
    attributes |= {name: weights[name] for name in weights if len(name) > 1}
    if "P" in weights:
        size = B
        arrays |= {
            "lengths": np.full(size, T, np.int32),
            "h0": np.zeros((1, size, H), x.dtype),
            "c0": np.zeros((1, size, H), x.dtype),
            "P": weights["P"],
        }
        inputs += ["lengths", "h0", "c0", "P"]
    arrays["X"] = np.ascontiguousarray(x.swapaxes(1, 2))
    kinds = {
        "float32": TensorProto.FLOAT,
        "float64": TensorProto.DOUBLE,
        "int32": TensorProto.INT32,
    }
    node = helper.make_node(operator, inputs, ["Y"], **attributes)
    graph = helper.make_graph(
        [node],
        "cell",
        [
            helper.make_tensor_value_info(name, kinds[str(arrays[name].dtype)], arrays[name].shape)
            for name in inputs
        ],
        [helper.make_tensor_value_info("Y", kinds[str(x.dtype)], None)],
    )
    opset = [helper.make_opsetid("", 14)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8), arrays


def flax(kind, weights, x, dh):
    """The same by a cell of flax.linen, step by step."""
    from flax import linen
    from flax.traverse_util import unflatten_dict

    name = {"lstm": "OptimizedLSTMCell", "reset_after": "GRUCell"}.get(kind, "SimpleCell")
    options = {"activation_fn": linen.relu} if kind == "relu_rnn" else {}
    cell = getattr(linen, name)(H, param_dtype=x.dtype, **options)

    def step(weights, carry, x_t):
        return cell.apply({"params": unflatten_dict(weights, sep="/")}, carry, x_t)

    return by_jax(step, weights, x, dh, carries=1 + (kind == "lstm"))


def nnx(kind, weights, x, dh):
    """The same by a cell of flax.nnx."""
    from flax import nnx
    from flax.traverse_util import unflatten_dict

    name = {"lstm": "OptimizedLSTMCell", "reset_after": "GRUCell"}.get(kind, "SimpleCell")
    options = {"activation_fn": nnx.relu} if kind == "relu_rnn" else {}

    def step(weights, carry, x_t):
        cell = getattr(nnx, name)(D, H, dtype=x.dtype, rngs=nnx.Rngs(0), **options)
        nnx.update(cell, unflatten_dict(weights, sep="/"))
        return cell(carry, x_t)

    return by_jax(step, weights, x, dh, carries=1 + (kind == "lstm"))


def equinox(kind, weights, x, dh):
    """The same by a cell of Equinox, which takes one sequence at a time and h before c."""
    import equinox as framework
    import jax

    name = "LSTMCell" if kind == "lstm" else "GRUCell"
    cell = getattr(framework.nn, name)(D, H, dtype=x.dtype, key=jax.random.key(0))

    def step(weights, carry, x_t):
        ours = framework.tree_at(
            lambda cell: [getattr(cell, name) for name in weights], cell, list(weights.values())
        )
        carry = jax.vmap(ours)(x_t, carry)
        return carry, carry[0] if kind == "lstm" else carry

    return by_jax(step, weights, x, dh, carries=1 + (kind == "lstm"))


def by_jax(step, weights, x, dh, carries):
    """h, dx and the weights' gradients of a step of JAX, over a run from zeros."""
    import jax

    jax.config.update("jax_enable_x64", True)

    def loss(weights, x):
        zero = jax.numpy.zeros((B, H), x.dtype)
        carry, total, run = (zero, zero)[:carries] if carries > 1 else zero, 0.0, []
        for x_t, dh_t in zip(x, dh, strict=True):
            carry, h = step(weights, carry, x_t.T)
            run.append(h.T)
            total += (h.T * dh_t).sum()
        return total, jax.numpy.stack(run)

    weights = {name: jax.numpy.asarray(value) for name, value in weights.items()}
    slopes, h = jax.grad(loss, argnums=(0, 1), has_aux=True)(weights, jax.numpy.asarray(x))
    slopes, dx = jax.tree.map(np.asarray, slopes)
    return np.asarray(h), dx, slopes


JUDGES = {"pytorch": pytorch, "keras": keras, "onnx": onnx, "onnxruntime": onnxruntime}
JUDGES |= {"flax": flax, "nnx": nnx, "equinox": equinox}


def disagreements(framework, kind, weights, x, dh, y, dx, slopes):
    """{what: largest difference from the judge's, relative to its largest entry}."""
    from lib import frameworks
    from lib.frameworks.shared import CELLS, named

    cell = CELLS[kind]
    params = getattr(frameworks, f"from_{CONVERTER[framework]}")(cell, weights)
    trace = cell.forward(params, x)
    found = {"h": relative(trace.states.h[1:], y)}
    if slopes is None:
        return found
    grads = cell.backward(params, trace, dh)
    found["dx"] = relative(grads.x, dx)
    if framework == "nnx" and kind == "reset_after":  # it has no bias inside the reset
        grads.params.b[3 * H :] = 0
    ours = getattr(frameworks, f"to_{CONVERTER[framework]}")(cell, grads.params)
    if framework == "pytorch":
        if kind == "reset_after":  # r and z: one sum of two biases, so both have its gradient
            ours["bias_hh_l0"][: 2 * H] = ours["bias_ih_l0"][: 2 * H]
        else:
            ours["bias_hh_l0"] = ours["bias_ih_l0"]
    if framework == "keras":
        if kind == "reset_after":
            ours[2][1, : 2 * H] = ours[2][0, : 2 * H]
        names = ("kernel", "recurrent_kernel", "bias")
        ours, slopes = (dict(zip(names, arrays, strict=True)) for arrays in (ours, slopes))
    ours = named(ours)
    assert ours.keys() == slopes.keys()
    return found | {name: relative(ours[name], slopes[name]) for name in slopes}


def relative(mine, judged):
    """max |mine - judged| / max |judged|."""
    return float(np.abs(mine - judged).max() / np.abs(judged).max())
