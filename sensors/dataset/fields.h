// Fields of JSON rows with strict types and ranges. Reading throws BadField; the functions of this
// room that read whole files catch it and name the file.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "engine/math/transform.h"

namespace huntsman::sensors::dataset {

using Json = nlohmann::ordered_json;

struct BadField : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// No quantity of a dataset is larger: times in microseconds since 1970 are below 1e16.
constexpr double kLargestNumber = 1e17;

inline std::string shown(const Json& value) {
    std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
    return text.size() > 40 ? text.substr(0, 37) + "..." : text;
}
[[noreturn]] inline void bad_field(const std::string& key, const Json& value,
                                   const std::string& expected) {
    throw BadField(key + " is " + shown(value) + ", expected " + expected);
}

// Does something with a row of a table; what is wrong with it then names the row.
template <typename Function>
auto in_row(const std::string& row, const Function& function) {
    try {
        return function();
    } catch (const BadField& bad) {
        throw BadField(row + ": " + bad.what());
    }
}

inline const Json& field(const Json& object, const std::string& key) {
    if (!object.is_object()) {
        throw BadField(shown(object) + " stands where an object with " + key + " was expected");
    }
    const auto found = object.find(key);
    if (found == object.end()) throw BadField(key + " is missing");
    return *found;
}
inline double number_of(const Json& value, const std::string& key) {
    const double number = value.is_number() ? value.get<double>() : std::nan("");
    if (!(std::abs(number) <= kLargestNumber)) bad_field(key, value, "a number");
    return number;
}
inline double number(const Json& object, const std::string& key) {
    return number_of(field(object, key), key);
}
template <typename T>
T integer_of(const Json& value, const std::string& key, T low = std::numeric_limits<T>::min(),
             T high = std::numeric_limits<T>::max()) {
    bool good = value.is_number_integer();
    if (good && value.is_number_unsigned()) {
        const auto number = value.get<std::uint64_t>();
        good = std::cmp_greater_equal(number, low) && std::cmp_less_equal(number, high);
        if (good) return static_cast<T>(number);
    } else if (good) {
        const auto number = value.get<std::int64_t>();
        good = std::cmp_greater_equal(number, low) && std::cmp_less_equal(number, high);
        if (good) return static_cast<T>(number);
    }
    std::string range;
    if (low > std::numeric_limits<T>::min() || high < std::numeric_limits<T>::max()) {
        range = " from " + std::to_string(low) + " to " + std::to_string(high);
    } else if (low == 0) {
        range = " that is not negative";
    }
    bad_field(key, value, "a whole number" + range);
}
template <typename T>
T integer(const Json& object, const std::string& key, T low = std::numeric_limits<T>::min(),
          T high = std::numeric_limits<T>::max()) {
    return integer_of<T>(field(object, key), key, low, high);
}
inline bool flag_of(const Json& value, const std::string& key) {
    if (!value.is_boolean()) bad_field(key, value, "true or false");
    return value.get<bool>();
}
inline bool flag(const Json& object, const std::string& key) {
    return flag_of(field(object, key), key);
}
inline const std::string& text_of(const Json& value, const std::string& key) {
    if (!value.is_string()) bad_field(key, value, "a text");
    return value.get_ref<const std::string&>();
}
inline const std::string& text(const Json& object, const std::string& key) {
    return text_of(field(object, key), key);
}
inline const Json& as_list(const Json& value, const std::string& key) {
    if (!value.is_array()) bad_field(key, value, "a list");
    return value;
}
inline const Json& as_list(const Json& value, const std::string& key, std::size_t size) {
    if (as_list(value, key).size() != size) {
        bad_field(key, value, std::to_string(size) + " values");
    }
    return value;
}
inline const Json& list(const Json& object, const std::string& key) {
    return as_list(field(object, key), key);
}
inline const Json& list_of(const Json& object, const std::string& key, std::size_t size) {
    return as_list(field(object, key), key, size);
}

inline Json to_json(const engine::math::Vec2& v) { return Json::array({v.x, v.y}); }
inline Json to_json(const engine::math::Vec3& v) { return Json::array({v.x, v.y, v.z}); }
inline Json to_json(const engine::math::Quat& q) { return Json::array({q.w, q.x, q.y, q.z}); }
inline engine::math::Vec3 vec3_of(const Json& value, const std::string& key) {
    if (!value.is_array() || value.size() != 3) bad_field(key, value, "three numbers");
    return {number_of(value[0], key), number_of(value[1], key), number_of(value[2], key)};
}
inline engine::math::Vec3 vec3(const Json& object, const std::string& key) {
    return vec3_of(field(object, key), key);
}
inline engine::math::Vec2 vec2(const Json& object, const std::string& key) {
    const Json& value = list_of(object, key, 2);
    return {number_of(value[0], key), number_of(value[1], key)};
}
inline engine::math::Quat quaternion(const Json& object, const std::string& key) {
    const Json& v = list_of(object, key, 4);
    const engine::math::Quat q(number_of(v[0], key), number_of(v[1], key), number_of(v[2], key),
                               number_of(v[3], key));
    if (std::abs(glm::length(q) - 1) > 1e-6) bad_field(key, v, "a quaternion of length 1");
    return q;
}
inline Json to_json(const engine::math::RigidTransform& X) {
    return {{"q_wxyz", to_json(X.q)}, {"p_m", to_json(X.p)}};
}
inline engine::math::RigidTransform transform(const Json& object, const std::string& key) {
    const Json& value = field(object, key);
    return {quaternion(value, "q_wxyz"), vec3(value, "p_m")};
}

}  // namespace huntsman::sensors::dataset
