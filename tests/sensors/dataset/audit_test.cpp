#include "sensors/dataset/audit.h"

#include "engine/core/files.h"
#include "engine/core/random.h"
#include "sensors/dataset/tar.h"
#include "tests/sensors/dataset/dataset_fixture.h"

namespace huntsman::sensors::dataset {
namespace {

namespace fs = std::filesystem;

class EveryFormatAudited : public DatasetTest, public ::testing::WithParamInterface<const char*> {
  protected:
    AuditCounts audited(std::vector<Finding>* findings = nullptr) const {
        const auto dataset = Dataset::open(root_);
        EXPECT_TRUE(dataset.ok());
        return audit(*dataset, [&](const Finding& finding) {
            if (findings != nullptr) findings->push_back(finding);
        });
    }
};

TEST_P(EveryFormatAudited, TrueLabelsHaveNoFindings) {
    write_dataset(GetParam(), root_, {"one"});
    std::vector<Finding> findings;
    const AuditCounts counts = audited(&findings);
    for (const Finding& f : findings) ADD_FAILURE() << f.place << ": " << f.what;
    EXPECT_EQ(counts.samples, 11U);
    EXPECT_EQ(counts.damaged, 0U);
    // nuScenes has no boxes in pictures.
    EXPECT_EQ(counts.objects > 50, std::string(GetParam()) != "nuscenes");
}

TEST_P(EveryFormatAudited, EveryChangedByteIsFound) {
    write_dataset(GetParam(), root_, {"one"}, {}, nullptr, 2);
    std::vector<fs::path> files;
    // What spans scenes as well, but not the list of it; KITTI's numbered links are scenes' files.
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
        const bool listed = entry.path().filename() != "huntsman.json" && entry.is_regular_file();
        if (listed) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    ASSERT_GT(files.size(), 1U);
    for (const fs::path& file : files) {
        const std::string whole = *engine::core::read_file(file);
        if (whole.empty()) continue;  // a scan of a sample without lidar
        // A bit in the first, a middle and the last third.
        for (const double share : {0.2, 0.5, 0.9}) {
            std::string damaged = whole;
            const auto at = static_cast<std::size_t>(share * static_cast<double>(whole.size()));
            damaged[at] = static_cast<char>(damaged[at] ^ 4);
            // KITTI's numbered files are links to this one: written in place.
            fs::remove(file);
            ASSERT_TRUE(engine::core::write_file(file, damaged).ok());
            EXPECT_GT(audited().findings, 0U) << file << " at " << at;
        }
        ASSERT_TRUE(engine::core::write_file(file, whole).ok());
    }
    EXPECT_EQ(audited().findings, 0U);
}

TEST_P(EveryFormatAudited, AnUnfinishedExportIsSaidToBeOne) {
    const auto format = make_format(GetParam(), {});
    ASSERT_TRUE(prepare(root_, **format, info()).ok());
    std::vector<Finding> findings;
    EXPECT_EQ(audited(&findings).findings, 1U);  // begun, and no more
    write_scene(**format, root_, "one", 2);
    fs::create_directories(root_ / "scenes" / ".writing-two");
    EXPECT_EQ(audited(&findings).findings, 1U);  // killed before the end
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_NE(findings[1].what.find("unfinished: 1 scene"), std::string::npos) << findings[1].what;
    EXPECT_NE(findings[1].what.find("1 half-written"), std::string::npos) << findings[1].what;
    EXPECT_NE(findings[1].what.find("export command goes on"), std::string::npos);
    const std::vector<std::string> names = {"one"};
    ASSERT_TRUE((*format)->assemble(root_, info(), names).ok());
    fs::remove(root_ / "scenes" / ".writing-two");
    EXPECT_EQ(audited().findings, 0U);
}

TEST_P(EveryFormatAudited, MissingAndTruncatedFilesAreNamedAndPassedOver) {
    write_dataset(GetParam(), root_, {"one", "two"}, {}, nullptr, 3);
    // All of one scene's files lose their second half.
    for (const auto& entry : fs::recursive_directory_iterator(root_ / "scenes" / "one")) {
        if (!entry.is_regular_file() || entry.path().filename() == "scene.json") continue;
        fs::resize_file(entry.path(), entry.file_size() / 2);
    }
    std::vector<Finding> findings;
    const AuditCounts cut = audited(&findings);
    EXPECT_GE(cut.samples, 3U);  // the other scene's
    EXPECT_GT(cut.damaged, 0U);
    EXPECT_EQ(cut.samples + cut.damaged, 6U);
    fs::remove(root_ / "scenes" / "two" / "scene.json");
    findings.clear();
    const AuditCounts gone = audited(&findings);
    EXPECT_EQ(gone.samples + gone.damaged, 6U);
    EXPECT_GE(gone.damaged, 3U);
    bool named = false;
    for (const Finding& f : findings) {
        named = named || f.place.find("scenes/two/scene.json") != std::string::npos;
    }
    EXPECT_TRUE(named);
}

// Whatever bytes stand in the files: an answer, never a crash. Numbers are blown up, too.
TEST_P(EveryFormatAudited, RandomDamageNeverEndsTheProgram) {
    write_dataset(GetParam(), root_, {"one"}, {}, nullptr, 2);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    std::size_t damaged_reads = 0;
    for (std::uint64_t round = 0; round < 120; ++round) {
        const auto key = engine::core::Key(round).with("damage");
        const fs::path& file = files[key.index(files.size(), 0)];
        const std::string whole = *engine::core::read_file(file);
        std::string damaged = whole;
        const std::uint64_t kind = key.index(4, 1);
        const auto place = [&](std::uint64_t draw) {
            return static_cast<std::size_t>(
                key.index(std::max<std::size_t>(1, whole.size()), draw));
        };
        if (kind == 0) {
            damaged.resize(place(2));
        } else if (kind == 1) {
            for (std::uint64_t i = 0; i < 8 && !damaged.empty(); ++i) {
                damaged[place(10 + i)] = static_cast<char>(key.bits(30 + i));
            }
        } else if (kind == 2) {
            // Each digit at a place becomes a number that is too large, or its sign turns.
            const std::size_t digit = damaged.find_first_of("0123456789", place(3));
            if (digit != std::string::npos) {
                damaged.replace(digit, 1, round % 2 == 0 ? "98765432109876543210" : "-7e300");
            }
        } else {
            damaged.erase(place(4), 1 + key.index(200, 5));
        }
        fs::remove(file);
        ASSERT_TRUE(engine::core::write_file(file, damaged).ok());
        const auto dataset = Dataset::open(root_);
        if (!dataset) {
            EXPECT_FALSE(dataset.error().message.empty());
        } else {
            damaged_reads += audit(*dataset, [](const Finding&) {}).damaged;
        }
        ASSERT_TRUE(engine::core::write_file(file, whole).ok());
    }
    EXPECT_GT(damaged_reads, 5U);
}

INSTANTIATE_TEST_SUITE_P(Formats, EveryFormatAudited,
                         ::testing::ValuesIn(format_names().begin(), format_names().end()),
                         [](const auto& p) { return std::string(p.param); });

class CutArchive : public DatasetTest {};

TEST_F(CutArchive, SamplesBeforeTheCutAreReadTheOthersNamed) {
    write_dataset("webdataset", root_, {"one"}, {}, nullptr, 6);
    const fs::path archive = root_ / "scenes" / "one" / "one-000000.tar";
    const auto members = scan_tar(archive).members;
    // Within the files of sample 3.
    std::uint64_t cut = 0;
    for (const TarMember& member : members) {
        if (cut == 0 && member.name.starts_with("one-000003."))
            cut = member.offset + member.size + 5;
    }
    ASSERT_GT(cut, 0U);
    fs::resize_file(archive, cut);
    const auto dataset = Dataset::open(root_);
    ASSERT_TRUE(dataset.ok());
    for (std::size_t i = 0; i < 6; ++i) {
        const auto read = dataset->read(i);
        EXPECT_EQ(read.ok(), i < 3) << i;
        if (read) {
            EXPECT_EQ(read->time_us, sample("one", i).time_us);
            EXPECT_EQ(read->cameras[0].ids, sample("one", i).cameras[0].ids);
        } else {
            EXPECT_NE(read.error().message.find("is not in it whole"), std::string::npos);
            EXPECT_NE(read.error().message.find("ends early"), std::string::npos);
        }
    }
    std::vector<Finding> findings;
    const AuditCounts counts = audit(*dataset, [&](const Finding& f) { findings.push_back(f); });
    EXPECT_EQ(counts.samples, 3U);
    EXPECT_EQ(counts.damaged, 3U);
    bool named = false;
    for (const Finding& f : findings) {
        named = named || f.place == "scene one, sample 3 and the 2 after it";
    }
    EXPECT_TRUE(named);
}

class AuditedLabels : public DatasetTest {
  protected:
    std::string first_finding(const labels::Sample& bad) const {
        const auto findings = audit_sample("webdataset", bad, nullptr, "here");
        return findings.empty() ? "" : findings[0].what;
    }
};

TEST_F(AuditedLabels, WrongLabelsAreFoundByTheRightRule) {
    const labels::Sample good = sample("one", 0);
    EXPECT_EQ(first_finding(good), "");
    labels::Sample bad = good;
    bad.cameras[0].objects[0].visible_px += 1;
    EXPECT_TRUE(first_finding(bad).starts_with("order") ||
                first_finding(bad).starts_with("visible_mask"));
    bad = good;
    bad.objects[0].size_m.z = 0;
    EXPECT_TRUE(first_finding(bad).starts_with("extent")) << first_finding(bad);
    bad = good;
    bad.cameras[1].time_us += 1;
    EXPECT_TRUE(first_finding(bad).starts_with("one_state")) << first_finding(bad);
}

}  // namespace
}  // namespace huntsman::sensors::dataset
