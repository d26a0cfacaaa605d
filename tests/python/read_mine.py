"""read_mine.py FOLDER: fills the archives of MAP-Elites again with pyribs, at the same budget."""
import json
import pathlib
import sys

import numpy as np
import ribs
from ribs.archives import GridArchive
from ribs.emitters import IsoLineEmitter
from ribs.schedulers import Scheduler

given = json.loads((pathlib.Path(sys.argv[1]) / "mine.json").read_text())
d, cells = given["dimensions"], given["cells"]


def sphere(u):
    v = 2 * u - 1
    halves = np.stack([v[:, :d // 2].mean(1), v[:, d // 2:].mean(1)], 1)
    return -((v - 0.4) ** 2).sum(1), halves


def arm(u):
    angles = np.cumsum((u - 0.5) * 2 * np.pi, 1)
    return -u.var(1), np.stack([np.cos(angles).mean(1), np.sin(angles).mean(1)], 1)


def cell_of(measures):
    return np.clip(np.floor(0.5 * (measures + 1) * cells).astype(int), 0, cells - 1)


def illuminate(function, seed):
    """Coverage and sum of severities above the least, of an archive by pyribs."""
    archive = GridArchive(solution_dim=d, dims=[cells, cells], ranges=[(-1, 1), (-1, 1)],
                          seed=seed)
    first = np.random.default_rng(seed).random((5 * d, d))
    # Deviations as in bridge/mine.
    emitter = IsoLineEmitter(archive, iso_sigma=0.02, line_sigma=0.2, initial_solutions=first,
                             bounds=[(0, 1)] * d, batch_size=given["generation"], seed=seed)
    scheduler = Scheduler(archive, [emitter])
    asked = 0
    while asked < given["budget"]:
        u = scheduler.ask()
        scheduler.tell(*function(u))
        asked += len(u)
    return archive.stats.coverage, archive.data("objective")


failed = False
for name, function, least in (("sphere", sphere, -d * 1.4**2), ("arm", arm, -0.25)):
    ours, theirs = [], []
    for seed, elites in enumerate(given["archives"][name]):
        # The same functions: severity and niche of each elite.
        severity, measures = function(np.array([e["u"] for e in elites]))
        if not np.allclose(severity, [e["severity"] for e in elites], atol=1e-12):
            sys.exit(f"{name}: severities differ")
        # A measure may lie on a border, where rounding decides.
        differ = (cell_of(measures) != np.array([e["niche"] for e in elites])).any(1)
        if differ.sum() > 2:
            sys.exit(f"{name}: {differ.sum()} niches differ")
        ours.append((len(elites) / cells**2, (severity - least).sum() / cells**2))
        coverage, severity = illuminate(function, seed)
        theirs.append((coverage, (severity - least).sum() / cells**2))
    (coverage, quality), (their_coverage, their_quality) = np.mean(ours, 0), np.mean(theirs, 0)
    print(f"{name}: coverage {100 * coverage:.1f} %, pyribs {100 * their_coverage:.1f} %; "
          f"quality {quality:.3f}, pyribs {their_quality:.3f}")
    # Within 10 %, or better.
    failed |= coverage < 0.9 * their_coverage or quality < 0.9 * their_quality

if failed:
    sys.exit("MAP-Elites covers less than 90 % of what pyribs does")
print(f"MAP-Elites is as good as pyribs {ribs.__version__}, or better")
