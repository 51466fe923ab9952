"""Keras: layers.SimpleRNN, LSTM and GRU, their cells, and Bidirectional."""

import numpy as np

from lib.frameworks import shared

ORDERS = {"rnn": "h", "relu_rnn": "h", "lstm": "ifgo", "gru": "zrn", "reset_after": "zrn"}
NAMES = ("kernel", "recurrent_kernel", "bias")


def to_keras(cell, params):
    """[kernel (D, k·H), recurrent_kernel (H, k·H), bias], the list that `set_weights` takes.

    The bias is (k·H,); for `relatives.reset_after`, which is Keras's `reset_after=True`, (2, k·H).
    `relatives.relu_rnn` is SimpleRNN with activation="relu". Raises ValueError for a cell that Keras
    does not have, or wrong shapes.
    """
    kind = shared.known(cell, ORDERS, "Keras")
    W_x, W_h, b, inside = shared.parts(kind, params, ORDERS[kind])
    bias = np.stack([b, inside]) if kind == "reset_after" else b
    return [W_x.T.copy(), W_h.T.copy(), bias]


def from_keras(cell, weights, reverse=False, prefix="", reset_after=None):
    """Params, the way back of `to_keras`: a list as `get_weights` gives it, a dict, or the layer.

    A list is [kernel, recurrent_kernel, bias], shapes as there, without the bias where use_bias=False
    (0). Of the six (or four) arrays of a Bidirectional the first half is taken, with reverse=True the
    second. A dict has the three names under `prefix`, as a variable's `path` gives them
    ("lstm/lstm_cell/"). Neither tells an activation, so `cell` says whether a SimpleRNN has "tanh" or
    "relu"; nor, without a bias, which GRU it is, so `reset_after` must. A layer tells it, and is
    compared. Raises ValueError for another list or shape, NaN, a bias or `reset_after` of the other
    GRU, a cell that Keras does not have; TypeError for what is no list, dict or layer, or no
    floating-point array.
    """
    kind = shared.known(cell, ORDERS, "Keras")
    shared.whether("reverse", reverse)
    told = [reset_after]
    if hasattr(weights, "get_weights"):
        weights, of_this = of_layer(kind, weights, reverse)
        told, reverse = [reset_after, of_this], False
    if isinstance(weights, list | tuple):
        arrays = of_list(weights, reverse, prefix)
    elif not hasattr(weights, "items"):
        got = type(weights).__name__
        raise TypeError(f"weights: expected [{', '.join(NAMES)}], a dict or a layer, got {got}")
    elif reverse:
        raise ValueError("reverse: expected False, in a dict the prefix says which direction")
    else:
        arrays = shared.picked(shared.named(weights), prefix, NAMES[:2], NAMES[2:])
    k = len(ORDERS[kind])
    H = shared.units("recurrent_kernel", arrays[1], ("H", "kH"), k)
    which_gru(kind, arrays[2], told, H)
    of_bias = (2, k * H) if kind == "reset_after" else (k * H,)
    kernel, recurrent, bias = shared.sized(NAMES, arrays, (("D", k * H), (H, k * H), of_bias))
    b, inside = bias if bias is not None and bias.ndim == 2 else (bias, None)
    return shared.whole(kind, kernel.T, recurrent.T, b, inside, ORDERS[kind])


def of_list(weights, reverse, prefix):
    """[kernel, recurrent_kernel, bias or None] of a list, or of one half of a Bidirectional's."""
    if prefix != "":
        raise ValueError("prefix: expected none, a list has no names")
    arrays = [shared.taken(f"weights[{i}]", part) for i, part in enumerate(weights)]
    if len(arrays) in (4, 6):
        half = len(arrays) // 2
        forward, backward = arrays[:half], arrays[half:]
        shapes = [array.shape for array in arrays]
        if shapes[:half] != shapes[half:]:
            raise ValueError(
                f"weights: expected one layer's arrays, or a Bidirectional's, got {shapes}"
            )
        arrays = backward if reverse else forward
    elif reverse or len(arrays) not in (2, 3):
        wanted = f"[{', '.join(NAMES)}]{', twice' * bool(reverse)}"
        raise ValueError(f"weights: expected {wanted}, got a list of {len(arrays)}")
    return arrays if len(arrays) == 3 else [*arrays, None]


def of_layer(kind, layer, reverse):
    """(its arrays, its reset_after or None), of a layer that computes what the cell does."""
    both = [getattr(layer, side, layer) for side in ("forward_layer", "backward_layer")]
    layer = next((one for one in both if getattr(one, "go_backwards", False) == reverse), None)
    if layer is None:
        raise ValueError(f"reverse: got {reverse}, and a layer with go_backwards={not reverse}")
    one = getattr(layer, "cell", layer)
    if not hasattr(one, "recurrent_initializer"):
        got = type(one).__name__
        raise TypeError(f"weights: expected one recurrent layer, its cell or weights, got {got}")
    shared.squashes("activation", one, shared.SQUASHES.get(kind, "tanh"))
    shared.squashes("recurrent_activation", one, "sigmoid")
    if not one.built:
        raise ValueError("weights: this layer has none yet, it is not built")
    is_gru = kind in ("gru", "reset_after")
    return one.get_weights(), getattr(one, "reset_after", None) if is_gru else None


def which_gru(kind, bias, told, H):
    """ValueError where the weights, or what is told of reset_after, are the other GRU's, or nothing is."""
    told = {shared.whether("reset_after", one) for one in told if one is not None}
    if kind not in ("gru", "reset_after"):
        if told:
            raise ValueError("reset_after: expected None, only a GRU has it")
        return
    if bias is not None and bias.shape in ((2, 3 * H), (3 * H,)):
        told.add(bias.ndim == 2)
    if bias is None and not told:
        raise ValueError(
            "reset_after: without a bias the weights do not tell which GRU this is; "
            "give reset_after=True (Keras's default) or False"
        )
    if told - {kind == "reset_after"}:
        raise ValueError(
            "cell: reset_after=True, with a bias of (2, 3H), is relatives.reset_after, "
            "reset_after=False, with (3H,), is lib.gru; the cell given is the other one"
        )
