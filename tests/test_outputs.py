"""tools/outputs.py: what is stored of a notebook depends on what it shows, and on nothing else."""

import base64
import io
import uuid

import matplotlib.pyplot as plt
import nbformat
import outputs
from nbformat.v4 import new_code_cell, new_notebook, new_output

STATE = "application/vnd.jupyter.widget-state+json"


def explorer():
    """A run notebook with a widget, its picture and its line, and the widgets' state, as a kernel leaves them."""
    name = uuid.uuid4().hex
    model = {"model_name": "AnyModel", "model_module": "m", "state": {"f": 0.5}}
    view = {"version_major": 2, "version_minor": 0, "model_id": name}
    forms = {outputs.VIEW: view, "image/png": picture("one"), "text/plain": "explorer(f=0.5)"}
    cell = new_code_cell("show()", id="show", outputs=[new_output("display_data", forms)])
    notebook = new_notebook(cells=[cell])
    notebook.metadata["widgets"] = {
        STATE: {"state": {name: model}, "version_major": 2, "version_minor": 0}
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


def test_of_a_widget_its_picture_and_its_line_are_stored_and_nothing_else():
    kept = outputs.normalized(explorer(), "chapter")
    assert kept.cells[0].outputs[0].data == {
        "image/png": outputs.bare_png(picture("one")),
        "text/plain": "explorer(f=0.5)",
    }
    assert set(kept.metadata) == {"kernelspec", "language_info"}


def test_two_runs_with_other_widget_identifiers_are_stored_alike():
    assert stored(explorer()) == stored(explorer())


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
