"""Every figure of the book. Chapters hold no plotting code: they compute, and hand the arrays to a function here.

The rules a figure keeps:

- One function, named for what it shows, in the file of its subject; data in, figure out. It takes arrays (or a
  Trace), computes nothing a reader should see computed, and returns nothing.
- `@figure` stands above it and `panels(...)` starts it. It is drawn twice, on paper as wide as a page's text and on
  narrow paper for a phone, where panels stand below each other; `on_narrow()` tells which, and no letter there is
  smaller than 9 pixels. Both pictures go into one output: the narrow one into its metadata, where only the page looks.
- The look is in style.py and course.mplstyle; matplotlib is imported when a figure is drawn, not with this package.
- Every axis has a label with its unit ("step t", "accuracy"). No title repeats the caption: a title names a panel.
- A gate or state has the color `COLORS[letter]`, here and on the page. Color is never the only carrier: lines carry
  their names (`label_ends`), and differ in style or marker where they could be taken for each other in grey.
- The ground is white. The dark page turns light and dark around by itself.
- The same data give the same picture: seeds are the caller's.
"""

from lib.colors import COLORS
from lib.plots.cells import DIAGRAMS, cell_diagram, coupled_wiring, wiring
from lib.plots.gradients import (
    growth_by_drive,
    reach_against_weight,
    roads_by_gap,
    share_predicted,
    two_memories,
    width_of_difference,
)
from lib.plots.learning import learning_curve, state_plane
from lib.plots.roads import two_roads, unrolled, unrolled_lstm
from lib.plots.scores import (
    forest,
    kept_in_silence,
    recall_by_gap,
    recall_sequence,
    seeds_in_rows,
    solved_by_rate,
)
from lib.plots.states import (
    growth_without_end,
    kept_and_gated,
    running_sum,
    stacked_map,
    up_and_down,
)
from lib.plots.style import (
    DOTS,
    MIDDLE,
    NARROW,
    WIDTH,
    draw,
    drawn,
    label_ends,
    on_narrow,
    panels,
    pictures,
    png,
    signed,
    smallest_letter,
    spread,
)

__all__ = [
    # the figures
    "cell_diagram",
    "forest",
    "growth_by_drive",
    "growth_without_end",
    "kept_and_gated",
    "kept_in_silence",
    "learning_curve",
    "reach_against_weight",
    "recall_by_gap",
    "recall_sequence",
    "roads_by_gap",
    "running_sum",
    "seeds_in_rows",
    "share_predicted",
    "solved_by_rate",
    "stacked_map",
    "state_plane",
    "two_memories",
    "two_roads",
    "unrolled",
    "unrolled_lstm",
    "up_and_down",
    "width_of_difference",
    # what they and the explorers' pictures are made with
    "COLORS",
    "DIAGRAMS",
    "DOTS",
    "MIDDLE",
    "NARROW",
    "WIDTH",
    "coupled_wiring",
    "draw",
    "drawn",
    "label_ends",
    "on_narrow",
    "panels",
    "pictures",
    "png",
    "signed",
    "smallest_letter",
    "spread",
    "wiring",
]
