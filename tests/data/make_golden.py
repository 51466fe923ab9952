"""Writes golden.npz: runs of the frameworks' own cells, so that the tests need no framework.

    python tests/data/make_golden.py        where all of judges.PACKAGES are installed

Every array is named framework/kind/dtype/what; "versions" says what made them. Weights, x and dh are
drawn by `judges.draw`, seed 0; h, dx and the slopes of the weights are the framework's answer.
"""

import json
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from judges import CASES, DTYPES, JUDGES, draw, versions  # noqa: E402  (its folder is found a line above)


def main():
    arrays, made_by = {}, {}
    for framework, kinds in CASES.items():
        made_by[framework] = versions(framework)
        if made_by[framework] is None:
            sys.exit(f"{framework} is not installed: the golden runs need all of them.")
        for kind in kinds:
            for dtype in DTYPES[framework]:
                weights, x, dh = draw(framework, kind, dtype)
                h, dx, slopes = JUDGES[framework](kind, weights, x, dh)
                run = {"x": x, "dh": dh, "h": h} | ({} if dx is None else {"dx": dx})
                run |= named("weights", weights) | named("slopes", slopes or {})
                arrays |= {f"{framework}/{kind}/{dtype}/{what}": run[what] for what in run}
    np.savez_compressed(HERE / "golden.npz", versions=json.dumps(made_by), **arrays)


def named(prefix, parts):
    """{prefix/name: array} of a dict or a list."""
    items = parts.items() if isinstance(parts, dict) else enumerate(parts)
    return {f"{prefix}/{name}": np.asarray(part) for name, part in items}


if __name__ == "__main__":
    main()
