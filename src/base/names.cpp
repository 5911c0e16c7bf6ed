// Text forms of the vocabulary.
#include <fmt/format.h>
#include <redis_tls_audit/observation.h>
#include <redis_tls_audit/subject.h>

namespace rta {

std::string SourceLocation::text() const {
  if (line <= 0) return path;
  if (column <= 0) return fmt::format("{}:{}", path, line);
  return fmt::format("{}:{}:{}", path, line, column);
}

std::string Subject::text() const {
  if (kind == SubjectKind::deployment) return "deployment";
  return fmt::format("{} {}", name_of(kind), key);
}

}  // namespace rta
