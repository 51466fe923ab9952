"""The door: every public function passes its inputs through here, and nothing is changed in place.

Real numbers of any kind (integers, booleans, lists) are cast; text, objects and complex numbers are
a TypeError; a wrong rank or size, NaN or infinity is a ValueError. Messages say what was expected
and what came.
"""

import numpy as np


def real_array(name, value, dtype=None):
    """`value` as an array of float64 (float32 is kept), or of `dtype`; TypeError if not real."""
    try:
        array = np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name}: expected a rectangular array of numbers ({error})") from None
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected real numbers, got {array.dtype}")
    if dtype is None:
        dtype = array.dtype if array.dtype == np.float32 else np.float64
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinity: see `finite`
        return array.astype(dtype, copy=False)


def shaped(name, value, shape, dtype=None):
    """`value` as a finite real array of `shape`; a letter in `shape` stands for any positive size.

    `shape` is a tuple of sizes and letters, as ("T", 3, "B"). T may be 0: an empty run is valid.
    """
    array = real_array(name, value, dtype)
    wanted = "(" + ", ".join(map(str, shape)) + ("," if len(shape) == 1 else "") + ")"
    fits = array.ndim == len(shape) and all(
        (size >= 1 or want == "T") if isinstance(want, str) else size == want
        for size, want in zip(array.shape, shape, strict=True)
    )
    if not fits:
        raise ValueError(f"{name}: expected shape {wanted}, got {array.shape}")
    return finite(name, array)


def finite(name, array):
    """`array` itself, if it holds no NaN and no infinity."""
    if not np.isfinite(array).all():
        raise ValueError(f"{name}: expected finite numbers, got NaN or infinity")
    return array


def size(name, value):
    """`value` as an int of at least 1."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: expected a whole number, got {type(value).__name__}")
    if value < 1:
        raise ValueError(f"{name}: expected at least 1, got {value}")
    return int(value)


def number(name, value, low=-np.inf, high=np.inf):
    """`value` as a finite float in [low, high]."""
    array = real_array(name, value, np.float64)
    if array.ndim:
        raise ValueError(f"{name}: expected one number, got shape {array.shape}")
    if not (np.isfinite(array) and low <= array <= high):
        raise ValueError(f"{name}: expected a finite number from {low} to {high}, got {array}")
    return float(array)


def generator(rng):
    """`rng` itself, if it is a NumPy random generator: streams are seeded in the open."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng: expected numpy.random.default_rng(seed), got {type(rng).__name__}")
    return rng


def weights(params, blocks):
    """(W, b, D, H) of a cell whose W is (blocks·H, D+H) and b (blocks·H, 1)."""
    W, b = record("params", params, ("W", "b"))
    W = shaped("params.W", W, ("rows", "columns"))
    rows, columns = W.shape
    H = rows // blocks
    D = columns - H
    if rows % blocks or D < 1:
        wanted = f"({blocks if blocks > 1 else ''}H, D+H)"
        raise ValueError(f"params.W: expected shape {wanted}, H and D at least 1, got {W.shape}")
    return W, shaped("params.b", b, (rows, 1), W.dtype), D, H


def record(name, value, fields):
    """The parts of a NamedTuple (or plain tuple) that must have these fields."""
    if not isinstance(value, tuple) or len(value) != len(fields):
        got = (
            f"a tuple of {len(value)}" if isinstance(value, tuple) else f"a {type(value).__name__}"
        )
        raise TypeError(f"{name}: expected ({', '.join(fields)}), got {got}")
    named = getattr(value, "_fields", fields)
    if tuple(named) != tuple(fields):
        raise TypeError(f"{name}: expected ({', '.join(fields)}), got ({', '.join(named)})")
    return value


def state(name, value, kind, shape, dtype):
    """`value` as a `kind` (a State) of finite arrays of `shape`; zeros if it is None."""
    if value is None:
        return kind(*(np.zeros(shape, dtype) for _ in kind._fields))
    parts = zip(kind._fields, record(name, value, kind._fields), strict=True)
    return kind(*(shaped(f"{name}.{field}", part, shape, dtype) for field, part in parts))


def run(trace, kind, D, H):
    """(T, B) of a Trace of `kind`, if it is a run of a cell with D inputs and H units."""
    if not isinstance(trace, kind):
        raise TypeError(
            f"trace: expected what this cell's forward gave, got {type(trace).__name__}"
        )
    T, _, B = trace.x.shape
    if (trace.x.shape[1], *trace.states.h.shape) != (D, T + 1, H, B):
        got = f"x {trace.x.shape} and h {trace.states.h.shape}"
        raise ValueError(f"trace: expected a run with D = {D} and H = {H}, got {got}")
    return T, B


def holds(hold, names, shape, dtype):
    """{gate: (values, held entries)}, each broadcast to `shape`; NaN leaves an entry free."""
    if hold is None:
        return {}
    if not isinstance(hold, dict):
        got = type(hold).__name__
        raise TypeError(f"hold: expected a dict like {{'{names[0]}': 1.0}}, got {got}")
    held = {}
    for name, value in hold.items():
        if name not in names:
            raise ValueError(f"hold: expected gates among {', '.join(names)}, got {name!r}")
        value = real_array(f"hold[{name!r}]", value, dtype)
        if np.isinf(value).any():
            raise ValueError(f"hold[{name!r}]: expected finite numbers (or NaN), got infinity")
        try:
            value = np.broadcast_to(value, shape)
        except ValueError:
            raise ValueError(
                f"hold[{name!r}]: expected a shape that broadcasts to {shape}, got {value.shape}"
            ) from None
        held[name] = value, ~np.isnan(value)
    return held


def held_at(held, t):
    """What is held at step t of a run."""
    return {gate: (value[t], where[t]) for gate, (value, where) in held.items()}


def put_held(held, **gates):
    """Writes the held values into the gates' arrays, `put_held(held, f=f, i=i)`, in place."""
    for name, (value, where) in held.items():
        if name in gates:
            np.copyto(gates[name], value, where=where)
