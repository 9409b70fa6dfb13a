package io.hdl.data.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeakDetectorTest {
  private static final Split SPLIT = Split.last(3, 2);
  private static final int HORIZON = 4;

  private static List<Leak> leaks(SeriesStore store, FeaturePipeline pipeline) {
    return LeakDetector.of(store, SPLIT, HORIZON).find(pipeline);
  }

  private static FeaturePipeline custom(Channel.Role role, FeatureFunction function) {
    return FeaturePipeline.empty().custom("own", role, function);
  }

  /** Features that carry the future, each in another way. */
  private static Map<String, FeaturePipeline> planted() {
    Map<String, FeaturePipeline> planted = new LinkedHashMap<>();
    planted.put(
        "the next value",
        custom(Channel.Role.PAST, (series, step) -> series.value("units", step + 1)));
    planted.put(
        "a value far ahead",
        custom(Channel.Role.PAST, (series, step) -> series.value("temperature", step + 7)));
    planted.put(
        "the value itself, told ahead",
        custom(Channel.Role.KNOWN, (series, step) -> series.value("units", step)));
    planted.put(
        "a lag shorter than the horizon, told ahead",
        custom(Channel.Role.KNOWN, (series, step) -> series.value("units", step - HORIZON + 1)));
    planted.put(
        "the mean of the whole series",
        custom(
            Channel.Role.PAST,
            (series, step) ->
                IntStream.range(0, series.steps())
                    .mapToDouble(i -> series.value("units", i))
                    .filter(value -> !Double.isNaN(value))
                    .average()
                    .orElse(Double.NaN)));
    planted.put(
        "a smoothing that is centred",
        custom(
            Channel.Role.PAST,
            (series, step) ->
                series.value("temperature", step - 1) + series.value("temperature", step + 1)));
    planted.put(
        "where the history ends",
        custom(Channel.Role.PAST, (series, step) -> series.targetEnd() - step));
    planted.put(
        "how long the table is",
        custom(Channel.Role.KNOWN, (series, step) -> (double) step / series.steps()));
    planted.put(
        "the order of the next two values",
        custom(
            Channel.Role.PAST,
            (series, step) ->
                series.value("units", step + 1) < series.value("units", step + 2) ? 1 : 0));
    planted.put(
        "whether the next value is missing",
        custom(
            Channel.Role.PAST,
            (series, step) -> Float.isNaN(series.value("units", step + 1)) ? 1 : 0));
    planted.put(
        "a leak behind two other steps",
        custom(Channel.Role.PAST, (series, step) -> series.value("temperature", step + 1))
            .standardise("own")
            .lag("price", 1)
            .copy("own", "copied"));
    return planted;
  }

  @Test
  void findsEveryPlantedLeak() {
    try (SeriesStore store = FeatureStores.random(1, 30)) {
      planted()
          .forEach(
              (what, pipeline) -> {
                List<Leak> found = leaks(store, pipeline);
                assertThat(found).as(what).isNotEmpty();
                assertThat(found).as(what).extracting(Leak::feature).contains("own");
              });
    }
  }

  @Test
  void namesFeatureSeriesAndStep() {
    try (SeriesStore store =
        FeatureStores.one(
            Channel.number("price", Channel.Role.PAST), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)) {
      FeaturePipeline pipeline =
          custom(Channel.Role.PAST, (series, step) -> series.value("units", step + 1));
      LeakDetector detector = LeakDetector.of(store, SPLIT, HORIZON).samples(1, 1);
      Leak leak = detector.find(pipeline).get(0);
      assertThat(leak.feature()).isEqualTo("own");
      assertThat(leak.series()).hasToString("a");
      // The training part ends after five steps.
      assertThat(leak.origin()).isEqualTo("2012-11-30");
      assertThat(leak.step()).isEqualTo("2012-11-23");
      assertThatThrownBy(() -> detector.check(pipeline))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
          .hasMessageStartingWith("Cannot use the features: one carries the future.")
          .hasMessageContaining(
              "\"own\" of series a at 2012-11-23 is 6.0, and 8.5 when only the values from"
                  + " 2012-11-30 on change. Let it look back only");
      FeaturePipeline ahead =
          custom(Channel.Role.KNOWN, (series, step) -> series.value("units", step));
      assertThatThrownBy(() -> detector.check(ahead))
          .hasMessageContaining("give it the role PAST, or let it look back at least 4 steps");
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void findsNothingInTheLibrarysOwnFeatures(long seed) {
    try (SeriesStore store = FeatureStores.random(seed, 20)) {
      assertThat(leaks(store, FeatureStores.everything())).isEmpty();
    }
  }

  @Test
  void findsNothingInCustomFeaturesThatLookBack() {
    try (SeriesStore store = FeatureStores.random(3, 20)) {
      FeaturePipeline pipeline =
          FeaturePipeline.empty()
              .custom("change", Channel.Role.PAST, LeakDetectorTest::change)
              .custom(
                  "last_year",
                  Channel.Role.KNOWN,
                  (series, step) -> series.value("units", step - HORIZON))
              .custom(
                  "promoted_next",
                  Channel.Role.PAST,
                  (series, step) -> series.value("promotion", step + 1))
              .custom(
                  "year",
                  Channel.Role.KNOWN,
                  (series, step) -> series.moment(step).orElseThrow().getYear())
              .custom(
                  "relative", Channel.Role.PAST, (series, step) -> series.value("size", 0) - step);
      assertThat(leaks(store, pipeline)).isEmpty();
    }
  }

  private static double change(SeriesView series, int step) {
    return series.value("units", step) - series.value("units", step - 1);
  }

  @Test
  void findsAFitThatReadsBeyondTheTrainingPart() {
    try (SeriesStore store = FeatureStores.random(4, 20)) {
      LeakDetector detector = LeakDetector.of(store, SPLIT, HORIZON);
      FeaturePipeline pipeline =
          FeaturePipeline.empty().standardise("temperature").minMax("price").lag("units", 2);
      int[] sample = IntStream.range(0, 20).toArray();
      int[] trainEnds = FeaturePipeline.trainEnds(store, SPLIT);
      int[] tooLate = Arrays.stream(sample).map(store::length).toArray();
      assertThat(detector.findInFit(pipeline, sample, trainEnds, trainEnds)).isEmpty();
      assertThat(detector.findInFit(pipeline, sample, tooLate, trainEnds))
          .extracting(Leak::feature)
          .contains("standardise(temperature)")
          .doesNotContain("lag(units, 2)");
    }
  }

  @Test
  void looksAtStoresWithoutAnyHistory() {
    try (SeriesStore store =
        SeriesStore.builder(
                FeatureStores.WEEKLY,
                List.of(Channel.number("units", Channel.Role.TARGET)),
                List.of())
            .add(io.hdl.data.series.SeriesKey.of("a"), 0, new float[] {Float.NaN}, new float[0])
            .build()) {
      assertThat(leaks(store, FeaturePipeline.empty().lag("units", 1))).isEmpty();
    }
  }

  @Test
  void checksItsArguments() {
    try (SeriesStore store = FeatureStores.random(5)) {
      assertThatThrownBy(() -> LeakDetector.of(store, SPLIT, 0))
          .hasMessage("horizon: 0 (expected: >= 1)");
      FeaturePipeline pipeline = FeaturePipeline.empty().lag("units", 1);
      FittedFeatures fitted = pipeline.fit(store, SPLIT);
      assertThatThrownBy(() -> LeakDetector.of(store, SPLIT, 4).find(pipeline, fitted))
          .hasMessage("horizon of the features: 0 (expected: 4)");
    }
  }
}
