/**
 * Objects by URI, and the one atomic publish.
 *
 * <p>Entries: {@link io.hdl.core.storage.ObjectStores} finds the {@link
 * io.hdl.core.storage.ObjectStore} behind an address, {@link io.hdl.core.storage.AtomicPublish}
 * writes local files and folders that appear whole or not at all. Everything public is thread-safe.
 */
@NullMarked
package io.hdl.core.storage;

import org.jspecify.annotations.NullMarked;
