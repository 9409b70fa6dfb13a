/** What a result depends on. Immutable values. */
@NullMarked
package io.hdl.core.provenance;

import org.jspecify.annotations.NullMarked;
