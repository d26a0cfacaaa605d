"""The examples of drivers: an ONNX network that is made here, under ONNX Runtime, and the driver in C++.

read_examples.py FOLDER; $HUNTSMAN is the program, $EXAMPLE_DRIVER the driver in C++. With $DRIVE the shipped
network drives a town under ONNX Runtime, too.
"""

import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM, EXAMPLE = os.environ["HUNTSMAN"], os.environ["EXAMPLE_DRIVER"]


def network(path):
    """Steers towards the route's point 10 m ahead, drives at 5 m/s, and looks at its pictures: the mean of
    all pixels shifts the steering by up to a thousandth."""
    def constant(name, values, kind=np.float32):
        return numpy_helper.from_array(np.array(values, kind), name)

    nodes = [
        helper.make_node("Gather", ["route", "row"], ["target"], axis=0),  # (1, 5)
        helper.make_node("Gather", ["target", "y"], ["side"], axis=1),  # (1, 1)
        helper.make_node("Mul", ["side", "gain"], ["turn"]),
        helper.make_node("Cast", ["images"], ["pixels"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["pixels"], ["mean"], keepdims=0),
        helper.make_node("Mul", ["mean", "little"], ["shift"]),
        helper.make_node("Add", ["turn", "shift"], ["steer2"]),
        helper.make_node("Reshape", ["steer2", "one"], ["steer"]),
        helper.make_node("Gather", ["motion", "zero"], ["speed"], axis=0),  # (1,)
        helper.make_node("Sub", ["wanted", "speed"], ["push"]),
        helper.make_node("Mul", ["push", "fifth"], ["pushed"]),
        helper.make_node("Relu", ["pushed"], ["throttle"]),
        helper.make_node("Neg", ["pushed"], ["pulled"]),
        helper.make_node("Relu", ["pulled"], ["brake"]),
        helper.make_node("Concat", ["steer", "throttle", "brake"], ["control"], axis=0),
    ]
    values = [constant("row", [10], np.int64), constant("y", [1], np.int64), constant("gain", 0.05),
              constant("little", 4e-6), constant("one", [1], np.int64), constant("zero", [0], np.int64),
              constant("wanted", [5.0]), constant("fifth", [0.2])]
    given = [helper.make_tensor_value_info("images", TensorProto.UINT8, ["n", 3, "h", "w"]),
             helper.make_tensor_value_info("motion", TensorProto.FLOAT, [5]),
             helper.make_tensor_value_info("route", TensorProto.FLOAT, [80, 5])]
    answer = [helper.make_tensor_value_info("control", TensorProto.FLOAT, [3])]
    graph = helper.make_graph(nodes, "driver", given, answer, values)
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8), str(path))


def checked(driver, *arguments):
    done = subprocess.run([PROGRAM, "driver", "check", driver, "--size", "160x100", "--json", *arguments],
                          capture_output=True, text=True, timeout=600)
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def drive(folder, driver, *arguments):
    done = subprocess.run([PROGRAM, "run", "demonstration", "--seed", "2001", "--traffic", "0", "--pedestrians", "0",
                           "--seconds", "8", "--driver", driver, "--out", str(folder), *arguments],
                          capture_output=True, text=True, timeout=800)
    assert done.returncode in (0, 1), (done.returncode, done.stdout, done.stderr)
    return json.loads(next(folder.rglob("run.json")).read_text())


def main(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    network(folder / "network.onnx")
    onnx_driver = "exec:" + shlex.join([sys.executable, str(ROOT / "python/examples/onnx_driver.py"),
                                        str(folder / "network.onnx")])
    os.environ["PYTHONPATH"] = str(ROOT / "python")
    report = checked(onnx_driver, "--moments", "6")
    assert report["pictures"] and report["same_twice"], report
    assert not report["violations"], report
    assert report["memory_mb"] > 20, report
    run = drive(folder / "onnx", onnx_driver, "--size", "160x100")
    assert run["route"]["progress_m"] > 25, run
    report = checked("exec:" + EXAMPLE, "--no-images", "--moments", "20")
    assert not report["violations"] and not report["pictures"], report
    run = drive(folder / "example", "exec:" + EXAMPLE, "--no-images")
    assert run["route"]["progress_m"] > 35, run
    perception = "exec:" + shlex.join([sys.executable, str(ROOT / "python/examples/perception_driver.py"),
                                       str(ROOT / "assets/networks/perception.onnx")])
    for rig in "eight_cameras", "surround_fisheye":
        report = checked(perception, "--moments", "4", "--against", "network", "--rig", rig)
        assert not report["violations"] and report["same_twice"], report
        assert report["against"]["most"] < 1e-4 and report["against"]["other"] == 0, report
    if "DRIVE" in os.environ:
        run = drive(folder / "perception", perception, "--size", "160x100")
        assert run["route"]["progress_m"] > 25, run
    print("the examples drive")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
