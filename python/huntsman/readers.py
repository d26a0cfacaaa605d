"""Readers for what the simulator leaves: runs, failures and datasets.

Tables are pandas' (``pip install "huntsman[tables]"``), pictures of datasets are decoded by Pillow
(``pip install "huntsman[pictures]"``).
"""
from __future__ import annotations

import io
import json
import os
import pathlib
import sqlite3
import tarfile
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence, Tuple

import numpy as np

from .program import PathLike

if TYPE_CHECKING:
    import pandas


class Dataset:
    """A dataset of ``huntsman export --format webdataset``, sample by sample.

    As PyTorch wants it (``torch.utils.data.DataLoader(huntsman.Dataset(folder), ...)`` with a
    `collate_fn` for what is not of one size), and a plain sequence without it. Worker processes may
    share it; no file stays open.

    folder: of the dataset; split: "train" or "val" (both unless given); cameras: whose pictures
        (all unless given); labels: which files beside them, as ("depth", "ids") (all unless given).
    transform: called with each sample, returns what is given instead.

    A sample is a dict:

    - ``key``: its name; ``scene``: of which scene
    - ``json``: everything but pictures: poses, lenses, boxes, signals (docs/labels.md)
    - ``images``: by camera, uint8 (height, width, 3)
    - ``labels``: by camera and label: ids uint32 and depth float32 [m] (height, width), normals float32
      (height, width, 3) in C, linear float32; what is of another kind as its bytes
    - ``lidar``: structured array of x, y, z, intensity, ring, id; ``birds_eye``: uint8 (rows, columns);
      None where the dataset has none
    """

    def __init__(
        self,
        folder: PathLike,
        *,
        split: Optional[str] = None,
        cameras: Optional[Sequence[str]] = None,
        labels: Optional[Sequence[str]] = None,
        transform: Any = None,
    ) -> None:
        self.folder = pathlib.Path(folder)
        self._cameras, self._labels, self._transform = cameras, labels, transform
        shards = _read_json(self.folder / "shards.json", "a dataset in the format webdataset")["shards"]
        splits = sorted({shard["split"] for shard in shards})
        if split is not None and split not in splits:
            raise ValueError("%s has no split %r, expected %s" % (self.folder, split, " or ".join(splits)))
        self._samples: List[Tuple[str, str, pathlib.Path, Dict[str, Tuple[int, int]]]] = []
        for shard in shards:
            if split is None or shard["split"] == split:
                self._scan(self.folder / shard["path"])

    def _scan(self, path: pathlib.Path) -> None:
        """Where the files of an archive are; none of them is read."""
        files: Dict[str, Dict[str, Tuple[int, int]]] = {}
        with tarfile.open(path) as archive:
            for member in archive:
                key, _, ending = member.name.partition(".")
                files.setdefault(key, {})[ending] = (member.offset_data, member.size)
        for key in sorted(files):
            self._samples.append((key, path.parent.name, path, files[key]))

    def __len__(self) -> int:
        return len(self._samples)

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, index: int) -> Any:
        key, scene, path, files = self._samples[index]
        sample: Dict[str, Any] = {
            "key": key, "scene": scene, "json": {}, "images": {}, "labels": {}, "lidar": None, "birds_eye": None,
        }
        with open(path, "rb") as archive:
            for ending, (offset, size) in files.items():
                if self._wants(ending):
                    archive.seek(offset)
                    _place(sample, ending, archive.read(size))
        return sample if self._transform is None else self._transform(sample)

    def _wants(self, ending: str) -> bool:
        parts = ending.split(".")
        if ending in ("json", "lidar.npy") or parts[0] == "birds_eye":
            return self._labels is None or ending == "json" or parts[0] in self._labels
        if self._cameras is not None and parts[0] not in self._cameras:
            return False
        return len(parts) == 2 or self._labels is None or parts[1] in self._labels


def _place(sample: Dict[str, Any], ending: str, data: bytes) -> None:
    parts = ending.split(".")
    if ending == "json":
        sample["json"] = json.loads(data)
    elif ending == "lidar.npy":
        sample["lidar"] = np.load(io.BytesIO(data))
    elif parts[0] == "birds_eye":
        sample["birds_eye"] = _pixels(data)
    elif len(parts) == 2:
        sample["images"][parts[0]] = _pixels(data)
    else:
        sample["labels"].setdefault(parts[0], {})[parts[1]] = _label(parts[1], parts[-1], data)


def _label(name: str, kind: str, data: bytes) -> Any:
    if kind == "npy":
        return np.load(io.BytesIO(data))
    if name in ("ids", "depth"):
        words = np.ascontiguousarray(_pixels(data)).view("<u4" if name == "ids" else "<f4")
        return words[..., 0]
    if name == "normals":
        return ((_pixels(data).astype(np.float32) - 128) / 127).astype(np.float32)
    return data


def _pixels(data: bytes) -> Any:
    try:
        from PIL import Image
    except ImportError as error:
        raise ImportError("huntsman.Dataset needs Pillow for pictures: pip install pillow") from error
    return np.asarray(Image.open(io.BytesIO(data)))


def runs(path: PathLike) -> "pandas.DataFrame":
    """A table with a row a run.

    path: a file of results of ``huntsman suite run`` or ``evaluate`` (.sqlite): its runs with a column
        ``score.METRIC`` for each metric; or a folder: every run.json in it and below, with the columns
        scenario, seed, driver, sim_time_s, valid, end_reason, route_m, progress_m, infractions,
        ``scores.NAME`` and folder.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        rows = []
        for file in sorted(path.rglob("run.json")):
            rows.append(dict(_flat_run(_read_json(file, "a run")), folder=str(file.parent)))
        return _pandas().DataFrame(rows)
    with _opened(path, "runs", "results of a suite") as results:
        table = _pandas().read_sql_query(
            "SELECT id, status, reason, driver, scenario, seed, ticks, frames, sim_time_s, wall_time_s, "
            "state_hash, image_hash, program, device FROM runs ORDER BY id", results)
        scores = _pandas().read_sql_query("SELECT run, metric, value FROM scores", results)
    wide = scores.pivot(index="run", columns="metric", values="value").add_prefix("score.")
    return table.merge(wide, how="left", left_on="id", right_index=True)


def failures(path: PathLike) -> "pandas.DataFrame":
    """A table with a row a failure.

    path: a catalogue as ``huntsman run`` keeps it (failures.db), or a file of results (.sqlite): its
        infractions with driver, scenario and seed of their runs; or a folder with run.json files.
    """
    path = pathlib.Path(path)
    if path.is_dir():
        rows = []
        for file in sorted(path.rglob("run.json")):
            run = _read_json(file, "a run")
            common = {name: run.get(name) for name in ("scenario", "seed", "driver")}
            rows += [dict(common, **one, folder=str(file.parent)) for one in run.get("infractions") or []]
        return _pandas().DataFrame(rows)
    with _opened(path, None, "a catalogue of failures or results of a suite") as results:
        names = {row[0] for row in results.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "failures" in names:
            return _pandas().read_sql_query("SELECT * FROM failures ORDER BY id", results)
        if "infractions" in names:
            return _pandas().read_sql_query(
                "SELECT i.*, r.driver, r.scenario, r.seed FROM infractions i JOIN runs r ON r.id = i.run "
                "ORDER BY i.run, i.tick", results)
    raise ValueError("%s is neither a catalogue of failures nor results of a suite" % path)


def _flat_run(run: Mapping[str, Any]) -> Dict[str, Any]:
    row: Dict[str, Any] = {
        name: run.get(name)
        for name in ("scenario", "seed", "driver", "sim_time_s", "wall_time_s", "valid", "end_reason", "state_hash")
    }
    route = run.get("route") or {}
    row["route_m"], row["progress_m"] = route.get("length_m"), route.get("progress_m")
    row["infractions"] = len(run.get("infractions") or [])
    _flatten("scores", run.get("scores"), row)
    return row


def _flatten(name: str, value: Any, row: Dict[str, Any]) -> None:
    if isinstance(value, dict):
        for key, one in value.items():
            _flatten("%s.%s" % (name, key), one, row)
    elif isinstance(value, (int, float, str, bool)):
        row[name] = value


def _read_json(path: pathlib.Path, what: str) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise FileNotFoundError("%s is not there, expected %s" % (path, what)) from None
    except ValueError as error:
        raise ValueError("%s is damaged: %s" % (path, error)) from None


class _opened:
    """An SQLite file, to be read only."""

    def __init__(self, path: pathlib.Path, table: Optional[str], what: str) -> None:
        if not path.is_file():
            raise FileNotFoundError("%s is not there, expected %s" % (path, what))
        self._file = sqlite3.connect("file:%s?mode=ro" % _uri_path(path), uri=True)
        try:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
            names = {row[0] for row in self._file.execute(query)}
        except sqlite3.DatabaseError:
            names = set()
        if not names or (table is not None and table not in names):
            self._file.close()
            raise ValueError("%s does not hold %s" % (path, what))

    def __enter__(self) -> sqlite3.Connection:
        return self._file

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _uri_path(path: pathlib.Path) -> str:
    from urllib.parse import quote

    return quote(os.fspath(path.resolve()))


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise ImportError("huntsman needs pandas for tables: pip install pandas") from error
    return pandas
