// The statements on pipelines and on what belongs to them.

#ifndef HOLDLINE_SERVER_STORE_SQL_PIPELINE_STATEMENTS_H_
#define HOLDLINE_SERVER_STORE_SQL_PIPELINE_STATEMENTS_H_

#include <string>

#include "server/store/sql/dialect.h"

namespace holdline {

// Statements that store a row have the columns of its table as parameters;
// statements that select rows return these columns. All other parameters and
// columns are named below.
enum class PipelineStatement {
  // Statements that store one row.
  kPutPipeline,
  kPutLeftover,
  kPutDefinition,
  kPutComponent,
  kPutInstance,
  kPutAttempt,
  kPutNotification,
  kUpdateCounter,

  // Updates an instance without touching an index, which is cheaper and enough
  // for most changes. No effect if there is no such instance, or if its end or
  // creation time differs.
  kChangeInstance,

  kDeleteNotification,  // by :number

  // All rows that a restart needs.
  kLoadPipelines,
  kLoadDefinitions,
  kLoadComponents,
  kLoadInstances,
  kLoadAttempts,
  kLoadNotifications,
  kLoadCounter,

  // The number of deleted pipelines, as `n`, by :id and :account.
  kCountDeleted,

  // Rows of pipelines that are not deleted, except for the first statement.
  // Instances and attempts are selected by the columns of their key, or the
  // first ones of these.
  kSelectPipeline,     // by :id and :account
  kListPipelines,      // of :account, number above :after, at most :limit
  kSelectDefinition,   // by :pipeline and :version
  kSelectComponents,   // of :pipeline
  kSelectInstance,     // by its key
  kSelectInstancesAt,  // by :pipeline and :start_time

  // The attempts of an instance, by its key; a live one with hostname, last
  // report and progress of its task. The last column is the end_time of the
  // instance.
  kSelectAttempts,

  // Rows after a key, with start times up to :start_to. The first returns the
  // keys of at most :limit instances created from :created_from to :created_to;
  // the second only live instances.
  kListCreatedInstances,
  kListLiveInstances,
  kListInstances,
  kListAttempts,  // as kSelectAttempts

  // The number of instances of :pipeline, as `n`, created from :created_from to
  // :created_to; counts to :limit at most.
  kCountCreated,

  // Whether instances ended before :ended_before or there are leftovers, as
  // `n`; and the keys of at most :limit such instances.
  kHasEnded,
  kSelectEnded,

  // Deletions by an instance's key.
  kDeleteInstance,
  kDeleteAttempts,

  // Any one leftover row; and its deletion, by :pipeline.
  kSelectLeftover,
  kDeleteLeftover,

  // Deletions of at most :limit rows of :pipeline.
  kDeleteSomeAttempts,
  kDeleteSomeInstances,
  kDeleteSomeComponents,
  kDeleteSomeDefinitions,
};

inline constexpr auto kLastPipelineStatement =
    PipelineStatement::kDeleteSomeDefinitions;

std::string TextOf(PipelineStatement statement, const Dialect& dialect);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_PIPELINE_STATEMENTS_H_
