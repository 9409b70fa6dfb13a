package io.hdl.core.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("2026-11-06T08:49:07Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | PT0S",
        "120 | PT2M",
        " 7  | PT7S",
        "Fri, 06 Nov 2026 08:49:37 GMT | PT30S",
        "fri, 06 nov 2026 08:49:37 gmt | PT30S",
        "Friday, 06-Nov-26 08:49:37 GMT | PT30S",
        "Fri Nov  6 08:49:37 2026 | PT30S",
        "Sun, 06 Nov 1994 08:49:37 GMT | PT0S",
        "Sunday, 06-Nov-94 08:49:37 GMT | PT0S",
        "Thu Nov 26 08:49:07 2026 | PT480H",
      })
  void readsSecondsAndAllThreeFormsOfHttpDates(String header, Duration expected) {
    assertThat(RetryAfter.parse(header, NOW)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "soon", "-3", "1.5", "99999999999", "Fri, 31 Feb 2026 08:49:37 GMT"})
  void givesNothingForOtherValues(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isEmpty();
  }
}
