from . import drive_pb2 as _drive_pb2
from . import huntsman_pb2 as _huntsman_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Begin(_message.Message):
    __slots__ = ["fork", "recorded", "settings", "top_view", "version", "wants"]
    FORK_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_FIELD_NUMBER: _ClassVar[int]
    TOP_VIEW_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    WANTS_FIELD_NUMBER: _ClassVar[int]
    fork: Fork
    recorded: Recorded
    settings: Settings
    top_view: TopViewWanted
    version: int
    wants: _drive_pb2.Wants
    def __init__(self, version: _Optional[int] = ..., settings: _Optional[_Union[Settings, _Mapping]] = ..., fork: _Optional[_Union[Fork, _Mapping]] = ..., recorded: _Optional[_Union[Recorded, _Mapping]] = ..., wants: _Optional[_Union[_drive_pb2.Wants, _Mapping]] = ..., top_view: _Optional[_Union[TopViewWanted, _Mapping]] = ...) -> None: ...

class Begun(_message.Message):
    __slots__ = ["attach", "cameras", "device", "notes", "program", "rate_hz", "route_m", "scenario", "seconds", "seed", "session", "version"]
    ATTACH_FIELD_NUMBER: _ClassVar[int]
    CAMERAS_FIELD_NUMBER: _ClassVar[int]
    DEVICE_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    PROGRAM_FIELD_NUMBER: _ClassVar[int]
    RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    ROUTE_M_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    attach: _drive_pb2.Attach
    cameras: _containers.RepeatedCompositeFieldContainer[_huntsman_pb2.CameraImage]
    device: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    program: str
    rate_hz: float
    route_m: float
    scenario: str
    seconds: float
    seed: int
    session: str
    version: int
    def __init__(self, version: _Optional[int] = ..., program: _Optional[str] = ..., session: _Optional[str] = ..., rate_hz: _Optional[float] = ..., cameras: _Optional[_Iterable[_Union[_huntsman_pb2.CameraImage, _Mapping]]] = ..., attach: _Optional[_Union[_drive_pb2.Attach, _Mapping]] = ..., scenario: _Optional[str] = ..., seed: _Optional[int] = ..., seconds: _Optional[float] = ..., route_m: _Optional[float] = ..., notes: _Optional[_Iterable[str]] = ..., device: _Optional[str] = ...) -> None: ...

class Failure(_message.Message):
    __slots__ = ["message"]
    MESSAGE_FIELD_NUMBER: _ClassVar[int]
    message: str
    def __init__(self, message: _Optional[str] = ...) -> None: ...

class Finish(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Finished(_message.Message):
    __slots__ = ["run_json"]
    RUN_JSON_FIELD_NUMBER: _ClassVar[int]
    run_json: str
    def __init__(self, run_json: _Optional[str] = ...) -> None: ...

class Fork(_message.Message):
    __slots__ = ["session", "tick"]
    SESSION_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    session: str
    tick: int
    def __init__(self, session: _Optional[str] = ..., tick: _Optional[int] = ...) -> None: ...

class FromSimulator(_message.Message):
    __slots__ = ["begun", "failure", "finished", "moment", "recorded"]
    BEGUN_FIELD_NUMBER: _ClassVar[int]
    FAILURE_FIELD_NUMBER: _ClassVar[int]
    FINISHED_FIELD_NUMBER: _ClassVar[int]
    MOMENT_FIELD_NUMBER: _ClassVar[int]
    RECORDED_FIELD_NUMBER: _ClassVar[int]
    begun: Begun
    failure: Failure
    finished: Finished
    moment: Moment
    recorded: Recorded
    def __init__(self, begun: _Optional[_Union[Begun, _Mapping]] = ..., moment: _Optional[_Union[Moment, _Mapping]] = ..., recorded: _Optional[_Union[Recorded, _Mapping]] = ..., finished: _Optional[_Union[Finished, _Mapping]] = ..., failure: _Optional[_Union[Failure, _Mapping]] = ...) -> None: ...

class JudgedEvent(_message.Message):
    __slots__ = ["at_fault", "distance_m", "ego_speed_mps", "kind", "other", "time_us", "value"]
    AT_FAULT_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_M_FIELD_NUMBER: _ClassVar[int]
    EGO_SPEED_MPS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    TIME_US_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    at_fault: bool
    distance_m: float
    ego_speed_mps: float
    kind: str
    other: int
    time_us: int
    value: float
    def __init__(self, kind: _Optional[str] = ..., time_us: _Optional[int] = ..., other: _Optional[int] = ..., ego_speed_mps: _Optional[float] = ..., distance_m: _Optional[float] = ..., value: _Optional[float] = ..., at_fault: bool = ...) -> None: ...

class Moment(_message.Message):
    __slots__ = ["X_WB", "end_reason", "ended", "events", "night", "observation", "outside_lanes", "progress_m", "shared", "state_hash", "tick", "time_is_up", "top_view", "truth", "valid"]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    END_REASON_FIELD_NUMBER: _ClassVar[int]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    NIGHT_FIELD_NUMBER: _ClassVar[int]
    OBSERVATION_FIELD_NUMBER: _ClassVar[int]
    OUTSIDE_LANES_FIELD_NUMBER: _ClassVar[int]
    PROGRESS_M_FIELD_NUMBER: _ClassVar[int]
    SHARED_FIELD_NUMBER: _ClassVar[int]
    STATE_HASH_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    TIME_IS_UP_FIELD_NUMBER: _ClassVar[int]
    TOP_VIEW_FIELD_NUMBER: _ClassVar[int]
    TRUTH_FIELD_NUMBER: _ClassVar[int]
    VALID_FIELD_NUMBER: _ClassVar[int]
    X_WB: _huntsman_pb2.Pose
    X_WB_FIELD_NUMBER: _ClassVar[int]
    end_reason: str
    ended: bool
    events: _containers.RepeatedCompositeFieldContainer[JudgedEvent]
    night: bool
    observation: _huntsman_pb2.Observation
    outside_lanes: bool
    progress_m: float
    shared: _drive_pb2.SharedFrame
    state_hash: int
    tick: int
    time_is_up: bool
    top_view: bytes
    truth: _huntsman_pb2.Perception
    valid: bool
    def __init__(self, tick: _Optional[int] = ..., observation: _Optional[_Union[_huntsman_pb2.Observation, _Mapping]] = ..., shared: _Optional[_Union[_drive_pb2.SharedFrame, _Mapping]] = ..., night: bool = ..., truth: _Optional[_Union[_huntsman_pb2.Perception, _Mapping]] = ..., X_WB: _Optional[_Union[_huntsman_pb2.Pose, _Mapping]] = ..., progress_m: _Optional[float] = ..., outside_lanes: bool = ..., events: _Optional[_Iterable[_Union[JudgedEvent, _Mapping]]] = ..., ended: bool = ..., time_is_up: bool = ..., end_reason: _Optional[str] = ..., valid: bool = ..., state_hash: _Optional[int] = ..., top_view: _Optional[bytes] = ...) -> None: ...

class Observe(_message.Message):
    __slots__ = ["not_shared"]
    NOT_SHARED_FIELD_NUMBER: _ClassVar[int]
    not_shared: str
    def __init__(self, not_shared: _Optional[str] = ...) -> None: ...

class Recorded(_message.Message):
    __slots__ = ["recording", "tick"]
    RECORDING_FIELD_NUMBER: _ClassVar[int]
    TICK_FIELD_NUMBER: _ClassVar[int]
    recording: bytes
    tick: int
    def __init__(self, recording: _Optional[bytes] = ..., tick: _Optional[int] = ...) -> None: ...

class Settings(_message.Message):
    __slots__ = ["ego", "endless", "latency_ms", "map", "minds", "parameters", "pedestrians", "physical", "quality", "rig", "route", "scenario", "seconds", "seed", "size", "to", "traffic"]
    EGO_FIELD_NUMBER: _ClassVar[int]
    ENDLESS_FIELD_NUMBER: _ClassVar[int]
    FROM_FIELD_NUMBER: _ClassVar[int]
    LATENCY_MS_FIELD_NUMBER: _ClassVar[int]
    MAP_FIELD_NUMBER: _ClassVar[int]
    MINDS_FIELD_NUMBER: _ClassVar[int]
    PARAMETERS_FIELD_NUMBER: _ClassVar[int]
    PEDESTRIANS_FIELD_NUMBER: _ClassVar[int]
    PHYSICAL_FIELD_NUMBER: _ClassVar[int]
    QUALITY_FIELD_NUMBER: _ClassVar[int]
    RIG_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    SCENARIO_FIELD_NUMBER: _ClassVar[int]
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    TO_FIELD_NUMBER: _ClassVar[int]
    TRAFFIC_FIELD_NUMBER: _ClassVar[int]
    ego: str
    endless: bool
    latency_ms: str
    map: str
    minds: str
    parameters: _containers.RepeatedScalarFieldContainer[str]
    pedestrians: int
    physical: bool
    quality: str
    rig: str
    route: str
    scenario: str
    seconds: float
    seed: int
    size: str
    to: str
    traffic: int
    def __init__(self, scenario: _Optional[str] = ..., map: _Optional[str] = ..., seed: _Optional[int] = ..., rig: _Optional[str] = ..., size: _Optional[str] = ..., quality: _Optional[str] = ..., minds: _Optional[str] = ..., traffic: _Optional[int] = ..., pedestrians: _Optional[int] = ..., seconds: _Optional[float] = ..., to: _Optional[str] = ..., route: _Optional[str] = ..., endless: bool = ..., parameters: _Optional[_Iterable[str]] = ..., ego: _Optional[str] = ..., physical: bool = ..., latency_ms: _Optional[str] = ..., **kwargs) -> None: ...

class Snapshot(_message.Message):
    __slots__ = []
    def __init__(self) -> None: ...

class Step(_message.Message):
    __slots__ = ["action", "frames"]
    ACTION_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    action: _huntsman_pb2.Action
    frames: int
    def __init__(self, action: _Optional[_Union[_huntsman_pb2.Action, _Mapping]] = ..., frames: _Optional[int] = ...) -> None: ...

class ToSimulator(_message.Message):
    __slots__ = ["begin", "end", "finish", "observe", "snapshot", "step"]
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    FINISH_FIELD_NUMBER: _ClassVar[int]
    OBSERVE_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    begin: Begin
    end: _drive_pb2.End
    finish: Finish
    observe: Observe
    snapshot: Snapshot
    step: Step
    def __init__(self, begin: _Optional[_Union[Begin, _Mapping]] = ..., observe: _Optional[_Union[Observe, _Mapping]] = ..., step: _Optional[_Union[Step, _Mapping]] = ..., snapshot: _Optional[_Union[Snapshot, _Mapping]] = ..., finish: _Optional[_Union[Finish, _Mapping]] = ..., end: _Optional[_Union[_drive_pb2.End, _Mapping]] = ...) -> None: ...

class TopViewWanted(_message.Message):
    __slots__ = ["metres", "pixels"]
    METRES_FIELD_NUMBER: _ClassVar[int]
    PIXELS_FIELD_NUMBER: _ClassVar[int]
    metres: float
    pixels: int
    def __init__(self, pixels: _Optional[int] = ..., metres: _Optional[float] = ...) -> None: ...
