"""Drives by a TorchScript or exported network with the arguments of `--driver torch:FILE.pt` (docs/using.md)
under the PyTorch that is installed, which may be newer than the LibTorch of the program.

    huntsman run --driver exec:"python3 python/examples/torch_driver.py network.pt"
"""
import sys

import torch

import huntsman
from huntsman import contract

NAMES = ("images", "intrinsics", "extrinsics", "motion", "route")


class TorchDriver(huntsman.Driver):
    images = True
    format = "planar"

    def __init__(self):
        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True)
        self.network = torch.jit.load(sys.argv[1], map_location="cpu").eval()

    def drive(self, observation):
        given = contract.inputs(observation)
        with torch.inference_mode():
            # A copy, since the pictures are only lent.
            answer = self.network(*(torch.from_numpy(given[name].copy()) for name in NAMES))
        if isinstance(answer, tuple):
            return contract.action(*(part.numpy() for part in answer[:2]))
        return contract.action(answer.numpy())


if __name__ == "__main__":
    TorchDriver().serve()
