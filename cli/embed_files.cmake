# Run while building: cmake -DOUTPUT=x.inc "-DFILES=a;b" -P embed_files.cmake
# Writes each file as a C++ array of its bytes, named after it: art-deco.json -> kArt_deco_json.

set(text "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME)
  string(MAKE_C_IDENTIFIER ${name} name)
  string(SUBSTRING ${name} 0 1 first)
  string(SUBSTRING ${name} 1 -1 rest)
  string(TOUPPER ${first} first)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "(................................................................................)"
         "\\1\n" bytes "${bytes}")
  string(APPEND text "inline constexpr unsigned char k${first}${rest}[] = {\n${bytes}};\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
