// Every RocksDB setting of the store, in one place with its reason. Internal to registry/storage.

#ifndef TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_TUNING_H_
#define TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_TUNING_H_

#include <rocksdb/options.h>

#include "registry/storage/rocksdb_store.h"

namespace touchstone::storage {

rocksdb::DBOptions DatabaseSettings(const RocksDbOptions& options);
rocksdb::ColumnFamilyOptions TableSettings(const RocksDbOptions& options);
rocksdb::WriteOptions CommitSettings();

}  // namespace touchstone::storage

#endif  // TOUCHSTONE_REGISTRY_STORAGE_ROCKSDB_TUNING_H_
