package io.hdl.data.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowFeaturesTest {
  private static final List<FeatureColumn> COLUMNS =
      List.of(
          FeatureColumn.number("amount"),
          new FeatureColumn("country", Channel.Kind.CATEGORY, List.of("de", "fr", "us")),
          FeatureColumn.number("age"));
  private static final FeaturePipeline PIPELINE =
      FeaturePipeline.empty()
          .copy("amount", "log_amount")
          .log1p("log_amount")
          .standardise("log_amount")
          .robust("amount")
          .categoryIndex(CategoryLimits.none().maxSize(2), "country")
          .impute(Imputation.median(), "age")
          .minMax("age");

  private static float[] rows(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count * 3];
    for (int row = 0; row < count; row++) {
      values[3 * row] = random.nextInt(9) == 0 ? Float.NaN : random.nextFloat() * 1000;
      values[3 * row + 1] = random.nextInt(10) == 0 ? 2 : random.nextInt(2);
      values[3 * row + 2] = random.nextInt(5) == 0 ? Float.NaN : 18 + random.nextInt(60);
    }
    return values;
  }

  private static FeatureRows of(float[] values, int batch) {
    return new FeatureRows() {
      @Override
      public List<FeatureColumn> columns() {
        return COLUMNS;
      }

      @Override
      public void read(Batch into) {
        for (int from = 0; from < values.length / 3; from += batch) {
          int count = Math.min(batch, values.length / 3 - from);
          into.take(FloatBuffer.wrap(values, from * 3, count * 3).slice(), count);
        }
      }
    };
  }

  private static float[] apply(FittedRowFeatures fitted, float[] values) {
    FittedRowFeatures.RowTransform transform = fitted.transform(COLUMNS);
    int rows = values.length / 3;
    FloatBuffer into = FloatBuffer.allocate(rows * transform.columns().size());
    transform.apply(FloatBuffer.wrap(values), rows, into);
    return into.array();
  }

  @Test
  void makesFeaturesOfRows() {
    float[] values = {0, 0, 20, 10, 1, Float.NaN, 30, 0, 40, 20, 1, 30};
    FittedRowFeatures fitted = PIPELINE.fit(of(values, 3));
    assertThat(fitted.transform(COLUMNS).columns())
        .extracting(FeatureColumn::name)
        .containsExactly("amount", "country", "age", "log_amount");
    assertThat(fitted.transform(COLUMNS).columns().get(1).categories())
        .containsExactly("<unknown>", "de", "fr");
    float[] features = apply(fitted, new float[] {15, 2, Float.NaN, 30, 0, 20});
    // Quartiles of 0, 10, 20, 30: 7.5, 15, 22.5. Ages 20, 30, 40: median 30; filled, 20 to 40.
    assertThat(features[0]).isZero();
    assertThat(features[1]).isZero();
    assertThat(features[2]).isEqualTo(0.5f);
    assertThat(features[4]).isEqualTo(1);
    assertThat(features[5]).isEqualTo(1);
    assertThat(features[6]).isZero();
    double mean = (Math.log1p(10) + Math.log1p(30) + Math.log1p(20)) / 4;
    double squares =
        Math.pow(mean, 2)
            + Math.pow(Math.log1p(10) - mean, 2)
            + Math.pow(Math.log1p(20) - mean, 2)
            + Math.pow(Math.log1p(30) - mean, 2);
    assertThat((double) features[7])
        .isCloseTo(
            (Math.log1p(30) - mean) / Math.sqrt(squares / 4),
            org.assertj.core.api.Assertions.within(1e-6));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void givesTheSameBitsHoweverTheRowsAreCutAndAfterItWasLoaded(long seed) {
    float[] values = rows(seed, 5000);
    FittedRowFeatures fitted = PIPELINE.fit(of(values, 5000));
    for (int batch : new int[] {1, 7, 1024}) {
      assertThat(PIPELINE.fit(of(values, batch)).toJson()).isEqualTo(fitted.toJson());
    }
    FittedRowFeatures loaded = FittedRowFeatures.fromJson(fitted.toJson(), "test");
    float[] other = rows(seed + 50, 1000);
    float[] expected = apply(fitted, other);
    float[] found = apply(loaded, other);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(found[i])).isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }

  @Test
  void findsTheMedianOfNumbersOfEverySize() {
    Random random = new Random(17);
    float[] values = new float[3 * 60_001];
    for (int i = 0; i < values.length; i++) {
      float value = Float.intBitsToFloat(random.nextInt());
      values[i] = i % 3 == 1 ? 0 : Float.isFinite(value) ? value : Float.NaN;
    }
    float[] ages = new float[values.length / 3];
    for (int row = 0; row < ages.length; row++) {
      ages[row] = values[3 * row + 2];
    }
    Arrays.sort(ages);
    int count = (int) IntStream.range(0, ages.length).filter(i -> !Float.isNaN(ages[i])).count();
    double low = ages[(count - 1) / 2];
    double high = ages[count / 2];
    FeaturePipeline pipeline = FeaturePipeline.empty().impute(Imputation.median(), "age");
    String json = pipeline.fit(of(values, 1000)).toJson();
    assertThat(json).contains("\"value\" : " + (low + 0.5 * (high - low)));
  }

  @Test
  void refusesStepsOverTime() {
    FeatureRows rows = of(rows(1, 10), 5);
    for (FeaturePipeline pipeline :
        List.of(
            FeaturePipeline.empty().lag("amount", 1),
            FeaturePipeline.empty().calendar(CalendarField.MONTH),
            FeaturePipeline.empty().daysToEvent("x", 3, List.of(java.time.LocalDate.EPOCH)),
            FeaturePipeline.empty().impute(Imputation.forwardFill(), "amount"),
            FeaturePipeline.empty().rolling("amount", RollingStatistic.SUM, 2, 0),
            FeaturePipeline.empty().custom("x", Channel.Role.PAST, (series, step) -> 0))) {
      assertThatThrownBy(() -> pipeline.fit(rows))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
          .hasMessageContaining("rows have no order in time");
    }
  }

  @Test
  void refusesOtherColumnsAndDamagedJson() {
    FittedRowFeatures fitted = PIPELINE.fit(of(rows(1, 100), 10));
    assertThatThrownBy(() -> fitted.transform(COLUMNS.subList(0, 2)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageContaining("age NUMBER");
    assertThatThrownBy(() -> FittedRowFeatures.fromJson("{\"format\":1}", "rows.json"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("rows.json");
    assertThatThrownBy(() -> PIPELINE.fit(of(new float[] {-1, 0, 1}, 1)))
        .hasMessageContaining("in row 0 of its batch is -1.0");
  }
}
