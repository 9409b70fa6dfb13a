"""Makes reference.json: what PyTorch's optimizers, schedules and averages do, in float64.

Run with torch 2.7.1:  python reference.py

Weights and gradients come from formulas that the Java tests repeat: weight i begins at
cos(i), and its gradient at step t is sin(0.7 i + 0.3 t) + 0.1 w[i].
"""

import json
from pathlib import Path

import torch
from torch.optim.lr_scheduler import (CosineAnnealingLR, LinearLR, OneCycleLR, ReduceLROnPlateau,
                                      SequentialLR, StepLR)
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

SIZE, STEPS, RATE = 12, 40, 0.05
# One array of two axes and one of one axis: a layer's weight and its bias.
SPLIT = 8


def trained(make):
    weight = torch.nn.Parameter(torch.cos(torch.arange(SPLIT, dtype=torch.float64)))
    bias = torch.nn.Parameter(torch.cos(torch.arange(SPLIT, SIZE, dtype=torch.float64)))
    optimizer = make(weight, bias)
    for step in range(STEPS):
        index = torch.arange(SIZE, dtype=torch.float64)
        gradient = torch.sin(0.7 * index + 0.3 * step)
        weight.grad = gradient[:SPLIT] + 0.1 * weight.detach()
        bias.grad = gradient[SPLIT:] + 0.1 * bias.detach()
        optimizer.step()
    return torch.cat([weight, bias]).tolist()


def groups(weight, bias, decay):
    return [{"params": [weight], "weight_decay": decay}, {"params": [bias], "weight_decay": 0.0}]


OPTIMIZERS = {
    "adam": lambda w, b: torch.optim.Adam([w, b], lr=RATE),
    "adam decayed": lambda w, b: torch.optim.Adam(groups(w, b, 0.1), lr=RATE),
    "adam all decayed": lambda w, b: torch.optim.Adam([w, b], lr=RATE, weight_decay=0.1),
    "adamw": lambda w, b: torch.optim.AdamW(groups(w, b, 0.1), lr=RATE),
    "adamw all decayed": lambda w, b: torch.optim.AdamW([w, b], lr=RATE, weight_decay=0.1),
    "sgd": lambda w, b: torch.optim.SGD([w, b], lr=RATE),
    "sgd momentum": lambda w, b: torch.optim.SGD([w, b], lr=RATE, momentum=0.9),
    "sgd nesterov": lambda w, b: torch.optim.SGD([w, b], lr=RATE, momentum=0.9, nesterov=True),
    "sgd decayed": lambda w, b: torch.optim.SGD(groups(w, b, 0.1), lr=RATE, momentum=0.9),
    "sgd all decayed": lambda w, b: torch.optim.SGD([w, b], lr=RATE, momentum=0.9,
                                                    weight_decay=0.1),
}


def warm_cosine(optimizer, steps, warm, floor):
    rise = LinearLR(optimizer, start_factor=1 / (warm + 1), total_iters=warm)
    fall = CosineAnnealingLR(optimizer, T_max=steps - warm, eta_min=floor)
    return SequentialLR(optimizer, [rise, fall], milestones=[warm])


SCHEDULES = {
    "cosine": lambda o: CosineAnnealingLR(o, T_max=50),
    "cosine floor 0.1": lambda o: CosineAnnealingLR(o, T_max=50, eta_min=0.1),
    "cosine warm 7 floor 0.01": lambda o: warm_cosine(o, 50, 7, 0.01),
    "step every 2 epochs of 10": lambda o: StepLR(o, step_size=20, gamma=0.3),
    "one cycle": lambda o: OneCycleLR(o, max_lr=1.0, total_steps=50, cycle_momentum=False),
}

LOSSES = [5.0, 4.0, 3.9999, 4.1, 4.2, 4.3, 4.4, 4.0, 3.0, 3.1, 3.2, 3.3, 3.4, 3.5, 3.6, 2.9, 2.95,
          2.95, 2.95, 2.95]


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))], lr=1.0)
    schedule = make(optimizer)
    rates = []
    for _ in range(50):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return rates


def plateau(**settings):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = ReduceLROnPlateau(optimizer, eps=0.0, **settings)
    rates = []
    for loss in LOSSES:
        schedule.step(loss)
        rates.append(optimizer.param_groups[0]["lr"])
    return rates


def averaged(decay):
    model = torch.nn.Linear(1, 1, bias=False).double()
    model.weight.data.fill_(1.0)
    average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(decay))
    average.update_parameters(model)  # The first call copies.
    values = []
    for step in range(20):
        model.weight.data.fill_(float(torch.cos(torch.tensor(0.5 * step, dtype=torch.float64))))
        average.update_parameters(model)
        values.append(average.module.weight.item())
    return values


if __name__ == "__main__":
    made = {
        "torch": torch.__version__.split("+")[0],
        "optimizers": {name: trained(make) for name, make in OPTIMIZERS.items()},
        "schedules": {name: rates(make) for name, make in SCHEDULES.items()},
        "losses": LOSSES,
        "plateau": {
            "patience 1": plateau(factor=0.5, patience=1),
            "patience 0 cooldown 2": plateau(factor=0.5, patience=0, cooldown=2),
            "floor": plateau(factor=0.1, patience=1, min_lr=0.05),
        },
        "average 0.05": averaged(0.05),
    }
    Path(__file__).with_suffix(".json").write_text(json.dumps(made, indent=1) + "\n")
