// The patterns behind the textures: albedo and roughness as functions of the tile's coordinates.
#pragma once

#include <memory>

#include "engine/texture/layers.h"
#include "engine/texture/noise.h"

namespace huntsman::engine::texture {

struct Texel {
    float r = 0, g = 0, b = 0;  // linear albedo
    float a = 1;                // roughness, or coverage for leaves
};

class Canvas;

class Painter {
  public:
    explicit Painter(TextureLayer layer);
    ~Painter();
    // At (u, v) in [0, 1)²; repeats seamlessly. v grows upwards on walls.
    Texel at(double u, double v) const;

  private:
    // Ground.
    Texel asphalt(double u, double v) const;
    Texel concrete(double u, double v) const;
    Texel paving(double u, double v) const;
    Texel pavers(double u, double v) const;
    Texel cobbles(double u, double v) const;
    Texel kerb(double u, double v) const;
    Texel road_mark(double u, double v) const;
    Texel soil(double u, double v) const;
    Texel iron(double u, double v) const;
    void draw_grass();
    // Factors on the ground below.
    Texel lane_wear(double u, double v) const;
    Texel grime(double u, double v) const;
    Texel meadow(double u, double v) const;
    // Walls and roofs.
    Texel brick(double u, double v, int rows) const;
    Texel plaster(double u, double v) const;
    Texel facade(double u, double v) const;
    Texel shop(double u, double v) const;
    Texel roof(double u, double v) const;
    Texel around_window(double x, double y, const Opening& opening, const Texel& wall) const;
    Texel window(double wx, double wy, std::uint32_t bay) const;
    // Plants, cloth and plates.
    Texel wood(double u, double v) const;
    Texel bark(double u, double v) const;
    Texel cloth(double u, double v) const;
    void draw_leaves();
    static Texel plates(double u, double v);

    TextureLayer layer_;
    TileNoise noise_;
    std::unique_ptr<Canvas> canvas_;  // of layers that are drawn
};

}  // namespace huntsman::engine::texture
