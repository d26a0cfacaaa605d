// Textures of models that others made, as pictures that meshes show.
#pragma once

#include <memory>

#include "engine/core/image.h"
#include "engine/import/model.h"
#include "engine/world/scene.h"

namespace huntsman::scenarios::models {

// Larger textures are made smaller.
inline constexpr int kMostPicture_px = 1024;

// Square, with sides of a power of two; the material's colour is part of it, and so is the
// roughness. Metals shine as metal whatever `gloss` is.
std::shared_ptr<const engine::world::Picture> make_picture(const engine::core::Image& image,
                                                           const engine::import::Material& material,
                                                           engine::world::Picture::Gloss gloss);

// Linear value of a channel of an sRGB image.
float linear_of(std::uint8_t value);

}  // namespace huntsman::scenarios::models
