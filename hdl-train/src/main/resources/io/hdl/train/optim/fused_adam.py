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
    """Adam and AdamW over lists of arrays, with clipping by the global norm, all in place.

    Clipping is a division inside the kernel, which saves a pass over the gradients. ``stopped`` is 0
    until the norm of a gradient is not finite, and 1 from then on: nothing is changed any more, so
    that the state before the first bad step can be looked at.
    """

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def begin(self, grads: List[Tensor], max_norm: float, count: Tensor, scale: Tensor,
              stopped: Tensor) -> Tensor:
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(grads)))
        stopped.copy_(torch.maximum(stopped, torch.isfinite(norm).logical_not()))
        count.add_(1 - stopped)
        scale.copy_(torch.clamp((norm + 1e-6) / max_norm, min=1.0))
        return norm

    @torch.jit.export
    def adam(self, params: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor],
             steps: List[Tensor], unused: List[Tensor], scale: Tensor, stopped: Tensor, lr: float,
             beta1: float, beta2: float, weight_decay: float, eps: float) -> int:
        torch._fused_adam_(params, grads, m, v, unused, steps, lr=lr, beta1=beta1, beta2=beta2,
                           weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False,
                           grad_scale=scale, found_inf=stopped)
        return len(params)

    @torch.jit.export
    def adamw(self, params: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor],
              steps: List[Tensor], unused: List[Tensor], scale: Tensor, stopped: Tensor, lr: float,
              beta1: float, beta2: float, weight_decay: float, eps: float) -> int:
        torch._fused_adamw_(params, grads, m, v, unused, steps, lr=lr, beta1=beta1, beta2=beta2,
                            weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False,
                            grad_scale=scale, found_inf=stopped)
        return len(params)

    @torch.jit.export
    def clip(self, grad: Tensor, max_norm: float) -> Tensor:
        norm = torch.linalg.vector_norm(grad)
        grad.mul_(torch.clamp(max_norm / (norm + 1e-6), max=1.0))
        return norm


def save(module: torch.nn.Module, name: str) -> None:
    """Writes the archive of a module beside this file."""
    made = io.BytesIO()
    torch.jit.save(torch.jit.script(module), made)
    # The debug entries hold the path of this file on the machine that ran it; nothing needs them.
    with zipfile.ZipFile(made) as full, \
            zipfile.ZipFile(Path(__file__).with_name(name + ".pt"), "w",
                            zipfile.ZIP_STORED) as archive:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                inside = name + "/" + entry.filename.split("/", 1)[1]
                archive.writestr(zipfile.ZipInfo(inside), full.read(entry))


if __name__ == "__main__":
    save(FusedAdam(), "fused_adam")
