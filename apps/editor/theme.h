// Fonts, icons and colours of the editor.
#pragma once

#include <imgui.h>

#include "engine/core/result.h"

namespace huntsman::apps::editor {

// Glyphs of Font Awesome 4.7, which is merged into the text fonts.
namespace icon {
constexpr const char* kAdd = "\uf067";
constexpr const char* kBug = "\uf188";
constexpr const char* kCar = "\uf1b9";
constexpr const char* kBicycle = "\uf206";
constexpr const char* kBus = "\uf207";
constexpr const char* kTruck = "\uf0d1";
constexpr const char* kMotorcycle = "\uf21c";
constexpr const char* kPerson = "\uf183";
constexpr const char* kChild = "\uf1ae";
constexpr const char* kObject = "\uf1b2";
constexpr const char* kCheck = "\uf00c";
constexpr const char* kClock = "\uf017";
constexpr const char* kError = "\uf057";
constexpr const char* kEye = "\uf06e";
constexpr const char* kFile = "\uf016";
constexpr const char* kFlag = "\uf11e";
constexpr const char* kFolder = "\uf07b";
constexpr const char* kFork = "\uf126";
constexpr const char* kGamepad = "\uf11b";
constexpr const char* kGrid = "\uf009";
constexpr const char* kInfo = "\uf05a";
constexpr const char* kList = "\uf03a";
constexpr const char* kMagnet = "\uf076";
constexpr const char* kMap = "\uf279";
constexpr const char* kPause = "\uf04c";
constexpr const char* kPencil = "\uf040";
constexpr const char* kPlay = "\uf04b";
constexpr const char* kPointer = "\uf245";
constexpr const char* kReset = "\uf0e2";
constexpr const char* kRoute = "\uf277";
constexpr const char* kSearch = "\uf002";
constexpr const char* kSignal = "\uf0e8";
constexpr const char* kSliders = "\uf1de";
constexpr const char* kStart = "\uf048";
constexpr const char* kStepBack = "\uf049";
constexpr const char* kStep = "\uf051";
constexpr const char* kSun = "\uf185";
constexpr const char* kTrash = "\uf014";
constexpr const char* kUndo = "\uf0e2";
constexpr const char* kWarning = "\uf071";
}  // namespace icon

namespace colour {
inline const ImVec4 kText{0.90F, 0.91F, 0.92F, 1};
inline const ImVec4 kFaint{0.62F, 0.65F, 0.68F, 1};
inline const ImVec4 kAccent{0.98F, 0.62F, 0.15F, 1};  // what is selected or runs
inline const ImVec4 kEgo{0.26F, 0.67F, 0.98F, 1};
inline const ImVec4 kStory{0.98F, 0.62F, 0.15F, 1};
inline const ImVec4 kTraffic{0.62F, 0.66F, 0.70F, 1};
inline const ImVec4 kPeople{0.55F, 0.80F, 0.45F, 1};
inline const ImVec4 kGood{0.42F, 0.78F, 0.45F, 1};
inline const ImVec4 kError{0.96F, 0.39F, 0.36F, 1};
inline const ImVec4 kWarning{0.96F, 0.78F, 0.30F, 1};
inline const ImVec4 kOther{0.78F, 0.55F, 0.96F, 1};  // the second of two futures
inline const ImVec4 kSignalRed{0.94F, 0.31F, 0.27F, 1};
inline const ImVec4 kSignalYellow{0.96F, 0.78F, 0.27F, 1};
inline const ImVec4 kSignalGreen{0.35F, 0.80F, 0.39F, 1};
inline ImU32 packed(const ImVec4& c, float alpha = 1) {
    return ImGui::ColorConvertFloat4ToU32({c.x, c.y, c.z, c.w * alpha});
}
}  // namespace colour

constexpr float kClear[3] = {0.115F, 0.121F, 0.129F};

struct Fonts {
    ImFont* text = nullptr;
    ImFont* bold = nullptr;
    ImFont* small = nullptr;
};

// Adds the fonts to the current context and sets its style, for so many pixels a unit. Without the
// font files (Debian's fonts-inter, fonts-font-awesome) ImGui's own font is taken and the result is
// an error that names the packages; the editor is usable all the same.
engine::core::Result<Fonts> set_theme(float scale);

}  // namespace huntsman::apps::editor
