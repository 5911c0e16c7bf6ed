// Reads a shell script, or the shell blocks of a Markdown document, and tells
// which private keys it makes without protecting them. Nothing is run and no
// variable is expanded: names made of variables are left alone. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rta::files {

struct KeyScriptProblem {
  int line = 0;         // from 1, in the whole text
  std::string text;     // printable: "chmod 600 *.key.pem matches no file made here"
  std::string command;  // printable, as written
};

std::vector<KeyScriptProblem> lint_key_script(std::string_view text, bool is_markdown);

}  // namespace rta::files
