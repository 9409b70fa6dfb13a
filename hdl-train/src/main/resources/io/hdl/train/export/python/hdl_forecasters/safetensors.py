"""Reads and writes safetensors files that hold float32 arrays, without the library of that name."""

import json
import struct

import numpy


def read(path):
    """The arrays of a file by name, and its texts by name."""
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length).decode("utf-8"))
        content = file.read()
    metadata = header.pop("__metadata__", {})
    arrays = {}
    for name, about in header.items():
        if about["dtype"] != "F32":
            raise ValueError(f"{path}: array {name} holds {about['dtype']} (expected: F32)")
        start, end = about["data_offsets"]
        values = numpy.frombuffer(content[start:end], dtype="<f4")
        arrays[name] = values.astype(numpy.float32).reshape(about["shape"])
    return arrays, metadata


def write(path, arrays, metadata):
    """Writes float32 arrays and texts, each by name."""
    header = {"__metadata__": metadata}
    parts = []
    offset = 0
    for name, array in arrays.items():
        values = numpy.ascontiguousarray(array, dtype="<f4").tobytes()
        end = offset + len(values)
        header[name] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [offset, end],
        }
        parts.append(values)
        offset = end
    text = json.dumps(header).encode("utf-8")
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for part in parts:
            file.write(part)
