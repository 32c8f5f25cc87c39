#include "verifier/participant_id.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/verifier/status_matchers.h"

namespace touchstone {
namespace {

TEST(ParticipantId, TakesLettersDigitsDotsAndHyphens) {
  for (const std::string& text :
       {std::string("a"), std::string("7"), std::string("maison-example"), std::string("gia.edu"),
        std::string("a.-.b"), std::string(63, 'a')}) {
    EXPECT_EQ(ValueOrDie(ParticipantId::Parse(text)).text(), text);
  }
}

TEST(ParticipantId, RefusesEverythingElse) {
  for (const std::string& text :
       {std::string(), std::string(64, 'a'), std::string("-a"), std::string("a-"),
        std::string(".a"), std::string("a."), std::string("."), std::string("A"),
        std::string("a_b"), std::string("a b"), std::string("a/b"), std::string("a\n"),
        std::string("a\0b", 3), std::string("\xC3\xA9")}) {
    EXPECT_THAT(ParticipantId::Parse(text), IsRefused(RefusalCode::kMalformed)) << text;
  }
}

}  // namespace
}  // namespace touchstone
