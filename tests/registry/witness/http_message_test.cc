// Answers of every kind, whole and in pieces, and those that no client should take.
#include "registry/witness/http_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "registry/limits.h"
#include "tests/verifier/status_matchers.h"

namespace touchstone::witness {
namespace {

using ::testing::HasSubstr;

// Gives `bytes` to a reader, so many at a time, and then the end of the connection.
absl::StatusOr<HttpResponse> Read(absl::string_view bytes, size_t portion) {
  HttpResponseReader reader;
  for (size_t at = 0; at < bytes.size(); at += portion) {
    const absl::StatusOr<bool> whole = reader.Take(bytes.substr(at, portion));
    if (!whole.ok()) return whole.status();
    if (*whole) return reader.response();
  }
  if (const absl::Status status = reader.End(); !status.ok()) return status;
  return reader.response();
}

TEST(HttpMessageTest, ThePostIsOneRequest) {
  EXPECT_EQ(FormatHttpPost({true, "w.example", "443", "/w"}, "/add-checkpoint", "old 0\n"),
            "POST /w/add-checkpoint HTTP/1.1\r\nHost: w.example\r\n"
            "User-Agent: touchstone-registry\r\nContent-Type: text/plain\r\n"
            "Content-Length: 6\r\nConnection: close\r\n\r\nold 0\n");
}

TEST(HttpMessageTest, AnswersAreReadHoweverTheyArrive) {
  struct Case {
    const char* bytes;
    HttpResponse response;
  };
  const Case cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", {200, "", "hello"}},
      {"HTTP/1.1 200\r\ncontent-length: 0\r\n\r\n", {200, "", ""}},
      {"HTTP/1.0 409 Conflict\r\nContent-Type: Text/X.tlog.size; charset=utf-8\r\n\r\n12\n",
       {409, "text/x.tlog.size", "12\n"}},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n",
       {200, "", "hello"}},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\nA\r\n0123456789\r\n0\r\nX: y\r\n\r\n",
       {200, "", "0123456789"}},
      {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 \r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n"
       "Content-Length: 1\r\n\r\nx",
       {200, "", "x"}},
      {"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", {204, "", ""}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx", {200, "", "x"}},
      {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx and more that nobody asked for",
       {200, "", "x"}},
  };
  for (const Case& c : cases) {
    for (const size_t portion : {1, 2, 3, 7, 1000}) {
      const auto read = Read(c.bytes, portion);
      ASSERT_THAT(read, IsOk()) << c.bytes << portion;
      EXPECT_EQ(read->status, c.response.status) << c.bytes;
      EXPECT_EQ(read->content_type, c.response.content_type) << c.bytes;
      EXPECT_EQ(read->body, c.response.body) << c.bytes;
    }
  }
}

TEST(HttpMessageTest, WhatIsNoAnswerIsRefused) {
  const std::string long_header(limits::kHttpHeadBytesMax, 'a');
  const std::string long_body(limits::kHttpBodyBytesMax + 1, 'a');
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  const std::string chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
  std::string interim;
  while (interim.size() <= limits::kHttpHeadBytesMax) interim += "HTTP/1.1 100 \r\n\r\n";
  std::string tiny_chunks = chunked;
  for (size_t i = 0; i < limits::kHttpBodyBytesMax; ++i) tiny_chunks += "1\r\nx\r\n";
  for (const std::string& bytes : std::vector<std::string>{
           "",
           "HTTP/1.1 200 OK\r\n",
           "HTTP/2 200 OK\r\n\r\n",
           "HTTP/1.1 99 OK\r\n\r\n",
           "HTTP/1.1 600 OK\r\n\r\n",
           "HTTP/1.1 2000 OK\r\n\r\n",
           "HTTP/1.1 2x0 OK\r\n\r\n",
           "HTTP/1.1  200 OK\r\n\r\n",
           "HTTP/1.1 101 Switching\r\n\r\n",
           "SSH-2.0-OpenSSH\r\n\r\n",
           ok + "no colon\r\n\r\n",
           ok + ": no name\r\n\r\n",
           ok + "Content-Length: -1\r\n\r\n",
           ok + "Content-Length: 01\r\n\r\nx",
           ok + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
           ok + "Content-Length: 18446744073709551616\r\n\r\n",
           ok + "Content-Length: 5\r\n\r\nhell",
           ok + "Content-Length: " + std::to_string(long_body.size()) + "\r\n\r\n",
           ok + "Transfer-Encoding: gzip\r\n\r\nx",
           ok + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n1\r\nx\r\n0\r\n\r\n",
           ok + "Content-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
           ok + "\r\n" + long_body,
           ok + "X: " + long_header + "\r\n\r\n",
           "HTTP/1.1 200 " + long_header + "\r\n\r\n",
           interim,
           chunked + "x\r\n",
           chunked + "\r\n",
           chunked + "123456789\r\n",
           chunked + "2\r\nxyz\r\n",
           chunked + "2\r\nxy\r\n",
           chunked + "4001\r\n" + long_body,
           chunked + "0\r\n" + long_header,
           tiny_chunks,
       }) {
    for (const size_t portion : {1, 5, 100000}) {
      EXPECT_EQ(Read(bytes, portion).status().code(), absl::StatusCode::kDataLoss)
          << bytes.substr(0, 100) << " " << portion;
    }
  }
}

TEST(HttpMessageTest, NoBytesBreakIt) {
  std::mt19937_64 random(1);
  const std::string whole =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: a/b\r\n\r\n"
      "3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\n\r\n";
  for (int i = 0; i < 20000; ++i) {
    std::string bytes = whole;
    for (uint64_t j = random() % 4; j-- > 0;) {
      bytes[random() % bytes.size()] = static_cast<char>(random());
    }
    const auto read = Read(bytes, 1 + random() % 20);
    if (read.ok()) {
      EXPECT_LE(read->body.size(), bytes.size());
    } else {
      EXPECT_THAT(std::string(read.status().message()), HasSubstr("answer"));
    }
  }
}

}  // namespace
}  // namespace touchstone::witness
