#include "files/clients/client_verdict.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.h"
#include "files/clients/client_rules.h"

namespace rta::files {

using enum ClientVerdict;

namespace {

ClientJudgement judge_form(const ClientUse& client, const ClientForm& form,
                           const ClientEnvironment& environment) {
  const std::string name = lower_ascii(client.name);
  const auto is_one_of = [&](std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
  };
  if (is_one_of({"ioredis", "bullmq", "bull", "iovalkey"})) return judge_ioredis(form, environment);
  if (is_one_of({"node-redis", "redis", "@redis/client", "node_redis"}))
    return judge_node_redis(form, client.version, environment);
  if (is_one_of({"redis-py", "rq", "redis.py", "arq"}))
    return judge_redis_py(form,
                          client.driver_version.empty() ? client.version : client.driver_version);
  if (is_one_of({"kombu", "celery-broker"})) return judge_kombu(form, client.driver_version);
  if (is_one_of({"celery", "celery-backend", "celery-result-backend"}))
    return judge_celery(form, client.driver_version);
  if (name == "go-redis") return judge_go_redis(form);
  if (is_one_of({"stackexchange.redis", "stackexchange"})) return judge_stack_exchange(form);
  if (name == "lettuce") return judge_lettuce(form);
  if (name.starts_with("spring")) return judge_spring(form);
  if (name == "jedis") return judge_jedis(form);
  if (name == "redis-cli") return judge_redis_cli(form);
  return {unknown, "no rules for this client"};
}

}  // namespace

ClientJudgement judge_client_use(const ClientUse& client, std::string_view text,
                                 const ClientEnvironment& environment) {
  const ClientForm form = parse_client_form(text);
  ClientJudgement judgement = judge_form(client, form, environment);
  // What stands there is not all: a worse setting stays, a missing one is open.
  if (form.is_open && judgement.verdict != tls_unverified)
    return {unknown, "options that are unpacked from code decide"};
  return judgement;
}

ClientVerdict judge_client(std::string_view client, std::string_view version, std::string_view form,
                           const ClientEnvironment& environment) {
  return judge_client_use({std::string{client}, std::string{version}, ""}, form, environment)
      .verdict;
}

VerificationLevel level_of(ClientVerdict verdict) {
  switch (verdict) {
    case plaintext:
      return VerificationLevel::plaintext;
    case tls_unverified:
      return VerificationLevel::tls_unverified;
    case tls_chain_only:
      return VerificationLevel::tls_chain_only;
    case tls_verified:
    case tls_verified_other_name:
      return VerificationLevel::tls_verified;
    case unknown:
    case client_refuses_config:
      break;
  }
  return VerificationLevel::unknown;
}

std::string_view behaviour_of(ClientVerdict verdict) {
  switch (verdict) {
    case plaintext:
      return "connects in plaintext";
    case tls_unverified:
      return "uses TLS and accepts any certificate";
    case tls_chain_only:
      return "verifies the chain and not the name";
    case tls_verified:
      return "verifies chain and name";
    case tls_verified_other_name:
      return "verifies the chain, and the name that its settings give instead of the host";
    case client_refuses_config:
      return "refuses these settings and does not connect";
    case unknown:
      break;
  }
  return "does what its code decides";
}

int compare_versions(std::string_view one, std::string_view other) {
  if (one.empty() || other.empty()) return 0;
  const std::vector<std::string_view> left = split(one, '.');
  const std::vector<std::string_view> right = split(other, '.');
  const auto number = [](const std::vector<std::string_view>& parts, std::size_t i) {
    long value = 0;
    if (i < parts.size())
      std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), value);
    return value;
  };
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    const long a = number(left, i);
    const long b = number(right, i);
    if (a != b) return a < b ? -1 : 1;
  }
  return 0;
}

}  // namespace rta::files
