"""What every explorer is made of: ipywidgets sliders, links, and an anywidget figure that computes and draws.

The figure's traits are the explorer's values, so a later cell reads `lab.f` and may set it. Beside the widget view the
output carries a picture of the figure at these values, for readers on paper, without JavaScript, or on a site that
shows notebooks but runs nothing; the notebook is stored with the picture alone. Models get counted names
("lstm_step-1-f"), so that a page built twice from a fresh kernel is the same file.
"""

from collections import Counter

import anywidget
import ipywidgets
from ipywidgets.widgets.widget_int import SliderStyle
from ipywidgets.widgets.widget_link import Link
from traitlets import Dict, Float, Int, Unicode

from lib.live.join import join
from lib.live.values import Named, allowed, checked, style_sheet

VIEW = "application/vnd.jupyter.widget-view+json"
_made = Counter()


class Explorer(Named, anywidget.AnyWidget):
    """A figure with its sliders. `kind` names the module in js/ and the picture in static.py.

    `data` is what else the figure computes with: it travels in the widget's state, and is the picture's, too.
    """

    def __init__(self, kind, sliders, alt, choices=(), data=None):
        words = {choice.name: allowed(kind, choice) for choice in choices}
        values = {**words, **{slider.name: checked(kind, slider) for slider in sliders}}
        _made[kind] += 1
        name = f"{kind}-{_made[kind]}"
        self.kind, self.names = kind, list(values)
        self.add_traits(
            _esm=Unicode(join(f"{kind}.js")).tag(sync=True),
            _css=Unicode(style_sheet()).tag(sync=True),
            alt=Unicode(alt).tag(sync=True),
            start=Dict(values).tag(sync=True),
            data=Dict(data or {}).tag(sync=True),
            **{choice.name: _word(kind, choice) for choice in choices},
            **{slider.name: _value(kind, slider) for slider in sliders},
        )
        super().__init__(layout=_layout(f"{name}-figure-layout"), model_id=f"{name}-figure")
        self.box = _box(self, name, sliders)

    def _repr_mimebundle_(self, include=None, exclude=None):
        from lib.live.static import pictures  # matplotlib only when something is shown

        data, sizes = pictures(self.kind, self.values, self.data)
        view = {"version_major": 2, "version_minor": 0, "model_id": self.box.model_id}
        return {**data, "text/plain": repr(self), VIEW: view}, sizes


def _box(figure, name, sliders):
    controls = []
    for slider in sliders:
        control = _control(slider, f"{name}-{slider.name}")
        Link(
            (control, "value"), (figure, slider.name), model_id=f"{control.model_id}-link"
        )  # jslink, with a name
        controls.append(control)
    rows = ipywidgets.VBox(
        controls, layout=_layout(f"{name}-sliders-layout"), model_id=f"{name}-sliders"
    )
    rows.add_class("live-sliders")
    if len(controls) > 7:
        rows.add_class("live-rows")  # two beside each other, then three and three, also on a phone
    box = ipywidgets.VBox([figure, rows], layout=_layout(f"{name}-layout"), model_id=name)
    box.add_class("live-explorer")
    return box


def _control(slider, name):
    kind = ipywidgets.IntSlider if slider.format == "d" else ipywidgets.FloatSlider
    control = kind(
        value=slider.value,
        min=slider.low,
        max=slider.high,
        step=slider.step,
        description=slider.label,
        description_allow_html=True,
        readout_format=slider.format,
        style=SliderStyle(
            description_width="10.5em" if " " in slider.label else "2.5em", model_id=f"{name}-style"
        ),
        layout=_layout(f"{name}-layout"),
        model_id=name,
    )
    control.add_class(f"live-{slider.color}")
    return control


def _layout(name):
    return ipywidgets.Layout(width="auto", model_id=name)


def _value(kind, slider):
    """The trait: a number within the slider's range, also when it is set later from Python."""
    number = Int if slider.format == "d" else Float

    class Value(number):
        def validate(self, obj, value):
            return checked(kind, slider._replace(value=value))

    return Value(checked(kind, slider)).tag(sync=True)


def _word(kind, choice):
    class Word(Unicode):
        def validate(self, obj, value):
            return allowed(kind, choice._replace(value=value))

    return Word(allowed(kind, choice)).tag(sync=True)
