#include "scenarios/openscenario/standard.h"

#include <algorithm>
#include <cctype>

#include "engine/core/check.h"

namespace huntsman::scenarios::openscenario {

namespace {

// Enumerations, then types: NAME(ATTRIBUTE: TYPE, ...) = TEXT { CONTENT }. Content is as in regular
// expressions over elements: `;` sequence, `|` choice, `?`, `*`, `+` and `{N,unbounded}` how often;
// `Name: Type` where the element is not called as its type. Attributes with `?` may be missing.
constexpr const char* kStandard = R"(
enum AngleType = heading | pitch | roll
enum AutomaticGearType = n | p | r | d
enum CloudState = cloudy | free | overcast | rainy | skyOff
enum ColorType = other | red | yellow | green | blue | violet | orange | brown | black | grey |
    white
enum ConditionEdge = falling | none | rising | risingOrFalling
enum ControllerType = lateral | longitudinal | lighting | animation | movement | appearance | all
enum CoordinateSystem = entity | lane | road | trajectory | world
enum DirectionalDimension = longitudinal | lateral | vertical
enum DynamicsDimension = distance | rate | time
enum DynamicsShape = cubic | linear | sinusoidal | step
enum FollowingMode = follow | position
enum FractionalCloudCover = zeroOktas | oneOktas | twoOktas | threeOktas | fourOktas | fiveOktas |
    sixOktas | sevenOktas | eightOktas | nineOktas
enum LateralDisplacement = any | leftToReferencedEntity | rightToReferencedEntity
enum LightMode = on | off | flashing
enum LongitudinalDisplacement = any | trailingReferencedEntity | leadingReferencedEntity
enum MiscObjectCategory = barrier | building | crosswalk | gantry | none | obstacle | parkingSpace
    | patch | pole | railing | roadMark | soundBarrier | streetLamp | trafficIsland | tree |
    vegetation | wind
enum ObjectType = miscellaneous | pedestrian | vehicle | external
enum ParameterType = boolean | dateTime | double | integer | string | unsignedInt | unsignedShort
    | int
enum PedestrianCategory = animal | pedestrian | wheelchair
enum PedestrianGestureType = phoneCallRightHand | phoneCallLeftHand | phoneTextRightHand |
    phoneTextLeftHand | wavingRightArm | wavingLeftArm | umbrellaRightHand | umbrellaLeftHand |
    crossArms | coffeeRightHand | coffeeLeftHand | sandwichRightHand | sandwichLeftHand
enum PedestrianMotionType = standing | sitting | lying | squatting | walking | running | reeling |
    crawling | cycling | jumping | ducking | bendingDown
enum PrecipitationType = dry | rain | snow
enum Priority = overwrite | override | parallel | skip
enum ReferenceContext = absolute | relative
enum RelativeDistanceType = lateral | longitudinal | cartesianDistance | euclidianDistance
enum Role = none | ambulance | civil | fire | military | police | publicTransport | roadAssistance
enum RouteStrategy = fastest | leastIntersections | random | shortest
enum RoutingAlgorithm = assignedRoute | fastest | leastIntersections | shortest | undefined
enum Rule = equalTo | greaterThan | lessThan | greaterOrEqual | lessOrEqual | notEqualTo
enum SpeedTargetValueType = delta | factor
enum StoryboardElementState = completeState | endTransition | runningState | skipTransition |
    standbyState | startTransition | stopTransition
enum StoryboardElementType = act | action | event | maneuver | maneuverGroup | story
enum TriggeringEntitiesRule = all | any
enum VehicleCategory = bicycle | bus | car | motorbike | semitrailer | trailer | train | tram |
    truck | van
enum VehicleComponentType = hood | trunk | doorFrontRight | doorFrontLeft | doorRearRight |
    doorRearLeft | windowFrontRight | windowFrontLeft | windowRearRight | windowRearLeft |
    sideMirrors | sideMirrorRight | sideMirrorLeft
enum VehicleLightType = daytimeRunningLights | lowBeam | highBeam | fogLights | fogLightsFront |
    fogLightsRear | brakeLights | warningLights | indicatorLeft | indicatorRight | reversingLights
    | licensePlateIllumination | specialPurposeLights
enum Wetness = dry | moist | wetWithPuddles | lowFlooded | highFlooded

AbsoluteSpeed(value: Double) { (TargetDistanceSteadyState | TargetTimeSteadyState)? }
AbsoluteTargetLane(value: String)
AbsoluteTargetLaneOffset(value: Double)
AbsoluteTargetSpeed(value: Double)
AccelerationCondition(rule: Rule, value: Double, direction: DirectionalDimension?)
AcquirePositionAction { Position }
Act(name: String) { ManeuverGroup+; StartTrigger: Trigger?; StopTrigger: Trigger? }
Action(name: String) { (GlobalAction | UserDefinedAction | PrivateAction) }
ActivateControllerAction(controllerRef: String?, objectControllerRef: String?, lateral: Boolean?,
    longitudinal: Boolean?, animation: Boolean?, lighting: Boolean?)
Actors(selectTriggeringEntities: Boolean) { EntityRef* }
AddEntityAction { Position }
AngleCondition(angleType: AngleType, angle: Double, angleTolerance: Double, coordinateSystem:
    CoordinateSystem?)
AnimationAction(loop: Boolean?, animationDuration: Double?) { AnimationType; AnimationState? }
AnimationFile(timeOffset: Double?) { File }
AnimationState(state: Double)
AnimationType { (ComponentAnimation | PedestrianAnimation | AnimationFile | UserDefinedAnimation)
    }
AppearanceAction { (LightStateAction | AnimationAction) }
AssignControllerAction(activateLateral: Boolean?, activateLongitudinal: Boolean?,
    activateAnimation: Boolean?, activateLighting: Boolean?) { (Controller? | CatalogReference? |
    ObjectController?) }
AssignRouteAction { (Route | CatalogReference) }
AutomaticGear(gear: AutomaticGearType)
Axle(maxSteering: Double, positionX: Double, positionZ: Double, trackWidth: Double, wheelDiameter:
    Double)
Axles { FrontAxle: Axle?; RearAxle: Axle; AdditionalAxle: Axle* }
BoundingBox { Center; Dimensions }
Brake(value: Double, maxRate: Double?)
ByEntityCondition { TriggeringEntities; EntityCondition }
ByObjectType(type: ObjectType)
ByType(objectType: ObjectType)
ByValueCondition { (ParameterCondition | TimeOfDayCondition | SimulationTimeCondition |
    StoryboardElementStateCondition | UserDefinedValueCondition | TrafficSignalCondition |
    TrafficSignalControllerCondition | VariableCondition) }
Catalog(name: String) { Vehicle*; Controller*; Pedestrian*; MiscObject*; Environment*; Maneuver*;
    Trajectory*; Route* }
CatalogLocations { VehicleCatalog: VehicleCatalogLocation?; ControllerCatalog:
    ControllerCatalogLocation?; PedestrianCatalog: PedestrianCatalogLocation?; MiscObjectCatalog:
    MiscObjectCatalogLocation?; EnvironmentCatalog: EnvironmentCatalogLocation?; ManeuverCatalog:
    ManeuverCatalogLocation?; TrajectoryCatalog: TrajectoryCatalogLocation?; RouteCatalog:
    RouteCatalogLocation? }
CatalogReference(catalogName: String, entryName: String) { ParameterAssignments? }
Center(x: Double, y: Double, z: Double)
CentralSwarmObject(entityRef: String)
Clothoid(curvature: Double, curvatureDot: Double?, length: Double, startTime: Double?, stopTime:
    Double?, curvaturePrime: Double?) { Position }
ClothoidSpline(timeEnd: Double?) { ClothoidSplineSegment+ }
ClothoidSplineSegment(curvatureStart: Double, curvatureEnd: Double, length: Double, hOffset:
    Double?, timeStart: Double?) { PositionStart: Position? }
CollisionCondition { (EntityRef | ByType: ByObjectType) }
Color(colorType: ColorType) { (ColorRgb | ColorCmyk) }
ColorCmyk(cyan: Double, magenta: Double, yellow: Double, key: Double)
ColorRgb(red: Double, green: Double, blue: Double)
ComponentAnimation { (VehicleComponent | UserDefinedComponent) }
Condition(conditionEdge: ConditionEdge, delay: Double, name: String) { (ByEntityCondition |
    ByValueCondition) }
ConditionGroup { Condition+ }
ConnectTrailerAction(trailerRef: String)
Controller(name: String, controllerType: ControllerType?) { ParameterDeclarations?; Properties? }
ControllerAction { (AssignControllerAction | OverrideControllerValueAction |
    ActivateControllerAction) }
ControllerCatalogLocation { Directory }
ControllerDistribution { ControllerDistributionEntry+ }
ControllerDistributionEntry(weight: Double) { (Controller | CatalogReference) }
ControlPoint(time: Double?, weight: Double?) { Position }
CustomCommandAction(type: String) = xsd:string
CustomContent = xsd:string
DeleteEntityAction
Deterministic { (DeterministicMultiParameterDistribution |
    DeterministicSingleParameterDistribution)* }
DeterministicMultiParameterDistribution { ValueSetDistribution }
DeterministicSingleParameterDistribution(parameterName: String) { (DistributionSet |
    DistributionRange | UserDefinedDistribution) }
Dimensions(height: Double, length: Double, width: Double)
DirectionOfTravelDistribution(same: Double, opposite: Double)
Directory(path: String)
DisconnectTrailerAction
DistanceCondition(alongRoute: Boolean?, freespace: Boolean, rule: Rule, value: Double,
    coordinateSystem: CoordinateSystem?, relativeDistanceType: RelativeDistanceType?,
    routingAlgorithm: RoutingAlgorithm?) { Position }
DistributionRange(stepWidth: Double) { Range }
DistributionSet { Element: DistributionSetElement+ }
DistributionSetElement(value: String)
DomeImage(azimuthOffset: Double?) { DomeFile: File }
DynamicConstraints(maxAcceleration: Double?, maxAccelerationRate: Double?, maxDeceleration:
    Double?, maxDecelerationRate: Double?, maxSpeed: Double?)
EndOfRoadCondition(duration: Double)
Entities { ScenarioObject*; EntitySelection* }
EntityAction(entityRef: String) { (AddEntityAction | DeleteEntityAction) }
EntityCondition { (EndOfRoadCondition | CollisionCondition | OffroadCondition |
    TimeHeadwayCondition | TimeToCollisionCondition | AccelerationCondition | StandStillCondition
    | SpeedCondition | RelativeSpeedCondition | TraveledDistanceCondition | ReachPositionCondition
    | DistanceCondition | RelativeDistanceCondition | RelativeClearanceCondition | AngleCondition
    | RelativeAngleCondition) }
EntityDistribution { EntityDistributionEntry+ }
EntityDistributionEntry(weight: Double) { ScenarioObjectTemplate }
EntityRef(entityRef: String)
EntitySelection(name: String) { Members: SelectedEntities }
Environment(name: String) { ParameterDeclarations?; TimeOfDay?; Weather?; RoadCondition? }
EnvironmentAction { (Environment | CatalogReference) }
EnvironmentCatalogLocation { Directory }
Event(maximumExecutionCount: UnsignedInt?, name: String, priority: Priority) { Action+;
    StartTrigger: Trigger? }
ExternalObjectReference(name: String)
File(filepath: String)
FileHeader(author: String, date: DateTime, description: String, revMajor: UnsignedShort, revMinor:
    UnsignedShort) { License?; Properties? }
FinalSpeed { (AbsoluteSpeed | RelativeSpeedToMaster) }
Fog(visualRange: Double) { BoundingBox? }
FollowTrajectoryAction(initialDistanceOffset: Double?) { Trajectory?; CatalogReference?;
    TimeReference; TrajectoryFollowingMode; TrajectoryRef? }
GeoPosition(latitude: Double?, longitude: Double?, height: Double?, latitudeDeg: Double?,
    longitudeDeg: Double?, altitude: Double?, verticalRoadSelection: Int?) { Orientation? }
GlobalAction { (EnvironmentAction | EntityAction | InfrastructureAction | SetMonitorAction |
    ParameterAction | TrafficAction | VariableAction) }
Histogram { Bin: HistogramBin+ }
HistogramBin(weight: Double) { Range }
InfrastructureAction { TrafficSignalAction }
Init { Actions: InitActions }
InitActions { GlobalAction*; UserDefinedAction*; Private* }
InRoutePosition { (FromCurrentEntity: PositionOfCurrentEntity | FromRoadCoordinates:
    PositionInRoadCoordinates | FromLaneCoordinates: PositionInLaneCoordinates) }
Knot(value: Double)
Lane(id: Int)
LaneChangeAction(targetLaneOffset: Double?) { LaneChangeActionDynamics: TransitionDynamics;
    LaneChangeTarget }
LaneChangeTarget { (RelativeTargetLane | AbsoluteTargetLane) }
LaneOffsetAction(continuous: Boolean) { LaneOffsetActionDynamics; LaneOffsetTarget }
LaneOffsetActionDynamics(dynamicsShape: DynamicsShape, maxLateralAcc: Double?)
LaneOffsetTarget { (RelativeTargetLaneOffset | AbsoluteTargetLaneOffset) }
LanePosition(laneId: String, offset: Double?, roadId: String, s: Double) { Orientation? }
LateralAction { (LaneChangeAction | LaneOffsetAction | LateralDistanceAction) }
LateralDistanceAction(entityRef: String, continuous: Boolean, distance: Double?, freespace:
    Boolean, displacement: LateralDisplacement?, coordinateSystem: CoordinateSystem?) {
    DynamicConstraints? }
License(name: String, resource: String?, spdxId: String?) = xsd:string
LightState(mode: LightMode, luminousIntensity: Double?, flashingOnDuration: Double?,
    flashingOffDuration: Double?) { Color? }
LightStateAction(transitionTime: Double?) { LightType; LightState }
LightType { (VehicleLight | UserDefinedLight) }
LogNormalDistribution(expectedValue: Double, variance: Double) { Range? }
LongitudinalAction { (SpeedAction | LongitudinalDistanceAction | SpeedProfileAction) }
LongitudinalDistanceAction(entityRef: String, continuous: Boolean, distance: Double?, freespace:
    Boolean, timeGap: Double?, displacement: LongitudinalDisplacement?, coordinateSystem:
    CoordinateSystem?) { DynamicConstraints? }
Maneuver(name: String) { ParameterDeclarations?; Event+ }
ManeuverCatalogLocation { Directory }
ManeuverGroup(maximumExecutionCount: UnsignedInt, name: String) { Actors; CatalogReference*;
    Maneuver* }
ManualGear(number: Int)
MiscObject(mass: Double, miscObjectCategory: MiscObjectCategory, name: String, model3d: String?) {
    ParameterDeclarations?; BoundingBox; Properties? }
MiscObjectCatalogLocation { Directory }
ModifyRule { (AddValue: ParameterAddValueRule | MultiplyByValue: ParameterMultiplyByValueRule) }
MonitorDeclaration(name: String, value: Boolean)
MonitorDeclarations { MonitorDeclaration* }
None
NormalDistribution(expectedValue: Double, variance: Double) { Range? }
Nurbs(order: UnsignedInt) { ControlPoint{2,unbounded}; Knot{2,unbounded} }
ObjectController(name: String?) { (CatalogReference | Controller) }
OffroadCondition(duration: Double)
OpenScenario { FileHeader; (ParameterDeclarations?; VariableDeclarations?; MonitorDeclarations?;
    CatalogLocations; RoadNetwork; Entities; Storyboard | Catalog | ParameterValueDistribution) }
Orientation(h: Double?, p: Double?, r: Double?, type: ReferenceContext?)
OverrideBrakeAction(active: Boolean, value: Double?) { (BrakePercent: Brake | BrakeForce: Brake)?
    }
OverrideClutchAction(active: Boolean, value: Double, maxRate: Double?)
OverrideControllerValueAction { Throttle: OverrideThrottleAction?; Brake: OverrideBrakeAction?;
    Clutch: OverrideClutchAction?; ParkingBrake: OverrideParkingBrakeAction?; SteeringWheel:
    OverrideSteeringWheelAction?; Gear: OverrideGearAction? }
OverrideGearAction(active: Boolean, number: Double?) { (ManualGear | AutomaticGear)? }
OverrideParkingBrakeAction(active: Boolean, value: Double?) { (BrakePercent: Brake | BrakeForce:
    Brake)? }
OverrideSteeringWheelAction(active: Boolean, value: Double, maxRate: Double?, maxTorque: Double?)
OverrideThrottleAction(active: Boolean, value: Double, maxRate: Double?)
ParameterAction(parameterRef: String) { (SetAction: ParameterSetAction | ModifyAction:
    ParameterModifyAction) }
ParameterAddValueRule(value: Double)
ParameterAssignment(parameterRef: String, value: String)
ParameterAssignments { ParameterAssignment* }
ParameterCondition(parameterRef: String, rule: Rule, value: String)
ParameterDeclaration(name: String, parameterType: ParameterType, value: String) { ConstraintGroup:
    ValueConstraintGroup* }
ParameterDeclarations { ParameterDeclaration* }
ParameterModifyAction { Rule: ModifyRule }
ParameterMultiplyByValueRule(value: Double)
ParameterSetAction(value: String)
ParameterValueDistribution { ScenarioFile: File; (Deterministic | Stochastic) }
ParameterValueSet { ParameterAssignment+ }
Pedestrian(mass: Double, model: String?, name: String, pedestrianCategory: PedestrianCategory,
    model3d: String?, role: Role?) { ParameterDeclarations?; BoundingBox; Properties? }
PedestrianAnimation(motion: PedestrianMotionType?, userDefinedPedestrianAnimation: String?) {
    PedestrianGesture* }
PedestrianCatalogLocation { Directory }
PedestrianGesture(gesture: PedestrianGestureType)
Performance(maxAcceleration: Double, maxAccelerationRate: Double?, maxDeceleration: Double,
    maxDecelerationRate: Double?, maxSpeed: Double)
Phase(duration: Double, name: String) { TrafficSignalState*; TrafficSignalGroupState? }
PoissonDistribution(expectedValue: Double) { Range? }
Polygon { Position{3,unbounded} }
Polyline { Vertex{2,unbounded} }
Position { (WorldPosition | RelativeWorldPosition | RelativeObjectPosition | RoadPosition |
    RelativeRoadPosition | LanePosition | RelativeLanePosition | RoutePosition | GeoPosition |
    TrajectoryPosition) }
PositionInLaneCoordinates(laneId: String, laneOffset: Double?, pathS: Double)
PositionInRoadCoordinates(pathS: Double, t: Double)
PositionOfCurrentEntity(entityRef: String)
Precipitation(intensity: Double?, precipitationType: PrecipitationType, precipitationIntensity:
    Double?)
Private(entityRef: String) { PrivateAction+ }
PrivateAction { (LongitudinalAction | LateralAction | VisibilityAction | SynchronizeAction |
    ActivateControllerAction | ControllerAction | TeleportAction | RoutingAction |
    AppearanceAction | TrailerAction) }
ProbabilityDistributionSet { Element: ProbabilityDistributionSetElement+ }
ProbabilityDistributionSetElement(value: String, weight: Double)
Properties { Property*; File*; CustomContent* }
Property(name: String, value: String)
RandomRouteAction
Range(lowerLimit: Double, upperLimit: Double)
ReachPositionCondition(tolerance: Double) { Position }
RelativeAngleCondition(entityRef: String, angleType: AngleType, angle: Double, angleTolerance:
    Double, coordinateSystem: CoordinateSystem?)
RelativeClearanceCondition(oppositeLanes: Boolean, distanceForward: Double?, distanceBackward:
    Double?, freeSpace: Boolean) { RelativeLaneRange*; EntityRef* }
RelativeDistanceCondition(entityRef: String, freespace: Boolean, relativeDistanceType:
    RelativeDistanceType, rule: Rule, value: Double, coordinateSystem: CoordinateSystem?,
    routingAlgorithm: RoutingAlgorithm?)
RelativeLanePosition(entityRef: String, dLane: Int, ds: Double?, offset: Double?, dsLane: Double?)
    { Orientation? }
RelativeLaneRange(from: Int?, to: Int?)
RelativeObjectPosition(entityRef: String, dx: Double, dy: Double, dz: Double?) { Orientation? }
RelativeRoadPosition(entityRef: String, ds: Double, dt: Double) { Orientation? }
RelativeSpeedCondition(entityRef: String, rule: Rule, value: Double, direction:
    DirectionalDimension?)
RelativeSpeedToMaster(speedTargetValueType: SpeedTargetValueType, value: Double) {
    (TargetDistanceSteadyState | TargetTimeSteadyState)? }
RelativeTargetLane(entityRef: String, value: Int)
RelativeTargetLaneOffset(entityRef: String, value: Double)
RelativeTargetSpeed(entityRef: String, continuous: Boolean, speedTargetValueType:
    SpeedTargetValueType, value: Double)
RelativeWorldPosition(entityRef: String, dx: Double, dy: Double, dz: Double?) { Orientation? }
RoadCondition(frictionScaleFactor: Double, wetness: Wetness?) { Properties? }
RoadCursor(roadId: String, s: Double?) { Lane* }
RoadNetwork { LogicFile: File?; SceneGraphFile: File?; TrafficSignals?; UsedArea? }
RoadPosition(roadId: String, s: Double, t: Double) { Orientation? }
RoadRange(length: Double?) { RoadCursor{2,unbounded} }
Route(closed: Boolean, name: String) { ParameterDeclarations?; Waypoint{2,unbounded} }
RouteCatalogLocation { Directory }
RoutePosition { RouteRef; Orientation?; InRoutePosition }
RouteRef { (Route | CatalogReference) }
RoutingAction { (AssignRouteAction | FollowTrajectoryAction | AcquirePositionAction |
    RandomRouteAction) }
ScenarioObject(name: String) { (CatalogReference | Vehicle | Pedestrian | MiscObject |
    ExternalObjectReference); ObjectController* }
ScenarioObjectTemplate { (CatalogReference | Vehicle | Pedestrian | MiscObject |
    ExternalObjectReference); ObjectController* }
SelectedEntities { (EntityRef+ | ByType+) }
SensorReference(name: String)
SensorReferenceSet { SensorReference+ }
SetMonitorAction(monitorRef: String, value: Boolean)
Shape { (Polyline | Clothoid | ClothoidSpline | Nurbs) }
SimulationTimeCondition(rule: Rule, value: Double)
SpeedAction { SpeedActionDynamics: TransitionDynamics; SpeedActionTarget }
SpeedActionTarget { (RelativeTargetSpeed | AbsoluteTargetSpeed) }
SpeedCondition(rule: Rule, value: Double, direction: DirectionalDimension?)
SpeedProfileAction(entityRef: String?, followingMode: FollowingMode) { DynamicConstraints?;
    SpeedProfileEntry+ }
SpeedProfileEntry(speed: Double, time: Double?)
StandStillCondition(duration: Double)
Stochastic(numberOfTestRuns: UnsignedInt, randomSeed: Double?) { StochasticDistribution+ }
StochasticDistribution(parameterName: String) { (ProbabilityDistributionSet | NormalDistribution |
    LogNormalDistribution | UniformDistribution | PoissonDistribution | Histogram |
    UserDefinedDistribution) }
Story(name: String) { ParameterDeclarations?; Act+ }
Storyboard { Init; Story*; StopTrigger: Trigger? }
StoryboardElementStateCondition(storyboardElementRef: String, state: StoryboardElementState,
    storyboardElementType: StoryboardElementType)
Sun(azimuth: Double, elevation: Double, intensity: Double?, illuminance: Double?)
SynchronizeAction(masterEntityRef: String, targetToleranceMaster: Double?, targetTolerance:
    Double?) { TargetPositionMaster: Position; TargetPosition: Position; FinalSpeed? }
TargetDistanceSteadyState(distance: Double)
TargetTimeSteadyState(time: Double)
TeleportAction { Position }
TimeHeadwayCondition(entityRef: String, alongRoute: Boolean?, freespace: Boolean, rule: Rule,
    value: Double, coordinateSystem: CoordinateSystem?, relativeDistanceType:
    RelativeDistanceType?, routingAlgorithm: RoutingAlgorithm?)
TimeOfDay(animation: Boolean, dateTime: DateTime)
TimeOfDayCondition(dateTime: DateTime, rule: Rule)
TimeReference { (None | Timing) }
TimeToCollisionCondition(alongRoute: Boolean?, freespace: Boolean, rule: Rule, value: Double,
    relativeDistanceType: RelativeDistanceType?, coordinateSystem: CoordinateSystem?,
    routingAlgorithm: RoutingAlgorithm?) { TimeToCollisionConditionTarget }
TimeToCollisionConditionTarget { (Position | EntityRef) }
Timing(domainAbsoluteRelative: ReferenceContext, offset: Double, scale: Double)
TrafficAction(trafficName: String?) { (TrafficSourceAction | TrafficSinkAction |
    TrafficSwarmAction | TrafficAreaAction | TrafficStopAction) }
TrafficArea { (Polygon | RoadRange+) }
TrafficAreaAction(numberOfEntities: UnsignedInt, continuous: Boolean) { TrafficDistribution;
    TrafficArea }
TrafficDefinition(name: String) { VehicleCategoryDistribution; VehicleRoleDistribution?;
    ControllerDistribution }
TrafficDistribution { TrafficDistributionEntry+ }
TrafficDistributionEntry(weight: Double) { EntityDistribution; Properties? }
TrafficSignalAction { (TrafficSignalControllerAction | TrafficSignalStateAction) }
TrafficSignalCondition(name: String, state: String)
TrafficSignalController(delay: Double?, name: String, reference: String?) { Phase* }
TrafficSignals { TrafficSignalController* }
TrafficSignalControllerAction(trafficSignalControllerRef: String, phase: String)
TrafficSignalControllerCondition(trafficSignalControllerRef: String, phase: String)
TrafficSignalGroupState(state: String)
TrafficSignalState(state: String, trafficSignalId: String)
TrafficSignalStateAction(name: String, state: String)
TrafficSinkAction(radius: Double, rate: Double?) { Position; TrafficDefinition? }
TrafficSourceAction(radius: Double, rate: Double, velocity: Double?, speed: Double?) { Position;
    TrafficDefinition?; TrafficDistribution? }
TrafficStopAction
TrafficSwarmAction(innerRadius: Double, numberOfVehicles: UnsignedInt, offset: Double,
    semiMajorAxis: Double, semiMinorAxis: Double, velocity: Double?) { CentralObject:
    CentralSwarmObject; TrafficDefinition?; TrafficDistribution?; InitialSpeedRange: Range?;
    DirectionOfTravelDistribution? }
Trailer { (Trailer: ScenarioObject | TrailerRef: EntityRef) }
TrailerAction { (ConnectTrailerAction | DisconnectTrailerAction) }
TrailerCoupler(dx: Double, dz: Double?)
TrailerHitch(dx: Double, dz: Double?)
Trajectory(closed: Boolean, name: String) { ParameterDeclarations?; Shape }
TrajectoryCatalogLocation { Directory }
TrajectoryFollowingMode(followingMode: FollowingMode)
TrajectoryPosition(s: Double, t: Double?) { Orientation?; TrajectoryRef }
TrajectoryRef { (Trajectory | CatalogReference) }
TransitionDynamics(dynamicsDimension: DynamicsDimension, dynamicsShape: DynamicsShape,
    followingMode: FollowingMode?, value: Double)
TraveledDistanceCondition(value: Double)
Trigger { ConditionGroup* }
TriggeringEntities(triggeringEntitiesRule: TriggeringEntitiesRule) { EntityRef+ }
UniformDistribution { Range }
UsedArea { Position{2,unbounded} }
UserDefinedAction { CustomCommandAction }
UserDefinedAnimation(userDefinedAnimationType: String)
UserDefinedComponent(userDefinedComponentType: String)
UserDefinedDistribution(type: String) = xsd:string
UserDefinedLight(userDefinedLightType: String)
UserDefinedValueCondition(name: String, rule: Rule, value: String)
ValueConstraint(rule: Rule, value: String)
ValueConstraintGroup { ValueConstraint+ }
ValueSetDistribution { ParameterValueSet+ }
VariableAction(variableRef: String) { (SetAction: VariableSetAction | ModifyAction:
    VariableModifyAction) }
VariableAddValueRule(value: Double)
VariableCondition(variableRef: String, rule: Rule, value: String)
VariableDeclaration(name: String, variableType: ParameterType, value: String)
VariableDeclarations { VariableDeclaration* }
VariableModifyAction { Rule: VariableModifyRule }
VariableModifyRule { (AddValue: VariableAddValueRule | MultiplyByValue:
    VariableMultiplyByValueRule) }
VariableMultiplyByValueRule(value: Double)
VariableSetAction(value: String)
Vehicle(name: String, vehicleCategory: VehicleCategory, role: Role?, mass: Double?, model3d:
    String?) { ParameterDeclarations?; BoundingBox; Performance; Axles; Properties?;
    TrailerHitch?; TrailerCoupler?; Trailer? }
VehicleCatalogLocation { Directory }
VehicleCategoryDistribution { VehicleCategoryDistributionEntry+ }
VehicleCategoryDistributionEntry(category: VehicleCategory, weight: Double)
VehicleComponent(vehicleComponentType: VehicleComponentType)
VehicleLight(vehicleLightType: VehicleLightType)
VehicleRoleDistribution { VehicleRoleDistributionEntry+ }
VehicleRoleDistributionEntry(role: Role, weight: Double)
Vertex(time: Double?) { Position }
VisibilityAction(graphics: Boolean, sensors: Boolean, traffic: Boolean) { SensorReferenceSet? }
Waypoint(routeStrategy: RouteStrategy) { Position }
Weather(cloudState: CloudState?, atmosphericPressure: Double?, temperature: Double?,
    fractionalCloudCover: FractionalCloudCover?) { Sun?; Fog?; Precipitation?; Wind?; DomeImage? }
Wind(direction: Double, speed: Double)
WorldPosition(h: Double?, p: Double?, r: Double?, x: Double, y: Double, z: Double?)
)";

// Reads the table above, which is part of the program: what is wrong with it is a mistake in it.
class TableReader {
  public:
    explicit TableReader(std::string_view text) : text_(text) {}

    bool done() {
        skip_space();
        return at_ == text_.size();
    }
    bool accept(std::string_view token) {
        skip_space();
        if (!text_.substr(at_).starts_with(token)) return false;
        at_ += token.size();
        return true;
    }
    void expect(std::string_view token) {
        HM_CHECK(accept(token), "table of OpenSCENARIO: expected {} before: {}", token,
                 text_.substr(at_, 40));
    }
    std::string word() {
        skip_space();
        const std::size_t begin = at_;
        while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) != 0)) {
            ++at_;
        }
        HM_CHECK(at_ > begin, "table of OpenSCENARIO: expected a name before: {}",
                 text_.substr(begin, 40));
        return std::string(text_.substr(begin, at_ - begin));
    }

    EnumRule enumeration() {
        EnumRule rule{.name = word(), .values = {}};
        expect("=");
        do rule.values.push_back(word());
        while (accept("|"));
        return rule;
    }
    TypeRule type() {
        TypeRule rule;
        rule.name = word();
        if (accept("(")) {
            do {
                AttributeRule attribute;
                attribute.name = word();
                expect(":");
                attribute.type = word();
                attribute.required = !accept("?");
                rule.attributes.push_back(std::move(attribute));
            } while (accept(","));
            expect(")");
        }
        rule.holds_text = accept("= xsd:string");
        if (accept("{")) {
            rule.has_content = true;
            rule.content = parts("}");
        }
        return rule;
    }

  private:
    void skip_space() {
        while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
            ++at_;
        }
    }
    // A choice of sequences, up to a closing token.
    Content parts(std::string_view closing) {
        Content choice{.kind = Content::Kind::kChoice};
        do {
            Content sequence;
            do sequence.parts.push_back(part());
            while (accept(";"));
            choice.parts.push_back(sequence.parts.size() == 1 ? std::move(sequence.parts[0])
                                                              : std::move(sequence));
        } while (accept("|"));
        expect(closing);
        return choice.parts.size() == 1 ? std::move(choice.parts[0]) : std::move(choice);
    }
    Content part() {
        Content content;
        if (accept("(")) {
            content = parts(")");
        } else {
            content.kind = Content::Kind::kElement;
            content.name = word();
            content.type = accept(":") ? word() : content.name;
        }
        if (accept("?")) {
            content.least = 0;
        } else if (accept("*")) {
            content.least = 0;
            content.most = Content::kUnbounded;
        } else if (accept("+")) {
            content.most = Content::kUnbounded;
        } else if (accept("{")) {
            content.least = std::stoi(word());
            expect(",unbounded}");
            content.most = Content::kUnbounded;
        }
        return content;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

std::string_view find_child(const Content& content, std::string_view element) {
    if (content.kind == Content::Kind::kElement) {
        return content.name == element ? std::string_view(content.type) : std::string_view();
    }
    for (const Content& part : content.parts) {
        const std::string_view type = find_child(part, element);
        if (!type.empty()) return type;
    }
    return {};
}

template <typename Rule>
const Rule* find_rule(const std::vector<Rule>& rules, std::string_view name) {
    const auto at = std::ranges::lower_bound(rules, name, {}, &Rule::name);
    return at != rules.end() && at->name == name ? &*at : nullptr;
}

}  // namespace

const AttributeRule* TypeRule::attribute(std::string_view wanted) const {
    const auto at = std::ranges::find(attributes, wanted, &AttributeRule::name);
    return at == attributes.end() ? nullptr : &*at;
}

std::string_view TypeRule::child_type(std::string_view element) const {
    return has_content ? find_child(content, element) : std::string_view();
}

Standard::Standard() {
    TableReader reader(kStandard);
    while (!reader.done()) {
        if (reader.accept("enum ")) {
            enums_.push_back(reader.enumeration());
        } else {
            types_.push_back(reader.type());
        }
    }
    std::ranges::sort(types_, {}, &TypeRule::name);
    std::ranges::sort(enums_, {}, &EnumRule::name);
}

const Standard& Standard::get() {
    static const Standard standard;
    return standard;
}

const TypeRule* Standard::type(std::string_view name) const { return find_rule(types_, name); }
const EnumRule* Standard::enumeration(std::string_view name) const {
    return find_rule(enums_, name);
}

}  // namespace huntsman::scenarios::openscenario
