"""The LSTM with one mistake planted in its backward pass: patients for the gradient check.

Each fault is a replacement of one piece of text in lstm.py; all else is the cell as it is, so that
a patient runs and trains like any other cell. Two of them cut a road: what does learning lose without it?
"""

import inspect
from types import ModuleType

from lib import lstm

FAULTS = {  # what is wrong: (the text in lstm.py, what stands there instead)
    "σ in place of σ′, at f": ("sigmoid_slope(f)", "f"),
    "σ′ of the squashed i": ("sigmoid_slope(i)", "sigmoid_slope(1 / (1 + np.exp(-i)))"),
    "tanh′ of tanh(c)": ("tanh_slope(tanh_c)", "tanh_slope(np.tanh(tanh_c))"),
    "bias gradient of i copied to o": (
        "return Grads(Params(*over_steps(da, trace.x, h[:T])), W_x.T @ da, d)",
        "dW, db = over_steps(da, trace.x, h[:T])\n"
        "    db[2 * H : 3 * H] = db[:H]\n"
        "    return Grads(Params(dW, db), W_x.T @ da, d)",
    ),
    "δc not carried back": ("d.c[t] = d.c[t + 1] * f[t]", "d.c[t] = 0"),
    "δc carried without its f": ("d.c[t] = d.c[t + 1] * f[t]", "d.c[t] = d.c[t + 1]"),
    "δh not carried back": ("d.h[t] += W_h.T @ da[t]", "W_h.T @ da[t]"),
    "δh overwritten, not added to": ("d.h[t] += W_h.T @ da[t]", "d.h[t] = W_h.T @ da[t]"),
}


ROADS = {"h": "δh not carried back", "c": "δc not carried back"}  # one of the two ways back, cut


def cut(road):
    """The LSTM whose gradient is not carried back by `road`, "h" or "c"; KeyError for another."""
    return plant(*FAULTS[ROADS[road]])


def plant(right, wrong):
    """A copy of the cell module `lstm` in whose `backward` the text `right` is replaced by `wrong`.

    Raises ValueError if `right` does not stand there exactly once: a fault that is not planted
    would be a patient without a disease.
    """
    whole, healthy = inspect.getsource(lstm), inspect.getsource(lstm.backward)
    places = healthy + inspect.getsource(lstm.slopes)
    if places.count(right) != 1 or whole.count(right) != 1:
        raise ValueError(f"right: expected text that stands once in lstm.backward, got {right!r}")
    cell = ModuleType("lib.lstm, with a fault")
    exec(compile(whole.replace(right, wrong), cell.__name__, "exec"), cell.__dict__)
    for name in ("Params", "State", "Gates", "Trace", "Grads"):  # what they record is the same
        setattr(cell, name, getattr(lstm, name))
    return cell
