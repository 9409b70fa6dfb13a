"""How replicas on one machine scale, and what their exchange of gradients carries."""

from workers import Worker, java, rotated, say

MAIN = "io.hdl.benchmarks.train.TrainWorker"
CASES = ["nbeats", "nhits"]
# name: (device, replicas, micro-batches, threads of libtorch over all replicas)
CPU = {
    "1 replica, 1 thread": ("cpu", 1, 0, 1),
    "1 replica, 2 threads": ("cpu", 1, 0, 2),
    "2 replicas, 1 thread each": ("cpu", 2, 0, 2),
    "1 replica, portable(8)": ("cpu", 1, 8, 1),
    "2 replicas, portable(8)": ("cpu", 2, 8, 2),
}
BYTES = [4 << 10, 64 << 10, 1 << 20, 6 << 20, 64 << 20]
WARM_STEPS = 10


def gpu(count):
    """The same on so many GPUs; NCCL and, under portable, copies in a fixed order."""
    found = {"1 GPU": ("gpu", 1, 0, 1), "1 GPU, portable(8)": ("gpu", 1, 8, 1)}
    if count > 1:
        found[f"{count} GPUs"] = ("gpu", count, 0, 1)
        found[f"{count} GPUs, portable(8)"] = ("gpu", count, 8, 1)
    return found


class Replicas:
    def __init__(self, ways, rounds, seconds):
        self.rounds, self.seconds = rounds, seconds
        self.ways = ways
        self.workers = {
            name: Worker(name, java(threads, MAIN, "hdl", device, replicas, micro))
            for name, (device, replicas, micro, threads) in ways.items()
        }

    def run(self, cases):
        figures = []
        for case in cases:
            counts = {name: self.warm(name, case) for name in self.workers}
            for number in range(1, self.rounds + 1):
                for name in rotated(list(self.workers), number - 1):
                    answer = self.workers[name].ask("steps", case, counts[name])
                    figures.append(figure("steps", case, name, number, counts[name], answer))
            say(f"replicas: {case} done")
        several = [name for name, way in self.ways.items() if way[1] > 1]
        for size in BYTES:
            counts = {name: self.count(name, size) for name in several}
            for number in range(1, self.rounds + 1):
                for name in rotated(several, number - 1):
                    answer = self.workers[name].ask("exchange", size, counts[name])
                    figures.append(figure("exchange", size, name, number, counts[name], answer))
        say("replicas: exchange done")
        return figures

    def warm(self, name, case):
        answer = self.workers[name].ask("steps", case, WARM_STEPS)
        count = max(3, round(WARM_STEPS * self.seconds / answer["wall"]))
        answer = self.workers[name].ask("steps", case, count)
        return max(3, round(count * self.seconds / answer["wall"]))

    def count(self, name, size):
        wall = self.workers[name].ask("exchange", size, 3)["wall"]
        return max(3, min(20_000, round(3 * self.seconds / wall)))

    def close(self):
        for worker in self.workers.values():
            worker.close()


def figure(kind, what, name, number, count, answer):
    return {
        "kind": kind,
        "what": what,
        "way": name,
        "round": number,
        "count": count,
        "wall_s": round(answer["wall"], 6),
        "cpu_s": round(answer["cpu"], 6) if "cpu" in answer else "",
    }
