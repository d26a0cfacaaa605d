#include "sensors/labels/birds_eye.h"

#include <algorithm>
#include <cmath>

#include "engine/core/array_view.h"
#include "engine/math/geometry.h"
#include "engine/world/pose.h"
#include "sensors/lens/lens.h"
#include "sensors/lens/model.h"

namespace huntsman::sensors::labels {

using engine::core::ArrayView;
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

// The grid around the ego.
struct Grid {
    struct Cell {
        int row = 0, column = 0;
    };
    RigidTransform X_WB;  // upright, on the ground below the ego
    double cell_m = 0.5;
    int cells = 0;

    double half_m() const { return 0.5 * cells * cell_m; }
    Vec2 middle(const Cell& cell) const {
        return {half_m() - (cell.row + 0.5) * cell_m, half_m() - (cell.column + 0.5) * cell_m};
    }
    int line_at(double along_m) const {
        return static_cast<int>(std::floor((half_m() - along_m) / cell_m));
    }
    // May lie outside of the grid.
    Cell cell_at(const Vec2& p_B) const { return {line_at(p_B.x), line_at(p_B.y)}; }
    bool contains(const Cell& cell) const {
        return cell.row >= 0 && cell.column >= 0 && cell.row < cells && cell.column < cells;
    }
};

// A camera's labels, looked up at points.
class PointLookup {
  public:
    explicit PointLookup(const CameraSample& sample)
        : lens_(sample.camera.lens),
          along_z_(lens::depth_along_z(sample.camera.lens)),
          X_CW_(sample.X_WC.inverse()),
          ids_(sample.ids, sample.camera.height, sample.camera.width),
          depth_m_(sample.depth_m, sample.camera.height, sample.camera.width) {}

    // Whether the camera sees the point p_W, or, with an id, that road user at its place.
    bool sees(const Vec3& p_W, ActorId id, double slack_m) const {
        const Vec3 p_C = X_CW_ * p_W;
        Vec2 pixel;
        if (!lens::project(lens_, p_C, pixel)) return false;
        if (!(pixel.x >= 0 && pixel.y >= 0 && pixel.x < static_cast<double>(ids_.columns()) &&
              pixel.y < static_cast<double>(ids_.rows()))) {
            return false;
        }
        const auto row = static_cast<std::size_t>(pixel.y);
        const auto column = static_cast<std::size_t>(pixel.x);
        if (id != engine::world::kNoActor && engine::world::actor_of(ids_(row, column)) == id) {
            return true;
        }
        const double depth = along_z_ ? p_C.z : glm::length(p_C);
        return std::abs(static_cast<double>(depth_m_(row, column)) - depth) <=
               kSameDepthShare * depth + slack_m;
    }

  private:
    lens::Model lens_;
    bool along_z_;
    RigidTransform X_CW_;
    ArrayView<const std::uint32_t> ids_;
    ArrayView<const float> depth_m_;
};

// Fills the layers of a view, each from those before it.
class BirdsEyeBuilder {
  public:
    BirdsEyeBuilder(const RigidTransform& X_WB, double cell_m, int cells)
        : grid_{X_WB, cell_m, cells}, view_{.cell_m = cell_m, .cells = cells} {
        const auto count = static_cast<std::size_t>(cells) * static_cast<std::size_t>(cells);
        for (auto* layer : {&view_.drivable, &view_.occupied, &view_.seen, &view_.seen_occupied}) {
            layer->resize(count);
        }
        ground_m_.resize(count);
        road_users_.resize(count, engine::world::kNoActor);
    }

    void add_ground(GroundRaster& ground);
    void add_road_users(std::span<const ObjectLabel> objects);
    void add_seen(std::span<const CameraSample> cameras,
                  std::span<const capture::CameraMotion> motions, engine::core::JobPool& pool);
    void add_free_space();
    BirdsEye take() { return std::move(view_); }

  private:
    template <typename T>
    ArrayView<T> layer(std::vector<T>& values) const {
        return {values, static_cast<std::size_t>(grid_.cells),
                static_cast<std::size_t>(grid_.cells)};
    }
    // Marks the cells in which pixels of a camera show the ground or what stands there.
    void mark_shown(const CameraSample& sample, const capture::CameraMotion& motion,
                    ArrayView<std::uint8_t> shown);
    // Whether a camera sees the middle of a cell, or what stands on it.
    bool sees_cell(const PointLookup& camera, const Grid::Cell& cell);

    Grid grid_;
    BirdsEye view_;
    std::vector<float> ground_m_;      // height of each cell's ground in W
    std::vector<ActorId> road_users_;  // that stand on each cell
};

void BirdsEyeBuilder::add_ground(GroundRaster& ground) {
    const auto ground_m = layer(ground_m_);
    const auto drivable = layer(view_.drivable), occupied = layer(view_.occupied);
    for (int row = 0; row < grid_.cells; ++row) {
        for (int column = 0; column < grid_.cells; ++column) {
            const auto& cell = ground.at(grid_.X_WB * Vec3(grid_.middle({row, column}), 0));
            ground_m(row, column) = cell.z_m;
            drivable(row, column) = cell.drivable ? 1 : 0;
            occupied(row, column) = cell.stands ? 1 : 0;
        }
    }
}

void BirdsEyeBuilder::add_road_users(std::span<const ObjectLabel> objects) {
    const auto occupied = layer(view_.occupied);
    const auto road_users = layer(road_users_);
    const double cell_m = grid_.cell_m, half_m = grid_.half_m();
    const RigidTransform X_BW = grid_.X_WB.inverse();
    for (const ObjectLabel& object : objects) {
        const RigidTransform X_BO = X_BW * object.X_WO;
        const engine::math::Box2 box{engine::math::xy(X_BO.p), X_BO.yaw_rad(),
                                     0.5 * engine::math::xy(object.size_m) + 0.25 * cell_m};
        const double reach = glm::length(box.half) + cell_m;
        if (std::abs(box.centre.x) > half_m + reach || std::abs(box.centre.y) > half_m + reach) {
            continue;
        }
        const auto line = [&](double along_m) {
            return std::clamp(grid_.line_at(along_m), 0, grid_.cells - 1);
        };
        for (int row = line(box.centre.x + reach); row <= line(box.centre.x - reach); ++row) {
            for (int column = line(box.centre.y + reach); column <= line(box.centre.y - reach);
                 ++column) {
                if (!in_box(box, grid_.middle({row, column}))) continue;
                occupied(row, column) = 1;
                road_users(row, column) = object.id;
            }
        }
    }
}

void BirdsEyeBuilder::mark_shown(const CameraSample& sample, const capture::CameraMotion& motion,
                                 ArrayView<std::uint8_t> shown) {
    // Heights over the ground that count as the ground itself, and as standing on it.
    constexpr double kGround_m = 0.2, kStands_m = 0.15, kHighest_m = 2.5;
    constexpr int kStep = 2;  // pixels
    const auto& camera = sample.camera;
    const bool along_z = lens::depth_along_z(camera.lens);
    const auto readout = camera.shutter.readout;
    const auto ground_m = layer(ground_m_);
    const auto occupied = layer(view_.occupied);
    const ArrayView<const float> depths_m(sample.depth_m, camera.height, camera.width);
    // Where the camera is at each of its lines.
    const RigidTransform X_BW = grid_.X_WB.inverse();
    std::vector<RigidTransform> X_BC(
        static_cast<std::size_t>(std::max(camera.width, camera.height)));
    for (std::size_t line = 0; line < X_BC.size(); ++line) {
        X_BC[line] = X_BW * motion.at(capture::line_time_s(camera, static_cast<int>(line)));
    }
    std::vector<Vec3> rays(static_cast<std::size_t>(camera.width));
    for (int y = 0; y < camera.height; y += kStep) {
        lens::unproject_rows(camera.lens, camera.width, y, y + 1, rays);
        for (int x = 0; x < camera.width; x += kStep) {
            const auto depth_m = static_cast<double>(depths_m(y, x));
            const Vec3& ray = rays[static_cast<std::size_t>(x)];
            if (!(depth_m < 2 * grid_.half_m()) || !(glm::length(ray) > 0)) continue;
            const Vec3 p_C = ray * (depth_m / (along_z ? ray.z : glm::length(ray)));
            const Vec3 p_B = X_BC[static_cast<std::size_t>(capture::line_of(readout, x, y))] * p_C;
            const Grid::Cell cell = grid_.cell_at(engine::math::xy(p_B));
            if (!grid_.contains(cell)) continue;
            const double up_m =
                grid_.X_WB.p.z + p_B.z - static_cast<double>(ground_m(cell.row, cell.column));
            const bool there = occupied(cell.row, cell.column) != 0
                                   ? up_m > kStands_m && up_m < kHighest_m
                                   : std::abs(up_m) < kGround_m;
            if (there) shown(cell.row, cell.column) = 1;
        }
    }
}

bool BirdsEyeBuilder::sees_cell(const PointLookup& camera, const Grid::Cell& cell) {
    Vec3 p_W = grid_.X_WB * Vec3(grid_.middle(cell), 0);
    p_W.z = static_cast<double>(layer(ground_m_)(cell.row, cell.column));
    if (layer(view_.occupied)(cell.row, cell.column) == 0) {
        constexpr double kSlack_m = 0.1;
        return camera.sees(p_W, engine::world::kNoActor, kSlack_m);
    }
    for (const double up_m : {0.4, 1.0, 1.7}) {
        if (camera.sees(p_W + Vec3(0, 0, up_m), layer(road_users_)(cell.row, cell.column),
                        0.6 * grid_.cell_m)) {
            return true;
        }
    }
    return false;
}

void BirdsEyeBuilder::add_seen(std::span<const CameraSample> cameras,
                               std::span<const capture::CameraMotion> motions,
                               engine::core::JobPool& pool) {
    // What the cameras' pixels show,
    std::vector<std::vector<std::uint8_t>> shown(cameras.size());
    pool.run(cameras.size(), [&](std::size_t c) {
        shown[c].resize(view_.seen.size());
        mark_shown(cameras[c], motions[c], layer(shown[c]));
    });
    for (const auto& by_camera : shown) {
        for (std::size_t i = 0; i < by_camera.size(); ++i) {
            view_.seen[i] = view_.seen[i] | by_camera[i];
        }
    }
    // and what is between them.
    const std::vector<PointLookup> lookups(cameras.begin(), cameras.end());
    const auto occupied = layer(view_.occupied), seen = layer(view_.seen);
    const auto seen_occupied = layer(view_.seen_occupied);
    pool.run(static_cast<std::size_t>(grid_.cells), [&](std::size_t row) {
        for (int column = 0; column < grid_.cells; ++column) {
            const Grid::Cell cell{static_cast<int>(row), column};
            if (seen(row, column) == 0) {
                seen(row, column) =
                    std::any_of(lookups.begin(), lookups.end(),
                                [&](const PointLookup& camera) { return sees_cell(camera, cell); });
            }
            seen_occupied(row, column) = occupied(row, column) != 0 ? seen(row, column) : 0;
        }
    });
}

void BirdsEyeBuilder::add_free_space() {
    constexpr int kDirections = 360;
    const auto occupied = layer(view_.occupied);
    view_.free_m.resize(kDirections);
    for (int d = 0; d < kDirections; ++d) {
        const Vec2 way = engine::math::direction(2 * engine::math::kPi * d / kDirections);
        double free = 0;
        for (;; free += 0.5 * grid_.cell_m) {
            const Grid::Cell cell = grid_.cell_at(free * way);
            if (!grid_.contains(cell) || occupied(cell.row, cell.column) != 0) break;
        }
        view_.free_m[static_cast<std::size_t>(d)] = static_cast<float>(free);
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
            Cell& cell = tile.cells[y][x];
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
    return found->second.cells[cy][cx];
}

BirdsEye label_birds_eye(GroundRaster& ground, const engine::world::State& state,
                         std::span<const ObjectLabel> objects,
                         std::span<const CameraSample> cameras,
                         std::span<const capture::CameraMotion> motions,
                         engine::core::JobPool& pool, double cell_m, int cells) {
    const auto& ego = state.actors.front();
    BirdsEyeBuilder builder(engine::math::upright(ego.X_WB.p, ego.X_WB.yaw_rad()), cell_m, cells);
    builder.add_ground(ground);
    builder.add_road_users(objects);
    builder.add_seen(cameras, motions, pool);
    builder.add_free_space();
    return builder.take();
}

}  // namespace huntsman::sensors::labels
