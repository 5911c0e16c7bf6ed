// Any bytes as a certificate, and as a chain of one.
#include "x509/chain.h"
#include "x509/names.h"
#include "x509/weakness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rta;
  const Bytes der{data, data + size};
  const Result<x509::Certificate> read = x509::parse_certificate(der);
  if (!read) return 0;
  x509::names_text(*read);
  x509::match_name(*read, "redis.corp.test");
  x509::tutorial_subject(read->subject_parts);
  const std::vector<Bytes> chain{der, der};
  x509::shape_of(chain);
  x509::verify_chain({.served = chain, .anchors = chain, .at = Timestamp{}, .strict = true});
  return 0;
}
