/**
 * Files that hold weights: the safetensors format, and the states of an unfinished training.
 * Entries: {@link io.hdl.train.checkpoint.Safetensors}, {@link
 * io.hdl.train.checkpoint.Checkpoints}, {@link io.hdl.train.checkpoint.CheckpointWriter} to write
 * them beside the training. Nothing here knows a device; one thread writes, and one process, which
 * holds the run.
 */
@NullMarked
package io.hdl.train.checkpoint;

import org.jspecify.annotations.NullMarked;
