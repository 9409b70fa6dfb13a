package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeAxisTest {
  static List<TimeAxis> axes() {
    return List.of(
        TimeAxis.integers(),
        TimeAxis.dates(Frequency.DAILY, LocalDate.of(1969, 12, 30)),
        TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2012, 10, 26)),
        TimeAxis.dates(Frequency.MONTHLY, LocalDate.of(2012, 1, 31)),
        TimeAxis.dates(Frequency.MONTHLY, LocalDate.of(2012, 1, 1)),
        TimeAxis.timestamps(Frequency.HOURLY, Instant.parse("2012-10-26T05:30:00Z")),
        TimeAxis.timestamps(Frequency.DAILY, Instant.parse("2012-10-26T05:00:00Z")),
        TimeAxis.timestamps(Frequency.WEEKLY, Instant.parse("1969-10-26T05:00:00Z")),
        TimeAxis.localTimestamps(Frequency.HOURLY, LocalDateTime.of(2012, 10, 26, 5, 0)),
        TimeAxis.localTimestamps(Frequency.MONTHLY, LocalDateTime.of(2012, 10, 30, 5, 0)));
  }

  @ParameterizedTest
  @MethodSource("axes")
  void everyStepHasALabelOfItsOwnThatLeadsBack(TimeAxis axis) {
    String before = axis.label(-101);
    for (long step = -100; step < 3000; step += 1) {
      String label = axis.label(step);
      assertThat(label).isNotEqualTo(before);
      assertThat(axis.step(label)).isEqualTo(OptionalLong.of(step));
      assertThat(axis.stepAtOrAfter(label)).isEqualTo(OptionalLong.of(step));
      before = label;
    }
  }

  @ParameterizedTest
  @MethodSource("axes")
  void everyStepIsAMomentUnlessStepsAreNumbers(TimeAxis axis) {
    for (long step = -100; step < 3000; step += 7) {
      String label = axis.label(step);
      switch (axis.unit()) {
        case INTEGER -> assertThat(axis.moment(step)).isEmpty();
        case DATE -> assertThat(axis.moment(step)).contains(LocalDate.parse(label).atStartOfDay());
        case TIMESTAMP ->
            assertThat(axis.moment(step))
                .contains(LocalDateTime.ofInstant(Instant.parse(label), ZoneOffset.UTC));
        case LOCAL_TIMESTAMP -> assertThat(axis.moment(step)).contains(LocalDateTime.parse(label));
      }
    }
  }

  @Test
  void writesLabelsTheWayTheColumnShowsThem() {
    TimeAxis weekly = TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2012, 10, 26));
    long step = weekly.step("2012-10-26").getAsLong();
    assertThat(weekly.label(step)).isEqualTo("2012-10-26");
    assertThat(weekly.label(step + 1)).isEqualTo("2012-11-02");

    TimeAxis hourly = TimeAxis.timestamps(Frequency.HOURLY, Instant.parse("2012-10-26T05:00:00Z"));
    assertThat(hourly.label(hourly.step("2012-10-26T05:00:00Z").getAsLong() + 20))
        .isEqualTo("2012-10-27T01:00:00Z");

    TimeAxis local = TimeAxis.localTimestamps(Frequency.DAILY, LocalDateTime.of(2012, 2, 28, 6, 0));
    assertThat(local.label(local.step("2012-02-28T06:00:00").getAsLong() + 2))
        .isEqualTo("2012-03-01T06:00:00");

    assertThat(TimeAxis.integers().label(17)).isEqualTo("17");
  }

  @Test
  void monthEndsStayMonthEnds() {
    TimeAxis axis = TimeAxis.dates(Frequency.MONTHLY, LocalDate.of(2012, 1, 31));
    long january = axis.step("2012-01-31").getAsLong();
    assertThat(axis.label(january + 1)).isEqualTo("2012-02-29");
    assertThat(axis.label(january + 13)).isEqualTo("2013-02-28");
    assertThat(axis.label(january + 2)).isEqualTo("2012-03-31");
  }

  @Test
  void aLabelBetweenTwoStepsIsNoStepAndLeadsToTheNext() {
    TimeAxis axis = TimeAxis.dates(Frequency.WEEKLY, LocalDate.of(2012, 10, 26));
    assertThat(axis.step("2012-10-27")).isEmpty();
    assertThat(axis.stepAtOrAfter("2012-10-27")).isEqualTo(axis.step("2012-11-02"));
    TimeAxis monthly = TimeAxis.dates(Frequency.MONTHLY, LocalDate.of(2012, 1, 15));
    assertThat(monthly.stepAtOrAfter("2012-03-16")).isEqualTo(monthly.step("2012-04-15"));
    assertThat(monthly.stepAtOrAfter("2012-03-01")).isEqualTo(monthly.step("2012-03-15"));
  }

  @Test
  void aBareDateStandsForItsFirstMoment() {
    TimeAxis axis = TimeAxis.timestamps(Frequency.HOURLY, Instant.parse("2012-10-26T05:30:00Z"));
    assertThat(axis.stepAtOrAfter("2012-10-26")).isEqualTo(axis.step("2012-10-26T00:30:00Z"));
  }

  @Test
  void aMalformedLabelIsNoStep() {
    for (TimeAxis axis : axes()) {
      assertThat(axis.step("yesterday")).isEmpty();
      assertThat(axis.stepAtOrAfter("")).isEmpty();
    }
  }

  @Test
  void rejectsAFrequencyThatTheColumnCannotHave() {
    assertThatThrownBy(() -> TimeAxis.dates(Frequency.HOURLY, LocalDate.EPOCH))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("frequency: HOURLY (expected: one that goes with DATE)");
  }
}
