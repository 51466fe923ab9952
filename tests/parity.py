"""`make parity`: the cells against every framework that is installed, live; says which it skipped."""

import sys

from judges import CASES, JUDGES, disagreements, draw, versions

BOUND = {"float64": 1e-12, "float32": 1e-5}


def main():
    worst = 0.0
    for framework, kinds in CASES.items():
        found = versions(framework)
        if found is None:
            print(f"{framework:8} skipped: it is not installed here")
            continue
        for kind in kinds:
            for dtype, bound in BOUND.items():
                errors = {}
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
                    f"{framework:8} {kind:12} {dtype}  {said}  {error:.1e} at most ({what}), {judged}"
                )
        print(f"{framework:8} versions: {found}")
    return worst > 1


if __name__ == "__main__":
    sys.exit(main())
