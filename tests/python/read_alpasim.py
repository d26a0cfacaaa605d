"""Drivers of carla-driver-interface, which serve AlpaSim's interface, drive Huntsman.

read_alpasim.py FOLDER; $HUNTSMAN is the program, $SECONDS how long it drives at each place.
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ["HUNTSMAN"]
SECONDS = os.environ.get("SECONDS", "15")
MAP = str(ROOT.parent / "shared/interop/opendrive/Town01.xodr")  # where it is

# A policy that looks at what it is given and follows the route at 6 m/s.
POLICY = """
import io
import numpy as np
from PIL import Image
from carla_driver_interface.policies.route_follower import RouteFollowerPolicy


class Looking(RouteFollowerPolicy):
    name = "looking"

    def __init__(self):
        super().__init__(cruise_speed_mps=6.0)

    def on_session_start(self, session):
        assert len(session.cameras) in (0, 8), session.cameras.keys()

    def drive(self, ctx):
        session = ctx.session
        for name, frames in session.frame_history.items():
            if not frames:
                continue
            picture = Image.open(io.BytesIO(frames[-1].image_bytes))
            spec = session.cameras[name].intrinsics
            assert picture.size == (spec.resolution_w, spec.resolution_h), (name, picture.size)
            assert np.asarray(picture).std() > 5, name
        for camera in session.cameras.values():
            assert camera.intrinsics.WhichOneof("camera_param"), camera
        return super().drive(ctx)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(policy, port, folder):
    log = open(folder / "policy.log", "w")
    environment = dict(os.environ, PYTHONPATH=str(folder))
    server = subprocess.Popen(
        [sys.executable, "-m", "carla_driver_interface.cli", "serve", "--mode", "alpasim", "--policy", policy,
         "--host", "127.0.0.1", "--port", str(port)],
        stdout=log, stderr=subprocess.STDOUT, env=environment)
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server
        assert server.poll() is None, (folder / "policy.log").read_text()
        time.sleep(0.1)
    raise AssertionError("the policy does not serve")


def run(folder, name, *arguments):
    out = folder / name
    done = subprocess.run([PROGRAM, "run", *arguments, "--out", str(out), "--no-video"],
                          capture_output=True, text=True, timeout=800)
    assert done.returncode in (0, 1), (arguments, done.returncode, done.stdout, done.stderr)
    return done.stdout, out


def main(folder):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / "looking.py").write_text(POLICY)
    port = free_port()
    server = serve("looking:Looking", port, folder)
    try:
        text, _ = run(folder, "town", "demonstration", "--seed", "3", "--seconds", "4", "--size", "160x100",
                      "--driver", "alpasim:127.0.0.1:%d" % port)
        assert "answers no trajectory" not in text, text
        # On a town and on somebody else's map; the same inputs give the same run.
        hashes = []
        for name, place in (("first", ()), ("second", ()), ("map", ("--map", MAP))):
            if place and not pathlib.Path(MAP).exists():
                continue
            _, out = run(folder, name, "demonstration", "--seed", "5", "--seconds", SECONDS, "--no-images", *place,
                         "--driver", "alpasim:127.0.0.1:%d" % port)
            result = json.loads(next(out.rglob("run.json")).read_text())
            print(name, result["sim_time_s"], "s", result["route"]["progress_m"], "m,", result["end_reason"])
            assert result["valid"] and result["route"]["progress_m"] > 20, result
            assert not any("alpasim" in note for note in result["notes"]), result["notes"]
            hashes.append(result["state_hash"])
        assert hashes[0] == hashes[1], hashes
    finally:
        server.terminate()
        server.wait(20)
    failed = [line for line in (folder / "policy.log").read_text().splitlines() if "Traceback" in line]
    assert not failed, (folder / "policy.log").read_text()[-3000:]
    print("drivers made for AlpaSim drive")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
