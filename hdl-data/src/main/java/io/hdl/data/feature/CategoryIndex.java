package io.hdl.data.feature;

import io.hdl.data.series.Channel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Codes for the texts of the training part: 0 for any other text, then the vocabulary in order.
 * Missing stays missing.
 */
record CategoryIndex(String column, List<String> vocabulary) implements FittedStep {
  /** Stands for code 0. */
  static final String UNKNOWN = "<unknown>";

  CategoryIndex {
    vocabulary = List.copyOf(vocabulary);
  }

  @Override
  public String text() {
    return "categoryIndex(" + column + ")";
  }

  @Override
  public List<String> reads() {
    return List.of(column);
  }

  @Override
  public List<String> writes() {
    return List.of(column);
  }

  @Override
  public Operation bind(Schema schema) {
    int at = schema.change(column, text());
    Schema.Column before = schema.column(at);
    List<String> categories = new ArrayList<>();
    categories.add(UNKNOWN);
    categories.addAll(vocabulary);
    schema.replace(
        at, new Schema.Column(before.name(), before.place(), Channel.Kind.CATEGORY, categories));
    Map<String, Integer> codes = new HashMap<>();
    for (int i = 0; i < vocabulary.size(); i++) {
      codes.put(vocabulary.get(i), i + 1);
    }
    if (before.kind() != Channel.Kind.CATEGORY) {
      Map<Float, Integer> numbers = new HashMap<>();
      vocabulary.forEach(text -> putNumber(numbers, text, codes));
      return frame -> translate(frame, at, value -> numbers.getOrDefault(value + 0f, 0));
    }
    float[] translation = new float[before.categories().size()];
    for (int code = 0; code < translation.length; code++) {
      translation[code] = codes.getOrDefault(before.categories().get(code), 0);
    }
    return frame ->
        translate(
            frame,
            at,
            value -> value >= 0 && value < translation.length ? translation[(int) value] : 0);
  }

  @FunctionalInterface
  private interface Translation {
    float of(float value);
  }

  private static void translate(Frame frame, int at, Translation translation) {
    float[] values = frame.column(at);
    for (int i = 0; i < frame.size(at); i++) {
      if (!Float.isNaN(values[i])) {
        values[i] = translation.of(values[i]);
      }
    }
  }

  private static void putNumber(
      Map<Float, Integer> numbers, String text, Map<String, Integer> codes) {
    try {
      numbers.put(Float.parseFloat(text) + 0f, codes.get(text));
    } catch (NumberFormatException e) {
      // The vocabulary of another column kind: no number is this text.
      numbers.putIfAbsent(Float.NaN, 0);
    }
  }

  /** A number as a text that names it: {@code 3} for 3, {@code 0.5} for 0.5. */
  static String text(float number) {
    long whole = (long) number;
    return whole == number && Math.abs(whole) < 1 << 24
        ? Long.toString(whole)
        : Float.toString(number);
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json("step", "category_index", "column", column, "vocabulary", vocabulary);
  }
}
