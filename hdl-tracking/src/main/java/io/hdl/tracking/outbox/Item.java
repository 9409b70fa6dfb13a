package io.hdl.tracking.outbox;

import java.nio.file.Path;
import java.util.Map;

/** One thing that a run reports. Times are frozen when the item is made. */
public sealed interface Item {
  /**
   * A value of a metric.
   *
   * @param timestamp milliseconds since 1970
   */
  record Metric(String key, double value, long timestamp, long step) implements Item {}

  /** A setting; the first value of a key stays. */
  record Param(String key, String value) implements Item {}

  /** A fact; the last value of a key stays. */
  record Tag(String key, String value) implements Item {}

  /**
   * A dataset that the run reads.
   *
   * @param name short name
   * @param digest what tells two states of the dataset apart, at most 36 characters
   * @param sourceType MLflow's name of the kind of source
   * @param source where the data lies, a JSON object
   * @param profile counts, a JSON object
   * @param tags facts about the use of the data
   */
  record Input(
      String name,
      String digest,
      String sourceType,
      String source,
      String profile,
      Map<String, String> tags)
      implements Item {
    /** Copies the tags. */
    public Input {
      tags = Map.copyOf(tags);
    }
  }

  /**
   * A file or folder to keep with the run.
   *
   * @param name path below the run's artifacts, with forward slashes
   * @param file where it lies on this machine
   */
  record Upload(String name, Path file) implements Item {}

  /**
   * The run's end.
   *
   * @param time milliseconds since 1970
   */
  record End(EndStatus status, long time) implements Item {}

  /** How a run ends, in MLflow's words. */
  enum EndStatus {
    /** As planned. */
    FINISHED,
    /** By an error. */
    FAILED,
    /** Stopped before its end. */
    KILLED
  }
}
