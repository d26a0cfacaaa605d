#include <fmt/format.h>

#include <algorithm>

#include "engine/core/describe_numbers.h"
#include "engine/core/dice.h"
#include "engine/road/compile.h"
#include "scenarios/town/emit.h"
#include "scenarios/town/mirror.h"
#include "scenarios/town/town_fields.h"

namespace huntsman::scenarios::town {

using engine::core::Dice;

using engine::core::Error;
using engine::core::Key;
using engine::core::Result;
using engine::core::Status;
using engine::world::RoadModel;

TownStyle style_of(const TownParameters& p) {
    Dice dice(Key(p.seed).with("style"));
    // Every draw is made whether it is used or not, so that setting one parameter leaves the others
    // as they were.
    TownStyle style;
    const auto pick = [](const auto& given, auto drawn) { return given ? *given : drawn; };
    style.density = pick(p.density, dice.uniform(0.15, 0.95));
    style.age = pick(p.age, dice.uniform(0.0, 1.0));
    style.block_m = pick(p.block_m, dice.uniform(96, 122));
    style.hilliness = pick(p.hilliness, std::max(0.0, dice.uniform(-0.3, 1.0)));
    style.one_way_share = pick(p.one_way_share, dice.uniform(0.0, 0.3));
    style.dead_end_share = pick(p.dead_end_share, dice.uniform(0.1, 0.6));
    style.roundabout_share = pick(p.roundabout_share, dice.uniform(0.0, 0.4));
    style.cycle_share = pick(p.cycle_share, dice.uniform(0.0, 0.6));
    style.works_share = pick(p.works_share, dice.uniform(0.0, 0.15));
    style.motorway = pick(p.motorway, dice.chance(0.3));
    style.railway = pick(p.railway, dice.chance(0.3));
    style.left_hand = pick(p.left_hand, dice.chance(0.15));
    style.country = pick(p.country, std::string(dice.chance(0.25) ? "US" : "DE"));
    if (style.left_hand && !p.country) style.country = "GB";
    return style;
}

namespace {

Status check(const TownParameters& p) {
    HM_TRY(engine::core::check_ranges(p));
    if (p.country && *p.country != "DE" && *p.country != "US" && *p.country != "GB") {
        return Error{fmt::format("country is {}, expected DE, GB or US", *p.country)};
    }
    return {};
}

}  // namespace

Result<RoadModel> generate_roads(const TownParameters& parameters) {
    HM_TRY(check(parameters));
    const Key key = Key(parameters.seed).with("town");
    const TownStyle style = style_of(parameters);
    // A plan whose lanes all reach each other; nearly always the first.
    constexpr std::uint64_t kPlans = 32;
    for (std::uint64_t i = 0; i < kPlans; ++i) {
        auto plan = make_layout(key.with(i), style, parameters.size_m);
        if (!plan) break;
        Emitter emitter{style, *plan, Dice(key.with("signs").with(i)), {}};
        emitter.add_streets();
        if (!emitter.add_junctions()) continue;
        emitter.add_street_signs();
        emitter.add_street_objects();
        emitter.clear_crossings();
        emitter.add_railway();
        RoadModel model = std::move(emitter.model);
        model.name = fmt::format("town-{}", parameters.seed);
        model.vendor = "Huntsman";
        model.revision_minor = 7;
        const double half = 0.5 * parameters.size_m;
        model.north_m = model.east_m = half;
        model.south_m = model.west_m = -half;
        if (style.left_hand) mirror(model);
        return model;
    }
    return Error{fmt::format("size_m: no street plan of {} m found for seed {}", parameters.size_m,
                             parameters.seed)};
}

}  // namespace huntsman::scenarios::town
