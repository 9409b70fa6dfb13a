"""From a table's path to a trained forecaster, by hdl and by NeuralForecast in turn."""

import json
import os
import subprocess
import sys
import tempfile
import time

from workers import HERE, Worker, environment, java, rotated, say

MODELS = ["dlinear", "nhits"]
METHODS = {"hdl": "", "hdl-original": "-original", "neuralforecast": ""}
MIXED_METHODS = {"hdl-bfloat16": "-bfloat16", "neuralforecast-bfloat16": "-bfloat16"}
MIXED_MODELS = ["nhits"]  # DLinear's products are too small for it
STEPS = 1000
# The second compiler would cost a short job more than its code runs faster.
SHORT = ["-XX:TieredStopAtLevel=1"]
QUICK_STEPS = 80


class ForecastPaths:
    """Each method once in a process of its own, then again in one that has done it before."""

    def __init__(self, table, rounds, steps=STEPS, precision="float32"):
        self.table, self.rounds, self.steps = table, rounds, steps
        self.methods = METHODS if precision == "float32" else {**METHODS, **MIXED_METHODS}
        self.threads = os.cpu_count()

    def command(self, method, kind):
        if method.startswith("neuralforecast"):
            script = HERE / "neuralforecast_path.py"
            command = [os.environ["HDL_TRAIN_NEURALFORECAST"], str(script)]
        else:
            command = self.java([f"-XX:SharedArchiveFile={os.environ['HDL_TRAIN_ARCHIVE']}", *SHORT])
        return [*command, kind, self.table]

    def java(self, options):
        return java(self.threads, "io.hdl.benchmarks.train.ForecastPath", options=options)

    def archive_classes(self):
        """What Python keeps of its modules in .pyc files the JVM keeps in an archive: made once."""
        archive = os.environ["HDL_TRAIN_ARCHIVE"]
        options = [f"-XX:ArchiveClassesAtExit={archive}", "-Xlog:disable"]
        words = ["once", self.table, "nhits", "8", "0"]
        subprocess.run([*self.java(options), *words], check=True, env=environment(), capture_output=True)

    def run(self, models):
        figures = []
        self.archive_classes()
        workers = {name: Worker(name, self.command(name, "worker")) for name in self.methods}
        for model in models:
            names = [name for name in self.methods if name in METHODS or model in MIXED_MODELS]
            for name in names:  # compilers and caches settle
                workers[name].ask(model + self.methods[name], self.steps, 0)
            for number in range(1, self.rounds + 1):
                for name in rotated(names, number):
                    words = [model + self.methods[name], self.steps, number]
                    figures.append(self.figure(model, name, "start", number, self.once(name, words)))
                    again = workers[name].ask(*words)
                    figures.append(self.figure(model, name, "again", number, again))
                say(f"path: {model}, round {number} of {self.rounds}")
        for worker in workers.values():
            worker.close()
        return figures

    def figure(self, model, method, kind, number, answer):
        return {
            "model": model,
            "method": method,
            "kind": kind,
            "threads": self.threads,
            "steps": self.steps,
            "round": number,
            "wall_s": round(answer["wall"], 3),
            "cpu_s": round(answer["cpu"], 3),
            "peak_mb": answer.get("peak_mb", ""),
            "wape": round(answer["wape"], 6),
        }

    def once(self, method, words):
        """The whole life of a process, its peak memory as the kernel tells it."""
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as err:
            began = time.perf_counter()
            command = [*self.command(method, "once"), *map(str, words)]
            process = subprocess.Popen(command, stdout=out, stderr=err, env=environment())
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            wall = time.perf_counter() - began
            out.seek(0)
            err.seek(0)
            if status:
                sys.exit(f"{method} failed:\n{err.read()[-3000:]}")
            answer = json.loads(out.read().strip().splitlines()[-1])
        return {
            "wall": wall,
            "cpu": usage.ru_utime + usage.ru_stime,
            "peak_mb": round(usage.ru_maxrss / 1024),
            "wape": answer["wape"],
        }
