"""Weights to and from PyTorch, Keras and ONNX: the same cell under other conventions.

                  LSTM rows    GRU rows   biases               GRU's z   reset acts
    this book     i f o g      r z n      one                  writes    before the product
    PyTorch       i f g o      r z n      two, added           keeps     after
    Keras         i f g o      z r n      one (after: two)     keeps     after, or before
    ONNX          i o f g      z r n      two, added           keeps     before, or after

(Keras and ONNX call the candidates g and n by the letters c and h.) Each `to_` function takes a
cell and its Params, each `from_` function a cell and a framework's weights. `cell` is one of `rnn`,
`lstm`, `gru` and `relatives.reset_after`; ONNX also takes `relatives.peephole`. A conversion that
cannot be exact is a ValueError that says why. Only one layer and one direction. Arrays are NumPy's
and keep their dtype; gradients go the same way as the weights, but for a second bias, whose
gradient equals the first one's.

Source: the frameworks' own documentation of nn.LSTM and nn.GRU, keras.layers.LSTM and GRU, and the
ONNX operators RNN, LSTM and GRU.
"""

import numpy as np

from lib import checks, gru, lstm, relatives, rnn

__all__ = ["to_pytorch", "from_pytorch", "to_keras", "from_keras", "to_onnx", "from_onnx"]

ORDER = {"rnn": "h", "lstm": "ifog", "gru": "rzn", "reset_after": "rzn", "peephole": "ifog"}
PYTORCH = {"rnn": "h", "lstm": "ifgo", "reset_after": "rzn"}
KERAS = {"rnn": "h", "lstm": "ifgo", "gru": "zrn", "reset_after": "zrn"}
ONNX = {"rnn": "h", "lstm": "iofg", "gru": "zrn", "reset_after": "zrn", "peephole": "iofg"}
CELLS = {
    "rnn": rnn,
    "lstm": lstm,
    "gru": gru,
    "reset_after": relatives.reset_after,
    "peephole": relatives.peephole,
}


def to_pytorch(cell, params):
    """{"weight_ih_l0": (k·H, D), "weight_hh_l0": (k·H, H), "bias_ih_l0": (k·H,), "bias_hh_l0"}.

    PyTorch adds the two biases; ours goes into the first, and the second is 0 (but for the
    candidate of `relatives.reset_after`, which has both). The names are those of a one-layer
    nn.RNN, nn.LSTM or nn.GRU, ready for `load_state_dict` once they are tensors. Raises ValueError
    for a cell that PyTorch does not have, as the GRU that resets before the product.
    """
    kind = known(cell, PYTORCH, "PyTorch")
    W_x, W_h, b, b_inside = parts(kind, params, PYTORCH[kind])
    return {"weight_ih_l0": W_x, "weight_hh_l0": W_h, "bias_ih_l0": b, "bias_hh_l0": b_inside}


def from_pytorch(cell, weights):
    """Params, the way back of `to_pytorch`: a one-layer `state_dict` of arrays, shapes as there.

    The biases may be missing (0). Raises ValueError for missing or further names (a second layer, a
    second direction), wrong shapes, or a cell that PyTorch does not have.
    """
    kind = known(cell, PYTORCH, "PyTorch")
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    W_x, W_h, b, b_inside = picked(weights, names, optional=2)
    return whole(kind, W_x, W_h, b, b_inside, PYTORCH[kind])


def to_keras(cell, params):
    """[kernel (D, k·H), recurrent_kernel (H, k·H), bias], the list that `set_weights` takes.

    The bias is (k·H,); for `relatives.reset_after`, which is Keras's `reset_after=True`, (2, k·H).
    Raises ValueError for a cell that Keras does not have.
    """
    kind = known(cell, KERAS, "Keras")
    W_x, W_h, b, b_inside = parts(kind, params, KERAS[kind])
    return [W_x.T, W_h.T, np.stack([b, b_inside]) if kind == "reset_after" else b]


def from_keras(cell, weights):
    """Params, the way back of `to_keras`: the list that `get_weights` gives, shapes as there.

    The bias may be missing (0). Raises ValueError for another list, wrong shapes, or a bias that
    belongs to the GRU of the other `reset_after`.
    """
    kind = known(cell, KERAS, "Keras")
    if not isinstance(weights, list | tuple) or len(weights) not in (2, 3):
        raise ValueError("weights: expected [kernel, recurrent_kernel, bias]")
    kernel, recurrent = (checks.real_array("kernel", part).T for part in weights[:2])
    bias = checks.real_array("bias", weights[2]) if len(weights) == 3 else None
    inside = None
    if bias is not None and kind == "reset_after":
        if bias.ndim != 2:
            raise ValueError(
                "bias: expected (2, 3H); this layer has reset_after=False: it is lib.gru"
            )
        bias, inside = bias
    elif bias is not None and bias.ndim != 1:
        raise ValueError(
            "bias: expected (k·H,); this layer has reset_after=True: it is relatives.reset_after"
        )
    return whole(kind, kernel, recurrent, bias, inside, KERAS[kind])


def to_onnx(cell, params):
    """{"W": (1, k·H, D), "R": (1, k·H, H), "B": (1, 2·k·H)} and, for a GRU, "linear_before_reset".

    The names are those of the operators RNN, LSTM and GRU; peepholes come as "P" (1, 3H), i, o, f.
    Raises ValueError for a cell that ONNX does not have.
    """
    kind = known(cell, ONNX, "ONNX")
    if kind == "peephole":
        own = checks.record("params", params, ("W", "b", "p"))
        p_i, p_f, p_o = np.split(checks.real_array("params.p", own[2]).ravel(), 3)
        params = own[:2]
    W_x, W_h, b, b_inside = parts(kind, params, ONNX[kind])
    weights = {"W": W_x[None], "R": W_h[None], "B": np.concatenate([b, b_inside])[None]}
    if kind == "peephole":
        weights["P"] = np.concatenate([p_i, p_o, p_f])[None]
    if kind in ("gru", "reset_after"):
        weights["linear_before_reset"] = int(kind == "reset_after")
    return weights


def from_onnx(cell, weights):
    """Params, the way back of `to_onnx`: an operator's inputs by name, shapes as there.

    A GRU's "linear_before_reset" is 0 where it is missing. Raises ValueError where it belongs to the
    other GRU, for peepholes that the cell does not have, two directions, or wrong shapes.
    """
    kind = known(cell, ONNX, "ONNX")
    weights = dict(weights)
    after = weights.pop("linear_before_reset", 0)
    if kind in ("gru", "reset_after") and bool(after) != (kind == "reset_after"):
        right = "relatives.reset_after" if after else "lib.gru"
        raise ValueError(f"linear_before_reset: {after} is {right}, not the cell given")
    peepholes = weights.pop("P", None)
    if (peepholes is not None) != (kind == "peephole"):
        raise ValueError("P: expected peepholes for relatives.peephole, and for no other cell")
    W_x, W_h, b = picked(weights, ("W", "R", "B"), optional=1)
    if W_x.ndim != 3 or len(W_x) != 1:
        raise ValueError(f"W: expected one direction, (1, k·H, D), got {W_x.shape}")
    b, inside = (None, None) if b is None else np.split(b[0], 2)
    params = whole(kind, W_x[0], W_h[0], b, inside, ONNX[kind])
    if kind == "peephole":
        p_i, p_o, p_f = np.split(checks.real_array("P", peepholes)[0], 3)
        return cell.Params(*params, np.concatenate([p_i, p_f, p_o])[:, None])
    return params


def known(cell, table, framework):
    """The cell's name, if the framework has that cell."""
    kind = next((name for name, known in CELLS.items() if known is cell), None)
    if kind in table:
        return kind
    if kind == "gru":
        raise ValueError(
            f"cell: {framework}'s GRU lets the reset act after the product, lib.gru before it; "
            "no weights make the two equal. Convert relatives.reset_after instead."
        )
    raise ValueError(f"cell: expected one that {framework} has: {', '.join(table)}")


def parts(kind, params, order):
    """(W_x, W_h, b, second bias) of a cell's Params, rows in a framework's order."""
    W, b = params[:2]
    if kind == "reset_after":
        (W, b), D, H = relatives.reset_after_sizes((W, b))
        b, inside = b[: 3 * H], np.concatenate([b[: 2 * H] * 0, b[3 * H :]])
    else:
        W, b, D, H = checks.weights((W, b), len(order))
        inside = np.zeros_like(b)
    W, b, inside = (turned(a, ORDER[kind], order) for a in (W, b, inside))
    return W[:, :D], W[:, D:], b[:, 0], inside[:, 0]


def whole(kind, W_x, W_h, b, inside, order):
    """Params from a framework's parts, each checked against the recurrent weights' size."""
    W_h = checks.shaped("recurrent weights", W_h, ("rows", "H"))
    rows, H = W_h.shape
    if rows != len(order) * H:
        raise ValueError(f"recurrent weights: expected ({len(order)}H, H), got {W_h.shape}")
    W_x = checks.shaped("input weights", W_x, (rows, "D"), W_h.dtype)
    none = np.zeros(rows, W_h.dtype)
    b = checks.shaped("bias", none if b is None else b, (rows,), W_h.dtype)
    inside = checks.shaped("second bias", none if inside is None else inside, (rows,), W_h.dtype)
    W = turned(np.concatenate([W_x, W_h], axis=1), order, ORDER[kind])
    b, inside = (turned(a[:, None], order, ORDER[kind]) for a in (b, inside))
    if kind == "reset_after":
        return rnn.Params(W, np.concatenate([(b + inside)[: 2 * H], b[2 * H :], inside[2 * H :]]))
    return (CELLS[kind].Params if kind != "peephole" else rnn.Params)(W, b + inside)


def turned(rows, order, wanted):
    """Blocks of rows from one order into another. A GRU's z changes its meaning, so its sign turns.

    σ(-a) = 1 - σ(a): a gate that writes is 1 minus one that keeps.
    """
    blocks = dict(zip(order, np.split(rows, len(order)), strict=True))
    if "z" in blocks:
        blocks["z"] = -blocks["z"]
    return np.concatenate([blocks[gate] for gate in wanted])


def picked(weights, names, optional):
    """The arrays of `names` from a dict; the last `optional` ones may be missing (None)."""
    if not hasattr(weights, "keys"):
        raise TypeError(f"weights: expected a dict of {', '.join(names)}")
    extra = set(weights) - set(names)
    if extra:
        raise ValueError(f"weights: expected one layer, one direction, no {sorted(extra)}")
    missing = [name for name in names[: len(names) - optional] if name not in weights]
    if missing:
        raise ValueError(f"weights: expected {', '.join(names)}; {', '.join(missing)} is missing")
    return [
        checks.real_array(name, weights[name]) if weights.get(name) is not None else None
        for name in names
    ]
