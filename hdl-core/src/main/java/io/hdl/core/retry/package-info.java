/** The one retry policy. */
@NullMarked
package io.hdl.core.retry;

import org.jspecify.annotations.NullMarked;
