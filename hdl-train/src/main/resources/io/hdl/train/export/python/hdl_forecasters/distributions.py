"""The distributions that a model may forecast a step with: mean, quantiles and samples.

Parameters come from a model's outputs as hdl's losses read them.
"""

import math
import statistics

import numpy
import torch


def positive(output, floor):
    """Softplus and a floor."""
    return numpy.logaddexp(0, output) + floor


def log_gamma(x):
    return torch.lgamma(torch.as_tensor(x, dtype=torch.float64)).numpy()


def _fraction(a, b, x):
    """The continued fraction of the incomplete beta function, by Lentz's method."""
    tiny = 1e-300
    c = numpy.ones_like(x)
    d = 1 - (a + b) * x / (a + 1)
    d = 1 / numpy.where(numpy.abs(d) < tiny, tiny, d)
    h = d.copy()
    for m in range(1, 20_000):
        for term in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + term * d
            d = 1 / numpy.where(numpy.abs(d) < tiny, tiny, d)
            c = 1 + term / c
            c = numpy.where(numpy.abs(c) < tiny, tiny, c)
            h = h * d * c
        if numpy.all(numpy.abs(d * c - 1) < 1e-14):
            break
    return h


def regularized_beta(a, b, x):
    """The regularised incomplete beta function I_x(a, b)."""
    a, b, x = numpy.broadcast_arrays(*(numpy.asarray(v, numpy.float64) for v in (a, b, x)))
    inside = numpy.clip(x, 1e-300, 1 - 1e-16)
    with numpy.errstate(all="ignore"):
        front = numpy.exp(
            log_gamma(a + b)
            - log_gamma(a)
            - log_gamma(b)
            + a * numpy.log(inside)
            + b * numpy.log1p(-inside)
        )
        left = inside < (a + 1) / (a + b + 2)
        p = numpy.where(left, a, b)
        q = numpy.where(left, b, a)
        value = front * _fraction(p, q, numpy.where(left, inside, 1 - inside)) / p
    value = numpy.where(left, value, 1 - value)
    return numpy.where(x <= 0, 0.0, numpy.where(x >= 1, 1.0, value))


class Gaussian:
    """Mean, and standard deviation through softplus."""

    PARAMETERS = 2

    def __init__(self, output, location, scale):
        self._mean = output[..., 0] * scale + location
        self._deviation = positive(output[..., 1], 1e-3) * scale

    def mean(self):
        return self._mean

    def quantile(self, level):
        return self._mean + self._deviation * statistics.NormalDist().inv_cdf(level)

    def sample(self, random):
        return random.normal(self._mean, self._deviation)


class StudentT:
    """Location, scale and degrees of freedom, the last two through softplus."""

    PARAMETERS = 3

    def __init__(self, output, location, scale):
        self._mean = output[..., 0] * scale + location
        self._scale = positive(output[..., 1], 1e-3) * scale
        self._freedom = positive(output[..., 2], 2)

    def mean(self):
        return self._mean

    def quantile(self, level):
        if level == 0.5:
            return self._mean
        tail = min(level, 1 - level)
        # Halves the interval in which the tail beyond t has this probability.
        low = numpy.zeros_like(self._mean)
        high = numpy.ones_like(self._mean)
        for _ in range(1100):
            if numpy.all(self._tail(high) <= tail):
                break
            high = numpy.where(self._tail(high) > tail, 2 * high, high)
        for _ in range(80):
            middle = (low + high) / 2
            beyond = self._tail(middle) > tail
            low, high = numpy.where(beyond, middle, low), numpy.where(beyond, high, middle)
        return self._mean + math.copysign(1, level - 0.5) * self._scale * (low + high) / 2

    def sample(self, random):
        return self._mean + self._scale * random.standard_t(self._freedom)

    def _tail(self, t):
        freedom = self._freedom
        return regularized_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2


class NegativeBinomial:
    """Mean m and dispersion a, variance m + a m^2, both through softplus."""

    PARAMETERS = 2

    def __init__(self, output, location, scale):
        self._mean = positive(output[..., 0], 1e-5) * scale
        self._dispersion = positive(output[..., 1], 1e-4) / numpy.sqrt(scale)

    def mean(self):
        return self._mean

    def quantile(self, level):
        low = numpy.full_like(self._mean, -1)
        high = numpy.zeros_like(self._mean)
        for _ in range(1100):
            reached = self._reaches(high, level)
            if numpy.all(reached):
                break
            low = numpy.where(reached, low, high)
            high = numpy.where(reached, high, 2 * high + 1)
        while numpy.any(high - low > 1):
            middle = numpy.floor((low + high) / 2)
            reached = self._reaches(middle, level)
            open_ = high - low > 1
            high = numpy.where(open_ & reached, middle, high)
            low = numpy.where(open_ & ~reached, middle, low)
        return high

    def sample(self, random):
        rate = random.gamma(1 / self._dispersion, self._mean * self._dispersion)
        return random.poisson(rate).astype(numpy.float64)

    def _reaches(self, count, level):
        size = 1 / self._dispersion
        x = 1 / (1 + self._mean * self._dispersion)
        return regularized_beta(size, count + 1, x) >= level


FAMILIES = {
    "gaussian": Gaussian,
    "student_t": StudentT,
    "negative_binomial": NegativeBinomial,
}


def of(name):
    """The family of a loss's name, such as gaussian or gaussian.mean; None if it has none."""
    return FAMILIES.get(name[: -len(".mean")] if name.endswith(".mean") else name)
