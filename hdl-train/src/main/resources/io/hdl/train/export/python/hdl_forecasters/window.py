"""The sizes that a model is built for."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class WindowShape:
    """As hdl's WindowShape: steps seen and forecast, values per step or series, outputs per step."""

    context: int
    horizon: int
    past_features: int = 0
    known_features: int = 0
    constants: int = 0
    outputs: int = 1

    @staticmethod
    def of(fields):
        """From a mapping with hdl's names, such as pastFeatures."""
        return WindowShape(
            fields["context"],
            fields["horizon"],
            fields["pastFeatures"],
            fields["knownFeatures"],
            fields["constants"],
            fields["outputs"],
        )

    def to_dict(self):
        """The inverse of of()."""
        return {
            "context": self.context,
            "horizon": self.horizon,
            "pastFeatures": self.past_features,
            "knownFeatures": self.known_features,
            "constants": self.constants,
            "outputs": self.outputs,
        }

    def input_shapes(self, batch):
        """Shape of each array that a model reads, by name, in order."""
        return {
            "target": (batch, self.context),
            "observed": (batch, self.context),
            "past": (batch, self.context, self.past_features),
            "known": (batch, self.horizon, self.known_features),
            "constants": (batch, self.constants),
        }
