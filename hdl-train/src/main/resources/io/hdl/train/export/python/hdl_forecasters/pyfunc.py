"""What mlflow.pyfunc.load_model calls: forecasts the future of the series of a DataFrame.

    model = mlflow.pyfunc.load_model("models:/demand-forecast@champion")
    forecasts = model.predict(rows)

rows is a long table, a row per series and step, with the columns of the model's signature: those
of the key, the time, the target, and the covariates and constants. Rows behind a series' last
target are its future: they hold the covariates that are known ahead, and nothing else is read of
them. The forecasts are a row per series and step of the horizon, with key and time, "forecast",
the point forecast in the target's unit, and "quantile_0.1" and so on where the model has them.

A series with less history than the model's context is left out, with a warning; if that leaves
none it is an error. Needs pandas beside torch and numpy.
"""

import warnings

import numpy
import pandas

from .reader import Ensemble, load
from .table import Table


class Model:
    """A saved forecaster, or an ensemble of them, that reads tables."""

    def __init__(self, forecaster):
        self.forecaster = forecaster
        self.members = forecaster.members if isinstance(forecaster, Ensemble) else [forecaster]
        self.tables = []
        for member in self.members:
            if member.manifest.get("featuresSha256"):
                raise ValueError("features: hdl alone makes them (expected: a model without)")
            if "table" not in member.manifest:
                raise ValueError(
                    "table: forecaster.json does not tell its columns (expected: a model of a"
                    " release that saves them)"
                )
            features = member.features
            seen = {f.name for f in features.known + features.past + features.constants}
            self.tables.append(Table(member.manifest, seen, member.horizon))

    def predict(self, model_input, params=None):
        """Forecasts; see the module's text. params has no entries so far."""
        frame = pandas.DataFrame(model_input)
        table = self.tables[0]
        axis, series = table.read(frame)
        fit = [i for i, one in enumerate(series) if len(one.history) >= self.forecaster.context]
        self._tell(series, fit)
        voices = []
        for member, own in zip(self.members, self.tables):
            # A member has codes of its own for the texts of categories.
            known = series if own is table else own.read(frame)[1]
            heard = [i for i in fit if len(known[i].history) >= member.context]
            voices.append(dict(zip(heard, _forecasts(member, axis, [known[i] for i in heard]))))
        if isinstance(self.forecaster, Ensemble):
            values = [
                self.forecaster.combined([voice[i] for voice in voices if i in voice]) for i in fit
            ]
        else:
            values = [voices[0][i] for i in fit]
        return self._frame(axis, [series[i] for i in fit], numpy.stack(values))

    def _tell(self, series, fit):
        short = [i for i in range(len(series)) if i not in set(fit)]
        if not short:
            return
        lengths = ", ".join(
            f"{'/'.join(series[i].key)} with {len(series[i].history)} steps" for i in short[:3]
        )
        text = (
            f"the history of {len(short)} of {len(series)} series is too short, such as {lengths};"
            f" the model needs {self.forecaster.context}"
        )
        if not fit:
            raise ValueError(f"Cannot forecast: {text}.")
        warnings.warn(f"Left out: {text}.", stacklevel=3)

    def _frame(self, axis, series, values):
        table, horizon = self.tables[0], self.forecaster.horizon
        columns = {}
        for k, name in enumerate(table.keys):
            texts = numpy.repeat([one.key[k] for one in series], horizon)
            columns[name] = texts.astype(numpy.int64 if table.integer_keys[k] else object)
        ends = numpy.array([one.end for one in series], dtype=numpy.int64)
        steps = (ends[:, None] + numpy.arange(horizon)).reshape(-1)
        columns[table.time] = axis.times(axis.values(steps))
        names = ["forecast"] + [f"quantile_{level!r}" for level in self.forecaster.quantiles]
        for at, name in enumerate(names):
            while name in columns:
                name += "_"
            columns[name] = values[:, :, at].reshape(-1).astype(numpy.float64)
        return pandas.DataFrame(columns)


def _forecasts(member, axis, series):
    """The forecasts of a member, in order of the series."""
    for one in series:
        for feature in member.features.known:
            lacking = numpy.flatnonzero(one.absent[:, feature.index])
            if len(lacking):
                time = axis.label(axis.values(numpy.array([one.end + lacking[0]]))[0])
                raise ValueError(
                    f"Cannot forecast series {'/'.join(one.key)}: {feature.name}, which the model"
                    f" needs to know ahead, is missing for {time}. Add rows for the future steps"
                    " (target missing)."
                )
    known = [feature.index for feature in member.features.known]
    return member.forecast_each(
        [one.history for one in series],
        [one.future[:, known] for one in series],
        [one.constants for one in series],
        [one.key for one in series],
    )


def _load_pyfunc(path):
    """Loads what Forecaster.save wrote into a folder."""
    return Model(load(path))
