"""Exports a saved forecaster as ONNX: python -m hdl_forecasters.onnx FOLDER FILE

Needs the package onnx beside torch. The graph reads the scaled arrays that Forecaster.inputs()
gives, by their names, and gives "output" [batch, horizon, outputs], which
hdl_forecasters.losses.forecasts() brings back to the target's unit. The batch may have any size.
"""

import sys

import torch

from .reader import load

NAMES = ("target", "observed", "past", "known", "constants")


def export(folder, path):
    """Writes the model of a saved forecaster as ONNX.

    Arrays that the model makes no use of are no inputs.
    """
    forecaster = load(folder)
    if forecaster.draws_paths:
        raise ValueError(f"{folder}: {forecaster.manifest['model']} draws step by step (no graph)")
    shapes = forecaster.features.shape(forecaster.context, forecaster.horizon, 1).input_shapes(2)
    arrays = {name: torch.zeros(shapes[name]) for name in NAMES}
    arrays["observed"] += 1
    seen = [name for name in NAMES if arrays[name].numel() > 0]

    class Graph(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.model = forecaster.model

        def forward(self, *given):
            of = dict(zip(seen, given))
            batch = given[0].shape[0]
            empty = {n: given[0].new_zeros((batch,) + shapes[n][1:]) for n in NAMES if n not in of}
            return self.model(*({**empty, **of}[name] for name in NAMES))

    torch.onnx.export(
        Graph().eval(),
        tuple(arrays[name] for name in seen),
        path,
        input_names=seen,
        output_names=["output"],
        dynamic_axes={name: {0: "batch"} for name in seen + ["output"]},
        dynamo=False,
    )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python -m hdl_forecasters.onnx FOLDER FILE")
    export(*sys.argv[1:])
