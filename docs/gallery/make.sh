#!/usr/bin/env bash
# Takes the pictures of the gallery anew: six towns from above and from the street.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
picture() { ./huntsman look "$1" "${@:3}" --size 960x600 --out "docs/gallery/$1-$2.jpg"; }
for town in old_town new_town suburb_us motorway railway left_hand; do
    picture "$town" above --aerial
done
picture old_town street --along 60
picture new_town street --along 40
picture suburb_us street --along 40
picture motorway street --from=-70,423,14 --to=30,404,3
picture railway street --from=128,90,5 --to=108,135,7
picture left_hand street --along 40
# Ten small scenes beside the path tracer: docs/gallery/reference.
HUNTSMAN_REFERENCE=record build/release/tests/engine/render/test_engine_render_render \
    --gtest_filter='Reference.*'
