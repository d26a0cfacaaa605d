"""pycocotools loads the set, and its evaluation scores the truth as perfect."""
import json
import sys

import numpy as np
from PIL import Image
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

root = sys.argv[1]
instances = COCO(root + "/annotations/instances.json")
people = COCO(root + "/annotations/person_keypoints.json")
assert len(instances.imgs) == 2 * 21 * 2, len(instances.imgs)

# Masks are the pixels of the id buffer, and boxes are theirs.
first = instances.loadImgs([1])[0]
assert first["file_name"] == "scenes/boxes-1/front/000000.png", first
ids = np.fromfile(root + "-truth/ids.u4", "<u4").reshape(100, 160) & 0x1FFFFF
rows = instances.loadAnns(instances.getAnnIds(imgIds=[1]))
assert len(rows) >= 7
for row in rows:
    mask = instances.annToMask(row).astype(bool)
    assert np.array_equal(mask, ids == row["huntsman"]["id"])
    ys, xs = np.nonzero(mask)
    assert row["bbox"] == [xs.min(), ys.min(), xs.max() + 1 - xs.min(), ys.max() + 1 - ys.min()]
    assert row["area"] == mask.sum() and row["iscrowd"] == 0

# The panoptic PNG: segments cover the picture, their areas and boxes agree.
panoptic = json.load(open(root + "/annotations/panoptic.json"))
categories = {c["id"]: c for c in panoptic["categories"]}
for row in panoptic["annotations"][:4]:
    rgb = np.asarray(Image.open(root + "/" + row["file_name"])).astype(int)
    coded = rgb[..., 0] + 256 * rgb[..., 1] + 65536 * rgb[..., 2]
    assert set(np.unique(coded)) - {0} == {s["id"] for s in row["segments_info"]}
    for s in row["segments_info"]:
        ys, xs = np.nonzero(coded == s["id"])
        assert s["area"] == len(xs) and s["category_id"] in categories
        assert s["bbox"] == [xs.min(), ys.min(), xs.max() + 1 - xs.min(), ys.max() + 1 - ys.min()]
assert (coded > 0).all()

for kind, truth in (("bbox", instances), ("segm", instances), ("keypoints", people)):
    predicted = []
    for row in truth.loadAnns(truth.getAnnIds()):
        result = {"image_id": row["image_id"], "category_id": row["category_id"], "score": 0.9}
        if kind == "bbox":
            result["bbox"] = row["bbox"]
        elif kind == "segm":
            result["segmentation"] = row["segmentation"]
        else:
            assert len(row["keypoints"]) == 51
            assert row["num_keypoints"] == sum(v > 0 for v in row["keypoints"][2::3])
            if row["num_keypoints"] == 0:
                continue
            result["keypoints"] = row["keypoints"]
        predicted.append(result)
    evaluation = COCOeval(truth, truth.loadRes(predicted), kind)
    evaluation.evaluate()
    evaluation.accumulate()
    evaluation.summarize()
    assert len(predicted) > 20, (kind, len(predicted))
    # 1 minus the epsilon that pycocotools adds to precision's denominator.
    assert abs(evaluation.stats[0] - 1) < 1e-9, (kind, evaluation.stats)
