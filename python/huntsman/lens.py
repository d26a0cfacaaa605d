"""Where cameras see points: the models of lenses, as `engine/world/rig.h` writes them out."""
from __future__ import annotations

from typing import Sequence, Tuple

import numpy as np
import numpy.typing as npt

from . import messages

Array = npt.NDArray[np.float64]


def project(lens: messages.CameraImage, intrinsics: Array, points: npt.ArrayLike) -> Tuple[Array, Array]:
    """Pixels (N, 2) and depths (N,) of `points` (N, 3) in C; NaN where the lens does not see them, whether
    or not the picture reaches that far.

    Depth is along z for LENS_PINHOLE and along the ray for lenses that may look sideways. `intrinsics`:
    (3, 3) of the picture's size; the rest of the lens is `lens`'s.
    """
    p = np.asarray(points, np.float64).reshape(-1, 3)
    x, y, z = p.T
    limit = lens.max_angle_rad if lens.max_angle_rad > 0 else np.pi
    flat, size = np.hypot(x, y), np.linalg.norm(p, axis=1)
    with np.errstate(all="ignore"):
        seen = (size > 0) & (np.arctan2(flat, z) <= limit * (1 + 1e-12))
        if lens.lens_model == messages.LENS_PINHOLE:
            seen &= z > 0
            a, b = _brown_conrady(lens, x / z, y / z)
        elif lens.lens_model == messages.LENS_EQUIRECTANGULAR:
            a, b = np.arctan2(x, z), np.arctan2(y, np.hypot(x, z))
        else:
            seen &= (flat > 0) | (z > 0)
            theta = np.arctan2(flat, z)
            scale = np.where(flat > 0, _radius(lens, theta) / flat, 0.0)
            a, b = scale * x, scale * y
        pixels = np.stack([intrinsics[0, 0] * a + intrinsics[0, 2], intrinsics[1, 1] * b + intrinsics[1, 2]], axis=1)
    depth = z.copy() if lens.lens_model == messages.LENS_PINHOLE else size
    pixels[~seen], depth[~seen] = np.nan, np.nan
    return pixels, depth


def _padded(values: Sequence[float], count: int) -> Sequence[float]:
    return list(values) + [0.0] * (count - len(values))


def _brown_conrady(lens: messages.CameraImage, a: Array, b: Array) -> Tuple[Array, Array]:
    k1, k2, k3, k4, k5, k6 = _padded(lens.lens_k, 6)
    p1, p2 = _padded(lens.lens_p, 2)
    s1, s2, s3, s4 = _padded(lens.lens_s, 4)
    q = a * a + b * b
    ratio = (1 + q * (k1 + q * (k2 + q * k3))) / (1 + q * (k4 + q * (k5 + q * k6)))
    return (a * ratio + 2 * p1 * a * b + p2 * (q + 2 * a * a) + q * (s1 + s2 * q),
            b * ratio + p1 * (q + 2 * b * b) + 2 * p2 * a * b + q * (s3 + s4 * q))


def _radius(lens: messages.CameraImage, theta: Array) -> Array:
    k = _padded(lens.lens_k, 6)
    if lens.lens_model == messages.LENS_KANNALA_BRANDT:
        q = theta * theta
        return theta * (1 + q * (k[0] + q * (k[1] + q * (k[2] + q * k[3]))))
    return theta * (1 + theta * (k[0] + theta * (k[1] + theta * (k[2] + theta * (k[3] + theta * k[4])))))
