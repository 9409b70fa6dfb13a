package io.hdl.core.retry;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the HTTP header {@code Retry-After} (RFC 9110, sections 10.2.3 and 5.6.7). */
public final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private RetryAfter() {}

  /**
   * How long a service asks to be left alone.
   *
   * @param header the header's value: seconds, or an HTTP date in any of its three forms
   * @param now the wall clock, for dates
   * @return the time to wait, zero for a date in the past; empty if the value is neither form
   */
  public static Optional<Duration> parse(String header, Instant now) {
    String value = header.strip();
    if (SECONDS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    for (DateTimeFormatter format : formats(now)) {
      Optional<Instant> at = parse(value, format);
      if (at.isPresent()) {
        Duration wait = Duration.between(now, at.get());
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
      }
    }
    return Optional.empty();
  }

  private static Optional<Instant> parse(String value, DateTimeFormatter format) {
    try {
      return Optional.of(LocalDateTime.parse(value, format).toInstant(ZoneOffset.UTC));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** IMF-fixdate, and the two that recipients must take: RFC 850 and asctime. */
  private static List<DateTimeFormatter> formats(Instant now) {
    int year = now.atZone(ZoneOffset.UTC).getYear();
    return List.of(
        format("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
        new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEEE, dd-MMM-")
            // Two digits: a year that seems to lie more than 50 years ahead is in the past.
            .appendValueReduced(ChronoField.YEAR, 2, 2, year - 49)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH),
        format("EEE MMM ppd HH:mm:ss yyyy"));
  }

  private static DateTimeFormatter format(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH);
  }
}
