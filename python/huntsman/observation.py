"""What a driver is given at a camera tick."""
from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Dict, Mapping, Optional, Tuple

import numpy as np
import numpy.typing as npt

from . import lens, messages

Array = npt.NDArray[np.float64]
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Camera:
    """One camera of the rig, in the size of the pictures that the driver is given.

    name: of the rig's file.
    width, height: pixels.
    intrinsics: (3, 3), the matrix K [px]; the first pixel's centre is (0.5, 0.5).
    body_from_camera: (4, 4), X_BC: points of C (x right, y down, z forward) to B.
    lens_model: of `messages.LensModel`; other models than LENS_PINHOLE need `message`, which has the
        coefficients under OpenCV's names.
    """

    name: str
    width: int
    height: int
    intrinsics: Array
    body_from_camera: Array
    lens_model: int
    message: messages.CameraImage

    @staticmethod
    def of(message: messages.CameraImage, size: Optional[Tuple[int, int]]) -> "Camera":
        """Of a camera as the simulator describes it; `size` is the pictures' (width, height)."""
        width, height = size if size is not None else (message.width, message.height)
        x, y = width / max(1, message.width), height / max(1, message.height)
        K = np.array([[x * message.fx, 0, x * message.cx], [0, y * message.fy, y * message.cy], [0, 0, 1]])
        p = message.X_BC
        return Camera(message.name, width, height, K, matrix(p), message.lens_model, message)

    def project(self, points: npt.ArrayLike) -> Tuple[Array, Array]:
        """Where points of the body frame B appear: pixels (N, 2) and depths [m] (N,), of `points` (N, 3).
        NaN where the lens does not see them; pixels may lie outside of the picture. Depth is along the
        camera's z, or along the ray for lenses that may look sideways (all but LENS_PINHOLE).
        """
        X = self.body_from_camera
        return lens.project(self.message, self.intrinsics, (np.asarray(points, np.float64) - X[:3, 3]) @ X[:3, :3])


def matrix(p: messages.Pose) -> Array:
    """(4, 4): the rigid transform."""
    w, x, y, z = p.qw, p.qx, p.qy, p.qz
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y), p.x],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x), p.y],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y), p.z],
            [0, 0, 0, 1],
        ]
    )


class Route:
    """The planned way as a navigation map gives it, each metre from some metres behind the car on.

    Arrays of shape (N,), float64: ``s_m`` along the route from the car's place (negative behind it),
    ``x_m``, ``y_m``, ``heading_rad``, ``curvature_per_m`` (left positive), ``speed_limit_mps``.
    ``events``: stop lines, signals, crossings and the goal, sorted by ``s_m``.
    """

    def __init__(self, message: messages.Route) -> None:
        self.message = message
        self.events = message.events

    def _column(self, name: str) -> Array:
        return np.array([getattr(point, name) for point in self.message.points], dtype=np.float64)

    @cached_property
    def s_m(self) -> Array:
        return self._column("s_m")

    @cached_property
    def x_m(self) -> Array:
        return self._column("x_m")

    @cached_property
    def y_m(self) -> Array:
        return self._column("y_m")

    @cached_property
    def heading_rad(self) -> Array:
        return self._column("heading_rad")

    @cached_property
    def curvature_per_m(self) -> Array:
        return self._column("curvature_per_m")

    @cached_property
    def speed_limit_mps(self) -> Array:
        return self._column("speed_limit_mps")

    def __len__(self) -> int:
        return len(self.message.points)

    def point_ahead(self, distance_m: float) -> Optional[messages.RoutePoint]:
        """The first point at least this far ahead along the route; the last where none is; None on an
        empty route."""
        point: Optional[messages.RoutePoint] = None
        for point in self.message.points:
            if point.s_m >= distance_m:
                break
        return point


@dataclass(frozen=True)
class Observation:
    """Valid during `drive`: pictures are views of memory that the simulator writes again later.

    frame: number of the camera tick; time_s: simulated time [s].
    motion: speed_mps, yaw_rate_rad_s, acceleration_x_mps2, acceleration_y_mps2, steer_rad, grade.
    vehicle: wheelbase_m, front_m, rear_m, width_m, max_steer_rad, full_throttle_mps2,
        full_brake_mps2.
    route: see `Route`.
    images: by camera, uint8, read-only: (height, width, 3) sRGB, rows from the top; BGR or
        (3, height, width) where the driver's ``format`` says so. Empty unless it says ``images``.
    cameras: by name, those of `images`.
    truth: what is truly there, a `messages.Perception`; None unless the driver says ``truth``.
    night: the sun is 6 degrees below the horizon.
    """

    message: messages.Observation
    images: Mapping[str, Pixels]
    cameras: Mapping[str, Camera]
    truth: Optional[messages.Perception]
    night: bool

    @property
    def frame(self) -> int:
        return int(self.message.frame)

    @property
    def time_s(self) -> float:
        return float(self.message.time_us) * 1e-6

    @property
    def motion(self) -> messages.EgoMotion:
        return self.message.motion

    @property
    def vehicle(self) -> messages.EgoVehicle:
        return self.message.vehicle

    @cached_property
    def route(self) -> Route:
        return Route(self.message.route)


def image_shape(width: int, height: int, planar: bool) -> Tuple[int, int, int]:
    """Of a picture's array."""
    return (3, height, width) if planar else (height, width, 3)


def sent_images(message: messages.Observation, planar: bool) -> Dict[str, Pixels]:
    """The pictures that came within the message. Raises ValueError where one has another size than
    it says."""
    images = {}
    for image in message.cameras:
        pixels = np.frombuffer(image.rgb, dtype=np.uint8)
        if pixels.size != 3 * image.width * image.height:
            raise ValueError("the picture of %s has %d bytes, expected 3 x %d x %d" % (
                image.name, pixels.size, image.width, image.height))
        images[image.name] = pixels.reshape(image_shape(image.width, image.height, planar))
    return images
