"""Gradients: how far they reach, how they grow, how well a difference agrees with them."""

import numpy as np

from lib.colors import COLORS
from lib.plots.style import figure, label_outer, on_narrow, panels


@figure
def reach_against_weight(w, lasts, top):
    """Steps that a unit's memory lasts against its recurrent weight, cut at `top`: {name: steps}.

    "state" is drawn solid, all others, gradients after one pulse each, dashed.
    """
    fig, ax = panels(height=3.2)
    for place, (name, steps) in enumerate(lasts.items()):
        solid = name == "state"
        color = COLORS["h"] if solid else COLORS["neutral"]
        ax.plot(w, steps, color=color, ls="-" if solid else "--")
        at = np.flatnonzero(steps < top)[-1] if solid else steps.argmax()
        side = dict(ha="right") if solid else dict(ha="left")
        away = -6 if solid else 8 + 15 * (len(lasts) - 2 - place)
        words = dict(textcoords="offset points", color=color, va="center", **side)
        ax.annotate(name, (w[at], steps[at]), (away, 0), **words)
    ax.axvline(1, color=COLORS["neutral"], lw=0.8, ls=":")
    ax.set(xlim=(w[0], w[-1]), ylim=(0, top), xlabel="recurrent weight w")
    ax.set_ylabel("steps until 1 % is left")


@figure
def growth_by_drive(radii, strengths, left, at_rest):
    """What is left of a gradient against the strength of the input, a panel for each spectral radius.

    left: (radii, matrices, strengths); at_rest: (radii, matrices), set apart at the left edge.
    """
    fig, axes = panels(1, len(radii), height=3.0, narrow=9.6, sharex=True, sharey=True)
    edge = strengths[0] / 6
    for ax, radius, lines, rest in zip(axes, radii, left, at_rest, strict=True):
        ax.axhline(1, color=COLORS["neutral"], lw=0.8, ls=":")
        ax.plot(strengths, lines.T, color=COLORS["h"], lw=1.2, marker="o", markersize=2.5)
        ax.plot([edge] * len(rest), rest, "s", mfc="none", mec=COLORS["x"], markersize=5)
        ax.set(xscale="log", yscale="log", ylim=(1e-20, 1e20), title=f"radius {radius:g}")
        ax.set_xticks([edge, 0.1, 1], ["rest", "0.1", "1"])
        ax.minorticks_off()
    label_outer(axes, xlabel="strength of the input", ylabel="gradient left")


@figure
def share_predicted(predicted, measured):
    """The share of a gradient that arrives, measured against predicted: {start: (networks,)} each."""
    fig, ax = panels(height=3.6)
    ends = np.array([1e-15, 1])
    ax.loglog(ends, ends, color=COLORS["neutral"], lw=1)
    looks = zip(predicted, "x o".split(), ("x", "h"), strict=True)
    for name, mark, letter in looks:
        color, spots = COLORS[letter], (predicted[name], measured[name])
        ax.loglog(*spots, mark, color=color, mfc="none", markersize=6)
        middle = [np.exp(np.mean(np.log(side))) for side in spots]
        words = dict(textcoords="offset points", color=color, ha="right", va="bottom")
        ax.annotate(name, middle, (-14, 6), **words)
    ax.set(xlim=ends, ylim=ends, xlabel="predicted share", ylabel="measured share")


@figure
def width_of_difference(widths, errors):
    """The error of a central difference against its width, {name: errors}: of order width² right, rounding left."""
    fig, ax = panels(height=2.9)
    for (name, values), style, letter in zip(errors.items(), ("-", "--"), "cx", strict=True):
        color = COLORS[letter]
        ax.loglog(widths, values, style, marker="o", color=color)
        ax.annotate(name, (widths[2], values[2]), (5, 5), textcoords="offset points", color=color)
    ax.set(xlabel="width ε of the difference", ylabel="mismatch")


@figure
def roads_by_gap(gaps, growth):
    """Spectral norm of ∂c_T/∂c_0 against the gap: {panel: (direct, whole)}, each (gaps, seeds); medians thick."""
    fig, axes = panels(1, len(growth), height=3.3, narrow=6.6, sharex=True, sharey=True)
    for ax, (title, roads) in zip(axes, growth.items(), strict=True):
        looks = (("f", "additive road", "--"), ("c", "whole", "-"))
        for (letter, name, style), norms in zip(looks, roads, strict=True):
            ax.semilogy(gaps, norms, style, color=COLORS[letter], lw=0.7, alpha=0.5)
            middle = np.median(norms, axis=1)
            ax.semilogy(gaps, middle, style, color=COLORS[letter])
            above = letter == "c"
            place = len(gaps) // 2 if above else len(gaps) * 2 // 3
            ax.annotate(
                name,
                (gaps[place], norms[place].max() if above else norms[place].min()),
                (0, 7 if above else -7),
                textcoords="offset points",
                color=COLORS[letter],
                ha="left" if above else "right",
                va="bottom" if above else "top",
            )
        ax.set(xlim=(0, gaps[-1]), title=title)
    label_outer(axes, xlabel="gap T (steps)", ylabel="norm of ∂c$_T$/∂c$_0$")


@figure
def two_memories(gaps, accuracy, left):
    """Above accuracy against the gap, below what is left of the gradient at every step: {network: values} each."""
    fig, axes = panels(2, len(accuracy), 4.4, narrow=4.6, sharex="row", sharey="row")
    for name, (above, below) in zip(accuracy, axes.T, strict=True):
        above.plot(gaps, accuracy[name], color=COLORS["h"], marker="o", markersize=3)
        above.set(title=name, xlim=(gaps[0], gaps[-1]), ylim=(0, 1.05), xlabel="gap (steps)")
        below.semilogy(left[name], color=COLORS["h"])
        below.set(xlim=(0, len(left[name]) - 1), xlabel="step t")
    for row, label in zip(axes, ("accuracy", "gradient left"), strict=True):
        for ax in row if on_narrow() else row[:1]:
            ax.set_ylabel(label)
