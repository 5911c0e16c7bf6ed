// Our readers of env files against those of Node and Python: npm dotenv 16, 17
// and 18, util.parseEnv of Node 20, and python-dotenv. A program that is not
// installed skips its part and says so.
#include "tests/differential/dotenv_cases.h"

using namespace rta;
using files::DotenvDialect;
using testing::compare;
using testing::count_of_cases;

namespace {

constexpr std::string_view kNode = R"js(
const fs = require('fs');
const [, , how, count] = process.argv;
const parse = how === 'parseEnv' ? require('util').parseEnv : require(how).parse;
const answers = [];
for (let i = 0; i < Number(count); i++) {
  try { answers.push({ ...parse(how === 'parseEnv' ? fs.readFileSync(i + '.env', 'utf8') : fs.readFileSync(i + '.env')) }); }
  catch (error) { answers.push(null); }
}
fs.writeFileSync('answers.json', JSON.stringify(answers));
)js";

constexpr std::string_view kPython = R"py(
import json, sys, logging
logging.disable(logging.CRITICAL)
import dotenv
answers = []
for i in range(int(sys.argv[1])):
    try:
        answers.append(dict(dotenv.dotenv_values('%d.env' % i, encoding='utf-8')))
    except Exception:
        answers.append(None)
json.dump(answers, open('answers.json', 'w'))
)py";

}  // namespace

TEST_CASE("npm dotenv 16, 17 and 18 agree with the node dialect") {
  for (const char* version : {"16", "17", "18"}) {
    const std::string module =
        fmt::format("{}/dotenv-{}/node_modules/dotenv", RTA_NPM_DIR, version);
    INFO(module);
    std::FILE* manifest = std::fopen((module + "/package.json").c_str(), "rb");
    if (manifest == nullptr) {
      MESSAGE("skipped: dotenv " << version << " is not installed in the build directory");
      continue;
    }
    std::fclose(manifest);
    compare("/usr/bin/node", {"reader", module}, kNode, DotenvDialect::node, count_of_cases(4000));
    compare<testing::WildGenerator>("/usr/bin/node", {"reader", module}, kNode, DotenvDialect::node,
                                    count_of_cases(2000));
  }
}

TEST_CASE("util.parseEnv of Node 20 agrees with the node-env-file dialect") {
  compare("/usr/bin/node", {"reader", "parseEnv"}, kNode, DotenvDialect::node_env_file,
          count_of_cases(4000));
  compare<testing::WildGenerator>("/usr/bin/node", {"reader", "parseEnv"}, kNode,
                                  DotenvDialect::node_env_file, count_of_cases(2000));
}

TEST_CASE("Debian's python-dotenv agrees with the python dialect") {
  compare("/usr/bin/python3", {"reader"}, kPython, DotenvDialect::python, count_of_cases(4000));
  compare<testing::WildGenerator>("/usr/bin/python3", {"reader"}, kPython, DotenvDialect::python,
                                  count_of_cases(2000));
}
