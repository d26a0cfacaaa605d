"""Pictures as PNG and in notebooks, without other packages."""
from __future__ import annotations

import base64
import os
import struct
import zlib
from typing import Union

import numpy as np
import numpy.typing as npt


def to_png(pixels: npt.ArrayLike) -> bytes:
    """`pixels`: uint8 of shape (height, width, 3) or (height, width)."""
    array = np.ascontiguousarray(pixels)
    if array.dtype != np.uint8 or not (array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)):
        raise ValueError(
            "the picture has the shape %s of %s, expected (height, width, 3) of uint8" % (array.shape, array.dtype)
        )
    height, width = array.shape[:2]
    rows = np.zeros((height, 1 + array.size // max(1, height)), np.uint8)  # each begins with its filter: none
    rows[:, 1:] = array.reshape(height, -1)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2 if array.ndim == 3 else 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows.tobytes(), 1))
        + chunk(b"IEND", b"")
    )


class Picture:
    """A picture that a notebook shows. `pixels`: (height, width, 3), uint8."""

    def __init__(self, pixels: npt.ArrayLike) -> None:
        self.pixels = np.asarray(pixels)

    def _repr_png_(self) -> bytes:
        return to_png(self.pixels)

    def save(self, path: "Union[str, os.PathLike[str]]") -> None:
        """As PNG."""
        with open(path, "wb") as file:
            file.write(to_png(self.pixels))


def to_html(pixels: npt.ArrayLike, width: int, title: str = "") -> str:
    """An element of a page, `width` pixels wide."""
    data = base64.b64encode(to_png(pixels)).decode("ascii")
    return '<img width="%d" title="%s" src="data:image/png;base64,%s">' % (width, title, data)
