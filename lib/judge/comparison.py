"""The judge of a comparison: does a reader's sentence about two runs hold in seeds that they have not seen?"""

import numpy as np

from lib import intervals
from lib.judge.judging import Endless, called

HALVES = (tuple(range(10)), tuple(range(10, 20)))  # the reader's seeds, and the judge's
SENTENCES = {1: "better", -1: "worse", 0: "not told apart"}


def comparison(first, second, sentence):
    """Judge "better", "worse" or "not told apart" of first(seed) against second(seed), scores of which more is better.

    Both run with the seeds 0 to 19. The first ten are the reader's own. As with every verdict of the book the
    interval over all of them has to exclude 0, and each half has to be on the same side. Prints; raises nothing.
    """
    if sentence not in SENTENCES.values():
        known = ", ".join(f'"{words}"' for words in SENTENCES.values())
        print(f"Not yet: the sentence is one of {known}, not {sentence!r}")
        return
    scores = []
    for name, function in (("the first", first), ("the second", second)):
        found, fault = scores_of(function)
        if fault:
            print(f"Not yet: {name} {fault}")
            return
        scores.append(found)
    if np.array_equal(*scores):
        print("Not yet: both give the same scores, seed by seed: what did you change?")
        return
    print(told(sentence, *scores))


def scores_of(function):
    """(the scores, seed by seed, or None; what is wrong with the function in words, or None)."""
    scores = []
    for seed in sum(HALVES, ()):
        try:
            answer = called(function, seed, alone=True)
        except Endless:
            return None, "does not come to an end"
        except NotImplementedError:
            return None, "is still to be written: it takes a seed and returns the score of one run"
        except Exception as error:
            return None, f"stops with {type(error).__name__}: {error}"
        if answer is None:
            return None, "returns nothing: does it return the score of its run?"
        if isinstance(answer, tuple) and hasattr(answer, "score"):
            return None, "returns a whole result: return its score"
        try:
            score = float(answer)
        except (TypeError, ValueError):
            return (
                None,
                f"returns a {type(answer).__name__}: expected one number, the score of a run",
            )
        if not np.isfinite(score):
            return None, f"returns {score}: expected the score of a run"
        scores.append(score)
    if len(set(scores)) == 1 and scores[0] not in (0, 1):
        return None, "gives every seed the same score: does it hand its seed on?"
    return np.array(scores), None


def told(sentence, first, second):
    """What is to be said of a sentence, from (20,) scores of either run."""
    number = intervals.difference(first, second)
    of_halves = [first[list(half)].mean() - second[list(half)].mean() for half in HALVES]
    allowed = intervals.told_apart(number, of_halves)
    if SENTENCES[allowed] == sentence:
        return f'Right: "{sentence}" is what the twenty seeds allow'
    if not allowed:
        if intervals.told_apart(number, ()):
            return "Not yet: the halves of the seeds are on different sides: it is not told apart"
        way = {"better": 1, "worse": -1}[sentence]
        if way * of_halves[0] > 0 >= way * of_halves[1]:
            return "Not yet: so it was with your ten seeds; the next ten say otherwise"
        return "Not yet: the interval over twenty seeds holds 0: your sentence says too much"
    if sentence == SENTENCES[0]:
        return f'Not yet: too careful: the twenty seeds allow "{SENTENCES[allowed]}"'
    return f'Not yet: it is the other way round: the twenty seeds allow "{SENTENCES[allowed]}"'
