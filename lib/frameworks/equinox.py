"""Equinox: nn.LSTMCell and nn.GRUCell."""

from lib.frameworks import shared

ORDERS = {"lstm": "ifgo", "reset_after": "rzn"}
NAMES = ("weight_ih", "weight_hh", "bias", "bias_n")
SIZES = "input_size|hidden_size|use_bias"  # what else a module holds


def to_equinox(cell, params):
    """{"weight_ih": (k·H, D), "weight_hh": (k·H, H), "bias": (k·H,)}, and "bias_n" (H,) for a GRU.

    They are an LSTMCell's or (`relatives.reset_after`) a GRUCell's attributes, for `equinox.tree_at`.
    Raises ValueError for a cell that Equinox does not have, or wrong shapes.
    """
    kind = shared.known(cell, ORDERS, "Equinox")
    W_x, W_h, b, inside = shared.parts(kind, params, ORDERS[kind])
    weights = {"weight_ih": W_x, "weight_hh": W_h, "bias": b}
    if kind == "reset_after":
        weights["bias_n"] = inside[2 * len(inside) // 3 :].copy()
    return weights


def from_equinox(cell, weights, prefix=""):
    """Params, the way back of `to_equinox`: the module, or a dict of its attributes under `prefix`.

    Shapes as there; with use_bias=False all biases are missing (0). Raises ValueError for a missing
    or unknown name, one bias of a GRU without the other, biases that use_bias, where it is told, says
    are not used, or no biases where it says they are, wrong shapes, NaN, or a cell that Equinox does
    not have; TypeError for what is neither module nor dict, or no floating-point array.
    """
    kind = shared.known(cell, ORDERS, "Equinox")
    if hasattr(weights, "weight_ih") and hasattr(weights, "use_bias"):
        weights = vars(weights)
    names = NAMES[: 3 + (kind == "reset_after")]
    flat = shared.named(weights)
    arrays = shared.picked(flat, prefix, names[:2], names[2:], SIZES)
    W_x, W_h, b, *inside = arrays
    if inside and (b is None) != (inside[0] is None):
        name = names[2 if b is None else 3]
        raise ValueError(f"weights: {prefix}{name} is missing, and the other bias is there")
    if flat.get(prefix + "use_bias", b is not None) != (b is not None):
        but = "biases that are not used" if b is not None else "no biases"
        raise ValueError(f"use_bias: got {b is None}, and {but}")
    k = len(ORDERS[kind])
    H = shared.units(prefix + "weight_hh", W_h, ("kH", "H"), k)
    shapes = ((k * H, "D"), (k * H, H), (k * H,), (H,))[: len(names)]
    W_x, W_h, b, *inside = shared.sized([prefix + name for name in names], arrays, shapes)
    return shared.whole(kind, W_x, W_h, b, shared.of_n(*inside), ORDERS[kind])
