package io.hdl.tracking.outbox;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A run whose items an outbox takes. Thread-safe. */
public final class OutboxRun {
  private final Writer writer;
  private final int number;
  private final RunStart start;
  private final ReportedSteps earlier;
  private final Map<String, String> fitKeys = new ConcurrentHashMap<>();

  OutboxRun(Writer writer, int number, RunStart start, ReportedSteps earlier) {
    this.writer = writer;
    this.number = number;
    this.start = start;
    this.earlier = earlier;
  }

  /** How the run began. */
  public RunStart start() {
    return start;
  }

  /**
   * Takes an item and returns at once, whatever disk and network do. At most 50 ms later it is with
   * the operating system, and outlives this process.
   *
   * @return false, and nothing is taken, once the outbox finishes
   */
  public boolean put(Item item) {
    return writer.put(number, item);
  }

  /** Takes several items at once, as {@link #put} does one after the other, with less work. */
  public boolean putAll(List<? extends Item> items) {
    return writer.putAll(number, items);
  }

  /**
   * Whether an earlier process reported a value of a metric at a step, so that a run that goes on
   * and does its last steps again can leave it out. What this process reports does not count.
   */
  public boolean reported(String key, long step) {
    return !earlier.isEmpty()
        && earlier.contains(fitKeys.computeIfAbsent(key, ItemRules::keptAs), step);
  }
}
