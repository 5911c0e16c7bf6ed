// Observation<T> is a T or a Gap, with its Provenance. A Gap is never a pass:
// checks turn it into Status::unknown.
#pragma once

#include <redis_tls_audit/assert.h>
#include <redis_tls_audit/enum_names.h>

#include <optional>
#include <string>
#include <utility>

namespace rta {

// Grade says how strong a piece of evidence is, weakest first: said by a
// person, read in a file, shown by a private server started from that file,
// told by the running system, seen by ourselves (on the wire, in a file's
// mode, in a git object).
enum class Grade { attested, declared, rehearsed, effective, observed };

template <>
struct EnumNames<Grade> {
  static constexpr std::array table{
      EnumName<Grade>{Grade::attested, "attested"}, EnumName<Grade>{Grade::declared, "declared"},
      EnumName<Grade>{Grade::rehearsed, "rehearsed"}, EnumName<Grade>{Grade::effective, "effective"},
      EnumName<Grade>{Grade::observed, "observed"}};
};

enum class GapReason {
  not_requested,   // offline, deselected, no target given
  not_found,       // the file or item does not exist
  unreachable,     // no route, name does not resolve
  refused,         // TCP connection refused
  reset,           // connection reset or closed without an answer
  timed_out,       // a deadline passed
  denied,          // permission missing: file mode, NOAUTH, NOPERM
  malformed,       // bytes that cannot be understood
  unsupported,     // the other side, or this program, cannot do it
  outside_scope,   // would leave the project or the allowed addresses
  left_out,        // a checkout does not hold it, as it should not: see collect/checkout.h
  too_large,       // a limit was reached
  incomplete,      // some of it was seen, not all
  internal_error,
};

template <>
struct EnumNames<GapReason> {
  static constexpr std::array table{
      EnumName<GapReason>{GapReason::not_requested, "not_requested"},
      EnumName<GapReason>{GapReason::not_found, "not_found"},
      EnumName<GapReason>{GapReason::unreachable, "unreachable"},
      EnumName<GapReason>{GapReason::refused, "refused"},
      EnumName<GapReason>{GapReason::reset, "reset"},
      EnumName<GapReason>{GapReason::timed_out, "timed_out"},
      EnumName<GapReason>{GapReason::denied, "denied"},
      EnumName<GapReason>{GapReason::malformed, "malformed"},
      EnumName<GapReason>{GapReason::unsupported, "unsupported"},
      EnumName<GapReason>{GapReason::outside_scope, "outside_scope"},
      EnumName<GapReason>{GapReason::left_out, "left_out"},
      EnumName<GapReason>{GapReason::too_large, "too_large"},
      EnumName<GapReason>{GapReason::incomplete, "incomplete"},
      EnumName<GapReason>{GapReason::internal_error, "internal_error"}};
};

// Gap says why there is no value. `detail` is a sentence for people without a
// full stop; `remedy` says what would close the gap, or is empty.
struct Gap {
  GapReason reason = GapReason::not_requested;
  std::string detail = "not collected";
  std::string remedy;
};

// SourceLocation is a place in a file of the project: path relative to the
// project root with '/', line and column from 1; 0 = not known.
struct SourceLocation {
  std::string path;
  int line = 0;
  int column = 0;

  [[nodiscard]] std::string text() const;   // "redis.conf:12:1"
  auto operator<=>(const SourceLocation&) const = default;
};

// Provenance says where a value comes from: which collector saw it, in which
// place or on which endpoint, by which command or probe.
struct Provenance {
  std::string collector;
  std::string endpoint;      // logical key, empty for files
  SourceLocation location;   // empty path for endpoints
  std::string method;        // "CONFIG GET tls-port", "ClientHello TLS 1.0", "lstat"
  Grade grade = Grade::observed;
};

template <class T>
class Observation {
 public:
  Observation() = default;
  Observation(T value, Provenance provenance = {})
      : value_(std::move(value)), provenance_(std::move(provenance)) {}
  Observation(Gap gap, Provenance provenance = {})
      : gap_(std::move(gap)), provenance_(std::move(provenance)) {}

  [[nodiscard]] bool has_value() const { return value_.has_value(); }
  // Null when there is a gap.
  [[nodiscard]] const T* value() const { return value_ ? &*value_ : nullptr; }
  [[nodiscard]] T* value() { return value_ ? &*value_ : nullptr; }
  // Null when there is a value.
  [[nodiscard]] const Gap* gap() const { return value_ ? nullptr : &gap_; }
  [[nodiscard]] const Provenance& provenance() const { return provenance_; }
  [[nodiscard]] Provenance& provenance() { return provenance_; }

  const T& operator*() const { RTA_ASSERT(value_.has_value()); return *value_; }
  const T* operator->() const { RTA_ASSERT(value_.has_value()); return &*value_; }

 private:
  std::optional<T> value_;
  Gap gap_;
  Provenance provenance_;
};

}  // namespace rta
