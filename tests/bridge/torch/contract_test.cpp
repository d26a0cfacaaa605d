// The contract of `torch:FILE.pt`, with small networks written in TorchScript.
#include <gtest/gtest.h>
#include <torch/script.h>

#include <filesystem>
#include <fstream>

#include "bridge/torch/drivers.h"

namespace huntsman::bridge::torch {
namespace {

// A file whose forward has this body.
std::string network(const std::string& body, const std::string& returns,
                    const std::string& arguments =
                        "images: Tensor, intrinsics: Tensor, extrinsics: Tensor, motion: Tensor, "
                        "route: Tensor") {
    const auto path =
        (std::filesystem::temp_directory_path() / "huntsman_contract_test.pt").string();
    ::torch::jit::Module module("Net");
    module.define("def forward(self, " + arguments + ") -> " + returns + ":\n" + body);
    module.save(path);
    return path;
}

// Two cameras of which the second is brighter and further in front, and a street ahead.
struct Seen {
    std::vector<engine::world::Camera> cameras;
    std::vector<std::vector<std::uint8_t>> images;
    std::vector<driver::CameraPicture> pictures;
    messages::Observation observation;

    Seen() : cameras(2) {
        for (std::size_t c = 0; c < cameras.size(); ++c) {
            cameras[c].width = 32;
            cameras[c].height = 16;
            cameras[c].X_BC.p.x = 1.5 + static_cast<double>(c);
            images.emplace_back(32 * 16 * 3, static_cast<std::uint8_t>(60 * c));
        }
        for (std::size_t c = 0; c < cameras.size(); ++c) {
            pictures.push_back({&cameras[c], images[c]});
        }
        observation.mutable_motion()->set_speed_mps(7);
        for (int s = -5; s < 40; ++s) {
            auto* point = observation.mutable_route()->add_points();
            point->set_s_m(s);
            point->set_x_m(s);
            point->set_speed_limit_mps(9);
        }
    }
    driver::DriverInput input() const { return {.observation = observation, .pictures = pictures}; }
};

std::string refusal(const std::string& file) {
    const auto driver = make_contract_driver(file, 2, 32, 16);
    return driver.ok() ? "accepted" : driver.error().text();
}

TEST(Contract, InputsArriveInTheirDocumentedPlacesAndPedalsComeBack) {
    // steering from the second camera's x translation, throttle from its brightness, brake from the
    // route's limit at its first point ahead.
    const auto file = network(
        "    a = extrinsics[1, 0, 3] * 0.1\n"
        "    b = images[1, 0, 3, 4].to(6) / 255.0\n"
        "    c = route[0, 3] / 10.0 + motion[0] * 0.0\n"
        "    return torch.stack([a, b, c])\n",
        "Tensor");
    auto driver = make_contract_driver(file, 2, 32, 16);
    ASSERT_TRUE(driver.ok()) << driver.error().text();
    const auto action = (*driver)->drive(Seen().input());
    ASSERT_TRUE(action.ok()) << action.error().text();
    EXPECT_NEAR(action->pedals().steer_rad(), 0.25, 1e-6);
    EXPECT_NEAR(action->pedals().throttle(), 60.0 / 255.0, 1e-6);
    EXPECT_NEAR(action->pedals().brake(), 0.9, 1e-6);
    EXPECT_FALSE(action->has_perception());
}

TEST(Contract, TrajectoriesAndObjectsAreRead) {
    const auto file = network(
        "    t = torch.tensor([[0.0, 0.0, 0.0, 0.0, 5.0], [1.0, 5.0, 0.5, 0.1, 6.0]])\n"
        "    o = torch.tensor([[2.0, 0.7, 8.0, -3.0, 0.9, 0.5, 0.5, 1.8, 1.5, 1.2]])\n"
        "    return (t, o)\n",
        "Tuple[Tensor, Tensor]");
    auto driver = make_contract_driver(file, 2, 32, 16);
    ASSERT_TRUE(driver.ok()) << driver.error().text();
    const auto action = (*driver)->drive(Seen().input());
    ASSERT_EQ(action->trajectory().points_size(), 2);
    EXPECT_NEAR(action->trajectory().points(1).y_m(), 0.5, 1e-6);
    ASSERT_EQ(action->perception().objects_size(), 1);
    EXPECT_EQ(action->perception().objects(0).object_class(), messages::OBJECT_PEDESTRIAN);
    EXPECT_NEAR(action->perception().objects(0).velocity_y_mps(), 1.2 * std::sin(1.5), 1e-6);
}

TEST(Contract, AMismatchSaysWhatWasExpectedAndWhatCame) {
    EXPECT_NE(refusal(network("    return torch.zeros([4])\n", "Tensor")).find("Float [4]"),
              std::string::npos);
    EXPECT_NE(
        refusal(network("    return torch.zeros([4])\n", "Tensor")).find("expected float32 [3]"),
        std::string::npos);
    EXPECT_NE(refusal(network("    return 3\n", "int")).find("expected a tensor"),
              std::string::npos);
    EXPECT_NE(refusal(network("    return images\n", "Tensor", "images: Tensor"))
                  .find("1 arguments, expected 5"),
              std::string::npos);
    EXPECT_NE(refusal(network("    return torch.matmul(route, route)\n", "Tensor"))
                  .find("is called with images uint8"),
              std::string::npos);
    EXPECT_NE(
        refusal(network("    return torch.zeros([2, 5])\n", "Tensor")).find("increase strictly"),
        std::string::npos);
    EXPECT_NE(refusal(network("    return torch.zeros([3]) / 0.0\n", "Tensor")).find("not finite"),
              std::string::npos);
    EXPECT_NE(refusal("/nowhere.pt").find("/nowhere.pt"), std::string::npos);
}

TEST(Contract, CommandsFarBeyondTheirRangeAreToldOnceAndSlightOnesNot) {
    const std::string path = network(
        "    x = float(motion[0])\n"
        "    return torch.tensor([9.0 + x, 50.0 + x, -3.0 - x])\n",
        "Tensor");
    auto driver = make_contract_driver(path, 2, 32, 16);
    ASSERT_TRUE(driver) << driver.error().text();
    EXPECT_TRUE((*driver)->notes().empty()) << "from the blank trial";
    Seen seen;
    seen.observation.mutable_vehicle()->set_max_steer_rad(0.6);
    seen.observation.mutable_motion()->set_speed_mps(0);
    for (int i = 0; i < 3; ++i) {
        ASSERT_TRUE((*driver)->drive(seen.input()));
        seen.observation.mutable_motion()->set_speed_mps(1 + i);
    }
    const auto notes = (*driver)->notes();
    ASSERT_EQ(notes.size(), 3U);
    EXPECT_NE(notes[0].find("presses the brake to -3, expected 0 to 1"), std::string::npos);
    EXPECT_NE(notes[1].find("steers 9 rad"), std::string::npos) << notes[1];
    EXPECT_NE(notes[1].find("from -0.6 to 0.6 rad"), std::string::npos) << notes[1];
    EXPECT_NE(notes[2].find("presses the throttle to 50"), std::string::npos) << notes[2];

    const std::string close = network("    return torch.tensor([0.65, 1.05, -0.01])\n", "Tensor");
    driver = make_contract_driver(close, 2, 32, 16);
    ASSERT_TRUE(driver) << driver.error().text();
    ASSERT_TRUE((*driver)->drive(seen.input()));
    EXPECT_TRUE((*driver)->notes().empty());
}

}  // namespace
}  // namespace huntsman::bridge::torch
