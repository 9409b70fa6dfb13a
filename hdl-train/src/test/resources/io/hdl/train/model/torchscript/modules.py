"""Makes the TorchScript archives of TorchScriptModelTest. Run it in this folder: python modules.py"""

import io
import zipfile

import torch
from torch import Tensor, nn


class Normed(nn.Module):
    """Sees all inputs; has a batch norm, dropout, a buffer of numbers and a frozen parameter."""

    def __init__(self):
        super().__init__()
        self.first = nn.Linear(24 + 6 * 3, 12)
        self.norm = nn.BatchNorm1d(12)
        self.dropout = nn.Dropout(0.1)
        self.last = nn.Linear(12, 6)
        self.register_buffer("unit", torch.full((6,), 0.5))
        self.frozen = nn.Parameter(torch.ones(()), requires_grad=False)

    def forward(
        self, target: Tensor, observed: Tensor, past: Tensor, known: Tensor, constants: Tensor
    ) -> Tensor:
        x = torch.cat([target, known.flatten(1)], dim=1)
        x = self.dropout(torch.relu(self.norm(self.first(x))))
        return (self.last(x) * self.unit * self.frozen).unsqueeze(2)


class Plain(nn.Module):
    """Sees the target alone."""

    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(24, 6)

    def forward(self, target: Tensor) -> Tensor:
        return self.linear(target)


class Placed(Plain):
    def forward(self, target: Tensor) -> Tensor:
        return self.linear(target) + torch.zeros(6, device=torch.device("cuda"))


class Paired(Plain):
    def forward(self, target: Tensor, observed: Tensor) -> Tensor:
        return self.linear(target * observed)


def save(module, path):
    """As torch.jit.save, without the debug files: they name folders of this machine."""
    buffer = io.BytesIO()
    torch.jit.save(module, buffer)
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            if not name.endswith(".debug_pkl"):
                target.writestr(zipfile.ZipInfo(name), source.read(name))


torch.manual_seed(3)
save(torch.jit.script(Normed()), "normed.pt")
save(torch.jit.script(Plain()), "plain.pt")
save(torch.jit.script(Paired()), "paired.pt")
save(torch.jit.script(Placed()), "placed.pt")
save(torch.jit.script(Plain().bfloat16()), "bfloat16.pt")
save(torch.jit.trace(Plain(), torch.zeros(2, 24)), "traced.pt")
