// Which parts of the window's picture differ from those that were drawn last, so that only they are
// drawn: on software Vulkan the pixels are what an interface costs.
#pragma once

#include <imgui.h>

#include <span>
#include <vector>

namespace huntsman::apps::editor {

struct DamagedRect {  // [px], right and bottom are outside
    int left = 0, top = 0, right = 0, bottom = 0;
    bool empty() const { return right <= left || bottom <= top; }
    friend bool operator==(const DamagedRect&, const DamagedRect&) = default;
};

class Damage {
  public:
    // What must be drawn for `data` to be shown in a picture of width × height where the data of
    // the last call is: a few rectangles that do not overlap much. Textures in `fresh` have other
    // content than then.
    std::vector<DamagedRect> update(const ImDrawData& data, std::span<const ImTextureID> fresh,
                                    int width, int height);
    // Nothing is drawn yet: the next call damages all.
    void reset() { known_ = false; }

  private:
    struct List {
        std::vector<ImDrawVert> vertices;
        std::vector<ImDrawIdx> indices;
        std::vector<ImDrawCmd> commands;
    };
    static List copy_of(const ImDrawList& list);
    static void compare(const List& before, const List& after, std::vector<DamagedRect>& damaged);
    static void all_of(const List& list, std::vector<DamagedRect>& damaged);

    bool known_ = false;
    int width_ = 0, height_ = 0;
    std::vector<List> lists_;
};

}  // namespace huntsman::apps::editor
