# Compile flags shared by all rooms, and the two functions that declare a room and a test.

find_program(CCACHE ccache)
if(CCACHE)
    # Without this sloppiness ccache does not cache what uses a precompiled header.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)

# Rooms become part of programs and of the module that holds LibTorch.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
# Programs lend that module their symbols; see bridge/torch/backend.h.
set(CMAKE_ENABLE_EXPORTS ON)

add_library(huntsman_flags INTERFACE)
target_include_directories(huntsman_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
# No contraction and no fast-math: a run's bits must not depend on the optimiser's mood.
target_compile_options(huntsman_flags INTERFACE
    -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers
    # GCC: calls within a shared object stay direct; ccache sees through precompiled headers; false
    # alarms of GCC 12 on string concatenation (bug 105329), more of which reach us from the
    # standard library where it is precompiled.
    $<$<CXX_COMPILER_ID:GNU>:-fno-semantic-interposition -fpch-preprocess -Wno-restrict
        -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds>
    $<$<BOOL:${HUNTSMAN_WERROR}>:-Werror>)
target_compile_definitions(huntsman_flags INTERFACE GLM_FORCE_XYZW_ONLY GLM_FORCE_EXPLICIT_CTOR)
target_link_libraries(huntsman_flags INTERFACE Threads::Threads fmt)

# Headers of libraries that most sources include, compiled once. Sources include what they need all
# the same: with OFF everything builds without them.
option(HUNTSMAN_PRECOMPILE "Precompile the headers of libraries" ON)
set(HUNTSMAN_ROOM_HEADERS
    <algorithm> <array> <chrono> <cmath> <deque> <filesystem> <fstream> <functional> <limits> <map>
    <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view> <thread> <utility>
    <variant> <vector> <fmt/format.h> <glm/gtc/quaternion.hpp> <glm/mat3x3.hpp> <glm/vec2.hpp>
    <glm/vec3.hpp> <nlohmann/json.hpp>)
# hm_precompile(NAME [FOR_PROGRAM] [LIBRARIES ...] [OPTIONS ...] HEADERS ...) declares a target that rooms, or
# programs, take their precompiled headers from.
function(hm_precompile name)
    if(NOT HUNTSMAN_PRECOMPILE)
        return()
    endif()
    cmake_parse_arguments(arg "FOR_PROGRAM" "" "LIBRARIES;OPTIONS;HEADERS" ${ARGN})
    add_library(${name} OBJECT ${CMAKE_SOURCE_DIR}/cmake/precompiled.cpp)
    target_link_libraries(${name} PRIVATE huntsman_flags ${arg_LIBRARIES})
    if(arg_FOR_PROGRAM)
        # Compiled as CMake compiles a program's sources.
        set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
        target_compile_options(${name} PRIVATE -fPIE)
    endif()
    target_compile_options(${name} PRIVATE ${arg_OPTIONS})
    target_precompile_headers(${name} PRIVATE ${arg_HEADERS})
endfunction()
function(hm_use_precompiled target name)
    if(HUNTSMAN_PRECOMPILE)
        target_precompile_headers(${target} REUSE_FROM ${name})
    endif()
endfunction()
hm_precompile(huntsman_room_headers HEADERS ${HUNTSMAN_ROOM_HEADERS})

# What tests are compiled with. They are built once and run briefly: the optimiser's full effort on
# their own sources would cost more than it saves.
add_library(huntsman_test_flags INTERFACE)
target_link_libraries(huntsman_test_flags INTERFACE huntsman_flags GTest::gtest GTest::gmock)
target_compile_definitions(huntsman_test_flags INTERFACE HUNTSMAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
# GoogleTest's macros guard themselves against a dangling else, which a precompiled header forgets.
target_compile_options(huntsman_test_flags INTERFACE $<$<CONFIG:Release>:-O1> -Wno-dangling-else)
hm_precompile(huntsman_test_headers FOR_PROGRAM LIBRARIES huntsman_test_flags
              HEADERS ${HUNTSMAN_ROOM_HEADERS} <gmock/gmock.h> <gtest/gtest.h>)

# Compiling a few sources at once saves the templates that they share. `dev` does not, so that a
# changed file is compiled alone.
option(HUNTSMAN_UNITY "Compile several sources of a room at once" OFF)
function(hm_unity target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${HUNTSMAN_UNITY} UNITY_BUILD_BATCH_SIZE 6)
endfunction()

# hm_room(engine/core DEPENDS engine/math LIBRARIES fmt)
# declares the static library of one second-level folder from all its .cpp files, and from those of
# the FOLDERS in it. ALONE: sources that have private names in common with others and are compiled by
# themselves; NO_UNITY: all are.
# LIGHT: the room reads and writes files; the optimiser's full effort would be spent in vain.
function(hm_room folder)
    cmake_parse_arguments(arg "NO_UNITY;LIGHT" "" "FOLDERS;DEPENDS;LIBRARIES;ALONE" ${ARGN})
    string(REPLACE "/" "_" name "huntsman_${folder}")
    list(TRANSFORM arg_FOLDERS REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/${folder}/\\1/*.cpp")
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp ${arg_FOLDERS})
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC huntsman_flags)
    foreach(room ${arg_DEPENDS})
        string(REPLACE "/" "_" dependency "huntsman_${room}")
        target_link_libraries(${name} PUBLIC ${dependency})
    endforeach()
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES})
    if(arg_LIGHT)
        target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
    endif()
    hm_use_precompiled(${name} huntsman_room_headers)
    if(NOT arg_NO_UNITY)
        hm_unity(${name})
        list(TRANSFORM arg_ALONE PREPEND ${CMAKE_SOURCE_DIR}/${folder}/)
        set_source_files_properties(${arg_ALONE} TARGET_DIRECTORY ${name}
                                    PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
endfunction()

# hm_test(engine/core LABEL unit DEPENDS engine/core)
# declares one test program from all *_test.cpp files of tests/<folder>. FOLDERS and NO_UNITY as for
# rooms.
function(hm_test folder)
    cmake_parse_arguments(arg "NO_UNITY" "LABEL;TIMEOUT" "FOLDERS;DEPENDS;LIBRARIES" ${ARGN})
    if(NOT arg_LABEL)
        set(arg_LABEL unit)
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    string(REPLACE "/" "_" name "test_${folder}_${arg_LABEL}")
    set(suffix _test.cpp)
    if(NOT arg_LABEL STREQUAL unit)
        set(suffix _${arg_LABEL}test.cpp)
    endif()
    list(TRANSFORM arg_FOLDERS REPLACE "(.+)" "${CMAKE_SOURCE_DIR}/tests/${folder}/\\1/*${suffix}")
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*${suffix} ${arg_FOLDERS})
    add_executable(${name} ${sources})
    target_link_libraries(${name} PRIVATE huntsman_test_flags GTest::gtest_main ${arg_LIBRARIES})
    hm_use_precompiled(${name} huntsman_test_headers)
    if(NOT arg_NO_UNITY)
        hm_unity(${name})
    endif()
    foreach(room ${arg_DEPENDS})
        string(REPLACE "/" "_" dependency "huntsman_${room}")
        target_link_libraries(${name} PRIVATE ${dependency})
    endforeach()
    add_test(NAME ${name} COMMAND ${name})
    # The longest first, so that none is left to run alone at the end.
    set(cost 0)
    if(arg_LABEL STREQUAL loop)
        set(cost ${arg_TIMEOUT})
    endif()
    set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT} COST ${cost})
endfunction()
