"""Learns to keep its lane on the low-dimensional state, by Stable-Baselines3's PPO.

    pip install './python[gym]' stable-baselines3
    python3 python/examples/ppo.py --steps 60000 --workers 2 --out lane_keeper.zip
    python3 python/examples/ppo.py --try lane_keeper.zip
"""
import argparse

import gymnasium
import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import SubprocVecEnv

import huntsman.gym  # noqa: F401  registers huntsman/Drive-v0

TRAINING_TOWNS, TEST_TOWN = range(1, 9), 2001


def make(seeds, seed=None):
    return gymnasium.make("huntsman/Drive-v0", observation="state", action="pedals", seeds=list(seeds), seed=seed,
                          scenario="demonstration", traffic=0, pedestrians=0, seconds=40, frames=2)


def learn(arguments):
    environments = SubprocVecEnv([lambda: make(TRAINING_TOWNS)] * arguments.workers)
    model = PPO("MlpPolicy", environments, n_steps=512, batch_size=256, gamma=0.98, learning_rate=3e-4, seed=1,
                policy_kwargs={"log_std_init": -1.0}, verbose=1)
    model.learn(arguments.steps)
    model.save(arguments.out)
    environments.close()


def drive(arguments):
    model, environment = PPO.load(arguments.tried), make([TEST_TOWN])
    state, info = environment.reset(seed=1)
    reward, ended = 0.0, False
    while not ended:
        state, step, terminated, truncated, info = environment.step(model.predict(state, deterministic=True)[0])
        reward, ended = reward + step, terminated or truncated
    print("%.0f m, reward %.1f, %s" % (info["progress_m"], reward, info["end_reason"] or "time is up"))
    environment.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=60000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", default="lane_keeper.zip")
    parser.add_argument("--try", dest="tried", metavar="FILE")
    chosen = parser.parse_args()
    np.random.seed(1)
    drive(chosen) if chosen.tried else learn(chosen)
