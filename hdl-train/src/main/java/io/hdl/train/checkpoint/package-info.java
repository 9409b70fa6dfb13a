/**
 * Files that hold weights: the safetensors format, and the state of an unfinished training.
 * Entries: {@link io.hdl.train.checkpoint.Safetensors}, {@link
 * io.hdl.train.checkpoint.Checkpoints}. Nothing here knows a device; one thread writes, any number
 * may read.
 */
@NullMarked
package io.hdl.train.checkpoint;

import org.jspecify.annotations.NullMarked;
