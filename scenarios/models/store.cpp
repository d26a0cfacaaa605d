#include "scenarios/models/store.h"

#include <fmt/format.h>
#include <meshoptimizer.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/core/hash.h"
#include "scenarios/models/texture.h"

namespace huntsman::scenarios::models {

using engine::core::Error;
using engine::core::Result;
using engine::world::Mesh;
using engine::world::MeshLod;
using engine::world::Submesh;
using engine::world::Vertex;

namespace {

constexpr char kMagic[] = "HMMODEL2";
constexpr std::size_t kMagicBytes = 8;
constexpr std::uint32_t kMostItems = 1'000'000;  // of any list; more is damage

// 32 bytes of a vertex.
struct Short {
    float p[3];
    float uv[2];
    std::int16_t n[3];
    std::uint16_t colour[3];  // IEEE half
};
static_assert(sizeof(Short) == 32);

constexpr float kUnit = 32767;

// Colours are not negative, and none is infinite; what is too small for a normal number is 0.
float half_to_float(std::uint16_t half) {
    constexpr std::uint32_t kLeastNormal = 1U << 10, kShift = 13, kBias = (127U - 15U) << 23;
    const std::uint32_t magnitude = half & 0x7fffU;
    return magnitude < kLeastNormal ? 0 : std::bit_cast<float>((magnitude << kShift) + kBias);
}

Short shorten(const Vertex& v) {
    Short s{};
    std::copy(std::begin(v.p), std::end(v.p), s.p);
    std::copy(std::begin(v.uv), std::end(v.uv), s.uv);
    for (int k = 0; k < 3; ++k) {
        s.n[k] = static_cast<std::int16_t>(std::lround(kUnit * std::clamp(v.n[k], -1.0F, 1.0F)));
        s.colour[k] = meshopt_quantizeHalf(v.colour[k]);
    }
    return s;
}

Vertex lengthen(const Short& s) {
    Vertex v;
    std::copy(std::begin(s.p), std::end(s.p), v.p);
    std::copy(std::begin(s.uv), std::end(s.uv), v.uv);
    float length = 0;
    for (int k = 0; k < 3; ++k) {
        v.n[k] = static_cast<float>(s.n[k]);
        length += v.n[k] * v.n[k];
        v.colour[k] = half_to_float(s.colour[k]);
    }
    length = std::sqrt(length);
    for (float& x : v.n) x = length > 0 ? x / length : 0;
    return v;
}

class Writer {
  public:
    template <typename T>
    void put(T value) {
        static_assert(std::is_arithmetic_v<T>);
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    void text(std::string_view text) {
        put(static_cast<std::uint32_t>(text.size()));
        bytes_ += text;
    }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : left_(bytes) {}
    template <typename T>
    T get() {
        T value{};
        const std::string_view from = bytes(sizeof value);
        if (from.size() == sizeof value) std::memcpy(&value, from.data(), sizeof value);
        return value;
    }
    std::uint32_t count() {
        const auto number = get<std::uint32_t>();
        if (number > kMostItems) ok_ = false;
        return ok_ ? number : 0;
    }
    std::string_view bytes(std::size_t size) {
        if (size > left_.size()) ok_ = false;
        if (!ok_) return {};
        const std::string_view taken = left_.substr(0, size);
        left_.remove_prefix(size);
        return taken;
    }
    std::string_view text() { return bytes(get<std::uint32_t>()); }
    bool ok() const { return ok_; }
    void fail() { ok_ = false; }

  private:
    std::string_view left_;
    bool ok_ = true;
};

void write_lod(const MeshLod& source, Writer& to) {
    // In the order in which triangles use them, which packs well.
    MeshLod lod = source;
    for (const Submesh& s : lod.submeshes) {
        meshopt_optimizeVertexCache(lod.indices.data() + s.first_index,
                                    lod.indices.data() + s.first_index, s.index_count,
                                    lod.vertices.size());
    }
    std::vector<Short> vertices(lod.vertices.size());
    std::transform(lod.vertices.begin(), lod.vertices.end(), vertices.begin(), shorten);
    vertices.resize(meshopt_optimizeVertexFetch(vertices.data(), lod.indices.data(),
                                                lod.indices.size(), vertices.data(),
                                                vertices.size(), sizeof(Short)));
    to.put(lod.error_m);
    to.put(static_cast<std::uint32_t>(lod.submeshes.size()));
    for (const Submesh& s : lod.submeshes) {
        to.put(static_cast<std::uint8_t>(s.material));
        to.put(static_cast<std::uint8_t>(s.lamp));
        to.put(static_cast<std::uint8_t>(s.semantic));
        to.put(s.first_index);
        to.put(s.index_count);
        to.put(s.picture);
    }
    const auto packed = [&to](std::vector<unsigned char>& buffer, std::size_t size) {
        to.text({reinterpret_cast<const char*>(buffer.data()), size});
    };
    to.put(static_cast<std::uint32_t>(vertices.size()));
    std::vector<unsigned char> buffer(
        meshopt_encodeVertexBufferBound(vertices.size(), sizeof(Short)));
    packed(buffer, meshopt_encodeVertexBuffer(buffer.data(), buffer.size(), vertices.data(),
                                              vertices.size(), sizeof(Short)));
    to.put(static_cast<std::uint32_t>(lod.indices.size()));
    buffer.resize(meshopt_encodeIndexBufferBound(lod.indices.size(), vertices.size()));
    packed(buffer, meshopt_encodeIndexBuffer(buffer.data(), buffer.size(), lod.indices.data(),
                                             lod.indices.size()));
}

MeshLod read_lod(Reader& from) {
    MeshLod lod;
    lod.error_m = from.get<float>();
    lod.submeshes.resize(from.count());
    for (Submesh& s : lod.submeshes) {
        const auto material = from.get<std::uint8_t>(), lamp = from.get<std::uint8_t>();
        if (material >= static_cast<int>(engine::world::Material::kCount) ||
            lamp >= static_cast<int>(engine::world::Lamp::kCount)) {
            from.fail();
        }
        s.material = static_cast<engine::world::Material>(material);
        s.lamp = static_cast<engine::world::Lamp>(lamp);
        s.semantic = static_cast<engine::world::Semantic>(from.get<std::uint8_t>());
        s.first_index = from.get<std::uint32_t>();
        s.index_count = from.get<std::uint32_t>();
        s.picture = from.get<std::uint32_t>();
    }
    std::vector<Short> vertices(from.count());
    const auto bytes = [](std::string_view text) {
        return reinterpret_cast<const unsigned char*>(text.data());
    };
    std::string_view packed = from.text();
    if (!from.ok() || meshopt_decodeVertexBuffer(vertices.data(), vertices.size(), sizeof(Short),
                                                 bytes(packed), packed.size()) != 0) {
        from.fail();
        return {};
    }
    lod.indices.resize(from.count());
    packed = from.text();
    if (!from.ok() || lod.indices.size() % 3 != 0 ||
        meshopt_decodeIndexBuffer(lod.indices.data(), lod.indices.size(), sizeof(std::uint32_t),
                                  bytes(packed), packed.size()) != 0) {
        from.fail();
        return {};
    }
    lod.vertices.resize(vertices.size());
    std::transform(vertices.begin(), vertices.end(), lod.vertices.begin(), lengthen);
    for (const std::uint32_t index : lod.indices) {
        if (index >= lod.vertices.size()) from.fail();
    }
    for (const Submesh& s : lod.submeshes) {
        if (s.first_index > lod.indices.size() ||
            s.index_count > lod.indices.size() - s.first_index) {
            from.fail();
        }
    }
    return lod;
}

void write_mesh(const Mesh& mesh, Writer& to) {
    to.text(mesh.name);
    to.put(static_cast<std::uint32_t>(mesh.lods.size()));
    for (const MeshLod& lod : mesh.lods) write_lod(lod, to);
}

Mesh read_mesh(Reader& from) {
    Mesh mesh;
    mesh.name = from.text();
    const std::uint32_t lods = from.count();
    for (std::uint32_t i = 0; i < lods && from.ok(); ++i) mesh.lods.push_back(read_lod(from));
    for (const MeshLod& lod : mesh.lods) {
        if (lod.vertices.empty()) from.fail();
    }
    if (from.ok() && !mesh.lods.empty()) engine::world::update_bounds(mesh);
    return mesh;
}

void write_picture(const engine::world::Picture& picture, Writer& to) {
    to.text(picture.name);
    to.put(static_cast<std::int32_t>(picture.size_px));
    to.put(picture.roughness);
    to.put(static_cast<std::uint8_t>(picture.gloss));
    to.text({reinterpret_cast<const char*>(picture.texels.data()), picture.texels.size()});
}

std::shared_ptr<const engine::world::Picture> read_picture(Reader& from) {
    using engine::world::Picture;
    auto picture = std::make_shared<Picture>();
    picture->name = from.text();
    picture->size_px = from.get<std::int32_t>();
    picture->roughness = from.get<float>();
    const auto gloss = from.get<std::uint8_t>();
    if (gloss > static_cast<std::uint8_t>(Picture::Gloss::kCoated)) from.fail();
    picture->gloss = static_cast<Picture::Gloss>(gloss);
    const std::string_view texels = from.text();
    picture->texels.assign(texels.begin(), texels.end());
    const auto side = static_cast<std::size_t>(std::clamp(picture->size_px, 0, kMostPicture_px));
    if (side == 0 || picture->texels.size() != 4 * side * side) from.fail();
    return picture;
}

// Each picture that a mesh shows is there.
bool shows_known(const Mesh& mesh, std::size_t pictures) {
    for (const MeshLod& lod : mesh.lods) {
        for (const Submesh& s : lod.submeshes) {
            if (s.material == engine::world::Material::kPicture && s.picture >= pictures) {
                return false;
            }
        }
    }
    return true;
}

Error broken(const char* what) {
    return {.message = fmt::format("the store of baked models is damaged: {}", what)};
}

}  // namespace

std::uint64_t hash_of_description(std::string_view text) {
    return engine::core::hash_bytes(text.data(), text.size());
}

std::string pack(const BuiltModel& model) {
    Writer to;
    to.text(model.name);
    to.put(static_cast<std::uint8_t>(model.semantic));
    for (const double x : {model.extent.front_m, model.extent.rear_m, model.extent.width_m,
                           model.extent.height_m, model.eye_B.x, model.eye_B.y, model.eye_B.z}) {
        to.put(x);
    }
    to.put(static_cast<std::uint32_t>(model.wheels.size()));
    for (const BuiltWheel& wheel : model.wheels) {
        for (const double x : {wheel.p_B.x, wheel.p_B.y, wheel.radius_m, wheel.width_m}) to.put(x);
        to.put(wheel.axle);
        to.put(wheel.mesh);
    }
    to.put(static_cast<std::uint8_t>(model.has_interior));
    write_mesh(model.body, to);
    write_mesh(model.interior, to);
    to.put(static_cast<std::uint32_t>(model.wheel_meshes.size()));
    for (const Mesh& mesh : model.wheel_meshes) write_mesh(mesh, to);
    to.put(static_cast<std::uint32_t>(model.pictures.size()));
    for (const auto& picture : model.pictures) write_picture(*picture, to);
    return to.take();
}

namespace {

BuiltModel read_measures(Reader& from) {
    BuiltModel model;
    model.name = from.text();
    model.semantic = static_cast<engine::world::Semantic>(from.get<std::uint8_t>());
    for (double* x : {&model.extent.front_m, &model.extent.rear_m, &model.extent.width_m,
                      &model.extent.height_m, &model.eye_B.x, &model.eye_B.y, &model.eye_B.z}) {
        *x = from.get<double>();
    }
    model.wheels.resize(from.count());
    for (BuiltWheel& wheel : model.wheels) {
        for (double* x : {&wheel.p_B.x, &wheel.p_B.y, &wheel.radius_m, &wheel.width_m}) {
            *x = from.get<double>();
        }
        wheel.axle = from.get<std::uint32_t>();
        wheel.mesh = from.get<std::uint32_t>();
    }
    model.has_interior = from.get<std::uint8_t>() != 0;
    return model;
}

}  // namespace

Result<BuiltModel> unpack_measures(std::string_view content) {
    Reader from(content);
    BuiltModel model = read_measures(from);
    if (!from.ok()) return broken("a model is cut off");
    return model;
}

Result<BuiltModel> unpack(std::string_view content) {
    Reader from(content);
    BuiltModel model = read_measures(from);
    model.body = read_mesh(from);
    model.interior = read_mesh(from);
    const std::uint32_t meshes = from.count();
    for (std::uint32_t i = 0; i < meshes && from.ok(); ++i) {
        model.wheel_meshes.push_back(read_mesh(from));
    }
    const std::uint32_t pictures = from.count();
    for (std::uint32_t i = 0; i < pictures && from.ok(); ++i) {
        model.pictures.push_back(read_picture(from));
    }
    const auto finish = [&](Mesh& mesh) {
        if (!shows_known(mesh, model.pictures.size())) from.fail();
        mesh.pictures = model.pictures;
    };
    finish(model.body);
    finish(model.interior);
    for (Mesh& mesh : model.wheel_meshes) finish(mesh);
    for (const BuiltWheel& wheel : model.wheels) {
        if (wheel.mesh >= model.wheel_meshes.size()) from.fail();
    }
    if (!from.ok()) return broken("a model is cut off");
    return model;
}

std::string write_store(const std::vector<StoredModel>& models) {
    Writer to;
    to.put(static_cast<std::uint32_t>(models.size()));
    for (const StoredModel& model : models) {
        to.text(model.name);
        to.put(model.description_hash);
        to.text(model.content);
    }
    return std::string(kMagic, kMagicBytes) + to.take();
}

Result<Store> Store::open(std::string_view bytes) {
    if (!bytes.starts_with(std::string_view(kMagic, kMagicBytes))) return broken("its first bytes");
    Reader from(bytes.substr(kMagicBytes));
    Store store;
    const std::uint32_t count = from.count();
    for (std::uint32_t i = 0; i < count && from.ok(); ++i) {
        Entry entry;
        entry.name = from.text();
        entry.description_hash = from.get<std::uint64_t>();
        entry.content = from.text();
        store.entries_.push_back(entry);
    }
    if (!from.ok()) return broken("its list is cut off");
    return store;
}

const Store::Entry* Store::find(std::string_view name) const {
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&](const Entry& entry) { return entry.name == name; });
    return found == entries_.end() ? nullptr : &*found;
}

}  // namespace huntsman::scenarios::models
