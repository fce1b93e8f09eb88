// The statements on pipelines and on what belongs to them.

#ifndef HOLDLINE_SERVER_STORE_SQL_PIPELINE_STATEMENTS_H_
#define HOLDLINE_SERVER_STORE_SQL_PIPELINE_STATEMENTS_H_

#include <string>

#include "server/store/sql/dialect.h"

namespace holdline {

// Those that store a row have the columns of its table as their parameters;
// those that select rows return these columns. Any others are named.
enum class PipelineStatement {
  // Of one row.
  kPutPipeline,
  kPutLeftover,
  kPutDefinition,
  kPutComponent,
  kPutInstance,
  kPutAttempt,
  kPutNotification,
  kUpdateCounter,

  // What most changes of an instance are, and cost the least: those that touch
  // no index. Without effect if there is no such instance, or if it ended, or
  // was made, at another time.
  kChangeInstance,

  kDeleteNotification,  // by :number

  // What a restart needs.
  kLoadPipelines,
  kLoadDefinitions,
  kLoadComponents,
  kLoadInstances,
  kLoadAttempts,
  kLoadNotifications,
  kLoadCounter,

  // How many pipelines, as `n`, by :id and :account.
  kCountDeleted,

  // Of pipelines that are not deleted, but for the first. Instances and
  // attempts by the columns of their key, or the first of these.
  kSelectPipeline,     // by :id and :account
  kListPipelines,      // of :account, behind :after, at most :limit
  kSelectDefinition,   // by :pipeline and :version
  kSelectComponents,   // of :pipeline
  kSelectInstance,     // by its key
  kSelectInstancesAt,  // by :pipeline and :start_time

  // Of an instance, by its key. A live one with what its task knows; behind the
  // columns stands the end_time of the instance.
  kSelectAttempts,

  // Behind a key, up to and including :start_to. The first by :created_from and
  // :created_to, the keys of at most :limit; the second only live ones.
  kListCreatedInstances,
  kListLiveInstances,
  kListInstances,
  kListAttempts,  // as kSelectAttempts

  // How many instances, as `n`, of :pipeline from :created_from to :created_to,
  // at most :limit.
  kCountCreated,

  // Whether, as `n`, there is anything to be trimmed of what ended before
  // :ended_before; the keys of at most :limit such instances.
  kHasEnded,
  kSelectEnded,

  // By an instance's key.
  kDeleteInstance,
  kDeleteAttempts,

  // Some leftover, and its end, by :pipeline.
  kSelectLeftover,
  kDeleteLeftover,

  // At most :limit rows of :pipeline.
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
