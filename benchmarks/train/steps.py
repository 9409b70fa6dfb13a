"""The step rate: hdl, DJL's Trainer and torch take the same steps in turn."""

import os

from workers import HERE, Worker, java, rotated, say

CASES = ["dlinear", "nbeats", "nhits", "gru"]
TORCH_METHODS = {"torch-adam": "adam", "torch-fused": "fused"}
WARM_STEPS = 30
SECONDS = 1.0  # that each method trains in a round
WARM_SECONDS = 5.0  # until the JVM's compiler has settled


MIXED_METHOD = "hdl-bfloat16"
MIXED_CASES = ["nbeats", "nhits"]


def java_methods(device, precision):
    kind = "cpu" if device == "cpu" else "gpu"
    methods = {"hdl": ["hdl", kind, 1, 0], "hdl-portable": ["hdl", kind, 1, 8]}
    if precision == "bfloat16":
        methods[MIXED_METHOD] = [MIXED_METHOD, kind, 1, 0]
    return {**methods, "djl-trainer": ["djl"]} if kind == "cpu" else methods


class StepRates:
    """On the CPU, or on the first GPU (`device` is then `cuda`)."""

    def __init__(
        self,
        rounds,
        seconds=SECONDS,
        warm_seconds=WARM_SECONDS,
        threads=1,
        device="cpu",
        precision="float32",
    ):
        self.rounds, self.threads = rounds, threads
        self.seconds, self.warm_seconds = seconds, warm_seconds
        self.workers = {}
        for name, method in java_methods(device, precision).items():
            main = "io.hdl.benchmarks.train.TrainWorker"
            self.workers[name] = Worker(name, java(threads, main, *method))
        for name, method in TORCH_METHODS.items():
            script = HERE / "torch_steps.py"
            command = [os.environ["HDL_TRAIN_TORCH"], script, method, str(threads), device]
            self.workers[name] = Worker(name, command)

    def run(self, cases=CASES):
        figures = []
        for case in cases:
            names = self.names(case)
            self.same_size(case, names)
            counts = {name: self.warm(name, case) for name in names}
            for number in range(1, self.rounds + 1):
                for name in rotated(names, number):
                    answer = self.workers[name].ask("steps", case, counts[name])
                    figures.append(
                        {
                            "case": case,
                            "method": name,
                            "threads": self.threads,
                            "round": number,
                            "steps": counts[name],
                            "wall_s": round(answer["wall"], 6),
                            "cpu_s": round(answer["cpu"], 6),
                        }
                    )
            self.learned(case, names)
            say(f"steps: {case} done")
        return figures

    def names(self, case):
        return [name for name in self.workers if name != MIXED_METHOD or case in MIXED_CASES]

    def same_size(self, case, names):
        self.before = {name: self.workers[name].ask("describe", case) for name in names}
        sizes = {name: answer["weights"] for name, answer in self.before.items()}
        if len(set(sizes.values())) != 1:
            raise SystemExit(f"{case}: the models differ in size: {sizes}")
        say(f"steps: {case}, {sizes.popitem()[1]:,} weights")

    def learned(self, case, names):
        for name in names:
            before = self.before[name]["loss"]
            after = self.workers[name].ask("describe", case)["loss"]
            if not after < before:
                raise SystemExit(f"{case}: {name} did not learn: {before} to {after}")

    def warm(self, name, case):
        """Steps that fill a round, after compilers and allocators have settled."""
        steps, done = WARM_STEPS, 0.0
        while True:
            answer = self.workers[name].ask("steps", case, steps)
            done += answer["wall"]
            steps = max(5, round(steps * self.seconds / answer["wall"]))
            if done >= self.warm_seconds:
                return steps

    def close(self):
        for worker in self.workers.values():
            worker.close()
