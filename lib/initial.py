"""Where training starts: the weights' first values, shared by all cells.

`uniform` draws every weight from U(-1/√H, 1/√H), the habit of most frameworks. `orthogonal` makes
each gate's recurrent block an orthogonal matrix (Saxe et al. 2014), so that a product of many
neither grows nor shrinks. The input weights' range is a choice of its own, `inputs`: `uniform` is
1/√H again, `glorot` is √(6 / (D + H)) (Glorot & Bengio 2010). Left out, it goes with the recurrent
start: glorot with orthogonal.
"""

import numpy as np

from lib import checks

__all__ = ["weights", "orthogonal", "bias", "chrono"]

STARTS = ("uniform", "orthogonal")
RANGES = {  # of the input weights, drawn from U(-1, 1)
    "uniform": lambda W_x, H: W_x / np.sqrt(H),
    "glorot": lambda W_x, H: W_x * np.sqrt(6 / (W_x.shape[1] + H)),
}


def weights(
    rng, blocks, input_size, hidden_size, recurrent="uniform", dtype=np.float64, inputs=None
):
    """W (blocks·H, D+H), one block of H rows for each gate; see the starts and ranges above.

    With inputs="uniform" the orthogonal start has the very input weights that the uniform start
    draws from the same `rng`: the two differ in W_h and in nothing else. Raises TypeError or
    ValueError for sizes below 1, an rng that is no generator, an unknown `recurrent` start or range
    of `inputs`, or a dtype other than float32 and float64.
    """
    rng = checks.generator(rng)
    D, H = checks.size("input_size", input_size), checks.size("hidden_size", hidden_size)
    if recurrent not in STARTS:
        raise ValueError(f"recurrent: expected one of {', '.join(STARTS)}, got {recurrent!r}")
    dtype = checks.float_type(dtype)
    if inputs is not None and inputs not in tuple(RANGES):
        raise ValueError(f"inputs: expected one of {', '.join(RANGES)}, got {inputs!r}")
    habit = inputs is None and recurrent == "orthogonal"
    W = rng.uniform(-1, 1, (blocks * H, D if habit else D + H))
    W_x = RANGES["glorot" if habit else inputs or "uniform"](W[:, :D], H)
    W_h = W[:, D:] / np.sqrt(H)
    if recurrent == "orthogonal":
        W_h = np.concatenate([orthogonal(rng, H) for _ in range(blocks)])
    return np.concatenate([W_x, W_h], axis=1).astype(dtype)


def orthogonal(rng, size):
    """A random orthogonal matrix Q (size, size): QᵀQ = I, no direction preferred.

    Q of a QR factorization of normal numbers, columns turned by the signs of R's diagonal. Raises
    ValueError for a size below 1, TypeError for an rng that is no generator. Source: Mezzadri 2007; Saxe et al. 2014.
    """
    size = checks.size("size", size)
    Q, R = np.linalg.qr(checks.generator(rng).normal(size=(size, size)))
    return Q * np.sign(np.diag(R))


def bias(name, value, hidden_size, dtype):
    """A gate's bias as a column (H, 1), from one number or one for each unit (H,).

    Raises ValueError, naming `name`, for another shape, NaN or infinity, or for a dtype other than
    float32 and float64.
    """
    value = checks.finite(name, checks.real_array(name, value, checks.float_type(dtype)))
    if value.ndim > 1 or value.ndim == 1 and len(value) != hidden_size:
        raise ValueError(f"{name}: expected one number or ({hidden_size},), got {value.shape}")
    return np.broadcast_to(value.reshape(-1, 1), (hidden_size, 1)).copy()


def chrono(rng, hidden_size, longest):
    """Forget biases (H,) for memories of 1 to `longest` steps: b = ln u, u ~ U(1, longest - 1).

    σ(ln u) = 1 - 1/(u + 1), so a unit with bias ln u loses one part in u + 1 at each step; the
    units' spans are spread over all the gaps that may come. The input bias is -b. `longest` counts
    steps; below 3 it is a ValueError, and so is a hidden_size below 1. Source: Tallec & Ollivier 2018.
    """
    if checks.size("longest", longest) < 3:
        raise ValueError(f"longest: expected at least 3 steps, got {longest}")
    hidden_size = checks.size("hidden_size", hidden_size)
    return np.log(checks.generator(rng).uniform(1, longest - 1, hidden_size))
