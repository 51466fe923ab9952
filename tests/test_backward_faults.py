"""The planted faults: each is really in the cell that carries it, and nothing else is."""

import numpy as np
import pytest
from cases import case

from lib import backward_faults, lstm


@pytest.mark.parametrize("what", backward_faults.FAULTS)
def test_a_planted_fault_changes_the_gradient_and_not_the_run(what):
    patient = backward_faults.plant(*backward_faults.FAULTS[what])
    params, x, state = case(lstm)
    sick, healthy = (cell.forward(params, x, state) for cell in (patient, lstm))
    np.testing.assert_array_equal(sick.states.h, healthy.states.h)
    dh = np.random.default_rng(0).normal(size=healthy.states.h[1:].shape)
    wrong, right = patient.backward(params, sick, dh), lstm.backward(params, healthy, dh)
    different = [np.abs(a - b).max() for a, b in zip(wrong.params, right.params, strict=True)]
    assert max(different) > 1e-3


def test_a_text_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="stands once in lstm.backward"):
        backward_faults.plant("da[t, 7]", "0")


def test_a_text_that_stands_elsewhere_is_refused():
    with pytest.raises(ValueError, match="stands once"):
        backward_faults.plant("return gates, State(c, h)", "pass")
