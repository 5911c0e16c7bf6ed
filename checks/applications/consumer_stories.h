// Stories about one consumer: an env file's text becomes evidence.
#pragma once

#include <string>
#include <string_view>

#include "base/text.h"
#include "files/clients/consumer_settings.h"
#include "tests/support/check_story.h"

namespace rta::testing {

inline const std::string kBackend = "consumer backend@backend/.env";
inline const std::string kWorker = "consumer worker@worker/.env";

inline Evidence consumer_story(const std::string& name, const std::string& source,
                               ConsumerRole role, std::string_view text) {
  Evidence evidence = story();
  Consumer& consumer = evidence.consumers.emplace_back();
  consumer.name = name;
  consumer.source = source;
  consumer.key = name + "@" + source;
  consumer.role = role;
  consumer.dialect = "node";
  const files::DescribeSecret describe = [](std::string_view value) {
    return SecretFacts{.ordinal = "secret#1",
                       .placeholder = looks_like_placeholder_secret(value),
                       .length = value.size()};
  };
  const files::DotenvFile file =
      files::read_dotenv(as_bytes(text), files::DotenvDialect::node, source);
  files::interpret_settings(files::received_variables(file), describe, consumer);
  return evidence;
}
inline Evidence backend(std::string_view text) {
  return consumer_story("backend", "backend/.env", ConsumerRole::backend, text);
}
inline Evidence worker(std::string_view text) {
  return consumer_story("worker", "worker/.env", ConsumerRole::worker, text);
}

inline Verdicts told(const Check& check, const Evidence& evidence) {
  return verdicts(check, evidence);
}
inline Verdicts one(const std::string& subject, Status status) { return {{subject, status}}; }

}  // namespace rta::testing
