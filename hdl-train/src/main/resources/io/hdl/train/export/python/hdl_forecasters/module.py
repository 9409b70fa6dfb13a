"""What all models share: weights under hdl's names, and normalisation of the window."""

import torch
from torch import nn

FLOOR = 1e-5


class ForecastModule(nn.Module):
    """A model of hdl: reads the arrays of WindowShape.input_shapes, gives [batch, horizon, outputs].

    A model implements forecast(target, observed, past, known, constants), whose values lie in the
    order [batch, horizon, outputs]. Its weights have the names that hdl saves.
    """

    def __init__(self, window, centering="NONE"):
        super().__init__()
        self.window = window
        self.centering = centering

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

    def level(self, target):
        if self.centering == "LAST":
            return target[:, -1:]
        return target.mean(dim=1, keepdim=True)

    def forward(self, target, observed, past, known, constants):
        batch = target.shape[0]
        shape = (batch, self.window.horizon, self.window.outputs)
        if self.centering == "NONE":
            return self.forecast(target, observed, past, known, constants).reshape(shape)
        level = self.level(target)
        output = self.forecast(target - level, observed, past, known, constants)
        return output.reshape(shape) + level[:, :, None]


def integers(text):
    """The numbers of a setting such as 4,2,1."""
    return [int(number) for number in text.split(",")]
