"""`make mutants`: plants single mistakes that real code has made, and asks the tests to catch each.

Every row is one mistake: the file, the right text, the wrong text. The library, its tests and the
laboratory's runner are copied to a folder of their own, the mistake is put in, and the tests run
until the first failure.
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
TESTS += ["test_laboratory", "test_intervals", "test_experiments", "test_judge"]
# The tests that see a file's mistakes, asked before all others.
OWN = dict.fromkeys(["train", "optim", "losses", "readout"], ["test_learning"])
OWN |= dict.fromkeys(
    ["laboratory", "tasks", "intervals"], ["test_laboratory", "test_intervals", "test_experiments"]
)
OWN |= {"checks": ["test_refused"], "relatives": ["test_relatives"]}
OWN |= {"frameworks": ["test_frameworks"], "judge": ["test_judge"]}

IMPORTED = ("lib", "tests", "experiments", "benchmarks")

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
        "np.multiply(o, np.tanh(c_t), out=h[t + 1])",
        "np.multiply(o, c_t, out=h[t + 1])",
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
        "a_ifo = a[:, : 3 * H]",
        "a_ifo = a",
    ),
    (
        "LSTM: the run takes e^a for e^-a",
        "lstm",
        "W_b[: 3 * H] *= -1",
        "W_b[: 3 * H] *= 1",
    ),
    ("LSTM: dstate of c is not taken in", "lstm", "    d.c[T] = dstate.c\n", ""),
    (
        "GRU: the run's candidate sees h for r h",
        "gru",
        "np.multiply(r, h[t], out=seen[D:-1])",
        "seen[D:-1] = h[t]",
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
        "checks",
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
        "each(lambda g: np.ldexp(g, -power) * (max_norm / length), grads)",
        "each(lambda g: g * min(1, max_norm / global_norm((g,))), grads)",
    ),
    ("gradient ascent", "optim", "p - rate * g", "p + rate * g"),
    *[
        (f"{what}: rows unpermuted", f"frameworks/{file}", right, wrong)
        for what, file, right, wrong in (
            ("PyTorch's LSTM", "pytorch", '"lstm": "ifgo"', '"lstm": "ifog"'),
            ("PyTorch's GRU", "pytorch", '"reset_after": "rzn"', '"reset_after": "zrn"'),
            ("Keras's LSTM", "keras", '"lstm": "ifgo"', '"lstm": "ifog"'),
            ("Keras's default GRU", "keras", '"reset_after": "zrn"', '"reset_after": "rzn"'),
            ("ONNX's other GRU", "onnx", '"reset_after": "zrn"', '"reset_after": "rzn"'),
            ("Keras's GRU", "keras", '"gru": "zrn"', '"gru": "rzn"'),
            ("ONNX's LSTM", "onnx", '"lstm": "iofg"', '"lstm": "ifog"'),
            ("ONNX's peephole LSTM", "onnx", '"peephole": "iofg"', '"peephole": "ifog"'),
            ("ONNX's GRU", "onnx", '"gru": "zrn", "reset', '"gru": "rzn", "reset'),
            ("Flax's LSTM", "flax", '"lstm": "ifgo"', '"lstm": "ifog"'),
            ("Flax's GRU", "flax", '"reset_after": "rzn"', '"reset_after": "zrn"'),
            ("Equinox's LSTM", "equinox", '"lstm": "ifgo"', '"lstm": "ifog"'),
            ("Equinox's GRU", "equinox", '"reset_after": "rzn"', '"reset_after": "zrn"'),
        )
    ],
    (
        "z carried over without turning it",
        "frameworks/shared",
        'blocks["z"] = -blocks["z"]',
        "pass",
    ),
    ("one of two biases lost", "frameworks/shared", '", b + inside)', '", b)'),
    (
        "the bias inside the reset is lost",
        "frameworks/shared",
        "b[n], inside[n]]",
        "b[n], b[n] * 0]",
    ),
    (
        "the bias inside the reset counts twice",
        "frameworks/shared",
        "b[n], inside[n]]",
        "both[n], inside[n]]",
    ),
    (
        "mixed floats are narrowed",
        "frameworks/shared",
        "np.result_type(W, both)",
        "np.float32",
    ),
    (
        "integers are taken for weights",
        "frameworks/shared",
        'array.dtype.kind == "f" and',
        'array.dtype.kind in "fiub" and',
    ),
    (
        "a mask is lost",
        "frameworks/shared",
        "if issubclass(checks.says_more(value) or object, np.ma.MaskedArray)",
        "if False",
    ),
    ("half precision is refused", "frameworks/shared", "element_size() < 4", "element_size() < 0"),
    (
        "an unknown name is left alone",
        "frameworks/shared",
        "and not re.fullmatch(beside, name)",
        "and False",
    ),
    (
        "a missing name is not told where it stands",
        "frameworks/shared",
        "    if prefixes:\n",
        "    if False:\n",
    ),
    (
        "a layer's function is not compared",
        "frameworks/shared",
        "if told is not None and told != wanted",
        "if False",
    ),
    ("the layer is not looked at", "frameworks/pytorch", 'f"_l{layer}{end}"', 'f"_l0{end}"'),
    (
        "the direction is not looked at",
        "frameworks/pytorch",
        '"_reverse" * shared.whether("reverse", reverse)',
        '"_reverse" * 0',
    ),
    (
        "one PyTorch bias is enough",
        "frameworks/pytorch",
        "if (arrays[2] is None) != (arrays[3] is None)",
        "if False",
    ),
    (
        "biases that other layers have are 0",
        "frameworks/pytorch",
        'if arrays[2] is None and any(name.startswith("bias_")',
        'if False and any(name.startswith("bias_")',
    ),
    (
        "a projection is left out",
        "frameworks/pytorch",
        'if name.startswith("weight_hr_l")',
        "if False",
    ),
    (
        "a parametrized bias is 0",
        "frameworks/pytorch",
        "if made and not",
        "if False and not",
    ),
    (
        "a module that is shared is not asked",
        "frameworks/pytorch",
        "remove_duplicate=False",
        "remove_duplicate=True",
    ),
    (
        "a module's nonlinearity is not asked",
        "frameworks/pytorch",
        "if module is not None and kind",
        "if False and kind",
    ),
    ("Keras's kernels untransposed where D is H", "frameworks/keras", "W_x.T.copy()", "W_x.copy()"),
    (
        "Keras: the other half of a Bidirectional",
        "frameworks/keras",
        "backward if reverse else forward",
        "forward if reverse else backward",
    ),
    (
        "Keras: a GRU without a bias is taken as given",
        "frameworks/keras",
        "if bias is None and not told",
        "if False",
    ),
    (
        "Keras: a layer's reset_after is not asked",
        "frameworks/keras",
        'getattr(one, "reset_after", None) if is_gru',
        'kind == "reset_after" if is_gru',
    ),
    (
        "Keras: a layer's activation is not asked",
        "frameworks/keras",
        'shared.squashes("activation", one,',
        '("activation", one,',
    ),
    ("ONNX: peepholes unpermuted", "frameworks/onnx", "p_i, p_o, p_f = np", "p_i, p_f, p_o = np"),
    (
        "ONNX: peepholes to it unpermuted",
        "frameworks/onnx",
        "[p_i, p_o, p_f])[None]",
        "[p_i, p_f, p_o])[None]",
    ),
    (
        "ONNX: the second direction is the first",
        "frameworks/onnx",
        "int(reverse and two == 2)",
        "0",
    ),
    (
        "ONNX: a first direction of two is enough",
        "frameworks/onnx",
        "(two, k * H, H)",
        '("n", k * H, H)',
    ),
    (
        "ONNX: activations are not looked at",
        "frameworks/onnx",
        "if [name.lower() for name in mine] !=",
        "if False and [] !=",
    ),
    (
        "ONNX: linear_before_reset is true or not",
        "frameworks/onnx",
        '["linear_before_reset"] = [0, 1]',
        '["linear_before_reset"] = [0, 1, 2]',
    ),
    (
        "ONNX: clip is left out",
        "frameworks/onnx",
        '("clip", "activation_alpha"',
        '("activation_alpha"',
    ),
    (
        "ONNX: input_forget is left out",
        "frameworks/onnx",
        '"input_forget": [0]',
        '"input_forget": [0, 1]',
    ),
    (
        "linen: biases on the other side",
        "frameworks/flax",
        'side = "h" if kind == "lstm"',
        'side = "i" if kind == "lstm"',
    ),
    ("linen: the inner bias with x", "frameworks/flax", '["hn"]["bias"]', '["in"]["bias"]'),
    ("nnx: b_hn is dropped", "frameworks/flax", "if inside.any()", "if False"),
    (
        "nnx: the bias on the other side",
        "frameworks/flax",
        'weights["dense_h" if kind == "lstm" else "dense_i"]["bias"]',
        'weights["dense_i"]["bias"]',
    ),
    ("nnx: residual is not asked", "frameworks/flax", 'shared.same("residual"', '("residual"'),
    (
        "Equinox: one bias is enough",
        "frameworks/equinox",
        "if inside and (b is None)",
        "if False and (b is None)",
    ),
    (
        "Equinox: bias_n on another gate",
        "frameworks/shared",
        "[bias * 0, bias * 0, bias]",
        "[bias * 0, bias, bias * 0]",
    ),
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
    (
        "mgu: the candidate sees all of the state",
        "relatives",
        "np.concatenate([x_t, z * h])",
        "np.concatenate([x_t, h])",
    ),
    (
        "mgu: z keeps",
        "relatives",
        "stack(a_z, a_n), held)\n    return gates, gru.State((1 - gates.z) * h + gates.z * gates.n)",
        "stack(a_z, a_n), held)\n    return gates, gru.State(gates.z * h + (1 - gates.z) * gates.n)",
    ),
    (
        "mgu: z hears of what it writes alone",
        "relatives",
        "(d.h * (n - h) + d_seen * h)",
        "(d.h * (n - h))",
    ),
    ("mingru: the candidate squashed", "relatives", '"v": (np.copy, ', '"v": (np.tanh, '),
    (
        "mingru: no gradient to a free candidate",
        "relatives",
        '"v": (np.copy, np.ones_like)',
        '"v": (np.copy, np.zeros_like)',
    ),
    ("mingru: z keeps", "relatives", "(1 - z) * state.h + z * v", "z * state.h + (1 - z) * v"),
    (
        "mingru: z's gradient has the wrong sign",
        "relatives",
        "d.h * (v - before.h) * slope.z",
        "d.h * (before.h - v) * slope.z",
    ),
    ("mingru: the road is dropped", "relatives", "x_t, d.h * (1 - z))", "x_t, 0 * d.h)"),
    (
        "mingru: its bias on the candidate",
        "relatives",
        'b[:hidden_size] = initial.bias("update',
        'b[hidden_size:] = initial.bias("update',
    ),
    (
        "minlstm: the gates are not made to sum to 1",
        "relatives",
        "squashed(MinLSTMGates, stack(-lead, lead, a_v), held)",
        "squashed(MinLSTMGates, stack(a_i, a_f, a_v), held)",
    ),
    (
        "minlstm: two shut gates divide nothing by nothing",
        "relatives",
        "np.logaddexp(0, -a_i) - np.logaddexp(0, -a_f)",
        "np.log(sigmoid(a_f)) - np.log(sigmoid(a_i))",
    ),
    (
        "minlstm: i's share is not felt by f's gradient",
        "relatives",
        "d.h * (before.h * slope.f - v * slope.i)",
        "d.h * before.h * slope.f",
    ),
    ("minlstm: σ(a) for 1 - σ(a)", "relatives", "* sigmoid(-a_if)", "* sigmoid(a_if)"),
    (
        "start: an orthogonal W_h takes the inputs' range along",
        "initial",
        'habit = inputs is None and recurrent == "orthogonal"',
        'habit = recurrent == "orthogonal"',
    ),
    (
        "start: the input weights are other numbers beside an orthogonal W_h",
        "initial",
        "D if habit else D + H",
        'D if recurrent == "orthogonal" else D + H',
    ),
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
    (
        "recall: the cue looks like a distractor",
        "tasks",
        "rows[-1] = symbols + distractors",
        "rows[-1] = symbols",
    ),
    ("a mask that judges every step", "tasks", "mask[-steps:] = True", "mask[:] = True"),
    (
        "a baseline over all steps, not those that count",
        "tasks",
        'judged = checks.finite("targets", targets[mask])',
        "judged = targets",
    ),
    (
        "adding: the marks may fall on one number",
        "tasks",
        "rng.integers(T // 2, T, size=B), 1",
        "rng.integers(T, size=B), 1",
    ),
    (
        "adding: the sum of all numbers",
        "tasks",
        "(x[:, 0] * x[:, 1]).sum(axis=0)",
        "x[:, 0].sum(axis=0)",
    ),
    ("update: the symbol flagged first", "tasks", "np.maximum.accumulate", "np.minimum.accumulate"),
    (
        "update: the symbol shown last",
        "tasks",
        "np.where(flag, np.arange(T)[:, None], 0)",
        "np.arange(T)[:, None] + 0 * flag",
    ),
    ("update: the first symbol may have no flag", "tasks", "    flag[0] = True\n", ""),
    (
        "copy: asked for in backward order",
        "tasks",
        "targets[-length:] = rows[:length]",
        "targets[-length:] = rows[:length][::-1]",
    ),
    (
        "copy: the cue does not stay on",
        "tasks",
        "rows[-length:] = symbols + 1",
        "rows[-1:] = symbols + 1",
    ),
    (
        "update: flags as often as ever",
        "tasks",
        "rng.random((T, B)) < flags",
        "rng.random((T, B)) < 0.2",
    ),
    (
        "running sum: the marked number is left out",
        "tasks",
        "total = number.copy()",
        "total = number * ~mark",
    ),
    ("running sum: never afresh", "tasks", "np.where(mark[t], 0, total[t - 1])", "total[t - 1]"),
    (
        "running sum: its baseline forgets that the first step is marked",
        "tasks",
        "float(since.mean() / 3)",
        "float(1 / marks / 3)",
    ),
    ("balance: judged where it cannot be level", "tasks", "mask[1::2] = True", "mask[:] = True"),
    (
        "balance: never below 0",
        "tasks",
        "level = np.cumsum(1 - 2 * down, axis=0) == 0",
        "level = np.cumsum(1 - 2 * down, axis=0) <= 0",
    ),
    (
        "parity: of the zeros",
        "tasks",
        "np.cumsum(bits, axis=0) % 2",
        "np.cumsum(1 - bits, axis=0) % 2",
    ),
    (
        "permutations: the last first",
        "tasks",
        "COMPOSED[now[t - 1], p[t]]",
        "COMPOSED[p[t], now[t - 1]]",
    ),
    (
        "n-grams: a window's start sees what no window holds",
        "tasks",
        "seen[max(0, t + 2 - order) : t + 1]",
        "seen[t + 2 - order : t + 1]",
    ),
    (
        "n-grams: the shorter group is trusted too much",
        "tasks",
        "(sum(after.values()) + len(after))",
        "(sum(after.values()) + 1)",
    ),
    (
        "n-grams: counted in the text that they are judged on",
        "tasks",
        'text, counts = prose_part("train").tolist(), {}',
        'text, counts = prose_part("test").tolist(), {}',
    ),
    ("copy: one blank too few", "tasks", "T = 2 * length + delay", "T = 2 * length + delay - 1"),
    ("counting: the end comes one b late", "tasks", "(step == 2 * n - 1)", "(step == 2 * n)"),
    ("counting: judged at the a's as well", "tasks", ".astype(int), b)", ".astype(int), a | b)"),
    (
        "counting: the longest word is never drawn",
        "tasks",
        "integers(1, longest + 1",
        "integers(1, longest",
    ),
    (
        "digits: columns for rows",
        "tasks",
        "x = images.reshape(",
        "x = images.swapaxes(1, 2).reshape(",
    ),
    ("digits: the ink is not scaled", "tasks", "(64, 1))) / 16", "(64, 1))) / 1"),
    (
        "digits: validation holds the training images",
        "tasks",
        "slice(first, second)",
        "slice(second)",
    ),
    ("draw: a column twice", "tasks", "replace=False", "replace=True"),
    (
        "draw: the answers stay behind",
        "tasks",
        "else part[..., some] for",
        "else part[..., some if part is whole.x else slice(B)] for",
    ),
    (
        "prose: the target is the character itself",
        "tasks",
        "window[1:], None)",
        "window[:-1], None)",
    ),
    (
        "prose: a window runs past the end",
        "tasks",
        "rng.integers(len(text) - T, size=B)",
        "rng.integers(len(text) - T + 1, size=B)",
    ),
    (
        "prose: the baseline counts in the text that it is judged on",
        "tasks",
        'seen, text, V = prose_part("train")',
        "seen, text, V = prose_part(part)",
    ),
    (
        "prose: the baseline foretells the character before",
        "tasks",
        "p[text[:-1], text[1:]]",
        "p[text[1:], text[:-1]]",
    ),
    (
        "prose: single letters counted V times as one more",
        "tasks",
        "count.sum(axis=0) - V + 1",
        "count.sum(axis=0)",
    ),
    (
        "laboratory: tested on the stream that trained",
        "laboratory/trials",
        "np.random.default_rng([seed, 1]), size, test, part",
        "np.random.default_rng([seed, 0]), size, test, part",
    ),
    (
        "laboratory: rates chosen on the test",
        "laboratory/trials",
        "np.random.default_rng([seed, 1]), size, test, part",
        'np.random.default_rng([seed, 1]), size, test, "test"',
    ),
    (
        "laboratory: digits trained on the test images",
        "laboratory/posed",
        'images(size, "train"), batch)',
        'images(size, "test"), batch)',
    ),
    (
        "laboratory: prose trained on the test part",
        "laboratory/posed",
        "        tasks.prose,\n        tasks.prose,",
        '        partial(tasks.prose, part="test"),\n        tasks.prose,',
    ),
    (
        "laboratory: a gate held in training alone",
        "laboratory/trials",
        "posed.measure(fit.model, judged, hold)",
        "posed.measure(fit.model, judged)",
    ),
    (
        "laboratory: a gate held in the test alone",
        "laboratory/trials",
        "dict(loss=posed.loss, hold=hold, stop_below",
        "dict(loss=posed.loss, stop_below",
    ),
    (
        "laboratory: chrono's input bias of the wrong sign",
        "laboratory/trials",
        'given["input_bias"] = -bias',
        'given["input_bias"] = bias',
    ),
    (
        "laboratory: chrono leaves the input bias out",
        "laboratory/trials",
        'given["input_bias"] = -bias',
        "pass",
    ),
    (
        "laboratory: a run that stopped early is improving",
        "laboratory/trials",
        "steps == limit and still_falls",
        "still_falls",
    ),
    (
        "laboratory: no run stops early",
        "laboratory/trials",
        "stop_below=posed.stop_below",
        "stop_below=None",
    ),
    (
        "laboratory: the loss of all steps as a score",
        "laboratory/posed",
        "hold=hold).y, *batch[1:])",
        "hold=hold).y, batch.targets, None)",
    ),
    (
        "laboratory: adding trained by the wrong loss",
        "laboratory/posed",
        "        loss=losses.squared_error,\n",
        "",
    ),
    (
        "counting: scored by the words that are right",
        "laboratory/posed",
        "n[np.append(words, False).argmin()]",
        "n[words.sum()]",
    ),
    (
        "counting: scored at every step",
        "laboratory/posed",
        "(right | ~batch.mask).all(axis=0)",
        "right.all(axis=0)",
    ),
    (
        "counting: the longest word is not tested",
        "laboratory/posed",
        "COUNTED + 1, 2)",
        "COUNTED, 2)",
    ),
    (
        "counting: a rate is chosen on the words of the test",
        "laboratory/posed",
        'range(1 + (part == "test"), ',
        "range(2, ",
    ),
    (
        "parity: tested over its whole length",
        "laboratory/posed",
        "late[-judged:] = True",
        "late[:] = True",
    ),
    (
        "rare update: flags as often as update's",
        "laboratory/posed",
        "tasks.update(rng, size, batch, SYMBOLS, flags=0.02)",
        "tasks.update(rng, size, batch, SYMBOLS)",
    ),
    (
        "a loss that rose still falls",
        "laboratory/trials",
        "fallen = np.mean(before) - np.mean(last)",
        "fallen = abs(np.mean(before) - np.mean(last))",
    ),
    (
        "control: a constant gate at 1/2 for all units",
        "laboratory/trials",
        "hold = {gate: at_rest(start, inputs)[gate] for gate in what}",
        "hold = dict.fromkeys(what, 0.5)",
    ),
    (
        "control: a constant gate seen on an input",
        "laboratory/trials",
        "cell.step(params, np.zeros((inputs, 1))",
        "cell.step(params, np.ones((inputs, 1))",
    ),
    (
        "control: one mean for all units",
        "laboratory/trials",
        "run.mean(axis=(0, 2))[:, None] for name",
        "run.mean() for name",
    ),
    (
        "control: the mean of a young twin",
        "laboratory/trials",
        "model = trained(task, cell, size, seed, **twin, **options)[0].model",
        "model = start",
    ),
    (
        "control: the mean on what is trained with",
        "laboratory/trials",
        "posed.train(np.random.default_rng([seed, 2]), size, SAMPLE)",
        "posed.train(np.random.default_rng([seed, 0]), size, SAMPLE)",
    ),
    (
        "control: a blind gate learns to see",
        "laboratory/trials",
        'seeing if how == "blind" else noise',
        '(lambda grads: grads) if how == "blind" else noise',
    ),
    (
        "control: a blind gate sees no input either",
        "laboratory/trials",
        "(block + 1) * H, -H:] = 0",
        "(block + 1) * H] = 0",
    ),
    (
        "control: the block beside is blind",
        "laboratory/trials",
        "block = gates_of(cell).index(gate)",
        "block = gates_of(cell).index(gate) - 1",
    ),
    (
        "control: the road is not cut",
        "laboratory/trials",
        "return backward_faults.cut(what)",
        "return cell",
    ),
    (
        "roads: the other one is cut",
        "backward_faults",
        "FAULTS[ROADS[road]]",
        'FAULTS[ROADS["hc"["ch".index(road)]]]',
    ),
    (
        "control: answers stay with their questions",
        "laboratory/trials",
        'shuffled(made) if how == "shuffled" else made',
        "made",
    ),
    (
        "control: answers shuffled over time",
        "laboratory/trials",
        "np.roll(batch.targets, 1, axis=-1)",
        "np.roll(batch.targets, 1, axis=0)",
    ),
    (
        "control: a frozen cell thaws",
        "train",
        "type(g)(*map(np.zeros_like, g)) if zero",
        "g if zero",
    ),
    (
        "train: the other part stands still",
        "train",
        "still = [part == frozen for part in PARTS]",
        "still = [frozen and part != frozen for part in PARTS]",
    ),
    (
        "control: windows counted from the start",
        "laboratory/trials",
        "for end in range(len(trace.x), 0, -steps):",
        "for end in range(steps, len(trace.x) + steps, steps):",
    ),
    (
        "control: a window hears what comes after it",
        "laboratory/trials",
        "dh[first:end], None if parts else dstate",
        "dh[first:end], cell.State(*(s[0] for s in parts[-1].states)) if parts else dstate",
    ),
    (
        "control: the random direction is new each time",
        "laboratory/trials",
        'rng if what == "gradient" else np.random.default_rng(seed)',
        "rng",
    ),
    (
        "control: an unclipped gradient is clipped",
        "laboratory/trials",
        'dict(max_norm=None) if how == "unclipped"',
        'dict(max_norm=1.0) if how == "unclipped"',
    ),
    (
        "control: mistakes counted from 0",
        "laboratory/trials",
        "[int(what) - 1]",
        "[int(what) % 8]",
    ),
    (
        "verdict: one rate is any",
        "laboratory/verdicts",
        "if rate in (None, one)",
        "if True",
    ),
    (
        "verdict: own columns turned where a low score is better",
        "laboratory/verdicts",
        'column == "score" and TASKS[task].lower',
        "TASKS[task].lower",
    ),
    (
        "verdict: past a number, the wrong way round",
        "laboratory/verdicts",
        "limit = -bound if lower else bound",
        "limit = bound",
    ),
    (
        "comparing: another limit than the one asked for",
        "laboratory/comparing",
        "limit = limit or max(",
        "limit = max(",
    ),
    (
        "laboratory: noise is a falling loss",
        "laboratory/trials",
        " and fallen > 2 * error",
        "",
    ),
    (
        "control: the frozen part is not said",
        "laboratory/trials",
        'dict(frozen=what) if how == "frozen"',
        'dict(frozen="cell") if how == "frozen"',
    ),
    (
        "verdict: own columns' numbers taken for words",
        "laboratory/verdicts",
        "return float(text)",
        "return text",
    ),
    (
        "verdict: any word is hello",
        "laboratory/verdicts",
        'v == "hello" if',
        "len(v) == 5 if",
    ),
    (
        "verdict: a ratio turned round",
        "laboratory/verdicts",
        "ratios = logs[0] - logs[1]",
        "ratios = logs[1] - logs[0]",
    ),
    (
        "verdict: the rate chosen by another column",
        "laboratory/verdicts",
        "best = tried[best_rate(scored, task)]",
        "best = tried[min(tried)]",
    ),
    (
        "comparing: most units are the fewest",
        "laboratory/comparing",
        'max if hidden_size == "most" else min',
        "min",
    ),
    (
        "mean: one degree of freedom too many",
        "intervals",
        "t_quantile(len(runs) - 1) * np.sqrt(runs.var(ddof=1)",
        "Z * np.sqrt(runs.var(ddof=1)",
    ),
    (
        "free_minlstm: its gates made to sum to 1",
        "relatives",
        "squashed(MinLSTMGates, params.W @ x_t + params.b, held)",
        "squashed(MinLSTMGates, params.W @ x_t + params.b, held)\n    i, f = i / (i + f), f / (i + f)",
    ),
    (
        "free_minlstm: f's gradient sees v",
        "relatives",
        "d.h * before.h * slope.f, d.h * i * slope.v)",
        "d.h * v * slope.f, d.h * i * slope.v)",
    ),
    (
        "signed_mingru: nothing is turned round",
        "relatives",
        "(1 - 2 * z) * state.h + z * v",
        "(1 - z) * state.h + z * v",
    ),
    (
        "signed_mingru: half of the slope",
        "relatives",
        "d.h * (v - 2 * before.h) * slope.z",
        "d.h * (v - before.h) * slope.z",
    ),
    (
        "two_mingru: the second layer reads the first one's past",
        "relatives",
        "mingru_decide(second, below, state,",
        "mingru_decide(second, state.below, state,",
    ),
    (
        "two_mingru: the first layer hears nothing of the second",
        "relatives",
        "d.below[:] += dx",
        "d.below[:] += 0 * dx",
    ),
    (
        "two_mingru: a gate held in the wrong layer",
        "relatives",
        "for name in TwoGates._fields[layer] if name in held",
        "for name in TwoGates._fields if name in held",
    ),
    (
        "control: a random gradient of any length",
        "laboratory/trials",
        "a * (norm(part) / norm(a))",
        "a",
    ),
    (
        "control: an unknown one is none",
        "laboratory/trials",
        "if how not in CONTROLS or not fits:",
        "if how in CONTROLS and not fits:",
    ),
    (
        "chrono: half of it is all of it",
        "laboratory/trials",
        'if half != "forget" and "input_bias"',
        'if "input_bias"',
    ),
    (
        "chrono: the input half takes the forget bias along",
        "laboratory/trials",
        'if half != "input":',
        "if True:",
    ),
    (
        "rates: the first of equals",
        "laboratory/comparing",
        "best[(len(best) - 1) // 2]",
        "best[0]",
    ),
    (
        "rates: chosen to more than two digits",
        "laboratory/comparing",
        "round(score if TASKS[task].lower else -score, 2)",
        "round(score if TASKS[task].lower else -score, 5)",
    ),
    (
        "rates: between equals fewer solved runs",
        "laboratory/comparing",
        ", 2), -int(solved)",
        ", 2), int(solved)",
    ),
    (
        "rates: the worst is the best",
        "laboratory/comparing",
        "round(score if TASKS[task].lower else -score, 2)",
        "round(-score if TASKS[task].lower else score, 2)",
    ),
    (
        "solved: an error counts when it is large",
        "laboratory/posed",
        "score < posed.solved if posed.lower else",
        "score > posed.solved if posed.lower else",
    ),
    (
        "verdict: the halves are not asked",
        "laboratory/verdicts",
        "half=half).number.value for half in (0, 1))",
        "half=half).number.value for half in ())",
    ),
    (
        "verdict: the interval is not asked",
        "intervals",
        "found = side(whole.high, whole.low)",
        "found = side(whole.value, whole.value)",
    ),
    (
        "verdict: the sentence of the other side",
        "laboratory/verdicts",
        "(between, above, below)[side]",
        "(between, below, above)[side]",
    ),
    (
        "verdict: both halves are the first",
        "laboratory/verdicts",
        "1: order[middle:]}[half]",
        "1: order[:middle]}[half]",
    ),
    (
        "verdict: a half chooses a rate of its own",
        "laboratory/verdicts",
        "order = sorted(best)",
        "best = max(tried.values(), key=lambda rows: rows[min(rows)].score)\n    order = sorted(best)",
    ),
    (
        "verdict: told from fewer seeds",
        "laboratory/verdicts",
        "if few < seeds:",
        "if few < 0:",
    ),
    (
        "verdict: told from fewer rates",
        "laboratory/verdicts",
        "if len(tried) < rates:",
        "if not tried:",
    ),
    (
        "verdict: as many is more",
        "laboratory/verdicts",
        "._replace(above=-0.3)",
        "",
    ),
    (
        "verdict: more steps are better",
        "laboratory/verdicts",
        'if column == "steps" or column',
        "if column",
    ),
    (
        "verdict: a run that overflowed is no run",
        "laboratory/verdicts",
        "return row.baseline if np.isnan(value) else value",
        "return 0.0 if np.isnan(value) else value",
    ),
    (
        "results by rate: validation runs as well",
        "laboratory/comparing",
        'if run[:5] == wanted and run.part == "test"]',
        "if run[:5] == wanted]",
    ),
    (
        "results by rate: of the shortest budget",
        "laboratory/comparing",
        "limit or max((run.limit",
        "limit or min((run.limit",
    ),
    (
        "records: a changed row is read",
        "laboratory/records",
        "if mark != told or run in seen:",
        "if run in seen:",
    ),
    (
        "records: a lost row is not missed",
        "laboratory/records",
        "','.join([before, *texts])",
        "','.join(texts)",
    ),
    (
        "weights: rows of another run",
        "laboratory/records",
        'or "free" for value in run[:8])',
        'or "free" for value in run[:6])',
    ),
    (
        "share: 1.64 for 1.96",
        "intervals",
        "Z = 1.959963984540054",
        "Z = 1.6448536269514722",
    ),
    (
        "share: the plain interval, which has no width at none",
        "intervals",
        "p * (1 - p) * more + more * more / 4",
        "p * (1 - p) * more",
    ),
    (
        "means: the variance of n, not n - 1",
        "intervals",
        "part.var(ddof=1)",
        "part.var()",
    ),
    (
        "means: 1.96 for Student's t",
        "intervals",
        "float(t_quantile(df) *",
        "float(Z *",
    ),
    (
        "means: degrees of freedom of equal variances",
        "intervals",
        "df = sum(of_mean) ** 2 / sum(v * v / (len(part) - 1) for v, part in pairs)",
        "df = sum(len(part) - 1 for _, part in pairs)",
    ),
    (
        "two shares: the outer edges swapped",
        "intervals",
        "a.value - a.low, b.high - b.value",
        "a.high - a.value, b.value - b.low",
    ),
    ("LSTM: a trace keeps the caller's x", "lstm", "    x = columns[:T, :D]", "    x.shape"),
    ("GRU: a trace keeps the caller's x", "gru", "    x = columns[:T, :D]", "    x.shape"),
    ("RNN: a trace keeps the caller's x", "rnn", "    x = columns[:T, :D]", "    x.shape"),
    ("relatives: a trace keeps the caller's x", "relatives", "x = x.copy()", "x = x"),
    ("a trace keeps what the caller holds", "checks", "value, dtype).copy()", "value, dtype)"),
    ("a mask is lost at the door", "checks", "if more := says_more(value)", "if more := None"),
    (
        "a mask is lost within a list",
        "checks",
        "return next(filter(None, map(says_more, value)), None)",
        "return None",
    ),
    ("a unit is lost at the door", "checks", "type(value) not in PLAIN", "hasattr(value, 'mask')"),
    (
        "another cell's parameters are taken",
        "checks",
        'hasattr(value, "_fields") and not of_kind(value, kind)',
        "not value",
    ),
    ("another cell's trace is taken", "checks", "    own_trace(trace, kind)\n    T", "    T"),
    ("relatives share a kind of trace", "relatives", 'named(f"{name}.Trace", Trace)', "Trace"),
    (
        "relatives share a kind of parameters",
        "relatives",
        'Params or named(f"{name}.Params", rnn.Params)',
        "Params or rnn.Params",
    ),
    ("a trace of another dtype is taken", "checks", "if part.dtype != dtype:", "if False:"),
    ("a trace with gates of one unit is taken", "checks", "in trace.gates or ()]", "in ()]"),
    (
        "σ by tanh, whose digits near 0 are lost",
        "activations",
        "return 1 / (1 + np.exp(-a))",
        "return 0.5 + 0.5 * np.tanh(0.5 * a)",
    ),
    (
        "σ is 0 where e^-a is too large",
        "activations",
        "return np.exp(np.minimum(a, 0)) / (1 + np.exp(-np.abs(a)))",
        "return np.where(a < 0, 0 * a, 1 / (1 + np.exp(-np.abs(a))))",
    ),
    (
        "LSTM: the run's gates lose their last digits",
        "lstm",
        "np.reciprocal(ifo, out=ifo)",
        "np.subtract(1, 1 - 1 / ifo, out=ifo)",
    ),
    (
        "GRU: the run's gates lose their last digits",
        "gru",
        "np.reciprocal(rz, out=rz)",
        "np.subtract(1, 1 - 1 / rz, out=rz)",
    ),
    ("a gradient's square overflows", "optim", "_, power = math.frexp(largest)", "power = 0"),
    ("a length is not scaled back", "optim", "np.ldexp(length, power))", "length)"),
    (
        "clipping makes zeros of what is too long",
        "optim",
        "np.ldexp(g, -power) * (max_norm / length)",
        "g * (max_norm / norm)",
    ),
    (
        "clipping hands back the caller's arrays",
        "optim",
        "each(np.copy, grads), norm",
        "grads, norm",
    ),
    ("Adam: squares in float32", "optim", "g.astype(np.float64)", "g"),
    (
        "Adam: stands still after an infinite square",
        "optim",
        "if not all(np.isfinite(part).all() for part in leaves(v)):",
        "if False:",
    ),
    ("Adam: an eps of 0", "optim", "low=1e-150", "low=0"),
    ("sgd: float32 becomes float64", "optim", "(p - rate * g).astype(p.dtype)", "p - rate * g"),
    (
        "outputs are judged where the mask is off",
        "losses",
        "np.where(mask[:, None], y, 0)",
        "y",
    ),
    (
        "values are judged where the mask is off",
        "losses",
        "targets = np.where(mask[:, None, :], targets, 0)",
        "pass",
    ),
    ("an infinite loss is handed on", "losses", "if not np.isfinite(value):", "if False:"),
    (
        "squared error: squares in float32",
        "losses",
        "np.square(dy, dtype=np.float64)",
        "np.square(dy)",
    ),
    ("read-out: zeros for whole numbers", "readout", "dtype = checks.float_type(dtype)", "pass"),
    (
        "a baseline takes 0 and 1 for places",
        "tasks",
        "mask, _ = checks.counted(",
        "mask, _ = batch.mask, (",
    ),
    (
        "accuracy takes 0 and 1 for places",
        "train",
        "mask, _ = checks.counted(",
        "mask, _ = batch.mask, (",
    ),
    (
        "spelling at almost no temperature overflows",
        "train",
        "np.maximum((y - y.max()) / temperature, -1e4)",
        "y / temperature",
    ),
    ("last: one step early", "train", "[lengths, :, columns]", "[lengths - 1, :, columns]"),
    (
        "last: where the batch ends",
        "train",
        "[lengths, :, columns]",
        "[0 * lengths - 1, :, columns]",
    ),
    (
        "last: lengths beyond the run",
        "train",
        "lengths.min() < 0 or lengths.max() > T",
        "lengths.min() < 0",
    ),
    (
        "last: the way back forgets what else the loss saw",
        "train",
        "cut(trace, 0, n, some), dh[:n, :, some]",
        "cut(trace, 0, n, some), 0 * dh[:n, :, some]",
    ),
    (
        "last: the way back counts one length",
        "train",
        "total += part\n        whole.x",
        "total[:] = part\n        whole.x",
    ),
    (
        "last: the way back forgets what was held",
        "train",
        'parts["held"] =',
        'parts["held"] = {} and',
    ),
    (
        "carry: every batch from the start",
        "train",
        "handed_over(now, batch, state, ended, carry)",
        "state",
    ),
    ("carry: nothing begins anew", "train", "np.where(goes_on, *pair)", "pair[0]"),
    (
        "carry: what begins, begins at zeros",
        "train",
        'checks.state("state", state, model.cell.State, (H',
        'checks.state("state", None, model.cell.State, (H',
    ),
    ("carry: the state before the last step", "train", "part[-1].copy()", "part[-2].copy()"),
    ("carry: sequences change their number", "train", "if before != B:", "if False:"),
    (
        "slopes from zeros",
        "train",
        "own_batch(batch).x, state, hold), batch",
        "own_batch(batch).x, None, hold), batch",
    ),
    (
        "states in pieces: what is held does not move on",
        "train",
        "{gate: value[now] for",
        "{gate: value[:chunk] for",
    ),
    ("a pickled model has no cell", "train", "cell = cell.__name__\n", "cell = None\n"),
    ("a model without a name is pickled", "train", "is not self.cell:", "is None and False:"),
    (
        "a relative is pickled by its parts",
        "relatives",
        "def __reduce__(self)",
        "def reduced(self)",
    ),
    ("a saved file may hold code", "train", "allow_pickle=False", "allow_pickle=True"),
    (
        "a saved model of another cell is loaded",
        "train",
        "known is None or known.__name__ != name",
        "known is None",
    ),
    (
        "a saved model is not looked at",
        "train",
        "    checked_model(model)\n    return model",
        "    return model",
    ),
    (
        "a class that does not exist is wrong and no mistake",
        "checks",
        "if targets.min() < 0 or targets.max() >= V:",
        "if False:",
    ),
    ("a gradient of NaN is compared", "gradients", 'checks.finite("analytic", ', "("),
    (
        "last: a mask is lost",
        "train",
        '[checks.shaped("states", part, shape) for',
        "[np.asarray(part) for",
    ),
    ("last: the way back asks no params", "train", "    cell.zero_state(params, B)", "    pass"),
    (
        "what underflows stops an optimizer",
        "optim",
        'errstate(under="ignore"):  # what',
        "errstate():  #",
    ),
    (
        "reset_after: W is not looked at first",
        "relatives",
        'W = checks.shaped("params.W", W, ("rows", "columns"))\n    W, _',
        "W, _",
    ),
    ("a list of arrays is one array", "optim", 'getattr(a, "ndim", 0)', "False"),
    (
        "a mask in a list is lost",
        "checks",
        "next(filter(None, map(says_more, value)), None)",
        "None",
    ),
    (
        "ONNX: activations of two directions for one",
        "frameworks/onnx",
        "if len(given) != two * len(wanted):",
        "if False:",
    ),
    (
        "Equinox: use_bias is not asked",
        "frameworks/equinox",
        'if flat.get(prefix + "use_bias", b is not None) != (b is not None):',
        "if False:",
    ),
    ("a cell is saved under another's name", "train", "not in (None, model.cell):", "is False:"),
    (
        "a damaged file is another error",
        "train",
        "KeyError, RuntimeError, TypeError",
        "KeyError, TypeError",
    ),
    (
        "batches that run out end in silence",
        "train",
        "except StopIteration:",
        "except GeneratorExit:",
    ),
    (
        "trial: one network for all seeds",
        "laboratory/trials",
        "TASKS[task], np.random.default_rng([seed, 0])",
        "TASKS[task], np.random.default_rng([0, 0])",
    ),
    (
        "trial: the same random gradients for all seeds",
        "laboratory/trials",
        "what, how, np.random.default_rng([seed, 3])",
        "what, how, np.random.default_rng([0, 3])",
    ),
    (
        "trial: NumPy's global stream is seeded",
        "laboratory/trials",
        "    learner = learning(cell, what",
        "    np.random.seed(seed)\n    learner = learning(cell, what",
    ),
    (
        "records: a half-written line is read",
        "laboratory/records",
        'text[: text.rfind("\\n") + 1]',
        "text",
    ),
    ("judge: a loop that ends is called endless", "judge/judging", "2_000_000", "200"),
    (
        "judge: the reader's arguments are no copies",
        "judge/judging",
        "deepcopy(arguments)",
        "arguments",
    ),
    (
        "judge: shapes are not compared",
        "judge/judging",
        "one.shape == other.shape and np.allclose",
        "np.allclose",
    ),
    (
        "judge: of parts the last one is not looked at",
        "judge/judging",
        "zip(right._fields, parts, right, strict=True)",
        "zip(right._fields[:-1], parts, right)",
    ),
    (
        "judge: one mistake does not explain all parts",
        "judge/judging",
        "faults = {words: sum(faults.values(), [])}",
        "pass",
    ),
    (
        "judge: a part that is right is called a mistake's",
        "judge/judging",
        "if not agree(wrong, own)}",
        "}",
    ),
    (
        "judge: a missing part is not counted",
        "judge/judging",
        "if len(parts) != len(right):",
        "if len(parts) > len(right):",
    ),
    (
        "judge, LSTM: δi and δf exchanged is taken for another mistake",
        "judge/lstm",
        "i=whole * c_prev, f=whole * g",
        "i=whole * c, f=whole * g",
    ),
    (
        "judge, GRU: z keeps",
        "judge/gru",
        "return (1 - z) * h + z * n",
        "return z * h + (1 - z) * n",
    ),
    (
        "judge, GRU: r after the product, by another formula",
        "judge/gru",
        "np.tanh(of_x + r * of_h + b_n)",
        "np.tanh(r * of_x + of_h + b_n)",
    ),
    (
        "judge, GRU: the candidate reads z ⊙ h, by another formula",
        "judge/gru",
        "seen=lambda r, z: [x, z * h]",
        "seen=lambda r, z: [x, (1 - z) * h]",
    ),
    (
        "judge, GRU: the rows of W alone in another order",
        "judge/gru",
        "b_of = dict(zip(order,",
        'b_of = dict(zip("rzn",',
    ),
    (
        "judge, GRU: what is right goes back with z",
        "judge/gru",
        "dh * (1 - z) if kept",
        "dh * z if kept",
    ),
    (
        "judge, GRU: δz without its minus, by another formula",
        "judge/gru",
        "other(z=dh * (n + h))",
        "other(z=dh * (1 + h))",
    ),
    (
        "judge, GRU: W_n has met h_prev, by another formula",
        "judge/gru",
        "dW=met(of_n, da_n @ h.T)",
        "dW=met(of_n, da_n @ (z * h).T)",
    ),
    ("judge, GRU: δs without W_nᵀ is δn", "judge/gru", "other(s=da_n)", "other(s=dh * z)"),
    (
        "judge, GRU: reset after the product, dW as before",
        "judge/gru",
        "reset_after.dW[of_n, D:] = (da_n * r) @ h.T",
        "pass",
    ),
    (
        "judge, GRU: the rows of dW keep their order",
        "judge/gru",
        "Back(right.dW[at], right.db[at]",
        "Back(right.dW, right.db[at]",
    ),
    (
        "judge, GRU: the road through n is all of δs",
        "judge/gru",
        "unheard(ds * r)",
        "unheard(ds)",
    ),
    (
        "judge, GRU: a column that is turned round leaves dW as it is",
        "judge/gru",
        "W_x=W_lower, W_h=W_upper, turn=-1",
        "W_x=W_lower, W_h=W_upper",
    ),
    (
        "a comparison: the reader's seeds are judged twice",
        "judge/comparison",
        "tuple(range(10, 20))",
        "tuple(range(10))",
    ),
    (
        "a comparison: the halves are not asked",
        "judge/comparison",
        "told_apart(number, of_halves)",
        "told_apart(number, ())",
    ),
    ("told apart: the parts are not asked", "intervals", "found and all(", "found and any("),
    (
        "a comparison: better and worse exchanged",
        "judge/comparison",
        '{1: "better", -1: "worse"',
        '{-1: "better", 1: "worse"',
    ),
    (
        "a comparison: a seed that is not handed on passes",
        "judge/comparison",
        "len(set(scores)) == 1 and scores[0] not in (0, 1)",
        "not scores",
    ),
    (
        "a verdict without its number",
        "laboratory/verdicts",
        'whole.counts}", whole.number)',
        'whole.counts}", None)',
    ),
]


def main():
    caught = 0
    for (what, name, *_), fate in tried(MUTANTS, planted, passes, os.cpu_count()):
        caught += fate == "caught"
        print(f"{fate:9} {name:12} {what}", flush=True)
    print(f"{caught} of {len(MUTANTS)} mistakes caught")
    return caught != len(MUTANTS)


def planted(folder, what, name, right, wrong):
    """The fate of one mistake."""
    if not plant(folder, f"{name}.py", right, wrong):
        return "NOT FOUND"
    own = OWN.get(name.partition("/")[0], TESTS[:1])
    others = [test for test in TESTS if test not in own]
    return "SURVIVED" if passes(folder, own) and passes(folder, others) else "caught"


# What all tables of mistakes are tried with.


def tried(rows, planted, all_right, at_once=2):
    """(row, what became of it) for each row, in their order; every one has a copy of its own, planted(folder, *row).

    First the tests have to pass where nothing is planted: all_right(folder).
    """
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(at_once) as pool:
        if not all_right(copy(Path(folder) / "clean")):
            sys.exit("The tests fail before a mistake is planted: mend that first.")

        def fate(number, row):
            own = copy(Path(folder) / str(number))
            try:
                return planted(own, *row)
            finally:
                shutil.rmtree(own)

        yield from zip(rows, pool.map(fate, range(len(rows)), rows), strict=True)


def plant(folder, name, right, wrong, times=1):
    """Put a mistake into a file of lib, so many times at most; was there a place for it?"""
    file = folder / "lib" / name
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace(right, wrong, times), encoding="utf-8")
    return right in text


def copy(folder):
    """The library, its tests and what they import in `folder`."""
    for part in IMPORTED:
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def passes(folder, names=TESTS, *options):
    """Whether these tests pass on the copy in `folder`."""
    tests = [*options, *(f"tests/{name}.py" for name in names)]
    path = os.pathsep.join(map(str, (folder, folder / "experiments", folder / "benchmarks")))
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-qx", "-p", "no:cacheprovider", "--rootdir", ".", *tests],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
    )
    if run.returncode not in (0, 1):
        sys.stdout.buffer.write(run.stdout[-2000:] + run.stderr[-2000:])
        raise RuntimeError("the tests could not be run")
    return run.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
