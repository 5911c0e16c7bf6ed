// dotenv: what a dialect's reader makes of FILE; client-url: what a client
// library makes of a connection form.
#include <array>
#include <cstdio>

#include "files/clients/client_verdict.h"
#include "files/dotenv/dotenv.h"
#include "tests/read_input/calls.h"

namespace rta::read_input {
namespace {

Result<Bytes> read_bytes(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) return Error{"cannot be opened", path, {}};
  Bytes bytes;
  std::array<std::uint8_t, 65536> buffer{};
  for (std::size_t size; (size = std::fread(buffer.data(), 1, buffer.size(), file)) > 0;)
    bytes.insert(bytes.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(size));
  std::fclose(file);
  return bytes;
}

void add_assignment(const std::string& text, std::map<std::string, std::string>& environment) {
  const std::size_t equal = text.find('=');
  environment[text.substr(0, equal)] = equal == std::string::npos ? "" : text.substr(equal + 1);
}

}  // namespace

Result<Json> answer_dotenv(Arguments arguments) {
  std::optional<files::DotenvDialect> dialect;
  files::Environment environment;
  std::string path;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--dialect" && has_value)
      dialect = from_name<files::DotenvDialect>(arguments[++i]);
    else if (arguments[i] == "--env" && has_value)
      add_assignment(arguments[++i], environment);
    else
      path = arguments[i];
  }
  if (!dialect || path.empty()) return Error{"--dialect D and FILE are needed", {}, {}};
  const Result<Bytes> bytes = read_bytes(path);
  if (!bytes) return bytes.error();
  const files::DotenvFile file = files::read_dotenv(*bytes, *dialect, path, environment);
  if (file.refused) return Json{{"error", *file.refused}, {"line", file.refused_at.line}};
  Json values = Json::object();
  for (const auto& [key, value] : file.values) {
    // A shell has no null: what we do not know, because a command decides it, is left out.
    if (value || *dialect != files::DotenvDialect::sh)
      values[key] = value ? Json(*value) : Json(nullptr);
  }
  return Json{{"values", std::move(values)}};
}

Result<Json> answer_client_url(Arguments arguments) {
  std::string client;
  std::string form;
  std::map<std::string, std::string> environment;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const bool has_value = i + 1 < arguments.size();
    if (arguments[i] == "--client" && has_value)
      client = arguments[++i];
    else if (arguments[i] == "--env" && has_value)
      add_assignment(arguments[++i], environment);
    else  // a URL and options may come apart
      form += (form.empty() ? "" : " ") + arguments[i];
  }
  const std::size_t blank = client.find(' ');
  if (client.empty()) return Error{"--client \"NAME VERSION\" and FORM are needed", {}, {}};
  const std::string version = blank == std::string::npos ? "" : client.substr(blank + 1);
  const files::ClientVerdict verdict =
      files::judge_client(client.substr(0, blank), version, form, environment);
  return Json{{"verdict", name_of(verdict)}};
}

}  // namespace rta::read_input
