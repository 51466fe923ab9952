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
    r"\bwrite (?:it|the step back yourself), test it (?:so that no mistake hides|against planted mistakes)\b",
    r"\bin three moves\b",
    r"\bwhichever end of z keeps\b",
    r"\bneeds only the LSTM's two equations\b",
    r"\b[Tt]hree sentences stand in many\b",
    r"\bforget bias at 1, and an LSTM\b",
    r"\bits gradient does not vanish\b",
    r"\bA GRU is smaller\b",
    r"\b[Ll]etters keep their meaning\b",
    r"\bThe Gated Memory authors \(2026\)",
    r"^Backprop through the cell state: two roads back$",
    r"\bsecond half of the chapter\b",
    r"\bWhy (?:\w+ )?ε = 10⁻⁵",
    r"\b[Ww]hich of the eight\b",
    r"\bnothing coming in\b",
    r"\bby every path\b",
    r"\b[Tt]wo questions look alike\b",
    r"\b[Tt]wo numbers compete\b",
    r"\bevery step has its own copy\b",
    r"\bTake all four, i, f, o and the candidate g\b",
    r"\bkeep its gates\b",
    r"\bwith nothing held\b",
    r"\bfor the \(H, H\) blocks of W_h\b",
    r"\b1997 cell\b|\bcell of 1997\b",
    r"\bhalf-li(?:fe|ves)\b",
    r"\bThree things are wrong\b",
    r"\b[Tt]wo drafts of this section were wrong\b",
    r"\b[Bb]eware of two traps\b",
    r"\bsaid that (?:recall|the story and adding) needs? (?:its|an) input gate(?: that moves)?\b",
    r"^Three gates$",
    r"\bafter how many steps is half of the memory gone\b",
    r"\btwo steps by hand\b",
    r"^Two steps, one answer, one error$",
    r"\bwith all that follows from it\b",
    r"\bcounted twice\b",
    r"^Two roads into every state$",
    r"\btwo enemies\b",
    r"^Eight mistakes, and what finds them$",
    r"\bWhich of the two roads\b",
]
FORMULAS = {  # of letters: an equation of the page or of another says it
    "∂a_t,j / ∂h_t−1,k = W_h,jk",
    "a_t,j = ∑_k W^(t)_jk [x_t; h_t−1]_k + b_j",
    "∂a_t,j / ∂W^(t)_jk = [x_t; h_t−1]_k",
    "∂L / ∂W_y = ∑_t (∂L / ∂y_t) h_tᵀ",
    "∂L / ∂x_t = W_xᵀ ∂L / ∂a_t",
    "h^ = tanh(w h^)",
    "c_t = f c_t−1 + i g, h_t = o tanh(c_t)",
    "i'_t = i_t (1 − i_t)",
    "g'_t = 1 − g_t²",
    "g = tanh(αv + βm + γ)",
}
CITED = [  # (what the sentence that cites says, key of the work, where in the work it stands)
    (
        "bengio1994 proved it for networks of any size: what is held safe against noise loses its gradient",
        "bengio1994",
        "the theorems on robust latching",
    ),
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
    ("The first LSTM, of hochreiter1997", "hochreiter1997", "section 4"),
    (
        "The forget gate came with gers2000, since on an input without end such a state can grow without limit",
        "gers2000",
        "sections 2 and 3",
    ),
    (
        "In 5,400 runs greff2017 found none of eight variants significantly better than the vanilla cell",
        "greff2017",
        "the abstract",
    ),
    (
        "coupling its gates or leaving out its peepholes did no significant harm",
        "greff2017",
        "the conclusion",
    ),
    ("greff2017 found so in 5,400 runs", "greff2017", "the abstract"),
    ("werbos1990 on backpropagation through time", "werbos1990", "the whole paper"),
    (
        "hochreiter1997 had no forget gate, and cut the gradient off where it would have gone back through a gate or "
        "the candidate",
        "hochreiter1997",
        "section 4, under Learning: errors that arrive at net inputs of the memory cell do not go further back",
    ),
    (
        "The first two are the input weight conflict and the output weight conflict of hochreiter1997: one weight is "
        "asked for two things at different times",
        "hochreiter1997",
        "section 3.2",
    ),
    (
        "The third was answered by gers2000",
        "gers2000",
        "the abstract: without resets the state may grow without end",
    ),
    (
        "The second row is the initialization that jozefowicz2015 advise, a forget bias of 1: with it the LSTM caught "
        "up with the GRU",
        "jozefowicz2015",
        "the abstract",
    ),
    (
        "found that removing the forget gate or the tanh at the output hurts most, and that the input and the output "
        "gate are missed on two of the three",
        "greff2017",
        "section V, on the variants: NFG, NOAF, NIG and NOG on TIMIT, IAM Online and JSB Chorales",
    ),
    (
        "found so on speech, handwriting and music, together with the tanh of the output",
        "greff2017",
        "the abstract",
    ),
    (
        "found speech and handwriting significantly worse without it, and music not",
        "greff2017",
        "section V, on the variant NOG",
    ),
    (
        "found the input gate important, the output gate unimportant, and the forget gate very important, except on "
        "language",
        "jozefowicz2015",
        "the conclusions that it draws from its search, on the gates of the LSTM",
    ),
    ("jozefowicz2015 found it unimportant", "jozefowicz2015", "the same place"),
    ("hochreiter1997 is the first LSTM", "hochreiter1997", "the whole paper"),
    (
        "vanderwesthuizen2018 keep nothing but the forget gate",
        "vanderwesthuizen2018",
        "the abstract",
    ),
    (
        "derived how large weights drown what comes along the cell state",
        "kanuparthi2019",
        "the abstract: with large weights the gradient through the linear path is suppressed",
    ),
    (
        "who cut the road through h at random steps, report faster and surer training",
        "kanuparthi2019",
        "the abstract: convergence speed, robustness to seed and learning rate",
    ),
]
