"""The source of tensor_lists.pt, and the script that makes it.

Run with torch 2.7.1 (any build; the archive holds no device):  python tensor_lists.py
"""

from typing import List

import torch
from torch import Tensor

from fused_adam import save


class TensorLists(torch.nn.Module):
    """What is done to many arrays in one call, in place."""

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def copy(self, to: List[Tensor], source: List[Tensor]) -> int:
        torch._foreach_copy_(to, source)
        return len(to)

    @torch.jit.export
    def add(self, to: List[Tensor], source: List[Tensor]) -> int:
        torch._foreach_add_(to, source)
        return len(to)

    @torch.jit.export
    def zero(self, to: List[Tensor]) -> int:
        torch._foreach_zero_(to)
        return len(to)


if __name__ == "__main__":
    save(TensorLists(), __file__)
