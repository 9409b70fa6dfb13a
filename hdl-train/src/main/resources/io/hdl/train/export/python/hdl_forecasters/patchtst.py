"""PatchTST (Nie et al., 2023)."""

import torch
from torch import nn
from torch.nn import functional

from .module import ForecastModule


class BatchNorm(nn.BatchNorm1d):
    """A norm of [batch, patches, width] over batch and patches."""

    def forward(self, values):
        return super().forward(values.flatten(0, 1)).view_as(values)


NORMS = {"LAYER": nn.LayerNorm, "BATCH": BatchNorm}


class PatchTst(ForecastModule):
    sees_covariates = False

    def __init__(self, settings, window):
        super().__init__(window, settings["centering"])
        self.patch, self.stride = int(settings["patch"]), int(settings["stride"])
        self.heads = int(settings["heads"])
        width, hidden = int(settings["width"]), int(settings["feedForward"])
        norm = NORMS[settings["norm"]]
        self.dropout = nn.Dropout(float(settings["dropout"]))
        padded = max(self.patch, window.context + self.stride)
        self.patches = (padded - self.patch) // self.stride + 1
        self.embedding = self.layer("embedding", self.patch, width)
        self.position = nn.Parameter(torch.empty(self.patches, width).uniform_(-0.02, 0.02))
        self.encoders = []
        for number in range(int(settings["layers"])):
            name = f"encoder{number}."
            self.encoders.append(
                (
                    self.layer(name + "attention", width, 3 * width),
                    self.layer(name + "output", width, width),
                    self.add(name + "attention_norm", norm(width)),
                    self.layer(name + "hidden", width, hidden),
                    self.layer(name + "back", hidden, width),
                    self.add(name + "hidden_norm", norm(width)),
                )
            )
        outputs = window.horizon * window.outputs
        self.head = self.layer("head", self.patches * width, outputs)

    def forecast(self, target, observed, past, known, constants):
        padded = (self.patches - 1) * self.stride + self.patch
        rest = max(0, padded - self.window.context)
        series = torch.cat([target, target[:, -1:].expand(-1, rest)], dim=1)
        patches = series.unfold(1, self.patch, self.stride)[:, : self.patches]
        x = self.dropout(self.embedding(patches) + self.position)
        scores = None
        for attention, output, attention_norm, hidden, back, hidden_norm in self.encoders:
            attended, scores = self.attend(attention(x), scores)
            x = attention_norm(x + self.dropout(output(attended)))
            y = back(self.dropout(functional.gelu(hidden(x))))
            x = hidden_norm(x + self.dropout(y))
        return self.head(x.flatten(1))

    def attend(self, mixed, before):
        batch, patches, width = mixed.shape
        width //= 3
        each = width // self.heads
        split = mixed.view(batch, patches, 3, self.heads, each).permute(2, 0, 3, 1, 4)
        query, key, value = split
        scores = query @ key.transpose(-1, -2) * each**-0.5
        if before is not None:
            scores = scores + before
        attended = scores.softmax(dim=-1) @ value
        return attended.transpose(1, 2).reshape(batch, patches, width), scores
