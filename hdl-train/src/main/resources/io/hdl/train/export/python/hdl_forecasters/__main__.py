"""Forecasts with a saved forecaster: python -m hdl_forecasters FOLDER INPUT OUTPUT

INPUT is a safetensors file with the arrays of Forecaster.forecast: values [batch, steps,
channels], and known and constants where the model has them; its text "keys" may hold the series'
keys as JSON. OUTPUT gets the array forecasts [batch, horizon, 1 + quantiles].
"""

import json
import sys

from . import load, safetensors


def main(arguments):
    if len(arguments) != 3:
        sys.exit("usage: python -m hdl_forecasters FOLDER INPUT OUTPUT")
    folder, given, to = arguments
    arrays, texts = safetensors.read(given)
    forecaster = load(folder)
    keys = json.loads(texts["keys"]) if "keys" in texts else None
    forecasts = forecaster.forecast(
        arrays["values"], arrays.get("known"), arrays.get("constants"), keys
    )
    safetensors.write(to, {"forecasts": forecasts}, {})


if __name__ == "__main__":
    main(sys.argv[1:])
