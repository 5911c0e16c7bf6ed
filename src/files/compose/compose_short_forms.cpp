// The short forms of ports and mounts, as docker's own parsers read them.
#include <fmt/format.h>

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "files/compose/compose_loader.h"

namespace rta {
namespace {

Error at(const YamlNode& node, std::string what) {
  return {std::move(what), node.location.text(), ""};
}

void add(YamlNode& map, const std::string& key, std::string text) {
  map.entries.emplace_back(key, YamlNode::scalar(std::move(text), map.location));
}

struct PortRange {
  unsigned first = 0, last = 0;
};

std::optional<unsigned> port_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > 65535)
    return std::nullopt;
  return value;
}

std::optional<PortRange> port_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = port_number(text.substr(0, dash));
  const auto last = dash == std::string_view::npos ? first : port_number(text.substr(dash + 1));
  if (!first || !last || *last < *first) return std::nullopt;
  return PortRange{*first, *last};
}

bool is_address(const std::string& text) {
  std::array<unsigned char, sizeof(in6_addr)> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

struct PortWords {
  std::string host_ip, host, container, protocol = "tcp";
};

// [[IP:]HOST:]CONTAINER[/PROTOCOL]
PortWords words_of(std::string_view text) {
  PortWords words;
  const std::size_t last = text.rfind(':');
  std::string_view container = last == std::string_view::npos ? text : text.substr(last + 1);
  if (const std::size_t slash = container.find('/'); slash != std::string_view::npos) {
    if (slash + 1 < container.size()) words.protocol = lower_ascii(container.substr(slash + 1));
    container = container.substr(0, slash);
  }
  words.container = container;
  if (last == std::string_view::npos) return words;
  std::string_view host = text.substr(0, last);
  if (const std::size_t colon = host.rfind(':'); colon != std::string_view::npos) {
    std::string_view ip = host.substr(0, colon);
    if (ip.starts_with('[') && ip.ends_with(']')) ip = ip.substr(1, ip.size() - 2);
    words.host_ip = ip;
    host = host.substr(colon + 1);
  }
  words.host = host;
  return words;
}

// A letter and a colon: "C:\data" is one path.
bool is_drive(std::string_view word, char next) {
  return next == ':' && word.size() == 1 &&
         ((word[0] >= 'a' && word[0] <= 'z') || (word[0] >= 'A' && word[0] <= 'Z'));
}

bool is_path(std::string_view source) {
  if (source.empty()) return false;
  return source[0] == '/' || source[0] == '.' || source[0] == '~' || source.starts_with("\\\\") ||
         (source.size() > 1 && is_drive(source.substr(0, 1), source[1]));
}

}  // namespace

Result<std::vector<YamlNode>> parse_short_port(const YamlNode& node) {
  std::vector<YamlNode> ports;
  const auto add_port = [&](const PortWords& words, const std::string& target,
                            const std::string& published) {
    YamlNode map;
    map.kind = YamlNode::Kind::map;
    map.location = node.location;
    add(map, "target", target);
    if (!published.empty()) add(map, "published", published);
    if (!words.host_ip.empty()) add(map, "host_ip", words.host_ip);
    add(map, "protocol", words.protocol);
    ports.push_back(std::move(map));
  };
  const YamlValue typed = type_scalar(node);
  if (typed.kind == YamlValue::Kind::number) {
    if (typed.text.find_first_not_of("0123456789") != std::string::npos)
      return at(node, "invalid type float64 for port");
    add_port({}, typed.text, "");
    return ports;
  }
  const PortWords words = words_of(node.text);
  const std::string shown = printable(node.text, 100);
  if (words.protocol != "tcp" && words.protocol != "udp" && words.protocol != "sctp")
    return at(node, fmt::format("invalid proto in {}", shown));
  if (!words.host_ip.empty() && !is_address(words.host_ip))
    return at(node, fmt::format("invalid IP address in {}", shown));
  if (words.container.empty()) return at(node, fmt::format("no port specified: {}<empty>", shown));
  const auto targets = port_range(words.container);
  if (!targets) return at(node, fmt::format("invalid containerPort: {}", shown));
  const auto published = words.host.empty() ? std::nullopt : port_range(words.host);
  if (!words.host.empty() && !published)
    return at(node, fmt::format("invalid hostPort: {}", shown));
  const unsigned count = targets->last - targets->first;
  if (published && published->last - published->first != count) {
    // Several host ports for one port of the container: one of them is taken.
    if (count != 0) return at(node, "invalid ranges specified for container and host Ports");
    add_port(words, fmt::format("{}", targets->first),
             fmt::format("{}-{}", published->first, published->last));
    return ports;
  }
  for (unsigned i = 0; i <= count; ++i)
    add_port(words, fmt::format("{}", targets->first + i),
             published ? fmt::format("{}", published->first + i) : "");
  // Docker sorts them as text.
  std::ranges::sort(ports, {}, [](const YamlNode& port) { return port.find("target")->text; });
  return ports;
}

Result<YamlNode> parse_short_volume(const YamlNode& node) {
  const std::string_view spec = node.text;
  const auto refuse = [&](std::string_view why) {
    return at(node, fmt::format("invalid spec: {}: {}", printable(spec, 100), why));
  };
  if (spec.empty()) return refuse("invalid empty volume spec");
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= spec.size(); ++i) {
    if (i < spec.size() && spec[i] != ':') continue;
    const std::string_view word = spec.substr(begin, i - begin);
    if (i < spec.size() && is_drive(word, ':') && spec.size() > 2) continue;
    if (word.empty() && spec.size() > 2) return refuse("empty section between colons");
    words.push_back(word);
    begin = i + 1;
  }
  if (spec.size() <= 2) words = {spec};
  if (words.size() > 3) return refuse("too many colons");

  YamlNode map;
  map.kind = YamlNode::Kind::map;
  map.location = node.location;
  const bool anonymous = words.size() == 1;
  add(map, "type", !anonymous && is_path(words[0]) ? "bind" : "volume");
  if (!anonymous) add(map, "source", std::string{words[0]});
  add(map, "target", compose_path("", std::string{words[anonymous ? 0 : 1]}));
  if (words.size() == 3) {
    bool read_only = false;
    for (const std::string_view option : split(words[2], ',')) {
      if (option == "ro") read_only = true;
      if (option == "rw") read_only = false;
    }
    if (read_only) add(map, "read_only", "true");
  }
  return map;
}

}  // namespace rta
