"""The laboratory: one run of one cell on one task, under the same protocol for every cell.

    posed       how each task is posed: trained, tested, and when it counts as solved
    trials      a run, and the controls that change one thing in it
    records     a file of runs: Run, Row, its checks, the weights beside it
    comparing   which runs count, at which rate; two conditions side by side
    verdicts    what records allow to be said: a number, its interval, both halves of the seeds
    questions   what they are asked, by name

A run is decided by its arguments alone. Its seed opens two random streams: [seed, 0] for the first
weights and then the training batches, [seed, 1] for the test. No score is taken on the training
batches. All is in float64, where rounding, which differs from machine to machine, tips the fewest
runs.
"""

from lib.laboratory.comparing import Comparison, best_rate, by_rate, compare, reported
from lib.laboratory.posed import CHANCE, TASKS, Task, is_solved
from lib.laboratory.questions import VERDICTS, judged
from lib.laboratory.records import CELLS, STARTS, Row, Run, read, read_more, stored
from lib.laboratory.trials import CONTROLS, Result, recall, trial
from lib.laboratory.verdicts import Incomplete, Verdict, runs_of

__all__ = [
    "CHANCE",
    "TASKS",
    "CELLS",
    "STARTS",
    "CONTROLS",
    "Task",
    "Result",
    "Run",
    "Row",
    "Comparison",
    "trial",
    "recall",
    "read",
    "read_more",
    "stored",
    "reported",
    "by_rate",
    "best_rate",
    "runs_of",
    "is_solved",
    "compare",
    "VERDICTS",
    "Verdict",
    "Incomplete",
    "judged",
]
