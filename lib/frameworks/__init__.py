"""Weights to and from other frameworks: the same cell under other conventions.

                LSTM rows  GRU rows  biases            GRU's z  reset acts
    this book   i f o g    r z n     one               writes   before the product
    PyTorch     i f g o    r z n     two, added        keeps    after
    Keras       i f g o    z r n     one (after: two)  keeps    after, or before
    ONNX        i o f g    z r n     two, added        keeps    before, or after
    Flax linen  an array for each    one (n: two)      keeps    after
    Flax nnx    i f g o    r z n     one               keeps    after
    Equinox     i f g o    r z n     one (n: two)      keeps    after

(Keras and ONNX call the candidates g and n by the letters c and h.) Each `to_` function takes a
cell and its Params, each `from_` function a cell and a framework's weights. `cell` is `rnn`, `lstm`,
`gru`, or of the relatives `relu_rnn`, `reset_after` or `peephole`; no framework has them all. What
a framework's weights cannot say, as whether an RNN squashes by tanh or by max(0, a), `cell` says,
and every other option of that layer is taken to be at its default. Where the layer itself is given
instead (PyTorch, Keras, nnx, Equinox), those options of it that change what it computes are compared.

Weights are taken by value: arrays, or tensors wherever they lie, also those that require a gradient.
float32 and float64 are kept, the wider one where they are mixed; half precision becomes float32.
Integers, booleans, complex and quantized numbers are a TypeError, as is a masked array; NaN and
infinity are a ValueError. What comes back shares no memory with what was given. A dict may hold
dicts, whose names are joined by "/"; `prefix` is the text before a layer's own names, its dot or
slash included, and names elsewhere in the dict are left alone. A conversion that cannot be exact is
refused in a sentence that says why.

Gradients go to a framework as weights do, but for a second bias that is added: its gradient equals
the first one's, where `to_` gives 0, and `from_` adds the two.
A direction that runs backward in time is the same cell: give it x[::-1], and turn its states likewise.

Source: the frameworks' own documentation and code: PyTorch's nn.RNN, nn.LSTM and nn.GRU, Keras's
SimpleRNN, LSTM and GRU, ONNX's operators RNN, LSTM and GRU, the recurrent cells of flax.linen and
flax.nnx, and Equinox's LSTMCell and GRUCell.
"""

from lib.frameworks.equinox import from_equinox, to_equinox
from lib.frameworks.flax import from_flax, from_nnx, to_flax, to_nnx
from lib.frameworks.keras import from_keras, to_keras
from lib.frameworks.onnx import from_onnx, to_onnx
from lib.frameworks.pytorch import from_pytorch, to_pytorch

__all__ = [
    "to_pytorch",
    "from_pytorch",
    "to_keras",
    "from_keras",
    "to_onnx",
    "from_onnx",
    "to_flax",
    "from_flax",
    "to_nnx",
    "from_nnx",
    "to_equinox",
    "from_equinox",
]
