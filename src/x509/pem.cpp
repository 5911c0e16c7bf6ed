#include "x509/pem.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace rta::x509 {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr std::string_view kDashes = "-----";
constexpr std::size_t kLongestLabel = 64;

// The label of "-----BEGIN LABEL-----".
std::optional<std::string_view> boundary(std::string_view line, std::string_view word) {
  line = trim(line);
  if (!line.starts_with(kDashes) || !line.ends_with(kDashes) || line.size() < 2 * kDashes.size())
    return std::nullopt;
  line = line.substr(kDashes.size(), line.size() - 2 * kDashes.size());
  if (!line.starts_with(word)) return std::nullopt;
  const std::string_view label = line.substr(word.size());
  if (label.size() > kLongestLabel) return std::nullopt;
  return label;
}

// RFC 1421 headers, "Proc-Type: 4,ENCRYPTED", end with an empty line.
bool is_header(std::string_view line) { return line.contains(':'); }

class Reader {
 public:
  Reader(std::string_view text, std::size_t limit) : rest_(text), limit_(limit) {}
  PemText run() &&;

 private:
  std::string_view next_line();
  void read_block(std::string_view label);
  void finish(PemBlock& block, const std::string& base64);

  std::string_view rest_;
  std::size_t limit_;
  int line_ = 0;
  PemText text_;
};

std::string_view Reader::next_line() {
  const std::size_t end = rest_.find('\n');
  const std::string_view line = rest_.substr(0, end);
  rest_ = end == std::string_view::npos ? std::string_view{} : rest_.substr(end + 1);
  ++line_;
  return line;
}

void Reader::finish(PemBlock& block, const std::string& base64) {
  std::optional<Bytes> der = from_base64(base64);
  if (der && !der->empty()) {
    block.der = std::move(*der);
  } else {
    block.problem = base64.empty() ? "empty" : "not base64";
  }
}

void Reader::read_block(std::string_view label) {
  PemBlock& block = text_.blocks.emplace_back();
  block.label = label;
  block.line = line_;
  block.encrypted = label == "ENCRYPTED PRIVATE KEY";
  std::string base64;
  while (!rest_.empty()) {
    // A BEGIN before the END: this block is broken off, the next one counts.
    const std::string_view peeked = rest_.substr(0, rest_.find('\n'));
    if (boundary(peeked, "BEGIN ")) break;
    const std::string_view line = trim(next_line());
    if (const std::optional<std::string_view> end = boundary(line, "END ")) {
      if (*end != label) {
        block.problem = "END names another label";
      } else {
        finish(block, base64);
      }
      return;
    }
    if (is_header(line)) {
      block.encrypted |= line.starts_with("Proc-Type:") && line.ends_with("ENCRYPTED");
    } else {
      std::ranges::copy_if(line, std::back_inserter(base64),
                           [](char c) { return c != ' ' && c != '\t'; });
    }
  }
  block.problem = "no END line";
}

PemText Reader::run() && {
  if (rest_.starts_with(kByteOrderMark)) {
    text_.has_byte_order_mark = true;
    rest_.remove_prefix(kByteOrderMark.size());
  }
  while (!rest_.empty()) {
    const std::string_view line = next_line();
    const std::optional<std::string_view> label = boundary(line, "BEGIN ");
    if (!label) {
      text_.has_other_text |= !trim(line).empty();
    } else if (text_.blocks.size() >= limit_) {
      text_.is_cut = true;
      break;
    } else {
      read_block(*label);
    }
  }
  return std::move(text_);
}

}  // namespace

PemText parse_pem(ByteView text, std::size_t limit) { return Reader{as_text(text), limit}.run(); }

bool is_private_key_label(std::string_view label) { return label.ends_with("PRIVATE KEY"); }

bool is_certificate_label(std::string_view label) {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

}  // namespace rta::x509
