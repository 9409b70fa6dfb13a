/**
 * The Java side of {@code benchmarks/peers/run}, which reads one table with hdl and its peers in
 * turn. Entries: {@link io.hdl.benchmarks.peers.PeerTables} writes the tables, {@link
 * io.hdl.benchmarks.peers.PeerWorker} reads them as it is told on standard input. Programs of one
 * thread, but for the threads of what they measure.
 */
@NullMarked
package io.hdl.benchmarks.peers;

import org.jspecify.annotations.NullMarked;
