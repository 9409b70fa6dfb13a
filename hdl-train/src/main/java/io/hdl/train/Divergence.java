package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.JobContext;
import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.data.feed.BatchPlan;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;
import io.hdl.train.checkpoint.Safetensors;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Looks into a step whose loss or gradient was not finite: which of its windows did it, and keeps
 * weights, optimizer and windows in a file of the run for people to look at.
 */
final class Divergence {
  private static final String FILE = "diverged.safetensors";
  private static final int MOST_WINDOWS = 2_048;
  private static final int NAMED = 3;

  private final TrainingSettings settings;
  private final JobContext context;
  private final SeriesStore store;
  private final Scaler scaler;

  Divergence(TrainingSettings settings, JobContext context, SeriesStore store, Scaler scaler) {
    this.settings = settings;
    this.context = context;
    this.store = store;
    this.scaler = scaler;
  }

  /**
   * A window of the step.
   *
   * @param series key of its series
   * @param target time of its first target
   * @param loss its mean loss with the weights as they are
   * @param largest largest size among its scaled values
   */
  private record Suspect(String series, String target, double loss, double largest) {}

  /**
   * What ends the training.
   *
   * @param epoch number of the epoch, from 1
   * @param step number of the step in the training, from 1
   * @param batch number of the batch in the epoch, from 0
   */
  HdlException of(
      Learner learner, Windows train, BatchPlan plan, int epoch, long step, long batch) {
    WindowOrder order = train.order(context.seed(), epoch);
    int count = plan.count(batch);
    WindowBatch windows =
        WindowBatch.allocate(count, settings.context(), settings.horizon(), store);
    train.gather(order, plan.position(batch), count, scaler, windows);
    Map<String, Safetensors.Tensor> state = learner.tensors();
    List<Suspect> suspects = suspects(learner, train, order, plan.position(batch), count);
    Path file = context.directory().root().resolve(FILE);
    keep(file, state, windows, suspects, epoch, step);
    return new HdlException(
        ErrorCode.DIVERGED,
        "Training diverged in epoch "
            + epoch
            + " at step "
            + step
            + ": its loss or gradient is not finite. Of its "
            + count
            + " windows look at "
            + suspects.stream()
                .limit(NAMED)
                .map(Divergence::named)
                .collect(Collectors.joining("; "))
            + ". Weights, optimizer and windows lie in "
            + file
            + ". Lower the learning rate (now "
            + settings.optimizer().learningRate()
            + "), limit the gradient norm (now "
            + settings.maxGradientNorm()
            + ", 0 is no limit), scale the target (now "
            + settings.scaling()
            + "), or mend the data.");
  }

  private static String named(Suspect suspect) {
    return suspect.series()
        + " with targets from "
        + suspect.target()
        + " (loss "
        + suspect.loss()
        + ", largest scaled value "
        + suspect.largest()
        + ")";
  }

  /** The windows one by one, the worst first. */
  private List<Suspect> suspects(
      Learner learner, Windows train, WindowOrder order, long position, int count) {
    WindowBatch one = WindowBatch.allocate(1, settings.context(), settings.horizon(), store);
    List<Suspect> suspects = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MOST_WINDOWS); i++) {
      train.gather(order, position + i, 1, scaler, one);
      int series = one.series(0);
      suspects.add(
          new Suspect(
              store.keys().get(series).toString(),
              store.axis().label(store.firstStep(series) + one.origin(0)),
              learner.loss(one).mean(),
              largest(one)));
    }
    // Losses that are not finite first; where all are, the weights are, and size tells more.
    suspects.sort(
        Comparator.comparing((Suspect suspect) -> Double.isFinite(suspect.loss()))
            .thenComparing(suspect -> -suspect.largest()));
    return suspects;
  }

  private double largest(WindowBatch one) {
    FloatBuffer values = one.values();
    int channels = store.channels().size();
    double largest = 0;
    for (int i = 0; i < values.remaining(); i++) {
      int channel = i % channels;
      double scaled = (values.get(i) - one.location().get(channel)) / one.scale().get(channel);
      if (!Double.isNaN(scaled)) {
        largest = Math.max(largest, Math.abs(scaled));
      }
    }
    return largest;
  }

  private void keep(
      Path file,
      Map<String, Safetensors.Tensor> state,
      WindowBatch windows,
      List<Suspect> suspects,
      int epoch,
      long step) {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>(state);
    long steps = (long) windows.context() + windows.horizon();
    tensors.put("batch.values", tensor(windows.values(), windows.size(), steps));
    tensors.put("batch.location", tensor(windows.location(), windows.size(), 1));
    tensors.put("batch.scale", tensor(windows.scale(), windows.size(), 1));
    List<Map<String, String>> listed =
        suspects.stream()
            .map(
                suspect ->
                    Map.of(
                        "series", suspect.series(),
                        "target", suspect.target(),
                        "loss", Double.toString(suspect.loss()),
                        "largest", Double.toString(suspect.largest())))
            .toList();
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("epoch", Integer.toString(epoch));
    metadata.put("step", Long.toString(step));
    metadata.put("windows", Json.write(listed));
    AtomicPublish.file(file, new Safetensors(tensors, metadata)::writeTo);
  }

  private Safetensors.Tensor tensor(FloatBuffer values, int windows, long steps) {
    float[] copy = new float[values.remaining()];
    values.get(copy);
    return new Safetensors.Tensor(
        List.of((long) windows, steps, (long) store.channels().size()), copy);
  }
}
