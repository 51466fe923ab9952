"""ONNX: the operators RNN, LSTM and GRU."""

import numpy as np

from lib import relatives
from lib.frameworks import shared

ORDERS = {"rnn": "h", "relu_rnn": "h", "lstm": "iofg", "peephole": "iofg"}
ORDERS |= {"gru": "zrn", "reset_after": "zrn"}
ACTIVATIONS = {"h": ["Tanh"], "iofg": ["Sigmoid", "Tanh", "Tanh"], "zrn": ["Sigmoid", "Tanh"]}
ATTRIBUTES = ["activations", "direction", "hidden_size", "layout", "linear_before_reset"]
ATTRIBUTES += ["input_forget", "clip", "activation_alpha", "activation_beta"]
OF_A_RUN = ("X", "sequence_lens", "initial_h", "initial_c")


def to_onnx(cell, params, reverse=False):
    """{"W": (1, k·H, D), "R": (1, k·H, H), "B": (1, 2·k·H)}, and the attributes that the cell needs.

    The names are those of the operators RNN, LSTM and GRU. Peepholes come as "P" (1, 3H), rows i, o,
    f. The attributes are "linear_before_reset" for a GRU, "activations" for `relatives.relu_rnn`,
    "direction" with reverse=True. Raises ValueError for a cell that ONNX does not have, or wrong
    shapes.
    """
    kind = shared.known(cell, ORDERS, "ONNX")
    peepholes = {}
    if kind == "peephole":
        (W, b, p), _, H = relatives.peephole_sizes(params)
        p_i, p_f, p_o = np.split(p[:, 0], 3)
        params, peepholes = (W, b), {"P": np.concatenate([p_i, p_o, p_f])[None]}
    W_x, W_h, b, inside = shared.parts(kind, params, ORDERS[kind])
    weights = {"W": W_x[None], "R": W_h[None], "B": np.concatenate([b, inside])[None]} | peepholes
    if kind in ("gru", "reset_after"):
        weights["linear_before_reset"] = int(kind == "reset_after")
    if kind == "relu_rnn":
        weights["activations"] = ["Relu"]
    if shared.whether("reverse", reverse):
        weights["direction"] = "reverse"
    return weights


def from_onnx(cell, weights, reverse=False, prefix=""):
    """Params, the way back of `to_onnx`: an operator's weights and attributes by name.

    Shapes as there, with 2 in the place of 1 for direction "bidirectional", of which `reverse` takes
    the second. "B" may be missing (0). An attribute that is missing has ONNX's default: a GRU's
    "linear_before_reset" 0, an RNN's "activations" ["Tanh"], a "direction" "forward" (or, where there
    are two, "bidirectional"). Raises ValueError where the attributes or "P" are another cell's or
    another direction's, for "clip" and "input_forget", for what belongs to a run, as "initial_h",
    wrong or unequal shapes, NaN, or a cell that ONNX does not have; TypeError for what is no dict or
    no floating-point array.
    """
    kind = shared.known(cell, ORDERS, "ONNX")
    shared.whether("reverse", reverse)
    flat = shared.named(weights)
    own = shared.under(flat, prefix)
    told = {name: flat.pop(prefix + name) for name in ATTRIBUTES if name in own}
    for name in OF_A_RUN:
        if name in own:
            raise ValueError(f"weights: {prefix}{name} belongs to a run, not to the cell's weights")
    arrays = shared.picked(flat, prefix, ("W", "R"), ("B", "P"))
    W, R, _, P = arrays
    if (P is not None) != (kind == "peephole"):
        raise ValueError("P: expected peepholes for relatives.peephole, and for no other cell")
    k = len(ORDERS[kind])
    if W.ndim != 3 or len(W) not in (1, 2):
        wanted = f"(directions, {k}H, D)" if k > 1 else "(directions, H, D)"
        raise ValueError(f"W: expected shape {wanted}, 1 or 2 directions, got {W.shape}")
    H = shared.units("R", R, ("directions", "kH", "H"), k)
    two = len(W)
    shapes = ((two, k * H, "D"), (two, k * H, H), (two, 2 * k * H), (two, 3 * H))
    arrays = shared.sized([prefix + name for name in "WRBP"], arrays, shapes)
    side = of_direction(told, two, reverse)
    of_cell(kind, told, H, side, two)
    W, R, B, P = (None if array is None else array[side] for array in arrays)
    b, inside = (None, None) if B is None else np.split(B, 2)
    params = shared.whole(kind, W, R, b, inside, ORDERS[kind])
    if kind == "peephole":
        p_i, p_o, p_f = np.split(P, 3)
        return cell.Params(*params, np.concatenate([p_i, p_f, p_o])[:, None])
    return params


def of_direction(told, two, reverse):
    """The place of the wanted direction among the weights' one or two."""
    direction = text(told.get("direction", "bidirectional" if two == 2 else "forward"))
    if direction not in ("forward", "reverse", "bidirectional"):
        raise ValueError(
            f"direction: expected forward, reverse or bidirectional, got {direction!r}"
        )
    if (direction == "bidirectional") != (two == 2):
        raise ValueError(f"direction: got {direction!r}, and weights for {two}")
    if two == 1 and reverse != (direction == "reverse"):
        raise ValueError(
            f"reverse: got {reverse}, and weights of direction {direction!r} alone; "
            "give reverse=True for those of 'reverse'"
        )
    return int(reverse and two == 2)


def of_cell(kind, told, H, side, two):
    """ValueError where an attribute says that the operator computes something else than the cell."""
    default = ACTIVATIONS[ORDERS[kind]]
    wanted = ["Relu"] if kind == "relu_rnn" else default
    given = [text(name) for name in np.ravel(told.get("activations", default * two)).tolist()]
    if len(given) != two * len(wanted):
        many = f"{two * len(wanted)} names, {len(wanted)} for each direction"
        raise ValueError(f"activations: expected {many}, got {given}")
    mine = given[side * len(wanted) :][: len(wanted)]
    if [name.lower() for name in mine] != [name.lower() for name in wanted]:
        came = f"got {given}" if "activations" in told else f"{mine} is the default"
        raise ValueError(f"activations: expected {wanted} for this cell, {came}")
    for name in ("clip", "activation_alpha", "activation_beta"):
        if np.size(told.get(name, ())):
            raise ValueError(f"{name}: expected none, no cell here has it, got {told[name]}")
    allowed = {"hidden_size": [H], "layout": [0, 1], "input_forget": [0]}
    if kind in ("gru", "reset_after"):
        allowed["linear_before_reset"] = [0, 1]
    elif "linear_before_reset" in told:
        raise ValueError("linear_before_reset: only a GRU has it, and this cell is none")
    for name, values in allowed.items():
        value = told.get(name, values[0])
        if np.size(value) != 1 or np.ravel(value)[0] not in values:
            choice = " or ".join(map(str, values))
            raise ValueError(f"{name}: expected {choice}, got {value!r}")
    after = bool(np.ravel(told.get("linear_before_reset", 0))[0])
    if after != (kind == "reset_after"):
        right = "relatives.reset_after" if after else "lib.gru"
        raise ValueError(f"linear_before_reset: {int(after)} is {right}, not the cell given")


def text(name):
    """A text that may have come as bytes."""
    return name.decode() if isinstance(name, bytes) else str(name)
