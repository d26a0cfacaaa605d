// Bytes as text, for pictures inside of pages [RFC 4648, section 4].
#pragma once

#include <string>
#include <string_view>

namespace huntsman::sensors::encode {

std::string base64(std::string_view bytes);

}  // namespace huntsman::sensors::encode
