"""The source of fused_adam.pt, and the script that makes it.

Run with torch 2.7.1 (any build; the archive holds no device):  python fused_adam.py

The lists of tensors are arguments, not built in the functions: TorchScript's optimiser takes a list
that is built inside and only changed in place for unused, and drops the call.
"""

import hashlib
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
    that the state before the first bad step can be looked at. ``counted`` is what the step counts for:
    0 if ``begin`` or another group of parameters has counted it.
    """

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def flush(self, m: Tensor, v: Tensor) -> int:
        # Where a gradient stays zero, as behind a dead ReLU, the moments sink into the denormal
        # numbers and stick there: the kernel then takes ten times as long, for ever.
        m.mul_(m.abs().gt_(1e-20))
        v.mul_(v.gt(1e-30))
        return 1

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
             steps: List[Tensor], unused: List[Tensor], counted: Tensor, clips: bool, scale: Tensor,
             stopped: Tensor, lr: float, beta1: float, beta2: float, weight_decay: float,
             eps: float) -> int:
        steps[0].add_(counted)
        torch._fused_adam_(params, grads, m, v, unused, steps, lr=lr, beta1=beta1, beta2=beta2,
                           weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False,
                           grad_scale=scale if clips else None,
                           found_inf=stopped if clips else None)
        return len(params)

    @torch.jit.export
    def adamw(self, params: List[Tensor], grads: List[Tensor], m: List[Tensor], v: List[Tensor],
              steps: List[Tensor], unused: List[Tensor], counted: Tensor, clips: bool, scale: Tensor,
              stopped: Tensor, lr: float, beta1: float, beta2: float, weight_decay: float,
              eps: float) -> int:
        steps[0].add_(counted)
        torch._fused_adamw_(params, grads, m, v, unused, steps, lr=lr, beta1=beta1, beta2=beta2,
                            weight_decay=weight_decay, eps=eps, amsgrad=False, maximize=False,
                            grad_scale=scale if clips else None,
                           found_inf=stopped if clips else None)
        return len(params)


def save(module: torch.nn.Module, source: str) -> None:
    """Writes the archive of a module beside its source, with the source's SHA-256."""
    path = Path(source)
    made = io.BytesIO()
    torch.jit.save(torch.jit.script(module), made)
    # The debug entries hold the path of this file on the machine that ran it; nothing needs them.
    with zipfile.ZipFile(made) as full, \
            zipfile.ZipFile(path.with_suffix(".pt"), "w", zipfile.ZIP_STORED) as archive:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                name = path.stem + "/" + entry.filename.split("/", 1)[1]
                archive.writestr(zipfile.ZipInfo(name), full.read(entry))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        archive.writestr(zipfile.ZipInfo(path.stem + "/extra/source.sha256"), digest)


if __name__ == "__main__":
    save(FusedAdam(), __file__)
