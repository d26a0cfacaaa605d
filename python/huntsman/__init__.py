"""Drivers for Huntsman in Python, and the simulator itself.

A driver in ten lines::

    import huntsman

    class MyDriver(huntsman.Driver):
        images = True

        def drive(self, observation):
            picture = observation.images["main"]  # height x width x 3, uint8, read-only
            return huntsman.Action(steer_rad=0.0, throttle=0.2)

    if __name__ == "__main__":
        MyDriver().serve()

started and ended by ``huntsman run --driver exec:"python3 my_driver.py"``. The other way round, the
simulator stepped from here::

    with huntsman.Simulator("demonstration", seed=2001, images=True, size=(320, 200)) as simulator:
        moment = simulator.step(huntsman.Action(throttle=0.3))
        picture = moment.images["main"]

and as an environment of Gymnasium: ``import gymnasium, huntsman`` and then
``gymnasium.make("huntsman/Drive-v0")``.

Places are in the body frame B of the car at the observation's time: x forward, y left, z up, origin
on the ground below the rear axle's centre. SI units and radians throughout.
"""
import os as _os
import sys as _sys

try:
    import numpy as _numpy  # noqa: F401
except ImportError as error:
    raise ImportError("huntsman needs NumPy for pictures and trajectories: pip install numpy") from error
# What goes wrong is said by this package; gRPC's own lines on standard error add nothing to it.
_os.environ.setdefault("GRPC_VERBOSITY", "NONE")
try:
    import google.protobuf as _protobuf  # noqa: F401
    import grpc as _grpc  # noqa: F401
except ImportError as error:
    raise ImportError("huntsman needs gRPC and protobuf: pip install grpcio protobuf") from error

from . import messages
from .action import Action
from .driver import Driver
from .moment import Moment
from .observation import Camera, Observation, Route
from .pictures import Picture
from .program import SimulatorError, find_program
from .readers import Dataset, failures, runs
from .server import DriverServer, ServeError, serve
from .simulator import Simulator, health

if "gymnasium" in _sys.modules:
    from .registration import register_envs as _register_envs

    _register_envs()

__version__ = "0.1.0"
__all__ = [
    "Action",
    "Camera",
    "Dataset",
    "Driver",
    "DriverServer",
    "Moment",
    "Observation",
    "Picture",
    "Route",
    "ServeError",
    "Simulator",
    "SimulatorError",
    "failures",
    "find_program",
    "health",
    "messages",
    "runs",
    "serve",
]
