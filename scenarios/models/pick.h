// Which faces of a model are what: the rules of a description applied to its surface.
#pragma once

#include "engine/core/result.h"
#include "scenarios/models/surface.h"

namespace huntsman::scenarios::models {

// Cuts faces at the boxes of rules with `cut`, then gives each face the kind and colour of the
// first rule that fits it. An error where a rule fits nothing, naming what there is, and where
// faces fit no rule. Faces of kind `nothing` stay.
engine::core::Status apply_rules(const std::vector<Rule>& rules, Surface& surface);

// Removes the faces for which `goes` is true, and numbers the pieces anew.
template <typename Goes>
void remove_faces(Surface& surface, Goes goes) {
    std::vector<Face> kept;
    for (const Face& face : surface.faces) {
        if (!goes(face)) kept.push_back(face);
    }
    surface.faces = std::move(kept);
    find_pieces(surface);
}

// The albedo that a kind has whatever its file says; none: the file's material's.
std::optional<Rgb> own_colour(Kind kind);

}  // namespace huntsman::scenarios::models
