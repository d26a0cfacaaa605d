// Who refers to whom in a story: names of entities and of the storyboard's elements.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/world/world.h"
#include "scenarios/edit/draft.h"
#include "scenarios/edit/request.h"

namespace huntsman::scenarios::edit {

// The entity that is the ego; empty where there is none.
std::string ego_of(const Draft& draft);

// Of initial actions, and of groups of manoeuvres in which nobody else acts.
std::vector<story::Element*> parts_of(story::Element& root, const std::string& entity);
// The entity that a <Position> is relative to; empty: none.
std::string reference_of(const story::Element& position);
// Shifts all world positions that are given in numbers.
void shift_positions(story::Element& element, const Vec2& by);

// Entities that are named in an element or below it.
void for_each_reference(story::Element& element, const std::function<void(std::string&)>& visit);
void rename_references(story::Element& element, const std::string& from, const std::string& to);
void rename_in_criteria(std::vector<story::Criterion>& criteria, const std::string& from,
                        const std::string& to);

// Removes elements, and what cannot be without them: a group of conditions that could not hold any
// more, an event that could not start, a manoeuvre without events, and conditions on all these.
// What `goes` says of an element holds for it and all that it is a necessary part of.
void prune(story::Element& root, const std::function<bool(const story::Element&)>& goes);
// The element at a path, in this way.
void prune_at(story::Element& root, std::string_view path);

// Removes an entity with all that refers to it. Error: another one stands relative to it.
engine::core::Status remove_entity(story::Element& root, const std::string& name);

// Adds what `copy_text` gave to a draft that has a story; the names of the new entities.
engine::core::Result<std::vector<std::string>> paste_text(const std::string& text, Draft& draft);

// Somebody whom the place has generated: a spawn, or a parked vehicle.
struct Generated {
    const engine::world::Spawn* spawn = nullptr;
    const engine::world::StaticObject* object = nullptr;
};
// Error: nobody of this id, the ego, or who is removed already.
engine::core::Result<Generated> generated_actor(const Request& request, engine::world::ActorId id);

}  // namespace huntsman::scenarios::edit
