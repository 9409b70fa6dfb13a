"""Runs the parts of the comparison and keeps the figures. Called by benchmarks/train/run."""

import argparse
import csv
import datetime
import os
import pathlib

import path
import replicas
import report
from steps import CASES, StepRates
from workers import say

BENCHMARKS = pathlib.Path(__file__).resolve().parent.parent
PARTS = ["steps", "path", "replicas"]


def steps(rounds, quick, cases, precision):
    seconds = {"seconds": 0.3, "warm_seconds": 1.0} if quick else {}
    rates = StepRates(rounds, precision=precision, **seconds)
    figures = rates.run(cases)
    rates.close()
    return figures


def paths(rounds, quick, models, precision):
    table = os.environ.get("HDL_TRAIN_TABLE", "")
    if not pathlib.Path(table, "_delta_log").is_dir():
        say(f"path: left out, HDL_TRAIN_TABLE ({table!r}) is no Delta table of Walmart's weekly sales")
        return []
    steps = path.QUICK_STEPS if quick else path.STEPS
    return path.ForecastPaths(table, rounds, steps, precision).run(models)


def scaling(rounds, quick, cases):
    group = replicas.Replicas(replicas.CPU, rounds, 0.2 if quick else 1.0)
    figures = group.run([case for case in replicas.CASES if case in cases])
    group.close()
    return figures


def has_bfloat16():
    """Whether the processor has instructions for it, without which hdl refuses it."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        flags = set(file.read().split())
    return bool(flags & {"avx512_bf16", "amx_bf16"})


def main():
    parser = argparse.ArgumentParser(prog="benchmarks/train/run")
    parser.add_argument("--quick", action="store_true", help="short rounds, two of them")
    parser.add_argument("--rounds", type=int, help="measured rounds; default: 9, of path 3, of replicas 5")
    parser.add_argument(
        "--precision",
        choices=["float32", "bfloat16"],
        default="bfloat16" if has_bfloat16() else "float32",
        help="bfloat16: mixed precision beside float32, of models that can; default: if the CPU can",
    )
    parser.add_argument("what", nargs="*", metavar="PART|CASE", help="default: all")
    options = parser.parse_args()
    unknown = [word for word in options.what if word not in [*PARTS, *CASES]]
    if unknown:
        parser.error(f"no such part or case: {', '.join(unknown)}")
    rounds = options.rounds or (2 if options.quick else 9)
    parts = [part for part in PARTS if part in options.what] or PARTS
    cases = [case for case in CASES if case in options.what] or CASES
    run = {
        "steps": lambda: steps(rounds, options.quick, cases, options.precision),
        "path": lambda: paths(
            options.rounds or (1 if options.quick else 3),
            options.quick,
            [model for model in path.MODELS if model in cases],
            options.precision,
        ),
        "replicas": lambda: scaling(
            options.rounds or (2 if options.quick else 5), options.quick, cases
        ),
    }
    whole = not options.quick and not options.what
    load = os.getloadavg()[0]
    if load > 0.5:
        say(f"the machine is busy (load {load:.1f}): the figures will not be worth much")

    facts = report.facts(load)
    day = datetime.date.today().isoformat()
    results = BENCHMARKS / ("results" if whole else "target/train")
    results.mkdir(parents=True, exist_ok=True)
    texts = []
    for part in parts:
        figures = run[part]()
        if not figures:
            continue
        raw = results / f"{day}-train-{part}.csv"
        with open(raw, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, fieldnames=list(figures[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(figures)
        texts.append(report.PARTS[part](figures, f"{results.name}/{raw.name}"))
    text = report.page(facts, texts)
    if whole:
        report.insert(BENCHMARKS / "RESULTS.md", text)
        say("written: benchmarks/results/ and benchmarks/RESULTS.md")
    print(text)


if __name__ == "__main__":
    main()
