"""NLinear (Zeng et al., 2023)."""

from .module import ForecastModule


class NLinear(ForecastModule):
    sees_covariates = False

    def __init__(self, settings, window):
        super().__init__(window, settings["centering"])
        self.linear = self.layer("linear", window.context, window.horizon * window.outputs)

    def forecast(self, target, observed, past, known, constants):
        return self.linear(target)
