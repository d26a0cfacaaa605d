"""The messages between Huntsman and other processes, generated from ``bridge/messages/*.proto``."""
from .drive_pb2 import *  # noqa: F401,F403
from .huntsman_pb2 import *  # noqa: F401,F403
from .simulate_pb2 import *  # noqa: F401,F403
