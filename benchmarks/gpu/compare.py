"""Runs the parts of the comparison on GPUs and keeps the figures. Called by benchmarks/gpu/run."""

import argparse
import csv
import datetime
import os
import pathlib
import subprocess
import sys

BENCHMARKS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCHMARKS / "train"))

import replicas  # noqa: E402
import report  # noqa: E402
from steps import CASES, StepRates  # noqa: E402
from workers import say  # noqa: E402


def gpus():
    """The GPUs as their driver names them, with its version."""
    query = ["nvidia-smi", "--query-gpu=name,driver_version,memory.total", "--format=csv,noheader"]
    told = subprocess.run(query, capture_output=True, text=True, check=True).stdout
    return [line.strip() for line in told.splitlines() if line.strip()]


def write(path, figures):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(figures[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(figures)


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/gpu/run")
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    parser.add_argument("--quick", action="store_true", help="short rounds, two of them")
    parser.add_argument("--rounds", type=int, help="measured rounds; default: 9")
    parser.add_argument("--out", type=pathlib.Path, default=BENCHMARKS / "target" / "gpu")
    options = parser.parse_args()
    rounds = options.rounds or (2 if options.quick else 9)
    seconds, warm = (0.3, 1.0) if options.quick else (1.0, 5.0)
    rehearsal = options.device == "cpu"
    found = [] if rehearsal else gpus()

    facts = report.facts(os.getloadavg()[0])
    facts += "; a rehearsal on the CPU, no figure of a GPU" if rehearsal else "; " + "; ".join(found)
    rates = StepRates(rounds, seconds, warm, device=options.device)
    steps = rates.run(CASES)
    rates.close()
    ways = replicas.CPU if rehearsal else replicas.gpu(len(found))
    group = replicas.Replicas(ways, rounds, seconds)
    scaling = group.run(replicas.CASES)
    group.close()

    options.out.mkdir(parents=True, exist_ok=True)
    day = datetime.date.today().isoformat()
    write(options.out / f"{day}-gpu-steps.csv", steps)
    write(options.out / f"{day}-gpu-replicas.csv", scaling)
    text = "\n\n".join(
        [
            f"{facts}. Repeat: `benchmarks/gpu/run`.",
            report.steps(steps, f"{day}-gpu-steps.csv"),
            report.replicas(scaling, f"{day}-gpu-replicas.csv"),
        ]
    )
    (options.out / f"{day}-gpu.md").write_text(text + "\n", encoding="utf-8")
    say(f"written: {options.out}")
    print(text)


if __name__ == "__main__":
    main()
