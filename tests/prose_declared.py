"""What the text may say without a cell: phrases with a number, sentences that define, figures of the literature.

A phrase is a pattern; it is declared once for all pages. A formula and a sentence are as they are read, without their
markup. Of what is cited: the words of the page, the key of the work, and where in the work it stands.
"""

PHRASES = [
    r"\ba few dozen numbers\b",
    r"\bFive sliders, two short equations\b",
    r"\ball four are computed\b",
    r"\bone of the names\b",
    r"\bThree things to try\b",
    r"\bthe third try\b",
    r"\bThree sentences stand in many\b",
    r"\bThe Gated Memory authors \(2026\)",
]
FORMULAS = {  # of letters: an equation of the page or of another says it
    "c_t = f c_t−1 + i g, h_t = o tanh(c_t)",
}
SENTENCES = {  # that define, quote what others say, or tell what will come
    "Here is one step of the most famous gated cell, the LSTM, with one number of memory.",
    "The forget gate f says how much of it stays.",
    "An LSTM can know something and keep it to itself.",
    "Open the forget gate wide, f = 1, and close the input gate, i = 0.",
    'Afterward you can compute a recurrent step by hand, train a network to spell "hello", derive backpropagation '
    "through time, and say which weight matrices make gradients vanish or explode.",
    "Afterward you can draw the LSTM from memory, write it in ten lines, start it so that it remembers as long as you "
    "need, and say which gate a task needs.",
    "Afterward you can derive the backward pass on paper, write it, test it so that no mistake hides, and say what the "
    "sum in the cell state saves and what it does not.",
    "Afterward you can turn an LSTM into a GRU in three moves, count what it saves, and read the GRU of any paper or "
    "framework, whichever end of z keeps.",
    "In a hurry, read ch-lstm and then ch-memory; if you came for the derivation, ch-backprop begins with a step on "
    "paper and needs only the LSTM's two equations.",
    '"Start the forget bias at 1, and an LSTM has a long memory."',
    '"The LSTM adds, so its gradient does not vanish."',
    '"A GRU is smaller and does just as well."',
    "Letters keep their meaning and their color through the whole book: i, f, o and g for the gates and the candidate "
    "of the LSTM, r, z and n for those of the GRU, c and h for the states, x for the input.",
}
CITED = []  # (what the sentence that cites says, key of the work, where in the work it stands)
