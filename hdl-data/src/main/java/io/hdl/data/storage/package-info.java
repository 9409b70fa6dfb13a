/**
 * The lake's storage: objects by address, and ranges of them.
 *
 * <p>Entry for bulk bytes: {@link io.hdl.data.storage.RangeReader}, over HTTP ({@link
 * io.hdl.data.storage.HttpRanges}) or over any object store ({@link
 * io.hdl.data.storage.StoreRanges}). Readers are thread-safe; a {@link
 * io.hdl.data.storage.RangeResponse} belongs to one thread, but any thread may close it.
 */
@NullMarked
package io.hdl.data.storage;

import org.jspecify.annotations.NullMarked;
