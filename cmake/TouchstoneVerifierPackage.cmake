# The verifier as other projects install it:
#   libtouchstone-verifier.so   exports the C interface (verifier/touchstone.h) and nothing else
#   libtouchstone-verifier.a    the same code for C++ programs, with all of verifier/*.h
#   touchstone-verifier.pc      for pkg-config: the C interface
#   touchstone-verifierConfig.cmake   touchstone::verifier (C); with COMPONENTS cxx also
#                                     touchstone::verifier_cxx
# Included by verifier/CMakeLists.txt. "cmake --install DIR --component verifier" installs it alone.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package touchstone-verifier)
set(objects
  $<TARGET_OBJECTS:touchstone_verifier_core>
  $<TARGET_OBJECTS:touchstone_sha256_sodium_objects>
  $<TARGET_OBJECTS:touchstone_proto_lite>)
get_target_property(core_links touchstone_verifier_core LINK_LIBRARIES)
list(FILTER core_links INCLUDE REGEX "^absl::")

set(export_map ${CMAKE_CURRENT_SOURCE_DIR}/touchstone-verifier.map)
add_library(touchstone_verifier_shared SHARED ${objects})
target_link_libraries(touchstone_verifier_shared PRIVATE
  ${core_links} protobuf::libprotobuf-lite PkgConfig::SODIUM)
target_link_options(touchstone_verifier_shared PRIVATE
  -Wl,--version-script=${export_map} -Wl,--no-undefined -Wl,--as-needed)
set_target_properties(touchstone_verifier_shared PROPERTIES
  LINK_DEPENDS ${export_map}
  LINKER_LANGUAGE CXX
  OUTPUT_NAME ${package}
  EXPORT_NAME verifier
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR})

add_library(touchstone_verifier_static STATIC ${objects})
target_link_libraries(touchstone_verifier_static PUBLIC
  ${core_links} protobuf::libprotobuf-lite PkgConfig::SODIUM)
set_target_properties(touchstone_verifier_static PROPERTIES
  LINKER_LANGUAGE CXX
  OUTPUT_NAME ${package}
  EXPORT_NAME verifier_cxx)

# Headers are included as in this repository: #include "verifier/touchstone.h".
set(header_dir ${CMAKE_INSTALL_INCLUDEDIR}/touchstone)
set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/${package})
target_include_directories(touchstone_verifier_shared INTERFACE $<INSTALL_INTERFACE:${header_dir}>)
target_include_directories(touchstone_verifier_static INTERFACE $<INSTALL_INTERFACE:${header_dir}>)

install(DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}/ DESTINATION ${header_dir}/verifier
        COMPONENT verifier FILES_MATCHING PATTERN "*.h" PATTERN "schema_gen" EXCLUDE)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/proto/touchstone
        DESTINATION ${CMAKE_INSTALL_DATADIR}/touchstone/proto
        COMPONENT verifier FILES_MATCHING PATTERN "*.proto")
install(TARGETS touchstone_verifier_shared EXPORT ${package}-c
        LIBRARY COMPONENT verifier NAMELINK_COMPONENT verifier)
install(TARGETS touchstone_verifier_static EXPORT ${package}-cxx ARCHIVE COMPONENT verifier)
foreach(interface c cxx)
  install(EXPORT ${package}-${interface} NAMESPACE touchstone:: DESTINATION ${config_dir}
          COMPONENT verifier)
endforeach()

configure_file(${PROJECT_SOURCE_DIR}/cmake/${package}Config.cmake.in
               ${CMAKE_CURRENT_BINARY_DIR}/${package}Config.cmake @ONLY)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/${package}ConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${package}Config.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/${package}ConfigVersion.cmake
        DESTINATION ${config_dir} COMPONENT verifier)

# Relative, so that what is installed can be moved, and "cmake --install --prefix" works.
file(RELATIVE_PATH pc_includedir
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/${package}.pc.in
               ${CMAKE_CURRENT_BINARY_DIR}/${package}.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/${package}.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT verifier)
