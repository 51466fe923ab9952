"""Whole layers of the frameworks, as a stranger has them, for `make parity`.

Each function yields (what, error, bound): a framework's own run against the cells', with the weights
taken from the layer (`from_`) or put into it (`to_`), or 0 and infinity for a refusal (not) met.
"""

import numpy as np
from judges import B, D, H, T

from lib import frameworks, gru, lstm, rnn
from lib.relatives import relu_rnn, reset_after

DOUBLE, SINGLE = 1e-12, 1e-5
rng = np.random.default_rng(7)
X = rng.normal(size=(T, D, B))


def run(cell, params, x=X, reverse=False):
    """h (T, H, B) of the cells; the reverse direction sees the last step first."""
    turn = slice(None, None, -1 if reverse else 1)
    return cell.forward(params, x[turn]).states.h[1:][turn]


def apart(ours, theirs):
    """max |ours - theirs|, theirs as (T, B, H)."""
    return float(np.abs(ours - np.asarray(theirs).swapaxes(1, 2)).max())


def refused(call, told):
    """0 where the call is refused in these words."""
    try:
        call()
    except (TypeError, ValueError) as error:
        return 0.0 if told in str(error) else np.inf
    return np.inf


def pytorch():
    import torch
    from torch import nn

    x = torch.tensor(X.swapaxes(1, 2))
    for kind, cell in (("LSTM", lstm), ("GRU", reset_after), ("RNN", rnn)):
        for bias in (True, False):
            deep = getattr(nn, kind)(D, H, 2, bidirectional=True, bias=bias).double()
            model = nn.DataParallel(nn.ModuleDict({"enc": deep, "fc": nn.Linear(2 * H, 1)}))
            prefix, y = "module.enc.", deep(x)[0].detach().numpy()
            for given in (model, model.state_dict(), dict(model.named_parameters())):
                h = X
                for layer in (0, 1):
                    both = [
                        frameworks.from_pytorch(cell, given, layer, turn, prefix)
                        for turn in (False, True)
                    ]
                    h = np.concatenate([run(cell, both[0], h), run(cell, both[1], h, True)], axis=1)
                name = f"nn.{kind}, 2 layers, both directions, bias={bias}, {type(given).__name__}"
                yield name, apart(h, y), DOUBLE
        first = frameworks.to_pytorch(cell, both[1], 1, True, prefix)
        put = {name: torch.tensor(array) for name, array in first.items()}
        if bias is False:
            put = {name: put[name] for name in put if "bias" not in name}
        missing = model.load_state_dict(put, strict=False)
        yield f"nn.{kind} takes to_pytorch's names", float(len(missing.unexpected_keys)), 0.5
        one = getattr(nn, kind + "Cell")(D, H).double()
        state, hs = None, []
        for x_t in x:
            state = one(x_t, state)
            hs.append((state[0] if kind == "LSTM" else state).detach().numpy())
        ours = run(cell, frameworks.from_pytorch(cell, one))
        yield f"nn.{kind}Cell", apart(ours, np.array(hs)), DOUBLE
        half = getattr(nn, kind)(D, H).to(torch.bfloat16)
        wide = getattr(nn, kind)(D, H).double()
        wide.load_state_dict({name: a.double() for name, a in half.state_dict().items()})
        params = frameworks.from_pytorch(cell, dict(half.named_parameters()))
        ours = run(cell, cell.Params(*(part.astype(float) for part in params)))
        yield f"nn.{kind} in bfloat16", apart(ours, wide(x)[0].detach().numpy()), SINGLE
    relu = nn.RNN(D, H, nonlinearity="relu").double()
    ours = run(relu_rnn, frameworks.from_pytorch(relu_rnn, relu))
    yield "nn.RNN with relu", apart(ours, relu(x)[0].detach().numpy()), DOUBLE
    for net in (relu, nn.RNNCell(D, H, nonlinearity="relu"), nn.RNNBase("RNN_RELU", D, H)):
        error = refused(lambda net=net: frameworks.from_pytorch(rnn, net), "nonlinearity")
        yield f"{type(net).__name__} with relu is no rnn", error, DOUBLE
    twice = nn.ModuleDict({"a": relu, "b": relu})
    error = refused(lambda: frameworks.from_pytorch(rnn, twice, prefix="b."), "nonlinearity")
    yield "a shared module with relu is no rnn", error, DOUBLE
    net = nn.LSTM(D, H, proj_size=2)
    yield "a projection", refused(lambda: frameworks.from_pytorch(lstm, net), "proj_size"), DOUBLE
    for change in (nn.utils.weight_norm, nn.utils.parametrizations.weight_norm):
        normed = change(nn.LSTM(D, H), "weight_hh_l0")
        error = refused(lambda net=normed: frameworks.from_pytorch(lstm, net), "is made from")
        yield "weight_norm", error, DOUBLE
    compiled = torch.compile(nn.LSTM(D, H))
    error = refused(lambda: frameworks.from_pytorch(lstm, compiled), "prefix='_orig_mod.'")
    yield "torch.compile's prefix", error, DOUBLE


def keras():
    import keras as framework
    import torch
    from keras import layers
    from keras.src.backend.common import dtypes

    dtypes.BIT64_TO_BIT32_DTYPE["float64"] = "float64"
    framework.config.set_floatx("float64")
    x = X.transpose(2, 0, 1).copy()
    cases = [
        (lstm, layers.LSTM, {}),
        (rnn, layers.SimpleRNN, {}),
        (relu_rnn, layers.SimpleRNN, {"activation": "relu"}),
        (gru, layers.GRU, {"reset_after": False}),
        (reset_after, layers.GRU, {}),
    ]
    for cell, kind, options in cases:
        for bias in (True, False):
            options |= {"use_bias": bias, "bias_initializer": "normal", "dtype": "float64"}
            inner = kind(H, return_sequences=True, **options)
            both = layers.Bidirectional(inner, merge_mode=None, dtype="float64")
            both.build(x.shape)
            y = [side.detach().numpy().swapaxes(0, 1) for side in both(torch.tensor(x))]
            told = {"reset_after": cell is reset_after} if kind is layers.GRU and not bias else {}
            paths = {variable.path: variable for variable in both.weights}
            for side, turn in enumerate((False, True)):
                name = f"{kind.__name__} {options.get('activation', '')} bias={bias} reverse={turn}"
                ours = run(cell, frameworks.from_keras(cell, both, turn), reverse=turn)
                yield f"{name}, the layer", apart(ours, y[side]), DOUBLE
                listed = frameworks.from_keras(cell, both.get_weights(), turn, **told)
                yield f"{name}, its list", apart(run(cell, listed, reverse=turn), y[side]), DOUBLE
                path = list(paths)[side * len(paths) // 2].removesuffix("kernel")
                named = frameworks.from_keras(cell, paths, prefix=path, **told)
                yield f"{name}, its paths", apart(run(cell, named, reverse=turn), y[side]), DOUBLE
            if bias:
                both.set_weights(2 * frameworks.to_keras(cell, listed))
                y = both(torch.tensor(x))[0].detach().numpy().swapaxes(0, 1)
                yield f"{kind.__name__} takes to_keras's list", apart(run(cell, listed), y), DOUBLE
    for cell, layer in (
        (lstm, layers.LSTM(H, activation="relu")),
        (lstm, layers.LSTM(H, recurrent_activation="hard_sigmoid")),
        (rnn, layers.SimpleRNN(H, activation="relu")),
    ):
        layer.build(x.shape)
        error = refused(lambda c=cell, net=layer: frameworks.from_keras(c, net), "activation")
        yield "another activation", error, DOUBLE


def onnx():
    from onnx import TensorProto, helper
    from onnx.reference import ReferenceEvaluator

    for cell, operator, k in (
        (rnn, "RNN", 1),
        (lstm, "LSTM", 4),
        (gru, "GRU", 3),
        (reset_after, "GRU", 3),
    ):
        weights = {
            "W": rng.normal(size=(2, k * H, D)),
            "R": rng.normal(size=(2, k * H, H)),
            "B": rng.normal(size=(2, 2 * k * H)),
        }
        told = {"direction": "bidirectional", "hidden_size": H}
        if operator == "GRU":
            told["linear_before_reset"] = int(cell is reset_after)
        if operator == "RNN":
            told["activations"] = ["Tanh", "Tanh"]
        arrays = {"X": X.swapaxes(1, 2).copy()} | weights
        node = helper.make_node(operator, list(arrays), ["Y"], **told)
        values = [
            helper.make_tensor_value_info(n, TensorProto.DOUBLE, a.shape) for n, a in arrays.items()
        ]
        out = [helper.make_tensor_value_info("Y", TensorProto.DOUBLE, None)]
        model = helper.make_model(helper.make_graph([node], "cell", values, out))
        try:
            (y,) = ReferenceEvaluator(model).run(["Y"], arrays)
        except Exception as error:
            yield f"{operator} in two directions: {error}", np.inf, DOUBLE
            continue
        for side, turn in enumerate((False, True)):
            ours = run(cell, frameworks.from_onnx(cell, weights | told, turn), reverse=turn)
            yield f"{operator} in two directions, reverse={turn}", apart(ours, y[:, side]), DOUBLE


def nnx():
    import jax
    from flax import nnx as framework

    jax.config.update("jax_enable_x64", True)
    rngs = framework.Rngs(0)
    relu = {"activation_fn": framework.relu}
    normal = jax.nn.initializers.normal()
    for cell, kind, options in (
        (lstm, framework.LSTMCell, {}),
        (lstm, framework.OptimizedLSTMCell, {}),
        (reset_after, framework.GRUCell, {}),
        (rnn, framework.SimpleCell, {}),
        (relu_rnn, framework.SimpleCell, relu),
    ):
        options |= {"bias_init": normal, "dtype": np.float64, "param_dtype": np.float64}
        net = framework.RNN(kind(D, H, rngs=rngs, **options), rngs=rngs, time_major=True)
        y = net(jax.numpy.asarray(X.swapaxes(1, 2)))
        state = framework.state(net)
        for given, prefix in (
            (net.cell, ""),
            (state, "cell/"),
            (framework.to_pure_dict(state), "cell/"),
        ):
            ours = run(cell, frameworks.from_nnx(cell, given, prefix))
            yield (
                f"nnx.{kind.__name__} in an nnx.RNN, {type(given).__name__}",
                apart(ours, y),
                DOUBLE,
            )
    wrong = framework.SimpleCell(D, H, rngs=rngs, **relu)
    yield (
        "relu is no rnn",
        refused(lambda: frameworks.from_nnx(rnn, wrong), "activation_fn"),
        DOUBLE,
    )
    wrong = framework.SimpleCell(D, H, rngs=rngs, residual=True)
    yield "a residual", refused(lambda: frameworks.from_nnx(rnn, wrong), "residual"), DOUBLE


def flax():
    import jax
    from flax import linen

    jax.config.update("jax_enable_x64", True)
    x = jax.numpy.asarray(X.swapaxes(1, 2))
    normal = jax.nn.initializers.normal()
    for cell, kind in (
        (lstm, linen.LSTMCell),
        (lstm, linen.OptimizedLSTMCell),
        (reset_after, linen.GRUCell),
        (rnn, linen.SimpleCell),
    ):
        inner = kind(H, bias_init=normal, param_dtype=np.float64)
        net = linen.RNN(inner, time_major=True)
        variables = net.init(jax.random.key(0), x)
        params = frameworks.from_flax(cell, variables, prefix="params/cell/")
        yield (
            f"linen.{kind.__name__} in an RNN",
            apart(run(cell, params), net.apply(variables, x)),
            DOUBLE,
        )
        variables = {"params": {"cell": frameworks.to_flax(cell, params)}}
        yield (
            f"linen.{kind.__name__} takes to_flax",
            apart(run(cell, params), net.apply(variables, x)),
            DOUBLE,
        )


def equinox():
    import equinox as framework
    import jax

    jax.config.update("jax_enable_x64", True)
    for cell, kind in ((lstm, framework.nn.LSTMCell), (reset_after, framework.nn.GRUCell)):
        for bias in (True, False):
            net = kind(D, H, use_bias=bias, dtype=np.float64, key=jax.random.key(0))
            zero = jax.numpy.zeros((B, H))
            carry, hs = (zero, zero) if cell is lstm else zero, []
            for x_t in X:
                carry = jax.vmap(net)(jax.numpy.asarray(x_t.T), carry)
                hs.append(np.asarray(carry[0] if cell is lstm else carry))
            ours = run(cell, frameworks.from_equinox(cell, net))
            yield f"nn.{kind.__name__}, use_bias={bias}", apart(ours, np.array(hs)), DOUBLE


LAYERS = {"pytorch": pytorch, "keras": keras, "onnx": onnx}
LAYERS |= {"flax": flax, "nnx": nnx, "equinox": equinox}
