"""How fast the cells are: against PyTorch's on the CPU, and against the bare matrix products.

    make bench        (PyTorch is compared where it is installed; the table says when it is not)

Every row times one cell at one size in one process, one thread each. The candidates take turns, so
that a change in the machine's speed meets them all alike; the figures are medians, and ratios of
medians. A ratio below 1 means that this library is the faster one. "Products" are the matrix
products alone that the sizes require, with no gate computed, by NumPy: no implementation on NumPy
can be much faster than that. Where even they take longer than all of PyTorch's run ("products /
PyTorch" above 1), no NumPy code could keep up: the two come with different matrix libraries.
"MB" is what the library's arrays take at the peak of the call. After the table come the parts of
one LSTM step, since it is the float32 LSTM that keeps up worst.
"""

import os

os.environ.update(
    dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
)

import argparse
import resource
import statistics
import time
import timeit
import tracemalloc
from functools import partial

import numpy as np

from lib import gru, lstm, rnn, train

try:
    import torch
except ImportError:
    torch = None

SIZES = [(4, 1, 4, 16), (20, 8, 8, 32), (50, 16, 16, 64), (100, 32, 64, 128), (100, 64, 128, 256)]
CELLS = {"rnn": (rnn, 1), "lstm": (lstm, 4), "gru": (gru, 3)}
SPIN = 20_000  # additions in the loop that tells how busy the machine is
BUSY = 1.5  # its slowest tenth over its median, above which a row is not judged


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="for each row (default 2)")
    parser.add_argument(
        "--largest", type=int, default=len(SIZES), help="how many sizes, from small"
    )
    options = parser.parse_args()
    if torch is None:
        print("PyTorch is not installed: its columns are left out (pip install torch).")
    else:
        torch.set_num_threads(1)
    print(
        f"{'cell':5}{'T':>4}{'B':>4}{'D':>5}{'H':>5}  dtype    pass          ms"
        "  / PyTorch  / products  products / PyTorch      MB   spin"
    )
    ratios = {"forward": [], "both": []}
    busy = 0
    for size in SIZES[: options.largest]:
        for name in CELLS:
            for dtype in ("float64", "float32"):
                for passes in ("forward", "both"):
                    row = measure(name, size, dtype, passes, options.seconds)
                    mine, products, spin = row["lib"], row["products"], row["spin"]
                    theirs = row.get("torch", float("nan"))
                    busy += spin > BUSY
                    ratios[passes].append(mine / theirs)
                    sizes = f"{size[0]:>4}{size[1]:>4}{size[2]:>5}{size[3]:>5}"
                    print(
                        f"{name:5}{sizes}  {dtype}  {passes:8}{mine * 1e3:>8.3f}"
                        f"{mine / theirs:>11.2f}{mine / products:>12.2f}{products / theirs:>20.2f}"
                        f"{row['MB']:>8.1f}{spin:>7.2f}{'  busy' if spin > BUSY else ''}",
                        flush=True,
                    )
    if torch:
        for passes, values in ratios.items():
            mean = statistics.geometric_mean(values)
            print(
                f"{passes}: geometric mean of the ratios to PyTorch {mean:.2f}, worst {max(values):.2f}"
            )
    for size in SIZES[1 : min(4, options.largest)]:
        one_step(*size)
    long_runs()
    print(
        f"peak memory of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB"
    )
    print(f"spin is how unevenly a fixed loop ran, slowest tenth over median; {BUSY} is too busy.")
    if busy:
        print(f"{busy} rows met a busy machine, three times each: they say nothing. Run it again.")


def one_step(T, B, D, H, dtype=np.float32):
    """Prints where the time of an LSTM's step goes, forward: each of its NumPy calls by itself."""
    rng = np.random.default_rng(0)
    params = lstm.init_params(rng, D, H, dtype=dtype)
    x, W_b, column, c = (
        rng.normal(size=shape).astype(dtype)
        for shape in ((T, D, B), (4 * H, D + H + 1), (D + H + 1, B), (H, B))
    )
    a = np.empty((4 * H, B), dtype)
    i, f, o, g = rng.uniform(size=(4, H, B)).astype(dtype)
    calls = {
        "product": lambda: np.matmul(W_b, column, out=a),
        "tanh of all rows": lambda: np.tanh(a, out=a),
        "σ's shift and half": lambda: np.multiply(np.add(a[: 3 * H], 1), 0.5),
        "c": lambda: f * c + i * g,
        "h": lambda: o * np.tanh(c),
    }
    parts = {name: least(call) * 1e6 for name, call in calls.items()}
    whole = least(partial(lstm.forward, params, x)) / T * 1e6
    parts["the rest"] = whole - sum(parts.values())
    words = ", ".join(f"{name} {cost:.1f}" for name, cost in parts.items())
    print(
        f"lstm microseconds a step, {np.dtype(dtype)} forward, B = {B}, H = {H}: {words}; in all {whole:.1f}"
    )


def least(call, repeat=5, number=100):
    """Seconds of one call, the least of some rounds."""
    return min(timeit.repeat(call, number=number, repeat=repeat)) / number


def long_runs(steps=(100, 1_000, 10_000), B=16, H=32):
    """Prints whether time grows with T alone, and what a run keeps with and without its gates."""
    for name, (cell, _) in CELLS.items():
        rng = np.random.default_rng(0)
        model = train.init_model(cell, rng, H, H, 1)
        each = []
        for T in steps:
            x, dh = rng.normal(size=(2, T, H, B))
            run = partial(both, cell, model.params, x, dh)
            each.append(least(run, repeat=3, number=1) / T * 1e6)
        words = ", ".join(f"{each:.0f} at T = {T:,}" for each, T in zip(each, steps, strict=True))
        whole, states = (
            kept(partial(cell.forward, model.params, x)),
            kept(partial(train.states, model, x)),
        )
        print(f"{name:5}microseconds a step, forward and backward: {words}")
        print(
            f"{'':5}MB at the peak, T = {T:,}: {whole:.0f} by forward, {states:.0f} by train.states"
        )


def both(cell, params, x, dh):
    cell.backward(params, cell.forward(params, x), dh)


def kept(run):
    """Megabytes at the peak of a call."""
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def measure(name, size, dtype, passes, seconds, tries=3):
    """One row, measured anew while the machine is too busy, at most `tries` times."""
    for _ in range(tries):
        row = once(name, size, dtype, passes, seconds)
        if row["spin"] <= BUSY:
            break
    return row


def once(name, size, dtype, passes, seconds):
    """{candidate: median seconds}, the library's MB, the unevenness of a fixed loop meanwhile."""
    runs = candidates(name, size, np.dtype(dtype), passes)
    times = {who: [] for who in runs}
    spins = []
    for run in runs.values():  # a first run of each is not counted
        run()
    stop = time.perf_counter() + seconds
    while time.perf_counter() < stop or len(spins) < 5:
        for who, run in runs.items():
            start = time.perf_counter()
            run()
            times[who].append(time.perf_counter() - start)
        start = time.perf_counter()
        sum(range(SPIN))
        spins.append(time.perf_counter() - start)
    spins.sort()
    medians = {who: statistics.median(each) for who, each in times.items()}
    uneven = spins[int(0.9 * len(spins))] / statistics.median(spins)
    return medians | {"MB": kept(runs["lib"]), "spin": uneven}


def candidates(name, size, dtype, passes):
    """{who: a call without arguments} for one row."""
    T, B, D, H = size
    cell, blocks = CELLS[name]
    rng = np.random.default_rng(0)
    params = cell.init_params(rng, D, H, dtype=dtype)
    x = rng.normal(size=(T, D, B)).astype(dtype)
    dh = rng.normal(size=(T, H, B)).astype(dtype)

    def library():
        trace = cell.forward(params, x)
        if passes == "both":
            cell.backward(params, trace, dh)

    runs = {"lib": library, "products": products(blocks, size, dtype, passes)}
    if torch:
        runs["torch"] = framework(name, size, dtype, passes, x, dh)
    return runs


def products(blocks, size, dtype, passes):
    """The matrix products of the cell: one for all inputs, then one for each step; back, three."""
    T, B, D, H = size
    rng = np.random.default_rng(1)
    W_x, W_h, x, h, da = (
        rng.normal(size=shape).astype(dtype)
        for shape in ((blocks * H, D), (blocks * H, H), (T, D, B), (H, B), (T, blocks * H, B))
    )
    xh = rng.normal(size=(T * B, D + H)).astype(dtype)
    flat = np.ascontiguousarray(da.swapaxes(0, 1).reshape(blocks * H, T * B))

    def run():
        W_x @ x
        for _ in range(T):
            W_h @ h
        if passes == "both":
            for t in range(T):
                W_h.T @ da[t]
            flat @ xh
            W_x.T @ da

    return run


def framework(name, size, dtype, passes, x, dh):
    """The same run in PyTorch: nn.RNN, nn.LSTM or nn.GRU, with its own layout (T, B, D)."""
    _, _, D, H = size
    kind = getattr(torch, str(dtype))
    net = getattr(torch.nn, name.upper())(D, H).to(kind)
    x = torch.tensor(x.swapaxes(1, 2).copy(), requires_grad=passes == "both")
    dh = torch.tensor(dh.swapaxes(1, 2).copy())

    def run():
        if passes == "forward":
            with torch.no_grad():
                net(x)
        else:
            net.zero_grad()
            x.grad = None
            y, _ = net(x)
            y.backward(dh)

    return run


if __name__ == "__main__":
    main()
