"""The door: every public function passes its inputs through here, and nothing is changed in place.

Real numbers of any kind (integers, booleans, lists) are cast; text, objects and complex numbers are
a TypeError, and so is an array that says more than its numbers (a mask, a unit); a wrong rank or
size, NaN or infinity is a ValueError. Messages say what was expected and what came.
"""

import numpy as np

PLAIN = (np.ndarray, np.matrix, np.memmap)  # arrays that say nothing beside their numbers


def plain_array(name, value):
    """`value` as an array of any kind; TypeError for one that says more, which would be lost."""
    if type(value) is np.ndarray:
        return value
    if more := says_more(value):
        raise TypeError(
            f"{name}: expected plain numbers, got a {more.__name__}; "
            "what it says beside them (a mask, a unit) would be lost"
        )
    try:
        return np.asarray(value)
    except ValueError as error:
        raise ValueError(f"{name}: expected a rectangular array of numbers ({error})") from None
    except (TypeError, RuntimeError) as error:
        got = type(value).__name__
        raise TypeError(f"{name}: expected real numbers, got a {got} ({error})") from None


def says_more(value):
    """The type of an array, given or in a list, that says more than its numbers; None without one."""
    if isinstance(value, list | tuple):
        return next(filter(None, map(says_more, value)), None)
    return type(value) if isinstance(value, np.ndarray) and type(value) not in PLAIN else None


def real_array(name, value, dtype=None):
    """`value` as an array of float64 (float32 is kept), or of `dtype`; TypeError if not real."""
    array = plain_array(name, value)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name}: expected real numbers, got {array.dtype}")
    if dtype is None:
        dtype = np.float32 if array.dtype.kind == "f" and array.itemsize == 4 else np.float64
    if array.dtype == dtype:
        return array
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinity: see `finite`
        return array.astype(dtype)


def float_type(dtype):
    """`dtype` as float32 or float64, the two that a cell computes in; ValueError for another."""
    try:
        dtype = np.dtype(dtype)
    except TypeError:
        raise ValueError(f"dtype: expected float32 or float64, got {dtype!r}") from None
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"dtype: expected float32 or float64, got {dtype}")
    return dtype


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
        where = " in float32, which holds less than 3.5e38" if array.dtype == np.float32 else ""
        raise ValueError(f"{name}: expected finite numbers, got NaN or infinity{where}")
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


def classes(targets, mask, V):
    """The targets (T, B) as whole numbers from 0 to V-1; 0 where the mask (T, B) is off."""
    targets = plain_array("targets", targets)
    if targets.dtype.kind not in "iu":
        raise TypeError(f"targets: expected whole numbers, got {targets.dtype}")
    if targets.shape != mask.shape:
        raise ValueError(f"targets: expected shape {mask.shape}, got {targets.shape}")
    targets = np.where(mask, targets, 0)
    if targets.min() < 0 or targets.max() >= V:
        got = f"{targets.min()} to {targets.max()}"
        raise ValueError(f"targets: expected classes 0 to {V - 1}, got {got}")
    return targets


def counted(mask, T, B):
    """The mask (T, B) as booleans, and how many places count."""
    mask = np.ones((T, B), bool) if mask is None else plain_array("mask", mask)
    if mask.dtype != bool:
        raise TypeError(f"mask: expected booleans, got {mask.dtype}")
    if mask.shape != (T, B):
        raise ValueError(f"mask: expected shape ({T}, {B}), got {mask.shape}")
    count = int(mask.sum())
    if not count:
        raise ValueError("mask: expected at least one place that counts")
    return mask, count


def weights(params, blocks, kind=None):
    """(W, b, D, H) of a cell whose W is (blocks·H, D+H) and b (blocks·H, 1); `kind` is its Params."""
    W, b = record("params", params, ("W", "b"))
    W = shaped("params.W", W, ("rows", "columns"))
    rows, columns = W.shape
    H = rows // blocks
    D = columns - H
    if rows % blocks or D < 1:
        wanted = f"({blocks if blocks > 1 else ''}H, D+H)"
        raise ValueError(f"params.W: expected shape {wanted}, H and D at least 1, got {W.shape}")
    b = shaped("params.b", b, (rows, 1), W.dtype)
    record("params", params, ("W", "b"), kind)  # of a fitting shape, and of another cell
    return W, b, D, H


def record(name, value, fields, kind=None):
    """The parts of a NamedTuple (of this kind) or plain tuple that must have these fields."""
    if not isinstance(value, tuple) or len(value) != len(fields):
        got = (
            f"a tuple of {len(value)}" if isinstance(value, tuple) else f"a {type(value).__name__}"
        )
        raise TypeError(f"{name}: expected ({', '.join(fields)}), got {got}")
    named = getattr(value, "_fields", fields)
    if tuple(named) != tuple(fields):
        raise TypeError(f"{name}: expected ({', '.join(fields)}), got ({', '.join(named)})")
    if kind is not None and hasattr(value, "_fields") and not of_kind(value, kind):
        wanted = f"a {title(kind)} or a plain tuple ({', '.join(fields)})"
        raise TypeError(f"{name}: expected {wanted}, got a {title(type(value))}")
    return value


def of_kind(value, kind):
    """Whether `value` is a record of this kind, or of the same one before its module was reloaded."""
    return type(value) is kind or title(type(value)) == title(kind)


def title(kind):
    """A type's whole name, as lib.lstm.Params."""
    return f"{kind.__module__}.{kind.__qualname__}"


def state(name, value, kind, shape, dtype):
    """`value` as a `kind` (a State) of finite arrays of `shape`; zeros if it is None."""
    if value is None:
        return kind(*(np.zeros(shape, dtype) for _ in kind._fields))
    parts = zip(kind._fields, record(name, value, kind._fields, kind), strict=True)
    return kind(*(shaped(f"{name}.{field}", part, shape, dtype) for field, part in parts))


def own_trace(trace, kind):
    """`trace` itself, if it is a `kind`, a cell's Trace."""
    if not of_kind(trace, kind):
        wanted, got = title(kind), title(type(trace))
        raise TypeError(f"trace: expected what this cell's forward gave, a {wanted}, got a {got}")
    return trace


def run(trace, kind, D, H, dtype):
    """(T, B) of a Trace of `kind`, if it is a run of a cell with D inputs and H units in `dtype`."""
    own_trace(trace, kind)
    T, _, B = trace.x.shape
    parts = [("x", trace.x, (T, D, B))]
    parts += [("gates", gate, (T, H, B)) for gate in trace.gates or ()]
    parts += [("states", state, (T + 1, H, B)) for state in trace.states]
    for name, part, shape in parts:
        if part.shape != shape:
            wanted = f"a run with D = {D} and H = {H}, {name} {shape}"
            raise ValueError(f"trace: expected {wanted}, got {part.shape}")
        if part.dtype != dtype:
            wanted = f"a run in {dtype}, as the parameters are"
            raise ValueError(f"trace: expected {wanted}, got {name} in {part.dtype}")
    return T, B


def holds(hold, names, shape, dtype):
    """{gate: (values, held entries)}, each broadcast to `shape`; NaN leaves an entry free."""
    values = held_values(hold, names, shape, dtype).items()
    return {name: (value, ~np.isnan(value)) for name, value in values}


def held_values(hold, names, shape, dtype):
    """{gate: values}, copies of what is handed in, each broadcast to `shape`."""
    if hold is None:
        return {}
    if not isinstance(hold, dict):
        got = type(hold).__name__
        raise TypeError(f"hold: expected a dict like {{'{names[0]}': 1.0}}, got {got}")
    held = {}
    for name, value in hold.items():
        if name not in names:
            raise ValueError(f"hold: expected gates among {', '.join(names)}, got {name!r}")
        value = real_array(f"hold[{name!r}]", value, dtype).copy()
        if np.isinf(value).any():
            raise ValueError(f"hold[{name!r}]: expected finite numbers (or NaN), got infinity")
        try:
            held[name] = np.broadcast_to(value, shape)
        except ValueError:
            raise ValueError(
                f"hold[{name!r}]: expected a shape that broadcasts to {shape}, got {value.shape}"
            ) from None
    return held


def held_at(held, t):
    """What is held at step t of a run."""
    return {gate: (value[t], where[t]) for gate, (value, where) in held.items()}


def put_held(held, **gates):
    """Writes the held values into the gates' arrays, `put_held(held, f=f, i=i)`, in place."""
    for name, (value, where) in held.items():
        if name in gates:
            np.copyto(gates[name], value, where=where)
