#include "sensors/labels/birds_eye.h"

#include <algorithm>
#include <cmath>

#include "engine/math/geometry.h"
#include "engine/world/pose.h"
#include "sensors/lens/lens.h"
#include "sensors/lens/model.h"

namespace huntsman::sensors::labels {

using engine::world::World;

namespace {

// What a car can drive over does not count as standing there.
constexpr double kLowest_m = 0.15;
// Depth in the picture and that of a point that is there differ by at most this: the pixel's
// neighbour on slanted ground, and the half cell between a box and the body in it.
constexpr double kSameDepthShare = 0.04;

bool in_box(const engine::math::Box2& box, const Vec2& p) {
    const Vec2 d = p - box.centre;
    const Vec2 ahead = engine::math::direction(box.yaw_rad);
    return std::abs(glm::dot(d, ahead)) <= box.half.x &&
           std::abs(glm::dot(d, engine::math::perp(ahead))) <= box.half.y;
}

// Whether a camera sees the point p_W, or, with an id, that road user at its place.
bool sees(const CameraSample& camera, const lens::Model& lens, const RigidTransform& X_CW,
          const Vec3& p_W, ActorId id, double slack_m) {
    const Vec3 p_C = X_CW * p_W;
    Vec2 pixel;
    if (!lens::project(lens, p_C, pixel)) return false;
    if (!(pixel.x >= 0 && pixel.y >= 0 && pixel.x < camera.camera.width &&
          pixel.y < camera.camera.height)) {
        return false;
    }
    const std::size_t i =
        static_cast<std::size_t>(pixel.y) * static_cast<std::size_t>(camera.camera.width) +
        static_cast<std::size_t>(pixel.x);
    if (id != engine::world::kNoActor && engine::world::actor_of(camera.ids[i]) == id) return true;
    const double depth = lens::depth_along_z(camera.camera.lens) ? p_C.z : glm::length(p_C);
    return std::abs(static_cast<double>(camera.depth_m[i]) - depth) <=
           kSameDepthShare * depth + slack_m;
}

// The grid around the ego, with the height of its ground.
struct Grid {
    RigidTransform X_WB;  // upright, on the ground below the ego
    double cell_m = 0.5;
    int cells = 0;
    double half_m() const { return 0.5 * cells * cell_m; }
    std::size_t index(int row, int column) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(cells) +
               static_cast<std::size_t>(column);
    }
    Vec2 middle(int row, int column) const {
        return {half_m() - (row + 0.5) * cell_m, half_m() - (column + 0.5) * cell_m};
    }
};

// Marks the cells in which pixels of a camera show the ground or what stands there.
void mark_shown(const CameraSample& sample, const capture::CameraMotion& motion, const Grid& grid,
                std::span<const float> ground_m, const BirdsEye& view,
                std::vector<std::uint8_t>& shown) {
    // Heights over the ground that count as the ground itself, and as standing on it.
    constexpr double kGround_m = 0.2, kStands_m = 0.15, kHighest_m = 2.5;
    constexpr int kStep = 2;  // pixels
    const auto& camera = sample.camera;
    const bool along_z = lens::depth_along_z(camera.lens);
    const auto readout = camera.shutter.readout;
    // Where the camera is at each of its lines.
    const RigidTransform X_BW = grid.X_WB.inverse();
    std::vector<RigidTransform> X_BC(
        static_cast<std::size_t>(std::max(camera.width, camera.height)));
    for (std::size_t line = 0; line < X_BC.size(); ++line) {
        X_BC[line] = X_BW * motion.at(capture::line_time_s(camera, static_cast<int>(line)));
    }
    std::vector<Vec3> rays(static_cast<std::size_t>(camera.width));
    for (int y = 0; y < camera.height; y += kStep) {
        lens::unproject_rows(camera.lens, camera.width, y, y + 1, rays);
        for (int x = 0; x < camera.width; x += kStep) {
            const auto column = static_cast<std::size_t>(x);
            const auto depth_m = static_cast<double>(
                sample
                    .depth_m[static_cast<std::size_t>(y) * static_cast<std::size_t>(camera.width) +
                             column]);
            const Vec3& ray = rays[column];
            if (!(depth_m < 2 * grid.half_m()) || !(glm::length(ray) > 0)) continue;
            const Vec3 p_C = ray * (depth_m / (along_z ? ray.z : glm::length(ray)));
            const Vec3 p_B = X_BC[static_cast<std::size_t>(capture::line_of(readout, x, y))] * p_C;
            const int to_row = static_cast<int>(std::floor((grid.half_m() - p_B.x) / grid.cell_m));
            const int to_column =
                static_cast<int>(std::floor((grid.half_m() - p_B.y) / grid.cell_m));
            if (to_row < 0 || to_column < 0 || to_row >= grid.cells || to_column >= grid.cells) {
                continue;
            }
            const std::size_t i = grid.index(to_row, to_column);
            const double up_m = grid.X_WB.p.z + p_B.z - static_cast<double>(ground_m[i]);
            const bool there = view.occupied[i] != 0 ? up_m > kStands_m && up_m < kHighest_m
                                                     : std::abs(up_m) < kGround_m;
            if (there) shown[i] = 1;
        }
    }
}

}  // namespace

GroundRaster::GroundRaster(const World& world, const engine::road::RoadMap& map)
    : world_(world), map_(map) {}

GroundRaster::Tile GroundRaster::make(const Key& key, double z_m) const {
    Tile tile;
    const Vec2 corner = kCell_m * kTile * Vec2(key.x, key.y);
    const Vec2 middle = corner + Vec2(0.5 * kCell_m * kTile);
    // What may stand on it.
    std::vector<std::uint32_t> near;
    for (std::uint32_t i = 0; i < world_.objects.size(); ++i) {
        const auto& object = world_.objects[i];
        if (!object.collides || object.extent.height_m < kLowest_m) continue;
        const double reach =
            object.extent.length_m() + object.extent.width_m + 0.75 * kCell_m * kTile;
        if (glm::length(engine::math::xy(object.X_WB.p) - middle) <= reach) near.push_back(i);
    }
    for (int y = 0; y < kTile; ++y) {
        for (int x = 0; x < kTile; ++x) {
            Cell& cell = tile.cells[static_cast<std::size_t>(y * kTile + x)];
            const Vec2 p = corner + kCell_m * (Vec2(x, y) + 0.5);
            const auto surface = map_.surface(Vec3(p, z_m + 1.0));
            cell.z_m = static_cast<float>(surface.height_m);
            cell.drivable = map_.on_road(Vec3(p, surface.height_m));
            for (const std::uint32_t i : near) {
                const auto& object = world_.objects[i];
                // Bridges and signs over the road leave room below.
                if (object.X_WB.p.z > surface.height_m + 2.5) continue;
                if (object.X_WB.p.z + object.extent.height_m < surface.height_m + kLowest_m)
                    continue;
                engine::math::Box2 box = engine::world::footprint(object.extent, object.X_WB);
                box.half += Vec2(0.25 * kCell_m);  // thin poles fill the cell they stand in
                if (!in_box(box, p)) continue;
                cell.stands = true;
                break;
            }
        }
    }
    return tile;
}

const GroundRaster::Cell& GroundRaster::at(const Vec3& p_W) {
    const auto cell = [](double v) { return static_cast<int>(std::floor(v / kCell_m)); };
    const int x = cell(p_W.x), y = cell(p_W.y);
    const auto tile_of = [](int c) { return c >= 0 ? c / kTile : (c + 1) / kTile - 1; };
    const Key key{tile_of(x), tile_of(y), static_cast<int>(std::lround(p_W.z / 4.0))};
    auto found = tiles_.find(key);
    if (found == tiles_.end()) {
        found = tiles_.emplace(key, make(key, 4.0 * key.level)).first;
    }
    const int cx = x - key.x * kTile, cy = y - key.y * kTile;
    return found->second.cells[static_cast<std::size_t>(cy * kTile + cx)];
}

BirdsEye label_birds_eye(GroundRaster& ground, const engine::world::State& state,
                         std::span<const ObjectLabel> objects,
                         std::span<const CameraSample> cameras,
                         std::span<const capture::CameraMotion> motions,
                         engine::core::JobPool& pool, double cell_m, int cells) {
    BirdsEye view{.cell_m = cell_m, .cells = cells};
    const auto count = static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells);
    view.drivable.resize(count);
    view.occupied.resize(count);
    view.seen.resize(count);
    view.seen_occupied.resize(count);
    const Grid grid{
        engine::math::upright(state.actors.front().X_WB.p, state.actors.front().X_WB.yaw_rad()),
        cell_m, cells};
    const RigidTransform& X_WB = grid.X_WB;
    std::vector<RigidTransform> X_CW;
    std::vector<lens::Model> lenses;
    for (const CameraSample& camera : cameras) {
        X_CW.push_back(camera.X_WC.inverse());
        lenses.emplace_back(camera.camera.lens);
    }
    const double half = grid.half_m();

    // The ground and what always stands there.
    std::vector<float> heights(count);
    std::vector<ActorId> who(count, engine::world::kNoActor);  // road users
    for (int row = 0; row < cells; ++row) {
        for (int column = 0; column < cells; ++column) {
            const std::size_t i = grid.index(row, column);
            const Vec2 p_B = grid.middle(row, column);
            const auto& cell = ground.at(X_WB * Vec3(p_B, 0));
            heights[i] = cell.z_m;
            view.drivable[i] = cell.drivable ? 1 : 0;
            view.occupied[i] = cell.stands ? 1 : 0;
        }
    }
    // Road users.
    const RigidTransform X_BW = X_WB.inverse();
    for (const ObjectLabel& object : objects) {
        const RigidTransform X_BO = X_BW * object.X_WO;
        const engine::math::Box2 box{engine::math::xy(X_BO.p), X_BO.yaw_rad(),
                                     0.5 * engine::math::xy(object.size_m) + 0.25 * cell_m};
        const double reach = glm::length(box.half) + cell_m;
        const auto cell = [&](double v) {
            return std::clamp(static_cast<int>(std::floor((half - v) / cell_m)), 0, cells - 1);
        };
        if (std::abs(box.centre.x) > half + reach || std::abs(box.centre.y) > half + reach) {
            continue;
        }
        for (int row = cell(box.centre.x + reach); row <= cell(box.centre.x - reach); ++row) {
            for (int column = cell(box.centre.y + reach); column <= cell(box.centre.y - reach);
                 ++column) {
                if (!in_box(box, grid.middle(row, column))) continue;
                view.occupied[grid.index(row, column)] = 1;
                who[grid.index(row, column)] = object.id;
            }
        }
    }
    // What the cameras show of it,
    std::vector<std::vector<std::uint8_t>> shown(cameras.size());
    pool.run(cameras.size(), [&](std::size_t c) {
        shown[c].resize(count);
        mark_shown(cameras[c], motions[c], grid, heights, view, shown[c]);
    });
    // and what is between their pixels.
    pool.run(static_cast<std::size_t>(cells), [&](std::size_t line) {
        const int row = static_cast<int>(line);
        for (int column = 0; column < cells; ++column) {
            const std::size_t i = grid.index(row, column);
            Vec3 p_W = X_WB * Vec3(grid.middle(row, column), 0);
            p_W.z = static_cast<double>(heights[i]);
            const bool stands = view.occupied[i] != 0;
            for (const auto& by : shown) view.seen[i] = view.seen[i] | by[i];
            const auto seen_by = [&](std::size_t c) {
                if (!stands) {
                    return sees(cameras[c], lenses[c], X_CW[c], p_W, engine::world::kNoActor, 0.1);
                }
                for (const double up : {0.4, 1.0, 1.7}) {
                    if (sees(cameras[c], lenses[c], X_CW[c], p_W + Vec3(0, 0, up), who[i],
                             0.6 * cell_m)) {
                        return true;
                    }
                }
                return false;
            };
            for (std::size_t c = 0; c < cameras.size() && view.seen[i] == 0; ++c) {
                view.seen[i] = seen_by(c);
            }
            view.seen_occupied[i] = stands ? view.seen[i] : 0;
        }
    });
    // Free space in each direction.
    constexpr int kDirections = 360;
    view.free_m.resize(kDirections);
    for (int d = 0; d < kDirections; ++d) {
        const Vec2 way = engine::math::direction(2 * engine::math::kPi * d / kDirections);
        double free = 0;
        for (;; free += 0.5 * cell_m) {
            const Vec2 p = free * way;
            const int row = static_cast<int>(std::floor((half - p.x) / cell_m));
            const int column = static_cast<int>(std::floor((half - p.y) / cell_m));
            if (row < 0 || column < 0 || row >= cells || column >= cells) break;
            if (view.occupied[grid.index(row, column)] != 0) break;
        }
        view.free_m[static_cast<std::size_t>(d)] = static_cast<float>(free);
    }
    return view;
}

}  // namespace huntsman::sensors::labels
