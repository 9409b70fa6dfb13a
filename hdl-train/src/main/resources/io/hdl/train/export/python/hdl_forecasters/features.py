"""Which covariates and constants a model sees, as hdl's WindowFeatures."""

import dataclasses

import numpy
import torch
from torch import nn

from .window import WindowShape

MAX_ONE_HOT = 64


@dataclasses.dataclass(frozen=True)
class Feature:
    """One covariate or constant: its column, and its number of texts or 0."""

    index: int
    name: str
    categories: int

    @property
    def embedded(self):
        return self.categories > MAX_ONE_HOT

    @property
    def width(self):
        return 1 if self.embedded else max(1, self.categories)


class Features:
    """The features of a saved forecaster."""

    def __init__(self, channels, constants, sees_covariates):
        self.known, self.past, self.constants = [], [], []
        if sees_covariates:
            for index, channel in enumerate(channels[1:], start=1):
                group = self.known if channel["role"] == "KNOWN" else self.past
                self._add(group, index, channel)
            for index, constant in enumerate(constants):
                self._add(self.constants, index, constant)

    @staticmethod
    def _add(group, index, column):
        count = len(column["categories"])
        if column["kind"] != "CATEGORY":
            group.append(Feature(index, column["name"], 0))
        elif count > 0:
            group.append(Feature(index, column["name"], count))

    def shape(self, context, horizon, outputs):
        """The sizes of the arrays that join() gives."""
        known = sum(f.width for f in self.known)
        past = known + sum(f.width for f in self.past)
        constants = sum(f.width for f in self.constants)
        return WindowShape(context, horizon, past, known, constants, outputs)


def join(features, raw, scaled):
    """The features side by side, from arrays [..., columns]; missing values are NaN in both."""
    parts = []
    for feature in features:
        column = raw[..., feature.index, None]
        if feature.embedded:
            parts.append(numpy.where(numpy.isnan(column), feature.categories, column))
        elif feature.categories > 0:
            parts.append(column == numpy.arange(feature.categories))
        else:
            parts.append(numpy.nan_to_num(scaled[..., feature.index, None], nan=0.0))
    if not parts:
        return numpy.zeros(raw.shape[:-1] + (0,), numpy.float32)
    return numpy.concatenate(parts, axis=-1).astype(numpy.float32)


def embedding_width(categories):
    """Values that the code of a category becomes."""
    return min(50, (categories + 1) // 2)


class Embedded(nn.Module):
    """A model behind embeddings of the categories with many texts."""

    def __init__(self, features, window, build):
        super().__init__()
        self.groups = {
            "past": self.slots(features.known + features.past),
            "known": self.slots(features.known),
            "constants": self.slots(features.constants),
        }
        self.embedding = nn.ModuleDict()
        for slots in self.groups.values():
            for _, feature in slots:
                count = feature.categories
                self.embedding[feature.name] = nn.Embedding(count + 1, embedding_width(count))
        added = {
            name: sum(embedding_width(feature.categories) - 1 for _, feature in slots)
            for name, slots in self.groups.items()
        }
        self.model = build(
            WindowShape(
                window.context,
                window.horizon,
                window.past_features + added["past"],
                window.known_features + added["known"],
                window.constants + added["constants"],
                window.outputs,
            )
        )

    @staticmethod
    def slots(features):
        """The columns that hold codes, each with its feature."""
        slots, column = [], 0
        for feature in features:
            if feature.embedded:
                slots.append((column, feature))
            column += feature.width
        return slots

    def widen(self, values, slots):
        parts, start = [], 0
        for column, feature in slots:
            parts.append(values[..., start:column])
            parts.append(self.embedding[feature.name](values[..., column].long()))
            start = column + 1
        return torch.cat(parts + [values[..., start:]], dim=-1)

    def forward(self, target, observed, past, known, constants, *label):
        return self.model(
            target,
            observed,
            self.widen(past, self.groups["past"]),
            self.widen(known, self.groups["known"]),
            self.widen(constants, self.groups["constants"]),
            *label,
        )

    def load_state_dict(self, state, strict=True):
        """Takes the names that hdl saves, which do not tell the model from the embeddings."""
        own = {}
        for name, value in state.items():
            own[name if name.startswith("embedding.") else "model." + name] = value
        return super().load_state_dict(own, strict)
