package io.hdl.tracking;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A run as somebody else reads it back.
 *
 * @param status MLflow's word
 * @param metrics all points of each metric, in the order of their steps
 * @param inputs source and context of each dataset
 * @param artifacts text of each file, by path
 */
record StoredRun(
    String experiment,
    String status,
    Map<String, String> params,
    Map<String, String> tags,
    Map<String, List<Point>> metrics,
    Set<Dataset> inputs,
    Map<String, String> artifacts) {
  /** All points of a metric; none if there is no such metric. */
  List<Point> points(String key) {
    return metrics.getOrDefault(key, List.of());
  }

  record Point(double value, long step) {}

  record Dataset(String name, String digest, String sourceType, String source, String context) {}
}
