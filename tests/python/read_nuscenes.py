"""The official devkit loads the set, and its detection evaluation scores the truth as perfect."""
import json
import os
import sys

import numpy as np
from nuscenes import NuScenes
from nuscenes.eval.common.config import config_factory
from nuscenes.eval.detection.evaluate import DetectionEval
from nuscenes.eval.detection.utils import category_to_detection_name
from nuscenes.utils.data_classes import LidarPointCloud
from nuscenes.utils.data_io import load_bin_file, panoptic_to_lidarseg
from nuscenes.utils.geometry_utils import BoxVisibility, points_in_box, view_points

root = sys.argv[1]
nusc = NuScenes(version="v1.0-huntsman", dataroot=root, verbose=False)
assert len(nusc.scene) == 2 and len(nusc.sample) == 10, (len(nusc.scene), len(nusc.sample))

# Every file is there; chains of samples and of each sensor run from end to end.
for data in nusc.sample_data:
    assert os.path.exists(nusc.get_sample_data_path(data["token"])), data["filename"]
for scene in nusc.scene:
    token, count = scene["first_sample_token"], 0
    while token:
        sample = nusc.get("sample", token)
        assert set(sample["data"]) == {"front", "left", "LIDAR_TOP"}, sample["data"]
        last, token, count = token, sample["next"], count + 1
    assert last == scene["last_sample_token"] and count == scene["nbr_samples"]
    token, count = nusc.get("sample", scene["first_sample_token"])["data"]["front"], 0
    while token:
        token, count = nusc.get("sample_data", token)["next"], count + 1
    assert count == 21, count

# The number of lidar points in each box is what the table says, through the devkit's transforms.
checked = 0
for sample in nusc.sample:
    path, boxes, _ = nusc.get_sample_data(sample["data"]["LIDAR_TOP"])
    points = LidarPointCloud.from_file(path).points
    for box in boxes:
        row = nusc.get("sample_annotation", box.token)
        # Points lie on the box's surface: in floats they may fall a hair outside.
        inside = points_in_box(box, points[:3], wlh_factor=1.0005).sum()
        assert inside == row["num_lidar_pts"], (box.name, inside, row["num_lidar_pts"])
        checked += inside > 0
assert checked > 30, checked

# Classes of points: as many of a box's class lie in it as its row counts, and what is in no box is
# of no class that has boxes. Those of the first sweep are what the rays truly hit.
assert nusc.lidarseg_idx2name_mapping[24] == "flat.driveable_surface"
assert len(nusc.lidarseg) == len(nusc.sample)
counted, numbers = 0, {}
for sample in nusc.sample:
    token = sample["data"]["LIDAR_TOP"]
    things = load_bin_file(os.path.join(root, nusc.get("panoptic", token)["filename"]), "panoptic")
    assert things.dtype == np.uint16
    classes = load_bin_file(os.path.join(root, nusc.get("lidarseg", token)["filename"]), "lidarseg")
    path, boxes, _ = nusc.get_sample_data(token)
    points = LidarPointCloud.from_file(path).points[:3]
    assert len(classes) == points.shape[1]
    left = classes <= 23
    for box in boxes:
        inside = points_in_box(box, points, wlh_factor=1.0005)
        own = inside & (classes == nusc.lidarseg_name2idx_mapping[box.name])
        row = nusc.get("sample_annotation", box.token)
        assert own.sum() == row["num_lidar_pts"], (box.name, own.sum(), row["num_lidar_pts"])
        left &= ~inside
        counted += own.sum()
        # One number for all its points, which no other thing of the scene has.
        if own.any():
            number = np.unique(things[own])
            assert len(number) == 1 and number[0] % 1000 > 0, number
            key = (sample["scene_token"], number[0])
            assert numbers.setdefault(key, row["instance_token"]) == row["instance_token"]
    assert not left.any(), left.sum()
    assert (panoptic_to_lidarseg(things) == classes).all()
    assert (things[classes > 23] % 1000 == 0).all()
assert counted > 1000, counted
assert len(set(numbers.values())) == len(numbers) >= 14, numbers
nusc.list_panoptic_instances()
hits = np.fromfile(root + "-truth/lidar_ids.u4", "<u4")
first = nusc.get("scene", nusc.scene[0]["token"])["first_sample_token"]
token = nusc.get("sample", first)["data"]["LIDAR_TOP"]
classes = np.fromfile(os.path.join(root, nusc.get("lidarseg", token)["filename"]), np.uint8)
names = np.array([nusc.lidarseg_idx2name_mapping[c] for c in classes])
# road, truck, bus, motorcycle, bicycle, scooter, trailer, wheelchair, animal
for semantic, name in {2: "flat.driveable_surface", 15: "vehicle.truck", 16: "vehicle.bus.rigid",
                       17: "vehicle.motorcycle", 18: "vehicle.bicycle",
                       21: "human.pedestrian.personal_mobility", 22: "vehicle.trailer",
                       23: "human.pedestrian.wheelchair", 24: "animal"}.items():
    assert (names[hits >> 24 & 31 == semantic] == name).all(), name
# cars and vans, movable objects
for semantics, allowed in (((13, 14), {"vehicle.car", "vehicle.emergency.police",
                                       "vehicle.emergency.ambulance"}),
                           ((25,), {"movable_object.debris", "movable_object.trafficcone"})):
    assert set(names[np.isin(hits >> 24 & 31, semantics)]) <= allowed, allowed
assert np.char.startswith(names[hits >> 24 & 31 == 19], "human.pedestrian.").all()
assert len(set(names)) >= 6, set(names)
assert nusc.get_sample_lidarseg_stats(first) is None  # prints; fails on labels it does not know

# Boxes fall on the pixels that show them: the picture's shade tells them from the ground.
path, boxes, K = nusc.get_sample_data(nusc.sample[0]["data"]["front"],
                                      box_vis_level=BoxVisibility.ALL)
assert len(boxes) >= 3, len(boxes)
ids = np.fromfile(root + "-truth/ids.u4", "<u4").reshape(100, 160) & 0x1FFFFF
for box in boxes:
    corners = view_points(box.corners(), np.array(K), normalize=True)[:2]
    actor = nusc.get("sample_annotation", box.token)["huntsman"]["id"]
    rows, columns = np.nonzero(ids == actor)
    if len(rows) == 0:
        continue
    # Pixel centres are whole numbers here.
    assert corners[0].min() <= columns.min() and columns.max() <= corners[0].max(), box.name
    assert corners[1].min() <= rows.min() and rows.max() <= corners[1].max(), box.name

# The ego drives on the map's drivable area, and what stands beside it does not.
for scene in nusc.scene:
    log = nusc.get("log", scene["log_token"])
    mask = nusc.get("map", log["map_token"])["mask"]
    sample = nusc.get("sample", scene["first_sample_token"])
    pose = nusc.get("ego_pose", nusc.get("sample_data", sample["data"]["front"])["ego_pose_token"])
    x, y, _ = pose["translation"]
    # Between the middle lanes, in one, at the border from both sides.
    assert mask.is_on_mask([x, x, x, x], [y, y - 1.75, y - 6.9, y + 6.9]).all()
    assert not mask.is_on_mask([x, x], [y - 7.2, y + 7.2]).any()

# The truth as a prediction.
attributes = {a["token"]: a["name"] for a in nusc.attribute}
results, present = {}, set()
for sample in nusc.sample:
    results[sample["token"]] = boxes = []
    for token in sample["anns"]:
        row = nusc.get("sample_annotation", token)
        name = category_to_detection_name(row["category_name"])
        assert len(row["attribute_tokens"]) <= 1
        if row["num_lidar_pts"] == 0 or name is None:
            continue  # the evaluation drops these from the truth
        present.add(name)
        velocity = nusc.box_velocity(token)[:2]
        boxes.append({
            "sample_token": sample["token"], "translation": row["translation"],
            "size": row["size"], "rotation": row["rotation"],
            "velocity": list(np.nan_to_num(velocity)), "detection_name": name,
            "detection_score": 0.5,
            "attribute_name": attributes[row["attribute_tokens"][0]] if row["attribute_tokens"] else ""})
wanted = {"car", "bus", "truck", "motorcycle", "bicycle", "pedestrian", "trailer", "traffic_cone"}
assert present == wanted, present
result_path = os.path.join(root + "-truth", "results.json")
with open(result_path, "w") as file:
    json.dump({"meta": {"use_camera": True, "use_lidar": False, "use_radar": False, "use_map": False,
                        "use_external": False}, "results": results}, file)
config = config_factory("detection_cvpr_2019")
config.class_names = sorted(present)  # the boxes are of eight of its ten classes
evaluation = DetectionEval(nusc, config=config, result_path=result_path, eval_set="huntsman_all",
                           output_dir=os.path.join(root + "-truth", "evaluation"), verbose=False)
metrics, _ = evaluation.evaluate()
print("mAP", metrics.mean_ap, "NDS", metrics.nd_score, metrics.tp_errors)
assert abs(metrics.mean_ap - 1) < 1e-9, metrics.label_aps
assert metrics.nd_score > 0.999, metrics.tp_errors
# Velocities from the boxes' own motion, where a box has neighbours in time.
for sample in nusc.sample:
    for token in sample["anns"]:
        row = nusc.get("sample_annotation", token)
        velocity = nusc.box_velocity(token)
        if not np.isnan(velocity).any():
            assert np.allclose(velocity, row["huntsman"]["v_W"], atol=1e-6), row
