"""The network of `--driver network` in a process of its own, under ONNX Runtime or PyTorch; the planner of
Huntsman drives on what it sees.

    huntsman run --driver exec:"python3 python/examples/perception_driver.py assets/networks/perception.onnx"
    huntsman run --driver exec:"python3 python/examples/perception_driver.py assets/networks/perception.pt"

Geometry and coding are those of bridge/torch/bev.h. After `huntsman train`, perception_onnx.py writes the
network as ONNX.
"""
import sys

import numpy as np

import huntsman
from huntsman import messages

ROWS, COLUMNS, CELL_M, X0_M, Y0_M = 64, 50, 1.2, -30.0, -30.0  # the grid on the ground, in B
HEIGHTS_M = (0.2, 0.9, 1.6, 2.6)
WIDTH, HEIGHT, STRIDE, CROP = 128, 80, 4, 32  # of reduced pictures, their features, and signals' crops
LOWEST_SCORE, SIGNAL_SCORE = 0.1, 0.6
STATES = (messages.SIGNAL_UNKNOWN, messages.SIGNAL_RED, messages.SIGNAL_YELLOW, messages.SIGNAL_GREEN)


def lift(cameras):
    """Which features show each place above the grid, as bags: feature rows (camera, y, x), where each place's
    begin, and their weights. Places are (row, column, height)."""
    i, j, z = np.meshgrid(np.arange(ROWS), np.arange(COLUMNS), HEIGHTS_M, indexing="ij")
    points = np.stack([X0_M + (i + 0.5) * CELL_M, Y0_M + (j + 0.5) * CELL_M, z], axis=-1).reshape(-1, 3)
    width, height = WIDTH // STRIDE, HEIGHT // STRIDE
    places, features, weights, total = [], [], [], np.zeros(len(points))
    for number, camera in enumerate(cameras):
        pixels, depth = camera.project(points)
        with np.errstate(invalid="ignore"):
            seen = np.flatnonzero((depth >= 0.3) & (pixels >= 0).all(axis=1)
                                  & (pixels < (camera.width, camera.height)).all(axis=1))
        x, y = (pixels[seen] / (camera.width, camera.height) * (width, height) - 0.5).T
        x0, y0 = np.floor(x).astype(int), np.floor(y).astype(int)
        # Where several cameras see a place, the sharper one counts more.
        sharpness = camera.intrinsics[0, 0] / camera.width / depth[seen]
        total[seen] += sharpness
        for dy in (0, 1):
            for dx in (0, 1):
                row, column = np.clip(y0 + dy, 0, height - 1), np.clip(x0 + dx, 0, width - 1)
                share = (x - x0 if dx else 1 - (x - x0)) * (y - y0 if dy else 1 - (y - y0))
                places.append(seen)
                features.append((number * height + row) * width + column)
                weights.append(sharpness * share)
    place, feature, weight = (np.concatenate(parts) for parts in (places, features, weights))
    order = np.argsort(place, kind="stable")
    place, feature, weight = place[order], feature[order], weight[order]
    offset = np.concatenate([[0], np.cumsum(np.bincount(place, minlength=len(points)))])
    return feature.astype(np.int64), offset.astype(np.int64), (weight / total[place]).astype(np.float32)


def reduced(picture):
    """(3, HEIGHT, WIDTH), uint8, of an (h, w, 3) picture: means of blocks."""
    h, w = picture.shape[:2]
    if h % HEIGHT == 0 and w % WIDTH == 0:  # whole blocks
        high, wide = h // HEIGHT, w // WIDTH
        rows = sum(picture[k::high].astype(np.uint32) for k in range(high))
        area = high * wide
        return ((sum(rows[:, k::wide] for k in range(wide)) + area // 2) // area).astype(np.uint8).transpose(2, 0, 1)
    top, left = np.arange(HEIGHT) * h // HEIGHT, np.arange(WIDTH) * w // WIDTH
    rows = np.add.reduceat(picture, top, axis=0, dtype=np.uint32)
    sums = np.add.reduceat(rows, left, axis=1)
    high = np.maximum(np.diff(np.append(top, h)), 1)
    wide = np.maximum(np.diff(np.append(left, w)), 1)
    area = (high[:, None] * wide[None, :]).astype(np.uint32)[..., None]
    return ((sums + area // 2) // area).astype(np.uint8).transpose(2, 0, 1)


def place_of(head, cameras):
    """The square around a signal head where it is largest: camera, centre u and v, side [px]; None unless one
    shows its front at 5 pixels height or more."""
    centre = np.array([head.x_m, head.y_m, head.z_m])
    shine = np.array([np.cos(head.heading_rad), np.sin(head.heading_rad), 0])
    best, best_height = None, 0.0
    for number, camera in enumerate(cameras):
        away = camera.body_from_camera[:3, 3] - centre
        pixels, depth = camera.project(centre)
        if shine @ away < 0.5 * np.linalg.norm(away) or not depth[0] >= 1:
            continue
        (u, v), height = pixels[0], camera.intrinsics[1, 1] * head.height_m / depth[0]
        margin = 0.6 * height
        inside = margin <= u <= camera.width - margin and margin <= v <= camera.height - margin
        if inside and height >= 5 and height > best_height:
            best, best_height = (number, u, v, 1.6 * height), height
    return best


def crop(picture, u, v, side):
    """(3, CROP, CROP), uint8: the square, bilinear between pixels' centres."""
    def along(centre, size):
        at = centre + (np.arange(CROP) + 0.5 - 0.5 * CROP) * (side / CROP) - 0.5
        low = np.floor(at).astype(int)
        return at - low, np.clip(low, 0, size - 1), np.clip(low + 1, 0, size - 1)

    fv, v0, v1 = along(v, picture.shape[0])
    fu, u0, u1 = along(u, picture.shape[1])
    fu, fv = fu[None, :, None], fv[:, None, None]
    values = ((1 - fv) * ((1 - fu) * picture[np.ix_(v0, u0)] + fu * picture[np.ix_(v0, u1)])
              + fv * ((1 - fu) * picture[np.ix_(v1, u0)] + fu * picture[np.ix_(v1, u1)]))
    return np.floor(values + 0.5).astype(np.uint8).transpose(2, 0, 1)


def peaks(heat):
    """Of (2, ROWS, COLUMNS): the indices (row, column, kind) of its peaks, best first. No neighbour is higher;
    of equal ones the first counts."""
    ringed = np.pad(heat, ((0, 0), (1, 1), (1, 1)), constant_values=-np.inf)
    peak = heat >= LOWEST_SCORE
    for di in (-1, 0, 1):
        for dj in (-1, 0, 1):
            other = ringed[:, 1 + di:1 + di + ROWS, 1 + dj:1 + dj + COLUMNS]
            if (di, dj) < (0, 0):
                peak &= heat > other
            elif (di, dj) > (0, 0):
                peak &= heat >= other
    found = np.argwhere(peak.transpose(1, 2, 0))
    return found[np.argsort(-heat[found[:, 2], found[:, 0], found[:, 1]], kind="stable")]


def decode(maps, perception):
    """Adds the boxes of the network's maps (10, ROWS, COLUMNS)."""
    for i, j, kind in peaks(maps[:2]):
        score, offset_x, offset_y, length, width, height, sine, cosine, z = maps[[kind, *range(2, 10)], i, j]
        x, y = X0_M + (i + 0.5 + float(offset_x)) * CELL_M, Y0_M + (j + 0.5 + float(offset_y)) * CELL_M
        known = messages.OBJECT_PEDESTRIAN if kind == 1 else messages.OBJECT_VEHICLE
        # Peaks that the offsets moved onto each other are one object.
        if any(thing.object_class == known and np.hypot(thing.x_m - x, thing.y_m - y) < (2.0, 0.7)[kind]
               for thing in perception.objects):
            continue
        perception.objects.add(
            object_class=known, score=score, x_m=x, y_m=y, z_m=z, length_m=np.exp(np.clip(length, -3, 3)),
            width_m=np.exp(np.clip(width, -3, 2)), height_m=np.exp(np.clip(height, -3, 2)),
            yaw_rad=np.arctan2(sine, cosine))
        if len(perception.objects) == 200:
            break


class Onnx:
    """A network that perception_onnx.py has written."""

    def __init__(self, path):
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # the same bits each time
        self.session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def set_lift(self, feature, offset, weight):
        """Bags of one size, filled up by features of weight 0."""
        counts = np.diff(offset)
        filled = np.arange(counts.max()) < counts[:, None]
        self.index, self.weight = np.zeros(filled.shape, np.int64), np.zeros(filled.shape, np.float32)
        self.index[filled], self.weight[filled] = feature, weight

    def __call__(self, pictures, crops):
        return self.session.run(None, {"pictures": pictures, "index": self.index, "weight": self.weight,
                                       "crops": crops})


class Torch:
    """A network that `huntsman train` has written."""

    def __init__(self, path):
        import torch

        torch.set_num_threads(1)
        torch.use_deterministic_algorithms(True)
        self.torch, self.network = torch, torch.jit.load(path, map_location="cpu").eval()

    def set_lift(self, *bags):
        self.bags = [self.torch.from_numpy(part) for part in bags]

    def __call__(self, pictures, crops):
        with self.torch.inference_mode():
            answer = self.network(self.torch.from_numpy(pictures), *self.bags, self.torch.from_numpy(crops))
        return [part.numpy() for part in answer]


class Perception(huntsman.Driver):
    images = True
    perception_alone = True
    track = True  # it looks at single frames: Huntsman's tracker adds velocities

    def __init__(self, path):
        self.network = Onnx(path) if path.endswith(".onnx") else Torch(path)
        self.calibration = None

    def drive(self, observation):
        cameras = [observation.cameras[name] for name in observation.images]
        pictures = list(observation.images.values())
        calibration = [camera.message.SerializeToString() for camera in cameras]
        if calibration != self.calibration:  # which rarely changes
            self.network.set_lift(*lift(cameras))
            self.calibration = calibration
        heads, crops = [], []
        for event in observation.route.events:
            for head in event.heads:
                place = place_of(head, cameras)
                if place is not None:
                    heads.append(head.head)
                    crops.append(crop(pictures[place[0]], *place[1:]))
        # Crops are never empty for the network: one grey crop stands in and its answer is dropped.
        maps, states = self.network(np.stack([reduced(picture) for picture in pictures]),
                                    np.stack(crops) if crops else np.full((1, 3, CROP, CROP), 128, np.uint8))
        perception = messages.Perception()
        decode(maps, perception)
        for head, scores in zip(heads, states):
            best = int(np.argmax(scores))
            if best > 0 and scores[best] >= SIGNAL_SCORE:
                perception.signals.add(head=head, score=scores[best], state=STATES[best])
        return huntsman.Action(perception=perception)


if __name__ == "__main__":
    Perception(sys.argv[1]).serve()
