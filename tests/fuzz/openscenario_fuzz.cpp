// Any bytes as an OpenSCENARIO file: read, written in both forms, read again, and played.
//
//   fuzz_openscenario -dict=tests/fuzz/openscenario.dict -max_len=65536 work_folder
//       tests/fuzz/scenarios
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "engine/core/check.h"
#include "scenarios/openscenario/json_form.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/openscenario/standard.h"
#include "scenarios/openscenario/xml.h"
#include "scenarios/player/player.h"

namespace {

using namespace huntsman;
using scenarios::openscenario::Standard;

// What is written reads again, and is written the same.
void check_forms(scenarios::story::Element root) {
    scenarios::openscenario::canonicalise(root, Standard::kRootType);
    const std::string text = scenarios::openscenario::write_xml(root);
    const auto again = scenarios::openscenario::parse_xml(text, "written");
    HM_CHECK(again.ok(), "{}", again.error().text());
    HM_CHECK(scenarios::openscenario::write_xml(*again) == text, "writing is no fixed point");
    scenarios::openscenario::to_json(root, Standard::kRootType)
        .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

engine::world::RoadModel straight_road() {
    engine::world::RoadModel model;
    engine::world::Road& road = model.roads.emplace_back();
    road.id = "1";
    road.length_m = 500;
    engine::world::PlanPiece piece;
    piece.length_m = 500;
    road.plan.push_back(piece);
    auto& section = road.sections.emplace_back();
    for (int id = 2; id >= -2; --id) {
        engine::world::ModelLane lane;
        lane.id = id;
        if (id != 0) {
            lane.type = engine::world::LaneType::kDriving;
            lane.widths.push_back({.s_m = 0, .a = 3.5});
        }
        section.lanes.push_back(lane);
    }
    return model;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const engine::world::RoadModel roads = straight_road();
    static const engine::road::RoadGeometry geometry(roads);
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto read = scenarios::openscenario::parse(text, "fuzz.xosc");
    if (!read.ok()) return 0;
    check_forms(read->document.root);
    for (const auto& finding : read->findings) {
        if (finding.severity == engine::core::Severity::kError) return 0;
    }
    const scenarios::player::Player player(read->story, geometry);
    if (!player.check().empty()) return 0;
    auto state = player.begin();
    for (int i = 0; i < 40 && !state.finished; ++i) player.step(state, 50'000);
    for (const auto& entity : state.entities) {
        HM_CHECK(std::isfinite(entity.p_W.x + entity.p_W.y + entity.heading_rad + entity.speed_mps),
                 "a number that is none");
    }
    return 0;
}
