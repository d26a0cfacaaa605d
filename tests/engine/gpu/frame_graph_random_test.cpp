// Compilation of frame graphs: what must hold for any graph, over random ones.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <span>

#include "engine/core/random.h"
#include "engine/gpu/frame_graph.h"

namespace huntsman::engine::gpu {
namespace {

using core::Key;

FramePlan plan_of(const FrameGraph& graph) {
    auto plan = compile(graph);
    EXPECT_TRUE(plan.ok()) << (plan.ok() ? "" : plan.error().text());
    return plan.ok() ? *plan : FramePlan{};
}

constexpr std::uint32_t kResources = 6, kLayers = 2;

// Up to 14 passes over six resources; reads come after writes, in the order of declaration.
FrameGraph random_graph(Key key, std::vector<History>& histories) {
    FrameGraph graph;
    histories.assign(kResources, {});
    std::vector<Resource> resources;
    for (std::uint32_t r = 0; r < kResources; ++r) {
        const Key k = key.with(r);
        const Origin origin = k.index(2, 0) == 0 ? Origin::kImported : Origin::kScratch;
        const bool is_image = k.index(2, 1) == 0;
        resources.push_back(graph.add_resource({.name = fmt::format("r{}", r),
                                                .origin = origin,
                                                .is_image = is_image,
                                                .layers = is_image ? kLayers : 1,
                                                .history = &histories[r]}));
    }
    std::set<std::pair<std::uint32_t, std::uint32_t>> written;
    const std::uint64_t passes = 1 + key.index(14, 1);
    for (std::uint64_t p = 0; p < passes; ++p) {
        const Key k = key.with("pass").with(p);
        Pass pass{.name = fmt::format("p{}", p), .needed = k.index(8, 0) == 0};
        for (std::uint32_t r = 0; r < kResources; ++r) {
            const Key q = k.with(r);
            if (q.index(5, 0) > 1) continue;
            const ResourceInfo& info = graph.resources()[r];
            const bool whole = !info.is_image || q.index(2, 1) == 0;
            const auto layer = static_cast<std::uint32_t>(q.index(kLayers, 2));
            bool has_content = true;
            for (std::uint32_t l = 0; l < info.layers; ++l) {
                if (whole || l == layer) has_content = has_content && written.count({r, l}) > 0;
            }
            auto mode = static_cast<Mode>(q.index(3, 3));
            if (!has_content) mode = Mode::kWrite;
            const Use image_reads[] = {Use::kSampledCompute, Use::kSampledFragment, Use::kCopy};
            const Use image_writes[] = {Use::kColourAttachment, Use::kStorage, Use::kCopy};
            const Use buffer_reads[] = {Use::kStorage, Use::kCopy, Use::kIndirect};
            const Use buffer_writes[] = {Use::kStorage, Use::kCopy, Use::kStorage};
            const std::uint64_t pick = q.index(3, 4);
            const Use use = mode == Mode::kRead
                                ? (info.is_image ? image_reads : buffer_reads)[pick]
                                : (info.is_image ? image_writes : buffer_writes)[pick];
            pass.uses.push_back({resources[r], use, mode, whole ? kAllLayers : layer});
            for (std::uint32_t l = 0; l < info.layers; ++l) {
                if (mode != Mode::kRead && (whole || l == layer)) written.insert({r, l});
            }
        }
        graph.add_pass(std::move(pass));
    }
    return graph;
}

bool touches(const FrameGraph& graph, const PassUse& use, std::uint32_t r, std::uint32_t l) {
    return use.resource.index == r && l < graph.resources()[r].layers &&
           (use.layer == kAllLayers || use.layer == l);
}

// What a pass sees in each layer it reads: the pass that wrote there last.
using Seen = std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>;
Seen run_passes(const FrameGraph& graph, std::span<const std::uint32_t> order,
                std::map<std::uint32_t, Seen>& of_pass) {
    constexpr std::uint32_t kBefore = 1000;
    Seen content;
    for (const std::uint32_t p : order) {
        for (const PassUse& use : graph.passes()[p].uses) {
            for (std::uint32_t l = 0; l < kLayers; ++l) {
                const std::pair at(use.resource.index, l);
                if (!touches(graph, use, at.first, l)) continue;
                if (use.mode != Mode::kWrite) {
                    of_pass[p][at] = content.count(at) ? content[at] : kBefore;
                }
            }
        }
        for (const PassUse& use : graph.passes()[p].uses) {
            for (std::uint32_t l = 0; l < kLayers; ++l) {
                const bool hit = touches(graph, use, use.resource.index, l);
                if (hit && use.mode != Mode::kRead) content[{use.resource.index, l}] = p;
            }
        }
    }
    return content;
}

TEST(RandomFrameGraph, EachReadSeesItsLatestDeclaredWrite) {
    for (std::uint64_t i = 0; i < 400; ++i) {
        std::vector<History> histories;
        const FrameGraph graph = random_graph(Key(17).with(i), histories);
        const FramePlan plan = plan_of(graph);
        std::vector<std::uint32_t> declared, compiled;
        for (std::uint32_t p = 0; p < graph.passes().size(); ++p) declared.push_back(p);
        for (const Step& step : plan.steps) compiled.push_back(step.pass);
        std::map<std::uint32_t, Seen> expected, seen;
        const Seen left = run_passes(graph, declared, expected);
        const Seen found = run_passes(graph, compiled, seen);
        for (const auto& [pass, what] : seen) EXPECT_EQ(what, expected[pass]) << "graph " << i;
        for (const auto& [at, writer] : left) {
            if (graph.resources()[at.first].origin != Origin::kImported) continue;
            ASSERT_TRUE(found.count(at)) << "graph " << i;
            EXPECT_EQ(found.at(at), writer) << "graph " << i;
        }
    }
}

TEST(RandomFrameGraph, ExactlyWhatIsNotNeededIsDropped) {
    for (std::uint64_t i = 0; i < 400; ++i) {
        std::vector<History> histories;
        const FrameGraph graph = random_graph(Key(18).with(i), histories);
        const FramePlan plan = plan_of(graph);
        // Need spreads from what is seen after the frame to what was seen on the way there.
        std::vector<std::uint32_t> declared;
        for (std::uint32_t p = 0; p < graph.passes().size(); ++p) declared.push_back(p);
        std::map<std::uint32_t, Seen> seen;
        const Seen left = run_passes(graph, declared, seen);
        std::set<std::uint32_t> needed;
        for (const std::uint32_t p : declared) {
            if (graph.passes()[p].needed) needed.insert(p);
        }
        for (const auto& [at, writer] : left) {
            if (graph.resources()[at.first].origin == Origin::kImported) needed.insert(writer);
        }
        for (std::size_t before = 0; before != needed.size();) {
            before = needed.size();
            for (const std::uint32_t p : std::set(needed)) {
                for (const auto& [at, writer] : seen[p]) {
                    if (writer < graph.passes().size()) needed.insert(writer);
                }
            }
        }
        for (const std::uint32_t p : declared) {
            const bool dropped =
                std::find(plan.dropped.begin(), plan.dropped.end(), p) != plan.dropped.end();
            EXPECT_EQ(dropped, needed.count(p) == 0) << "graph " << i << " pass " << p;
        }
    }
}

// Follows one layer through a frame by Vulkan's rules and says what is wrong.
class Hazards {
  public:
    explicit Hazards(const Usage& before) : layout_(before.layout) {
        if (before.stage == VK_PIPELINE_STAGE_2_NONE) return;
        written_ = before.access & kWrites;
        pending_.push_back({before.stage, false});
        // A read of the frame before had what it read.
        visible_stage_ = before.stage;
        visible_access_ = before.access;
        available_ = written_ == 0;
    }
    void barrier(const PlannedBarrier& b) {
        bool chained = pending_.empty();
        for (Pending& p : pending_) {
            // A barrier waits for the stages it names, and for all that those waited for.
            const bool waits =
                p.waited ? (p.stages & b.from.stage) != 0 : (p.stages & ~b.from.stage) == 0;
            if (!waits) continue;
            p.stages = b.to.stage | (p.waited ? p.stages : 0);
            p.waited = chained = true;
        }
        if (!chained) return;
        available_ = available_ || (b.from.access & written_) == written_;
        visible_stage_ |= b.to.stage;
        visible_access_ |= b.to.access;
        layout_ = b.to.layout;
    }
    std::string use(const Usage& usage, Mode mode, bool is_image) {
        if (is_image && layout_ != usage.layout) return "layout";
        if (mode != Mode::kWrite && written_ != 0) {
            if (!available_) return "unavailable";
            if (usage.stage & ~visible_stage_) return "invisible to the stage";
            if (usage.access & ~visible_access_) return "invisible to the access";
        }
        if (mode != Mode::kRead) {
            for (const Pending& p : pending_) {
                if (!p.waited || (usage.stage & ~p.stages)) return "order";
            }
            *this = Hazards(usage);
            visible_stage_ = visible_access_ = 0;
        } else {
            pending_.push_back({usage.stage, false});
        }
        return "";
    }

  private:
    static constexpr VkAccessFlags2 kWrites =
        VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT | VK_ACCESS_2_SHADER_STORAGE_WRITE_BIT |
        VK_ACCESS_2_TRANSFER_WRITE_BIT | VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT;
    // An access since the last write, that write among them, and the stages that wait for it.
    struct Pending {
        VkPipelineStageFlags2 stages = 0;
        bool waited = false;
    };
    VkImageLayout layout_;
    VkAccessFlags2 written_ = 0;
    bool available_ = true;
    std::vector<Pending> pending_;
    VkPipelineStageFlags2 visible_stage_ = 0;
    VkAccessFlags2 visible_access_ = 0;
};

TEST(RandomFrameGraph, BarriersCoverEveryHazardOverThreeFrames) {
    int barriers = 0, uses = 0;
    for (std::uint64_t i = 0; i < 400; ++i) {
        std::vector<History> histories;
        const FrameGraph graph = random_graph(Key(20).with(i), histories);
        for (int frame = 0; frame < 3; ++frame) {
            const FramePlan plan = plan_of(graph);
            for (std::uint32_t r = 0; r < kResources; ++r) {
                const ResourceInfo& info = graph.resources()[r];
                for (std::uint32_t l = 0; l < info.layers; ++l) {
                    Hazards hazards(histories[r].empty() ? Usage{} : histories[r][l]);
                    for (const Step& step : plan.steps) {
                        for (const PlannedBarrier& b : step.barriers) {
                            const bool here = b.resource == r && b.first_layer <= l &&
                                              l < b.first_layer + b.layers;
                            if (here) hazards.barrier(b);
                            barriers += here;
                        }
                        for (const PassUse& use : graph.passes()[step.pass].uses) {
                            if (!touches(graph, use, r, l)) continue;
                            ++uses;
                            EXPECT_EQ(hazards.use(usage_of(use.use, use.mode, info.is_image),
                                                  use.mode, info.is_image),
                                      "")
                                << "graph " << i << " frame " << frame << " pass " << step.pass
                                << " resource " << r << "\n"
                                << to_text(graph, plan);
                        }
                    }
                }
            }
            histories = plan.after;
        }
    }
    EXPECT_GT(uses, 5000);
    EXPECT_LT(barriers, uses);  // some reads share one
}

TEST(RandomFrameGraph, AnyOrderOfDeclarationIsPutRight) {
    for (std::uint64_t i = 0; i < 200; ++i) {
        // A chain of images, each written once and read by some later ones, then shuffled.
        const Key key = Key(21).with(i);
        constexpr std::uint32_t kPasses = 8;
        FrameGraph graph;
        std::vector<Resource> resources;
        std::vector<Pass> passes;
        for (std::uint32_t p = 0; p < kPasses; ++p) {
            resources.push_back(
                graph.add_resource({.name = fmt::format("r{}", p), .is_image = true}));
            Pass pass{.name = fmt::format("p{}", p),
                      .uses = {writes(resources[p], Use::kColourAttachment)},
                      .needed = true};
            for (std::uint32_t q = 0; q < p; ++q) {
                if (key.with(p).index(2, q) == 0) {
                    pass.uses.push_back(reads(resources[q], Use::kSampledFragment));
                }
            }
            passes.push_back(std::move(pass));
        }
        for (std::size_t p = kPasses - 1; p > 0; --p) {
            std::swap(passes[p], passes[key.with("swap").index(p + 1, p)]);
        }
        for (const Pass& pass : passes) graph.add_pass(pass);
        const FramePlan plan = plan_of(graph);
        ASSERT_EQ(plan.steps.size(), kPasses);
        std::set<std::uint32_t> done;
        for (const Step& step : plan.steps) {
            for (const PassUse& use : passes[step.pass].uses) {
                const bool met = done.count(use.resource.index) > 0;
                EXPECT_TRUE(use.mode == Mode::kWrite || met) << "graph " << i;
            }
            done.insert(passes[step.pass].uses[0].resource.index);
        }
    }
}

}  // namespace
}  // namespace huntsman::engine::gpu
