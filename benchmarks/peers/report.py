"""Turns raw figures into the tables of RESULTS.md."""

import datetime
import importlib.metadata
import os
import platform
import re
import statistics
import subprocess

BEGIN = "<!-- peers:begin, written by benchmarks/peers/run -->"
END = "<!-- peers:end -->"
POLARS = ["polars-files", "polars-scan"]
NAMES = {
    "hdl": "**hdl**, into memory of an earlier read",
    "hdl-fresh": "hdl, memory reserved and zeroed on the way",
    "polars-files": "polars, file by file",
    "polars-scan": "polars, one lazy query",
    "decompression": "reading and decompressing the pages alone",
    "delta-kernel": "Delta Kernel's own reader",
    "delta-standalone": "delta-standalone's rows",
    "torch-index_select": "torch `as_strided` + `index_select(out=)`",
    "torch-unfold": "torch `unfold` + index",
    "torch-stack": "torch slices + `stack`, the least that a DataLoader does",
    "torch-DataLoader": "torch `DataLoader` over a Dataset of slices, without workers",
}


def facts(load, with_torch):
    """Machine and versions."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1)) / 2**20
    java = subprocess.run(
        [os.environ["HDL_PEERS_JAVA"], "-version"], capture_output=True, text=True, check=True
    ).stderr
    versions = {
        name: importlib.metadata.version(name) for name in ("polars", "pyarrow", "duckdb", "numpy")
    }
    if with_torch:
        versions["torch"] = subprocess.run(
            [
                os.environ["HDL_PEERS_TORCH"],
                "-c",
                "import importlib.metadata as m; print(m.version('torch'))",
            ],
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
    for jar in ("delta-kernel-defaults", "delta-standalone_2.13"):
        found = re.search(jar + r"-([\d.]+)\.jar", os.environ["HDL_PEERS_CLASSPATH"])
        versions[re.sub(r"_2.13|-defaults", "", jar)] = found.group(1) if found else "?"
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{os.cpu_count()} cores of {model.group(1).strip() if model else '?'}, "
        f"{memory:.0f} GiB, {platform.system()}, load before the run {load:.1f}",
        "java": re.search(r'version "([^"]+)"', java).group(1),
        "python": platform.python_version(),
        "versions": ", ".join(f"{name} {version}" for name, version in versions.items()),
    }


class Figures:
    def __init__(self, figures):
        self.figures = figures

    def of(self, kind, table, threads, method, key):
        return [
            float(figure[key])
            for figure in self.figures
            if (figure["kind"], figure["table"], int(figure["threads"]), figure["method"])
            == (kind, table, threads, method)
        ]

    def items(self, kind, table, method):
        return next(
            int(figure["items"])
            for figure in self.figures
            if (figure["kind"], figure["table"], figure["method"]) == (kind, table, method)
        )

    def methods(self, kind, table, threads):
        found = dict.fromkeys(
            figure["method"]
            for figure in self.figures
            if (figure["kind"], figure["table"], int(figure["threads"])) == (kind, table, threads)
        )
        return list(found)


def ordered(methods):
    last = ["decompression"]
    first = [m for m in ("hdl", "hdl-fresh") if m in methods]
    return first + sorted(m for m in methods if m not in first + last) + [
        m for m in last if m in methods
    ]


def scan_table(figures, threads, key):
    unit = "CPU s" if key == "cpu_s" else "wall s"
    lines = [
        f"| | snappy: {unit}, median (best) | M rows per {unit} | against hdl "
        f"| zstd: {unit}, median (best) | M rows per {unit} | against hdl |",
        "|---|---|---|---|---|---|---|",
    ]
    for method in ordered(figures.methods("scan", "snappy", threads)):
        cells = [NAMES.get(method, method)]
        for table in ("snappy", "zstd"):
            values = figures.of("scan", table, threads, method, key)
            own = statistics.median(figures.of("scan", table, threads, "hdl", key))
            middle = statistics.median(values)
            rate = figures.items("scan", table, method) / middle / 1e6
            cells += [f"{middle:.2f} ({min(values):.2f})", f"{rate:.1f}", f"{middle / own:.2f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def sentence(figures):
    """The ratios that matter, in words."""
    parts = []
    for threads, key, label in ((1, "cpu_s", "one thread, CPU"), (2, "wall_s", "two threads, wall")):
        for table in ("snappy", "zstd"):
            own = statistics.median(figures.of("scan", table, threads, "hdl", key))
            polars = min(
                statistics.median(figures.of("scan", table, threads, name, key)) for name in POLARS
            )
            arrow = statistics.median(figures.of("scan", table, threads, "pyarrow.dataset", key))
            parts.append(
                f"{table}, {label}: {polars / own:.2f} x polars (the faster of its two ways), "
                f"{arrow / own:.2f} x pyarrow.dataset"
            )
    return "hdl's speed as a multiple of a peer's, by medians:\n\n" + "\n".join(
        f"* {part}" for part in parts
    )


def markdown(raw, rows, facts, csv_name):
    figures = Figures(raw)
    rounds = len(figures.of("scan", "snappy", 1, "hdl", "cpu_s"))
    lines = [
        BEGIN,
        "## Beside its peers",
        "",
        f"{facts['date']}; {facts['machine']}; Java {facts['java']}, Python {facts['python']};"
        f" {facts['versions']}.",
        "",
        f"A table of {rows['snappy']:,} rows and 14 columns in four files (parquet-java's writer, V1"
        " pages, dictionaries, as Spark writes), files in the page cache. Every reader ends in the"
        " same 13 arrays of 32-bit floats, NaN where null, equal to the bit; hdl also reads the"
        f" Delta log. {rounds} rounds after a warm-up, all readers in turn within each.",
        "",
        sentence(figures),
        "",
        "### One thread, CPU time",
        "",
        *scan_table(figures, 1, "cpu_s"),
        "",
        "### Two threads, wall time",
        "",
        *scan_table(figures, 2, "wall_s"),
        "",
        f"### Readers of rows, on {rows['part']:,} rows of the same table (snappy), one thread",
        "",
        "| | CPU s, median (best) | M rows per CPU s | against hdl |",
        "|---|---|---|---|",
    ]
    own = statistics.median(figures.of("scan", "part", 1, "hdl", "cpu_s"))
    for method in ordered(figures.methods("scan", "part", 1)):
        values = figures.of("scan", "part", 1, method, "cpu_s")
        middle = statistics.median(values)
        lines.append(
            f"| {NAMES.get(method, method)} | {middle:.3f} ({min(values):.3f})"
            f" | {figures.items('scan', 'part', method) / middle / 1e6:.2f} | {middle / own:.1f} |"
        )
    lines += [
        "",
        "### Windows: 1,024 x 84 x 12, random places, one thread",
        "",
        "| | 1,000 windows/s by CPU time, median (best) | hdl is faster by |",
        "|---|---|---|",
    ]
    rates = {}
    for method in ordered(figures.methods("gather", "", 1)):
        items = figures.items("gather", "", method)
        rates[method] = [items / value / 1e3 for value in figures.of("gather", "", 1, method, "cpu_s")]
    own = statistics.median(rates["hdl"])
    for method, values in rates.items():
        middle = statistics.median(values)
        name = "**hdl** `Windows.gather`, with location and scale" if method == "hdl" else NAMES[method]
        lines.append(f"| {name} | {middle:,.0f} ({max(values):,.0f}) | {own / middle:.2f} |")
    lines += [
        "",
        f"Repeat: `benchmarks/peers/run` (all figures: `results/{csv_name}`).",
        END,
    ]
    return "\n".join(lines)


def insert(path, text):
    """Puts the section between its marks, or at the end where they are not."""
    page = path.read_text(encoding="utf-8")
    if BEGIN in page and END in page:
        before, rest = page.split(BEGIN, 1)
        page = before + text + rest.split(END, 1)[1]
    else:
        page = page.rstrip("\n") + "\n\n" + text + "\n"
    path.write_text(page, encoding="utf-8")
