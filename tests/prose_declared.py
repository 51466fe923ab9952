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
    r"^Backprop through the cell state: two roads back$",
    r"\btwo things happen\b",
    r"\bholds three surprises\b",
]
FORMULAS = {  # of letters: an equation of the page or of another says it
    "c_t = f c_t−1 + i g, h_t = o tanh(c_t)",
    "a = W [x_t; h_t−1] + b",
    "a_t = W^(t) [x_t; h_t−1] + b",
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
    "find the two roads that lead back into each state, and say why what comes by them is added,",
    "test a backward pass with finite differences, plant eight mistakes in it, and see which tests find which,",
    "measure what the sum in the cell state saves from vanishing, and make the gradient explode all the same,",
    "We print three digits and carry all of them.",
    "We write δv for ∂L / ∂v, the slope of the loss L by any number or array v, along every path from v to the loss.",
    "lstm.backward takes the trace of a run, dh (the loss's own slope at every h_t) and dstate (what arrives at the "
    "last state from beyond), and gives the gradient by everything.",
    "Where did the 0.3 come from, and why plus?",
    "The second half of the chapter measures that; first we make sure that the code is right.",
    "Here is a check as it should be: random weights and biases, random non-zero states to start from, a loss with "
    "random slopes at every step.",
    "Why 10⁻⁵?",
    "Before you read on: which of the eight does a one-step check miss?",
    "Now the claim that made the LSTM famous: it combines by addition, so no power of a matrix appears, and gradients "
    "neither vanish nor explode.",
    "A cell with one unit and nothing coming in: the product of its forget gates, the additive road; the whole "
    "derivative of c_T by c₀, by every path; and a plain RNN with the same recurrent weight.",
    "Two different derivatives are meant here, and the common telling speaks of the first as if it were the second.",
    "Take all four, i, f, o and the candidate g, as given numbers, as if they did not depend on the states.",
    "So run a cell, keep its gates, hold them, and ask:",
    "We call this way along the cell state the additive road, and the derivative with nothing held, by every path, "
    "the whole one.",
    "Write i'_t = i_t (1 − i_t) and likewise f'_t, and g'_t = 1 − g_t², and W_ih, W_fh, W_gh for the (H, H) blocks of "
    "W_h:",
    'So take the sentence apart, "the LSTM adds, therefore its gradient neither vanishes nor explodes":',
    "Along that road it does not vanish.",
    "Multiply δc_T by the forget gates alone, and compare:",
    "With the gates held, after how many steps is one percent of the gradient left, for forget biases of 1, 3 and 5?",
    "The authors of the 1997 cell cut the gradient off where it would go back through a gate or the candidate.",
}
CITED = [  # (what the sentence that cites says, key of the work, where in the work it stands)
    (
        "The cell of 1997 had no forget gate, f = 1, and its authors cut the gradient off wherever it would have gone "
        "back through a gate or the candidate hochreiter1997",
        "hochreiter1997",
        "section 4, under Learning: errors that arrive at net inputs of the memory cell do not go further back",
    ),
    (
        "hochreiter1997 for the constant error carousel and the truncated gradient",
        "hochreiter1997",
        "sections 3.2 and 4",
    ),
    (
        "gers2000 for the forget gate that replaced its 1 by something that can be learned",
        "gers2000",
        "section 3",
    ),
    ("pascanu2013 on vanishing, exploding and clipping", "pascanu2013", "sections 2 and 3"),
    ("werbos1990 on backpropagation through time", "werbos1990", "the whole paper"),
]
