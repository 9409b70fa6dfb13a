package io.hdl.data.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.error.Problems;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FittedFeaturesTest {
  private static final Split SPLIT = Split.last(3, 2);
  private static final int HORIZON = 4;

  @TempDir Path folder;

  @Test
  void runsTheExampleOfThePackage() {
    try (SeriesStore store =
        FeatureStores.one(
            Channel.number("price", Channel.Role.KNOWN), new float[] {2, 4, Float.NaN, 6, 1, 1})) {
      FeaturePipeline pipeline =
          FeaturePipeline.empty()
              .impute(Imputation.median(), "price")
              .standardise("price")
              .calendar(CalendarField.MONTH)
              .lag("units", 1, 8);
      FittedFeatures fitted = pipeline.fit(store, Split.last(1, 1), 8);
      fitted.save(folder.resolve("features.json"));
      try (SeriesStore withFeatures =
          FittedFeatures.load(folder.resolve("features.json")).apply(store)) {
        assertThat(withFeatures.channels())
            .extracting(Channel::name, Channel::role)
            .extracting(Object::toString)
            .containsExactly(
                "(\"units\", TARGET)",
                "(\"price\", KNOWN)",
                "(\"calendar_month\", KNOWN)",
                "(\"units_lag_8\", KNOWN)",
                "(\"units_lag_1\", PAST)");
        // Trained on 2, 4, 4 (filled), 6.
        assertThat(FeatureStores.column(withFeatures, 0, "price")[2]).isZero();
        assertThat(withFeatures.length(0)).isEqualTo(6 + 8);
        assertThat(FeatureStores.column(withFeatures, 0, "calendar_month"))
            .containsExactly(10, 11, 11, 11, 11, 11, 12, 12, 12, 12, 1, 1, 1, 1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void givesTheSameBitsAfterItWasWrittenAndLoaded(long seed) {
    try (SeriesStore store = FeatureStores.random(seed)) {
      FittedFeatures fitted = FeatureStores.everything().fit(store, SPLIT, HORIZON);
      String json = fitted.toJson();
      FittedFeatures loaded = FittedFeatures.fromJson(json, "test");
      assertThat(loaded.toJson()).isEqualTo(json);
      assertThat(loaded.steps()).isEqualTo(fitted.steps());
      try (SeriesStore other = FeatureStores.random(seed + 1000)) {
        assertThat(bits(loaded, store)).isEqualTo(bits(fitted, store));
        assertThat(bits(loaded, other)).isEqualTo(bits(fitted, other));
      }
    }
  }

  private static byte[] bits(FittedFeatures fitted, SeriesStore store) {
    try (SeriesStore features = fitted.apply(store)) {
      return FeatureStores.bits(features);
    }
  }

  @Test
  void givesTheSameBitsInAnotherProcess() throws Exception {
    try (SeriesStore store = FeatureStores.random(21, 40)) {
      FittedFeatures fitted = FeatureStores.everything().fit(store, SPLIT, HORIZON);
      Path file = folder.resolve("features.json");
      fitted.save(file);
      Path output = folder.resolve("output");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xint",
                  "-cp",
                  System.getProperty("java.class.path"),
                  OtherProcess.class.getName(),
                  file.toString())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
      List<String> lines = Files.readAllLines(output);
      assertThat(process.exitValue()).as("%s", lines).isZero();
      assertThat(lines)
          .contains(
              digest(bits(fitted, store)),
              digest(fitted.toJson().getBytes(StandardCharsets.UTF_8)));
    }
  }

  private static String digest(byte[] bytes) throws NoSuchAlgorithmException {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  /** Loads features, applies them, and fits them once more; prints what comes out. */
  static final class OtherProcess {
    private OtherProcess() {}

    public static void main(String[] args) throws Exception {
      try (SeriesStore store = FeatureStores.random(21, 40)) {
        FittedFeatures loaded = FittedFeatures.load(Path.of(args[0]));
        System.out.println(digest(bits(loaded, store)));
        String json = FeatureStores.everything().fit(store, SPLIT, HORIZON).toJson();
        System.out.println(digest(json.getBytes(StandardCharsets.UTF_8)));
      }
    }
  }

  @Test
  void givesTheSameBitsWithAnyNumberOfThreads() {
    // More series than a chunk holds, so that threads share the work.
    try (SeriesStore store = FeatureStores.random(31, 4 * SeriesFrames.CHUNK + 7)) {
      FittedFeatures one = FeatureStores.everything().fit(store, SPLIT, HORIZON, 1, () -> {});
      try (SeriesStore expected = one.apply(store, 1, () -> {})) {
        for (int threads : new int[] {2, 3, 8}) {
          Set<Thread> used = ConcurrentHashMap.newKeySet();
          FittedFeatures many =
              FeatureStores.everything()
                  .fit(store, SPLIT, HORIZON, threads, () -> used.add(Thread.currentThread()));
          assertThat(many.toJson()).isEqualTo(one.toJson());
          try (SeriesStore found =
              many.apply(store, threads, () -> used.add(Thread.currentThread()))) {
            assertThat(FeatureStores.bits(found)).isEqualTo(FeatureStores.bits(expected));
          }
          used.remove(Thread.currentThread());
          assertThat(used)
              .noneMatch(Thread::isAlive)
              .allMatch(thread -> thread.getName().startsWith("hdl-features-"));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42, 43, 44, 45})
  void doesNotSeeValidationAndTestWhenItIsFitted(long seed) {
    try (SeriesStore store = FeatureStores.random(seed);
        SeriesStore other =
            FeatureStores.changed(
                store,
                (s, t, c, value) ->
                    t < SPLIT.bounds(store, s).trainEnd()
                        ? value
                        : FutureChange.other(store.channels().get(c), value));
        SeriesStore training =
            FeatureStores.changed(
                store,
                (s, t, c, value) ->
                    t >= SPLIT.bounds(store, s).trainEnd()
                        ? value
                        : FutureChange.other(store.channels().get(c), value))) {
      String fitted = FeatureStores.everything().fit(store, SPLIT, HORIZON).toJson();
      assertThat(FeatureStores.everything().fit(other, SPLIT, HORIZON).toJson()).isEqualTo(fitted);
      // The comparison can fail: values of the training part do move it.
      assertThat(FeatureStores.everything().fit(training, SPLIT, HORIZON).toJson())
          .isNotEqualTo(fitted);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {51, 52, 53, 54, 55, 56, 57, 58})
  void keepsSeriesAndTargetsAndReachesOverTheHorizon(long seed) {
    try (SeriesStore store = FeatureStores.random(seed);
        SeriesStore features = FeatureStores.everything().fit(store, SPLIT, HORIZON).apply(store)) {
      assertThat(features.keys()).isEqualTo(store.keys());
      assertThat(features.axis()).isEqualTo(store.axis());
      for (int s = 0; s < store.seriesCount(); s++) {
        assertThat(features.firstStep(s)).isEqualTo(store.firstStep(s));
        assertThat(features.targetEnd(s)).isEqualTo(store.targetEnd(s));
        int end = store.targetEnd(s);
        assertThat(features.length(s))
            .isEqualTo(Math.max(store.length(s), end == 0 ? 0 : end + HORIZON));
        float[] target = FeatureStores.column(features, s, "units");
        assertThat(Arrays.copyOf(target, store.length(s)))
            .containsExactly(FeatureStores.column(store, s, "units"));
        // The calendar is known at every step, imputed channels too.
        for (String name : List.of("calendar_weekday", "calendar_week_sin", "days_to_holiday")) {
          for (float value : FeatureStores.column(features, s, name)) {
            assertThat(value).isFinite();
          }
        }
        for (float value : FeatureStores.column(features, s, "empty")) {
          assertThat(value).isEqualTo(0.1f);
        }
        // Only now and then is the column "flat" missing; where it is not, nothing differs.
        for (float value : FeatureStores.column(features, s, "flat")) {
          assertThat(Float.isNaN(value) || value == 0).isTrue();
        }
      }
    }
  }

  @Test
  void makesFeaturesOfSeriesThatWereNotInTheTraining() {
    FittedFeatures fitted;
    try (SeriesStore store = FeatureStores.random(61, 3)) {
      fitted = FeatureStores.everything().fit(store, SPLIT, HORIZON);
    }
    try (SeriesStore later = FeatureStores.random(62, 9);
        SeriesStore features = fitted.apply(later)) {
      assertThat(features.seriesCount()).isEqualTo(9);
    }
  }

  @Test
  void refusesOtherColumnsAndAnotherTimeAxis() {
    try (SeriesStore store = FeatureStores.random(71)) {
      FittedFeatures fitted = FeatureStores.everything().fit(store, SPLIT, HORIZON);
      TimeAxis daily = TimeAxis.dates(Frequency.DAILY, LocalDate.of(2012, 10, 26));
      try (SeriesStore other =
          SeriesStore.builder(daily, store.channels(), store.constants())
              .add(SeriesKey.of("a"), 0, new float[7], new float[2])
              .build()) {
        assertRefused(fitted, other, "WEEKLY DATE", "DAILY DATE");
      }
      List<Constant> fewer = store.constants().subList(0, 1);
      try (SeriesStore other =
          SeriesStore.builder(store.axis(), store.channels(), fewer)
              .add(SeriesKey.of("a"), 0, new float[7], new float[1])
              .build()) {
        assertRefused(fitted, other, "brand CONSTANT CATEGORY", "price KNOWN NUMBER");
      }
    }
  }

  private static void assertRefused(FittedFeatures fitted, SeriesStore store, String... texts) {
    assertThatThrownBy(() -> fitted.apply(store))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageStartingWith("Cannot make features of this data: they were fitted on ")
        .hasMessageContainingAll(texts);
  }

  @Test
  void refusesStepsThatDoNotFitTheirColumns() {
    try (SeriesStore store = FeatureStores.random(81)) {
      FeaturePipeline empty = FeaturePipeline.empty();
      assertFitRefused(
          empty.standardise("pricee"),
          store,
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use standardise(pricee): there is no column \"pricee\" (known: units, price,");
      assertFitRefused(
          empty.minMax("weather"),
          store,
          ErrorCode.INVALID_SETTINGS,
          "Cannot use minMax(weather): \"weather\" is a category (expected: a number or a boolean)."
              + " Use categoryIndex");
      assertFitRefused(
          empty.lag("size", 1),
          store,
          ErrorCode.INVALID_SETTINGS,
          "Cannot use lag(size, 1): \"size\" is a constant");
      assertFitRefused(
          empty.copy("price", "units"),
          store,
          ErrorCode.INVALID_SETTINGS,
          "Cannot use copy(price, units): there is a column \"units\" already");
      assertFitRefused(
          empty.standardise("units_lag_1").lag("units", 1),
          store,
          ErrorCode.SCHEMA_MISMATCH,
          "put the step that makes it before this one");
    }
  }

  private static void assertFitRefused(
      FeaturePipeline pipeline, SeriesStore store, ErrorCode code, String text) {
    assertThatThrownBy(() -> pipeline.fit(store, SPLIT))
        .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  @Test
  void checksItsArguments() {
    FeaturePipeline empty = FeaturePipeline.empty();
    assertThatThrownBy(() -> empty.lag("units", 0)).hasMessage("lag of units: 0 (expected: >= 1)");
    assertThatThrownBy(() -> empty.rolling("units", RollingStatistic.MEAN, 0, 1))
        .hasMessage("window of units: 0 (expected: >= 1)");
    assertThatThrownBy(() -> empty.rolling("units", RollingStatistic.MEAN, 3, -1))
        .hasMessage("lag of units: -1 (expected: >= 0)");
    assertThatThrownBy(() -> Imputation.constant(1e300))
        .hasMessage("value: 1.0E300 (expected: a finite float)");
    assertThatThrownBy(() -> CategoryLimits.minCount(0)).hasMessage("minCount: 0 (expected: >= 1)");
    assertThatThrownBy(() -> empty.daysToEvent("x", 5, List.of()))
        .hasMessage("dates of x: [] (expected: at least one)");
    assertThatThrownBy(() -> empty.custom("x", Channel.Role.TARGET, (series, step) -> 0))
        .hasMessage("role of x: TARGET (expected: KNOWN or PAST)");
    Problems problems = new Problems();
    empty.lag("units", 1, 2, 1).calendar(CalendarField.MONTH).copy("x", " ").check(problems);
    assertThat(problems.all())
        .containsExactly(
            "feature lag(units, 1): \"units_lag_1\" is added twice (expected: once)",
            "feature copy(x,  ): column \"\" (expected: not blank)");
  }

  @Test
  void refusesDamagedJson() {
    try (SeriesStore store = FeatureStores.random(91)) {
      String json = FeatureStores.everything().fit(store, SPLIT, HORIZON).toJson();
      List<String> damaged = new ArrayList<>();
      damaged.add(json.substring(0, json.length() / 2));
      damaged.add(json.replace("\"scale\" :", "\"scael\" :"));
      damaged.add(json.replace("\"lag\" : 4", "\"lag\" : -4"));
      damaged.add(json.replace("\"step\" : \"copy\"", "\"step\" : \"kopy\""));
      damaged.add(json.replace("\"field\" : \"WEEK\"", "\"field\" : \"WEAK\""));
      damaged.add(json.replace("\"2008-12-25\"", "\"2008-13-25\""));
      for (String text : damaged) {
        assertThat(text).isNotEqualTo(json);
        assertThatThrownBy(() -> FittedFeatures.fromJson(text, "features.json"))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
            .hasMessageContaining("features.json");
      }
      assertThatThrownBy(
              () ->
                  FittedFeatures.fromJson(
                      json.replace("\"format\" : 1", "\"format\" : 7"), "features.json"))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
          .hasMessageContaining("they have format 7");
    }
  }

  @Test
  void doesNotWriteTheCodeOfCustomFeatures() {
    try (SeriesStore store = FeatureStores.random(101)) {
      FeaturePipeline pipeline =
          FeaturePipeline.empty()
              .custom("half", Channel.Role.PAST, (series, step) -> series.value("units", step) / 2);
      FittedFeatures fitted = pipeline.fit(store, SPLIT, HORIZON);
      assertThatThrownBy(() -> FittedFeatures.fromJson(fitted.toJson(), "features.json"))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
          .hasMessageContaining("the custom feature \"half\" is code, which is not saved");
      FittedFeatures loaded = FittedFeatures.fromJson(fitted.toJson(), "features.json", pipeline);
      assertThat(bits(loaded, store)).isEqualTo(bits(fitted, store));
    }
  }

  @Test
  void namesACustomFeatureThatFails() {
    try (SeriesStore store =
        FeatureStores.one(Channel.number("price", Channel.Role.PAST), 1, 2, 3)) {
      FeaturePipeline pipeline =
          FeaturePipeline.empty()
              .custom(
                  "broken",
                  Channel.Role.PAST,
                  (series, step) -> {
                    if (step == 1) {
                      throw new IllegalStateException("no");
                    }
                    return 0;
                  });
      FittedFeatures fitted = pipeline.fit(store, SPLIT);
      assertThatThrownBy(() -> fitted.apply(store))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
          .hasMessageContaining(
              "Cannot compute the custom feature \"broken\" of series a at 2012-11-02: its function"
                  + " failed with java.lang.IllegalStateException: no.");
    }
  }

  @Test
  void stopsWhenItIsTold() {
    try (SeriesStore store = FeatureStores.random(111, 3 * SeriesFrames.CHUNK)) {
      FittedFeatures fitted = FeatureStores.everything().fit(store, SPLIT, HORIZON);
      AtomicInteger chunks = new AtomicInteger();
      assertThatThrownBy(
              () ->
                  fitted.apply(
                      store,
                      2,
                      () -> {
                        if (chunks.incrementAndGet() == 2) {
                          throw new JobCancelledException("SIGTERM");
                        }
                      }))
          .isInstanceOf(JobCancelledException.class);
      assertThat(chunks.get()).isLessThanOrEqualTo(3);
    }
  }

  @Test
  void saysInItsSettingsWhatItDoes() {
    assertThat(
            FeaturePipeline.empty()
                .impute(Imputation.constant(2), "price")
                .categoryIndex(CategoryLimits.minCount(3).maxSize(9), "brand")
                .rolling("units", RollingStatistic.MEAN, 4, 8)
                .settings())
        .containsExactly(
            java.util.Map.entry("features.1", "impute(price, constant 2.0)"),
            java.util.Map.entry("features.2", "categoryIndex(brand, min count 3, max size 9)"),
            java.util.Map.entry("features.3", "rolling(units, MEAN, window 4, lag 8)"));
  }

  @Test
  void saysWhatItNeedsAndWhatItAdds() throws IOException {
    try (SeriesStore store = FeatureStores.random(121)) {
      FittedFeatures fitted =
          FeaturePipeline.empty().categoryIndex("weather").lag("units", 3).fit(store, SPLIT);
      assertThat(fitted.added()).containsExactly("units_lag_3");
      assertThat(fitted.takesUnknown("weather")).isTrue();
      assertThat(fitted.takesUnknown("brand")).isFalse();
      assertThat(fitted.channels()).isEqualTo(store.channels());
      assertThat(fitted.constants()).isEqualTo(store.constants());
      assertThat(fitted.horizon()).isZero();
    }
  }
}
