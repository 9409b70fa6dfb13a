"""The source of fused_adam.pt, and the script that makes it.

Run with torch 2.7.1 (any build; the archive holds no device):  python fused_adam.py

The lists of tensors are arguments, not built in the functions: TorchScript's optimiser takes a list
that is built inside and only changed in place for unused, and drops the call.
"""

import io
import zipfile
from pathlib import Path
from typing import List

import torch
from torch import Tensor


class FusedAdam(torch.nn.Module):
    """Adam and AdamW in one kernel per call, and clipping by the global norm, all in place."""

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def adam(self, params: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor],
             steps: List[Tensor], unused: List[Tensor], lr: float, beta1: float, beta2: float,
             weight_decay: float, eps: float) -> int:
        torch._fused_adam_(params, grads, m, v, unused, steps, lr=lr, beta1=beta1, beta2=beta2,
                           weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False,
                           grad_scale=None, found_inf=None)
        return len(params)

    @torch.jit.export
    def adamw(self, params: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor],
              steps: List[Tensor], unused: List[Tensor], lr: float, beta1: float, beta2: float,
              weight_decay: float, eps: float) -> int:
        torch._fused_adamw_(params, grads, m, v, unused, steps, lr=lr, beta1=beta1, beta2=beta2,
                            weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False,
                            grad_scale=None, found_inf=None)
        return len(params)

    @torch.jit.export
    def clip(self, grad: Tensor, max_norm: float) -> Tensor:
        norm = torch.linalg.vector_norm(grad)
        grad.mul_(torch.clamp(max_norm / (norm + 1e-6), max=1.0))
        return norm


if __name__ == "__main__":
    made = io.BytesIO()
    torch.jit.save(torch.jit.script(FusedAdam()), made)
    # The debug entries hold the path of this file on the machine that ran it; nothing needs them.
    with zipfile.ZipFile(made) as full, \
            zipfile.ZipFile(Path(__file__).with_suffix(".pt"), "w", zipfile.ZIP_STORED) as archive:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                name = "fused_adam/" + entry.filename.split("/", 1)[1]
                archive.writestr(zipfile.ZipInfo(name), full.read(entry))
