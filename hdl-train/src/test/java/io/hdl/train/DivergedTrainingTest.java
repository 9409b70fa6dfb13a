package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.DLinear;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a training says of a batch that it cannot learn from, and of where its time goes. */
class DivergedTrainingTest {
  private static final int CONTEXT = 12;
  private static final int HORIZON = 4;

  @TempDir Path home;

  private static SeriesStore store(float outlier) {
    SeriesStore.Builder builder =
        SeriesStore.builder(
            TimeAxis.integers(), List.of(Channel.number("y", Channel.Role.TARGET)), List.of());
    for (int s = 0; s < 4; s++) {
      float[] values = new float[60];
      for (int t = 0; t < values.length; t++) {
        values[t] = (float) (3 + Math.sin(t + s));
      }
      if (s == 2) {
        values[30] = outlier;
      }
      builder.add(SeriesKey.of("item " + s), 100, values, new float[0]);
    }
    return builder.build();
  }

  private static ForecastTraining training() {
    return ForecastTraining.of(DLinear.defaults().kernel(3))
        .context(CONTEXT)
        .horizon(HORIZON)
        .split(Split.last(HORIZON, HORIZON))
        .scale(Scaling.NONE)
        .devices(Devices.cpu(2))
        .globalBatchSize(16)
        .epochs(2)
        .loss(Losses.mse())
        .optimizer(Adam.learningRate(1e-3));
  }

  @Test
  void aLossThatIsNotFiniteNamesBatchAndSeriesAndKeepsTheStateBefore() {
    try (SeriesStore store = store(1e30f)) {
      TestJobContext context = TestJobContext.in(home, "demand", "run");
      HdlException diverged =
          catchThrowableOfType(HdlException.class, () -> training().train(store, context));
      assertThat(diverged.code()).isEqualTo(ErrorCode.DIVERGED);
      Path file = context.directory().root().resolve("diverged.safetensors");
      assertThat(diverged.getMessage())
          .containsPattern("Training diverged in epoch 1 at step \\d+: its loss or gradient is not")
          .containsPattern("Of its 16 windows look at .*item 2.* with targets from 1[0-9]+ \\(loss")
          .contains("lie in " + file)
          .contains("Lower the learning rate (now 0.001)");
      assertThat(Files.exists(file)).isTrue();
      Safetensors kept = Safetensors.read(file);
      assertThat(kept.tensors())
          .containsKeys("weights", "optimizer.first_moment", "batch.values", "batch.location");
      for (float weight : Objects.requireNonNull(kept.tensors().get("weights")).values()) {
        assertThat(weight).isFinite();
      }
      assertThat(kept.metadata()).containsKeys("epoch", "step", "windows");
      assertThat(kept.metadata().get("windows")).contains("item 2");
    }
  }

  @Test
  void tellsAfterEachEpochWhereItsTimeWent() {
    try (SeriesStore store = store(3)) {
      TestJobContext context = TestJobContext.in(home, "demand", "run");
      training().train(store, context).model().close();
      List<JobEvent.StepAccount> accounts = context.events().of(JobEvent.StepAccount.class);
      List<JobEvent.EpochFinished> epochs = context.events().of(JobEvent.EpochFinished.class);
      assertThat(accounts).hasSize(2);
      for (int i = 0; i < 2; i++) {
        JobEvent.StepAccount account = accounts.get(i);
        Duration sum = account.phases().values().stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(sum).isEqualTo(account.took()).isLessThan(epochs.get(i).took());
        assertThat(account.phases())
            .containsOnlyKeys(
                "input",
                "host_copy",
                "forward",
                "backward",
                "exchange",
                "optimizer",
                "bookkeeping");
        assertThat(account.windows()).isPositive();
        assertThat(account.verdict()).contains(" windows/s, ").contains("-bound: input ");
      }
    }
  }

  @Test
  void refusesWhatDoesNotFitPortableBits() {
    HdlException refused =
        catchThrowableOfType(
            HdlException.class,
            () -> {
              try (SeriesStore store = store(3)) {
                training()
                    .determinism(Determinism.portable(32))
                    .accumulation(2)
                    .train(store, TestJobContext.in(home, "demand", "run"));
              }
            });
    assertThat(refused)
        .hasMessageContaining("accumulation: 2 with portable(32) (expected: 1")
        .hasMessageContaining("batch_size: 16 with portable(32) (expected: >= 32");
  }
}
