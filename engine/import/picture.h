// Pictures that models use as textures: PNG and JPEG.
#pragma once

#include <string>

#include "engine/core/image.h"
#include "engine/core/result.h"
#include "engine/import/files.h"
#include "engine/import/model.h"

namespace huntsman::engine::import {

// Larger ones are refused before they are unpacked.
inline constexpr int kMostPicturePixels = 8192;  // of width or height

// RGB or RGBA. `name` is what errors call it.
core::Result<core::Image> decode_picture(const std::string& content, const std::string& name);

// The texture of a material; an error where it has none.
core::Result<core::Image> read_texture(const Files& files, const Model& model,
                                       const Material& material);

}  // namespace huntsman::engine::import
