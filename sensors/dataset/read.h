// Datasets back into samples, for the audit and the inspector. A format gives back what it holds;
// the rest of the sample stays empty (docs/formats.md).
//
// Damaged data never end the program: an error names the file, the sample and what was expected.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "sensors/dataset/dataset.h"

namespace huntsman::sensors::dataset {

// Something that is wrong with a dataset.
struct Finding {
    std::string place;  // "scene town-7, sample 3, camera main, object 12" or a file
    std::string what;   // one sentence
};

class Dataset {
  public:
    // Fails where huntsman.json cannot be read or is of another version. A damaged scene does not
    // fail here: its samples do.
    static engine::core::Result<Dataset> open(const std::filesystem::path& path);
    Dataset(Dataset&&) noexcept;
    Dataset& operator=(Dataset&&) noexcept;
    ~Dataset();

    const std::string& format() const;
    const Options& options() const;
    const DatasetInfo& info() const;
    std::vector<std::string> scenes() const;  // sorted
    std::size_t size() const;                 // samples of all scenes, as the manifest says
    // "scene NAME, sample K".
    std::string place(std::size_t index) const;
    // Samples are in order of scene and time. Safe on several threads.
    engine::core::Result<labels::Sample> read(std::size_t index) const;

    // All that can be checked without looking into samples: files are there, sizes, counts and
    // hashes agree, tables link up. Reads every file once.
    std::vector<Finding> check_files() const;

  private:
    struct Impl;
    explicit Dataset(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace huntsman::sensors::dataset
