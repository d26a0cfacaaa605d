// What C++ and GLSL share: declared once, included by both. Only vec4 and uvec4 members are used,
// so that the layout rules of both languages agree; the assertions at the end make sure.
//
// The G-buffer has one R32G32B32A32_UINT target, since a software driver pays for each target and
// each fetch:
//   id       see id_word in engine/world/ids.h
//   surface  sqrt(albedo) as 8-bit r, g, b from the low end; roughness in the top 8 bits
//   shape    octahedral normal 11 + 11 bits; kind in 3 bits; a parameter in the top 7 bits:
//            share of open sky (0..127) or, for emitters and glass, a luminance by its logarithm
//   depth    near / z as float bits, infinite far plane; 0 means sky
#ifndef HUNTSMAN_ENGINE_RENDER_SHADER_TYPES_H
#define HUNTSMAN_ENGINE_RENDER_SHADER_TYPES_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>

#include "engine/render/pixel_parts.h"
namespace huntsman::engine::render::shader {
struct vec4 {
    float x = 0, y = 0, z = 0, w = 0;
};
struct uvec4 {
    std::uint32_t x = 0, y = 0, z = 0, w = 0;
};
#define HM_SHADER_CONSTANT(type, name, value) constexpr type name = value
using uint = std::uint32_t;
#else
#define HM_SHADER_CONSTANT(type, name, value) const type name = value
#endif

HM_SHADER_CONSTANT(uint, kKindDielectric, 0);
HM_SHADER_CONSTANT(uint, kKindMetal, 1);
HM_SHADER_CONSTANT(uint, kKindCoated, 2);  // dielectric base below a smooth clear coat
HM_SHADER_CONSTANT(uint, kKindEmitter, 3);
HM_SHADER_CONSTANT(uint, kKindLeaf, 4);   // thin: light that falls on one side leaves by both
HM_SHADER_CONSTANT(uint, kKindRetro, 5);  // sheeting that throws light back to its source
HM_SHADER_CONSTANT(uint, kKindGlass, 6);  // a pane; albedo is what lies behind it
// Classes of what gets dirty on the road; see world/ids.h.
HM_SHADER_CONSTANT(uint, kFirstVehicle, 13);
HM_SHADER_CONSTANT(uint, kLastVehicle, 17);
HM_SHADER_CONSTANT(uint, kKindShift, 22);
HM_SHADER_CONSTANT(uint, kParameterShift, 25);
HM_SHADER_CONSTANT(uint, kParameterMost, 127);

HM_SHADER_CONSTANT(uint, kPartsWords, 12);  // of PixelParts
HM_SHADER_CONSTANT(uint, kCascades, 3);
HM_SHADER_CONSTANT(float, kNearPlane, 0.05f);         // metres
HM_SHADER_CONSTANT(uint, kMeterStride, 8);            // pixels between samples of the light meter
HM_SHADER_CONSTANT(float, kEmitterLowest, 0.00025f);  // kcd/m² of an emitter with parameter 0
HM_SHADER_CONSTANT(float, kEmitterSteps, 6.0f);       // steps of the parameter in a stop
HM_SHADER_CONSTANT(int, kSkySize, 512);               // side of the sky map's first level
HM_SHADER_CONSTANT(int, kSkyLevels, 7);               // the eye's, then ever rougher mirrors'
HM_SHADER_CONSTANT(int, kAmbientSide, 128);           // probes of the ambient volume along x and y
HM_SHADER_CONSTANT(int, kAmbientLayers, 12);          // and along z
HM_SHADER_CONSTANT(float, kAmbientCell, 4.0f);        // metres between probes
HM_SHADER_CONSTANT(float, kGlassF0, 0.13f);     // of a double pane: its four surfaces together
HM_SHADER_CONSTANT(int, kProbeSide, 48);        // pixels along each side of the probe's six faces
HM_SHADER_CONSTANT(float, kCabinWidest, 1.5f);  // see world::Cabin
HM_SHADER_CONSTANT(float, kCabinLongest, 16.0f);
HM_SHADER_CONSTANT(float, kTurn, 6.2831853f);
HM_SHADER_CONSTANT(uint, kMostLights, 255);
HM_SHADER_CONSTANT(uint, kLampShadows, 4);       // lamps that have a shadow map
HM_SHADER_CONSTANT(int, kLampShadowSide, 512);   // texels
HM_SHADER_CONSTANT(float, kLampNear, 0.6f);      // nothing nearer casts a shadow, as lanterns [m]
HM_SHADER_CONSTANT(float, kStreetShadow, 2.4f);  // tangent of half the angle of the lamps' maps
HM_SHADER_CONSTANT(float, kBeamShadow, 1.2f);
HM_SHADER_CONSTANT(int, kLightTileWidth, 64);  // pixels
HM_SHADER_CONSTANT(int, kLightTileHeight, 32);
HM_SHADER_CONSTANT(int, kLightTileColumns, 64);  // of the picture that holds the lists
HM_SHADER_CONSTANT(uint, kLightStreet, 0);       // a lantern: down and wide
HM_SHADER_CONSTANT(uint, kLightBeam, 1);         // a dipped headlamp, by the beam table
HM_SHADER_CONSTANT(uint, kLightLens, 2);         // by the cosine
HM_SHADER_CONSTANT(int, kBeamColumns, 128);
HM_SHADER_CONSTANT(int, kBeamRows, 128);
HM_SHADER_CONSTANT(float, kBeamWide, 2.0f);         // tangent to either side
HM_SHADER_CONSTANT(float, kBeamHigh, 0.08f);        // tangents of the table's upper
HM_SHADER_CONSTANT(float, kBeamLow, -0.88f);        // and lower edge; nothing is left there
HM_SHADER_CONSTANT(float, kContactMetres, 220.0f);  // period of the contact map
// Of displayed luma, from which edges are smoothed.
HM_SHADER_CONSTANT(float, kEdgeContrast, 0.1f);
HM_SHADER_CONSTANT(uint, kGlareCell, 16);       // pixels along each side of a cell of glare
HM_SHADER_CONSTANT(float, kGlareNear, 0.012f);  // share of the light in either Gaussian
HM_SHADER_CONSTANT(float, kGlareFar, 0.010f);
// By which the tone curve reaches white, see display.h.
HM_SHADER_CONSTANT(float, kToneScale, 1.175f);

// Constant over a call of render. Light is in klx and kcd/m².
struct FrameConstants {
    vec4 sun_direction;              // xyz towards the sun in W
    vec4 sun_light;                  // rgb illuminance at normal incidence
    vec4 irradiance[9];              // rgb spherical harmonics of the sky's irradiance over pi
    vec4 fog;                        // rgb light scattered in; w extinction per metre
    vec4 light_x, light_y, light_z;  // rows of the rotation from W to the light's frame L
    vec4 light_depth;                // x scale, y offset: depth in the shadow maps from L's z
    vec4 cascades[3];                // map coordinate = L.xy * z + (x, y); w: texel [m]
    vec4 weather;                    // y share of the sky seen through the air;
                                     // z 1 if anything is wet or white
    vec4 rain;        // x mm/h of water; y 1 if it falls as snow; z time [ms], for chance
    vec4 rain_light;  // rgb mean of what falling drops refract towards the eye
    vec4 ambient;     // x, y: middle of the ambient volume; z: its base; w: kcd/m² of the value 1
    vec4 probe;       // xyz: where the surroundings were drawn from
};

// A lamp that lights its surroundings.
struct GpuLight {
    vec4 p_range;  // place in W; 1 / range [1/m]
    vec4 colour;   // rgb kcd along the axis, or scale of the beam table; w: kLight...
    vec4 axis;     // unit vector; w: see choose_shadowed
};

// Push constants of the surface passes: one view.
struct SurfaceView {
    vec4 clip_x, clip_y, clip_w;  // rows that take (W, 1) to clip coordinates; clip z is constant
    vec4 eye;                     // the camera's place in W
};

// Push constants of the shadow passes: one cascade.
struct ShadowView {
    vec4 light_x, light_y, light_z;
    vec4 map;  // clip xy = L.xy * z + (x, y); clip z = L.z * light_z.w + w
};

// Push constants of the shadow pass of lamps: one lamp. Clip z is its distance less kLampNear.
struct LampShadowView {
    vec4 clip_x, clip_y, clip_w;  // rows that take (W, 1) to clip coordinates
};

// Push constants of the resolve: one view.
struct ResolveView {
    vec4 origin;      // w: exposure factor
    vec4 right;       // w: speed of still air along this axis [m/s]
    vec4 down;        // the same
    vec4 forward;     // the same
    vec4 intrinsics;  // 1/fx, 1/fy, cx, cy [pixels]
    uvec4 tile;       // x, y of the view's corner in the atlas; width and height of the view
    uvec4 output_at;  // x first pixel, y first meter sample in the output buffers; z first light
                      // tile, w light tiles in a row
};

// Push constants of the passes after the resolve: one view.
struct FinishView {
    uvec4 size;   // width, height
    uvec4 words;  // first word of edges between rows, and between columns; z: first pixel
    uvec4 cells;  // first cell of glare, columns, rows
    uvec4 lists;  // begin of the list of pixels at edges, and of what is made of them
    vec4 kernel;  // lens: weight of a neighbour and of the pixel itself along one side; 1 /
                  // standard deviation of the near and of the far glare [1/cells]
    vec4 spread;  // x: 1 / (2 variance) of the lens's blur [1/pixel²]
};

#ifdef __cplusplus
static_assert(sizeof(PixelParts) == 4 * kPartsWords && offsetof(PixelParts, surface) == 40);
// One vertex, and one draw of a submesh of an instance (a vertex stream that steps per instance).
struct GpuVertex {
    float p[3];
    std::int16_t normal[4];  // signed normalised
    float uv[2];
    std::uint32_t colour;  // sqrt of the linear factor, 8 bits each
};
struct GpuDraw {
    vec4 q;        // rotation x, y, z, w
    vec4 p_layer;  // position in W; texture layer
    vec4 tint_uv;  // sqrt of the albedo factor; texture repeats per unit of uv, or if negative:
                   // per metre of W, and uv belongs to the layer that modulates
    // x: id
    // y: roughness << 24; ground: the layer that modulates it, and its repeats per metre / 65536
    //    << 8, and in the top bit whether it lies along lanes; façades: opening of a bay (width,
    //    height, sill) and 255 for shops, 8 bits each; windows of vehicles: bit 0 whether somebody
    //    is in, bits 8 to 15 the turn of the driver's head to the left in 256ths of a turn, plus
    //    128; textured: a shift of the texture, 8 bits each in 256ths
    // z: kind and parameter as in `shape`
    // w: wetness, puddles, snow and, for façades, share of lit windows; 8 bits each
    uvec4 packed;
};
static_assert(sizeof(GpuVertex) == 32 && offsetof(GpuVertex, uv) == 20);
static_assert(sizeof(GpuDraw) == 64 && offsetof(GpuDraw, packed) == 48);
static_assert(sizeof(FrameConstants) == 16 * 24 && offsetof(FrameConstants, cascades) == 16 * 16);
static_assert(sizeof(GpuLight) == 48);
static_assert(sizeof(SurfaceView) == 64);
static_assert(sizeof(ShadowView) == 64);
static_assert(sizeof(FinishView) == 96 && offsetof(FinishView, kernel) == 64);
static_assert(sizeof(ResolveView) == 112 && offsetof(ResolveView, output_at) == 96);
}  // namespace huntsman::engine::render::shader
#endif

#endif  // HUNTSMAN_ENGINE_RENDER_SHADER_TYPES_H
