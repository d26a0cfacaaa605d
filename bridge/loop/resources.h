// What is worth keeping from one session to the next: worker threads, and the renderer with its
// pipelines.
#pragma once

#include <memory>
#include <mutex>

#include "engine/core/job_pool.h"
#include "engine/core/result.h"
#include "engine/render/renderer.h"

namespace huntsman::bridge::loop {

class Resources {
  public:
    // 0 threads: all cores.
    explicit Resources(int threads) : pool_(threads) {}

    engine::core::JobPool& pool() { return pool_; }

    // The renderer, created at its first use and anew for another quality. Any thread may call.
    engine::core::Result<engine::render::Renderer*> renderer(engine::render::Quality quality);

    // The renderer shows one world at a time. Loads the world for `user`, until another user comes.
    engine::core::Result<engine::render::Renderer*> show(const void* user,
                                                         engine::render::Quality quality,
                                                         const engine::world::World& world);
    bool shown_for(const void* user) const { return user_ == user; }

  private:
    engine::core::JobPool pool_;
    std::mutex mutex_;  // of the renderer's creation
    std::unique_ptr<engine::render::Renderer> renderer_;
    engine::render::Quality quality_ = engine::render::Quality::kStandard;
    const void* user_ = nullptr;
};

}  // namespace huntsman::bridge::loop
