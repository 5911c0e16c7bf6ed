#include "redis/reply.h"

#include <doctest/doctest.h>

using namespace rta;
using namespace rta::redis;

namespace {

// What the sinks saw of one reply, fed in pieces of the given size.
struct Read {
  std::vector<std::string> lines;
  std::vector<Reply> entries;
  Reply whole;
  std::string state;
  std::size_t used = 0;
};

Read read(std::string_view text, ReplyShape shape, std::size_t piece = 1 << 20,
          std::size_t streamed = limits::kRespStreamed) {
  Read seen;
  ReplySinks sinks;
  sinks.line = [&](std::string_view line) { seen.lines.emplace_back(line); };
  sinks.entry = [&](Reply entry) { seen.entries.push_back(std::move(entry)); };
  ReplyReader reader{shape, sinks, {}, streamed};
  while (!text.empty()) {
    const std::string_view head = text.substr(0, piece);
    const std::size_t taken = reader.feed(as_bytes(head));
    seen.used += taken;
    if (taken < head.size()) break;
    text.remove_prefix(head.size());
  }
  seen.whole = reader.reply();
  seen.state = reader.failure() != nullptr ? std::string{name_of(reader.failure()->reason)}
               : reader.truncated()        ? "truncated"
               : reader.done()             ? "done"
                                           : "more";
  return seen;
}

}  // namespace

TEST_CASE("replies of every kind become values") {
  const Result<Reply> reply =
      parse_reply(as_bytes("*6\r\n+OK\r\n-ERR no\r\n:-3\r\n$2\r\n\0a\r\n$-1\r\n*0\r\n"sv));
  REQUIRE(reply);
  REQUIRE(reply->elements.size() == 6);
  CHECK(reply->elements[0] == Reply{Reply::Kind::status, "OK", 0, {}});
  CHECK(reply->elements[1].is_error());
  CHECK(reply->elements[2].integer == -3);
  CHECK(reply->elements[3].text == "\0a"sv);
  CHECK(reply->elements[4].kind == Reply::Kind::nil);
  CHECK(reply->elements[5].is_array());
}

TEST_CASE("arrays inside arrays keep their places") {
  const Result<Reply> reply = parse_reply(as_bytes("*2\r\n*2\r\n:1\r\n:2\r\n*1\r\n*1\r\n:3\r\n"));
  REQUIRE(reply);
  CHECK(reply->elements[0].elements[1].integer == 2);
  CHECK(reply->elements[1].elements[0].elements[0].integer == 3);
}

TEST_CASE("a reply cut anywhere, or with more behind it, is no reply") {
  const std::string_view whole = "*2\r\n$3\r\nfoo\r\n*1\r\n:1\r\n";
  CHECK(parse_reply(as_bytes(whole)));
  for (std::size_t cut = 0; cut < whole.size(); ++cut)
    CHECK_FALSE(parse_reply(as_bytes(whole.substr(0, cut))));
  CHECK_FALSE(parse_reply(as_bytes("+PONG\r\n+PONG\r\n")));
}

TEST_CASE("a list of clients is handed on line by line, however it is cut into pieces") {
  CHECK(read("$19\r\nid=1 a=b\nid=2 c=d\n\r\n", ReplyShape::lines).state == "malformed");
  const std::string_view right = "$18\r\nid=1 a=b\nid=2 c=d\n\r\n+PONG\r\n";
  for (std::size_t piece = 1; piece < right.size(); ++piece) {
    const Read seen = read(right, ReplyShape::lines, piece);
    CHECK(seen.state == "done");
    CHECK(seen.lines == std::vector<std::string>{"id=1 a=b", "id=2 c=d"});
    CHECK(right.substr(seen.used) == "+PONG\r\n");
  }
}

TEST_CASE("an error in place of a list is read whole") {
  const Read seen = read("-NOPERM no\r\n", ReplyShape::lines);
  CHECK(seen.state == "done");
  CHECK(seen.whole.is_error());
  CHECK(seen.lines.empty());
}

TEST_CASE("a list longer than the limit is truncated, never complete") {
  std::string text = "$100000\r\n";
  for (int i = 0; i < 10'000; ++i) text += "id=" + std::to_string(1000 + i % 1000) + " x\n";
  const Read seen = read(text, ReplyShape::lines, 4096, 50'000);
  CHECK(seen.state == "truncated");
  CHECK(seen.lines.size() > 4'000);
  // An announced size above the limit is still read up to the limit.
  CHECK(read("$9223372036854775807\r\nid=1\nid=2\n", ReplyShape::lines).state == "more");
}

TEST_CASE("a line without an end is refused, not collected") {
  CHECK(read("$900000\r\n" + std::string(800'000, 'x'), ReplyShape::lines).state == "too_large");
}

TEST_CASE("an array is handed on entry by entry, each within the limits of a reply") {
  const std::string_view reply = "*3\r\n:1\r\n*2\r\n+a\r\n+b\r\n$-1\r\n";
  for (std::size_t piece = 1; piece < reply.size(); ++piece) {
    const Read seen = read(reply, ReplyShape::entries, piece);
    CHECK(seen.state == "done");
    REQUIRE(seen.entries.size() == 3);
    CHECK(seen.entries[1].elements[1].text == "b");
  }
  CHECK(read("*200000\r\n*100001\r\n", ReplyShape::entries).state == "too_large");
  CHECK(read("*0\r\n", ReplyShape::entries).state == "done");
  CHECK(read("*x\r\n", ReplyShape::entries).state == "malformed");
}
