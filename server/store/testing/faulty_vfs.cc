#include "server/store/testing/faulty_vfs.h"

#include <cerrno>
#include <fstream>
#include <utility>

namespace holdline {
namespace {

sqlite3_vfs* System() {
  static sqlite3_vfs* const system = sqlite3_vfs_find("unix");
  return system;
}

// A file of ours; the system's own follows it in memory.
struct FaultyFile {
  sqlite3_file base;
  FaultyVfs* vfs;
  std::string* path;  // null for temporary files

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

FaultyFile* Of(sqlite3_file* file) {
  return reinterpret_cast<FaultyFile*>(file);
}

sqlite3_file* Real(sqlite3_file* file) { return Of(file)->real(); }

int Close(sqlite3_file* file) {
  delete Of(file)->path;
  return Real(file)->pMethods->xClose(Real(file));
}

int Read(sqlite3_file* file, void* to, int size, sqlite3_int64 offset) {
  return Real(file)->pMethods->xRead(Real(file), to, size, offset);
}

int Write(sqlite3_file* file, const void* from, int size,
          sqlite3_int64 offset) {
  FaultyVfs& vfs = *Of(file)->vfs;
  const int failure = vfs.BeginChange(SQLITE_IOERR_WRITE);
  if (failure != SQLITE_OK) return failure;
  const int code = Real(file)->pMethods->xWrite(Real(file), from, size, offset);
  if (code == SQLITE_OK && Of(file)->path != nullptr) {
    vfs.Changed(
        *Of(file)->path, offset,
        std::string(static_cast<const char*>(from), static_cast<size_t>(size)));
  }
  return code;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  FaultyVfs& vfs = *Of(file)->vfs;
  const int failure = vfs.BeginChange(SQLITE_IOERR_TRUNCATE);
  if (failure != SQLITE_OK) return failure;
  const int code = Real(file)->pMethods->xTruncate(Real(file), size);
  if (code == SQLITE_OK && Of(file)->path != nullptr) {
    vfs.Truncated(*Of(file)->path, size);
  }
  return code;
}

int Sync(sqlite3_file* file, int) {
  FaultyVfs& vfs = *Of(file)->vfs;
  const int failure = vfs.BeginChange(SQLITE_IOERR_FSYNC);
  if (Of(file)->path == nullptr) return failure;
  if (failure == SQLITE_OK) {
    vfs.Synced(*Of(file)->path);
  } else {
    vfs.SyncFailed(*Of(file)->path);
  }
  return failure;
}

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  return Real(file)->pMethods->xFileSize(Real(file), size);
}

int Lock(sqlite3_file* file, int lock) {
  return Real(file)->pMethods->xLock(Real(file), lock);
}

int Unlock(sqlite3_file* file, int lock) {
  return Real(file)->pMethods->xUnlock(Real(file), lock);
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  return Real(file)->pMethods->xCheckReservedLock(Real(file), reserved);
}

int FileControl(sqlite3_file* file, int operation, void* argument) {
  if (operation == SQLITE_FCNTL_LAST_ERRNO) {
    *static_cast<int*>(argument) = Of(file)->vfs->last_error();
    return SQLITE_OK;
  }
  return Real(file)->pMethods->xFileControl(Real(file), operation, argument);
}

int SectorSize(sqlite3_file* file) {
  return Real(file)->pMethods->xSectorSize(Real(file));
}

// As the system's own: bytes that are not written are not harmed. SQLite must
// count on nothing else that a loss of power may break.
int DeviceCharacteristics(sqlite3_file*) {
  return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int ShmMap(sqlite3_file* file, int page, int size, int extend,
           void volatile** memory) {
  return Real(file)->pMethods->xShmMap(Real(file), page, size, extend, memory);
}

int ShmLock(sqlite3_file* file, int offset, int count, int flags) {
  return Real(file)->pMethods->xShmLock(Real(file), offset, count, flags);
}

void ShmBarrier(sqlite3_file* file) {
  Real(file)->pMethods->xShmBarrier(Real(file));
}

int ShmUnmap(sqlite3_file* file, int remove) {
  return Real(file)->pMethods->xShmUnmap(Real(file), remove);
}

constexpr sqlite3_io_methods kMethods = {
    .iVersion = 2,
    .xClose = Close,
    .xRead = Read,
    .xWrite = Write,
    .xTruncate = Truncate,
    .xSync = Sync,
    .xFileSize = FileSize,
    .xLock = Lock,
    .xUnlock = Unlock,
    .xCheckReservedLock = CheckReservedLock,
    .xFileControl = FileControl,
    .xSectorSize = SectorSize,
    .xDeviceCharacteristics = DeviceCharacteristics,
    .xShmMap = ShmMap,
    .xShmLock = ShmLock,
    .xShmBarrier = ShmBarrier,
    .xShmUnmap = ShmUnmap,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

FaultyVfs& Of(sqlite3_vfs* vfs) {
  return *static_cast<FaultyVfs*>(vfs->pAppData);
}

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags,
         int* flags_out) {
  FaultyFile& opened = *Of(file);
  opened.base.pMethods = nullptr;
  const int code =
      System()->xOpen(System(), name, opened.real(), flags, flags_out);
  if (code != SQLITE_OK) return code;
  opened.vfs = &Of(vfs);
  opened.path = name == nullptr ? nullptr : new std::string(name);
  opened.base.pMethods = &kMethods;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int) {
  const int failure = Of(vfs).BeginChange(SQLITE_IOERR_DELETE);
  if (failure != SQLITE_OK) return failure;
  Of(vfs).Deleted(name);
  return System()->xDelete(System(), name, 0);
}

int GetLastError(sqlite3_vfs* vfs, int size, char* message) {
  const int error = Of(vfs).last_error();
  return error != 0 ? error : System()->xGetLastError(System(), size, message);
}

}  // namespace

FaultyVfs::FaultyVfs() : vfs_(*System()) {
  vfs_.szOsFile += static_cast<int>(sizeof(FaultyFile));
  vfs_.zName = "faulty";
  vfs_.pNext = nullptr;
  vfs_.pAppData = this;
  vfs_.xOpen = Open;
  vfs_.xDelete = Delete;
  vfs_.xGetLastError = GetLastError;
  sqlite3_vfs_register(&vfs_, 1);
}

FaultyVfs::~FaultyVfs() {
  sqlite3_vfs_unregister(&vfs_);
  sqlite3_vfs_register(System(), 1);
}

void FaultyVfs::FailAfter(int64_t count, int error) {
  absl::MutexLock lock(&mutex_);
  changes_left_ = count;
  error_ = error;
  failed_ = 0;
}

void FaultyVfs::Heal() { FailAfter(std::numeric_limits<int64_t>::max(), 0); }

int64_t FaultyVfs::failed() {
  absl::MutexLock lock(&mutex_);
  return failed_;
}

void FaultyVfs::OnSync(std::function<void()> on_sync) {
  absl::MutexLock lock(&mutex_);
  on_sync_ = std::move(on_sync);
}

int FaultyVfs::BeginChange(int code) {
  std::function<void()> on_sync;
  {
    absl::MutexLock lock(&mutex_);
    if (changes_left_ == 0) {
      ++failed_;
      return error_ == ENOSPC && code == SQLITE_IOERR_WRITE ? SQLITE_FULL
                                                            : code;
    }
    --changes_left_;
    if (code == SQLITE_IOERR_FSYNC) on_sync = on_sync_;
  }
  if (on_sync) on_sync();
  return SQLITE_OK;
}

int FaultyVfs::last_error() {
  absl::MutexLock lock(&mutex_);
  return error_;
}

void FaultyVfs::Changed(const std::string& path, int64_t offset,
                        std::string bytes) {
  absl::MutexLock lock(&mutex_);
  files_[path].later.push_back({offset, std::move(bytes)});
}

void FaultyVfs::Truncated(const std::string& path, int64_t size) {
  absl::MutexLock lock(&mutex_);
  files_[path].later.push_back({size, std::nullopt});
}

void FaultyVfs::Synced(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  File& file = files_[path];
  for (const Change& change : file.later) Apply(change, file.synced);
  file.later.clear();
}

void FaultyVfs::SyncFailed(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  files_[path].sync_failed = true;
}

void FaultyVfs::Deleted(const std::string& path) {
  absl::MutexLock lock(&mutex_);
  files_.erase(path);
}

void FaultyVfs::Apply(const Change& change, std::string& content) {
  const auto offset = static_cast<size_t>(change.offset);
  if (!change.bytes) {
    content.resize(offset);
    return;
  }
  const size_t end = offset + change.bytes->size();
  if (content.size() < end) content.resize(end);
  content.replace(offset, change.bytes->size(), *change.bytes);
}

void FaultyVfs::Forget() {
  absl::MutexLock lock(&mutex_);
  files_.clear();
}

void FaultyVfs::CutPower(const std::function<bool()>& survives) {
  absl::MutexLock lock(&mutex_);
  for (auto& [path, file] : files_) {
    for (const Change& change : file.later) {
      if (survives()) Apply(change, file.synced);
    }
    file.later.clear();
    std::ofstream(path, std::ios::binary | std::ios::trunc) << file.synced;
  }
}

}  // namespace holdline
