package io.hdl.tracking.outbox;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The steps at which a run has values of its metrics. Adding is not thread-safe; asking is, once
 * nothing is added any more.
 */
public final class ReportedSteps {
  private final Map<String, StepSet> steps = new HashMap<>();

  /** No steps. */
  public ReportedSteps() {}

  /** No steps. */
  public static ReportedSteps none() {
    return new ReportedSteps();
  }

  /** Adds a step of a metric. */
  public void add(String key, long step) {
    steps.computeIfAbsent(key, any -> new StepSet()).add(step);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Whether a metric has a value at a step. */
  public boolean contains(String key, long step) {
    StepSet known = steps.get(key);
    return known != null && known.contains(step);
  }

  void addAll(String key, StepSet more) {
    steps.computeIfAbsent(key, any -> new StepSet()).addAll(more);
  }

  void forEach(BiConsumer<String, StepSet> visitor) {
    steps.forEach(visitor);
  }
}
