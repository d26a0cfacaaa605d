// A picture from above: carriageway, route, lines and signals ahead, and who is there. The ego is
// in the middle, its heading up. Colours stand in birds_eye.cpp and python/README.md.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <unordered_map>

#include "bridge/loop/session.h"

namespace huntsman::bridge::serve {

class BirdsEye {
  public:
    // `pixels` and `metres` of each side.
    static bool can_draw(std::uint32_t pixels, double metres) {
        return pixels >= 16 && pixels <= 1024 && metres >= 10 && metres <= 400;
    }
    // Precondition: can_draw.
    BirdsEye(int pixels, double metres) : pixels_(pixels), cell_m_(metres / pixels) {}

    // The session's moment as pixels × pixels × 3, rows from the top. `route` is in B. Cost: a
    // look-up for each pixel; where nobody has looked before it is asked of the map.
    void draw(const loop::Session& session, const messages::Route& route, std::string& rgb);

  private:
    struct Box {  // in B
        engine::math::Vec2 centre{0, 0};
        double heading_rad = 0, length_m = 0, width_m = 0;
    };
    using Colour = std::array<std::uint8_t, 3>;

    void paint_ground(const loop::Session& session, std::string& rgb);
    void paint_route(const messages::Route& route, const messages::Perception& truth,
                     std::string& rgb) const;
    void paint(const Box& box, const Colour& colour, std::string& rgb) const;
    void put(int row, int column, const Colour& colour, std::string& rgb) const;

    int pixels_;
    double cell_m_;
    std::unordered_map<std::uint64_t, bool> on_road_;  // by cell of the ground
};

}  // namespace huntsman::bridge::serve
