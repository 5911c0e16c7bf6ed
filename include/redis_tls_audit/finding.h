// Finding is one verdict of one check about one subject. Findings is what a
// check writes into.
#pragma once

#include <redis_tls_audit/enum_names.h>
#include <redis_tls_audit/observation.h>
#include <redis_tls_audit/subject.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta {

struct Check;

enum class Status { pass, warn, fail, manual, unknown, not_applicable };

template <>
struct EnumNames<Status> {
  static constexpr std::array table{
      EnumName<Status>{Status::pass, "pass"}, EnumName<Status>{Status::warn, "warn"},
      EnumName<Status>{Status::fail, "fail"}, EnumName<Status>{Status::manual, "manual"},
      EnumName<Status>{Status::unknown, "unknown"},
      EnumName<Status>{Status::not_applicable, "not_applicable"}};
};

// The worse of two, for rolling subjects up into a check:
// fail > unknown > manual > warn > pass > not_applicable.
Status worse(Status one, Status other);

enum class Severity { info, low, medium, high, critical };

template <>
struct EnumNames<Severity> {
  static constexpr std::array table{
      EnumName<Severity>{Severity::info, "info"}, EnumName<Severity>{Severity::low, "low"},
      EnumName<Severity>{Severity::medium, "medium"}, EnumName<Severity>{Severity::high, "high"},
      EnumName<Severity>{Severity::critical, "critical"}};
};

struct Finding {
  const Check* check = nullptr;
  Status status = Status::unknown;
  Severity severity = Severity::medium;   // of a fail; a warn counts one level lower
  Subject subject;
  std::string message;       // one sentence: what was seen, and for a fail where and what is right
  std::string expected;      // "tls-port > 0 and port = 0"
  std::string observed;      // "port 6379"
  std::string remediation;   // exact lines to write or commands to run
  Grade grade = Grade::observed;
  Provenance source;
  // Tells several findings of one check about one subject apart, and goes
  // into the fingerprint: a suite, a user, a path. Never a time or a count.
  std::string variant;
  GapReason reason = GapReason::not_requested;   // of an unknown
  std::string fingerprint;   // filled by the core: sha256 over check, subject, variant
};

// Findings collects what one check says. Each call adds one Finding and
// returns it for details:
//   findings.fail(subject, "port 6379 answers in plaintext")
//       .expected("no answer").observed("+PONG").from(endpoint.plaintext);
class Findings {
 public:
  class Entry {
   public:
    explicit Entry(Finding& finding) : finding_(finding) {}
    Entry& expected(std::string text) { finding_.expected = std::move(text); return *this; }
    Entry& observed(std::string text) { finding_.observed = std::move(text); return *this; }
    Entry& remediation(std::string text) { finding_.remediation = std::move(text); return *this; }
    Entry& variant(std::string text) { finding_.variant = std::move(text); return *this; }
    Entry& severity(Severity severity) { finding_.severity = severity; return *this; }
    Entry& grade(Grade grade) { finding_.grade = grade; return *this; }
    Entry& at(const SourceLocation& location) { finding_.source.location = location; return *this; }
    // Takes source and grade from an observation.
    Entry& from(const Provenance& provenance) {
      finding_.source = provenance;
      finding_.grade = provenance.grade;
      return *this;
    }
    template <class T>
    Entry& from(const Observation<T>& observation) { return from(observation.provenance()); }

   private:
    Finding& finding_;
  };

  explicit Findings(const Check& check);

  Entry pass(Subject subject, std::string message) { return add(Status::pass, std::move(subject), std::move(message)); }
  Entry warn(Subject subject, std::string message) { return add(Status::warn, std::move(subject), std::move(message)); }
  Entry fail(Subject subject, std::string message) { return add(Status::fail, std::move(subject), std::move(message)); }
  Entry manual(Subject subject, std::string message) { return add(Status::manual, std::move(subject), std::move(message)); }
  Entry not_applicable(Subject subject, std::string reason) { return add(Status::not_applicable, std::move(subject), std::move(reason)); }
  Entry unknown(Subject subject, std::string message, GapReason reason);
  // "message" becomes the gap's detail, and its remedy the remediation.
  Entry unknown(Subject subject, const Gap& gap);
  // An `info` of the catalogue: a warn of severity info, which changes no verdict.
  Entry info(Subject subject, std::string message);
  Entry add(Status status, Subject subject, std::string message);

  [[nodiscard]] const std::vector<Finding>& all() const { return findings_; }
  [[nodiscard]] std::vector<Finding> take() && { return std::move(findings_); }
  [[nodiscard]] bool empty() const { return findings_.empty(); }

 private:
  const Check* check_;
  std::vector<Finding> findings_;
};

}  // namespace rta
