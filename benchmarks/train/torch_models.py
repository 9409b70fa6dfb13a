"""The models of the step rate in torch, as Python users write them; StepCase.java has the same."""

import torch
from torch import nn


class DLinear(nn.Module):
    """Zeng et al., 2023: linear layers on the moving average and on the rest."""

    def __init__(self, context, horizon, kernel=25):
        super().__init__()
        self.half = kernel // 2
        self.average = nn.AvgPool1d(kernel, stride=1)
        self.seasonal = nn.Linear(context, horizon)
        self.trend = nn.Linear(context, horizon)

    def forward(self, x):
        padded = torch.cat(
            [x[:, :1].expand(-1, self.half), x, x[:, -1:].expand(-1, self.half)], dim=1
        )
        smooth = self.average(padded.unsqueeze(1)).squeeze(1)
        return self.seasonal(x - smooth) + self.trend(smooth)


class NHits(nn.Module):
    """Challu et al., 2023; with pooling and downsampling of 1 it is a generic N-BEATS."""

    def __init__(self, context, horizon, pooling, downsampling, hidden, layers, centred):
        super().__init__()
        self.context, self.horizon, self.centred = context, horizon, centred
        self.pooling = pooling
        self.stacks = nn.ModuleList()
        for pool, down in zip(pooling, downsampling):
            width = -(-context // pool)
            net = []
            for _ in range(layers):
                net += [nn.Linear(width, hidden), nn.ReLU()]
                width = hidden
            net.append(nn.Linear(width, context + max(1, horizon // down)))
            self.stacks.append(nn.Sequential(*net))

    def forward(self, x):
        level = x[:, -1:]
        residual = x - level if self.centred else x
        forecast = residual[:, -1:].expand(-1, self.horizon)
        for pool, stack in zip(self.pooling, self.stacks):
            inputs = residual
            if pool > 1:
                inputs = nn.functional.max_pool1d(
                    residual.unsqueeze(1), pool, stride=pool, ceil_mode=True
                ).squeeze(1)
            theta = stack(inputs)
            residual = residual - theta[:, : self.context]
            knots = theta[:, self.context :]
            if knots.shape[1] != self.horizon:
                knots = nn.functional.interpolate(
                    knots.unsqueeze(1), size=self.horizon, mode="linear"
                ).squeeze(1)
            forecast = forecast + knots
        return forecast + level if self.centred else forecast


class Gru(nn.Module):
    """A GRU over the context, and a linear layer from its last state to the horizon."""

    def __init__(self, horizon, hidden):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.head = nn.Linear(hidden, horizon)

    def forward(self, x):
        states, _ = self.gru(x.unsqueeze(2))
        return self.head(states[:, -1])


CASES = {
    # name: (context, horizon, batch, model)
    "dlinear": (336, 96, 32, lambda c, h: DLinear(c, h)),
    "nbeats": (104, 8, 64, lambda c, h: NHits(c, h, [1] * 6, [1] * 6, 256, 4, False)),
    "nhits": (104, 8, 64, lambda c, h: NHits(c, h, [2, 2, 1], [4, 2, 1], 256, 2, True)),
    "gru": (84, 28, 32, lambda c, h: Gru(h, 64)),
}
