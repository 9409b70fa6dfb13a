package io.hdl.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import io.hdl.core.HybridJob;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.error.Problems;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Opened;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.storage.TemporaryName;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.checkpoint.CheckpointPolicy;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.model.WindowShape;
import io.hdl.train.optim.AdamW;
import io.hdl.train.optim.PlateauRate;
import io.hdl.train.optim.WeightAveraging;
import io.hdl.train.parallel.Devices;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A job in a process of its own that gets a signal at a chosen step, or while a checkpoint is being
 * written from that step on. Arguments: the home directory, how often checkpoints are written in
 * milliseconds, the signal's number, {@code step} or {@code write}, and the number of the training
 * step in this process; none of the last three to let the job run to its end. Prints the SHA-256 of
 * the trained weights.
 */
final class StoppedTraining {
  static final String JOB = "stopped";
  static final int STEPS_PER_EPOCH = 15;
  static final int EPOCHS = 6;

  /** Steps after which the signal comes in any case, should no checkpoint be seen being written. */
  static final int LATEST = 8;

  private StoppedTraining() {}

  public static void main(String[] arguments) {
    System.setProperty("ai.djl.pytorch.num_threads", "1");
    Path home = Path.of(arguments[0]);
    Duration every = Duration.ofMillis(Long.parseLong(arguments[1]));
    Blow blow =
        arguments.length == 2
            ? new Blow(home, 0, false, Long.MAX_VALUE)
            : new Blow(
                home,
                Integer.parseInt(arguments[2]),
                arguments[3].equals("write"),
                Long.parseLong(arguments[4]));
    try {
      System.out.println("SHA-256 " + run(home, every, blow));
    } catch (JobCancelledException e) {
      // The JVM ends with the signal's status as soon as the job has ended.
      System.err.println(e.getMessage());
    }
  }

  /** Runs the job in this process. */
  static String run(Path home, Duration every, Blow blow) {
    ForecastTraining training =
        ForecastTraining.of(new StruckModel(NHits.defaults().hidden(64), blow))
            .context(24)
            .horizon(6)
            .season(SampleSeries.SEASON)
            .devices(Devices.cpu())
            .globalBatchSize(64)
            .epochs(EPOCHS)
            .patience(EPOCHS)
            .optimizer(AdamW.learningRate(1e-2).weightDecay(0.1))
            .learningRate(new PlateauRate(0.7, 0, 0.5, 0, 0))
            .averaging(WeightAveraging.exponential(0.9))
            .withoutReport()
            .checkpoints(new CheckpointPolicy(every, 2));
    try (HybridJob<Forecaster> job =
        HybridJob.named(JOB).data(new SampleSource()).train(training).home(home).seed(3).build()) {
      try (Forecaster forecaster = job.run().model()) {
        return forecaster.weightsSha256();
      }
    }
  }

  /** The sample series as a source. */
  private static final class SampleSource implements DataSource<SeriesStore> {
    @Override
    public void check(Problems problems) {}

    @Override
    public Map<String, String> settings() {
      return Map.of("series", "12");
    }

    @Override
    public Opened<SeriesStore> open(JobContext context) {
      DataProvenance provenance =
          new DataProvenance(
              "sales", "memory:sales", 1, Instant.EPOCH, "id", List.of("sales"), Map.of(), 1440, 1);
      return new Opened<>(SampleSeries.store(12), provenance, Map.of());
    }
  }

  /** The signal and when it is sent. */
  static final class Blow {
    private final Path home;
    private final boolean whileWriting;
    private final long at;
    // Found beforehand: a checkpoint is written within a few milliseconds.
    private final Function kill = NativeLibrary.getInstance("c").getFunction("kill");
    private final Object[] arguments;
    private long step;

    Blow(Path home, int signal, boolean whileWriting, long at) {
      this.home = home;
      this.whileWriting = whileWriting;
      this.at = at;
      arguments = new Object[] {(int) ProcessHandle.current().pid(), signal};
      kill.invokeInt(new Object[] {arguments[0], 0});
    }

    /** Never. */
    static Blow none(Path home) {
      return new Blow(home, 0, false, Long.MAX_VALUE);
    }

    void stepBegins() {
      step++;
      if (step == at && whileWriting) {
        Thread watch = new Thread(this::awaitWriting, "watch");
        watch.setDaemon(true);
        watch.start();
      } else if (step == (whileWriting ? at + LATEST : at)) {
        send();
      }
    }

    private void awaitWriting() {
      File[] runs = home.resolve(JOB).toFile().listFiles(File::isDirectory);
      File checkpoints = new File(runs[0], "checkpoints");
      while (true) {
        String[] files = checkpoints.list();
        for (String file : files == null ? new String[0] : files) {
          if (TemporaryName.matches(file)) {
            send();
          }
        }
      }
    }

    private void send() {
      kill.invokeInt(arguments);
    }
  }

  /** A model whose training steps are counted. */
  private record StruckModel(ForecastModel inner, Blow blow) implements ForecastModel {
    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public Map<String, String> settings() {
      return inner.settings();
    }

    @Override
    public Block block(WindowShape window, long seed) {
      return new StruckBlock(inner.block(window, seed), blow);
    }
  }

  private static final class StruckBlock extends AbstractBlock {
    private final Block block;
    private final Blow blow;

    StruckBlock(Block block, Blow blow) {
      this.block = addChildBlock("inner", block);
      this.blow = blow;
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      if (training) {
        blow.stepBegins();
      }
      return block.forward(store, inputs, training, params);
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return block.getOutputShapes(inputShapes);
    }

    @Override
    protected void initializeChildBlocks(
        NDManager manager, DataType dataType, Shape... inputShapes) {
      block.initialize(manager, dataType, inputShapes);
    }
  }
}
