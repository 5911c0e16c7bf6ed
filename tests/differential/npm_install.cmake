# Installs one npm package into its own directory, once. Without a registry
# nothing is installed and nothing fails: the comparison says that it skipped.
file(GLOB_RECURSE manifest ${HOME}/node_modules/dotenv/package.json)
if(NOT manifest)
  file(MAKE_DIRECTORY ${HOME})
  execute_process(COMMAND ${NPM} install --silent --no-audit --no-fund --ignore-scripts --prefix ${HOME} ${PACKAGE}
                  TIMEOUT 100 RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(STATUS "npm could not install ${PACKAGE}: its comparison is skipped")
  endif()
endif()
