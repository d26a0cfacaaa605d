#include <algorithm>

#include "scenarios/town/ground.h"
#include "scenarios/town/polygon.h"

namespace huntsman::scenarios::town {

namespace {

// The pavement's outer edge along a street's side, in the direction that has the side on its left.
std::vector<Vec2> outer_edge(const Street& street, bool left) {
    std::vector<Vec2> line;
    for (const double s : street.path.stations(street.begin_m, street.end_m, 20.0, 2.0)) {
        line.push_back(street.path.at(s).left(left ? street.left.outer_m : -street.right.outer_m));
    }
    if (!left) std::reverse(line.begin(), line.end());
    return line;
}

}  // namespace

std::vector<Block> find_blocks(const Layout& layout) {
    // Walk around each block with the block on the left: along a street's side, around the corner,
    // along the next street.
    std::vector<Block> blocks;
    std::vector<std::array<char, 2>> done(layout.streets.size(), {0, 0});
    for (std::uint32_t first = 0; first < layout.streets.size(); ++first) {
        for (const bool first_left : {true, false}) {
            if (done[first][first_left ? 0 : 1] != 0) continue;
            Block block;
            std::uint32_t at = first;
            bool left = first_left;
            while (done[at][left ? 0 : 1] == 0) {
                done[at][left ? 0 : 1] = 1;
                const Street& street = layout.streets[at];
                block.fronts.push_back({at, left});
                block.urban = block.urban || street.arterial;
                const auto edge = outer_edge(street, left);
                block.border.insert(block.border.end(), edge.begin(), edge.end());
                // The arm on which we arrive, and the one before it: the corner between lies left.
                const Node& node = layout.nodes[left ? street.to : street.from];
                std::size_t arrived = 0;
                while (node.arms[arrived].street != at || node.arms[arrived].at_start == left) {
                    ++arrived;
                }
                const std::size_t next = (arrived + node.arms.size() - 1) % node.arms.size();
                const Arm &a = node.arms[next], &b = node.arms[arrived];
                auto corner =
                    layout.corner_line(node, next, a.cut_m, layout.arm_side(a, true).outer_m,
                                       b.cut_m, layout.arm_side(b, false).outer_m, kOuterCorner_m);
                block.border.insert(block.border.end(), corner.rbegin(), corner.rend());
                at = a.street;
                left = a.at_start;
            }
            block.border = simplify(block.border, 0.01);
            block.outside = area_m2(block.border) < 0;
            blocks.push_back(std::move(block));
        }
    }
    return blocks;
}

}  // namespace huntsman::scenarios::town
