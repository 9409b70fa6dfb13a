/**
 * Where and how a training step runs. Entries: {@link io.hdl.train.parallel.Devices} to choose what
 * it runs on, {@link io.hdl.train.parallel.ReplicaGroup} to run it. A replica group belongs to the
 * thread that trains.
 */
@NullMarked
package io.hdl.train.parallel;

import org.jspecify.annotations.NullMarked;
