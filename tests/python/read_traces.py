"""Traces of Huntsman's runs, read by the packages of MCAP, ASAM OSI and Foxglove.

A driver of this file keeps what it was told of the truth, which the messages are compared with.
$HUNTSMAN is the program; without the definitions of the messages the test is skipped.
"""
import collections
import io
import json
import math
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile

import numpy as np
from mcap.reader import make_reader
from mcap.stream_reader import StreamReader
from mcap_protobuf.decoder import DecoderFactory
from osi3.osi_groundtruth_pb2 import GroundTruth
from osi3.osi_hostvehicledata_pb2 import HostVehicleData
from osi3.osi_object_pb2 import MovingObject
from osi3.osi_sensorview_pb2 import SensorView
from osi3trace.osi_trace import OSITrace
from foxglove_schemas_protobuf.CameraCalibration_pb2 import CameraCalibration
from foxglove_schemas_protobuf.CompressedImage_pb2 import CompressedImage
from foxglove_schemas_protobuf.FrameTransforms_pb2 import FrameTransforms
from foxglove_schemas_protobuf.Log_pb2 import Log
from foxglove_schemas_protobuf.PosesInFrame_pb2 import PosesInFrame
from foxglove_schemas_protobuf.SceneUpdate_pb2 import SceneUpdate
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("HUNTSMAN", "")
SECONDS, RATE_HZ, CAMERAS, SIZE = 2, 10, 8, (96, 64)

# Goes straight on, and writes down what it is told.
DRIVER = """
import json, huntsman
class Keeps(huntsman.Driver):
    truth = True
    def drive(self, observation):
        row = {"time_us": observation.message.time_us, "speed_mps": observation.motion.speed_mps,
               "objects": [[o.track, o.x_m, o.y_m, o.z_m, o.length_m, o.width_m, o.height_m, o.yaw_rad]
                           for o in observation.truth.objects]}
        with open(%r, "a") as file:
            print(json.dumps(row), file=file)
        speed = max(3.0, observation.motion.speed_mps)
        plan = [[0.5 * k, 0.5 * k * speed, 0, 0, speed] for k in range(10)]
        return huntsman.Action(trajectory=plan, perception=observation.truth)
Keeps().serve()
"""


# ---- Runs


def huntsman(*words):
    environment = dict(os.environ, PYTHONPATH=str(ROOT / "python"))
    return subprocess.run([PROGRAM, *map(str, words)], env=environment, capture_output=True, text=True,
                          timeout=600, check=False)


def run(folder, *more):
    done = huntsman("run", "--seconds", SECONDS, "--out", folder, "--no-video", "--catalogue",
                    str(folder) + ".db", *more)
    if "built without the definitions" in done.stderr:
        print("skipped: the program was built without the definitions of traces")
        sys.exit(77)
    assert done.returncode in (0, 1), done.stderr
    return json.loads((folder / "run.json").read_text())


def make_traces(folder):
    """A run with every kind of trace, and what its driver was told."""
    script, told = folder / "keeps.py", folder / "told.jsonl"
    script.write_text(DRIVER % str(told))
    result = run(folder / "run", "--driver", "exec:%s %s" % (sys.executable, script), "--size",
                 "%dx%d" % SIZE, "--quality", "fast", "--trace-osi", folder / "osi.mcap", "--mcap",
                 folder / "fox.mcap")
    assert result["driver_faults"] is None, result["driver_faults"]
    return result, [json.loads(line) for line in told.read_text().splitlines()]


# ---- MCAP


def messages_of(file, classes):
    """By topic: (time, message) parsed by the packages' own classes; every record is checked."""
    data = file.read_bytes()
    # All records one after the other, with all checksums.
    counts, streamed = collections.Counter(), 0
    for record in StreamReader(io.BytesIO(data), validate_crcs=True).records:
        counts[type(record).__name__] += 1
        streamed += type(record).__name__ == "Message"
    # By the summary and the indices.
    reader = make_reader(io.BytesIO(data), validate_crcs=True, decoder_factories=[DecoderFactory()])
    summary = reader.get_summary()
    found = collections.defaultdict(list)
    for schema, channel, message, decoded in reader.iter_decoded_messages():
        assert schema.name == decoded.DESCRIPTOR.full_name, (schema.name, decoded.DESCRIPTOR.full_name)
        own = classes[schema.name].FromString(message.data)
        assert not own.DiscardUnknownFields()
        # The package's definition knows every field that the file's has.
        assert own.SerializeToString(deterministic=True) == message.data, channel.topic
        assert message.log_time == message.publish_time
        assert message.sequence == len(found[channel.topic])
        found[channel.topic].append((message.log_time, own))
    total = sum(map(len, found.values()))
    statistics = summary.statistics
    assert statistics.message_count == total == streamed
    assert statistics.chunk_count == len(summary.chunk_indexes) == counts["ChunkIndex"]
    assert statistics.channel_count == len(summary.channels) and statistics.schema_count == len(summary.schemas)
    topics = {channel.id: channel.topic for channel in summary.channels.values()}
    assert {topics[id]: n for id, n in statistics.channel_message_counts.items()} == {
        topic: len(rows) for topic, rows in found.items()}
    times = [time for rows in found.values() for time, _ in rows]
    assert statistics.message_start_time == min(times) and statistics.message_end_time == max(times)
    for rows in found.values():
        assert all(a[0] <= b[0] for a, b in zip(rows, rows[1:]))
    # A window of time by the indices alone.
    middle = (min(times) + max(times)) // 2
    late = sum(1 for _ in reader.iter_messages(start_time=middle))
    assert late == sum(time >= middle for time in times)
    return found, summary, reader


# ---- OSI


def rotation(angles):
    """From the object's frame to the parent's: yaw, then pitch, then roll."""
    (cr, sr), (cp, sp), (cy, sy) = ((math.cos(a), math.sin(a)) for a in (angles.roll, angles.pitch, angles.yaw))
    return (np.array([[cy, -sy, 0], [sy, cy, 0], [0, 0, 1]]) @ np.array([[cp, 0, sp], [0, 1, 0], [-sp, 0, cp]])
            @ np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]]))


def vector(v):
    return np.array([v.x, v.y, v.z])


def body_origin(ego):
    """On the ground below the rear axle's middle, as the run's own record counts."""
    attributes = ego.vehicle_attributes
    radius = max(wheel.wheel_radius for wheel in attributes.wheel_data if wheel.axle == 1)
    turn = rotation(ego.base.orientation)
    rear = vector(ego.base.position) + turn @ vector(attributes.bbcenter_to_rear)
    return turn, rear, rear - turn @ np.array([0, 0, radius])


def identifiers(truth):
    for name in ("moving_object", "stationary_object", "lane", "lane_boundary", "traffic_sign",
                 "traffic_light", "road_marking"):
        for item in getattr(truth, name):
            yield item.id.value


def check_map(truth):
    lanes = {lane.id.value: lane for lane in truth.lane}
    boundaries = {boundary.id.value for boundary in truth.lane_boundary}
    assert len(lanes) > 50 and len(truth.stationary_object) > 50 and len(truth.traffic_light) > 5
    for lane in lanes.values():
        c = lane.classification
        assert (c.type == c.TYPE_INTERSECTION) == (len(c.centerline) == 0)
        for pair in c.lane_pairing:
            for id in (pair.antecessor_lane_id, pair.successor_lane_id):
                assert not id.HasField("value") or id.value in lanes
        for ids in (c.left_adjacent_lane_id, c.right_adjacent_lane_id):
            assert all(id.value in lanes for id in ids)
        for ids in (c.left_lane_boundary_id, c.right_lane_boundary_id, c.free_lane_boundary_id):
            assert all(id.value in boundaries for id in ids)
    for light in truth.traffic_light:
        assert all(id.value in lanes for id in light.classification.assigned_lane_id)


def no_unknown(message, path=""):
    """Ground truth must not hold the first value of an enumeration, UNKNOWN."""
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        if field.message_type:
            for each in values:
                no_unknown(each, path + "/" + field.name)
        elif field.enum_type:
            for each in values:
                assert not field.enum_type.values_by_number[each].name.endswith("UNKNOWN"), path + "/" + field.name


def check_truth(rows, told):
    by_time = {row["time_us"]: row for row in told}
    compared = 0
    for time, truth in rows:
        stamp = truth.timestamp.seconds * 10**9 + truth.timestamp.nanos
        assert stamp == time
        ids = list(identifiers(truth))
        assert len(ids) == len(set(ids))
        movers = {mover.id.value: mover for mover in truth.moving_object}
        ego = movers[truth.host_vehicle_id.value]
        for mover in movers.values():
            assert (mover.type == MovingObject.TYPE_VEHICLE) == mover.HasField("vehicle_classification")
        row = by_time[time // 1000]
        turn, _, origin = body_origin(ego)
        for id, x, y, z, length, width, height, yaw in row["objects"]:
            if id not in movers:
                continue  # walls and poles that a driver is told of, too
            base = movers[id].base
            centre = turn.T @ (vector(base.position) - origin)
            assert np.abs(centre - [x, y, z]).max() < 1e-6, (id, centre, x, y, z)
            size = base.dimension
            assert (size.length, size.width, size.height) == (length, width, height)
            ahead = turn.T @ rotation(base.orientation)[:, 0]
            assert abs(math.remainder(math.atan2(ahead[1], ahead[0]) - yaw, 2 * math.pi)) < 1e-6
            compared += 1
    assert compared > 100, compared
    # Velocities are what positions do: differences over 0.1 s, of movers that do not swerve.
    for (t0, a), (t1, b) in zip(rows, rows[1:]):
        dt = (t1 - t0) * 1e-9
        if dt < 0.05:
            continue
        then = {mover.id.value: mover.base for mover in b.moving_object}
        for mover in a.moving_object:
            if mover.id.value in then:
                moved = (vector(then[mover.id.value].position) - vector(mover.base.position)) / dt
                mean = 0.5 * (vector(mover.base.velocity) + vector(then[mover.id.value].velocity))
                assert np.abs(moved - mean)[:2].max() < 0.5, mover.id.value


def check_views(views, truths, hosts):
    for (time, view), (_, truth), (_, host) in zip(views, truths, hosts):
        assert view.global_ground_truth == truth and view.host_vehicle_data == host
        assert view.timestamp == truth.timestamp == host.timestamp
        assert len(view.camera_sensor_view) == CAMERAS
        ego = next(m for m in truth.moving_object if m.id.value == truth.host_vehicle_id.value)
        turn, rear, _ = body_origin(ego)
        motion = host.vehicle_motion
        assert np.abs(vector(motion.position) - rear).max() < 1e-9
        speed = (vector(ego.base.velocity) - np.cross(vector_of_rates(ego, turn), turn @ -vector(
            ego.vehicle_attributes.bbcenter_to_rear))) @ turn
        assert np.abs(vector(motion.velocity) - speed).max() < 1e-6
    main = views[0][1].camera_sensor_view[0].view_configuration
    assert abs(math.degrees(main.field_of_view_horizontal) - 50) < 0.01
    assert (main.number_of_pixels_horizontal, main.number_of_pixels_vertical) == SIZE
    # It looks ahead, a degree downwards.
    assert abs(main.mounting_position.orientation.yaw) < 1e-9
    assert abs(math.degrees(main.mounting_position.orientation.pitch) - 1) < 1e-6


def vector_of_rates(mover, turn):
    """The angular velocity in the world that the derivatives of the angles tell."""
    angles, rates = mover.base.orientation, mover.base.orientation_rate
    cr, sr, cp, sp = math.cos(angles.roll), math.sin(angles.roll), math.cos(angles.pitch), math.sin(angles.pitch)
    return turn @ np.array([rates.roll - rates.yaw * sp, rates.pitch * cr + rates.yaw * sr * cp,
                            rates.yaw * cr * cp - rates.pitch * sr])


def check_osi(folder, result, told):
    classes = {"osi3." + c.DESCRIPTOR.name: c for c in (GroundTruth, SensorView, HostVehicleData)}
    found, summary, reader = messages_of(folder / "osi.mcap", classes)
    assert set(found) == {"GroundTruth", "SensorView", "HostVehicleData"}
    assert all(len(rows) == result["frames"] for rows in found.values())
    about = [entry for entry in reader.iter_metadata() if entry.name == "net.asam.osi.trace"]
    assert len(about) == 1
    for key in ("version", "min_osi_version", "max_osi_version"):
        assert about[0].metadata[key] == "3.8.0"
    for channel in summary.channels.values():
        assert channel.metadata["net.asam.osi.trace.channel.osi_version"] == "3.8.0"
        assert "net.asam.osi.trace.channel.protobuf_version" in channel.metadata
    truths = found["GroundTruth"]
    check_map(truths[0][1])
    no_unknown(truths[0][1])
    check_truth(truths, told)
    check_views(found["SensorView"], truths, found["HostVehicleData"])
    # OSI's own reader.
    trace = OSITrace(str(folder / "osi.mcap"), type_name="SensorView")
    assert [view.timestamp for view in trace] == [view.timestamp for _, view in found["SensorView"]]
    trace.close()
    return found


def check_single(folder, views):
    """The .osi file of a replay holds the messages of the run's channel, byte for byte."""
    data, at = (folder / "replay.osi").read_bytes(), 0
    for _, view in views:
        length = struct.unpack_from("<L", data, at)[0]
        assert SensorView.FromString(data[at + 4:at + 4 + length]) == view
        at += 4 + length
    assert at == len(data)
    trace = OSITrace(str(folder / "replay.osi"), type_name="SensorView")
    assert sum(1 for _ in trace) == len(views)
    trace.close()


# ---- Foxglove


def check_foxglove(folder, result, told, truths):
    classes = {c.DESCRIPTOR.full_name: c for c in (
        CameraCalibration, CompressedImage, FrameTransforms, Log, PosesInFrame, SceneUpdate)}
    found, _, _ = messages_of(folder / "fox.mcap", classes)
    frames = result["frames"]
    for topic in ("/tf", "/actors", "/route", "/plan", "/perceived"):
        assert len(found[topic]) == frames, (topic, len(found[topic]))
    pictures = [topic for topic in found if topic.endswith("/image")]
    assert len(pictures) == CAMERAS
    for topic in pictures:
        assert len(found[topic]) == frames
        calibration = found[topic.replace("/image", "/calibration")][0][1]
        assert (calibration.width, calibration.height) == SIZE and calibration.P[10] == 1
        for _, picture in found[topic][::10]:
            assert Image.open(io.BytesIO(picture.data)).size == SIZE and picture.format == "jpeg"
            assert picture.frame_id == calibration.frame_id
    main = found["/camera/main/calibration"][0][1]
    assert abs(main.K[0] - SIZE[0] / 2 / math.tan(math.radians(25))) < 1e-6
    assert main.K[2] == SIZE[0] / 2 - 0.5  # the first pixel's centre is 0

    # Frames lead from the world to each camera.
    for _, tf in found["/tf"]:
        parents = {t.child_frame_id: t.parent_frame_id for t in tf.transforms}
        assert parents.pop("ego") == "world" and set(parents.values()) == {"ego"} and len(parents) == CAMERAS

    # Boxes are those of the OSI trace.
    movers = {time: {m.id.value: m for m in truth.moving_object} for time, truth in truths}
    alive = set()
    for time, scene in found["/actors"]:
        for gone in scene.deletions:
            alive.remove(gone.id)
        for entity in scene.entities:
            alive.add(entity.id)
            kind, id = entity.id.split("/")
            cube, base = entity.cubes[0], movers[time][int(id)].base
            assert entity.frame_id == "world" and kind in ("actor", "parked")
            assert np.abs(vector(cube.pose.position) - vector(base.position)).max() < 1e-9
            assert (cube.size.x, cube.size.y, cube.size.z) == (
                base.dimension.length, base.dimension.width, base.dimension.height)
        assert len(alive) == len(movers[time])
    assert len(found["/map"]) == 1
    entities = found["/map"][0][1].entities
    assert len({entity.id for entity in entities}) == len(entities) > 100
    assert [len(plan.poses) for _, plan in found["/plan"]] == [10] * len(told)
    log = [message.message for _, message in found["/log"]]
    assert log[0].startswith("the run begins") and log[-1].startswith("the run has ended")
    assert len(log) == 2 + len(result["infractions"])


# ---- Bad input


def check_errors(folder):
    short = ("run", "--seconds", "0.2", "--driver", "none", "--no-images", "--no-video", "--out", folder / "bad")
    for words, said in [
        (("--trace-osi", folder / "no" / "a.osi"), "a.osi: cannot be written: No such file or directory"),
        (("--mcap", folder / "a.bag"), "--mcap is a file of another ending, expected .mcap"),
        (("--trace-osi", folder / "a.txt"), "--trace-osi is a file of another ending, expected .osi or .mcap"),
        (("--trace-osi", folder / "a.mcap", "--mcap", folder / "a.mcap"), "are the same file, expected two"),
    ]:
        done = huntsman(*short, *words)
        assert done.returncode == 2 and said in done.stderr, (done.returncode, done.stderr)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    # A full disk: a link to a device that takes nothing.
    if os.path.exists("/dev/full"):
        os.symlink("/dev/full", folder / "full.osi")
        done = huntsman(*short, "--trace-osi", folder / "full.osi")
        assert done.returncode == 2 and "No space left on device" in done.stderr, done.stderr


def main():
    if not PROGRAM:
        print("skipped: HUNTSMAN is not set")
        sys.exit(77)
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    result, told = make_traces(folder)
    assert result["frames"] == SECONDS * RATE_HZ, result["frames"]
    found = check_osi(folder, result, told)
    print("ok osi", {topic: len(rows) for topic, rows in found.items()}, flush=True)
    check_foxglove(folder, result, told, found["GroundTruth"])
    print("ok foxglove", flush=True)

    # The replay has no pictures and no driver, but the same truth.
    for file in ("replay.mcap", "replay.osi"):
        done = huntsman("replay", "--verify", folder / "run", "--trace-osi", folder / file)
        assert done.returncode == 0, done.stderr
    assert (folder / "replay.mcap").read_bytes() == (folder / "osi.mcap").read_bytes()
    check_single(folder, found["SensorView"])
    done = huntsman("replay", folder / "run", "--mcap", folder / "replayed-fox.mcap")
    assert done.returncode == 0, done.stderr
    print("ok replay", flush=True)

    # The same run again: the same bytes, pictures included.
    again = folder / "again"
    again.mkdir()
    make_traces(again)
    for file in ("osi.mcap", "fox.mcap"):
        assert (again / file).read_bytes() == (folder / file).read_bytes(), file
    print("ok again", flush=True)
    check_errors(folder)
    print("ok errors", flush=True)


if __name__ == "__main__":
    main()
