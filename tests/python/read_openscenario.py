"""Scenarios that we wrote against ASAM's schema of OpenSCENARIO XML 1.3, by lxml."""

import pathlib
import sys

from lxml import etree


def main() -> int:
    root = pathlib.Path(__file__).resolve().parents[2]
    schema_file = root / "../shared/interop/openscenario/schema/OpenSCENARIOv1.3.xsd"
    written = sorted(pathlib.Path(sys.argv[1]).glob("*.xosc"))
    if not schema_file.exists() or not written:
        print("skipped: the schema or the scenarios of others are not present")
        return 77
    schema = etree.XMLSchema(etree.parse(schema_file))
    faults = []
    for path in written:
        source = next(
            (root / "../shared/interop/openscenario/xosc").rglob(
                path.stem.removesuffix("_again") + ".xosc"
            )
        )
        if schema.validate(etree.parse(path)):
            continue
        # What the source holds beyond the standard is written again.
        ours = {e.message for e in schema.error_log}
        schema.validate(etree.parse(source))
        theirs = {e.message for e in schema.error_log}
        faults += [f"{path.name}: {message}" for message in sorted(ours - theirs)]
    for fault in faults[:20]:
        print(fault)
    print(f"{len(written)} scenarios, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
