"""The messages between Huntsman and a driver, generated from ``bridge/messages/*.proto``."""
from .drive_pb2 import *  # noqa: F401,F403
from .huntsman_pb2 import *  # noqa: F401,F403
