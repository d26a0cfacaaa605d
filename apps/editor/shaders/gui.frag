#version 450

layout(location = 0) in vec4 in_colour;
layout(location = 1) in vec2 in_uv;
layout(set = 0, binding = 0) uniform sampler2D picture;
layout(location = 0) out vec4 out_colour;

void main() { out_colour = in_colour * texture(picture, in_uv); }
