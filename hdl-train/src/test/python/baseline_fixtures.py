"""Reference values for the baselines, computed by statsforecast and statsmodels.

Needs numpy, statsforecast and statsmodels. Run from the module's folder:

    python src/test/python/baseline_fixtures.py

It writes JSON below src/test/resources/io/hdl/train/evaluate. Every random number comes from a
fixed seed. Versions used last: statsforecast 2.1.1, statsmodels 0.15.0.
"""

import json
import warnings
from pathlib import Path

import numpy as np
from statsforecast import models
from statsforecast.ets import ets_f
from statsforecast.utils import AirPassengers
from statsmodels.tsa.exponential_smoothing.ets import ETSModel
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.seasonal import seasonal_decompose
from statsmodels.tsa.stattools import acf

RESOURCES = Path("src/test/resources/io/hdl/train/evaluate")
HORIZON = 12


def numbers(values):
    return [float(f"{value:.10g}") for value in values]


def write(name, content):
    RESOURCES.mkdir(parents=True, exist_ok=True)
    (RESOURCES / name).write_text(json.dumps(content) + "\n")


def series():
    random = np.random.default_rng(8)
    t = np.arange(120)
    level = 200 + np.cumsum(random.normal(0, 4, 120))
    return {
        "air_passengers": (np.array(AirPassengers, dtype=float), 12),
        "random_walk": (np.round(level, 3), 1),
        "trend": (np.round(50 + 0.8 * t + random.normal(0, 3, 120), 3), 1),
        "quarterly": (
            np.round((80 + 0.3 * t[:60]) * np.tile([0.8, 1.1, 1.3, 0.8], 15)
                     * random.normal(1, 0.03, 60), 3),
            4,
        ),
        "hourly": (
            np.round(100 + 30 * np.sin(2 * np.pi * np.arange(240) / 24)
                     + np.cumsum(random.normal(0, 1, 240)) + random.normal(0, 2, 240), 3),
            24,
        ),
        "signed": (np.round(random.normal(0, 5, 80) + np.tile([3, -4, 1, 0], 20), 3), 4),
    }


def intermittent():
    random = np.random.default_rng(9)
    cases = []
    for number in range(5):
        demand = random.poisson(4, 60) + 1.0
        y = np.where(random.uniform(size=60) < 0.1 + 0.15 * number, demand, 0.0)
        if not y.any():
            y[7] = 3
        cases.append(
            dict(
                history=numbers(y),
                croston=models.CrostonClassic().forecast(y, 1)["mean"][0],
                croston_sba=models.CrostonSBA().forecast(y, 1)["mean"][0],
                croston_tsb=models.TSB(alpha_d=0.2, alpha_p=0.2).forecast(y, 1)["mean"][0],
                moving_average=models.WindowAverage(window_size=7).forecast(y, 1)["mean"][0],
            )
        )
    write("intermittent.json", dict(cases=cases))


def theta():
    cases = []
    for name, (y, m) in series().items():
        adjusted, factors, seasonal = y, np.ones(HORIZON), False
        if m > 1 and len(y) >= 3 * m and y.min() > 0:
            correlation = acf(y, nlags=m, fft=False)[1:]
            limit = 1.645 * np.sqrt((1 + 2 * np.sum(correlation[: m - 1] ** 2)) / len(y))
            seasonal = bool(abs(correlation[m - 1]) > limit)
        if seasonal:
            index = seasonal_decompose(y, model="multiplicative", period=m).seasonal
            adjusted = y / index
            factors = np.array([index[(len(y) + h) % m] for h in range(HORIZON)])
        # statsmodels' own start values are heuristic, so the smoothed level is estimated here.
        fit = ETSModel(2 * adjusted - line(adjusted)(np.arange(len(y))), error="add").fit(disp=0)
        trend = line(adjusted)(len(y) + np.arange(HORIZON))
        cases.append(
            dict(
                series=name,
                season=m,
                history=numbers(y),
                seasonal=seasonal,
                naive2=numbers(adjusted[-1] * factors),
                theta=numbers((fit.forecast(HORIZON) + trend) / 2 * factors),
            )
        )
    write("theta.json", dict(cases=cases))


def line(values):
    return np.polynomial.Polynomial.fit(np.arange(len(values)), values, 1).convert()


def ets():
    cases = []
    for name, (y, m) in series().items():
        auto = ets_f(y, m, model="ZZZ")
        forms = []
        for error in "AM":
            for trend, damped in (("N", False), ("A", False), ("A", True)):
                for season in "NAM" if m > 1 else "N":
                    if (error == "A" and season == "M") or (error == "M" and y.min() <= 0):
                        continue
                    fit = ets_f(y, m, model=error + trend + season, damped=damped)
                    words = {"A": "add", "M": "mul", "N": None}
                    other = ETSModel(
                        y,
                        error=words[error],
                        trend=words[trend],
                        damped_trend=damped,
                        seasonal=words[season],
                        seasonal_periods=m if season != "N" else None,
                    ).fit(disp=0, maxiter=2000)
                    n = len(y)
                    forms.append(
                        dict(
                            form=f"ETS({error},{trend}{'d' if damped else ''},{season})",
                            deviance=-2 * fit["loglik"],
                            aicc=fit["aicc"],
                            other_deviance=-2 * other.llf - n * (1 + np.log(2 * np.pi / n)),
                            other_forecast=numbers(other.forecast(HORIZON)),
                        )
                    )
        cases.append(
            dict(
                series=name,
                season=m,
                history=numbers(y),
                method=auto["method"],
                aicc=auto["aicc"],
                forecast=numbers(models.AutoETS(season_length=m).forecast(y, HORIZON)["mean"]),
                forms=forms,
            )
        )
    write("ets.json", dict(cases=cases))


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    intermittent()
    theta()
    ets()
