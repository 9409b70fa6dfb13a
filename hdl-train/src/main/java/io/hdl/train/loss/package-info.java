/**
 * What training makes small. Entry: {@link io.hdl.train.loss.Losses}. Losses and distributions are
 * immutable and thread-safe; what a distribution draws comes from the caller's generator alone.
 */
@NullMarked
package io.hdl.train.loss;

import org.jspecify.annotations.NullMarked;
