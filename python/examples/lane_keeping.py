"""Keeps its lane and a speed that suits it, and stops for what is ahead: plain rules in 40 lines.

    huntsman run --driver exec:"python3 python/examples/lane_keeping.py" --no-images
"""
import math
import numpy as np
import huntsman
from huntsman.messages import EVENT_GOAL, EVENT_SIGNAL, SIGNAL_GREEN

COMFORT_MPS2, ACROSS_MPS2, STANDSTILL_M = 2.0, 1.5, 3.0

class LaneKeeping(huntsman.Driver):
    truth = True  # who is around and what lights show, as a perfect perception would see it

    def drive(self, observation):
        route, vehicle, speed = observation.route, observation.vehicle, observation.motion.speed_mps
        target = route.point_ahead(max(5.0, speed))
        if target is None:
            return huntsman.Action(brake=0.5)
        # Pure pursuit: the arc through B's origin, along x there, and through the target.
        steer = math.atan(2 * vehicle.wheelbase_m * target.y_m / max(1.0, target.x_m**2 + target.y_m**2))
        bend = np.abs(route.curvature_per_m[route.s_m < 10 + 2 * speed]).max(initial=1e-3)
        accelerations = [min(1.5, min(target.speed_limit_mps, math.sqrt(ACROSS_MPS2 / bend)) - speed)]
        stops = [(event.s_m, 0.0) for event in route.events if event.kind == EVENT_GOAL]
        shown = {signal.head: signal.state for signal in observation.truth.signals}
        stops += [(event.s_m, 0.0) for event in route.events if event.kind == EVENT_SIGNAL
                  and any(shown.get(head.head, SIGNAL_GREEN) != SIGNAL_GREEN for head in event.heads)]
        for thing in observation.truth.objects:  # whoever is on the route, by its nearest point
            away = np.hypot(route.x_m - thing.x_m, route.y_m - thing.y_m)
            if away.min() < (thing.width_m + vehicle.width_m) / 2 + 0.6:
                stops.append((route.s_m[away.argmin()] - thing.length_m / 2, max(0.0, thing.velocity_x_mps)))
        for s, v in stops:
            gap = s - vehicle.front_m - STANDSTILL_M - 0.5 * speed
            if s > vehicle.front_m and gap < speed**2 / (2 * COMFORT_MPS2):
                accelerations.append((v**2 - speed**2) / (2 * max(gap, 0.5)) - 0.2)
        push = min(accelerations)
        return huntsman.Action(steer, max(0, push) / vehicle.full_throttle_mps2, max(0, -push) / vehicle.full_brake_mps2)

if __name__ == "__main__":
    LaneKeeping().serve()
