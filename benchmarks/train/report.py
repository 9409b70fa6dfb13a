"""Turns raw figures into the tables of RESULTS.md."""

import datetime
import os
import platform
import re
import statistics
import subprocess

BEGIN = "<!-- train:begin, written by benchmarks/train/run -->"
END = "<!-- train:end -->"
CASES = {
    "dlinear": "DLinear, context 336, horizon 96, batch 32",
    "nbeats": "N-BEATS, 1.5 M weights, context 104, horizon 8, batch 64",
    "nhits": "N-HiTS by its defaults, context 104, horizon 8, batch 64",
    "gru": "GRU of 64 and a linear layer, context 84, horizon 28, batch 32",
}
METHODS = {
    "hdl": "**hdl**",
    "hdl-bfloat16": "hdl, `Precision.BFLOAT16`",
    "hdl-portable": "hdl, `Determinism.portable(8)`",
    "djl-trainer": "DJL's Trainer, its Adam",
    "torch-adam": "torch, Adam",
    "torch-fused": "torch, fused Adam",
}


def facts(load):
    """Machine and versions."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = re.search(r"model name\s*:\s*(.*)", file.read())
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory = int(re.search(r"MemTotal:\s*(\d+)", file.read()).group(1)) / 2**20
    java = subprocess.run(
        [os.environ["HDL_TRAIN_JAVA"], "-version"], capture_output=True, text=True, check=True
    ).stderr
    java = re.search(r'version "([^"]+)"', java).group(1)
    torch = subprocess.run(
        [
            os.environ["HDL_TRAIN_TORCH"],
            "-c",
            "import importlib.metadata as m, platform as p;"
            "print(m.version('torch'), p.python_version())",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    classpath = os.environ["HDL_TRAIN_CLASSPATH"]
    djl = re.search(r"pytorch-engine-([\d.]+)\.jar", classpath)
    libtorch = re.search(r"pytorch-native-cpu-([\d.]+)-", classpath)
    return (
        f"{datetime.date.today().isoformat()}, {os.cpu_count()} cores of "
        f"{model.group(1).strip() if model else '?'}, {memory:.0f} GiB, {platform.system()}, "
        f"load before the run {load:.1f}; Java {java}, DJL "
        f"{djl.group(1) if djl else '?'} on libtorch {libtorch.group(1) if libtorch else '?'}; "
        f"Python {torch[1]}, torch {torch[0]}"
    )


def steps(figures, raw):
    """Steps per second by wall and by CPU time, and hdl's speed as a multiple of each peer's."""
    rounds = max(figure["round"] for figure in figures)
    lines = [
        "### Steps per second",
        "",
        "One thread, data in memory, float32, mean absolute error, learning rate 1e-3, no clipping, the",
        "loss not read in between; the models have the same number of weights on all sides. hdl's step",
        "includes scaling and masking of the raw windows, the others are given finished tensors.",
        f"Medians of {rounds} interleaved rounds; CPU time is that of the whole process.",
        "",
        "| | | steps/s | steps per CPU s | hdl's rate is so many times (wall, CPU) |",
        "|---|---|---|---|---|",
    ]
    for case in dict.fromkeys(figure["case"] for figure in figures):
        own = rate(figures, case, "hdl", "wall_s"), rate(figures, case, "hdl", "cpu_s")
        label = CASES[case]
        measured = {figure["method"] for figure in figures if figure["case"] == case}
        for method in (name for name in METHODS if name in measured):
            wall, cpu = (rate(figures, case, method, key) for key in ("wall_s", "cpu_s"))
            ratio = "" if method == "hdl" else f"{own[0] / wall:.2f}, {own[1] / cpu:.2f}"
            lines.append(f"| {label} | {METHODS[method]} | {wall:.1f} | {cpu:.1f} | {ratio} |")
            label = ""
    return "\n".join([*lines, "", f"Raw figures: `{raw}`."])


def rate(figures, case, method, key):
    return statistics.median(
        figure["steps"] / figure[key]
        for figure in figures
        if (figure["case"], figure["method"]) == (case, method)
    )


PATH_MODELS = {"dlinear": "DLinear", "nhits": "N-HiTS"}
PATH_METHODS = {
    "hdl": "**hdl**, same settings",
    "hdl-original": "hdl, loss in the target's unit",
    "hdl-bfloat16": "hdl, `Precision.BFLOAT16`",
    "neuralforecast": "NeuralForecast",
    "neuralforecast-bfloat16": "NeuralForecast, `precision='bf16-mixed'`",
}
KINDS = {"start": "with process start", "again": "in a process that has done it before"}


def path(figures, raw):
    """Seconds from the table's path to the trained and scored model."""
    rounds = max(figure["round"] for figure in figures)
    steps, threads = figures[0]["steps"], figures[0]["threads"]
    lines = [
        "### From the table's path to a trained forecaster",
        "",
        "Walmart's weekly sales (2,660 complete series of 143 weeks): read the Delta table, train on the",
        "first 127 weeks, forecast the last 8, score. On both sides: context 52, horizon 8, "
        f"{steps} steps of",
        "1,024 windows, Adam with a learning rate of 1e-3 throughout, no clipping, mean absolute error of",
        "series standardised by their training part, 8 validations on the 8 weeks before the test, float32",
        "except where it says otherwise,",
        f"{threads} threads; no loggers, progress bars or reports. N-HiTS: three stacks, pooling 2, 2, 1,",
        "downsampling 4, 2, 1, two layers of 256 (NeuralForecast's first has no activation: its `mlp_units`",
        "has one pair, since a block takes all pairs, whatever its stack), the holiday as a covariate known",
        "ahead; DLinear: moving average of 25. hdl shares each batch out to a replica for each thread",
        "(`Devices.cpu(threads)`). Both sides start with parsed code from an earlier run: the JVM with a",
        "class archive, Python with its .pyc files; the JVM compiles with its first compiler alone",
        "(`-XX:TieredStopAtLevel=1`). A step of NeuralForecast draws 32 series (`batch_size`) and of their windows 1,024",
        "at random (`windows_batch_size`); one of hdl takes the next 1,024 of all windows, shuffled, each",
        "once per pass. hdl writes its checkpoints and scores its baselines, too; NeuralForecast writes none",
        "(`enable_checkpointing=False`). NeuralForecast keeps the last weights, hdl those of the best of its",
        "8 validations. Everything is read anew in each run. Medians of "
        f"{rounds} interleaved rounds, a seed each.",
        "",
        "| | | wall s | CPU s | peak memory, MB | WAPE, mean (worst) | NeuralForecast (in mixed precision) takes so many times as long |",
        "|---|---|---|---|---|---|---|",
    ]
    for model in dict.fromkeys(figure["model"] for figure in figures):
        for kind, words in KINDS.items():
            label = f"{PATH_MODELS[model]}, {words}"
            measured = {figure["method"] for figure in figures if figure["model"] == model}
            for method in (name for name in PATH_METHODS if name in measured):
                name = PATH_METHODS[method]
                wall, cpu = (middle(figures, model, method, kind, k) for k in ("wall_s", "cpu_s"))
                peak = f"{middle(figures, model, method, kind, 'peak_mb'):.0f}" if kind == "start" else ""
                scores = values(figures, model, method, kind, "wape")
                peers = [name for name in measured if name.startswith("neuralforecast")]
                times = [middle(figures, model, peer, kind, "wall_s") / wall for peer in sorted(peers)]
                ratio = f"{times[0]:.2f}" + (f" ({times[1]:.2f})" if times[1:] else "")
                ratio = "" if method in peers else ratio
                lines.append(
                    f"| {label} | {name} | {wall:.1f} | {cpu:.1f} | {peak} "
                    f"| {statistics.mean(scores):.4f} ({max(scores):.4f}) | {ratio} |"
                )
                label = ""
    return "\n".join([*lines, "", f"Raw figures: `{raw}`."])


def values(figures, model, method, kind, key):
    return [
        float(figure[key])
        for figure in figures
        if (figure["model"], figure["method"], figure["kind"]) == (model, method, kind)
    ]


def middle(figures, model, method, kind, key):
    return statistics.median(values(figures, model, method, kind, key))


def replicas(figures, raw):
    """Steps per second by replicas, and bytes per second of the exchange."""
    rounds = max(figure["round"] for figure in figures)
    lines = [
        "### Replicas and their exchange",
        "",
        f"The same global batch whatever the number of replicas; medians of {rounds} interleaved rounds.",
        "",
        "| | | steps/s | against the first |",
        "|---|---|---|---|",
    ]
    for case in dict.fromkeys(f["what"] for f in figures if f["kind"] == "steps"):
        label, first = CASES[case], None
        for way in dict.fromkeys(f["way"] for f in figures if f["what"] == case):
            wall = of_way(figures, "steps", case, way)
            first = first or wall
            lines.append(f"| {label} | {way} | {wall:.1f} | {wall / first:.2f} |")
            label = ""
    lines += [
        "",
        "All-reduce of one float32 buffer between the replicas; bytes are those of one replica's buffer.",
        "",
        "| bytes | | all-reduces/s | GB/s |",
        "|---|---|---|---|",
    ]
    for size in dict.fromkeys(f["what"] for f in figures if f["kind"] == "exchange"):
        for way in dict.fromkeys(f["way"] for f in figures if f["what"] == size):
            rate = of_way(figures, "exchange", size, way)
            lines.append(f"| {size:,} | {way} | {rate:.0f} | {rate * size / 1e9:.2f} |")
    return "\n".join([*lines, "", f"Raw figures: `{raw}`."])


def of_way(figures, kind, what, way):
    return statistics.median(
        figure["count"] / figure["wall_s"]
        for figure in figures
        if (figure["kind"], figure["what"], figure["way"]) == (kind, what, way)
    )


PARTS = {"steps": steps, "path": path, "replicas": replicas}


def page(machine, texts):
    head = f"{machine}. Repeat: `benchmarks/train/run`."
    return "\n\n".join([head, *texts])


def insert(path, text):
    """Between the marks of the page, which are put at its end the first time."""
    page_text = path.read_text(encoding="utf-8")
    block = f"{BEGIN}\n{text}\n{END}"
    if BEGIN in page_text:
        page_text = re.sub(
            re.escape(BEGIN) + ".*?" + re.escape(END), lambda _: block, page_text, flags=re.DOTALL
        )
    else:
        page_text = page_text.rstrip("\n") + f"\n\n## Training beside its peers\n\n{block}\n"
    path.write_text(page_text, encoding="utf-8")
