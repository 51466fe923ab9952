"""`make mutants`: plants single mistakes that real code has made, and asks the tests to catch each.

Every row is one mistake: the file, the right text, the wrong text. The library and its tests are
copied to a folder of their own, the mistake is put in, and the tests run until the first failure.
A mistake that no test notices survives, and the command fails. So does a row whose right text is no
longer in the file: then the row has to follow the code.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TESTS = ["test_cells", "test_learning", "test_relatives", "test_frameworks", "test_refused"]

MUTANTS = [
    # (what it is, file, right, wrong)
    ("σ in place of σ′", "activations", "return s * (1 - s)", "return s"),
    (
        "σ′ of the squashed value",
        "activations",
        "return s * (1 - s)",
        "s = sigmoid(s)\n    return s * (1 - s)",
    ),
    ("tanh′ of tanh", "activations", "return 1 - t * t", "t = np.tanh(t)\n    return 1 - t * t"),
    ("tanh′ without the square", "activations", "return 1 - t * t", "return 1 - t"),
    ("LSTM: the carried dh is dropped", "lstm", "d.h[t] += W_h.T @", "d.h[t] += 0 * W_h.T @"),
    ("LSTM: the carried dc is dropped", "lstm", "d.c[t] = d.c[t + 1] * f[t]", "d.c[t] = 0"),
    (
        "LSTM: the carried dc lacks its f",
        "lstm",
        "d.c[t] = d.c[t + 1] * f[t]",
        "d.c[t] = d.c[t + 1]",
    ),
    (
        "LSTM: the carried dc replaces the road through h",
        "lstm",
        "d.c[t + 1] += d.h[t + 1] * shown[t]",
        "d.c[t + 1] = d.h[t + 1] * shown[t]",
    ),
    (
        "LSTM: the road through h is used only at the end",
        "lstm",
        "d.c[t + 1] += d.h[t + 1] * shown[t]",
        "d.c[t + 1] += (t == T - 1) * d.h[t + 1] * shown[t]",
    ),
    (
        "LSTM: dh is carried past where the loss's own should be added",
        "lstm",
        "d.h[t] += W_h.T",
        "d.h[t] = W_h.T",
    ),
    (
        "LSTM: gates i and f swapped in backward",
        "lstm",
        "da[t, 0] *= d.c[t + 1] * g[t]",
        "da[t, 0] *= d.c[t + 1] * c[t]",
    ),
    (
        "LSTM: f's gradient sees c_t for c_{t-1}",
        "lstm",
        "da[t, 1] *= d.c[t + 1] * c[t]",
        "da[t, 1] *= d.c[t + 1] * c[t + 1]",
    ),
    (
        "LSTM: o's gradient sees c for tanh c",
        "lstm",
        "da[t, 2] *= d.h[t + 1] * tanh_c[t]",
        "da[t, 2] *= d.h[t + 1] * c[t + 1]",
    ),
    (
        "LSTM: rows in another order (i, f, g, o)",
        "lstm",
        "a_i, a_f, a_o, a_g = np.split",
        "a_i, a_f, a_g, a_o = np.split",
    ),
    (
        "LSTM: h shows c without tanh",
        "lstm",
        "h[t + 1] = o * np.tanh(c[t + 1])",
        "h[t + 1] = o * c[t + 1]",
    ),
    (
        "LSTM: the step forgets its bias",
        "lstm",
        "np.concatenate([x_t, h_prev]) + b, 4)",
        "np.concatenate([x_t, h_prev]), 4)",
    ),
    (
        "LSTM: forget bias on the input gate",
        "lstm",
        'b[H : 2 * H] = initial.bias("forget_bias"',
        'b[:H] = initial.bias("forget_bias"',
    ),
    ("LSTM: a held gate still has a gradient", "lstm", "[held] = 0", "[held] *= 1"),
    (
        "LSTM: the run squashes its candidate as a gate",
        "lstm",
        "a_ifo = a_t[: 3 * H]",
        "a_ifo = a_t",
    ),
    (
        "LSTM: the run halves no pre-activation",
        "lstm",
        "W_b[: 3 * H] *= 0.5",
        "W_b[: 3 * H] *= 1",
    ),
    ("LSTM: dstate of c is not taken in", "lstm", "    d.c[T] = dstate.c\n", ""),
    (
        "GRU: the run's candidate sees h for r h",
        "gru",
        "seen[:D], seen[D:-1] = x[t], r * h[t]",
        "seen[:D], seen[D:-1] = x[t], h[t]",
    ),
    (
        "GRU: z keeps, forward and backward apart",
        "gru",
        "h[t + 1] = (1 - z) * h[t] + z * n",
        "h[t + 1] = z * h[t] + (1 - z) * n",
    ),
    (
        "GRU: z's gradient has the wrong sign",
        "gru",
        "d.h[t + 1] * (n[t] - h[t])",
        "d.h[t + 1] * (h[t] - n[t])",
    ),
    (
        "GRU: the road through the candidate lacks r",
        "gru",
        "d.h[t] += d_rh * r[t]",
        "d.h[t] += d_rh",
    ),
    ("GRU: the additive road is dropped", "gru", "d.h[t] += d.h[t + 1] * (1 - z[t])", "pass"),
    ("GRU: the candidate's weights see h for r h", "gru", "trace.x, r * h[:T])", "trace.x, h[:T])"),
    (
        "GRU: gates r and z swapped",
        "gru",
        "a_r, a_z = np.split",
        "a_z, a_r = np.split",
    ),
    ("RNN: the slope at h_{t-1} for h_t", "rnn", "tanh_slope(h[1:])", "tanh_slope(h[:-1])"),
    (
        "RNN: the recurrent weights not transposed",
        "rnn",
        "d.h[t] += W_h.T @ da[t]",
        "d.h[t] += W_h @ da[t]",
    ),
    ("last state off by one", "rnn", "d.h[T] += dstate.h", "d.h[T - 1] += dstate.h"),
    (
        "a bias summed over the wrong axis",
        "gradients",
        "columns.sum(axis=1, keepdims=True)",
        "np.resize(columns.sum(axis=0), (rows, 1))",
    ),
    (
        "dW pairs da_t with h_t for h_{t-1}",
        "lstm",
        "over_steps(da, trace.x, h[:T])",
        "over_steps(da, trace.x, h[1:])",
    ),
    ("read-out: only the last step's weights", "readout", ".sum(axis=0)\n", "[-1]\n"),
    (
        "read-out: the bias averaged over sequences",
        "readout",
        ".sum(axis=(0, 2))",
        ".sum(axis=0).mean(axis=1)",
    ),
    (
        "cross-entropy: p in place of p - y",
        "losses",
        "np.take_along_axis(dy, right, axis=1) - 1",
        "np.take_along_axis(dy, right, axis=1)",
    ),
    (
        "cross-entropy: the mean is over all places, not those that count",
        "losses",
        "count = int(mask.sum())",
        "count = mask.size",
    ),
    (
        "softmax over the sequences",
        "losses",
        "p /= p.sum(axis=-2, keepdims=True)",
        "p /= p.sum(axis=-1, keepdims=True)",
    ),
    (
        "squared error: the slope lacks its 2",
        "losses",
        "dy *= 2 / (count * V)",
        "dy *= 1 / (count * V)",
    ),
    ("Adam: no correction for the young means", "optim", "1 - beta1**t, 1 - beta2**t", "1, 1"),
    ("Adam: the mean of g in place of g²", "optim", "(1 - beta2) * g * g", "(1 - beta2) * g"),
    (
        "clipping each array by itself",
        "optim",
        "each(lambda g: g * (max_norm / norm), grads)",
        "each(lambda g: g * min(1, max_norm / global_norm((g,))), grads)",
    ),
    ("gradient ascent", "optim", "p - rate * g", "p + rate * g"),
    (
        "weights to PyTorch unpermuted",
        "frameworks",
        '"lstm": "ifgo", "reset_after": "rzn"}',
        '"lstm": "ifog", "reset_after": "rzn"}',
    ),
    ("z carried over without turning it", "frameworks", 'blocks["z"] = -blocks["z"]', "pass"),
    ("one of two biases lost", "frameworks", "rnn.Params)(W, b + inside)", "rnn.Params)(W, b)"),
    (
        "reset_after: its inner bias outside the reset",
        "relatives",
        "+ b[3 * H :]\n    a[",
        "\n    a[2 * H :] += b[3 * H :]\n    a[",
    ),
    (
        "peephole: o looks at c_{t-1}",
        "relatives",
        "o = sigmoid(a_o + p_o * c)",
        "o = sigmoid(a_o + p_o * state.c)",
    ),
    ("coupled: g's gradient lacks 1 - f", "relatives", "d.c * (1 - f) * slope.g", "d.c * slope.g"),
    ("train: clipping left out", "train", "grads, norm = optim.clip(grads, max_norm)", "pass"),
    (
        "spelling without its memory",
        "train",
        "_, state = model.cell.step(",
        "_, _ = model.cell.step(",
    ),
    (
        "recall: the target of the next sequence",
        "tasks",
        "np.tile(symbol, (T, 1))",
        "np.tile(np.roll(symbol, 1), (T, 1))",
    ),
]


def main():
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
        clean = copy(Path(folder) / "clean")
        if not passes(clean):
            sys.exit("The tests fail before a mistake is planted: mend that first.")
        jobs = [
            pool.submit(planted, Path(folder) / str(number), *row)
            for number, row in enumerate(MUTANTS)
        ]
        fates = []
        for (what, name, _, _), job in zip(MUTANTS, jobs, strict=True):
            fates.append(job.result())
            print(f"{fates[-1]:9} {name:12} {what}", flush=True)
    caught = fates.count("caught")
    print(f"{caught} of {len(MUTANTS)} mistakes caught")
    return caught != len(MUTANTS)


def planted(folder, what, name, right, wrong):
    """The fate of one mistake."""
    copy(folder)
    file = folder / "lib" / f"{name}.py"
    text = file.read_text(encoding="utf-8")
    if right not in text:
        return "NOT FOUND"
    file.write_text(text.replace(right, wrong, 1), encoding="utf-8")
    return "SURVIVED" if passes(folder) else "caught"


def copy(folder):
    """The library and its tests in `folder`."""
    for part in ("lib", "tests"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def passes(folder):
    """Whether the library's tests pass on the copy in `folder`."""
    tests = [f"tests/{name}.py" for name in TESTS]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "--rootdir", ".", *tests],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
    )
    if run.returncode not in (0, 1):
        sys.stdout.buffer.write(run.stdout[-2000:] + run.stderr[-2000:])
        raise RuntimeError("the tests could not be run")
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
