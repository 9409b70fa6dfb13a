"""The source of flat_functions.pt, and the script that makes it.

Run with torch 2.7.1 (any build; the archive holds no device):  python flat_functions.py
"""

from typing import List

import torch
from torch import Tensor

from fused_adam import save


class FlatFunctions(torch.nn.Module):
    """Stochastic gradient descent over lists of arrays, and averages, all in place."""

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def sgd(self, params: List[Tensor], grads: List[Tensor], velocities: List[Tensor],
            kept_params: List[Tensor], kept_grads: List[Tensor], kept_velocities: List[Tensor],
            stopped: Tensor, max_norm: float, lr: float, momentum: float, weight_decay: float,
            nesterov: bool) -> int:
        # ``stopped`` is 0 until the norm of a gradient is not finite, and 1 from then on. A velocity
        # of zeros gives what PyTorch's first step gives, as there is no dampening.
        norm = torch.linalg.vector_norm(torch.stack(torch._foreach_norm(grads + kept_grads)))
        stopped.copy_(torch.maximum(stopped, torch.isfinite(norm).logical_not()))
        scale = torch.clamp((norm + 1e-6) / max_norm, min=1.0)
        if len(params) > 0:
            torch._fused_sgd_(params, grads, velocities, weight_decay=weight_decay,
                              momentum=momentum, lr=lr, dampening=0.0, nesterov=nesterov,
                              maximize=False, is_first_step=False, grad_scale=scale,
                              found_inf=stopped)
        if len(kept_params) > 0:
            torch._fused_sgd_(kept_params, kept_grads, kept_velocities, weight_decay=0.0,
                              momentum=momentum, lr=lr, dampening=0.0, nesterov=nesterov,
                              maximize=False, is_first_step=False, grad_scale=scale,
                              found_inf=stopped)
        return len(params)

    @torch.jit.export
    def average(self, average: Tensor, values: Tensor, share: float) -> int:
        average.lerp_(values, share)
        return 1


if __name__ == "__main__":
    save(FlatFunctions(), __file__)
