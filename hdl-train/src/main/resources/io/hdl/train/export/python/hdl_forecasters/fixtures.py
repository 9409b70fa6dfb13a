"""Writes the fixtures of hdl's parity test: python -m hdl_forecasters.fixtures FOLDER [CASE...]

Each file holds a model's weights, inputs, output, a cotangent and the gradients of
sum(output * cotangent), all made by PyTorch.
"""

import json
import os
import sys

import torch

from . import safetensors
from .registry import build
from .window import WindowShape

PLAIN = WindowShape(context=24, horizon=6)
RICH = WindowShape(context=13, horizon=6, past_features=3, known_features=2, constants=2, outputs=3)

# Case: model, settings as hdl saves them, window.
CASES = {
    "deepar-lstm": (
        "deepar",
        {
            "cell": "LSTM",
            "hidden": "8",
            "layers": "2",
            "dropout": "0.1",
            "lags": "1",
            "samplePaths": "20",
        },
        RICH,
    ),
    "deepar-gru": (
        "deepar",
        {
            "cell": "GRU",
            "hidden": "8",
            "layers": "1",
            "dropout": "0.0",
            "lags": "1,12",
            "samplePaths": "20",
        },
        RICH,
    ),
    "dlinear": ("dlinear", {"kernel": "25", "centering": "NONE"}, PLAIN),
    "dlinear-quantiles": ("dlinear", {"kernel": "5", "centering": "MEAN"}, RICH),
    "dlinear-reversible": ("dlinear", {"kernel": "5", "centering": "REVERSIBLE"}, RICH),
    "dlinear-absolute": ("dlinear", {"kernel": "5", "centering": "ABSOLUTE"}, RICH),
    "nbeats-generic": (
        "nbeats",
        {
            "bases": "GENERIC",
            "terms": "0",
            "blocks": "3",
            "weights": "OWN",
            "layers": "2",
            "hidden": "16",
            "centering": "STANDARD",
        },
        PLAIN,
    ),
    "nbeats-interpretable": (
        "nbeats",
        {
            "bases": "TREND,SEASONALITY,GENERIC",
            "terms": "2,2,0",
            "blocks": "3,2,1",
            "weights": "SHARED,SHARED,OWN",
            "layers": "3,2,1",
            "hidden": "8,16,12",
            "centering": "LAST_ABSOLUTE",
        },
        RICH,
    ),
    "nhits": (
        "nhits",
        {
            "pooling": "2,2,1",
            "downsampling": "4,2,1",
            "hidden": "16",
            "layers": "2",
            "centering": "NONE",
        },
        PLAIN,
    ),
    "nhits-covariates": (
        "nhits",
        {
            "pooling": "4,2,1",
            "downsampling": "3,2,1",
            "hidden": "12",
            "layers": "3",
            "centering": "LAST",
        },
        RICH,
    ),
    "nlinear": ("nlinear", {"centering": "LAST"}, PLAIN),
    "tide": (
        "tide",
        {
            "hidden": "12",
            "encoderLayers": "1",
            "decoderLayers": "1",
            "decoderWidth": "3",
            "stepHidden": "5",
            "featureWidth": "4",
            "dropout": "0.5",
            "centering": "NONE",
        },
        PLAIN,
    ),
    "tide-covariates": (
        "tide",
        {
            "hidden": "12",
            "encoderLayers": "2",
            "decoderLayers": "2",
            "decoderWidth": "3",
            "stepHidden": "5",
            "featureWidth": "4",
            "dropout": "0.0",
            "centering": "REVERSIBLE",
        },
        RICH,
    ),
    "tsmixer": (
        "tsmixer",
        {"blocks": "2", "hidden": "8", "dropout": "0.5", "centering": "STANDARD"},
        PLAIN,
    ),
    "tsmixer-covariates": (
        "tsmixer",
        {"blocks": "2", "hidden": "6", "dropout": "0.0", "centering": "LAST"},
        RICH,
    ),
    "tsmixer-known": (
        "tsmixer",
        {"blocks": "1", "hidden": "4", "dropout": "0.0", "centering": "LAST"},
        WindowShape(context=10, horizon=5, past_features=3, known_features=3),
    ),
    "patchtst": (
        "patchtst",
        {
            "patch": "8",
            "stride": "4",
            "width": "12",
            "heads": "3",
            "feedForward": "16",
            "layers": "2",
            "dropout": "0.2",
            "norm": "LAYER",
            "centering": "STANDARD",
        },
        PLAIN,
    ),
    "patchtst-short": (
        "patchtst",
        {
            "patch": "16",
            "stride": "8",
            "width": "8",
            "heads": "2",
            "feedForward": "8",
            "layers": "1",
            "dropout": "0.0",
            "norm": "LAYER",
            "centering": "REVERSIBLE",
        },
        RICH,
    ),
}


def inputs(window, batch, reads_label):
    """Random arrays for a model; a few targets are missing and hold their window's mean."""
    arrays = {name: torch.randn(shape) for name, shape in window.input_shapes(batch).items()}
    observed = (torch.rand(batch, window.context) > 0.15).float()
    observed[0] = 1
    target = arrays["target"] * 2 + 3
    count = observed.sum(dim=1, keepdim=True).clamp(min=1)
    mean = (target * observed).sum(dim=1, keepdim=True) / count
    arrays["target"] = torch.where(observed == 1, target, mean)
    arrays["observed"] = observed
    if reads_label:
        arrays["label"] = torch.randn(batch, window.horizon) * 2 + 3
    return arrays


def write(folder, case, seed=7, batch=3):
    """Writes the fixture of one case."""
    name, settings, window = CASES[case]
    torch.manual_seed(seed)
    model = build(name, settings, window)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.1 * torch.randn_like(parameter))
    given = inputs(window, batch, getattr(model, "reads_label", False))
    output = model(*given.values())
    expected = (batch, window.horizon, window.outputs)
    if tuple(output.shape) != expected:
        raise ValueError(f"{case}: output {tuple(output.shape)} (expected: {expected})")
    cotangent = torch.randn_like(output)
    (output * cotangent).sum().backward()
    arrays = {"weight." + n: p.detach() for n, p in model.named_parameters()}
    arrays.update({"input." + n: a for n, a in given.items()})
    arrays.update({"output": output.detach(), "cotangent": cotangent})
    arrays.update({"gradient." + n: p.grad for n, p in model.named_parameters()})
    safetensors.write(
        os.path.join(folder, case + ".safetensors"),
        {n: a.numpy() for n, a in arrays.items()},
        {
            "model": name,
            "settings": json.dumps(settings),
            "window": json.dumps(window.to_dict()),
        },
    )


def main(arguments):
    if not arguments:
        sys.exit("usage: python -m hdl_forecasters.fixtures FOLDER [CASE...]")
    for case in arguments[1:] or CASES:
        write(arguments[0], case)
        print(case)


if __name__ == "__main__":
    main(sys.argv[1:])
