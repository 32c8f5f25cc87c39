#include "registry/service/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"

namespace touchstone::service {
namespace {

absl::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "unknown";
}

// A JSON string. Bytes beyond ASCII are written as they are where they are UTF-8 of our own making
// (origins); anything that could end a line or a string is escaped.
std::string Quoted(absl::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      absl::StrAppend(&quoted, "\\", absl::string_view(&c, 1));
    } else if (byte < 0x20 || byte == 0x7f) {
      absl::StrAppendFormat(&quoted, "\\u%04x", byte);
    } else {
      quoted.push_back(c);
    }
  }
  quoted.push_back('"');
  return quoted;
}

// Quoted only where it must be, for reading.
std::string Bare(absl::string_view text) {
  const bool plain = !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c != '"' && c != '\\' && c != '=' && c != 0x7f;
  });
  return plain ? std::string(text) : Quoted(text);
}

std::string TextLine(absl::Time time, LogLevel level, absl::string_view event,
                     absl::string_view message, std::initializer_list<LogField> fields,
                     uint64_t left_out) {
  std::string line = absl::StrFormat(
      "%s %-7s %s (%s)", absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", time, absl::UTCTimeZone()),
      LevelName(level), message, event);
  for (const LogField& field : fields) {
    absl::StrAppend(&line, " ", field.name, "=", field.is_number ? field.value : Bare(field.value));
  }
  if (left_out > 0) absl::StrAppend(&line, " left_out=", left_out);
  return line;
}

std::string JsonLine(absl::Time time, LogLevel level, absl::string_view event,
                     absl::string_view message, std::initializer_list<LogField> fields,
                     uint64_t left_out) {
  std::string line =
      absl::StrFormat(R"({"time":"%s","level":"%s","event":%s,"message":%s)",
                      absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", time, absl::UTCTimeZone()),
                      LevelName(level), Quoted(event), Quoted(message));
  for (const LogField& field : fields) {
    absl::StrAppend(&line, ",", Quoted(field.name), ":",
                    field.is_number ? field.value : Quoted(field.value));
  }
  if (left_out > 0) absl::StrAppend(&line, ",\"left_out\":", left_out);
  line.push_back('}');
  return line;
}

}  // namespace

std::unique_ptr<Log> Log::ToStandardError(LogLevel least, LogFormat format) {
  // spdlog brings the sink that threads share; time, level and form are ours, since the fields are.
  auto logger = std::make_shared<spdlog::logger>("touchstone-registry",
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%v");
  logger->flush_on(spdlog::level::trace);
  return std::make_unique<Log>(
      least, format,
      [logger = std::move(logger)](const std::string& line) {
        logger->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
      },
      [] { return absl::Now(); });
}

Log::Log(LogLevel least, LogFormat format, Sink sink, Clock clock)
    : least_(least), format_(format), sink_(std::move(sink)), clock_(std::move(clock)) {}

void Log::Debug(absl::string_view event, absl::string_view message,
                std::initializer_list<LogField> fields) {
  Write(LogLevel::kDebug, event, message, fields);
}

void Log::Info(absl::string_view event, absl::string_view message,
               std::initializer_list<LogField> fields) {
  Write(LogLevel::kInfo, event, message, fields);
}

void Log::Warning(absl::string_view event, absl::string_view message,
                  std::initializer_list<LogField> fields) {
  Write(LogLevel::kWarning, event, message, fields);
}

void Log::Error(absl::string_view event, absl::string_view message,
                std::initializer_list<LogField> fields) {
  Write(LogLevel::kError, event, message, fields);
}

void Log::Write(LogLevel level, absl::string_view event, absl::string_view message,
                std::initializer_list<LogField> fields) {
  if (level < least_) return;
  const absl::Time now = clock_();
  uint64_t left_out = 0;
  if (!Take(event, now, &left_out)) return;
  sink_(format_ == LogFormat::kJson ? JsonLine(now, level, event, message, fields, left_out)
                                    : TextLine(now, level, event, message, fields, left_out));
}

bool Log::Take(absl::string_view event, absl::Time now, uint64_t* left_out) {
  absl::MutexLock lock(&mutex_);
  auto found = allowances_.find(event);
  if (found == allowances_.end()) {
    found = allowances_.emplace(std::string(event), Allowance{}).first;
    found->second.refilled_at = now;
  }
  Allowance& allowance = found->second;
  const double seconds = std::max(0.0, absl::ToDoubleSeconds(now - allowance.refilled_at));
  allowance.tokens = std::min<double>(kBurst, allowance.tokens + seconds * kPerSecond);
  allowance.refilled_at = now;
  if (allowance.tokens < 1) {
    ++allowance.left_out;
    return false;
  }
  allowance.tokens -= 1;
  *left_out = std::exchange(allowance.left_out, 0);
  return true;
}

}  // namespace touchstone::service
