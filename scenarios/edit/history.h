// Undo and redo without limit, by snapshots. What two snapshots have in common they share.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "scenarios/edit/draft.h"

namespace huntsman::scenarios::edit {

class History {
  public:
    explicit History(Draft draft);
    ~History();
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;

    const Draft& draft() const;

    // A new state; what was undone is forgotten. With the key of the last push, not empty and
    // nothing undone, marked or ended in between, it replaces that state, so that a drag is one
    // step. A draft that is the same as now is no step.
    void push(std::string label, Draft draft, const std::string& merge_key = {});

    // What comes next is a step of its own, whatever its key.
    void end_step();

    bool can_undo() const;
    bool can_redo() const;
    bool undo();  // false where there is nothing to undo
    bool redo();
    // To the state after `steps` pushes, 0 being the start.
    bool go_to(std::size_t steps);

    // Of all steps, done and undone; the first `position` are done.
    std::vector<std::string> labels() const;
    std::size_t position() const;

    void mark_saved();     // the present state is that of the file
    bool changed() const;  // since then, or since the start

    // Elements that all snapshots of stories hold together; shared ones count once.
    std::size_t stored_elements() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::scenarios::edit
