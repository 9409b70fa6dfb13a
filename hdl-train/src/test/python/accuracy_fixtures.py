"""Reference values for losses and metrics, computed by independent implementations.

Needs numpy, scipy, pandas, scikit-learn, utilsforecast, datasetsforecast, properscoring and
scoringrules. Run from the module's folder:

    python src/test/python/accuracy_fixtures.py

It writes JSON below src/test/resources/io/hdl/train/{loss,metric}. Every random number comes from
a fixed seed. Versions used last: scikit-learn 1.9.1, utilsforecast 0.2.17,
datasetsforecast 1.1.0, properscoring 0.1, scoringrules 0.10.0.
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import properscoring
import scoringrules
from datasetsforecast.m5 import M5, M5Evaluation
from scipy.special import huber
from sklearn._loss.loss import HalfPoissonLoss, HalfTweedieLoss
from sklearn.metrics import mean_pinball_loss
from utilsforecast import losses as uf

RESOURCES = Path("src/test/resources/io/hdl/train")


def rounded(value):
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [rounded(one) for one in value]
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(f"{value:.12g}")
    return int(value) if isinstance(value, np.integer) else value


def write(name, content):
    path = RESOURCES / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rounded(content)) + "\n")


def numeric_gradient(function, at, step=1e-6):
    gradient = np.zeros_like(at)
    for index in np.ndindex(at.shape):
        up, down = at.copy(), at.copy()
        up[index] += step
        down[index] -= step
        gradient[index] = (function(up) - function(down)) / (2 * step)
    return gradient


def losses():
    random = np.random.default_rng(5)
    size, horizon = 4, 3
    scale = np.array([[0.5], [2.0], [10.0], [120.0]])
    zero = np.zeros((size, 1))
    counts = random.poisson(2.0, (size, horizon)) * 1.0
    output = np.float32(random.normal(0, 0.7, (size, horizon))).astype(float)
    weight = np.float32(random.uniform(0.2, 2, (size, horizon))).astype(float)
    weight[1, 2] = 0
    normal = np.float32(random.normal(0, 1.5, (size, horizon))).astype(float)
    location = np.array([[3.0], [-1.0], [0.0], [40.0]])

    def case(loss, label, where, total, gradient):
        return dict(
            loss=loss,
            output=output,
            label=label,
            weight=weight,
            location=where.ravel(),
            scale=scale.ravel(),
            sum=total,
            gradient=gradient,
        )

    cases = []
    for delta in (0.5, 1.0):
        error = output - normal
        cases.append(
            case(
                f"huber({delta})",
                normal,
                zero,
                np.sum(weight * huber(delta, error)),
                weight * np.clip(error, -delta, delta),
            )
        )
    # Counts in their own unit; the raw prediction is the logarithm of the mean in that unit.
    target = counts * np.maximum(1, np.round(scale))
    raw = output + np.log(scale)
    for name, reference in (
        ("poisson", HalfPoissonLoss()),
        ("tweedie(1.2)", HalfTweedieLoss(power=1.2)),
        ("tweedie(1.5)", HalfTweedieLoss(power=1.5)),
    ):
        value, slope = reference.loss_gradient(target.ravel(), raw.ravel())
        value = value.reshape(target.shape)
        slope = slope.reshape(target.shape)
        cases.append(
            case(
                name,
                target / scale,
                zero,
                np.sum(weight * value / scale),
                weight * slope / scale,
            )
        )
        # The same target with a location taken off: the loss is in the target's own unit.
        cases.append(
            case(
                name,
                (target - location) / scale,
                location,
                np.sum(weight * value / scale),
                weight * slope / scale,
            )
        )

    def smape(out):
        frame = pd.DataFrame(
            dict(
                unique_id=np.arange(out.size),
                ds=1,
                y=(normal * scale + location).ravel(),
                f=(out * scale + location).ravel(),
            )
        )
        return 2 * np.sum(weight.ravel() * uf.smape(frame, ["f"])["f"].to_numpy())

    cases.append(case("smape", normal, location, smape(output), numeric_gradient(smape, output)))
    write("loss/losses.json", dict(cases=cases))


def frame(actual, columns):
    return pd.DataFrame(
        dict(unique_id="a", ds=np.arange(len(actual)), y=actual, **columns)
    )


def metrics():
    random = np.random.default_rng(6)
    cases = []
    for number in range(4):
        steps = 24
        history = random.gamma(2.0, 20.0, 60)
        actual = random.gamma(2.0, 20.0, steps)
        forecast = actual * random.normal(1, 0.3, steps)
        season = [1, 7, 12, 1][number]
        data = frame(actual, dict(f=forecast))
        train = frame(history, {})
        quantiles = np.array([0.1, 0.25, 0.5, 0.75, 0.9])
        bands = np.quantile(random.gamma(2.0, 20.0, (200, steps)), quantiles, axis=0)
        names = {f"q{i}": band for i, band in enumerate(bands)}
        samples = random.gamma(2.0, 20.0, (steps, 31))
        mean = random.normal(40, 10, steps)
        deviation = random.uniform(1, 30, steps)
        pinballs = [mean_pinball_loss(actual, band, alpha=q) for q, band in zip(quantiles, bands)]
        by_quantile = dict(f=[f"q{i}" for i in range(len(quantiles))])
        cases.append(
            dict(
                history=history,
                actual=actual,
                forecast=forecast,
                season=season,
                quantiles=quantiles,
                bands=bands,
                samples=samples,
                mean=mean,
                deviation=deviation,
                mae=uf.mae(data, ["f"])["f"][0],
                mse=uf.mse(data, ["f"])["f"][0],
                rmse=uf.rmse(data, ["f"])["f"][0],
                wape=uf.nd(data, ["f"])["f"][0],
                smape=200 * uf.smape(data, ["f"])["f"][0],
                mase=uf.mase(data, ["f"], season, train)["f"][0],
                rmsse=uf.rmsse(data, ["f"], season, train)["f"][0],
                coverage=uf.coverage(
                    frame(actual, {"f-lo-80": bands[0], "f-hi-80": bands[-1]}), ["f"], 80
                )["f"][0],
                pinball=np.mean(pinballs),
                wql=2
                * np.mean([p * steps for p in pinballs])
                / np.abs(actual).sum(),
                scaled_crps=uf.scaled_crps(frame(actual, names), by_quantile, quantiles)["f"][0],
                crps_quantiles=np.mean(
                    scoringrules.crps_quantile(actual, bands.T, quantiles)
                ),
                crps_samples=np.mean(properscoring.crps_ensemble(actual, samples)),
                crps_samples_again=np.mean(
                    scoringrules.crps_ensemble(actual, samples, estimator="nrg")
                ),
                crps_gaussian=np.mean(properscoring.crps_gaussian(actual, mean, deviation)),
                crps_gaussian_again=np.mean(
                    scoringrules.crps_normal(actual, mean, deviation)
                ),
            )
        )
    write("metric/metrics.json", dict(cases=cases))


def wrmsse():
    """M5's own evaluation, as datasetsforecast implements it, on a small made-up competition."""
    random = np.random.default_rng(7)
    rows = []
    for state, stores in (("CA", 2), ("TX", 1)):
        for store in range(stores):
            for cat, depts in (("FOODS", 2), ("HOBBIES", 1)):
                for dept in range(depts):
                    for item in range(2):
                        rows.append(
                            dict(
                                item_id=f"{cat}_{dept}_{item}",
                                dept_id=f"{cat}_{dept}",
                                cat_id=cat,
                                store_id=f"{state}_{store}",
                                state_id=state,
                            )
                        )
    keys = pd.DataFrame(rows)
    n, length, horizon = len(keys), 50, 7
    sales = random.poisson(random.gamma(1.0, 3.0, (n, 1)), (n, length + horizon)) * 1.0
    for i in range(n):
        sales[i, : random.integers(0, 20)] = 0
    price = random.uniform(1, 9, n)
    forecast = np.round(sales[:, length - 1 :][:, :1] + random.normal(0, 1, (n, horizon)), 3)
    train, test = sales[:, :length], sales[:, length:]
    value = (train[:, -28:] * price[:, None]).sum(1)

    def wide(values):
        columns = [f"d_{i + 1}" for i in range(values.shape[1])]
        return pd.concat([keys, pd.DataFrame(values, columns=columns)], axis=1)

    weights = M5Evaluation.aggregate_levels(wide(value[:, None])).rename(
        columns={"d_1": "weight"}
    )
    weights["weight"] /= weights.groupby("Level_id")["weight"].transform("sum")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m5" / "datasets"
        path.mkdir(parents=True)
        weights.reset_index().to_csv(path / "weights_evaluation.csv", index=False)
        wide(train).to_csv(path / "sales_train_evaluation.csv", index=False)
        wide(test).to_csv(path / "sales_test_evaluation.csv", index=False)
        M5.download = staticmethod(lambda directory: None)
        score = M5Evaluation.evaluate(folder, wide(forecast))
    write(
        "metric/wrmsse.json",
        dict(
            columns=list(keys.columns),
            keys=keys.to_numpy().tolist(),
            levels=[[c for c in by if c != "total"] for by in M5Evaluation.levels.values()],
            history=train,
            actual=test,
            forecast=forecast,
            values=value,
            byLevel=score["wrmsse"].loc[list(M5Evaluation.levels)].to_numpy(),
            wrmsse=score["wrmsse"]["Total"],
        ),
    )


if __name__ == "__main__":
    losses()
    metrics()
    wrmsse()
