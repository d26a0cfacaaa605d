// Scenarios by others, against what an independent player makes of them.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "scenarios/opendrive/opendrive.h"
#include "scenarios/openscenario/openscenario.h"
#include "scenarios/player/player.h"

namespace huntsman::scenarios::player {
namespace {

namespace fs = std::filesystem;

fs::path interop_folder() {
    return fs::path(HUNTSMAN_SOURCE_DIR) / "../shared/interop/openscenario";
}

struct Row {
    double time_s = 0, x = 0, y = 0, z = 0, h = 0, speed = 0;
};
using Tracks = std::map<std::string, std::vector<Row>>;

Tracks expected(const std::string& name) {
    Tracks tracks;
    std::ifstream file(interop_folder() / "expected" / (name + ".csv"));
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        std::stringstream cells(line);
        std::vector<std::string> row;
        for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
        if (row.size() < 9) continue;
        tracks[row[2]].push_back({std::stod(row[0]), std::stod(row[3]), std::stod(row[4]),
                                  std::stod(row[5]), std::stod(row[6]), std::stod(row[9])});
    }
    return tracks;
}

// Positions every step of 10 ms.
struct Played {
    Tracks tracks;
    std::string error;
};
Played play(const std::string& name, double until_s, engine::core::TimeUs dt_us) {
    Played played;
    auto reading = openscenario::read(interop_folder() / "xosc" / (name + ".xosc"));
    if (!reading) {
        played.error = reading.error().text();
        return played;
    }
    for (const auto& finding : reading->findings) {
        if (finding.severity == engine::core::Severity::kError) {
            played.error = openscenario::text_of(finding, reading->document);
            return played;
        }
    }
    engine::world::RoadModel model;
    if (!reading->story.map.empty()) {
        auto map = opendrive::read(interop_folder() / "xosc" / reading->story.map);
        if (!map) {
            played.error = map.error().text();
            return played;
        }
        model = std::move(map->model);
    }
    const engine::road::RoadGeometry geometry(model);
    const Player player(reading->story, geometry);
    for (const auto& finding : player.check()) {
        played.error = openscenario::text_of(finding, reading->document);
    }
    StoryState state = player.begin();
    const auto record = [&] {
        for (std::size_t i = 0; i < state.entities.size(); ++i) {
            const auto& e = state.entities[i];
            if (!e.present) continue;
            played.tracks[reading->story.entities[i].name].push_back(
                {engine::core::seconds(state.time_us), e.p_W.x, e.p_W.y, e.p_W.z, e.heading_rad, e.speed_mps});
        }
    };
    record();
    while (engine::core::seconds(state.time_us) < until_s && !state.finished) {
        player.step(state, dt_us);
        record();
    }
    return played;
}

struct Difference {
    double place_m = 0, speed_mps = 0, heading_rad = 0, at_s = 0, shift_s = 0;
};
// The largest difference of one entity, over one shift in time.
Difference compare(const std::vector<Row>& wanted, const std::vector<Row>& got, double shift_s) {
    Difference worst;
    std::size_t j = 0;
    double changed_mps = 0, last_mps = wanted.empty() ? 0 : wanted.front().speed;
    for (const Row& row : wanted) {
        // A change of speed that comes 0.03 s earlier or later displaces for good.
        changed_mps += std::abs(row.speed - last_mps);
        last_mps = row.speed;
        const double t = row.time_s + shift_s;
        while (j + 1 < got.size() && got[j + 1].time_s < t) ++j;
        if (j + 1 >= got.size()) break;
        const Row& a = got[j];
        const Row& b = got[j + 1];
        const double u = std::clamp((t - a.time_s) / (b.time_s - a.time_s), 0.0, 1.0);
        const auto mix = [u](double x, double y) { return x + u * (y - x); };
        // Steps of speed and heading may come a few steps early or late.
        double place = 1e9, speed = 1e9, heading = 1e9;
        for (std::size_t k = j >= 3 ? j - 3 : 0; k < std::min(j + 5, got.size()); ++k) {
            speed = std::min(speed, std::abs(got[k].speed - row.speed));
            heading = std::min(heading, std::abs(std::remainder(got[k].h - row.h, 2 * 3.14159265358979)));
        }
        place = std::max(0.0, std::hypot(mix(a.x, b.x) - row.x, mix(a.y, b.y) - row.y) - 0.03 * changed_mps);
        if (place > worst.place_m) {
            worst.place_m = place;
            worst.at_s = row.time_s;
        }
        worst.speed_mps = std::max(worst.speed_mps, speed);
        worst.heading_rad = std::max(worst.heading_rad, heading);
    }
    return worst;
}

TEST(Survey, DifferencesToAnotherPlayer) {
    if (!fs::exists(interop_folder())) GTEST_SKIP();
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(interop_folder() / "expected")) {
        names.insert(entry.path().stem().string());
    }
    const char* only = std::getenv("ONLY");
    int good = 0;
    for (const std::string& name : names) {
        if (only != nullptr && name != only) continue;
        const Tracks wanted = expected(name);
        double until = 0;
        for (const auto& [who, rows] : wanted) until = std::max(until, rows.back().time_s);
        const Played played = play(name, until + 0.1, 10'000);
        bool all = played.error.empty();
        std::string text;
        for (const auto& [who, rows] : wanted) {
            const auto got = played.tracks.find(who);
            if (got == played.tracks.end()) {
                text += fmt::format("\n    {}: not there", who);
                all = false;
                continue;
            }
            Difference best{.place_m = 1e9};
            for (double shift = -0.03; shift <= 0.0301; shift += 0.005) {
                const Difference d = compare(rows, got->second, shift);
                if (d.place_m < best.place_m - 1e-3 * std::abs(shift)) {
                    best = d;
                    best.shift_s = shift;
                }
            }
            const bool ok = best.place_m < 0.1 && best.speed_mps < 0.1 && best.heading_rad < 0.02;
            all &= ok;
            text += fmt::format("\n    {}{}: {:.3f} m at {:.1f} s, {:.3f} m/s, {:.3f} rad, shift {:.3f}, ends {:.1f} vs {:.1f}",
                                ok ? "" : "* ", who, best.place_m, best.at_s, best.speed_mps,
                                best.heading_rad, best.shift_s, got->second.back().time_s, rows.back().time_s);
            if (only != nullptr) {
                for (std::size_t i = 0, j = 0; i < rows.size(); i += 5) {
                    while (j + 1 < got->second.size() && got->second[j].time_s < rows[i].time_s - 1e-6) ++j;
                    const Row& g = got->second[j];
                    fmt::print("{} {:.1f} want {:.2f} {:.2f} h {:.3f} v {:.3f} | got {:.2f} {:.2f} h {:.3f} v {:.3f}\n",
                               who, rows[i].time_s, rows[i].x, rows[i].y, rows[i].h, rows[i].speed,
                               g.x, g.y, g.h, g.speed);
                }
            }
        }
        good += all;
        fmt::print("{} {} {}{}\n", all ? "OK  " : "DIFF", name, played.error, text);
    }
    fmt::print("{} of {} agree\n", good, names.size());
}

}  // namespace
}  // namespace huntsman::scenarios::player
