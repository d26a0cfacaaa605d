# Compile flags shared by all rooms, and the two functions that declare a room and a test.

find_program(CCACHE ccache)
if(CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
    add_link_options(-fuse-ld=mold)
endif()
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)

add_library(huntsman_flags INTERFACE)
target_include_directories(huntsman_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_BINARY_DIR})
# No contraction and no fast-math: a run's bits must not depend on the optimiser's mood.
target_compile_options(huntsman_flags INTERFACE
    -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-missing-field-initializers
    # False alarms of GCC 12 on string concatenation (GCC bug 105329).
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
    $<$<BOOL:${HUNTSMAN_WERROR}>:-Werror>)
target_compile_definitions(huntsman_flags INTERFACE GLM_FORCE_XYZW_ONLY GLM_FORCE_EXPLICIT_CTOR
    SPDLOG_FMT_EXTERNAL)
target_link_libraries(huntsman_flags INTERFACE Threads::Threads fmt spdlog)

# hm_room(engine/core DEPENDS engine/math LIBRARIES fmt)
# declares the static library of one second-level folder from all its .cpp files.
function(hm_room folder)
    cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES" ${ARGN})
    string(REPLACE "/" "_" name "huntsman_${folder}")
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*.cpp)
    add_library(${name} STATIC ${sources})
    target_link_libraries(${name} PUBLIC huntsman_flags)
    foreach(room ${arg_DEPENDS})
        string(REPLACE "/" "_" dependency "huntsman_${room}")
        target_link_libraries(${name} PUBLIC ${dependency})
    endforeach()
    target_link_libraries(${name} PRIVATE ${arg_LIBRARIES})
endfunction()

# hm_test(engine/core LABEL unit DEPENDS engine/core)
# declares one test program from all *_test.cpp files of tests/<folder>.
function(hm_test folder)
    cmake_parse_arguments(arg "" "LABEL;TIMEOUT" "DEPENDS;LIBRARIES" ${ARGN})
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
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${folder}/*${suffix})
    add_executable(${name} ${sources})
    target_link_libraries(${name} PRIVATE huntsman_flags GTest::gtest GTest::gmock
                          GTest::gtest_main ${arg_LIBRARIES})
    target_compile_definitions(${name} PRIVATE HUNTSMAN_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    foreach(room ${arg_DEPENDS})
        string(REPLACE "/" "_" dependency "huntsman_${room}")
        target_link_libraries(${name} PRIVATE ${dependency})
    endforeach()
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT ${arg_TIMEOUT})
endfunction()
