// Definitions of protobuf messages, as MCAP files carry them.
#pragma once

#include <string>

namespace google::protobuf {
class Descriptor;
class MessageLite;
}  // namespace google::protobuf

namespace huntsman::bridge::trace {

// A serialized FileDescriptorSet of the file that defines the message and of all that it imports,
// each after what it imports itself.
std::string schema_of(const google::protobuf::Descriptor& message);

// The message's bytes, the same whenever it has the same content.
void serialize(const google::protobuf::MessageLite& message, std::string& bytes);

// "3.21.12": the version of the library.
std::string protobuf_version();

}  // namespace huntsman::bridge::trace
