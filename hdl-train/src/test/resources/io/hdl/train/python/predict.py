"""Forecasts rows as MLflow would: predict.py MODEL ROWS OUTPUT, the last two pandas' split JSON."""

import json
import sys
import warnings

import pandas

from hdl_forecasters.pyfunc import _load_pyfunc


def main(model, rows, output):
    with open(rows, encoding="utf-8") as file:
        given = json.load(file)
    frame = pandas.DataFrame(given["data"], columns=given["columns"])
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            forecasts = _load_pyfunc(model).predict(frame)
            answer = {"columns": list(forecasts.columns), "data": []}
            for row in forecasts.itertuples(index=False):
                data = [v.isoformat() if isinstance(v, pandas.Timestamp) else v for v in row]
                answer["data"].append(data)
        except ValueError as e:
            answer = {"error": str(e)}
    answer["warnings"] = [str(one.message) for one in told]
    with open(output, "w", encoding="utf-8") as file:
        json.dump(answer, file)


main(*sys.argv[1:])
