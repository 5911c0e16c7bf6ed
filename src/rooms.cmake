# How a room (one folder, one static library, one test program) is declared.
#
#   rta_room(tls LINK rta_base)
#
# makes library rta_tls from the .cpp files of src/tls and its folders and, with
# tests, the doctest program rta_tls_test from the *_test.cpp among them. Rooms are told apart by what they link:
# a room can include only the headers of the rooms it names.

add_library(rta_options INTERFACE)
target_compile_options(rta_options INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wold-style-cast -Wcast-align
  $<$<BOOL:${RTA_WERROR}>:-Werror>
  # Fields left out of a designated initialiser take their defaults: that is the point.
  -Wno-missing-field-initializers
  # GCC 12 sees overflows in std::string that are not there (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-stringop-overflow>
  # GCC's manual: sanitizers lead to false warnings. The plain build keeps them.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<OR:$<BOOL:${RTA_SANITIZE}>,$<BOOL:${RTA_TSAN}>>>:-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-stringop-overread>
  # Clang sees std::stable_sort of libstdc++ 12 use what it deprecates itself.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  -fPIE -fstack-protector-strong -fcf-protection=full
  $<$<AND:$<CONFIG:Release>,$<NOT:$<BOOL:${RTA_SANITIZE}>>>:-D_FORTIFY_SOURCE=2>
  # A fuzz target is sanitized too, and every room it links reports its coverage.
  $<$<OR:$<BOOL:${RTA_SANITIZE}>,$<BOOL:${RTA_FUZZ}>>:-fsanitize=address,undefined;-fno-sanitize-recover=undefined;-fno-omit-frame-pointer>
  $<$<BOOL:${RTA_FUZZ}>:-fsanitize=fuzzer-no-link>
  $<$<BOOL:${RTA_TSAN}>:-fsanitize=thread>
  # libstdc++ checks indexes and empty optionals itself.
  $<$<OR:$<BOOL:${RTA_SANITIZE}>,$<BOOL:${RTA_FUZZ}>,$<BOOL:${RTA_TSAN}>>:-D_GLIBCXX_ASSERTIONS>)
target_link_options(rta_options INTERFACE
  -pie -Wl,-z,relro,-z,now
  $<$<OR:$<BOOL:${RTA_SANITIZE}>,$<BOOL:${RTA_FUZZ}>>:-fsanitize=address,undefined>
  $<$<BOOL:${RTA_TSAN}>:-fsanitize=thread>)
target_compile_definitions(rta_options INTERFACE
  RTA_VERSION="${PROJECT_VERSION}" _FILE_OFFSET_BITS=64)

# The vocabulary: include/redis_tls_audit.
add_library(rta_api INTERFACE)
target_include_directories(rta_api INTERFACE ${PROJECT_SOURCE_DIR}/include)
target_link_libraries(rta_api INTERFACE rta_options fmt::fmt)

# One precompiled header for all product code, one for all tests.
file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/pch_anchor.cpp CONTENT "")
add_library(rta_pch OBJECT ${PROJECT_BINARY_DIR}/generated/pch_anchor.cpp)
target_link_libraries(rta_pch PRIVATE rta_api)
target_precompile_headers(rta_pch PRIVATE
  <algorithm> <array> <chrono> <cstdint> <expected> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>
  <redis_tls_audit/report.h> <redis_tls_audit/result.h>)
if(RTA_TESTS)
  find_package(doctest REQUIRED)
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/test_pch_anchor.cpp CONTENT "")
  add_library(rta_test_pch OBJECT ${PROJECT_BINARY_DIR}/generated/test_pch_anchor.cpp)
  target_link_libraries(rta_test_pch PRIVATE rta_api doctest::doctest)
  target_precompile_headers(rta_test_pch PRIVATE
    <algorithm> <array> <chrono> <cstdint> <expected> <functional> <map> <memory> <optional> <set>
    <span> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>
    <redis_tls_audit/report.h> <redis_tls_audit/result.h> <doctest/doctest.h>)
endif()

if(CMAKE_CXX_COMPILER_LAUNCHER)
  foreach(target rta_pch rta_test_pch)
    if(TARGET ${target})
      set_target_properties(${target} PROPERTIES CXX_COMPILER_LAUNCHER
        "${CMAKE_CURRENT_LIST_DIR}/without_stale_header.sh;${CMAKE_CXX_COMPILER_LAUNCHER}")
    endif()
  endforeach()
endif()

function(rta_library target)
  target_include_directories(${target} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  target_precompile_headers(${target} REUSE_FROM rta_pch)
endfunction()

# A doctest program; labels are for `ctest -L`.
function(rta_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;LINK" ${ARGN})
  if(NOT RTA_TESTS)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE rta_api doctest::doctest ${ARG_LINK})
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR})
  target_precompile_headers(${name} REUSE_FROM rta_test_pch)
  # GCC 12 sees std::string concatenations leave their bounds (GCC bug 105329);
  # product code keeps the warning.
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-array-bounds>)
  add_test(NAME ${name} COMMAND ${name})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
endfunction()

function(rta_room name)
  cmake_parse_arguments(ARG "" "" "LINK;PRIVATE_LINK;TEST_LINK" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp)
  file(GLOB_RECURSE tests CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*_test.cpp)
  if(tests)
    list(REMOVE_ITEM sources ${tests})
  endif()
  add_library(rta_${name} STATIC ${sources})
  target_link_libraries(rta_${name} PUBLIC rta_api ${ARG_LINK} PRIVATE ${ARG_PRIVATE_LINK})
  rta_library(rta_${name})
  if(tests AND RTA_TESTS)
    rta_test(rta_${name}_test SOURCES ${tests} ${PROJECT_SOURCE_DIR}/tests/support/doctest_main.cpp
             LINK rta_${name} rta_test_support ${ARG_TEST_LINK})
  endif()
endfunction()
