"""An explorer where there is no ipywidgets: it refuses what the notebook's refuses, and tells the page what to draw.

kernel.py puts it where `lib.live` looks for its own. The page reads the state of widgets that notebooks store
(lib/live/js/page.js), so this is one of the same parts.
"""

from collections import Counter

from lib.live.join import join
from lib.live.values import Named, allowed, checked, style_sheet

_made = Counter()


class Explorer(Named):
    """As lib.live.explorer has it: its values are its attributes, and a slider's range holds for them later, too."""

    def __init__(self, kind, sliders, alt, choices=(), data=None):
        given = {one.name: (allowed, one) for one in choices}
        given |= {one.name: (checked, one) for one in sliders}
        values = {name: check(kind, one) for name, (check, one) in given.items()}
        _made[kind] += 1
        self.__dict__.update(
            kind=kind, names=list(values), sliders=sliders, alt=alt, data=data or {}
        )
        self.__dict__.update(values, start=values, _given=given, _name=f"{kind}-page-{_made[kind]}")

    def __setattr__(self, name, value):
        if name in self._given:
            check, one = self._given[name]
            value = check(self.kind, one._replace(value=value))
        self.__dict__[name] = value

    def shown(self):
        """{model: the state of its widget}, and the names of the whole and of the figure in it."""
        name, figure = self._name, f"{self._name}-figure"
        own = dict(_esm=join(f"{self.kind}.js"), alt=self.alt, start=self.start, data=self.data)
        models = {figure: ("AnyModel", {**own, **self.values})}
        for slider in self.sliders:
            kind = "IntSliderModel" if slider.format == "d" else "FloatSliderModel"
            state = dict(
                value=getattr(self, slider.name),
                min=slider.low,
                max=slider.high,
                step=slider.step,
                description=slider.label,
                description_allow_html=True,
                readout_format=slider.format,
                _dom_classes=[f"live-{slider.color}"],
            )
            control = f"{name}-{slider.name}"
            models[control] = (kind, state)
            ends = {"source": [control, "value"], "target": [figure, slider.name]}
            models[f"{control}-link"] = ("LinkModel", ends)
        rows = ["live-sliders"] + ["live-rows"] * (len(self.sliders) > 7)
        controls = [f"{name}-{slider.name}" for slider in self.sliders]
        models[f"{name}-sliders"] = ("VBoxModel", dict(children=controls, _dom_classes=rows))
        whole = dict(children=[figure, f"{name}-sliders"], _dom_classes=["live-explorer"])
        models[name] = ("VBoxModel", whole)
        state = {key: dict(model_name=kind, state=part) for key, (kind, part) in models.items()}
        return {
            "state": state,
            "whole": name,
            "figure": figure,
            "kind": self.kind,
            "names": self.names,
            "values": self.values,
            "data": self.data,
            "sheet": style_sheet(),
        }
