"""Labels, calibration and scans of KITTI by numpy alone, checked against the id buffer."""
import sys

import numpy as np
from PIL import Image

root = sys.argv[1] + "/training/"
index = [line.split() for line in open(root + "index.txt")]
assert len(index) == 42 and index[21] == ["000021", "boxes-2", "0"], index[21]
picture = np.asarray(Image.open(root + "image_2/000000.png"))
assert np.array_equal(picture, np.fromfile(sys.argv[1] + "-truth/image.u1", "u1").reshape(picture.shape))
ids = np.fromfile(sys.argv[1] + "-truth/ids.u4", "<u4").reshape(100, 160) & 0x1FFFFF

calib = {}
for line in open(root + "calib/000000.txt"):
    name, values = line.split(":")
    calib[name] = np.array([float(v) for v in values.split()])
P2, R0 = calib["P2"].reshape(3, 4), calib["R0_rect"].reshape(3, 3)
velo_to_cam = calib["Tr_velo_to_cam"].reshape(3, 4)
assert np.allclose(R0, np.eye(3)) and np.allclose(P2[:, :3], [[80, 0, 79.5], [0, 80, 49.5], [0, 0, 1]])

scan = np.fromfile(root + "velodyne/000000.bin", "<f4").reshape(-1, 4)
points = (velo_to_cam @ np.c_[scan[:, :3], np.ones(len(scan))].T).T
ahead = points[:, 2] > 1
assert ahead.sum() > 300 and (scan[ahead, 0] > 0).all()  # x of the scanner is ahead

# Ids of objects in order of the labels, from the boxes of the buffer.
lines = [line.split() for line in open(root + "label_2/000000.txt")]
assert len(lines) >= 7 and all(len(line) == 15 for line in lines)
kinds = {line[0] for line in lines}
assert {"Car", "Van", "Truck", "Pedestrian", "Person_sitting", "Cyclist", "Misc"} == kinds, kinds
seen = 0
for line in lines:
    truncated, occluded, alpha = float(line[1]), int(line[2]), float(line[3])
    left, top, right, bottom, h, w, l, x, y, z, ry = (float(v) for v in line[4:])
    # Corners by the readme of KITTI's development kit.
    c, s = np.cos(ry), np.sin(ry)
    corners = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]) @ np.array([
        [l / 2, l / 2, -l / 2, -l / 2, l / 2, l / 2, -l / 2, -l / 2],
        [0, 0, 0, 0, -h, -h, -h, -h],
        [w / 2, -w / 2, -w / 2, w / 2, w / 2, -w / 2, -w / 2, w / 2]]) + [[x], [y], [z]]
    assert abs(y - 1.5) < 1e-3, "things stand on the ground, 1.5 m below the camera"
    if corners[2].min() > 0.1 and truncated == 0:
        pixels = P2[:, :3] @ corners
        pixels = pixels[:2] / pixels[2]
        # The box of pixels whose centres the silhouette covers lies within its hull, by less than
        # a pixel.
        for value, hull, sign in ((left, pixels[0].min(), 1), (right, pixels[0].max(), -1),
                                  (top, pixels[1].min(), 1), (bottom, pixels[1].max(), -1)):
            assert -0.01 <= sign * (value - hull) <= 1.01, (line, value, hull)
        seen += 1
    direction = np.arctan2(x, z)
    assert abs((alpha - (ry - direction) + np.pi) % (2 * np.pi) - np.pi) < 1e-4
    # Scan points on the thing fall into its box.
    inside = np.abs(np.linalg.solve(np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]),
                                    (points - [x, y - h / 2, z]).T))
    on_it = (inside <= np.array([[l / 2], [h / 2], [w / 2]]) + 2e-3).all(axis=0)
    if occluded == 0 and truncated == 0:
        assert on_it.sum() > 0, line
        pixels = (P2[:, :3] @ points[on_it].T)
        pixels = pixels[:2] / pixels[2]
        assert (pixels[0] > left - 1).all() and (pixels[0] < right + 1).all()
assert seen >= 3, seen
