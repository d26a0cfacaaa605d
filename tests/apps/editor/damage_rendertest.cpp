// What is drawn in parts is what is drawn at once.
#include <gtest/gtest.h>
#include <imgui.h>

#include <random>

#include "apps/editor/damage.h"
#include "apps/editor/gui_renderer.h"
#include "apps/editor/theme.h"
#include "apps/editor/window.h"

namespace huntsman::apps::editor {
namespace {

constexpr int kWidth = 320, kHeight = 200;

class Drawing : public testing::Test {
  protected:
    void SetUp() override {
        ImGui::CreateContext();
        ImGui::GetIO().IniFilename = nullptr;
        ImGui::GetIO().BackendFlags |= ImGuiBackendFlags_RendererHasVtxOffset;
        ImGui::GetIO().DisplaySize = {kWidth, kHeight};
        ASSERT_TRUE(set_theme(1).ok());
    }
    void TearDown() override { ImGui::DestroyContext(); }

    // A window's picture, kept from frame to frame.
    struct Screen {
        std::unique_ptr<Window> window;
        std::unique_ptr<GuiRenderer> gui;
        static Screen open() {
            Screen screen;
            auto window = Window::create({.width = kWidth, .height = kHeight, .offscreen = true});
            EXPECT_TRUE(window.ok());
            screen.window = std::move(window.value());
            auto gui = GuiRenderer::create(screen.window->device(), screen.window->format());
            EXPECT_TRUE(gui.ok());
            screen.gui = std::move(gui.value());
            return screen;
        }
        engine::core::Image show() {
            engine::core::Image taken;
            EXPECT_TRUE(window->begin_frame().ok());
            window->capture_next([&](engine::core::Image picture) { taken = std::move(picture); });
            EXPECT_TRUE(window->draw(*gui, *ImGui::GetDrawData(), kClear).ok());
            return taken;
        }
    };
};

struct Thing {
    ImVec2 low, size;
    std::string text;
    bool picture = false;
};

engine::core::Image plain(int value) {
    engine::core::Image image{.width = 8, .height = 8, .channels = 3, .pixels = {}};
    for (int i = 0; i < 8 * 8 * 3; ++i)
        image.pixels.push_back(static_cast<std::uint8_t>(value * i));
    return image;
}

TEST_F(Drawing, InPartsGivesThePictureOfDrawingAll) {
    Screen screen = Screen::open();
    std::mt19937 random(5);
    const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
    std::vector<Thing> things;
    auto image = std::make_shared<const engine::core::Image>(plain(1));
    bool popup = false;
    for (int frame = 0; frame < 120; ++frame) {
        // A few changes a frame: something moves, appears, goes, says something else.
        for (int i = below(3); i > 0; --i) {
            const Thing thing{
                {static_cast<float>(below(kWidth)), static_cast<float>(below(kHeight))},
                {static_cast<float>(5 + below(90)), static_cast<float>(5 + below(60))},
                std::to_string(below(100000)),
                below(4) == 0};
            const auto at = things.begin() + below(static_cast<int>(things.size()) + 1);
            if (things.size() > 12 || (at != things.end() && below(2) == 0)) {
                if (at != things.end()) *at = thing;
                if (things.size() > 12) things.erase(things.begin() + below(12));
            } else {
                things.insert(at, thing);
            }
        }
        if (below(6) == 0) image = std::make_shared<const engine::core::Image>(plain(below(50)));
        if (below(9) == 0) popup = !popup;
        const auto draw = [&](GuiRenderer& gui) {
            ImGui::NewFrame();
            ImGui::SetNextWindowPos({0, 0});
            ImGui::SetNextWindowSize({kWidth, kHeight});
            ImGui::Begin("all", nullptr,
                         ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoBackground);
            ImDrawList& list = *ImGui::GetWindowDrawList();
            for (std::size_t i = 0; i < things.size(); ++i) {
                const Thing& t = things[i];
                const ImVec2 high(t.low.x + t.size.x, t.low.y + t.size.y);
                void* texture = t.picture ? gui.texture("p", image) : nullptr;
                if (texture != nullptr) {
                    list.AddImage(texture, t.low, high);
                } else {
                    list.AddRectFilled(t.low, high, IM_COL32(20 * i, 90, 255 - 20 * i, 120), 4);
                }
                list.AddText(t.low, IM_COL32_WHITE, t.text.c_str());
                list.AddLine(t.low, high, IM_COL32(255, 200, 0, 255), 1.5F);
            }
            ImGui::End();
            if (popup) {
                ImGui::SetNextWindowPos({40, 30});
                ImGui::SetNextWindowSize({120, 80});
                ImGui::Begin("popup", nullptr, ImGuiWindowFlags_NoDecoration);
                ImGui::TextUnformatted(things.empty() ? "none" : things.front().text.c_str());
                ImGui::End();
            }
            ImGui::Render();
        };
        draw(*screen.gui);
        const auto parts = screen.show();
        if (frame % 3 != 2) continue;  // parts upon parts
        // The same, told that it shows nothing.
        screen.window->resize(kWidth, kHeight);
        draw(*screen.gui);
        const auto expected = screen.show();
        ASSERT_FALSE(parts.pixels.empty());
        ASSERT_TRUE(parts.pixels == expected.pixels) << "frame " << frame;
    }
}

TEST_F(Drawing, DamagesWhatHasChangedAndNothingElse) {
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsRGBA32(&pixels, &width, &height);
    Damage damage;
    const auto draw = [&](float x, const char* text) {
        ImGui::NewFrame();
        ImGui::SetNextWindowPos({0, 0});
        ImGui::SetNextWindowSize({kWidth, kHeight});
        ImGui::Begin("all", nullptr, ImGuiWindowFlags_NoDecoration);
        ImDrawList& list = *ImGui::GetWindowDrawList();
        list.AddRectFilled({x, 20}, {x + 10, 30}, IM_COL32_WHITE);
        list.AddText({200, 150}, IM_COL32_WHITE, text);
        ImGui::End();
        ImGui::Render();
        return damage.update(*ImGui::GetDrawData(), {}, kWidth, kHeight);
    };
    for (int i = 0; i < 3; ++i) draw(20, "12.5 s");  // until the window is laid out
    EXPECT_TRUE(draw(20, "12.5 s").empty());
    const auto moved = draw(26, "12.5 s");
    ASSERT_EQ(moved.size(), 1U);
    EXPECT_EQ(moved.front(), (DamagedRect{20, 20, 36, 30}));
    const auto said = draw(26, "12.6 s");
    ASSERT_EQ(said.size(), 1U);
    EXPECT_GT(said.front().left, 200);
    EXPECT_LT(said.front().right - said.front().left, 20);
    EXPECT_GE(said.front().top, 150);
    const auto both = draw(90, "99.9 s");
    EXPECT_EQ(both.size(), 3U);  // where it was, where it is, the text
    // Another size is another picture.
    EXPECT_EQ(damage.update(*ImGui::GetDrawData(), {}, kWidth, 100),
              (std::vector{DamagedRect{0, 0, kWidth, 100}}));
}

}  // namespace
}  // namespace huntsman::apps::editor
