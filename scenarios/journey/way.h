// The ego's way as a user gives it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "engine/math/vec.h"

namespace huntsman::scenarios::journey {

// Places are "ROAD,LANE,S" (a road's id, a lane of it, metres along its reference line) or "X,Y"
// (metres in the map's own coordinates; the driven lane nearest to them).
struct Way {
    std::string from, to;          // empty: chosen as without a way
    std::vector<std::string> via;  // passed in this order; only with both ends

    bool given() const { return !from.empty() || !to.empty(); }
};

// Places that are separated by ';'.
inline std::vector<std::string> places_of(const std::string& text) {
    std::vector<std::string> places;
    std::size_t begin = 0;
    while (begin < text.size()) {
        const std::size_t end = std::min(text.find(';', begin), text.size());
        places.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return places;
}

}  // namespace huntsman::scenarios::journey
