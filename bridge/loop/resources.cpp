#include "bridge/loop/resources.h"

#include <algorithm>
#include <filesystem>

namespace huntsman::bridge::loop {

using engine::core::Result;
using engine::render::Renderer;

Result<Renderer*> Resources::renderer(engine::render::Quality quality) {
    const std::lock_guard lock(mutex_);
    if (!renderer_ || quality_ != quality) {
        renderer_.reset();
        user_ = nullptr;
        HM_TAKE(renderer_, Renderer::create(quality));
        quality_ = quality;
    }
    return renderer_.get();
}

Result<Renderer*> Resources::show(const void* user, engine::render::Quality quality,
                                  const engine::world::World& world) {
    HM_TAKE(auto wanted, renderer(quality));
    HM_TRY(wanted->load(world));
    user_ = user;
    return wanted;
}

Result<scenarios::model::Place> Resources::place(const scenarios::model::Scenario& scenario) {
    if (kept_places_ == 0) return scenarios::model::build_place(scenario);
    std::string key = scenarios::model::place_key(scenario);
    if (!scenario.map.empty()) {  // a file may change
        std::error_code ignored;
        const auto written = std::filesystem::last_write_time(scenario.map, ignored);
        key += std::to_string(written.time_since_epoch().count());
    }
    const auto found = std::ranges::find(places_, key, [](const auto& kept) { return kept.first; });
    if (found != places_.end()) {
        std::rotate(found, found + 1, places_.end());
        return places_.back().second;
    }
    HM_TAKE(auto place, scenarios::model::build_place(scenario));
    if (places_.size() == kept_places_) places_.erase(places_.begin());
    places_.emplace_back(std::move(key), std::move(place));
    return places_.back().second;
}

}  // namespace huntsman::bridge::loop
