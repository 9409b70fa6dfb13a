package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;
import io.hdl.train.parallel.TorchEngine;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WindowTensorsTest {
  static final int CONTEXT = 5;
  static final int HORIZON = 3;
  static final Split SPLIT = Split.steps(20, 0, 0);

  /** Target, two known (a category between numbers), two past; constants: number and category. */
  static SeriesStore store() {
    List<String> texts = List.of("a", "b", "c");
    SeriesStore.Builder builder =
        SeriesStore.builder(
            TimeAxis.integers(),
            List.of(
                Channel.number("y", Channel.Role.TARGET),
                new Channel("price", Channel.Role.KNOWN, Channel.Kind.NUMBER, List.of()),
                new Channel("event", Channel.Role.KNOWN, Channel.Kind.CATEGORY, texts),
                new Channel("open", Channel.Role.KNOWN, Channel.Kind.BOOLEAN, List.of()),
                new Channel("rain", Channel.Role.PAST, Channel.Kind.NUMBER, List.of())),
            List.of(
                new Constant("size", Channel.Kind.NUMBER, List.of()),
                new Constant("type", Channel.Kind.CATEGORY, texts)));
    SplittableRandom random = new SplittableRandom(3);
    for (int s = 0; s < 4; s++) {
      float[] values = new float[20 * 5];
      for (int t = 0; t < 20; t++) {
        values[t * 5] = random.nextInt(5) == 0 ? Float.NaN : 10 * (s + 1) + random.nextInt(10);
        values[t * 5 + 1] = random.nextInt(6) == 0 ? Float.NaN : random.nextInt(100);
        values[t * 5 + 2] = random.nextInt(4) == 0 ? Float.NaN : random.nextInt(3);
        values[t * 5 + 3] = random.nextInt(2);
        values[t * 5 + 4] = random.nextInt(30);
      }
      builder.add(SeriesKey.of("s" + s), 0, values, new float[] {s * 10, s == 3 ? Float.NaN : s});
    }
    return builder.build();
  }

  @Test
  void scalesFillsAndEncodesAsAPlainLoopDoes() {
    try (SeriesStore store = store();
        NDManager manager = TorchEngine.start().newBaseManager()) {
      Scaler scaler = Scaler.fit(store, SPLIT, Scaling.STANDARD);
      Windows windows = Windows.of(store, SPLIT, Part.TRAIN, CONTEXT, HORIZON);
      WindowBatch batch = WindowBatch.allocate(64, CONTEXT, HORIZON, store);
      int size = (int) windows.size();
      windows.gather(WindowOrder.sequential(size), 0, size, scaler, batch);
      WindowFeatures features =
          WindowFeatures.of(store.channels(), store.constants(), NHits.defaults());
      WindowShape shape = features.shape(CONTEXT, HORIZON, 1);
      assertThat(shape).isEqualTo(new WindowShape(CONTEXT, HORIZON, 6, 5, 4, 1));
      WindowTensors tensors = WindowTensors.of(batch, features, scaler, manager);
      for (int w = 0; w < size; w++) {
        int series = batch.series(w);
        int start = batch.origin(w) - CONTEXT;
        double mean = meanOfContext(store, scaler, series, start);
        for (int t = 0; t < CONTEXT + HORIZON; t++) {
          double y = scaled(store, scaler, series, start + t, 0);
          double[] known = known(store, scaler, series, start + t);
          if (t < CONTEXT) {
            close(tensors.inputs().target(), Double.isNaN(y) ? mean : y, w, t);
            close(tensors.inputs().observed(), Double.isNaN(y) ? 0 : 1, w, t);
            for (int f = 0; f < known.length; f++) {
              close(tensors.inputs().past(), known[f], w, t, f);
            }
            double rain = scaled(store, scaler, series, start + t, 4);
            close(tensors.inputs().past(), rain, w, t, known.length);
          } else {
            close(tensors.label(), Double.isNaN(y) ? 0 : y, w, t - CONTEXT);
            close(tensors.labelObserved(), Double.isNaN(y) ? 0 : 1, w, t - CONTEXT);
            for (int f = 0; f < known.length; f++) {
              close(tensors.inputs().known(), known[f], w, t - CONTEXT, f);
            }
          }
        }
        NDArray constants = tensors.inputs().constants();
        double size0 = store.constant(series, 0) - scaler.constantLocation(0);
        close(constants, size0 / scaler.constantScale(0), w, 0);
        for (int text = 0; text < 3; text++) {
          close(constants, store.constant(series, 1) == text ? 1 : 0, w, 1 + text);
        }
      }
    }
  }

  private static double[] known(SeriesStore store, Scaler scaler, int series, int step) {
    double price = scaled(store, scaler, series, step, 1);
    float event = store.value(series, step, 2);
    double[] known = new double[5];
    known[0] = Double.isNaN(price) ? 0 : price;
    for (int text = 0; text < 3; text++) {
      known[1 + text] = event == text ? 1 : 0;
    }
    known[4] = store.value(series, step, 3);
    return known;
  }

  private static double scaled(SeriesStore store, Scaler scaler, int series, int step, int c) {
    return (store.value(series, step, c) - (double) scaler.location(series, c))
        / scaler.scale(series, c);
  }

  private static double meanOfContext(SeriesStore store, Scaler scaler, int series, int start) {
    return IntStream.range(0, CONTEXT)
        .mapToDouble(t -> scaled(store, scaler, series, start + t, 0))
        .filter(value -> !Double.isNaN(value))
        .average()
        .orElse(0);
  }

  private static void close(NDArray array, double expected, long... at) {
    assertThat((double) array.getFloat(at)).isCloseTo(expected, within(1e-5));
  }

  @Test
  void givesTheCodeOfACategoryWithManyTexts() {
    List<String> many = IntStream.range(0, 65).mapToObj(i -> "t" + i).toList();
    List<Channel> channels =
        List.of(
            Channel.number("y", Channel.Role.TARGET),
            new Channel("event", Channel.Role.KNOWN, Channel.Kind.CATEGORY, many));
    WindowFeatures features = WindowFeatures.of(channels, List.of(), NHits.defaults());
    assertThat(features.shape(2, 2, 1)).isEqualTo(new WindowShape(2, 2, 1, 1, 0, 1));
    assertThat(features.knownChannels()).containsExactly(channels.get(1));
    SeriesStore.Builder builder = SeriesStore.builder(TimeAxis.integers(), channels, List.of());
    builder.add(SeriesKey.of("a"), 0, new float[] {1, 64, 2, 0, 3, Float.NaN, 4, 7}, new float[0]);
    try (SeriesStore store = builder.build();
        NDManager manager = TorchEngine.start().newBaseManager()) {
      Windows windows = Windows.of(store, Split.last(1, 1), Part.TEST, 2, 1);
      WindowBatch batch = WindowBatch.allocate(1, 2, 1, store);
      Scaler scaler = Scaler.fit(store, Split.last(1, 1), Scaling.NONE);
      windows.gather(windows.inOrder(), 0, 1, scaler, batch);
      ForecastInputs inputs = WindowTensors.of(batch, features, scaler, manager).inputs();
      assertThat(inputs.past().toFloatArray()).containsExactly(0, 65);
      assertThat(inputs.known().toFloatArray()).containsExactly(7);
    }
  }
}
