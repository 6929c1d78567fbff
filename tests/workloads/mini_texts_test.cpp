#include <zlib.h>

#include "expect_user_error.h"
#include "workloads/finewebedu_lm/markup_text.h"
#include "workloads/finewebedu_lm/sword_module.h"

namespace timetrial {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const MarkupRules kRules = {{"p", "div", "h2"}, {"pre", "script"}};

TEST(MarkupText, ParagraphsWithoutTags) {
  EXPECT_THAT(
      markup_paragraphs("<h2>Title</h2><p>\n One <em>two</em>,\n  three.</p><P class='x'>Four<br/>five</P>",
                        kRules),
      ElementsAre("Title", "One two, three.", "Fourfive"));
  EXPECT_THAT(markup_paragraphs("<div/>a<div sID=\"1\"/>b", kRules), ElementsAre("a", "b"));
}

TEST(MarkupText, LeavesElementsOutWithWhatTheyHold) {
  EXPECT_THAT(markup_paragraphs("a <pre>code &lt; <b>x</b></pre> b<script>if (a < b) {}</script>", kRules),
              ElementsAre("a b"));
  EXPECT_THAT(markup_paragraphs("a<pre/>b", kRules), ElementsAre("ab"));
  EXPECT_THAT(markup_paragraphs("a<pre>never closed <p>b", kRules), ElementsAre("a"));
}

TEST(MarkupText, References) {
  EXPECT_THAT(markup_paragraphs("R&amp;D &lt;&#233;&#x4f60;&#xd800;&nbsp;&unknown;x & y &", kRules),
              ElementsAre("R&D <\u00e9\u4f60 x & y &"));
}

TEST(MarkupText, TakesAnything) {
  for (const char* text : {"", "<", "<>", "</", "&", "&;", "&#;", "&#x;", "<p", "a<p", "&#99999999999;"}) {
    EXPECT_LE(markup_paragraphs(text, kRules).size(), 1U) << text;
  }
}

std::string record(size_t offset, size_t packed, size_t size) {
  std::string bytes;
  for (const size_t value : {offset, packed, size}) {
    for (const int shift : {0, 8, 16, 24}) bytes += static_cast<char>(value >> shift);
  }
  return bytes;
}

std::string deflated(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string packed(size, '\0');
  compress(reinterpret_cast<Bytef*>(packed.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
           text.size());
  packed.resize(size);
  return packed;
}

TEST(SwordModule, BlocksInTheOrderOfTheIndex) {
  const std::string first = deflated("In the beginning");
  const std::string second = deflated(std::string(5000, 'x'));
  const std::string index =
      record(0, first.size(), 16) + record(0, 0, 0) + record(first.size(), second.size(), 5000);
  EXPECT_THAT(read_sword_blocks(index, first + second, "m"),
              ElementsAre("In the beginning", std::string(5000, 'x')));
  EXPECT_THAT(read_sword_blocks("", "", "m"), IsEmpty());
}

TEST(SwordModule, DamagedBlocksAreRefused) {
  const std::string block = deflated("In the beginning");
  const auto error = [&](const std::string& index) {
    return user_error_of([&] { read_sword_blocks(index, block, "module"); });
  };
  EXPECT_THAT(error(record(1, block.size(), 16)), testing::AllOf(HasSubstr("module"), HasSubstr("block 0")));
  EXPECT_THAT(error(record(0, block.size() - 1, 16)), HasSubstr("block 0"));
  EXPECT_THAT(error(record(0, block.size(), 4)), HasSubstr("damaged"));
  EXPECT_THAT(error(record(0, block.size(), 0xFFFFFFFF)), HasSubstr("damaged"));
}

}  // namespace
}  // namespace timetrial
