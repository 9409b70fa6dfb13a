"""What the outputs of a model are, by the name of the loss that it was trained for."""

import numpy

from . import distributions


def inner(loss):
    """The loss that is weighted, such as mae in weighted(steps 1.0 0.5: mae)."""
    while loss.startswith("weighted("):
        loss = loss[loss.index(": ") + 2 : -1]
    return loss


def parts(loss):
    """Name and numbers of a loss such as quantiles(0.1, 0.9)."""
    name, _, arguments = inner(loss).partition("(")
    arguments = arguments.rstrip(")")
    return name, [float(a) for a in arguments.split(",")] if arguments else []


def quantiles(loss):
    """The quantiles that are forecast, ascending."""
    name, arguments = parts(loss)
    return arguments if name == "quantiles" or distributions.of(name) else []


def outputs(loss):
    """Values that a model gives per step."""
    name, arguments = parts(loss)
    if name == "quantiles":
        return len(arguments)
    family = distributions.of(name)
    return family.PARAMETERS if family else 1


def forecasts(loss, output, location, scale):
    """Point and quantiles, [batch, horizon, 1 + quantiles], in the target's unit.

    output is [batch, horizon, outputs]; location and scale are [batch].
    """
    name, levels = parts(loss)
    output = numpy.asarray(output, dtype=numpy.float64)
    location = numpy.asarray(location, dtype=numpy.float64)[:, None]
    scale = numpy.asarray(scale, dtype=numpy.float64)[:, None]
    family = distributions.of(name)
    if family:
        step = family(output, location, scale)
        point = step.mean() if name.endswith(".mean") else step.quantile(0.5)
        return numpy.stack([point] + [step.quantile(level) for level in levels], axis=-1)
    if name in ("poisson", "tweedie"):
        return (numpy.exp(output[..., 0]) * scale)[..., None]
    values = output * scale[..., None] + location[..., None]
    if name == "quantiles":
        values = numpy.sort(values, axis=-1)
        middle = min(range(len(levels)), key=lambda q: abs(levels[q] - 0.5))
        return numpy.concatenate([values[..., middle, None], values], axis=-1)
    return values


def of_samples(loss, samples):
    """The same from sample paths [batch, horizon, paths] in the target's unit."""
    name, levels = parts(loss)
    values = numpy.asarray(samples, dtype=numpy.float64)
    point = values.mean(axis=-1) if name.endswith(".mean") else numpy.median(values, axis=-1)
    return numpy.stack([point] + [numpy.quantile(values, q, axis=-1) for q in levels], axis=-1)
