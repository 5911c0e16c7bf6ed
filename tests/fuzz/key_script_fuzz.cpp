#include "files/keys/key_script_lint.h"

#include <redis_tls_audit/bytes.h>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = rta::as_text({data, size});
  rta::files::lint_key_script(text, false);
  rta::files::lint_key_script(text, true);
  return 0;
}
