// A first description of a model, guessed: a draft for people to correct.
//
// Materials are guessed by words of their names (in English and some other languages), glass also
// by its opacity, the paint by its area. Tyres are what is round, upright and stands on the
// ground. Which end is the front is a guess where no lamp tells it.
#pragma once

#include "scenarios/models/build.h"

namespace huntsman::scenarios::models {

// The kind that a material's or object's name tells of; nothing where it tells of none.
std::optional<Kind> kind_by_name(std::string_view name);

struct Proposal {
    Description description;
    std::vector<std::string> doubts;  // what to look at first, one sentence each
};

// For the model that `source` names; `name` is that of the new description.
engine::core::Result<Proposal> propose(const Source& source, const std::string& name,
                                       const std::filesystem::path& folder,
                                       engine::core::Findings& findings);

}  // namespace huntsman::scenarios::models
