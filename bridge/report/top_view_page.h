// What the page of a TopView is made of besides its data.
#pragma once

#include <string>

namespace huntsman::bridge::report {

// Heading, drawing, controls and legend, with the minds' or without.
std::string top_view_body(bool minds);
// Draws the constant T that stands before it; see TopView::html.
extern const char* const kTopViewScript;

}  // namespace huntsman::bridge::report
