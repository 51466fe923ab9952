"""The book's library: three gated cells in NumPy, small enough to read whole.

Start with `rnn.py`, `lstm.py`, `gru.py`: the same functions in the same order, so that the
difference between two files is the lesson. Importing `lib` or a cell needs NumPy alone.
"""

from lib import gradients, gru, losses, lstm, optim, readout, rnn, tasks

__all__ = ["gradients", "gru", "losses", "lstm", "optim", "readout", "rnn", "tasks"]
