"""What a cell holds: a product with its numbers, states kept, shown and added to."""

import numpy as np

from lib.colors import COLORS
from lib.plots.style import MIDDLE, arrow, draw, figure, label_ends, on_narrow, panels, signed


@figure
def kept_and_gated(trace, moments, unit=0):
    """One unit of a run: its gates i, f, o above, c_t and h_t below; moments {step: word}."""
    fig, axes = panels(2, 1, height=4.4, sharex=True, height_ratios=(2, 3))
    steps = np.arange(1, len(trace.x) + 1)
    marks = {"i": dict(ls="-"), "f": dict(ls="--"), "o": dict(ls=":")}
    for letter, style in marks.items():
        gate = getattr(trace.gates, letter)[:, unit, 0]
        draw(axes[0], letter, steps, gate, drawstyle="steps-mid", **style)
    axes[0].set(ylabel="gate", ylim=(-0.08, 1.08), yticks=[0, 1])
    for letter, marker in (("c", "s"), ("h", "o")):
        state = getattr(trace.states, letter)[1:, unit, 0]
        draw(axes[1], letter, steps, state, marker=marker)
    low, high = axes[1].get_ylim()
    axes[1].axhline(0, color=COLORS["neutral"], lw=0.8, zorder=0)
    for step, word in moments.items():
        for ax in axes:
            ax.axvline(step, color=COLORS["neutral"], lw=0.8, ls=":", zorder=0)
        axes[1].text(
            step, high + 0.04 * (high - low), word, color=COLORS["neutral"], size=9, ha="center"
        )
    axes[1].set(
        xlabel="step t",
        ylabel="state",
        ylim=(low, high + 0.15 * (high - low)),
        xticks=steps[1::2] if on_narrow() else steps,
    )
    axes[1].set_xlim(0.6, len(steps) + 0.4)
    for ax in axes:
        label_ends(ax)


@figure
def stacked_map(params, x_t, h_prev, gates):
    """a = W [x_t; h_{t-1}] + b with its numbers, W's blocks of rows in the gates' colors, and what becomes of a."""
    W, b = params
    H, D = len(W) // 4, len(x_t)
    xh = np.concatenate([x_t, h_prev])
    fig, ax = panels(height=4.1)
    slim = 1.5 if on_narrow() else 0  # points that letters give up there
    names = [(gate, "tanh" if gate == "g" else "σ") for gate in gates._fields]
    rows = [COLORS[gate] for gate, _ in names for _ in range(H)]
    middle = 2 * H - 0.5
    _numbers(ax, (0, 0), W, rows)
    ax.plot([D - 0.5] * 2, [-0.5, 4 * H - 0.5], color=COLORS["x"], lw=1.4)
    _numbers(ax, (D + H + 0.6, middle - (D + H - 1) / 2), xh, ["x"] * D + ["h"] * H)
    _numbers(ax, (D + H + 2.4, 0), b, rows)
    # Of a product of numbers with one digit two tell all, and none of them is at the edge of a rounding.
    _numbers(ax, (D + H + 4.2, 0), W @ xh + b, rows, digits=2)
    _numbers(ax, (D + H + 6.9, 0), np.concatenate(gates), rows, digits=2)
    for place, sign in ((1.5, "+"), (3.3, "=")):
        ax.text(D + H + place, middle, sign, size=13, **MIDDLE)
    for block, (gate, squash) in enumerate(names):
        y, color = block * H + (H - 1) / 2, COLORS[gate]
        ax.text(-0.85, y, f"$W_{gate}$", color=color, size=12, **MIDDLE)
        ax.text(D + H + 5.55, y - 0.33, squash, color=color, size=10 - slim, **MIDDLE)
        arrow(ax, (D + H + 4.85, y), (D + H + 6.25, y), color)
        ax.text(D + H + 7.7 + slim / 4, y, f"${gate}_t$", color=color, size=12, **MIDDLE)
    heads = {(D - 1) / 2: "$W_x$", D + (H - 1) / 2: "$W_h$", D + H + 2.4: "$b$"}
    for x, head in (heads | {D + H + 4.2: "$a_t$"}).items():
        ax.text(x, -1, head, size=11, **MIDDLE)
    top = middle - (D + H) / 2 - 0.5
    ax.text(D + H + 0.6, top, "$x_t$", color=COLORS["x"], size=11, **MIDDLE)
    ax.text(D + H + 0.6, 4 * H - 1 - top, "$h_{t-1}$", color=COLORS["h"], size=11, **MIDDLE)
    ax.set(xlim=(-1.3, D + H + 8.1 + slim / 4), ylim=(4 * H - 0.3, -1.5))
    ax.set_axis_off()


def _numbers(ax, corner, array, colors, digits=1):
    """A matrix as a table of numbers, row by row in the given colors (letters or hex), top left at `corner`."""
    from matplotlib.patches import Rectangle

    for row, (values, color) in enumerate(zip(array, colors, strict=True)):
        color = COLORS.get(color, color)
        for column, value in enumerate(values):
            x, y = corner[0] + column, corner[1] + row
            cell = Rectangle((x - 0.5, y - 0.5), 1, 1, fc=color, ec="white", lw=1.2, alpha=0.14)
            ax.add_patch(cell)
            ax.text(
                x, y, signed(value, digits), color=color, size=7 if on_narrow() else 9, **MIDDLE
            )


@figure
def growth_without_end(largest):
    """The largest entry of |c_t| so far at every step, both axes logarithmic: {name: (seeds, T)}, the first dashed."""
    fig, ax = panels(height=3.2)
    steps = np.arange(1, next(iter(largest.values())).shape[1] + 1)
    for (name, lines), style in zip(largest.items(), ("--", "-"), strict=True):
        color = COLORS["neutral" if style == "--" else "c"]
        for number, line in enumerate(lines):
            label = "_" if number else name
            ax.loglog(steps, line, color=color, ls=style, lw=1.4, label=label)
    ax.set(xlabel="step t", ylabel="largest $|c_t|$ so far", xlim=(1, steps[-1]))
    label_ends(ax)


@figure
def running_sum(marks, sums, free, held):
    """The sum since the last mark (T,), and two units' answers to it, a mark's step dotted; marks (T,) are 1 or 0."""
    fig, ax = panels(height=3.1)
    steps = np.arange(1, len(sums) + 1)
    for step in steps[np.asarray(marks) > 0]:
        ax.axvline(step, color=COLORS["neutral"], lw=0.8, ls=":", zorder=0)
    ax.plot(steps, sums, "o", mfc="white", color=COLORS["x"], markersize=6, label="sum")
    draw(ax, "r", steps, free, "r free")
    draw(ax, "neutral", steps, held, "r = 1", ls="--")
    ax.set(xlabel="step t (dotted: a mark)", ylabel="sum", xlim=(0.5, steps[-1] + 0.5))
    label_ends(ax)


@figure
def up_and_down(ends):
    """Where a state ends after k steps up and k down, against k from 1 on: {name: (k,)}, three of them."""
    fig, ax = panels(height=2.9)
    steps = np.arange(1, len(next(iter(ends.values()))) + 1)
    for (name, values), style in zip(ends.items(), ("-", "--", ":"), strict=True):
        draw(ax, "c" if "LSTM" in name else "z", steps, values, name, ls=style)
    ax.set(xlabel="k steps up, then k down", ylabel="cell state at the end")
    ax.set(xlim=(0.8, steps[-1] + 0.2), xticks=steps)
    label_ends(ax)
