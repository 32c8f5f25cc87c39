// The registry's own log for its operator: one line an event, as text or JSON, to standard error.
// Not the log of statements, and not a place for what clients sent: callers pass names, counts,
// codes and paths, never keys, envelopes, serials or anything about a person.
//
// Each kind of event has its own allowance (kBurst at once, kPerSecond after that), so that one
// that repeats neither fills a disk nor drowns the others; how many lines were left out is said
// with the next one.

#ifndef TOUCHSTONE_REGISTRY_SERVICE_LOG_H_
#define TOUCHSTONE_REGISTRY_SERVICE_LOG_H_

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace touchstone::service {

enum class LogLevel { kDebug, kInfo, kWarning, kError };
enum class LogFormat { kText, kJson };

// One `name=value` of a line. Text is escaped, whatever is in it.
struct LogField {
  LogField(absl::string_view field_name, absl::string_view text)
      : name(field_name), value(text), is_number(false) {}
  LogField(absl::string_view field_name, const char* text)
      : LogField(field_name, absl::string_view(text)) {}
  LogField(absl::string_view field_name, const std::string& text)
      : LogField(field_name, absl::string_view(text)) {}
  template <std::integral Number>
  LogField(absl::string_view field_name, Number number)
      : name(field_name), value(std::to_string(number)), is_number(true) {}

  std::string name;
  std::string value;
  bool is_number;
};

// Thread-safe.
class Log {
 public:
  static constexpr int kBurst = 20;
  static constexpr int kPerSecond = 5;

  // Receives whole lines without their newline.
  using Sink = std::function<void(const std::string& line)>;
  using Clock = std::function<absl::Time()>;

  static std::unique_ptr<Log> ToStandardError(LogLevel least, LogFormat format);
  Log(LogLevel least, LogFormat format, Sink sink, Clock clock);

  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  // `event` is a stable snake_case name for programs, `message` a sentence for people.
  void Debug(absl::string_view event, absl::string_view message,
             std::initializer_list<LogField> fields = {});
  void Info(absl::string_view event, absl::string_view message,
            std::initializer_list<LogField> fields = {});
  void Warning(absl::string_view event, absl::string_view message,
               std::initializer_list<LogField> fields = {});
  void Error(absl::string_view event, absl::string_view message,
             std::initializer_list<LogField> fields = {});

 private:
  struct Allowance {
    double tokens = kBurst;
    absl::Time refilled_at;
    uint64_t left_out = 0;
  };

  void Write(LogLevel level, absl::string_view event, absl::string_view message,
             std::initializer_list<LogField> fields);
  // Whether a line of `event` may be written now; sets how many were left out before it.
  bool Take(absl::string_view event, absl::Time now, uint64_t* left_out);

  const LogLevel least_;
  const LogFormat format_;
  const Sink sink_;
  const Clock clock_;
  absl::Mutex mutex_;
  // Grows with the kinds of events, which are literals of this program.
  std::map<std::string, Allowance, std::less<>> allowances_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace touchstone::service

#endif  // TOUCHSTONE_REGISTRY_SERVICE_LOG_H_
