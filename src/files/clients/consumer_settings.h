// From the variables that an application receives to what they mean for its
// Redis connection. Pure; any thread. Paths are only named here: whether the
// files exist is for the collector to see.
#pragma once

#include <redis_tls_audit/facts/consumer.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "files/dotenv/dotenv.h"

namespace rta::files {

// One variable as its reader delivers it, with other views of the same file.
struct ReceivedVariable {
  std::string name;
  std::string value;
  SourceLocation location;
  std::vector<std::string> overridden;  // see Setting
  std::vector<std::string> other_dialects;
};

// Puts a secret away and tells what may be known about it.
using DescribeSecret = std::function<SecretFacts(std::string_view value)>;

// The deciding assignments of a file; those that python leaves unset are absent.
std::vector<ReceivedVariable> received_variables(const DotenvFile& file);
// Adds what the readers `others` would deliver where it differs. Values of
// secrets are not repeated.
void note_other_dialects(std::vector<ReceivedVariable>& variables,
                         const std::vector<DotenvFile>& others);

// Fills the interpreted part of a consumer. Variables that say nothing about
// Redis are not kept.
void interpret_settings(const std::vector<ReceivedVariable>& variables,
                        const DescribeSecret& describe, Consumer& consumer);

// True when one of the variables makes this a Redis consumer.
bool is_redis_consumer(const std::vector<ReceivedVariable>& variables);

// The form in which Evidence holds the environment of a compose service: a
// secret is replaced by its ordinal, "secret#1"; in a URL only the password
// is, "rediss://app:secret#1@redis:6379". reveal_secret() undoes it.
std::string hide_secret(std::string_view name, std::string_view value,
                        const DescribeSecret& describe);
using FindSecret = std::function<std::optional<std::string>(const std::string& ordinal)>;
std::string reveal_secret(std::string_view hidden, const FindSecret& find);

// By the name of a directory, file or service: "backend", "ocr-worker-1".
ConsumerRole role_of(std::string_view name);
// What services are called where none is called backend, or worker: api, web,
// app, server; celery, sidekiq, queue, jobs.
ConsumerRole usual_role_of(std::string_view name);

struct EnvFileName {
  bool is_env_file = false;   // .env, .env.NAME, NAME.env
  bool is_template = false;   // .example, .sample, .template, .dist
  bool is_for_tests = false;  // .test, .development and the like
};
EnvFileName classify_env_file(std::string_view path);

// "true" exactly is on; words that some applications take as true are maybe.
enum class Truth { on, maybe_on, off };
Truth truth_of(std::string_view value);
// Of a TLS switch; REDIS_SCHEME=tls is one, and Spring's name of an SSL bundle.
Truth truth_of_switch(std::string_view name, std::string_view value);

}  // namespace rta::files
