#include "workloads/data/sentence_piece.h"

#include "../temporary_folder.h"
#include "expect_user_error.h"
#include "workloads/data/whole_file.h"

namespace timetrial {
namespace {

using testing::HasSubstr;

constexpr int64_t kPieces = 60;

void train(const std::filesystem::path& file, int64_t pieces = kPieces) {
  int line = 0;
  train_sentence_piece(
      {pieces},
      [&line]() -> std::optional<std::string> {
        if (line == 500) return std::nullopt;
        return "the " + std::to_string(line++ * 7919 % 1000) + " houses of a small town";
      },
      file);
}

TEST(SentencePiece, DecodesWhatItEncoded) {
  TemporaryFolder folder;
  train(folder.path() / "a.model");
  const SentencePieceModel model(folder.path() / "a.model", kPieces);
  const auto ids = model.encode("a house of 77 towns");
  EXPECT_THAT(ids, testing::Each(testing::AllOf(testing::Gt(kEndPiece), testing::Lt(kPieces))));
  EXPECT_EQ(model.decode(ids), "a house of 77 towns");
}

TEST(SentencePiece, SameTextSameModel) {
  TemporaryFolder folder;
  train(folder.path() / "a.model");
  train(folder.path() / "b.model");
  EXPECT_EQ(read_whole_file(folder.path() / "a.model"), read_whole_file(folder.path() / "b.model"));
}

TEST(SentencePiece, ControlPiecesVanishAndUnknownIdsAreRefused) {
  TemporaryFolder folder;
  train(folder.path() / "a.model");
  const SentencePieceModel model(folder.path() / "a.model", kPieces);
  std::vector<int32_t> ids = model.encode("a town");
  ids.push_back(kEndPiece);
  EXPECT_EQ(model.decode(ids), "a town");
  ids.push_back(kPieces);
  EXPECT_THAT(user_error_of([&] { model.decode(ids); }), HasSubstr("not in the vocabulary"));
}

TEST(SentencePiece, SurvivesBytesThatAreNotUtf8) {
  TemporaryFolder folder;
  train(folder.path() / "a.model");
  const SentencePieceModel model(folder.path() / "a.model", kPieces);
  EXPECT_THAT(model.encode("a \xff\xfe town"), testing::Contains(kUnknownPiece));
  EXPECT_THAT(model.encode(""), testing::IsEmpty());
}

TEST(SentencePiece, RefusesWrongFilesWithTheCure) {
  TemporaryFolder folder;
  train(folder.path() / "a.model");
  EXPECT_THAT(user_error_of([&] { SentencePieceModel(folder.path() / "a.model", 1024); }),
              HasSubstr("wrong number of pieces"));
  EXPECT_THAT(user_error_of([&] { SentencePieceModel(folder.write("b.model", "no model"), kPieces); }),
              HasSubstr("not a SentencePiece model"));
  EXPECT_THAT(user_error_of([&] { SentencePieceModel(folder.path() / "absent.model", kPieces); }),
              HasSubstr("absent.model"));
  EXPECT_THAT(user_error_of([&] { train(folder.path() / "c.model", 100000); }), HasSubstr("could not train"));
}

}  // namespace
}  // namespace timetrial
