// While it lives, new files and directories are for this user alone: people's papers, which are not
// keys and are written like any file. Not for secrets (verifier/signing/private_file.h).
#ifndef TOUCHSTONE_CLI_OWN_FILES_H_
#define TOUCHSTONE_CLI_OWN_FILES_H_

#include <sys/stat.h>

namespace touchstone::cli {

class OwnFiles {
 public:
  OwnFiles() : before_(umask(077)) {}
  ~OwnFiles() { umask(before_); }
  OwnFiles(const OwnFiles&) = delete;
  OwnFiles& operator=(const OwnFiles&) = delete;

 private:
  const mode_t before_;
};

}  // namespace touchstone::cli

#endif  // TOUCHSTONE_CLI_OWN_FILES_H_
