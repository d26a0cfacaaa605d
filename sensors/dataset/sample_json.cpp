#include "sensors/dataset/sample_json.h"

#include <string_view>

#include "engine/core/assets.h"
#include "engine/core/json_keys.h"

namespace huntsman::sensors::dataset {

using engine::world::ActorId;
using engine::world::Camera;
using engine::world::Lens;
using engine::world::Rig;
using engine::world::Semantic;
using labels::CameraSample;
using labels::Sample;
namespace world = engine::world;

namespace {

// Words of enumerations, in their order.
constexpr const char* kIntentions[] = {"follow", "stop_at_line",  "yield",     "cross",
                                       "walk",   "wait_to_cross", "cross_road"};
constexpr const char* kAspects[] = {"off", "red", "red_yellow", "green", "yellow"};
constexpr const char* kLaneKinds[] = {"driving", "parking", "cycle", "shoulder"};
constexpr const char* kTurns[] = {"straight", "left", "right", "u_turn"};
constexpr const char* kLensModels[] = {"pinhole", "kannala_brandt", "f_theta", "equirectangular"};
constexpr const char* kReadouts[] = {"global", "top_to_bottom", "bottom_to_top", "left_to_right",
                                     "right_to_left"};

template <typename Enum, std::size_t N>
const char* word(const char* const (&words)[N], Enum value) {
    return words[static_cast<std::size_t>(value)];
}
template <typename Enum, std::size_t N>
Enum value_of(const char* const (&words)[N], const Json& object, const std::string& key) {
    const std::string& given = text(object, key);
    for (std::size_t i = 0; i < N; ++i) {
        if (given == words[i]) return static_cast<Enum>(i);
    }
    std::string known;
    for (const char* w : words) known += std::string(known.empty() ? "" : ", ") + w;
    bad_field(key, given, "one of " + known);
}

// kNone is null.
Json id_or_null(std::uint32_t id) { return id == world::kNone ? Json(nullptr) : Json(id); }
std::uint32_t null_or_id(const Json& object, const std::string& key) {
    return field(object, key).is_null() ? world::kNone : integer<std::uint32_t>(object, key);
}
std::vector<std::uint32_t> ids_of(const Json& object, const std::string& key) {
    std::vector<std::uint32_t> ids;
    for (const Json& id : list(object, key)) ids.push_back(integer_of<std::uint32_t>(id, key));
    return ids;
}
Json points(const std::vector<engine::math::Vec3>& line) {
    Json json = Json::array();
    for (const auto& p : line) json.push_back(to_json(p));
    return json;
}
std::vector<engine::math::Vec3> points_of(const Json& object, const std::string& key) {
    std::vector<engine::math::Vec3> line;
    for (const Json& p : list(object, key)) line.push_back(vec3_of(p, key));
    return line;
}
template <std::size_t N>
void read_numbers(const Json& object, const std::string& key, std::array<double, N>& target) {
    const Json& values = list_of(object, key, N);
    for (std::size_t i = 0; i < N; ++i) target[i] = number_of(values[i], key);
}

Json box(const labels::PixelBox& b) { return Json::array({b.x0, b.y0, b.x1, b.y1}); }
labels::PixelBox box_of(const Json& object, const std::string& key) {
    const Json& v = list_of(object, key, 4);
    constexpr int kFar = 1 << 20;
    return {integer_of<int>(v[0], key, -kFar, kFar), integer_of<int>(v[1], key, -kFar, kFar),
            integer_of<int>(v[2], key, -kFar, kFar), integer_of<int>(v[3], key, -kFar, kFar)};
}

Json environment_json(const world::Environment& e) {
    return {{"sun_azimuth_rad", e.sun_azimuth_rad},
            {"sun_elevation_rad", e.sun_elevation_rad},
            {"turbidity", e.turbidity},
            {"cloud_cover", e.cloud_cover},
            {"fog_per_m", e.fog_per_m},
            {"wetness", e.wetness},
            {"rain_mm_h", e.rain_mm_h},
            {"puddles", e.puddles},
            {"snow_cover", e.snow_cover},
            {"friction", e.friction},
            {"light", e.light},
            {"weather", e.weather}};
}
world::Environment environment_of(const Json& j) {
    world::Environment e;
    e.sun_azimuth_rad = number(j, "sun_azimuth_rad");
    e.sun_elevation_rad = number(j, "sun_elevation_rad");
    e.turbidity = number(j, "turbidity");
    e.cloud_cover = number(j, "cloud_cover");
    e.fog_per_m = number(j, "fog_per_m");
    e.wetness = number(j, "wetness");
    e.rain_mm_h = number(j, "rain_mm_h");
    e.puddles = number(j, "puddles");
    e.snow_cover = number(j, "snow_cover");
    e.friction = number(j, "friction");
    e.light = text(j, "light");
    e.weather = text(j, "weather");
    return e;
}

Json object_in_camera_json(const labels::ObjectInCamera& o) {
    Json json = {{"id", o.id},
                 {"visible", box(o.visible)},
                 {"amodal", box(o.amodal)},
                 {"visible_px", o.visible_px},
                 {"amodal_px", o.amodal_px},
                 {"amodal_inside_px", o.amodal_inside_px}};
    if (o.has_keypoints) {
        Json list = Json::array();
        for (const labels::Keypoint& k : o.keypoints) {
            list.push_back({{"pixel", to_json(k.pixel)},
                            {"p_C", to_json(k.p_C)},
                            {"seen", static_cast<int>(k.seen)}});
        }
        json["keypoints"] = std::move(list);
    }
    return json;
}
labels::ObjectInCamera object_in_camera_of(const Json& j) {
    labels::ObjectInCamera o;
    o.id = integer<ActorId>(j, "id");
    o.visible = box_of(j, "visible");
    o.amodal = box_of(j, "amodal");
    o.visible_px = integer<std::uint32_t>(j, "visible_px");
    o.amodal_px = integer<std::uint32_t>(j, "amodal_px");
    o.amodal_inside_px = integer<std::uint32_t>(j, "amodal_inside_px");
    o.has_keypoints = j.contains("keypoints");
    if (o.has_keypoints) {
        const Json& list = list_of(j, "keypoints", labels::kKeypoints);
        for (std::size_t i = 0; i < labels::kKeypoints; ++i) {
            o.keypoints[i].pixel = vec2(list[i], "pixel");
            o.keypoints[i].p_C = vec3(list[i], "p_C");
            o.keypoints[i].seen = static_cast<labels::Seen>(integer<int>(list[i], "seen", 0, 2));
        }
    }
    return o;
}

Json camera_sample_json(const CameraSample& c) {
    Json objects = Json::array();
    for (const auto& o : c.objects) objects.push_back(object_in_camera_json(o));
    return {{"camera", to_json(c.camera)},
            {"stated", to_json(c.stated)},
            {"time_us", c.time_us},
            {"X_WC", to_json(c.X_WC)},
            {"objects", std::move(objects)}};
}
CameraSample camera_sample_of(const Json& j) {
    CameraSample c;
    c.camera = camera_from_json(field(j, "camera"));
    c.stated = camera_from_json(field(j, "stated"));
    c.time_us = integer<std::int64_t>(j, "time_us");
    c.X_WC = transform(j, "X_WC");
    for (const Json& o : list(j, "objects")) c.objects.push_back(object_in_camera_of(o));
    return c;
}

Json object_json(const labels::ObjectLabel& o) {
    Json json = {{"id", o.id},
                 {"semantic", world::name(o.semantic)},
                 {"kind", o.kind},
                 {"X_WO", to_json(o.X_WO)},
                 {"size_m", to_json(o.size_m)},
                 {"v_W", to_json(o.v_W)},
                 {"w_W", to_json(o.w_W)},
                 {"parked", o.parked},
                 {"distance_m", o.distance_m},
                 {"visible_px", o.visible_px},
                 {"amodal_px", o.amodal_px},
                 {"lidar_points", o.lidar_points}};
    if (o.has_mind) {
        json["mind"] = {{"intention", word(kIntentions, o.mind.intention)},
                        {"gaze_W", to_json(o.mind.gaze_W)},
                        {"seen", o.mind.seen},
                        {"yields_to", o.mind.yields_to},
                        {"wanted_speed_mps", o.mind.wanted_speed_mps},
                        {"waited_s", o.mind.waited_s}};
    }
    return json;
}
labels::ObjectLabel object_of(const Json& j) {
    labels::ObjectLabel o;
    o.id = integer<ActorId>(j, "id");
    o.semantic = semantic_from_name(text(j, "semantic"));
    o.kind = text(j, "kind");
    o.X_WO = transform(j, "X_WO");
    o.size_m = vec3(j, "size_m");
    o.v_W = vec3(j, "v_W");
    o.w_W = vec3(j, "w_W");
    o.parked = flag(j, "parked");
    o.distance_m = number(j, "distance_m");
    o.visible_px = integer<std::uint32_t>(j, "visible_px");
    o.amodal_px = integer<std::uint32_t>(j, "amodal_px");
    o.lidar_points = integer<std::uint32_t>(j, "lidar_points");
    o.has_mind = j.contains("mind");
    if (o.has_mind) {
        const Json& m = field(j, "mind");
        o.mind.intention = value_of<world::Intention>(kIntentions, m, "intention");
        o.mind.gaze_W = vec3(m, "gaze_W");
        o.mind.seen = ids_of(m, "seen");
        o.mind.yields_to = integer<ActorId>(m, "yields_to");
        o.mind.wanted_speed_mps = number(m, "wanted_speed_mps");
        o.mind.waited_s = number(m, "waited_s");
    }
    return o;
}

Json signal_json(const labels::SignalLabel& s) {
    return {{"head", s.head},
            {"object", s.object},
            {"p_W", to_json(s.p_W)},
            {"heading_rad", s.heading_rad},
            {"width_m", s.width_m},
            {"height_m", s.height_m},
            {"for_pedestrians", s.for_pedestrians},
            {"aspect", word(kAspects, s.aspect)},
            {"governs", s.governs}};
}
labels::SignalLabel signal_of(const Json& j) {
    labels::SignalLabel s;
    s.head = integer<std::uint32_t>(j, "head");
    s.object = integer<ActorId>(j, "object");
    s.p_W = vec3(j, "p_W");
    s.heading_rad = number(j, "heading_rad");
    s.width_m = number(j, "width_m");
    s.height_m = number(j, "height_m");
    s.for_pedestrians = flag(j, "for_pedestrians");
    s.aspect = value_of<world::Aspect>(kAspects, j, "aspect");
    s.governs = ids_of(j, "governs");
    return s;
}
Json sign_json(const labels::SignLabel& s) {
    return {{"object", s.object},
            {"p_W", to_json(s.p_W)},
            {"heading_rad", s.heading_rad},
            {"type", s.type},
            {"meaning", s.meaning}};
}
labels::SignLabel sign_of(const Json& j) {
    return {integer<ActorId>(j, "object"), vec3(j, "p_W"), number(j, "heading_rad"),
            text(j, "type"), text(j, "meaning")};
}
Json lane_json(const labels::LaneLabel& l) {
    return {{"lane", l.lane},
            {"kind", word(kLaneKinds, l.kind)},
            {"in_junction", l.in_junction},
            {"turn", word(kTurns, l.turn)},
            {"speed_limit_mps", l.speed_limit_mps},
            {"centre_W", points(l.centre_W)},
            {"left_W", points(l.left_W)},
            {"right_W", points(l.right_W)},
            {"left_mark", l.left_mark},
            {"right_mark", l.right_mark},
            {"successors", l.successors},
            {"predecessors", l.predecessors},
            {"left", id_or_null(l.left)},
            {"right", id_or_null(l.right)}};
}
labels::LaneLabel lane_of(const Json& j) {
    labels::LaneLabel l;
    l.lane = integer<world::LaneId>(j, "lane");
    l.kind = value_of<world::LaneKind>(kLaneKinds, j, "kind");
    l.in_junction = flag(j, "in_junction");
    l.turn = value_of<world::Turn>(kTurns, j, "turn");
    l.speed_limit_mps = number(j, "speed_limit_mps");
    l.centre_W = points_of(j, "centre_W");
    l.left_W = points_of(j, "left_W");
    l.right_W = points_of(j, "right_W");
    l.left_mark = text(j, "left_mark");
    l.right_mark = text(j, "right_mark");
    l.successors = ids_of(j, "successors");
    l.predecessors = ids_of(j, "predecessors");
    l.left = null_or_id(j, "left");
    l.right = null_or_id(j, "right");
    return l;
}

}  // namespace

Semantic semantic_from_name(const std::string& name) {
    for (int i = 0; i <= static_cast<int>(Semantic::kOther); ++i) {
        if (name == world::name(static_cast<Semantic>(i))) return static_cast<Semantic>(i);
    }
    throw BadField("'" + name + "' is not the name of a class");
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

namespace {

// A shipped sensor by its name, so that equal datasets are equal bytes wherever Huntsman stands.
std::string sensor_name(const std::string& file) {
    const std::filesystem::path path(file);
    const auto shipped = (engine::core::assets_folder() / "sensors").lexically_normal();
    return path.parent_path() == shipped ? path.stem().string() : file;
}

}  // namespace

Json to_json(const Camera& c) {
    return {
        {"name", c.name},
        {"X_BC", to_json(c.X_BC)},
        {"width", c.width},
        {"height", c.height},
        {"lens",
         {{"model", word(kLensModels, c.lens.model)},
          {"fx", c.lens.fx},
          {"fy", c.lens.fy},
          {"cx", c.lens.cx},
          {"cy", c.lens.cy},
          {"k", c.lens.k},
          {"p", c.lens.p},
          {"s", c.lens.s},
          {"max_angle_rad", c.lens.max_angle_rad}}},
        {"range_m", c.range_m},
        {"sensor", sensor_name(c.sensor)},
        {"shutter",
         {{"readout", word(kReadouts, c.shutter.readout)}, {"readout_us", c.shutter.readout_us}}},
        {"period_us", c.period_us},
        {"phase_us", c.phase_us},
        {"error",
         {{"position_m", c.error.position_m},
          {"rotation_rad", c.error.rotation_rad},
          {"focal_share", c.error.focal_share},
          {"centre_px", c.error.centre_px},
          {"drift_rad_per_sqrt_s", c.error.drift_rad_per_sqrt_s}}}};
}

Camera camera_from_json(const Json& j) {
    Camera c;
    c.name = text(j, "name");
    c.X_BC = transform(j, "X_BC");
    constexpr int kLargestSide = 1 << 15;
    c.width = integer<int>(j, "width", 1, kLargestSide);
    c.height = integer<int>(j, "height", 1, kLargestSide);
    const Json& lens = field(j, "lens");
    c.lens.model = value_of<world::LensModel>(kLensModels, lens, "model");
    c.lens.fx = number(lens, "fx");
    c.lens.fy = number(lens, "fy");
    c.lens.cx = number(lens, "cx");
    c.lens.cy = number(lens, "cy");
    read_numbers(lens, "k", c.lens.k);
    read_numbers(lens, "p", c.lens.p);
    read_numbers(lens, "s", c.lens.s);
    c.lens.max_angle_rad = number(lens, "max_angle_rad");
    c.range_m = number(j, "range_m");
    c.sensor = text(j, "sensor");
    const Json& shutter = field(j, "shutter");
    c.shutter.readout = value_of<world::Readout>(kReadouts, shutter, "readout");
    c.shutter.readout_us = integer<std::int64_t>(shutter, "readout_us");
    c.period_us = integer<std::int64_t>(j, "period_us");
    c.phase_us = integer<std::int64_t>(j, "phase_us");
    const Json& error = field(j, "error");
    c.error.position_m = number(error, "position_m");
    c.error.rotation_rad = number(error, "rotation_rad");
    c.error.focal_share = number(error, "focal_share");
    c.error.centre_px = number(error, "centre_px");
    c.error.drift_rad_per_sqrt_s = number(error, "drift_rad_per_sqrt_s");
    return c;
}

Json to_json(const Rig& rig) {
    Json cameras = Json::array();
    for (const Camera& camera : rig.cameras) cameras.push_back(to_json(camera));
    return {{"name", rig.name}, {"rate_hz", rig.rate_hz}, {"cameras", std::move(cameras)}};
}

Rig rig_from_json(const Json& j) {
    Rig rig;
    rig.name = text(j, "name");
    rig.rate_hz = number(j, "rate_hz");
    for (const Json& camera : list(j, "cameras")) rig.cameras.push_back(camera_from_json(camera));
    return rig;
}

Json to_json(const Sample& s) {
    Json json = {{"scene", s.scene},
                 {"frame", s.frame},
                 {"time_us", s.time_us},
                 {"state_hash", s.state_hash},
                 {"box_range_m", s.box_range_m},
                 {"environment", environment_json(s.environment)},
                 {"ego",
                  {{"X_WB", to_json(s.ego.X_WB)},
                   {"v_B", to_json(s.ego.v_B)},
                   {"w_B", to_json(s.ego.w_B)},
                   {"a_B", to_json(s.ego.a_B)},
                   {"steer_rad", s.ego.steer_rad}}}};
    const auto add = [&](const char* key, const auto& items, const auto& convert) {
        Json list = Json::array();
        for (const auto& item : items) list.push_back(convert(item));
        json[key] = std::move(list);
    };
    add("cameras", s.cameras, camera_sample_json);
    add("objects", s.objects, object_json);
    add("signals", s.signals, signal_json);
    add("signs", s.signs, sign_json);
    add("lanes", s.lanes, lane_json);
    add("marks", s.marks, [](const labels::MarkLabel& m) {
        return Json{{"type", m.type}, {"outline_W", points(m.outline_W)}};
    });
    json["birds_eye"] = {{"cell_m", s.birds_eye.cell_m},
                         {"cells", s.birds_eye.cells},
                         {"free_m", s.birds_eye.free_m}};
    json["lidar"] = {{"X_BL", to_json(s.lidar.X_BL)}, {"points", s.lidar.points.size()}};
    return json;
}

Sample sample_from_json(const Json& j) {
    Sample s;
    s.scene = text(j, "scene");
    s.frame = integer<std::uint64_t>(j, "frame");
    s.time_us = integer<std::int64_t>(j, "time_us");
    s.state_hash = integer<std::uint64_t>(j, "state_hash");
    s.box_range_m = number(j, "box_range_m");
    s.environment = environment_of(field(j, "environment"));
    const Json& ego = field(j, "ego");
    s.ego = {transform(ego, "X_WB"), vec3(ego, "v_B"), vec3(ego, "w_B"), vec3(ego, "a_B"),
             number(ego, "steer_rad")};
    for (const Json& c : list(j, "cameras")) s.cameras.push_back(camera_sample_of(c));
    for (const Json& o : list(j, "objects")) s.objects.push_back(object_of(o));
    for (const Json& o : list(j, "signals")) s.signals.push_back(signal_of(o));
    for (const Json& o : list(j, "signs")) s.signs.push_back(sign_of(o));
    for (const Json& o : list(j, "lanes")) s.lanes.push_back(lane_of(o));
    for (const Json& m : list(j, "marks")) {
        s.marks.push_back({text(m, "type"), points_of(m, "outline_W")});
    }
    const Json& eye = field(j, "birds_eye");
    s.birds_eye.cell_m = number(eye, "cell_m");
    s.birds_eye.cells = integer<int>(eye, "cells", 1, 1 << 14);
    for (const Json& f : list(eye, "free_m")) {
        s.birds_eye.free_m.push_back(static_cast<float>(number_of(f, "free_m")));
    }
    s.lidar.X_BL = transform(field(j, "lidar"), "X_BL");
    return s;
}

}  // namespace huntsman::sensors::dataset
