package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SplitTest {
  private static final TimeAxis DAYS = TimeAxis.dates(Frequency.DAILY, LocalDate.of(2020, 1, 1));

  /** Series a of 10 days from January 1, series b of 6 days from January 5 and two future days. */
  private static SeriesStore store() {
    long first = DAYS.step("2020-01-01").getAsLong();
    float nan = Float.NaN;
    return SeriesStore.builder(DAYS, List.of(Channel.number("y", Channel.Role.TARGET)), List.of())
        .add(SeriesKey.of("a"), first, new float[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, new float[0])
        .add(SeriesKey.of("b"), first + 4, new float[] {1, nan, 3, 4, 5, 6, nan, nan}, new float[0])
        .build();
  }

  static List<Split> splits() {
    return List.of(
        Split.last(2, 3),
        Split.last(0, 0),
        Split.last(100, 2),
        Split.last(2, 100),
        Split.steps(3, 2, 1),
        Split.steps(0, 0, 0),
        Split.steps(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
        Split.at("2020-01-06", "2020-01-08"),
        Split.at("2019-01-06", "2019-01-06"),
        Split.at("2030-01-06", "2031-01-06"));
  }

  @Test
  void lastCountsFromEachSeriesOwnEnd() {
    assertThat(Split.last(2, 3).bounds(store(), 0)).isEqualTo(new Split.Bounds(5, 7, 10));
    assertThat(Split.last(2, 3).bounds(store(), 1)).isEqualTo(new Split.Bounds(1, 3, 6));
  }

  @Test
  void stepsCountFromEachSeriesStart() {
    assertThat(Split.steps(5, 2, 1).bounds(store(), 0)).isEqualTo(new Split.Bounds(5, 7, 8));
    assertThat(Split.steps(5, 2, 1).bounds(store(), 1)).isEqualTo(new Split.Bounds(5, 6, 6));
  }

  @Test
  void knowsWhichPartsItAsksFor() {
    assertThat(Split.last(2, 3).asksFor(Part.VALIDATION)).isTrue();
    assertThat(Split.last(0, 3).asksFor(Part.VALIDATION)).isFalse();
    assertThat(Split.last(2, 0).asksFor(Part.TEST)).isFalse();
    assertThat(Split.steps(5, 0, 1).asksFor(Part.VALIDATION)).isFalse();
    assertThat(Split.steps(5, 0, 1).asksFor(Part.TEST)).isTrue();
    assertThat(Split.steps(0, 1, 1).asksFor(Part.TRAIN)).isFalse();
    assertThat(Split.at("2020-01-06", "2020-01-06").asksFor(Part.VALIDATION)).isFalse();
    assertThat(Split.at("2020-01-06", "2020-01-08").asksFor(Part.VALIDATION)).isTrue();
    assertThat(Split.at("2020-01-06", "2020-01-06").asksFor(Part.TEST)).isTrue();
  }

  @Test
  void atCutsByTheCalendar() {
    Split split = Split.at("2020-01-06", "2020-01-08");
    assertThat(split.bounds(store(), 0)).isEqualTo(new Split.Bounds(5, 7, 10));
    assertThat(split.bounds(store(), 1)).isEqualTo(new Split.Bounds(1, 3, 6));
  }

  @ParameterizedTest
  @MethodSource("splits")
  void everyStepOfTheHistoryBelongsToOnePartAtMost(Split split) {
    SeriesStore store = store();
    for (int s = 0; s < store.seriesCount(); s++) {
      Split.Bounds bounds = split.bounds(store, s);
      for (int step = 0; step < store.length(s); step++) {
        int parts = 0;
        for (Part part : Part.values()) {
          parts += step >= bounds.start(part) && step < bounds.end(part) ? 1 : 0;
        }
        boolean history = step < store.targetEnd(s);
        boolean after = split instanceof Split.Steps && step >= bounds.testEnd();
        assertThat(parts).as("series %d step %d", s, step).isEqualTo(history && !after ? 1 : 0);
      }
    }
  }

  @Test
  void refusesALabelThatTheTimeColumnCannotHold() {
    assertThatThrownBy(() -> Split.at("soon", "2020-01-08").bounds(store(), 0))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessage(
            "split validationFrom: \"soon\" (expected: what the time column holds, as in"
                + " 2020-01-01)");
  }

  @Test
  void refusesATestPartThatBeginsBeforeValidation() {
    assertThatThrownBy(() -> Split.at("2020-01-08", "2020-01-06").bounds(store(), 0))
        .isInstanceOf(HdlException.class)
        .hasMessage("split testFrom: 2020-01-06 (expected: not before validationFrom 2020-01-08)");
  }

  @Test
  void rejectsNegativeCounts() {
    assertThatThrownBy(() -> Split.last(-1, 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("split validation: -1 (expected: >= 0)");
  }
}
