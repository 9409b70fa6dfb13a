"""Reads tables with Python's readers, as it is told on standard input: READER ROWS CHECK FILE...

The number of threads is fixed at the start: readers.py THREADS. Every reader fills the same arrays,
one of 32-bit floats per column, NaN where null; each is used in the way that measured fastest.
Answers are one JSON object per line: wall and CPU seconds, and checksums of the columns on demand.
"""

import json
import os
import resource
import sys
import time

THREADS = int(sys.argv[1])
os.environ["POLARS_MAX_THREADS"] = str(THREADS)

import duckdb  # noqa: E402
import numpy as np  # noqa: E402
import polars as pl  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.compute as pc  # noqa: E402
import pyarrow.dataset as ds  # noqa: E402

pa.set_cpu_count(THREADS)
pa.set_io_thread_count(THREADS)

COLUMNS = (
    "store item date price units revenue margin temperature discount traffic promo holiday stock"
).split()
NAN = float("nan")


def copy(into, at, values):
    into[at : at + len(values)] = values
    return at + len(values)


def polars_files(files, arrays):
    """File by file, column by column."""
    rows = 0
    for file in files:
        frame = pl.read_parquet(file, columns=COLUMNS)
        for name, into in zip(COLUMNS, arrays):
            series = frame[name].to_physical() if name == "date" else frame[name]
            copy(into, rows, series.cast(pl.Float32).fill_null(NAN).to_numpy())
        rows += len(frame)
    return rows


def polars_scan(files, arrays):
    """One query over all files."""
    columns = [
        (pl.col(name).to_physical() if name == "date" else pl.col(name))
        .cast(pl.Float32)
        .fill_null(NAN)
        for name in COLUMNS
    ]
    frame = pl.scan_parquet(files).select(columns).collect()
    for name, into in zip(COLUMNS, arrays):
        at = 0
        for chunk in frame[name].get_chunks():
            at = copy(into, at, chunk.to_numpy())
    return len(frame)


def floats(array):
    if pa.types.is_date32(array.type):
        array = array.cast(pa.int32())
    return pc.fill_null(array.cast(pa.float32(), safe=False), NAN).to_numpy()


def pyarrow_dataset(files, arrays):
    table = ds.dataset(files, format="parquet").to_table(columns=COLUMNS, use_threads=THREADS > 1)
    for name, into in zip(COLUMNS, arrays):
        at = 0
        for chunk in table[name].chunks:
            at = copy(into, at, floats(chunk))
    return table.num_rows


def duckdb_arrow(files, arrays):
    columns = ", ".join(
        f"CAST({name} - DATE '1970-01-01' AS FLOAT) AS {name}"
        if name == "date"
        else f"CAST({name} AS FLOAT) AS {name}"
        for name in COLUMNS
    )
    rows = 0
    with duckdb.connect(config={"threads": THREADS}) as connection:
        query = connection.execute(f"SELECT {columns} FROM read_parquet({files!r})")
        for batch in query.to_arrow_reader(1 << 17):
            for column, into in zip(batch.columns, arrays):
                values = column if column.null_count == 0 else pc.fill_null(column, NAN)
                copy(into, rows, values.to_numpy())
            rows += batch.num_rows
    return rows


READERS = {
    "polars-files": polars_files,
    "polars-scan": polars_scan,
    "pyarrow.dataset": pyarrow_dataset,
    "duckdb": duckdb_arrow,
}


def checksum(values):
    """Of bits and order; all NaN are one value. The Java side computes the same."""
    bits = values.view(np.uint32).astype(np.uint64)
    bits[np.isnan(values)] = 0x7FC00000
    places = np.arange(1, len(bits) + 1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        return str(int((bits * (places * np.uint64(2) + np.uint64(1))).sum(dtype=np.uint64)))


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    arrays = []
    for line in sys.stdin:
        reader, rows, check, *files = line.split()
        if not arrays or len(arrays[0]) != int(rows):
            # Touched now, not while the clock runs.
            arrays = [np.full(int(rows), 7, np.float32) for _ in COLUMNS]
        cpu_before = cpu()
        before = time.perf_counter()
        read = READERS[reader](files, arrays)
        wall = time.perf_counter() - before
        answer = {"wall": wall, "cpu": cpu() - cpu_before, "rows": read}
        if check == "check":
            answer["checksums"] = dict(zip(COLUMNS, map(checksum, arrays)))
            for array in arrays:
                array[:] = 7
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
