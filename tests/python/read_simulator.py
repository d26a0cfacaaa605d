"""The Python package's simulator, environments and readers, against Huntsman itself.

$HUNTSMAN is the program. ONLY=NAME runs the tests with that in their names.
"""

import gc
import io
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import time
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "python"
sys.path.insert(0, str(PACKAGE))

import huntsman  # noqa: E402
import numpy as np  # noqa: E402
from certificates import make_certificates  # noqa: E402
from huntsman import messages, pictures  # noqa: E402

PROGRAM = os.environ.get("HUNTSMAN", "")
# A small town, quick to build.
SMALL = dict(seed=1234, traffic=10, pedestrians=10)


def fails(call, *words, kind=huntsman.SimulatorError):
    try:
        call()
    except kind as error:
        text = str(error)
        assert "\n" not in text, text
        for word in words:
            assert word in text, "%r is not in: %s" % (word, text)
        return text
    raise AssertionError("it did not fail, expected %s" % (words,))


def wait_until(true, seconds=10.0):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it took too long"
        time.sleep(0.02)


def runs_still(pid):
    try:
        return re.search(r"\) (\w)", pathlib.Path("/proc/%d/stat" % pid).read_text()).group(1) not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def program_of(simulator):
    return simulator._link.process.pid


# ---- Sessions


def test_a_session_is_stepped_and_judged():
    with huntsman.Simulator(seconds=3, truth=True, **SMALL) as simulator:
        moment = simulator.observe()
        assert moment.tick == 0 and moment.frame == 0 and not moment.ended
        assert len(moment.route) > 50 and moment.truth.objects and not moment.images
        for i in range(1, 30):
            simulator.act(huntsman.Action(throttle=0.5))
            moment = simulator.step()
            assert moment.frame == i and moment.tick == 20 * i
        assert moment.motion.speed_mps > 3 and moment.progress_m > 3
        assert np.allclose(moment.world_from_body[3], [0, 0, 0, 1])
        moment = simulator.step(frames=50)
        assert moment.ended and moment.time_is_up and moment.time_s == 3.0
        assert "has ended" in fails(simulator.step)
        result = simulator.result()
        assert result["end_reason"] == "time is up" and result["driver"] == "client"
        assert int(result["state_hash"], 16) == moment.state_hash


def drive(simulator, steps, throttle=0.4):
    return [simulator.step(huntsman.Action(throttle=throttle, steer_rad=0.02)).state_hash for _ in range(steps)]


def test_the_same_actions_give_the_same_states_and_forks_diverge():
    with huntsman.Simulator(seconds=10, **SMALL) as one, huntsman.Simulator(seconds=10, **SMALL) as two:
        hashes = drive(one, 20)
        assert drive(two, 20) == hashes
        with one.fork(200) as fork:  # tick of frame 10
            assert fork.tick == 200 and fork.observe().state_hash == hashes[9]
            assert drive(fork, 10) == hashes[10:]
        with one.fork(200) as fork:
            assert drive(fork, 1, throttle=0.9) != hashes[10:11]
        with two.restore(one.snapshot(), 200) as restored:
            assert drive(restored, 10) == hashes[10:]
        with one.restore(one.snapshot()) as restored:
            assert restored.observe().state_hash == hashes[-1]
        assert one.reset().state_hash != hashes[0] and drive(one, 20) == hashes
        assert one.reset(seed=1235).state_hash != two.reset().state_hash
        fails(lambda: one.fork(10_000), "the tick of the fork is 10000, expected 0 to")
        fails(lambda: one.restore(b"nonsense"), "not a recording")


def test_a_snapshot_is_a_recording_that_replays(folder):
    with huntsman.Simulator(seconds=10, **SMALL) as simulator:
        drive(simulator, 10)
        (folder / "recording.hmr").write_bytes(simulator.snapshot())
    done = subprocess.run([PROGRAM, "replay", "--verify", str(folder / "recording.hmr")], capture_output=True, text=True)
    assert done.returncode == 0 and "identical" in done.stdout, done.stderr


def test_trajectories_are_followed_and_maps_driven_on():
    straight = [[t, 5 * t, 0, 0, 5] for t in (0, 1, 2, 3)]
    with huntsman.Simulator(seconds=5, **SMALL) as simulator:
        for _ in range(20):
            moment = simulator.step(huntsman.Action(trajectory=straight))
        assert moment.motion.speed_mps > 1


def test_the_view_from_above():
    with huntsman.Simulator(seconds=5, top_view=(64, 60.0), **SMALL) as simulator:
        view = simulator.observe().top_view
        assert view.shape == (64, 64, 3) and view.dtype == np.uint8
        assert tuple(view[31, 31]) == (60, 160, 255)  # the ego in the middle
        assert (view == (96, 96, 100)).all(axis=2).any() and (view == (70, 110, 170)).all(axis=2).any()
        page = simulator._repr_html_()
        assert page.startswith("<table>") and "data:image/png;base64," in page
        assert simulator.observe().picture("top_view")._repr_png_().startswith(b"\x89PNG")
    fails(lambda: huntsman.Simulator(top_view=(4, 60.0), **SMALL), "4 pixels", "expected 16 to 1024")


def test_pictures_are_views_of_shared_memory():
    common = dict(seconds=3, images=True, cameras=("main", "rear"), size=(64, 40), quality="fast", **SMALL)
    with huntsman.Simulator(**common) as simulator:
        first = simulator.observe()
        assert list(first.images) == ["main", "rear"] and list(simulator.cameras) == ["main", "rear"]
        picture = first.images["main"]
        assert picture.shape == (40, 64, 3) and picture.std() > 1
        assert not picture.flags.owndata and not picture.flags.writeable
        kept = [np.array(picture)] + [np.array(simulator.step(huntsman.Action(throttle=1)).images["main"])
                                      for _ in range(5)]
        # Sessions side by side change no bit of each other, and messages say the same.
        with huntsman.Simulator(shared=False, address=simulator._link.address, token=simulator._link.token,
                                **common) as other:
            again = [np.array(other.observe().images["main"])]
            simulator.step()
            for _ in range(5):
                again.append(np.array(other.step(huntsman.Action(throttle=1)).images["main"]))
                simulator.step()
            assert all((a == b).all() for a, b in zip(kept, again))
        with simulator.fork(0) as fork:
            assert fork.observe().images["rear"].std() > 1
        assert b"IHDR" in pictures.to_png(kept[0])
        assert simulator.observe()._repr_html_().count("<img") == 2
    fails(lambda: huntsman.Simulator(images=True, cameras=("mane",), **SMALL), "mane")


# ---- Bad input


def test_what_cannot_be_is_a_sentence():
    fails(lambda: huntsman.Simulator("no_such_scenario"), "no_such_scenario")
    fails(lambda: huntsman.Simulator(seed=-1), "--seed is -1")
    fails(lambda: huntsman.Simulator(seed="seven"), "of another kind")
    fails(lambda: huntsman.Simulator(size=(4, 4), **SMALL), "--size is 4x4")
    fails(lambda: huntsman.Simulator(format="yuv"), "expected rgb, bgr or planar")
    fails(lambda: huntsman.Simulator(program="/no/such/program"), "/no/such/program is not a program")
    fails(lambda: huntsman.Simulator(program="/bin/false"), "exited with code 1")
    fails(lambda: huntsman.Simulator(address="127.0.0.1:1"), "no simulator answers at 127.0.0.1:1")
    with huntsman.Simulator(seconds=3, **SMALL) as simulator:
        nan = float("nan")
        fails(lambda: simulator.step(huntsman.Action(throttle=nan)), "expected finite", kind=ValueError)
        fails(lambda: simulator.act(huntsman.Action(trajectory=np.zeros((1, 5)))), "shape (1, 5)", kind=ValueError)
        fails(lambda: simulator.step(frames=2000), "2000 camera ticks, expected 1 to 1000")
        # What a foreign client might send.
        pedals = messages.Action(pedals=messages.Pedals(throttle=nan))
        fails(lambda: simulator._ask(step=messages.Step(action=pedals)), "the client")
        fails(lambda: simulator._ask(begin=messages.Begin(version=2)), "version 2 of the protocol, expected 1")
        fails(lambda: simulator._ask(begin=messages.Begin(version=1)), "begins with nothing")
        fork = messages.Fork(session="nobody")
        fails(lambda: simulator._ask(begin=messages.Begin(version=1, fork=fork)), "no session nobody")
        assert simulator.step().tick == 20  # and it goes on
        fails(lambda: simulator.reset(sead=1), "there is no setting sead")
        address, token = simulator._link.address, simulator._link.token
        fails(lambda: huntsman.Simulator(address=address, token="wrong"), "does not accept the token")
        assert huntsman.health(address, token).sessions == 1
    fails(simulator.step, "is over")


def serving(*flags):
    process = subprocess.Popen([PROGRAM, "serve", *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    assert line.startswith("serving at "), process.stderr.read()
    return process, line.split()[-1]


def end(process):
    process.terminate()
    process.communicate(timeout=10)


def test_addresses_limits_and_large_messages(folder):
    process, address = serving("--listen", "127.0.0.1:0", "--most-sessions", "1")
    try:
        with huntsman.Simulator(address=address, seconds=3, **SMALL) as simulator:
            fails(lambda: huntsman.Simulator(address=address, **SMALL), "has 1 sessions, expected no more")
            large = messages.Recorded(recording=bytes(100 << 20))
            fails(lambda: simulator._ask(begin=messages.Begin(version=1, recorded=large)), "larger than max")
        in_use = subprocess.run([PROGRAM, "serve", "--listen", address], capture_output=True, text=True)
        assert in_use.returncode == 2 and "not in use" in in_use.stderr, in_use.stderr
        # Who connects and says nothing does not keep others out.
        with socket.create_connection(("127.0.0.1", int(address.split(":")[1]))):
            wait_until(lambda: huntsman.health(address).sessions == 0)
            huntsman.Simulator(address=address, seconds=3, **SMALL).close()
    finally:
        end(process)
    path = folder / "socket"
    process, address = serving("--listen", "unix:%s" % path)
    assert oct(path.stat().st_mode & 0o777) == "0o700"
    in_use = subprocess.run([PROGRAM, "serve", "--listen", address], capture_output=True, text=True)
    assert in_use.returncode == 2 and "is in use" in in_use.stderr, in_use.stderr
    process.kill()
    process.communicate()
    process, address = serving("--listen", "unix:%s" % path)  # what a killed one left is no obstacle
    end(process)
    assert not path.exists()
    open_to_all = subprocess.run([PROGRAM, "serve", "--listen", "0.0.0.0:0"], capture_output=True, text=True)
    assert open_to_all.returncode == 2 and "expected a certificate" in open_to_all.stderr, open_to_all.stderr


def test_another_machine_reaches_it_with_tls_and_the_token(folder):
    made = make_certificates(folder)
    if made is None:
        return
    key, certificate, other = made
    (folder / "token").write_text("sesame\n")
    process, address = serving("--listen", "0.0.0.0:0", "--token-file", str(folder / "token"), "--tls-certificate",
                               str(certificate), "--tls-key", str(key))
    try:
        address = "localhost:" + address.split(":")[-1]
        by_tls = dict(address=address, tls_ca=certificate.read_bytes(), seconds=3, images=True, **SMALL)
        with huntsman.Simulator(token="sesame", **by_tls) as simulator:
            assert simulator.step(huntsman.Action(throttle=0.3)).images
        fails(lambda: huntsman.Simulator(token="salami", **by_tls), "does not accept the token")
        # Who is signed by somebody else is not spoken to; nor is one without TLS.
        for tls_ca in (other.read_bytes(), None):
            fails(lambda: huntsman.Simulator(token="sesame", **{**by_tls, "tls_ca": tls_ca}), "")
    finally:
        end(process)


def test_a_client_that_never_reads_holds_nobody_up():
    import grpc

    process, address = serving("--listen", "127.0.0.1:0")
    try:
        channel = grpc.insecure_channel(address)
        call = channel.stream_stream(
            "/huntsman.bridge.messages.SimulatorService/Simulate",
            request_serializer=messages.ToSimulator.SerializeToString,
            response_deserializer=messages.FromSimulator.FromString)
        settings = messages.Settings(seed=1234, traffic=0, pedestrians=0)
        begin = messages.ToSimulator(begin=messages.Begin(version=1, settings=settings,
                                                          top_view=messages.TopViewWanted(pixels=1024, metres=100)))
        observe = messages.ToSimulator(observe=messages.Observe())
        replies = call(iter([begin] + 100 * [observe]))
        wait_until(lambda: huntsman.health(address).sessions == 1)
        with huntsman.Simulator(address=address, seconds=3, **SMALL) as simulator:
            simulator.step()
        replies.cancel()
        channel.close()
        wait_until(lambda: huntsman.health(address).sessions == 0)
    finally:
        end(process)


def test_killed_programs_are_told_of():
    simulator = huntsman.Simulator(seconds=3, **SMALL)
    os.kill(program_of(simulator), signal.SIGKILL)
    fails(simulator.step, "the simulator is gone", "signal 9")
    simulator.close()


def test_a_program_does_not_outlive_a_killed_python(folder):
    code = (
        "import huntsman, time, sys\n"
        "s = huntsman.Simulator(seconds=3, seed=1234, traffic=0, pedestrians=0)\n"
        "print(s._link.process.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    environment = dict(os.environ, PYTHONPATH=str(PACKAGE))
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, env=environment, text=True)
    program = int(child.stdout.readline())
    assert runs_still(program)
    child.kill()
    child.communicate()
    wait_until(lambda: not runs_still(program))


def test_a_fork_of_python_leaves_the_simulator_alone():
    with huntsman.Simulator(seconds=3, **SMALL) as simulator:
        child = os.fork()
        if child == 0:
            code = 1
            try:
                simulator.step()
            except huntsman.SimulatorError as error:
                code = 0 if "forked from" in str(error) else 2
            simulator.close()
            os._exit(code)
        assert os.waitpid(child, 0)[1] == 0
        assert simulator.step().tick == 20


def test_a_forgotten_simulator_ends_its_program():
    simulator = huntsman.Simulator(seconds=3, **SMALL)
    program = program_of(simulator)
    del simulator
    gc.collect()
    wait_until(lambda: not runs_still(program))


def test_frames_go_through_messages_where_memory_is_exhausted(folder):
    limited = folder / "limited"
    limited.write_text('#!/bin/bash\nulimit -f 16\nexec "%s" "$@"\n' % PROGRAM)  # of no file more than 16 kB
    limited.chmod(0o755)
    with huntsman.Simulator(program=limited, seconds=3, images=True, cameras=("main",), size=(64, 40), quality="fast",
                            **SMALL) as simulator:
        assert any("pictures come in messages" in note for note in simulator.begun.notes), simulator.begun.notes
        picture = simulator.step().images["main"]
        assert picture.shape == (40, 64, 3) and picture.std() > 1 and not picture.flags.writeable


# ---- Environments


def environments():
    small = dict(SMALL, seconds=4)
    yield "pedals", dict(small)
    yield "trajectory", dict(small, action="trajectory")
    yield "birds_eye", dict(small, observation="birds_eye")
    yield "images", dict(small, observation="images")


def test_gymnasium_checks_every_variant():
    import gymnasium
    import huntsman.gym  # noqa: F401
    from gymnasium.utils.env_checker import check_env

    for name, options in environments():
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            environment = gymnasium.make("huntsman/Drive-v0", render_mode="rgb_array", **options)
            check_env(environment.unwrapped)
            environment.close()


def test_seeds_reproduce_and_draw_towns():
    from huntsman.gym import DriveEnv

    environment = DriveEnv(seeds=(1234, 1235, 1236), traffic=5, pedestrians=5, seconds=2)
    first, _ = environment.reset(seed=5)
    towns = [environment._simulator.begun.seed] + [
        environment.reset() and environment._simulator.begun.seed for _ in range(6)]
    again, _ = environment.reset(seed=5)
    assert (first == again).all()
    assert towns == [environment._simulator.begun.seed] + [
        environment.reset() and environment._simulator.begun.seed for _ in range(6)]
    assert len(set(towns)) > 1
    environment.reset(options={"seed": 1300})
    assert environment._simulator.begun.seed == 1300
    environment.close()


def test_time_truncates_collisions_terminate_and_terms_add_up():
    from huntsman.gym import DriveEnv

    environment = DriveEnv(seconds=1, **SMALL)
    environment.reset(seed=1)
    for _ in range(10):
        _, reward, terminated, truncated, info = environment.step(np.zeros(2, np.float32))
        assert abs(reward - sum(info["rewards"].values())) < 1e-12
    assert truncated and not terminated and info["end_reason"] == "time is up"
    environment.close()
    # Full throttle off the road meets something before long.
    environment = DriveEnv(seconds=60, rewards={"collision": 3, "mine": lambda before, now: 1.0}, **SMALL)
    environment.reset(seed=1)
    ended = False
    while not ended:
        _, reward, terminated, truncated, info = environment.step(np.array([0.2, 1], np.float32))
        ended = terminated or truncated
    collided = any("collision" in kind for kind in info["events"])
    assert terminated and (collided or "off_route" in info["events"]), info
    assert info["rewards"] == {"collision": -3.0 if collided else 0.0, "mine": 1.0}
    assert reward == (-2.0 if collided else 1.0)
    fails(lambda: environment.step([float("nan"), 0]), "the episode is over", kind=Exception)
    environment.reset(seed=1)
    fails(lambda: environment.step([float("nan"), 0]), "finite", kind=ValueError)
    environment.close()
    fails(lambda: DriveEnv(rewards={"progres": 1}), "there is no reward 'progres'", kind=ValueError)


def make():
    from huntsman.gym import DriveEnv

    return DriveEnv(seconds=1, **SMALL)


def test_vectors_of_environments():
    import gymnasium
    from gymnasium.vector import AsyncVectorEnv, AutoresetMode

    with huntsman.Simulator(seconds=3, **SMALL):  # gRPC is in use where the workers are forked off
        vector = AsyncVectorEnv([make, make], autoreset_mode=AutoresetMode.NEXT_STEP)
        assert vector.metadata["autoreset_mode"] == AutoresetMode.NEXT_STEP
        observations, _ = vector.reset(seed=[1, 2])
        assert observations.shape == (2, 118)
        for i in range(12):
            observations, rewards, terminated, truncated, infos = vector.step(np.zeros((2, 2), np.float32))
            assert list(truncated) == [i == 9] * 2
        vector.close()
    assert gymnasium.__version__ >= "1.0"


# ---- Leaks


def memory_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path("/proc/%d/status" % pid).read_text()).group(1)) / 1024


def held(pid):
    """Descriptors and mapped frames."""
    maps = pathlib.Path("/proc/%d/maps" % pid).read_text()
    return len(os.listdir("/proc/%d/fd" % pid)), maps.count("memfd:")


def resets(environment, count):
    """Of this process and the program: memory [MB], descriptors, shared frames."""
    for _ in range(count):
        environment.reset(seed=1)
        environment.step(environment.action_space.sample())
    gc.collect()
    pids = (os.getpid(), program_of(environment._simulator))
    return [memory_mb(pid) for pid in pids], [held(pid) for pid in pids]


def test_resets_leak_nothing():
    from huntsman.gym import DriveEnv

    count = int(os.environ.get("RESETS", "20"))
    segments = set(os.listdir("/dev/shm"))
    for options in (dict(), dict(observation="images", cameras=("main",), size=(32, 20))):
        environment = DriveEnv(seconds=5, seed=1234, traffic=3, pedestrians=3, **options)
        resets(environment, max(10, count // 10))
        memory, before = resets(environment, 1)
        start = time.monotonic()
        memory_after, after = resets(environment, count)
        print("%d resets, %.1f ms each; memory [MB] %s to %s, held %s to %s" % (
            count, 1e3 * (time.monotonic() - start) / count, memory, memory_after, before, after))
        assert before == after
        assert all(b - a < 20 + 0.05 * a for a, b in zip(memory, memory_after))
        program = program_of(environment._simulator)
        environment.close()
        assert not runs_still(program)
    assert set(os.listdir("/dev/shm")) == segments


# ---- Readers


def test_runs_and_failures_as_tables(folder):
    with huntsman.Simulator(seconds=3, **SMALL) as simulator:
        simulator.step(frames=30)
        result = simulator.result()
    (folder / "runs" / "one").mkdir(parents=True)
    result["infractions"].append({"kind": "near_miss", "tick": 7, "time_s": 0.035})
    (folder / "runs" / "one" / "run.json").write_text(json.dumps(result))
    table = huntsman.runs(folder / "runs")
    assert len(table) == 1 and table.driver[0] == "client" and table.seed[0] == 1234
    assert any(name.startswith("scores.") for name in table.columns), table.columns
    assert huntsman.failures(folder / "runs").kind.tolist()[-1] == "near_miss"
    catalogue = folder / "failures.db"
    with sqlite3.connect(catalogue) as file:
        file.execute("CREATE TABLE failures (id INTEGER PRIMARY KEY, kind TEXT, seed INTEGER)")
        file.execute("INSERT INTO failures VALUES (1, 'red_light', 7)")
    file.close()
    assert huntsman.failures(catalogue).kind.tolist() == ["red_light"]
    (folder / "text.db").write_text("no database")
    fails(lambda: huntsman.failures(folder / "text.db"), "does not hold", kind=ValueError)
    fails(lambda: huntsman.runs(folder / "nothing.sqlite"), "is not there", kind=FileNotFoundError)


def test_results_of_suites_as_tables(folder):
    done = subprocess.run(
        [PROGRAM, "evaluate", "--drivers", "none", "--seeds", "1234..1235", "--seconds", "2", "--no-images",
         "--out", str(folder / "evaluation")], capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    files = list((folder / "evaluation").rglob("*.sqlite"))
    assert files, list((folder / "evaluation").iterdir())
    table = huntsman.runs(files[0])
    assert table.seed.tolist() == [1234, 1235] and any(c.startswith("score.") for c in table.columns)
    assert "kind" in huntsman.failures(files[0]).columns


def add(archive, name, data):
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def test_datasets_are_read_sample_by_sample(folder):
    root = folder / "dataset"
    (root / "scenes" / "a").mkdir(parents=True)
    picture = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    with tarfile.open(root / "scenes" / "a" / "a-000000.tar", "w") as archive:
        for i in range(3):
            key = "a-%06d" % i
            add(archive, key + ".json", json.dumps({"number": i}).encode())
            add(archive, key + ".main.png", pictures.to_png(picture + i))
            add(archive, key + ".rear.png", pictures.to_png(picture))
            lidar = io.BytesIO()
            np.save(lidar, np.zeros(5, [("x", "f4"), ("y", "f4")]))
            add(archive, key + ".lidar.npy", lidar.getvalue())
    shards = [{"path": "scenes/a/a-000000.tar", "split": "train", "samples": 3}]
    (root / "shards.json").write_text(json.dumps({"version": 1, "shards": shards}))
    dataset = huntsman.Dataset(root)
    assert len(dataset) == 3 and [sample["json"]["number"] for sample in dataset] == [0, 1, 2]
    assert (dataset[2]["images"]["main"] == picture + 2).all() and len(dataset[0]["lidar"]) == 5
    few = huntsman.Dataset(root, cameras=("rear",), labels=(), split="train", transform=lambda s: s["images"])
    assert list(few[0]) == ["rear"]
    fails(lambda: huntsman.Dataset(root, split="test"), "no split 'test', expected train", kind=ValueError)
    fails(lambda: huntsman.Dataset(folder), "shards.json", kind=FileNotFoundError)


def main():
    if not PROGRAM:
        sys.exit("expected the program in $HUNTSMAN")
    wanted = re.compile(os.environ.get("ONLY", ""))
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_") and wanted.search(name)]
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    shutil.rmtree(folder, ignore_errors=True)
    for name, test in tests:
        (folder / name).mkdir(parents=True)
        start = time.monotonic()
        test(folder / name) if test.__code__.co_argcount else test()
        print("ok %s (%.1f s)" % (name, time.monotonic() - start), flush=True)
    assert tests


if __name__ == "__main__":
    main()
