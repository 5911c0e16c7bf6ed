#include "tests/support/temporary_directory.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace rta::testing {
namespace {

namespace fs = std::filesystem;

void set_mode(const std::string& path, unsigned mode) {
  if (::chmod(path.c_str(), mode) != 0) throw std::runtime_error("chmod " + path);
}

// Does not depend on the umask of whoever runs the tests.
void make_parents(const fs::path& path) {
  if (path.empty() || fs::exists(path)) return;
  make_parents(path.parent_path());
  fs::create_directory(path);
  set_mode(path, 0755);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (fs::temp_directory_path() / "rta-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp " + name);
  path_ = fs::canonical(name);
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;  // a leftover directory must not fail a test
  fs::remove_all(path_, ignored);
}

std::string TemporaryDirectory::write(std::string_view name, std::string_view text,
                                      unsigned mode) const {
  const std::string path = *this / name;
  make_parents(fs::path{path}.parent_path());
  std::ofstream{path, std::ios::binary} << text;
  set_mode(path, mode);
  return path;
}

std::string TemporaryDirectory::make_directory(std::string_view name, unsigned mode) const {
  const std::string path = *this / name;
  make_parents(path);
  set_mode(path, mode);
  return path;
}

void TemporaryDirectory::link(std::string_view name, std::string_view target) const {
  const std::string path = *this / name;
  make_parents(fs::path{path}.parent_path());
  fs::create_symlink(target, path);
}

void TemporaryDirectory::chmod(std::string_view name, unsigned mode) const {
  set_mode(*this / name, mode);
}

}  // namespace rta::testing
