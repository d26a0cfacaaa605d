// Pictures of the kinds of actors for the palette: rendered once in the background, then kept as
// files.
#pragma once

#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "engine/core/image.h"

namespace huntsman::apps::editor {

class KindPictures {
  public:
    // Files lie in a folder of `state_folder` that is named after what they show.
    explicit KindPictures(std::filesystem::path state_folder);
    ~KindPictures();

    // Those that have come since the last call, by the kind's name.
    std::map<std::string, std::shared_ptr<const engine::core::Image>> take();

  private:
    void work();
    bool read();
    void render();
    void publish(const std::string& kind, engine::core::Image image);

    std::filesystem::path folder_;
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<const engine::core::Image>> made_;
    std::atomic<bool> stop_{false};
    std::thread thread_;
};

}  // namespace huntsman::apps::editor
