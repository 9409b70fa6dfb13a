package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScalerTest {
  private static final Split SPLIT = Split.last(4, 4);

  private static List<Float> figures(Scaler scaler, SeriesStore store) {
    List<Float> figures = new ArrayList<>();
    for (int s = 0; s < store.seriesCount(); s++) {
      for (int c = 0; c < store.channels().size(); c++) {
        figures.add(scaler.location(s, c));
        figures.add(scaler.scale(s, c));
      }
    }
    for (int c = 0; c < store.constants().size(); c++) {
      figures.add(scaler.constantLocation(c));
      figures.add(scaler.constantScale(c));
    }
    return figures;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void onlyTrainingValuesCount(long seed) {
    SeriesStore store = Stores.random(seed);
    SeriesStore later =
        Stores.changed(store, (s, step) -> step >= SPLIT.bounds(store, s).trainEnd());
    SeriesStore earlier =
        Stores.changed(store, (s, step) -> step < SPLIT.bounds(store, s).trainEnd());
    boolean anyTraining = false;
    for (int s = 0; s < store.seriesCount(); s++) {
      anyTraining |= SPLIT.bounds(store, s).trainEnd() > 0;
    }
    for (Scaling scaling : Scaling.values()) {
      List<Float> figures = figures(Scaler.fit(store, SPLIT, scaling), store);
      assertThat(figures(Scaler.fit(later, SPLIT, scaling), later))
          .as("seed %d, %s", seed, scaling)
          .isEqualTo(figures);
      if (anyTraining) {
        assertThat(figures(Scaler.fit(earlier, SPLIT, scaling), earlier))
            .as("seed %d, %s", seed, scaling)
            .isNotEqualTo(figures);
      }
    }
  }

  private static SeriesStore small() {
    float nan = Float.NaN;
    return SeriesStore.builder(
            TimeAxis.integers(),
            List.of(
                Channel.number("y", Channel.Role.TARGET),
                Channel.number("x", Channel.Role.KNOWN),
                new Channel("b", Channel.Role.PAST, Channel.Kind.BOOLEAN, List.of())),
            List.of())
        .add(
            SeriesKey.of("a"),
            0,
            new float[] {-2, 1, 0, nan, 2, 1, 4, 3, 1, 100, 100, 1},
            new float[0])
        .add(SeriesKey.of("b", "c"), 0, new float[] {7, 5, 1, 7, 100, 0}, new float[0])
        .add(SeriesKey.of("short"), 0, new float[] {50, 100, 1}, new float[0])
        .build();
  }

  @Test
  void meanDividesByTheMeanAbsoluteTarget() {
    Scaler scaler = Scaler.fit(small(), Split.last(0, 1), Scaling.MEAN);
    assertThat(scaler.location(0, 0)).isZero();
    assertThat(scaler.scale(0, 0)).isEqualTo(3f);
    assertThat(scaler.scale(1, 0)).isEqualTo(7f);
    // The third series has no training target: |-2|, |4| and |7| together.
    assertThat(scaler.scale(2, 0)).isEqualTo(13f / 3);
  }

  @Test
  void standardTakesMeanAndDeviationOfEachSeries() {
    Scaler scaler = Scaler.fit(small(), Split.last(0, 1), Scaling.STANDARD);
    assertThat(scaler.location(0, 0)).isEqualTo(1f);
    assertThat(scaler.scale(0, 0)).isEqualTo(3f);
    assertThat(scaler.location(1, 0)).isEqualTo(7f);
    assertThat(scaler.scale(1, 0)).as("a constant series").isEqualTo(1f);
  }

  @Test
  void covariatesAreStandardisedOverAllSeriesAndBooleansStayAsTheyAre() {
    Scaler scaler = Scaler.fit(small(), Split.last(0, 1), Scaling.NONE);
    // 1, 2, 3 of the first series and 5 of the second.
    assertThat(scaler.location(1, 1)).isCloseTo(2.75f, within(1e-6f));
    assertThat(scaler.scale(1, 1)).isCloseTo((float) Math.sqrt(2.1875), within(1e-6f));
    assertThat(scaler.location(0, 2)).isZero();
    assertThat(scaler.scale(0, 2)).isEqualTo(1f);
    assertThat(scaler.location(0, 0)).isZero();
    assertThat(scaler.scale(0, 0)).isEqualTo(1f);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void comesBackFromJsonToTheBit(long seed) {
    SeriesStore store = Stores.random(seed);
    Scaler scaler = Scaler.fit(store, SPLIT, Scaling.STANDARD);
    Map<String, Object> json = Json.readObject(Json.write(scaler.toJson()), "scaler");
    assertThat(figures(Scaler.fromJson(json, store), store)).isEqualTo(figures(scaler, store));
    assertThat(figures(Scaler.fromJson(scaler.toJson(), store), store))
        .isEqualTo(figures(scaler, store));
  }

  @Test
  void aSeriesThatItDoesNotKnowIsFittedOnItsOwnHistory() {
    SeriesStore store = small();
    Map<String, Object> json = Scaler.fit(store, Split.last(0, 1), Scaling.MEAN).toJson();
    SeriesStore other =
        SeriesStore.builder(store.axis(), store.channels(), store.constants())
            .add(SeriesKey.of("new"), 0, new float[] {10, 0, 0, 30, 0, 0}, new float[0])
            .add(SeriesKey.of("a"), 0, new float[] {10, 0, 0}, new float[0])
            .build();
    Scaler scaler = Scaler.fromJson(json, other);
    assertThat(scaler.scale(0, 0)).isEqualTo(20f);
    assertThat(scaler.scale(1, 0)).isEqualTo(3f);
  }

  @Test
  void refusesAStoreWithOtherChannels() {
    Map<String, Object> json = Scaler.fit(small(), SPLIT, Scaling.MEAN).toJson();
    assertThatThrownBy(() -> Scaler.fromJson(json, Stores.random(1)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.SCHEMA_MISMATCH))
        .hasMessageStartingWith("Cannot use the scaler: it was fitted on the channels [y, x, b]");
  }

  @Test
  void refusesWhatIsNoScaler() {
    assertThatThrownBy(() -> Scaler.fromJson(Map.of("target", "MEAN"), small()))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA));
  }
}
