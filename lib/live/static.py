"""The picture of every explorer at its starting values: what is seen in print, without JavaScript, on GitHub."""

import json
from functools import partial

import numpy as np

from lib import plots, tasks, train
from lib.activations import sigmoid
from lib.live import runs
from lib.live.runs import (
    hello_hold,
    hello_model,
    hello_spelled,
    lstm_unit,
    rnn_pulse,
    scheduled,
)
from lib.losses import softmax


def pictures(kind, values, data=None):
    """The explorer's figure at these values, with its data, as `plots.pictures` gives it; the same bytes each time."""
    return plots.pictures(partial(DRAW[kind], **values, **({"data": data} if data else {})))


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


def orbit(radius, angle, strength):
    h, left_over = runs.orbit(radius, angle, strength)
    steps, grey = np.arange(len(h)), plots.COLORS["neutral"]
    figure, (plane, gradient) = plots.panels(1, 2, height=3.6, narrow=6.2)
    plane.plot(*h.T, color=grey, lw=0.8)
    plane.plot(*h.T, "o", color=plots.COLORS["h"], ms=2.5)
    for t, face in [(0, "white"), (len(h) - 1, plots.COLORS["h"])]:
        plane.plot(*h[t], "o", color=plots.COLORS["h"], ms=7, mfc=face)
        words = dict(textcoords="offset points", color=plots.COLORS["h"])
        plane.annotate(f"$h_{{{t}}}$", h[t], (5, 6), **words)
    plane.set(title="orbit", xlabel="hidden unit 1", ylabel="hidden unit 2")
    plane.set(xlim=(-1, 1), ylim=(-1, 1), aspect="equal", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    gradient.plot(steps, radius**steps, color=grey, ls="--", label="at rest")
    plots.draw(gradient, "h", steps, left_over, "in motion")
    gradient.set(title="what is left of the gradient", xlabel="step t", yscale="log")
    gradient.set(xlim=(0, 60), ylim=(1e-6, 1e6))
    gradient.legend()
    return figure


def lstm_step(**values):
    return plots.wiring("lstm", values)


def step_back(back, data, **gates):
    """All numbers, forward and back, wherever the walk stands."""
    return plots.wiring("step_back", {**gates, **runs.step_back(**gates)})


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
    for task in json.loads((plots.DIAGRAMS / "tasks.json").read_text(encoding="utf-8")):
        gate, side = 0.5 ** (1 / task["steps"]), task["side"]  # half is left at the end of the gap
        at, grey = (np.log(gate / (1 - gate)), task["steps"]), plots.COLORS["neutral"]
        right.plot(*at, "o", color=grey, ms=4)
        words = dict(ha="left" if side > 0 else "right", color=grey, size=8.5)
        right.annotate(task["name"], at, (6 * side, -6 * side), textcoords="offset points", **words)
    right.plot(b_f, half, "o", color=c)
    words = dict(textcoords="offset points", color=c, ha="right")
    right.annotate(f"{half:.1f} steps", (b_f, half), (-8, 6), **words)
    right.set(title="half-life in steps", xlabel="forget bias $b_f$", yscale="log", xlim=(-3, 8))
    return figure


def weights_to_gates(x, h, **weights):
    figure, axes = plots.panels(1, 2, height=2.7)
    titles = ["σ squashes to 0 … 1", "tanh squashes to −1 … 1"]
    for ax, title, gates, squash, low in zip(
        axes, titles, ["ifo", "g"], [sigmoid, np.tanh], [0, -1], strict=True
    ):
        a, room = np.linspace(-6, 6, 121), 0.05 * (1 - low)
        ax.plot(a, squash(a), color=plots.COLORS["neutral"])
        into = {
            gate: weights[f"w_{gate}x"] * x + weights[f"w_{gate}h"] * h + weights[f"b_{gate}"]
            for gate in gates
        }
        _points(ax, into, squash, 2 * room)
        ax.set(title=title, xlabel="pre-activation a")
        ax.set(xlim=(-6, 6), ylim=(low - room, 1 + room))
    return figure


def _points(ax, into, squash, line):
    """A dot for each gate on a rising curve, and its value, `line` high, where the curve is not: at the left above it,
    at the right below. A gate beyond the axis stands at its end, with an arrow.
    """
    for side in (-1, 1):
        value = {gate: squash(np.array(a)) for gate, a in into.items() if (a >= 0) == (side > 0)}
        taken = -np.inf
        for gate in sorted(value, key=lambda gate: -side * into[gate]):
            at, color = np.clip(into[gate], -6, 6), plots.COLORS[gate]
            words, beyond = f"${gate}$ = {plots.signed(value[gate])}", at != into[gate]
            if beyond:
                words = f"{words} →" if side > 0 else f"← {words}"
            taken = max((1.3 if beyond else 0.9) * line - side * value[gate], taken + line)
            room = (
                side * at < 3
            )  # for the words between the dot and the border; else they end there
            place = side * (side * at + 0.4 if room else 5.8), -side * taken
            style = dict(ha="left" if room == (side > 0) else "right", va="center", color=color)
            ax.plot(at, value[gate], "o", color=color, clip_on=False)
            ax.annotate(words, (at, value[gate]), place, **style)


def gradient_highway(f, w, gap):
    direct, whole = lstm_unit(f, w, 100)
    figure, ax = plots.panels(height=3)
    steps = np.arange(101)
    ax.set(
        xlim=(0, 100),
        ylim=(1e-8, 100),
        yscale="log",
        xlabel="gap in steps",
        ylabel="size of the gradient",
    )
    plots.draw(ax, "c", steps, np.abs(whole), "whole")
    plots.draw(ax, "f", steps, direct, "additive road", ls="--")
    ax.axvline(gap, ymax=0.8, color=plots.COLORS["neutral"], lw=1, ls=":")
    ax.legend(loc="upper right")
    return figure


def gru_step(**values):
    return plots.coupled_wiring(**values)


def write_keep_read(write, read, **levels):
    trace = scheduled(write, read, **levels)
    steps = np.arange(1, len(trace.gates.f) + 1)
    figure, (left, right) = plots.panels(1, 2, height=3)
    for base, gate in enumerate("gfio"):
        values = getattr(trace.gates, gate)[:, 0, 0]
        low = 0.55 + 1.2 * base if base else 0
        left.bar(steps, values, bottom=low, width=1, color=plots.COLORS[gate], alpha=0.6)
    left.annotate("bit", (5, 1), (0, 2), textcoords="offset points", ha="center", size=9)
    left.set(title="what arrives, and the gates", xlabel="step t", ylim=(-1.1, 5.2))
    left.set_yticks([0, 1.75, 2.95, 4.15], ["$g$", "$f$", "$i$", "$o$"])
    left.grid(False)
    for name in "ch":
        values = getattr(trace.states, name)[:, 0, 0]
        style = {"c": "-", "h": "--"}[name]
        plots.draw(right, name, np.arange(len(values)), values, f"${name}$", ls=style)
        right.plot(read, values[read], "o", color=plots.COLORS[name])
    for step, gate in [(write, "i"), (read, "o")]:
        right.axvline(step, color=plots.COLORS[gate], lw=1, ls=":")
    right.set(title="what the unit holds and shows", xlabel="step t", ylim=(-2, 2))
    right.legend()
    return figure


def budget(D, H):
    cells, room = {"RNN": "h", "GRU": "rzn", "LSTM": "ifog"}, 2.2 * max(D + H, H)
    figure, ax = plots.panels(height=2.8, narrow=2)
    for (name, gates), x in zip(cells.items(), room * np.arange(3), strict=True):
        for k, gate in enumerate(gates):
            for left, width, shade in [(0, D, 0.45), (D, H, 0.85)]:
                _block(ax, (x + left, k * H), (width, H), plots.COLORS[gate], shade)
            if name != "RNN":
                ax.text(x + D + H / 2, (k + 0.5) * H, f"${gate}$", color="white", **plots.MIDDLE)
        for k, state in enumerate("ch" if name == "LSTM" else "h"):
            at = (x + D + H + (0.12 + 0.2 * k) * H, 0)
            _block(ax, at, (0.16 * H, H), plots.COLORS[state], 1)
        words = [f"{name}:", f"{len(gates) * H * (D + H + 1):,}", "parameters"]
        words = ("\n" if plots.on_narrow() else " ").join(words)
        ax.text(x, -0.15 * H, words, va="bottom", size=9)
    ax.set(xlim=(0, 3 * room), ylim=(4.1 * H, -0.5 * H), aspect="equal")
    ax.set_axis_off()
    return figure


def _block(ax, at, size, color, shade):
    from matplotlib.patches import Rectangle

    ax.add_patch(Rectangle(at, *size, facecolor=color, edgecolor="white", alpha=shade))


def hello_lesions(gate, at, unit, step, data):
    model = hello_model(data)
    hold = hello_hold(gate, at, unit, step, model.readout.W.shape[1])
    p = softmax(train.run(model, tasks.hello().x, hold=hold).y)[:, :, 0]
    figure, axes = plots.panels(1, 4, height=2.2, narrow=5.6, sharey=True)
    for t, (ax, letter, target) in enumerate(zip(axes, "hell", "ello", strict=True)):
        colors = [plots.COLORS["h" if k == target else "neutral"] for k in tasks.HELLO]
        ax.barh(range(4), p[t], color=colors)
        ax.set(xlim=(0, 1), xlabel=f"t = {t + 1}: after {letter}", xticks=[0, 1])
        ax.grid(False)
    axes[0].set_yticks(range(4), tasks.HELLO)
    axes[0].invert_yaxis()
    figure.suptitle(f"it spells: {hello_spelled(model, hold)}", size=11)
    return figure


DRAW = {
    "budget": budget,
    "fading_memory": fading_memory,
    "gradient_highway": gradient_highway,
    "gru_step": gru_step,
    "half_life": half_life,
    "hello_lesions": hello_lesions,
    "lstm_step": lstm_step,
    "orbit": orbit,
    "step_back": step_back,
    "weights_to_gates": weights_to_gates,
    "write_keep_read": write_keep_read,
}
