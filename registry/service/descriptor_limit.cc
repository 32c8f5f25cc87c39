#include "registry/service/descriptor_limit.h"

#include <sys/resource.h>

#include <algorithm>

namespace touchstone::service {

size_t ConnectionsThatFit(size_t wanted, Log& log) {
  const rlim_t needed = wanted + kDescriptorsKept;
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
  if (limit.rlim_cur < needed && limit.rlim_cur < limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = std::min(needed, limit.rlim_max);
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  if (limit.rlim_cur >= needed) return wanted;
  const size_t fit = limit.rlim_cur > kDescriptorsKept ? limit.rlim_cur - kDescriptorsKept : 1;
  log.Warning("connections_limited",
              "the system allows too few open files for --connections-max; raise its limit "
              "(ulimit -n, LimitNOFILE)",
              {{"connections_max", wanted}, {"open_files", limit.rlim_cur}, {"connections", fit}});
  return fit;
}

}  // namespace touchstone::service
