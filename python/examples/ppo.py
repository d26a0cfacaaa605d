"""Learns to keep its lane on the low-dimensional state, by Stable-Baselines3's PPO.

    pip install './python[gym]' stable-baselines3
    python3 python/examples/ppo.py --steps 60000 --workers 2 --out lane_keeper.zip --curve curve.png
    python3 python/examples/ppo.py --try lane_keeper.zip
"""
import argparse

import gymnasium
import numpy as np
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import SubprocVecEnv, VecMonitor

import huntsman.gym  # noqa: F401  registers huntsman/Drive-v0

# Time costs, lest it learns to stand; signals are for those who can keep their lane.
REWARDS = {"progress": 0.2, "collision": 2.0, "off_route": 2.0, "outside_lanes": 0.1, "speeding": 0.1, "time": 0.1}
TRAINING_TOWNS, TEST_TOWNS = range(1, 9), range(2001, 2006)


def make(seeds, seed=None):
    return gymnasium.make("huntsman/Drive-v0", observation="state", action="pedals", seeds=list(seeds), seed=seed,
                          scenario="demonstration", traffic=0, pedestrians=0, seconds=40, frames=2, rewards=REWARDS)


class Curve(BaseCallback):
    """Keeps, after each round, how many steps were made and the means of the last 40 episodes."""

    def __init__(self):
        super().__init__()
        self.rows = []

    def _on_step(self):
        return True

    def _on_rollout_end(self):
        episodes = list(self.model.ep_info_buffer)[-40:]
        if episodes:
            self.rows.append((self.num_timesteps, np.mean([e["r"] for e in episodes]),
                              np.mean([e["progress_m"] for e in episodes])))

    def draw(self, path):
        from matplotlib.figure import Figure

        steps, rewards, metres = zip(*self.rows)
        axes = Figure(figsize=(6, 3.2), layout="constrained").subplots()
        for values, colour, label in (rewards, "#1f5fa8", "reward of an episode"), (metres, "#c0602a", "way driven [m]"):
            axes.plot(steps, values, color=colour, label=label)
        axes.set_xlabel("steps of 0.2 s")
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.3)
        axes.legend()
        axes.figure.savefig(path, dpi=120)


def learn(arguments):
    environments = VecMonitor(SubprocVecEnv([lambda: make(TRAINING_TOWNS)] * arguments.workers),
                              info_keywords=("progress_m",))
    model = PPO("MlpPolicy", environments, n_steps=512, batch_size=256, gamma=0.98, learning_rate=3e-4, seed=1,
                policy_kwargs={"log_std_init": -1.0}, verbose=1)
    model.policy.action_net.bias.data[1] = 0.3  # it begins with some throttle
    curve = Curve()
    try:
        model.learn(arguments.steps, callback=curve)
    except KeyboardInterrupt:  # what it has learnt so far is kept
        print("interrupted after %d steps" % model.num_timesteps)
    environments.close()
    model.save(arguments.out)
    if arguments.curve:
        curve.draw(arguments.curve)
    drive(model)


def drive(model):
    """In towns that it has not seen."""
    environment = make(TEST_TOWNS)
    for town in TEST_TOWNS:
        state, info = environment.reset(seed=1, options={"seed": town})
        reward, ended = 0.0, False
        while not ended:
            state, step, terminated, truncated, info = environment.step(model.predict(state, deterministic=True)[0])
            reward, ended = reward + step, terminated or truncated
        print("town %d: %.0f m, reward %.1f, %s" % (town, info["progress_m"], reward,
                                                    info["end_reason"] or "time is up"))
    environment.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=60000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", default="lane_keeper.zip")
    parser.add_argument("--curve", metavar="FILE", help="draws how it learns, with Matplotlib")
    parser.add_argument("--try", dest="tried", metavar="FILE", help="drives with what was learnt")
    chosen = parser.parse_args()
    drive(PPO.load(chosen.tried)) if chosen.tried else learn(chosen)
