"""Forecasters that hdl (Java) trained, in PyTorch.

    import hdl_forecasters
    forecaster = hdl_forecasters.load("runs/model")       # a folder that Forecaster.save wrote
    forecast = forecaster.forecast(values)                # float array [steps, channels]

Needs Python 3.9 or later, torch and numpy, nothing else.
"""

from .reader import Ensemble, Forecaster, load
from .registry import MODELS, build
from .window import WindowShape

__all__ = ["Ensemble", "Forecaster", "MODELS", "WindowShape", "build", "load"]
