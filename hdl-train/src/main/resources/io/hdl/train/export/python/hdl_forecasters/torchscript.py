"""Modules that came as TorchScript, as hdl saves them: module.pt, with the trained weights."""

import os

import torch
from torch import nn


class TorchScript(nn.Module):
    """A scripted module of a saved forecaster: reads all arrays or the target alone."""

    reads_label = False

    def __init__(self, folder, settings, window):
        super().__init__()
        self.window = window
        self.inputs = int(settings["inputs"])
        self.module = torch.jit.load(os.path.join(folder, "module.pt")).eval()

    def forward(self, *arrays):
        output = self.module(*arrays[: self.inputs])
        return output.reshape(len(output), self.window.horizon, self.window.outputs)
