// An object drawn alone, as one camera would see it: its amodal mask, through lens and rolling
// shutter, also beyond the picture's border.
#pragma once

#include <span>
#include <vector>

#include "sensors/capture/motion.h"
#include "sensors/capture/plan.h"
#include "sensors/capture/resample.h"
#include "sensors/labels/bodies.h"
#include "sensors/lens/model.h"

namespace huntsman::sensors::labels {

// Pixels of a window that may reach up to one picture beyond each border of the picture.
struct Mask {
    PixelBox box;                      // in pixels of the picture; negative beyond its left and top
    std::vector<std::uint8_t> inside;  // box.height() × box.width(): 1 where covered
    bool at(int x, int y) const {
        return x >= box.x0 && x < box.x1 && y >= box.y0 && y < box.y1 &&
               inside[static_cast<std::size_t>(y - box.y0) * static_cast<std::size_t>(box.width()) +
                      static_cast<std::size_t>(x - box.x0)] != 0;
    }
};

// The point of a moving thing that is at p_W at the state's time: where it falls at the moment its
// line is exposed. `lens` is the camera's. False where it does not see the point.
bool project_moving(const engine::world::Camera& camera, const lens::Model& lens,
                    const capture::CameraMotion& motion, const Vec3& p_W, const Vec3& v_W,
                    Vec2& pixel, Vec3& p_C);

class Silhouettes {
  public:
    // Levels of detail are chosen for an error of `lod_error_px`, as the renderer does. With the
    // plan of a picture that was resampled, pixels within the picture are covered where the view's
    // pixel that they were read from is: as they would be were nothing else there. Under a rolling
    // shutter edges may be half a pixel off.
    Silhouettes(const engine::world::Camera& camera, const capture::CameraMotion& motion,
                double lod_error_px, const capture::CameraPlan* plan = nullptr);

    // Covers what the placed meshes of one object cover, each moving as its twist says. `mask` is
    // empty where the object is not seen at all. Its memory is reused.
    void draw(std::span<const PlacedMesh> meshes, std::span<const capture::Twist> twists,
              Mask& mask);

  private:
    struct Corner {
        Vec3 p_C{0, 0, 0};  // at the state's time
        Vec3 v_C{0, 0, 0};
        Vec2 pixel{0, 0};
        bool seen = false;
    };
    void add(const Corner& a, const Corner& b, const Corner& c, int depth);
    Corner corner(const Vec3& p_C, const Vec3& v_C) const;
    const engine::world::MeshLod& level_of(const PlacedMesh& placed) const;
    void draw_in_views(std::span<const PlacedMesh> meshes, Mask& mask);

    const engine::world::Camera& camera_;
    const lens::Model lens_;
    const capture::CameraMotion& motion_;
    RigidTransform X_CW_;
    Vec3 w_C_{0, 0, 0};
    double lod_error_px_;
    bool straight_;  // the lens keeps straight lines straight
    bool rolling_;
    const capture::CameraPlan* plan_ = nullptr;  // of a resampled picture with a global shutter
    bool levels_by_distance_;                    // as the renderer chose them
    std::vector<Corner> corners_;
    std::vector<std::array<Vec2, 3>> triangles_;
    std::vector<Mask> view_masks_;
};

}  // namespace huntsman::sensors::labels
