# Who may link whom, held at configure time: a target that reaches what it must not know stops the
# build with the path by which it got there. tools/checks/links looks at the finished files too.
#
#   touchstone_may_reach(TARGET ONLY regex...)     everything reached matches one of these
#   touchstone_may_reach(TARGET NEVER regex...)    nothing reached matches any of these

# All targets and libraries that NAME links, directly or through others, as "name<-who<-linked<-it".
function(touchstone_link_closure out name)
  set(queue ${name})
  set(seen)
  set(paths)
  while(queue)
    list(POP_FRONT queue path)
    string(REGEX REPLACE "<-.*" "" item "${path}")
    if(item IN_LIST seen)
      continue()
    endif()
    list(APPEND seen ${item})
    list(APPEND paths "${path}")
    # What lies below a library from outside is Debian's affair; and which of its two runtimes
    # touchstone_protobuf_runtime stands for is up to each program.
    if(NOT TARGET ${item} OR NOT item MATCHES "^touchstone"
       OR item STREQUAL "touchstone_protobuf_runtime")
      continue()
    endif()
    set(links)
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(value ${item} ${property})
      if(value)
        list(APPEND links ${value})
      endif()
    endforeach()
    foreach(link IN LISTS links)
      while(link MATCHES "^\\$<(LINK_ONLY|BUILD_INTERFACE):(.*)>$")
        set(link "${CMAKE_MATCH_2}")
      endwhile()
      if(NOT link STREQUAL "")
        list(APPEND queue "${link}<-${path}")
      endif()
    endforeach()
  endwhile()
  list(POP_FRONT paths)
  set(${out} ${paths} PARENT_SCOPE)
endfunction()

function(touchstone_may_reach name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "ONLY;NEVER")
  if(NOT TARGET ${name})
    return()
  endif()
  touchstone_link_closure(closure ${name})
  foreach(path IN LISTS closure)
    string(REGEX REPLACE "<-.*" "" item "${path}")
    set(allowed TRUE)
    if(arg_ONLY)
      set(allowed FALSE)
      foreach(regex IN LISTS arg_ONLY)
        if(item MATCHES "${regex}")
          set(allowed TRUE)
        endif()
      endforeach()
    endif()
    foreach(regex IN LISTS arg_NEVER)
      if(item MATCHES "${regex}")
        set(allowed FALSE)
      endif()
    endforeach()
    if(NOT allowed)
      string(REPLACE "<-" " <- " path "${path}")
      message(SEND_ERROR "${name} must not link ${item} (${path}). "
                         "See cmake/TouchstoneLinkRules.cmake for who may link whom.")
    endif()
  endforeach()
endfunction()

function(touchstone_check_verifier_links)
  foreach(name touchstone_verifier touchstone_verifier_core touchstone-verify
               touchstone_verifier_shared touchstone_verifier_static)
    touchstone_may_reach(${name} ONLY
      "^touchstone_(verifier|sha256_sodium|proto_lite|protobuf_runtime|warnings)"
      "^absl::" "^protobuf::libprotobuf-lite$" "^PkgConfig::SODIUM$")
  endforeach()
endfunction()

# A program that runs on full protobuf has to say so, or it would load the lite runtime as well.
function(touchstone_check_protobuf_of program full)
  if(NOT full)
    touchstone_may_reach(${program} NEVER "^gRPC::" "^protobuf::libprotobuf$")
  endif()
endfunction()

function(touchstone_hold_link_rules)
  touchstone_check_verifier_links()
  foreach(name touchstone_storage touchstone_ledger touchstone_vault)
    touchstone_may_reach(${name} NEVER "^gRPC::" "^touchstone_(service|proto_service|cli)" "^CLI11")
  endforeach()
  touchstone_may_reach(touchstone
    NEVER "^RocksDB" "^touchstone_(storage|ledger|service|registry)" "^touchstone-registry")

  get_property(programs GLOBAL PROPERTY TOUCHSTONE_PROGRAMS)
  set(listing)
  foreach(name IN LISTS programs)
    get_target_property(full ${name} TOUCHSTONE_FULL_PROTOBUF)
    touchstone_check_protobuf_of(${name} ${full})
    string(APPEND listing "$<TARGET_FILE:${name}>\n")
  endforeach()
  # For tools/checks/links.
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/programs.txt CONTENT "${listing}")
endfunction()
