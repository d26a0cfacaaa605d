#include "engine/import/files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <vector>

namespace huntsman::engine::import {

namespace fs = std::filesystem;
using core::Error;
using core::Result;

std::optional<std::string> inner_name(std::string_view name) {
    std::string plain(name);
    std::replace(plain.begin(), plain.end(), '\\', '/');
    const bool drive = plain.size() > 1 && plain[1] == ':';
    if (plain.empty() || plain.front() == '/' || drive) return std::nullopt;
    std::vector<std::string> steps;
    std::string step;
    for (const char c : plain + '/') {
        if (static_cast<unsigned char>(c) < 32) return std::nullopt;
        if (c != '/') {
            step += c;
            continue;
        }
        if (step == "..") {
            if (steps.empty()) return std::nullopt;
            steps.pop_back();
        } else if (!step.empty() && step != ".") {
            steps.push_back(step);
        }
        step.clear();
    }
    if (steps.empty()) return std::nullopt;
    std::string inner = steps.front();
    for (std::size_t i = 1; i < steps.size(); ++i) inner += '/' + steps[i];
    return inner;
}

Result<Files> Files::of_file(const fs::path& path) {
    std::error_code failed;
    const fs::path folder = fs::canonical(path, failed).parent_path();
    if (failed || !fs::is_regular_file(path, failed)) {
        return Error{.message = "cannot be opened, expected a model's file", .file = path.string()};
    }
    Files files;
    files.main_ = fs::canonical(path).filename().string();
    files.label_ = path.string();
    files.folder_ = folder;
    return files;
}

Result<Files> Files::of_member(const fs::path& archive, const std::string& member) {
    HM_TAKE(ZipArchive opened, ZipArchive::open(archive));
    const auto inner = inner_name(member);
    if (!inner || opened.find(*inner) == nullptr) {
        return Error{.message = fmt::format("has no member {}", member), .file = archive.string()};
    }
    Files files;
    const std::size_t slash = inner->rfind('/');
    files.prefix_ = slash == std::string::npos ? "" : inner->substr(0, slash + 1);
    files.main_ = inner->substr(files.prefix_.size());
    files.label_ = archive.string() + ": " + *inner;
    files.archive_ = std::make_shared<const ZipArchive>(std::move(opened));
    return files;
}

Files Files::of_memory(std::string name, std::string content) {
    Files files;
    files.main_ = files.label_ = std::move(name);
    files.content_ = std::make_shared<const std::string>(std::move(content));
    return files;
}

Result<std::string> Files::read(std::string_view name) const {
    const auto inner = inner_name(name);
    if (!inner) {
        return Error{.message = fmt::format("the name '{}' leads out of the model's folder", name),
                     .file = label_};
    }
    const auto missing = [&] {
        return Error{.message = fmt::format("has no file {} in its folder", *inner),
                     .file = label_};
    };
    if (content_) {
        if (*inner != main_) return missing();
        return *content_;
    }
    if (archive_) {
        const ZipArchive::Member* member = archive_->find(prefix_ + *inner);
        if (member == nullptr) return missing();
        return archive_->read(*member, kMostFileBytes);
    }
    std::error_code failed;
    const fs::path path = fs::canonical(folder_ / *inner, failed);
    if (failed || !fs::is_regular_file(path, failed)) return missing();
    const auto ends = std::mismatch(folder_.begin(), folder_.end(), path.begin(), path.end());
    if (ends.first != folder_.end()) {
        return Error{.message = fmt::format("the file {} is a link that leads out of the model's "
                                            "folder",
                                            *inner),
                     .file = label_};
    }
    const std::uint64_t size = fs::file_size(path, failed);
    if (failed || size > kMostFileBytes) {
        return Error{
            .message = fmt::format("the file {} has more than {} bytes", *inner, kMostFileBytes),
            .file = label_};
    }
    std::ifstream file(path, std::ios::binary);
    std::string content(size, '\0');
    file.read(content.data(), static_cast<std::streamsize>(size));
    content.resize(static_cast<std::size_t>(file.gcount()));
    return content;
}

bool Files::has(std::string_view name) const {
    const auto inner = inner_name(name);
    if (!inner) return false;
    if (content_) return *inner == main_;
    if (archive_) return archive_->find(prefix_ + *inner) != nullptr;
    std::error_code failed;
    return fs::is_regular_file(folder_ / *inner, failed);
}

}  // namespace huntsman::engine::import
