package io.hdl.data.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is fitted, held against a second computation of the same figures. */
class FittedStepsTest {
  private static final Split SPLIT = Split.last(3, 2);
  private static final float NAN = Float.NaN;
  private static final Channel PRICE = Channel.number("price", Channel.Role.PAST);

  private static SeriesStore apply(FeaturePipeline pipeline, SeriesStore store) {
    return pipeline.fit(store, Split.last(0, 0)).apply(store);
  }

  private static float[] price(FeaturePipeline pipeline, float... values) {
    try (SeriesStore store = FeatureStores.one(PRICE, values);
        SeriesStore features = apply(pipeline, store)) {
      return FeatureStores.column(features, 0, "price");
    }
  }

  @Test
  void fillsWithTheMedianTheMeanOrAConstant() {
    FeaturePipeline empty = FeaturePipeline.empty();
    assertThat(price(empty.impute(Imputation.median(), "price"), 9, NAN, 1, 2))
        .containsExactly(9, 2, 1, 2);
    assertThat(price(empty.impute(Imputation.median(), "price"), 9, NAN, 1, 2, 3))
        .containsExactly(9, 2.5f, 1, 2, 3);
    assertThat(price(empty.impute(Imputation.mean(), "price"), 9, NAN, 1, 2))
        .containsExactly(9, 4, 1, 2);
    assertThat(price(empty.impute(Imputation.constant(-1), "price"), 9, NAN, 1, 2))
        .containsExactly(9, -1, 1, 2);
  }

  @Test
  void fillsForwardWithinTheSeries() {
    FeaturePipeline fill = FeaturePipeline.empty().impute(Imputation.forwardFill(), "price");
    assertThat(price(fill, NAN, 3, NAN, NAN, 4, NAN)).containsExactly(NAN, 3, 3, 3, 4, 4);
  }

  @Test
  void bringsTheTrainingPartToACommonScale() {
    FeaturePipeline empty = FeaturePipeline.empty();
    assertThat(price(empty.standardise("price"), 2, 4, NAN, 4, 4, 5, 5, 7, 9))
        .containsExactly(-1.5f, -0.5f, NAN, -0.5f, -0.5f, 0, 0, 1, 2);
    assertThat(price(empty.minMax("price"), 2, 4, 6)).containsExactly(0, 0.5f, 1);
    // Quartiles of 1, 2, 3, 4 by interpolation: 1.75, 2.5, 3.25.
    assertThat(price(empty.robust("price"), 4, 1, 3, 2))
        .containsExactly(1, -1, (float) (0.5 / 1.5), (float) (-0.5 / 1.5));
  }

  @Test
  void leavesAColumnThatDoesNotDifferFinite() {
    for (FeaturePipeline pipeline :
        List.of(
            FeaturePipeline.empty().standardise("price"),
            FeaturePipeline.empty().minMax("price"),
            FeaturePipeline.empty().robust("price"))) {
      assertThat(price(pipeline, 7, 7, NAN)).containsExactly(0, 0, NAN);
      assertThat(price(pipeline, NAN, NAN)).containsExactly(NAN, NAN);
    }
    assertThat(price(FeaturePipeline.empty().standardise("price"), 0.1f, 0.1f, 0.1f))
        .containsOnly(0);
  }

  @Test
  void takesLogarithms() {
    float[] logs = price(FeaturePipeline.empty().log1p("price"), 0, 1, 1e-20f, -0.5f, NAN);
    assertThat(logs[0]).isZero();
    assertThat(logs[1]).isEqualTo(0.6931472f);
    assertThat(logs[2]).isEqualTo(1e-20f);
    assertThat(logs[3]).isEqualTo(-0.6931472f);
    assertThat(logs[4]).isNaN();
    float[] signed = price(FeaturePipeline.empty().signedLog1p("price"), -1, 1, 0, -3);
    assertThat(signed).containsExactly(-0.6931472f, 0.6931472f, 0, -1.3862944f);
  }

  @Test
  void refusesALogarithmThatDoesNotExist() {
    assertThatThrownBy(() -> price(FeaturePipeline.empty().log1p("price"), 1, -1))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessage(
            "Cannot compute log1p(price): the value of series a at 2012-11-02 is -1.0 (expected: >"
                + " -1). Use signedLog1p, or leave the column as it is.");
  }

  @Test
  void refusesToImputeFromNothing() {
    assertThatThrownBy(
            () -> price(FeaturePipeline.empty().impute(Imputation.median(), "price"), NAN, NAN))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_DATA))
        .hasMessageContaining("impute(price, median): \"price\" has no value in the training part");
  }

  @Test
  void refusesAValueBeyondTheRangeOfFloats() {
    assertThatThrownBy(
            () ->
                price(FeaturePipeline.empty().robust("price"), 0, 0, 1e-30f, 1e-30f, 1e-30f, 3e38f))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContainingAll("\"price\"", "of series a at 2012-11-30", "Infinity");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithASecondComputation(long seed) {
    try (SeriesStore store = FeatureStores.random(seed)) {
      for (String column : List.of("price", "temperature")) {
        List<Float> values = training(store, column);
        if (values.isEmpty()) {
          continue;
        }
        double mean = mean(values);
        double deviation = deviation(values);
        FeaturePipeline standard = FeaturePipeline.empty().standardise(column);
        Affine affine = (Affine) standard.fit(store, SPLIT).steps().get(0);
        assertThat(affine.location()).isCloseTo(mean, within(1e-12 * Math.max(1, Math.abs(mean))));
        assertThat(affine.scale())
            .isCloseTo(deviation == 0 ? 1 : deviation, within(1e-10 * Math.max(1, deviation)));

        Collections.sort(values);
        FeaturePipeline median = FeaturePipeline.empty().impute(Imputation.median(), column);
        Fill fill = (Fill) median.fit(store, SPLIT).steps().get(0);
        assertThat(fill.value()).isEqualTo(quantile(values, 0.5));
        double range = quantile(values, 0.75) - quantile(values, 0.25);
        Affine robust =
            (Affine) FeaturePipeline.empty().robust(column).fit(store, SPLIT).steps().get(0);
        assertThat(robust.location()).isEqualTo(quantile(values, 0.5));
        assertThat(robust.scale()).isEqualTo(range == 0 ? 1 : range);
        Affine minMax =
            (Affine) FeaturePipeline.empty().minMax(column).fit(store, SPLIT).steps().get(0);
        double extent = (double) values.get(values.size() - 1) - values.get(0);
        assertThat(minMax.location()).isEqualTo((double) values.get(0));
        assertThat(minMax.scale()).isEqualTo(extent == 0 ? 1 : extent);
      }
    }
  }

  /** The observed training values of a column, by the split's own definition. */
  private static List<Float> training(SeriesStore store, String column) {
    List<Float> values = new ArrayList<>();
    for (int s = 0; s < store.seriesCount(); s++) {
      int end = Math.max(0, store.targetEnd(s) - 5);
      for (float value : java.util.Arrays.copyOf(FeatureStores.column(store, s, column), end)) {
        if (!Float.isNaN(value)) {
          values.add(value);
        }
      }
    }
    return values;
  }

  private static double mean(List<Float> values) {
    return sum(values).divide(new BigDecimal(values.size()), MathContext.DECIMAL128).doubleValue();
  }

  private static BigDecimal sum(List<Float> values) {
    return values.stream().map(v -> new BigDecimal(v)).reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static double deviation(List<Float> values) {
    BigDecimal mean = sum(values).divide(new BigDecimal(values.size()), MathContext.DECIMAL128);
    return values.stream()
        .map(v -> new BigDecimal(v).subtract(mean).pow(2, MathContext.DECIMAL128))
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .divide(new BigDecimal(values.size()), MathContext.DECIMAL128)
        .sqrt(MathContext.DECIMAL128)
        .doubleValue();
  }

  private static double quantile(List<Float> sorted, double quantile) {
    double position = quantile * (sorted.size() - 1);
    int below = (int) position;
    double least = sorted.get(below);
    return below == position ? least : least + (position - below) * (sorted.get(below + 1) - least);
  }

  @Test
  void ranksNegativeNumbersAndZeros() {
    float[] filled =
        price(
            FeaturePipeline.empty().impute(Imputation.median(), "price"),
            -5,
            -1e30f,
            NAN,
            -0.25f,
            1e-40f,
            3e38f);
    assertThat(filled[2]).isEqualTo(-0.25f);
  }

  @Test
  void givesTheTextsOfTheTrainingPartACodeAndAllOthersThatOfTheUnknown() {
    Channel brand =
        new Channel("price", Channel.Role.PAST, Channel.Kind.CATEGORY, List.of("a", "b", "c", "d"));
    try (SeriesStore store = FeatureStores.one(brand, 3, 1, 1, 3, 0, NAN, 2)) {
      FeaturePipeline pipeline = FeaturePipeline.empty();
      Split split = Split.steps(5, 1, 1);
      assertThat(codes(pipeline.categoryIndex("price"), store, split, "<unknown>", "a", "b", "d"))
          .containsExactly(3, 2, 2, 3, 1, NAN, 0);
      assertThat(
              codes(
                  pipeline.categoryIndex(CategoryLimits.minCount(2), "price"),
                  store,
                  split,
                  "<unknown>",
                  "b",
                  "d"))
          .containsExactly(2, 1, 1, 2, 0, NAN, 0);
      assertThat(
              codes(
                  pipeline.categoryIndex(CategoryLimits.none().maxSize(1), "price"),
                  store,
                  split,
                  "<unknown>",
                  "b"))
          .containsExactly(0, 1, 1, 0, 0, NAN, 0);
    }
  }

  private static float[] codes(
      FeaturePipeline pipeline, SeriesStore store, Split split, String... categories) {
    try (SeriesStore features = pipeline.fit(store, split).apply(store)) {
      assertThat(features.channels().get(1).kind()).isEqualTo(Channel.Kind.CATEGORY);
      assertThat(features.channels().get(1).categories()).containsExactly(categories);
      return FeatureStores.column(features, 0, "price");
    }
  }

  @Test
  void indexesByTextWhateverCodesTheDataHas() {
    Channel trained =
        new Channel("price", Channel.Role.PAST, Channel.Kind.CATEGORY, List.of("a", "b"));
    Channel later =
        new Channel("price", Channel.Role.PAST, Channel.Kind.CATEGORY, List.of("A", "b", "c"));
    FittedFeatures fitted;
    try (SeriesStore store = FeatureStores.one(trained, 0, 1)) {
      fitted = FeaturePipeline.empty().categoryIndex("price").fit(store, Split.last(0, 0));
    }
    try (SeriesStore store = FeatureStores.one(later, 0, 1, 2);
        SeriesStore features = fitted.apply(store)) {
      assertThat(FeatureStores.column(features, 0, "price")).containsExactly(0, 2, 0);
    }
  }

  @Test
  void takesNumbersForTexts() {
    try (SeriesStore store = FeatureStores.one(PRICE, 3, 10, 0.5f, -0f, 3, NAN, 4)) {
      assertThat(
              codes(
                  FeaturePipeline.empty().categoryIndex("price"),
                  store,
                  Split.steps(6, 0, 1),
                  "<unknown>",
                  "0",
                  "0.5",
                  "10",
                  "3"))
          .containsExactly(4, 3, 2, 1, 4, NAN, 0);
    }
  }

  @Test
  void fitsEachStepOnWhatTheStepsBeforeItLeave() {
    // Filled with 2, the values are 1, 2, 2, 3: their mean is 2, their deviation the root of 0.5.
    FeaturePipeline pipeline =
        FeaturePipeline.empty().impute(Imputation.median(), "price").standardise("price");
    float[] values = price(pipeline, 1, NAN, 2, 3);
    assertThat(values).containsExactly((float) -Math.sqrt(2), 0, 0, (float) Math.sqrt(2));
  }

  @Test
  void standardisesConstantsOverTheSeriesWithATrainingPart() {
    try (SeriesStore store = FeatureStores.random(5, 9)) {
      FittedFeatures fitted = FeaturePipeline.empty().minMax("size").fit(store, SPLIT);
      double least = Double.MAX_VALUE;
      for (int s = 0; s < store.seriesCount(); s++) {
        if (store.targetEnd(s) > 5 && !Float.isNaN(store.constant(s, 0))) {
          least = Math.min(least, store.constant(s, 0));
        }
      }
      assertThat(((Affine) fitted.steps().get(0)).location()).isEqualTo(least);
      try (SeriesStore features = fitted.apply(store)) {
        int first = (int) least - 100;
        assertThat(features.constant(first, 0)).isZero();
        assertThat(features.constant(first, 1)).isEqualTo(store.constant(first, 1));
      }
    }
  }
}
