#include "core/evidence_json.h"

#include <fmt/format.h>
#include <redis_tls_audit/limits.h>

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "base/digest.h"
#include "base/json_document.h"
#include "base/text.h"

namespace rta {
namespace {

using Json = nlohmann::json;

constexpr std::string_view kSchema = "redis-tls-audit/evidence";
constexpr std::string_view kVersion = "1.0";
constexpr std::string_view kMajor = "1.";

// Visits each field of a struct as visit(name, member).
template <class T>
struct Fields;

#include "evidence_fields.inc"

template <class T>
concept Visitable = requires(T& object) { Fields<T>::each(object, [](const char*, auto&) {}); };

// --- writing ---------------------------------------------------------------

Json encode(const std::string& text) { return text; }
Json encode(bool value) { return value; }
Json encode(Timestamp instant) { return to_rfc3339(instant); }
Json encode(const Bytes& bytes) { return to_base64(bytes); }

template <class T>
  requires std::is_integral_v<T>
Json encode(T value) {
  return value;
}

template <NamedEnum E>
Json encode(E value) {
  return std::string{name_of(value)};
}

template <class T>
Json encode(const std::vector<T>& list);
template <class T>
Json encode(const std::map<std::string, T>& map);
template <class T>
Json encode(const std::optional<T>& value);
template <class T>
Json encode(const Observation<T>& observation);

template <Visitable T>
Json encode(const T& object) {
  Json json = Json::object();
  Fields<T>::each(object,
                  [&](const char* name, const auto& member) { json[name] = encode(member); });
  return json;
}

template <class T>
Json encode(const std::vector<T>& list) {
  Json json = Json::array();
  for (const T& element : list) json.push_back(encode(element));
  return json;
}

template <class T>
Json encode(const std::map<std::string, T>& map) {
  Json json = Json::object();
  for (const auto& [key, value] : map) json[key] = encode(value);
  return json;
}

template <class T>
Json encode(const std::optional<T>& value) {
  return value ? encode(*value) : Json{};
}

template <class T>
Json encode(const Observation<T>& observation) {
  Json json{{"provenance", encode(observation.provenance())}};
  if (const T* value = observation.value())
    json["value"] = encode(*value);
  else
    json["gap"] = encode(*observation.gap());
  return json;
}

template <class T>
void write_member(JsonDocument& document, const std::string& name, const T& member) {
  document.member(name, encode(member));
}
template <class T>
void write_member(JsonDocument& document, const std::string& name, const std::vector<T>& member) {
  document.array(name, member, [](const T& element) { return encode(element); });
}

// In the order of the members' names.
void write_pieces(const Evidence& evidence, JsonDocument::Sink sink) {
  JsonDocument document{{.indent = 1, .ascii = false, .wrong_utf8 = Json::error_handler_t::replace},
                        std::move(sink)};
  std::map<std::string, std::function<void()>> members{
      {"schema", [&] { document.member("schema", kSchema); }},
      {"version", [&] { document.member("version", kVersion); }}};
  Fields<Evidence>::each(evidence, [&](const std::string& name, const auto& member) {
    members[name] = [&, name] { write_member(document, name, member); };
  });
  for (const auto& [name, write] : members) write();
  document.end();
}

// --- reading ---------------------------------------------------------------

// What is wrong, and the JSON pointer of the place; ends in read_evidence().
struct DecodeError {
  std::string what;
  std::string where;
};

template <class T>
void decode(const Json& json, T& out, const std::string& where);

[[noreturn]] void fail(std::string what, const std::string& where) {
  throw DecodeError{std::move(what), where};
}

const Json& need(const Json& json, bool right_type, const char* type, const std::string& where) {
  if (!right_type) fail(fmt::format("expected {}, found {}", type, json.type_name()), where);
  return json;
}

void decode_one(const Json& json, std::string& out, const std::string& where) {
  out = need(json, json.is_string(), "a text", where).get<std::string>();
}

void decode_one(const Json& json, bool& out, const std::string& where) {
  out = need(json, json.is_boolean(), "true or false", where).get<bool>();
}

void decode_one(const Json& json, Timestamp& out, const std::string& where) {
  const auto instant = json.is_string() ? parse_timestamp(json.get<std::string>()) : std::nullopt;
  if (!instant) fail("expected an RFC 3339 instant", where);
  out = *instant;
}

void decode_one(const Json& json, Bytes& out, const std::string& where) {
  auto bytes = json.is_string() ? from_base64(json.get<std::string>()) : std::nullopt;
  if (!bytes) fail("expected base64", where);
  out = std::move(*bytes);
}

template <class T>
  requires std::is_integral_v<T>
void decode_one(const Json& json, T& out, const std::string& where) {
  need(json, json.is_number_integer(), "a whole number", where);
  const bool fits = json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                              : std::in_range<T>(json.get<std::int64_t>());
  if (!fits) fail("the number is out of range", where);
  out = json.is_number_unsigned() ? static_cast<T>(json.get<std::uint64_t>())
                                  : static_cast<T>(json.get<std::int64_t>());
}

template <NamedEnum E>
void decode_one(const Json& json, E& out, const std::string& where) {
  need(json, json.is_string(), "a name", where);
  const auto value = from_name<E>(json.get_ref<const std::string&>());
  if (!value)
    fail(fmt::format("unknown name \"{}\"", printable(json.get<std::string>(), 60)), where);
  out = *value;
}

template <class T>
void decode_one(const Json& json, std::vector<T>& out, const std::string& where) {
  out.clear();
  for (std::size_t i = 0; i < need(json, json.is_array(), "a list", where).size(); ++i)
    decode(json[i], out.emplace_back(), fmt::format("{}/{}", where, i));
}

template <class T>
void decode_one(const Json& json, std::map<std::string, T>& out, const std::string& where) {
  out.clear();
  for (const auto& [key, value] : need(json, json.is_object(), "an object", where).items())
    decode(value, out[key], where + "/" + printable(key, 60));
}

template <class T>
void decode_one(const Json& json, std::optional<T>& out, const std::string& where) {
  out.reset();
  if (!json.is_null()) decode(json, out.emplace(), where);
}

template <class T>
void decode_one(const Json& json, Observation<T>& out, const std::string& where) {
  need(json, json.is_object(), "an object", where);
  Provenance provenance;
  if (json.contains("provenance")) decode(json["provenance"], provenance, where + "/provenance");
  if (json.contains("value")) {
    T value;
    decode(json["value"], value, where + "/value");
    out = Observation<T>{std::move(value), std::move(provenance)};
  } else {
    Gap gap;
    if (json.contains("gap")) decode(json["gap"], gap, where + "/gap");
    out = Observation<T>{std::move(gap), std::move(provenance)};
  }
}

template <Visitable T>
void decode_one(const Json& json, T& out, const std::string& where) {
  need(json, json.is_object(), "an object", where);
  Fields<T>::each(out, [&](const char* name, auto& member) {
    const auto found = json.find(name);
    if (found != json.end()) decode(*found, member, where + "/" + name);
  });
}

template <class T>
void decode(const Json& json, T& out, const std::string& where) {
  decode_one(json, out, where);
}

Json parse(std::string_view text) {
  return Json::parse(text, [](int depth, Json::parse_event_t, Json&) {
    if (depth > static_cast<int>(limits::kNesting)) fail("nested deeper than 64 levels", "");
    return true;
  });
}

void check_header(const Json& json) {
  need(json, json.is_object(), "an object", "");
  const auto text = [&](const char* key) {
    return json.contains(key) && json[key].is_string() ? json[key].get<std::string>()
                                                       : std::string{};
  };
  if (text("schema") != kSchema) fail(fmt::format("\"schema\" is not \"{}\"", kSchema), "/schema");
  if (!text("version").starts_with(kMajor))
    fail(fmt::format("version \"{}\" of the format is not one this program reads ({}x)",
                     printable(text("version"), 20), kMajor),
         "/version");
}

}  // namespace

std::string write_evidence(const Evidence& evidence) {
  std::string text;
  write_pieces(evidence, [&](std::string_view piece) { text += piece; });
  return text;
}

std::string digest_of_evidence(const Evidence& evidence) {
  Sha256 digest;
  write_pieces(evidence, [&](std::string_view piece) { digest.add(piece); });
  return std::move(digest).hex();
}

Result<Evidence> read_evidence(std::string_view text) {
  if (text.size() > limits::kEvidenceFile)
    return Error{"the evidence is larger than 256 MiB", "", ""};
  try {
    const Json json = parse(text);
    check_header(json);
    Evidence evidence;
    decode(json, evidence, "");
    return evidence;
  } catch (const DecodeError& error) {
    return Error{"this is not evidence of redis-tls-audit: " + error.what, error.where,
                 "make it with `redis-tls-audit collect -o evidence.json`"};
  } catch (const Json::exception& error) {
    return Error{fmt::format("this is not JSON: {}", printable(error.what())), "",
                 "make it with `redis-tls-audit collect -o evidence.json`"};
  }
}

}  // namespace rta
