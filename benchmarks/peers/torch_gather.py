"""Gathers windows with torch, as it is told on standard input: METHOD BATCHES.

torch_gather.py THREADS SERIES STEPS CHANNELS WINDOW BATCH. Windows of a float32 tensor
[series, step, channel] at random places; every batch is [window, step, channel].
"""

import json
import resource
import sys
import time

import torch

THREADS, SERIES, STEPS, CHANNELS, WINDOW, BATCH = map(int, sys.argv[1:])
torch.set_num_threads(THREADS)
torch.manual_seed(1)
STORE = torch.rand(SERIES, STEPS, CHANNELS)
FLAT = STORE.view(SERIES * STEPS, CHANNELS)
OUT = torch.empty(BATCH, WINDOW * CHANNELS)


def starts(batches):
    series = torch.randint(SERIES, (batches, BATCH))
    return series * STEPS + torch.randint(STEPS - WINDOW + 1, (batches, BATCH))


def index_select(places):
    # Every window as one row of an overlapping view.
    windows = FLAT.as_strided(
        (SERIES * STEPS - WINDOW + 1, WINDOW * CHANNELS), (CHANNELS, 1)
    )
    for batch in places:
        torch.index_select(windows, 0, batch, out=OUT)


def unfold(places):
    windows = FLAT.unfold(0, WINDOW, 1)
    for batch in places:
        windows[batch]


class Slices(torch.utils.data.Dataset):
    """One window an item, as a DataLoader takes them."""

    def __len__(self):
        return SERIES * STEPS

    def __getitem__(self, at):
        return FLAT[at : at + WINDOW]


def data_loader(places):
    # In this process, without workers: the windows are all that is counted.
    sampler = places.view(-1).tolist()
    loader = torch.utils.data.DataLoader(Slices(), batch_size=BATCH, sampler=sampler)
    for _ in loader:
        pass


def slices_and_stack(places):
    # The least that a DataLoader does with such items.
    for batch in places:
        torch.stack([FLAT[at : at + WINDOW] for at in batch.tolist()])


METHODS = {
    "torch-index_select": index_select,
    "torch-unfold": unfold,
    "torch-stack": slices_and_stack,
    "torch-DataLoader": data_loader,
}


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main():
    for line in sys.stdin:
        method, batches = line.split()
        places = starts(int(batches))
        cpu_before = cpu()
        before = time.perf_counter()
        METHODS[method](places)
        wall = time.perf_counter() - before
        answer = {"wall": wall, "cpu": cpu() - cpu_before, "windows": int(batches) * BATCH}
        answer["version"] = torch.__version__
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
