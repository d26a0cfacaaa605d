"""The five arrays that `--driver torch:FILE.pt` gives a network (docs/using.md, "Your own network"), and
what its answers mean: for the same network in a process of its own, under ONNX Runtime or PyTorch 2.
"""
from __future__ import annotations

from typing import Any, Dict, Optional

import numpy as np
import numpy.typing as npt

from . import messages
from .action import Action
from .observation import Observation

ROUTE_POINTS = 80
"""Of the route, one each metre from the car on."""


def inputs(observation: Observation) -> Dict[str, npt.NDArray[Any]]:
    """What the network is given, by the names of its arguments.

    images: (cameras, 3, height, width), uint8, sRGB. Pictures are planar or not, but of one size.
    intrinsics: (cameras, 4), float32: fx, fy, cx, cy [px].
    extrinsics: (cameras, 4, 4), float32: X_BC, camera to body.
    motion: (5,), float32: speed, yaw rate, acceleration along x and y, steering.
    route: (80, 5), float32: x, y, heading, speed limit, 1 inside junctions; rows of 0 where it ends.
    """
    names = list(observation.images)
    pictures = [observation.images[name] for name in names]
    planar = [p if p.shape[0] == 3 else p.transpose(2, 0, 1) for p in pictures]
    cameras = [observation.cameras[name] for name in names]
    motion = observation.motion
    route = np.zeros((ROUTE_POINTS, 5), np.float32)
    ahead = [point for point in observation.route.message.points if point.s_m >= 0][:ROUTE_POINTS]
    for row, point in zip(route, ahead):
        row[:] = point.x_m, point.y_m, point.heading_rad, point.speed_limit_mps, point.in_junction
    return {
        "images": np.ascontiguousarray(np.stack(planar)) if planar else np.zeros((0, 3, 0, 0), np.uint8),
        "intrinsics": np.array([c.intrinsics[[0, 1, 0, 1], [0, 1, 2, 2]] for c in cameras], np.float32).reshape(-1, 4),
        "extrinsics": np.array([c.body_from_camera for c in cameras], np.float32).reshape(-1, 4, 4),
        "motion": np.array([motion.speed_mps, motion.yaw_rate_rad_s, motion.acceleration_x_mps2,
                            motion.acceleration_y_mps2, motion.steer_rad], np.float32),
        "route": route,
    }


def action(control: npt.ArrayLike, objects: Optional[npt.ArrayLike] = None) -> Action:
    """The answer that a network's control says: (3,) steering [rad], throttle, brake; or (T, 5) a
    trajectory of t, x, y, heading, speed. `objects`, (N, 10): class, score, x, y, z, length, width, height,
    yaw, speed.
    """
    values = np.asarray(control, np.float64)
    perception = None
    if objects is not None:
        perception = messages.Perception()
        for row in np.asarray(objects, np.float64).reshape(-1, 10):
            kind, score, x, y, z, length, width, height, yaw, speed = row.tolist()
            perception.objects.add(
                object_class=int(kind), score=score, x_m=x, y_m=y, z_m=z, length_m=length, width_m=width,
                height_m=height, yaw_rad=yaw, velocity_x_mps=speed * np.cos(yaw), velocity_y_mps=speed * np.sin(yaw))
    if values.shape == (3,):
        steer, throttle, brake = values.tolist()
        return Action(steer, min(max(throttle, 0.0), 1.0), min(max(brake, 0.0), 1.0), perception=perception)
    if values.ndim == 2 and values.shape[1] == 5:
        return Action(trajectory=values, perception=perception)
    raise ValueError("control has the shape %s, expected (3,) or (T, 5)" % (values.shape,))
