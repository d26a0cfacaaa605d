#include "engine/figure/cast_file.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <string>
#include <string_view>

#include "engine/core/files.h"

namespace huntsman::engine::figure {

using core::Error;
using core::Result;
using core::Status;
using math::Vec3;

namespace {

static_assert(std::endian::native == std::endian::little);
constexpr std::string_view kMagic = "HMFIGURE";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMostModels = 100000, kMostLevels = 8, kMostVertices = 65536,
                        kMostIndices = 3 * 200000, kMostName = 200;

class Writer {
  public:
    template <typename T>
    void put(const T& value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void put_all(const void* data, std::size_t size) {
        bytes_.append(static_cast<const char*>(data), size);
    }
    void point(const Vec3& p) {
        for (int k = 0; k < 3; ++k) put(p[k]);
    }
    const std::string& bytes() const { return bytes_; }

  private:
    std::string bytes_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}
    template <typename T>
    bool get(T& value) {
        return get_all(&value, sizeof value);
    }
    bool get_all(void* data, std::size_t size) {
        if (size > left_.size()) return false;
        if (size > 0) std::memcpy(data, left_.data(), size);
        left_.remove_prefix(size);
        return true;
    }
    bool point(Vec3& p) {
        for (int k = 0; k < 3; ++k) {
            if (!get(p[k]) || !std::isfinite(p[k])) return false;
        }
        return true;
    }
    bool count(std::uint32_t& value, std::uint32_t most) { return get(value) && value <= most; }
    bool done() const { return left_.empty(); }

  private:
    std::string_view left_;
};

void write_skeleton(Writer& out, const Skeleton& s) {
    for (const Vec3& p : s.joints) out.point(p);
    for (const Vec3& p : s.key_points) out.point(p);
    for (const auto* feet : {&s.heels, &s.balls, &s.tips}) {
        for (const Vec3& p : *feet) out.point(p);
    }
    for (const double value : {s.height_m, s.girth_rad, s.age_years}) out.put(value);
}

bool read_skeleton(Reader& in, Skeleton& s) {
    for (Vec3& p : s.joints) {
        if (!in.point(p)) return false;
    }
    for (Vec3& p : s.key_points) {
        if (!in.point(p)) return false;
    }
    for (auto* feet : {&s.heels, &s.balls, &s.tips}) {
        for (Vec3& p : *feet) {
            if (!in.point(p)) return false;
        }
    }
    for (double* value : {&s.height_m, &s.girth_rad, &s.age_years}) {
        if (!in.get(*value) || !std::isfinite(*value)) return false;
    }
    return s.height_m > 0;
}

bool sound(const Vertex& v) {
    int sum = 0;
    for (int k = 0; k < 4; ++k) {
        if (v.joints[k] >= kJointCount) return false;
        sum += v.weights[k];
    }
    for (int k = 0; k < 3; ++k) {
        if (!std::isfinite(v.p[k]) || !std::isfinite(v.n[k])) return false;
    }
    return sum == 255 && std::isfinite(v.uv[0]) && std::isfinite(v.uv[1]) &&
           v.matter < Matter::kCount && v.tint < Tint::kCount;
}

bool read_level(Reader& in, Level& level) {
    std::uint32_t vertices = 0, indices = 0;
    if (!in.get(level.error_m) || !std::isfinite(level.error_m) ||
        !in.count(vertices, kMostVertices) || !in.count(indices, kMostIndices)) {
        return false;
    }
    level.vertices.resize(vertices);
    level.indices.resize(indices);
    if (!in.get_all(level.vertices.data(), vertices * sizeof(Vertex)) ||
        !in.get_all(level.indices.data(), indices * sizeof(std::uint16_t)) || indices % 3 != 0) {
        return false;
    }
    for (const Vertex& v : level.vertices) {
        if (!sound(v)) return false;
    }
    for (const std::uint16_t i : level.indices) {
        if (i >= vertices) return false;
    }
    return true;
}

bool read_model(Reader& in, Model& model) {
    std::uint32_t name = 0, levels = 0;
    if (!in.count(name, kMostName)) return false;
    model.name.resize(name);
    if (!in.get_all(model.name.data(), name) || !read_skeleton(in, model.skeleton) ||
        !in.get(model.tints) || !in.get(model.hold) || model.hold >= Gesture::kCount ||
        !in.get(model.radius_m) || !std::isfinite(model.radius_m) ||
        !in.count(levels, kMostLevels)) {
        return false;
    }
    model.levels.resize(levels);
    for (Level& level : model.levels) {
        if (!read_level(in, level)) return false;
    }
    return levels > 0;
}

}  // namespace

Status write_cast(const std::filesystem::path& path, const std::vector<Model>& models) {
    Writer out;
    out.put_all(kMagic.data(), kMagic.size());
    out.put(kVersion);
    out.put(static_cast<std::uint32_t>(sizeof(Vertex)));
    out.put(static_cast<std::uint32_t>(models.size()));
    for (const Model& model : models) {
        out.put(static_cast<std::uint32_t>(model.name.size()));
        out.put_all(model.name.data(), model.name.size());
        write_skeleton(out, model.skeleton);
        out.put(model.tints);
        out.put(model.hold);
        out.put(model.radius_m);
        out.put(static_cast<std::uint32_t>(model.levels.size()));
        for (const Level& level : model.levels) {
            out.put(level.error_m);
            out.put(static_cast<std::uint32_t>(level.vertices.size()));
            out.put(static_cast<std::uint32_t>(level.indices.size()));
            out.put_all(level.vertices.data(), level.vertices.size() * sizeof(Vertex));
            out.put_all(level.indices.data(), level.indices.size() * sizeof(std::uint16_t));
        }
    }
    return core::write_file(path, out.bytes());
}

Result<std::vector<Model>> read_cast(const std::filesystem::path& path) {
    const auto bytes = core::read_file(path);
    if (!bytes.ok()) return bytes.error();
    return read_cast(*bytes, path);
}

Result<std::vector<Model>> read_cast(std::string_view bytes, const std::filesystem::path& path) {
    Reader in(bytes);
    std::array<char, kMagic.size()> magic{};
    std::uint32_t version = 0, size = 0, count = 0;
    if (!in.get(magic) || std::string_view(magic.data(), magic.size()) != kMagic) {
        return Error{.message = "not a file of figures", .file = path.string()};
    }
    if (!in.get(version) || version != kVersion || !in.get(size) || size != sizeof(Vertex)) {
        return Error{
            .message = fmt::format("figures of version {}, expected {}", version, kVersion),
            .file = path.string()};
    }
    if (!in.count(count, kMostModels)) {
        return Error{.message = "the file is cut short", .file = path.string()};
    }
    std::vector<Model> models;
    for (std::uint32_t k = 0; k < count; ++k) {
        models.emplace_back();
        if (!read_model(in, models.back())) {
            return Error{
                .message = fmt::format("model {} of {} is cut short or damaged", k + 1, count),
                .file = path.string()};
        }
    }
    if (!in.done()) {
        return Error{.message = "more bytes than models", .file = path.string()};
    }
    return models;
}

}  // namespace huntsman::engine::figure
