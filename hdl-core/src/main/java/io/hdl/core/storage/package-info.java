/** Objects by URI, and the one atomic publish. Entry: {@link io.hdl.core.storage.ObjectStore}. */
@NullMarked
package io.hdl.core.storage;

import org.jspecify.annotations.NullMarked;
