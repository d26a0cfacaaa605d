// Each rule of the audit lets a right sample pass and names what was changed in a wrong one.
#include "sensors/labels/audit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>

#include "tests/support/box_scene.h"

namespace huntsman::sensors::labels {
namespace {

using tests::support::make_box_sample;
using tests::support::make_box_world;

const engine::world::World& box_world() {
    static const engine::world::World world = make_box_world();
    return world;
}
const Sample& sample_of(std::uint64_t frame) {
    static std::map<std::uint64_t, Sample> made;  // ray casting takes its time
    const auto found = made.find(frame);
    if (found != made.end()) return found->second;
    return made.emplace(frame, make_box_sample(box_world(), "s", frame)).first->second;
}

std::set<std::string> rules(const std::vector<Violation>& violations) {
    std::set<std::string> names;
    for (const Violation& v : violations) names.insert(v.rule);
    return names;
}
std::string text(const std::vector<Violation>& violations) {
    std::string all;
    for (const Violation& v : violations) all += v.camera + " " + v.rule + ": " + v.what + "\n";
    return all;
}

// The rule that a change of the first sample must break.
void expect_broken(const std::string& rule, const std::function<void(Sample&)>& change) {
    Sample sample = sample_of(3);
    change(sample);
    const Sample& next = sample_of(4);
    const auto violations = audit(sample, &next);
    EXPECT_TRUE(rules(violations).contains(rule)) << rule << " is not among\n" << text(violations);
    for (const Violation& v : violations) EXPECT_FALSE(v.what.empty());
}

// An object that a camera sees well.
ObjectInCamera& well_seen(Sample& sample) {
    ObjectInCamera* best = nullptr;
    for (CameraSample& camera : sample.cameras) {
        for (ObjectInCamera& object : camera.objects) {
            if (best == nullptr || object.visible_px > best->visible_px) best = &object;
        }
    }
    return *best;
}

// The first mind, which has beliefs.
MindLabel& minded(Sample& sample) {
    return std::find_if(sample.objects.begin(), sample.objects.end(),
                        [](const ObjectLabel& o) { return o.has_mind; })
        ->mind;
}

TEST(Audit, RightSamplesPass) {
    for (std::uint64_t frame = 0; frame < 6; ++frame) {
        const Sample &sample = sample_of(frame), &next = sample_of(frame + 1);
        const auto violations = audit(sample, &next);
        EXPECT_TRUE(violations.empty()) << text(violations);
        EXPECT_GT(audited_objects(sample), 3U);
    }
}

TEST(Audit, NamesWhatWasBroken) {
    expect_broken("shapes", [](Sample& s) { s.cameras[0].depth_m.pop_back(); });
    expect_broken("shapes", [](Sample& s) { s.cameras[0].depth_m[17] = -1; });
    expect_broken("shapes", [](Sample& s) { s.cameras[0].depth_m[17] = NAN; });
    expect_broken("one_state", [](Sample& s) { s.cameras[1].time_us += 5000; });
    expect_broken("one_state", [](Sample& s) { s.cameras[1].X_WC.p.x += 0.01; });
    expect_broken("visible_mask", [](Sample& s) { well_seen(s).visible_px += 1; });
    expect_broken("visible_mask", [](Sample& s) { well_seen(s).visible.x1 -= 1; });
    expect_broken("amodal",
                  [](Sample& s) { well_seen(s).amodal.x0 = well_seen(s).visible.x0 + 1; });
    expect_broken("amodal", [](Sample& s) { well_seen(s).amodal_inside_px = 1; });
    expect_broken("extent", [](Sample& s) { s.objects[0].size_m.y = 0; });
    expect_broken("normals", [](Sample& s) {
        for (float& n : s.cameras[0].normals_C) n *= 1.1F;
    });
    expect_broken("birds_eye", [](Sample& s) {
        for (std::size_t i = 0; i < s.birds_eye.occupied.size(); ++i) {
            if (s.birds_eye.occupied[i] != 0) continue;
            s.birds_eye.seen_occupied[i] = 1;
            break;
        }
    });
    expect_broken("lidar", [](Sample& s) { s.lidar.points.at(5).z = INFINITY; });
    const auto on_a_car = [](Sample& s) -> LidarPoint& {
        return *std::find_if(s.lidar.points.begin(), s.lidar.points.end(), [](const auto& p) {
            return engine::world::semantic_of(p.id) == engine::world::Semantic::kCar;
        });
    };
    expect_broken("lidar", [&](Sample& s) {  // of another class
        LidarPoint& p = on_a_car(s);
        p.id = engine::world::id_word(engine::world::Semantic::kBus, engine::world::actor_of(p.id));
    });
    expect_broken("lidar", [&](Sample& s) {  // of nobody that has a label
        on_a_car(s).id = engine::world::id_word(engine::world::Semantic::kCar, 4711);
    });
    expect_broken("lidar", [&](Sample& s) { s.lidar.points.push_back(on_a_car(s)); });
    expect_broken("order", [](Sample& s) { std::swap(s.objects[0], s.objects[1]); });
    expect_broken("order", [](Sample& s) { s.objects[0].visible_px += 7; });
}

TEST(Audit, IdentityIsThatOfTheIdBuffer) {
    // A label is missing, is of another class, or the ids bleed into another one.
    expect_broken("identity", [](Sample& s) {
        const ActorId id = well_seen(s).id;
        std::erase_if(s.objects, [&](const ObjectLabel& o) { return o.id == id; });
    });
    expect_broken("identity", [](Sample& s) {
        const ActorId id = well_seen(s).id;
        for (ObjectLabel& o : s.objects) {
            if (o.id == id) o.semantic = engine::world::Semantic::kBus;
            if (o.id == id && o.kind == "bus") o.semantic = engine::world::Semantic::kCar;
        }
    });
    expect_broken("visible_mask", [](Sample& s) {
        // One pixel of an object shows the ground.
        const ObjectInCamera object = well_seen(s);
        for (CameraSample& camera : s.cameras) {
            for (std::uint32_t& word : camera.ids) {
                if (engine::world::actor_of(word) != object.id) continue;
                word = engine::world::id_word(engine::world::Semantic::kRoad, 0);
                return;
            }
        }
    });
}

TEST(Audit, NamesMindsThatCannotBe) {
    expect_broken("minds", [](Sample& s) { minded(s).goes = 1.2; });
    expect_broken("minds", [](Sample& s) { minded(s).gaze_W *= 2; });
    expect_broken("minds", [](Sample& s) { minded(s).seen = {4711}; });
    expect_broken("minds", [](Sample& s) { minded(s).has_seen_ego = false; });
    expect_broken("minds", [](Sample& s) { minded(s).believed_ego->p_W.x += 0.1; });
    expect_broken("minds", [](Sample& s) { minded(s).believed_ego->exists = -0.1; });
    expect_broken("minds", [](Sample& s) { minded(s).believed_ego_mind->has_seen_me = 1.1; });
    expect_broken("minds", [](Sample& s) { minded(s).wrong_beliefs[0].error_m = 9; });
    expect_broken("minds", [](Sample& s) { minded(s).wrong_beliefs[0].error_m.reset(); });
    expect_broken("minds", [](Sample& s) { minded(s).wrong_beliefs[1].error_m = 3; });
    expect_broken("minds", [](Sample& s) {
        auto& wrong = minded(s).wrong_beliefs;
        std::swap(wrong[0], wrong[1]);
    });
    expect_broken("minds", [](Sample& s) {
        auto& belief = minded(s).wrong_beliefs[0];
        belief.p_W.x -= 2;  // a metre off, and just looked at
        belief.error_m = 1;
        belief.unseen_s = 0;
    });
}

TEST(Audit, WhoLiesOnTheGroundHasItsOriginBesideItsCentre) {
    Sample sample = sample_of(3);
    const auto named = [&] { return rules(audit(sample, nullptr)).contains("minds"); };
    ASSERT_FALSE(named());
    bool any = false;
    for (auto& belief : minded(sample).wrong_beliefs) {
        const auto other = std::find_if(sample.objects.begin(), sample.objects.end(),
                                        [&](const ObjectLabel& o) { return o.id == belief.id; });
        if (!belief.error_m || other == sample.objects.end()) continue;
        any = true;
        // A quarter of the height farther than the origin of somebody upright can be.
        belief.error_m = glm::length(engine::math::xy(belief.p_W - other->X_WO.p)) +
                         0.5 * glm::length(engine::math::xy(other->size_m)) +
                         0.25 * other->size_m.z;
        EXPECT_TRUE(named());
        other->X_WO.q = glm::angleAxis(0.5 * engine::math::kPi, engine::math::Vec3(1, 0, 0));
        EXPECT_FALSE(named());
    }
    EXPECT_TRUE(any);
}

TEST(Audit, BoxesHoldWhatIsSeenOfThem) {
    // Shifted by half a metre, shrunk to a third, turned.
    const auto box = [](const std::function<void(ObjectLabel&)>& change) {
        return [change](Sample& s) {
            const ActorId id = well_seen(s).id;
            for (ObjectLabel& o : s.objects) {
                if (o.id == id) change(o);
            }
        };
    };
    expect_broken("inside_box", box([](ObjectLabel& o) { o.X_WO.p += Vec3(0.5, 0.5, 0); }));
    expect_broken("inside_box", box([](ObjectLabel& o) { o.size_m /= 3.0; }));
    expect_broken("box_to_mask", box([](ObjectLabel& o) { o.X_WO.p.z += 1.0; }));
    expect_broken("box_to_mask", box([](ObjectLabel& o) { o.size_m *= 3.0; }));
}

TEST(Audit, FlowFollowsDepthAndMotion) {
    expect_broken("flow", [](Sample& s) {
        for (float& f : s.cameras[0].flow_next) f += 0.5F;
    });
    expect_broken("flow", [](Sample& s) {
        for (float& d : s.cameras[0].depth_m) d *= 1.5F;
    });
}

TEST(Audit, PartsThatAreNotThereAreNotAskedFor) {
    Sample sample = sample_of(2);
    for (CameraSample& camera : sample.cameras) {
        camera.normals_C.clear();
        camera.flow_next.clear();
        camera.flow_previous.clear();
        camera.image = {};
    }
    sample.birds_eye = {};
    sample.lidar = {};
    EXPECT_TRUE(audit(sample).empty()) << text(audit(sample));
}

}  // namespace
}  // namespace huntsman::sensors::labels
