// Answers as they come over the wire: whatever decodes is accepted with finite numbers, or refused.
#include "bridge/rpc/answers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/core/random.h"

namespace huntsman::bridge::rpc {
namespace {

messages::Action some_answer() {
    messages::Action action;
    for (int i = 0; i < 5; ++i) {
        messages::TrajectoryPoint& point = *action.mutable_trajectory()->add_points();
        point.set_t_s(0.5 * i);
        point.set_x_m(3.0 * i);
        point.set_y_m(0.1 * i);
        point.set_heading_rad(0.01);
        point.set_speed_mps(6);
    }
    messages::PerceivedObject& object = *action.mutable_perception()->add_objects();
    object.set_object_class(messages::OBJECT_VEHICLE);
    object.set_score(0.7);
    return action;
}

bool all_finite(const google::protobuf::Message& message) {
    using google::protobuf::FieldDescriptor;
    const auto& of = *message.GetReflection();
    std::vector<const FieldDescriptor*> fields;
    of.ListFields(message, &fields);
    for (const FieldDescriptor* field : fields) {
        const int count = field->is_repeated() ? of.FieldSize(message, field) : 1;
        for (int i = 0; i < count; ++i) {
            if (field->cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE) {
                const double value = field->is_repeated() ? of.GetRepeatedDouble(message, field, i)
                                                          : of.GetDouble(message, field);
                if (!std::isfinite(value)) return false;
            }
            if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
            if (!all_finite(field->is_repeated() ? of.GetRepeatedMessage(message, field, i)
                                                 : of.GetMessage(message, field))) {
                return false;
            }
        }
    }
    return true;
}

TEST(Answers, MutatedOnesAreFiniteOrRefused) {
    const std::string bytes = some_answer().SerializeAsString();
    ASSERT_TRUE(check_answer(some_answer(), false));
    int decoded = 0, accepted = 0;
    for (std::uint64_t seed = 0; seed < 50000; ++seed) {
        const auto dice = engine::core::Key(seed).with("answer");
        std::string mutated = bytes;
        const std::size_t changes = 1 + dice.index(6, 0);
        for (std::size_t i = 0; i < changes; ++i) {
            mutated[dice.index(mutated.size(), 1 + 2 * i)] =
                static_cast<char>(dice.index(256, 2 + 2 * i));
        }
        if (dice.index(8, 100) == 0) mutated.resize(dice.index(mutated.size(), 101));
        messages::Action action;
        if (!action.ParseFromString(mutated)) continue;
        ++decoded;
        for (const bool perception_alone : {false, true}) {
            const auto status = check_answer(action, perception_alone);
            if (!status) {
                EXPECT_FALSE(status.error().message.empty());
                continue;
            }
            ++accepted;
            EXPECT_TRUE(all_finite(action)) << "seed " << seed;
        }
    }
    std::printf("%d of 50000 decode, %d accepted\n", decoded, accepted);
    EXPECT_GT(decoded, 10000);
    EXPECT_GT(accepted, 1000);
    EXPECT_LT(accepted, 2 * decoded);
}

}  // namespace
}  // namespace huntsman::bridge::rpc
