# The functions with which every directory declares its targets.
#
#   touchstone_library(NAME SRCS a.cc ... [PUBLIC_DEPS ...] [DEPS ...] [PCH <header> ...])
#   touchstone_sha256_provider(NAME SRCS a.cc ... [DEPS ...])
#   touchstone_executable(NAME SRCS main.cc ... [DEPS ...] [OUTPUT name] [FULL_PROTOBUF])
#   touchstone_test(NAME SRCS a_test.cc ... [DEPS ...] [LABELS ...] [TIMEOUT s] [FULL_PROTOBUF]
#                   [WHOLE])
#   touchstone_benchmark(NAME SRCS a_benchmark.cc ... [DEPS ...] [FULL_PROTOBUF])
#   touchstone_fuzzer(NAME SRCS a_fuzz.cc ... [DEPS ...] [MUST_FAIL])
#
# PUBLIC_DEPS are those whose headers our headers include; DEPS those that only our .cc files know.
# FULL_PROTOBUF: say it for every program that links gRPC or full protobuf. libprotobuf contains
# all of libprotobuf-lite, and a program that loads both has every global twice; so such a program
# takes the lite runtime from libprotobuf. tools/check fails a program that loads both.
# MUST_FAIL: a fuzzer whose smoke run must find its bug.
# WHOLE: one CTest test for the whole program, for suites whose cases share an expensive start.

add_library(touchstone_warnings INTERFACE)
target_compile_options(touchstone_warnings INTERFACE
  -Wall -Wextra -Werror -Wshadow -Wconversion
  $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual>)

# Which protobuf runtime the lite messages run on is decided by the program that links them.
add_library(touchstone_protobuf_runtime INTERFACE)
target_link_libraries(touchstone_protobuf_runtime INTERFACE
  "$<IF:$<BOOL:$<TARGET_PROPERTY:TOUCHSTONE_FULL_PROTOBUF>>,protobuf::libprotobuf,protobuf::libprotobuf-lite>")

# Includes are rooted at the repository: #include "verifier/digest.h".
function(touchstone_configure_target name)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${TOUCHSTONE_GENERATED_DIR})
  target_link_libraries(${name} PRIVATE $<BUILD_INTERFACE:touchstone_warnings>)
endfunction()

# For code whose own speed nobody waits for, and whose compilation everybody does: half the time of
# -O2. What it calls is optimised as ever.
function(touchstone_compile_quickly name)
  if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
    # GCC 12 sees overruns in std::string that are not there (its bug 105651), more so at -O1.
    target_compile_options(${name} PRIVATE -O1 -Wno-array-bounds -Wno-stringop-overflow -Wno-restrict)
  endif()
endfunction()

# Headers like <absl/status/status.h>, for what of NAME is C++.
function(touchstone_precompile name)
  foreach(header IN LISTS ARGN)
    string(REPLACE ">" "$<ANGLE-R>" header "${header}")
    target_precompile_headers(${name} PRIVATE "$<$<COMPILE_LANGUAGE:CXX>:${header}>")
  endforeach()
endfunction()

# What most of our sources include, for PCH of the targets that have many of them: a third of the
# time of a clean build. The fuzzers' build does without, so that each source is also seen to include
# what it needs.
if(NOT TOUCHSTONE_FUZZ)
  set(touchstone_common_headers
    <absl/status/statusor.h> <absl/strings/str_cat.h> <optional> <string> <vector>
    <touchstone/v1/statement.pb.h>)
  set(touchstone_common_test_headers ${touchstone_common_headers} <gmock/gmock.h> <gtest/gtest.h>)
endif()

function(touchstone_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS;PUBLIC_DEPS;PCH")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "touchstone_library(${name}): unknown ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_SRCS)  # headers only
    add_library(${name} INTERFACE)
    target_include_directories(${name} INTERFACE $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
    target_link_libraries(${name} INTERFACE ${arg_PUBLIC_DEPS} ${arg_DEPS})
    return()
  endif()
  add_library(${name} STATIC ${arg_SRCS})
  touchstone_configure_target(${name})
  target_include_directories(${name} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>)
  target_link_libraries(${name} PUBLIC ${arg_PUBLIC_DEPS} PRIVATE ${arg_DEPS})
  touchstone_precompile(${name} ${arg_PCH})
endfunction()

# One of the implementations of verifier/sha256.h: linking NAME puts its objects into the program.
function(touchstone_sha256_provider name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SRCS;DEPS")
  add_library(${name} INTERFACE)
  target_link_libraries(${name} INTERFACE ${arg_DEPS})
  if(arg_SRCS)
    add_library(${name}_objects OBJECT ${arg_SRCS})
    touchstone_configure_target(${name}_objects)
    target_link_libraries(${name}_objects PRIVATE touchstone_verifier_core ${arg_DEPS})
    target_sources(${name} INTERFACE $<TARGET_OBJECTS:${name}_objects>)
  endif()
endfunction()

function(touchstone_executable name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FULL_PROTOBUF" "OUTPUT" "SRCS;DEPS;PCH")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "touchstone_executable(${name}): unknown ${arg_UNPARSED_ARGUMENTS}")
  endif()
  add_executable(${name} ${arg_SRCS})
  touchstone_configure_target(${name})
  target_link_libraries(${name} PRIVATE ${arg_DEPS})
  set_target_properties(${name} PROPERTIES
    TOUCHSTONE_FULL_PROTOBUF ${arg_FULL_PROTOBUF}
    RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin)
  set_property(GLOBAL APPEND PROPERTY TOUCHSTONE_PROGRAMS ${name})
  if(arg_OUTPUT)
    set_target_properties(${name} PROPERTIES OUTPUT_NAME ${arg_OUTPUT})
  endif()
  touchstone_precompile(${name} ${arg_PCH})
endfunction()

function(touchstone_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FULL_PROTOBUF;WHOLE" "TIMEOUT" "SRCS;DEPS;LABELS;PCH")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "touchstone_test(${name}): unknown ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  set(full_protobuf)
  if(arg_FULL_PROTOBUF)
    set(full_protobuf FULL_PROTOBUF)
  endif()
  # A precompiled header pays from a few files on.
  list(LENGTH arg_SRCS files)
  if(files GREATER 3)
    list(APPEND arg_PCH <gmock/gmock.h> <gtest/gtest.h> <absl/status/statusor.h>
                        <absl/strings/str_cat.h>)
  endif()
  touchstone_executable(${name} SRCS ${arg_SRCS} DEPS ${arg_DEPS} GTest::gmock GTest::gtest_main
                        PCH ${arg_PCH} ${full_protobuf})
  touchstone_compile_quickly(${name})
  set_target_properties(${name} PROPERTIES
                        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  # Tests read vectors by their path in the repository.
  target_compile_definitions(${name} PRIVATE TOUCHSTONE_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  set(properties TIMEOUT ${arg_TIMEOUT})
  if(arg_LABELS)
    list(APPEND properties LABELS "${arg_LABELS}")
  endif()
  if(arg_WHOLE)
    add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
    set_tests_properties(${name} PROPERTIES ${properties})
  else()
    # PRE_TEST lists the cases when ctest starts, so that building never runs a test program.
    gtest_discover_tests(${name} TEST_PREFIX "${name}." DISCOVERY_MODE PRE_TEST
                         NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
                         PROPERTIES ${properties})
  endif()
endfunction()

function(touchstone_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "FULL_PROTOBUF" "" "SRCS;DEPS")
  set(full_protobuf)
  if(arg_FULL_PROTOBUF)
    set(full_protobuf FULL_PROTOBUF)
  endif()
  touchstone_executable(${name} SRCS ${arg_SRCS} DEPS ${arg_DEPS} benchmark::benchmark
                        ${full_protobuf})
  set_target_properties(${name} PROPERTIES
                        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
endfunction()

function(touchstone_fuzzer name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "MUST_FAIL" "" "SRCS;DEPS")
  touchstone_executable(${name} SRCS ${arg_SRCS} DEPS ${arg_DEPS})
  set_target_properties(${name} PROPERTIES
                        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  add_dependencies(touchstone_fuzzers ${name})

  # A few seconds of every fuzzer, from its seeds (tests/fuzz/seeds/NAME/, if it has any). What it
  # finds on the way stays in the build tree, so that a run starts where the last one ended.
  set(corpus ${CMAKE_CURRENT_BINARY_DIR}/corpus/${name})
  file(MAKE_DIRECTORY ${corpus})
  set(seeds ${CMAKE_CURRENT_SOURCE_DIR}/seeds/${name})
  if(NOT EXISTS ${seeds})
    set(seeds)
  endif()
  set(smoke -runs=20000 -max_total_time=5 -timeout=10 -rss_limit_mb=2048)
  if(arg_MUST_FAIL)
    set(smoke -runs=10000000 -max_total_time=60 -seed=1)
  endif()
  add_test(NAME fuzz.${name}
           COMMAND ${name} ${smoke} -verbosity=0
                   -artifact_prefix=${CMAKE_CURRENT_BINARY_DIR}/${name}- ${corpus} ${seeds})
  set_tests_properties(fuzz.${name} PROPERTIES TIMEOUT 120 LABELS fuzz)
  if(arg_MUST_FAIL)
    set_tests_properties(fuzz.${name} PROPERTIES
                         PASS_REGULAR_EXPRESSION "AddressSanitizer: heap-buffer-overflow")
  endif()
endfunction()
