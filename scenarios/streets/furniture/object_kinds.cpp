#include "scenarios/streets/furniture/object_kinds.h"

#include <algorithm>
#include <cctype>
#include <string>

namespace huntsman::scenarios::streets {

ObjectKind kind_of(const engine::world::ModelObject& object) {
    std::string words = object.type + " " + object.subtype + " " + object.name;
    std::transform(words.begin(), words.end(), words.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    const auto has = [&](const char* word) { return words.find(word) != std::string::npos; };
    const auto is = [&](const char* type) { return object.type == type; };
    if (is("crosswalk") || is("wind") || is("parkingSpace") || is("roadMark") ||
        is("roadSurface") || is("patch") || has("stopline") || has("stop line") || has("manhole")) {
        return ObjectKind::kPaint;
    }
    if (is("trafficIsland") || has("trafficisland")) return ObjectKind::kIsland;
    if (has("cone") && !has("concrete")) return ObjectKind::kCone;
    if (has("busstop") || has("bus stop") || has("shelter")) return ObjectKind::kShelter;
    if (has("guardrail") || has("guard rail") || has("crash")) return ObjectKind::kGuardRail;
    if (has("guide-post") || has("guidepost") || has("delineator")) return ObjectKind::kGuidePost;
    if (has("rail-pole") || has("railing-pole")) return ObjectKind::kBollard;
    if (has("railing")) return ObjectKind::kRailing;
    if (has("roadworks barrier") || (is("barrier") && (has("roadwork") || has("works")))) {
        return ObjectKind::kWorksBarrier;
    }
    if (has("jersey") || has("concretebarrier")) return ObjectKind::kJersey;
    if (has("hedge")) return ObjectKind::kHedge;
    if (has("fence")) return ObjectKind::kFence;
    if (has("wall") || has("soundbarrier")) return ObjectKind::kWall;
    if (has("streetlamp") || has("lamp") || has("lantern")) return ObjectKind::kLamp;
    if (has("bush") || has("shrub")) return ObjectKind::kBush;
    if (is("tree") || is("vegetation") || has("tree")) return ObjectKind::kTree;
    if (has("bollard")) return ObjectKind::kBollard;
    if (is("pole") || has("pole") || has("mast")) return ObjectKind::kPole;
    if (is("building") || has("building") || has("house")) return ObjectKind::kBuilding;
    if (has("material") || has("heap") || has("pile")) return ObjectKind::kHeap;
    if (has("bench")) return ObjectKind::kBench;
    if (has("trash") || has("bin")) return ObjectKind::kBin;
    if (is("barrier")) return object.width_m > 0.35 ? ObjectKind::kJersey : ObjectKind::kGuardRail;
    if (is("none") || is("-1") || object.type.empty()) {
        return object.height_m > 0.2 ? ObjectKind::kBox : ObjectKind::kPaint;
    }
    return ObjectKind::kBox;
}

}  // namespace huntsman::scenarios::streets
