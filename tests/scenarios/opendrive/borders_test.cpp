// Lane borders against those that an independent road manager computed for the same files.
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "engine/math/vec.h"
#include "engine/road/road_geometry.h"
#include "scenarios/opendrive/opendrive.h"
#include "tests/scenarios/opendrive/interop.h"

namespace huntsman::scenarios::opendrive {
namespace {

using engine::math::Vec3;
using engine::road::RoadGeometry;
using engine::world::kNone;
using engine::world::Road;

struct Row {
    Vec3 p{0, 0, 0};
    double heading_rad = 0;
};
// Samples of one lane's outer border.
struct Block {
    std::string road;
    std::uint32_t section = 0;
    int lane = 0;
    std::vector<Row> rows;
};

std::vector<Block> read_blocks(const std::filesystem::path& path) {
    std::vector<Block> blocks;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        for (char& c : line) c = c == ',' ? ' ' : c;
        std::istringstream words(line);
        if (line.starts_with("lane")) {
            Block block;
            std::string word;
            words >> word >> block.road >> block.section >> block.lane;
            blocks.push_back(block);
        } else {
            Row row;
            words >> row.p.x >> row.p.y >> row.p.z >> row.heading_rad;
            if (words) blocks.back().rows.push_back(row);
        }
    }
    return blocks;
}

// Headings there are the reference line's, turned by the slope of the lane's middle where its width
// changes and of the border where banking changes; neither is divided by 1 - curvature * t, as the
// direction of the border itself is. Where nothing changes along the road both are the same.
double their_heading(const RoadGeometry& geometry, std::uint32_t road, std::uint32_t section,
                     int lane, double s) {
    const int inner = lane > 0 ? lane - 1 : lane < 0 ? lane + 1 : 0;
    const double middle_slope = 0.5 * (geometry.outer_t_slope(road, section, lane, s) +
                                       geometry.outer_t_slope(road, section, inner, s));
    const auto& banking = geometry.model().roads[road].superelevation;
    const double roll = engine::road::value_at(banking, s);
    const double slope =
        middle_slope * std::cos(roll) - geometry.outer_t_m(road, section, lane, s) *
                                            std::sin(roll) * engine::road::slope_at(banking, s);
    const double reference = geometry.reference(road, s).heading_rad;
    if (slope == 0) {
        // The direction of the border itself is put to the test too.
        const double own = geometry.border(road, section, lane, s).heading_rad;
        const double off = std::abs(engine::math::wrap_angle(own - reference));
        // Inside a bend that is narrower than the road a border runs backwards.
        EXPECT_TRUE(off < 1e-9 || std::abs(off - engine::math::kPi) < 1e-9) << off;
    }
    return reference + std::atan(slope);
}

TEST_P(InteropMap, BordersAgreeWithAnIndependentRoadManager) {
    const auto reading = read(path());
    ASSERT_TRUE(reading.ok()) << reading.error().text();
    const RoadGeometry geometry(reading->model);
    const auto index_of = [&](const std::string& id) {
        for (std::uint32_t i = 0; i < reading->model.roads.size(); ++i) {
            if (reading->model.roads[i].id == id) return i;
        }
        return kNone;
    };
    double worst_m = 0, worst_rad = 0;
    std::size_t rows = 0, left_out = 0;
    for (const Block& block : read_blocks(expected())) {
        const std::uint32_t road = index_of(block.road);
        if (road == kNone) {
            left_out += block.rows.size();
            continue;
        }
        // Its samples divide a section into equal steps, the last at the section's end.
        const double begin = reading->model.roads[road].sections[block.section].s_m;
        const double end = geometry.section_end_m(road, block.section);
        ASSERT_GE(block.rows.size(), 2U);
        for (std::size_t i = 0; i < block.rows.size(); ++i) {
            const double along =
                static_cast<double>(i) / static_cast<double>(block.rows.size() - 1);
            const double s = begin + (end - begin) * along;
            const auto border = geometry.border(road, block.section, block.lane, s);
            const double miss_m = glm::length(border.p - block.rows[i].p);
            const double heading = their_heading(geometry, road, block.section, block.lane, s);
            const double miss_rad =
                std::abs(engine::math::wrap_angle(heading - block.rows[i].heading_rad));
            EXPECT_LT(miss_m, 0.01) << "road " << block.road << ", section " << block.section
                                    << ", lane " << block.lane << ", s = " << s;
            EXPECT_LT(miss_rad, 1e-3) << "road " << block.road << ", section " << block.section
                                      << ", lane " << block.lane << ", s = " << s;
            worst_m = std::max(worst_m, miss_m);
            worst_rad = std::max(worst_rad, miss_rad);
            ++rows;
        }
    }
    std::printf("%-28s %6zu rows, %zu left out: %.6f m, %.6f rad at most\n", GetParam().c_str(),
                rows, left_out, worst_m, worst_rad);
    EXPECT_GT(rows, 300U);
}

INSTANTIATE_TEST_SUITE_P(Maps, InteropMap, testing::ValuesIn(interop_maps()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace huntsman::scenarios::opendrive
