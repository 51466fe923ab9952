"""Unrolled networks: what flows forward through the steps, and the roads of the gradient back."""

from lib.colors import COLORS
from lib.plots.style import MIDDLE, arrow, box, figure, on_narrow, panels


@figure
def unrolled(letters, targets, back=False):
    """One RNN drawn once for each step: letters in below, states in the middle, targets above; `back` adds the
    gradient's roads, dashed, against the arrows."""
    T = len(letters)
    fig, ax = panels(height=3.1)
    ax.set(xlim=(-0.45, T + 0.9), ylim=(-0.42, 2.42))
    ax.set_axis_off()
    ink = COLORS["neutral"]
    for t in range(T + 1):
        box(ax, (t, 1), f"$h_{t}$", COLORS["h"], dashed=t == 0)
        if t == 0:
            continue
        ax.text(t, -0.28, f"$x_{t}$: {letters[t - 1]}", color=COLORS["x"], **MIDDLE)
        ax.text(t, 2.3, f"$y_{t}$ → {targets[t - 1]}", color=COLORS["x"], **MIDDLE)
        for start, end, name, place, side in (
            ((t, -0.1), (t, 0.72), "$W_x$", (t, 0.28), "right"),
            ((t - 0.7, 1), (t - 0.3, 1), "$W_h$", (t - 0.5, 1.19), "center"),
            ((t, 1.28), (t, 2.12), "$W_y$", (t, 1.7), "right"),
        ):
            arrow(ax, start, end, ink)
            away = (-4 if side == "right" else 0, 0)
            words = dict(color=ink, ha=side, va="center", textcoords="offset points")
            ax.annotate(name, place, away, **words)
        if back:
            arrow(ax, (t + 0.12, 2.12), (t + 0.12, 1.28), COLORS["h"], ls=(0, (3, 2)))
            arrow(ax, (t - 0.3, 0.84), (t - 0.7, 0.84), COLORS["h"], ls=(0, (3, 2)))
            arrow(ax, (t + 0.12, 0.72), (t + 0.12, -0.1), COLORS["h"], ls=(0, (3, 2)))
    if back:
        words = dict(color=COLORS["h"], va="center", size=8.5)
        ax.text(T + 0.2, 1.7, "from the loss\nof this step", **words)
        ax.text(0.2 if on_narrow() else 0.5, 0.58, "from all\nlater steps", ha="center", **words)


@figure
def unrolled_lstm(names):
    """One LSTM drawn once for each step: cell states above, hidden states below, between them what makes the gates."""
    last = 2 * len(names)
    fig, ax = panels(height=3.6)
    ax.set(xlim=(-0.5, last + 0.7), ylim=(-0.95, 2.4))
    ax.set_axis_off()
    ink = COLORS["neutral"]
    for t in range(len(names) + 1):
        x = 2 * t
        box(ax, (x, 2), f"$c_{t}$", COLORS["c"], dashed=t == 0)
        box(ax, (x, 0), f"$h_{t}$", COLORS["h"], dashed=t == 0)
        if t == 0:
            continue
        box(ax, (x - 1, 1), f"$a_{t}$", COLORS["x"])
        ax.text(x - 1, -0.85, f"$x_{t}$: {names[t - 1]}", color=COLORS["x"], **MIDDLE)
        arrow(ax, (x - 1, -0.68), (x - 1, 0.68), ink)
        arrow(ax, (x - 1.7, 0.3), (x - 1.3, 0.7), ink)
        for start, end, name, color, place, side in (
            ((x - 1.66, 2), (x - 0.34, 2), f"$f_{t}$", COLORS["f"], (x - 1, 2.18), "center"),
            (
                (x - 0.7, 1.3),
                (x - 0.3, 1.7),
                f"$i_{t} g_{t}$",
                COLORS["i"],
                (x - 0.56, 1.58),
                "right",
            ),
            ((x - 0.7, 0.7), (x - 0.3, 0.3), f"$o_{t}$", COLORS["o"], (x - 0.56, 0.42), "right"),
            ((x, 1.7), (x, 0.3), "tanh", ink, (x + 0.08, 1.5), "left"),
        ):
            arrow(ax, start, end, color)
            ax.text(*place, name, color=color, ha=side, va="center", size=10)


@figure
def two_roads():
    """The gradient's roads: into c_t from c_{t+1} and from h_t, into h_t from the loss and from the next gates."""
    fig, ax = panels(height=3.9)
    ax.set(xlim=(-0.5, 4.5), ylim=(-1.15, 2.5))
    ax.set_axis_off()
    for x, t in ((0, "t-1"), (2, "t"), (4, "t+1")):
        box(ax, (x, 2), f"$c_{{{t}}}$", COLORS["c"])
        box(ax, (x, 0), f"$h_{{{t}}}$", COLORS["h"])
    for x, t in ((1, "t"), (3, "t+1")):
        box(ax, (x, 1), f"$a_{{{t}}}$", COLORS["x"])
        ax.text(
            x,
            0.5 if on_narrow() else 0.6,
            "four\ngates" if on_narrow() else "four gates",
            color=COLORS["neutral"],
            size=8.5,
            **MIDDLE,
        )
    ink = COLORS["neutral"]
    for x, f in ((2, "$f_t$"), (4, "$f_{t+1}$")):
        _road(ax, (x - 0.36, 2), (x - 1.64, 2), COLORS["f"], 2.4)
        ax.text(x - 1, 2.18, f, color=COLORS["f"], size=11, **MIDDLE)
        arrow(ax, (x - 0.3, 1.68), (x - 0.72, 1.26), ink)
        arrow(ax, (x - 0.3, 0.32), (x - 0.72, 0.74), ink)
        _road(ax, (x - 1.3, 0.74), (x - 1.72, 0.32), COLORS["x"], 2.4)
        ax.text(x - 1.6, 0.62, r"$W_h^{\top}$", color=COLORS["x"], size=11, **MIDDLE)
    for x in (0, 2, 4):
        _road(ax, (x, 0.32), (x, 1.68), COLORS["o"], 2.4 if x == 2 else 1.3)
        arrow(ax, (x, -0.78), (x, -0.32), ink)
    slope = r"$o_t\,(1-\tanh^2 c_t)$"
    ax.text(2.06, 1.55, slope, color=COLORS["o"], size=9.7 if on_narrow() else 11, va="center")
    ax.text(2.0, -0.98, "loss of step $t$", color=ink, size=9.5, **MIDDLE)


def _road(ax, start, end, color, width):
    """A road of the gradient: a bolder arrow."""
    style = dict(arrowstyle="-|>", color=color, lw=width, shrinkA=0, shrinkB=0, mutation_scale=13)
    ax.annotate("", xy=end, xytext=start, arrowprops=style)
