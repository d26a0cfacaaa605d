"""What a driver answers."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Optional, Sequence, Union

import numpy as np
import numpy.typing as npt

from . import messages

Trajectory = Union[npt.ArrayLike, Sequence[Sequence[float]]]


@dataclass
class Action:
    """Pedals, or a trajectory; and, if the driver likes to be scored on it, what it perceived.

    steer_rad: angle of the road wheels, left positive [rad]; cut to what the car can.
    throttle, brake: 0 to 1.
    reverse: the gear.
    trajectory: instead of pedals, an array of shape (T, 5) with T >= 2: t [s] after the observation,
        from 0 on and strictly increasing, x and y [m] of B's origin in the observation's B,
        heading [rad], speed [m/s]. Trajectories of at least 4 s are scored as plans.
    perception: optional `messages.Perception`; all that is looked at where the driver says
        ``perception_alone``.
    """

    steer_rad: float = 0.0
    throttle: float = 0.0
    brake: float = 0.0
    reverse: bool = False
    trajectory: Optional[Trajectory] = None
    perception: Optional[messages.Perception] = None

    def to_message(self) -> messages.Action:
        """As it is sent. Raises ValueError, one sentence, for what cannot be driven on."""
        action = messages.Action()
        if self.trajectory is not None:
            _write_trajectory(self.trajectory, action.trajectory)
        else:
            values = (float(self.steer_rad), float(self.throttle), float(self.brake))
            if not all(math.isfinite(value) for value in values):
                raise ValueError(
                    "steer_rad, throttle and brake are %g, %g and %g, expected finite numbers" % values
                )
            pedals = action.pedals
            pedals.steer_rad, pedals.throttle, pedals.brake = values
            pedals.reverse = bool(self.reverse)
            action.pedals.SetInParent()
        if self.perception is not None:
            action.perception.CopyFrom(self.perception)
        return action


def _write_trajectory(given: Trajectory, message: messages.Trajectory) -> None:
    rows = np.asarray(given, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != 5 or rows.shape[0] < 2:
        raise ValueError(
            "trajectory has the shape %s, expected (T, 5) with T >= 2: t, x, y, heading, speed" % (rows.shape,)
        )
    if not np.isfinite(rows).all():
        raise ValueError("trajectory has values that are not finite, expected numbers")
    if rows[0, 0] < 0 or not (np.diff(rows[:, 0]) > 0).all():
        raise ValueError("trajectory has times that do not increase strictly from 0 s or later")
    for t, x, y, heading, speed in rows.tolist():
        message.points.add(t_s=t, x_m=x, y_m=y, heading_rad=heading, speed_mps=speed)
