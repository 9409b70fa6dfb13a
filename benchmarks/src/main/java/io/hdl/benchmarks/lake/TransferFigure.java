package io.hdl.benchmarks.lake;

import java.util.Locale;

/**
 * One measurement.
 *
 * @param protocol {@code http} or {@code https}
 * @param way the way of the transfer
 * @param round the round, from 1
 * @param bytes bytes that were fetched
 * @param wall seconds that passed
 * @param cpu CPU seconds of the client's process
 */
record TransferFigure(String protocol, String way, int round, long bytes, double wall, double cpu) {
  static final String HEADER = "protocol,way,round,bytes,wall_s,cpu_s";

  double cpuPerGib() {
    return cpu / (bytes / (double) (1 << 30));
  }

  double wallPerGib() {
    return wall / (bytes / (double) (1 << 30));
  }

  String csv() {
    return String.format(
        Locale.ROOT, "%s,%s,%d,%d,%.6f,%.6f", protocol, way, round, bytes, wall, cpu);
  }
}
