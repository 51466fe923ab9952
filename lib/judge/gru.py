"""Judges of the GRU: its step and its step back."""

from typing import NamedTuple

import numpy as np

from lib import gru
from lib.activations import sigmoid, sigmoid_slope, tanh_slope
from lib.judge.judging import B, D, H, drawn, judged

ORDERS = ("rnz", "zrn", "znr", "nrz", "nzr")  # that the rows do not have: they stand as r, z, n


class Back(NamedTuple):
    """What a step back gives: the gradient by the parameters, by the input, and by the state before."""

    dW: np.ndarray  # (3H, D+H), rows in order r, z, n
    db: np.ndarray  # (3H, 1)
    dx: np.ndarray  # (D, B)
    dh_prev: np.ndarray  # (H, B)


def gru_step(step):
    """Judge step(W, b, x_t, h) -> the state after x_t, (H, B), from the state h before it. Prints; raises nothing."""
    W, b, x, h = drawn(blocks=3)
    x = x[0]
    stacked = np.vstack([x, h])
    squashes = {"r": sigmoid, "z": sigmoid, "n": np.tanh}

    def other(column=stacked, seen=lambda r, z: [x, r * h], bias=b, order="rzn", **squash):
        """r, z and n where what is given by name is taken in place of what is right."""
        W_of = dict(zip(order, np.split(W, 3), strict=True))
        b_of = dict(zip(order, np.split(bias, 3), strict=True))
        how = squashes | squash
        r, z = (how[k](W_of[k] @ column + b_of[k]) for k in "rz")
        return r, z, how["n"](W_of["n"] @ np.vstack(seen(r, z)) + b_of["n"])

    def updated(r, z, n):
        return (1 - z) * h + z * n

    def wrong(**taken):
        return updated(*other(**taken))

    r, z, n = other()
    after = updated(r, z, n)
    W_z, W_n = np.split(W, 3)[1:]
    b_z, b_n = np.split(b, 3)[1:]
    of_x, of_h, of_all = W_n[:, :D] @ x, W_n[:, D:] @ h, W_n @ stacked
    at_n = np.repeat([[0], [0], [1]], H, axis=0)
    by_n = "n = tanh(W_n [x_t; r ⊙ h] + b_n)"
    by_z = "(1 − z) ⊙ h + z ⊙ n"
    mistakes = {
        f"the blocks are taken in the order {', '.join(order)}; they stand as r, z, n": wrong(
            order=order
        )
        for order in ORDERS
    }
    mistakes |= {
        "the bias b is missing": wrong(bias=0 * b),
        "the bias of the candidate is missing": wrong(bias=b * (1 - at_n)),
        "the bias of the gates is missing": wrong(bias=b * at_n),
        "b is subtracted; it is added": wrong(bias=-b),
        "the candidate is squashed by σ; it takes tanh": wrong(n=sigmoid),
        "the candidate is not squashed: tanh is missing": wrong(n=lambda a: a),
        "nothing is squashed: r and z take σ, n takes tanh": wrong(
            **dict.fromkeys("rzn", lambda a: a)
        ),
        "the new state is squashed once more; it is between h and n already": np.tanh(after),
        "the column is turned round: W reads [x_t; h], not [h; x_t]": wrong(
            column=np.vstack([h, x]), seen=lambda r, z: [r * h, x]
        ),
        "the candidate's column is turned round: W_n reads [x_t; r ⊙ h]": wrong(
            seen=lambda r, z: [r * h, x]
        ),
        "the old state h is left out of what W reads": wrong(
            column=np.vstack([x, 0 * h]), seen=lambda r, z: [x, 0 * h]
        ),
        "the gates read x_t alone: W reads [x_t; h]": wrong(column=np.vstack([x, 0 * h])),
        "the candidate reads x_t alone: W_n reads [x_t; r ⊙ h]": wrong(
            seen=lambda r, z: [x, 0 * h]
        ),
        "the input x_t is left out": wrong(
            column=np.vstack([0 * x, h]), seen=lambda r, z: [0 * x, r * h]
        ),
        "the candidate does not read x_t: W_n reads [x_t; r ⊙ h]": wrong(
            seen=lambda r, z: [0 * x, r * h]
        ),
        f"r is missing, the candidate reads all of h: {by_n}": wrong(seen=lambda r, z: [x, h]),
        f"the candidate reads z ⊙ h, not r ⊙ h: {by_n}": wrong(seen=lambda r, z: [x, z * h]),
        f"the candidate reads (1 − r) ⊙ h, not r ⊙ h: {by_n}": wrong(
            seen=lambda r, z: [x, (1 - r) * h]
        ),
        "z reads r ⊙ h; the candidate alone does, z reads h": updated(
            r, sigmoid(W_z @ np.vstack([x, r * h]) + b_z), n
        ),
    }
    for at in ("r", "z", "rz"):
        names = ", ".join(at)
        mistakes |= {
            f"tanh stands where σ belongs, at {names}": wrong(**dict.fromkeys(at, np.tanh)),
            f"σ is missing, at {names}": wrong(**dict.fromkeys(at, lambda a: a)),
        }
    mistakes |= {
        f"r is taken after the product, it resets h before: {by_n}": updated(
            r, z, np.tanh(of_x + r * of_h + b_n)
        ),
        f"r is taken after the product and of b_n, it resets h before: {by_n}": updated(
            r, z, np.tanh(of_x + r * (of_h + b_n))
        ),
        f"r is taken of the whole product, x_t's share too: {by_n}": updated(
            r, z, np.tanh(r * of_all + b_n)
        ),
        f"r is taken of all that is squashed: {by_n}": updated(r, z, np.tanh(r * (of_all + b_n))),
        f"r stands outside of tanh: {by_n}": updated(r, z, r * np.tanh(of_all + b_n)),
        "z and 1 − z have changed places: here z writes and 1 − z keeps": z * h + (1 - z) * n,
        f"r ⊙ h is kept in place of h: {by_z}": (1 - z) * (r * h) + z * n,
        f"r stands in place of z: {by_z}": (1 - r) * h + r * n,
        f"r keeps in place of 1 − z: {by_z}": r * h + z * n,
        f"the candidate is written whole, z is missing: {by_z}": (1 - z) * h + n,
        f"the old state is kept whole, 1 − z is missing: {by_z}": h + z * n,
        f"z and 1 − z are missing: {by_z}": h + n,
        f"the old state is not kept: {by_z}": z * n,
        f"the candidate is not written: {by_z}": (1 - z) * h,
        f"the candidate alone came back: {by_z}": n,
        f"the parts are multiplied, not added: {by_z}": (1 - z) * h * z * n,
        f"what is kept and what is written are subtracted, not added: {by_z}": (1 - z) * h - z * n,
        "the old state comes back unchanged": h,
        "the gates came back with it: return the new state alone": np.stack([r, z, n, after]),
        "the gates came back after it: return the new state alone": np.stack([after, r, z, n]),
        "only the gates came back: return the new state": np.stack([r, z, n]),
    }
    judged(step, (W, b, x, h), after, mistakes, "the state after x_t, (H, B)")


def gru_step_back(step_back):
    """Judge step_back(W, gates, x_t, h_prev, dh) -> (dW, db, dx, dh_prev), shaped as in Back.

    gates are (r, z, n), (H, B) each; dh is all of δh_t. The four are compared one by one. Prints; raises nothing.
    """
    W, b, x, h, dh = drawn(blocks=3, states=2)
    trace = gru.forward(gru.Params(W, b), x[:1], gru.State(h))
    grads = gru.backward(gru.Params(W, b), trace, np.zeros((1, H, B)), gru.State(dh))
    right = Back(*grads.params, grads.x[0], grads.states.h[0])

    x = x[0]
    r, z, n = gates = gru.Gates(*(gate[0] for gate in trace.gates))
    of_rz, of_n = slice(2 * H), slice(2 * H, None)  # rows
    slopes = {"r": sigmoid_slope, "z": sigmoid_slope, "n": tanh_slope}

    def delta(gates=gates, W_h=W[:, D:], slope=slopes, **by):
        """(δa, δs) by δn, δs, δr and δz, of which those given are wrong; s is r ⊙ h_prev."""
        r, z, n = gates
        da_n = by.get("n", dh * z) * slope["n"](n)
        ds = by.get("s", W_h[of_n].T @ da_n)
        da_r = by.get("r", ds * h) * slope["r"](r)
        da_z = by.get("z", dh * (n - h)) * slope["z"](z)
        return np.concatenate([da_r, da_z, da_n]), ds

    def other(gates=gates, W_x=W[:, :D], W_h=W[:, D:], turn=1, kept=None, road=None, **wrong):
        da, ds = delta(gates, W_h, **wrong)
        r, z, _ = gates
        met, met_n = (np.vstack([x, seen][::turn]) for seen in (h, r * h))
        dW = np.concatenate([da[of_rz] @ met.T, da[of_n] @ met_n.T])
        dh_prev = dh * (1 - z) if kept is None else kept
        dh_prev = dh_prev + (ds * r if road is None else road) + W_h[of_rz].T @ da[of_rz]
        return Back(dW, da.sum(axis=1, keepdims=True), W_x.T @ da, dh_prev)

    def sloped(taken, at):
        return other(slope=slopes | dict.fromkeys(at, taken))

    da, ds = delta()
    da_n, W_nh = da[of_n], W[of_n, D:]
    rows = {k: slice(H * at, H * (at + 1)) for at, k in enumerate("rzn")}
    roads = {k: W[rows[k]].T @ da[rows[k]] for k in "rzn"}  # to the column that a block reads

    def met(rows, dW_h):
        """dW where these rows have met another state."""
        dW = right.dW.copy()
        dW[rows, D:] = dW_h
        return dW

    def ordered(order):
        at = np.concatenate([np.arange(3 * H)[rows[k]] for k in order])
        heard = W[of_rz, D:].T @ (da[at] - da)[of_rz]
        return Back(right.dW[at], right.db[at], W[:, :D].T @ da[at], right.dh_prev + heard)

    def unheard(*wrong):
        return right._replace(dh_prev=right.dh_prev - sum(wrong))

    late = W_nh.T @ (da_n * r)  # δs ⊙ r, were r taken after the product
    reset_after = other(r=da_n * (W_nh @ h), road=late)
    reset_after.dW[of_n, D:] = (da_n * r) @ h.T

    by_z, by_r = "δz is dh ⊙ (n − h_prev)", "δr is δs ⊙ h_prev, where s = r ⊙ h_prev"
    by_s = "h_prev hears δs ⊙ r, where s = r ⊙ h_prev"
    mistakes = {
        f"δz holds n alone, but 1 − z stands beside h_prev: {by_z}": other(z=dh * n),
        f"δz holds h_prev alone, but z stands beside n: {by_z}": other(z=-dh * h),
        f"δz holds n + h_prev: {by_z}": other(z=dh * (n + h)),
        f"δz has its sign turned: {by_z}": other(z=dh * (h - n)),
        "δn is taken with 1 − z: z stands beside n": other(n=dh * (1 - z)),
        "z is missing in δn: it is dh ⊙ z": other(n=dh),
        "z is taken to keep: here z writes and 1 − z keeps": other(
            z=dh * (h - n), n=dh * (1 - z), kept=dh * z
        ),
        "the gates are taken as (z, r, n); they come as (r, z, n)": other((z, r, n)),
        "δs is taken from δn: it is W_nᵀ δa_n, after the slope of n": other(s=W_nh.T @ (dh * z)),
        "δs is δa_n: W_nᵀ is missing on the way": other(s=da_n),
        "W_n is not transposed: δs is W_nᵀ δa_n": other(s=W_nh @ da_n),
        f"δr holds r: {by_r}": other(r=ds * r),
        f"δr holds r ⊙ h_prev: {by_r}": other(r=ds * r * h),
        f"h_prev is missing in δr: {by_r}": other(r=ds),
        f"δr holds r and the road holds h_prev, a product hands each the other one: {by_r}": other(
            r=ds * r, road=ds * h
        ),
        f"r is missing on the way through n: {by_s}": other(road=ds),
        f"1 − r stands on the way through n: {by_s}": other(road=ds * (1 - r)),
        f"r is taken before W_nᵀ: {by_s}": other(road=late),
        "the step back is that of a reset after the product: here W_n reads r ⊙ h_prev": reset_after,
        "the slope of n is missing: δa_n = δn ⊙ (1 − n²)": sloped(np.ones_like, "n"),
        "the slope of n is that of σ; it is 1 − n²": sloped(sigmoid_slope, "n"),
        "the slope of n is taken of tanh(n); it is 1 − n²": sloped(
            lambda s: tanh_slope(np.tanh(s)), "n"
        ),
        "all three slopes are missing: δa is δr ⊙ r ⊙ (1 − r), and so for z, and δn ⊙ (1 − n²)": sloped(
            np.ones_like, "rzn"
        ),
    }
    for at in ("r", "z", "rz"):
        names = ", ".join(at)
        mistakes |= {
            f"σ stands where σ′ belongs, at {names}": sloped(lambda s: s, at),
            f"σ′ is missing, at {names}": sloped(np.ones_like, at),
            f"the slope of tanh stands where σ′ belongs, at {names}": sloped(tanh_slope, at),
            f"σ′ is taken of the gate as if it were a, at {names}: of the gate s it is s ⊙ (1 − s)": sloped(
                lambda s: sigmoid_slope(sigmoid(s)), at
            ),
        }
    mistakes |= {
        f"the blocks stand in the order {', '.join(order)}; W has them as r, z, n": ordered(order)
        for order in ORDERS
    }
    kept, through = dh * (1 - z), {k: roads[k][D:] for k in "rz"}
    four = "four roads lead to h_prev: dh ⊙ (1 − z), δs ⊙ r, W_zᵀ δa_z and W_rᵀ δa_r"
    mistakes |= {
        f"dh ⊙ (1 − z) is missing: {four}": unheard(kept),
        "dh ⊙ z goes on to h_prev: z writes, 1 − z keeps": unheard(kept, -dh * z),
        "dh goes on to h_prev whole: it is dh ⊙ (1 − z)": unheard(kept, -dh),
        "dh is added to dh_prev once more: dh ⊙ (1 − z) is all of it": unheard(-dh),
        f"the road through n is missing: {four}": unheard(ds * r),
        f"the road through z is missing: {four}": unheard(through["z"]),
        f"the road through r is missing: {four}": unheard(through["r"]),
        f"the roads through z and r are missing: {four}": unheard(*through.values()),
        f"the road past the gates stands alone: {four}": right._replace(dh_prev=kept),
        f"dh_prev is W_hᵀ δa, as in the LSTM: {four}": right._replace(dh_prev=W[:, D:].T @ da),
        "W_r and W_z are not transposed on the way to h_prev": unheard(
            *through.values(), *(-W[rows[k], D:] @ da[rows[k]] for k in "rz")
        ),
        "W_n has met r ⊙ h_prev, not h_prev: its rows of dW are δa_n [x_t; r ⊙ h_prev]ᵀ": right._replace(
            dW=met(of_n, da_n @ h.T)
        ),
        "the gates have met h_prev, not r ⊙ h_prev: their rows of dW are δa [x_t; h_prev]ᵀ": right._replace(
            dW=met(of_rz, da[of_rz] @ (r * h).T)
        ),
    }
    mistakes |= {
        f"the rows of {', '.join(k)} are missing in dx: all three blocks read x_t": right._replace(
            dx=right.dx - sum(roads[one][:D] for one in k)
        )
        for k in ("r", "z", "n", "rz")
    }
    W_upper, W_lower = W[:, :H], W[:, H:]  # as if h stood above x_t
    mistakes |= {
        "the column is turned round: W reads [x_t; h_prev], D columns for x_t, then H": other(
            W_x=W_lower, W_h=W_upper, turn=-1
        ),
        "the columns of W are cut in the wrong place: D belong to x_t, then H to h_prev": other(
            W_x=W_lower, W_h=W_upper
        ),
        "db is not summed: every sequence has its share in it": right._replace(db=da),
        "dW and db are averaged over the sequences: sum them": right._replace(
            dW=right.dW / B, db=right.db / B
        ),
        "dW is averaged over the sequences: sum them": right._replace(dW=right.dW / B),
        "db is averaged over the sequences: sum them": right._replace(db=right.db / B),
        "dx and dh_prev have changed places: return (dW, db, dx, dh_prev)": right._replace(
            dx=right.dh_prev, dh_prev=right.dx
        ),
    }
    given = W, gates, x, h, dh
    judged(step_back, given, right, mistakes, "the four (dW, db, dx, dh_prev)")
