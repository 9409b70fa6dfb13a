package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The running statistics of batch norms: arrays of their own, which forward passes change in
 * training, and the places in the flat buffer that follow them. They cannot lie in the buffer
 * itself: the engine refuses a backward pass through memory that was written to since.
 */
final class RunningStatistics {
  /** Both as arrays with one axis. */
  private record Entry(NDArray place, NDArray running) {}

  private static final NDIndex ALL = new NDIndex(":");

  private final NDManager manager;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, NDArray> byId = new HashMap<>();

  RunningStatistics(NDManager manager) {
    this.manager = manager;
  }

  static boolean is(Parameter parameter) {
    return !parameter.requiresGradient()
        && (parameter.getType() == Parameter.Type.RUNNING_MEAN
            || parameter.getType() == Parameter.Type.RUNNING_VAR);
  }

  /**
   * Adds an array.
   *
   * @param place its place in the flat buffer, which holds its first values
   */
  void add(Parameter parameter, NDArray place) {
    NDArray running = place.duplicate();
    running.attach(manager);
    entries.add(new Entry(line(place), line(running)));
    byId.put(parameter.getId(), running);
  }

  /** The same memory with one axis, which a single number has not. */
  private NDArray line(NDArray array) {
    NDArray line = array.reshape(array.size());
    line.attach(manager);
    return line;
  }

  /** The arrays that forward passes read and change, by their parameter's id. */
  Map<String, NDArray> byId() {
    return byId;
  }

  /** Brings the flat buffer to where the statistics are. */
  void save() {
    entries.forEach(entry -> entry.place().set(ALL, entry.running()));
  }

  /** Brings the statistics to what the flat buffer holds. */
  void load() {
    entries.forEach(entry -> entry.running().set(ALL, entry.place()));
  }

  /** Takes over the values of the same Block's statistics, perhaps of another device. */
  void copy(RunningStatistics from) {
    for (int i = 0; i < entries.size(); i++) {
      float[] values = from.entries.get(i).running().toFloatArray();
      NDArray running = entries.get(i).running();
      try (NDArray source = manager.create(values, running.getShape())) {
        running.set(ALL, source);
      }
    }
  }
}
