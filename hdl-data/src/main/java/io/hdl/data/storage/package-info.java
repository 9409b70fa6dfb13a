/**
 * The lake's storage: objects by address, and ranges of them. With the Delta engines the only home
 * of Hadoop, with hdl-core's identities the only one of the Azure SDK.
 *
 * <p>Entries: {@link io.hdl.data.storage.LakeStore} reads, lists and publishes what {@link
 * io.hdl.data.storage.LakeAccess} reaches; {@link io.hdl.core.storage.ObjectStores} finds it by the
 * scheme. For bulk bytes {@link io.hdl.data.storage.RangeReader}, over HTTP ({@link
 * io.hdl.data.storage.HttpRanges}) or over any object store ({@link
 * io.hdl.data.storage.StoreRanges}).
 *
 * <p>Stores and readers are thread-safe; a stream belongs to one thread. A {@link
 * io.hdl.data.storage.RangeResponse} belongs to one thread, but any thread may close it.
 */
@NullMarked
package io.hdl.data.storage;

import org.jspecify.annotations.NullMarked;
