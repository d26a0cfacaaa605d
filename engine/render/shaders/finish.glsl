// What the passes after the resolve share: radiance of all views, exposed, a word a pixel in RGB9E5; and
// the words of edges:
//
//   between pixel (x, y) and (x, y + 1): bit x % 32 of word view.words.x + (x / 32) * height + y
//   between pixel (x, y) and (x + 1, y): bit y % 32 of word view.words.y + (y / 32) * width + x
layout(push_constant) uniform Push { FinishView view; };
layout(set = 0, binding = 0) uniform usamplerBuffer radiance;

#include "engine/render/shaders/display.glsl"

int width() { return int(view.size.x); }
int height() { return int(view.size.y); }
// Of the pixel that many after the view's first.
vec3 pixel(int index) { return decoded(texelFetch(radiance, int(view.words.z) + index).x); }
