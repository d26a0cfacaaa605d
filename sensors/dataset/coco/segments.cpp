#include "sensors/dataset/coco/segments.h"

#include <algorithm>
#include <map>

#include "engine/core/array_view.h"

namespace huntsman::sensors::dataset::coco {

using engine::world::ActorId;
using engine::world::Semantic;
using labels::CameraSample;

namespace {

constexpr Category kCategories[] = {{1, "person", "person", true},
                                    {2, "bicycle", "vehicle", true},
                                    {3, "car", "vehicle", true},
                                    {4, "motorcycle", "vehicle", true},
                                    {6, "bus", "vehicle", true},
                                    {8, "truck", "vehicle", true},
                                    {10, "traffic light", "outdoor", true},
                                    {149, "road", "ground", false},
                                    {184, "tree-merged", "plant", false},
                                    {185, "fence-merged", "structural", false},
                                    {187, "sky-other-merged", "sky", false},
                                    {191, "pavement-merged", "ground", false},
                                    {193, "grass-merged", "plant", false},
                                    {197, "building-other-merged", "building", false},
                                    {1001, "pole", "structural", false},
                                    {1002, "traffic sign", "outdoor", false},
                                    {1003, "other", "other", false},
                                    {1004, "electric scooter", "vehicle", true},
                                    {1005, "trailer", "vehicle", true},
                                    {1006, "animal", "animal", true},
                                    {1007, "movable object", "other", true}};
int category_of(Semantic semantic) {
    switch (semantic) {
        case Semantic::kPedestrian:
        case Semantic::kWheelchair:
            return 1;
        case Semantic::kBicycle:
            return 2;
        case Semantic::kCar:
        case Semantic::kVan:
            return 3;
        case Semantic::kMotorcycle:
            return 4;
        case Semantic::kBus:
            return 6;
        case Semantic::kTruck:
            return 8;
        case Semantic::kTrafficSignal:
            return 10;
        case Semantic::kRoad:
        case Semantic::kRoadMark:
            return 149;
        case Semantic::kVegetation:
            return 184;
        case Semantic::kFence:
            return 185;
        case Semantic::kSky:
            return 187;
        case Semantic::kSidewalk:
        case Semantic::kKerb:
            return 191;
        case Semantic::kTerrain:
            return 193;
        case Semantic::kBuilding:
            return 197;
        case Semantic::kPole:
            return 1001;
        case Semantic::kTrafficSign:
            return 1002;
        case Semantic::kOther:
            return 1003;
        case Semantic::kScooter:
            return 1004;
        case Semantic::kTrailer:
            return 1005;
        case Semantic::kAnimal:
            return 1006;
        case Semantic::kMovable:
            return 1007;
        case Semantic::kNothing:
            return 0;
    }
    return 0;
}

}  // namespace

std::span<const Category> categories() { return kCategories; }

bool is_thing(int category) {
    return std::any_of(std::begin(kCategories), std::end(kCategories),
                       [&](const Category& c) { return c.id == category && c.thing; });
}

std::vector<Segment> segments_of(const CameraSample& c) {
    const int w = c.camera.width, h = c.camera.height;
    const engine::core::ArrayView<const std::uint32_t> ids(c.ids, h, w);
    std::map<std::pair<int, std::uint32_t>, Segment> segments;
    // Down the columns, as masks run.
    std::uint32_t last_word = 0;
    Segment* last = nullptr;
    for (int x = 0; x < w; ++x) {
        for (int y = 0; y < h; ++y) {
            const std::uint32_t word = ids(y, x);
            if (last == nullptr || word != last_word) {
                const Semantic semantic = engine::world::semantic_of(word);
                const ActorId actor = engine::world::actor_of(word);
                // The own bonnet is nothing to be found, as in Cityscapes.
                const int category = actor == engine::world::kEgo ? 0 : category_of(semantic);
                const bool thing = is_thing(category) && actor != engine::world::kNoActor;
                const std::pair<int, std::uint32_t> key{category, thing ? actor : 0};
                last = &segments[key];
                last->category = category;
                last->word = engine::world::id_word(semantic, key.second);
                last_word = word;
            }
            last->runs.add(static_cast<std::uint32_t>(x * h + y));
            if (last->box.empty()) {
                last->box = {x, y, x + 1, y + 1};
            } else {
                last->box = {std::min(last->box.x0, x), std::min(last->box.y0, y),
                             std::max(last->box.x1, x + 1), std::max(last->box.y1, y + 1)};
            }
            ++last->area;
        }
    }
    std::vector<Segment> list;
    for (auto& [key, segment] : segments) {
        if (key.first != 0) list.push_back(std::move(segment));
    }
    return list;
}

}  // namespace huntsman::sensors::dataset::coco
