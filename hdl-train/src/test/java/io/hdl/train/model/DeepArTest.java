package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.util.PairList;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Losses;
import io.hdl.train.parallel.TorchEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeepArTest {
  private static final int BATCH = 3;
  private static final int PATHS = 4;

  /** Draws from a fixed generator and remembers what it was given. */
  private static final class Recorder implements PathSampler {
    private final SplittableRandom random = new SplittableRandom(3);
    private final List<float[]> outputs = new ArrayList<>();

    @Override
    public int paths() {
      return PATHS;
    }

    @Override
    public float[] next(float[] given) {
      outputs.add(given);
      float[] draws = new float[BATCH * PATHS];
      for (int i = 0; i < draws.length; i++) {
        draws[i] = (float) random.nextDouble(-1, 1);
      }
      return draws;
    }
  }

  /**
   * Each path, fed as what happened, must give at each step what the sampler was given for it: then
   * what is drawn depends on the draws before exactly as training has it.
   */
  @ParameterizedTest
  @CsvSource({"LSTM, 1, 0, 0", "LSTM, 2, 2, 1", "GRU, 1, 2, 0", "GRU, 2, 0, 3"})
  void drawsStepByStepWhatTeacherForcingGives(
      RecurrentCell cell, int layers, int known, int constants) {
    WindowShape window = new WindowShape(9, 5, known + 1, known, constants, 2);
    DeepAr model = DeepAr.defaults().cell(cell).hidden(6).layers(layers).lags(1, 3, 9);
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      Block block = model.block(window, 8);
      try (FlatParameters parameters = new FlatParameters(block, window, manager)) {
        NDList inputs = Nets.inputs(window, BATCH, 5, manager).toList();
        Recorder sampler = new Recorder();
        PairList<String, Object> params = new PairList<>();
        params.add(ForecastModel.SAMPLER, sampler);
        NDArray paths =
            block.forward(parameters.reading(), inputs, false, params).singletonOrThrow();
        assertThat(paths.getShape()).isEqualTo(new Shape(BATCH, 5, PATHS));
        assertThat(sampler.outputs).hasSize(5);
        for (int p = 0; p < PATHS; p++) {
          NDList forced = new NDList(inputs);
          forced.add(paths.get(":, :, " + p));
          NDArray output = block.forward(parameters.reading(), forced, false).singletonOrThrow();
          for (int b = 0; b < BATCH; b++) {
            for (int step = 0; step < 5; step++) {
              for (int o = 0; o < 2; o++) {
                float given = sampler.outputs.get(step)[(b * PATHS + p) * 2 + o];
                assertThat(given).isCloseTo(output.getFloat(b, step, o), within(1e-5f));
              }
            }
          }
        }
      }
    }
  }

  @Test
  void dropsBetweenLayersFromTheSeedOfThePass() {
    WindowShape window = new WindowShape(9, 5, 0, 0, 0, 2);
    DeepAr model = DeepAr.defaults().dropout(0.5);
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      Block block = model.block(window, 8);
      try (FlatParameters parameters = new FlatParameters(block, window, manager)) {
        NDList inputs = Nets.inputs(window, BATCH, 5, manager).toList();
        inputs.add(manager.ones(new Shape(BATCH, 5)));
        float[] first = trained(block, parameters, inputs, 1);
        assertThat(trained(block, parameters, inputs, 1)).isEqualTo(first);
        assertThat(trained(block, parameters, inputs, 2)).isNotEqualTo(first);
      }
    }
  }

  private static float[] trained(Block block, FlatParameters parameters, NDList inputs, long seed) {
    PairList<String, Object> params = new PairList<>();
    params.add(ForecastModel.SEED, seed);
    return block
        .forward(parameters.reading(), inputs, true, params)
        .singletonOrThrow()
        .toFloatArray();
  }

  @Test
  void asksForADistribution() {
    Problems problems = new Problems();
    DeepAr.defaults().check(Losses.mae(), problems);
    assertThat(problems.all()).singleElement().asString().startsWith("loss: mae (expected: Losses");
    Problems none = new Problems();
    DeepAr.defaults().check(Losses.studentT(), none);
    assertThat(none.isEmpty()).isTrue();
  }

  @Test
  void rejectsLagsThatReachBehindTheContextOrAreOutOfOrder() {
    WindowShape window = new WindowShape(9, 5, 0, 0, 0, 2);
    assertThatThrownBy(() -> DeepAr.defaults().lags(1, 10).block(window, 1))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("sees the target of 10 steps before, the context has 9 steps");
    assertThatThrownBy(() -> DeepAr.defaults().lags(7, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("lags: [7, 1] (expected: ascending numbers >= 1");
  }

  @Test
  void comesBackFromItsSettings() {
    DeepAr model = DeepAr.defaults().cell(RecurrentCell.GRU).lags(1, 7).samplePaths(50);
    assertThat(Models.of(model.name(), model.settings())).isEqualTo(model);
  }
}
