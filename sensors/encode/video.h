// Pictures to an MP4 video.
//
//   auto writer = VideoWriter::create("run.mp4", 640, 400, 10);
//   writer->add(image);   // once per picture
//   writer->finish();
//
// H.264 by libx264, or MPEG-4 where that is absent; 4:2:0 colour; the index stands at the front, so
// a browser can play it while loading. One encoder thread, so equal pictures give equal bytes. The
// file appears under its name when `finish` succeeds; without that nothing is left behind.
#pragma once

#include <filesystem>
#include <memory>

#include "engine/core/image.h"
#include "engine/core/result.h"

namespace huntsman::sensors::encode {

class VideoWriter {
  public:
    // 4:2:0 needs even sizes: a video of odd ones has one column or row more at its right or lower
    // edge, which repeats the last, so that a picture's pixels keep their places. fps > 0.
    static engine::core::Result<VideoWriter> create(const std::filesystem::path& path, int width,
                                                    int height, double fps);
    ~VideoWriter();
    VideoWriter(VideoWriter&&) noexcept;
    VideoWriter& operator=(VideoWriter&&) noexcept;

    // RGB or RGBA of the size given at creation.
    engine::core::Status add(const engine::core::Image& image);
    engine::core::Status finish();
    int frames() const;
    const std::string& codec() const;  // "libx264", "mpeg4"

  private:
    struct Impl;
    explicit VideoWriter(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

// The width or height of a video for pictures of this one.
constexpr int video_side(int pixels) { return pixels + pixels % 2; }

// What a video holds, by decoding all of it.
struct VideoInfo {
    int width = 0, height = 0, frames = 0;
    double fps = 0;
};
engine::core::Result<VideoInfo> probe_video(const std::filesystem::path& path);

}  // namespace huntsman::sensors::encode
