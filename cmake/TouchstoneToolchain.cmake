# Compiler settings that every target of this build shares: language level, optimisation,
# hardening, sanitizers, ccache. Warnings are not here: they belong to our own targets only
# (see TouchstoneTargets.cmake).

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
# A security update of a Debian library relinks nothing.
set(CMAKE_LINK_DEPENDS_NO_SHARED ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "Kind of build" FORCE)
endif()
# -g1 keeps backtraces readable at a fraction of the size of full debug information.
foreach(language C CXX)
  set(CMAKE_${language}_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
  set(CMAKE_${language}_FLAGS_DEBUG "-O0 -g -D_GLIBCXX_ASSERTIONS")
endforeach()

# Debian's CMake files name every library that gRPC might want; load those that are used.
add_link_options(-Wl,--as-needed)

if(TOUCHSTONE_SANITIZE)
  add_compile_options(-fsanitize=${TOUCHSTONE_SANITIZE} -fno-omit-frame-pointer -O1 -g1)
  add_link_options(-fsanitize=${TOUCHSTONE_SANITIZE})
  if(TOUCHSTONE_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
elseif(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo")
  # What reads hostile bytes stops at the first overrun instead of going on.
  add_compile_options(-D_FORTIFY_SOURCE=2 -D_GLIBCXX_ASSERTIONS -fstack-protector-strong)
  add_link_options(-Wl,-z,relro -Wl,-z,now)
endif()

# No path of the machine that built it in what is built; and ccache can then serve another clone.
add_compile_options(-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  # The sloppiness is what precompiled headers need; the rest lets clones share compilations.
  set(ccache_launcher ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      ${CCACHE_PROGRAM})
  set(CMAKE_C_COMPILER_LAUNCHER ${ccache_launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ccache_launcher})
endif()
