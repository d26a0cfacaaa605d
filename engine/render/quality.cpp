#include "engine/render/quality.h"

#include <algorithm>
#include <cmath>

#include "engine/core/check.h"

namespace huntsman::engine::render {

QualitySettings settings_of(Quality quality) {
    switch (quality) {
        case Quality::kFast:
            return {.shadow_map_size = 1024, .lod_error_px = 3.0, .probe = false, .lens_px = 0};
        case Quality::kStandard:
            return {};
        case Quality::kHigh:
            return {.shadow_map_size = 4096,
                    .lod_error_px = 2.0,  // two of the finer pixels are one
                    .fine_filters = true,
                    .soft_shadows = true,
                    .supersample = true,
                    .lens_px = 0.6};
    }
    HM_CHECK(false, "quality {}", static_cast<int>(quality));
}

double lod_error_px(Quality quality) {
    const QualitySettings settings = settings_of(quality);
    return settings.supersample ? 0.5 * settings.lod_error_px : settings.lod_error_px;
}

const char* name(Quality quality) {
    switch (quality) {
        case Quality::kFast:
            return "fast";
        case Quality::kStandard:
            return "standard";
        case Quality::kHigh:
            return "high";
    }
    HM_CHECK(false, "quality {}", static_cast<int>(quality));
}

std::optional<Quality> quality_of(std::string_view text) {
    for (const Quality quality : {Quality::kFast, Quality::kStandard, Quality::kHigh}) {
        if (text == name(quality)) return quality;
    }
    return std::nullopt;
}

math::Vec3 unpack_normal(std::uint32_t shape) {
    const auto part = [](std::uint32_t bits) { return (bits - 1023.5) / 1023.0; };
    math::Vec3 n(part(shape & 0x7ffU), part(shape >> 11 & 0x7ffU), 0);
    n.z = 1 - std::abs(n.x) - std::abs(n.y);
    const double t = std::max(-n.z, 0.0);
    n.x += n.x >= 0 ? -t : t;
    n.y += n.y >= 0 ? -t : t;
    return glm::normalize(n);
}

}  // namespace huntsman::engine::render
