// Vertices of Dear ImGui: pixels to clip space.
#version 450

layout(location = 0) in vec2 in_position;  // [px]
layout(location = 1) in vec2 in_uv;
layout(location = 2) in vec4 in_colour;  // sRGB, as the target

layout(push_constant) uniform Push {
    vec2 scale, translate;
} push;

layout(location = 0) out vec4 out_colour;
layout(location = 1) out vec2 out_uv;

void main() {
    out_colour = in_colour;
    out_uv = in_uv;
    gl_Position = vec4(in_position * push.scale + push.translate, 0, 1);
}
