// Whether the tables of a whole nuScenes set agree with each other and with the scenes.
#include <fmt/format.h>

#include <map>
#include <set>

#include "engine/core/files.h"
#include "sensors/dataset/formats.h"
#include "sensors/dataset/nuscenes/lidarseg.h"
#include "sensors/dataset/nuscenes/tables.h"

namespace huntsman::sensors::dataset::nuscenes {

using engine::core::Result;
namespace fs = std::filesystem;

namespace {

// A field that must hold a token of another table; an empty one may say "none".
struct Link {
    const char* table;
    const char* field;
    const char* to;
    bool may_be_empty;
};
constexpr Link kLinks[] = {{"instance", "category_token", "category", false},
                           {"instance", "first_annotation_token", "sample_annotation", false},
                           {"instance", "last_annotation_token", "sample_annotation", false},
                           {"calibrated_sensor", "sensor_token", "sensor", false},
                           {"scene", "log_token", "log", false},
                           {"scene", "first_sample_token", "sample", false},
                           {"scene", "last_sample_token", "sample", false},
                           {"sample", "scene_token", "scene", false},
                           {"sample", "prev", "sample", true},
                           {"sample", "next", "sample", true},
                           {"sample_data", "sample_token", "sample", false},
                           {"sample_data", "ego_pose_token", "ego_pose", false},
                           {"sample_data", "calibrated_sensor_token", "calibrated_sensor", false},
                           {"sample_data", "prev", "sample_data", true},
                           {"sample_data", "next", "sample_data", true},
                           {"sample_annotation", "sample_token", "sample", false},
                           {"sample_annotation", "instance_token", "instance", false},
                           {"sample_annotation", "visibility_token", "visibility", false},
                           {"sample_annotation", "prev", "sample_annotation", true},
                           {"sample_annotation", "next", "sample_annotation", true}};

class TableCheck {
  public:
    TableCheck(const fs::path& dataset, const Manifest& manifest, Findings& findings)
        : dataset_(dataset), manifest_(manifest), findings_(findings) {}

    void run() {
        for (const char* table : kSceneTables) load(table);
        for (const char* table : kSharedTables) load(table);
        for (const Link& link : kLinks) check_link(link);
        for (const char* table : {"sample", "sample_data", "sample_annotation"}) {
            check_chain(table);
        }
        check_maps();
        check_attributes();
        count_boxes();
        check_point_tables(dataset_, manifest_, tables_["sample_data"], findings_);
        if (tables_["scene"].size() != manifest_.scenes.size()) {
            wrong("scene", fmt::format("has {} rows, huntsman.json {} scenes",
                                       tables_["scene"].size(), manifest_.scenes.size()));
        }
    }

  private:
    std::string path_of(const std::string& table) const {
        return (dataset_ / kTables / (table + ".json")).string();
    }
    void wrong(const std::string& table, const std::string& what) {
        findings_.push_back({path_of(table), what});
    }

    void load(const char* table);
    void check_link(const Link& link);
    void check_chain(const char* table);
    void check_maps();
    void check_attributes();
    void count_boxes();

    const fs::path& dataset_;
    const Manifest& manifest_;
    Findings& findings_;
    std::map<std::string, std::vector<Json>> tables_;
    std::map<std::string, std::set<std::string>> tokens_;  // of each table's rows
};

void TableCheck::load(const char* table) {
    const Result<std::string> content = engine::core::read_file(path_of(table));
    if (!content) return wrong(table, content.error().message);
    try {
        const Json json = parse_json(*content);
        if (!json.is_array()) return wrong(table, "is not a list of rows");
        for (const Json& row : json) {
            if (!tokens_[table].insert(text(row, "token")).second) {
                wrong(table, "token " + text(row, "token") + " stands twice");
            }
            tables_[table].push_back(row);
        }
    } catch (const BadField& bad) {
        wrong(table, bad.what());
    }
}

// Every token leads to a row.
void TableCheck::check_link(const Link& link) {
    for (const Json& row : tables_[link.table]) {
        try {
            const std::string& to = text(row, link.field);
            if (to.empty() && link.may_be_empty) continue;
            if (tokens_[link.to].count(to) == 0) {
                wrong(link.table, fmt::format("row {}: {} {} is not in {}", text(row, "token"),
                                              link.field, to, link.to));
            }
        } catch (const BadField& bad) {
            wrong(link.table, bad.what());
        }
    }
}

// The next row's previous one is the row itself.
void TableCheck::check_chain(const char* table) {
    std::map<std::string, std::string> before;
    for (const Json& row : tables_[table]) {
        if (!row.contains("prev") || !row["prev"].is_string()) continue;
        before[row["token"].get<std::string>()] = row["prev"].get<std::string>();
    }
    for (const Json& row : tables_[table]) {
        if (!row.contains("next") || !row["next"].is_string() ||
            row["next"].get<std::string>().empty())
            continue;
        if (before[row["next"].get<std::string>()] != row["token"].get<std::string>()) {
            wrong(table, "row " + text(row, "token") + ": its next does not lead back");
        }
    }
}

// Each log has a map.
void TableCheck::check_maps() {
    std::set<std::string> mapped;
    for (const Json& row : tables_["map"]) {
        if (!row.contains("log_tokens")) continue;
        for (const Json& log : row["log_tokens"]) {
            if (log.is_string()) mapped.insert(log.get<std::string>());
        }
    }
    for (const Json& row : tables_["log"]) {
        if (mapped.count(text(row, "token")) == 0) {
            wrong("map", "has none for log " + text(row, "token"));
        }
    }
}

// Each box has at most one attribute, which is there.
void TableCheck::check_attributes() {
    for (const Json& row : tables_["sample_annotation"]) {
        try {
            const Json& attributes = list(row, "attribute_tokens");
            if (attributes.size() > 1) {
                wrong("sample_annotation", "row " + text(row, "token") + " has several attributes");
            }
            for (const Json& a : attributes) {
                if (a.is_string() && tokens_["attribute"].count(a.get<std::string>()) > 0) continue;
                wrong("sample_annotation", "row " + text(row, "token") + ": no such attribute");
            }
        } catch (const BadField& bad) {
            wrong("sample_annotation", bad.what());
        }
    }
}

// The set has the boxes of its scenes.
void TableCheck::count_boxes() {
    std::uint64_t boxes = 0;
    for (const SceneEntry& scene : manifest_.scenes) {
        const fs::path table = table_path(dataset_ / "scenes" / scene.name, "sample_annotation");
        try {
            boxes += table_rows(table).size();
        } catch (const BadField& bad) {
            findings_.push_back({table.string(), bad.what()});
        }
    }
    if (boxes != tables_["sample_annotation"].size()) {
        wrong("sample_annotation", fmt::format("has {} rows, the scenes have {}",
                                               tables_["sample_annotation"].size(), boxes));
    }
}

}  // namespace

void check_files(const fs::path& dataset, const Manifest& manifest, Findings& findings) {
    TableCheck(dataset, manifest, findings).run();
}

}  // namespace huntsman::sensors::dataset::nuscenes
