"""TSMixer and TSMixer-Ext (Chen et al., 2023)."""

import torch
from torch import nn

from .module import ForecastModule


class BasicMixing(nn.Module):
    """Mixes the steps of each channel, then the channels of each step; norms come first."""

    def __init__(self, steps, channels, hidden, dropout):
        super().__init__()
        self.timeNorm = nn.LayerNorm((steps, channels))
        self.time = nn.Linear(steps, steps)
        self.featureNorm = nn.LayerNorm((steps, channels))
        self.hidden = nn.Linear(channels, hidden)
        self.output = nn.Linear(hidden, channels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        mixed = torch.relu(self.time(self.timeNorm(x).transpose(1, 2))).transpose(1, 2)
        x = x + self.dropout(mixed)
        hidden = self.dropout(torch.relu(self.hidden(self.featureNorm(x))))
        return x + self.dropout(self.output(hidden))


class FeatureMixing(nn.Module):
    """Mixes the channels of each step; the norm comes last."""

    def __init__(self, inputs, hidden, steps, dropout):
        super().__init__()
        self.hidden = nn.Linear(inputs, hidden)
        self.output = nn.Linear(hidden, hidden)
        self.skip = nn.Identity() if inputs == hidden else nn.Linear(inputs, hidden)
        self.featureNorm = nn.LayerNorm((steps, hidden))
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        hidden = self.dropout(torch.relu(self.hidden(x)))
        return self.featureNorm(self.dropout(self.output(hidden)) + self.skip(x))


class ExtMixing(FeatureMixing):
    """Mixes the steps of each channel, then the channels of each step; norms come last."""

    def __init__(self, inputs, hidden, steps, dropout, constants=0):
        super().__init__(inputs + (hidden if constants else 0), hidden, steps, dropout)
        width = inputs + (hidden if constants else 0)
        self.time = nn.Linear(steps, steps)
        self.timeNorm = nn.LayerNorm((steps, width))
        self.constants = FeatureMixing(constants, hidden, steps, dropout) if constants else None

    def forward(self, x, constants):
        if self.constants is not None:
            x = torch.cat([x, self.constants(constants)], dim=2)
        mixed = torch.relu(self.time(x.transpose(1, 2))).transpose(1, 2)
        return super().forward(self.timeNorm(self.dropout(mixed) + x))


class TsMixer(ForecastModule):
    def __init__(self, settings, window):
        super().__init__(window, settings["centering"])
        blocks = int(settings["blocks"])
        hidden = int(settings["hidden"])
        dropout = float(settings["dropout"])
        steps = window.horizon
        self.plain = window.past_features + window.known_features + window.constants == 0
        if self.plain:
            self.mixings = [
                self.add(f"block{b}", BasicMixing(window.context, 1, hidden, dropout))
                for b in range(blocks)
            ]
            self.linear = nn.Linear(window.context, steps * window.outputs)
            return
        self.projection = nn.Linear(window.context, steps)
        self.past = FeatureMixing(1 + window.past_features, hidden, steps, dropout)
        parts = 1
        if window.known_features:
            self.known = FeatureMixing(window.known_features, hidden, steps, dropout)
            parts += 1
        if window.constants:
            self.constants = FeatureMixing(window.constants, hidden, steps, dropout)
            parts += 1
        self.mixings = [self.add("block0", ExtMixing(parts * hidden, hidden, steps, dropout))]
        for b in range(1, blocks + 1):
            mixing = ExtMixing(hidden, hidden, steps, dropout, window.constants)
            self.mixings.append(self.add(f"block{b}", mixing))
        self.output = nn.Linear(hidden, window.outputs)

    def forecast(self, target, observed, past, known, constants):
        x = target[:, :, None]
        if self.plain:
            for mixing in self.mixings:
                x = mixing(x)
            return self.linear(x[:, :, 0])
        x = torch.cat([x, past], dim=2)
        parts = [self.past(self.projection(x.transpose(1, 2)).transpose(1, 2))]
        if self.window.known_features:
            parts.append(self.known(known))
        constants = constants[:, None, :].expand(-1, self.window.horizon, -1)
        if self.window.constants:
            parts.append(self.constants(constants))
        x = torch.cat(parts, dim=2)
        for mixing in self.mixings:
            x = mixing(x, constants)
        return self.output(x)
