"""The class that drivers are made from."""
from __future__ import annotations

from typing import Any, Optional, Sequence, Tuple

from .action import Action
from .observation import Observation


class Driver:
    """Subclass it, say what it wants in class attributes, and answer in `drive`.

    A driver must be a function of what it has been given since `reset` and of nothing else (no
    clock, no random numbers without a fixed seed): then the same run gives the same bits again.
    """

    name: str = ""
    """For people; the class's name unless given."""
    images: bool = False
    """Pictures are wanted."""
    cameras: Sequence[str] = ()
    """Names of the rig's cameras whose pictures are wanted; empty: all."""
    size: Optional[Tuple[int, int]] = None
    """(width, height) of every picture [px], 16 to 4096; None: as the cameras have it."""
    format: str = "rgb"
    """rgb or bgr: (height, width, 3); planar: RGB as (3, height, width)."""
    truth: bool = False
    """What is truly there is wanted; the run says so."""
    perception_alone: bool = False
    """Answers are `Action(perception=...)`; the planner of Huntsman drives on them."""

    track: bool = False
    """With `perception_alone`: objects are those of single frames; Huntsman's tracker gives them velocities
    and numbers."""

    def reset(self) -> None:
        """Before the first frame of each run: forget everything, warm up."""

    def drive(self, observation: Observation) -> Action:
        """The action for this moment; it takes effect after the run's latency."""
        raise NotImplementedError("%s has no drive(self, observation)" % type(self).__name__)

    def serve(self, address: Optional[str] = None, **options: Any) -> None:
        """Serves this driver: see `huntsman.serve`, which says what `options` there are."""
        from .server import serve

        serve(lambda: self, address, sessions=1, **options)
