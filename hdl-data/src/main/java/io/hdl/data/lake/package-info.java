/**
 * Delta tables of a lake: {@link io.hdl.data.lake.LakeTable} opens one by its address, lists its
 * log through the link where it has to, and takes everything else from the cache.
 *
 * <p>All types are thread-safe. A table that was opened owns its cache and its link, and is closed
 * after all that reads from it.
 */
@NullMarked
package io.hdl.data.lake;

import org.jspecify.annotations.NullMarked;
