"""Outside judges: the same run in PyTorch, Keras and ONNX's reference, as far as they are installed.

Each judge takes a cell's name, weights as the framework holds them, and x, and gives what the
framework computed. `tests/data/make_golden.py` keeps a few such runs; `tests/parity.py` asks live.
"""

import os

import numpy as np

os.environ["KERAS_BACKEND"] = "torch"

# framework -> the cells it has
CASES = {
    "pytorch": ("rnn", "lstm", "reset_after"),
    "keras": ("rnn", "lstm", "gru", "reset_after"),
    "onnx": ("rnn", "lstm", "gru", "reset_after", "peephole"),
}
T, B, D, H = 5, 2, 3, 4
BLOCKS = {"rnn": 1, "lstm": 4, "gru": 3, "reset_after": 3, "peephole": 4}


def versions(framework):
    """{package: version} of a framework, or None where it is not installed."""
    try:
        if framework == "pytorch":
            import torch

            return {"torch": torch.__version__}
        if framework == "keras":
            import keras
            import torch

            return {"keras": keras.__version__, "torch": torch.__version__}
        import onnx
        import onnx.reference

        return {"onnx": onnx.__version__}
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
    else:
        weights = {"W": normal(1, k * H, D), "R": normal(1, k * H, H), "B": normal(1, 2 * k * H)}
        if kind in ("gru", "reset_after"):
            weights["linear_before_reset"] = int(kind == "reset_after")
        if kind == "peephole":
            weights["P"] = normal(1, 3 * H)
    return weights, normal(T, D, B), normal(T, H, B)


def pytorch(kind, weights, x, dh):
    """h (T, H, B), dx (T, D, B) and the weights' gradients by nn.RNN, nn.LSTM or nn.GRU."""
    import torch

    name = {"rnn": "RNN", "lstm": "LSTM", "reset_after": "GRU"}[kind]
    net = getattr(torch.nn, name)(D, H).to(getattr(torch, str(x.dtype)))
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
        layer = (layers.SimpleRNN if kind == "rnn" else layers.LSTM)(H, **options)
    x = torch.tensor(x.transpose(2, 0, 1).copy(), requires_grad=True)  # (B, T, D)
    layer.build(tuple(x.shape))
    layer.set_weights(weights)
    y = layer(x)
    y.backward(torch.tensor(dh.transpose(2, 0, 1).copy()))
    slopes = [variable.value.grad.detach().numpy() for variable in layer.trainable_variables]
    return y.detach().numpy().transpose(1, 2, 0), x.grad.numpy().transpose(1, 2, 0), slopes


def onnx(kind, weights, x, dh):
    """h (T, H, B) by ONNX's reference evaluator, which has no gradients."""
    from onnx import TensorProto, helper
    from onnx.reference import ReferenceEvaluator

    operator = {"rnn": "RNN", "lstm": "LSTM", "peephole": "LSTM"}.get(kind, "GRU")
    arrays = {name: value for name, value in weights.items() if name in ("W", "R", "B")}
    inputs = ["X", *arrays]
    attributes = {"hidden_size": H}
    if "linear_before_reset" in weights:
        attributes["linear_before_reset"] = weights["linear_before_reset"]
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
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)])
    (y,) = ReferenceEvaluator(model).run(["Y"], arrays)
    return y[:, 0].swapaxes(1, 2), None, None


JUDGES = {"pytorch": pytorch, "keras": keras, "onnx": onnx}


def disagreements(framework, kind, weights, x, dh, y, dx, slopes):
    """{what: largest difference from the judge's, relative to its largest entry}."""
    from lib import frameworks

    cell = frameworks.CELLS[kind]
    params = getattr(frameworks, f"from_{framework}")(cell, weights)
    trace = cell.forward(params, x)
    found = {"h": relative(trace.states.h[1:], y)}
    if slopes is None:
        return found
    grads = cell.backward(params, trace, dh)
    found["dx"] = relative(grads.x, dx)
    ours = getattr(frameworks, f"to_{framework}")(cell, grads.params)
    if framework == "pytorch":
        if kind == "reset_after":  # r and z: one sum of two biases, so both have its gradient
            ours["bias_hh_l0"][: 2 * H] = ours["bias_ih_l0"][: 2 * H]
        else:
            ours["bias_hh_l0"] = ours["bias_ih_l0"]
        pairs = [(name, ours[name], slopes[name]) for name in slopes]
    else:
        if kind == "reset_after":
            ours[2][1, : 2 * H] = ours[2][0, : 2 * H]
        pairs = zip(("kernel", "recurrent_kernel", "bias"), ours, slopes, strict=True)
    return found | {name: relative(mine, judged) for name, mine, judged in pairs}


def relative(mine, judged):
    """max |mine - judged| / max |judged|."""
    return float(np.abs(mine - judged).max() / np.abs(judged).max())
