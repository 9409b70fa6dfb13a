package io.hdl.data.feature;

import java.util.List;
import java.util.Map;

/** A copy of a column; of the target, what is known of it: the past. */
record CopyStep(String column, String as) implements FittedStep {
  @Override
  public String text() {
    return "copy(" + column + ", " + as + ")";
  }

  @Override
  public List<String> reads() {
    return List.of(column);
  }

  @Override
  public List<String> writes() {
    return List.of(as);
  }

  @Override
  public Operation bind(Schema schema) {
    int from = schema.find(column, text());
    Schema.Column source = schema.column(from);
    Schema.Place place = source.place() == Schema.Place.TARGET ? Schema.Place.PAST : source.place();
    int at = schema.add(new Schema.Column(as, place, source.kind(), source.categories()), text());
    return frame -> System.arraycopy(frame.column(from), 0, frame.column(at), 0, frame.size(from));
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json("step", "copy", "column", column, "as", as);
  }
}
