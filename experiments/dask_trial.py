"""The small cut on a Dask cluster, held against its records.

    python experiments/dask_trial.py             two workers on this machine
    python experiments/dask_trial.py ADDRESS     a cluster's scheduler, as tcp://scheduler:8786

Needs the group `cluster` of pyproject.toml. Rows go to a file that is thrown away.
"""

import sys
import tempfile
from pathlib import Path

import joblib
import run
from dask.distributed import Client

from lib import laboratory


def main():
    cut, records = run.CUTS["tests"]["runs"], laboratory.read(run.RESULTS)
    where = dict(address=sys.argv[1]) if sys.argv[1:] else dict(n_workers=2, threads_per_worker=1)
    with Client(**where), tempfile.TemporaryDirectory() as folder:
        with joblib.parallel_config(backend="dask"):
            rows = run.complete(cut, Path(folder) / "runs.csv", jobs=-1)
    for one, row in rows.items():
        if not run.agrees(row, records[one]):
            sys.exit(f"{one}\n{row}, but recorded is\n{records[one]}")
    print(f"{len(rows)} runs agree with their records")


if __name__ == "__main__":
    main()
