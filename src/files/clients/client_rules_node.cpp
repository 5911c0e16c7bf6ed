// ioredis (and BullMQ, which hands its `connection` on to it) and node-redis.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "files/clients/client_rules.h"
#include "files/clients/redis_url.h"

namespace rta::files {
namespace {

using enum ClientVerdict;
using Kind = OptionValue::Kind;

const OptionValue kUndefined{};

const OptionValue& member_or_undefined(const OptionValue& object, std::string_view name) {
  const OptionValue* found = object.member(name);
  return found == nullptr ? kUndefined : *found;
}

std::string host_in(const OptionValue& options) {
  const OptionValue& host = member_or_undefined(options, "host");
  return host.is(Kind::text) ? host.text : "";
}

// By its name or its loopback address.
bool is_same_host(std::string_view one, std::string_view other) {
  const auto is_loopback = [](const std::string& host) {
    return host == "localhost" || host == "127.0.0.1" || host == "::1";
  };
  const std::string left = lower_ascii(one);
  const std::string right = lower_ascii(other);
  return left == right || (is_loopback(left) && is_loopback(right));
}

ClientJudgement judge_identity(const OptionValue& options, const std::string& host) {
  if (const OptionValue* check = options.member("checkServerIdentity")) {
    if (check->is(Kind::function))
      return {tls_chain_only, "checkServerIdentity replaces the check of the name"};
    if (check->is(Kind::code) && !check->text.ends_with("checkServerIdentity"))
      return {unknown, "checkServerIdentity comes from code"};
    if (!check->is(Kind::code))
      return {client_refuses_config, "checkServerIdentity is no function"};
  }
  const OptionValue& name = member_or_undefined(options, "servername");
  if (name.is(Kind::code)) return {unknown, "servername comes from code"};
  if (name.is(Kind::text) && !name.text.empty() && !is_same_host(name.text, host))
    return {tls_verified_other_name, "servername is " + name.text};
  return {tls_verified, "Node verifies chain and name unless it is told not to"};
}

// Node's own part (tls.connect): only the boolean false, and exactly "0" where
// the option is not named, turn verification off.
ClientJudgement judge_node_tls(const OptionValue& options, const std::string& host,
                               const ClientEnvironment& environment) {
  const OptionValue* reject = options.member("rejectUnauthorized");
  const auto kill = environment.find("NODE_TLS_REJECT_UNAUTHORIZED");
  const ClientJudgement identity = judge_identity(options, host);
  if (identity.verdict == client_refuses_config) return identity;
  if (reject != nullptr && reject->is_false())
    return {tls_unverified, "rejectUnauthorized is false"};
  if (reject != nullptr && reject->is(Kind::code))
    return {unknown, "rejectUnauthorized comes from code: " + reject->text};
  if (reject == nullptr && kill != environment.end() && kill->second == "0")
    return {tls_unverified, "NODE_TLS_REJECT_UNAUTHORIZED=0"};
  return identity;
}

// new URL() refuses it: no host, or a port that is no number.
bool is_refused_url(std::string_view url) {
  const Result<RedisUrl> parsed = parse_redis_url(url);
  const bool is_unix = url.starts_with("unix:");
  return !is_unix && (!parsed || (!scheme_of_url(url).empty() && parsed->hosts.empty()));
}

}  // namespace

ClientJudgement judge_ioredis(const ClientForm& form, const ClientEnvironment& environment) {
  // A URL's parameters come first, then the options; the first that is not
  // undefined decides. The scheme is compared as written.
  OptionValue tls;
  std::string seen;
  if (form.url) {
    if (lower_ascii(scheme_of_url(*form.url)).starts_with("redis") && is_refused_url(*form.url))
      return {client_refuses_config, "the URL is not valid"};
    for (const auto& [name, value] : query_of_url(*form.url)) {
      if (name != "tls") continue;
      tls.kind = Kind::text;
      tls.text = value;
      seen = "?tls=" + value;
    }
  }
  if (tls.is(Kind::undefined)) {
    if (const OptionValue* option = form.options.member("tls")) {
      tls = *option;
      seen = "tls: " + printable(option->text, 40);
    }
  }
  if (tls.is(Kind::undefined) && form.url && form.url->starts_with("rediss://")) {
    tls.kind = Kind::boolean;
    tls.truth = true;
    seen = "rediss://";
  }
  const std::optional<bool> on = javascript_truth(tls);
  if (!on) return {unknown, "tls comes from code: " + printable(tls.text, 60)};
  if (!*on) {
    const bool shouts = form.url && lower_ascii(scheme_of_url(*form.url)) == "rediss";
    return {plaintext, !seen.empty() ? seen + " is taken as off"
                       : shouts      ? "only rediss:// in small letters turns TLS on"
                                     : "nothing turns TLS on"};
  }
  const std::string own_host = host_in(form.options);
  const std::string inner_host = tls.is(Kind::object) ? host_in(tls) : "";
  const std::string host = !inner_host.empty() ? inner_host
                           : form.url          ? host_of_url(*form.url)
                           : !own_host.empty() ? own_host
                                               : "localhost";
  return judge_node_tls(tls, host, environment);
}

ClientJudgement judge_node_redis(const ClientForm& form, std::string_view version,
                                 const ClientEnvironment& environment) {
  const OptionValue& socket = member_or_undefined(form.options, "socket");
  const OptionValue& asked = member_or_undefined(socket, "tls");
  if (socket.is(Kind::code)) return {unknown, "socket comes from code"};
  if (asked.is(Kind::code)) return {unknown, "socket.tls comes from code: " + asked.text};
  const bool takes_url = form.url && !(form.url_is_only_argument && !form.calls.empty() &&
                                       form.calls.front().ends_with("createClient"));
  if (!takes_url) {
    if (form.url) return {plaintext, "createClient() takes no string: it connects to localhost"};
    if (!asked.is_true())
      return {plaintext, asked.is(Kind::undefined) ? "socket.tls is not set"
                                                   : "only the boolean true turns socket.tls on"};
    const std::string host = host_in(socket);
    return judge_node_tls(socket, host.empty() ? "localhost" : host, environment);
  }
  const std::string scheme = lower_ascii(scheme_of_url(*form.url));
  const bool is_unix = form.url->starts_with("unix:");
  if (is_unix && is_since(version, "5")) return {plaintext, "a Unix socket"};
  if ((scheme != "redis" && scheme != "rediss") || is_refused_url(*form.url))
    return {client_refuses_config, "the URL is not valid for this client"};
  const bool url_says = scheme == "rediss";
  if (is_since(version, "5") && !asked.is(Kind::undefined) &&
      !(asked.is(Kind::boolean) && asked.truth == url_says))
    return {client_refuses_config, "socket.tls contradicts the scheme of the URL"};
  if (!url_says && !asked.is_true()) return {plaintext, "the URL is redis://"};
  return judge_node_tls(socket, host_of_url(*form.url), environment);
}

}  // namespace rta::files
