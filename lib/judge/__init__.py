"""Judges of what the reader writes: each says in words whether it is right, or which mistake it looks like.

A judge calls the function with random arguments, compares what comes back with `lib`, and prints one line. It
stands whatever a first attempt does: nothing is returned, a shape is wrong, an argument is changed in place, a loop
does not end. A wrong answer that people really give is named.
"""

from lib.judge.comparison import comparison
from lib.judge.gru import gru_step, gru_step_back
from lib.judge.lstm import lstm_forward, lstm_step, lstm_step_back
from lib.judge.rnn import rnn_forward, rnn_step

__all__ = ["rnn_step", "rnn_forward", "lstm_step", "lstm_forward", "lstm_step_back"]
__all__ += ["gru_step", "gru_step_back", "comparison"]
