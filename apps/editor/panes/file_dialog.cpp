// The file dialog.
#include <algorithm>
#include <array>
#include <tuple>

#include "apps/editor/ui.h"

namespace huntsman::apps::editor {

namespace fs = std::filesystem;

namespace {

bool takes(const FileDialog& dialog, const fs::path& path) {
    if (dialog.filter.empty()) return true;
    const std::string ending = path.extension().string();
    return !ending.empty() && (dialog.filter + " ").find(ending + " ") != std::string::npos;
}

struct Entry {
    std::string name;
    bool folder = false;
    std::uintmax_t bytes = 0;
};

std::vector<Entry> entries_of(FileDialog& dialog) {
    std::vector<Entry> entries;
    std::error_code error;
    for (fs::directory_iterator it(dialog.folder, error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (name.starts_with(".")) continue;
        std::error_code ignored;
        const bool folder = it->is_directory(ignored);
        if (!folder && !takes(dialog, it->path())) continue;
        entries.push_back({name, folder, folder ? 0 : it->file_size(ignored)});
    }
    dialog.error = error ? fmt::format("{}: {}", dialog.folder.string(), error.message()) : "";
    std::ranges::sort(entries, [](const Entry& a, const Entry& b) {
        return std::tie(b.folder, a.name) < std::tie(a.folder, b.name);
    });
    return entries;
}

void finish(FileDialog& dialog, fs::path path) {
    if (dialog.saves && path.extension().empty() && !dialog.filter.empty()) {
        path += dialog.filter.substr(0, dialog.filter.find(' '));
    }
    std::error_code ignored;
    if (dialog.saves && fs::exists(path, ignored) && !dialog.confirms) {
        dialog.confirms = true;
        return;
    }
    dialog.open = false;
    // A copy: what is called may open the dialog again.
    const auto chosen = dialog.chosen;
    chosen(path);
}

void go_to(FileDialog& dialog, const fs::path& folder) {
    std::error_code ignored;
    dialog.folder = fs::weakly_canonical(folder, ignored);
    dialog.confirms = false;
}

void draw_crumbs(Ui& ui, FileDialog& dialog) {
    fs::path so_far;
    int index = 0;
    const fs::path folder = dialog.folder;
    for (const fs::path& part : folder) {
        so_far /= part;
        if (index > 1) {
            ImGui::SameLine(0, ui.px(2));
            ImGui::TextColored(colour::kFaint, "/");
        }
        if (index > 0) ImGui::SameLine(0, ui.px(2));
        if (ImGui::SmallButton(fmt::format("{}##crumb {}", part.string(), index).c_str())) {
            go_to(dialog, so_far);
        }
        ++index;
    }
}

void draw_entries(Ui& ui, FileDialog& dialog, std::array<char, 512>& name) {
    const float height =
        ImGui::GetContentRegionAvail().y - 2 * ImGui::GetFrameHeightWithSpacing() - ui.px(8);
    ImGui::BeginChild("entries", ImVec2(0, std::max(ui.px(60), height)), true);
    if (ImGui::Selectable(fmt::format("{}  ..", icon::kFolder).c_str())) {
        go_to(dialog, dialog.folder.parent_path());
    }
    const auto entries = entries_of(dialog);
    for (const Entry& entry : entries) {
        const char* sign = entry.folder ? icon::kFolder : icon::kFile;
        if (ImGui::Selectable(fmt::format("{}  {}", sign, entry.name).c_str(),
                              entry.name == name.data(), ImGuiSelectableFlags_AllowDoubleClick)) {
            if (entry.folder) {
                // A run's folder is opened as a run.
                const fs::path folder = dialog.folder / entry.name;
                std::error_code ignored;
                if (!dialog.saves && fs::exists(folder / "recording.hmr", ignored) &&
                    dialog.filter.find(".hmr") != std::string::npos) {
                    finish(dialog, folder);
                } else {
                    go_to(dialog, folder);
                }
            } else {
                std::fill(name.begin(), name.end(), '\0');
                std::copy_n(entry.name.begin(), std::min(entry.name.size(), name.size() - 1),
                            name.begin());
                dialog.confirms = false;
                if (ImGui::IsMouseDoubleClicked(0) && !dialog.saves) {
                    finish(dialog, dialog.folder / entry.name);
                }
            }
        }
        ui.mark("file:" + entry.name);
        if (!entry.folder) {
            ImGui::SameLine(ImGui::GetContentRegionMax().x - ui.px(80));
            ImGui::TextColored(colour::kFaint, "%.1f kB", static_cast<double>(entry.bytes) / 1e3);
        }
    }
    if (entries.empty() && dialog.error.empty()) {
        ImGui::TextColored(colour::kFaint, "No %s files here", dialog.filter.c_str());
    }
    if (!dialog.error.empty()) ImGui::TextColored(colour::kError, "%s", dialog.error.c_str());
    ImGui::EndChild();
}

}  // namespace

void ask_for_file(Ui& ui, const char* title, const char* filter, bool saves,
                  std::function<void(const fs::path&)> chosen) {
    FileDialog dialog;
    dialog.open = dialog.fresh = true;
    dialog.title = title;
    dialog.filter = filter;
    dialog.saves = saves;
    dialog.chosen = std::move(chosen);
    dialog.folder = ui.files.folder;
    if (dialog.folder.empty()) {
        std::error_code ignored;
        dialog.folder =
            ui.editor.path().empty() ? fs::current_path(ignored) : ui.editor.path().parent_path();
    }
    if (saves) {
        dialog.name = ui.editor.path().empty() ? ui.editor.draft().scenario.name
                                               : ui.editor.path().stem().string();
    }
    ui.files = std::move(dialog);
}

void ask_where_to_save(Ui& ui) {
    ask_for_file(ui, "Save as", ".json .xosc", true, [&ui](const fs::path& path) {
        ui.act({{"do", "save"}, {"path", path.string()}});
    });
}

void draw_file_dialog(Ui& ui) {
    FileDialog& dialog = ui.files;
    static std::array<char, 512> name{};
    if (dialog.open && dialog.fresh) {
        ImGui::OpenPopup("file dialog");
        std::fill(name.begin(), name.end(), '\0');
        std::copy_n(dialog.name.begin(), std::min(dialog.name.size(), name.size() - 1),
                    name.begin());
        dialog.fresh = false;
    }
    centre_next_window(ui, 640, 460);
    if (!ImGui::BeginPopupModal(
            "file dialog", nullptr,
            kDialogFlags | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize)) {
        return;
    }
    heading(ui, dialog.title.c_str());
    draw_crumbs(ui, dialog);
    draw_entries(ui, dialog, name);
    ImGui::SetNextItemWidth(-FLT_MIN);
    const bool enter = ImGui::InputTextWithHint("##file name", "Name or path", name.data(),
                                                name.size(), ImGuiInputTextFlags_EnterReturnsTrue);
    if (ImGui::IsItemEdited()) dialog.confirms = false;
    ui.mark("file name");
    const bool given = name[0] != '\0';
    const char* verb = dialog.confirms ? "Replace it" : dialog.saves ? "Save" : "Open";
    ImGui::BeginDisabled(!given);
    const bool clicked = ImGui::Button(verb, ImVec2(ui.px(110), 0));
    ImGui::EndDisabled();
    ui.mark("file ok");
    ImGui::SameLine();
    const bool cancelled = ImGui::Button("Cancel", ImVec2(ui.px(110), 0)) || escape_pressed();
    ui.mark("file cancel");
    if (dialog.confirms) {
        ImGui::SameLine();
        ImGui::TextColored(colour::kWarning, "There is a file of this name.");
    }
    if ((clicked || enter) && given) {
        const fs::path typed(name.data());
        const fs::path path = typed.is_absolute() ? typed : dialog.folder / typed;
        std::error_code ignored;
        if (fs::is_directory(path, ignored) && !fs::exists(path / "recording.hmr", ignored)) {
            go_to(dialog, path);
            name = {};
        } else {
            finish(dialog, path);
        }
    }
    if (cancelled) dialog.open = false;
    if (!dialog.open) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
}

}  // namespace huntsman::apps::editor
