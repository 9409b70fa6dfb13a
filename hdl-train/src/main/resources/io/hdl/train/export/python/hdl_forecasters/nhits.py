"""N-HiTS (Challu et al., 2023)."""

import torch
from torch.nn import functional

from .module import ForecastModule, integers


class NHits(ForecastModule):
    def __init__(self, settings, window):
        super().__init__(window, settings["centering"])
        self.pooling = [min(p, window.context) for p in integers(settings["pooling"])]
        self.knots = [max(1, window.horizon // d) for d in integers(settings["downsampling"])]
        hidden = int(settings["hidden"])
        extra = (
            window.context * window.past_features
            + window.horizon * window.known_features
            + window.constants
        )
        self.stacks = []
        for s, (pooling, knots) in enumerate(zip(self.pooling, self.knots)):
            width = -(-window.context // pooling) + extra
            layers = []
            for i in range(int(settings["layers"])):
                layers.append(self.layer(f"stack{s}.hidden{i}", width, hidden))
                width = hidden
            outputs = window.context + knots * window.outputs
            self.stacks.append((layers, self.layer(f"stack{s}.theta", width, outputs)))

    def forecast(self, target, observed, past, known, constants):
        window = self.window
        batch = target.shape[0]
        extra = [part.reshape(batch, -1) for part in (past, known, constants)]
        residual = target
        forecast = target[:, -1:, None]
        for (layers, theta), pooling, knots in zip(self.stacks, self.pooling, self.knots):
            # Groups are counted from the window's end.
            pooled = functional.max_pool1d(
                residual.flip(1)[:, None, :], pooling, stride=pooling, ceil_mode=True
            )[:, 0, :].flip(1)
            x = torch.cat([pooled] + extra, dim=1)
            for layer in layers:
                x = torch.relu(layer(x))
            x = theta(x)
            residual = (residual - x[:, : window.context]) * observed
            steps = x[:, window.context :].reshape(batch, window.outputs, knots)
            steps = functional.interpolate(steps, size=window.horizon, mode="linear")
            forecast = forecast + steps.transpose(1, 2)
        return forecast
