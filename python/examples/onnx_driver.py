"""Drives by an ONNX network with the arguments of `--driver torch:FILE.pt` (docs/using.md), under ONNX
Runtime on one thread.

    huntsman run --driver exec:"python3 python/examples/onnx_driver.py network.onnx"
"""
import sys

import onnxruntime

import huntsman
from huntsman import contract


class OnnxDriver(huntsman.Driver):
    images = True
    format = "planar"

    def __init__(self):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # the same bits each time
        self.session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
        self.names = [argument.name for argument in self.session.get_inputs()]

    def drive(self, observation):
        given = contract.inputs(observation)
        return contract.action(*self.session.run(None, {name: given[name] for name in self.names})[:2])


if __name__ == "__main__":
    OnnxDriver().serve()
