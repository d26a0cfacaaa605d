"""Writes a network of `huntsman train` as ONNX, for perception_driver.py under ONNX Runtime.

    pip install onnx torch
    python3 python/examples/perception_onnx.py assets/networks/perception.pt perception.onnx

The graph is that of bridge/torch/module/module.cpp, but that the bags of the lift are filled up to one size.
"""
import sys

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from perception_driver import COLUMNS, CROP, HEIGHT, ROWS, WIDTH


class Graph:
    def __init__(self, weights):
        self.weights, self.nodes, self.constants = weights, [], {}

    def constant(self, values, kind=np.int64):
        """The name of a constant."""
        array = np.array(values, kind)
        name = "constant%d_%s_%s" % (array.ndim, array.dtype, "_".join(map(str, array.reshape(-1).tolist())))
        self.constants[name] = numpy_helper.from_array(array, name)
        return name

    def weight(self, name):
        self.constants[name] = numpy_helper.from_array(self.weights[name], name)
        return name

    def add(self, operator, *inputs, **attributes):
        """The name of the node's output."""
        output = attributes.pop("output", "v%d" % len(self.nodes))
        self.nodes.append(helper.make_node(operator, list(inputs), [output], **attributes))
        return output

    def layer(self, n, x, stride=1):
        """A convolution, and its batch normalisation and ReLU where it has them."""
        kernel = self.weights[n + "_weight"].shape[2]
        pad = 1 if kernel == 3 else 0
        x = self.add("Conv", x, self.weight(n + "_weight"), self.weight(n + "_bias"), strides=[stride] * 2,
                     pads=[pad] * 4)
        if n + "_scale" not in self.weights:
            return x
        x = self.add("BatchNormalization", x, *(self.weight(n + part) for part in (
            "_scale", "_shift", "_mean", "_variance")), epsilon=1e-5)
        return self.add("Relu", x)

    def and_layer(self, n, x):
        """x and what a layer makes of it."""
        return self.add("Add", x, self.layer(n, x))

    def centred(self, pixels):
        x = self.add("Cast", pixels, to=TensorProto.FLOAT)
        return self.add("Sub", self.add("Div", x, self.constant(64, np.float32)), self.constant(2, np.float32))

    def as_large_as(self, x, other):
        """x by nearest neighbours in the size of `other`."""
        channels = self.add("Shape", x, start=0, end=2)
        size = self.add("Concat", channels, self.add("Shape", other, start=2), axis=0)
        return self.add("Resize", x, "", "", size, mode="nearest", nearest_mode="floor",
                        coordinate_transformation_mode="asymmetric")

    def shaped(self, x, *shape):
        return self.add("Reshape", x, self.constant(shape))


def features(g):
    """(cameras × height × width, 32) of the pictures."""
    x = g.layer("c2", g.layer("c1", g.centred("pictures"), 2), 2)
    fine = g.and_layer("c3", x)
    y = g.and_layer("c6", g.and_layer("c5", g.layer("c4", fine, 2)))
    y = g.layer("c7", g.add("Concat", fine, g.as_large_as(y, fine), axis=1))
    return g.shaped(g.add("Transpose", g.and_layer("c8", y), perm=[0, 2, 3, 1]), -1, 32)


def ground(g, rows):
    """Maps over the ground."""
    taps = g.add("Mul", g.add("Gather", rows, "index"), g.add("Unsqueeze", "weight", g.constant([2])))
    lifted = g.shaped(g.add("ReduceSum", taps, g.constant([1]), keepdims=0), 1, ROWS, COLUMNS, 128)
    x = g.layer("b1", g.add("Transpose", lifted, perm=[0, 3, 1, 2]))
    g0 = g.and_layer("b2", x)
    g1 = g.and_layer("d2", g.layer("d1", g0, 2))
    g2 = g.and_layer("d4", g.layer("d3", g1, 2))
    v = g.and_layer("u2", g.layer("u1", g.add("Concat", g1, g.as_large_as(g2, g1), axis=1)))
    v = g.and_layer("u4", g.layer("u3", g.add("Concat", g0, g.as_large_as(v, g0), axis=1)))
    maps = g.add("Squeeze", g.layer("h2", g.layer("h1", v)), g.constant([0]))
    heat = g.add("Sigmoid", g.add("Slice", maps, g.constant([0]), g.constant([2])))
    rest = g.add("Slice", maps, g.constant([2]), g.constant([10]))
    g.add("Concat", heat, rest, axis=0, output="maps")


def signals(g):
    x = g.layer("s3", g.layer("s2", g.layer("s1", g.centred("crops"), 2), 2), 2)
    g.add("Softmax", g.add("Flatten", g.layer("s4", x)), axis=1, output="states")


def main(network, path):
    module = torch.jit.load(network, map_location="cpu")
    g = Graph({name: value.detach().numpy() for name, value in module.state_dict().items()})
    ground(g, features(g))
    signals(g)
    value = helper.make_tensor_value_info
    given = [value("pictures", TensorProto.UINT8, ["cameras", 3, HEIGHT, WIDTH]),
             value("index", TensorProto.INT64, ["places", "taps"]),
             value("weight", TensorProto.FLOAT, ["places", "taps"]),
             value("crops", TensorProto.UINT8, ["heads", 3, CROP, CROP])]
    answer = [value("maps", TensorProto.FLOAT, [10, ROWS, COLUMNS]), value("states", TensorProto.FLOAT, ["heads", 4])]
    graph = helper.make_graph(g.nodes, "HuntsmanPerception", given, answer, list(g.constants.values()))
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8,
                              producer_name="huntsman")
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


if __name__ == "__main__":
    main(*sys.argv[1:3])
