"""Mistakes planted in the explorers, one at a time: what is shown must then differ from `lib`, and the test say so.

A row is (what it is, what is asked, file in lib/live, right, wrong). The library and the tests are copied to a folder
of their own, the mistake is put in, and of test_live_shown.py that explorer's test alone is run there, or the tests of
answers, or of code. A mistake that is not seen is alive and the command fails; so does a row whose right text is
nowhere: it has to follow the code.
"""

import sys

import mutants

MATH, DRAW = "js/math.js", "js/draw.js"
OF_ORBIT, OF_BACK, OF_GRU = "js/math_orbit.js", "js/math_back.js", "js/math_gru.js"
LSTM, GRU, HALF, FADE = (
    "js/lstm_step.js",
    "js/gru_step.js",
    "js/half_life.js",
    "js/fading_memory.js",
)
ROAD, ROWS, KEEP = "js/gradient_highway.js", "js/weights_to_gates.js", "js/write_keep_read.js"
COST, KNIFE, TURN = "js/budget.js", "js/hello_lesions.js", "js/orbit.js"
WALK = "js/step_back.js"

FAULTS = [
    ("tanh by a fraction that is close to it", "gru_step", GRU, "const { keep, n, h, slope } = gruUnit(v);",
     "const { keep, h, slope } = gruUnit(v), a = v.p + v.w * v.r * v.h_prev, n = a * (27 + a * a) / (27 + 9 * a * a);"),
    ("the same in the drawing alone", "gru_step", GRU, "left({ ...v, ...unit });",
     "const a = unit.a_n; left({ ...v, ...unit, n: a * (27 + a * a) / (27 + 9 * a * a) });"),
    ("tanh by a fraction, for all", "lstm_step", MATH, "return Math.tanh(a);",
     "return a * (27 + a * a) / (27 + 9 * a * a);"),
    ("another operand in the equation line", "lstm_step", LSTM, '${num("i", i)} · ${num("g", g)}',
     '${num("i", f)} · ${num("g", g)}'),
    ("an operand in another letter's color", "lstm_step", LSTM, '${num("i", i)} · ${num("g", g)}',
     '${num("f", i)} · ${num("g", g)}'),
    ("tanh of the old cell state", "lstm_step", LSTM, '· tanh ${num("c", c)}', '· tanh ${num("c", c_prev)}'),
    ("a product of rounded numbers", "lstm_step", LSTM, "const { c, h } = lstmUpdate({ f, i, o, g }, c_prev);",
     "const c = +(f * c_prev).toFixed(2) + +(i * g).toFixed(2), h = o * Math.tanh(c);"),
    ("a sentence with another value", "lstm_step", LSTM, "keeps ${percent(f)}", "keeps ${percent(i)}"),
    ("percent, cut and not rounded", "lstm_step", DRAW, "${p.toFixed(", "${(Math.floor(10 * p) / 10).toFixed("),
    ("a hyphen for the minus", "lstm_step", DRAW, '!== 0 ? "−" : "")', '!== 0 ? "-" : "")'),
    ("a minus before 0.00", "lstm_step", DRAW, "(x < 0 && Number(text) !== 0", "(x < 0"),
    ("no parentheses around what is below 0", "lstm_step", DRAW, "`(${text})`", "text"),
    ("a wire as wide as another's value", "wire_carries", "diagrams/lstm.json", '"id": "c_down", "value": "c"',
     '"id": "c_down", "value": "c_prev"'),
    ("a gate that fills from the wrong end", "lstm_step", DRAW, "y + h / 2 - tall", "y - h / 2"),
    ("a wire that is not hollow below 0", "lstm_step", DRAW, "v[of] < 0 ? Math.max(wide - 3, 0) : 0", "0"),
    ("1 − c² on the way to c_2", "step_back", OF_BACK, "dh_2 * o * tanhSlope(tanh_c_2)", "dh_2 * o * tanhSlope(c_2)"),
    ("o_2 left out on the way to c_2", "step_back", OF_BACK, "dh_2 * o * tanhSlope", "dh_2 * tanhSlope"),
    ("y − h_2", "step_back", OF_BACK, "const dh_2 = h_2 - y", "const dh_2 = y - h_2"),
    ("what f and i receive exchanged", "step_back", OF_BACK, "df_2 = dc_2 * c_1, di_2 = dc_2 * g",
     "df_2 = dc_2 * g, di_2 = dc_2 * c_1"),
    ("the slope of σ for g", "step_back", OF_BACK, "dg_2 * tanhSlope(g)", "dg_2 * g * (1 - g)"),
    ("h_1 does not hear from o_2", "step_back", OF_BACK, "[da_i, da_f, da_o, da_g])", "[da_i, da_f, 0, da_g])"),
    ("weights of h_1 that stay", "step_back", OF_BACK, "dh_1 = w * dot(", "dh_1 = dot("),
    ("the second road through o_2 again", "step_back", OF_BACK, "dh_1 * o_1 *", "dh_1 * o *"),
    ("the fork subtracts", "step_back", OF_BACK, "dc_1: by_c + by_h", "dc_1: by_c - by_h"),
    ("the roads exchanged in the bar", "step_back", WALK, "split([n.by_c, n.by_h]", "split([n.by_h, n.by_c]"),
    ("the roads exchanged in the line", "step_back", WALK, '`${at("f", n.by_c)} + ${at("h", n.by_h)}`',
     '`${at("h", n.by_h)} + ${at("f", n.by_c)}`'),
    ("the other road's share", "step_back", WALK, "ratio(by_c, dc_1)", "ratio(by_h, dc_1)"),
    ("a gradient that is there a wire too early", "step_back", "js/draw_back.js", 'say(value, v.back < stage ?',
     'say(value, v.back < stage - 1 ?'),
    ("a wire lit too late", "step_back", DRAW, "stages.includes(v.back)", "stages.includes(v.back - 1)"),
    ("told: with the second road open", "answer", WALK, "back: LAST, o_1: 0 }", "back: LAST, o_1: 0.5 }"),
    ("z where 1 − z is meant", "gru_step", GRU, 'num("z", keep)', 'num("z", v.z)'),
    ("the LSTM beside it with i = 1 − z", "gru_step", GRU, "f: unit.keep, i: v.z", "f: v.z, i: unit.keep"),
    ("keeps and writes exchanged in the sentence", "gru_step", GRU,
     "keeps ${part(keep)} of the state; z writes ${part(v.z)}",
     "keeps ${part(v.z)} of the state; z writes ${part(keep)}"),
    ("a factor without what is kept", "gru_step", OF_GRU, "next.keep + z *", "z *"),
    ("a factor with z for 1 − z", "gru_step", OF_GRU, "next.keep + z *", "z + z *"),
    ("a factor without tanh's slope", "gru_step", OF_GRU, "z * tanhSlope(n) *", "z *"),
    ("a factor with 1 − a² for 1 − n²", "gru_step", OF_GRU, "tanhSlope(n)", "tanhSlope(a_n)"),
    ("a factor that no reset gate touches", "gru_step", OF_GRU, "tanhSlope(n) * r * w", "tanhSlope(n) * w"),
    ("a factor without the weight", "gru_step", OF_GRU, "tanhSlope(n) * r * w", "tanhSlope(n) * r"),
    ("the factor's two roads exchanged in the line", "gru_step", GRU,
     '${num("z", keep)} + ${num("z", v.z)} · (1', '${num("z", v.z)} + ${num("z", keep)} · (1'),
    ("the new state for the factor", "gru_step", GRU, 'result("h", slope)', 'result("h", h)'),
    ("half is all", "gru_step", GRU, 'share === 1 ? "all"', 'share >= 0.5 ? "all"'),
    ("half-life by log₂ in place of ln", "half_life", MATH, "Math.log(0.5) / Math.log(f); }",
     "Math.log2(0.5) / Math.log(f); }"),
    ("the memory's curve from another variable", "half_life", HALF, "[step, remains(f, step)]",
     "[step, remains(f, b_f < 2 ? step : step + 1)]"),
    ("the dot on the curve of the bias", "half_life", HALF, "point(b_f, t);", "point(f, t);"),
    ("a task at another gap", "half_life", HALF, "biasFor(gap), place", "biasFor(gap + 2), place"),
    ("a step too early", "fading_memory", FADE, 'result("h", h[gap], 3)', 'result("h", h[gap - 1], 3)'),
    ("the sentence a step too late", "fading_memory", FADE, "${short(h[gap])}`",
     "${short(rnnPulse(w, pulse, gap + 1).h[gap + 1])}`"),
    ("state and gradient exchanged in the logarithmic plot", "fading_memory", FADE,
     "line(slope.map((v, t) => [t, v]));", "line((k ? h : slope).map((v, t) => [t, v]));"),
    ("it explodes from 1 on", "fading_memory", FADE, "slope[gap] > 10 ?", "slope[gap] > 1 ?"),
    ("vanished a hundred times too early", "fading_memory", FADE, "slope[gap] < 0.001 ?", "slope[gap] < 0.1 ?"),
    ("the pulse's slope without its w", "fading_memory", MATH, "slope[t - 1] * w * tanhSlope(h[t])",
     "slope[t - 1] * tanhSlope(h[t])"),
    ("the matrix turned the other way", "orbit", OF_ORBIT, "W = [[c, -s], [s, c]]", "W = [[c, s], [-s, c]]"),
    ("an angle a degree too far", "orbit", OF_ORBIT, "const turn = angle *", "const turn = (angle + 1) *"),
    ("an orbit turned the other way than its matrix", "orbit", OF_ORBIT, "[[strength, c, -s], [0, s, c]]",
     "[[strength, c, s], [0, -s, c]]"),
    ("the input on the other unit", "orbit", OF_ORBIT, "[[strength, c, -s], [0, s, c]]",
     "[[0, c, -s], [strength, s, c]]"),
    ("the input a step late", "orbit", OF_ORBIT, "rnnStep(params, [x_t]", "rnnStep(params, [x[t - 1] || 0]"),
    ("the orbit's slope by the state before", "orbit", OF_ORBIT, "tanhSlope(next[k])", "tanhSlope(h[t][k])"),
    ("all entries' length for the largest factor", "orbit", OF_ORBIT,
     "(Math.hypot(J[0][0] + J[1][1], J[1][0] - J[0][1]) + Math.hypot(J[0][0] - J[1][1], J[0][1] + J[1][0])) / 2",
     "Math.hypot(...J.flat())"),
    ("the last state but one", "orbit", TURN, "column(h[LAST].map((one) => result",
     "column(h[LAST - 1].map((one) => result"),
    ("what comes through W_h in the input's color", "orbit", TURN, 'kept.map((a) => num("h", a))',
     'kept.map((a) => num("x", a))'),
    ("another step's power at rest", "orbit", TURN, "power(remains(v.radius, LAST))",
     "power(remains(v.radius, LAST - 1))"),
    ("at zero far too early", "orbit", OF_ORBIT, "Math.abs(v) < 0.005", "Math.abs(v) < 0.05"),
    ("at rest far too early", "orbit", OF_ORBIT, "<= 2e-4 * size", "<= 0.1 * size"),
    ("every orbit circles", "orbit", OF_ORBIT, "a * d - b * c > 0.02 *", "a * d - b * c > -9 *"),
    ("driven by half of the signs", "orbit", OF_ORBIT, "follows >= 16 ?", "follows >= 10 ?"),
    ("shaken where signs change", "orbit", OF_ORBIT, "recent.every((v) => signs(v)",
     "recent.slice(-2).every((v) => signs(v)"),
    ("vanished a hundred times too early", "orbit", TURN, "left < 0.001 ?", "left < 0.1 ?"),
    ("it explodes ten times too late", "orbit", TURN, "left > 1000 ?", "left > 10000 ?"),
    ("a step's dot at the step before", "orbit", TURN, "others.slice(TENS[k], TENS[k] + 10)",
     "others.slice(TENS[k] - 1, TENS[k] + 9)"),
    ("the way without its last step", "orbit", TURN, "way(h);", "way(h.slice(0, -1));"),
    ("the last state's letters at the first", "orbit", TURN, 'end(...h[LAST], "h₆₀"', 'end(...h[0], "h₆₀"'),
    ("at rest and in motion exchanged", "orbit", TURN, "[left.map((_, t) => remains(v.radius, t)), left]",
     "[left, left.map((_, t) => remains(v.radius, t))]"),
    ("an arrow that points back into the plot", "orbit", TURN, 'below ? "↓" : "↑"', 'below ? "↑" : "↓"'),
    ("an arrow where nothing leaves", "orbit", TURN, 'out < 0 ? "" :', 'out < 0 ? "↑" :'),
    ("told: the gradient a step too early", "answer", TURN, "orbit(v, given).left[LAST],",
     "orbit(v, given).left[LAST - 10] + 0.1,"),
    ("the power of another gate", "gradients_road", ROAD, "power(remains(f, gap))", "power(remains(f, gap + 1))"),
    ("whole and direct exchanged in the sentence", "gradients_road", ROAD, "ratio(whole[gap], direct[gap])",
     "ratio(direct[gap], whole[gap])"),
    ("the road's curve with the whole's color", "gradients_road", ROAD, '["direct", "f", "additive road"',
     '["direct", "c", "additive road"'),
    ("a road called at rest that is not", "gradients_road", ROAD, "alike(direct, rest)", "alike(rest, rest)"),
    ("told: with a weight that it does not set", "answer", ROAD, "set: { f: 0.9, w: 1,", "set: { f: 0.9, w: 0.5,"),
    ("an exponent without its minus", "gradients_road", DRAW, 'exponent.replace("-", "−")',
     'exponent.replace("-", "")'),
    ("the wrong row of weights", "weights_to_gates", ROWS, "W: GATES.map((k) => row(v, k))",
     'W: GATES.map((k) => row(v, k === "f" ? "i" : k))'),
    ("the weights of x and h exchanged in the line", "weights_to_gates", ROWS,
     'num(k, v[`w_${k}x`])} · ${num("x", v.x)}', 'num(k, v[`w_${k}h`])} · ${num("x", v.x)}'),
    ("the biases of another order", "weights_to_gates", ROWS, "b: GATES.map((k) => v[`b_${k}`])",
     'b: ["f", "i", "o", "g"].map((k) => v[`b_${k}`])'),
    ("letters on each other where points are close", "weights_to_gates", DRAW,
     "next ? next.x - half(next) - half(one)", "next ? next.x"),
    ("letters that leave the picture", "weights_to_gates", DRAW,
     "all[j - 1].x + half(all[j - 1]) + half(one) : left - 6", "-99 : -99"),
    ("told: another half-life", "answer", ROWS, "fixed(halfLife(f), 1)", "fixed(halfLife(f) + 1, 1)"),
    ("the candidate on the sigmoid", "weights_to_gates", ROWS, "points.map((a) => [a, tanh(a)])",
     "points.map((a) => [a, sigmoid(a)])"),
    ("a gate's dot at another's height", "weights_to_gates", ROWS, "const a = all[k], y = made[k][0];",
     'const a = all[k], y = made[k === "o" ? "i" : k][0];'),
    ("read a step too early", "write_keep_read", KEEP, 'num("c", c[t])} = ${result("h", h[t])}',
     'num("c", c[t - 1])} = ${result("h", h[t])}'),
    ("the schedule opens a step late", "write_keep_read", KEEP, "(t === at ? then : otherwise)",
     "(t === at + 1 ? then : otherwise)"),
    ("a curve that starts at the plot's border", "write_keep_read", DRAW, "${sx(a, false).toFixed(2)}",
     "${sx(a).toFixed(2)}"),
    ("the bit comes through from 0.1 on", "write_keep_read", KEEP, "h > 0.5 ?", "h > 0.1 ?"),
    ("columns of the table exchanged", "budget", COST, 'row("bytes of state", "bytes", "c")',
     'row("bytes of state", "products", "c")'),
    ("the LSTM's state counted once", "budget", MATH, "blocks === 4 ? 2 : 1", "1"),
    ("one unit too many", "budget", MATH, "while (costs(4, D, units + 1)", "while (costs(4, D, units)"),
    ("a block that is not to scale", "budget", COST, "width: at.long(D),",
     "width: at.long(H),"),
    ("a lesion of another gate", "under_the_knife", KNIFE, "return { [letterOf(v.gate)]: v.unit",
     'return { [letterOf(v.gate) === "o" ? "i" : letterOf(v.gate)]: v.unit'),
    ("a lesion of the next unit", "under_the_knife", KNIFE, "k + 1 === v.unit", "k === v.unit"),
    ("a lesion a step too early", "under_the_knife", KNIFE, "v.step !== step", "v.step !== step + 1"),
    ("a negative lesion that is positive", "under_the_knife", KNIFE, '(gate[0] === "−" ? -at : at)', "at"),
    ("the loss as a sum", "under_the_knife", MATH, "/ shares.length;", "/ 1;"),
    ("a bar of the letter that was read", "under_the_knife", KNIFE, "bar(p[k][row]);",
     "bar(p[k][(row + 1) % 4]);"),
    ("told: a wrong answer is right", "answer", DRAW, "Math.abs(guess - truth) <= 0.5", "Math.abs(guess - truth) <= 5"),
    ("told: another number", "answer", GRU, "answer: (v) => gruUnit(v).h,", "answer: (v) => gruUnit(v).n,"),
    ("a formula of its own that shows nothing yet", "alone", GRU, "const { keep, n } = gruUnit(v), part",
     "const { keep, n } = gruUnit(v), spare = Math.exp(0), part"),
    ("a recurrence of its own", "alone", FADE, "const LAST = 40;",
     "const LAST = 40, sum = (all) => { let s = 0; for (let k = 0; k < 9; k++) s += all[k]; return s; };"),
]  # fmt: skip


def main():
    caught = 0
    for (what, *_), fate in mutants.tried(FAULTS, planted, seen_right):
        caught += fate == "caught"
        print(f"{fate:9} {what}", flush=True)
    print(f"{caught} of {len(FAULTS)} mistakes in explorers caught")
    return caught != len(FAULTS)


def planted(folder, what, asked, name, right, wrong):
    """The fate of one mistake."""
    if not mutants.plant(folder, f"live/{name}", right, wrong):
        return "NOT FOUND"
    return "SURVIVED" if seen_right(folder, asked) else "caught"


def seen_right(folder, asked="shown"):
    which = (
        asked
        if asked in ("shown", "answer", "alone", "wire_carries")
        else f"shows_what and {asked}"
    )
    return mutants.passes(folder, ["test_live_shown"], "-k", which)


if __name__ == "__main__":
    sys.exit(main())
