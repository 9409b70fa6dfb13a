package io.hdl.tracking.outbox;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The runs of an outbox by their keys and numbers. Thread-safe. */
final class Runs {
  private final Map<String, Integer> numbers = new HashMap<>();
  private final Map<Integer, RunStart> starts = new HashMap<>();
  private final Map<Integer, Item.EndStatus> ends = new HashMap<>();
  private int next = 1;

  /** Adds the runs of a log. */
  synchronized void addAll(LogContent content) {
    content
        .starts()
        .forEach(
            (number, start) -> {
              numbers.put(start.key(), number);
              starts.put(number, start);
              next = Math.max(next, number + 1);
            });
    ends.putAll(content.ends());
  }

  /** A run's number, a new one if the run is not known. */
  synchronized int numberOf(RunStart start) {
    Integer known = numbers.get(start.key());
    if (known != null) {
      ends.remove(known); // it goes on
      return known;
    }
    int number = next++;
    numbers.put(start.key(), number);
    starts.put(number, start);
    return number;
  }

  /** How a run began. */
  synchronized @Nullable RunStart start(int number) {
    return starts.get(number);
  }

  /** A run has ended. */
  synchronized void ended(int number, Item.EndStatus status) {
    ends.put(number, status);
  }

  /** Whether every run has ended, and none of them before its time. */
  synchronized boolean allDone() {
    return !starts.isEmpty()
        && starts.keySet().stream()
            .allMatch(
                number -> ends.containsKey(number) && ends.get(number) != Item.EndStatus.KILLED);
  }

  /** The run that no other one contains; the first one if there are several. */
  synchronized Optional<RunStart> main() {
    return starts.values().stream()
        .filter(start -> start.parentKey().isEmpty())
        .findFirst()
        .or(() -> starts.values().stream().findFirst());
  }
}
