// Compilation of frame graphs: known answers for small graphs.
#include "engine/gpu/frame_graph.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace huntsman::engine::gpu {
namespace {

Resource image(FrameGraph& graph, const char* name, Origin origin, std::uint32_t layers = 1,
               History* history = nullptr) {
    return graph.add_resource(
        {.name = name, .origin = origin, .is_image = true, .layers = layers, .history = history});
}
Resource buffer(FrameGraph& graph, const char* name, Origin origin, History* history = nullptr) {
    return graph.add_resource({.name = name, .origin = origin, .history = history});
}

FramePlan plan_of(const FrameGraph& graph) {
    auto plan = compile(graph);
    EXPECT_TRUE(plan.ok()) << (plan.ok() ? "" : plan.error().text());
    return plan.ok() ? *plan : FramePlan{};
}
std::string error_of(const FrameGraph& graph) {
    const auto plan = compile(graph);
    return plan.ok() ? "no error" : plan.error().message;
}
std::vector<std::string> order_of(const FrameGraph& graph, const FramePlan& plan) {
    std::vector<std::string> names;
    for (const Step& step : plan.steps) names.push_back(graph.passes()[step.pass].name);
    return names;
}
using Names = std::vector<std::string>;

// --- Known answers ---

TEST(FrameGraph, RasterThenResolveThenReadBackHasTheseBarriers) {
    FrameGraph graph;
    const Resource colour = image(graph, "colour", Origin::kScratch);
    const Resource depth = image(graph, "depth", Origin::kScratch);
    const Resource pixels = buffer(graph, "pixels", Origin::kScratch);
    const Resource copy = buffer(graph, "copy", Origin::kScratch);
    graph.add_pass(
        {.name = "draw",
         .uses = {writes(colour, Use::kColourAttachment), writes(depth, Use::kDepthAttachment)}});
    graph.add_pass({.name = "shade",
                    .uses = {reads(colour, Use::kSampledCompute),
                             reads(depth, Use::kSampledCompute), writes(pixels, Use::kStorage)}});
    graph.add_pass({.name = "copy", .uses = {reads(pixels, Use::kCopy), writes(copy, Use::kCopy)}});
    graph.add_pass({.name = "host", .uses = {reads(copy, Use::kHost)}, .needed = true});
    EXPECT_EQ(to_text(graph, plan_of(graph)),
              "     | colour: nothing -> colour, undefined -> colour attachment\n"
              "     | depth: nothing -> depth, undefined -> depth attachment\n"
              "   0 draw\n"
              "     | colour: colour -> compute, colour attachment -> sampled\n"
              "     | depth: depth -> compute, depth attachment -> sampled\n"
              "   1 shade\n"
              "     | pixels: compute -> copy\n"
              "   2 copy\n"
              "     | copy: copy -> host\n"
              "   3 host\n");
}

TEST(FrameGraph, ReadsInOneLayoutShareOneBarrier) {
    FrameGraph graph;
    const Resource map = image(graph, "map", Origin::kScratch);
    const Resource a = buffer(graph, "a", Origin::kImported);
    const Resource b = buffer(graph, "b", Origin::kImported);
    graph.add_pass({.name = "draw", .uses = {writes(map, Use::kDepthAttachment)}});
    graph.add_pass(
        {.name = "one", .uses = {reads(map, Use::kSampledCompute), writes(a, Use::kStorage)}});
    graph.add_pass(
        {.name = "two", .uses = {reads(map, Use::kSampledFragment), writes(b, Use::kStorage)}});
    const FramePlan plan = plan_of(graph);
    ASSERT_EQ(plan.steps.size(), 3U);
    ASSERT_EQ(plan.steps[1].barriers.size(), 1U);
    EXPECT_EQ(plan.steps[1].barriers[0].to.stage,
              VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT);
    EXPECT_EQ(plan.steps[1].barriers[0].from.access,
              VK_ACCESS_2_DEPTH_STENCIL_ATTACHMENT_WRITE_BIT);
    EXPECT_TRUE(plan.steps[2].barriers.empty());
}

TEST(FrameGraph, AnotherLayoutNeedsABarrierEvenBetweenReads) {
    FrameGraph graph;
    const Resource ids = image(graph, "ids", Origin::kScratch);
    const Resource out = buffer(graph, "out", Origin::kImported);
    const Resource seen = buffer(graph, "seen", Origin::kImported);
    graph.add_pass({.name = "draw", .uses = {writes(ids, Use::kColourAttachment)}});
    graph.add_pass(
        {.name = "shade", .uses = {reads(ids, Use::kSampledCompute), writes(seen, Use::kStorage)}});
    graph.add_pass({.name = "copy", .uses = {reads(ids, Use::kCopy), writes(out, Use::kCopy)}});
    const FramePlan plan = plan_of(graph);
    ASSERT_EQ(plan.steps.size(), 3U);
    ASSERT_EQ(plan.steps[2].barriers.size(), 1U);
    const PlannedBarrier& b = plan.steps[2].barriers[0];
    // It waits for the sampling and has no write of it to make available.
    EXPECT_EQ(b.from, (Usage{VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT, 0,
                             VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL}));
    EXPECT_EQ(b.to, (Usage{VK_PIPELINE_STAGE_2_COPY_BIT, VK_ACCESS_2_TRANSFER_READ_BIT,
                           VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL}));
}

TEST(FrameGraph, WriteAfterReadWaitsForTheReaderOnly) {
    FrameGraph graph;
    const Resource a = buffer(graph, "a", Origin::kImported);
    const Resource b = buffer(graph, "b", Origin::kImported);
    graph.add_pass({.name = "fill", .uses = {writes(a, Use::kStorage)}});
    graph.add_pass({.name = "copy", .uses = {reads(a, Use::kCopy), writes(b, Use::kCopy)}});
    graph.add_pass({.name = "refill", .uses = {writes(a, Use::kStorage)}});
    const FramePlan plan = plan_of(graph);
    EXPECT_EQ(order_of(graph, plan), (Names{"fill", "copy", "refill"}));
    ASSERT_EQ(plan.steps[2].barriers.size(), 1U);
    EXPECT_EQ(plan.steps[2].barriers[0].from.stage, VK_PIPELINE_STAGE_2_COPY_BIT);
    EXPECT_EQ(plan.steps[2].barriers[0].from.access, VK_ACCESS_2_NONE);
}

TEST(FrameGraph, DrawingOnTopKeepsTheContentAndTheOrder) {
    FrameGraph graph;
    const Resource target = image(graph, "target", Origin::kImported);
    graph.add_pass({.name = "first", .uses = {writes(target, Use::kColourAttachment)}});
    graph.add_pass({.name = "second", .uses = {modifies(target, Use::kColourAttachment)}});
    const FramePlan plan = plan_of(graph);
    EXPECT_EQ(order_of(graph, plan), (Names{"first", "second"}));
    ASSERT_EQ(plan.steps[1].barriers.size(), 1U);
    const PlannedBarrier& b = plan.steps[1].barriers[0];
    EXPECT_EQ(b.from.layout, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL);
    EXPECT_EQ(b.from.access, VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT);
    EXPECT_EQ(b.to.access,
              VK_ACCESS_2_COLOR_ATTACHMENT_READ_BIT | VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT);
}

TEST(FrameGraph, LayersAreFollowedOneByOne) {
    FrameGraph graph;
    const Usage sampled{VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT, VK_ACCESS_2_SHADER_SAMPLED_READ_BIT,
                        VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL};
    History history(3, sampled);
    const Resource map = image(graph, "map", Origin::kImported, 3, &history);
    const Resource out = buffer(graph, "out", Origin::kImported);
    graph.add_pass({.name = "middle", .uses = {modifies(map, Use::kDepthAttachment, 1)}});
    graph.add_pass(
        {.name = "shade", .uses = {reads(map, Use::kSampledCompute), writes(out, Use::kStorage)}});
    EXPECT_EQ(to_text(graph, plan_of(graph)),
              "     | map layer 1: compute -> depth, sampled -> depth attachment\n"
              "   0 middle\n"
              "     | map layer 1: depth -> compute, depth attachment -> sampled\n"
              "   1 shade\n");
}

TEST(FrameGraph, ImportedResourcesGoOnWhereTheLastFrameLeftThem) {
    History history;
    const auto declare = [&](FrameGraph& graph, bool write) {
        const Resource map = image(graph, "map", Origin::kImported, 1, &history);
        const Resource out = buffer(graph, "out", Origin::kImported);
        if (write) graph.add_pass({.name = "copy", .uses = {writes(map, Use::kCopy)}});
        graph.add_pass({.name = "shade",
                        .uses = {reads(map, Use::kSampledCompute), writes(out, Use::kStorage)}});
    };
    FrameGraph first, second, third;
    declare(first, true);
    history = plan_of(first).after[0];
    EXPECT_EQ(history[0].layout, VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL);
    // Reading it again as before needs nothing.
    declare(second, false);
    const FramePlan again = plan_of(second);
    EXPECT_TRUE(again.steps[0].barriers.empty());
    EXPECT_EQ(again.after[0], history);
    // Replacing it waits for the sampling of the frame before and drops what was there.
    declare(third, true);
    const FramePlan renewed = plan_of(third);
    ASSERT_EQ(renewed.steps[0].barriers.size(), 1U);
    EXPECT_EQ(renewed.steps[0].barriers[0].from,
              (Usage{VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT, 0, VK_IMAGE_LAYOUT_UNDEFINED}));
}

TEST(FrameGraph, WhatTheHostReadNeedsNoBarrierInTheNextFrame) {
    History history;
    FrameGraph graph;
    const Resource out = buffer(graph, "out", Origin::kImported, &history);
    graph.add_pass({.name = "shade", .uses = {writes(out, Use::kStorage)}});
    graph.add_pass({.name = "host", .uses = {reads(out, Use::kHost)}, .needed = true});
    history = plan_of(graph).after[0];
    EXPECT_TRUE(plan_of(graph).steps[0].barriers.empty());
}

TEST(FrameGraph, PassesWhoseResultsNobodyNeedsAreDropped) {
    FrameGraph graph;
    const Resource a = image(graph, "a", Origin::kScratch);
    const Resource b = image(graph, "b", Origin::kScratch);
    const Resource kept = buffer(graph, "kept", Origin::kImported);
    graph.add_pass({.name = "draws a", .uses = {writes(a, Use::kColourAttachment)}});
    graph.add_pass({.name = "draws b", .uses = {writes(b, Use::kColourAttachment)}});
    graph.add_pass({.name = "overwritten", .uses = {writes(kept, Use::kCopy)}});
    graph.add_pass({.name = "a to kept",
                    .uses = {reads(a, Use::kSampledCompute), writes(kept, Use::kStorage)}});
    graph.add_pass({.name = "b to nowhere", .uses = {modifies(b, Use::kColourAttachment)}});
    const FramePlan plan = plan_of(graph);
    EXPECT_EQ(order_of(graph, plan), (Names{"draws a", "a to kept"}));
    EXPECT_EQ(plan.dropped, (std::vector<std::uint32_t>{1, 2, 4}));
    EXPECT_NE(to_text(graph, plan).find("dropped draws b"), std::string::npos);
}

TEST(FrameGraph, AReadBeforeTheOnlyWriteWaitsForIt) {
    FrameGraph graph;
    const Resource a = image(graph, "a", Origin::kScratch);
    const Resource out = buffer(graph, "out", Origin::kImported);
    const Resource other = buffer(graph, "other", Origin::kImported);
    graph.add_pass(
        {.name = "shade", .uses = {reads(a, Use::kSampledCompute), writes(out, Use::kStorage)}});
    graph.add_pass({.name = "apart", .uses = {writes(other, Use::kStorage)}});
    graph.add_pass({.name = "draw", .uses = {writes(a, Use::kColourAttachment)}});
    EXPECT_EQ(order_of(graph, plan_of(graph)), (Names{"apart", "draw", "shade"}));
}

// --- Bad graphs ---

TEST(FrameGraph, ErrorsNameThePassAndTheResource) {
    {
        FrameGraph graph;
        const Resource a = image(graph, "a", Origin::kScratch, 2);
        graph.add_pass({.name = "draw", .uses = {writes(a, Use::kColourAttachment, 0)}});
        graph.add_pass({.name = "shade", .uses = {reads(a, Use::kSampledCompute)}, .needed = true});
        EXPECT_EQ(error_of(graph), "pass \"shade\" reads \"a\" layer 1, which no pass writes");
    }
    {
        FrameGraph graph;
        const Resource a = image(graph, "a", Origin::kScratch);
        const Resource b = image(graph, "b", Origin::kScratch);
        graph.add_pass(
            {.name = "x",
             .uses = {reads(b, Use::kSampledFragment), writes(a, Use::kColourAttachment)},
             .needed = true});
        graph.add_pass(
            {.name = "y",
             .uses = {reads(a, Use::kSampledFragment), writes(b, Use::kColourAttachment)}});
        EXPECT_EQ(error_of(graph), "passes go in a circle: \"x\" waits for \"y\" waits for \"x\"");
    }
    {
        FrameGraph graph;
        graph.add_pass({.name = "x"});
        graph.add_pass({.name = "x"});
        EXPECT_EQ(error_of(graph), "two passes of the frame have the name \"x\"");
    }
    {
        FrameGraph graph;
        image(graph, "a", Origin::kScratch);
        buffer(graph, "a", Origin::kImported);
        EXPECT_EQ(error_of(graph), "two resources of the frame have the name \"a\"");
    }
    {
        FrameGraph graph;
        const Resource a = image(graph, "a", Origin::kReadOnly);
        graph.add_pass({.name = "x", .uses = {writes(a, Use::kStorage)}});
        EXPECT_EQ(error_of(graph), "pass \"x\" cannot use \"a\": it is read-only");
    }
    {
        FrameGraph graph;
        const Resource a = image(graph, "a", Origin::kImported);
        graph.add_pass({.name = "x", .uses = {reads(a, Use::kSampledCompute)}, .needed = true});
        EXPECT_EQ(error_of(graph), "pass \"x\" reads \"a\", which has no content yet");
    }
    {
        FrameGraph graph;
        const Resource a = image(graph, "a", Origin::kScratch);
        graph.add_pass(
            {.name = "x",
             .uses = {writes(a, Use::kColourAttachment), reads(a, Use::kSampledFragment)}});
        EXPECT_EQ(error_of(graph),
                  "pass \"x\" cannot use \"a\": two of its uses there contradict each other");
    }
    {
        FrameGraph graph;
        const Resource a = image(graph, "a", Origin::kScratch, 2);
        graph.add_pass({.name = "x", .uses = {writes(a, Use::kStorage, 2)}});
        EXPECT_EQ(error_of(graph), "pass \"x\" cannot use \"a\": layer 2 is asked for, it has 2");
    }
    {
        FrameGraph graph;
        const Resource a = buffer(graph, "a", Origin::kScratch);
        graph.add_pass({.name = "x", .uses = {writes(a, Use::kColourAttachment)}});
        EXPECT_EQ(error_of(graph), "pass \"x\" cannot use \"a\": buffers cannot be attachments");
    }
}

TEST(FrameGraph, AnEmptyGraphIsAnEmptyPlan) {
    const FrameGraph graph;
    const FramePlan plan = plan_of(graph);
    EXPECT_TRUE(plan.steps.empty());
    EXPECT_EQ(to_text(graph, plan), "");
}

}  // namespace
}  // namespace huntsman::engine::gpu
