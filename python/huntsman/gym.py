"""The simulator as an environment of Gymnasium (``pip install "huntsman[gym]"``).

::

    import gymnasium, huntsman.gym
    environment = gymnasium.make("huntsman/Drive-v0", observation="state", action="pedals")

or, without the second import, ``gymnasium.make("huntsman.gym:huntsman/Drive-v0")``.
"""
from __future__ import annotations

import json
import pathlib
from typing import Any, Callable, Dict, Mapping, Optional, Sequence, SupportsFloat, Tuple, Union

import numpy as np

try:
    import gymnasium
    from gymnasium import spaces
except ImportError as error:
    raise ImportError("huntsman.gym needs Gymnasium: pip install gymnasium") from error

from . import rewards as _rewards
from . import vectors
from .action import Action
from .moment import Moment
from .program import PathLike
from .registration import register_envs
from .simulator import Simulator

register_envs()

EIGHT_CAMERAS = (
    "main", "wide", "narrow", "pillar_left", "pillar_right", "fender_left", "fender_right", "rear",
)
"""Of the rig that is taken unless another is given."""
POINTS = 8
"""Of a trajectory."""
POINT_S = 0.5
"""Between them [s]."""
TOP_VIEW = (96, 64.0)
"""Pixels and metres of each side of the view from above."""


class DriveEnv(gymnasium.Env[Any, Any]):
    """Drives the ego through a scenario; a step is a camera tick (0.1 s with the usual rig).

    observation:
        "state": Box (118,) float32 in [-1, 1], `huntsman.vectors.state`: the ego, its route, the next
        line with its signal, the road users around it. Nothing is rendered.
        "images": a flat Dict of each camera's picture, Box (height, width, 3) uint8, and the vectors
        "motion" (7,) and "route" (32,) of `huntsman.vectors`; nothing that a car could not know.
        "birds_eye": a flat Dict of "birds_eye", Box (96, 96, 3) uint8, 64 m from above with the ego
        in the middle, and "motion" (7,). Nothing is rendered.
    action:
        "pedals": Box (2,) float32 in [-1, 1]: steering (left positive, of the most that the car has),
        and throttle (positive) or brake (negative).
        "trajectory": Box (8, 2) float32 in [-1, 1]: for each half second of the next four the speed,
        15 m/s * (1 + a), and the curvature of the way, 0.2 / m * b (left positive).
    rewards: weight by name of the terms in `huntsman.rewards.TERMS`, or a function of the moments
        before and after a step; `huntsman.rewards.DEFAULT` unless given. ``info["rewards"]`` has each.
    seeds: of towns; each reset draws one, by the environment's own random numbers, so that
        ``reset(seed=...)`` reproduces. None: the scenario's own, or ``seed``. ``reset(options={"seed": 7})``
        takes that one.
    frames: camera ticks that an action is held for.
    render_mode: "rgb_array": (256, 256, 3), from above.

    A collision terminates, so do the route's end, being 30 m off it and 60 s at rest; the scenario's
    time (``seconds``) truncates. Everything else is of `huntsman.Simulator`.
    """

    metadata: Dict[str, Any] = {"render_modes": ["rgb_array"], "render_fps": 10}

    def __init__(
        self,
        scenario: str = "demonstration",
        *,
        observation: str = "state",
        action: str = "pedals",
        rewards: Optional[Mapping[str, Union[float, Callable[[Moment, Moment], float]]]] = None,
        seeds: Optional[Sequence[int]] = None,
        rig: str = "",
        cameras: Optional[Sequence[str]] = None,
        size: Tuple[int, int] = (64, 40),
        frames: int = 1,
        render_mode: Optional[str] = None,
        program: Optional[PathLike] = None,
        address: Optional[str] = None,
        token: str = "",
        **settings: Any,
    ) -> None:
        if observation not in ("state", "images", "birds_eye"):
            raise ValueError("the observation is %r, expected state, images or birds_eye" % (observation,))
        if action not in ("pedals", "trajectory"):
            raise ValueError("the action is %r, expected pedals or trajectory" % (action,))
        if render_mode is not None and render_mode not in self.metadata["render_modes"]:
            raise ValueError("the render mode is %r, expected rgb_array" % (render_mode,))
        self.render_mode = render_mode
        self._observation, self._action = observation, action
        self._rewards = _rewards.terms_of(_rewards.DEFAULT if rewards is None else rewards)
        self._seeds = None if seeds is None else [int(seed) for seed in seeds]
        self._frames = int(frames)
        names = tuple(cameras) if cameras is not None else _cameras_of(rig)
        self.observation_space = _observation_space(observation, names, size)
        shape = (2,) if action == "pedals" else (POINTS, 2)
        self.action_space = spaces.Box(-1, 1, shape, np.float32)
        self._simulator: Optional[Simulator] = None  # started with the first episode
        self._moment: Optional[Moment] = None
        self._over: Optional[str] = None  # why the episode has ended
        images = observation == "images"
        self._settings: Dict[str, Any] = dict(
            settings, scenario=scenario, rig=rig, images=images, cameras=names if images else (), size=size,
            truth=observation == "state", program=program, address=address, token=token,
        )
        if images:
            self._settings.setdefault("quality", "fast")
        if observation == "birds_eye":
            self._settings["top_view"] = TOP_VIEW
        elif render_mode is not None:
            self._settings["top_view"] = (256, TOP_VIEW[1])

    def reset(
        self, *, seed: Optional[int] = None, options: Optional[Dict[str, Any]] = None
    ) -> Tuple[Any, Dict[str, Any]]:
        super().reset(seed=seed)
        town = self._settings.get("seed")
        if self._seeds is not None:
            town = self._seeds[int(self.np_random.integers(len(self._seeds)))]
        if options is not None and "seed" in options:
            town = int(options["seed"])
        if self._simulator is None:
            self._simulator = Simulator(**dict(self._settings, seed=town))
            self._moment = self._simulator.observe()
        else:
            self._moment = self._simulator.reset(seed=town)
        self._over = None
        return self._observe(self._moment), self._info(self._moment)

    def step(self, action: Any) -> Tuple[Any, SupportsFloat, bool, bool, Dict[str, Any]]:
        if self._simulator is None or self._moment is None:
            raise gymnasium.error.ResetNeeded("the environment has not begun, expected reset()")
        if self._over is not None:
            raise gymnasium.error.ResetNeeded("the episode is over (%s), expected reset()" % self._over)
        before = self._moment
        now = self._simulator.step(self._to_action(np.asarray(action, np.float64), before), self._frames)
        self._moment = now
        terms = {name: float(term(before, now)) for name, term in self._rewards.items()}
        terminated = now.collided or (now.ended and not now.time_is_up)
        truncated = now.ended and not terminated
        if terminated or truncated:
            self._over = now.end_reason or "collision"
        info = dict(self._info(now), rewards=terms)
        return self._observe(now), sum(terms.values()), terminated, truncated, info

    def render(self) -> Any:
        """(256, 256, 3), uint8; of birds_eye (96, 96, 3)."""
        if self.render_mode is None or self._moment is None or self._moment.top_view is None:
            return None
        return self._moment.top_view.copy()

    def close(self) -> None:
        if self._simulator is not None:
            self._simulator.close()
        self._simulator, self._moment = None, None

    # ---- From and to the simulator

    def _observe(self, moment: Moment) -> Any:
        if self._observation == "state":
            return vectors.state(moment)
        if self._observation == "birds_eye":
            assert moment.top_view is not None
            return {"birds_eye": moment.top_view.copy(), "motion": vectors.motion(moment)}
        # Copies: the memory is written again after some steps.
        pictures = {name: np.array(picture) for name, picture in moment.images.items()}
        return dict(pictures, motion=vectors.motion(moment), route=vectors.route(moment))

    def _info(self, moment: Moment) -> Dict[str, Any]:
        return {
            "time_s": moment.time_s,
            "progress_m": moment.progress_m,
            "speed_mps": moment.motion.speed_mps,
            "events": [event.kind for event in moment.events],
            "end_reason": moment.end_reason,
        }

    def _to_action(self, action: Any, moment: Moment) -> Action:
        if action.shape != self.action_space.shape or not np.isfinite(action).all():
            raise ValueError("the action has the shape %s with finite: %s, expected %s finite numbers" % (
                action.shape, bool(np.isfinite(action).all()), self.action_space.shape))
        action = np.clip(action, -1, 1)
        if self._action == "pedals":
            steer, pedal = float(action[0]), float(action[1])
            return Action(
                steer_rad=steer * moment.vehicle.max_steer_rad, throttle=max(0.0, pedal), brake=max(0.0, -pedal))
        return Action(trajectory=to_trajectory(action, moment.motion.speed_mps))


def to_trajectory(action: Any, speed_mps: float) -> Any:
    """An action (8, 2) as rows of t, x, y, heading, speed (9, 5), from where the ego is. Each half
    second is an arc, driven at its speed."""
    rows = np.zeros((POINTS + 1, 5))
    rows[0, 4] = max(0.0, speed_mps)
    for i in range(POINTS):
        speed, curvature = 15 * (1 + action[i, 0]), 0.2 * action[i, 1]
        t, x, y, heading, _ = rows[i]
        turn = curvature * speed * POINT_S
        chord = speed * POINT_S * np.sinc(turn / (2 * np.pi))
        rows[i + 1] = (
            t + POINT_S, x + chord * np.cos(heading + turn / 2), y + chord * np.sin(heading + turn / 2),
            heading + turn, speed,
        )
    return rows


def _observation_space(kind: str, cameras: Sequence[str], size: Tuple[int, int]) -> Any:
    def vector(length: int) -> Any:
        return spaces.Box(-1, 1, (length,), np.float32)

    if kind == "state":
        return vector(vectors.STATE)
    if kind == "birds_eye":
        picture = spaces.Box(0, 255, (TOP_VIEW[0], TOP_VIEW[0], 3), np.uint8)
        return spaces.Dict({"birds_eye": picture, "motion": vector(vectors.MOTION)})
    pictures: Dict[str, Any] = {
        name: spaces.Box(0, 255, (size[1], size[0], 3), np.uint8) for name in cameras
    }
    return spaces.Dict(dict(pictures, motion=vector(vectors.MOTION), route=vector(vectors.ROUTE)))


def _cameras_of(rig: str) -> Tuple[str, ...]:
    """Names of the rig's cameras."""
    if rig in ("", "eight_cameras"):
        return EIGHT_CAMERAS
    if pathlib.Path(rig).is_file():
        return tuple(camera["name"] for camera in json.loads(pathlib.Path(rig).read_text())["cameras"])
    raise ValueError("the cameras of rig %r are not known here, expected cameras=(...) or a file" % rig)
