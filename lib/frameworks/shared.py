"""What every converter needs: which cell it is, arrays by name and by value, rows in another order."""

import re
from collections.abc import Mapping

import numpy as np

from lib import checks, gru, lstm, relatives, rnn

CELLS = {
    "rnn": rnn,
    "relu_rnn": relatives.relu_rnn,
    "lstm": lstm,
    "gru": gru,
    "reset_after": relatives.reset_after,
    "peephole": relatives.peephole,
}
ORDER = {"rnn": "h", "relu_rnn": "h", "lstm": "ifog", "peephole": "ifog"}
ORDER |= {"gru": "rzn", "reset_after": "rzn"}
SQUASHES = {"rnn": "tanh", "relu_rnn": "relu"}  # what an RNN squashes by; the others, by tanh


def known(cell, orders, framework):
    """The cell's name, if the framework has that cell."""
    kind = next((name for name, known in CELLS.items() if known is cell), None)
    if kind in orders:
        return kind
    if kind == "gru":
        raise ValueError(
            f"cell: {framework}'s GRU lets the reset act after the product, lib.gru before it; "
            "no weights make the two equal. Convert relatives.reset_after instead."
        )
    raise ValueError(f"cell: expected one that {framework} has: {', '.join(orders)}")


# --- From Params to rows and back


def parts(kind, params, order):
    """(W_x, W_h, b, second bias) of a cell's Params, rows in a framework's order."""
    if kind == "reset_after":
        (W, b), D, H = relatives.reset_after_sizes(params)
        b, inside = b[: 3 * H], np.concatenate([b[: 2 * H] * 0, b[3 * H :]])
    else:
        W, b, D, H = checks.weights(params, len(order))
        inside = np.zeros_like(b)
    checks.record("params", params, ("W", "b"), CELLS[kind].Params)
    W, b, inside = (turned(a, ORDER[kind], order) for a in (W, b, inside))
    return W[:, :D].copy(), W[:, D:].copy(), b[:, 0], inside[:, 0]


def whole(kind, W_x, W_h, b, inside, order):
    """Params from a framework's rows; a bias that is None is 0. In the widest dtype of the four."""
    none = np.zeros(len(W_x), W_x.dtype)
    b, inside = (none if part is None else part for part in (b, inside))
    W = turned(np.concatenate([W_x, W_h], axis=1), order, ORDER[kind])
    b, inside = (turned(a[:, None], order, ORDER[kind]) for a in (b, inside))
    with np.errstate(over="ignore"):
        both = checks.finite("the sum of the two biases", b + inside)
    if kind == "reset_after":  # n keeps both
        n = slice(2 * len(b) // 3, None)
        both = np.concatenate([both[: n.start], b[n], inside[n]])
    dtype = np.result_type(W, both)
    Params = lstm.Params if kind == "peephole" else CELLS[kind].Params  # which adds its own p
    return Params(W.astype(dtype), both.astype(dtype))


def of_n(bias=None):
    """A second bias that n alone has, as one for r, z and n; None stays None."""
    return None if bias is None else np.concatenate([bias * 0, bias * 0, bias])


def turned(rows, order, wanted):
    """Blocks of rows from one order into another. A GRU's z changes its meaning, so its sign turns.

    σ(-a) = 1 - σ(a): a gate that writes is 1 minus one that keeps.
    """
    blocks = dict(zip(order, np.split(rows, len(order)), strict=True))
    if "z" in blocks:
        blocks["z"] = -blocks["z"]
    return np.concatenate([blocks[gate] for gate in wanted])


# --- From a framework's dict to arrays


def named(weights):
    """{name: value} of a dict; the names of a dict within it are joined by "/", None is left out."""
    if not isinstance(weights, Mapping):
        got = type(weights).__name__
        raise TypeError(f"weights: expected a dict of arrays by name, got {got}")
    flat = {}
    for key, value in weights.items():
        name = "/".join(map(str, key)) if isinstance(key, tuple) else str(key)
        if isinstance(value, Mapping):
            flat |= {f"{name}/{inner}": part for inner, part in named(value).items()}
        elif value is not None:
            flat[name] = value
    return flat


def under(flat, prefix):
    """Those whose name begins with the prefix, by the rest of their name."""
    if not isinstance(prefix, str):
        raise TypeError(f"prefix: expected a text, got {type(prefix).__name__}")
    return {name[len(prefix) :]: flat[name] for name in flat if name.startswith(prefix)}


def picked(flat, prefix, needed, optional=(), beside=" "):
    """The arrays of these names under a prefix, None for an optional one that is not there.

    A further name on their own level could change what the layer computes, so it is refused, but for
    those that the pattern `beside` matches.
    """
    own, names = under(flat, prefix), (*needed, *optional)
    for name in needed:
        if name not in own:
            hint = elsewhere(flat, prefix, needed[-1], name)
            raise ValueError(f"weights: {prefix}{name} is missing{hint}")
    heads = {head(name) for name in names}
    for name in sorted(own.keys() - set(names)):
        if (head(name) == name or head(name) in heads) and not re.fullmatch(beside, name):
            raise ValueError(
                f"weights: {prefix}{name} is not known here; "
                f"expected {', '.join(prefix + each for each in names)}"
            )
    return [taken(prefix + name, own[name]) if name in own else None for name in names]


def head(name):
    """The part of a name before its first dot or slash."""
    return re.split("[./]", name)[0]


def elsewhere(flat, prefix, telling, missing):
    """A hint: under which other prefix a name stands, or what there is in its place.

    `telling` is a name that ends no other layer's, so that whatever ends in it counts.
    """
    for name, edge in ((telling, "[^A-Za-z]"), (missing, "[./]")):
        ends = [re.fullmatch(f"(|.*{edge}){re.escape(name)}", each, re.DOTALL) for each in flat]
        prefixes = sorted({end[1] for end in ends if end} - {prefix})
        if prefixes:
            return f"; it is there with prefix={' or '.join(map(repr, prefixes[:4]))}"
    there = sorted(flat)
    return f"; there is {', '.join(there[:6])}{', …' * (len(there) > 6)}" if there else ""


def taken(name, value):
    """A framework's array by value, as float32 or float64; half precision is widened."""
    if issubclass(checks.says_more(value) or object, np.ma.MaskedArray):
        raise TypeError(f"{name}: expected an array without a mask, got a masked one")
    array = value
    try:
        if hasattr(value, "detach"):  # a tensor of PyTorch
            if value.is_floating_point() and value.element_size() < 4:
                array = value.detach().float()
            array = array.numpy(force=True)
        array = np.asarray(array)
    except Exception as error:  # whatever it is, it is no array
        why = f"{type(value).__name__} ({str(error).partition(chr(10))[0]})"
        raise TypeError(f"{name}: expected an array of numbers, got {why}") from None
    half = array.dtype.name.startswith(("bfloat16", "float8"))  # NumPy itself has neither
    if not (half or (array.dtype.kind == "f" and array.dtype.itemsize <= 8)):
        of_one = array.dtype.kind == "O" and not isinstance(value, np.ndarray | list | tuple)
        got = type(value).__name__ if of_one else array.dtype
        raise TypeError(f"{name}: expected floating-point numbers, got {got}")
    return array.astype(np.float64 if array.dtype.itemsize == 8 else np.float32)


def units(name, array, shape, k):
    """H of recurrent weights, whose shape is told in the letters kH and H, as ("kH", "H")."""
    fits = array.ndim == len(shape)
    rows, H = (array.shape[shape.index(letter)] if fits else 0 for letter in ("kH", "H"))
    if H and rows == k * H:
        return H
    wanted = ", ".join(shape).replace("kH", "H" if k == 1 else f"{k}H")
    owner = {1: "an RNN", 3: "a GRU", 4: "an LSTM"}.get(rows / H if H else 0)
    hint = f", as {owner} has" if owner else ""
    raise ValueError(f"{name}: expected shape ({wanted}), got {array.shape}{hint}")


def whether(name, value):
    """`value`, if it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name}: expected True or False, got {value!r}")
    return bool(value)


def sized(names, arrays, shapes):
    """The arrays, each finite and of its shape; one that is None stays None."""
    return [
        None if array is None else checks.shaped(name, array, shape)
        for name, array, shape in zip(names, arrays, shapes, strict=True)
    ]


def same(name, told, wanted):
    """ValueError where a layer tells of itself (not None) what the cell does not compute."""
    if told is not None and told != wanted:
        raise ValueError(f"{name}: the layer's is {told!r}, the cell's {wanted!r}")


def squashes(name, layer, wanted):
    """`same` for an attribute that is a function, by the function's name."""
    function = getattr(layer, name, None)
    if function is not None:
        same(name, getattr(function, "__name__", type(function).__name__), wanted)
