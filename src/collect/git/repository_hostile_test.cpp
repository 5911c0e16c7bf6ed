// Repositories made to harm: nothing is run, nothing outside is read, memory
// stays bounded, and what was not searched is told.
#include <zlib.h>

#include <filesystem>

#include "tests/support/repository_case.h"

using namespace rta;
using rta::testing::collected;
using rta::testing::GitFixture;
using rta::testing::has_gap;
using rta::testing::key_pem;
using rta::testing::places;

namespace {

namespace fs = std::filesystem;

void add_u32(std::string& text, std::uint32_t value) {
  for (unsigned shift = 32; shift > 0; shift -= 8)
    text += static_cast<char>(static_cast<unsigned char>(value >> (shift - 8)));
}

struct Packed {
  char fill = 0;      // of the id
  std::string bytes;  // header and data
};

// A pack of these objects, and an index that leads to them.
void write_pack(const GitFixture& fixture, const std::vector<Packed>& objects) {
  std::string pack = "PACK", ids, offsets;
  add_u32(pack, 2);
  add_u32(pack, static_cast<std::uint32_t>(objects.size()));
  std::string index = "\xFFtOc";
  add_u32(index, 2);
  for (int first = 0; first < 256; ++first)
    add_u32(index, static_cast<std::uint32_t>(std::ranges::count_if(
                       objects, [&](const Packed& one) { return one.fill <= first; })));
  for (const Packed& object : objects) {
    ids += std::string(20, object.fill);
    add_u32(offsets, static_cast<std::uint32_t>(pack.size()));
    pack += object.bytes;
  }
  pack += std::string(20, 'p');
  index += ids + std::string(4 * objects.size(), 'c') + offsets + std::string(40, 't');
  fixture.write(".git/objects/pack/pack-" + std::string(40, 'a') + ".pack", pack);
  fixture.write(".git/objects/pack/pack-" + std::string(40, 'a') + ".idx", index);
}

std::string deflated(const std::string& text) {
  uLongf size = compressBound(text.size());
  Bytes out(size);
  compress(out.data(), &size, as_bytes(text).data(), text.size());
  return std::string{as_text(out)}.substr(0, size);
}

// A repository with one key, to which harm is then done.
struct Plain : GitFixture {
  Plain() {
    write("k.pem", key_pem());
    commit("first");
  }
};

// Nothing but what `Plain` holds was found, and the search says it is not whole.
void check_incomplete(const GitFixture& fixture, GapReason reason) {
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK_FALSE(found->history_complete);
  CHECK(has_gap(*found, reason));
  CHECK(places(*found, "k.pem") == "branch:main index worktree");
}

}  // namespace

TEST_CASE("deltas that lead into themselves or to nothing are damaged") {
  const Plain cycle;
  write_pack(cycle, {{0x11, "\x71" + std::string(20, 0x22) + deflated("x")},
                     {0x22, "\x71" + std::string(20, 0x11) + deflated("x")}});
  check_incomplete(cycle, GapReason::incomplete);
  const Plain nowhere;
  write_pack(nowhere, {{0x11, "\x71" + std::string(20, 0x33) + deflated("x")},
                       {0x22, "\x61\x7F" + deflated("x")}});
  check_incomplete(nowhere, GapReason::incomplete);
}

TEST_CASE("a delta that yields gigabytes is known by its first bytes and never applied") {
  const Plain fixture;
  // A blob of 1 MiB, and a delta that claims to make 10 GiB of it.
  const std::string base = "\xB0\x80\x80\x04" + deflated(std::string(1024 * 1024, 'x'));
  const std::string delta = deflated("\x80\x80\x40\x80\x80\x80\x80\x28" + std::string(92, '\x80'));
  std::string distance;
  distance += static_cast<char>(0x80 | (((base.size() >> 7U) - 1) & 0x7FU));
  distance += static_cast<char>(base.size() & 0x7FU);
  write_pack(fixture, {{0x11, base}, {0x22, "\xE4\x06" + distance + delta}});
  check_incomplete(fixture, GapReason::too_large);
}

TEST_CASE("objects that inflate without measure are told and not inflated") {
  const Plain fixture;
  fixture.write("zeros", std::string(50UL * 1024 * 1024, '\0'));
  fixture.git({"hash-object", "-w", "zeros"});
  fixture.remove("zeros");
  check_incomplete(fixture, GapReason::too_large);
  // The same within a pack: 8 MiB of a single letter.
  const Plain packed;
  write_pack(packed, {{0x11, "\xB0\x80\x80\x20" + deflated(std::string(8UL * 1024 * 1024, 'x'))}});
  check_incomplete(packed, GapReason::too_large);
}

TEST_CASE("packs and indexes that are cut off or scrambled are told") {
  const Plain source;
  source.write("b", std::string(2000, 'b'));
  source.commit("second");
  source.git({"gc", "-q"});
  std::string name;
  for (const auto& entry : fs::directory_iterator{source.root() + "/.git/objects/pack"})
    if (entry.path().extension() == ".pack") name = entry.path().string();
  fs::permissions(name, fs::perms::owner_write, fs::perm_options::add);
  const auto size = fs::file_size(name);
  for (const std::uintmax_t left : {size / 2, std::uintmax_t{30}, std::uintmax_t{0}}) {
    fs::resize_file(name, left);
    const Observation<Repository> found = collected(source);
    REQUIRE(found.has_value());
    CHECK_FALSE(found->history_complete);
  }
  const std::string index = name.substr(0, name.size() - 4) + "idx";
  fs::permissions(index, fs::perms::owner_write, fs::perm_options::add);
  fs::resize_file(index, 500);
  const Observation<Repository> found = collected(source);
  CHECK_FALSE(found->history_complete);
  CHECK(has_gap(*found, GapReason::malformed));
}

TEST_CASE("a tree that holds itself ten times over ten levels has an end") {
  const Plain fixture;
  std::string tree = fixture.git({"rev-parse", "HEAD^{tree}"});
  for (int level = 0; level < 10; ++level) {
    std::string list;
    for (int i = 0; i < 10; ++i) list += "040000 tree " + tree + "\td" + std::to_string(i) + "\n";
    tree = fixture.git({"mktree"}, list);
  }
  const std::string commit = fixture.git({"commit-tree", tree, "-m", "bomb"});
  fixture.git({"update-ref", "refs/heads/bomb", commit});
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK_FALSE(found->history_complete);
  CHECK(has_gap(*found, GapReason::too_large));
}

TEST_CASE("a tree 500 folders deep and hostile names are found as they are") {
  const GitFixture fixture;
  std::string deep;
  for (int i = 0; i < 500; ++i) deep += "d/";
  const std::vector<std::string> names{deep + "k.pem",   "-rf",      "a\nb.pem",
                                       "::error::x.pem", "%n%s.pem", "$(touch executed).pem",
                                       "\x1B[31m.pem"};
  std::string stream = "commit refs/heads/main\ncommitter A <a@example.org> 1 +0000\ndata 1\nx\n";
  for (const std::string& name : names) {
    std::string quoted;
    for (const char c : name) quoted += c == '\n' ? std::string{"\\n"} : std::string{c};
    stream += "M 100644 inline \"" + quoted + "\"\ndata " + std::to_string(key_pem().size()) +
              "\n" + key_pem() + "\n";
  }
  fixture.git({"fast-import", "--quiet"}, stream);
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(found->history_complete);
  for (const std::string& name : names) CHECK(places(*found, name) == "branch:main");
}

TEST_CASE("links instead of git's own files lead nowhere, and silence is no branch lost") {
  const Plain elsewhere;
  for (const char* part :
       {"refs", "packed-refs", "logs", "worktrees", "HEAD", "config", "shallow"}) {
    INFO(part);
    const Plain fixture;
    fixture.git({"pack-refs", "--all"});
    fixture.remove(std::string{".git/"} + part);
    fixture.link(std::string{".git/"} + part, elsewhere.root() + "/.git/" + part);
    const Observation<Repository> found = collected(fixture);
    REQUIRE(found.has_value());
    CHECK_FALSE(found->history_complete);
  }
  const Plain fixture;
  fixture.write(".git/commondir", elsewhere.root() + "/.git\n");
  const Observation<Repository> outside = collected(fixture);
  REQUIRE(outside.gap() != nullptr);
  CHECK(outside.gap()->reason == GapReason::outside_scope);
}

TEST_CASE("a committed link to a key elsewhere is no key, and is not followed") {
  const Plain elsewhere;
  const GitFixture fixture;
  fixture.link("host.pem", elsewhere.root() + "/k.pem");
  fixture.link("folder", elsewhere.root());
  fixture.commit("links");
  const Observation<Repository> found = collected(fixture);
  REQUIRE(found.has_value());
  CHECK(found->history_complete);
  CHECK(found->hits.empty());
}

TEST_CASE("alternates that lead in a circle or on and on come to an end") {
  const Plain fixture;
  fixture.write("store/info/alternates", "../.git/objects\n");
  fixture.write(".git/objects/info/alternates", "../../store\n");
  CHECK(collected(fixture)->history_complete);
  for (int i = 0; i < 10; ++i)
    fixture.write("store" + std::to_string(i) + "/info/alternates",
                  "../store" + std::to_string(i + 1) + "\n");
  fixture.write("store/info/alternates", "../store0\n");
  const Observation<Repository> found = collected(fixture);
  CHECK_FALSE(found->history_complete);
}
