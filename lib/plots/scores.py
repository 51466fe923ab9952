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
        _name_rows(ax, list(scores))


def _name_rows(ax, rows):
    """Names at the left of rows, on narrow paper broken into lines."""
    names = [fill(name, 20) for name in rows] if on_narrow() else rows
    ax.set_yticks(range(len(rows)), names, linespacing=1)
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
def kept_in_silence(kept):
    """What cells keep of their state in a step, before and after: {name: (2, seeds)}, a line for each seed."""
    fig, ax = panels(height=0.9 + 0.5 * len(kept))
    for row, (name, (before, after)) in enumerate(kept.items()):
        color, shape = of_cell(name)
        spots = row + np.linspace(-0.3, 0.3, len(after))
        ax.plot(np.stack([before, after]), np.stack([spots, spots]), color=color, lw=0.8)
        ax.plot(after, spots, shape, mfc=color, mec=color, markersize=3.5)
        ax.plot([np.mean(before)] * 2, [row - 0.4, row + 0.4], color="black", lw=1.4)
    ax.text(np.mean(kept[next(iter(kept))][0]), -0.45, "at the start", ha="center", va="bottom")
    ax.set(xlabel="share kept in a step", xlim=(0, 1.02), ylim=(len(kept) - 0.5, -0.9))
    ax.set_yticks(range(len(kept)), list(kept))
    ax.tick_params(axis="y", length=0)
    ax.grid(False, axis="y")


@figure
def solved_by_rate(rates, shares):
    """The share of runs that learn a task against the learning rate: {"cell, start": an Interval for each rate}."""
    how = dict(narrow=1.5 * len(shares), turned=True, sharex=True, sharey=True)
    fig, axes = panels(2, len(shares) // 2, height=4.4, **how)
    places = range(len(rates))
    for ax, (name, each) in zip(axes.T.flat, shares.items(), strict=True):
        (color, shape), (value, low, high) = of_cell(name), np.transpose(each)
        ax.plot(places, value, color=color, lw=1)
        ax.vlines(places, low, high, color=color, lw=1.6)
        ax.plot(places, value, shape, color=color, markersize=5)
        ax.set(xticks=places, xticklabels=rates, xlim=(-0.4, len(rates) - 0.6), ylim=(-0.04, 1.04))
        ax.set(yticks=(0, 0.5, 1), title=name.replace(", ", ",\n"))
        ax.tick_params(axis="x", labelsize=7 if on_narrow() else 9)
    label_outer(axes, xlabel="learning rate", ylabel="share of runs that learn it")


@figure
def forest(panels_of_verdicts):
    """What was compared, task by task: {title: (x label, {row: Verdict})}, its number with its interval.

    Right of the dashed line the first of the two is better. Filled is what may be said, since both halves of the
    seeds agree; hollow, what may not.
    """
    titles = list(panels_of_verdicts)
    rows = list(panels_of_verdicts[titles[0]][1])
    lines = 1 if len(titles) < 5 else 2
    height = lines * (0.9 + 0.34 * len(rows))
    narrow = len(titles) * (0.95 + 0.26 * len(rows))
    fig, axes = panels(lines, -(-len(titles) // lines), height, narrow, sharey=True)
    for ax, title in zip(np.ravel(axes), titles, strict=True):
        label, verdicts = panels_of_verdicts[title]
        ax.axvline(0, color=COLORS["neutral"], ls="--", lw=1)
        for row, name in enumerate(rows):
            if (verdict := verdicts.get(name)) is None:
                continue
            (value, low, high), color = verdict.number, COLORS["c"]
            ax.plot([low, high], [row, row], color=color, lw=1.6)
            face = color if verdict.side else "white"
            ax.plot(value, row, "o", mfc=face, mec=color, mew=1.3, markersize=5.5)
        ax.set(xlabel=label, title=title, ylim=(len(rows) - 0.5, -0.5))
        ax.margins(x=0.1)
        ax.locator_params(axis="x", nbins=4)
        if label.startswith("share"):
            ax.set(xlim=(-1.08, 1.08), xticks=(-1, 0, 1))
        ax.grid(False, axis="y")
        _name_rows(ax, rows)
