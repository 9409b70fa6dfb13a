package io.hdl.samples;

import ai.djl.Device;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.feed.Lease;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowFeed;
import io.hdl.data.series.Windows;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.model.WindowFeatures;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Precision;
import io.hdl.train.parallel.ReplicaGroup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains a model on 1, 2, 4 and 8 replicas and shows that the weights are the same bits.
 *
 * <p>The replicas share the CPU, one thread each; on a machine with GPUs each has one of its own.
 * Data is made up and stays in memory.
 */
@Command(
    name = "samples/run MultiReplica",
    sortOptions = false,
    usageHelpAutoWidth = true,
    abbreviateSynopsis = true,
    description = "Trains a model on several replicas and shows that the weights are the same.",
    footer = {
      "",
      "Prints one line for each number of replicas. Exit status: 0 all weights are the same bits,",
      "1 they differ or a failure, 2 wrong settings."
    })
public final class MultiReplica implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;

  private static final int CONTEXT = 48;
  private static final int HORIZON = 12;
  private static final int BATCH = 64;
  private static final long SEED = 1;

  @Option(
      names = "--replicas",
      split = ",",
      paramLabel = "N,N",
      description = "Numbers of replicas to train with, powers of two; default: 1,2,4,8.")
  private List<Integer> replicas = List.of(1, 2, 4, 8);

  @Option(names = "--steps", paramLabel = "N", description = "Training steps; default: 200.")
  private int steps = 200;

  @Option(
      names = "--model",
      paramLabel = "NAME",
      description = "Model that comes with hdl; default: nhits.")
  private String model = "nhits";

  @Option(
      names = "--micro-batches",
      paramLabel = "V",
      description = "Micro-batches per step, a power of two; default: 8.")
  private int microBatches = 8;

  @Option(
      names = "--learning-rate",
      paramLabel = "RATE",
      description = "Learning rate of Adam; default: 0.001.")
  private double learningRate = 1e-3;

  @Option(
      names = "--precision",
      paramLabel = "float32|bfloat16",
      converter = Choices.PrecisionOf.class,
      description = "Number format of the linear layers in training; default: float32.")
  private Precision precision = Precision.FLOAT32;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows these options.")
  boolean help;

  private MultiReplica() {}

  /** Runs the sample and ends the process with its exit status. */
  public static void main(String[] arguments) {
    System.exit(run(arguments));
  }

  /** Runs the sample within this process. */
  static int run(String... arguments) {
    return new CommandLine(new MultiReplica())
        .setExecutionExceptionHandler((failure, line, parsed) -> failed(failure))
        .setParameterExceptionHandler(
            (wrong, given) -> {
              System.err.println("MultiReplica: " + wrong.getMessage());
              System.err.println("--help lists the options.");
              return WRONG_SETTINGS;
            })
        .execute(arguments);
  }

  @Override
  public Integer call() {
    if (steps < 1) {
      throw new HdlException(ErrorCode.INVALID_SETTINGS, "steps: " + steps + " (expected: >= 1)");
    }
    ForecastModel trained = Models.defaults(model);
    trained
        .notPortable()
        .ifPresent(
            why -> {
              throw new HdlException(
                  ErrorCode.INVALID_SETTINGS, "model: " + model + " is not portable: " + why);
            });
    Set<String> checksums = new TreeSet<>();
    OptionalLong notFinite = OptionalLong.empty();
    try (SeriesStore store = SeasonalSeries.store()) {
      for (int count : replicas) {
        Outcome outcome = train(store, trained, count);
        checksums.addAll(outcome.checksums());
        notFinite = notFinite.isPresent() ? notFinite : outcome.notFinite();
      }
    }
    System.out.println(
        checksums.size() == 1
            ? "The weights are the same bits on all of them."
            : "The weights DIFFER: " + checksums.size() + " checksums.");
    if (notFinite.isPresent()) {
      System.out.println(
          "But the training DIVERGED at step "
              + (notFinite.getAsLong() + 1)
              + ": its loss or gradient is not finite. Lower --learning-rate.");
    }
    return checksums.size() == 1 && notFinite.isEmpty() ? 0 : FAILED;
  }

  /**
   * What a training came to.
   *
   * @param checksums of the weights of its replicas
   * @param notFinite number of the first step, from 0, whose loss or gradient was not finite
   */
  private record Outcome(List<String> checksums, OptionalLong notFinite) {}

  /** Trains on so many replicas. */
  private Outcome train(SeriesStore store, ForecastModel trained, int count) {
    Split split = Split.last(HORIZON, HORIZON);
    Scaler scaler = Scaler.fit(store, split, Scaling.MEAN);
    Windows windows = Windows.of(store, split, Part.TRAIN, CONTEXT, HORIZON);
    WindowFeatures features = WindowFeatures.of(store.channels(), store.constants(), trained);
    ReplicaGroup.Task task =
        new ReplicaGroup.Task(
            trained,
            features,
            features.shape(CONTEXT, HORIZON, 1),
            scaler,
            Losses.mae(),
            0,
            Adam.learningRate(learningRate),
            1.0,
            1,
            precision,
            SEED);
    List<Device> devices = Collections.nCopies(count, Device.cpu());
    try (ReplicaGroup group = ReplicaGroup.of(devices, Determinism.portable(microBatches), task)) {
      List<Double> losses = new ArrayList<>();
      long begun = System.nanoTime();
      int step = 0;
      for (int epoch = 1; step < steps; epoch++) {
        try (WindowFeed feed =
            WindowFeed.open(windows, windows.order(SEED, epoch), BATCH, scaler)) {
          while (feed.hasNext() && step < steps) {
            try (Lease<WindowBatch> lease = feed.next()) {
              group.step(lease.batch(), 1, step++);
            }
            if (step == 1 || step == steps) {
              losses.add(group.takeLoss().mean());
            }
          }
        }
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      List<String> checksums = group.checksums();
      System.out.printf(
          Locale.ROOT,
          "%d replica%s: %d steps, %.1f steps/s, loss %.4f to %.4f, SHA-256 %s%n",
          count,
          count == 1 ? "" : "s",
          steps,
          steps / seconds,
          losses.get(0),
          losses.get(losses.size() - 1),
          checksums.get(0));
      return new Outcome(checksums, group.notFinite());
    }
  }

  private static int failed(Exception failure) {
    if (failure instanceof IllegalArgumentException) {
      System.err.println("MultiReplica: " + failure.getMessage());
      return WRONG_SETTINGS;
    }
    if (failure instanceof HdlException known) {
      System.err.println("MultiReplica: " + known.getMessage());
      return known.code() == ErrorCode.INVALID_SETTINGS ? WRONG_SETTINGS : FAILED;
    }
    System.err.println("MultiReplica: " + failure);
    return FAILED;
  }
}
