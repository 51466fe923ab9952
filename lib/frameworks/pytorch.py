"""PyTorch: nn.RNN, nn.LSTM and nn.GRU, and their cells of one step."""

import re

import numpy as np

from lib.frameworks import shared

ORDERS = {"rnn": "h", "relu_rnn": "h", "lstm": "ifgo", "reset_after": "rzn"}
PLAIN = r"(weight|bias)_(ih|hh)(_l\d+(_reverse)?)?"  # a name of any layer and direction


def to_pytorch(cell, params, layer=0, reverse=False, prefix=""):
    """{"weight_ih_l0": (k·H, D), "weight_hh_l0": (k·H, H), "bias_ih_l0": (k·H,), "bias_hh_l0"}.

    PyTorch adds the two biases; ours goes into the first, and the second is 0 (but for the
    candidate of `relatives.reset_after`, which has both). The names are those of nn.RNN (for
    `relatives.relu_rnn` with nonlinearity="relu"), nn.LSTM or nn.GRU, ready for `load_state_dict`
    once they are tensors; layer=None gives those of nn.RNNCell, nn.LSTMCell or nn.GRUCell, without
    the ending "_l0". Raises ValueError for a cell that PyTorch does not have, as the GRU that resets
    before the product, wrong shapes or a negative layer; TypeError for another type of argument.
    """
    kind = shared.known(cell, ORDERS, "PyTorch")
    rows = shared.parts(kind, params, ORDERS[kind])
    return dict(zip(names(layer, reverse, prefix), rows, strict=True))


def from_pytorch(cell, weights, layer=0, reverse=False, prefix=""):
    """Params, the way back of `to_pytorch`: one layer and direction of a `state_dict` or a module.

    The names are `prefix` + "weight_ih_l0" and so on, shapes as there; those of nn.LSTMCell and its
    like are found by layer=0 too. Other layers, directions and modules are left alone. Both biases
    may be missing (0). A dict does not tell whether an nn.RNN has nonlinearity "tanh" or "relu", so
    `cell` says it; a module does, and is compared. Raises ValueError for a missing name (and says
    under which prefix it stands), an unknown one beside it, one bias without the other, a projection
    (proj_size), a parametrized weight, wrong shapes, NaN, a cell that PyTorch does not have;
    TypeError for what is neither dict nor module, or no floating-point array.
    """
    kind = shared.known(cell, ORDERS, "PyTorch")
    module = weights if hasattr(weights, "state_dict") else None
    flat = shared.named(weights if module is None else weights.state_dict())
    own = shared.under(flat, prefix)
    wanted = names(layer, reverse)
    if layer == 0 and not reverse and wanted[0] not in own:  # a cell of one step, perhaps
        layered = any("weight_ih_l" in name for name in flat)
        if "weight_ih" in own or (not layered and any(n.endswith("weight_ih") for n in flat)):
            wanted = names(None, False)
    for name in own:
        made = re.fullmatch(rf"(?:parametrizations\.)?({'|'.join(wanted)})[._].+", name)
        if made and not re.fullmatch(PLAIN, name):
            raise ValueError(
                f"weights: {prefix}{made[1]} is made from {prefix}{name} and others; "
                "remove that parametrization first"
            )
        if name.startswith("weight_hr_l"):
            raise ValueError(
                f"weights: {prefix}{name} projects the hidden state (proj_size); no cell here does"
            )
    arrays = shared.picked(flat, prefix, wanted[:2], wanted[2:], PLAIN)
    if (arrays[2] is None) != (arrays[3] is None):
        name = wanted[2 if arrays[2] is None else 3]
        raise ValueError(f"weights: {prefix}{name} is missing, and the other bias is there")
    if arrays[2] is None and any(name.startswith("bias_") for name in own):
        raise ValueError(
            f"weights: {prefix}{wanted[2]} and {prefix}{wanted[3]} are missing, "
            "and other layers have theirs"
        )
    if module is not None and kind in shared.SQUASHES:
        modules = dict(module.named_modules(remove_duplicate=False))
        told = nonlinearity(modules.get(prefix.removesuffix(".")))
        shared.same("nonlinearity", told, shared.SQUASHES[kind])
    k = len(ORDERS[kind])
    H = shared.units(prefix + wanted[1], arrays[1], ("kH", "H"), k)
    shapes = ((k * H, "D"), (k * H, H), (k * H,), (k * H,))
    rows = shared.sized([prefix + name for name in wanted], arrays, shapes)
    return shared.whole(kind, *rows, ORDERS[kind])


def names(layer, reverse, prefix=""):
    """The four names of a layer's direction, or of a cell of one step (layer None)."""
    end = "_reverse" * shared.whether("reverse", reverse)
    if layer is not None:
        if isinstance(layer, bool) or not isinstance(layer, int | np.integer):
            raise TypeError(f"layer: expected a whole number or None, got {layer!r}")
        if layer < 0:
            raise ValueError(f"layer: expected at least 0, got {layer}")
        end = f"_l{layer}{end}"
    elif reverse:
        raise ValueError("reverse: a cell of one step (layer None) has no direction")
    shared.under({}, prefix)
    return tuple(
        f"{prefix}{name}{end}" for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )


def nonlinearity(module):
    """What a module squashes by, if it tells: "tanh" or "relu"."""
    by_mode = {"RNN_TANH": "tanh", "RNN_RELU": "relu"}
    return getattr(module, "nonlinearity", None) or by_mode.get(getattr(module, "mode", None))
