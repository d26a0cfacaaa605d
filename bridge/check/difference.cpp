#include "bridge/check/difference.h"

#include <google/protobuf/util/field_comparator.h>
#include <google/protobuf/util/message_differencer.h>

#include <cmath>
#include <limits>

namespace huntsman::bridge::check {

namespace {

namespace util = google::protobuf::util;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// Takes all numbers for equal and remembers how much they differ.
class Numbers final : public util::SimpleFieldComparator {
  public:
    explicit Numbers(Difference& found) : found_(found) {}

    ComparisonResult Compare(const Message& a, const Message& b, const FieldDescriptor* field,
                             int index_a, int index_b, const util::FieldContext* context) override {
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_DOUBLE) {
            return SimpleCompare(a, b, field, index_a, index_b, context);
        }
        const auto value = [&](const Message& of, int index) {
            return field->is_repeated() ? of.GetReflection()->GetRepeatedDouble(of, field, index)
                                        : of.GetReflection()->GetDouble(of, field);
        };
        const double x = value(a, index_a), y = value(b, index_b);
        const bool both = std::isfinite(x) && std::isfinite(y);
        const double apart = x == y ? 0
                             : both ? std::abs(x - y)
                                    : std::numeric_limits<double>::infinity();
        if (apart > found_.most) {
            found_.most = apart;
            found_.field = field->containing_type()->name() + "." + field->name();
        }
        return SAME;
    }

  private:
    Difference& found_;
};

}  // namespace

Difference difference(const messages::Action& a, const messages::Action& b) {
    Difference found;
    Numbers numbers(found);
    util::MessageDifferencer differencer;
    differencer.set_message_field_comparison(util::MessageDifferencer::EQUIVALENT);
    differencer.set_field_comparator(&numbers);
    std::string report;
    differencer.ReportDifferencesToString(&report);
    differencer.Compare(a, b);
    found.other = report.substr(0, report.find('\n'));
    return found;
}

}  // namespace huntsman::bridge::check
