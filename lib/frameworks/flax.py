"""Flax: the cells of flax.linen, an array for each gate, and of flax.nnx, gates stacked."""

import numpy as np

from lib.frameworks import shared

ORDERS = {"rnn": "h", "relu_rnn": "h", "lstm": "ifgo", "reset_after": "rzn"}
BIASED = {"h": ["i"], "ifgo": ["hi", "hf", "hg", "ho"], "rzn": ["ir", "iz", "in", "hn"]}


def to_flax(cell, params):
    """{"ii": {"kernel": (D, H)}, "hi": {"kernel": (H, H), "bias": (H,)}, "if": ...}, a linen cell's params.

    i or h, what the kernel acts on, and the gate: an LSTMCell's or OptimizedLSTMCell's i, f, g, o,
    biases with h; a GRUCell's (`relatives.reset_after`) r, z, n, biases with i, and one more in "hn". A
    SimpleCell has "i", with the bias, and "h"; for `relatives.relu_rnn` it has activation_fn=relu.
    Raises ValueError for a cell that Flax does not have, or wrong shapes.
    """
    kind = shared.known(cell, ORDERS, "Flax")
    order = ORDERS[kind]
    W_x, W_h, b, inside = (np.split(part, len(order)) for part in shared.parts(kind, params, order))
    weights = {}
    for place, name in enumerate(gates(order)):
        weights["i" + name] = {"kernel": W_x[place].T.copy()}
        weights["h" + name] = {"kernel": W_h[place].T.copy()}
        side = "h" if kind == "lstm" else "i"
        weights[side + name]["bias"] = b[place].copy()
    if kind == "reset_after":
        weights["hn"]["bias"] = inside[2].copy()
    return weights


def from_flax(cell, weights, prefix=""):
    """Params, the way back of `to_flax`: a linen cell's params, or a dict that holds them.

    `prefix` is the way there: "params/cell/" for the variables of an nn.RNN. The params do not tell
    activations nor `residual`: `cell` says whether a SimpleCell has tanh or relu, the rest is taken
    to be the default. Raises ValueError for a missing or unknown name, wrong shapes, NaN, or a cell
    that Flax does not have; TypeError for what is no dict or no floating-point array.
    """
    kind = shared.known(cell, ORDERS, "Flax")
    order = ORDERS[kind]
    names = [f"{side}{name}/kernel" for side in "ih" for name in gates(order)]
    names += [f"{name}/bias" for name in BIASED[order]]
    arrays = shared.picked(shared.named(weights), prefix, names)
    k = len(order)
    H = shared.units(prefix + names[k], arrays[k], ("kH", "H"), 1)
    D = arrays[0].shape[0] if arrays[0].ndim else 0
    shapes = [(D or "D", H)] * k + [(H, H)] * k + [(H,)] * len(BIASED[order])
    arrays = shared.sized([prefix + name for name in names], arrays, shapes)
    W_x, W_h = (
        np.concatenate([part.T for part in side]) for side in (arrays[:k], arrays[k : 2 * k])
    )
    b, inside = arrays[2 * k : 3 * k], arrays[3 * k :]
    return shared.whole(kind, W_x, W_h, np.concatenate(b), shared.of_n(*inside), order)


def to_nnx(cell, params):
    """{"dense_i": {"kernel": (D, k·H)}, "dense_h": {"kernel": (H, k·H)}}, for `nnx.update`.

    These are nnx's OptimizedLSTMCell (its "bias" (4H,) in "dense_h"), and GRUCell
    (`relatives.reset_after`) and SimpleCell, "bias" (k·H,) in "dense_i"; for `relatives.relu_rnn`
    with activation_fn=relu. nnx's GRUCell has no bias inside the reset: Params, and gradients, must
    have 0 there, in the last H rows of b. Raises ValueError where they do not, for a cell that Flax
    does not have, or wrong shapes.
    """
    kind = shared.known(cell, ORDERS, "Flax")
    W_x, W_h, b, inside = shared.parts(kind, params, ORDERS[kind])
    if inside.any():
        raise ValueError(
            "params.b: nnx's GRUCell has no bias inside the reset; expected 0 in the last H rows"
        )
    weights = {"dense_i": {"kernel": W_x.T.copy()}, "dense_h": {"kernel": W_h.T.copy()}}
    weights["dense_h" if kind == "lstm" else "dense_i"]["bias"] = b
    return weights


def from_nnx(cell, weights, prefix=""):
    """Params, the way back of `to_nnx`: a cell of nnx, its state, or a dict that holds it.

    Names and shapes as there; nnx's LSTMCell, an array for each gate as in `to_flax` with `if_` for
    "if", is taken too. `prefix` is the way there, as "cell/" in the state of an nnx.RNN. A state does
    not tell activations nor `residual`: `cell` says whether a SimpleCell has tanh or relu, the rest
    is taken to be the default; a cell of nnx tells them, and is compared. Errors as in `from_flax`.
    """
    kind = shared.known(cell, ORDERS, "Flax")
    if hasattr(weights, "hidden_features"):
        shared.squashes("activation_fn", weights, shared.SQUASHES.get(kind, "tanh"))
        shared.squashes("gate_fn", weights, "sigmoid")
        shared.same("residual", getattr(weights, "residual", None), False)
        linear = {name: part for name, part in vars(weights).items() if hasattr(part, "kernel")}
        weights = {
            name: {"kernel": part.kernel, "bias": part.bias} for name, part in linear.items()
        }
    flat = shared.named(weights)
    stacked = "dense_h/kernel" in shared.under(flat, prefix)
    if not stacked and any(name.endswith("if_/kernel") for name in flat):
        one = {name.replace("if_/", "if/"): flat[name] for name in flat}
        return from_flax(cell, one, prefix)
    bias = ("dense_h" if kind == "lstm" else "dense_i") + "/bias"
    names = ("dense_i/kernel", bias, "dense_h/kernel")
    arrays = shared.picked(flat, prefix, names)
    k = len(ORDERS[kind])
    H = shared.units(prefix + names[2], arrays[2], ("H", "kH"), k)
    shapes = (("D", k * H), (k * H,), (H, k * H))
    W_x, b, W_h = shared.sized([prefix + name for name in names], arrays, shapes)
    return shared.whole(kind, W_x.T, W_h.T, b, None, ORDERS[kind])


def gates(order):
    """The gates' letters as linen's names have them; an RNN has none."""
    return [""] if order == "h" else list(order)
