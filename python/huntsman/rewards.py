"""Terms of a reward, by their names. Each is a function of the moments before and after a step."""
from __future__ import annotations

from typing import Callable, Dict, Mapping, Union

from .moment import Moment

Term = Callable[[Moment, Moment], float]


def _count(moment: Moment, *kinds: str) -> int:
    return sum(event.kind in kinds for event in moment.events)


def _speeding(before: Moment, now: Moment) -> float:
    limits = now.route.speed_limit_mps
    return -max(0.0, now.motion.speed_mps - float(limits[0])) if len(limits) else 0.0


def _discomfort(before: Moment, now: Moment) -> float:
    m = now.motion
    return -max(0.0, abs(m.acceleration_x_mps2) - 3) - max(0.0, abs(m.acceleration_y_mps2) - 3)


TERMS: Dict[str, Term] = {
    "progress": lambda before, now: now.progress_m - before.progress_m,
    "goal": lambda before, now: float(now.end_reason == "route completed"),
    "collision": lambda before, now: -float(now.collided),
    "red_light": lambda before, now: -_count(now, "red_light"),
    "stop_sign": lambda before, now: -_count(now, "stop_sign"),
    "near_miss": lambda before, now: -_count(now, "near_miss"),
    "off_route": lambda before, now: -_count(now, "off_route", "blocked"),
    "outside_lanes": lambda before, now: -float(now.outside_lanes),
    "speeding": _speeding,
    "discomfort": _discomfort,
    "time": lambda before, now: -1.0,
}
"""progress: metres along the route; goal: 1 at its end; collision: -1 in the step of one; red_light,
stop_sign, near_miss: -1 for each; off_route: -1 where the run ends more than 30 m off the route or
after 60 s at rest; outside_lanes: -1 while off every lane of its direction; speeding: -1 for each m/s
above the limit; discomfort: -1 for each m/s² of acceleration above 3; time: -1 a step."""

DEFAULT: Mapping[str, float] = {
    "progress": 0.1,
    "goal": 10.0,
    "collision": 10.0,
    "red_light": 5.0,
    "stop_sign": 2.0,
    "off_route": 5.0,
    "outside_lanes": 0.2,
    "speeding": 0.1,
}


def terms_of(wanted: Mapping[str, Union[float, Term]]) -> Dict[str, Term]:
    """Each term times its weight; a function stands for itself. Raises ValueError for a name that
    there is not."""
    chosen: Dict[str, Term] = {}
    for name, weight in wanted.items():
        if callable(weight):
            chosen[name] = weight
        elif name in TERMS:
            chosen[name] = _weighted(TERMS[name], float(weight))
        else:
            raise ValueError("there is no reward %r, expected one of %s" % (name, ", ".join(TERMS)))
    return chosen


def _weighted(term: Term, weight: float) -> Term:
    return lambda before, now: weight * term(before, now)
