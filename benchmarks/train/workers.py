"""Processes that are told what to do, a command a line."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
ANSWER_SECONDS = 600


class Worker:
    """A process that answers each line with one JSON object on a line."""

    def __init__(self, name, command):
        self.name = name
        self.errors = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=environment(),
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
        self.process.wait(timeout=60)


def environment():
    """The same for both sides: threads that wait do not spin."""
    return {
        **os.environ,
        "OMP_WAIT_POLICY": "PASSIVE",
        "OPT_OUT_TRACKING": "true",
        "DJL_OFFLINE": "true",
    }


def java(threads, *arguments, options=()):
    options = [
        *options,
        "-Xmx1g",
        f"-Dai.djl.pytorch.num_threads={threads}",
        "-Dai.djl.pytorch.num_interop_threads=1",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    ]
    classpath = os.environ["HDL_TRAIN_CLASSPATH"]
    return [os.environ["HDL_TRAIN_JAVA"], *options, "-cp", classpath, *map(str, arguments)]


def say(text):
    print(f"train: {text}", file=sys.stderr, flush=True)


def rotated(names, by):
    by %= len(names)
    return names[by:] + names[:by]
