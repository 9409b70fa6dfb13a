"""Runs hdl and its peers in turn and keeps the figures. Called by benchmarks/peers/run."""

import argparse
import csv
import datetime
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import report

HERE = pathlib.Path(__file__).resolve().parent
BENCHMARKS = HERE.parent
DAYS = 1461
TABLES_FORMAT = 2  # raise it when SalesRows or SalesFile change

PYTHON_READERS = ["polars-files", "polars-scan", "pyarrow.dataset", "duckdb"]
SLOW_READERS = ["delta-kernel", "delta-standalone"]
# The JVM tells its CPU time in steps of 10 ms: what is short is done several times.
PART_REPEATS = {"hdl": 20, "delta-kernel": 2, "delta-standalone": 1}
GATHER = {"series": 4096, "steps": DAYS, "channels": 12, "window": 84, "batch": 1024}
GATHER_BATCHES = {
    "hdl": 1000,
    "torch-index_select": 1000,
    "torch-unfold": 500,
    "torch-stack": 100,
    "torch-DataLoader": 100,
}
GATHER_ROUNDS = 4  # for each round of the others
ANSWER_SECONDS = 300


class Worker:
    """A process that answers each line with one JSON object on a line."""

    def __init__(self, name, command):
        self.name = name
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True
        )

    def ask(self, *words):
        self.process.stdin.write(" ".join(map(str, words)) + "\n")
        self.process.stdin.flush()
        alarm = threading.Timer(ANSWER_SECONDS, self.process.kill)
        alarm.start()
        try:
            line = self.process.stdout.readline()
        finally:
            alarm.cancel()
        if not line:
            self.errors.seek(0)
            sys.exit(f"{self.name} gave no answer to {words}:\n{self.errors.read()[-3000:]}")
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)


def java(*arguments):
    options = ["-Xmx3g", "-XX:MaxDirectMemorySize=5g"]
    options.append("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn")
    classpath = os.environ["HDL_PEERS_CLASSPATH"]
    return [os.environ["HDL_PEERS_JAVA"], *options, "-cp", classpath, *map(str, arguments)]


def say(text):
    print(f"peers: {text}", file=sys.stderr, flush=True)


class Comparison:
    def __init__(self, series, part_series, rounds):
        self.rounds = rounds
        self.rows = {"snappy": series * DAYS, "zstd": series * DAYS, "part": part_series * DAYS}
        cache = pathlib.Path(os.environ["HDL_PEERS_CACHE"])
        self.tables = cache / f"sales-v{TABLES_FORMAT}-{series}"
        self.tables.mkdir(parents=True, exist_ok=True)
        package = "io.hdl.benchmarks.peers"
        subprocess.run(
            java(f"{package}.PeerTables", self.tables, series, part_series), check=True
        )
        self.java = Worker("the Java worker", java(f"{package}.PeerWorker"))
        self.python = {
            threads: Worker("the Python worker", [sys.executable, HERE / "readers.py", str(threads)])
            for threads in (1, 2)
        }
        self.torch = None
        if "HDL_PEERS_TORCH" in os.environ:
            shape = [GATHER[key] for key in ("series", "steps", "channels", "window", "batch")]
            command = [os.environ["HDL_PEERS_TORCH"], HERE / "torch_gather.py", "1"]
            self.torch = Worker("torch", [*command, *map(str, shape)])
        self.figures = []
        self.ordered_files = {}

    def read(self, reader, table, threads, check=False):
        rows = self.rows[table]
        mode = "check" if check else "time"
        if reader in PYTHON_READERS:
            answer = self.python[threads].ask(reader, rows, mode, *self.files(table))
        else:
            repeats = PART_REPEATS[reader] if table == "part" and not check else 1
            folder = self.tables / table
            answer = self.java.ask("read", reader, folder, rows, threads, mode, repeats)
        if answer["rows"] != self.rows[table]:
            sys.exit(f"{reader} read {answer['rows']} rows of {self.rows[table]} in {table}")
        return answer

    def files(self, table):
        """In the order in which the log gives them: rows are compared one by one."""
        if table not in self.ordered_files:
            self.ordered_files[table] = self.java.ask("files", self.tables / table)["files"]
        return self.ordered_files[table]

    def keep(self, kind, table, threads, method, round_number, items, answer):
        self.figures.append(
            {
                "kind": kind,
                "table": table,
                "threads": threads,
                "method": method,
                "round": round_number,
                "items": items,
                "wall_s": round(answer["wall"], 6),
                "cpu_s": round(answer["cpu"], 6),
            }
        )

    def check(self):
        """Every reader must give the same bits before anything is timed."""
        for table in ("snappy", "zstd", "part"):
            expected = self.read("hdl", table, 1, check=True)["checksums"]
            others = [("hdl", 2)] + [(name, n) for n in (1, 2) for name in PYTHON_READERS]
            if table == "part":
                others = [(name, 1) for name in SLOW_READERS]
            for reader, threads in others:
                found = self.read(reader, table, threads, check=True)["checksums"]
                wrong = [name for name in expected if found[name] != expected[name]]
                if wrong:
                    sys.exit(f"{reader} and hdl differ on {table}: {', '.join(wrong)}")
            say(f"{table}: all readers give the same bits")

    def scan(self):
        readers = {
            1: ["hdl", "hdl-fresh", *PYTHON_READERS, "decompression"],
            2: ["hdl", *PYTHON_READERS, "decompression"],
        }
        for number in range(self.rounds + 1):
            for threads, names in readers.items():
                for table in ("snappy", "zstd"):
                    for name in rotated(names, number):
                        answer = self.read(name, table, threads)
                        if number:
                            self.keep(
                                "scan", table, threads, name, number, answer["rows"], answer
                            )
            say(f"scan: round {number} of {self.rounds}")

    def slow_scan(self):
        for number in range(min(3, self.rounds) + 1):
            for name in rotated(["hdl", *SLOW_READERS], number):
                answer = self.read(name, "part", 1)
                if number:
                    self.keep("scan", "part", 1, name, number, answer["rows"], answer)
        say("scan of the part: done")

    def gather(self):
        shape = [GATHER[key] for key in ("series", "steps", "channels", "window", "batch")]
        methods = [name for name in GATHER_BATCHES if name == "hdl" or self.torch]
        # A process of its own, as torch's has done nothing else either; rounds are short.
        worker = Worker("the Java worker", java("io.hdl.benchmarks.peers.PeerWorker"))
        for number in range(GATHER_ROUNDS * self.rounds + 1):
            for name in rotated(methods, number):
                batches = GATHER_BATCHES[name]
                if name == "hdl":
                    answer = worker.ask("gather", batches, *shape)
                else:
                    answer = self.torch.ask(name, batches)
                if number:
                    self.keep("gather", "", 1, name, number, answer["windows"], answer)
        worker.close()
        say("gather: done")

    def close(self):
        for worker in [self.java, *self.python.values(), self.torch]:
            if worker:
                worker.close()


def rotated(names, by):
    by %= len(names)
    return names[by:] + names[:by]


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/peers/run")
    parser.add_argument("--quick", action="store_true", help="a small table, two rounds")
    parser.add_argument("--rounds", type=int, help="measured rounds; default: 5")
    parser.add_argument("--without-torch", action="store_true", help="leave the gather's peer out")
    options = parser.parse_args()
    series, part_series, rounds = (512, 34, 2) if options.quick else (16384, 342, 5)
    load = os.getloadavg()[0]
    if load > 0.5:
        say(f"the machine is busy (load {load:.1f}): the figures will not be worth much")

    comparison = Comparison(series, part_series, options.rounds or rounds)
    comparison.check()
    comparison.scan()
    comparison.slow_scan()
    comparison.gather()
    comparison.close()

    day = datetime.date.today().isoformat()
    results = BENCHMARKS / ("target/peers" if options.quick else "results")
    results.mkdir(parents=True, exist_ok=True)
    raw = results / f"{day}-peers.csv"
    with open(raw, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(comparison.figures[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(comparison.figures)
    facts = report.facts(load, comparison.torch is not None)
    text = report.markdown(comparison.figures, comparison.rows, facts, raw.name)
    if not options.quick:
        report.insert(BENCHMARKS / "RESULTS.md", text)
        say(f"written: benchmarks/results/{raw.name} and benchmarks/RESULTS.md")
    print(text)


if __name__ == "__main__":
    main()
