"""Reads a forecaster that hdl saved, and forecasts."""

import hashlib
import json
import os

import numpy
import torch

from . import distributions, losses, safetensors
from .features import Embedded, Features, join
from .registry import MODELS, build
from .torchscript import TorchScript

FORMATS = (1, 2)


class Forecaster:
    """A trained model with its scalers; load() makes one.

    context, horizon: steps that it sees and forecasts.
    channels, known_channels, constants: names of what data must have, the target first.
    quantiles: what forecasts hold behind the point forecast.
    model: the torch module; reads the arrays that inputs() gives.
    """

    def __init__(self, manifest, weights, folder=None):
        self.manifest = manifest
        self.context = manifest["context"]
        self.horizon = manifest["horizon"]
        self.loss = manifest["loss"]
        self.quantiles = losses.quantiles(self.loss)
        self.channels = [c["name"] for c in manifest["channels"]]
        self.constants = [c["name"] for c in manifest["constants"]]
        name, settings = manifest["model"], manifest["modelSettings"]
        scripted = name == "torchscript"
        if name not in MODELS and not scripted:
            raise ValueError(f"model: {name} (expected: one of {', '.join(sorted(MODELS))})")
        if scripted:
            sees = settings["inputs"] != "1"
        else:
            sees = getattr(MODELS[name], "sees_covariates", True)
        self.draws_paths = not scripted and getattr(MODELS[name], "reads_label", False)
        self.features = Features(manifest["channels"], manifest["constants"], sees)
        self.known_channels = [f.name for f in self.features.known]
        window = self.features.shape(self.context, self.horizon, losses.outputs(self.loss))
        columns = self.features.known + self.features.past + self.features.constants
        embedded = any(column.embedded for column in columns)

        def module(shape):
            if scripted:
                return TorchScript(folder, settings, shape)
            return build(name, settings, shape)

        self.model = Embedded(self.features, window, module).eval() if embedded else module(window)
        if scripted:  # whose own weights lie in its file
            weights = {n: a for n, a in weights.items() if n.startswith("embedding.")}
        if embedded or not scripted:
            self._load(weights, scripted)
        scaler = manifest["scaler"]
        self._scaling = scaler["target"]
        self._locations, self._scales = _figures(scaler["channels"])
        self._constant_figures = _figures(scaler["constants"])
        self._series = {
            tuple(key): figures
            for key, *figures in zip(scaler["keys"], scaler["locations"], scaler["scales"])
        }

    def _load(self, weights, embeddings_alone):
        state = {name: torch.from_numpy(array) for name, array in weights.items()}
        missing, unknown = self.model.load_state_dict(state, strict=False)
        # A batch norm counts its batches, which nothing here asks for.
        missing = [name for name in missing if not name.endswith("num_batches_tracked")]
        if embeddings_alone:
            missing = [name for name in missing if name.startswith("embedding.")]
        if missing or unknown:
            raise ValueError(f"weights: {missing} missing, {unknown} unknown to the model")

    def code(self, column, text):
        """The number that stands for a text of a category in the data; NaN if it is unknown."""
        for about in self.manifest["channels"] + self.manifest["constants"]:
            if about["name"] == column:
                texts = about["categories"]
                return float(texts.index(text)) if text in texts else float("nan")
        raise KeyError(f"{column} (expected: one of {self.channels + self.constants})")

    def forecast(self, values, known=None, constants=None, key=None):
        """Forecasts the steps after the last one of a series, or of a batch of them.

        values: [steps, channels], at least the context, in the data's own units; NaN where
            missing, booleans as 0 and 1, categories as code() gives them. Features that hdl made
            of the data count as channels.
        known: [horizon, known_channels], the same for the steps to forecast.
        constants: [constants].
        key: the texts of the series' key, for instance ("1", "7"). A series that training did not
            know, or without a key, is scaled by the figures of the values given.

        A model that draws sample paths, such as deepar, draws others than hdl does: its forecasts
        agree up to what chance makes of their number. All others agree within rounding.

        All arrays, and key as a list, may have a batch as first axis. Gives [horizon, 1 +
        quantiles], the point forecast first, in the target's unit; or the same for a batch.
        """
        values = numpy.asarray(values, dtype=numpy.float32)
        single = values.ndim == 2
        if single:
            values, key = values[None], [key]
            known = None if known is None else numpy.asarray(known)[None]
            constants = None if constants is None else numpy.asarray(constants)[None]
        location, scale = self.figures(values, key)
        result = self._scaled_forecast(values, known, constants, location, scale)
        return result[0] if single else result

    def forecast_each(self, histories, known, constants, keys, batch=1024):
        """Forecasts series whose histories differ in length, [horizon, 1 + quantiles] for each.

        histories: per series [steps, channels] up to its last target, at least the context.
        known, constants, keys: per series, as forecast() takes them.
        """
        results = []
        for start in range(0, len(histories), batch):
            part = slice(start, start + batch)
            figures = [self._target(h[:, 0], k) for h, k in zip(histories[part], keys[part])]
            location, scale = (numpy.array(f, dtype=numpy.float32) for f in zip(*figures))
            values = numpy.stack([h[len(h) - self.context :] for h in histories[part]])
            ahead, fixed = numpy.stack(known[part]), numpy.stack(constants[part])
            results.extend(self._scaled_forecast(values, ahead, fixed, location, scale))
        return results

    def _scaled_forecast(self, values, known, constants, location, scale):
        """Forecasts of a batch whose targets have these figures."""
        arrays = self.inputs(values, known, constants, location, scale)
        if self.draws_paths:
            paths = int(self.manifest["modelSettings"]["samplePaths"])
            return losses.of_samples(self.loss, self._paths(arrays, location, scale, paths))
        with torch.no_grad():
            output = self.model(*(torch.from_numpy(a) for a in arrays)).numpy()
        return losses.forecasts(self.loss, output, location, scale)

    def _paths(self, arrays, location, scale, paths, seed=0):
        """Sample paths [batch, horizon, paths] of a model that reads what it drew before."""
        family = distributions.of(losses.parts(self.loss)[0])
        random = numpy.random.default_rng(seed)
        repeated = [torch.from_numpy(a).repeat_interleave(paths, dim=0) for a in arrays]
        location = numpy.repeat(location, paths).astype(numpy.float64)
        scale = numpy.repeat(scale, paths).astype(numpy.float64)
        label = torch.zeros(len(location), self.horizon)
        drawn = numpy.zeros(tuple(label.shape))
        with torch.no_grad():
            for step in range(self.horizon):
                output = self.model(*repeated, label)[:, step].double().numpy()
                drawn[:, step] = family(output, location, scale).sample(random)
                label[:, step] = torch.from_numpy((drawn[:, step] - location) / scale)
        return drawn.reshape(-1, paths, self.horizon).transpose(0, 2, 1)

    def figures(self, values, key=None):
        """Location and scale of each series' target, [batch]."""
        batch = len(values)
        keys = [None] * batch if key is None else list(key)
        if len(keys) != batch:
            raise ValueError(f"key: {len(keys)} keys (expected: {batch})")
        figures = [self._target(series[:, 0], one) for series, one in zip(values, keys)]
        return tuple(numpy.array(part, dtype=numpy.float32) for part in zip(*figures))

    def _target(self, target, key):
        if key is not None and tuple(key) in self._series:
            return self._series[tuple(key)]
        seen = target[~numpy.isnan(target)].astype(numpy.float64)
        if len(seen) == 0:
            return self._locations[0], self._scales[0]
        if self._scaling == "STANDARD":
            mean, deviation = seen.mean(), seen.std()
            return mean, deviation if deviation > 1e-6 * abs(mean) else 1
        if self._scaling == "MEAN":
            return 0, numpy.abs(seen).mean() or 1
        return 0, 1

    def inputs(self, values, known, constants, location, scale):
        """The arrays that the model reads: target, observed, past, known, constants."""
        batch, steps, count = values.shape
        if count != len(self.channels) or steps < self.context:
            raise ValueError(
                f"values: {steps} steps of {count} channels (expected: at least {self.context}"
                f" steps of {self.channels})"
            )
        values = values[:, steps - self.context :]
        future = numpy.full((batch, self.horizon, count), numpy.nan, dtype=numpy.float32)
        if self.features.known:
            future[:, :, [f.index for f in self.features.known]] = _shaped(
                "known", known, (batch, self.horizon, len(self.known_channels))
            )
        locations = numpy.tile(self._locations, (batch, 1))
        scales = numpy.tile(self._scales, (batch, 1))
        locations[:, 0], scales[:, 0] = location, scale
        scaled = (values - locations[:, None]) / scales[:, None]
        target = scaled[:, :, 0]
        observed = (~numpy.isnan(target)).astype(numpy.float32)
        filled = numpy.nan_to_num(target, nan=0.0)
        seen = observed.sum(axis=1, keepdims=True)
        mean = filled.sum(axis=1, keepdims=True) / numpy.maximum(seen, 1)
        scaled_future = (future - locations[:, None]) / scales[:, None]
        past_known = join(self.features.known, values, scaled)
        past_only = join(self.features.past, values, scaled)
        return (
            (filled + mean * (1 - observed)).astype(numpy.float32),
            observed,
            numpy.concatenate([past_known, past_only], axis=2),
            join(self.features.known, future, scaled_future),
            self._constants(constants, batch),
        )

    def _constants(self, constants, batch):
        if not self.features.constants:
            return numpy.zeros((batch, 0), dtype=numpy.float32)
        raw = _shaped("constants", constants, (batch, len(self.constants)))
        locations, scales = self._constant_figures
        return join(self.features.constants, raw, (raw - locations) / scales)


def _figures(columns):
    locations = numpy.array([c["location"] for c in columns], dtype=numpy.float32)
    return locations, numpy.array([c["scale"] for c in columns], dtype=numpy.float32)


def _shaped(name, array, shape):
    values = None if array is None else numpy.asarray(array, dtype=numpy.float32)
    if values is None or values.shape != shape:
        given = "none" if values is None else values.shape
        raise ValueError(f"{name}: {given} (expected: {shape})")
    return values


class Ensemble:
    """Forecasters whose forecasts become one; load() makes one.

    A member takes part where the values are as long as its context. The point forecasts become
    their mean or median, the quantiles their mean.
    """

    def __init__(self, combination, members):
        first = members[0]
        for member in members:
            if (member.horizon, member.channels) != (first.horizon, first.channels):
                raise ValueError(f"channels: {member.channels} (expected: {first.channels})")
        self.combination = {"MEAN": numpy.mean, "MEDIAN": numpy.median}[combination]
        self.members = members
        self.context = min(member.context for member in members)
        self.horizon = first.horizon
        self.channels = first.channels
        self.known_channels = max((member.known_channels for member in members), key=len)
        self.constants = first.constants
        same = all(member.quantiles == first.quantiles for member in members)
        self.quantiles = first.quantiles if same else []

    def forecast(self, values, known=None, constants=None, key=None):
        """As Forecaster.forecast; values have at least the shortest context of a member."""
        steps = numpy.shape(values)[-2]
        heard = [m for m in self.members if m.context <= steps] or self.members[:1]
        return self.combined([m.forecast(values, known, constants, key) for m in heard])

    def combined(self, forecasts):
        """One forecast of those of some members."""
        point = self.combination([f[..., :1] for f in forecasts], axis=0)
        if not self.quantiles:
            return point
        return numpy.concatenate([point, numpy.mean([f[..., 1:] for f in forecasts], axis=0)], -1)


def load(folder):
    """The forecaster, or the ensemble of them, of a folder that hdl's save wrote."""
    ensemble = os.path.join(folder, "ensemble.json")
    if os.path.exists(ensemble):
        with open(ensemble, encoding="utf-8") as file:
            about = json.load(file)
        if about["format"] != 1:
            raise ValueError(f"{folder}: format {about['format']} (expected: 1)")
        members = [load(os.path.join(folder, one["folder"])) for one in about["members"]]
        return Ensemble(about["combination"], members)
    with open(os.path.join(folder, "forecaster.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest["format"] not in FORMATS:
        raise ValueError(f"{folder}: format {manifest['format']} (expected: one of {FORMATS})")
    path = os.path.join(folder, "weights.safetensors")
    weights, _ = safetensors.read(path)
    digest = hashlib.sha256()
    for array in weights.values():
        digest.update(array.astype("<f4").tobytes())
    if digest.hexdigest() != manifest["weightsSha256"]:
        raise ValueError(f"{path}: its checksum is not the one in forecaster.json")
    return Forecaster(manifest, weights, folder)
