"""Takes the rows of a table apart into series, as hdl does. Needs pandas."""

import dataclasses

import numpy
import pandas

HOUR = 3_600_000_000
DAY = 24 * HOUR


def _shown(key):
    return "/".join(key)


class Axis:
    """The grid that a time column lies on: steps are whole numbers, neighbours differ by one.

    Values are days of dates, microseconds of timestamps, and integers as they are.
    """

    def __init__(self, unit, frequency, values, column):
        self.unit, self.frequency = unit, frequency
        self.day = 1 if unit == "DATE" else DAY
        self.period = {
            "HOURLY": HOUR,
            "DAILY": self.day,
            "WEEKLY": 7 * self.day,
            "MONTHLY": 0,
            "INTEGER": 1,
        }[frequency]
        self.phase, self.day_of_month = 0, 0
        offsets = values % (self.period or self.day)
        if len(values):
            phases, counts = numpy.unique(offsets, return_counts=True)
            self.phase = int(phases[counts.argmax()])
            if not self.period:
                self.day_of_month = int(self._months(values)[1].max())
        wrong = self.values(self.steps(values)) != values
        if wrong.any():
            example = values[wrong][0]
            raise ValueError(
                f'Cannot order the rows by "{column}": {int(wrong.sum())} of {len(values)} rows are'
                f" off the {frequency} grid, for instance {self.label(example)} (the step before it"
                f" is {self.label(self.values(self.steps(values[wrong][:1]))[0])})."
            )

    def _months(self, values):
        """Number of the month, from 0 in the year 0, and day of the month, of each value."""
        dates = numpy.floor_divide(values, self.day).astype("datetime64[D]")
        months = dates.astype("datetime64[M]")
        day = (dates - months.astype("datetime64[D]")).astype(numpy.int64) + 1
        return months.astype(numpy.int64) + 1970 * 12, day

    def steps(self, values):
        """The step at or before each value."""
        if self.period:
            return (values - self.phase) // self.period
        months = self._months(values)[0]
        return numpy.where(self.values(months) <= values, months, months - 1)

    def values(self, steps):
        """The value of each step."""
        if self.period:
            return steps * self.period + self.phase
        first = (steps - 1970 * 12).astype("datetime64[M]")
        length = ((first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")).astype(int)
        day = first.astype("datetime64[D]").astype(numpy.int64)
        return (day + numpy.minimum(self.day_of_month, length) - 1) * self.day + self.phase

    def label(self, value):
        """A value as people write it."""
        if self.unit == "INTEGER":
            return str(value)
        if self.unit == "DATE":
            return str(numpy.datetime64(int(value), "D"))
        text = str(numpy.datetime64(int(value), "us")).replace(".000000", "")
        return text + ("Z" if self.unit == "TIMESTAMP" else "")

    def times(self, values):
        """Values as a pandas array."""
        if self.unit == "INTEGER":
            return values
        fine = values.astype("datetime64[D]" if self.unit == "DATE" else "datetime64[us]")
        return pandas.DatetimeIndex(fine.astype("datetime64[ns]"))


@dataclasses.dataclass(frozen=True)
class Series:
    """One series of a table.

    end: the step behind its last target. history: [steps, channels] up to there. future: [horizon,
    channels] from there on, and absent: where that has no value at all, which a category without a
    code has. constants: [constants].
    """

    key: tuple
    end: int
    history: numpy.ndarray
    future: numpy.ndarray
    absent: numpy.ndarray
    constants: numpy.ndarray


class Table:
    """How the rows of a table become the series of a saved forecaster."""

    def __init__(self, manifest, seen, horizon):
        """seen: names of the covariates and constants that the model makes use of."""
        about = manifest["table"]
        self.keys = [key["name"] for key in about["keys"]]
        self.integer_keys = [key["type"] == "INTEGER" for key in about["keys"]]
        self.time, self.unit, self.frequency = about["time"], about["unit"], about["frequency"]
        self.zero_gaps = about["gaps"] == "ZERO"
        self.channels, self.constants = manifest["channels"], manifest["constants"]
        self.horizon = horizon
        named = [self.channels[0]["name"]]
        named += [c["name"] for c in self.channels[1:] + self.constants if c["name"] in seen]
        self.needed = list(dict.fromkeys(self.keys + [self.time] + named))

    def read(self, frame):
        """The axis of a DataFrame's rows and their series, in order of first appearance."""
        missing = [name for name in self.needed if name not in frame.columns]
        if missing:
            raise ValueError(
                f"Cannot forecast: the columns {missing} are missing (expected: {self.needed};"
                f" there are {list(frame.columns)})."
            )
        if not len(frame):
            raise ValueError("Cannot forecast: there are no rows.")
        values = self._time(frame[self.time])
        axis = Axis(self.unit, self.frequency, values, self.time)
        steps = axis.steps(values)
        parts = [self._key(frame[name], whole) for name, whole in zip(self.keys, self.integer_keys)]
        numbers = pandas.MultiIndex.from_arrays(parts).factorize()[0]
        order = numpy.lexsort((steps, numbers))
        numbers, steps = numbers[order], steps[order]
        parts = [numpy.asarray(part, dtype=object)[order] for part in parts]
        rows = [self._column(frame, about, order) for about in self.channels]
        fixed = [self._column(frame, about, order)[0] for about in self.constants]
        starts = numpy.flatnonzero(numpy.diff(numbers, prepend=-1))
        series = []
        for start, stop in zip(starts, list(starts[1:]) + [len(numbers)]):
            key = tuple(part[start] for part in parts)
            part = slice(start, stop)
            series.append(self._series(axis, key, steps[part], part, rows, fixed))
        return axis, series

    def _series(self, axis, key, steps, part, rows, fixed):
        repeated = numpy.flatnonzero(numpy.diff(steps) == 0)
        if len(repeated):
            time = axis.label(axis.values(steps[repeated[:1]])[0])
            raise ValueError(
                f"Cannot make series: series {_shown(key)} has two rows for {time}. A series has"
                " one row per step; add what tells the rows apart to the key."
            )
        at = steps - steps[0]
        length = int(at[-1]) + 1
        values = numpy.full((length, len(rows)), numpy.nan, dtype=numpy.float32)
        absent = numpy.ones((length, len(rows)), dtype=bool)
        for channel, (column, lacking) in enumerate(rows):
            values[at, channel] = column[part]
            absent[at, channel] = lacking[part]
        seen = numpy.flatnonzero(~numpy.isnan(values[:, 0]))
        end = int(seen[-1]) + 1 if len(seen) else 0
        if self.zero_gaps:
            without = numpy.ones(length, dtype=bool)
            without[at] = False
            without[end:] = False
            values[without, 0] = 0
        future = numpy.full((self.horizon, len(rows)), numpy.nan, dtype=numpy.float32)
        lacking = numpy.ones((self.horizon, len(rows)), dtype=bool)
        ahead = values[end : end + self.horizon]
        future[: len(ahead)] = ahead
        lacking[: len(ahead)] = absent[end : end + self.horizon]
        constants = numpy.array(
            [self._constant(key, about, c[part]) for about, c in zip(self.constants, fixed)],
            dtype=numpy.float32,
        )
        return Series(key, int(steps[0]) + end, values[:end], future, lacking, constants)

    @staticmethod
    def _constant(key, about, values):
        present = numpy.unique(values[~numpy.isnan(values)])
        if len(present) > 1:
            texts = about["categories"]
            shown = [repr(texts[int(v)]) if texts else str(v) for v in present[:2]]
            raise ValueError(
                f"Cannot take \"{about['name']}\" as a constant: in series {_shown(key)} it is both"
                f" {shown[0]} and {shown[1]}."
            )
        return present[0] if len(present) else numpy.nan

    def _time(self, column):
        if column.isna().any():
            raise ValueError(f'Cannot order the rows by "{self.time}": a row has no time.')
        if self.unit == "INTEGER":
            return self._whole(column, "steps")
        try:
            moments = pandas.to_datetime(column)
        except (ValueError, TypeError) as e:
            raise ValueError(f'Cannot order the rows by "{self.time}": {e}') from e
        if moments.dt.tz is not None:
            if self.unit == "TIMESTAMP":
                moments = moments.dt.tz_convert("UTC")
            moments = moments.dt.tz_localize(None)
        micros = moments.to_numpy().astype("datetime64[us]").astype(numpy.int64)
        if self.unit != "DATE":
            return micros
        if (micros % DAY).any():
            example = moments[(micros % DAY) != 0].iloc[0]
            raise ValueError(
                f'Cannot order the rows by "{self.time}": {example} (expected: a date).'
            )
        return micros // DAY

    @staticmethod
    def _whole(column, what):
        numbers = pandas.to_numeric(column)
        whole = numbers.to_numpy().astype(numpy.int64)
        if (whole != numbers.to_numpy()).any():
            raise ValueError(f'Cannot read "{column.name}": {what} are not whole numbers.')
        return whole

    def _key(self, column, whole):
        if column.isna().any():
            raise ValueError(f'Cannot make series: the key "{column.name}" is missing in a row.')
        if whole:
            return self._whole(column, "keys").astype(str)
        return column.astype(str).to_numpy()

    @staticmethod
    def _column(frame, about, order):
        """A column as float32, NaN where missing, and where the table itself has no value."""
        if about["name"] not in frame.columns:
            return numpy.full(len(order), numpy.nan, numpy.float32), numpy.ones(len(order), bool)
        column = frame[about["name"]]
        absent = column.isna().to_numpy()
        if about["kind"] == "CATEGORY":
            codes = {text: code for code, text in enumerate(about["categories"])}
            values = column.map(lambda text: codes.get(text, numpy.nan), na_action="ignore")
            values = values.astype(object)
        else:
            values = column.astype(object)
        try:
            numbers = values.where(~absent, numpy.nan).astype(numpy.float64).to_numpy()
        except (ValueError, TypeError) as e:
            raise ValueError(f"Cannot read \"{about['name']}\" as numbers: {e}") from e
        with numpy.errstate(over="ignore"):
            floats = numbers.astype(numpy.float32)
        infinite = numpy.isinf(floats)
        floats[infinite] = numpy.nan
        return floats[order], (absent | infinite)[order]
