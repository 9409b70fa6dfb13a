"""DeepAR (Salinas et al., 2020)."""

import torch
from torch import nn

from .module import ForecastModule, integers

CELLS = {"LSTM": nn.LSTM, "GRU": nn.GRU}


class DeepAr(ForecastModule):
    """Reads the label as a sixth array: what happened, of which each step sees the steps before."""

    reads_label = True

    def __init__(self, settings, window):
        super().__init__(window)
        self.lags = integers(settings["lags"])
        hidden = int(settings["hidden"])
        layers = int(settings["layers"])
        width = len(self.lags) + window.known_features + window.constants
        dropout = float(settings["dropout"]) if layers > 1 else 0.0
        cell = CELLS[settings["cell"]]
        self.rnn = self.add("rnn", cell(width, hidden, layers, dropout=dropout, batch_first=True))
        self.projection = self.layer("projection", hidden, window.outputs)

    def forward(self, target, observed, past, known, constants, label):
        context, horizon = self.window.context, self.window.horizon
        begin, end = self.lags[-1], context + horizon
        series = torch.cat([target, label], dim=1)
        lagged = [series[:, begin - lag : end - lag, None] for lag in self.lags]
        covariates = torch.cat([past[:, :, : self.window.known_features], known], dim=1)
        repeated = constants[:, None, :].expand(-1, end - begin, -1)
        x = torch.cat(lagged + [covariates[:, begin:], repeated], dim=2)
        return self.projection(self.rnn(x)[0][:, context - begin :])
