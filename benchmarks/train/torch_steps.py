"""`adam|fused THREADS DEVICE`: trains with Adam or fused Adam as it is told on standard input, a command a
line, and answers each with one JSON object on a line: `describe CASE` or `steps CASE COUNT`."""

import json
import math
import sys
import time

import torch

from torch_models import CASES

BATCHES = 16


class Steps:
    """The data is in memory, the loss is not read in between."""

    def __init__(self, name, fused, device):
        context, horizon, size, model = CASES[name]
        torch.manual_seed(1)
        self.model = model(context, horizon).to(device)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, fused=fused)
        self.batches = [
            [part.to(device) for part in waves(size, context, horizon)] for _ in range(BATCHES)
        ]
        self.step = 0

    def run(self, count):
        for _ in range(count):
            inputs, label = self.batches[self.step % BATCHES]
            self.step += 1
            self.optimizer.zero_grad()
            loss = torch.nn.functional.l1_loss(self.model(inputs), label)
            loss.backward()
            self.optimizer.step()
        if not math.isfinite(loss.item()):
            sys.exit("the loss is not finite")

    def describe(self):
        with torch.no_grad():
            inputs, label = self.batches[0]
            loss = torch.nn.functional.l1_loss(self.model(inputs), label).item()
        return {"weights": sum(p.numel() for p in self.model.parameters()), "loss": loss}


def waves(size, context, horizon):
    time_steps = torch.arange(context + horizon)
    phase = 12 * torch.rand(size, 1)
    noise = 0.1 * torch.rand(size, context + horizon)
    values = 1 + 0.5 * torch.sin(2 * math.pi * (time_steps + phase) / 12) + noise
    return values[:, :context].contiguous(), values[:, context:].contiguous()


def main():
    fused = {"adam": False, "fused": True}[sys.argv[1]]
    torch.set_num_threads(int(sys.argv[2]))
    torch.set_num_interop_threads(1)
    cases = {}
    for line in sys.stdin:
        command, name, *count = line.split()
        if name not in cases:
            cases[name] = Steps(name, fused, sys.argv[3])
        if command == "describe":
            answer = cases[name].describe()
        else:
            wall, cpu = time.perf_counter(), time.process_time()
            cases[name].run(int(count[0]))
            answer = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
