#include "apps/editor/damage.h"

#include <algorithm>
#include <cmath>

namespace huntsman::apps::editor {

namespace {

constexpr std::size_t kMostRects = 8;

bool same(const ImDrawVert& a, const ImDrawVert& b) {
    return a.pos.x == b.pos.x && a.pos.y == b.pos.y && a.uv.x == b.uv.x && a.uv.y == b.uv.y &&
           a.col == b.col;
}

bool same(const ImVec4& a, const ImVec4& b) {
    return a.x == b.x && a.y == b.y && a.z == b.z && a.w == b.w;
}

bool same_state(const ImDrawCmd& a, const ImDrawCmd& b) {
    return same(a.ClipRect, b.ClipRect) && a.GetTexID() == b.GetTexID() &&
           a.VtxOffset == b.VtxOffset;
}

DamagedRect joined(const DamagedRect& a, const DamagedRect& b) {
    return {std::min(a.left, b.left), std::min(a.top, b.top), std::max(a.right, b.right),
            std::max(a.bottom, b.bottom)};
}

bool touches(const DamagedRect& a, const DamagedRect& b) {
    constexpr int kNear_px = 8;
    return a.left - kNear_px < b.right && b.left - kNear_px < a.right &&
           a.top - kNear_px < b.bottom && b.top - kNear_px < a.bottom;
}

double area(const DamagedRect& r) {
    return static_cast<double>(r.right - r.left) * static_cast<double>(r.bottom - r.top);
}

// The pixels that a triangle may touch within its command's clip rectangle.
DamagedRect bounds(const ImDrawVert& a, const ImDrawVert& b, const ImDrawVert& c,
                   const ImVec4& clip) {
    const auto [x0, x1] = std::minmax({a.pos.x, b.pos.x, c.pos.x});
    const auto [y0, y1] = std::minmax({a.pos.y, b.pos.y, c.pos.y});
    return {static_cast<int>(std::floor(std::max(x0, clip.x))),
            static_cast<int>(std::floor(std::max(y0, clip.y))),
            static_cast<int>(std::ceil(std::min(x1, clip.z))),
            static_cast<int>(std::ceil(std::min(y1, clip.w)))};
}

// Joins rectangles where that draws hardly more, until there are few.
void simplify(std::vector<DamagedRect>& rects) {
    constexpr double kHardlyMore = 1.25;
    std::erase_if(rects, [](const DamagedRect& r) { return r.empty(); });
    double slack = kHardlyMore;
    while (rects.size() > 1) {
        std::size_t first = 0, second = 0;
        double best = slack;
        for (std::size_t i = 0; i < rects.size(); ++i) {
            for (std::size_t j = i + 1; j < rects.size(); ++j) {
                const double more =
                    area(joined(rects[i], rects[j])) / (area(rects[i]) + area(rects[j]));
                if (more >= best) continue;
                best = more;
                first = i;
                second = j;
            }
        }
        if (second == 0) {
            if (rects.size() <= kMostRects) return;
            slack *= 4;
            continue;
        }
        rects[first] = joined(rects[first], rects[second]);
        rects.erase(rects.begin() + static_cast<std::ptrdiff_t>(second));
    }
}

}  // namespace

Damage::List Damage::copy_of(const ImDrawList& list) {
    return {{list.VtxBuffer.begin(), list.VtxBuffer.end()},
            {list.IdxBuffer.begin(), list.IdxBuffer.end()},
            {list.CmdBuffer.begin(), list.CmdBuffer.end()}};
}

namespace {

// Rectangles of the triangles with a vertex that has changed.
template <typename List, typename Changed>
void add_triangles(const List& list, Changed changed, std::vector<DamagedRect>& damaged) {
    constexpr std::size_t kMany = 64;
    for (const ImDrawCmd& command : list.commands) {
        bool begins = true;  // the first of the command
        for (unsigned int i = 0; i + 2 < command.ElemCount; i += 3) {
            const ImDrawIdx* index = list.indices.data() + command.IdxOffset + i;
            const auto at = [&](int k) { return command.VtxOffset + std::size_t{index[k]}; };
            if (!changed(at(0)) && !changed(at(1)) && !changed(at(2))) continue;
            const DamagedRect one = bounds(list.vertices[at(0)], list.vertices[at(1)],
                                           list.vertices[at(2)], command.ClipRect);
            if (one.empty()) continue;
            // Triangles of a shape or a line of text follow each other.
            const bool near = !begins && touches(damaged.back(), one);
            begins = false;
            if (near) {
                damaged.back() = joined(damaged.back(), one);
            } else {
                damaged.push_back(one);
            }
        }
        if (damaged.size() > kMany) simplify(damaged);
    }
}

}  // namespace

void Damage::all_of(const List& list, std::vector<DamagedRect>& damaged) {
    add_triangles(
        list, [](std::size_t) { return true; }, damaged);
}

void Damage::compare(const List& before, const List& after, std::vector<DamagedRect>& damaged) {
    const auto& a = before.vertices;
    const auto& b = after.vertices;
    std::size_t first = 0;
    const std::size_t shorter = std::min(a.size(), b.size());
    while (first < shorter && same(a[first], b[first])) ++first;
    std::size_t last = 0;
    while (last < shorter - first && same(a[a.size() - 1 - last], b[b.size() - 1 - last])) ++last;
    bool states = before.commands.size() == after.commands.size();
    for (std::size_t i = 0; states && i < after.commands.size(); ++i) {
        states = same_state(before.commands[i], after.commands[i]);
    }
    // The same vertices, joined otherwise.
    const bool otherwise = a.size() == b.size() && before.indices != after.indices;
    if (!states || otherwise) {
        all_of(before, damaged);
        all_of(after, damaged);
        return;
    }
    if (first == a.size() && first == b.size()) return;
    if (a.size() == b.size()) {
        const auto changed = [&](std::size_t i) { return !same(a[i], b[i]); };
        add_triangles(before, changed, damaged);
        add_triangles(after, changed, damaged);
        return;
    }
    const auto within = [first](std::size_t end) {
        return [first, end](std::size_t i) { return i >= first && i < end; };
    };
    add_triangles(before, within(a.size() - last), damaged);
    add_triangles(after, within(b.size() - last), damaged);
}

std::vector<DamagedRect> Damage::update(const ImDrawData& data, std::span<const ImTextureID> fresh,
                                        int width, int height) {
    std::vector<List> lists;
    for (int i = 0; i < data.CmdListsCount; ++i) lists.push_back(copy_of(*data.CmdLists[i]));
    std::vector<DamagedRect> damaged;
    if (!known_ || width != width_ || height != height_) {
        damaged.push_back({0, 0, width, height});
    } else {
        for (std::size_t i = 0; i < std::max(lists.size(), lists_.size()); ++i) {
            if (i >= lists.size()) {
                all_of(lists_[i], damaged);
            } else if (i >= lists_.size()) {
                all_of(lists[i], damaged);
            } else {
                compare(lists_[i], lists[i], damaged);
            }
        }
        for (const List& list : lists) {
            for (const ImDrawCmd& command : list.commands) {
                if (std::ranges::find(fresh, command.GetTexID()) == fresh.end()) continue;
                // Pictures are drawn by commands of their own.
                all_of({list.vertices, list.indices, {command}}, damaged);
            }
        }
    }
    known_ = true;
    width_ = width;
    height_ = height;
    lists_ = std::move(lists);
    for (DamagedRect& r : damaged) {
        r = {std::max(r.left, 0), std::max(r.top, 0), std::min(r.right, width),
             std::min(r.bottom, height)};
    }
    simplify(damaged);
    return damaged;
}

}  // namespace huntsman::apps::editor
