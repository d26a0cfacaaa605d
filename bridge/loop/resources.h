// What is worth keeping from one session to the next: worker threads, the renderer with its
// pipelines, and the places last used.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/core/result.h"
#include "engine/render/renderer.h"
#include "scenarios/model/scenario.h"

namespace huntsman::bridge::loop {

class Resources {
  public:
    // 0 threads: all cores. `kept_places`: how many of the places last used are kept.
    explicit Resources(int threads, std::size_t kept_places = 0)
        : pool_(threads), kept_places_(kept_places) {}

    engine::core::JobPool& pool() { return pool_; }

    // The renderer, created at its first use and anew for another quality. Any thread may call.
    engine::core::Result<engine::render::Renderer*> renderer(engine::render::Quality quality);

    // The renderer shows one world at a time. Loads the world for `user`, until another user comes.
    engine::core::Result<engine::render::Renderer*> show(const void* user,
                                                         engine::render::Quality quality,
                                                         const engine::world::World& world);
    bool shown_for(const void* user) const { return user_ == user; }

    // A copy of the scenario's place, which is built where it is not among those kept. One thread
    // may call at a time.
    engine::core::Result<scenarios::model::Place> place(const scenarios::model::Scenario& scenario);

  private:
    engine::core::JobPool pool_;
    std::size_t kept_places_ = 0;
    std::vector<std::pair<std::string, scenarios::model::Place>> places_;  // the last used one last
    std::mutex mutex_;  // of the renderer's creation
    std::unique_ptr<engine::render::Renderer> renderer_;
    engine::render::Quality quality_ = engine::render::Quality::kStandard;
    const void* user_ = nullptr;
};

}  // namespace huntsman::bridge::loop
