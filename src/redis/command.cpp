#include "redis/command.h"

#include "base/byte_writer.h"
#include "base/text.h"

namespace rta::redis {
namespace {

Bytes encode(const std::vector<std::string_view>& words) {
  ByteWriter out;
  out.text(fmt::format("*{}\r\n", words.size()));
  for (const std::string_view word : words) {
    out.text(fmt::format("${}\r\n", word.size()));
    out.text(word);
    out.text("\r\n");
  }
  return std::move(out).take();
}

}  // namespace

Command::Command(std::string_view name, const std::vector<std::string_view>& words)
    : name_(name), wire_(encode(words)) {}

Command::Command(PlainCommand plain) : Command(plain.words, split(plain.words, ' ')) {}

Command Command::config_get_all() {
  std::vector<std::string_view> words{"CONFIG", "GET"};
  words.insert(words.end(), kConfigParameters.begin(), kConfigParameters.end());
  return {"CONFIG GET", words};
}

Command Command::config_get(ConfigParameter parameter) {
  return {"CONFIG GET", {"CONFIG", "GET", parameter.name}};
}

Command Command::config_get(std::size_t index_in_table) {
  return {"CONFIG GET", {"CONFIG", "GET", kConfigParameters.at(index_in_table)}};
}

Command Command::hello() { return {"HELLO", {"HELLO", "2", "SETNAME", kClientName}}; }

Command Command::hello(std::string_view user, const Secret& password) {
  return {"HELLO",
          {"HELLO", "2", "AUTH", user.empty() ? "default" : user, password.expose(), "SETNAME",
           kClientName}};
}

Command Command::auth(std::string_view user, const Secret& password) {
  if (user.empty()) return {"AUTH", {"AUTH", password.expose()}};
  return {"AUTH", {"AUTH", user, password.expose()}};
}

Command Command::acl_log(std::uint64_t most) {
  return {"ACL LOG", {"ACL", "LOG", std::to_string(most)}};
}

}  // namespace rta::redis
