#include "sensors/dataset/audit.h"

#include <algorithm>
#include <map>
#include <optional>

#include "sensors/dataset/nuscenes/lidarseg.h"
#include "sensors/labels/audit.h"

namespace huntsman::sensors::dataset {

using labels::CameraSample;
using labels::ObjectInCamera;
using labels::Sample;

namespace {

// Flow is compared between two samples that have all it needs, in pictures of one size.
bool fit_for_flow(const Sample& sample, const Sample& next) {
    if (next.scene != sample.scene) return false;
    for (const CameraSample& c : sample.cameras) {
        for (const CameraSample& later : next.cameras) {
            if (later.camera.name != c.camera.name || c.flow_next.empty()) continue;
            const bool whole = !c.ids.empty() && !c.depth_m.empty() && !later.ids.empty() &&
                               !later.depth_m.empty();
            if (!whole || later.camera.width != c.camera.width ||
                later.camera.height != c.camera.height) {
                return false;
            }
        }
    }
    return true;
}

using Report = std::function<void(const std::string& camera, const std::string& what)>;

// COCO: masks, areas and boxes against the panoptic picture.
void check_masks(const CameraSample& c, const Report& report) {
    struct Count {
        std::uint32_t pixels = 0;
        labels::PixelBox box{1 << 30, 1 << 30, -1, -1};
    };
    std::map<engine::world::ActorId, Count> counts;
    const auto width = static_cast<std::size_t>(c.camera.width);
    for (std::size_t i = 0; i < c.ids.size(); ++i) {
        const auto id = engine::world::actor_of(c.ids[i]);
        if (id == engine::world::kNoActor) continue;
        Count& count = counts[id];
        const int x = static_cast<int>(i % width), y = static_cast<int>(i / width);
        ++count.pixels;
        count.box = {std::min(count.box.x0, x), std::min(count.box.y0, y),
                     std::max(count.box.x1, x + 1), std::max(count.box.y1, y + 1)};
    }
    for (const ObjectInCamera& object : c.objects) {
        const Count& count = counts[object.id];
        if (count.pixels != object.visible_px) {
            report(c.camera.name, fmt::format("object {} has an area of {}, its segment has {}",
                                              object.id, object.visible_px, count.pixels));
        } else if (!(count.box == object.visible)) {
            report(c.camera.name,
                   fmt::format("the box of object {} is not that of its segment", object.id));
        }
    }
    for (const auto& [id, count] : counts) {
        if (c.find(id) != nullptr) continue;
        report(c.camera.name, fmt::format("segment of object {} has {} pixels and no annotation",
                                          id, count.pixels));
    }
}

// KITTI: boxes lie in the picture, things before the camera have size.
void check_boxes(const Sample& sample, const CameraSample& c, const Report& report) {
    for (const ObjectInCamera& object : c.objects) {
        const labels::PixelBox& b = object.amodal;
        if (b.x0 < 0 || b.y0 < 0 || b.x1 > c.camera.width || b.y1 > c.camera.height || b.empty()) {
            report(c.camera.name, fmt::format("the box [{} {} {} {}] of object {} does not lie in "
                                              "the picture",
                                              b.x0, b.y0, b.x1, b.y1, object.id));
        }
    }
    for (const labels::ObjectLabel& object : sample.objects) {
        const auto p_C = c.X_WC.inverse() * object.X_WO.p;
        const double reach = 0.5 * glm::length(object.size_m);
        if (p_C.z < -reach) {
            report(c.camera.name,
                   fmt::format("object {} is {:.1f} m behind the camera", object.id, -p_C.z));
        }
    }
}

}  // namespace

std::vector<Finding> audit_sample(const std::string& format, const Sample& sample,
                                  const Sample* next, const std::string& place) {
    std::vector<Finding> findings;
    const Report report = [&](const std::string& camera, const std::string& what) {
        findings.push_back({camera.empty() ? place : place + ", camera " + camera, what});
    };
    if (format == "coco") {
        for (const CameraSample& c : sample.cameras) check_masks(c, report);
    } else if (format == "kitti") {
        for (const CameraSample& c : sample.cameras) check_boxes(sample, c, report);
    } else {
        if (next != nullptr && !fit_for_flow(sample, *next)) next = nullptr;
        for (const labels::Violation& v : labels::audit(sample, next)) {
            report(v.camera, v.rule + ": " + v.what);
        }
        if (format == "nuscenes") {
            nuscenes::check_points(sample, [&](const std::string& what) { report("", what); });
        }
    }
    return findings;
}

AuditCounts audit(const Dataset& dataset, const std::function<void(const Finding&)>& found,
                  const std::function<bool(double)>& progress) {
    AuditCounts counts;
    const auto say = [&](const Finding& finding) {
        ++counts.findings;
        found(finding);
    };
    for (const Finding& finding : dataset.check_files()) say(finding);

    // Samples in a row that fail for one reason are one finding.
    std::size_t first_damaged = 0, alike = 0;
    std::string reason;
    const auto say_damaged = [&] {
        if (alike == 0) return;
        const std::string more = alike == 1 ? "" : fmt::format(" and the {} after it", alike - 1);
        say({dataset.place(first_damaged) + more, "cannot be read: " + reason});
        alike = 0;
    };
    // Each sample is read once and compared with the one after it.
    std::optional<Sample> current;
    for (std::size_t i = 0; i <= dataset.size(); ++i) {
        std::optional<Sample> next;
        if (i < dataset.size()) {
            engine::core::Result<Sample> read = dataset.read(i);
            if (read) {
                next = std::move(*read);
                ++counts.samples;
            } else {
                ++counts.damaged;
                if (alike == 0 || read.error().text() != reason) {
                    say_damaged();
                    first_damaged = i;
                    reason = read.error().text();
                }
                ++alike;
            }
        }
        if (next || i == dataset.size()) say_damaged();
        if (current) {
            counts.objects += labels::audited_objects(*current);
            for (const Finding& finding : audit_sample(
                     dataset.format(), *current, next ? &*next : nullptr, dataset.place(i - 1))) {
                say(finding);
            }
        }
        current = std::move(next);
        const double share =
            static_cast<double>(i) / static_cast<double>(std::max<std::size_t>(1, dataset.size()));
        if (progress && !progress(share)) {
            say_damaged();
            return counts;
        }
    }
    return counts;
}

}  // namespace huntsman::sensors::dataset
