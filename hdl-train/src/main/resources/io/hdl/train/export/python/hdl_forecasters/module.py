"""What all models share: weights under hdl's names, and normalisation of the window."""

import torch
from torch import nn

FLOOR = 1e-5


class ForecastModule(nn.Module):
    """A model of hdl: reads the arrays of WindowShape.input_shapes, gives [batch, horizon, outputs].

    A model implements forecast(target, observed, past, known, constants), whose values lie in the
    order [batch, horizon, outputs]. Its weights have the names that hdl saves.

    sees_covariates: whether the model makes use of covariates and constants.
    """

    sees_covariates = True

    def __init__(self, window, centering="NONE"):
        super().__init__()
        self.window = window
        self.centering = centering
        self.revin = self.add("revin", Affine()) if centering == "REVERSIBLE" else None

    def add(self, name, module):
        """Registers a module under a dotted name such as stack0.hidden1."""
        *path, last = name.split(".")
        parent = self
        for part in path:
            if part not in parent._modules:
                parent.add_module(part, nn.Module())
            parent = parent._modules[part]
        parent.add_module(last, module)
        return module

    def layer(self, name, inputs, outputs):
        """A linear layer under a dotted name."""
        return self.add(name, nn.Linear(inputs, outputs))

    def constant(self, name, values):
        """An array that is no weight."""
        self.register_buffer(name, values, persistent=False)

    def norm(self, target, observed):
        """Location and scale of each window, [batch, 1]; None where there is none."""
        count = observed.sum(dim=1, keepdim=True).clamp(min=1)
        location = scale = None
        if self.centering in ("LAST", "LAST_ABSOLUTE"):
            location = target[:, -1:]
        if self.centering in ("MEAN", "STANDARD", "REVERSIBLE"):
            location = (target * observed).sum(dim=1, keepdim=True) / count
        if self.centering in ("STANDARD", "REVERSIBLE"):
            squares = ((target - location) * observed).square().sum(dim=1, keepdim=True)
            scale = (squares / count + FLOOR).sqrt()
        if self.centering in ("ABSOLUTE", "LAST_ABSOLUTE"):
            scale = (target * observed).abs().sum(dim=1, keepdim=True) / count
            scale = scale.clamp(min=FLOOR)
        return location, scale

    def forward(self, target, observed, past, known, constants):
        location, scale = self.norm(target, observed)
        if location is not None:
            target = target - location
        if scale is not None:
            target = target / scale
        if self.revin is not None:
            target = target * self.revin.weight + self.revin.bias
        output = self.forecast(target, observed, past, known, constants)
        output = output.reshape(target.shape[0], self.window.horizon, self.window.outputs)
        if self.revin is not None:
            output = (output - self.revin.bias) / (self.revin.weight + FLOOR * FLOOR)
        if scale is not None:
            output = output * scale[:, :, None]
        if location is not None:
            output = output + location[:, :, None]
        return output


class Affine(nn.Module):
    """A learned scale and offset."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.bias = nn.Parameter(torch.zeros(1))


def integers(text):
    """The numbers of a setting such as 4,2,1."""
    return [int(number) for number in text.split(",")]
