// How large pictures may be so that a round keeps to its time.
#pragma once

namespace huntsman::bridge::live {

// Learns what a round costs: a fixed part, and one that grows with the pixels. Later rounds count
// more than earlier ones, so that it follows scenes and machines.
class ViewBudget {
  public:
    void add(double megapixels, double ms);

    // Share of width and height, `smallest` to 1, at which a round of `megapixels` at full size
    // takes about `budget_ms`. Where the fixed part alone takes most of that, pixels get half as
    // much as it on top: smaller pictures would hardly come sooner. Without any round: a half.
    double scale(double megapixels, double budget_ms, double smallest) const;

    double fixed_ms() const { return fixed_ms_; }
    double ms_per_megapixel() const { return ms_per_megapixel_; }

  private:
    double weight_ = 0, x_ = 0, y_ = 0, xx_ = 0, xy_ = 0;  // sums
    double fixed_ms_ = 0, ms_per_megapixel_ = 0;
};

}  // namespace huntsman::bridge::live
