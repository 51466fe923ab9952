"""Judges of the LSTM: its step, its loop and its step back."""

from typing import NamedTuple

import numpy as np

from lib import lstm
from lib.activations import sigmoid, sigmoid_slope, tanh_slope
from lib.judge.judging import B, D, H, T, drawn, judged


class Back(NamedTuple):
    """What a step back gives: the gradient by the parameters, by the input, and by the states before."""

    dW: np.ndarray  # (4H, D+H), rows in order i, f, o, g
    db: np.ndarray  # (4H, 1)
    dx: np.ndarray  # (D, B)
    dc_prev: np.ndarray  # (H, B)
    dh_prev: np.ndarray  # (H, B)


def lstm_step(step):
    """Judge step(W, b, x_t, c, h) -> (c, h) after x_t, (H, B) each, from those before it. Prints; raises nothing."""
    W, b, x, c, h = drawn(blocks=4, states=2)
    stacked = np.vstack([x[0], h])
    squashes = dict.fromkeys("ifo", sigmoid) | {"g": np.tanh}

    def other(column=stacked, bias=b, order="ifog", **squash):
        rows = dict(zip(order, np.split(W @ column + bias, 4), strict=True))
        how = squashes | squash
        return [how[gate](rows[gate]) for gate in "ifog"]

    def updated(i, f, o, g, shown=np.tanh):
        now = f * c + i * g
        return np.stack([now, o * shown(now)])

    i, f, o, g = other()
    now, after = updated(i, f, o, g)
    mistakes = {
        **{
            f"the blocks are taken in the order {', '.join(order)}; they stand as i, f, o, g": updated(
                *other(order=order)
            )
            for order in ("ifgo", "iofg", "gifo", "figo")
        },
        "the bias b is missing": updated(*other(bias=0)),
        "b is subtracted; it is added": updated(*other(bias=-b)),
        "the candidate is squashed by σ; it takes tanh": updated(*other(g=sigmoid)),
        "the gates are squashed by tanh; i, f and o take σ": updated(
            *other(**dict.fromkeys("ifo", np.tanh))
        ),
        "the candidate is not squashed: tanh is missing": updated(*other(g=lambda a: a)),
        "c is shown without tanh: h = o ⊙ tanh(c)": updated(i, f, o, g, shown=lambda a: a),
        "c is shown through σ: h = o ⊙ tanh(c)": updated(i, f, o, g, shown=sigmoid),
        "the column is turned round: W reads [x_t; h], not [h; x_t]": updated(
            *other(column=np.vstack([h, x[0]]))
        ),
        "the column holds c in place of h: the gates read [x_t; h]": updated(
            *other(column=np.vstack([x[0], c]))
        ),
        "the old state h is left out": updated(*other(column=np.vstack([x[0], 0 * h]))),
        "the input x_t is left out": updated(*other(column=np.vstack([0 * x[0], h]))),
        "h is made from the old c; it shows the new one": np.stack([now, o * np.tanh(c)]),
        "h is made of the old h: h = o ⊙ tanh(c), from the new c": np.stack([now, o * np.tanh(h)]),
        "i and f have changed places: the rows begin with i, f keeps the old c, i lets g in": updated(
            f, i, o, g
        ),
        "the old c is not kept: c = f ⊙ c + i ⊙ g": np.stack([i * g, o * np.tanh(i * g)]),
        "the old c is kept whole: f is missing": updated(i, 1, o, g),
        "the candidate is written whole: i is missing": updated(1, f, o, g),
        "h is shown whole: o is missing": updated(i, f, 1, g),
        "o stands inside of tanh: h = o ⊙ tanh(c)": np.stack([now, np.tanh(o * now)]),
        "the parts are multiplied, not added: c = f ⊙ c + i ⊙ g": np.stack(
            [f * c * i * g, o * np.tanh(f * c * i * g)]
        ),
        "h and c have changed places: return (c, h)": np.stack([after, now]),
        "the old states come back unchanged": np.stack([c, h]),
        "only h came back: return (c, h)": after,
        "only c came back: return (c, h)": now,
    }
    wanted = "the pair (c, h) after x_t, (H, B) each"
    judged(step, (W, b, x[0], c, h), np.stack([now, after]), mistakes, wanted)


def lstm_forward(forward):
    """Judge forward(W, b, x, c, h) -> (all c, all h), (T+1, H, B) each, the start first. Prints; raises nothing."""
    W, b, x, c, h = drawn(blocks=4, states=2)

    def run(x=x, c=c, h=h, b=b):
        return np.stack(lstm.forward(lstm.Params(W, b), x, lstm.State(c, h)).states)

    def each(carried):
        """Steps that are handed not what the step before made, but what `carried` makes of it."""
        steps = [np.stack([c, h])]
        for x_t in x:
            steps.append(run(x_t[None], *carried(*steps[-1]))[:, 1])
        return np.stack(steps, axis=1)

    right = run()
    mistakes = {
        "every step begins at (c, h): hand each step the states of the step before": each(
            lambda *_: (c, h)
        ),
        "c is not handed on: every step begins with the first c": each(lambda _, h: (c, h)),
        "h is not handed on: every step begins with the first h": each(lambda c, _: (c, h)),
        "c and h change places from step to step": each(lambda c, h: (h, c)),
        "c is not handed on: every step adds to zeros": each(lambda c, h: (0 * c, h)),
        "h is not handed on: every step reads zeros": each(lambda c, h: (c, 0 * h)),
        "the same states stand in every place: collect each new pair before the next step": np.stack(
            [right[:, -1]] * (T + 1), axis=1
        ),
        "every step reads the first input": run(np.stack([x[0]] * T)),
        "the inputs are read from the last to the first": run(x[::-1]),
        "the start is zeros; it is (c, h)": run(c=0 * c, h=0 * h),
        "the bias b is missing": run(b=0 * b),
        "all h stand first: return (all c, all h)": right[::-1],
        "the start is missing: c and h come first, then the states after each step": right[:, 1:],
        "the last states are missing: there are T + 1 of them": right[:, :-1],
        "only the last states came back: collect all of them, the start first": right[:, -1],
        "only all h came back: return (all c, all h)": right[1],
        "only all c came back: return (all c, all h)": right[0],
        "pairs came back, step by step: return all c, and beside them all h": right.swapaxes(0, 1),
        "the states stand the wrong way round": right[:, ::-1],
    }
    wanted = "the pair (all c, all h), (T+1, H, B) each"
    judged(forward, (W, b, x, c, h), right, mistakes, wanted)


def lstm_step_back(step_back):
    """Judge step_back(W, gates, x_t, c_prev, h_prev, c, dh, dc) -> (dW, db, dx, dc_prev, dh_prev), shaped as in Back.

    gates are (i, f, o, g), (H, B) each; c is the new cell state, dh all of δh_t, dc what arrives at c_t from the step
    after. The five are compared one by one. Prints; raises nothing.
    """
    W, b, x, c_prev, h_prev, dh, dc = drawn(blocks=4, states=4)
    trace = lstm.forward(lstm.Params(W, b), x[:1], lstm.State(c_prev, h_prev))
    last = lstm.State(dc, dh)
    grads = lstm.backward(lstm.Params(W, b), trace, np.zeros((1, H, B)), last)
    right = Back(*grads.params, grads.x[0], grads.states.c[0], grads.states.h[0])

    i, f, o, g = gates = lstm.Gates(*(gate[0] for gate in trace.gates))
    c, tanh_c = trace.states.c[1], np.tanh(trace.states.c[1])
    slope = {k: sigmoid_slope(getattr(gates, k)) for k in "ifo"} | {"g": tanh_slope(g)}
    shown = dh * o * tanh_slope(tanh_c)  # what comes to c_t through h_t
    whole = dc + shown

    def delta(whole=whole, order="ifog", slope=slope, **by):
        by = dict(i=whole * g, f=whole * c_prev, o=dh * tanh_c, g=whole * i) | by
        return np.concatenate([by[k] * slope[k] for k in order])

    def other(whole=whole, **wrong):
        da = delta(whole, **wrong)
        dx, dh_prev = np.split(W.T @ da, [D])
        db = da.sum(axis=1, keepdims=True)
        return Back(da @ np.vstack([x[0], h_prev]).T, db, dx, whole * f, dh_prev)

    def sloped(taken, at):
        return other(slope=slope | {k: taken(getattr(gates, k)) for k in at})

    by_h = "what comes to c through h is dh ⊙ o ⊙ (1 − tanh²(c))"
    da = delta()
    upper, lower = np.split(W.T @ da, [H])  # as if h stood above x_t
    mistakes = {
        "dc is taken alone: add what comes to c through h": other(dc),
        "dc is replaced by what comes to c through h: add the two": other(shown),
        f"dh comes to c unchanged: {by_h}": other(dc + dh),
        f"o is missing: {by_h}": other(dc + dh * tanh_slope(tanh_c)),
        f"the slope of tanh is missing: {by_h}": other(dc + dh * o),
        f"1 − c² stands for the slope of tanh: {by_h}": other(dc + dh * o * tanh_slope(c)),
        f"the slope is taken of tanh(tanh(c)): {by_h}": other(
            dc + dh * o * tanh_slope(np.tanh(tanh_c))
        ),
        "δo holds c; it is dh ⊙ tanh(c)": other(o=dh * c),
        "δo holds what arrives at c; it is dh ⊙ tanh(c)": other(o=whole * tanh_c),
        "δi and δf have changed places: i stands beside g, f beside c_prev": other(
            i=whole * c_prev, f=whole * g
        ),
        "δf holds the new c; f stands beside c_prev": other(f=whole * c),
        "δi holds i and δg holds g: a product hands each factor the other one": other(
            i=whole * i, g=whole * g
        ),
        "the slope of g is missing: δa_g = δg ⊙ (1 − g²)": sloped(np.ones_like, "g"),
        "the slope of g is that of σ; it is 1 − g²": sloped(sigmoid_slope, "g"),
        "the slope of g is taken of tanh(g); it is 1 − g²": sloped(
            lambda s: tanh_slope(np.tanh(s)), "g"
        ),
        "all four slopes are missing: δa is δi ⊙ i ⊙ (1 − i), and so for f and o, and δg ⊙ (1 − g²)": sloped(
            np.ones_like, "ifog"
        ),
    }
    for at in ("i", "f", "o", "ifo"):
        names = ", ".join(at)
        mistakes |= {
            f"σ stands where σ′ belongs, at {names}": sloped(lambda s: s, at),
            f"σ′ is missing, at {names}": sloped(np.ones_like, at),
            f"σ′ is taken of the gate as if it were a, at {names}: of the gate s it is s ⊙ (1 − s)": sloped(
                lambda s: sigmoid_slope(sigmoid(s)), at
            ),
        }
    mistakes |= {
        f"the blocks stand in the order {', '.join(order)}; W has them as i, f, o, g": other(
            order=order
        )
        for order in ("ifgo", "iofg", "gifo", "figo")
    }
    wanted = "return (dW, db, dx, dc_prev, dh_prev)"
    mistakes |= {
        "f is missing on the way from c to c_prev": right._replace(dc_prev=whole),
        "only dc goes on to c_prev: all that arrives at c does, times f": right._replace(
            dc_prev=dc * f
        ),
        "dh is added to dh_prev: h_prev is heard of through the gates alone": right._replace(
            dh_prev=right.dh_prev + dh
        ),
        "the column is turned round: W reads [x_t; h_prev], D columns for x_t, then H": Back(
            da @ np.vstack([h_prev, x[0]]).T, right.db, lower, right.dc_prev, upper
        ),
        "the columns of W are cut in the wrong place: D belong to x_t, then H to h_prev": right._replace(
            dx=lower, dh_prev=upper
        ),
        "db is not summed: every sequence has its share in it": right._replace(db=da),
        "dW and db are averaged over the sequences: sum them": right._replace(
            dW=right.dW / B, db=right.db / B
        ),
        "dW is averaged over the sequences: sum them": right._replace(dW=right.dW / B),
        "db is averaged over the sequences: sum them": right._replace(db=right.db / B),
        f"dx and dh_prev have changed places: {wanted}": right._replace(
            dx=right.dh_prev, dh_prev=right.dx
        ),
        f"dc_prev and dh_prev have changed places: {wanted}": right._replace(
            dc_prev=right.dh_prev, dh_prev=right.dc_prev
        ),
    }
    given = W, gates, x[0], c_prev, h_prev, c, dh, dc
    judged(step_back, given, right, mistakes, "the five (dW, db, dx, dc_prev, dh_prev)")
