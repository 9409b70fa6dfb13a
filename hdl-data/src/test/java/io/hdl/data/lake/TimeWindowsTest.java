package io.hdl.data.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimeWindowsTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  @ParameterizedTest
  @CsvSource({
    // 2026-11-22 is a Sunday.
    "22:00-06:00, 2026-11-22T12:00:00Z, 2026-11-22T22:00:00Z",
    "22:00-06:00, 2026-11-22T05:59:59Z, 2026-11-22T05:59:59Z",
    "22:00-06:00, 2026-11-22T06:00:00Z, 2026-11-22T22:00:00Z",
    "9:00-17:00, 2026-11-22T18:00:00Z, 2026-11-23T09:00:00Z",
    "Sat-Sun 00:00-00:00, 2026-11-22T12:00:00Z, 2026-11-22T12:00:00Z",
    "Sat-Sun 00:00-00:00, 2026-11-23T00:00:00Z, 2026-11-28T00:00:00Z",
    "Fri-Mon 20:00-22:00, 2026-11-24T12:00:00Z, 2026-11-27T20:00:00Z",
    "Tue 01:00-02:00; Mon 03:00-04:00, 2026-11-22T12:00:00Z, 2026-11-23T03:00:00Z",
    "20:00-24:00, 2026-11-22T23:59:00Z, 2026-11-22T23:59:00Z",
  })
  void opensWhenItSays(String windows, Instant from, Instant open) {
    TimeWindows parsed = TimeWindows.parse(windows, ZoneOffset.UTC);
    assertThat(parsed.nextOpen(from)).isEqualTo(open);
    assertThat(parsed.isOpen(from)).isEqualTo(from.equals(open));
  }

  @Test
  void countsWorkWithinWindowsAlone() {
    TimeWindows nights = TimeWindows.daily(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneOffset.UTC);
    Instant noon = Instant.parse("2026-11-22T12:00:00Z");
    assertThat(nights.after(noon, Duration.ofHours(3)))
        .isEqualTo(Instant.parse("2026-11-23T01:00:00Z"));
    assertThat(nights.after(noon, Duration.ofHours(8)))
        .isEqualTo(Instant.parse("2026-11-23T06:00:00Z"));
    assertThat(nights.after(noon, Duration.ofHours(9)))
        .isEqualTo(Instant.parse("2026-11-23T23:00:00Z"));
    assertThat(TimeWindows.always().after(noon, Duration.ofHours(9)))
        .isEqualTo(Instant.parse("2026-11-22T21:00:00Z"));
  }

  @Test
  void countsOverlappingWindowsOnce() {
    TimeWindows windows =
        TimeWindows.parse("20:00-06:00; 22:00-04:00; 05:00-07:00", ZoneOffset.UTC);
    assertThat(windows.after(Instant.parse("2026-11-22T12:00:00Z"), Duration.ofMinutes(645)))
        .isEqualTo(Instant.parse("2026-11-23T06:45:00Z"));
  }

  @Test
  void goesByTheClockOnTheWall() {
    TimeWindows night = TimeWindows.parse("01:00-04:00", BERLIN);
    // The night in which clocks go back has four hours between one and four, the other one two.
    Instant autumn = Instant.parse("2026-10-24T20:00:00Z");
    assertThat(night.after(autumn, Duration.ofHours(4)))
        .isEqualTo(Instant.parse("2026-10-25T03:00:00Z"));
    Instant spring = Instant.parse("2026-03-28T20:00:00Z");
    assertThat(night.after(spring, Duration.ofHours(2)))
        .isEqualTo(Instant.parse("2026-03-29T02:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "22-6", "25:00-06:00", "Xyz 22:00-06:00", "22:00-06:00;", "Mon"})
  void refusesWhatIsNoWindow(String text) {
    assertThatThrownBy(() -> TimeWindows.parse(text, ZoneOffset.UTC))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith(
            "windows: \"" + text + "\" (expected: times of the day, as 22:00-06:00");
  }

  @Test
  void saysWhatItIs() {
    assertThat(TimeWindows.parse("Mon-Wed 20:00-06:00; 12:00-13:00", BERLIN))
        .hasToString("Mon,Tue,Wed 20:00-06:00; 12:00-13:00 Europe/Berlin");
    assertThat(TimeWindows.always()).hasToString("always");
  }
}
