/**
 * The one retry policy. Entry: {@link io.hdl.core.retry.RetryPolicy}, an immutable value that any
 * number of threads may use; calls run and wait on the caller's thread.
 */
@NullMarked
package io.hdl.core.retry;

import org.jspecify.annotations.NullMarked;
