// The browser of failures: of a catalogue and of results files, by what they have in common, as
// rows or as pictures.
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <future>

#include "apps/editor/ui.h"
#include "bridge/failures/table.h"
#include "engine/core/files.h"
#include "sensors/encode/image_file.h"

namespace huntsman::apps::editor {

using engine::core::Image;
using engine::core::Result;
using nlohmann::json;
namespace failures = bridge::failures;
namespace fs = std::filesystem;

namespace {

using Listed = std::vector<failures::ListedFailure>;

constexpr int kMostReading = 2;  // pictures at once

template <typename T>
bool is_there(const std::future<T>& future) {
    return future.valid() && future.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

Image read_picture(const fs::path& path) {
    const auto bytes = engine::core::read_file(path);
    if (!bytes.ok()) return {};
    auto image = path.extension() == ".png" ? sensors::encode::decode_png(bytes.value())
                                            : sensors::encode::decode_jpeg(bytes.value());
    return image.ok() ? std::move(image.value()) : Image{};
}

}  // namespace

struct FailureBrowser {
    std::vector<fs::path> files;
    std::future<Result<Listed>> reading;
    bool wanted = false;  // to be read, once more
    Listed rows;
    failures::TableColumns columns;
    std::vector<std::pair<std::string, std::size_t>> clusters;  // the largest first
    std::string error;
    failures::TableFilter filter, shown_for;
    Listed shown;  // those that pass `shown_for`
    bool fresh = false;
    std::array<char, 96> text{};
    bool pictures = false;
    std::map<fs::path, std::future<Image>> decoding;
    std::map<fs::path, std::shared_ptr<const Image>> decoded;

    void read() { wanted = true; }
    void take() {
        if (is_there(reading)) {
            auto listed = reading.get();
            rows.clear();
            error.clear();
            if (listed.ok()) {
                rows = std::move(listed.value());
            } else {
                error = listed.error().text();
            }
            columns = failures::columns_of(rows);
            std::map<std::string, std::size_t> sizes;
            for (const auto& row : rows) sizes[row.cluster] = row.cluster_size;
            clusters.assign(sizes.begin(), sizes.end());
            std::ranges::stable_sort(clusters, std::greater<>(),
                                     &std::pair<std::string, std::size_t>::second);
            decoded.clear();
            fresh = true;
        }
        // Another reading waits for the one that goes on, not the screen.
        if (wanted && !reading.valid()) {
            wanted = false;
            reading = std::async(std::launch::async,
                                 [files = files] { return failures::list_failures(files); });
        }
        for (auto at = decoding.begin(); at != decoding.end();) {
            if (is_there(at->second)) {
                decoded[at->first] = std::make_shared<Image>(at->second.get());
                at = decoding.erase(at);
            } else {
                ++at;
            }
        }
    }
    // Null while it is read, and where it cannot be.
    std::shared_ptr<const Image> picture(const fs::path& path) {
        if (path.empty()) return nullptr;
        if (const auto found = decoded.find(path); found != decoded.end()) return found->second;
        if (!decoding.contains(path) && static_cast<int>(decoding.size()) < kMostReading) {
            decoding[path] = std::async(std::launch::async, [path] { return read_picture(path); });
        }
        return nullptr;
    }
};

namespace {

FailureBrowser& browser(Ui& ui) {
    if (!ui.failures) {
        ui.failures = std::make_shared<FailureBrowser>();
        const fs::path catalogue = ui.editor.settings().catalogue.empty()
                                       ? fs::path("runs/failures.db")
                                       : ui.editor.settings().catalogue;
        std::error_code ignored;
        if (fs::exists(catalogue, ignored)) ui.failures->files = {catalogue};
        ui.failures->read();
    }
    ui.failures->take();
    return *ui.failures;
}

// "near miss, car"; a collision names the other already.
std::string title_of(const failures::ListedFailure& row) {
    const bool named = row.other.empty() || row.kind.find(row.other) != std::string::npos;
    return named ? spaced(row.kind) : spaced(row.kind) + ", " + spaced(row.other);
}

void choice(Ui& ui, const char* label, std::string& chosen, const std::vector<std::string>& all) {
    ImGui::SetNextItemWidth(ui.px(120));
    if (ImGui::BeginCombo(fmt::format("##{}", label).c_str(),
                          chosen.empty() ? label : spaced(chosen).c_str())) {
        if (ImGui::Selectable(label, chosen.empty())) chosen.clear();
        for (const auto& one : all) {
            if (ImGui::Selectable(spaced(one).c_str(), chosen == one)) chosen = one;
        }
        ImGui::EndCombo();
    }
    ui.mark(label);
    ImGui::SameLine();
}

void draw_filters(Ui& ui, FailureBrowser& from) {
    ImGui::SetNextItemWidth(ui.px(170));
    ImGui::InputTextWithHint("##search failures", fmt::format("{}  Search", icon::kSearch).c_str(),
                             from.text.data(), from.text.size());
    ui.mark("search failures");
    from.filter.text = from.text.data();
    ImGui::SameLine();
    choice(ui, "All kinds", from.filter.kind, from.columns.kinds);
    choice(ui, "All drivers", from.filter.driver, from.columns.drivers);
    choice(ui, "All scenarios", from.filter.scenario, from.columns.scenarios);
    choice(ui, "All conditions", from.filter.tag, from.columns.tags);
    if (icon_button(ui, icon::kList, "failure rows", "As rows", !from.pictures)) {
        from.pictures = false;
    }
    ImGui::SameLine(0, ui.px(2));
    if (icon_button(ui, icon::kGrid, "failure pictures", "As pictures", from.pictures)) {
        from.pictures = true;
    }
    ImGui::SameLine();
    if (ImGui::Button("Open file…")) {
        ask_for_file(ui, "Choose a failure catalogue or a results file", ".db .sqlite", false,
                     [&from](const fs::path& path) {
                         from.files = {path};
                         from.filter = {};
                         from.read();
                     });
    }
    ui.mark("choose catalogue");
    ImGui::SameLine();
    if (icon_button(ui, icon::kReset, "read failures", "Read the file again")) from.read();
}

json opening(const failures::ListedFailure& row) {
    if (row.source == failures::ListedFailure::Source::kResults) {
        return {{"do", "open_failure"},
                {"results", row.file.string()},
                {"id", row.id},
                {"time_s", row.time_s}};
    }
    return {{"do", "open_failure"},
            {"catalogue", row.file.string()},
            {"id", std::atoll(row.id.c_str())}};
}

void open_row(Ui& ui, const failures::ListedFailure& row, bool keeps) {
    unless_unsaved(ui, "open the failure", [&ui, action = opening(row), keeps] {
        if (ui.act(action) && keeps) ask_where_to_save_case(ui);
    });
}

// What the last item, a row or a picture, does with the pointer.
void use_row(Ui& ui, FailureBrowser& from, const failures::ListedFailure& row, bool enlarges) {
    if (ImGui::BeginPopupContextItem(row.id.c_str())) {
        if (ImGui::MenuItem("Open its moment")) open_row(ui, row, false);
        if (ImGui::MenuItem("Save as regression case…")) open_row(ui, row, true);
        if (!row.command.empty() && ImGui::MenuItem("Copy the command that shows it")) {
            ImGui::SetClipboardText(row.command.c_str());
        }
        ImGui::EndPopup();
    }
    if (!ImGui::IsItemHovered()) return;
    if (ImGui::IsMouseDoubleClicked(ImGuiMouseButton_Left)) open_row(ui, row, false);
    ImGui::BeginTooltip();
    if (!row.reason.empty()) ImGui::TextUnformatted(row.reason.c_str());
    ImGui::TextColored(colour::kFaint, "%s", row.cluster.c_str());
    if (!row.tags.empty()) {
        ImGui::TextColored(colour::kFaint, "%s",
                           fmt::format("{}", fmt::join(row.tags, ", ")).c_str());
    }
    const auto image = enlarges ? from.picture(row.picture) : nullptr;
    if (void* texture = image ? ui.gui->texture("failure picture", image) : nullptr) {
        const float width = ui.px(420);
        ImGui::Image(texture, ImVec2(width, width * static_cast<float>(image->height) /
                                                static_cast<float>(image->width)));
    }
    ImGui::EndTooltip();
}

void draw_clusters(Ui& ui, FailureBrowser& from) {
    if (ImGui::Selectable(fmt::format("All ({})", from.rows.size()).c_str(),
                          from.filter.cluster.empty())) {
        from.filter.cluster.clear();
    }
    ui.mark("cluster:all");
    for (const auto& [cluster, size] : from.clusters) {
        if (ImGui::Selectable(fmt::format("{} ({})", spaced(cluster), size).c_str(),
                              from.filter.cluster == cluster)) {
            from.filter.cluster = cluster;
        }
        ui.mark("cluster:" + cluster);
        tooltip(spaced(cluster).c_str());
    }
}

void draw_rows(Ui& ui, FailureBrowser& from, const Listed& shown) {
    const ImGuiTableFlags flags = ImGuiTableFlags_RowBg | ImGuiTableFlags_ScrollY |
                                  ImGuiTableFlags_Resizable | ImGuiTableFlags_SizingStretchProp;
    if (!ImGui::BeginTable("failures", 8, flags)) return;
    ImGui::TableSetupScrollFreeze(0, 1);
    for (const char* column :
         {"What", "With", "Scenario", "Place", "Seed", "Driver", "Time", "Conditions"}) {
        ImGui::TableSetupColumn(column);
    }
    ImGui::TableHeadersRow();
    ImGuiListClipper clipper;
    clipper.Begin(static_cast<int>(shown.size()));
    while (clipper.Step()) {
        for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
            const auto& row = shown[static_cast<std::size_t>(i)];
            ImGui::TableNextRow();
            ImGui::TableNextColumn();
            ImGui::Selectable(
                fmt::format("{}##{} {}", spaced(row.kind), row.id, i).c_str(), false,
                ImGuiSelectableFlags_SpanAllColumns | ImGuiSelectableFlags_AllowDoubleClick);
            ui.mark("failure:" + row.id);
            use_row(ui, from, row, true);
            const std::string cells[] = {spaced(row.other),
                                         row.scenario,
                                         spaced(row.place),
                                         std::to_string(row.seed),
                                         row.driver,
                                         fmt::format("{:.1f} s", row.time_s),
                                         fmt::format("{}", fmt::join(row.tags, ", "))};
            for (const auto& cell : cells) {
                ImGui::TableNextColumn();
                ImGui::TextUnformatted(cell.c_str());
            }
        }
    }
    ImGui::EndTable();
}

void draw_pictures(Ui& ui, FailureBrowser& from, const Listed& shown) {
    ImGui::BeginChild("failure pictures");
    const float width = ui.px(172), height = ui.px(108), gap = ui.px(6);
    const int columns =
        std::max(1, static_cast<int>((ImGui::GetContentRegionAvail().x + gap) / (width + gap)));
    const int lines = (static_cast<int>(shown.size()) + columns - 1) / columns;
    const float line = height + ui.px(20) + gap;
    ImDrawList& list = *ImGui::GetWindowDrawList();
    ImGuiListClipper clipper;
    clipper.Begin(lines, line);
    while (clipper.Step()) {
        for (int i = clipper.DisplayStart * columns;
             i < std::min(clipper.DisplayEnd * columns, static_cast<int>(shown.size())); ++i) {
            const auto& row = shown[static_cast<std::size_t>(i)];
            if (i % columns > 0) ImGui::SameLine(0, gap);
            const ImVec2 low = ImGui::GetCursorScreenPos();
            ImGui::InvisibleButton(fmt::format("{} {}", row.id, i).c_str(),
                                   ImVec2(width, line - gap));
            ui.mark("failure:" + row.id);
            const bool hovered = ImGui::IsItemHovered();
            const ImVec2 high(low.x + width, low.y + height);
            list.AddRectFilled(low, high, IM_COL32(255, 255, 255, 10), ui.px(3));
            const auto image = from.picture(row.picture);
            void* texture =
                image && image->width > 0 ? ui.gui->texture("failure " + row.id, image) : nullptr;
            if (texture != nullptr) {
                list.AddImageRounded(texture, low, high, ImVec2(0, 0), ImVec2(1, 1), IM_COL32_WHITE,
                                     ui.px(3));
            } else {
                const char* words = row.picture.empty() ? "no picture" : "…";
                const ImVec2 extent = ImGui::CalcTextSize(words);
                list.AddText(
                    ImVec2(low.x + 0.5F * (width - extent.x), low.y + 0.5F * (height - extent.y)),
                    colour::packed(colour::kFaint), words);
            }
            if (hovered) list.AddRect(low, high, colour::packed(colour::kAccent), ui.px(3));
            list.PushClipRect(low, ImVec2(high.x, low.y + line), true);
            list.AddText(ImVec2(low.x + ui.px(2), high.y + ui.px(2)), colour::packed(colour::kText),
                         title_of(row).c_str());
            list.PopClipRect();
            use_row(ui, from, row, false);
        }
    }
    ImGui::EndChild();
}

}  // namespace

void draw_failures(Ui& ui) {
    FailureBrowser& from = browser(ui);
    draw_filters(ui, from);
    if (from.reading.valid()) {
        empty_state(ui, "Reading…");
        return;
    }
    if (!from.error.empty() || from.rows.empty()) {
        empty_state(ui, "No failures collected here yet",
                    from.error.empty() ? "Runs add theirs to the catalogue beside their folder; "
                                         "hunts and suites write results files."
                                       : from.error.c_str());
        return;
    }
    ImGui::BeginChild("clusters", ImVec2(ui.px(230), 0));
    draw_clusters(ui, from);
    ImGui::EndChild();
    ImGui::SameLine();
    ImGui::BeginChild("failure list");
    if (std::exchange(from.fresh, false) || !(from.shown_for == from.filter)) {
        from.shown = failures::filtered(from.rows, from.filter);
        from.shown_for = from.filter;
    }
    const Listed& shown = from.shown;
    if (shown.empty()) {
        empty_state(ui, "None fits the filters");
    } else if (from.pictures) {
        draw_pictures(ui, from, shown);
    } else {
        draw_rows(ui, from, shown);
    }
    ImGui::EndChild();
}

}  // namespace huntsman::apps::editor
