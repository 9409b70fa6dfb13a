/**
 * What training makes small. Entry: {@link io.hdl.train.loss.Losses}. Losses are immutable and
 * thread-safe.
 */
@NullMarked
package io.hdl.train.loss;

import org.jspecify.annotations.NullMarked;
