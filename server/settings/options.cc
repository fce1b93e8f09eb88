#include "server/settings/options.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/auth/credentials/key_file.h"
#include "server/base/listen_address.h"
#include "server/gateway/http_settings.h"
#include "server/log/log_settings.h"
#include "server/notify/webhook_url.h"
#include "server/pipeline/calendar/period.h"
#include "server/settings/caller_settings.h"
#include "server/settings/connection_settings.h"
#include "server/settings/exposure.h"
#include "server/settings/period_setting.h"

namespace holdline {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr Period kMinute = {1, Period::Unit::kMinute};
constexpr Period kTenYears = {10, Period::Unit::kYear};

absl::Status CheckAddressOrNone(const std::string& text) {
  return text.empty() ? absl::OkStatus() : CheckAddress(text);
}

absl::Status CheckNotEmpty(const std::string& text) {
  return text.empty() ? absl::InvalidArgumentError("it must not be empty")
                      : absl::OkStatus();
}

absl::Status CheckUrlOrNone(const std::string& text) {
  return text.empty() ? absl::OkStatus() : CheckWebhookUrl(text);
}

absl::Status CheckKeyFileOrNone(const std::string& path) {
  return path.empty() ? absl::OkStatus() : ReadKeyFile(path).status();
}

SettingGroup AddressSettings(Options* options) {
  return {"Addresses",
          {TextSetting("grpc-address", "HOST:PORT",
                       "The address that serves gRPC. Port 0 picks a free one.",
                       &options->rpc.address, CheckAddress),
           TextSetting(
               "http-address", "HOST:PORT",
               "The address that serves AWS JSON over HTTP. Empty disables it.",
               &options->gateway.address, CheckAddressOrNone),
           TextSetting("metrics-address", "HOST:PORT",
                       "The address that serves Prometheus metrics at "
                       "/metrics. Empty disables it.",
                       &options->metrics.address, CheckAddressOrNone)}};
}

SettingGroup SecuritySettings(Options* options) {
  InstanceIdentityOptions* identity = &options->rpc.instance_identity;
  SettingGroup group = CallerSettings(&options->credentials, &options->tls);
  group.settings.push_back(ChoiceSetting<InstanceIdentityPolicy>(
      "instance-identity",
      "Whether the instance identity documents that polls send are ignored, "
      "verified if present, or required.",
      &identity->policy,
      {{"ignore", InstanceIdentityPolicy::kIgnore},
       {"verify-if-present", InstanceIdentityPolicy::kVerifyIfPresent},
       {"require", InstanceIdentityPolicy::kRequire}}));
  group.settings.push_back(
      TextSetting("instance-identity-authorities-file", "FILE",
                  "The certificates, in PEM, that instance identity documents "
                  "are verified against.",
                  &identity->authorities_file, AnyText));
  return group;
}

SettingGroup StoreSettings(Options* options) {
  return {
      "Storage",
      {ChoiceSetting<StoreKind>(
           "store",
           "Where tasks and pipelines are stored: in SQLite on disk, or in "
           "memory until the server stops.",
           &options->store,
           {{"sqlite", StoreKind::kSqlite}, {"memory", StoreKind::kMemory}}),
       TextSetting("data-dir", "DIR",
                   "The directory of the SQLite database; created if it does "
                   "not exist.",
                   &options->data_directory, CheckNotEmpty),
       Reloadable(DurationSetting(
           "history-retention", "How long ended tasks are kept.",
           &options->engine.history_retention, absl::Minutes(1), 3650 * kDay)),
       Reloadable(DurationSetting("pipeline-history-retention",
                                  "How long ended runs of pipeline "
                                  "objects are kept, with their attempts.",
                                  &options->engine.pipeline_history_retention,
                                  absl::Minutes(1), absl::InfiniteDuration())),
       DurationSetting("store-retry-min",
                       "The delay before the store is retried after an error. "
                       "It doubles with each further error.",
                       &options->engine.store_retry_min, absl::Milliseconds(1),
                       absl::Minutes(1)),
       DurationSetting("store-retry-max",
                       "The longest delay before the store is retried.",
                       &options->engine.store_retry_max, absl::Milliseconds(1),
                       absl::Minutes(10)),
       BytesSetting("payload-cache",
                    "The memory for payloads of tasks that are not leased yet; "
                    "further payloads are read from the store.",
                    &options->engine.payload_cache_bytes, 0,
                    int64_t{1} << 40)}};
}

SettingGroup PollSettings(Options* options) {
  RpcOptions* rpc = &options->rpc;
  return {"Polls",
          {DurationSetting("hold-max",
                           "The longest time that a poll, or a call that waits "
                           "for a task to end, is held open.",
                           &rpc->hold_max, absl::Milliseconds(1),
                           absl::Seconds(90)),
           DurationSetting(
               "hold-margin",
               "How long before a caller's deadline its poll is answered.",
               &rpc->hold_margin, absl::ZeroDuration(), absl::Seconds(60)),
           Reloadable(NumberSetting(
               "parked-calls-max",
               "The most polls and waiting calls of an account that are held "
               "open; further ones are refused.",
               &options->engine.broker.parked_calls_max, 1, 10000000)),
           NumberSetting("watches-max",
                         "The most watches of worker groups that an account "
                         "may have open; further ones are refused.",
                         &rpc->watches_max, 1, 100000),
           Reloadable(NumberSetting(
               "runners-max",
               "The most runners of an account that are tracked; beyond it the "
               "one that was last seen longest ago is forgotten. Draining "
               "runners count separately, with the same limit.",
               &options->engine.broker.runners_max, 1, 1000000)),
           Reloadable(DurationSetting(
               "runner-retention",
               "How long a runner is tracked after it was last seen.",
               &options->engine.broker.runner_retention, absl::Minutes(1),
               366 * kDay))}};
}

SettingGroup TaskSettings(Options* options) {
  BrokerOptions* broker = &options->engine.broker;
  return {
      "Tasks",
      {Reloadable(NumberSetting("live-tasks-max",
                                "The most tasks of an account that have not "
                                "ended; further submissions are refused.",
                                &broker->live_tasks_max, 1, 1000000000)),
       BytesSetting("payload-max",
                    "The largest task that is stored; larger ones are refused.",
                    &options->rpc.payload_max, 1024, int64_t{1} << 30),
       Reloadable(
           NumberSetting("requests-max",
                         "The most request ids of an account that are "
                         "remembered to deduplicate submissions; further "
                         "submissions with a request id are refused.",
                         &broker->requests_max, 1, 1000000000)),
       Reloadable(DurationSetting(
           "request-retention",
           "How long a request id is remembered, so that a repeated submission "
           "is not performed twice.",
           &broker->request_retention, absl::Minutes(10), 7 * kDay)),
       DurationSetting(
           "priority-step",
           "How long a task waits to be treated as one priority higher.",
           &broker->priority_step, absl::Seconds(1), kDay),
       Reloadable(DurationSetting(
           "restart-grace",
           "How long a lease lasts at least after the server was restarted or "
           "suspended, or its clock was set forward.",
           &broker->restart_grace, absl::ZeroDuration(), kDay))}};
}

SettingGroup PipelineSettings(Options* options) {
  PlannerOptions* planner = &options->engine.planner;
  ValidationLimits* limits = &planner->limits;
  return {
      "Pipelines",
      {NumberSetting(
           "pipelines-max",
           "The most pipelines of an account; further ones are refused.",
           &planner->pipelines_max, 1, 10000000),
       DurationSetting(
           "backfill-max",
           "How far in the past the schedule of a pipeline may start when it "
           "is first activated, which bounds its backfill.",
           &limits->backfill_max, absl::Minutes(1), absl::InfiniteDuration()),
       PeriodSetting("schedule-period-min",
                     "The shortest period of a schedule.", &limits->period_min,
                     kMinute, kTenYears),
       PeriodSetting("schedule-period-max", "The longest period of a schedule.",
                     &limits->period_max, kMinute, kTenYears),
       NumberSetting("active-instances-max", "The largest maxActiveInstances.",
                     &limits->active_instances_max, 1, 10000),
       NumberSetting("retries-max", "The largest maximumRetries.",
                     &limits->retries_max, 0, 10000),
       PeriodSetting("retry-delay-min", "The shortest retryDelay.",
                     &limits->retry_delay_min, kMinute, kTenYears),
       NumberSetting("rollups-max",
                     "The most runs of one object that a run of "
                     "another object may depend on.",
                     &limits->rollups_max, 1, 10000)}};
}

SettingGroup DefinitionSettings(Options* options) {
  ValidationLimits* limits = &options->engine.planner.limits;
  return {
      "Pipeline definitions",
      {NumberSetting("objects-max", "The most objects of a definition.",
                     &limits->objects_max, 1, 100000),
       NumberSetting(
           "fields-max",
           "The most fields of an object; a repeated field counts once.",
           &limits->fields_max, 1, 10000),
       BytesSetting(
           "object-bytes-max",
           "The largest object: its id and the names and values of its fields.",
           &limits->object_bytes_max, 1024, 1 << 20),
       BytesSetting("field-name-max", "The longest id, or name of a field.",
                    &limits->name_bytes_max, 1, 256),
       BytesSetting("field-value-max", "The longest value of a field.",
                    &limits->value_bytes_max, 1, 10240),
       NumberSetting("parameters-max", "The most parameters of a definition.",
                     &limits->parameters_max, 0, 10000),
       BytesSetting("parameter-values-max",
                    "The total size of all parameter ids and values.",
                    &limits->parameter_values_bytes_max, 1024, 1 << 20),
       ChoiceSetting<bool>(
           "allow-unknown-types",
           "Whether an object of an unknown type is accepted as a custom "
           "activity, to be performed by runners that know the type.",
           &limits->allow_unknown_types, {{"no", false}, {"yes", true}})}};
}

SettingGroup EngineSettings(Options* options) {
  EngineOptions* engine = &options->engine;
  return {
      "Event loop",
      {NumberSetting("inbox-max",
                     "The most calls of an account that are queued for the "
                     "event loop; further ones are refused.",
                     &engine->inbox_max, 1, 10000000),
       NumberSetting("batch-max",
                     "The most calls that are committed in one transaction.",
                     &engine->batch_max, 1, 1000000)}};
}

SettingGroup MetricsSettings(Options* options) {
  return {"Metrics",
          {NumberSetting("metrics-groups-max",
                         "The most worker groups with metrics of their own; "
                         "the others are summed up.",
                         &options->metrics.groups_max, 1, 100000),
           DurationSetting("metrics-patience",
                           "The timeout of a scrape for each of two queries to "
                           "the event loop, for groups and for pipelines.",
                           &options->metrics.patience, absl::Milliseconds(1),
                           absl::Seconds(10))}};
}

SettingGroup AlarmSettings(Options* options) {
  NotifyOptions* notify = &options->notify;
  return {
      "Notifications",
      {TextSetting("alarm-webhook-url", "URL",
                   "The webhook that notifications of SnsAlarm are posted to: "
                   "https://HOST[:PORT][/PATH], or http. Empty posts none.",
                   &notify->url, CheckUrlOrNone),
       TextSetting(
           "alarm-webhook-key-file", "FILE",
           "The key that signs notifications, at least 16 bytes, in a file "
           "that other users cannot read. Required with a webhook.",
           &notify->key_file, CheckKeyFileOrNone),
       TextSetting(
           "alarm-webhook-ca-file", "FILE",
           "The CA certificates, in PEM, that the webhook's certificate is "
           "verified against. Empty uses those of the system.",
           &notify->ca_file, AnyText),
       DurationSetting("alarm-webhook-timeout",
                       "The timeout of an attempt to deliver a notification.",
                       &notify->timeout, absl::Milliseconds(10),
                       absl::Minutes(5)),
       DurationSetting("alarm-retry-for",
                       "How long delivery of a notification is retried.",
                       &notify->retry_for, absl::ZeroDuration(), 366 * kDay)}};
}

SettingGroup StopSettings(Options* options) {
  return {"Shutdown",
          {DurationSetting("drain-timeout",
                           "How long calls in flight may take to finish after "
                           "SIGTERM or SIGINT. A second signal exits at once.",
                           &options->drain_timeout, absl::ZeroDuration(),
                           absl::Hours(1)),
           DurationSetting(
               "drain-spread",
               "The time over which held polls are answered at shutdown, so "
               "that runners do not all reconnect at once.",
               &options->rpc.drain_spread, absl::ZeroDuration(),
               absl::Minutes(1))}};
}

absl::Status Clash(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

absl::Status CheckSecurity(const Options& options) {
  absl::Status status = CheckCallers(options.credentials, options.tls);
  if (!status.ok()) return status;
  const InstanceIdentityOptions& identity = options.rpc.instance_identity;
  if ((identity.policy == InstanceIdentityPolicy::kIgnore) !=
      identity.authorities_file.empty()) {
    return Clash(
        "instance-identity that is not ignored and "
        "instance-identity-authorities-file go together");
  }
  return CheckExposure(options);
}

}  // namespace

std::vector<SettingGroup> SettingsOf(Options* options) {
  return {AddressSettings(options),
          SecuritySettings(options),
          CallSettings(&options->gateway, &options->throttling),
          StoreSettings(options),
          TaskSettings(options),
          PipelineSettings(options),
          DefinitionSettings(options),
          PollSettings(options),
          EngineSettings(options),
          AdmissionSettings(&options->rpc.connections),
          ConnectionSettings(&options->rpc),
          HttpSettings(&options->gateway),
          MetricsSettings(options),
          AlarmSettings(options),
          LogSettings(&options->log),
          StopSettings(options)};
}

absl::Status CheckOptions(const Options& options) {
  const RpcOptions& rpc = options.rpc;
  const EngineOptions& engine = options.engine;
  if (engine.store_retry_max < engine.store_retry_min) {
    return Clash("store-retry-max must not be shorter than store-retry-min");
  }
  if (rpc.connection_age_grace < rpc.hold_max) {
    return Clash("connection-age-grace must not be shorter than hold-max");
  }
  if (options.gateway.call_timeout <= rpc.hold_max) {
    return Clash("http-call-timeout must be longer than hold-max");
  }
  if (static_cast<int64_t>(rpc.payload_max) >= rpc.message_max) {
    return Clash("payload-max must be smaller than message-max");
  }
  const ValidationLimits& limits = engine.planner.limits;
  if (DurationOf(limits.period_max) < DurationOf(limits.period_min)) {
    return Clash(
        "schedule-period-max must not be shorter than schedule-period-min");
  }
  if (options.drain_timeout < rpc.drain_spread) {
    return Clash("drain-timeout must not be shorter than drain-spread");
  }
  if (options.notify.url.empty() != options.notify.key_file.empty()) {
    return Clash("alarm-webhook-url and alarm-webhook-key-file go together");
  }
  return CheckSecurity(options);
}

}  // namespace holdline
