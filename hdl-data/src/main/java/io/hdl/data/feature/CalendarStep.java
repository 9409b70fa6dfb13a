package io.hdl.data.feature;

import io.hdl.data.series.Channel;
import io.hdl.data.series.TimeAxis;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;

/** A field of the calendar, or its place on the circle as two numbers; known ahead. */
record CalendarStep(CalendarField field, Form form) implements FittedStep {
  enum Form {
    NUMBER,
    CYCLIC
  }

  CalendarStep {
    if (form == Form.CYCLIC && !field.cyclic()) {
      throw new IllegalArgumentException("field: " + field + " (expected: one that is cyclic)");
    }
  }

  @Override
  public String text() {
    return (form == Form.NUMBER ? "calendar(" : "cyclic(") + field + ")";
  }

  @Override
  public List<String> reads() {
    return List.of();
  }

  @Override
  public List<String> writes() {
    return form == Form.NUMBER
        ? List.of(field.channel())
        : List.of(field.channel() + "_sin", field.channel() + "_cos");
  }

  @Override
  public Operation bind(Schema schema) {
    schema.requireTime(text());
    TimeAxis axis = schema.axis();
    if (axis.unit() == TimeAxis.Unit.INTEGER) {
      throw Schema.refused(
          text(),
          "the time column holds integers, which say nothing of a calendar",
          "Use a table with dates or timestamps, or leave it out.");
    }
    if (field == CalendarField.HOUR && axis.unit() == TimeAxis.Unit.DATE) {
      throw Schema.refused(
          text(), "the time column holds dates, which have no hour", "Leave it out.");
    }
    if (form == Form.NUMBER) {
      Channel.Kind kind =
          field == CalendarField.WEEKEND ? Channel.Kind.BOOLEAN : Channel.Kind.NUMBER;
      int at = add(schema, writes().get(0), kind);
      return StepTable.of(schema, moment -> field.value(moment)).into(at);
    }
    int sine = add(schema, writes().get(0), Channel.Kind.NUMBER);
    int cosine = add(schema, writes().get(1), Channel.Kind.NUMBER);
    // StrictMath gives the same bits on every machine; Math need not.
    Operation first =
        StepTable.of(schema, moment -> (float) StrictMath.sin(angle(moment))).into(sine);
    Operation second =
        StepTable.of(schema, moment -> (float) StrictMath.cos(angle(moment))).into(cosine);
    return frame -> {
      first.apply(frame);
      second.apply(frame);
    };
  }

  private double angle(LocalDateTime moment) {
    return 2 * Math.PI * field.turn(moment);
  }

  private int add(Schema schema, String name, Channel.Kind kind) {
    return schema.add(new Schema.Column(name, Schema.Place.KNOWN, kind, List.of()), text());
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json("step", "calendar", "field", field.name(), "form", form.name());
  }
}
