/**
 * Whole immutable files of the lake on the disks of this machine: each comes over the link once.
 *
 * <p>Entries: {@link io.hdl.data.cache.CacheTiers} says where files are kept and how much, {@link
 * io.hdl.data.cache.LakeCache} holds them while they are read, {@link
 * io.hdl.data.cache.SnapshotLease} keeps those of a run's version. Files that are missing come from
 * a {@link io.hdl.data.cache.CacheOrigin}.
 *
 * <p>{@link io.hdl.data.cache.LakeCache}, {@link io.hdl.data.cache.HeldFile}, {@link
 * io.hdl.data.cache.MirrorFolder} and {@link io.hdl.data.cache.SnapshotLease} are thread-safe. A
 * file is fetched on the thread that asks for it; files that are fetched ahead, and copies into the
 * warm tier, on threads of the cache named {@code hdl-cache-…}, which end with it. Listeners are
 * called on whichever thread something happens.
 */
@NullMarked
package io.hdl.data.cache;

import org.jspecify.annotations.NullMarked;
