"""tools/outputs.py: what is stored of a notebook depends on what it shows, and on nothing else."""

import base64
import io
import uuid

import matplotlib.pyplot as plt
import nbformat
import outputs
from nbformat.v4 import new_code_cell, new_notebook, new_output


def explorer():
    """A run notebook with a slider linked to a figure, both shown; one more slider that nothing shows."""
    box, slider, figure, link, unseen = (uuid.uuid4().hex for _ in range(5))

    def model(kind, **state):
        return {
            "model_name": kind,
            "model_module": "m",
            "model_module_version": "1",
            "state": state,
        }

    models = {
        unseen: model("FloatSliderModel", value=0.1),
        link: model(
            "LinkModel",
            source=[f"IPY_MODEL_{slider}", "value"],
            target=[f"IPY_MODEL_{figure}", "f"],
        ),
        figure: model("AnyModel", f=0.5),
        slider: model("FloatSliderModel", value=0.5),
        box: model("VBoxModel", children=[f"IPY_MODEL_{slider}", f"IPY_MODEL_{figure}"]),
    }
    view = {"version_major": 2, "version_minor": 0, "model_id": box}
    shown = new_output("display_data", {outputs.VIEW: view, "text/plain": "explorer"})
    notebook = new_notebook(cells=[new_code_cell("show()", id="show", outputs=[shown])])
    notebook.metadata["widgets"] = {
        outputs.STATE: {"state": models, "version_major": 2, "version_minor": 0}
    }
    return notebook


def picture(software):
    figure, ax = plt.subplots(figsize=(1, 1))
    ax.plot([0, 1])
    file = io.BytesIO()
    figure.savefig(file, metadata={"Software": software})
    plt.close(figure)
    return base64.b64encode(file.getvalue()).decode()


def drawing(software, *pieces, version="3.11.7"):
    """A run notebook that drew a picture and printed in pieces, under some version of Python."""
    shown = [new_output("stream", name="stdout", text=piece) for piece in pieces]
    data, narrow = {"image/png": picture(software)}, {"narrow": {"image/png": picture(software)}}
    drawn = new_output("execute_result", data, metadata={"image/png": narrow}, execution_count=7)
    shown.append(drawn)
    cell = new_code_cell("draw()", id="draw", outputs=shown, execution_count=7)
    cell.metadata["execution"] = {"iopub.status.busy": f"2026-01-01T00:00:{len(pieces):02}Z"}
    notebook = new_notebook(cells=[cell])
    notebook.metadata["language_info"] = {"name": "python", "version": version}
    return notebook


def stored(notebook, name="chapter"):
    return nbformat.writes(outputs.normalized(notebook, name))


def test_two_runs_with_other_widget_identifiers_are_stored_alike():
    assert stored(explorer()) == stored(explorer())


def test_two_notebooks_never_share_a_widget_identifier():
    models = [
        set(outputs.normalized(explorer(), name).metadata.widgets[outputs.STATE]["state"])
        for name in "ab"
    ]
    assert not models[0] & models[1]


def test_what_is_shown_and_its_links_are_kept_and_the_rest_is_dropped():
    models = outputs.normalized(explorer(), "chapter").metadata.widgets[outputs.STATE]["state"]
    kinds = sorted(model["model_name"] for model in models.values())
    assert kinds == ["AnyModel", "FloatSliderModel", "LinkModel", "VBoxModel"]
    link = next(model for model in models.values() if model["model_name"] == "LinkModel")
    assert all(
        link["state"][end][0].removeprefix("IPY_MODEL_") in models for end in ("source", "target")
    )


def test_a_widget_that_has_a_name_of_its_own_keeps_it():
    notebook = explorer()
    models = notebook.metadata.widgets[outputs.STATE]["state"]
    models["half_life-1"] = models.pop(notebook.cells[0].outputs[0].data[outputs.VIEW]["model_id"])
    notebook.cells[0].outputs[0].data[outputs.VIEW]["model_id"] = "half_life-1"
    kept = outputs.normalized(notebook, "chapter")
    assert kept.cells[0].outputs[0].data[outputs.VIEW]["model_id"] == "half_life-1"
    assert len(kept.metadata.widgets[outputs.STATE]["state"]) == 4


def test_times_versions_and_pieces_leave_no_trace():
    assert stored(drawing("one", "a\nb\n")) == stored(
        drawing("two", "a\n", "b\n", version="3.13.0")
    )


def test_the_picture_itself_is_kept():
    bare = base64.b64decode(outputs.bare_png(picture("one")))
    assert (
        plt.imread(io.BytesIO(bare)) == plt.imread(io.BytesIO(base64.b64decode(picture("one"))))
    ).all()
    assert b"Software" not in bare


def test_storing_what_is_stored_changes_nothing():
    for notebook in explorer(), drawing("one", "a"):
        once = stored(notebook)
        assert stored(nbformat.reads(once, as_version=4)) == once
