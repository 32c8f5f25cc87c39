#include "registry/storage/rocksdb_tuning.h"

#include <rocksdb/cache.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>

#include "registry/storage/rocksdb_store.h"

namespace touchstone::storage {

rocksdb::DBOptions DatabaseSettings(const RocksDbOptions& options) {
  rocksdb::DBOptions settings;
  settings.create_if_missing = options.mode == OpenMode::kCreateNew;
  settings.create_missing_column_families = options.mode == OpenMode::kCreateNew;
  settings.error_if_exists = options.mode == OpenMode::kCreateNew;

  // Damage is an answer, never worked around.
  settings.paranoid_checks = true;

  // What to do with the end of the write-ahead log after a crash:
  //  - kAbsoluteConsistency refuses a log whose last record is cut short, which is what kill -9 or
  //    a power cut during a commit leaves behind: an ordinary crash would need an operator.
  //  - kPointInTimeRecovery (the default) and kSkipAnyCorruptedRecords leave out a record with a
  //    bad checksum and go on: an acknowledged batch would vanish without a word. The guard would
  //    notice all but the very last one; the last one, nobody.
  //  - kTolerateCorruptedTailRecords drops a last record that is cut short (of which nobody was
  //    told that it was committed: the flush comes before the answer) and refuses to open on any
  //    bad checksum. That is the one. A disk that wrote a torn record's pages out of order makes
  //    it refuse, too: better an operator than a guess.
  // What it cannot tell from a commit cut short is a log that somebody truncated; the guard can.
  settings.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // Recycled log files end in old records, which looks like damage to that mode.
  settings.recycle_log_file_num = 0;
  // Nothing is tried again behind the caller's back; see also FailureListener.
  settings.max_bgerror_resume_count = 0;

  // A log is deleted once its contents are in tables; none is archived.
  settings.max_total_wal_size = 4 * static_cast<uint64_t>(options.write_buffer_bytes);
  settings.WAL_ttl_seconds = 0;
  settings.WAL_size_limit_MB = 0;

  // What RocksDB writes about itself is bounded; see also RocksDbLog.
  settings.max_manifest_file_size = uint64_t{8} << 20;
  settings.manifest_preallocation_size = size_t{64} << 10;
  settings.stats_persist_period_sec = 0;

  // Below the usual limit of 1024 descriptors, with room for connections.
  settings.max_open_files = 512;
  // Hands tables to the disk steadily while they are written, so that a commit's flush does not
  // wait behind hundreds of megabytes of them.
  settings.bytes_per_sync = uint64_t{1} << 20;
  return settings;
}

rocksdb::ColumnFamilyOptions TableSettings(const RocksDbOptions& options) {
  rocksdb::BlockBasedTableOptions tables;
  // One cache for blocks, indexes and filters bounds them all, however large the ledger grows.
  tables.block_cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  tables.cache_index_and_filter_blocks = true;
  tables.cache_index_and_filter_blocks_with_high_priority = true;
  tables.pin_l0_filter_and_index_blocks_in_cache = true;
  // Many lookups are for what is not there (is this envelope in already? is this report claimed?):
  // ten bits a key answer 99 of 100 of those without the disk.
  tables.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  tables.whole_key_filtering = true;
  // Values are 32 bytes (hashes) to about 1 KiB (entries), mostly read one by one.
  tables.block_size = 4096;
  tables.format_version = 5;
  tables.checksum = rocksdb::ChecksumType::kXXH3;

  rocksdb::ColumnFamilyOptions settings;
  settings.table_factory.reset(rocksdb::NewBlockBasedTableFactory(tables));
  settings.write_buffer_size = options.write_buffer_bytes;
  settings.max_write_buffer_number = RocksDbStore::kWriteBuffers;
  // The same question to what is not yet in a table.
  settings.memtable_prefix_bloom_size_ratio = 0.02;
  settings.memtable_whole_key_filtering = true;
  settings.level_compaction_dynamic_level_bytes = true;
  // Entries are half text (names, dates), half signatures and hashes, which do not shrink: cheap
  // where data is young and moves often, thorough in the last level, where nine tenths of it lie.
  settings.compression = rocksdb::kLZ4Compression;
  settings.bottommost_compression = rocksdb::kZSTD;
  // Every table is read back and checked after it was written, before its log is deleted.
  settings.paranoid_file_checks = true;
  return settings;
}

rocksdb::WriteOptions CommitSettings() {
  rocksdb::WriteOptions settings;
  settings.sync = true;
  settings.disableWAL = false;
  return settings;
}

}  // namespace touchstone::storage
