# Shared by the scripts of this folder: a fresh prefix with the installed package, and a copy of the template.
set(prefix ${WORK_DIR}/prefix)
set(source ${WORK_DIR}/my_adamw)
file(REMOVE_RECURSE ${WORK_DIR})
file(COPY ${TEMPLATE_DIR}/ DESTINATION ${source})

# run(<what> <command>...): fails the test with the output when the command fails.
function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(failed)
    message(FATAL_ERROR "${what} failed (${failed}):\n${output}")
  endif()
  set(run_output "${output}" PARENT_SCOPE)
endfunction()

# expect_refused(<text> <option>...): configuring the template with these options must fail and say the text.
function(expect_refused text)
  execute_process(COMMAND ${configure} ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT failed)
    message(FATAL_ERROR "Configured, but should have been refused:\n${output}")
  endif()
  string(REGEX REPLACE "[ \n]+" " " output "${output}")
  string(FIND "${output}" "${text}" position)
  if(position EQUAL -1)
    message(FATAL_ERROR "Refused, but without the text '${text}':\n${output}")
  endif()
endfunction()

run("Installing" ${CMAKE_COMMAND} --install ${BUILD_DIR} --prefix ${prefix} --component sdk)
set(configure ${CMAKE_COMMAND} -S ${source} -B ${source}/build -G ${GENERATOR} -DCMAKE_PREFIX_PATH=${prefix}
    -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_CXX_FLAGS=${CXX_FLAGS} -DTIMETRIAL_NATIVE=${NATIVE})
