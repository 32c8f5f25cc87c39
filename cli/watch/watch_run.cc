#include "cli/watch/watch_run.h"

#include <sodium.h>

#include <algorithm>
#include <cstdio>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "cli/audit/log_continuity.h"
#include "cli/audit/log_source.h"
#include "cli/client/registry_client.h"
#include "cli/json_writer.h"
#include "cli/passport_source.h"
#include "cli/terminal_text.h"
#include "cli/watch/passport_news.h"
#include "cli/watch/watch_state.h"
#include "verifier/entry.h"
#include "verifier/refusal.h"
#include "verifier/time_text.h"
#include "verifier/verdict.h"
#include "verifier/verify_checkpoint.h"

namespace touchstone::cli {
namespace {

constexpr absl::Duration kBackOffMin = absl::Milliseconds(250);
constexpr absl::Duration kBackOffMax = absl::Seconds(60);
// A stream is given that long at least, however often all is to be checked.
constexpr absl::Duration kListenMin = absl::Milliseconds(100);

// Twice as long each time, and somewhere in the upper half of it, so that those whom a registry has
// lost do not all come back at once.
class BackOff {
 public:
  void Wait() {
    const auto ms = static_cast<uint32_t>(absl::ToInt64Milliseconds(next_));
    absl::SleepFor(absl::Milliseconds(ms / 2 + randombytes_uniform(ms / 2 + 1)));
    next_ = std::min(next_ * 2, kBackOffMax);
  }
  void Reset() { next_ = kBackOffMin; }

 private:
  absl::Duration next_ = kBackOffMin;
};

// Whether it may be otherwise after a while, without anybody doing anything here.
bool MayPass(const absl::Status& status) {
  if (RefusalCodeOf(status) == RefusalCode::kQuorumNotMet) return true;
  if (RefusalCodeOf(status).has_value() || !RefusalNameOf(status).empty()) return false;
  return absl::IsUnavailable(status) || absl::IsDeadlineExceeded(status) ||
         absl::IsResourceExhausted(status) || absl::IsCancelled(status) ||
         absl::IsUnknown(status) || absl::IsInternal(status);
}

std::string KindsText(const std::vector<HappeningKind>& kinds) {
  return absl::StrJoin(kinds, ",", [](std::string* out, HappeningKind kind) {
    absl::StrAppend(out, HappeningKindName(kind));
  });
}

class Run {
 public:
  Run(Context& context, RegistryClient& client, const TrustPolicy& policy,
      const WatchOptions& options)
      : context_(context), client_(client), policy_(policy), options_(options) {}

  absl::Status Watch() {
    absl::Status status = Prepare();
    if (!status.ok()) return status;
    std::vector<std::string> ids;
    for (const PassportId& id : options_.passports) ids.emplace_back(id.bytes());
    while (true) {
      listening_since_ = absl::Now();
      const absl::Status ended = client_.Watch(
          ids, state_.next_position, [this] { return Patience(); },
          [this](const WatchMessage& message) { return Take(message); });
      if (done_) return outcome_;
      if (absl::IsOutOfRange(ended) && is_place_seen_) return OlderLog(ended);
      if (options_.until_caught_up || !MayPass(ended)) return ended;
      status = CheckUnasked(ended);
      if (!status.ok()) return status;
    }
  }

 private:
  absl::Status Prepare() {
    if (!options_.state_file.empty()) {
      absl::StatusOr<std::optional<WatchState>> loaded = LoadWatchState(options_.state_file);
      if (!loaded.ok()) return loaded.status();
      if (loaded->has_value()) {
        state_ = **std::move(loaded);
        is_place_seen_ = true;
        return CheckState();
      }
    }
    const absl::StatusOr<uint64_t> size = FetchSize();
    if (!size.ok()) return size.status();
    state_.origin = policy_.origin();
    state_.next_position = options_.from.value_or(*size);
    is_place_seen_ = state_.next_position <= *size;
    for (const PassportId& id : options_.passports) state_.complete_to[id] = state_.next_position;
    return Save();
  }

  absl::Status CheckState() {
    if (options_.from) {
      return absl::InvalidArgumentError(
          absl::StrCat("--from and ", options_.state_file,
                       ", which knows from where to go on: leave out --from, or remove the file"));
    }
    if (state_.origin != policy_.origin()) {
      return absl::InvalidArgumentError(absl::StrCat(options_.state_file, " is of the log ",
                                                     state_.origin, ", and the policy trusts ",
                                                     policy_.origin()));
    }
    for (const PassportId& id : options_.passports) {
      state_.complete_to.emplace(id, state_.next_position);
    }
    // A piece that was not watched for a while was not told of either: the registry is asked to
    // begin where the least complete one ends. What others have had already is not written again.
    for (const PassportId& id : options_.passports) {
      state_.next_position = std::min(state_.next_position, state_.complete_to[id]);
    }
    return absl::OkStatus();
  }

  // How long to wait for the next thing that the registry says.
  absl::Duration Patience() const {
    const absl::Time silent_at = listening_since_ + options_.silence_max;
    if (options_.until_caught_up || owed_) return silent_at - absl::Now();
    // Heartbeats have the check made in time; this is for where they do not come.
    const absl::Time check_at =
        checked_at_ + options_.check_every + std::min(options_.check_every, options_.silence_max);
    return std::max(std::min(silent_at, check_at), listening_since_ + kListenMin) - absl::Now();
  }

  // After a stream has ended: whether something was left out is found out by the passports, too,
  // where the registry never says that all was told.
  absl::Status CheckUnasked(const absl::Status& ended) {
    const absl::Time now = absl::Now();
    if (owed_) {
      // Asked once more, it has had its time to tell all before the checkpoint that it had shown.
      const bool is_given_up =
          absl::IsDeadlineExceeded(ended) && now - listening_since_ >= options_.silence_max * 0.9;
      if (!is_given_up) return LostFor(ended);
      state_.next_position = std::max(state_.next_position, *owed_);
      return CheckAllNow();
    }
    if (now - checked_at_ < options_.check_every) return LostFor(ended);
    const absl::StatusOr<uint64_t> size = FetchSize();
    if (!size.ok()) return size.status();
    if (*size < state_.next_position) {
      return OlderLog(absl::OutOfRangeError(absl::StrCat("its log has ", *size, " entries")));
    }
    if (*size == state_.next_position) return CheckAllNow();
    // It may be about to tell what is new.
    owed_ = *size;
    return absl::OkStatus();
  }

  absl::Status LostFor(const absl::Status& ended) {
    SayLost(ended);
    back_off_.Wait();
    return absl::OkStatus();
  }

  absl::Status CheckAllNow() {
    owed_.reset();
    checked_at_ = absl::Now();
    absl::Status status = CheckAll();
    const absl::Status saved = Save();
    return status.ok() ? saved : status;
  }

  // `status` says what the log has now.
  absl::Status OlderLog(const absl::Status& status) const {
    return absl::DataLossError(
        absl::StrCat("OLDER LOG: the registry does not have position ", state_.next_position,
                     " any more, up to which it has told; it has lost entries, or hides them (",
                     status.message(), "). ",
                     options_.state_file.empty() ? "Keep what you have seen"
                                                 : absl::StrCat("Keep ", options_.state_file),
                     ", and tell its operator, its witnesses and whoever relies on it"));
  }

  absl::StatusOr<uint64_t> FetchSize() {
    while (true) {
      const absl::StatusOr<std::string> note = client_.GetCheckpoint();
      if (note.ok()) return CheckNote(*note);
      if (options_.until_caught_up || !MayPass(note.status())) return note.status();
      SayLost(note.status());
      back_off_.Wait();
    }
  }

  // A signed checkpoint's size. Witnesses may not have seen it yet: it moves a place in the log,
  // and shows nothing.
  absl::StatusOr<uint64_t> CheckNote(const std::string& note) {
    const absl::StatusOr<VerifiedCheckpoint> verified =
        VerifyProvisionalCheckpointNote(policy_, note);
    if (!verified.ok()) return InContext("the registry's checkpoint", verified.status());
    return verified->checkpoint.size();
  }

  // Whether to go on listening.
  bool Take(const WatchMessage& message) {
    SayBack();
    is_place_seen_ = true;
    absl::Status status = message.happening ? TakeHappening(message) : TakeUpToDate(message);
    // What was verified and written stays so, whatever ended it.
    const absl::Status saved = Save();
    if (status.ok()) status = saved;
    if (!status.ok()) return End(status);
    // What it says counts, while it owes something, only if it tells something, or all.
    if (message.happening || !owed_) listening_since_ = absl::Now();
    if (message.happening || !options_.until_caught_up) return true;
    return End(absl::OkStatus());
  }

  bool End(const absl::Status& outcome) {
    done_ = true;
    outcome_ = outcome;
    return false;
  }

  absl::Status TakeHappening(const WatchMessage& message) {
    const WatchedHappening& happening = *message.happening;
    if (happening.position < state_.next_position ||
        message.next_position != happening.position + 1 || happening.concerns.empty()) {
      return absl::DataLossError(absl::StrCat("the registry tells of position ", happening.position,
                                              " when it was to go on from ", state_.next_position));
    }
    for (const WatchedConcern& concern : happening.concerns) {
      const absl::Status status = TakeConcern(happening, concern);
      if (!status.ok()) return status;
    }
    state_.next_position = message.next_position;
    return absl::OkStatus();
  }

  absl::Status TakeConcern(const WatchedHappening& happening, const WatchedConcern& concern) {
    const absl::StatusOr<PassportId> id = PassportId::FromBytes(concern.passport_id);
    if (!id.ok() || std::find(options_.passports.begin(), options_.passports.end(), *id) ==
                        options_.passports.end()) {
      return absl::DataLossError("the registry tells of a passport that is not watched");
    }
    const uint64_t from = state_.complete_to[*id];
    // Written by a run that ended before the whole of this position was.
    if (from > happening.position) return absl::OkStatus();
    absl::Status status = Fetch(*id, happening.position);
    if (!status.ok()) return status;
    const absl::StatusOr<std::vector<PassportNews>> news =
        NewsIn(*held_, from, happening.position + 1);
    if (!news.ok()) return news.status();
    const PassportNews* told = nullptr;
    size_t left_out = 0;
    for (const PassportNews& one : *news) {
      if (one.position == happening.position) {
        told = &one;
        break;
      }
      ++left_out;
      status = Write(one, /*left_out=*/true);
      if (!status.ok()) return status;
    }
    state_.complete_to[*id] = happening.position;
    if (told == nullptr || !IsAsTold(*told, happening, concern)) {
      return absl::DataLossError(
          absl::StrCat("the registry tells of something at position ", happening.position,
                       " that is not so in the passport ", id->Format(), ", which verifies"));
    }
    status = Write(*told, /*left_out=*/false);
    if (!status.ok()) return status;
    state_.complete_to[*id] = happening.position + 1;
    return left_out == 0 ? absl::OkStatus() : LeftOut(*id, left_out);
  }

  bool IsAsTold(const PassportNews& news, const WatchedHappening& happening,
                const WatchedConcern& concern) const {
    std::vector<uint32_t> kinds;
    for (const HappeningKind kind : news.kinds) kinds.push_back(static_cast<uint32_t>(kind));
    if (kinds != concern.kinds || news.number != concern.number) return false;
    if (!news.number) return true;
    return *news.number < held_->record.timeline.size() &&
           held_->record.timeline[*news.number].place.digest == EntryDigest(happening.entry);
  }

  absl::Status LeftOut(const PassportId& id, size_t count) {
    return absl::DataLossError(absl::StrCat(
        "THE REGISTRY LEFT OUT ", count, " of what happened to the passport ", id.Format(),
        ", which its own proofs show: see the lines above. Do not rely on what it tells; ask its "
        "operator, and compare with others (docs/THREATS.md)"));
  }

  absl::Status TakeUpToDate(const WatchMessage& message) {
    const absl::StatusOr<uint64_t> size = CheckNote(message.checkpoint);
    if (!size.ok()) return size.status();
    if (*size != message.next_position || *size < state_.next_position) {
      return absl::DataLossError(
          absl::StrCat("the registry says that all before position ", message.next_position,
                       " was told, under a checkpoint of ", *size,
                       " entries, when it was to go on from ", state_.next_position));
    }
    state_.next_position = *size;
    if (owed_ && *size < *owed_) return absl::OkStatus();
    if (!options_.until_caught_up && absl::Now() - checked_at_ < options_.check_every) {
      return absl::OkStatus();
    }
    return CheckAllNow();
  }

  // That nothing was left out of any piece.
  absl::Status CheckAll() {
    for (const PassportId& id : options_.passports) {
      if (state_.complete_to[id] >= state_.next_position) continue;
      absl::Status status = Fetch(id, state_.next_position - 1);
      if (!status.ok()) return status;
      const absl::StatusOr<std::vector<PassportNews>> news =
          NewsIn(*held_, state_.complete_to[id], state_.next_position);
      if (!news.ok()) return news.status();
      for (const PassportNews& one : *news) {
        status = Write(one, /*left_out=*/true);
        if (!status.ok()) return status;
      }
      state_.complete_to[id] = state_.next_position;
      if (!news->empty()) return LeftOut(id, news->size());
    }
    return absl::OkStatus();
  }

  // Has held_ be the passport, verified, of a log that has `position`.
  absl::Status Fetch(const PassportId& id, uint64_t position) {
    if (held_ && held_->record.passport_id == id && held_->record.log.size > position) {
      return absl::OkStatus();
    }
    BackOff back_off;
    for (bool said = false;; said = true) {
      absl::Status status = FetchOnce(id);
      if (status.ok() && held_->record.log.size > position) return status;
      if (status.ok()) {
        status = absl::UnavailableError(
            absl::StrCat("the passport ", id.Format(), " is there as of ", held_->record.log.size,
                         " entries only (witnesses may not have cosigned more yet), and position ",
                         position, " is to be verified"));
        // Witnesses may be behind; the registry's own log cannot be.
        const absl::StatusOr<std::string> note = client_.GetCheckpoint();
        const absl::StatusOr<uint64_t> size = note.ok() ? CheckNote(*note) : note.status();
        if (size.ok() && *size <= position) {
          return absl::DataLossError(absl::StrCat("the registry tells of position ", position,
                                                  ", and its log has ", *size, " entries only"));
        }
        if (!size.ok()) status = size.status();
      }
      if (options_.until_caught_up || !MayPass(status)) return status;
      if (!said) SayWaiting(status);
      back_off.Wait();
    }
  }

  absl::Status FetchOnce(const PassportId& id) {
    absl::StatusOr<HeldPassport> held = GetPassport(context_, id, AsOf::kEither);
    if (!held.ok()) return held.status();
    const LogState now{held->record.log.size, held->record.log.root};
    if (state_.log) {
      const bool is_newer = now.size >= state_.log->size;
      const absl::Status goes_on = CheckLogGoesOn(
          *OpenRegistry(&client_), is_newer ? *state_.log : now, is_newer ? now : *state_.log,
          options_.state_file.empty() ? "Keep what you have seen"
                                      : absl::StrCat("Keep ", options_.state_file));
      if (!goes_on.ok()) return goes_on;
    }
    if (!state_.log || now.size > state_.log->size) state_.log = now;
    held_ = *std::move(held);
    return absl::OkStatus();
  }

  absl::Status Write(const PassportNews& news, bool left_out) {
    const bool is_asked_for =
        left_out || options_.kinds.empty() ||
        std::any_of(news.kinds.begin(), news.kinds.end(),
                    [this](HappeningKind kind) { return options_.kinds.count(kind) != 0; });
    if (!is_asked_for) return absl::OkStatus();
    const std::string line = context_.options().json ? Json(news, left_out) : Text(news, left_out);
    if (std::printf("%s\n", line.c_str()) < 0 || std::fflush(stdout) != 0) {
      return absl::ResourceExhaustedError("standard output takes no more");
    }
    return absl::OkStatus();
  }

  std::string Text(const PassportNews& news, bool left_out) const {
    return ForTerminal(
        absl::StrCat(news.position, "  ",
                     news.time_ms == 0 ? "" : absl::StrCat(FormatRfc3339(news.time_ms), "  "),
                     held_->record.passport_id.Format(), "  ", KindsText(news.kinds), "  ",
                     news.what, left_out ? "  (LEFT OUT BY THE REGISTRY)" : ""));
  }

  std::string Json(const PassportNews& news, bool left_out) const {
    JsonWriter json(JsonWriter::Layout::kOneLine);
    json.BeginObject();
    json.Key("position");
    json.Number(news.position);
    json.Key("passport_id");
    json.String(held_->record.passport_id.Format());
    json.Key("kinds");
    json.BeginArray();
    for (const HappeningKind kind : news.kinds) json.String(HappeningKindName(kind));
    json.EndArray();
    if (news.number) {
      json.Key("number");
      json.Number(*news.number);
    }
    if (news.time_ms != 0) {
      json.Key("time_ms");
      json.Number(news.time_ms);
    }
    json.Key("what");
    json.String(news.what);
    // As of the passport that shows it, which may be newer.
    json.Key("state");
    json.String(PieceStateName(held_->record.status));
    json.Key("log_size");
    json.Number(held_->record.log.size);
    if (left_out) {
      json.Key("left_out_by_registry");
      json.Boolean(true);
    }
    json.EndObject();
    return std::move(json).Finish();
  }

  absl::Status Save() {
    if (options_.state_file.empty()) return absl::OkStatus();
    return SaveWatchState(options_.state_file, state_);
  }

  void SayLost(const absl::Status& status) {
    if (std::exchange(lost_, true)) return;
    SayWaiting(status);
  }
  void SayWaiting(const absl::Status& status) {
    std::fprintf(stderr, "touchstone: waiting: %s\n",
                 ForTerminal(std::string(status.message())).c_str());
  }
  void SayBack() {
    back_off_.Reset();
    if (!std::exchange(lost_, false)) return;
    std::fprintf(stderr, "touchstone: watching again, from position %llu\n",
                 static_cast<unsigned long long>(state_.next_position));
  }

  Context& context_;
  RegistryClient& client_;
  const TrustPolicy& policy_;
  const WatchOptions& options_;
  WatchState state_;
  std::optional<HeldPassport> held_;  // the last that was fetched
  absl::Time checked_at_ = absl::Now();
  absl::Time listening_since_;  // the stream was opened, or something was said since
  // A size that the log has, by its checkpoint, while the registry has not told all before it.
  std::optional<uint64_t> owed_;
  bool is_place_seen_ = false;  // the log had state_.next_position entries
  BackOff back_off_;
  bool lost_ = false;
  bool done_ = false;
  absl::Status outcome_;
};

}  // namespace

absl::Status RunWatch(Context& context, const WatchOptions& options) {
  const absl::StatusOr<const TrustPolicy*> policy = context.Policy();
  if (!policy.ok()) return policy.status();
  const absl::StatusOr<RegistryClient*> client = context.Client();
  if (!client.ok()) return client.status();
  return Run(context, **client, **policy, options).Watch();
}

}  // namespace touchstone::cli
