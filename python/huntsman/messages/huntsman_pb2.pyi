from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor
EVENT_CROSSING: RouteEventKind
EVENT_GOAL: RouteEventKind
EVENT_SIGNAL: RouteEventKind
EVENT_STOP: RouteEventKind
EVENT_UNSPECIFIED: RouteEventKind
EVENT_YIELD: RouteEventKind
LENS_EQUIRECTANGULAR: LensModel
LENS_F_THETA: LensModel
LENS_KANNALA_BRANDT: LensModel
LENS_PINHOLE: LensModel
OBJECT_PEDESTRIAN: ObjectClass
OBJECT_UNSPECIFIED: ObjectClass
OBJECT_VEHICLE: ObjectClass
SIGNAL_GREEN: SignalState
SIGNAL_RED: SignalState
SIGNAL_UNKNOWN: SignalState
SIGNAL_YELLOW: SignalState

class Action(_message.Message):
    __slots__ = ["pedals", "perception", "trajectory"]
    PEDALS_FIELD_NUMBER: _ClassVar[int]
    PERCEPTION_FIELD_NUMBER: _ClassVar[int]
    TRAJECTORY_FIELD_NUMBER: _ClassVar[int]
    pedals: Pedals
    perception: Perception
    trajectory: Trajectory
    def __init__(self, pedals: _Optional[_Union[Pedals, _Mapping]] = ..., trajectory: _Optional[_Union[Trajectory, _Mapping]] = ..., perception: _Optional[_Union[Perception, _Mapping]] = ...) -> None: ...

class CameraImage(_message.Message):
    __slots__ = ["X_BC", "cx", "cy", "fx", "fy", "height", "lens_k", "lens_model", "lens_p", "lens_s", "max_angle_rad", "name", "rgb", "width"]
    CX_FIELD_NUMBER: _ClassVar[int]
    CY_FIELD_NUMBER: _ClassVar[int]
    FX_FIELD_NUMBER: _ClassVar[int]
    FY_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    LENS_K_FIELD_NUMBER: _ClassVar[int]
    LENS_MODEL_FIELD_NUMBER: _ClassVar[int]
    LENS_P_FIELD_NUMBER: _ClassVar[int]
    LENS_S_FIELD_NUMBER: _ClassVar[int]
    MAX_ANGLE_RAD_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    RGB_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    X_BC: Pose
    X_BC_FIELD_NUMBER: _ClassVar[int]
    cx: float
    cy: float
    fx: float
    fy: float
    height: int
    lens_k: _containers.RepeatedScalarFieldContainer[float]
    lens_model: LensModel
    lens_p: _containers.RepeatedScalarFieldContainer[float]
    lens_s: _containers.RepeatedScalarFieldContainer[float]
    max_angle_rad: float
    name: str
    rgb: bytes
    width: int
    def __init__(self, name: _Optional[str] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., rgb: _Optional[bytes] = ..., fx: _Optional[float] = ..., fy: _Optional[float] = ..., cx: _Optional[float] = ..., cy: _Optional[float] = ..., X_BC: _Optional[_Union[Pose, _Mapping]] = ..., lens_model: _Optional[_Union[LensModel, str]] = ..., lens_k: _Optional[_Iterable[float]] = ..., lens_p: _Optional[_Iterable[float]] = ..., lens_s: _Optional[_Iterable[float]] = ..., max_angle_rad: _Optional[float] = ...) -> None: ...

class EgoMotion(_message.Message):
    __slots__ = ["acceleration_x_mps2", "acceleration_y_mps2", "grade", "slip_mps", "speed_mps", "steer_rad", "yaw_rate_rad_s"]
    ACCELERATION_X_MPS2_FIELD_NUMBER: _ClassVar[int]
    ACCELERATION_Y_MPS2_FIELD_NUMBER: _ClassVar[int]
    GRADE_FIELD_NUMBER: _ClassVar[int]
    SLIP_MPS_FIELD_NUMBER: _ClassVar[int]
    SPEED_MPS_FIELD_NUMBER: _ClassVar[int]
    STEER_RAD_FIELD_NUMBER: _ClassVar[int]
    YAW_RATE_RAD_S_FIELD_NUMBER: _ClassVar[int]
    acceleration_x_mps2: float
    acceleration_y_mps2: float
    grade: float
    slip_mps: float
    speed_mps: float
    steer_rad: float
    yaw_rate_rad_s: float
    def __init__(self, speed_mps: _Optional[float] = ..., yaw_rate_rad_s: _Optional[float] = ..., acceleration_x_mps2: _Optional[float] = ..., acceleration_y_mps2: _Optional[float] = ..., steer_rad: _Optional[float] = ..., grade: _Optional[float] = ..., slip_mps: _Optional[float] = ...) -> None: ...

class EgoVehicle(_message.Message):
    __slots__ = ["front_m", "full_brake_mps2", "full_throttle_mps2", "max_steer_rad", "rear_m", "wheelbase_m", "width_m"]
    FRONT_M_FIELD_NUMBER: _ClassVar[int]
    FULL_BRAKE_MPS2_FIELD_NUMBER: _ClassVar[int]
    FULL_THROTTLE_MPS2_FIELD_NUMBER: _ClassVar[int]
    MAX_STEER_RAD_FIELD_NUMBER: _ClassVar[int]
    REAR_M_FIELD_NUMBER: _ClassVar[int]
    WHEELBASE_M_FIELD_NUMBER: _ClassVar[int]
    WIDTH_M_FIELD_NUMBER: _ClassVar[int]
    front_m: float
    full_brake_mps2: float
    full_throttle_mps2: float
    max_steer_rad: float
    rear_m: float
    wheelbase_m: float
    width_m: float
    def __init__(self, wheelbase_m: _Optional[float] = ..., front_m: _Optional[float] = ..., rear_m: _Optional[float] = ..., width_m: _Optional[float] = ..., max_steer_rad: _Optional[float] = ..., full_throttle_mps2: _Optional[float] = ..., full_brake_mps2: _Optional[float] = ...) -> None: ...

class ExpectedPlace(_message.Message):
    __slots__ = ["t_s", "x_m", "y_m"]
    T_S_FIELD_NUMBER: _ClassVar[int]
    X_M_FIELD_NUMBER: _ClassVar[int]
    Y_M_FIELD_NUMBER: _ClassVar[int]
    t_s: float
    x_m: float
    y_m: float
    def __init__(self, t_s: _Optional[float] = ..., x_m: _Optional[float] = ..., y_m: _Optional[float] = ...) -> None: ...

class Observation(_message.Message):
    __slots__ = ["cameras", "frame", "motion", "route", "time_us", "vehicle"]
    CAMERAS_FIELD_NUMBER: _ClassVar[int]
    FRAME_FIELD_NUMBER: _ClassVar[int]
    MOTION_FIELD_NUMBER: _ClassVar[int]
    ROUTE_FIELD_NUMBER: _ClassVar[int]
    TIME_US_FIELD_NUMBER: _ClassVar[int]
    VEHICLE_FIELD_NUMBER: _ClassVar[int]
    cameras: _containers.RepeatedCompositeFieldContainer[CameraImage]
    frame: int
    motion: EgoMotion
    route: Route
    time_us: int
    vehicle: EgoVehicle
    def __init__(self, time_us: _Optional[int] = ..., frame: _Optional[int] = ..., cameras: _Optional[_Iterable[_Union[CameraImage, _Mapping]]] = ..., motion: _Optional[_Union[EgoMotion, _Mapping]] = ..., vehicle: _Optional[_Union[EgoVehicle, _Mapping]] = ..., route: _Optional[_Union[Route, _Mapping]] = ...) -> None: ...

class Pedals(_message.Message):
    __slots__ = ["brake", "reverse", "steer_rad", "throttle"]
    BRAKE_FIELD_NUMBER: _ClassVar[int]
    REVERSE_FIELD_NUMBER: _ClassVar[int]
    STEER_RAD_FIELD_NUMBER: _ClassVar[int]
    THROTTLE_FIELD_NUMBER: _ClassVar[int]
    brake: float
    reverse: bool
    steer_rad: float
    throttle: float
    def __init__(self, steer_rad: _Optional[float] = ..., throttle: _Optional[float] = ..., brake: _Optional[float] = ..., reverse: bool = ...) -> None: ...

class PerceivedObject(_message.Message):
    __slots__ = ["height_m", "length_m", "object_class", "score", "track", "velocity_x_mps", "velocity_y_mps", "way", "width_m", "x_m", "y_m", "yaw_rad", "z_m"]
    HEIGHT_M_FIELD_NUMBER: _ClassVar[int]
    LENGTH_M_FIELD_NUMBER: _ClassVar[int]
    OBJECT_CLASS_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    TRACK_FIELD_NUMBER: _ClassVar[int]
    VELOCITY_X_MPS_FIELD_NUMBER: _ClassVar[int]
    VELOCITY_Y_MPS_FIELD_NUMBER: _ClassVar[int]
    WAY_FIELD_NUMBER: _ClassVar[int]
    WIDTH_M_FIELD_NUMBER: _ClassVar[int]
    X_M_FIELD_NUMBER: _ClassVar[int]
    YAW_RAD_FIELD_NUMBER: _ClassVar[int]
    Y_M_FIELD_NUMBER: _ClassVar[int]
    Z_M_FIELD_NUMBER: _ClassVar[int]
    height_m: float
    length_m: float
    object_class: ObjectClass
    score: float
    track: int
    velocity_x_mps: float
    velocity_y_mps: float
    way: _containers.RepeatedCompositeFieldContainer[ExpectedPlace]
    width_m: float
    x_m: float
    y_m: float
    yaw_rad: float
    z_m: float
    def __init__(self, object_class: _Optional[_Union[ObjectClass, str]] = ..., score: _Optional[float] = ..., x_m: _Optional[float] = ..., y_m: _Optional[float] = ..., z_m: _Optional[float] = ..., length_m: _Optional[float] = ..., width_m: _Optional[float] = ..., height_m: _Optional[float] = ..., yaw_rad: _Optional[float] = ..., velocity_x_mps: _Optional[float] = ..., velocity_y_mps: _Optional[float] = ..., track: _Optional[int] = ..., way: _Optional[_Iterable[_Union[ExpectedPlace, _Mapping]]] = ...) -> None: ...

class PerceivedSignal(_message.Message):
    __slots__ = ["head", "score", "state"]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    head: int
    score: float
    state: SignalState
    def __init__(self, head: _Optional[int] = ..., state: _Optional[_Union[SignalState, str]] = ..., score: _Optional[float] = ...) -> None: ...

class Perception(_message.Message):
    __slots__ = ["objects", "signals"]
    OBJECTS_FIELD_NUMBER: _ClassVar[int]
    SIGNALS_FIELD_NUMBER: _ClassVar[int]
    objects: _containers.RepeatedCompositeFieldContainer[PerceivedObject]
    signals: _containers.RepeatedCompositeFieldContainer[PerceivedSignal]
    def __init__(self, objects: _Optional[_Iterable[_Union[PerceivedObject, _Mapping]]] = ..., signals: _Optional[_Iterable[_Union[PerceivedSignal, _Mapping]]] = ...) -> None: ...

class Pose(_message.Message):
    __slots__ = ["qw", "qx", "qy", "qz", "x", "y", "z"]
    QW_FIELD_NUMBER: _ClassVar[int]
    QX_FIELD_NUMBER: _ClassVar[int]
    QY_FIELD_NUMBER: _ClassVar[int]
    QZ_FIELD_NUMBER: _ClassVar[int]
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    qw: float
    qx: float
    qy: float
    qz: float
    x: float
    y: float
    z: float
    def __init__(self, qw: _Optional[float] = ..., qx: _Optional[float] = ..., qy: _Optional[float] = ..., qz: _Optional[float] = ..., x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ...) -> None: ...

class Route(_message.Message):
    __slots__ = ["events", "points"]
    EVENTS_FIELD_NUMBER: _ClassVar[int]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    events: _containers.RepeatedCompositeFieldContainer[RouteEvent]
    points: _containers.RepeatedCompositeFieldContainer[RoutePoint]
    def __init__(self, points: _Optional[_Iterable[_Union[RoutePoint, _Mapping]]] = ..., events: _Optional[_Iterable[_Union[RouteEvent, _Mapping]]] = ...) -> None: ...

class RouteEvent(_message.Message):
    __slots__ = ["heads", "kind", "s_end_m", "s_m", "turns_across"]
    HEADS_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    S_END_M_FIELD_NUMBER: _ClassVar[int]
    S_M_FIELD_NUMBER: _ClassVar[int]
    TURNS_ACROSS_FIELD_NUMBER: _ClassVar[int]
    heads: _containers.RepeatedCompositeFieldContainer[SignalPlace]
    kind: RouteEventKind
    s_end_m: float
    s_m: float
    turns_across: bool
    def __init__(self, kind: _Optional[_Union[RouteEventKind, str]] = ..., s_m: _Optional[float] = ..., s_end_m: _Optional[float] = ..., heads: _Optional[_Iterable[_Union[SignalPlace, _Mapping]]] = ..., turns_across: bool = ...) -> None: ...

class RoutePoint(_message.Message):
    __slots__ = ["bank", "curvature_per_m", "heading_rad", "in_junction", "left", "offset_m", "right", "s_m", "speed_limit_mps", "width_m", "x_m", "y_m", "z_m"]
    BANK_FIELD_NUMBER: _ClassVar[int]
    CURVATURE_PER_M_FIELD_NUMBER: _ClassVar[int]
    HEADING_RAD_FIELD_NUMBER: _ClassVar[int]
    IN_JUNCTION_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_M_FIELD_NUMBER: _ClassVar[int]
    RIGHT_FIELD_NUMBER: _ClassVar[int]
    SPEED_LIMIT_MPS_FIELD_NUMBER: _ClassVar[int]
    S_M_FIELD_NUMBER: _ClassVar[int]
    WIDTH_M_FIELD_NUMBER: _ClassVar[int]
    X_M_FIELD_NUMBER: _ClassVar[int]
    Y_M_FIELD_NUMBER: _ClassVar[int]
    Z_M_FIELD_NUMBER: _ClassVar[int]
    bank: float
    curvature_per_m: float
    heading_rad: float
    in_junction: bool
    left: RouteSide
    offset_m: float
    right: RouteSide
    s_m: float
    speed_limit_mps: float
    width_m: float
    x_m: float
    y_m: float
    z_m: float
    def __init__(self, s_m: _Optional[float] = ..., x_m: _Optional[float] = ..., y_m: _Optional[float] = ..., heading_rad: _Optional[float] = ..., curvature_per_m: _Optional[float] = ..., speed_limit_mps: _Optional[float] = ..., width_m: _Optional[float] = ..., in_junction: bool = ..., z_m: _Optional[float] = ..., bank: _Optional[float] = ..., offset_m: _Optional[float] = ..., left: _Optional[_Union[RouteSide, _Mapping]] = ..., right: _Optional[_Union[RouteSide, _Mapping]] = ...) -> None: ...

class RouteSide(_message.Message):
    __slots__ = ["oncoming", "width_m"]
    ONCOMING_FIELD_NUMBER: _ClassVar[int]
    WIDTH_M_FIELD_NUMBER: _ClassVar[int]
    oncoming: bool
    width_m: float
    def __init__(self, width_m: _Optional[float] = ..., oncoming: bool = ...) -> None: ...

class SignalPlace(_message.Message):
    __slots__ = ["head", "heading_rad", "height_m", "x_m", "y_m", "z_m"]
    HEADING_RAD_FIELD_NUMBER: _ClassVar[int]
    HEAD_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_M_FIELD_NUMBER: _ClassVar[int]
    X_M_FIELD_NUMBER: _ClassVar[int]
    Y_M_FIELD_NUMBER: _ClassVar[int]
    Z_M_FIELD_NUMBER: _ClassVar[int]
    head: int
    heading_rad: float
    height_m: float
    x_m: float
    y_m: float
    z_m: float
    def __init__(self, head: _Optional[int] = ..., x_m: _Optional[float] = ..., y_m: _Optional[float] = ..., z_m: _Optional[float] = ..., height_m: _Optional[float] = ..., heading_rad: _Optional[float] = ...) -> None: ...

class Trajectory(_message.Message):
    __slots__ = ["points"]
    POINTS_FIELD_NUMBER: _ClassVar[int]
    points: _containers.RepeatedCompositeFieldContainer[TrajectoryPoint]
    def __init__(self, points: _Optional[_Iterable[_Union[TrajectoryPoint, _Mapping]]] = ...) -> None: ...

class TrajectoryPoint(_message.Message):
    __slots__ = ["heading_rad", "speed_mps", "t_s", "x_m", "y_m"]
    HEADING_RAD_FIELD_NUMBER: _ClassVar[int]
    SPEED_MPS_FIELD_NUMBER: _ClassVar[int]
    T_S_FIELD_NUMBER: _ClassVar[int]
    X_M_FIELD_NUMBER: _ClassVar[int]
    Y_M_FIELD_NUMBER: _ClassVar[int]
    heading_rad: float
    speed_mps: float
    t_s: float
    x_m: float
    y_m: float
    def __init__(self, t_s: _Optional[float] = ..., x_m: _Optional[float] = ..., y_m: _Optional[float] = ..., heading_rad: _Optional[float] = ..., speed_mps: _Optional[float] = ...) -> None: ...

class LensModel(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class SignalState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class RouteEventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []

class ObjectClass(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = []
