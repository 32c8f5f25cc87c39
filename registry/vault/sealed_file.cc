#include "registry/vault/sealed_file.h"

#include <fcntl.h>
#include <sodium.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "registry/storage/disk_error.h"
#include "registry/vault/sealing.h"

namespace touchstone::vault {
namespace {

// A file that should be there and is not is this registry's fault, and nothing that a client looked
// for.
absl::Status OpenError(int error, const std::string& path) {
  const absl::Status status = storage::DiskError(error, absl::StrCat("opening '", path, "'"));
  return absl::IsNotFound(status) ? absl::DataLossError(status.message()) : status;
}

using State = crypto_secretstream_xchacha20poly1305_state;
constexpr size_t kStreamHeaderBytes = crypto_secretstream_xchacha20poly1305_HEADERBYTES;
constexpr size_t kTagBytes = crypto_secretstream_xchacha20poly1305_ABYTES;
constexpr absl::string_view kMagic = "TSV1";
constexpr size_t kHeaderBytes = 4 + kStreamHeaderBytes;
static_assert(kKeyBytes == crypto_secretstream_xchacha20poly1305_KEYBYTES);

// Guarded memory is aligned for its end, not for its beginning; a state is bytes and no more.
static_assert(alignof(State) == 1);
State* StateIn(SecretBytes& memory) {
  return reinterpret_cast<State*>(memory.ExposeMutable().data());
}

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

absl::Status WriteAll(int file, absl::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return storage::DiskError(errno, absl::StrCat("writing '", path, "'"));
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return absl::OkStatus();
}

// Up to `size` bytes; fewer only at the end of the file.
absl::StatusOr<std::string> ReadSome(int file, size_t size, const std::string& path) {
  std::string bytes(size, '\0');
  size_t have = 0;
  while (have < size) {
    const ssize_t got = read(file, bytes.data() + have, size - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return storage::DiskError(errno, absl::StrCat("reading '", path, "'"));
    if (got == 0) break;
    have += static_cast<size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

// Reads the header and prepares `state` to open pieces; false where there is no header.
absl::StatusOr<bool> ReadHeader(int file, const SecretBytes& key, const std::string& path,
                                State* state) {
  const absl::StatusOr<std::string> header = ReadSome(file, kHeaderBytes, path);
  if (!header.ok()) return header.status();
  if (header->size() != kHeaderBytes || header->substr(0, kMagic.size()) != kMagic) return false;
  return crypto_secretstream_xchacha20poly1305_init_pull(
             state, Bytes(absl::string_view(*header).substr(kMagic.size())), key.Expose().data()) ==
         0;
}

size_t PieceSizeAt(uint64_t offset, uint64_t size) {
  return static_cast<size_t>(std::min<uint64_t>(kPieceBytes, size - offset));
}

unsigned char TagAt(uint64_t offset, uint64_t size) {
  return size - offset <= kPieceBytes ? crypto_secretstream_xchacha20poly1305_TAG_FINAL
                                      : crypto_secretstream_xchacha20poly1305_TAG_MESSAGE;
}

// The piece at that offset of the document, if what comes next in the file is that; else empty.
absl::StatusOr<std::string> OpenPiece(int file, const std::string& path, absl::string_view place,
                                      uint64_t offset, uint64_t size, State* state) {
  const size_t piece_size = PieceSizeAt(offset, size);
  const absl::StatusOr<std::string> sealed = ReadSome(file, piece_size + kTagBytes, path);
  if (!sealed.ok()) return sealed.status();
  std::string piece(piece_size, '\0');
  unsigned char tag = 0;
  if (sealed->size() != piece_size + kTagBytes ||
      crypto_secretstream_xchacha20poly1305_pull(state, Bytes(piece), nullptr, &tag, Bytes(*sealed),
                                                 sealed->size(), Bytes(place), place.size()) != 0 ||
      tag != TagAt(offset, size)) {
    sodium_memzero(piece.data(), piece.size());
    return std::string();
  }
  return piece;
}

}  // namespace

SealedFileWriter::SealedFileWriter(std::string path, storage::FileDescriptor file,
                                   SecretBytes state, SecretBytes piece, absl::string_view place,
                                   uint64_t size)
    : path_(std::move(path)),
      file_(std::move(file)),
      state_(std::move(state)),
      piece_(std::move(piece)),
      place_(place),
      size_(size) {}

SealedFileWriter::~SealedFileWriter() = default;

absl::StatusOr<std::unique_ptr<SealedFileWriter>> SealedFileWriter::Open(
    const std::string& path, const SecretBytes& key, absl::string_view place, uint64_t size,
    absl::FunctionRef<void(absl::string_view bytes)> seen) {
  storage::FileDescriptor file(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.valid()) return OpenError(errno, path);
  absl::StatusOr<SecretBytes> state = SecretBytes::Allocate(sizeof(State));
  if (!state.ok()) return state.status();
  absl::StatusOr<SecretBytes> piece = SecretBytes::Allocate(kPieceBytes);
  if (!piece.ok()) return piece.status();
  auto writer = absl::WrapUnique(new SealedFileWriter(path, std::move(file), *std::move(state),
                                                      *std::move(piece), place, size));
  const int fd = writer->file_.get();
  const absl::StatusOr<bool> begun = ReadHeader(fd, key, path, StateIn(writer->state_));
  if (!begun.ok()) return begun.status();
  if (!*begun) {
    absl::Status written = writer->WriteHeader(key);
    if (!written.ok()) return written;
    return writer;
  }
  // A state that has opened a piece is the state of whoever sealed it. One that failed to is
  // unchanged.
  off_t end = off_t{kHeaderBytes};
  while (!writer->complete()) {
    absl::StatusOr<std::string> found =
        OpenPiece(fd, path, place, writer->offset_, size, StateIn(writer->state_));
    if (!found.ok()) return found.status();
    if (found->empty()) break;
    seen(*found);
    writer->offset_ += found->size();
    end += static_cast<off_t>(found->size() + kTagBytes);
    sodium_memzero(found->data(), found->size());
  }
  if (ftruncate(fd, end) != 0 || lseek(fd, end, SEEK_SET) != end) {
    return storage::DiskError(errno, absl::StrCat("going on with '", path, "'"));
  }
  return writer;
}

absl::Status SealedFileWriter::WriteHeader(const SecretBytes& key) {
  if (ftruncate(file_.get(), 0) != 0 || lseek(file_.get(), 0, SEEK_SET) != 0) {
    return storage::DiskError(errno, absl::StrCat("beginning '", path_, "'"));
  }
  std::string header(kMagic);
  header.resize(kHeaderBytes);
  crypto_secretstream_xchacha20poly1305_init_push(StateIn(state_), Bytes(header) + kMagic.size(),
                                                  key.Expose().data());
  return WriteAll(file_.get(), header, path_);
}

absl::Status SealedFileWriter::Append(absl::string_view bytes) {
  if (bytes.size() > size_ - offset_) {
    return absl::OutOfRangeError("more bytes than the document was said to have");
  }
  while (!bytes.empty()) {
    // offset_ counts what has come, a piece that is not full included.
    const size_t piece_size = PieceSizeAt(offset_ - piece_bytes_, size_);
    const size_t taken = std::min(bytes.size(), piece_size - piece_bytes_);
    std::memcpy(piece_.ExposeMutable().data() + piece_bytes_, bytes.data(), taken);
    piece_bytes_ += taken;
    offset_ += taken;
    bytes.remove_prefix(taken);
    if (piece_bytes_ < piece_size) break;
    if (absl::Status sealed = SealPiece(); !sealed.ok()) return sealed;
  }
  return absl::OkStatus();
}

absl::Status SealedFileWriter::SealPiece() {
  std::string sealed(piece_bytes_ + kTagBytes, '\0');
  crypto_secretstream_xchacha20poly1305_push(StateIn(state_), Bytes(sealed), nullptr,
                                             piece_.Expose().data(), piece_bytes_, Bytes(place_),
                                             place_.size(), TagAt(offset_ - piece_bytes_, size_));
  piece_bytes_ = 0;
  return WriteAll(file_.get(), sealed, path_);
}

absl::Status SealedFileWriter::Sync() {
  if (!complete()) return absl::FailedPreconditionError("the document is not complete");
  if (fdatasync(file_.get()) != 0) {
    return storage::DiskError(errno, absl::StrCat("syncing '", path_, "'"));
  }
  return absl::OkStatus();
}

SealedFileReader::SealedFileReader(std::string path, storage::FileDescriptor file,
                                   SecretBytes state, absl::string_view place, uint64_t size)
    : path_(std::move(path)),
      file_(std::move(file)),
      state_(std::move(state)),
      place_(place),
      size_(size) {}

absl::StatusOr<std::unique_ptr<SealedFileReader>> SealedFileReader::Open(const std::string& path,
                                                                         const SecretBytes& key,
                                                                         absl::string_view place,
                                                                         uint64_t size) {
  storage::FileDescriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
  if (!file.valid()) return OpenError(errno, path);
  absl::StatusOr<SecretBytes> state = SecretBytes::Allocate(sizeof(State));
  if (!state.ok()) return state.status();
  auto reader =
      absl::WrapUnique(new SealedFileReader(path, std::move(file), *std::move(state), place, size));
  const absl::StatusOr<bool> begun =
      ReadHeader(reader->file_.get(), key, path, StateIn(reader->state_));
  if (!begun.ok()) return begun.status();
  if (!*begun) return absl::DataLossError(absl::StrCat("'", path, "' is no sealed document"));
  return reader;
}

absl::StatusOr<std::string> SealedFileReader::Next() {
  if (offset_ == size_) return std::string();
  absl::StatusOr<std::string> piece =
      OpenPiece(file_.get(), path_, place_, offset_, size_, StateIn(state_));
  if (!piece.ok()) return piece.status();
  if (piece->empty()) {
    return absl::DataLossError(absl::StrCat("'", path_, "' was cut short, or changed"));
  }
  offset_ += piece->size();
  return piece;
}

}  // namespace touchstone::vault
