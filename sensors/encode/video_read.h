// Pictures out of a video, cheapest in order.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/core/image.h"
#include "engine/core/result.h"

namespace huntsman::sensors::encode {

class VideoReader {
  public:
    static engine::core::Result<VideoReader> open(const std::filesystem::path& path);
    ~VideoReader();
    VideoReader(VideoReader&&) noexcept;
    VideoReader& operator=(VideoReader&&) noexcept;

    // The picture of this number, from 0, as RGB. Going back decodes from the start again.
    engine::core::Result<engine::core::Image> picture(int number);

  private:
    struct Impl;
    explicit VideoReader(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::sensors::encode
