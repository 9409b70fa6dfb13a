"""From the path of Walmart's weekly sales to a trained and scored NeuralForecast model: `once TABLE
MODEL STEPS SEED`, or `worker TABLE` and then a line `MODEL STEPS SEED` for each. Answers with one
JSON object on a line. MODEL-bfloat16 trains in mixed precision. ForecastPath.java does the same."""

import json
import logging
import sys
import time
import warnings

import deltalake
import numpy
import pandas
from neuralforecast import NeuralForecast
from neuralforecast.losses.pytorch import MAE
from neuralforecast.models import NHITS, DLinear

VALIDATIONS = 8
BATCH = 1024
HORIZON = 8
STEPS_IN_TABLE = 143
STEPS_TO_TRAIN_ON = 127
COLUMNS = ["y", "is_holiday"]

warnings.filterwarnings("ignore")
logging.getLogger("pytorch_lightning").setLevel(logging.ERROR)


def frame(path):
    """The complete series in NeuralForecast's form."""
    table = deltalake.DeltaTable(path).to_pandas(
        columns=["store", "dept", "date", "weekly_sales", "is_holiday"]
    )
    table["unique_id"] = table["store"].astype(str) + "/" + table["dept"].astype(str)
    table = table.rename(columns={"date": "ds", "weekly_sales": "y"})
    table["ds"] = table["ds"].astype("datetime64[ns]")
    table["is_holiday"] = table["is_holiday"].astype(numpy.float32)
    table["y"] = table["y"].astype(numpy.float32)
    counts = table.groupby("unique_id")["y"].transform("count")
    table = table[counts == STEPS_IN_TABLE]
    return table[["unique_id", "ds", *COLUMNS]].sort_values(["unique_id", "ds"])


def scaled(table):
    """Every column of each series standardised by its steps to train on; and how the target was.

    NeuralForecast's own local_scaler_type would be fitted on the steps that are forecast, too.
    """
    values = table[COLUMNS].to_numpy().reshape(-1, STEPS_IN_TABLE, len(COLUMNS))
    seen = values[:, :STEPS_TO_TRAIN_ON]
    location, scale = seen.mean(1, keepdims=True), seen.std(1, keepdims=True)
    scale[scale == 0] = 1
    table[COLUMNS] = ((values - location) / scale).reshape(-1, len(COLUMNS))
    names = table["unique_id"].to_numpy()[::STEPS_IN_TABLE]
    target = {"location": location[:, 0, 0], "scale": scale[:, 0, 0]}
    return table, pandas.DataFrame(target, index=names)


def model(name, steps, seed):
    common = {
        "h": HORIZON,
        "input_size": 52,
        "loss": MAE(),
        "max_steps": steps,
        "learning_rate": 1e-3,
        "num_lr_decays": -1,
        "val_check_steps": max(1, steps // VALIDATIONS),
        "windows_batch_size": BATCH,
        "random_seed": seed,
        "scaler_type": "identity",
        "accelerator": "cpu",
        "logger": False,
        "enable_checkpointing": False,
        "enable_progress_bar": False,
        "enable_model_summary": False,
    }
    name, _, precision = name.partition("-")
    if precision == "bfloat16":
        common["precision"] = "bf16-mixed"
    if name == "dlinear":
        return DLinear(moving_avg_window=25, **common)
    return NHITS(
        futr_exog_list=["is_holiday"],
        # Its block takes a first layer and then one for each pair, whatever the stack: two layers.
        mlp_units=[[256, 256]],
        n_pool_kernel_size=[2, 2, 1],
        n_freq_downsample=[4, 2, 1],
        **common,
    )


def wape(path, name, steps, seed):
    forecaster = NeuralForecast(models=[model(name, steps, seed)], freq="W-FRI")
    table, scales = scaled(frame(path))
    if name.startswith("dlinear"):
        table = table.drop(columns="is_holiday")
    found = forecaster.cross_validation(
        df=table, val_size=HORIZON, test_size=HORIZON, n_windows=None
    )
    column = type(forecaster.models[0]).__name__
    of = scales.loc[found["unique_id"]]
    scale, location = of["scale"].to_numpy(), of["location"].to_numpy()
    sales = found["y"].to_numpy() * scale + location
    errors = (found["y"] - found[column]).to_numpy() * scale
    return float(abs(errors).sum() / abs(sales).sum())


def answer(path, name, steps, seed):
    cpu, wall = time.process_time(), time.perf_counter()
    score = wape(path, name, int(steps), int(seed))
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(json.dumps({"wall": wall, "cpu": cpu, "wape": score}), flush=True)


def main():
    if sys.argv[1] == "once":
        answer(*sys.argv[2:])
        return
    for line in sys.stdin:
        answer(sys.argv[2], *line.split())


if __name__ == "__main__":
    main()
