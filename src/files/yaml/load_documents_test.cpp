#include "files/yaml/load_documents.h"

#include <doctest/doctest.h>

#include <string>

using rta::files::load_documents;

TEST_CASE("what belongs to no document ends the reading") {
  CHECK_THROWS_AS(load_documents(",a"), YAML::Exception);
  CHECK_THROWS_AS(load_documents("--- 'a'\n,\n"), YAML::Exception);
  for (const std::string text : {"a\n ,b", ", ", "a\n,\n...\n,", "'a' ,"}) {
    try {
      (void)load_documents(text);
    } catch (const YAML::Exception&) {
    }
  }
}

TEST_CASE("documents are those of the library") {
  CHECK(load_documents("").empty());
  CHECK(load_documents("a: 1").size() == 1);
  CHECK(load_documents("--- a\n--- b\n...\n--- c\n").size() == 3);
  const std::string text = "%YAML 1.2\n---\na: &x [1, {b: *x}]\n...\n--- |\n  t\n---\n";
  for (std::size_t size = 0; size <= text.size(); ++size) {
    try {
      (void)load_documents(text.substr(0, size));
    } catch (const YAML::Exception&) {
    }
  }
}
