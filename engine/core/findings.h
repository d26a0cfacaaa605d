// What is noticed in a file that others wrote: findings with their lines, graded by severity.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace huntsman::engine::core {

// Note: harmless, or left out on purpose. Warning: mended, or of little consequence. Error: the
// file is wrong there, and something was left out or may not work.
enum class Severity : std::uint8_t { kNote, kWarning, kError };
const char* name(Severity severity);  // "note", "warning", "error"

struct Finding {
    Severity severity = Severity::kNote;
    int line = 0;            // of the file, from 1; 0: none known
    std::string rule;        // short and stable: "road.link.one-sided"
    std::string message;     // one sentence that names the place
    std::uint32_t file = 0;  // which file, where one reading opens several
    friend bool operator==(const Finding&, const Finding&) = default;
};

// Collects findings, at most a fixed number of each rule, so that a broken file of 200 MB does not
// become a report of gigabytes.
class Findings {
  public:
    void add(Severity severity, int line, std::string_view rule, std::string message,
             std::uint32_t file = 0);
    // The first finding that is an error; nullptr where there is none.
    const Finding* first_error() const;
    // Ends with one finding for each rule of which some were left out.
    std::vector<Finding> take();

  private:
    static constexpr int kMaxPerRule = 200;
    struct Count {
        std::uint64_t number = 0;
        Severity worst = Severity::kNote;
    };
    std::vector<Finding> list_;
    std::map<std::string, Count, std::less<>> counts_;
};

}  // namespace huntsman::engine::core
