#include "results/store/sqlite.h"

#include <cmath>
#include <fstream>
#include <limits>
#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/errors/user_error.h"
#include "made_up_trials.h"
#include "results/store/migrations.h"

namespace timetrial {
namespace {

using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

class Sqlite : public testing::Test {
 protected:
  Database open() { return Database(directory_ / "file.db", OpenMode::read_write_create, milliseconds(10)); }

  template <typename Action>
  static std::string error_of(Action&& action) {
    try {
      action();
    } catch (const UserError& error) {
      return error.what();
    }
    return "no error";
  }

  ScratchDirectory directory_;
};

TEST_F(Sqlite, StatementsBindAndReadBackEveryType) {
  Database database = open();
  database.execute("CREATE TABLE t (i INTEGER, r REAL, s TEXT) STRICT");
  const std::string text("with\0nul ∞", 12);
  Statement(database, "INSERT INTO t VALUES (?1, ?2, ?3)").bind(int64_t{-5}, 0.1, text).run();
  Statement rows(database, "SELECT i, r, s FROM t");
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.integer(0), -5);
  EXPECT_EQ(rows.real(1), 0.1);
  EXPECT_EQ(rows.text(2), text);
  EXPECT_FALSE(rows.step());
}

TEST_F(Sqlite, NanIsStoredAsNullAndInfinityAsItself) {
  Database database = open();
  database.execute("CREATE TABLE t (r REAL) STRICT");
  Statement insert(database, "INSERT INTO t VALUES (?1)");
  insert.bind(std::numeric_limits<double>::quiet_NaN()).run();
  insert.bind(-std::numeric_limits<double>::infinity()).run();
  Statement rows(database, "SELECT r FROM t ORDER BY rowid");
  ASSERT_TRUE(rows.step());
  EXPECT_TRUE(rows.is_null(0));
  EXPECT_TRUE(std::isnan(rows.real(0)));
  ASSERT_TRUE(rows.step());
  EXPECT_EQ(rows.real(0), -std::numeric_limits<double>::infinity());
}

TEST_F(Sqlite, ATransactionThatIsNotCommittedLeavesNothing) {
  Database database = open();
  database.execute("CREATE TABLE t (i INTEGER) STRICT");
  {
    const Transaction transaction(database, Transaction::Kind::write);
    database.execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM t"), 0);
  Transaction transaction(database, Transaction::Kind::write);
  database.execute("INSERT INTO t VALUES (1)");
  transaction.commit();
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM t"), 1);
}

TEST_F(Sqlite, ATransactionWithinAnotherIsWholeOrNotAtAll) {
  Database database = open();
  database.execute("CREATE TABLE t (i INTEGER) STRICT");
  {
    Transaction outer(database, Transaction::Kind::write);
    for (const bool whole : {true, false}) {
      Transaction inner(database, Transaction::Kind::write);
      database.execute("INSERT INTO t VALUES (1)");
      if (whole) inner.commit();
    }
    EXPECT_EQ(database.query_integer("SELECT count(*) FROM t"), 1);
    outer.commit();
  }
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM t"), 1);
  {
    const Transaction outer(database, Transaction::Kind::write);
    Transaction inner(database, Transaction::Kind::write);
    database.execute("INSERT INTO t VALUES (2)");
    inner.commit();
  }
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM t"), 1);
}

TEST_F(Sqlite, AFullDatabaseSaysSoAndKeepsWhatItHad) {
  Database database = open();
  database.execute(
      "CREATE TABLE t (s TEXT) STRICT; INSERT INTO t VALUES ('kept'); PRAGMA max_page_count = 20");
  const std::string error = error_of([&] {
    const Transaction transaction(database, Transaction::Kind::write);
    Statement insert(database, "INSERT INTO t VALUES (?1)");
    for (int i = 0; i < 1000; ++i) insert.bind(std::string(4000, 'x')).run();
  });
  EXPECT_THAT(error,
              AllOf(HasSubstr("file.db"), HasSubstr("no space left"), HasSubstr("free some disk space")));
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM t"), 1);
}

TEST_F(Sqlite, ALockedFileSaysSo) {
  Database holder = open();
  Database waiter = open();
  const Transaction transaction(holder, Transaction::Kind::write);
  EXPECT_THAT(error_of([&] { Transaction(waiter, Transaction::Kind::write); }),
              AllOf(HasSubstr("file.db"), HasSubstr("locked by another program")));
}

TEST_F(Sqlite, AMistakeOfOursIsNoUserError) {
  Database database = open();
  EXPECT_THROW(database.execute("SELECT nonsense FROM nowhere"), std::logic_error);
}

TEST_F(Sqlite, ATextFileIsNoDatabase) {
  std::ofstream(directory_ / "file.db")
      << "this is a long enough text file that is certainly not an SQLite database\n";
  EXPECT_THAT(error_of([&] { open(); }), HasSubstr("no timetrial result file"));
}

TEST_F(Sqlite, MigrationsRunInOrderFromTheVersionOfTheFile) {
  Database database = open();
  migrate(database, newest_schema());
  const int64_t first = newest_schema().version;
  EXPECT_EQ(database.query_integer("PRAGMA user_version"), first);
  Schema schema = newest_schema();
  schema.version = first + 2;
  schema.steps.push_back({first + 1, "CREATE TABLE later (i INTEGER) STRICT; INSERT INTO later VALUES (1)"});
  schema.steps.push_back({first + 2, "UPDATE later SET i = i + 10"});
  migrate(database, schema);
  EXPECT_EQ(database.query_integer("SELECT i FROM later"), 11);
  EXPECT_EQ(database.query_integer("PRAGMA user_version"), first + 2);
  migrate(database, schema);
  EXPECT_EQ(database.query_integer("SELECT i FROM later"), 11);
}

TEST_F(Sqlite, AMigrationThatFailsLeavesTheFileAsItWas) {
  Database database = open();
  migrate(database, newest_schema());
  Schema schema = newest_schema();
  schema.steps.push_back(
      {++schema.version, "CREATE TABLE later (i INTEGER) STRICT; INSERT INTO absent VALUES (1)"});
  EXPECT_THROW(migrate(database, schema), std::logic_error);
  EXPECT_EQ(database.query_integer("PRAGMA user_version"), newest_schema().version);
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM sqlite_master WHERE name = 'later'"), 0);
}

TEST_F(Sqlite, ANewerSchemaIsRefused) {
  Database database = open();
  migrate(database, newest_schema());
  database.execute("PRAGMA user_version = 999");
  EXPECT_THAT(error_of([&] { migrate(database, newest_schema()); }),
              AllOf(HasSubstr("newer timetrial"), HasSubstr("999")));
}

TEST_F(Sqlite, AnotherProgramsDatabaseIsRefusedAndLeftAlone) {
  Database database = open();
  database.execute("CREATE TABLE theirs (i INTEGER)");
  EXPECT_THAT(error_of([&] { migrate(database, newest_schema()); }), HasSubstr("another program"));
  EXPECT_EQ(database.query_integer("SELECT count(*) FROM sqlite_master"), 1);
}

TEST_F(Sqlite, AnOlderSchemaOpenedForReadingSaysHowToUpdate) {
  Database database = open();
  migrate(database, newest_schema());
  Schema newer = newest_schema();
  ++newer.version;
  EXPECT_THAT(error_of([&] { require_current(database, newer); }), HasSubstr("older layout"));
}

}  // namespace
}  // namespace timetrial
