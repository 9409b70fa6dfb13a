"""The models by the names that hdl saves."""

from .deepar import DeepAr
from .dlinear import DLinear
from .nbeats import NBeats
from .nhits import NHits
from .nlinear import NLinear
from .patchtst import PatchTst
from .tide import Tide
from .tsmixer import TsMixer

MODELS = {
    "deepar": DeepAr,
    "dlinear": DLinear,
    "nbeats": NBeats,
    "nhits": NHits,
    "nlinear": NLinear,
    "patchtst": PatchTst,
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
