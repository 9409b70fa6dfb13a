package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The times of the week in which something may be done, as when a link is little used.
 *
 * <pre>{@code
 * TimeWindows nights = TimeWindows.parse("22:00-06:00; Sat-Sun 00:00-00:00", zone);
 * }</pre>
 *
 * <p>A window belongs to the day on which it begins, and ends on the next day where its end is not
 * after its beginning. Where clocks are moved, it is the clock on the wall that counts. A value;
 * immutable.
 */
public final class TimeWindows {
  private static final Pattern WINDOW =
      Pattern.compile(
          "(?:([A-Za-z]{3})(?:-([A-Za-z]{3}))?\\s+)?(\\d{1,2}:\\d{2})\\s*-\\s*(\\d{1,2}:\\d{2})");

  /** Beyond this many days nothing is looked for. */
  private static final int HORIZON_DAYS = 3650;

  private final List<Window> windows;
  private final ZoneId zone;

  private record Window(Set<DayOfWeek> days, LocalTime from, LocalTime to) {}

  /** A stretch of time in which a window is open. */
  private record Stretch(Instant from, Instant to) {}

  private TimeWindows(List<Window> windows, ZoneId zone) {
    this.windows = List.copyOf(windows);
    this.zone = zone;
  }

  /** All the time. */
  public static TimeWindows always() {
    return new TimeWindows(List.of(), ZoneId.of("UTC"));
  }

  /**
   * A window each day.
   *
   * @param from its beginning
   * @param to its end; on the next day if it is not after the beginning
   */
  public static TimeWindows daily(LocalTime from, LocalTime to, ZoneId zone) {
    return new TimeWindows(List.of(new Window(EnumSet.allOf(DayOfWeek.class), from, to)), zone);
  }

  /** These, and a window that begins on some days of the week. */
  public TimeWindows and(Set<DayOfWeek> days, LocalTime from, LocalTime to) {
    List<Window> more = new ArrayList<>(windows);
    more.add(new Window(Set.copyOf(days), from, to));
    return new TimeWindows(more, zone);
  }

  /**
   * Windows in words: {@code 22:00-06:00}, or {@code Mon-Fri 20:00-06:00; Sat-Sun 00:00-00:00}.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if it is nothing of the kind
   */
  public static TimeWindows parse(String text, ZoneId zone) {
    TimeWindows all = new TimeWindows(List.of(), zone);
    for (String each : text.split(";", -1)) {
      Matcher match = WINDOW.matcher(each.strip());
      try {
        if (!match.matches()) {
          throw new DateTimeException("no window");
        }
        all = all.and(days(match.group(1), match.group(2)), time(match, 3), time(match, 4));
      } catch (DateTimeException | IllegalArgumentException e) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "windows: \""
                + text
                + "\" (expected: times of the day, as 22:00-06:00, or with days, as"
                + " Mon-Fri 20:00-06:00; Sat-Sun 00:00-00:00)",
            e);
      }
    }
    return all;
  }

  private static LocalTime time(Matcher match, int group) {
    String text = match.group(group);
    return text.equals("24:00")
        ? LocalTime.MIDNIGHT
        : LocalTime.parse("0".repeat(5 - text.length()) + text);
  }

  private static Set<DayOfWeek> days(String first, String last) {
    if (first == null) {
      return EnumSet.allOf(DayOfWeek.class);
    }
    DayOfWeek from = day(first);
    DayOfWeek to = last == null ? from : day(last);
    Set<DayOfWeek> days = EnumSet.of(from);
    for (DayOfWeek day = from; day != to; day = day.plus(1)) {
      days.add(day.plus(1));
    }
    return days;
  }

  private static DayOfWeek day(String text) {
    return Arrays.stream(DayOfWeek.values())
        .filter(day -> day.name().startsWith(text.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(text));
  }

  /** Whether a window is open. */
  public boolean isOpen(Instant at) {
    return nextOpen(at).equals(at);
  }

  /** When a window is open first, from a time on: that time itself if one is open then. */
  public Instant nextOpen(Instant from) {
    return after(from, Duration.ZERO);
  }

  /**
   * When something is done that begins at a time and takes so long while windows are open.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if it is not done within ten years
   */
  public Instant after(Instant from, Duration work) {
    if (windows.isEmpty()) {
      return from.plus(work);
    }
    Duration left = work;
    Instant at = from;
    LocalDate day = from.atZone(zone).toLocalDate().minusDays(1);
    for (int i = 0; i < HORIZON_DAYS; i++) {
      for (Stretch stretch : stretches(day.plusDays(i))) {
        Instant begin = stretch.from().isAfter(at) ? stretch.from() : at;
        if (begin.isBefore(stretch.to())) {
          Duration open = Duration.between(begin, stretch.to());
          if (left.compareTo(open) < 0 || (left.equals(open) && !left.isZero())) {
            return begin.plus(left);
          }
          left = left.minus(open);
          at = stretch.to();
        }
      }
    }
    throw new HdlException(
        ErrorCode.INVALID_ARGUMENT,
        "windows: "
            + this
            + " (expected: windows in which "
            + work
            + " of work are done some day)");
  }

  /** The windows that begin on a day, in the order of their beginning. */
  private List<Stretch> stretches(LocalDate day) {
    List<Stretch> stretches = new ArrayList<>();
    for (Window window : windows) {
      if (window.days().contains(day.getDayOfWeek())) {
        LocalDate end = window.to().isAfter(window.from()) ? day : day.plusDays(1);
        stretches.add(
            new Stretch(
                ZonedDateTime.of(day, window.from(), zone).toInstant(),
                ZonedDateTime.of(end, window.to(), zone).toInstant()));
      }
    }
    stretches.sort((one, other) -> one.from().compareTo(other.from()));
    return stretches;
  }

  @Override
  public String toString() {
    if (windows.isEmpty()) {
      return "always";
    }
    StringBuilder text = new StringBuilder();
    for (Window window : windows) {
      text.append(text.isEmpty() ? "" : "; ");
      if (window.days().size() < 7) {
        text.append(
            window.days().stream()
                .sorted()
                .map(
                    day ->
                        day.name().substring(0, 1)
                            + day.name().substring(1, 3).toLowerCase(Locale.ROOT))
                .reduce((one, other) -> one + "," + other)
                .orElse("never"));
        text.append(' ');
      }
      text.append(window.from()).append('-').append(window.to());
    }
    return text.append(' ').append(zone).toString();
  }
}
