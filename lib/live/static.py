"""The picture of every explorer at its starting values: what is seen in print, without JavaScript, on GitHub."""

import matplotlib.pyplot as plt
import numpy as np

from lib import lstm, plots, rnn
from lib.activations import sigmoid


def picture(kind, values):
    """PNG bytes of the explorer's figure at these values; the same bytes each time."""
    figure = DRAW[kind](**values)
    try:
        return plots.png(figure)
    finally:
        plt.close(figure)


def fading_memory(w, gap, pulse):
    h, slope = rnn_pulse(w, pulse, 40)
    figure, axes = plots.panels(1, 2, height=2.7)
    for ax, title in zip(axes, ["linear", "logarithmic"], strict=True):
        ax.plot(slope, color=plots.COLORS["neutral"], ls="--", label="gradient")
        plots.draw(ax, "h", np.arange(41), h, "state")
        ax.plot(gap, slope[gap], "o", color=plots.COLORS["neutral"])
        ax.plot(gap, h[gap], "o", color=plots.COLORS["h"])
        ax.axvline(gap, color=plots.COLORS["neutral"], lw=1, ls=":")
        ax.set(title=title, xlabel="step t", xlim=(0, 40))
        ax.legend()
    axes[0].set(ylim=(0, 1.5), ylabel="state, gradient")
    axes[1].set(yscale="log", ylim=(1e-12, 1e4))
    return figure


def lstm_step(**values):
    return plots.wiring("lstm", values)


def half_life(b_f):
    f, biases = sigmoid(np.array(b_f)), np.linspace(-3, 8, 100)
    half = np.log(0.5) / np.log(f)
    steps, c = np.linspace(0, 50, 101), plots.COLORS["c"]
    figure, (left, right) = plots.panels(1, 2, height=2.7)
    left.plot(steps, f**steps, color=c)
    left.plot([0, half, half], [0.5, 0.5, 0], color=plots.COLORS["neutral"], lw=1, ls="--")
    left.plot(half, 0.5, "o", color=c)
    left.set(title="what is left of the memory, $c$", xlabel="step t", xlim=(0, 50), ylim=(0, 1.02))
    right.plot(biases, np.log(0.5) / np.log(sigmoid(biases)), color=c)
    right.plot(b_f, half, "o", color=c)
    right.annotate(f"{half:.1f} steps", (b_f, half), (8, -12), textcoords="offset points", color=c)
    right.set(title="half-life in steps", xlabel="forget bias $b_f$", yscale="log", xlim=(-3, 8))
    return figure


def weights_to_gates(x, h, **weights):
    a = np.linspace(-6, 6, 121)
    figure, (left, right) = plots.panels(1, 2, height=2.7)
    left.plot(a, sigmoid(a), color=plots.COLORS["neutral"])
    right.plot(a, np.tanh(a), color=plots.COLORS["neutral"])
    for gate, ax, squash in [
        ("i", left, sigmoid),
        ("f", left, sigmoid),
        ("o", left, sigmoid),
        ("g", right, np.tanh),
    ]:
        at = np.array(weights[f"w_{gate}x"] * x + weights[f"w_{gate}h"] * h)
        value, color = squash(at), plots.COLORS[gate]
        ax.plot(at, value, "o", color=color)
        ax.annotate(
            f"${gate}$ = {plots.signed(value)}",
            (at, value),
            (7, -12),
            textcoords="offset points",
            color=color,
        )
    left.set(title="σ squashes to 0 … 1", xlabel="pre-activation a", xlim=(-6, 6))
    right.set(title="tanh squashes to −1 … 1", xlabel="pre-activation a", xlim=(-6, 6))
    return figure


def gradient_highway(f, w, gap):
    direct, whole = lstm_unit(f, w, 100)
    _, through_rnn = rnn_pulse(w, 1.0, 100)
    figure, ax = plots.panels(height=3)
    steps = np.arange(101)
    ax.set(
        xlim=(0, 100),
        ylim=(1e-15, 1e4),
        yscale="log",
        xlabel="gap in steps",
        ylabel="size of the gradient",
    )
    plots.draw(ax, "h", steps, np.abs(through_rnn), "RNN")
    plots.draw(ax, "c", steps, np.abs(whole), "LSTM, every path", ls="--")
    plots.draw(ax, "f", steps, direct, "LSTM, direct path")
    ax.axvline(gap, color=plots.COLORS["neutral"], lw=1, ls=":")
    ax.legend()
    return figure


def gru_step(**values):
    return plots.wiring("gru", values)


def rnn_pulse(w, pulse, steps):
    """A scalar RNN left to itself after a pulse: h_0 … h_T, and dh_t/dh_0."""
    params = rnn.Params(np.array([[0.0, w]]), np.zeros((1, 1)))
    start = rnn.State(np.tanh([[pulse]]))
    h = rnn.forward(params, np.zeros((steps, 1, 1)), start).states.h[:, 0, 0]
    return h, np.concatenate([[1.0], np.cumprod(w * (1 - h[1:] ** 2))])


def lstm_unit(f, w, steps):
    """A one-unit LSTM left to itself: the product of its forget gates, and dc_t/dc_0 by every path."""
    bias = np.log(f / (1 - f)) if f < 1 else 50.0
    params = lstm.Params(np.array([[0.0, w]] * 4), np.array([[0.0], [bias], [0.0], [0.0]]))
    start = lstm.State(np.ones((1, 1)), np.tanh(np.ones((1, 1))))
    last = lstm.State(np.ones((1, 1)), np.zeros((1, 1)))  # the loss is c_t itself
    whole = [1.0]
    for t in range(1, steps + 1):
        trace = lstm.forward(params, np.zeros((t, 1, 1)), start)
        back = lstm.backward(params, trace, np.zeros((t, 1, 1)), last)
        whole.append(back.states.c[0, 0, 0])
    direct = np.concatenate([[1.0], np.cumprod(trace.gates.f[:, 0, 0])])
    return direct, np.array(whole)


DRAW = {
    "fading_memory": fading_memory,
    "gradient_highway": gradient_highway,
    "gru_step": gru_step,
    "half_life": half_life,
    "lstm_step": lstm_step,
    "weights_to_gates": weights_to_gates,
}
