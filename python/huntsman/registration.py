"""Tells Gymnasium of the environments; light, since it may be imported with every program."""
from __future__ import annotations


def register_envs() -> None:
    """Called by `huntsman` where Gymnasium is in use, by `huntsman.gym`, and by plugins of Gymnasium
    before 1.0."""
    from gymnasium.envs.registration import register, registry

    if "huntsman/Drive-v0" not in registry:
        register(id="huntsman/Drive-v0", entry_point="huntsman.gym:DriveEnv")
