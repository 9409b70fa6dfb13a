package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.Windows;
import io.hdl.train.loss.LossTensors.Weights;
import io.hdl.train.parallel.TorchEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScaledWindowsTest {
  private static final WindowTensors.Rows FIRST = new WindowTensors.Rows(0, 2);

  private static WindowBatch batch(SeriesStore store, Split split, Scaler scaler) {
    Windows windows =
        Windows.of(store, split, Part.TRAIN, WindowTensorsTest.CONTEXT, WindowTensorsTest.HORIZON);
    int size = (int) windows.size();
    WindowBatch batch =
        WindowBatch.allocate(size, WindowTensorsTest.CONTEXT, WindowTensorsTest.HORIZON, store);
    windows.gather(windows.inOrder(), 0, size, scaler, batch);
    return batch;
  }

  private static List<NDArray> arrays(WindowTensors tensors) {
    List<NDArray> arrays = new ArrayList<>(tensors.inputs().toList());
    arrays.addAll(
        List.of(tensors.label(), tensors.labelObserved(), tensors.location(), tensors.scale()));
    return arrays;
  }

  private static void close(NDArray actual, NDArray expected) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    float[] values = actual.toFloatArray();
    float[] wanted = expected.toFloatArray();
    for (int i = 0; i < wanted.length; i++) {
      assertThat(values[i]).isCloseTo(wanted[i], within(1e-6f));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 2.5})
  void givesWhatTheDeviceWouldGive(double lossUnit) {
    try (SeriesStore store = WindowTensorsTest.store();
        NDManager manager = TorchEngine.start().newBaseManager(Device.cpu())) {
      Scaler scaler = Scaler.fit(store, WindowTensorsTest.SPLIT, Scaling.STANDARD);
      WindowBatch batch = batch(store, WindowTensorsTest.SPLIT, scaler);
      WindowFeatures features =
          WindowFeatures.of(store.channels(), store.constants(), NHits.defaults());
      int last = batch.size() - 5;
      try (ScaledWindows windows = new ScaledWindows(features, scaler, lossUnit, manager)) {
        for (WindowTensors.Rows rows :
            List.of(
                new WindowTensors.Rows(0, batch.size()),
                new WindowTensors.Rows(3, 5),
                new WindowTensors.Rows(last, 5))) {
          try (NDManager pass = manager.newSubManager();
              ScaledWindows.Loan loan = windows.lend(batch, rows, pass)) {
            WindowTensors expected = WindowTensors.of(batch, rows, features, scaler, pass);
            List<NDArray> wanted = arrays(expected);
            List<NDArray> lent = arrays(loan.tensors());
            for (int i = 0; i < wanted.size(); i++) {
              close(lent.get(i), wanted.get(i));
            }
            NDArray observed = expected.labelObserved();
            close(
                loan.weight(),
                lossUnit > 0 ? observed.mul(expected.scale().div(lossUnit)) : observed);
            assertThat(loan.weights()).isEqualTo(Weights.ANY);
          }
        }
      }
    }
  }

  /** Two series of the target alone; a category of many texts beside it if that is wanted. */
  private static SeriesStore series(int texts, float inHorizon) {
    List<Channel> channels = new ArrayList<>(List.of(Channel.number("y", Channel.Role.TARGET)));
    if (texts > 0) {
      List<String> names = IntStream.range(0, texts).mapToObj(i -> "t" + i).toList();
      channels.add(new Channel("event", Channel.Role.KNOWN, Channel.Kind.CATEGORY, names));
    }
    SeriesStore.Builder builder = SeriesStore.builder(TimeAxis.integers(), channels, List.of());
    for (int s = 0; s < 2; s++) {
      float[] values = new float[8 * channels.size()];
      for (int t = 0; t < 8; t++) {
        values[t * channels.size()] = t == 6 && s == 1 ? inHorizon : t + s;
        if (texts > 0) {
          values[t * channels.size() + 1] = t == 7 ? Float.NaN : t;
        }
      }
      builder.add(SeriesKey.of("s" + s), 0, values, new float[0]);
    }
    return builder.build();
  }

  private static final Split ALL = Split.steps(8, 0, 0);

  @Test
  void givesCodesOfCategoriesWithManyTexts() {
    try (SeriesStore store = series(65, 1);
        NDManager manager = TorchEngine.start().newBaseManager(Device.cpu());
        NDManager pass = manager.newSubManager()) {
      Scaler scaler = Scaler.fit(store, ALL, Scaling.NONE);
      WindowBatch batch = batch(store, ALL, scaler);
      WindowFeatures features = WindowFeatures.of(store.channels(), List.of(), NHits.defaults());
      try (ScaledWindows windows = new ScaledWindows(features, scaler, 0, manager);
          ScaledWindows.Loan loan = windows.lend(batch, FIRST, pass)) {
        ForecastInputs inputs = loan.tensors().inputs();
        assertThat(inputs.past().toFloatArray()).containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
        assertThat(inputs.known().toFloatArray()).containsExactly(5, 6, 65, 5, 6, 65);
      }
    }
  }

  @Test
  void knowsWhenAllLabelsCountOne() {
    assertThat(weights(5, 0)).isEqualTo(Weights.ONES);
    assertThat(weights(Float.NaN, 0)).isEqualTo(Weights.ANY);
    assertThat(weights(5, 2)).isEqualTo(Weights.ANY);
  }

  private static Weights weights(float inHorizon, double lossUnit) {
    try (SeriesStore store = series(0, inHorizon);
        NDManager manager = TorchEngine.start().newBaseManager(Device.cpu());
        NDManager pass = manager.newSubManager()) {
      Scaler scaler = Scaler.fit(store, ALL, Scaling.NONE);
      WindowBatch batch = batch(store, ALL, scaler);
      WindowFeatures features = WindowFeatures.of(store.channels(), List.of(), NHits.defaults());
      try (ScaledWindows windows = new ScaledWindows(features, scaler, lossUnit, manager);
          ScaledWindows.Loan loan = windows.lend(batch, FIRST, pass)) {
        return loan.weights();
      }
    }
  }

  @Test
  void lendsTheSameArraysAgainAndNewOnesForThoseThatWereClosed() {
    try (SeriesStore store = series(0, 5);
        NDManager manager = TorchEngine.start().newBaseManager(Device.cpu())) {
      Scaler scaler = Scaler.fit(store, ALL, Scaling.NONE);
      WindowBatch batch = batch(store, ALL, scaler);
      WindowFeatures features = WindowFeatures.of(store.channels(), List.of(), NHits.defaults());
      try (ScaledWindows windows = new ScaledWindows(features, scaler, 0, manager)) {
        NDArray first;
        NDArray made;
        try (NDManager pass = manager.newSubManager();
            ScaledWindows.Loan loan = windows.lend(batch, FIRST, pass)) {
          first = loan.tensors().inputs().target();
          assertThat(first.getManager()).isSameAs(pass);
          made = first.abs();
          assertThat(made.getManager()).isSameAs(pass);
        }
        assertThat(made.isReleased()).isTrue();
        assertThat(first.isReleased()).isFalse();
        int held = manager.getManagedArrays().size();
        try (NDManager pass = manager.newSubManager();
            ScaledWindows.Loan loan = windows.lend(batch, FIRST, pass)) {
          assertThat(loan.tensors().inputs().target()).isSameAs(first);
          loan.tensors().inputs().observed().close();
        }
        try (NDManager pass = manager.newSubManager();
            ScaledWindows.Loan loan = windows.lend(batch, FIRST, pass)) {
          assertThat(loan.tensors().inputs().target()).isNotSameAs(first);
          assertThat(loan.tensors().inputs().observed().sum().getFloat()).isEqualTo(10);
        }
        assertThat(first.isReleased()).isTrue();
        assertThat(manager.getManagedArrays()).hasSize(held);
      }
    }
  }
}
