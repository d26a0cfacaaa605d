"""What an agent that learns is told, as vectors of numbers in [-1, 1], float32."""
from __future__ import annotations

import math
from typing import List

import numpy as np
import numpy.typing as npt

from . import messages
from .moment import Moment

Vector = npt.NDArray[np.float32]

ROUTE_AHEAD_M = (2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 40.0, 60.0)
"""Of the route's points."""
OTHERS = 8
"""Road users at most, the nearest first."""
REACH_M = 80.0
"""To which road users are told."""
FASTEST_MPS = 40.0

MOTION = 7
ROUTE = 4 * len(ROUTE_AHEAD_M)
LINE = 7
STATE = MOTION + ROUTE + LINE + 9 * OTHERS


def _within(values: List[float]) -> Vector:
    return np.clip(np.nan_to_num(np.asarray(values, dtype=np.float32)), -1, 1)


def motion(moment: Moment) -> Vector:
    """(7,): speed / 40 m/s, yaw rate / 2 rad/s, acceleration along and across / 10 m/s², steering /
    the most that the car has, slope / 0.3, slip / 5 m/s."""
    m = moment.motion
    most = moment.vehicle.max_steer_rad or 1.0
    return _within([
        m.speed_mps / FASTEST_MPS, m.yaw_rate_rad_s / 2, m.acceleration_x_mps2 / 10, m.acceleration_y_mps2 / 10,
        m.steer_rad / most, m.grade / 0.3, m.slip_mps / 5,
    ])


def route(moment: Moment) -> Vector:
    """(32,): for each of `ROUTE_AHEAD_M` x / 80 m, y / 40 m, heading / pi, speed limit / 40 m/s, in
    the ego's frame."""
    way = moment.route
    if len(way) == 0:
        return np.zeros(ROUTE, np.float32)
    columns = [way.x_m / 80, way.y_m / 40, np.unwrap(way.heading_rad) / math.pi, way.speed_limit_mps / FASTEST_MPS]
    rows = np.stack([np.interp(ROUTE_AHEAD_M, way.s_m, column) for column in columns], axis=1)
    return np.clip(rows.reshape(-1), -1, 1).astype(np.float32)


def line(moment: Moment) -> Vector:
    """(7,): of the next line across the route its distance / 80 m (1: none), and 1 for what rules
    there: red, yellow, green, stop sign, give way, crossing. Signals need `truth`."""
    values = [1.0] + 6 * [0.0]
    for event in moment.route.events:
        on_crossing = event.kind == messages.EVENT_CROSSING and event.s_end_m >= 0
        if event.kind == messages.EVENT_GOAL or (event.s_m < 0 and not on_crossing):
            continue
        values[0] = event.s_m / 80
        kinds = {messages.EVENT_STOP: 4, messages.EVENT_YIELD: 5, messages.EVENT_CROSSING: 6}
        if event.kind in kinds:
            values[kinds[event.kind]] = 1.0
        elif moment.truth is not None:
            heads = {head.head for head in event.heads}
            states = [signal.state for signal in moment.truth.signals if signal.head in heads]
            for i, state in enumerate((messages.SIGNAL_RED, messages.SIGNAL_YELLOW, messages.SIGNAL_GREEN), 1):
                values[i] = 1.0 if states and states[0] == state else 0.0
        break
    return _within(values)


def others(moment: Moment) -> Vector:
    """(72,): for each of the 8 nearest road users within 80 m x / 80 m, y / 80 m, heading / pi,
    velocity along and across / 40 m/s, length / 10 m, width / 5 m, 1 for a person, 1: there is one."""
    values = np.zeros((OTHERS, 9), np.float32)
    if moment.truth is None:
        return values.reshape(-1)
    seen = [o for o in moment.truth.objects if o.object_class != messages.OBJECT_UNSPECIFIED]
    seen = [o for o in seen if math.hypot(o.x_m, o.y_m) < REACH_M]
    seen.sort(key=lambda o: (math.hypot(o.x_m, o.y_m), o.track))
    for row, o in zip(values, seen):
        heading = math.remainder(o.yaw_rad, 2 * math.pi)
        row[:] = (
            o.x_m / REACH_M, o.y_m / REACH_M, heading / math.pi, o.velocity_x_mps / FASTEST_MPS,
            o.velocity_y_mps / FASTEST_MPS, o.length_m / 10, o.width_m / 5,
            o.object_class == messages.OBJECT_PEDESTRIAN, 1,
        )
    return np.clip(values.reshape(-1), -1, 1)


def state(moment: Moment) -> Vector:
    """(118,): `motion`, `route`, `line` and `others`, one after the other."""
    return np.concatenate([motion(moment), route(moment), line(moment), others(moment)])
