// Seeded forms in which programs hand a connection to their client library, in
// the notation of the language. PORT and USER stand for what the run decides;
// CA for the trusted certificate (its bytes in JavaScript, its path in Python).
#pragma once

#include <map>
#include <string>
#include <vector>

namespace rta::testing {

struct ClientCase {
  std::string client;   // "ioredis"
  std::string library;  // the npm module; empty for Python
  std::string version;
  std::string form;
  std::map<std::string, std::string> environment;
};

// `factor` times the usual number.
std::vector<ClientCase> node_cases(unsigned seed, int factor);
std::vector<ClientCase> python_cases(unsigned seed, int factor);
std::vector<ClientCase> redis_cli_cases();

}  // namespace rta::testing
