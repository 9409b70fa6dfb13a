"""The models by the names that hdl saves."""

from .dlinear import DLinear
from .nbeats import NBeats
from .nhits import NHits
from .nlinear import NLinear
from .tide import Tide
from .tsmixer import TsMixer

MODELS = {
    "dlinear": DLinear,
    "nbeats": NBeats,
    "nhits": NHits,
    "nlinear": NLinear,
    "tide": Tide,
    "tsmixer": TsMixer,
}


def build(name, settings, window):
    """A model with fresh weights, in evaluation mode.

    name and settings are as hdl saves them; all settings are texts.
    """
    if name not in MODELS:
        raise ValueError(f"model: {name} (expected: one of {', '.join(sorted(MODELS))})")
    return MODELS[name](settings, window).eval()
