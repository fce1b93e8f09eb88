#include "server/settings/options.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/auth/credentials/key_file.h"
#include "server/base/listen_address.h"
#include "server/notify/webhook_url.h"
#include "server/pipeline/calendar/period.h"
#include "server/settings/connection_settings.h"
#include "server/settings/exposure.h"
#include "server/settings/period_setting.h"

namespace holdline {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);
constexpr Period kMinute = {1, Period::Unit::kMinute};
constexpr Period kTenYears = {10, Period::Unit::kYear};

absl::Status CheckAddress(const std::string& text) {
  return ParseListenAddress(text).status();
}

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
  return {"Where to listen",
          {TextSetting("grpc-address", "HOST:PORT",
                       "Where gRPC is served. Port 0 is any free one.",
                       &options->rpc.address, CheckAddress),
           TextSetting("http-address", "HOST:PORT",
                       "Where AWS JSON over HTTP is served. Empty serves none.",
                       &options->gateway.address, CheckAddressOrNone),
           TextSetting("metrics-address", "HOST:PORT",
                       "Where Prometheus finds /metrics. Empty serves none.",
                       &options->metrics.address, CheckAddressOrNone)}};
}

absl::Status AnyText(const std::string&) { return absl::OkStatus(); }

SettingGroup SecuritySettings(Options* options) {
  TlsOptions* tls = &options->tls;
  return {
      "Who may call",
      {TextSetting("credentials-file", "FILE",
                   "The credentials, as `holdline credentials` makes them. "
                   "Empty: everybody on this machine may do everything, "
                   "and nobody else can call.",
                   &options->credentials.file, AnyText),
       TextSetting("credentials-key-file", "FILE",
                   "The key of the secrets in it, if they are protected.",
                   &options->credentials.key_file, AnyText),
       TextSetting("tls-certificate-file", "FILE",
                   "The server's certificate and its chain, in PEM. Empty "
                   "serves without TLS.",
                   &tls->certificate_file, AnyText),
       TextSetting("tls-private-key-file", "FILE",
                   "The certificate's private key, in PEM.",
                   &tls->private_key_file, AnyText),
       TextSetting("tls-client-authorities-file", "FILE",
                   "The certificates, in PEM, that those of clients must "
                   "stem from. Empty asks clients for none.",
                   &tls->client_authorities_file, AnyText),
       ChoiceSetting<InstanceIdentityPolicy>(
           "instance-identity",
           "What becomes of the identity documents of machines that polls "
           "bring: they are ignored, verified, or demanded as well.",
           &options->rpc.instance_identity.policy,
           {{"ignore", InstanceIdentityPolicy::kIgnore},
            {"verify-if-present", InstanceIdentityPolicy::kVerifyIfPresent},
            {"require", InstanceIdentityPolicy::kRequire}}),
       TextSetting("instance-identity-authorities-file", "FILE",
                   "The certificates, in PEM, of those who sign them.",
                   &options->rpc.instance_identity.authorities_file, AnyText)}};
}

SettingGroup StoreSettings(Options* options) {
  return {
      "What is kept",
      {ChoiceSetting<StoreKind>(
           "store", "Where tasks are kept: on disk, or until the server stops.",
           &options->store,
           {{"sqlite", StoreKind::kSqlite}, {"memory", StoreKind::kMemory}}),
       TextSetting("data-dir", "DIR",
                   "The folder of the SQLite store; made if it does not exist.",
                   &options->data_directory, CheckNotEmpty),
       Reloadable(DurationSetting(
           "history-retention", "How long ended tasks are kept.",
           &options->engine.history_retention, absl::Minutes(1), 3650 * kDay)),
       Reloadable(DurationSetting(
           "pipeline-history-retention",
           "How long ended instances of pipelines are kept, with "
           "their attempts.",
           &options->engine.pipeline_history_retention, absl::Minutes(1),
           absl::InfiniteDuration())),
       DurationSetting("store-retry-min",
                       "How soon the store is tried again after an error, at "
                       "first; each further wait is longer.",
                       &options->engine.store_retry_min, absl::Milliseconds(1),
                       absl::Minutes(1)),
       DurationSetting("store-retry-max",
                       "The longest wait before the store is tried again.",
                       &options->engine.store_retry_max, absl::Milliseconds(1),
                       absl::Minutes(10)),
       BytesSetting("payload-cache",
                    "How much of the tasks not handed out yet is kept in "
                    "memory; the rest is read from the store.",
                    &options->engine.payload_cache_bytes, 0,
                    int64_t{1} << 40)}};
}

SettingGroup PollSettings(Options* options) {
  RpcOptions* rpc = &options->rpc;
  return {"Polls",
          {DurationSetting(
               "hold-max", "How long a poll or a wait is held at most.",
               &rpc->hold_max, absl::Milliseconds(1), absl::Seconds(90)),
           DurationSetting(
               "hold-margin",
               "How long before a caller's own deadline its poll is "
               "answered.",
               &rpc->hold_margin, absl::ZeroDuration(), absl::Seconds(60)),
           Reloadable(NumberSetting(
               "parked-calls-max",
               "The most polls and waits of an account that are "
               "held; further ones are refused.",
               &options->engine.broker.parked_calls_max, 1, 10000000)),
           Reloadable(NumberSetting(
               "runners-max",
               "The most runners of an account that are remembered "
               "for their heartbeats: beyond it the one not seen for "
               "longest is forgotten. As many more may be draining.",
               &options->engine.broker.runners_max, 1, 1000000)),
           Reloadable(DurationSetting(
               "runner-retention",
               "How long a runner is remembered after it was last seen.",
               &options->engine.broker.runner_retention, absl::Minutes(1),
               366 * kDay))}};
}

SettingGroup TaskSettings(Options* options) {
  BrokerOptions* broker = &options->engine.broker;
  return {
      "Tasks",
      {Reloadable(
           NumberSetting("live-tasks-max",
                         "The most tasks of an account that have not ended; "
                         "further ones are refused.",
                         &broker->live_tasks_max, 1, 1000000000)),
       BytesSetting("payload-max",
                    "The most that is stored of one task; larger ones are "
                    "refused.",
                    &options->rpc.payload_max, 1024, int64_t{1} << 30),
       Reloadable(NumberSetting(
           "requests-max",
           "The most submissions of an account whose repeats are recognised; "
           "further ones with a request id are refused.",
           &broker->requests_max, 1, 1000000000)),
       Reloadable(DurationSetting(
           "request-retention", "How long a repeated submission is recognised.",
           &broker->request_retention, absl::Minutes(10), 7 * kDay)),
       DurationSetting("priority-step",
                       "How much waiting makes up for one step of priority.",
                       &broker->priority_step, absl::Seconds(1), kDay),
       Reloadable(DurationSetting(
           "restart-grace",
           "How long a runner keeps its task at least after the "
           "server was restarted, stood still, or its clock "
           "was set forward.",
           &broker->restart_grace, absl::ZeroDuration(), kDay))}};
}

SettingGroup PipelineSettings(Options* options) {
  PlannerOptions* planner = &options->engine.planner;
  ValidationLimits* limits = &planner->limits;
  return {
      "Pipelines",
      {NumberSetting("pipelines-max",
                     "The most pipelines of an account; further ones are "
                     "refused.",
                     &planner->pipelines_max, 1, 10000000),
       DurationSetting("backfill-max",
                       "How far back the work of a first activation may "
                       "begin, so that nobody fills up years by mistake.",
                       &limits->backfill_max, absl::Minutes(1),
                       absl::InfiniteDuration()),
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
                     "The most instances of one object that an instance of "
                     "another may wait for.",
                     &limits->rollups_max, 1, 10000)}};
}

SettingGroup DefinitionSettings(Options* options) {
  ValidationLimits* limits = &options->engine.planner.limits;
  return {
      "Definitions of pipelines",
      {NumberSetting("objects-max", "The most objects.", &limits->objects_max,
                     1, 100000),
       NumberSetting("fields-max",
                     "The most fields of an object; one that is repeated "
                     "counts once.",
                     &limits->fields_max, 1, 10000),
       BytesSetting("object-bytes-max",
                    "The largest object: its id, and the names and values of "
                    "its fields.",
                    &limits->object_bytes_max, 1024, 1 << 20),
       BytesSetting("field-name-max", "The longest id or name of a field.",
                    &limits->name_bytes_max, 1, 256),
       BytesSetting("field-value-max", "The longest value of a field.",
                    &limits->value_bytes_max, 1, 10240),
       NumberSetting("parameters-max", "The most parameters.",
                     &limits->parameters_max, 0, 10000),
       BytesSetting("parameter-values-max",
                    "The ids and values of all parameters together.",
                    &limits->parameter_values_bytes_max, 1024, 1 << 20),
       ChoiceSetting<bool>("allow-unknown-types",
                           "Whether an object of a type that is not known is "
                           "an activity of your own, for runners that know it.",
                           &limits->allow_unknown_types,
                           {{"no", false}, {"yes", true}})}};
}

SettingGroup EngineSettings(Options* options) {
  EngineOptions* engine = &options->engine;
  return {"The loop",
          {NumberSetting("inbox-max",
                         "The most calls of an account that wait to be "
                         "handled; further ones are refused.",
                         &engine->inbox_max, 1, 10000000),
           NumberSetting("batch-max", "The most calls that one commit covers.",
                         &engine->batch_max, 1, 1000000)}};
}

SettingGroup GatewaySettings(Options* options) {
  GatewayOptions* gateway = &options->gateway;
  return {
      "HTTP connections",
      {NumberSetting("http-connections-max",
                     "The most connections; for a further one that is closed "
                     "which has waited for its client the longest, and if all "
                     "have calls under way it is answered 503.",
                     &gateway->connections_max, 1, 1000000),
       BytesSetting("http-header-max",
                    "The largest request line with its headers.",
                    &gateway->header_bytes_max, 1024, 1 << 20),
       BytesSetting("http-body-max", "The largest body of a request.",
                    &gateway->body_bytes_max, 1024, int64_t{1} << 30),
       BytesSetting("http-memory-max",
                    "The most memory that the bodies of large requests may "
                    "use, of which a client address has as much as it leaves "
                    "free; further ones are answered 503.",
                    &gateway->memory_max, int64_t{16} << 20, int64_t{1} << 44),
       DurationSetting("http-tls-timeout",
                       "How long a client may take to agree on keys.",
                       &gateway->handshake_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting("http-header-timeout",
                       "How long the headers of a request may take to arrive.",
                       &gateway->header_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting("http-body-timeout",
                       "How long the body of a request may take to arrive.",
                       &gateway->body_timeout, absl::Milliseconds(100),
                       absl::Hours(1)),
       DurationSetting(
           "http-write-timeout", "How long an answer may take to leave.",
           &gateway->write_timeout, absl::Milliseconds(100), absl::Hours(1)),
       DurationSetting("http-idle-timeout",
                       "How long a connection may be idle between requests.",
                       &gateway->idle_timeout, absl::Milliseconds(100), kDay),
       DurationSetting("http-call-timeout",
                       "How long the broker may take to answer; longer than "
                       "hold-max.",
                       &gateway->call_timeout, absl::Milliseconds(100),
                       absl::Hours(1))}};
}

SettingGroup MetricsSettings(Options* options) {
  return {"Metrics",
          {NumberSetting("metrics-groups-max",
                         "The most worker groups shown by name; the others are "
                         "summed up.",
                         &options->metrics.groups_max, 1, 100000),
           DurationSetting("metrics-patience",
                           "How long a scrape waits for the broker, once for "
                           "the groups and once for the pipelines.",
                           &options->metrics.patience, absl::Milliseconds(1),
                           absl::Seconds(10))}};
}

SettingGroup AlarmSettings(Options* options) {
  NotifyOptions* notify = &options->notify;
  return {
      "Alarms",
      {TextSetting("alarm-webhook-url", "URL",
                   "Where the messages of SnsAlarm are posted to: "
                   "https://HOST[:PORT][/PATH], or http. Empty posts none.",
                   &notify->url, CheckUrlOrNone),
       TextSetting("alarm-webhook-key-file", "FILE",
                   "The file with the key that signs them, at least 16 "
                   "bytes, which other users cannot read. A webhook needs "
                   "it.",
                   &notify->key_file, CheckKeyFileOrNone),
       TextSetting("alarm-webhook-ca-file", "FILE",
                   "The file with the certificates, in PEM, that the "
                   "receiver's must stem from. Empty trusts what the "
                   "system trusts.",
                   &notify->ca_file, AnyText),
       DurationSetting("alarm-webhook-timeout",
                       "How long a try to post one may take.", &notify->timeout,
                       absl::Milliseconds(10), absl::Minutes(5)),
       DurationSetting("alarm-retry-for",
                       "How old an alarm is at most when it is tried "
                       "again.",
                       &notify->retry_for, absl::ZeroDuration(), 366 * kDay)}};
}

SettingGroup LogSettings(Options* options) {
  LogOptions* log = &options->log;
  return {
      "The log, on standard error",
      {ChoiceSetting<LogFormat>(
           "log-format", "What a line looks like.", &log->format,
           {{"text", LogFormat::kText}, {"json", LogFormat::kJson}}),
       Reloadable(ChoiceSetting<LogLevel>(
           "log-level", "What is written; debug writes every fact.",
           &log->level,
           {{"debug", LogLevel::kDebug},
            {"info", LogLevel::kInfo},
            {"warning", LogLevel::kWarning},
            {"error", LogLevel::kError}})),
       ChoiceSetting<bool>(
           "log-audit",
           "Whether to write who did what, once there are credentials: each "
           "call that changes something, and each refusal; at info.",
           &log->audit, {{"no", false}, {"yes", true}}),
       NumberSetting("log-queue-max",
                     "The most lines that wait to be written; further ones "
                     "push out the oldest.",
                     &log->queue_max, 16, 1000000),
       NumberSetting("log-similar-max",
                     "The most similar lines in a second; the rest is counted.",
                     &log->similar_per_second_max, 1, 1000000)}};
}

SettingGroup StopSettings(Options* options) {
  return {"Stopping",
          {DurationSetting("drain-timeout",
                           "How long calls in flight may take to finish after "
                           "SIGTERM or SIGINT. A second signal ends at once.",
                           &options->drain_timeout, absl::ZeroDuration(),
                           absl::Hours(1)),
           DurationSetting("drain-spread",
                           "Over how long the answers to held polls are spread "
                           "then, so that runners do not return all at once.",
                           &options->rpc.drain_spread, absl::ZeroDuration(),
                           absl::Minutes(1))}};
}

absl::Status Clash(absl::string_view what) {
  return absl::InvalidArgumentError(what);
}

absl::Status CheckSecurity(const Options& options) {
  const TlsOptions& tls = options.tls;
  if (tls.certificate_file.empty() != tls.private_key_file.empty()) {
    return Clash("tls-certificate-file and tls-private-key-file go together");
  }
  if (!tls.client_authorities_file.empty() && !tls.enabled()) {
    return Clash("tls-client-authorities-file needs tls-certificate-file");
  }
  const InstanceIdentityOptions& identity = options.rpc.instance_identity;
  if ((identity.policy == InstanceIdentityPolicy::kIgnore) !=
      identity.authorities_file.empty()) {
    return Clash(
        "instance-identity that is not ignored and "
        "instance-identity-authorities-file go together");
  }
  if (!options.credentials.key_file.empty() &&
      options.credentials.file.empty()) {
    return Clash("credentials-key-file needs credentials-file");
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
          GatewaySettings(options),
          MetricsSettings(options),
          AlarmSettings(options),
          LogSettings(options),
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
