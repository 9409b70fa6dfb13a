"""The source of flat_functions.pt, and the script that makes it.

Run with torch 2.7.1 (any build; the archive holds no device):  python flat_functions.py

The lists of tensors are arguments, not built in the functions: TorchScript's optimiser takes a list
that is built inside and only changed in place for unused, and drops the call.
"""

import io
import zipfile
from pathlib import Path
from typing import List

import torch
from torch import Tensor


class FlatFunctions(torch.nn.Module):
    """Stochastic gradient descent, averages and clipping by the global norm, all in place."""

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def sgd(self, params: List[Tensor], grads: List[Tensor], velocities: List[Tensor], lr: float,
            momentum: float, weight_decay: float) -> int:
        # A velocity of zeros gives what PyTorch's first step gives, as there is no dampening.
        torch._fused_sgd_(params, grads, velocities, weight_decay=weight_decay, momentum=momentum,
                          lr=lr, dampening=0.0, nesterov=False, maximize=False, is_first_step=False,
                          grad_scale=None, found_inf=None)
        return len(params)

    @torch.jit.export
    def nesterov(self, params: List[Tensor], grads: List[Tensor], velocities: List[Tensor],
                 lr: float, momentum: float, weight_decay: float) -> int:
        torch._fused_sgd_(params, grads, velocities, weight_decay=weight_decay, momentum=momentum,
                          lr=lr, dampening=0.0, nesterov=True, maximize=False, is_first_step=False,
                          grad_scale=None, found_inf=None)
        return len(params)

    @torch.jit.export
    def average(self, average: Tensor, values: Tensor, share: float) -> int:
        average.lerp_(values, share)
        return 1

    @torch.jit.export
    def clip(self, grad: Tensor, max_norm: float) -> Tensor:
        norm = torch.linalg.vector_norm(grad)
        grad.mul_(torch.clamp(max_norm / (norm + 1e-6), max=1.0))
        return norm


if __name__ == "__main__":
    made = io.BytesIO()
    torch.jit.save(torch.jit.script(FlatFunctions()), made)
    # The debug entries hold the path of this file on the machine that ran it; nothing needs them.
    with zipfile.ZipFile(made) as full, \
            zipfile.ZipFile(Path(__file__).with_suffix(".pt"), "w", zipfile.ZIP_STORED) as archive:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                name = "flat_functions/" + entry.filename.split("/", 1)[1]
                archive.writestr(zipfile.ZipInfo(name), full.read(entry))
