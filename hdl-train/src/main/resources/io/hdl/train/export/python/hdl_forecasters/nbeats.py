"""N-BEATS (Oreshkin et al., 2020)."""

import math

import torch

from .module import ForecastModule, integers


def polynomials(times, length, degree):
    """Powers 0 to degree of times / length, [degree + 1, times]."""
    return torch.stack([(times / length) ** p for p in range(degree + 1)])


def waves(times, direction, horizon, harmonics):
    """Cosines, then sines, [2 * frequencies, times]."""
    above = torch.arange(harmonics, harmonics / 2 * horizon, dtype=torch.float64) / harmonics
    frequencies = torch.cat([torch.zeros(1, dtype=torch.float64), above])
    angles = direction * 2 * math.pi * frequencies[:, None] * times[None, :] / horizon
    return torch.cat([torch.cos(angles), torch.sin(angles)])


class NBeats(ForecastModule):
    sees_covariates = False

    def __init__(self, settings, window):
        super().__init__(window, settings["centering"])
        self.blocks = []
        lists = [settings[name].split(",") for name in ("bases", "weights")]
        lists += [integers(settings[name]) for name in ("terms", "blocks", "layers", "hidden")]
        for s, (basis, weights, terms, blocks, layers, hidden) in enumerate(zip(*lists)):
            bases = self.bases(f"stack{s}", basis, terms)
            for b in range(blocks):
                if b > 0 and weights == "SHARED":
                    self.blocks.append(self.blocks[-1])
                else:
                    self.blocks.append(self.block(f"stack{s}.block{b}", layers, hidden, bases))

    def bases(self, name, basis, terms):
        """Names of the arrays with the basis functions over the window and the horizon, or None."""
        if basis == "GENERIC":
            return None
        context, horizon = self.window.context, self.window.horizon
        past = torch.arange(context - 1, -1, -1, dtype=torch.float64)
        future = torch.arange(horizon, dtype=torch.float64)
        if basis == "TREND":
            arrays = polynomials(past, context, terms), polynomials(future, horizon, terms)
        else:
            arrays = waves(past, -1, horizon, terms), waves(future, 1, horizon, terms)
        names = f"{name}_backcast", f"{name}_forecast"
        for key, array in zip(names, arrays):
            self.constant(key, array.float())
        return names

    def block(self, name, layers, hidden, bases):
        width = self.window.context
        hidden_layers = []
        for i in range(layers):
            hidden_layers.append(self.layer(f"{name}.hidden{i}", width, hidden))
            width = hidden
        if bases:
            backcast = forecast = getattr(self, bases[0]).shape[0]
        else:
            backcast, forecast = self.window.context, self.window.horizon
        theta = self.layer(f"{name}.theta", width, backcast + forecast * self.window.outputs)
        return hidden_layers, theta, backcast, bases

    def forecast(self, target, observed, past, known, constants):
        window = self.window
        residual = target
        forecast = target[:, -1:, None]
        for layers, theta, backcast, bases in self.blocks:
            x = residual
            for layer in layers:
                x = torch.relu(layer(x))
            x = theta(x)
            back, steps = x[:, :backcast], x[:, backcast:]
            if bases:
                back = back @ getattr(self, bases[0])
                steps = steps.reshape(x.shape[0], window.outputs, -1) @ getattr(self, bases[1])
                steps = steps.transpose(1, 2)
            residual = (residual - back) * observed
            forecast = forecast + steps.reshape(x.shape[0], window.horizon, window.outputs)
        return forecast
