#include "scenarios/edit/history.h"

#include <algorithm>
#include <set>

#include "scenarios/edit/canonical.h"

namespace huntsman::scenarios::edit {

namespace {

// An element whose children may belong to several trees.
struct Node {
    story::Element own;  // without children
    std::vector<std::shared_ptr<const Node>> children;
};
using Tree = std::shared_ptr<const Node>;

bool same_own(const story::Element& a, const story::Element& b) {
    return a.name == b.name && a.attributes == b.attributes && a.text == b.text;
}

bool equal(const story::Element& element, const Node& node) {
    if (!same_own(element, node.own) || element.children.size() != node.children.size()) {
        return false;
    }
    for (std::size_t i = 0; i < node.children.size(); ++i) {
        if (!equal(element.children[i], *node.children[i])) return false;
    }
    return true;
}

// The tree of an element, with the parts of another one that are the same.
Tree share(const story::Element& element, const Tree& other) {
    if (other && equal(element, *other)) return other;
    auto node = std::make_shared<Node>();
    node->own = {.name = element.name,
                 .attributes = element.attributes,
                 .children = {},
                 .text = element.text,
                 .origin = element.origin};
    std::size_t next = 0;  // of the other's children
    for (const story::Element& child : element.children) {
        Tree twin;
        if (other) {
            // Children are inserted and removed, seldom reordered: the first equal one from here
            // on.
            const auto& others = other->children;
            std::size_t at = next;
            while (at < others.size() && !equal(child, *others[at])) ++at;
            if (at < others.size()) {
                next = at + 1;
                node->children.push_back(others[at]);
                continue;
            }
            if (next < others.size() && others[next]->own.name == child.name) twin = others[next++];
        }
        node->children.push_back(share(child, twin));
    }
    return node;
}

story::Element element_of(const Node& node) {
    story::Element element = node.own;
    element.children.reserve(node.children.size());
    for (const Tree& child : node.children) element.children.push_back(element_of(*child));
    return element;
}

void count(const Tree& node, std::set<const Node*>& met) {
    if (!met.insert(node.get()).second) return;
    for (const Tree& child : node->children) count(child, met);
}

struct Snapshot {
    std::shared_ptr<const model::Scenario> scenario;
    Tree story;
    std::vector<std::filesystem::path> files;
};

}  // namespace

struct History::Impl {
    struct Step {
        std::string label, key;
        Snapshot after;
    };
    Draft present;
    Snapshot start;
    std::vector<Step> steps;
    std::size_t position = 0;  // so many steps are done
    // The number of steps at the saved state; none where it has been forgotten.
    std::optional<std::size_t> saved = 0;
    bool may_merge = false;

    const Snapshot& snapshot(std::size_t at) const { return at == 0 ? start : steps[at - 1].after; }
    Snapshot take(const Draft& draft, const Snapshot* before) const {
        Snapshot made;
        made.scenario = std::make_shared<const model::Scenario>(draft.scenario);
        if (before != nullptr && before->scenario && same_scenario(draft, *before)) {
            made.scenario = before->scenario;
        }
        if (draft.story) {
            made.story = share(draft.story->root, before != nullptr ? before->story : nullptr);
            made.files = draft.story->files;
        }
        return made;
    }
    static bool same_scenario(const Draft& draft, const Snapshot& before) {
        if ((draft.story == nullptr) != (before.story == nullptr)) return false;
        return scenario_json(draft) ==
               scenario_json(Draft{.scenario = *before.scenario, .story = draft.story});
    }
    static Draft restore(const Snapshot& snapshot) {
        Draft draft{.scenario = *snapshot.scenario, .story = nullptr};
        if (snapshot.story) {
            draft.story = std::make_shared<const story::Document>(
                story::Document{.root = element_of(*snapshot.story), .files = snapshot.files});
        }
        return draft;
    }
};

History::History(Draft draft) : impl_(std::make_unique<Impl>()) {
    impl_->start = impl_->take(draft, nullptr);
    impl_->present = std::move(draft);
}
History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

const Draft& History::draft() const { return impl_->present; }

void History::push(std::string label, Draft draft, const std::string& merge_key) {
    Impl& h = *impl_;
    if (same(draft, h.present)) return;
    const bool merges = h.may_merge && !merge_key.empty() && h.position == h.steps.size() &&
                        h.position > 0 && h.steps.back().key == merge_key;
    if (merges) {
        h.steps.pop_back();
        --h.position;
    } else {
        h.steps.erase(h.steps.begin() + static_cast<std::ptrdiff_t>(h.position), h.steps.end());
    }
    if (h.saved && *h.saved > h.position) h.saved.reset();
    Snapshot after = h.take(draft, &h.snapshot(h.position));
    h.present = std::move(draft);
    h.steps.push_back({std::move(label), merge_key, std::move(after)});
    ++h.position;
    h.may_merge = true;
}

void History::end_step() { impl_->may_merge = false; }

bool History::can_undo() const { return impl_->position > 0; }
bool History::can_redo() const { return impl_->position < impl_->steps.size(); }
bool History::undo() { return can_undo() && go_to(impl_->position - 1); }
bool History::redo() { return can_redo() && go_to(impl_->position + 1); }

bool History::go_to(std::size_t steps) {
    Impl& h = *impl_;
    if (steps > h.steps.size()) return false;
    h.position = steps;
    h.present = Impl::restore(h.snapshot(steps));
    h.may_merge = false;
    return true;
}

std::vector<std::string> History::labels() const {
    std::vector<std::string> labels;
    for (const auto& step : impl_->steps) labels.push_back(step.label);
    return labels;
}
std::size_t History::position() const { return impl_->position; }

void History::mark_saved() {
    impl_->saved = impl_->position;
    impl_->may_merge = false;
}
bool History::changed() const { return impl_->saved != impl_->position; }

std::size_t History::stored_elements() const {
    std::set<const Node*> met;
    if (impl_->start.story) count(impl_->start.story, met);
    for (const auto& step : impl_->steps) {
        if (step.after.story) count(step.after.story, met);
    }
    return met.size();
}

}  // namespace huntsman::scenarios::edit
