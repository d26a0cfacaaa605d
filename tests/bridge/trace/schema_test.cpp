#include "bridge/trace/schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <gtest/gtest.h>

#include <set>

#include "bridge/messages/drive.pb.h"

namespace huntsman::bridge::trace {
namespace {

TEST(Schema, HoldsAllImportsBeforeTheirUse) {
    google::protobuf::FileDescriptorSet files;
    ASSERT_TRUE(files.ParseFromString(schema_of(*messages::Frame::descriptor())));
    ASSERT_EQ(files.file_size(), 2);
    EXPECT_EQ(files.file(0).name(), "huntsman.proto");
    EXPECT_EQ(files.file(1).name(), "drive.proto");
}

TEST(Schema, SerializingReplacesWhatWasThere) {
    messages::RoutePoint point;
    point.set_s_m(1);
    std::string bytes = "old";
    serialize(point, bytes);
    EXPECT_EQ(bytes, point.SerializeAsString());
}

}  // namespace
}  // namespace huntsman::bridge::trace
