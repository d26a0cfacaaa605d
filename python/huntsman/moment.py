"""Where a session stands."""
from __future__ import annotations

import html
from dataclasses import dataclass
from functools import cached_property
from typing import Optional, Sequence

import numpy as np

from . import messages
from .observation import Array, Observation, Pixels, matrix
from .pictures import Picture, to_html


@dataclass(frozen=True)
class Moment(Observation):
    """What `Simulator.observe` and `Simulator.step` give: an `Observation`, and what the judge says.

    images: views of shared memory, valid during the next 3 steps; copy what is to be kept.
    top_view: uint8 of shape (pixels, pixels, 3), the ego in the middle with its heading up; None
        unless asked for. Colours: carriageway grey, route blue, lines ahead by their signal's state,
        vehicles orange, people pink, other things brown, the ego light blue.
    """

    said: messages.Moment
    top_view: Optional[Pixels]

    @property
    def tick(self) -> int:
        """Of 5 ms."""
        return int(self.said.tick)

    @property
    def progress_m(self) -> float:
        """Along the route from its start [m]."""
        return float(self.said.progress_m)

    @property
    def outside_lanes(self) -> bool:
        """Off every lane of the ego's direction, as of the last tenth of a second."""
        return bool(self.said.outside_lanes)

    @property
    def events(self) -> Sequence[messages.JudgedEvent]:
        """What the judge has seen during the last step: kind, time_us, other, ego_speed_mps,
        distance_m, value, at_fault. Kinds: collision_pedestrian, collision_vehicle,
        collision_static, red_light, stop_sign, outside_lanes, near_miss, blocked, off_route."""
        events: Sequence[messages.JudgedEvent] = self.said.events
        return events

    @property
    def collided(self) -> bool:
        """During the last step."""
        return any(event.kind.startswith("collision_") for event in self.events)

    @property
    def ended(self) -> bool:
        return bool(self.said.ended)

    @property
    def time_is_up(self) -> bool:
        """Ended by that alone."""
        return bool(self.said.time_is_up)

    @property
    def end_reason(self) -> str:
        return str(self.said.end_reason)

    @property
    def valid(self) -> bool:
        """False: numeric trouble ended it."""
        return bool(self.said.valid)

    @property
    def state_hash(self) -> int:
        """Of everything that has been up to here."""
        return int(self.said.state_hash)

    @cached_property
    def world_from_body(self) -> Array:
        """(4, 4), X_WB of the ego [m]."""
        return matrix(self.said.X_WB)

    def picture(self, camera: str) -> Picture:
        """A camera's picture for a notebook, or "top_view"."""
        if camera == "top_view" and self.top_view is not None:
            return Picture(self.top_view)
        if camera not in self.images:
            raise KeyError("there is no picture of %r, expected one of %s" % (
                camera, ", ".join(list(self.images) + ["top_view"] * (self.top_view is not None)) or "none"))
        pixels = self.images[camera]
        return Picture(pixels if pixels.shape[2] == 3 else np.moveaxis(pixels, 0, 2))

    def _repr_html_(self) -> str:
        rows = [
            ("time", "%.2f s" % self.time_s),
            ("speed", "%.1f m/s" % self.motion.speed_mps),
            ("along the route", "%.1f m" % self.progress_m),
        ]
        rows += [(event.kind, "%.2f s" % (1e-6 * event.time_us)) for event in self.events]
        if self.ended:
            rows.append(("ended", self.end_reason))
        table = "".join(
            "<tr><td>%s</td><td>%s</td></tr>" % (html.escape(name), html.escape(value)) for name, value in rows
        )
        pictures = [to_html(self.picture(name).pixels, 240, html.escape(name)) for name in self.images]
        if self.top_view is not None:
            pictures.append(to_html(self.top_view, 240, "from above"))
        return "<table>%s</table>%s" % (table, "".join(pictures))
