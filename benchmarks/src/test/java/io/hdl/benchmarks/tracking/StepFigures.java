package io.hdl.benchmarks.tracking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What blocks of steps tell, in the order in which they ran: each with tracking stands between two
 * without it.
 */
final class StepFigures {
  static final String PLAIN = "plain";

  /** Values that are tracked after each step. */
  private static final int VALUES = 100;

  private final List<Map<String, Object>> blocks;

  StepFigures(List<Map<String, Object>> blocks) {
    this.blocks = List.copyOf(blocks);
  }

  /**
   * Slowdowns of blocks, as shares.
   *
   * @param low the lower quartile
   * @param high the upper quartile
   */
  record Slowdown(double low, double median, double high) {}

  /**
   * Seconds of CPU time per value.
   *
   * @param training on the thread that trains, the values' own making included
   * @param writer on the threads that write and force the log
   * @param sender on all the others: the sender's, the HTTP client's
   * @param compiler on the JVM's compilers
   * @param collector on the JVM's collector
   */
  record Cpu(double training, double writer, double sender, double compiler, double collector) {
    double all() {
      return training + writer + sender + compiler + collector;
    }
  }

  /** Seconds of a step without tracking. */
  double step() {
    return median(PLAIN, block -> number(block, "wall"));
  }

  /** Seconds that making 100 values and handing them over takes after a step. */
  double calls() {
    return median("stub", block -> number(block, "calls"));
  }

  /** How much longer the steps of a way take than those of the blocks beside them. */
  Slowdown slowdown(String way) {
    List<Map<String, Object>> ordered =
        way.equals(PLAIN) ? blocks.stream().filter(b -> isA(b, PLAIN)).toList() : blocks;
    List<Double> shares = new ArrayList<>();
    for (int i = 1; i < ordered.size() - 1; i++) {
      if (isA(ordered.get(i), way)) {
        double beside =
            number(ordered.get(i - 1), "wall") / 2 + number(ordered.get(i + 1), "wall") / 2;
        shares.add(number(ordered.get(i), "wall") / beside - 1);
      }
    }
    double[] sorted = shares.stream().mapToDouble(share -> share).sorted().toArray();
    return new Slowdown(
        sorted[sorted.length / 4], sorted[sorted.length / 2], sorted[sorted.length * 3 / 4]);
  }

  /** CPU time of a value, by what a block of a way takes more than one without tracking. */
  Cpu cpu(String way) {
    double training = more(way, "calls");
    double writer = more(way, "writer");
    double compiler = more(way, "compiler");
    double collector = more(way, "collector");
    double others = median(way, StepFigures::others) - median(PLAIN, StepFigures::others);
    return new Cpu(training, writer, others / VALUES, compiler, collector);
  }

  private static double others(Map<String, Object> block) {
    return number(block, "process")
        - number(block, "training")
        - number(block, "writer")
        - number(block, "compiler")
        - number(block, "collector");
  }

  private double more(String way, String figure) {
    ToDoubleFunction<Map<String, Object>> of = block -> number(block, figure);
    return (median(way, of) - median(PLAIN, of)) / VALUES;
  }

  private double median(String way, ToDoubleFunction<Map<String, Object>> of) {
    return median(blocks.stream().filter(block -> isA(block, way)).mapToDouble(of).toArray());
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static boolean isA(Map<String, Object> block, String way) {
    return way.equals(block.get("way"));
  }

  static double number(Map<String, Object> answer, String name) {
    if (answer.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IllegalArgumentException("an answer without " + name + ": " + answer);
  }
}
