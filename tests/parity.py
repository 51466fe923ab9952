"""`make parity`: the cells against every framework that is installed, live; says which it skipped.

Then whole layers, as a stranger has them: several layers and directions, modules in the place of
their weights, half precision, no biases. Where PyTorch is, the pages' PyTorch listings are run as
they are printed, and what a framework's LSTM starts its biases at is looked up.
"""

import json
import re
import sys
from pathlib import Path

import numpy as np
from judges import CASES, DTYPES, JUDGES, B, D, H, T, disagreements, draw, versions
from layers import LAYERS

BOUND = {"float64": 1e-12, "float32": 1e-5}
ROOT = Path(__file__).resolve().parent.parent
LISTING = re.compile(r"```python\n(.*?)```", re.DOTALL)  # shown on a page and not run there


def listings():
    """(page, code) of each listing in the notebooks' text."""
    for path in sorted(ROOT.glob("*/*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                for code in LISTING.findall("".join(cell["source"])):
                    yield path.stem, code


def last_loss(code, seed):
    """The loss that a listing ends with. Below 0.1, all four letters of hello are right."""
    import torch

    torch.manual_seed(seed)
    names = {}
    exec(code, names)
    return names["loss"].item()


def first_biases(framework):
    """The biases of a fresh LSTM, each (4H,), rows in the order i, f, g, o."""
    if framework == "pytorch":
        import torch

        net = torch.nn.LSTM(D, H)
        return [net.bias_ih_l0.detach().numpy(), net.bias_hh_l0.detach().numpy()]
    import keras

    layer = keras.layers.LSTM(H)
    layer.build((B, T, D))
    return [layer.get_weights()[2]]


def starts_as_told(framework):
    """Whether a fresh LSTM's biases are what the pages say of them; prints the answer."""
    biases = first_biases(framework)
    if framework == "pytorch":
        told = "two biases, both at random near 0"
        true = len(biases) == 2 and all(0 < abs(b).max() <= H**-0.5 for b in biases)
    else:
        told = "one bias, 1 for the forget gate and 0 elsewhere"
        true = np.array_equal(biases, [np.repeat([0, 1, 0, 0], H)])
    print(f"{framework:11} lstm         starts   {'agree' if true else 'DIFFER'}  {told}")
    return true


def listings_learn():
    """Whether each page's listing, from five seeds, ends with a loss below 0.1; prints them."""
    worst = {page: max(last_loss(code, seed) for seed in range(5)) for page, code in listings()}
    for page, loss in worst.items():
        said = "learns" if loss < 0.1 else "FAILS"
        print(f"pytorch     listing      of {page}  {said}  a loss of {loss:.3f} at most")
    return bool(worst) and max(worst.values()) < 0.1


def main():
    worst = 0.0
    for framework, kinds in CASES.items():
        found = versions(framework)
        if found is None:
            print(f"{framework:11} skipped: it is not installed here")
            continue
        for kind in kinds:
            for dtype in DTYPES[framework]:
                errors, bound = {}, BOUND[dtype]
                for seed in range(5):
                    weights, x, dh = draw(framework, kind, dtype, seed)
                    judged = JUDGES[framework](kind, weights, x, dh)
                    for what, error in disagreements(
                        framework, kind, weights, x, dh, *judged
                    ).items():
                        errors[what] = max(error, errors.get(what, 0.0))
                what, error = max(errors.items(), key=lambda pair: pair[1])
                worst = max(worst, error / bound)
                said = "agree" if error <= bound else "DIFFER"
                judged = "outputs" if len(errors) == 1 else "outputs and gradients"
                print(
                    f"{framework:11} {kind:12} {dtype}  {said}  {error:.1e} at most ({what}), {judged}"
                )
        for what, error, bound in LAYERS.get(framework, list)():
            worst = max(worst, error / bound)
            print(f"{framework:11} {'agree' if error <= bound else 'DIFFER'}  {error:.1e}  {what}")
        if framework in ("pytorch", "keras") and not starts_as_told(framework):
            worst = np.inf
        if framework == "pytorch" and not listings_learn():
            worst = np.inf
        print(f"{framework:11} versions: {found}")
    return worst > 1


if __name__ == "__main__":
    sys.exit(main())
