// Any bytes as an OpenDRIVE file: read, check, measure, write and read again.
//
//   fuzz_opendrive -dict=tests/fuzz/opendrive.dict -max_len=65536 work_folder tests/fuzz/corpus
#include <cstddef>
#include <cstdint>
#include <string>

#include "engine/core/check.h"
#include "scenarios/opendrive/opendrive.h"
#include "scenarios/opendrive/plot.h"
#include "scenarios/opendrive/survey.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace huntsman::scenarios::opendrive;
    const auto reading = parse(std::string(reinterpret_cast<const char*>(data), size), "fuzz");
    if (!reading.ok()) return 0;
    check(*reading);
    // Small pictures and coarse samples, so that long roads do not take all the time.
    survey(reading->model);
    double length_m = 0;
    for (const auto& road : reading->model.roads) length_m += road.length_m;
    if (length_m < 1e4) {
        sample_csv(reading->model, 50);
        to_svg(plot(reading->model, {.size_px = 200}));
    }
    // What was mended is written soundly: it reads again, and to the same text.
    const std::string text = write(reading->model);
    const auto again = parse(text, "written");
    HM_CHECK(again.ok(), "{}", again.error().text());
    HM_CHECK(write(again->model) == text, "writing is no fixed point");
    return 0;
}
