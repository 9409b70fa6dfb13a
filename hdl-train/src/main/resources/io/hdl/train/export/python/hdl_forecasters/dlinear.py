"""DLinear (Zeng et al., 2023)."""

import torch

from .module import ForecastModule


def averaging(context, kernel):
    """The matrix [from, to] of a centred moving average, its ends padded by repetition."""
    matrix = torch.zeros(context, context)
    half = kernel // 2
    for to in range(context):
        for offset in range(-half, half + 1):
            start = min(context - 1, max(0, to + offset))
            matrix[start, to] += 1.0 / kernel
    return matrix


class DLinear(ForecastModule):
    sees_covariates = False

    def __init__(self, settings, window):
        super().__init__(window, settings["centering"])
        outputs = window.horizon * window.outputs
        self.constant("average", averaging(window.context, int(settings["kernel"])))
        self.seasonal = self.layer("seasonal", window.context, outputs)
        self.trend = self.layer("trend", window.context, outputs)

    def forecast(self, target, observed, past, known, constants):
        smooth = target @ self.average
        return self.seasonal(target - smooth) + self.trend(smooth)
