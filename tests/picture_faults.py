"""Faults planted in the figures, one at a time: what a figure letters is then another thing than what it draws.

A row of FAULTS is

    (what it is, the test of test_lettering.py that must see it, file in lib, right, wrong)

The library and that test are copied to a folder of their own, the fault is put in, and the test alone is run there. A
fault that its test does not see is alive and the command fails; so does a row whose right text is nowhere: it has to
follow the code. The changes of HARMLESS are put in all at once, and then every test has to pass: a figure's height, a
line's width, the size of a letter are nobody's facts.
"""

import sys

import mutants

CELLS, ROADS, STATES = "plots/cells.py", "plots/roads.py", "plots/states.py"
GRADIENTS, LEARNING, SCORES = "plots/gradients.py", "plots/learning.py", "plots/scores.py"
STYLE, STILLS = "plots/style.py", "live/static.py"
LSTM, GRU, RNN = (f"live/diagrams/{cell}.json" for cell in ("lstm", "gru", "rnn"))

# The tests.
SAME = "narrow_paper_shows_the_same_data_as_wide"
ORDER = "panels_stand_in_the_order_of_their_data"
AXES = "every_axis_has_its_quantity_its_unit_and_its_scale"
NUMBERED = "an_axis_has_two_numbers_at_least_and_none_lies_on_another"
ENDS = "a_name_at_a_lines_end_is_that_lines"
INSIDE = "a_name_within_a_panel_stands_on_a_point_of_its_own_curve"
CIRCUIT = "the_wires_of_a_cell_compute_what_their_letters_say"
WIDTHS = "a_wire_is_as_wide_as_what_it_carries_and_hollow_below_zero"
VALVES = "a_box_holds_its_gates_letter_word_color_and_value"
PARTS = "without_values_the_same_wires_lead_to_the_same_places"
LIT = "what_a_gate_governs_has_its_colors_and_the_rest_is_grey_thin_and_dashed"
COUPLED = "the_lstm_beside_the_gru_forgets_what_z_leaves_and_writes_what_z_lets_in"
UNROLLED = "arrows_of_the_unrolled_network_join_what_their_matrix_joins"
UNROLLED_LSTM = "arrows_of_the_unrolled_lstm_join_what_their_gate_joins"
BACK = "the_way_back_runs_against_every_arrow_and_says_where_it_comes_from"
TWO = "each_road_of_the_gradient_has_the_factor_that_the_chain_rule_gives_it"
GROWTH = "a_panel_of_growth_holds_the_matrices_of_its_radius"
SHARE = "a_network_stands_where_its_predicted_and_its_measured_share_say"
DASHED = "a_memory_of_the_state_is_solid_and_of_a_gradient_dashed"
BUNDLES = "a_thick_line_is_the_median_over_the_seeds_of_its_bundle"
TRAINED = "a_column_holds_the_accuracy_and_below_it_the_gradient_of_its_network"
LOSS = "the_dashed_loss_is_the_floor_that_its_words_name"
PLANE = "a_letter_of_the_plane_stands_where_the_read_out_says_it"
PATH = "the_path_in_the_plane_follows_the_letters"
MOMENTS = "a_moment_has_its_word_at_its_step"
SUM = "circles_are_the_sum_a_free_gates_line_is_solid_and_a_held_ones_dashed"
DOTTED = "a_dotted_line_stands_at_each_mark_and_at_no_other_step"
DOWN = "an_end_after_steps_up_and_down_has_its_n_a_style_of_its_own_and_room"
TABLE = "the_table_of_the_product_holds_the_numbers_that_its_heads_name"
GAPS = "a_line_of_recall_is_the_mean_over_seeds_at_each_gap"
ROWS = "a_row_has_the_seeds_of_its_name_with_the_color_and_the_shape_of_its_cell"
MARKS = "a_dashed_line_stands_where_its_word_says"
HOLLOW = "the_first_rate_is_hollow_and_above_the_second_filled_and_below"
MEANS = "the_upright_line_of_a_row_is_its_mean"
SQUARES = "a_square_of_the_sequence_stands_in_the_band_of_its_kind"
SHARES = "a_share_stands_at_its_rate_within_its_interval"
SILENCE = "a_line_of_silence_runs_from_before_to_after_and_the_upright_is_the_start"
FOREST = "a_verdict_stands_in_its_row_with_its_interval_and_is_filled_if_it_may_be_told"
SIGNS = "a_number_is_lettered_with_its_own_sign"
LEGEND = "a_legends_line_is_the_one_with_that_data"
DOTS = "a_gates_dot_lies_where_its_weights_put_it_and_its_words_say_so"
APART = "words_of_gates_lie_on_no_other_and_on_no_curve_and_say_what_is_beyond"
HALF = "the_half_life_is_where_half_is_left"
LANES = "a_lane_of_bars_is_the_gate_that_its_tick_names"
BLOCKS = "a_block_of_the_budget_is_to_scale_and_its_gates"
ANSWERS = "the_dark_bar_is_the_right_answer"
ORBIT = "an_orbit_begins_and_ends_where_its_letters_stand"

FAULTS = [
    # what every figure is made with
    ("names at line ends exchanged, lowest for highest", ENDS, STYLE, "zip(ends, heights, strict=True)",
     "zip(ends[::-1], heights, strict=True)"),
    ("a name at the height of a line's start", ENDS, STYLE, "line.get_xdata()[-1], line.get_ydata()[-1]",
     "line.get_xdata()[-1], line.get_ydata()[0]"),
    ("a name in another line's color", ENDS, STYLE, "color=line.get_color(),", "color=lines[0].get_color(),"),
    ("the forget gate in the input gate's color", ENDS, STYLE, "color=COLORS[letter], label",
     'color=COLORS["i" if letter == "f" else letter], label'),
    ("the cell state lettered h", ENDS, STYLE, 'name or f"${letter}_t$"',
     'name or f"${\'h\' if letter == \'c\' else letter}_t$"'),
    ("a turned grid that is only folded", ORDER, STYLE, "axes = axes.T if turned else axes.reshape(rows, columns)",
     "axes = axes.reshape(rows, columns)"),
    ("a minus before what is above zero", SIGNS, STYLE, "if value < 0 and", "if value > 0 and"),
    ("a negative zero", SIGNS, STYLE, " and float(text) else", " else"),
    ("LSTMs in the color of RNNs", ROWS, STYLE, 'return COLORS["c"], "s"', 'return COLORS["h"], "s"'),
    ("RNNs with the circles of GRUs", ROWS, STYLE, '(COLORS["h"], "^")', '(COLORS["h"], "o")'),
    ("a label on the left that is another panel's", AXES, STYLE, 'labels.pop("ylabel")', 'labels.pop("xlabel")'),
    # states
    ('"input gate" over the forget gate\'s curve', ENDS, STATES, "gate = getattr(trace.gates, letter)[:, unit, 0]",
     'gate = getattr(trace.gates, {"i": "f", "f": "i"}.get(letter, letter))[:, unit, 0]'),
    ("states a step too early", ENDS, STATES, "getattr(trace.states, letter)[1:, unit, 0]",
     "getattr(trace.states, letter)[:-1, unit, 0]"),
    ("steps counted from 0", ENDS, STATES, "steps = np.arange(1, len(trace.x) + 1)",
     "steps = np.arange(len(trace.x))"),
    ("c and h exchanged", ENDS, STATES, "state = getattr(trace.states, letter)",
     'state = getattr(trace.states, {"c": "h", "h": "c"}[letter])'),
    ("another sequence of the batch", ENDS, STATES, "trace.states, letter)[1:, unit, 0]",
     "trace.states, letter)[1:, unit, -1]"),
    ("a word a step too late", MOMENTS, STATES, "step, high + 0.04", "step + 1, high + 0.04"),
    ("another unit than the one that is asked for", ENDS, STATES, "trace.gates, letter)[:, unit, 0]",
     "trace.gates, letter)[:, 0, 0]"),
    ("a moment's line a step too late", MOMENTS, STATES, "ax.axvline(step, color", "ax.axvline(step + 1, color"),
    ("gate and state exchanged on the axes", AXES, STATES, 'set(ylabel="gate"', 'set(ylabel="state"'),
    ("narrow paper shows h for c", SAME, STATES, "state = getattr(trace.states, letter)",
     'state = getattr(trace.states, "h" if on_narrow() else letter)'),
    ("W_x and W_h exchanged", TABLE, STATES, '"$W_x$", D + (H - 1) / 2: "$W_h$"',
     '"$W_h$", D + (H - 1) / 2: "$W_x$"'),
    ("x and h exchanged", TABLE, STATES, 'top, "$x_t$", color', 'top, "$h_{t-1}$", color'),
    ("the old state before the input", TABLE, STATES, "np.concatenate([x_t, h_prev])",
     "np.concatenate([h_prev, x_t])"),
    ("gates in another order than W's rows", TABLE, STATES, "np.concatenate(gates), rows",
     "np.concatenate(gates[::-1]), rows"),
    ("tanh over the output gate's arrow", TABLE, STATES, '"tanh" if gate == "g"', '"tanh" if gate == "o"'),
    ("rows in the colors of other gates", TABLE, STATES, "for gate, _ in names for _ in range(H)]",
     "for _ in range(H) for gate, _ in names]"),
    ("the upright line after H columns", TABLE, STATES, "ax.plot([D - 0.5] * 2", "ax.plot([H - 0.5] * 2"),
    ("b and a exchanged", TABLE, STATES, 'D + H + 2.4: "$b$"}', 'D + H + 4.2: "$b$"}'),
    ("a without its b", TABLE, STATES, "W @ xh + b, rows", "W @ xh, rows"),
    ("names of W's blocks from below", TABLE, STATES, "y, color = block * H + (H - 1) / 2",
     "y, color = (3 - block) * H + (H - 1) / 2"),
    ("the dashed lines named as the solid ones", ENDS, STATES, "for (name, lines), style in zip(largest.items(),",
     "for (name, lines), style in zip(zip(largest, list(largest.values())[::-1]),"),
    ("the cell with a forget gate in grey", ENDS, STATES, '"neutral" if style == "--" else "c"',
     '"neutral" if style == "-" else "c"'),
    ("linear for logarithmic", AXES, STATES, "ax.loglog(steps, line", "ax.plot(steps, line"),
    ("narrow paper leaves seeds out", SAME, STATES, "for number, line in enumerate(lines):",
     "for number, line in enumerate(lines[: 1 if on_narrow() else None]):"),
    ("the mean of the seeds for each of them", ENDS, STATES, "ax.loglog(steps, line, color",
     "ax.loglog(steps, lines.mean(axis=0), color"),
    ("the free and the held unit exchanged", ENDS, STATES,
     'steps, free, "r free")\n    draw(ax, "neutral", steps, held,',
     'steps, held, "r free")\n    draw(ax, "neutral", steps, free,'),
    ("their names exchanged", ENDS, STATES, 'free, "r free")\n    draw(ax, "neutral", steps, held, "r = 1"',
     'free, "r = 1")\n    draw(ax, "neutral", steps, held, "r free"'),
    ("the free unit in the update gate's color", ENDS, STATES, 'draw(ax, "r", steps, free',
     'draw(ax, "z", steps, free'),
    ("the sum's name on the free unit's line", ENDS, STATES, 'markersize=6, label="sum"',
     'markersize=6, label="r free"'),
    ("sums from step 0 on", ENDS, STATES, "steps = np.arange(1, len(sums) + 1)", "steps = np.arange(len(sums))"),
    ("circles of the free unit", SUM, STATES, 'ax.plot(steps, sums, "o"', 'ax.plot(steps, free, "o"'),
    ("circles of the held unit", SUM, STATES, 'ax.plot(steps, sums, "o"', 'ax.plot(steps, held, "o"'),
    ("circles a step late", SUM, STATES, 'ax.plot(steps, sums, "o"', 'ax.plot(steps + 1, sums, "o"'),
    ("filled circles", SUM, STATES, 'sums, "o", mfc="white"', 'sums, "o"'),
    ("a sum that is a line", SUM, STATES, 'sums, "o", mfc', 'sums, "o-", mfc'),
    ("the held unit as solid as the free one", SUM, STATES, 'held, "r = 1", ls="--")', 'held, "r = 1")'),
    ("free dashed and held solid", SUM, STATES,
     '"r free")\n    draw(ax, "neutral", steps, held, "r = 1", ls="--")',
     '"r free", ls="--")\n    draw(ax, "neutral", steps, held, "r = 1")'),
    ("a panel that cuts the sum", SUM, STATES, 'ylabel="sum", xlim', 'ylabel="sum", ylim=(-1, 1), xlim'),
    ("a panel that cuts the first step", SUM, STATES, "xlim=(0.5, steps[-1] + 0.5)", "xlim=(1.5, steps[-1] + 0.5)"),
    ("marks a step late", DOTTED, STATES, "for step in steps[np.asarray(marks) > 0]:",
     "for step in steps[np.asarray(marks) > 0] + 1:"),
    ("a dotted line at every step", DOTTED, STATES, "for step in steps[np.asarray(marks) > 0]:", "for step in steps:"),
    ("dotted lines where no mark is", DOTTED, STATES, "np.asarray(marks) > 0", "np.asarray(marks) == 0"),
    ("marks from the end", DOTTED, STATES, "steps[np.asarray(marks) > 0]", "steps[np.asarray(marks)[::-1] > 0]"),
    ("a mark's line that is solid", DOTTED, STATES,
     'lw=0.8, ls=":", zorder=0)\n    ax.plot(steps, sums', 'lw=0.8, zorder=0)\n    ax.plot(steps, sums'),
    ("a mark's line of half the height", DOTTED, STATES, "ax.axvline(step, color=COLORS",
     "ax.axvline(step, 0, 0.5, color=COLORS"),
    ("dotted lines that are not explained", AXES, STATES, '"step t (dotted: a mark)"', '"step t"'),
    ("sum and step exchanged on the axes", AXES, STATES, 'xlabel="step t (dotted: a mark)", ylabel="sum"',
     'ylabel="step t (dotted: a mark)", xlabel="sum"'),
    ("narrow paper leaves the held unit out", SAME, STATES, 'draw(ax, "neutral", steps, held,',
     'on_narrow() or draw(ax, "neutral", steps, held,'),
    ("narrow paper leaves marks out", SAME, STATES, "steps[np.asarray(marks) > 0]",
     "steps[np.asarray(marks) > 0][on_narrow():]"),
    ("two values of z exchanged", ENDS, STATES, "for (name, values), style in zip(ends.items(),",
     "for (name, values), style in zip(zip(ends, [[*ends.values()][k] for k in (0, 2, 1)]),"),
    ("the LSTM's end and a coupled cell's exchanged", ENDS, STATES,
     "for (name, values), style in zip(ends.items(),",
     "for (name, values), style in zip(zip(ends, [[*ends.values()][k] for k in (1, 0, 2)]),"),
    ("ends from n = 0 on", ENDS, STATES, "steps = np.arange(1, len(next(iter(ends.values()))) + 1)",
     "steps = np.arange(len(next(iter(ends.values()))))"),
    ("coupled cells in the color of c", ENDS, STATES, '"c" if "LSTM" in name else "z"',
     '"z" if "LSTM" in name else "c"'),
    ("three ends alike in grey", DOWN, STATES, 'zip(ends.items(), ("-", "--", ":")',
     'zip(ends.items(), ("-", "-", "-")'),
    ("the LSTM dashed", DOWN, STATES, 'zip(ends.items(), ("-", "--", ":")', 'zip(ends.items(), ("--", "-", ":")'),
    ("limits of other data", DOWN, STATES, "xticks=steps)\n    label_ends",
     "xticks=steps, ylim=(-1, 0.1))\n    label_ends"),
    ("limits that leave the data flat", DOWN, STATES, "xticks=steps)\n    label_ends",
     "xticks=steps, ylim=(-9, 9))\n    label_ends"),
    ("the last n beyond the panel", DOWN, STATES, "xlim=(0.8, steps[-1] + 0.2), xticks=steps)",
     "xticks=steps, xlim=(0.8, steps[-1] - 0.2))"),
    ("every other n without its number", DOWN, STATES, "xticks=steps)\n    label_ends",
     "xticks=steps[::2])\n    label_ends"),
    ("n counted in all steps", DOWN, STATES, "xticks=steps)\n    label_ends",
     "xticks=steps, xticklabels=2 * steps)\n    label_ends"),
    ("n and the state exchanged on the axes", AXES, STATES,
     'xlabel="k steps up, then k down", ylabel="cell state at the end"',
     'ylabel="k steps up, then k down", xlabel="cell state at the end"'),
    ("a logarithm of n", AXES, STATES, 'xlabel="k steps up, then k down"',
     'xscale="log", xlabel="k steps up, then k down"'),
    ("narrow paper leaves a value of z out", SAME, STATES, 'draw(ax, "c" if "LSTM"',
     '(on_narrow() and style == ":") or draw(ax, "c" if "LSTM"'),
    # gradients
    ("state and gradient exchanged", INSIDE, GRADIENTS, "ax.annotate(name, (w[at], steps[at])",
     "ax.annotate([*lasts][::-1][[*lasts].index(name)], (w[at], steps[at])"),
    ("a name that stands in another line's color", INSIDE, GRADIENTS,
     'color=color, va="center", **side)',
     'color=COLORS["x"], va="center", **side)'),
    ("a name beyond the cut", INSIDE, GRADIENTS, "np.flatnonzero(steps < top)[-1]", "np.flatnonzero(steps >= top)[-1]"),
    ("steps that are a share", AXES, GRADIENTS, "steps until 1 % is left", "share that is left"),
    ("state dashed and gradient solid", DASHED, GRADIENTS, 'ls="-" if solid else "--"', 'ls="--" if solid else "-"'),
    ("matrices for strengths", GROWTH, GRADIENTS, "lines.T, color", "lines.T[::-1], color"),
    ("the networks at rest of another radius", GROWTH, GRADIENTS, "zip(axes, radii, left, at_rest,",
     "zip(axes, radii, left, at_rest[::-1],"),
    ("radii exchanged in the titles", GROWTH, GRADIENTS, "zip(axes, radii, left, at_rest,",
     "zip(axes, radii, left[::-1], at_rest,"),
    ("titles in another order", ORDER, GRADIENTS, "zip(axes, radii, left, at_rest,",
     "zip(axes, radii[::-1], left, at_rest,"),
    ("rest among the strengths", GROWTH, GRADIENTS, "edge = strengths[0] / 6", "edge = strengths[1]"),
    ("linear strengths", AXES, GRADIENTS, 'xscale="log", yscale="log"', 'xscale="linear", yscale="log"'),
    ("a strength without its name", AXES, GRADIENTS, 'xlabel="strength of the input"', 'xlabel="s"'),
    ("a line at 10 that stands for 1", GROWTH, GRADIENTS, 'ax.axhline(1, color', 'ax.axhline(10, color'),
    ("predicted and measured exchanged", SHARE, GRADIENTS, "(predicted[name], measured[name])",
     "(measured[name], predicted[name])"),
    ("the two starts' names exchanged", SHARE, GRADIENTS, "ax.annotate(name, middle",
     "ax.annotate([*predicted][::-1][[*predicted].index(name)], middle"),
    ("both starts with one mark", SHARE, GRADIENTS, '"x o".split()', '"o o".split()'),
    ("a diagonal that is none", SHARE, GRADIENTS, "ax.loglog(ends, ends, color", "ax.loglog(ends, ends[::-1], color"),
    ("the axes' names exchanged", AXES, GRADIENTS, 'xlabel="predicted share", ylabel="measured share"',
     'xlabel="measured share", ylabel="predicted share"'),
    ("the two precisions exchanged", INSIDE, GRADIENTS, "ax.annotate(name, (widths[2]",
     "ax.annotate([*errors][[*errors][0] == name], (widths[2]"),
    ("a name at the place of the next width", INSIDE, GRADIENTS, "(widths[2], values[2])", "(widths[3], values[2])"),
    ("widths on a linear axis", AXES, GRADIENTS, "ax.loglog(widths, values", "ax.semilogy(widths, values"),
    ("the additive road and the whole exchanged", INSIDE, GRADIENTS,
     '(("f", "additive road", "--"), ("c", "whole", "-"))',
     '(("f", "whole", "--"), ("c", "additive road", "-"))'),
    ("the roads' data exchanged", INSIDE, GRADIENTS, "in zip(looks, roads, strict",
     "in zip(looks, roads[::-1], strict"),
    ("a median over gaps", BUNDLES, GRADIENTS, "np.median(norms, axis=1)", "np.median(norms, axis=0)"),
    ("a mean for the median", BUNDLES, GRADIENTS, "np.median(norms, axis=1)", "np.mean(norms, axis=1)"),
    ("a gap without its unit", AXES, GRADIENTS, 'xlabel="gap T (steps)"', 'xlabel="gap T"'),
    ("the networks exchanged in the titles", TRAINED, GRADIENTS, "above.set(title=name",
     "above.set(title=[*accuracy][name == [*accuracy][0]]"),
    ("the gradient of the other network", TRAINED, GRADIENTS, "below.semilogy(left[name]",
     "below.semilogy([*left.values()][name == [*left][0]]"),
    ("the gradient above the accuracy", TRAINED, GRADIENTS, "for name, (above, below) in zip",
     "for name, (below, above) in zip"),
    ("a gradient on a linear axis", AXES, GRADIENTS, "below.semilogy(", "below.plot("),
    ("gaps a step too long", TRAINED, GRADIENTS, "above.plot(gaps, accuracy", "above.plot(np.add(gaps, 1), accuracy"),
    # learning
    ("a word at the loss of the step before", INSIDE, LEARNING, "word, (step, mean[step])",
     "word, (step, mean[step - 1])"),
    ("a linear loss", AXES, LEARNING, "ax.set_ylim(min(map(min",
     'ax.set_yscale("linear")\n    ax.set_ylim(min(map(min'),
    ("the floor at the lowest loss of the run", LOSS, LEARNING, "ax.axhline(floor", "ax.axhline(min(mean)"),
    ("the loss without what it is of", AXES, LEARNING, '"loss of a letter"', '"loss"'),
    ("the letters' names in another order", ENDS, LEARNING, "lw=1.1, label=name",
     "lw=1.1, label=[*losses][::-1][[*losses].index(name)]"),
    ("a sum that is called the mean", LOSS, LEARNING, "np.mean([*losses.values()]", "np.sum([*losses.values()]"),
    ("the letters alike in grey", LOSS, LEARNING, '("-", "--", "-.", ":")', '("-", "-", "-", "-")'),
    ("regions named in another order", PLANE, LEARNING, "zip(alphabet, ahead, strict",
     "zip(alphabet[::-1], ahead, strict"),
    ("a plane without the read-out's bias", PLANE, LEARNING, " + read_out.b[:, :, None]", ""),
    ("a letter of the plane upon the path", PLANE, LEARNING, "(free if free.any() else within)", "(within)"),
    ("the two units exchanged", AXES, LEARNING, 'xlabel="hidden unit 1", ylabel="hidden unit 2"',
     'xlabel="hidden unit 2", ylabel="hidden unit 1"'),
    ("the plane's axes exchanged", PLANE, LEARNING, "np.meshgrid(side, side)",
     'np.meshgrid(side, side, indexing="ij")'),
    ("a path from the end to the start", PATH, LEARNING, "xy=h[t], xytext=h[t - 1]", "xy=h[t - 1], xytext=h[t]"),
    ("states counted from the second", PATH, LEARNING, 'f"$h_{t + 1}$ after', 'f"$h_{t}$ after'),
    ("a name beside the state before", PATH, LEARNING, "_beside(ax, h[t], np.mean", "_beside(ax, h[t - 1], np.mean"),
    ("the erased state with its units exchanged", PATH, LEARNING, "ax.plot(*erased, ", "ax.plot(*erased[::-1], "),
    ("the erased state filled as the others", PATH, LEARNING, '*erased, "o", mfc="white"', '*erased, "o", mfc=color'),
    # roads
    ("the forget gate named o in the unrolled LSTM", UNROLLED_LSTM, ROADS, 'f"$f_{t}$", COLORS["f"], (x - 1, 2.18)',
     'f"$o_{t}$", COLORS["o"], (x - 1, 2.18)'),
    ("what is written, into h", UNROLLED_LSTM, ROADS, "(x - 0.3, 1.7),", "(x - 0.3, 0.3),"),
    ("tanh from h to c", UNROLLED_LSTM, ROADS, "((x, 1.7), (x, 0.3), \"tanh\"", "((x, 0.3), (x, 1.7), \"tanh\""),
    ("names of a step too early", UNROLLED_LSTM, ROADS, "{names[t - 1]}", "{names[t - 2]}"),
    ("the output gate in the input gate's color", UNROLLED_LSTM, ROADS, 'COLORS["o"], (x - 0.56',
     'COLORS["i"], (x - 0.56'),
    ("letters and targets exchanged", UNROLLED, ROADS, "$x_{t}$: {letters[t - 1]}", "$x_{t}$: {targets[t - 1]}"),
    ("an answer of the step before", UNROLLED, ROADS, "{targets[t - 1]}", "{targets[t - 2]}"),
    ("an arrow of the states turned around", UNROLLED, ROADS, '((t - 0.7, 1), (t - 0.3, 1), "$W_h$"',
     '((t - 0.3, 1), (t - 0.7, 1), "$W_h$"'),
    ("W_x on the arrow to the answer", UNROLLED, ROADS, '(t, 2.12), "$W_y$"', '(t, 2.12), "$W_x$"'),
    ("a name beside another arrow", UNROLLED, ROADS, '"$W_x$", (t, 0.28)', '"$W_x$", (t, 1.4)'),
    ("an arrow from the answer to the next state", UNROLLED, ROADS, "((t, 1.28), (t, 2.12)",
     "((t - 1, 2.12), (t, 1.28)"),
    ("a way back that goes forward", BACK, ROADS, "arrow(ax, (t - 0.3, 0.84), (t - 0.7, 0.84)",
     "arrow(ax, (t - 0.7, 0.84), (t - 0.3, 0.84)"),
    ("a way back that is solid", BACK, ROADS, '(t + 0.12, 0.72), (t + 0.12, -0.1), COLORS["h"], ls=(0, (3, 2))',
     '(t + 0.12, 0.72), (t + 0.12, -0.1), COLORS["h"]'),
    ("this step and later steps exchanged", BACK, ROADS, "from the loss\\nof this step", "from all\\nlater steps"),
    ("f of the other step", TWO, ROADS, '((2, "$f_t$"), (4, "$f_{t+1}$"))', '((2, "$f_{t+1}$"), (4, "$f_t$"))'),
    ("a road along the cell states that goes forward", TWO, ROADS, "(x - 0.36, 2), (x - 1.64, 2)",
     "(x - 1.64, 2), (x - 0.36, 2)"),
    ("a road from c down to h", TWO, ROADS, "_road(ax, (x, 0.32), (x, 1.68)", "_road(ax, (x, 1.68), (x, 0.32)"),
    ("W_h from the cell state", TWO, ROADS, "_road(ax, (x - 1.3, 0.74), (x - 1.72, 0.32)",
     "_road(ax, (x - 1.72, 0.32), (x - 1.3, 0.74)"),
    ("c and h in each other's color", TWO, ROADS, 'f"$h_{{{t}}}$", COLORS["h"])', 'f"$h_{{{t}}}$", COLORS["c"])'),
    ("the output gate's slope beside the next step", TWO, ROADS, "ax.text(2.06, 1.55", "ax.text(3.06, 1.55"),
    ("the loss of another step", TWO, ROADS, "loss of step $t$", "loss of step $t+1$"),
    ("the forget gate's road in another color", TWO, ROADS, '(x - 1.64, 2), COLORS["f"]',
     '(x - 1.64, 2), COLORS["o"]'),
    # scores
    ("a mean over gaps", GAPS, SCORES, "ax.plot(places, scores.mean(axis=1)", "ax.plot(places, scores.mean(axis=0)"),
    ("circles of other gaps", GAPS, SCORES, 'shift, scores, "o", mfc="white", mec=COLORS["h"]',
     'shift, scores[::-1], "o", mfc="white", mec=COLORS["h"]'),
    ("chance where it is not", GAPS, SCORES,
     "ax.axhline(chance, color=COLORS[\"neutral\"], ls=\"--\", lw=1.1)\n        ax.text(",
     "ax.axhline(1 - chance, color=COLORS[\"neutral\"], ls=\"--\", lw=1.1)\n        ax.text("),
    ("gaps in another order", GAPS, SCORES, "xticklabels=gaps, ylim", "xticklabels=gaps[::-1], ylim"),
    ("titles of panels exchanged", GAPS, SCORES, 'ax.set_title(f"{name} start")',
     'ax.set_title(f"{[*accuracy][[*accuracy][0] == name]} start")'),
    ("narrow paper shows fewer seeds", SAME, SCORES, "scores = np.asarray(scores)",
     "scores = np.asarray(scores)[:, : 2 if on_narrow() else None]"),
    ("accuracy without its name", AXES, SCORES, 'xlabel="gap (steps)", ylabel="accuracy")', 'xlabel="gap (steps)")'),
    ("hollow and filled exchanged", HOLLOW, SCORES, '("none", color)', '(color, "none")'),
    ("above and below exchanged", HOLLOW, SCORES, "(-0.2, 0.2)", "(0.2, -0.2)"),
    ("an error on a linear axis", AXES, SCORES, 'if "error" in label or', 'if "errors" in label or'),
    ("an accuracy on a logarithmic axis", AXES, SCORES, 'if "error" in label or', 'if "a" in label or'),
    ("numbers on each other", NUMBERED, SCORES, "            _number_logarithms(ax)\n", ""),
    ("a logarithmic axis without a number", NUMBERED, SCORES, "subs=(1, 2, 5) if high - low < 1 else (1, 3)",
     "subs=(7,)"),
    ("a coupled LSTM in the looks of a GRU", ROWS, STYLE, 'or "coupled" in name', 'and "coupled" not in name'),
    ("rows in another order than their names", ROWS, SCORES, "_name_rows(ax, list(scores))",
     "_name_rows(ax, list(scores)[::-1])"),
    ("narrow names in another order", ROWS, SCORES, "fill(name, 20) for name in rows]",
     "fill(name, 20) for name in rows[::-1]]"),
    ("a mark of another panel", MARKS, SCORES, "word, place = marks[label]", "word, place = [*marks.values()][0]"),
    ("a word beside its mark", MARKS, SCORES, "ax.text(place, 1.02, word", "ax.text(place / 2, 1.02, word"),
    ("a median for the mean", MEANS, SCORES, "[np.mean(line)] * 2", "[np.median(line)] * 2"),
    ("a mean over all rows", MEANS, SCORES, "[np.mean(line)] * 2", "[np.mean([*scores.values()])] * 2"),
    ("rows from below", ROWS, SCORES, "ylim=(rows - 0.5, -0.5))",
     "ylim=(rows - 0.5, -0.5))\n        scores = dict(reversed(scores.items()))"),
    ("symbols and distractors exchanged", SQUARES, SCORES, '["symbols", "distractors", "cue"]',
     '["distractors", "symbols", "cue"]'),
    ('"keep this" beside the first distractor', SQUARES, SCORES, '"keep this", (0, rows[0])',
     '"keep this", (1, rows[1])'),
    ("a sequence from its end", SQUARES, SCORES, "np.nonzero(x)", "np.nonzero(x[::-1])"),
    ("a symbol as grey as a distractor", SQUARES, SCORES, "if row < symbols else", "if row < symbols - 1 else"),
    ("a border among the symbols", SQUARES, SCORES, "ax.axhline(symbols - 0.5", "ax.axhline(symbols - 1.5"),
    ("starts row by row that belong below each other", ORDER, SCORES, "zip(axes.T.flat, shares",
     "zip(axes.flat, shares"),
    ("an interval from another rate", SHARES, SCORES, "ax.vlines(places, low, high",
     "ax.vlines(places, low[::-1], high"),
    ("the low end of an interval for its value", SHARES, SCORES, "(value, low, high) = of_cell(name)",
     "(low, value, high) = of_cell(name)"),
    ("rates in another order", SHARES, SCORES, "xticklabels=rates", "xticklabels=rates[::-1]"),
    ("shares called accuracies", AXES, SCORES, 'ylabel="share of runs that learn it"', 'ylabel="accuracy"'),
    ("before and after exchanged", SILENCE, SCORES, "(name, (before, after)) in", "(name, (after, before)) in"),
    ("the start of another cell", SILENCE, SCORES, "[np.mean(before)] * 2", "[np.mean([*kept.values()][0][0])] * 2"),
    ('"at the start" over another place', SILENCE, SCORES, "np.mean(kept[next(iter(kept))][0])",
     "np.mean(kept[[*kept][-1]][0])"),
    ("cells in another order than their names", SILENCE, SCORES, "range(len(kept)), list(kept))",
     "range(len(kept)), list(kept)[::-1])"),
    ("a share of what is not said", AXES, SCORES, 'xlabel="share kept in a step"', 'xlabel="share"'),
    ("hollow where something may be told", FOREST, SCORES, "color if verdict.side else",
     '"white" if verdict.side else'),
    ("filled whatever the halves say", FOREST, SCORES, 'color if verdict.side else "white"', "color"),
    ("a verdict against the wrong way", FOREST, SCORES, "color if verdict.side else", "color if verdict.side > 0 else"),
    ("an interval without its low end", FOREST, SCORES, "ax.plot([low, high], [row, row]",
     "ax.plot([value, high], [row, row]"),
    ("a row of the task before", FOREST, SCORES, "(verdict := verdicts.get(name)) is None",
     "(verdict := panels_of_verdicts[titles[0]][1].get(name)) is None"),
    ("rows of a forest from below", FOREST, SCORES, "label, title=title, ylim=(len(rows) - 0.5, -0.5)",
     "label, title=title, ylim=(-0.5, len(rows) - 0.5)"),
    ("a dashed line beside no difference", FOREST, SCORES, 'ax.axvline(0, color', 'ax.axvline(0.1, color'),
    ("titles of another task", FOREST, SCORES, "xlabel=label, title=title, ylim=(len",
     "xlabel=label, title=titles[-1], ylim=(len"),
    ("steps called shares", AXES, SCORES, "ax.set(xlabel=label, title=title, ylim=(len",
     'ax.set(xlabel="share of runs", title=title, ylim=(len'),
    # wiring
    ("f leads to the sum", CIRCUIT, LSTM, '"f", "points": [[108, 190], [108, 70]]',
     '"f", "points": [[108, 190], [108, 140], [226, 140], [226, 70]]'),
    ("f meets the candidate, i the old state", CIRCUIT, LSTM,
     '{"id": "f", "at": [108, 212], "name": "f", "word": "forget"}',
     '{"id": "i", "at": [108, 212], "name": "i", "word": "input"}'),
    ("product and sum exchanged", CIRCUIT, LSTM,
     '"text": "×", "at": [108, 56]},\n    {"id": "add", "text": "+", "at": [226, 56]}',
     '"text": "+", "at": [108, 56]},\n    {"id": "add", "text": "×", "at": [226, 56]}'),
    ("i before the candidate's tanh", CIRCUIT, LSTM, '"i", "color": "i", "points": [[226, 190], [226, 148]]',
     '"i", "color": "i", "points": [[226, 190], [226, 160], [306, 160], [306, 106]]'),
    ("o meets c without its tanh", CIRCUIT, LSTM, '"text": "tanh", "at": [306, 92], "wide": true}',
     '"text": "×", "at": [306, 92], "wide": true}'),
    ("the branch from the old cell state", CIRCUIT, LSTM, '"points": [[306, 56], [306, 78]]',
     '"points": [[180, 56], [180, 30], [306, 30], [306, 78]]'),
    ("written and kept exchanged in the labels", CIRCUIT, LSTM, '"tex": "f\\\\,c_{t-1}"', '"tex": "i\\\\,g"'),
    ("c and h exchanged at the exits", CIRCUIT, LSTM, '"tex": "h_t", "color": "h", "at": [434, 112]',
     '"tex": "h_t", "color": "h", "at": [434, 32]'),
    ("what is kept is what i lets in", CIRCUIT, CELLS, '{"kept": f * c_prev,', '{"kept": i * c_prev,'),
    ("h without tanh", CIRCUIT, CELLS, '"h": o * np.tanh(c)}', '"h": o * c}'),
    ("z turned is z", CIRCUIT, CELLS, "n, keep = np.tanh(p + back), 1 - z", "n, keep = np.tanh(p + back), z"),
    ("a candidate that no reset gate touches", CIRCUIT, CELLS, "back = w * r * h_prev", "back = w * h_prev"),
    ("1 − z and z exchanged at the products", CIRCUIT, GRU, '{"text": "1−", "at": [128, 130]}',
     '{"text": "×", "at": [128, 130]}'),
    ("r after the candidate's sum", CIRCUIT, GRU, '"r", "color": "r", "points": [[53, 246], [62, 246]]',
     '"r", "color": "r", "points": [[53, 246], [60, 246], [60, 290], [291, 290], [291, 270]]'),
    ("a candidate without its tanh", CIRCUIT, GRU, '"text": "tanh", "at"', '"text": "1−", "at"'),
    ("what z keeps lettered z h", CIRCUIT, GRU, '"tex": "(1-z)\\\\,h_{t-1}"', '"tex": "z\\\\,h_{t-1}"'),
    ("the input's share lettered w", CIRCUIT, GRU, '"tex": "p"', '"tex": "w"'),
    ("heads that point back", CIRCUIT, CELLS, "10 * on,", "-10 * on,"),
    ("an update gate that reads no input", PARTS, GRU, "[248, 310], [248, 178], [244, 183], [248, 178], [252, 183]",
     "[248, 310], [248, 298], [244, 303], [248, 298], [252, 303]"),
    ("a reset gate that reads the input alone", PARTS, GRU, "[30, 56], [30, 222], [26, 217], [30, 222], [34, 217]",
     "[30, 310], [30, 294], [26, 299], [30, 294], [34, 299]"),
    ("the input's share from nowhere", PARTS, GRU, '"points": [[206, 310], [206, 270]]',
     '"points": [[206, 298], [206, 270]]'),
    ("an LSTM given the same input", COUPLED, CELLS, 'coupled gates, given the same candidate"',
     'coupled gates, given the same input"'),
    ("the update gate called reset", VALVES, GRU, '"word": "update"', '"word": "reset"'),
    ("input and candidate exchanged below their boxes", VALVES, LSTM, '"name": "i", "word": "input"',
     '"name": "i", "word": "candidate"'),
    ("r and z exchanged in their boxes", CIRCUIT, GRU, '"id": "z", "at": [240, 130], "name": "z"',
     '"id": "z", "at": [240, 130], "name": "r"'),
    ("the RNN's sum and tanh exchanged", CIRCUIT, RNN, '{"text": "+", "at": [166, 92]}',
     '{"text": "tanh", "at": [166, 56]}'),
    ("x and h exchanged at the RNN's doors", CIRCUIT, RNN, '"tex": "W_h h_{t-1}"', '"tex": "W_x x_t"'),
    ("a number of another wire", CIRCUIT, CELLS, 'f"= {signed(value, digits)}"', 'f"= {signed(-value)}"'),
    ("hollow where it is positive", WIDTHS, CELLS, "value is not None and value < 0 and not faint",
     "value is not None and value > 0 and not faint"),
    ("a wire as wide as its own share", WIDTHS, CELLS, "0.25 if value is None else min(abs(value), 1.5)",
     "0.25 if value is None else max(value, 0)"),
    ("a branch as wide as another wire", WIDTHS, LSTM, '"id": "c_down", "value": "c"',
     '"id": "c_down", "value": "c_prev"'),
    ("a wire of another color", CIRCUIT, LSTM, '"id": "kept", "color": "c"', '"id": "kept", "color": "h"'),
    ("a box of another color", VALVES, CELLS, '*ink(gate, gate["name"])', '*ink(gate, gate["name"].replace("i", "f"))'),
    ("a box filled from the top", VALVES, CELLS, "else (y + h / 2, h)", "else (y - h / 2, -h)"),
    ("a box with another gate's number", VALVES, CELLS, "signed(value, digits), color=color, **MIDDLE, size=sizes[1]",
     "signed(1 - value), color=color, **MIDDLE, size=sizes[1]"),
    ("without values an arrow to the wrong box", PARTS, LSTM,
     '"to_i", "color": "neutral", "plain": true, "points": [[226, 276], [226, 260]',
     '"to_i", "color": "neutral", "plain": true, "points": [[200, 276], [200, 260]'),
    ("narrow paper with other numbers", SAME, CELLS, 'f"= {signed(value, digits)}"',
     'f"= {signed(value / (1 + on_narrow()))}"'),
    ("f and i exchanged beside the GRU", COUPLED, CELLS, "dict(f=1 - z, i=z, o=1", "dict(f=z, i=1 - z, o=1"),
    ("an output gate half open beside the GRU", COUPLED, CELLS, "i=z, o=1, g", "i=z, o=0.5, g"),
    ("the titles of the two cells exchanged", COUPLED, CELLS,
     "(title, (diagram, values)) in zip((0 * room, room), named.items()",
     "(title, (diagram, values)) in zip((0 * room, room), zip(named, [*named.values()][::-1])"),
    ("the bridge under another box", COUPLED, GRU, "[108, 258], [108, 272], [226, 272], [226, 258]",
     "[108, 258], [108, 272], [168, 272], [168, 258]"),
    ("the bridge's words turned around", COUPLED, GRU, "f = 1 − z and i = z; o = 1", "f = z and i = 1 − z; o = 1"),
    ("the bridge under the GRU", COUPLED, CELLS, '    bridge, z_color = gru["coupling"]',
     '    ax = figure.axes[0]\n    bridge, z_color = gru["coupling"]'),
    # what is lit of a wiring
    ("the parts of two gates exchanged", LIT, LSTM,
     '"f": ["c_prev", "f", "keep", "kept", "add"],\n    "i": ["g", "i", "write", "written", "add"]',
     '"i": ["c_prev", "f", "keep", "kept", "add"],\n    "f": ["g", "i", "write", "written", "add"]'),
    ("the part of another gate is lit", LIT, CELLS, "parts.get(lit))", 'parts.get({"o": "i"}.get(lit, lit)))'),
    ("nothing is pale", LIT, CELLS, "pale = lit is not None and", "pale = False and"),
    ("a part told by its color alone", LIT, CELLS, "dict(ls=PALE, alpha=0.6)", "dict(alpha=0.6)"),
    ("a letter in color at a pale wire", LIT, CELLS, 'ink(label, label["color"])[0]', 'COLORS[label["color"]]'),
    ("a gate in color that is not lit", LIT, CELLS, '*ink(gate, gate["name"])', 'COLORS[gate["name"]], False'),
    # stills of the explorers
    ("state and gradient exchanged in the legend", LEGEND, STILLS, 'ls="--", label="gradient")',
     'ls="--", label="state")'),
    ("a state a step too early", LEGEND, STILLS, 'plots.draw(ax, "h", np.arange(41), h, "state")',
     'plots.draw(ax, "h", np.arange(41) - 1, h, "state")'),
    ("linear and logarithmic exchanged", AXES, STILLS, 'axes[1].set(yscale="log"', 'axes[0].set(yscale="log"'),
    ("the whole and the additive road exchanged", LEGEND, STILLS, "steps, np.abs(whole), ", "steps, direct, "),
    ("at rest and in motion exchanged", LEGEND, STILLS, 'ls="--", label="at rest")', 'ls="--", label="in motion ")'),
    ("the last state's letters at the first", ORBIT, STILLS, 'f"$h_{{{t}}}$", h[t]', 'f"$h_{{{t}}}$", h[-1 - t]'),
    ("a dot at every other step", ORBIT, STILLS, 'plane.plot(*h.T, "o"', 'plane.plot(*h[::2].T, "o"'),
    ("the units exchanged", AXES, STILLS, 'xlabel="hidden unit 1"', 'xlabel="hidden unit 2"'),
    ("the RNN called LSTM", LEGEND, STILLS, 'np.abs(through_rnn), "RNN")', 'np.abs(through_rnn), "LSTM, whole")'),
    ("c and h exchanged in the legend", LEGEND, STILLS, 'np.arange(len(values)), values, f"${name}$"',
     'np.arange(len(values)), values, "$%s$" % {"c": "h", "h": "c"}[name]'),
    ("gates of other lanes", LANES, STILLS, '["$g$", "$f$", "$i$", "$o$"]', '["$g$", "$i$", "$f$", "$o$"]'),
    ("a gate's dot on another gate's weights", DOTS, STILLS, 'weights[f"w_{gate}x"] * x + weights[f"w_{gate}h"] * h',
     'weights[f"w_{gate}h"] * x + weights[f"w_{gate}x"] * h'),
    ("a gate's dot on another gate's bias", DOTS, STILLS, 'weights[f"b_{gate}"]', 'weights["b_i"]'),
    ("words of gates on each other", APART, STILLS, ", taken + line)", ", -np.inf)"),
    ("words of gates on the curve", APART, STILLS, "(a >= 0) == (side > 0)", "(a < 0) == (side > 0)"),
    ("words that leave the picture", APART, STILLS, "side * at < 3", "side * at < 9"),
    ("a gate beyond the axis that is out of sight", APART, STILLS, "np.clip(into[gate], -6, 6), plots",
     "into[gate], plots"),
    ("an arrow that points the other way", APART, STILLS, 'f"{words} →" if side > 0', 'f"{words} →" if side < 0'),
    ("a dot lettered with its pre-activation", DOTS, STILLS, "{plots.signed(value[gate])}", "{plots.signed(at)}"),
    ("a half-life of the complement", HALF, STILLS, "half = np.log(0.5) / np.log(f)",
     "half = np.log(0.5) / np.log(1 - f)"),
    ("a half-life without its unit", HALF, STILLS, '{half:.1f} steps"', '{half:.1f}"'),
    ("a task at another gap", HALF, STILLS, '0.5 ** (1 / task["steps"]), task["side"]',
     '0.5 ** (2 / task["steps"]), task["side"]'),
    ("a block that reads another size", BLOCKS, STILLS, "[(0, D, 0.45), (D, H, 0.85)]",
     "[(0, H, 0.45), (H, D, 0.85)]"),
    ("parameters without the bias", BLOCKS, STILLS, "H * (D + H + 1):,", "H * (D + H):,"),
    ("an LSTM that carries one state", BLOCKS, STILLS, '"ch" if name == "LSTM" else "h"',
     '"c" if name == "LSTM" else "h"'),
    ("the bar of the letter that was read", ANSWERS, STILLS, "k == target else", "k == letter else"),
    ("the answers a step too early", ANSWERS, STILLS, "ax.barh(range(4), p[t]", "ax.barh(range(4), p[t - 1]"),
    ("bars in another order than their letters", ANSWERS, STILLS, "set_yticks(range(4), tasks.HELLO)",
     "set_yticks(range(4), tasks.HELLO[::-1])"),
]  # fmt: skip

HARMLESS = [  # (file, right, wrong)
    ("plots/course.mplstyle", "lines.linewidth: 2", "lines.linewidth: 1.7"),
    ("plots/course.mplstyle", "grid.color: dfe2e7", "grid.color: e4e6ea"),
    (STYLE, "def label_ends(ax, size=11", "def label_ends(ax, size=10.5"),
    (STYLE, "rounding_size=0.08", "rounding_size=0.1"),
    (GRADIENTS, "fig, ax = panels(height=3.2)", "fig, ax = panels(height=3.4)"),
    (GRADIENTS, "lw=0.7, alpha=0.5", "lw=0.8, alpha=0.6"),
    (LEARNING, "(5, 5), **beside", "(6, 4), **beside"),
    (LEARNING, "xlim=(-3, len(mean) * 1.05)", "xlim=(-5, len(mean) * 1.07)"),
    (SCORES, "markersize=4.5)", "markersize=5)"),
    (SCORES, "A row for each kind of cell and a dot", "A line for each kind of cell and a mark"),
    (STATES, 'ec="white", lw=1.2, alpha=0.14', 'ec="white", lw=1, alpha=0.16'),
    (STATES, 'ax.text(x, -1, head, size=11', 'ax.text(x, -1.05, head, size=11.5'),
    (ROADS, "size=8.5)", "size=8.8)"),
    (CELLS, "1.5 + 8 * size", "1.4 + 7 * size"),
    (CELLS, "alpha=0.22, lw=0", "alpha=0.25, lw=0"),
]  # fmt: skip


def main():
    """Print the fate of each fault; is any alive, or does a row no longer apply, or harm what is harmless?"""
    killed = 0
    for (what, test, *_), fate in mutants.tried(FAULTS, planted, harmless):
        killed += fate == "killed"
        print(f"{fate:9} {what}: {test}", flush=True)
    print(f"{killed} of {len(FAULTS)} faults of figures killed, each by its own test")
    return killed < len(FAULTS)


def harmless(folder):
    """Whether the tests pass after all changes that are none."""
    missed = [row for row in HARMLESS if not mutants.plant(folder, *row, -1)]
    if missed:
        sys.exit(f"Not found: {missed}")
    return mutants.passes(folder, ["test_lettering"])


def planted(folder, what, test, name, right, wrong):
    """The fate of one fault: the test that must see it is run."""
    if not mutants.plant(folder, name, right, wrong, -1):
        return "NOT FOUND"
    return "ALIVE" if mutants.passes(folder, ["test_lettering"], "-k", test) else "killed"


if __name__ == "__main__":
    sys.exit(main())
