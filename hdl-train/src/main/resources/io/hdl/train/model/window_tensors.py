"""The source of window_tensors.pt, and the script that makes it.

Run with torch 2.7.1 (any build; the archive holds no device):  python window_tensors.py
"""

import sys
from pathlib import Path
from typing import List

import torch
from torch import Tensor

sys.path.append(str(Path(__file__).resolve().parent.parent / "optim"))
from fused_adam import save  # noqa: E402


class WindowTensors(torch.nn.Module):
    """Scales raw windows and parts them into what a model reads and what it is held to."""

    def forward(self, raw: Tensor, location: Tensor, scale: Tensor, past: Tensor) -> List[Tensor]:
        """Of [batch, steps, channels], NaN where missing, the target first:

        all channels scaled, 0 where missing; the target over the context, a gap filled with the
        mean of what is observed, and where it is observed; the target over the horizon, 0 where
        missing, and where it is observed; the target's location and scale, [batch, 1]. Of past,
        [batch, context, any], the shape alone counts.
        """
        context = past.size(1)
        scaled = (raw - location) / scale
        filled = torch.where(scaled == scaled, scaled, 0.0)
        target = scaled[:, :, 0]
        observed = (target == target).to(torch.float32)
        known = filled[:, :context, 0]
        seen = observed[:, :context]
        mean = known.sum(1, keepdim=True) / seen.sum(1, keepdim=True).clamp(min=1.0)
        return [
            filled,
            torch.addcmul(known, mean, 1.0 - seen),
            seen,
            filled[:, context:, 0],
            observed[:, context:],
            location[:, :, 0],
            scale[:, :, 0],
        ]


if __name__ == "__main__":
    save(WindowTensors(), __file__)
