#include "scenarios/player/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "scenarios/opendrive/plot.h"
#include "scenarios/player/player.h"

namespace huntsman::scenarios::player {

using engine::draw::Colour;
using engine::draw::Drawing;
using engine::draw::Path;
using engine::draw::Shape;
using engine::math::Vec2;
using story::Index;

namespace {

constexpr std::array<Colour, 8> kColours{{{204, 51, 51},
                                          {34, 102, 204},
                                          {34, 136, 68},
                                          {170, 85, 170},
                                          {200, 120, 0},
                                          {0, 136, 136},
                                          {120, 80, 40},
                                          {90, 90, 90}}};

struct Track {
    std::vector<Vec2> points;   // every tick on which it moved
    std::vector<Vec2> seconds;  // every second
    double first_heading_rad = 0, last_heading_rad = 0;
};
struct Begun {
    double time_s = 0;
    Vec2 p{0, 0};
    std::string name;
    std::size_t entity = 0;
};

struct Recording {
    std::vector<Track> tracks;  // by entity
    std::vector<Begun> begun;
    double end_s = 0;
};

void record_positions(const StoryState& state, Recording& recording) {
    for (std::size_t i = 0; i < state.entities.size(); ++i) {
        const auto& entity = state.entities[i];
        if (!entity.present) continue;
        Track& track = recording.tracks[i];
        const Vec2 p(entity.p_W.x, entity.p_W.y);
        if (track.points.empty()) track.first_heading_rad = entity.heading_rad;
        track.last_heading_rad = entity.heading_rad;
        if (track.points.empty() || glm::length(p - track.points.back()) > 0.05) {
            track.points.push_back(p);
        }
        if (state.time_us % engine::core::kMicrosPerSecond == 0) track.seconds.push_back(p);
    }
}

void record_events(const story::Story& story, const StoryState& state, Recording& recording) {
    for (std::size_t i = 0; i < story.elements.size(); ++i) {
        const story::StoryElement& element = story.elements[i];
        if (element.kind != story::ElementKind::kEvent ||
            (state.elements[i].transitions & engine::world::kStarted) == 0) {
            continue;
        }
        const auto& actors = story.elements[story.elements[element.parent].parent].actors;
        if (actors.empty() || actors[0] >= state.entities.size()) continue;
        const auto& entity = state.entities[actors[0]];
        recording.begun.push_back({engine::core::seconds(state.time_us),
                                   Vec2(entity.p_W.x, entity.p_W.y), element.name, actors[0]});
    }
}

Recording record(const story::Story& story, const engine::world::RoadModel& roads, double until_s) {
    const engine::road::RoadGeometry geometry(roads);
    const Player player(story, geometry);
    Recording recording;
    recording.tracks.resize(story.entities.size());
    StoryState state = player.begin();
    while (true) {
        record_positions(state, recording);
        record_events(story, state, recording);
        recording.end_s = engine::core::seconds(state.time_us);
        if (state.finished || recording.end_s >= until_s) return recording;
        player.step(state, engine::core::kTick_us);
    }
}

std::array<Vec2, 2> area_of(const Recording& recording) {
    constexpr double kMargin_m = 25;
    Vec2 low(1e300, 1e300), high(-1e300, -1e300);
    for (const Track& track : recording.tracks) {
        for (const Vec2& p : track.points) {
            low = glm::min(low, p);
            high = glm::max(high, p);
        }
    }
    if (!(low.x <= high.x)) low = high = {0, 0};
    low -= Vec2(kMargin_m, kMargin_m);
    high += Vec2(kMargin_m, kMargin_m);
    // Not so narrow that events' names find no room.
    const double least = 0.3 * std::max(high.x - low.x, high.y - low.y);
    for (const int axis : {0, 1}) {
        const double lacks = least - (high[axis] - low[axis]);
        if (lacks <= 0) continue;
        low[axis] -= lacks / 2;
        high[axis] += lacks / 2;
    }
    return {low, high};
}

class StoryPlotter {
  public:
    StoryPlotter(const story::Story& story, const Recording& recording,
                 const opendrive::ToPage& page, Drawing& drawing)
        : story_(story), recording_(recording), page_(page), drawing_(drawing) {}

    void run() {
        for (std::size_t i = 0; i < recording_.tracks.size(); ++i) draw_track(i);
        for (std::size_t i = 0; i < recording_.tracks.size(); ++i) draw_entity(i);
        for (const Begun& begun : recording_.begun) draw_event(begun);
    }

  private:
    static Colour colour_of(std::size_t entity) { return kColours[entity % kColours.size()]; }

    void draw_track(std::size_t entity) {
        const Track& track = recording_.tracks[entity];
        if (track.points.size() < 2) return;
        Path path;
        for (const Vec2& p : track.points) path.push_back(page_(p));
        drawing_.shapes.push_back({.kind = Shape::Kind::kStroke,
                                   .colour = colour_of(entity),
                                   .paths = {std::move(path)},
                                   .size_px = 2.5});
        for (const Vec2& p : track.seconds) dot(page_(p), 3, colour_of(entity));
    }

    void dot(const Vec2& centre, double radius, Colour colour) {
        constexpr int kCorners = 12;
        Path path;
        for (int i = 0; i < kCorners; ++i) {
            const double a = 2 * engine::math::kPi * i / kCorners;
            path.push_back(centre + radius * Vec2(std::cos(a), std::sin(a)));
        }
        drawing_.shapes.push_back({.colour = colour, .paths = {std::move(path)}});
    }

    // The box where it ends, its outline where it begins, and the name.
    void draw_entity(std::size_t entity) {
        const Track& track = recording_.tracks[entity];
        if (track.points.empty()) return;
        const auto box = [&](const Vec2& p, double heading_rad) {
            const story::Box& size = story_.entities[entity].box;
            const Vec2 along(std::cos(heading_rad), std::sin(heading_rad));
            const Vec2 left(-along.y, along.x);
            const Vec2 centre = p + size.x_m * along + size.y_m * left;
            const Vec2 a = std::max(size.length_m, 0.5) / 2 * along,
                       b = std::max(size.width_m, 0.5) / 2 * left;
            return Path{page_(centre + a + b), page_(centre - a + b), page_(centre - a - b),
                        page_(centre + a - b)};
        };
        Path begin = box(track.points.front(), track.first_heading_rad);
        begin.push_back(begin.front());
        drawing_.shapes.push_back({.kind = Shape::Kind::kStroke,
                                   .colour = colour_of(entity),
                                   .paths = {std::move(begin)},
                                   .size_px = 1.5});
        drawing_.shapes.push_back({.colour = colour_of(entity),
                                   .paths = {box(track.points.back(), track.last_heading_rad)}});
        write(page_(track.points.front()) + Vec2(-8, -8), story_.entities[entity].name,
              colour_of(entity), 15, Shape::Anchor::kRight);
    }

    void draw_event(const Begun& begun) {
        const Vec2 at = page_(begun.p);
        dot(at, 6, {255, 255, 255});
        dot(at, 4.5, colour_of(begun.entity));
        // Names below each other where events begin close together.
        Vec2 text = at + Vec2(10, 22);
        while (std::ranges::any_of(taken_, [&](const Vec2& other) {
            return std::abs(other.x - text.x) < 220 && std::abs(other.y - text.y) < 15;
        })) {
            text.y += 16;
        }
        taken_.push_back(text);
        drawing_.shapes.push_back({.kind = Shape::Kind::kStroke,
                                   .colour = {60, 60, 60},
                                   .paths = {{at, text + Vec2(-2, -5)}},
                                   .size_px = 0.8});
        write(text, fmt::format("{:.1f} s {}", begun.time_s, begun.name), {40, 44, 52}, 13,
              Shape::Anchor::kLeft);
    }

    void write(const Vec2& at, const std::string& text, Colour colour, double size_px,
               Shape::Anchor anchor) {
        drawing_.shapes.push_back({.kind = Shape::Kind::kText,
                                   .colour = colour,
                                   .paths = {{at}},
                                   .size_px = size_px,
                                   .text = text,
                                   .anchor = anchor,
                                   .halo = true,
                                   .bold = size_px > 14});
    }

    const story::Story& story_;
    const Recording& recording_;
    const opendrive::ToPage& page_;
    Drawing& drawing_;
    std::vector<Vec2> taken_;  // where texts stand
};

}  // namespace

Drawing plot(const story::Story& story, const engine::world::RoadModel& roads,
             const StoryPlotOptions& options) {
    const Recording recording = record(story, roads, options.seconds);
    opendrive::PlotOptions map;
    map.size_px = options.size_px;
    map.ids = false;
    map.title = fmt::format("{}, {:.1f} s; a dot each second", options.title, recording.end_s);
    map.area = area_of(recording);
    map.overlay = [&](const opendrive::ToPage& page, Drawing& drawing) {
        StoryPlotter(story, recording, page, drawing).run();
    };
    return opendrive::plot(roads, map);
}

}  // namespace huntsman::scenarios::player
