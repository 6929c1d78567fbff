#include "results/store/verdicts.h"

#include "harness/digest/sha256.h"

namespace timetrial {

namespace {

std::string digest_of(const Verdict& verdict) {
  Sha256 hash;
  for (const std::string& part :
       {verdict.tool_version, verdict.ruleset, std::to_string(verdict.ruleset_version), verdict.options,
        verdict.result, std::to_string(verdict.trials), std::to_string(verdict.newest_trial)}) {
    hash.update(part.c_str(), part.size() + 1);  // with the zero, so that parts cannot run together
  }
  return hash.finish();
}

}  // namespace

bool add_verdict(Database& database, const Verdict& verdict) {
  const std::string digest = digest_of(verdict);
  Statement known(database, "SELECT 1 FROM verdicts WHERE digest = ?1");
  if (known.bind(digest).step()) return false;
  Transaction transaction(database, Transaction::Kind::write);
  Statement(
      database,
      "INSERT INTO verdicts (unix_seconds, tool_version, ruleset, ruleset_version, options, result, trials, "
      "newest_trial, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING")
      .bind(verdict.unix_seconds, verdict.tool_version, verdict.ruleset, verdict.ruleset_version,
            verdict.options, verdict.result, verdict.trials, verdict.newest_trial, digest)
      .run();
  transaction.commit();
  return true;
}

std::vector<Verdict> read_verdicts(Database& database) {
  std::vector<Verdict> verdicts;
  Statement rows(database,
                 "SELECT id, unix_seconds, tool_version, ruleset, ruleset_version, options, result, trials, "
                 "newest_trial FROM verdicts ORDER BY id");
  while (rows.step()) {
    verdicts.push_back({rows.integer(0), rows.real(1), rows.text(2), rows.text(3), rows.integer(4),
                        rows.text(5), rows.text(6), rows.integer(7), rows.integer(8)});
  }
  return verdicts;
}

}  // namespace timetrial
