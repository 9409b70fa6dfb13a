"""The source of dense_layers.pt, and the script that makes it.

Run with torch 2.7.1 (any build; the archive holds no device):  python dense_layers.py
"""

import sys
from pathlib import Path
from typing import List

import torch
import torch.nn.functional as F
from torch import Tensor

sys.path.append(str(Path(__file__).resolve().parent.parent / "optim"))
from fused_adam import save  # noqa: E402


class DenseLayers(torch.nn.Module):
    """Linear layers one after another with ReLU between them."""

    def forward(self, x: Tensor) -> Tensor:
        return x

    @torch.jit.export
    def float32(self, x: Tensor, weights: List[Tensor], biases: List[Tensor]) -> Tensor:
        last = len(weights) - 1
        for i in range(last):
            # What a product gave is not asked for again: the ReLU may overwrite it.
            x = F.linear(x, weights[i], biases[i]).relu_()
        return F.linear(x, weights[last], biases[last])

    @torch.jit.export
    def bfloat16(self, x: Tensor, weights: List[Tensor], biases: List[Tensor]) -> Tensor:
        """The same products in bfloat16, summed up in float32; takes and gives float32.

        Casts rather than autocast: they are the same on any device, and stand where they are seen.
        The gradients of float32 weights come back as float32.
        """
        last = len(weights) - 1
        y = x.to(torch.bfloat16)
        for i in range(last):
            y = F.linear(y, weights[i].to(torch.bfloat16), biases[i].to(torch.bfloat16)).relu_()
        y = F.linear(y, weights[last].to(torch.bfloat16), biases[last].to(torch.bfloat16))
        return y.to(torch.float32)


if __name__ == "__main__":
    save(DenseLayers(), __file__)
