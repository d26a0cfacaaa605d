"""read_detection.py FOLDER: computes average precision and errors of true positives again with the nuScenes devkit."""
import json
import math
import pathlib
import sys

from nuscenes.eval.common.data_classes import EvalBoxes
from nuscenes.eval.common.utils import center_distance
from nuscenes.eval.detection.algo import accumulate, calc_ap, calc_tp
from nuscenes.eval.detection.data_classes import DetectionBox


def boxes(rows, frames):
    all_boxes = EvalBoxes()
    all_boxes.add_boxes(frames[0], [])
    for frame in frames:
        all_boxes.add_boxes(frame, [
            DetectionBox(sample_token=frame, translation=(*row["centre"], 0.0),
                         size=(row["size"][1], row["size"][0], row["size"][2]),
                         rotation=(math.cos(row["yaw"] / 2), 0, 0, math.sin(row["yaw"] / 2)),
                         velocity=tuple(row["velocity"]), ego_translation=(*row["centre"], 0.0),
                         num_pts=1, detection_name="car", detection_score=row["score"],
                         attribute_name="vehicle.moving")
            for row in rows if str(row["frame"]) == frame])
    return all_boxes


checks = 0
for scene in json.loads((pathlib.Path(sys.argv[1]) / "detection.json").read_text()):
    frames = sorted({str(row["frame"]) for row in scene["truths"]})
    truths, found = boxes(scene["truths"], frames), boxes(scene["detections"], frames)
    for match_m, ours in zip([0.5, 1.0, 2.0, 4.0], scene["average_precision"]):
        data = accumulate(truths, found, "car", center_distance, match_m)
        theirs = calc_ap(data, 0.1, 0.1)
        checks += 1
        if abs(ours - theirs) > 1e-9:
            sys.exit(f"average precision at {match_m} m: {ours}, but the devkit has {theirs}")
        if match_m != 2.0:
            continue
        for name, ours in scene["errors"].items():
            theirs = calc_tp(data, 0.1, name)
            checks += 1
            if abs(ours - theirs) > 1e-9:
                sys.exit(f"{name}: {ours}, but the devkit has {theirs}")
print(f"{checks} scores agree with the nuScenes devkit")
