"""A trained network: its loss on the way, and its states letter by letter."""

from textwrap import fill

import numpy as np

from lib.colors import COLORS
from lib.plots.style import figure, label_ends, on_narrow, panels


@figure
def learning_curve(losses, spelled, floor):
    """What each letter costs at every step of training, {name: (steps,)}, thin, and their mean, thick; the words that
    the model spelled on its way {step: word}; the least that a model without memory can pay on average."""
    fig, ax = panels(height=3.6)
    mean = np.mean([*losses.values()], axis=0)
    for (name, values), style in zip(losses.items(), ("-", "--", "-.", ":"), strict=True):
        ax.semilogy(values, style, color=COLORS["neutral"], lw=1.1, label=name)
    ax.semilogy(mean, color=COLORS["x"], lw=2.2, label="mean")
    ax.axhline(floor, color=COLORS["neutral"], ls="--", lw=1.3)
    above = dict(color=COLORS["neutral"], ha="right", va="bottom")
    ax.text(len(mean), floor * 1.1, "best without memory", **above)
    for step, word in spelled.items():
        ax.plot(step, mean[step], "o", color=COLORS["x"], markersize=4.5)
        beside = dict(textcoords="offset points", family="monospace")
        ax.annotate(word, (step, mean[step]), (5, 5), **beside)
    ax.set(xlabel="training step", ylabel="loss of a letter", xlim=(-3, len(mean) * 1.05))
    ax.set_ylim(min(map(min, losses.values())) / 2, 4)
    label_ends(ax, size=8.5, gap=1.1)


@figure
def state_plane(read_out, alphabet, h, letters, erased):
    """Two hidden units as a plane, cut into the regions where the read-out says each letter; the states h (T+1, 2)
    as a path; `erased` (2,) is where the last letter leads from a state of zeros."""
    from matplotlib.patches import Rectangle

    side = np.linspace(-1.7, 1.7, 401)
    grid = np.stack(np.meshgrid(side, side))
    y = np.tensordot(read_out.W, grid, 1) + read_out.b[:, :, None]
    ahead = y - np.stack([np.delete(y, k, axis=0).max(axis=0) for k in range(len(y))])
    path = np.concatenate(np.linspace(h[:-1], h[1:], 21))
    off_path = np.min([np.hypot(*(grid - at[:, None, None])) for at in path], axis=0) > 0.2
    fig, ax = panels(height=4.8, narrow=3.4)
    for letter, lead in zip(alphabet, ahead, strict=True):
        if (lead > 0).any():
            ax.contour(side, side, lead, [0], colors=COLORS["neutral"], linewidths=0.8)
        within = (lead > 0) & (np.abs(grid) < 1).all(axis=0)
        if within.any():
            free = within & off_path
            row, column = _deepest(free if free.any() else within)
            ax.text(
                side[column],
                side[row],
                letter,
                color="#c9ccd2",
                size=24 if on_narrow() else 34,
                ha="center",
                va="center",
                zorder=1,
            )
    color = COLORS["h"]
    for t in range(1, len(h)):
        line = dict(arrowstyle="-|>", color=color, lw=1.6, shrinkA=4, shrinkB=5, mutation_scale=11)
        ax.annotate("", xy=h[t], xytext=h[t - 1], arrowprops=line, zorder=3)
    ax.plot(*h.T, "o", color=color, markersize=6, zorder=4)
    names = ["$h_0$"] + [f"$h_{t + 1}$ after {letter}" for t, letter in enumerate(letters)]
    for t, name in enumerate(names):
        near = [h[k] for k in (t - 1, t + 1) if 0 <= k < len(h)]
        _beside(ax, h[t], np.mean(near, axis=0), name, color)
    ax.plot(*erased, "o", mfc="white", mec=COLORS["x"], mew=1.5, markersize=7, zorder=4)
    upper_left = erased + [-1, 1]  # where the path runs
    words = f"{letters[-1]} after erasing"
    _beside(ax, erased, upper_left, fill(words, 8) if on_narrow() else words, COLORS["x"])
    ax.add_patch(Rectangle((-1, -1), 2, 2, fill=False, ec=COLORS["neutral"], lw=0.8, ls=":"))
    ax.set(xlim=(-2, 1.9) if on_narrow() else (-1.7, 1.7), ylim=(-1.25, 1.25), aspect="equal")
    ax.set(xlabel="hidden unit 1", ylabel="hidden unit 2", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    ax.grid(False)


def _beside(ax, point, away, text, color):
    """Write `text` beside a point, on the side that looks away from another; near the border of what tanh reaches,
    outside of it."""
    (u, v), side = point, point - away
    side = 11 * side / max(np.linalg.norm(side), 1e-9)
    if abs(v) > 0.85:
        v, side[1] = np.sign(v) * 1.12, 0
    elif abs(u) > 0.85:
        u, side[0] = np.sign(u), np.sign(u) * 5
    ax.annotate(
        text,
        (u, v),
        side,
        textcoords="offset points",
        color=color,
        ha="left" if side[0] > 0 else "right",
        va="center",
        zorder=7,
        bbox=dict(boxstyle="round,pad=0.1", fc="white", ec="none", alpha=0.8),
    )


def _deepest(region):
    """The place (row, column) inside a region of True that is farthest from its border, by shrinking it."""
    while True:
        inner = (
            region[1:-1, 1:-1]
            & region[2:, 1:-1]
            & region[:-2, 1:-1]
            & region[1:-1, 2:]
            & region[1:-1, :-2]
        )
        smaller = np.zeros_like(region)
        smaller[1:-1, 1:-1] = inner
        if not smaller.any():
            return np.argwhere(region).mean(axis=0).astype(int)
        region = smaller
