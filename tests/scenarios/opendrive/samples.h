// Small OpenDRIVE texts for tests.
#pragma once

#include <fmt/format.h>

#include <string>
#include <vector>

#include "scenarios/opendrive/opendrive.h"

namespace huntsman::scenarios::opendrive {

inline std::string document(const std::string& body) {
    return "<?xml version=\"1.0\"?>\n<OpenDRIVE>\n<header revMajor=\"1\" revMinor=\"6\"/>\n" +
           body + "\n</OpenDRIVE>\n";
}

inline const char* const kTwoLanes = R"(<lanes><laneSection s="0">
<left><lane id="1" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></left>
<center><lane id="0" type="none"/></center>
<right><lane id="-1" type="driving"><width sOffset="0" a="3.5" b="0" c="0" d="0"/></lane></right>
</laneSection></lanes>)";

// A straight road eastwards from x.
struct Straight {
    std::string id = "1";
    double x = 0, y = 0, length = 100;
    std::string link, lanes = kTwoLanes, junction = "-1", more;

    std::string text() const {
        return fmt::format(
            "<road id=\"{}\" junction=\"{}\" length=\"{}\">\n<link>{}</link>\n"
            "<planView><geometry s=\"0\" x=\"{}\" y=\"{}\" hdg=\"0\" length=\"{}\"><line/>"
            "</geometry></planView>\n{}\n{}</road>\n",
            id, junction, length, link, x, y, length, lanes, more);
    }
};

inline bool has(const std::vector<Finding>& findings, const std::string& rule) {
    for (const Finding& finding : findings) {
        if (finding.rule == rule) return true;
    }
    return false;
}
inline std::string all(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings)
        text += fmt::format("{}:{}: {}: {}\n", finding.line, name(finding.severity), finding.rule,
                            finding.message);
    return text;
}

}  // namespace huntsman::scenarios::opendrive
