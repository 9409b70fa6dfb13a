"""Makes distributions.csv: reference values of the distributions from SciPy and PyTorch.

Needs scipy and torch. Run it in this folder: python distributions.py
"""

import csv
import math

import torch
from scipy import stats

LEVELS = [0.01, 0.1, 0.5, 0.9, 0.99]


def softplus(x, floor):
    return (x if x > 20 else math.log1p(math.exp(x))) + floor


def scipy_distribution(family, o, location, scale):
    if family == "gaussian":
        return stats.norm(o[0] * scale + location, softplus(o[1], 1e-3) * scale)
    if family == "student_t":
        return stats.t(softplus(o[2], 2), o[0] * scale + location, softplus(o[1], 1e-3) * scale)
    mean, dispersion = softplus(o[0], 1e-5) * scale, softplus(o[1], 1e-4) / math.sqrt(scale)
    return stats.nbinom(1 / dispersion, 1 / (1 + mean * dispersion))


def torch_likelihood(family, o, location, scale, label):
    soft = torch.nn.functional.softplus
    if family == "gaussian":
        d = torch.distributions.Normal(o[0] * scale + location, (soft(o[1]) + 1e-3) * scale)
    elif family == "student_t":
        d = torch.distributions.StudentT(
            soft(o[2]) + 2, o[0] * scale + location, (soft(o[1]) + 1e-3) * scale)
    else:
        mean, dispersion = (soft(o[0]) + 1e-5) * scale, (soft(o[1]) + 1e-4) / math.sqrt(scale)
        d = torch.distributions.NegativeBinomial(1 / dispersion, logits=(mean * dispersion).log())
    return d.log_prob(torch.tensor(label, dtype=torch.float64))


# family, outputs, location, scale, label
CASES = [
    ("gaussian", [0.5, -1.0], 0.0, 1.0, 0.75),
    ("gaussian", [-2.0, 3.0], 10.0, 4.0, 2.0),
    ("gaussian", [1.0, -4.0], 5.0, 1000.0, 1006.0),
    ("student_t", [0.5, -1.0, 0.5], 0.0, 1.0, 0.75),
    ("student_t", [-2.0, 3.0, -4.0], 10.0, 4.0, 90.0),
    ("student_t", [1.0, 0.25, 200.0], 5.0, 1000.0, 2006.0),
    ("negative_binomial", [0.5, -1.0], 0.0, 1.0, 0.0),
    ("negative_binomial", [-3.0, 2.0], 0.0, 4.0, 1.0),
    ("negative_binomial", [-3.0, 2.0], 0.0, 0.25, 7.0),
    ("negative_binomial", [0.75, -2.0], 0.0, 16.0, 21.0),
    ("negative_binomial", [1.0, -9.0], 0.0, 40000.0, 50123.0),
    ("negative_binomial", [30.0, 1.0], 0.0, 2.0, 55.0),
]

with open("distributions.csv", "w", newline="") as file:
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(
        ["family", "outputs", "location", "scale", "label", "log_likelihood", "gradient", "mean"]
        + [f"q{level}" for level in LEVELS])
    for family, outputs, location, scale, label in CASES:
        d = scipy_distribution(family, outputs, location, scale)
        likelihood = d.logpmf(label) if family == "negative_binomial" else d.logpdf(label)
        o = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
        by_torch = torch_likelihood(family, o, location, scale, label)
        assert abs(by_torch.item() - likelihood) < 1e-7 * max(1, abs(likelihood)), (family, outputs)
        by_torch.backward()
        rows.writerow(
            [family, " ".join(map(str, outputs)), location, scale, label, repr(float(likelihood)),
             " ".join(repr(g) for g in o.grad.tolist()), repr(float(d.mean()))]
            + [repr(float(d.ppf(level))) for level in LEVELS])
