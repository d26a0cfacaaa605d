#include "bridge/loop/resources.h"

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

}  // namespace huntsman::bridge::loop
