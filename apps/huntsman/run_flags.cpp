#include "apps/huntsman/run_flags.h"

#include "bridge/run/driver_spec.h"

namespace huntsman::apps {

using bridge::run::RunSettings;

void add_world_flags(CLI::App& command, RunSettings& flags) {
    command.add_option("SCENARIO", flags.scenario,
                       "Scenario file (.json), OpenSCENARIO file (.xosc), or the name of one in "
                       "assets/scenarios (default: demonstration)");
    command.add_option("--map", flags.map, "OpenDRIVE file to drive on instead of a town (.xodr)");
    command.add_option("--seed", flags.seed,
                       "Seed of the town and of everything random (towns below 1000 are for "
                       "training)");
    command.add_option("--rig", flags.rig, "Camera rig (default: assets/rigs/eight_cameras.json)");
    command.add_option("--size", flags.size, "Size of each picture [px]")->capture_default_str();
    command.add_option("--quality", flags.quality, "fast, standard or high")->capture_default_str();
    command.add_option("--traffic", flags.traffic, "Number of vehicles that drive");
    command.add_option("--pedestrians", flags.pedestrians, "Number of people");
    command.add_option("--minds", flags.minds,
                       "Who the others are: mix of profiles in assets/minds/mixes, by name or as a "
                       "file (default: everyday)");
}

void add_run_flags(CLI::App& command, RunSettings& flags) {
    add_world_flags(command, flags);
    command.add_option("--seconds", flags.seconds, "Simulated time [s]");
    command.add_option("--driver", flags.driver,
                       "Who drives (default: network; scripted where there is a story): " +
                           bridge::run::driver_help());
    command.add_option(
        "--network", flags.network,
        "Network file of the network driver (default: assets/networks/perception.pt)");
    command.add_option("--threads", flags.threads, "Worker threads; 0 takes all cores")
        ->capture_default_str();
    command
        .add_option("--latency-ms", flags.latency_ms,
                    "Time from a frame to the moment its action takes effect [ms]: a whole number, "
                    "or drawn for each frame, as normal:mean=60,sd=10, uniform:low=40,high=90 or "
                    "lognormal:median=60,sigma=0.3,most=400")
        ->default_str("50");
    command
        .add_option("--latency", flags.latency,
                    "declared (by --latency-ms), or measured: the wall time of each call of the "
                    "driver; frames that come meanwhile are dropped, and the run is marked as not "
                    "comparable")
        ->capture_default_str();
    std::string faults;
    for (const std::string& name : bridge::faults::fault_names()) {
        faults += (faults.empty() ? "" : ", ") + name;
    }
    command.add_option("--fault", flags.faults,
                       "Something that is wrong on purpose, as blind:class=pedestrian; may be "
                       "repeated (" +
                           faults + "; see docs/faults.md)");
    std::string parts;
    for (const std::string& name : bridge::parts::part_names()) {
        parts += (parts.empty() ? "" : ", ") + name;
    }
    command.add_option("--ideal", flags.ideal,
                       "Part of the driver, the map, the cameras or the car that is as good as can "
                       "be, as perception:class=pedestrian; may be repeated (" +
                           parts + "; see docs/blame.md)");
    command
        .add_option("--on-driver-fault", flags.on_driver_fault,
                    "Where the driver fails, hangs or answers nonsense: stop (the run is invalid), "
                    "brake until there is an answer, or hold the action before; the run is marked "
                    "as not comparable")
        ->capture_default_str();
    command.add_option("--driver-deadline-ms", flags.driver_deadline_ms,
                       "Wall-clock time that a driver in another process has for each answer [ms] "
                       "(default: 5000)");
    command.add_option("--driver-tls-ca", flags.driver_tls_ca,
                       "For --driver grpc: on another machine: PEM file of who may sign its "
                       "certificate");
    command.add_option("--driver-token-file", flags.driver_token_file,
                       "For --driver grpc: file whose first line is the token that the driver "
                       "expects");
    command.add_flag("--no-images", flags.no_images,
                     "Render nothing; for drivers that look at no image");
}

void add_story_flags(CLI::App& command, RunSettings& flags) {
    command.add_option("--parameter", flags.parameters,
                       "Value of a parameter of the story, NAME=VALUE; may be repeated");
    command.add_option("--ego", flags.ego,
                       "The story's entity that is the ego (default: \"Ego\", else the first "
                       "vehicle)");
    command.add_flag("--physical", flags.physical,
                     "Let physics move the vehicles and people that the story steers");
    command
        .add_option("--takeover", flags.takeover,
                    "When the driver has the ego: from the start, or once the story activates its "
                    "controller")
        ->capture_default_str();
}

void add_way_flags(CLI::App& command, RunSettings& flags) {
    command.add_option("--from", flags.from,
                       "Where the ego starts: ROAD,LANE,S or X,Y in the map's coordinates [m]");
    command.add_option("--to", flags.to, "Where its route ends, in the same form");
    command.add_option("--route", flags.route,
                       "Start, places to pass and end of its route, separated by ';'");
    command.add_flag("--endless", flags.endless,
                     "Go on behind the route's end, along new ones, until the time is up");
}

void add_trace_flags(CLI::App& command, bridge::trace::TraceFiles& files) {
    command.add_option("--trace-osi", files.osi,
                       "File for a trace in ASAM OSI 3.8: FILE.osi holds SensorView, FILE.mcap "
                       "GroundTruth, SensorView and HostVehicleData (docs/traces.md)");
    command.add_option("--mcap", files.mcap,
                       "MCAP file for Foxglove and Rerun: pictures, boxes, map, frames, plan and "
                       "log (docs/traces.md)");
}

}  // namespace huntsman::apps
