"""What cells can remember: the tasks, and the scores of many seeds."""

from textwrap import fill

import numpy as np

from lib.colors import COLORS
from lib.plots.style import figure, label_outer, of_cell, on_narrow, panels


@figure
def recall_by_gap(gaps, accuracy, chance):
    """Accuracy against the gap: {name: (gaps, seeds)}, a point for each seed, and the line of the means."""
    fig, axes = panels(1, len(accuracy), height=3.1, narrow=4.6, sharey=True)
    axes = np.atleast_1d(axes)
    for ax, (name, scores) in zip(axes, accuracy.items(), strict=True):
        scores = np.asarray(scores)
        places = np.arange(len(gaps))
        shift = np.linspace(-0.16, 0.16, scores.shape[1])
        ax.plot(places[:, None] + shift, scores, "o", mfc="white", mec=COLORS["h"], markersize=4.5)
        ax.plot(places, scores.mean(axis=1), color=COLORS["h"])
        ax.axhline(chance, color=COLORS["neutral"], ls="--", lw=1.1)
        ax.text(
            places[0] - 0.2,
            chance + 0.02,
            "chance",
            color=COLORS["neutral"],
            va="bottom",
            ha="left",
        )
        ax.set(xticks=places, xticklabels=gaps, ylim=(0, 1.05))
        ax.set_title(f"{name} start")
    label_outer(axes, xlabel="gap (steps)", ylabel="accuracy")


@figure
def seeds_in_rows(panels_of_scores, marks, means=False):
    """A row for each kind of cell and a dot for each seed: {x label: {row: scores}}; marks: {x label: (word, x)}.

    Scores are (seeds,), or (2, seeds): the first hollow and above, the second filled and below. An x label that
    names an error, or what is left, has a logarithmic axis. With `means` a line stands at each row's mean.
    """
    rows = len(next(iter(panels_of_scores.values())))
    count = len(panels_of_scores)
    double = any(
        np.ndim(scores) == 2 for each in panels_of_scores.values() for scores in each.values()
    )
    below = count * (0.8 + (0.38 if double else 0.3) * rows)
    fig, axes = panels(1, count, height=1.1 + 0.36 * rows, narrow=below, sharey=True)
    for ax, (label, scores) in zip(np.atleast_1d(axes), panels_of_scores.items(), strict=True):
        word, place = marks[label]
        ax.axvline(place, color=COLORS["neutral"], ls="--", lw=1)
        above = dict(transform=ax.get_xaxis_transform(), ha="center", va="bottom", size=8.5)
        ax.text(place, 1.02, word, color=COLORS["neutral"], **above)
        for row, (name, values) in enumerate(scores.items()):
            color, shape = of_cell(name)
            lines = np.atleast_2d(values)
            for line, face, shift in zip(lines, ("none", color), (-0.2, 0.2), strict=False):
                middle = row + (shift if len(lines) == 2 else 0)
                spots = middle + np.linspace(-0.14, 0.14, len(line))
                ax.plot(line, spots, shape, mfc=face, mec=color, mew=1.2, markersize=5)
                if means:
                    ax.plot([np.mean(line)] * 2, [middle - 0.33, middle + 0.33], color=color, lw=2)
        ax.set(xlabel=label, ylim=(rows - 0.5, -0.5))
        ax.grid(True, axis="x")
        ax.grid(False, axis="y")
        if "error" in label or "left" in label:
            ax.set_xscale("log")
            _number_logarithms(ax)
        elif max(map(np.max, scores.values())) <= 1:
            ax.set_xlim(-0.03, 1.06)
        names = [fill(name, 20) for name in scores] if on_narrow() else list(scores)
        ax.set_yticks(range(rows), names, linespacing=1)
        ax.tick_params(axis="y", length=0, labelsize=8.5 if on_narrow() else 9)


def _number_logarithms(ax):
    """Where fewer than two powers of ten are on a logarithmic axis, number 1, 2 and 5 of each, or 1 and 3 of a longer
    one: the usual numbers would lie on each other."""
    from matplotlib.ticker import LogLocator

    low, high = np.log10(ax.get_xlim())
    if np.floor(high) <= np.ceil(low):
        ax.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high - low < 1 else (1, 3)))
        ax.xaxis.set_major_formatter("{x:g}")
        ax.xaxis.set_minor_formatter("")


@figure
def recall_sequence(x, symbols):
    """One sequence of delayed recall: x (T, D), a square where x is 1; the rows are symbols, distractors, the cue."""
    T, D = x.shape
    fig, ax = panels(height=2.9)
    steps, rows = np.nonzero(x)
    kind = [COLORS["c"] if row < symbols else COLORS["neutral"] for row in rows]
    kind[-1] = COLORS["x"]
    ax.scatter(steps, rows, s=95, marker="s", c=kind)
    ax.axhline(symbols - 0.5, color=COLORS["neutral"], lw=0.8)
    ax.axhline(D - 1.5, color=COLORS["neutral"], lw=0.8)
    ax.annotate("keep this", (0, rows[0]), (12, 0), textcoords="offset points", va="center")
    ax.annotate(
        "which was it?",
        (T - 1, D - 1),
        (-12, 0),
        textcoords="offset points",
        va="center",
        ha="right",
    )
    ax.set(xlabel="step t", ylim=(D - 0.4, -0.6), xticks=range(T))
    ax.set_yticks(
        [(symbols - 1) / 2, (symbols + D - 2) / 2, D - 1], ["symbols", "distractors", "cue"]
    )
    ax.tick_params(axis="y", length=0)
    ax.grid(False)


@figure
def scores_of_starts(values, scores, chance, along="gap (steps)"):
    """Accuracy against the gap, or what `along` names: {"cell, start": (values, seeds)}, a circle for each seed."""
    how = dict(narrow=7, turned=True, sharex=True, sharey=True)
    fig, axes = panels(2, len(scores) // 2, height=5, **how)
    place = np.log(values)
    place = (place - place[0]) / np.diff(place).min()
    for ax, (name, score) in zip(axes.T.flat, scores.items(), strict=True):
        color, _ = of_cell(name)
        shift = 0.11 * (np.arange(score.shape[1]) - (score.shape[1] - 1) / 2)
        ax.axhline(chance, color=COLORS["neutral"], ls="--", lw=1.1)
        ax.plot(place, score.mean(axis=1), color=color)
        ax.plot(place[:, None] + shift, score, "o", mfc="white", mec=color, markersize=4.5)
        for x, mean in zip(place, score.mean(axis=1), strict=True):
            ax.text(x, 1.1, f"{mean:.2f}", color=color, ha="center", size=9)
        ax.set(xticks=place, xticklabels=values, xlim=(-0.4, place[-1] + 0.4))
        ax.set(title=name.replace(", ", ",\n") if on_narrow() else name)
        ax.set(yticks=np.arange(5) / 4, ylim=(0, 1.2))
        if on_narrow():
            ax.tick_params(axis="x", labelsize=7)
    axes[1, 1].text(-0.3, chance - 0.03, "chance", color=COLORS["neutral"], va="top", size=9)
    label_outer(axes, xlabel=along, ylabel="accuracy")


@figure
def units_kept(starts, kept):
    """The share that every unit keeps in a step: {name: (seeds, units)}; `starts` {name: the share before}."""
    fig, ax = panels(height=0.9 + 0.62 * len(kept))
    for row, (name, shares) in enumerate(kept.items()):
        color, _ = of_cell(name)
        seeds, units = np.shape(shares)
        spots = row + np.repeat(np.linspace(-0.26, 0.26, seeds), units)
        ax.plot(np.ravel(shares), spots, "o", mfc="none", mec=color, mew=1.1, markersize=4.5)
        ax.plot([starts[name]] * 2, [row - 0.4, row + 0.4], color="black", lw=1.4)
    ax.text(starts[next(iter(kept))], -0.45, "at the start", ha="center", va="bottom", size=9)
    ax.set(xlabel="share kept in a step", xlim=(0, 1.02), ylim=(len(kept) - 0.5, -0.75))
    ax.set_yticks(range(len(kept)), list(kept))
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")
