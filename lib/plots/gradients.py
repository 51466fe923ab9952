"""Gradients: how far they reach, how they grow, how well a difference agrees with them."""

import numpy as np

from lib.colors import COLORS
from lib.plots.style import figure, label_ends, label_outer, on_narrow, panels

NORM = r"$\Vert\,\partial h_T / \partial h_{T-k}\,\Vert$"


@figure
def reach_against_weight(w, lasts, top):
    """Steps that a pulse lasts against the recurrent weight: {"state": steps, "gradient": steps}, cut at `top`."""
    fig, ax = panels(height=3.2)
    for (name, steps), style in zip(lasts.items(), ("-", "--"), strict=True):
        inside = steps < top
        color = COLORS["h"] if style == "-" else COLORS["neutral"]
        ax.plot(w, steps, color=color, ls=style)
        last = np.flatnonzero(inside)[-1]
        ax.annotate(
            name,
            (w[last], steps[last]),
            (-4, 8 if steps[last] < top / 2 else -12),
            textcoords="offset points",
            color=color,
            ha="right",
        )
    ax.axvline(1, color=COLORS["neutral"], lw=0.8, ls=":")
    ax.set(xlim=(w[0], w[-1]), ylim=(0, top), xlabel="recurrent weight w")
    ax.set_ylabel("steps until 1 % is left")


@figure
def jacobian_growth(curves, radii, largest):
    """‖∂h_T/∂h_{T-k}‖ against k, a panel for each spectral radius, a line for each matrix. `curves` is {name: norms
    (matrices, radii, k)}, drawn solid and then dotted; the band lies between radius^k and the power of the largest
    of the singular values `largest` (matrices, radii)."""
    fig, axes = panels(2, 3, height=4.6, narrow=8.4, sharex=True, sharey=True)
    k = np.arange(next(iter(curves.values())).shape[-1])
    for place, (ax, radius, top) in enumerate(zip(axes.flat, radii, largest.T, strict=False)):
        low, high = float(radius) ** k, float(top.max()) ** k
        ax.fill_between(k, low, high, color="#dfe2e7", lw=0)
        ax.plot(k, low, color=COLORS["neutral"], lw=1.1, ls="--")
        ax.plot(k, high, color=COLORS["neutral"], lw=1.1)
        for norms, style in zip(curves.values(), ("-", ":"), strict=False):
            ax.plot(k, norms[:, place].T, color=COLORS["h"], ls=style, lw=1)
        ax.set_yscale("log")
        ax.set(ylim=(1e-10, 1e10), xlim=(0, k[-1]))
        ax.set_title(
            f"radius {radius}, largest singular\nvalue {top.min():.2f} to {top.max():.2f}", size=9
        )
        ax.set_yticks([1e-10, 1e-5, 1, 1e5, 1e10])
    label_outer(axes, xlabel="steps back k", ylabel=NORM)
    axes[-1, -1].set_axis_off()
    _key(axes[-1, -1], curves)
    above = axes[-1, -2] if on_narrow() else axes[0, -1]  # nothing else is below it
    above.set_xlabel("steps back k")
    above.tick_params(labelbottom=True)


def _key(ax, curves):
    """Names for the lines of `jacobian_growth`, written where its sixth panel would be."""
    rows = [(name, COLORS["h"], 1, style) for name, style in zip(curves, ("-", ":"), strict=False)]
    rows += [("largest singular value$^k$", COLORS["neutral"], 1.1, "-")]
    rows += [("spectral radius$^k$", COLORS["neutral"], 1.1, "--")]
    for place, (name, color, width, style) in enumerate(rows):
        y = 0.85 - 0.2 * place
        ax.plot([0.02, 0.17], [y, y], color=color, lw=width, ls=style, transform=ax.transAxes)
        ax.text(0.22, y, name, transform=ax.transAxes, va="center")


@figure
def orthogonal_growth(norms, radii):
    """‖∂h_T/∂h_{T-k}‖ against k for multiples of one orthogonal matrix, where radius and singular value meet."""
    fig, ax = panels(height=3.2)
    k = np.arange(len(norms[0]))
    for radius, line in zip(radii, norms, strict=True):
        ax.semilogy(k, line, color=COLORS["h"], label=f"radius {radius}")
        ax.plot(k[::6], float(radius) ** k[::6], "o", mfc="white", mec=COLORS["x"], markersize=4.5)
    ax.set(
        xlim=(0, k[-1]),
        ylim=(1e-20, 1e12),
        xlabel="steps back k",
        ylabel=NORM,
    )
    label_ends(ax)


@figure
def cliff(b, losses, step_from, loss_from, step_to, loss_to):
    """A loss against one bias: a wall, a point on it, and where one clipped step of descent leads."""
    fig, ax = panels(height=2.9)
    ax.plot(b, losses, color=COLORS["x"])
    line = dict(
        arrowstyle="-|>", color=COLORS["h"], lw=1.4, shrinkA=5, shrinkB=5, mutation_scale=11
    )
    ax.annotate("", xy=(step_to, loss_to), xytext=(step_from, loss_from), arrowprops=line)
    ax.plot([step_from, step_to], [loss_from, loss_to], "o", color=COLORS["h"])
    ax.annotate("start", (step_from, loss_from), (-8, 6), textcoords="offset points", ha="right")
    ax.annotate("after a clipped step", (step_to, loss_to), (4, 10), textcoords="offset points")
    ax.set(xlabel="bias b", ylabel="loss", xlim=(b[0], b[-1]), ylim=(-0.15, None))
    ax.locator_params(axis="x", nbins=3 if on_narrow() else 6)


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
def gradient_per_step(norms, learned):
    """Gradient norm at every step over that at the last, before (top) and after training (bottom).

    norms: {cell: {"before" or "after": (seeds, T + 1)}}; learned: {cell: (seeds,) of bool}: a run that has not
    learned the task is dashed.
    """
    fig, axes = panels(2, len(norms), 4.4, narrow=5.6, turned=True, sharex=True, sharey=True)
    for column, (name, times) in enumerate(norms.items()):
        letter = "c" if name == "LSTM" else "h"
        for ax, (when, lines) in zip(axes[:, column], times.items(), strict=True):
            for line, good in zip(lines, learned[name], strict=True):
                style = "--" if when == "after" and not good else "-"
                ax.semilogy(line, style, color=COLORS[letter], lw=1.2)
            ax.set(xlim=(0, lines.shape[1] - 1), ylim=(1e-15, 1e2))
            ax.set_title(f"{name}, {when}")
    label_outer(axes, xlabel="step t", ylabel="gradient norm, last = 1")
