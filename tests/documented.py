"""One step of each framework's cells, written from its own documentation, in its own letters.

Rows are sequences, as everywhere outside this book: x is (B, D), h and c are (B, H). The weights are
what the framework holds, and none of this knows `lib`: a converter that moves a block to the wrong
place computes something else.
"""

import numpy as np


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def relu(a):
    return np.maximum(a, 0)


def pytorch(kind, w, x, h, c):
    """nn.RNN, nn.LSTM and nn.GRU: W_ih x + b_ih + W_hh h + b_hh; i, f, g, o; r, z, n."""
    gi = x @ w["weight_ih_l0"].T + w["bias_ih_l0"]
    gh = h @ w["weight_hh_l0"].T + w["bias_hh_l0"]
    if kind in ("rnn", "relu_rnn"):
        return (np.tanh if kind == "rnn" else relu)(gi + gh), None
    if kind == "lstm":
        return ifgo(gi + gh, c)
    return rzn(gi, gh, h), None


def ifgo(a, c):
    i, f, g, o = np.split(a, 4, axis=1)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def rzn(gi, gh, h):
    """h' = (1 - z) n + z h, n = tanh(W_in x + b_in + r (W_hn h + b_hn))."""
    i_r, i_z, i_n = np.split(gi, 3, axis=1)
    h_r, h_z, h_n = np.split(gh, 3, axis=1)
    r, z = sigmoid(i_r + h_r), sigmoid(i_z + h_z)
    return (1 - z) * np.tanh(i_n + r * h_n) + z * h


def keras(kind, w, x, h, c):
    """SimpleRNN, LSTM (i, f, c, o) and GRU (z, r, h); with reset_after a bias for each product."""
    kernel, recurrent, bias = w
    if kind in ("rnn", "relu_rnn"):
        return (np.tanh if kind == "rnn" else relu)(x @ kernel + h @ recurrent + bias), None
    if kind == "lstm":
        return ifgo(x @ kernel + h @ recurrent + bias, c)
    if kind == "reset_after":
        x_z, x_r, x_h = np.split(x @ kernel + bias[0], 3, axis=1)
        r_z, r_r, r_h = np.split(h @ recurrent + bias[1], 3, axis=1)
        z, r = sigmoid(x_z + r_z), sigmoid(x_r + r_r)
        hh = np.tanh(x_h + r * r_h)
    else:
        x_z, x_r, x_h = np.split(x @ kernel + bias, 3, axis=1)
        of_z, of_r, of_h = np.split(recurrent, 3, axis=1)
        z, r = sigmoid(x_z + h @ of_z), sigmoid(x_r + h @ of_r)
        hh = np.tanh(x_h + (r * h) @ of_h)
    return z * h + (1 - z) * hh, None


def onnx(kind, w, x, h, c):
    """RNN, LSTM (i, o, f, c, with P[i, o, f]) and GRU (z, r, h), as the operators' equations say."""
    W, R, B = w["W"][0], w["R"][0], w["B"][0]
    Wb, Rb = np.split(B, 2)
    if kind in ("rnn", "relu_rnn"):
        f = relu if w.get("activations") == ["Relu"] else np.tanh
        return f(x @ W.T + h @ R.T + Wb + Rb), None
    if kind in ("lstm", "peephole"):
        P = w["P"][0] if "P" in w else np.zeros(3 * h.shape[1])
        Pi, Po, Pf = np.split(P, 3)
        i, o, f, g = np.split(x @ W.T + h @ R.T + Wb + Rb, 4, axis=1)
        i, f = sigmoid(i + Pi * c), sigmoid(f + Pf * c)
        c = f * c + i * np.tanh(g)
        return sigmoid(o + Po * c) * np.tanh(c), c
    Wz, Wr, Wh = np.split(W, 3)
    Rz, Rr, Rh = np.split(R, 3)
    Wbz, Wbr, Wbh = np.split(Wb, 3)
    Rbz, Rbr, Rbh = np.split(Rb, 3)
    z = sigmoid(x @ Wz.T + h @ Rz.T + Wbz + Rbz)
    r = sigmoid(x @ Wr.T + h @ Rr.T + Wbr + Rbr)
    if w["linear_before_reset"]:
        hh = np.tanh(x @ Wh.T + r * (h @ Rh.T + Rbh) + Wbh)
    else:
        hh = np.tanh(x @ Wh.T + (r * h) @ Rh.T + Rbh + Wbh)
    return (1 - z) * hh + z * h, None


def flax(kind, w, x, h, c):
    """flax.linen: SimpleCell, OptimizedLSTMCell and GRUCell, a Dense for each gate and side."""

    def dense(name, value):
        return value @ w[f"{name}/kernel"] + w.get(f"{name}/bias", 0)

    if kind in ("rnn", "relu_rnn"):
        return (np.tanh if kind == "rnn" else relu)(dense("i", x) + dense("h", h)), None
    if kind == "lstm":
        i, f, o = (sigmoid(dense("i" + gate, x) + dense("h" + gate, h)) for gate in "ifo")
        c = f * c + i * np.tanh(dense("ig", x) + dense("hg", h))
        return o * np.tanh(c), c
    r, z = (sigmoid(dense("i" + gate, x) + dense("h" + gate, h)) for gate in "rz")
    n = np.tanh(dense("in", x) + r * dense("hn", h))
    return (1 - z) * n + z * h, None


def nnx(kind, w, x, h, c):
    """flax.nnx: SimpleCell, OptimizedLSTMCell (i, f, g, o) and GRUCell (r, z, n), one bias."""
    x_a = x @ w["dense_i/kernel"] + w.get("dense_i/bias", 0)
    h_a = h @ w["dense_h/kernel"] + w.get("dense_h/bias", 0)
    if kind in ("rnn", "relu_rnn"):
        return (np.tanh if kind == "rnn" else relu)(x_a + h_a), None
    return ifgo(x_a + h_a, c) if kind == "lstm" else (rzn(x_a, h_a, h), None)


def equinox(kind, w, x, h, c):
    """nn.LSTMCell (i, f, g, o) and nn.GRUCell (r, z, n): bias with x, bias_n with the product."""
    if kind == "lstm":
        return ifgo(x @ w["weight_ih"].T + h @ w["weight_hh"].T + w["bias"], c)
    bias_h = np.concatenate([np.zeros(2 * h.shape[1]), w["bias_n"]])
    return rzn(x @ w["weight_ih"].T + w["bias"], h @ w["weight_hh"].T + bias_h, h), None


STEP = {"pytorch": pytorch, "keras": keras, "onnx": onnx, "onnxruntime": onnx}
STEP |= {"flax": flax, "nnx": nnx, "equinox": equinox}


def run(framework, kind, weights, x):
    """h (T, H, B) of x (T, D, B) from zeros, H as the recurrent weights have it."""
    H = hidden_size(framework, weights)
    h, c, hs = np.zeros((x.shape[2], H)), np.zeros((x.shape[2], H)), []
    for x_t in x:
        h, c = STEP[framework](kind, weights, x_t.T, h, c)
        hs.append(h.T)
    return np.array(hs)


def hidden_size(framework, weights):
    """H, from the smaller side of the recurrent weights."""
    if framework == "keras":
        return len(weights[1])
    names = {"pytorch": "weight_hh_l0", "equinox": "weight_hh", "nnx": "dense_h/kernel"}
    if framework == "flax":
        return next(len(weights[name]) for name in weights if name[0] == "h")
    return min(weights[names.get(framework, "R")].shape[-2:])
