// NumPy's archives of arrays, as far as nuScenes-panoptic needs them: one array of whole numbers of
// 16 bits named `data`, not compressed.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace huntsman::sensors::dataset::nuscenes {

// numpy.load(FILE)['data'] gives the values as uint16. Up to 2^31 of them.
std::string encode_npz(std::span<const std::uint16_t> values);
// Reads what `encode_npz` writes, to the byte; `count` values are expected.
engine::core::Result<std::vector<std::uint16_t>> decode_npz(std::string_view bytes,
                                                            std::size_t count);

}  // namespace huntsman::sensors::dataset::nuscenes
