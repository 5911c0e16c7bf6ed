#include "cli/config_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <redis_tls_audit/limits.h>
#include <unistd.h>

#include <toml++/toml.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "base/text.h"
#include "base/text_file.h"
#include "base/unique_fd.h"
#include "net/address.h"

namespace rta {
namespace {

constexpr std::size_t kLongestSecret = 4096;

Error error_at(std::string what, const std::string& path, const toml::source_region& region,
               std::string remedy = {}) {
  return {std::move(what), fmt::format("{}:{}:{}", path, region.begin.line, region.begin.column),
          std::move(remedy)};
}

// One key of a table: its name and what to do with its value; the answer is
// what is wrong with it, or empty.
struct Key {
  std::string name;
  std::function<std::string(const toml::node&)> take;
};

std::string take_text(const toml::node& node, std::string& out) {
  if (!node.is_string()) return "expected a text";
  out = *node.value<std::string>();
  return {};
}

std::string take_texts(const toml::node& node, std::vector<std::string>& out) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return "expected a list of texts";
  for (const toml::node& element : *list) {
    if (!element.is_string()) return "expected a list of texts";
    out.push_back(*element.value<std::string>());
  }
  return {};
}

Result<void> take_table(const toml::table& table, const std::vector<Key>& keys,
                        const std::string& path) {
  for (const auto& [name, node] : table) {
    const auto key = std::ranges::find(keys, name.str(), &Key::name);
    if (key == keys.end()) {
      std::vector<std::string> names;
      for (const Key& known : keys) names.push_back(known.name);
      const auto close = did_you_mean(name.str(), names);
      return error_at(
          fmt::format("unknown key \"{}\"", name.str()), path, name.source(),
          close ? fmt::format("did you mean \"{}\"?", *close) : "known keys: " + join(names, ", "));
    }
    if (const std::string problem = key->take(node); !problem.empty())
      return error_at(fmt::format("{}: {}", name.str(), problem), path, node.source());
  }
  return {};
}

std::string take_address(const toml::node& node, HostPort& out) {
  std::string text;
  if (auto problem = take_text(node, text); !problem.empty()) return problem;
  const auto address = parse_target(text);
  if (!address) return address.error().text();
  out = *address;
  return {};
}

std::string take_connect_to(const toml::node& node, std::map<HostPort, HostPort>& out) {
  const toml::table* table = node.as_table();
  if (table == nullptr) return "expected a table such as \"redis:6379\" = \"127.0.0.1:16379\"";
  for (const auto& [name, value] : *table) {
    const auto from = parse_target(std::string{name.str()});
    HostPort to;
    if (!from) return from.error().text();
    if (auto problem = take_address(value, to); !problem.empty()) return problem;
    out[*from] = to;
  }
  return {};
}

std::string take_password_file(const toml::node& node, TargetSettings& target) {
  std::string path;
  if (auto problem = take_text(node, path); !problem.empty()) return problem;
  auto secret = read_secret_file(path);
  if (!secret) return secret.error().text();
  target.password = std::make_shared<const Secret>(std::move(*secret));
  return {};
}

std::string take_targets(const toml::node& node, std::vector<TargetSettings>& out,
                         const std::string& path) {
  const toml::array* list = node.as_array();
  if (list == nullptr) return "write each endpoint as [[target]]";
  for (const toml::node& element : *list) {
    const toml::table* table = element.as_table();
    if (table == nullptr) return "write each endpoint as [[target]]";
    TargetSettings target;
    const std::vector<Key> keys{
        {"url",
         [&](const toml::node& n) {
           if (auto problem = take_text(n, target.given); !problem.empty()) return problem;
           return take_address(n, target.address);
         }},
        {"user", [&](const toml::node& n) { return take_text(n, target.user); }},
        {"password_file", [&](const toml::node& n) { return take_password_file(n, target); }},
        {"cacert", [&](const toml::node& n) { return take_text(n, target.ca_file); }},
        {"cert", [&](const toml::node& n) { return take_text(n, target.certificate_file); }},
        {"key", [&](const toml::node& n) { return take_text(n, target.key_file); }},
        {"sni", [&](const toml::node& n) { return take_text(n, target.server_name); }},
    };
    if (auto done = take_table(*table, keys, path); !done) return done.error().text();
    if (target.given.empty()) return "a [[target]] needs a url such as \"rediss://redis:6379\"";
    out.push_back(std::move(target));
  }
  return {};
}

Result<Secret> read_secret(int fd, const std::string& where) {
  std::string value(kLongestSecret + 1, '\0');
  std::size_t size = 0;
  while (size < value.size()) {
    const ssize_t count = ::read(fd, value.data() + size, value.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0)
      return Error{fmt::format("the password cannot be read: {}", std::strerror(errno)), where, ""};
    if (count == 0) break;
    size += static_cast<std::size_t>(count);
  }
  if (size > kLongestSecret) return Error{"the password is longer than 4096 bytes", where, ""};
  value.resize(size);
  while (!value.empty() && (value.back() == '\n' || value.back() == '\r')) value.pop_back();
  if (value.empty()) return Error{"the password is empty", where, "write the password on one line"};
  if (value.find_first_of(std::string_view{"\n\r\0", 3}) != std::string::npos)
    return Error{"the password goes on after its first line", where,
                 "write the password alone on one line"};
  return Secret{std::move(value)};
}

}  // namespace

bool lies_in(const std::string& file, const std::string& directory) {
  std::error_code error;
  const auto inner = std::filesystem::canonical(file, error);
  if (error) return false;
  const auto outer = std::filesystem::canonical(directory, error);
  if (error) return false;
  return std::ranges::mismatch(outer, inner).in1 == outer.end();
}

Result<void> read_config_file(const std::string& path, ConfigTrust trust, Settings& settings) {
  const auto content = read_text_file(path);
  if (!content) return std::move(Error{content.error()}).while_doing("configuration");
  std::vector<Key> keys{
      {"profile", [&](const toml::node& n) { return take_text(n, settings.profile); }},
      {"anchors", [&](const toml::node& n) { return take_texts(n, settings.scan.anchors); }},
      {"allow_paths",
       [&](const toml::node& n) { return take_texts(n, settings.scan.allow_paths); }},
      {"truthy", [&](const toml::node& n) { return take_texts(n, settings.truthy); }},
      {"attestations",
       [&](const toml::node& n) {
         return take_text(n, settings.scan.attestations_file.emplace());
       }},
      {"history",
       [&](const toml::node& n) {
         return take_text(n, settings.scan.history_directory.emplace());
       }},
      {"connect_to",
       [&](const toml::node& n) { return take_connect_to(n, settings.scan.connect_to); }},
      {"target", [&](const toml::node& n) { return take_targets(n, settings.scan.targets, path); }},
  };
  if (trust == ConfigTrust::in_judged_tree)
    for (Key& key : keys)
      if (key.name != "profile" && key.name != "truthy")
        key.take = [&settings, &path, name = key.name](const toml::node& n) {
          settings.scan.not_obeyed.push_back(
              fmt::format("{}:{}:{}: {}", path, n.source().begin.line, n.source().begin.column, name));
          return std::string{};
        };
  try {
    return take_table(toml::parse(*content, path), keys, path);
  } catch (const toml::parse_error& problem) {
    return error_at(std::string{problem.description()}, path, problem.source());
  }
}

// RFC 1123, and the underscore that container names have.
bool is_host_name(std::string_view name) {
  constexpr std::size_t kLongestName = 253, kLongestLabel = 63;
  if (name.ends_with('.')) name.remove_suffix(1);
  if (name.empty() || name.size() > kLongestName) return false;
  return std::ranges::all_of(split(name, '.'), [](std::string_view label) {
    return !label.empty() && label.size() <= kLongestLabel &&
           std::ranges::all_of(label, [](unsigned char c) {
             return std::isalnum(c) != 0 || c == '-' || c == '_';
           });
  });
}

Result<HostPort> parse_target(const std::string& text) {
  std::string_view rest = text;
  // Options of a URL may hold a password: they are not repeated.
  const std::size_t options = text.find_first_of("?#");
  const std::string shown = printable(text.substr(0, options), 80);
  const auto bad = [&](std::string what) {
    return Error{fmt::format("\"{}\" is not an endpoint: {}", shown, what), "",
                 "write rediss://host:port or host:port"};
  };
  if (rest.find('@') != std::string_view::npos)
    return Error{
        "a target holds a user or a password, and everybody on this machine can read command lines",
        "", "give --user NAME and --password-file FILE instead"};
  if (const std::size_t scheme = rest.find("://"); scheme != std::string_view::npos) {
    const std::string name = lower_ascii(rest.substr(0, scheme));
    if (name != "rediss" && name != "redis" && name != "valkeys" && name != "valkey")
      return bad("the scheme is neither rediss nor redis");
    rest.remove_prefix(scheme + 3);
  }
  if (options != std::string::npos)
    return bad("options after ? or # are not obeyed; give flags instead");
  rest = rest.substr(0, rest.find('/'));
  HostPort address;
  std::string_view port;
  const bool bracketed = rest.starts_with('[');
  if (bracketed) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return bad("the bracket is not closed");
    address.host = rest.substr(1, close - 1);
    rest.remove_prefix(close + 1);
    if (!rest.empty() && !rest.starts_with(':')) return bad("text after the bracket");
    port = rest.empty() ? "6379" : rest.substr(1);
  } else {
    const std::size_t colon = rest.rfind(':');
    address.host = rest.substr(0, colon);
    port = colon == std::string_view::npos ? "6379" : rest.substr(colon + 1);
    if (address.host.find(':') != std::string::npos)
      return bad("write an IPv6 address in brackets");
  }
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  if (problem != std::errc{} || end != port.data() + port.size() || address.port == 0)
    return bad("the port is not a number from 1 to 65535");
  if (!bracketed && !is_host_name(address.host))
    return bad("the host name is empty, too long, or has a character that no host name has");
  if (bracketed && !net::is_numeric_ip(address.host.substr(0, address.host.find('%'))))
    return bad("in the brackets is no IPv6 address");
  address.host = lower_ascii(address.host);
  return address;
}

Result<Secret> read_secret_file(const std::string& path) {
  const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!fd)
    return Error{fmt::format("the password file cannot be opened: {}", std::strerror(errno)), path,
                 ""};
  return read_secret(fd.get(), path);
}

Result<Secret> read_secret_fd(int fd) { return read_secret(fd, fmt::format("descriptor {}", fd)); }

}  // namespace rta
