"""Every file of a sample by tarfile, PIL and numpy alone."""
import io
import json
import sys
import tarfile

import numpy as np
from PIL import Image

root = sys.argv[1]
truth = root + "-truth/"
shards = json.load(open(root + "/shards.json"))["shards"]
assert sum(s["samples"] for s in shards) == 42 and len(shards) == 2
for shard in shards:
    with tarfile.open(f"{root}/{shard['path']}") as tar:
        files = {m.name: tar.extractfile(m).read() for m in tar.getmembers()}
    assert len({name.split(".")[0] for name in files}) == shard["samples"]

    def picture(ending):
        return np.asarray(Image.open(io.BytesIO(files["boxes-1-000000." + ending])))

    if "boxes-1" not in shard["path"]:
        continue
    shape = (100, 160)
    assert np.array_equal(picture("front.png"), np.fromfile(truth + "image.u1", "u1").reshape(*shape, 3))
    ids = picture("front.ids.png").copy().view("<u4")[..., 0]
    assert np.array_equal(ids, np.fromfile(truth + "ids.u4", "<u4").reshape(shape))
    # Bit for bit, infinities too.
    depth = picture("front.depth.png").copy().view("<f4")[..., 0]
    expected = np.fromfile(truth + "depth.f4", "<f4").reshape(shape)
    assert depth.tobytes() == expected.tobytes() and np.isinf(expected).any()
    normals = picture("front.normals.png").astype(float) / 127 - 128 / 127
    assert np.abs(normals - np.fromfile(truth + "normals.f4", "<f4").reshape(*shape, 3)).max() <= 0.5 / 127 + 1e-6
    # Sixteen bits by hand: PIL reads RGB of 16 bits as 8.
    import struct
    import zlib
    png, data, at = files["boxes-1-000000.front.flow_next.png"], b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at:at + 8])
        data += png[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += size + 12
    rows = np.frombuffer(zlib.decompress(data), "u1").reshape(shape[0], -1)
    raw = np.zeros((shape[0], shape[1] * 6), "u1")
    for y, row in enumerate(rows):
        assert row[0] in (1, 2)
        if row[0] == 1:  # from the left, pixel by pixel
            raw[y] = np.cumsum(row[1:].reshape(-1, 6), axis=0, dtype="u1").reshape(-1)
        else:
            raw[y] = row[1:] + raw[y - 1]
    flow = raw.view(">u2").reshape(*shape, 3).astype(float)
    expected = np.fromfile(truth + "flow.f4", "<f4").reshape(*shape, 2)
    valid = flow[..., 2] > 0
    assert np.array_equal(valid, ~np.isnan(expected[..., 0])) and valid.any()
    assert np.abs((flow[..., :2] - 32768) / 64 - expected)[valid].max() <= 0.5 / 64 + 1e-4
    sample = json.loads(files["boxes-1-000000.json"])
    assert [c["camera"]["name"] for c in sample["cameras"]] == ["front", "left"]
    lidar = np.load(io.BytesIO(files["boxes-1-000000.lidar.npy"]))
    assert len(lidar) == sample["lidar"]["points"] > 1000
    for o in sample["objects"]:
        assert (lidar["id"] & 0x1FFFFF == o["id"]).sum() == o["lidar_points"]
    for o in sample["cameras"][0]["objects"]:
        ys, xs = np.nonzero((ids & 0x1FFFFF) == o["id"])
        assert len(xs) == o["visible_px"]
        if len(xs):
            assert o["visible"] == [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
    cells = picture("birds_eye.cells.png")
    assert cells.shape == (40, 40) and (cells & 32).any() and (cells & 15 == 0).all()
