// A world's geometry as the renderer keeps it: packed vertices, draw records, and what culling
// needs.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/render/figures.h"
#include "engine/render/materials.h"
#include "engine/render/occluders.h"
#include "engine/render/shader_types.h"
#include "engine/world/state.h"
#include "engine/world/world.h"

namespace huntsman::engine::render {

struct SubmeshDraw {
    std::uint32_t first_index = 0, index_count = 0;
    world::Material material = world::Material::kConcrete;
    world::Lamp lamp = world::Lamp::kHead;
    world::Semantic semantic = world::Semantic::kNothing;
    SurfaceClass surface = SurfaceClass::kPlain;
    std::uint32_t picture = 0;  // index into RenderScene::pictures
};

struct LodDraw {
    std::vector<SubmeshDraw> submeshes;
    std::int32_t vertex_offset = 0;
    std::uint32_t first_index = 0, index_count = 0;  // all submeshes together, for shadows
    float error_m = 0;
    std::uint32_t first_record = 0;  // of its submeshes, counted from the item's first record
};

// Where a mesh shines, and which way.
struct MeshLamp {
    world::Lamp lamp = world::Lamp::kHead;
    math::Vec3 p_M{0, 0, 0}, axis_M{1, 0, 0};
};
// The same of something placed, when it is lit.
struct LitLamp {
    world::Lamp lamp = world::Lamp::kHead;
    math::Vec3 p_W{0, 0, 0}, axis_W{1, 0, 0};
    double share = 1;           // of the lamp's light
    std::uint32_t variety = 0;  // see light_of
};

struct MeshDraw {
    std::vector<MeshLamp> lamps;
    std::vector<LodDraw> lods;  // finest first
    std::vector<SkinLevel>
        skin;  // of a figure's skin: a level each, whose vertices are not uploaded
    std::uint32_t record_count = 0;  // draw records of an item with this mesh
    math::Vec3 centre{0, 0, 0};      // of the bounding sphere
    double radius_m = 0;
    math::Vec3 low_M{0, 0, 0}, high_M{0, 0, 0};  // corners of the bounding box of all levels
};

constexpr std::uint32_t kNoFigure = 0xffffffffU;

// Something that can be culled and drawn: a placed mesh.
struct Item {
    math::Vec3 centre{0, 0, 0};  // bounding sphere in W
    double radius_m = 0;
    Bounds bounds;
    std::uint32_t mesh = 0;
    std::uint32_t first_record = 0;
    bool casts_shadow = true;
    std::uint32_t figure = kNoFigure;  // of a skin: index into the call's figures
};

// What of weather and daylight shows in the records.
struct Surroundings {
    std::uint32_t weather = 0;   // wetness, puddles, snow and share of lit windows, 8 bits each
    std::uint32_t daylight = 0;  // on upright walls in the shade, as the G-buffer holds luminance
    bool operator==(const Surroundings&) const = default;
};
Surroundings surroundings_of(const world::Environment& environment, double lit_windows);

class RenderScene {
  public:
    // Packs all meshes and writes the records of the static instances.
    explicit RenderScene(const world::World& world);

    // Vertices and indices of all meshes; emptied by `release_geometry` after the upload.
    std::vector<shader::GpuVertex> vertices;
    std::vector<std::uint32_t> indices;
    void release_geometry();

    // What materials of kind kPicture show; those of all meshes, each once.
    const std::vector<std::shared_ptr<const world::Picture>>& pictures() const { return pictures_; }

    const std::vector<MeshDraw>& meshes() const { return meshes_; }
    const std::vector<Item>& static_items() const { return static_items_; }
    const std::vector<shader::GpuDraw>& static_records() const { return static_records_; }

    // What the surroundings ask of the static records; returns the range [first, end) of records
    // that changed, empty when none did.
    struct Range {
        std::uint32_t first = 0, end = 0;
    };
    // Lamps of signals by their aspects, street lamps by the darkness.
    Range follow_lamps(const std::vector<world::Aspect>& aspects, bool dark);
    // Weather, daylight or the share of lit windows changed: changes all static records, if it
    // shows in them.
    Range set_surroundings(const world::Environment& environment, double lit_windows);
    // Static lamps that are lit at present.
    const std::vector<LitLamp>& lit_lamps() const { return lit_lamps_; }

    // Actors in the pictures of a call of render.
    struct Placed {
        std::vector<std::vector<Item>> items;  // of each moment
        std::vector<shader::GpuDraw> records;  // with numbers that go on after the static ones
        std::vector<PosedFigure> figures;
        std::vector<LitLamp> lamps;  // of the last moment
    };
    // Adds the actors as they are `after_s` later than the state. `world` must outlive `placed`.
    void place_actors(const world::World& world, const world::State& state, double after_s,
                      Placed& placed) const;

  private:
    struct Placement {
        math::RigidTransform X_WM;
        std::array<float, 3> tint{1, 1, 1};
        std::uint32_t id = 0;
        std::uint32_t part = 0;  // of the actor's archetype
        world::Semantic semantic = world::Semantic::kOther;
        std::uint32_t lamps = 0;
        std::uint32_t driver = 0;   // as GpuDraw::packed has it; 0: nobody is in
        std::uint32_t variety = 0;  // of its lamps, see light_of: the actor's, or the district's
    };
    void write_records(const MeshDraw& mesh, const Placement& placement, shader::GpuDraw* records,
                       std::uint32_t* wettable = nullptr) const;
    void light_lamps(const MeshDraw& mesh, const Placement& placement,
                     std::vector<LitLamp>& lamps) const;
    MeshDraw pack_mesh(const world::Mesh& mesh, bool uploaded);
    std::uint32_t number_of(const std::shared_ptr<const world::Picture>& picture);
    void place(const Placement& placement, std::uint32_t mesh, std::uint32_t figure,
               Placed& placed) const;
    struct LampItem {
        std::uint32_t item = 0, group = 0, lamps = 0;
        bool for_pedestrians = false;
    };

    Surroundings surroundings_;
    std::vector<MeshDraw> meshes_;
    std::vector<std::shared_ptr<const world::Picture>> pictures_;
    std::vector<Item> static_items_;
    std::vector<shader::GpuDraw> static_records_;
    // Parallel to static_records_: how much of the weather each takes, in the same bits.
    std::vector<std::uint32_t> wettable_;
    std::vector<LampItem> lamp_items_;
    std::vector<Placement> lamp_placements_;  // parallel to lamp_items_
    std::vector<LitLamp> lit_lamps_;
    bool lamps_followed_ = false;
};

// Lamp bits that a signal head shows for an aspect.
std::uint32_t signal_lamps(world::Aspect aspect, bool for_pedestrians);

}  // namespace huntsman::engine::render
