// What is put on bodies: wheel arches, lamps, lines of panels, mirrors, wipers, plates, seats.
#pragma once

#include "scenarios/bodywork/imprint.h"
#include "scenarios/bodywork/shell.h"
#include "scenarios/bodywork/solids.h"

namespace huntsman::scenarios::bodywork {

// Stuffs that all families use.
namespace looks {
Stuff paint_of(const std::optional<std::array<double, 3>>& livery);
inline const Stuff kPaint = stuff("paint");
inline const Stuff kGlass = stuff("glass");
inline const Stuff kRubber = stuff("rubber");
inline const Stuff kGap = grey("plastic", 0.006F);    // between panels
inline const Stuff kTrim = grey("plastic", 0.022F);   // bumpers, grilles
inline const Stuff kFrame = grey("plastic", 0.012F);  // around windows
inline const Stuff kDark = grey("plastic", 0.01F);    // floors, wheel houses
inline const Stuff kChassis = grey("metal", 0.05F);
inline const Stuff kBright = grey("metal", 0.55F);
inline const Stuff kHousing = grey("metal", 0.3F);  // inside of lamps
inline const Stuff kInterior = grey("interior", 0.05F);
inline const Stuff kLining = grey("interior", 0.16F);
}  // namespace looks

// x of the outermost face of `object` at (y, z) from the front or rear, y at (x, z) from the side,
// z at (x, y) from above; nothing where there is none.
std::optional<double> surface_at(const Mesh& mesh, View view, const Vec2& at,
                                 std::optional<std::uint32_t> object = std::nullopt);

// Cuts a wheel house: an arch of radius `radius` about (x, z), open below, `inner` wide from the
// middle of the vehicle; lined with dark stuff, with a lip of width `lip` around it that stands out
// by `lip_out`.
struct Arch {
    double x = 0, z = 0, radius = 0.4, inner = 0.6;
    double lip = 0.05, lip_out = 0.012;
    Stuff lip_stuff = looks::kTrim;
};
void cut_arch(Shell& shell, const Arch& arch);

// A pane: glass within a dark frame of width `frame` (0: none), flush with the skin.
void add_window(Shell& shell, View view, const Outline& outline, double frame,
                const Stuff& frame_stuff = looks::kFrame, double least_facing = 0.15);
// Paints what lies inside, pushed in by `depth`.
void add_panel(Shell& shell, View view, const Outline& outline, const Stuff& what, double depth = 0,
               const Stuff& walls = looks::kGap);
// A line along a closed outline, `width` wide, laid on the skin but not on glass.
void add_line(Shell& shell, Mesh& extras, View view, const Outline& outline, double width,
              const Stuff& what = looks::kGap);
// A straight line between two places.
void add_seam(Shell& shell, Mesh& extras, View view, const Vec2& from, const Vec2& to, double width,
              const Stuff& what = looks::kGap);
// A lamp's housing let in, with lenses in it.
struct LensSpot {
    const char* kind = "head_lamp";
    Outline outline;
    double out = 0.006;  // above the housing's ground
};
void add_lamps(Shell& shell, View view, const Outline& housing, double depth,
               const std::vector<LensSpot>& lenses, const Stuff& ground = looks::kHousing,
               double least_facing = 0.15);
// Marks of retro-reflecting or painted stuff on the skin, cut in.
void add_mark(Shell& shell, View view, const Outline& outline, const Stuff& what);

// A grip along x.
Mesh door_handle(const Vec3& at, double length, const Stuff& what);
// A mirror of a car or, with two arms, of a large vehicle; it looks back.
Mesh car_mirror(const Vec3& foot, const Vec3& middle, const Vec3& half, const Stuff& shell);
Mesh large_mirror(const Vec3& foot, const Vec3& top, const Vec3& middle, const Vec3& half);
// Along the front of a mesh from (y, z) to (y, z).
Mesh wiper(const Mesh& on, const Vec2& pivot, const Vec2& from, const Vec2& to);
// Facing +x or -x, half of it: y from 0.
Mesh half_plate(double x, double z, bool front, double lean = 0);
// The whole, for both halves to be made of.
Mesh seat(const Vec3& at, double width, double back_height, const Stuff& what, bool headrest);
Mesh steering_wheel(const Vec3& middle, double radius, double lean_rad);

// Faces of the skin that are not glass, moved inwards and turned: what windows show of the far
// side. Only where x and z lie in the ranges.
Mesh lining(const Shell& shell, double x0, double x1, double z0, const Stuff& what);

}  // namespace huntsman::scenarios::bodywork
