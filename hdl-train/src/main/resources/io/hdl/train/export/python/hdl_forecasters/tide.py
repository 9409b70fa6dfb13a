"""TiDE (Das et al., 2023)."""

import torch
from torch import nn

from .module import ForecastModule

FEATURE_HIDDEN = 64


class Residual(nn.Module):
    """A hidden layer, beside it a linear one."""

    def __init__(self, inputs, hidden, outputs, dropout, norm=True):
        super().__init__()
        self.hidden = nn.Linear(inputs, hidden)
        self.output = nn.Linear(hidden, outputs)
        self.skip = nn.Linear(inputs, outputs)
        self.dropout = nn.Dropout(dropout)
        self.norm = nn.LayerNorm(outputs) if norm else nn.Identity()

    def forward(self, x):
        deep = self.dropout(self.output(torch.relu(self.hidden(x))))
        return self.norm(deep + self.skip(x))


class Tide(ForecastModule):
    def __init__(self, settings, window):
        super().__init__(window, settings["centering"])
        hidden = int(settings["hidden"])
        decoder_layers = int(settings["decoderLayers"])
        decoder_width = int(settings["decoderWidth"])
        feature_width = int(settings["featureWidth"])
        dropout = float(settings["dropout"])
        features = window.known_features
        past_only = window.past_features - features
        width = window.context + window.constants
        if features > 0:
            self.known = Residual(features, FEATURE_HIDDEN, feature_width, dropout)
            width += (window.context + window.horizon) * feature_width
        if past_only > 0:
            self.past = Residual(past_only, FEATURE_HIDDEN, feature_width, dropout)
            width += window.context * feature_width
        self.dense = []
        for i in range(int(settings["encoderLayers"])):
            layer = Residual(width, hidden, hidden, dropout)
            self.dense.append(self.add(f"encoder{i}", layer))
            width = hidden
        for i in range(decoder_layers):
            outputs = width if i < decoder_layers - 1 else decoder_width * window.horizon
            layer = Residual(width, hidden, outputs, dropout)
            self.dense.append(self.add(f"decoder{i}", layer))
        self.step = Residual(
            decoder_width + (feature_width if features > 0 else 0),
            int(settings["stepHidden"]),
            window.outputs,
            dropout,
            norm=False,
        )
        self.linear = nn.Linear(window.context, window.horizon * window.outputs)

    def forecast(self, target, observed, past, known, constants):
        window = self.window
        features = window.known_features
        batch = target.shape[0]
        joined = [target]
        if features > 0:
            encoded = self.known(torch.cat([past[:, :, :features], known], dim=1))
            joined.append(encoded.reshape(batch, -1))
        if window.past_features > features:
            joined.append(self.past(past[:, :, features:]).reshape(batch, -1))
        x = torch.cat(joined + [constants], dim=1)
        for layer in self.dense:
            x = layer(x)
        steps = x.reshape(batch, -1, window.horizon).transpose(1, 2)
        if features > 0:
            steps = torch.cat([steps, encoded[:, window.context :]], dim=2)
        direct = self.linear(target).reshape(batch, window.horizon, window.outputs)
        return self.step(steps) + direct
