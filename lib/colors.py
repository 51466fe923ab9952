"""One color for each letter of the equations, the same in figures, sliders, diagrams and on the page.

    LSTM   i input gate, f forget gate, o output gate, g candidate, c cell state, h hidden state
    GRU    r reset gate, z update gate, n candidate (brown like g: both are what may be written)
    every  x input, h hidden state

Each color has a contrast of at least 4.5 on its page's ground, so that it may color text. Within one cell no two
colors come close, neither to full color vision nor to the three kinds of color blindness, and no two have the same
lightness, so that a print in grey keeps them apart where lines are few; labels say it in words all the same.
"""

COLORS = {  # on a white page
    "i": "#047a5b",
    "f": "#0e4b97",
    "o": "#a147c8",
    "g": "#653c0d",
    "c": "#bd3f23",
    "h": "#2f2554",
    "x": "#17181a",
    "r": "#991078",
    "z": "#044d49",
    "n": "#946526",
    "neutral": "#5f6672",
}

DARK = {  # on the dark page
    "i": "#66d2a3",
    "f": "#6283c1",
    "o": "#c58afb",
    "g": "#dea44c",
    "c": "#dd5e3b",
    "h": "#b9bef8",
    "x": "#e5e5e6",
    "r": "#c36191",
    "z": "#6db9b4",
    "n": "#f59d5f",
    "neutral": "#a3abb8",
}
