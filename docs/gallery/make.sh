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

# Four places by noon, dusk, night and in rain, through the eight cameras.
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
light() {  # place, metres along the route, name, environment
    python3 - "assets/scenarios/$1.json" "$4" >"$folder/$1-$3.json" <<'END'
import json, sys
scenario = json.load(open(sys.argv[1]))
scenario["environment"] = json.loads(sys.argv[2])
json.dump(scenario, sys.stdout)
END
    ./huntsman look "$folder/$1-$3.json" --along "$2" --cameras --size 480x300 --out "docs/gallery/light/$1-$3.jpg"
}
mkdir -p docs/gallery/light
for place in "old_town 60" "new_town 110" "suburb_us 40" "left_hand 40"; do
    light $place noon '{"sun_azimuth_deg": 200, "sun_elevation_deg": 58, "turbidity": 2.5, "cloud_cover": 0.2, "fog_per_m": 0, "wetness": 0}'
    light $place dusk '{"sun_azimuth_deg": 190, "sun_elevation_deg": -2, "turbidity": 2.5, "cloud_cover": 0.3, "fog_per_m": 0, "wetness": 0, "light": "dusk"}'
    light $place night '{"sun_azimuth_deg": 330, "sun_elevation_deg": -25, "turbidity": 2.5, "cloud_cover": 0.3, "fog_per_m": 0, "wetness": 0, "light": "night"}'
    light $place rain '{"sun_azimuth_deg": 210, "sun_elevation_deg": 35, "turbidity": 4, "cloud_cover": 0.95, "fog_per_m": 0.0005, "rain_mm_h": 10, "wetness": 1, "puddles": 0.5, "friction": 0.65, "weather": "rain"}'
done

# Eyes and labels; the sheets are PNG, which docs/gallery/sensors keeps smaller as JPEG.
eyes() {  # NAME SEED RIG LABELS
    ./huntsman export --format webdataset --seeds "$2..$2" --seconds 0.6 --rate 2 --rig "$3" --out "$folder/$1"
    ./huntsman inspect "$folder/$1" --sample 1 --labels "$4" --out "$folder/$1.png"
}
eyes eight_cameras_automotive 3 eight_cameras_automotive boxes3d
eyes surround_fisheye 3 surround_fisheye boxes3d
eyes labels 4 eight_cameras boxes3d,keypoints,signals,signs,lanes
./huntsman rig plot eight_cameras_automotive --out "$folder/rig_plot.png"

# Vehicles and people by themselves.
models() { ./huntsman model view "${@:2}" --out "docs/gallery/models/$1.jpg"; }
mkdir -p docs/gallery/models
models people people --views 1 --size 240x400
models fleet fleet --views 1 --size 360x240
models walk man_9 woman_15 child_32 elder_12 --walk 1.4 --size 200x330
models faces woman_22 man_31 child_27 elder_11 --close --views 6 --size 260x260
models riders bicycle cargo_bicycle scooter motorcycle motor_scooter wheelchair --views 4 --size 320x260
models animals dog shepherd terrier cat deer stag cow --views 4 --size 300x200
models turns saloon_large panel_van police_car bus --views 6 --size 320x220
models things pram pram_grey suitcase dog_walker dog_walker_shepherd ballchild_800 --walk 1.2 --views 3 --size 300x330
models loads hatchback_roof_box suv_roof_box saloon_roof_rack --views 4 --size 320x220
models night hatchback_compact taxi truck ambulance --night --views 2 --size 360x240
