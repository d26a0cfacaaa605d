#include "bridge/trace/schema.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <set>

namespace huntsman::bridge::trace {

namespace protobuf = google::protobuf;

namespace {

void add_file(const protobuf::FileDescriptor& file, std::set<std::string>& seen,
              protobuf::FileDescriptorSet& files) {
    if (!seen.insert(file.name()).second) return;
    for (int i = 0; i < file.dependency_count(); ++i) add_file(*file.dependency(i), seen, files);
    file.CopyTo(files.add_file());
}

}  // namespace

std::string schema_of(const protobuf::Descriptor& message) {
    protobuf::FileDescriptorSet files;
    std::set<std::string> seen;
    add_file(*message.file(), seen, files);
    std::string bytes;
    serialize(files, bytes);
    return bytes;
}

void serialize(const protobuf::MessageLite& message, std::string& bytes) {
    bytes.clear();
    protobuf::io::StringOutputStream stream(&bytes);
    protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    message.SerializeToCodedStream(&coded);
}

std::string protobuf_version() {
    return protobuf::internal::VersionString(GOOGLE_PROTOBUF_VERSION);
}

}  // namespace huntsman::bridge::trace
