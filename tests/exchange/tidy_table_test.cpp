#include "results/exchange/tidy_table.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "problems.h"

namespace timetrial {
namespace {

const std::string kTidyHeader =
    "submission,study,workload,framework,trial,eval_index,global_step,accumulated_submission_time,"
    "accumulated_eval_time,metric,validation_value,test_value\n";
const std::string kPlace = "adamw,0,ogbg,jax,1,";

TidyTable read(const std::string& evaluations) {
  return read_tidy_table({evaluations, "evals.csv"}, std::nullopt);
}

TEST(TidyTable, ReadsRowsIntoTrials) {
  const TidyTable table = read(kTidyHeader + kPlace + "0,10,1.5,0.5,loss,0.7,0.8\n" + kPlace +
                               "1,20,2.5,1,loss,0.6,\n" + "adamw,0,ogbg,jax,2,0,10,1,0,loss,1,1\n");
  ASSERT_EQ(table.trials.size(), 2U);
  EXPECT_TRUE(table.problems.empty());
  const TidyTrial& trial = table.trials[0];
  EXPECT_EQ(trial.place(), "adamw/study_0/ogbg_jax/trial_1");
  ASSERT_EQ(trial.evaluations.size(), 2U);
  EXPECT_EQ(trial.evaluations[0].step, 10);
  EXPECT_EQ(trial.evaluations[0].submission_seconds, 1.5);
  EXPECT_EQ(trial.evaluations[0].evaluation_seconds, 0.5);
  EXPECT_EQ(trial.evaluations[0].metrics,
            (std::map<std::string, double>{{"test/loss", 0.8}, {"validation/loss", 0.7}}));
  EXPECT_EQ(trial.evaluations[1].metrics, (std::map<std::string, double>{{"validation/loss", 0.6}}));
}

TEST(TidyTable, TakesColumnsInAnyOrderAndIgnoresOthers) {
  const TidyTable table = read(
      "metric,note,trial,validation_value,workload,global_step,accumulated_submission_time,study,"
      "submission\r\n"
      "loss,\"a, b\",1,0.5,ogbg,10,2.5,3,adamw\r\n");
  ASSERT_EQ(table.trials.size(), 1U);
  EXPECT_EQ(table.trials[0].place(), "adamw/study_3/ogbg/trial_1");
  EXPECT_EQ(table.trials[0].evaluations.at(0).metrics.at("validation/loss"), 0.5);
}

TEST(TidyTable, PutsTheMetricsOfAnEvaluationTogether) {
  const std::string rows = kPlace + "0,10,1,0,loss,0.7,\n" + kPlace + "1,20,2,0,loss,0.6,\n" + kPlace +
                           "0,10,1,0,accuracy,0.1,\n" + kPlace + "1,20,2,0,accuracy,0.2,\n";
  const TidyTable table = read(kTidyHeader + rows);
  ASSERT_EQ(table.trials.at(0).evaluations.size(), 2U);
  EXPECT_EQ(table.trials[0].evaluations[1].metrics,
            (std::map<std::string, double>{{"validation/accuracy", 0.2}, {"validation/loss", 0.6}}));
  EXPECT_TRUE(table.problems.empty());
}

TEST(TidyTable, SortsRowsByTheirNumber) {
  const TidyTable table =
      read(kTidyHeader + kPlace + "1,20,2,0,loss,0.6,\n" + kPlace + "0,10,1,0,loss,0.7,\n");
  EXPECT_EQ(table.trials.at(0).evaluations.at(0).step, 10);
}

TEST(TidyTable, KeepsTheOrderWhereARestartCountsAnew) {
  const TidyTable table = read(kTidyHeader + kPlace + "0,10,1,0,loss,0.7,\n" + kPlace +
                               "1,20,2,0,loss,0.6,\n" + kPlace + "0,15,1.5,0,loss,0.65,\n");
  ASSERT_EQ(table.trials.at(0).evaluations.size(), 3U);
  EXPECT_EQ(table.trials[0].evaluations[2].step, 15);
}

TEST(TidyTable, TheFirstOfRepeatedEvaluationsCounts) {
  const TidyTable table =
      read(kTidyHeader + kPlace + "0,10,1,0,loss,0.7,\n" + kPlace + "0,10,1,0,loss,0.1,\n");
  ASSERT_EQ(table.trials.at(0).evaluations.size(), 1U);
  EXPECT_EQ(table.trials[0].evaluations[0].metrics.at("validation/loss"), 0.7);
  EXPECT_EQ(only(table.problems, ProblemKind::repeated_evaluation).where, "evals.csv:3");
}

TEST(TidyTable, BadRowsAreLeftOutWithTheirLine) {
  const TidyTable table = read(kTidyHeader + kPlace + "0,10,1,0,loss,0.7,\n" + kPlace +
                               "1,ten,2,0,loss,0.6,\n" + kPlace + "2,30\n" + kPlace + "3,40,4,0,loss,abc,\n" +
                               "a/b,0,ogbg,jax,1,0,1,1,1,loss,1,1\n" + kPlace + "4,50,5,0,loss,0.5,\n");
  ASSERT_EQ(table.trials.size(), 1U);
  EXPECT_EQ(table.trials[0].evaluations.size(), 2U);
  EXPECT_EQ(count_of(table.problems, ProblemKind::bad_number), 2);
  EXPECT_EQ(table.problems.at(0).where, "evals.csv:3");
  EXPECT_EQ(only(table.problems, ProblemKind::ragged_row).where, "evals.csv:4");
  EXPECT_EQ(only(table.problems, ProblemKind::unusable_name).where, "evals.csv:6");
  for (const ImportProblem& problem : table.problems) EXPECT_TRUE(problem.left_out) << problem.where;
}

TEST(TidyTable, ValuesThatAreNoNumberAreNan) {
  const TidyTable table = read(kTidyHeader + kPlace + "0,10,1,0,loss,,\n" + kPlace + "1,20,2,0,loss,inf,\n" +
                               kPlace + "2,30,3,0,loss,0.5,nan\n");
  for (const std::size_t i : {0U, 1U})
    EXPECT_TRUE(std::isnan(table.trials.at(0).evaluations.at(i).metrics.at("validation/loss")));
  EXPECT_EQ(only(table.problems, ProblemKind::not_a_number).detail, "2 of 3 validation values");
}

TEST(TidyTable, AnOpenQuoteEndsTheFile) {
  const TidyTable table =
      read(kTidyHeader + kPlace + "0,10,1,0,loss,0.7,\n\"" + kPlace + "1,20,2,0,loss,0.6,\n");
  EXPECT_EQ(table.trials.at(0).evaluations.size(), 1U);
  EXPECT_EQ(only(table.problems, ProblemKind::unclosed_quote).where, "evals.csv:3");
}

TEST(TidyTable, MissingColumnsAreTheUsersMistake) {
  EXPECT_THROW(read(""), UserError);
  EXPECT_THROW(read("submission,study\n"), UserError);
}

TEST(TidyTable, ListsTrialsWithoutEvaluations) {
  const std::string one = kTidyHeader + kPlace + "0,10,1,0,loss,0.7,\n";
  const TidyTable table = read_tidy_table(
      {one, "evals.csv"}, TidyText{"submission,study,workload,framework,trial,status,n_evals\n"
                                   "adamw,0,ogbg,jax,1,ok,3\n"
                                   "adamw,0,ogbg,jax,2,no_eval,0\n"
                                   "adamw,0,ogbg,jax,3,dir_absent,0\n",
                                   "trials.csv"});
  ASSERT_EQ(table.trials.size(), 2U);
  EXPECT_TRUE(table.trials[1].evaluations.empty());
  EXPECT_EQ(only(table.problems, ProblemKind::missing_trials).where, "adamw/study_0/ogbg_jax/trial_3");
  EXPECT_EQ(only(table.problems, ProblemKind::status_differs).detail, "n_evals is 3, there are 1");
}

}  // namespace
}  // namespace timetrial
