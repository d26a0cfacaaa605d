#include "apps/huntsman/common.h"
namespace huntsman::apps {
void add_run(CLI::App&, Body&) {}
void add_replay(CLI::App&, Body&) {}
void add_bench(CLI::App&, Body&) {}
void add_doctor(CLI::App&, Body&) {}
}
