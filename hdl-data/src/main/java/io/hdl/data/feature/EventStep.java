package io.hdl.data.feature;

import io.hdl.data.series.Channel;
import io.hdl.data.series.TimeAxis;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Days to the next of some dates, or since the last one; known ahead.
 *
 * @param maxDays what stands for more days, or for no such date
 */
record EventStep(String event, Direction direction, int maxDays, List<LocalDate> dates)
    implements FittedStep {
  enum Direction {
    TO,
    SINCE
  }

  EventStep {
    dates = List.copyOf(new TreeSet<>(dates));
    if (maxDays < 1) {
      throw new IllegalArgumentException("maxDays: " + maxDays + " (expected: >= 1)");
    }
    if (dates.isEmpty()) {
      throw new IllegalArgumentException("dates of " + event + ": [] (expected: at least one)");
    }
  }

  @Override
  public String text() {
    return (direction == Direction.TO ? "daysToEvent(" : "daysSinceEvent(")
        + event
        + ", "
        + maxDays
        + ", "
        + String.join(" ", dates.stream().map(LocalDate::toString).toList())
        + ")";
  }

  @Override
  public List<String> reads() {
    return List.of();
  }

  @Override
  public List<String> writes() {
    return List.of((direction == Direction.TO ? "days_to_" : "days_since_") + event);
  }

  @Override
  public Operation bind(Schema schema) {
    schema.requireTime(text());
    if (schema.axis().unit() == TimeAxis.Unit.INTEGER) {
      throw Schema.refused(
          text(),
          "the time column holds integers, which are no dates",
          "Use a table with dates or timestamps, or leave it out.");
    }
    int at =
        schema.add(
            new Schema.Column(writes().get(0), Schema.Place.KNOWN, Channel.Kind.NUMBER, List.of()),
            text());
    TreeSet<LocalDate> sorted = new TreeSet<>(dates);
    return StepTable.of(schema, moment -> days(sorted, moment.toLocalDate())).into(at);
  }

  private int days(TreeSet<LocalDate> sorted, LocalDate day) {
    LocalDate event = direction == Direction.TO ? sorted.ceiling(day) : sorted.floor(day);
    return event == null
        ? maxDays
        : (int) Math.min(maxDays, Math.abs(event.toEpochDay() - day.toEpochDay()));
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json(
        "step",
        "event",
        "event",
        event,
        "direction",
        direction.name(),
        "max_days",
        maxDays,
        "dates",
        dates.stream().map(LocalDate::toString).toList());
  }
}
