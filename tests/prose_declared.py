"""What the text may say without a cell: phrases with a number or a verdict's word, formulas, what works say.

A phrase is a pattern, declared once for all pages, and no longer than it takes: the noun beside the number, what makes
the word no verdict. What stands around it, and the commas in it, are the writer's. A formula is as it is read. Of what
is cited: the words of the page, the key of the work, and where in the work it stands.
"""

PHRASES = [
    r"\ba few dozen numbers\b",
    r"\b[Ff]ive sliders,? (?:and )?two short equations\b",
    r"\ball four are computed\b",
    r"\bone of the names\b",
    r"\b[Tt]hree things to try\b",
    r"\bthe third try\b",
    r"\bmake gradients vanish or explode\b",
    r"\bwrite it in ten lines\b",
    r"\bas long as you need, and say which gate a task needs\b",
    r"\bwrite it, test it so that no mistake hides\b",
    r"\bin three moves\b",
    r"\bwhichever end of z keeps\b",
    r"\bneeds only the LSTM's two equations\b",
    r"\b[Tt]hree sentences stand in many\b",
    r"\bforget bias at 1, and an LSTM\b",
    r"\bits gradient does not vanish\b",
    r"\bA GRU is smaller\b",
    r"\b[Ll]etters keep their meaning\b",
    r"\b[Ee]xercises come in threes\b",
    r"\bThe Gated Memory authors \(2026\)",
    r"^Backprop through the cell state: two roads back$",
    r"\bthe two roads that lead back\b",
    r"\bplant eight mistakes\b",
    r"\bsaves from vanishing, and make the gradient explode\b",
    r"\bprint three digits\b",
    r"\bthe 0\.3 come from\b",
    r"\bsecond half of the chapter\b",
    r"\brandom slopes at every step\b",
    r"^Why (?:\w+ )?10⁻⁵",
    r"\bwhich of the eight does\b",
    r"\bso no power of a matrix appears\b",
    r"\bgradients neither vanish nor explode\b",
    r"\bnothing coming in\b",
    r"\bby every path\b",
    r"\balong every path from v to the loss\b",
    r"\btwo things happen\b",
    r"\bTwo different derivatives\b",
    r"\bspeaks of the first as if it were the second\b",
    r"\bTake all four, i, f, o and the candidate g\b",
    r"\bkeep its gates\b",
    r"\bwith nothing held\b",
    r"\bfor the \(H, H\) blocks of W_h\b",
    r"\bits gradient neither vanishes nor explodes\b",
    r"\b[Aa]long that road it does not vanish\b",
    r"\bthree surprises\b",
    r"\bby the forget gates alone\b",
    r"\bone percent of the gradient left\b",
    r"\bforget biases of 1, 3 and 5\b",
    r"\b1997 cell\b|\bcell of 1997\b",
]
FORMULAS = {  # of letters: an equation of the page or of another says it
    "c_t = f c_t−1 + i g, h_t = o tanh(c_t)",
    "a = W [x_t; h_t−1] + b",
    "a_t = W^(t) [x_t; h_t−1] + b",
    "i'_t = i_t (1 − i_t)",
    "g'_t = 1 − g_t²",
}
CITED = [  # (what the sentence that cites says, key of the work, where in the work it stands)
    (
        "The cell of 1997 had no forget gate, f = 1",
        "hochreiter1997",
        "section 4: a unit fixed to itself",
    ),
    (
        "cut the gradient off wherever it would have gone back through a gate or the candidate",
        "hochreiter1997",
        "section 4, under Learning: errors that arrive at net inputs of the memory cell do not go further back",
    ),
    (
        "for the constant error carousel and the truncated gradient",
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
