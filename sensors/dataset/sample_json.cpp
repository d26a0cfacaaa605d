#include "sensors/dataset/sample_json.h"

#include <fmt/ranges.h>

#include <optional>
#include <string_view>

#include "engine/core/assets.h"
#include "engine/core/describe_json.h"
#include "engine/core/json_keys.h"
#include "engine/math/math_fields.h"
#include "sensors/labels/sample_fields.h"

namespace huntsman::sensors::dataset {

using engine::core::About;
using engine::core::Described;
using engine::core::for_each_field;
using engine::math::RigidTransform;
using engine::math::Vec2;
using engine::math::Vec3;
using engine::world::Camera;
using engine::world::Rig;
using engine::world::Semantic;
using labels::Sample;
namespace world = engine::world;

namespace {

// A shipped sensor by its name, so that equal datasets are equal bytes wherever Huntsman stands.
std::string sensor_name(const std::string& file) {
    const std::filesystem::path path(file);
    const auto shipped = (engine::core::assets_folder() / "sensors").lexically_normal();
    return path.parent_path() == shipped ? path.stem().string() : file;
}

// Rows of what describe.h lists: members under their own names, in SI units; every field must be
// there, with null for what there is none of. Structs whose row differs from their list have
// functions of their own.
struct Rows {
    template <typename T>
    static Json of(const T& value, const About& about = {}) {
        if constexpr (Described<T>) {
            return of_fields(value);
        } else if constexpr (engine::core::NamedEnum<T>) {
            return name(value);
        } else if constexpr (std::is_enum_v<T>) {
            return static_cast<int>(value);
        } else if constexpr (engine::core::detail::kIsVector<T>) {
            Json list = Json::array();
            for (const auto& item : value) list.push_back(of(item));
            return list;
        } else {
            return about.id && value == T(world::kNone) ? Json(nullptr) : Json(value);
        }
    }
    template <typename T>
    static Json of(const std::optional<T>& value, const About& = {}) {
        return value ? of(*value) : Json(nullptr);
    }
    static Json of(const Vec2& v, const About& = {}) { return to_json(v); }
    static Json of(const Vec3& v, const About& = {}) { return to_json(v); }
    static Json of(const RigidTransform& X, const About& = {}) { return to_json(X); }
    static Json of(const std::string& text, const About& = {}) { return text; }
    template <std::size_t N>
    static Json of(const std::array<double, N>& values, const About& = {}) {
        return values;
    }
    static Json of(const labels::PixelBox& b, const About& = {}) {
        return Json::array({b.x0, b.y0, b.x1, b.y1});
    }
    static Json of(const Camera& camera, const About& = {}) {
        Json json = of_fields(camera);
        json["sensor"] = sensor_name(camera.sensor);
        return json;
    }
    static Json of(const labels::ObjectInCamera& object, const About& = {}) {
        Json json = of_fields(object);
        if (!object.has_keypoints) return json;
        Json& list = json["keypoints"] = Json::array();
        for (const labels::Keypoint& k : object.keypoints) list.push_back(of(k));
        return json;
    }
    static Json of(const labels::ObjectLabel& object, const About& = {}) {
        Json json = of_fields(object);
        if (object.has_mind) json["mind"] = of(object.mind);
        return json;
    }
    static Json of(const labels::LidarSweep& sweep, const About& = {}) {
        Json json = of_fields(sweep);
        json["points"] = sweep.points.size();
        return json;
    }

    template <typename T>
    static void read(const Json& json, const std::string& key, T& value, const About& about = {}) {
        if constexpr (Described<T>) {
            read_fields(json, value);
        } else if constexpr (engine::core::NamedEnum<T>) {
            const auto found = engine::core::value_named<T>(text_of(json, key));
            if (!found) {
                bad_field(key, json,
                          fmt::format("one of {}", fmt::join(engine::core::names_of<T>(), ", ")));
            }
            value = *found;
        } else if constexpr (std::is_enum_v<T>) {
            value = static_cast<T>(integer_of<int>(json, key, static_cast<int>(about.low),
                                                   static_cast<int>(about.high)));
        } else if constexpr (engine::core::detail::kIsVector<T>) {
            for (const Json& item : as_list(json, key)) read(item, key, value.emplace_back());
        } else if constexpr (std::is_same_v<T, bool>) {
            value = flag_of(json, key);
        } else if constexpr (std::is_integral_v<T>) {
            using Limits = std::numeric_limits<T>;
            const auto bound = [](double wanted, T otherwise) {
                return std::isfinite(wanted) ? static_cast<T>(wanted) : otherwise;
            };
            value = about.id && json.is_null()
                        ? T(world::kNone)
                        : integer_of<T>(json, key, bound(about.low, Limits::min()),
                                        bound(about.high, Limits::max()));
        } else {
            value = static_cast<T>(number_of(json, key));
        }
    }
    template <typename T>
    static void read(const Json& json, const std::string& key, std::optional<T>& value,
                     const About& about = {}) {
        value.reset();
        if (!json.is_null()) read(json, key, value.emplace(), about);
    }
    static void read(const Json& json, const std::string& key, std::string& text,
                     const About& = {}) {
        text = text_of(json, key);
    }
    static void read(const Json& json, const std::string& key, Vec2& v, const About& = {}) {
        as_list(json, key, 2);
        v = {number_of(json[0], key), number_of(json[1], key)};
    }
    static void read(const Json& json, const std::string& key, Vec3& v, const About& = {}) {
        v = vec3_of(json, key);
    }
    static void read(const Json& json, const std::string&, RigidTransform& X, const About& = {}) {
        X = {quaternion(json, "q_wxyz"), vec3(json, "p_m")};
    }
    template <std::size_t N>
    static void read(const Json& json, const std::string& key, std::array<double, N>& values,
                     const About& = {}) {
        as_list(json, key, N);
        for (std::size_t i = 0; i < N; ++i) values[i] = number_of(json[i], key);
    }
    static void read(const Json& json, const std::string& key, labels::PixelBox& box,
                     const About& = {}) {
        as_list(json, key, 4);
        constexpr int kFar = 1 << 20;
        int* const to[] = {&box.x0, &box.y0, &box.x1, &box.y1};
        for (std::size_t i = 0; i < 4; ++i) *to[i] = integer_of<int>(json[i], key, -kFar, kFar);
    }
    static void read(const Json& json, const std::string&, labels::ObjectInCamera& object,
                     const About& = {}) {
        read_fields(json, object);
        object.has_keypoints = json.contains("keypoints");
        if (!object.has_keypoints) return;
        const Json& list = list_of(json, "keypoints", labels::kKeypoints);
        for (std::size_t i = 0; i < labels::kKeypoints; ++i) {
            read(list[i], "keypoints", object.keypoints[i]);
        }
    }
    static void read(const Json& json, const std::string&, labels::ObjectLabel& object,
                     const About& = {}) {
        read_fields(json, object);
        object.has_mind = json.contains("mind");
        if (object.has_mind) read(field(json, "mind"), "mind", object.mind);
    }

  private:
    template <Described T>
    static Json of_fields(const T& object) {
        Json json = Json::object();
        for_each_field<T>([&](const char* name, auto member, const About& about) {
            if constexpr (kInRows<decltype(object.*member)>) {
                if (about.in_files) json[name] = of(object.*member, about);
            }
        });
        return json;
    }
    template <Described T>
    static void read_fields(const Json& json, T& object) {
        for_each_field<T>([&](const char* name, auto member, const About& about) {
            if constexpr (kInRows<decltype(object.*member)>) {
                if (about.in_files) read(field(json, name), name, object.*member, about);
            }
        });
    }
    // Pictures and points lie in files of their own.
    template <typename T>
    static constexpr bool kInRows =
        !std::is_same_v<std::remove_cvref_t<T>, engine::core::Image> &&
        !std::is_same_v<std::remove_cvref_t<T>, std::vector<labels::LidarPoint>> &&
        !std::is_same_v<std::remove_cvref_t<T>, std::array<labels::Keypoint, labels::kKeypoints>>;
};

}  // namespace

Semantic semantic_from_name(const std::string& name) {
    const auto found = engine::core::value_named<Semantic>(name);
    if (!found) throw BadField("'" + name + "' is not the name of a class");
    return *found;
}

Json parse_json(const std::string& content) {
    Json json;
    try {
        json = Json::parse(content);
    } catch (const nlohmann::json::parse_error& error) {
        if (error.byte > content.size()) {
            throw BadField(fmt::format("ends early: {} bytes are not all of it", content.size()));
        }
        throw BadField(fmt::format("is not JSON at byte {} of {}", error.byte, content.size()));
    } catch (const nlohmann::json::exception&) {
        throw BadField("holds a number that is too large");
    }
    if (const auto twice = engine::core::repeated_key(content)) {
        throw BadField(
            fmt::format("line {}, column {}: {}", twice->line, twice->column, twice->message()));
    }
    return json;
}

std::vector<Json> parse_json_lines(const std::string& content) {
    std::vector<Json> rows;
    for (const std::string& line : lines_of(content)) {
        try {
            rows.push_back(parse_json(line));
        } catch (const BadField& bad) {
            throw BadField(fmt::format("line {}: {}", rows.size() + 1, bad.what()));
        }
    }
    return rows;
}

std::vector<std::string> lines_of(const std::string& content) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < content.size();) {
        const std::size_t end = std::min(content.find('\n', at), content.size());
        lines.push_back(content.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

Json to_json(const Camera& camera) { return Rows::of(camera); }
Json to_json(const Rig& rig) { return Rows::of(rig); }
Json to_json(const Sample& sample) { return Rows::of(sample); }

namespace {

template <typename T>
T from_json(const Json& json) {
    T value;
    Rows::read(json, "", value);
    return value;
}

}  // namespace

Camera camera_from_json(const Json& json) { return from_json<Camera>(json); }
Rig rig_from_json(const Json& json) { return from_json<Rig>(json); }
Sample sample_from_json(const Json& json) { return from_json<Sample>(json); }

}  // namespace huntsman::sensors::dataset
