#include "files/verification_patterns.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "base/text.h"

namespace rta::files {
namespace {

constexpr std::size_t kNone = std::string_view::npos;
constexpr std::size_t kHitsPerFile = 100;
constexpr int kNearLines = 40;

std::string_view extension(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  return dot == kNone ? std::string_view{} : name.substr(dot + 1);
}

bool uses_hash_comments(std::string_view path) {
  const std::string_view ending = extension(path);
  return ending == "py" || ending == "sh" || ending == "bash" || ending == "rb" ||
         ending == "yml" || ending == "yaml";
}

// One line without blanks and comments. String contents stay: "rediss://...".
class LineCleaner {
 public:
  explicit LineCleaner(bool hash_comments) : hash_(hash_comments) {}

  std::string clean(std::string_view line) {
    std::string out;
    char quote = '\0';
    for (std::size_t at = 0; at < line.size(); ++at) {
      const std::string_view rest = line.substr(at);
      if (!block_end_.empty()) {
        if (!rest.starts_with(block_end_)) continue;
        at += block_end_.size() - 1;
        block_end_.clear();
        continue;
      }
      const char c = line[at];
      if (quote != '\0') {
        if (c == '\\') ++at;
        if (c == quote) quote = '\0';
      } else if (hash_ && (rest.starts_with("\"\"\"") || rest.starts_with("'''")) &&
                 trim(line).starts_with(rest.substr(0, 3))) {
        block_end_ = std::string{rest.substr(0, 3)};  // a docstring
        at += 2;
        continue;
      } else if (c == '"' || c == '\'' || c == '`') {
        quote = c;
      } else if ((hash_ && c == '#') || (!hash_ && rest.starts_with("//"))) {
        break;
      } else if (!hash_ && rest.starts_with("/*")) {
        block_end_ = "*/";
        ++at;
        continue;
      }
      if (c != ' ' && c != '\t' && c != '\r') out.push_back(c);
    }
    return out;
  }

 private:
  bool hash_;
  std::string block_end_;
};

struct Pattern {
  std::string_view text;  // without blanks
  std::string_view shown;
  bool needs_redis = true;  // unspecific: a hit only near Redis
};

constexpr std::array kPatterns{
    Pattern{"rejectUnauthorized:false", "rejectUnauthorized: false"},
    Pattern{"rejectUnauthorized=false", "rejectUnauthorized = false"},
    Pattern{"checkServerIdentity:", "checkServerIdentity override"},
    Pattern{"NODE_TLS_REJECT_UNAUTHORIZED=", "NODE_TLS_REJECT_UNAUTHORIZED assigned in code",
            false},
    Pattern{"NODE_TLS_REJECT_UNAUTHORIZED\"]=", "NODE_TLS_REJECT_UNAUTHORIZED assigned in code",
            false},
    Pattern{"NODE_TLS_REJECT_UNAUTHORIZED']=", "NODE_TLS_REJECT_UNAUTHORIZED assigned in code",
            false},
    Pattern{"ssl_cert_reqs=None", "ssl_cert_reqs=None", false},
    Pattern{"ssl_cert_reqs=ssl.CERT_NONE", "ssl_cert_reqs=ssl.CERT_NONE", false},
    Pattern{"ssl_cert_reqs=CERT_NONE", "ssl_cert_reqs=CERT_NONE", false},
    Pattern{"ssl_cert_reqs='none'", "ssl_cert_reqs='none'", false},
    Pattern{"ssl_cert_reqs=\"none\"", "ssl_cert_reqs=\"none\"", false},
    Pattern{"ssl_cert_reqs=none", "ssl_cert_reqs=none", false},
    Pattern{"ssl_cert_reqs\":None", "ssl_cert_reqs: None", false},
    Pattern{"ssl_cert_reqs\":ssl.CERT_NONE", "ssl_cert_reqs: ssl.CERT_NONE", false},
    Pattern{"ssl_cert_reqs':ssl.CERT_NONE", "ssl_cert_reqs: ssl.CERT_NONE", false},
    Pattern{"ssl_check_hostname=False", "ssl_check_hostname=False", false},
    Pattern{"check_hostname=False", "check_hostname = False"},
    Pattern{"verify_mode=ssl.CERT_NONE", "verify_mode = ssl.CERT_NONE"},
    Pattern{"_create_unverified_context", "ssl._create_unverified_context"},
    Pattern{"InsecureSkipVerify:true", "InsecureSkipVerify: true"},
    Pattern{"InsecureSkipVerify=true", "InsecureSkipVerify = true"},
    Pattern{"skip_verify=true", "skip_verify=true"},
    Pattern{"VERIFY_NONE", "VERIFY_NONE"},
    Pattern{"CertificateValidation+=", "CertificateValidation +="},
    Pattern{"disablePeerVerification", "disablePeerVerification", false},
    Pattern{"setVerifyPeer(false", "setVerifyPeer(false)"},
    Pattern{"verifyPeer=NONE", "verifyPeer=NONE"},
    Pattern{"TrustAllCerts", "TrustAllCerts"}};

bool names_redis(std::string_view line) {
  const std::string lower = lower_ascii(line);
  return lower.find("redis") != kNone || lower.find("valkey") != kNone ||
         lower.find("celery") != kNone || lower.find("bullmq") != kNone;
}

bool looks_conditional(std::string_view line) {
  return line.starts_with("if(") || line.starts_with("if") || line.starts_with("elif") ||
         line.starts_with("}elseif") || line.find("NODE_ENV") != kNone ||
         line.find("isDev") != kNone || line.find("?{") != kNone || line.find("&&") != kNone ||
         line.find("development") != kNone || line.find("DEBUG") != kNone ||
         line.starts_with("else") || line.starts_with("}else");
}

std::vector<std::string> clean_lines(ByteView bytes, std::string_view path) {
  LineCleaner cleaner{uses_hash_comments(path)};
  std::vector<std::string> lines;
  for (const std::string_view line : split(as_text(bytes), '\n'))
    lines.push_back(cleaner.clean(line));
  return lines;
}

}  // namespace

bool is_source_file(std::string_view path) {
  constexpr std::array<std::string_view, 18> kEndings{"js",  "mjs", "cjs", "ts", "mts",  "cts",
                                                      "jsx", "tsx", "py",  "go", "java", "kt",
                                                      "cs",  "rb",  "php", "sh", "bash", "rs"};
  return std::ranges::find(kEndings, extension(path)) != kEndings.end();
}

bool is_test_or_document(std::string_view path) {
  if (extension(path) == "md" || extension(path) == "rst") return true;
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (name.starts_with("test_") || name.find(".test.") != kNone || name.find(".spec.") != kNone ||
      name.find("_test.") != kNone)
    return true;
  constexpr std::array<std::string_view, 9> kFolders{
      "test", "tests", "spec", "specs", "docs", "doc", "examples", "__tests__", "fixtures"};
  return std::ranges::any_of(split(path, '/'), [&](std::string_view part) {
    return std::ranges::find(kFolders, part) != kFolders.end();
  });
}

std::vector<VerificationHit> verification_hits(ByteView bytes, std::string_view path) {
  const std::vector<std::string> lines = clean_lines(bytes, path);
  std::vector<int> redis_lines;
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (names_redis(lines[i])) redis_lines.push_back(static_cast<int>(i));
  std::vector<VerificationHit> hits;
  for (std::size_t i = 0; i < lines.size() && hits.size() < kHitsPerFile; ++i) {
    const std::string& line = lines[i];
    if (line.find("redis-cli") != kNone && line.find("--insecure") != kNone)
      hits.push_back({static_cast<int>(i) + 1, "redis-cli --insecure", true, false});
    for (const Pattern& pattern : kPatterns) {
      const std::size_t at = line.find(pattern.text);
      if (at == kNone ||
          line.compare(at, pattern.text.size() + 1, std::string{pattern.text} + "=") == 0)
        continue;
      const auto first = std::ranges::lower_bound(redis_lines, static_cast<int>(i) - kNearLines);
      const bool near = first != redis_lines.end() && *first <= static_cast<int>(i) + kNearLines;
      if (pattern.needs_redis && !near) continue;
      bool conditional = looks_conditional(line);
      for (std::size_t back = 1; back <= 3 && back <= i; ++back)
        conditional = conditional || looks_conditional(lines[i - back]);
      hits.push_back({static_cast<int>(i) + 1, std::string{pattern.shown}, near, conditional});
      break;
    }
  }
  return hits;
}

int line_that_checks_host_names(ByteView bytes, std::string_view path) {
  const std::vector<std::string> lines = clean_lines(bytes, path);
  for (std::size_t i = 0; i < lines.size(); ++i)
    if (lines[i].find("ssl_check_hostname=True") != kNone) return static_cast<int>(i) + 1;
  return 0;
}

}  // namespace rta::files
