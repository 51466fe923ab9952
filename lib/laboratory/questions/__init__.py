"""The questions that records are asked, by name; a file of questions for each file of experiments/results.

A question names its conditions and three sentences: for either side of its bound, and for neither.
"""

from lib.laboratory.questions import ablations, grid, hello, ladder, roads, silence, starts, state
from lib.laboratory.verdicts import judge

FILES = dict(starts=starts, hello=hello, ablations=ablations, ladder=ladder, roads=roads)
FILES |= dict(silence=silence, state=state, grid=grid)
VERDICTS = {
    name: question._replace(file=file)
    for file, questions in FILES.items()
    for name, question in questions.asked()
}


def judged(name, records, own=None, seeds=None, rates=None):
    """What the records {Run: Row} allow to be said on a question of `VERDICTS` -> Verdict.

    `own` is {Run: {column: text}}, the file's own columns, for the questions that ask for them:
    `read_more` gives it. Over all seeds the 95 % interval has to exclude the question's bound, and in
    each of two halves of the seeds the number has to be on the same side of it; else nothing is told
    apart. `seeds` and `rates` ask for fewer than the question does. Raises KeyError for an unknown
    question, Incomplete for records that lack runs or a column.
    """
    return judge(VERDICTS[name], records, own, seeds, rates)
