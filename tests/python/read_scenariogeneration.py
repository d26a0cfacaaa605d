"""Scenarios that the package scenariogeneration writes are read without findings, in each revision."""

import os
import pathlib
import subprocess
import sys

from scenariogeneration import xodr, xosc

TIME = xosc.DynamicsDimension.time
SINE = xosc.DynamicsShapes.sinusoidal


def car(name: str) -> xosc.Vehicle:
    box = xosc.BoundingBox(2, 5, 1.5, 1.4, 0, 0.75)
    front = xosc.Axle(0.5, 0.7, 1.7, 2.8, 0.35)
    rear = xosc.Axle(0, 0.7, 1.7, 0, 0.35)
    return xosc.Vehicle(name, xosc.VehicleCategory.car, box, front, rear, 70, 10, 10)


def actions() -> dict:
    step = xosc.TransitionDynamics(xosc.DynamicsShapes.step, TIME, 0)
    smooth = xosc.TransitionDynamics(SINE, TIME, 3)
    trajectory = xosc.Trajectory("path", False)
    trajectory.add_shape(
        xosc.Polyline([0, 2, 4], [xosc.WorldPosition(10 * i, i, 0, 0, 0, 0) for i in range(3)])
    )
    route = xosc.Route("way")
    for s in (10, 100):
        route.add_waypoint(xosc.LanePosition(s, 0, -1, "1"), xosc.RouteStrategy.shortest)
    return {
        "speed": xosc.AbsoluteSpeedAction(20, smooth),
        "relative_speed": xosc.RelativeSpeedAction(1.2, "Target", step, xosc.SpeedTargetValueType.factor),
        "lane_change": xosc.AbsoluteLaneChangeAction(-2, smooth),
        "relative_lane": xosc.RelativeLaneChangeAction(1, "Target", smooth),
        "offset": xosc.AbsoluteLaneOffsetAction(0.5, SINE, 2),
        "distance": xosc.LongitudinalDistanceAction("Target", max_acceleration=3, max_deceleration=3,
                                                    max_speed=40, distance=20),
        "teleport": xosc.TeleportAction(xosc.LanePosition(50, 0, -1, "1")),
        "trajectory": xosc.FollowTrajectoryAction(trajectory, xosc.FollowingMode.position),
        "route": xosc.AssignRouteAction(route),
        "synchronize": xosc.SynchronizeAction(
            "Target", xosc.LanePosition(60, 0, -1, "1"), xosc.LanePosition(80, 0, -1, "1")
        ),
        "visibility": xosc.VisibilityAction(True, False, True),
    }


def conditions(minor: int) -> list:
    at = xosc.LanePosition(100, 0, -1, "1")
    less = xosc.Rule.lessThan
    by_entity = [
        xosc.TimeHeadwayCondition("Target", 2, less),
        xosc.TimeToCollisionCondition(3, less, entity="Target"),
        xosc.RelativeDistanceCondition(20, less, xosc.RelativeDistanceType.longitudinal, "Target"),
        xosc.DistanceCondition(20, less, at),
        xosc.SpeedCondition(20, less),
        xosc.AccelerationCondition(2, less),
        xosc.StandStillCondition(2),
        xosc.TraveledDistanceCondition(100),
        xosc.EndOfRoadCondition(1),
        xosc.OffroadCondition(1),
        xosc.CollisionCondition("Target"),
    ]
    if minor < 2:  # deprecated later
        by_entity.append(xosc.ReachPositionCondition(at, 2))
    triggers = []
    for i, condition in enumerate(by_entity):
        trigger = xosc.EntityTrigger(f"c{i}", 0, xosc.ConditionEdge.rising, condition, "Ego")
        triggers.append(trigger)
    return triggers


def scenario(minor: int) -> xosc.Scenario:
    entities = xosc.Entities()
    entities.add_scenario_object("Ego", car("car"))
    entities.add_scenario_object("Target", car("other"))
    init = xosc.Init()
    for name, s in (("Ego", 20), ("Target", 60)):
        init.add_init_action(name, xosc.TeleportAction(xosc.LanePosition(s, 0, -1, "1")))
    maneuver = xosc.Maneuver("maneuver")
    triggers = conditions(minor)
    for i, (name, action) in enumerate(actions().items()):
        event = xosc.Event(name, xosc.Priority.parallel)
        event.add_action(name + "_action", action)
        event.add_trigger(triggers[i % len(triggers)])
        maneuver.add_event(event)
    group = xosc.ManeuverGroup("group")
    group.add_actor("Ego")
    group.add_maneuver(maneuver)
    start = xosc.ValueTrigger(
        "start", 0, xosc.ConditionEdge.none, xosc.SimulationTimeCondition(0, xosc.Rule.greaterThan)
    )
    act = xosc.Act("act", start)
    act.add_maneuver_group(group)
    stop = xosc.ValueTrigger(
        "stop", 0, xosc.ConditionEdge.none,
        xosc.SimulationTimeCondition(20, xosc.Rule.greaterThan), "stop",
    )
    board = xosc.StoryBoard(init, stop)
    board.add_act(act)
    parameters = xosc.ParameterDeclarations()
    parameters.add_parameter(xosc.Parameter("speed", xosc.ParameterType.double, "20"))
    return xosc.Scenario(
        "generated", "tests", parameters, entities, board, xosc.RoadNetwork("map.xodr"), xosc.Catalog(),
        osc_minor_version=minor,
    )


def main() -> int:
    program, folder = os.environ["HUNTSMAN"], pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    road = xodr.create_road(xodr.Line(500), id=1, left_lanes=2, right_lanes=2)
    roads = xodr.OpenDrive("map")
    roads.add_road(road)
    roads.adjust_roads_and_lanes()
    roads.write_xml(str(folder / "map.xodr"))
    failed = 0
    for minor in range(4):
        path = folder / f"generated_1_{minor}.xosc"
        scenario(minor).write_xml(str(path))
        checked = subprocess.run(
            [program, "scenario", "check", "--strict", str(path)], capture_output=True, text=True
        )
        if checked.returncode != 0 or " 0 findings" not in checked.stdout:
            failed += 1
            print(checked.stdout + checked.stderr)
    print(f"4 scenarios, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
