#include "registry/service/grpc_log.h"

#include <grpc/support/log.h>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace touchstone::service {
namespace {

ABSL_CONST_INIT absl::Mutex mutex(absl::kConstInit);
ABSL_CONST_INIT Log* target ABSL_GUARDED_BY(mutex) = nullptr;

void Forward(gpr_log_func_args* line) {
  if (line->severity != GPR_LOG_SEVERITY_ERROR) return;
  absl::MutexLock lock(&mutex);
  if (target != nullptr) target->Warning("grpc", line->message);
}

}  // namespace

void RouteGrpcLog(Log& log) {
  absl::MutexLock lock(&mutex);
  target = &log;
  gpr_set_log_function(&Forward);
}

void StopGrpcLog() {
  absl::MutexLock lock(&mutex);
  target = nullptr;
}

}  // namespace touchstone::service
