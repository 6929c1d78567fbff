#include "tuning/search_space.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/errors/user_error.h"

namespace timetrial {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// What the error about `json` says.
std::string error_of(const std::string& json) {
  try {
    parse_search_space(json, "space.json");
  } catch (const UserError& error) {
    return error.what();
  }
  return "no error";
}

double number(const Point& point, const std::string& name) {
  return std::get<double>(point.at(name));
}

constexpr const char* kNadamwPaperSpace = R"({
  "learning_rate": {"min": 1e-4, "max": 1e-2, "scaling": "log"},
  "one_minus_beta1": {"min": 4e-3, "max": 0.1, "scaling": "log"},
  "beta2": {"feasible_points": [0.999]},
  "warmup_factor": {"feasible_points": [0.05]},
  "weight_decay": {"min": 5e-3, "max": 1.0, "scaling": "log"},
  "label_smoothing": {"feasible_points": [0.1, 0.2]},
  "dropout_rate": {"feasible_points": [0.0, 0.1]}
})";

TEST(SearchSpace, DrawsTheReferencePointsOfTheNadamwPaper) {
  const double expected[5][5] = {
      {0.0019814680146414726, 0.045677535963609565, 0.010340635370188849, 0.1, 0.0},
      {0.0002366315233112939, 0.007676940273940445, 0.358796133013872, 0.2, 0.1},
      {0.0009554263254837416, 0.05281759963218209, 0.01950318659958426, 0.1, 0.0},
      {0.00010054778177688589, 0.005702987383013654, 0.012638327613865154, 0.1, 0.0},
      {0.00019766560226064676, 0.040447795913733486, 0.012300240728935494, 0.1, 0.1},
  };
  const std::vector<Point> points = draw_points(parse_search_space(kNadamwPaperSpace, "space.json"), 5);
  ASSERT_EQ(points.size(), 5U);
  for (std::size_t i = 0; i < 5; ++i) {
    const char* names[5] = {"learning_rate", "one_minus_beta1", "weight_decay", "label_smoothing",
                            "dropout_rate"};
    for (std::size_t j = 0; j < 5; ++j)
      EXPECT_NEAR(number(points[i], names[j]), expected[i][j], 1e-15) << names[j];
    EXPECT_EQ(number(points[i], "beta2"), 0.999);
  }
}

TEST(SearchSpace, KeepsTheOrderOfTheFile) {
  const SearchSpace space = parse_search_space(
      R"({"z": {"min": 0, "max": 1, "scaling": "linear"}, "a": {"feasible_points": ["x", true, 2]}})",
      "space.json");
  ASSERT_EQ(space.dimensions.size(), 2U);
  EXPECT_EQ(space.dimensions[0].name, "z");
  EXPECT_EQ(space.dimensions[1].name, "a");
  EXPECT_EQ(std::get<std::string>(space.dimensions[1].feasible_points[0]), "x");
  EXPECT_TRUE(std::get<bool>(space.dimensions[1].feasible_points[1]));
  EXPECT_EQ(std::get<double>(space.dimensions[1].feasible_points[2]), 2.0);
}

TEST(SearchSpace, LinearScalingIsLinear) {
  const SearchSpace space =
      parse_search_space(R"({"x": {"min": -2, "max": 6, "scaling": "linear"}})", "space.json");
  EXPECT_NEAR(number(draw_points(space, 1)[0], "x"), -2 + 8 * 0.28612427728381884, 1e-14);
}

TEST(SearchSpace, ListEntriesComeInOrder) {
  const SearchSpace space = parse_search_space(R"([{"lr": 3}, {"lr": 1}, {"lr": 2}])", "space.json");
  EXPECT_TRUE(space.is_list());
  const std::vector<Point> points = draw_points(space, 2);
  ASSERT_EQ(points.size(), 2U);
  EXPECT_EQ(number(points[0], "lr"), 3);
  EXPECT_EQ(number(points[1], "lr"), 1);
}

TEST(SearchSpace, AListThatIsTooShortIsRefused) {
  const SearchSpace space = parse_search_space(R"([{"lr": 3}, {"lr": 1}])", "space.json");
  EXPECT_THROW(draw_points(space, 3), UserError);
}

TEST(SearchSpace, EveryMistakeNamesTheFileTheHyperparameterAndTheKey) {
  const auto names = [](const std::string& part) {
    return AllOf(HasSubstr("space.json"), HasSubstr("lr"), HasSubstr(part));
  };
  EXPECT_THAT(error_of(R"({"lr": {"min": 1, "max": 2}})"), names("\"scaling\" is missing"));
  EXPECT_THAT(error_of(R"({"lr": {"min": 1, "max": 2, "scalling": "log"}})"),
              names("rename it to \"scaling\""));
  EXPECT_THAT(error_of(R"({"lr": {"min": 1, "max": 2, "scaling": "log", "step": 3}})"),
              names("\"step\" is not a key"));
  EXPECT_THAT(error_of(R"({"lr": {"min": 1, "max": 2, "scaling": "lgo"}})"), names("did you mean \"log\"?"));
  EXPECT_THAT(error_of(R"({"lr": {"min": 3, "max": 2, "scaling": "log"}})"), names("is above \"max\""));
  EXPECT_THAT(error_of(R"({"lr": {"min": 0, "max": 2, "scaling": "log"}})"),
              names("above 0 under log scaling"));
  EXPECT_THAT(error_of(R"({"lr": {"min": "1", "max": 2, "scaling": "log"}})"), names("must be a number"));
  EXPECT_THAT(error_of(R"({"lr": {"feasible_points": 0.999}})"), names("[0.999]"));
  EXPECT_THAT(error_of(R"({"lr": {"feasible_points": []}})"), names("not empty"));
  EXPECT_THAT(error_of(R"({"lr": {"feasible_points": [null]}})"), names("no number, flag or text"));
  EXPECT_THAT(error_of(R"({"lr": {"feasible_points": [1], "min": 1}})"), names("\"min\" is not a key"));
  EXPECT_THAT(error_of(R"({"lr": {"feasable_points": [1]}})"), names("did you mean \"feasible_points\"?"));
  EXPECT_THAT(error_of(R"({"lr": {}})"), names("neither a range nor feasible_points"));
  EXPECT_THAT(error_of(R"({"lr": 0.1})"), names("must be a JSON object"));
  EXPECT_THAT(error_of(R"({"lr": {"feasible_points": [1]}, "lr": {"feasible_points": [2]}})"),
              names("stands twice"));
}

TEST(SearchSpace, EveryMistakeInAListNamesTheEntry) {
  EXPECT_THAT(error_of(R"([{"lr": 1, "wd": 2}, {"lr": 1}])"),
              HasSubstr("entry 2 of the list leaves out \"wd\""));
  EXPECT_THAT(error_of(R"([{"beta1": 1}, {"beta1": 1, "betal": 2}])"), HasSubstr("did you mean \"beta1\"?"));
  EXPECT_THAT(error_of(R"([{"lr": 1}, 3])"), HasSubstr("entry 2 of the list must be a JSON object"));
  EXPECT_THAT(error_of(R"([{"lr": [1, 2]}])"), HasSubstr("\"lr\""));
}

TEST(SearchSpace, BrokenJsonIsRefusedWithItsLine) {
  EXPECT_THAT(error_of("{\n  \"lr\": {\"min\": 1,,}\n}"),
              AllOf(HasSubstr("space.json, line 2"), HasSubstr("not valid JSON")));
  EXPECT_THAT(error_of(""), HasSubstr("an empty file"));
  EXPECT_THAT(error_of("{}"), HasSubstr("not empty"));
  EXPECT_THAT(error_of("[]"), HasSubstr("not empty"));
  EXPECT_THAT(error_of("3"), HasSubstr("must be an object of ranges or a list"));
}

TEST(SearchSpace, AMissingFileIsRefusedByName) {
  EXPECT_THROW(read_search_space("/nonexistent/search_space.json"), UserError);
}

}  // namespace
}  // namespace timetrial
