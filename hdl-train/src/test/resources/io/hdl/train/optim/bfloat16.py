"""Makes bfloat16.pt: a TorchScript module whose parameters are bfloat16.

Run with torch 2.7.1:  python bfloat16.py
"""

import io
import zipfile
from pathlib import Path

import torch

if __name__ == "__main__":
    made = io.BytesIO()
    torch.jit.save(torch.jit.script(torch.nn.Linear(4, 2).bfloat16()), made)
    # The debug entries hold the path of this file on the machine that ran it; nothing needs them.
    with zipfile.ZipFile(made) as full, \
            zipfile.ZipFile(Path(__file__).with_suffix(".pt"), "w", zipfile.ZIP_STORED) as archive:
        for entry in full.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                name = "bfloat16/" + entry.filename.split("/", 1)[1]
                archive.writestr(zipfile.ZipInfo(name), full.read(entry))
