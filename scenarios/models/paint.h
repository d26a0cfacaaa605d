// Textures as colours of corners: the renderer's materials of vehicles have no textures of their
// own, so faces are cut until their corners hold what the picture shows.
#pragma once

#include "engine/core/findings.h"
#include "engine/import/files.h"
#include "engine/import/model.h"
#include "scenarios/models/surface.h"

namespace huntsman::scenarios::models {

// Gives each painted face the mean colour of its part of the texture, and returns a surface whose
// painted faces are cut where the colour changes, down to edges of `finest_m`, at most `most_faces`
// of them. Cuts go through shared edges on both sides, so nothing comes apart. A texture that
// cannot be read is a finding; its faces keep their material's colour.
Surface paint_textures(const engine::import::Files& files, const engine::import::Model& model,
                       double finest_m, std::size_t most_faces, Surface& surface,
                       engine::core::Findings& findings);

}  // namespace huntsman::scenarios::models
