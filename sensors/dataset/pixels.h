// Label images to bytes and back, as the formats share them. Decoders check size and shape against
// the camera's; errors say what was expected.
//
//   words     PNG RGBA8, red is the low byte: np.asarray(Image.open(f)).view('<u4')
//   floats    the same of float32: .view('<f4'); infinite depth stays infinite
//   normals   PNG RGB8, 128 + round(127 n)
//   flow      PNG RGB16 of KITTI: 32768 + round(64 d) for x and y, 1 where valid [Menze 2015]
//   greys     PNG grey of 8 or 16 bits
//   lidar     NPY, a row of x y z intensity ring id a point
#pragma once

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/job_pool.h"
#include "engine/core/result.h"
#include "sensors/labels/sample.h"

namespace huntsman::sensors::dataset {

template <typename T>
using Decoded = engine::core::Result<std::vector<T>>;

std::string encode_words(std::span<const std::uint32_t> words, int width, int height);
Decoded<std::uint32_t> decode_words(std::string_view png, int width, int height);
std::string encode_floats(std::span<const float> values, int width, int height);
Decoded<float> decode_floats(std::string_view png, int width, int height);
std::string encode_normals(std::span<const float> normals, int width, int height);
Decoded<float> decode_normals(std::string_view png, int width, int height);
// Beyond 511 px the format has no room: such flow is written as not valid.
std::string encode_flow(std::span<const float> flow, int width, int height);
Decoded<float> decode_flow(std::string_view png, int width, int height);
std::string encode_grey(std::span<const std::uint8_t> values, int width, int height);
Decoded<std::uint8_t> decode_grey(std::string_view png, int width, int height);
std::string encode_grey16(std::span<const std::uint16_t> values, int width, int height);
Decoded<std::uint16_t> decode_grey16(std::string_view png, int width, int height);

// Bits of a cell: 16 drivable, 32 occupied, 64 seen, 128 seen and occupied.
std::string encode_birds_eye(const labels::BirdsEye& eye);
engine::core::Status decode_birds_eye(std::string_view png, labels::BirdsEye& eye);

// What stands before the data of an array of this type and shape, both as Python literals: NPY,
// version 1.0 [NEP 1].
std::string npy_header(const std::string& type, const std::string& shape);
std::string encode_lidar(std::span<const labels::LidarPoint> points);
Decoded<labels::LidarPoint> decode_lidar(std::string_view npy);
// height × width × 3 float32.
std::string encode_linear(std::span<const float> values, int width, int height);
Decoded<float> decode_linear(std::string_view npy, int width, int height);

engine::core::Result<std::string> encode_picture(const engine::core::Image& image, bool lossless,
                                                 int jpeg_quality);
// JPEG or PNG, by its first bytes.
engine::core::Result<engine::core::Image> decode_picture(std::string_view bytes, int width,
                                                         int height);

// Files that are made independently of each other.
struct EncodeJob {
    std::string name;
    std::function<engine::core::Result<std::string>()> encode;
};
using NamedBytes = std::vector<std::pair<std::string, std::string>>;
// In the order of the jobs, whatever the number of threads. The first error in that order wins.
engine::core::Result<NamedBytes> encode_all(const std::vector<EncodeJob>& jobs,
                                            engine::core::JobPool* pool);

}  // namespace huntsman::sensors::dataset
