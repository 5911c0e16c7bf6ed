#include "checks/common/repository.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"

namespace rta::checks {

const Repository* repository_or_unknown(const Evidence& evidence, Findings& findings) {
  if (const Gap* gap = evidence.repository.gap()) {
    findings.unknown(Subject::repository(), *gap);
    return nullptr;
  }
  if (evidence.repository->is_repository) return evidence.repository.value();
  findings.unknown(Subject::repository(),
                   "the project is not a git checkout, so nothing is known about version control",
                   GapReason::not_found);
  return nullptr;
}

bool index_is_unknown(const Repository& repository, const Evidence& evidence, Findings& findings) {
  if (repository.index_read) return false;
  findings
      .unknown(Subject::repository(),
               "which files are tracked is not known: the index could not be read",
               GapReason::malformed)
      .from(evidence.repository);
  return true;
}

bool stands_in_git(const MaterialHit& hit) {
  return std::ranges::any_of(
      hit.places, [](const std::string& place) { return !place.starts_with("worktree"); });
}

bool stands_in_this_clone_only(const MaterialHit& hit) {
  return std::ranges::all_of(hit.places, [](const std::string& place) {
    return place == "reflog" || place == "unreachable" || place.starts_with("worktree");
  });
}

std::string ignore_command(std::string_view path) {
  std::string pattern = "/";
  for (const char c : path) {
    if (std::string_view{"*?[\\"}.contains(c)) pattern += '\\';
    pattern += c;
  }
  if (pattern.ends_with(' ')) pattern.insert(pattern.size() - 1, "\\");
  return fmt::format("printf '\\n%s\\n' {} >> .gitignore", shell_word(pattern));
}

std::string describe(Material material) {
  switch (material) {
    case Material::private_key:
      return "a private key";
    case Material::private_key_encrypted:
      return "an encrypted private key";
    case Material::private_key_openssh:
      return "an OpenSSH private key";
    case Material::pkcs12:
      return "a PKCS#12 store with a private key";
    case Material::java_keystore:
      return "a Java keystore with a key";
    case Material::private_key_probable:
      return "what is probably a private key";
    case Material::certificate:
      return "a certificate";
    case Material::certificate_request:
      return "a certificate request";
    case Material::environment_secret:
      return "a secret";
    case Material::redis_secret:
      return "a Redis credential";
  }
  return "key material";
}

std::string places_of(const MaterialHit& hit) {
  constexpr std::size_t kShown = 8;
  if (hit.places.size() <= kShown) return printable(join(hit.places, ", "));
  const std::vector<std::string> shown{hit.places.begin(), hit.places.begin() + kShown};
  return fmt::format("{} and {} more places", printable(join(shown, ", ")),
                     hit.places.size() - kShown);
}

std::string shell_word(std::string_view path) {
  const bool plain = !path.empty() && std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view{"/._-+@%,:="}.contains(c);
  });
  if (plain) return std::string{path};
  std::string word = "'";
  for (const char c : printable(path)) word += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return word + "'";
}

Subject subject_of(const MaterialHit& hit) {
  return hit.path.empty() ? Subject::repository() : Subject::file(hit.path);
}

}  // namespace rta::checks
