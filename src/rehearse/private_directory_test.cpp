#include "rehearse/private_directory.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "tests/support/temporary_directory.h"

using namespace rta;
using rta::rehearse::PrivateDirectory;
using rta::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

class WithTemporaryFilesIn {
 public:
  explicit WithTemporaryFilesIn(const std::string& folder) {
    if (const char* old = std::getenv("TMPDIR")) old_ = old;
    ::setenv("TMPDIR", folder.c_str(), 1);
  }
  ~WithTemporaryFilesIn() {
    if (old_.empty())
      ::unsetenv("TMPDIR");
    else
      ::setenv("TMPDIR", old_.c_str(), 1);
  }

 private:
  std::string old_;
};

std::string left_behind(const TemporaryDirectory& folder, const std::string& name,
                        bool young = false) {
  const std::string path = folder.path() + "/" + name;
  fs::create_directory(path);
  ::chmod(path.c_str(), 0700);
  folder.write(name + "/nodes.conf", "x");
  if (!young)
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours{1});
  return path;
}

}  // namespace

TEST_CASE("a private directory goes away, and what a killed program left goes with the next") {
  const TemporaryDirectory folder;
  const WithTemporaryFilesIn here{folder.path()};
  const std::string stale = left_behind(folder, "rta-rehearsal-stale");
  const std::string young = left_behind(folder, "rta-rehearsal-young", true);
  const std::string other = left_behind(folder, "somebody-elses");
  const std::string open = left_behind(folder, "rta-rehearsal-open");
  ::chmod(open.c_str(), 0755);
  fs::create_directory_symlink(other, folder.path() + "/rta-rehearsal-link");
  const std::string used = left_behind(folder, "rta-rehearsal-used");
  const UniqueFd lock{::open(used.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  REQUIRE(::flock(lock.get(), LOCK_EX | LOCK_NB) == 0);

  std::string path;
  {
    const auto made = PrivateDirectory::make();
    REQUIRE(made);
    path = (*made)->path();
    CHECK(fs::is_directory(path));
    CHECK((fs::status(path).permissions() & fs::perms::all) == fs::perms::owner_all);
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours{1});
    REQUIRE(PrivateDirectory::make());  // a second one leaves the first alone
    CHECK(fs::exists(path));
  }
  CHECK_FALSE(fs::exists(path));
  CHECK_FALSE(fs::exists(stale));
  for (const std::string& kept : {young, other, open, used}) CHECK(fs::exists(kept + "/nodes.conf"));
}
