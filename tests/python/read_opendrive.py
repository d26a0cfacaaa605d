"""Fifty generated towns against the schema of OpenDRIVE 1.8, which stands in asam-qc-opendrive.

The schema is written in XSD 1.1, whose only validator in Python takes a quarter of a minute a town.
It uses 1.1 for the kinds of junctions and for one assertion. Without these it is XSD 1.0, by which
lxml validates every town at once; the smallest town is validated by the whole schema too.
"""

import pathlib
import sys
import tempfile

import qc_opendrive
import xmlschema
from lxml import etree
from qc_opendrive.schema import schema_files

XSD = "{http://www.w3.org/2001/XMLSchema}"


def simplified(schema: pathlib.Path, folder: pathlib.Path) -> etree.XMLSchema:
    """The schema as XSD 1.0: junctions are the common ones."""
    for path in schema.parent.glob("*.xsd"):
        tree = etree.parse(path)
        for node in list(tree.iter(XSD + "assert")):
            node.getparent().remove(node)
        for node in list(tree.iter(XSD + "alternative")):
            if node.get("test") is None:
                node.getparent().set("type", node.get("type"))
            node.getparent().remove(node)
        tree.write(folder / path.name)
    return etree.XMLSchema(etree.parse(folder / schema.name))


def main() -> int:
    towns = sorted(pathlib.Path(sys.argv[1]).glob("*.xodr"))
    assert len(towns) == 50, f"{len(towns)} towns in {sys.argv[1]}, expected 50"
    schema = pathlib.Path(qc_opendrive.__file__).parent / "schema" / schema_files.SCHEMA_FILES["1.8.0"]
    faults = []
    with tempfile.TemporaryDirectory() as folder:
        simple = simplified(schema, pathlib.Path(folder))
        for town in towns:
            if not simple.validate(etree.parse(town)):
                faults += [f"{town.name}:{e.line}: {e.message}" for e in simple.error_log]
    smallest = min(towns, key=lambda town: town.stat().st_size)
    for error in xmlschema.XMLSchema11(schema).iter_errors(etree.parse(smallest)):
        faults.append(f"{smallest.name}:{error.sourceline}: {error.reason}")
    for fault in faults[:20]:
        print(fault)
    print(f"{len(towns)} towns, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
