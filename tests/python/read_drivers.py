"""The Python package for drivers: against a simulator of a few lines, and against Huntsman itself.

$HUNTSMAN is the program; without it only the first part runs.
"""

import contextlib
import json
import mmap
import os
import pathlib
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python"
sys.path.insert(0, str(PACKAGE))

os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # before gRPC is imported; refusals are expected here
import grpc  # noqa: E402
import huntsman  # noqa: E402
import numpy as np  # noqa: E402
from certificates import make_certificates  # noqa: E402
from huntsman import messages  # noqa: E402

PROGRAM = os.environ.get("HUNTSMAN", "")
WIDTH, HEIGHT = 20, 16


# ---- A simulator of a few lines


class Simulator:
    """One stream to a driver."""

    def __init__(self, port, token=""):
        self.channel = grpc.insecure_channel("127.0.0.1:%d" % port)
        call = self.channel.stream_stream(
            "/huntsman.bridge.messages.DriverService/Drive",
            request_serializer=messages.ToDriver.SerializeToString,
            response_deserializer=messages.FromDriver.FromString,
        )
        self.requests, self.ready, self.ended = [], threading.Condition(), False
        metadata = [("authorization", "Bearer " + token)] if token else []
        self.replies = call(self._feed(), metadata=metadata, timeout=30)

    def _feed(self):
        while True:
            with self.ready:
                self.ready.wait_for(lambda: self.requests or self.ended)
                if not self.requests:
                    return
                request = self.requests.pop(0)
            yield request

    def ask(self, **what):
        with self.ready:
            self.requests.append(messages.ToDriver(**what))
            self.ready.notify()
        return next(self.replies)

    def greet(self, version=1, images=True, shared=True):
        cameras = [
            messages.CameraImage(name=name, width=WIDTH, height=HEIGHT, fx=30, fy=31, cx=10, cy=8,
                                 X_BC=messages.Pose(qw=1, x=1.5, z=1.2))
            for name in ("front", "rear")
        ]
        hello = messages.Hello(version=version, rate_hz=10, cameras=cameras, images=images, shared_frames=shared)
        return self.ask(hello=hello).hello

    def reset(self):
        return self.ask(reset=messages.Reset()).reset

    def drive(self, number, **frame):
        observation = frame.pop("observation", messages.Observation())
        observation.frame, observation.time_us = number, 100_000 * number
        return self.ask(frame=messages.Frame(observation=observation, **frame)).answer

    def close(self):
        with self.ready:
            self.ended = True
            self.ready.notify()
        self.channel.close()


@contextlib.contextmanager
def simulated(driver, **options):
    with huntsman.DriverServer(lambda: driver, "127.0.0.1:0", **options) as server:
        simulator = Simulator(server.port, options.get("token", ""))
        yield simulator
        simulator.close()


class Ring:
    """Shared memory as bridge/rpc/frame_ring.h lays it out, of two slots."""

    SLOT, FIRST, PIXELS = 8192, 4096, 64

    def __init__(self):
        self.descriptor = os.memfd_create("test")
        size = self.FIRST + 2 * self.SLOT
        os.ftruncate(self.descriptor, size)
        self.memory = mmap.mmap(self.descriptor, size)
        struct.pack_into("<8sIIQQQ", self.memory, 0, b"HMFRAMES", 1, 2, self.SLOT, self.FIRST, self.PIXELS)
        self.generation = 0
        self.name = "huntsman-test-%d" % os.getpid()
        self.listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listening.bind("\0" + self.name)
        self.listening.listen(1)
        threading.Thread(target=self._hand_over, daemon=True).start()

    def _hand_over(self):
        connection, _ = self.listening.accept()
        socket.send_fds(connection, [b"\0"], [self.descriptor])
        connection.close()
        self.listening.close()

    def attach(self):
        places = [
            messages.FramePlace(camera=name, width=WIDTH, height=HEIGHT, offset=1024 * i)
            for i, name in enumerate(("front", "rear"))
        ]
        return messages.Attach(socket=self.name, bytes=len(self.memory), slots=2, slot_bytes=self.SLOT,
                               slots_offset=self.FIRST, pixels_offset=self.PIXELS, places=places)

    def write(self, front, rear):
        self.generation += 1
        slot = (self.generation - 1) % 2
        start = self.FIRST + slot * self.SLOT
        for i, value in enumerate((front, rear)):
            at = start + self.PIXELS + 1024 * i
            self.memory[at:at + 3 * WIDTH * HEIGHT] = bytes([value]) * (3 * WIDTH * HEIGHT)
        struct.pack_into("<Q", self.memory, start, 2 * self.generation)
        return messages.SharedFrame(slot=slot, generation=self.generation)


# ---- The package


class Looker(huntsman.Driver):
    images = True

    def __init__(self):
        self.seen, self.resets = [], 0

    def reset(self):
        self.resets += 1

    def drive(self, observation):
        self.observation = observation
        self.images_of_frame = dict(observation.images)
        self.seen.append({name: int(image[0, 0, 0]) for name, image in observation.images.items()})
        return huntsman.Action(steer_rad=0.1, throttle=0.2)


def test_frames_in_shared_memory_are_views():
    driver, ring = Looker(), Ring()
    with simulated(driver) as simulator:
        hello = simulator.greet()
        assert hello.version == 1 and hello.name == "Looker"
        assert hello.wants.images and hello.wants.shared_frames and not hello.wants.truth
        assert simulator.ask(attach=ring.attach()).attach.failure == ""
        simulator.reset()
        for number in range(5):
            answer = simulator.drive(number, shared=ring.write(number, 100 + number))
            assert answer.failure == "", answer.failure
            assert answer.frame == number and answer.action.pedals.steer_rad == 0.1
    assert driver.resets == 1
    assert driver.seen == [{"front": i, "rear": 100 + i} for i in range(5)]
    picture = driver.images_of_frame["front"]
    assert picture.shape == (HEIGHT, WIDTH, 3) and picture.dtype == np.uint8
    assert not picture.flags.writeable and not picture.flags.owndata
    ring.write(0, 0)
    ring.memory[ring.FIRST + ring.PIXELS] = 77  # slot 0, where frame 4 was written: the same bytes
    assert picture[0, 0, 0] == 77
    camera = driver.observation.cameras["rear"]
    assert np.allclose(camera.intrinsics, [[30, 0, 10], [0, 31, 8], [0, 0, 1]])
    assert np.allclose(camera.body_from_camera[:3, 3], [1.5, 0, 1.2])


def test_a_frame_that_was_overwritten_is_a_failure():
    class Slow(Looker):
        def drive(self, observation):
            ring.write(9, 9)
            ring.write(9, 9)
            return super().drive(observation)

    ring = Ring()
    with simulated(Slow()) as simulator:
        simulator.greet()
        simulator.ask(attach=ring.attach())
        first = ring.write(1, 1)
        assert "overwritten" in simulator.drive(0, shared=first).failure
        assert "not in the shared memory any more" in simulator.drive(1, shared=first).failure


def test_memory_that_cannot_be_had_is_said_so():
    with simulated(Looker()) as simulator:
        simulator.greet()
        attach = messages.Attach(socket="huntsman-nobody-there")
        assert "refused" in simulator.ask(attach=attach).attach.failure


def test_frames_in_messages():
    driver = Looker()
    driver.size, driver.format = (10, 8), "planar"
    with simulated(driver) as simulator:
        wants = simulator.greet(shared=False).wants
        assert (wants.width, wants.height, wants.format) == (10, 8, messages.PIXELS_RGB8_PLANAR)
        assert not wants.shared_frames
        image = messages.CameraImage(name="front", width=10, height=8, rgb=bytes(range(240)))
        answer = simulator.drive(0, observation=messages.Observation(cameras=[image]))
        assert answer.failure == "", answer.failure
        assert driver.images_of_frame["front"].shape == (3, 8, 10)
        assert driver.images_of_frame["front"][1, 0, 0] == 80
        assert np.allclose(driver.observation.cameras["front"].intrinsics[0], [15, 0, 5])
        image.rgb = b"short"
        answer = simulator.drive(1, observation=messages.Observation(cameras=[image]))
        assert "has 5 bytes, expected 3 x 10 x 8" in answer.failure


def test_what_a_driver_raises_is_told_and_it_goes_on():
    class Failing(huntsman.Driver):
        answers = iter([
            ValueError("lost\nin thought"), None, huntsman.Action(throttle=float("nan")),
            huntsman.Action(trajectory=np.zeros((1, 5))), huntsman.Action(trajectory=[[1, 0, 0, 0, 0]] * 2),
            huntsman.Action(trajectory=[[0, 0, 0, 0, 5], [1, 5, 0, 0, 5]]),
        ])

        def drive(self, observation):
            answer = next(self.answers)
            if isinstance(answer, Exception):
                raise answer
            return answer

    with simulated(Failing()) as simulator:
        simulator.greet()
        failures = [simulator.drive(i).failure for i in range(6)]
    assert failures[0] == "ValueError: lost\nin thought"
    assert failures[1] == "TypeError: drive returned a NoneType, expected huntsman.Action"
    assert "expected finite numbers" in failures[2]
    assert "has the shape (1, 5), expected (T, 5)" in failures[3]
    assert "do not increase strictly" in failures[4]
    assert failures[5] == ""


def test_what_cannot_be_is_refused_before_the_run():
    with simulated(Looker()) as simulator:
        assert "version 2" in simulator.greet(version=2).refusal
    driver = Looker()
    driver.format = "yuv"
    with simulated(driver) as simulator:
        assert "expected rgb, bgr or planar" in simulator.greet().refusal


def test_tokens_sessions_and_ports():
    with huntsman.DriverServer(Looker, "127.0.0.1:0", token="sesame") as server:
        for token in ("", "other"):
            try:
                Simulator(server.port, token).greet()
                raise AssertionError("it was let in with the token %r" % token)
            except grpc.RpcError as error:
                assert error.code() == grpc.StatusCode.UNAUTHENTICATED
        first = Simulator(server.port, "sesame")
        first.greet()
        try:
            Simulator(server.port, "sesame").greet()
            raise AssertionError("a second run was let in")
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.RESOURCE_EXHAUSTED
        first.close()
        for _ in range(100):  # a simulator that is gone makes room
            try:
                Simulator(server.port, "sesame").greet()
                break
            except grpc.RpcError:
                time.sleep(0.05)
        else:
            raise AssertionError("there is no room after the first run")
        try:
            huntsman.DriverServer(Looker, "127.0.0.1:%d" % server.port)
            raise AssertionError("two servers have one port")
        except huntsman.ServeError as error:
            assert "not in use" in str(error)
    try:
        huntsman.DriverServer(Looker, "0.0.0.0:0")
        raise AssertionError("other machines were let in without TLS")
    except huntsman.ServeError as error:
        assert "expected tls=" in str(error)


def python(code, **variables):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HUNTSMAN_DRIVER")}
    environment.update(PYTHONPATH=str(PACKAGE), **variables)
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)


def test_cameras_say_where_points_appear():
    message = messages.CameraImage(name="c", width=640, height=400, fx=300, fy=310, cx=320, cy=200, max_angle_rad=1.2)
    pose = message.X_BC  # z of C along x of B, x of C to the right, 2 m ahead of B's origin
    pose.qw, pose.qx, pose.qy, pose.qz, pose.x, pose.z = 0.5, -0.5, 0.5, -0.5, 2, 1
    points = [[12, 0, 1], [12, 1, 1], [12, 0, 3], [-5, 0, 1], [2.1, 5, 1], [2, 0, 1]]

    def camera(size=None, **changes):
        changed = messages.CameraImage()
        changed.CopyFrom(message)
        changed.MergeFrom(messages.CameraImage(**changes))
        return huntsman.observation.Camera.of(changed, size)

    pixels, depths = camera().project(points)
    np.testing.assert_allclose(pixels[:3], [[320, 200], [290, 200], [320, 138]], rtol=1e-12)
    np.testing.assert_allclose(depths[:3], 10, rtol=1e-12)
    assert np.isnan(pixels[3:]).all() and np.isnan(depths[3:]).all()  # behind, beside, nowhere
    np.testing.assert_allclose(camera((320, 100)).project(points[1])[0], [[145, 50]], rtol=1e-12)

    # One unit to the left at ten units ahead, after OpenCV's formula, term by term.
    k, p, s = [0.1, -0.2, 0.3, 0.05, 0.02, 0.01], [0.01, -0.02], [0.003, 0.004, -0.005, 0.006]
    a, q = -0.1, 0.01
    bent = (a * (1 + k[0] * q + k[1] * q**2 + k[2] * q**3) / (1 + k[3] * q + k[4] * q**2 + k[5] * q**3)
            + p[1] * (q + 2 * a * a) + s[0] * q + s[1] * q**2)
    pixels, depths = camera(lens_k=k, lens_p=p, lens_s=s).project(points[1])
    np.testing.assert_allclose(pixels[0], [300 * bent + 320, 310 * (p[0] * q + s[2] * q + s[3] * q**2) + 200],
                               rtol=1e-12)
    theta, size = np.arctan(0.1), np.hypot(10, 1)
    for model, radius in ((messages.LENS_KANNALA_BRANDT, theta * (1 + k[0] * theta**2)),
                          (messages.LENS_F_THETA, theta * (1 + k[0] * theta))):
        pixels, depths = camera(lens_model=model, lens_k=k[:1]).project(points[1])
        np.testing.assert_allclose(pixels, [[320 - 300 * radius, 200]], rtol=1e-12)
        np.testing.assert_allclose(depths, size, rtol=1e-12)
    pixels, _ = camera(lens_model=messages.LENS_EQUIRECTANGULAR).project([[12, 1, 1], [12, 1, 2], [-8, 1, 1]])
    np.testing.assert_allclose(pixels[:2], [[320 - 300 * theta, 200], [320 - 300 * theta, 200 - 310 * np.arctan(1 / size)]],
                               rtol=1e-12)
    assert np.isnan(pixels[2]).all()
    # Round lenses see behind themselves, but not straight behind.
    around = camera(lens_model=messages.LENS_KANNALA_BRANDT, max_angle_rad=3.2).project([[-8, 1, 1], [-8, 0, 1]])[0]
    assert np.isfinite(around[0]).all() and np.isnan(around[1]).all(), around


def test_sentences_where_something_is_missing():
    without = python("import sys; sys.modules['numpy'] = None; import huntsman")
    assert without.stderr.strip().splitlines()[-1] == (
        "ImportError: huntsman needs NumPy for pictures and trajectories: pip install numpy"
    ), without.stderr
    alone = python("import huntsman; huntsman.Driver().serve()")
    assert alone.returncode == 1
    assert alone.stderr == (
        'huntsman: there is no address to serve at, expected serve("127.0.0.1:5005") or a start by '
        "huntsman run --driver exec:COMMAND\n"
    ), alone.stderr


def test_the_generated_messages_are_those_of_the_definitions():
    if shutil.which("protoc") is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([str(PACKAGE / "generate"), folder], check=True)
        for file in sorted(pathlib.Path(folder).iterdir()):
            kept = PACKAGE / "huntsman" / "messages" / file.name
            assert kept.read_text() == file.read_text(), "%s is out of date: run python/generate" % kept


def test_the_plain_example_has_at_most_forty_lines():
    lines = (PACKAGE / "examples" / "lane_keeping.py").read_text().splitlines()
    assert len(lines) <= 40, len(lines)


# ---- With Huntsman itself


def run(folder, driver, *more):
    environment = dict(os.environ, PYTHONPATH=str(PACKAGE))
    done = subprocess.run(
        [PROGRAM, "run", "--driver", driver, "--out", str(folder), "--no-video", "--catalogue",
         str(folder) + ".db", *more],
        env=environment, capture_output=True, text=True, timeout=500,
    )
    assert done.returncode in (0, 1), done.stderr
    return json.loads((folder / "run.json").read_text()), done


def program_test(test):
    test.needs_program = True
    return test


def command(file):
    return "exec:%s %s" % (sys.executable, file)


@program_test
def test_the_oracle_in_python_gives_the_same_states(folder):
    common = ("--no-images", "--seconds", "6")
    here, _ = run(folder / "here", "oracle", *common)
    there, done = run(folder / "there", command(PACKAGE / "examples" / "oracle.py"), *common)
    assert here["state_hash"] == there["state_hash"], done.stderr
    assert there["driver_faults"] is None and there["comparable"] is True
    assert "the driver was given the truth" in there["notes"]


@program_test
def test_the_plain_example_drives(folder):
    result, done = run(folder / "plain", command(PACKAGE / "examples" / "lane_keeping.py"), "--no-images",
                       "--seconds", "20")
    assert result["valid"] and result["driver_faults"] is None, done.stderr
    assert result["route"]["progress_m"] > 40, result["route"]
    assert not [i for i in result["infractions"] if "collision" in i["kind"]], result["infractions"]


@program_test
def test_pictures_come_through_shared_memory(folder):
    file = folder / "looks.py"
    file.write_text(
        "import huntsman\n"
        "class Looks(huntsman.Driver):\n"
        "    images = True\n"
        "    cameras = ('main', 'rear')\n"
        "    size = (64, 40)\n"
        "    def drive(self, o):\n"
        "        assert [i.shape for i in o.images.values()] == [(40, 64, 3)] * 2\n"
        "        assert not o.images['main'].flags.owndata and o.images['main'].std() > 1\n"
        "        return huntsman.Action(throttle=0.1)\n"
        "Looks().serve()\n"
    )
    result, done = run(folder / "looks", command(file), "--seconds", "1", "--size", "128x80", "--quality", "fast")
    assert result["valid"] and result["driver_faults"] is None, done.stderr
    assert not [n for n in result["notes"] if "messages" in n], result["notes"]


@program_test
def test_a_driver_that_raises_is_held_and_named(folder):
    file = folder / "raises.py"
    file.write_text(
        "import huntsman\n"
        "class Raises(huntsman.Driver):\n"
        "    def drive(self, o):\n"
        "        if o.frame == 5: raise KeyError('map')\n"
        "        return huntsman.Action(throttle=0.1)\n"
        "Raises().serve()\n"
    )
    result, done = run(folder / "raises", command(file), "--no-images", "--seconds", "2", "--on-driver-fault", "hold")
    assert result["valid"], done.stderr
    assert result["driver_faults"]["frames"] == 1
    assert result["driver_faults"]["reasons"][0]["what"] == "it says: KeyError: 'map'"
    assert 'raise KeyError' in done.stderr  # the traceback, with the line


@program_test
def test_another_machine_is_reached_with_tls_and_a_token(folder):
    made = make_certificates(folder)
    if made is None:
        return
    key, certificate, other = made
    (folder / "token").write_text("sesame\n")
    tls = (certificate.read_bytes(), key.read_bytes())

    class Rolls(huntsman.Driver):
        def drive(self, observation):
            return huntsman.Action(throttle=0.1)

    with huntsman.DriverServer(Rolls, "127.0.0.1:0", token="sesame", tls=tls) as server:
        driver = "grpc:localhost:%d" % server.port
        common = ("--no-images", "--seconds", "1", "--driver-token-file", str(folder / "token"))
        result, _ = run(folder / "tls", driver, *common, "--driver-tls-ca", str(certificate))
        assert result["valid"] and result["driver_faults"] is None
        # Who is signed by somebody else is not spoken to; nor is one without TLS.
        for more in (("--driver-tls-ca", str(other)), ()):
            done = subprocess.run([PROGRAM, "run", "--driver", driver, "--out", str(folder / "no"), *common, *more],
                                  capture_output=True, text=True, timeout=120)
            assert done.returncode == 2 and "nobody answers" in done.stderr, done.stderr


@program_test
def test_a_driver_does_not_outlive_a_killed_simulator(folder):
    file = folder / "waits.py"
    file.write_text(
        "import os, huntsman\n"
        "class Waits(huntsman.Driver):\n"
        "    def drive(self, o):\n"
        "        open(%r, 'w').write('%%d\\n' %% os.getpid())\n"
        "        return huntsman.Action(brake=1)\n"
        "Waits().serve()\n" % str(folder / "id")
    )
    simulator = subprocess.Popen(
        [PROGRAM, "run", "--driver", "exec:sh -c '%s %s; true'" % (sys.executable, file), "--no-images", "--seconds",
         "5000", "--out", str(folder / "killed"), "--no-video"],
        env=dict(os.environ, PYTHONPATH=str(PACKAGE)), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    for _ in range(3000):
        if (folder / "id").exists() and (folder / "id").read_text().endswith("\n"):
            break
        time.sleep(0.1)
    driver = int((folder / "id").read_text())
    os.kill(driver, 0)
    simulator.send_signal(signal.SIGKILL)
    simulator.wait()
    for _ in range(200):
        try:
            state = re.search(r"\) (\w)", pathlib.Path("/proc/%d/stat" % driver).read_text()).group(1)
        except FileNotFoundError:
            return
        if state == "Z":
            return
        time.sleep(0.05)
    raise AssertionError("the driver is still there")


def main():
    wanted = re.compile(os.environ.get("ONLY", ""))
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_") and wanted.search(name)]
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, test in tests:
        needs_program = getattr(test, "needs_program", False)
        if needs_program and not PROGRAM:
            print("skipped", name)
            continue
        test(folder) if needs_program else test()
        print("ok", name, flush=True)
    assert tests


if __name__ == "__main__":
    main()
