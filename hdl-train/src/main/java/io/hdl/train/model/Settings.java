package io.hdl.train.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads a model's settings from their texts, and checks their ranges. */
final class Settings {
  private Settings() {}

  static int integer(Map<String, String> settings, String name) {
    return Integer.parseInt(Models.setting(settings, name));
  }

  static double number(Map<String, String> settings, String name) {
    return Double.parseDouble(Models.setting(settings, name));
  }

  static Centering centering(Map<String, String> settings) {
    return Centering.valueOf(Models.setting(settings, "centering"));
  }

  /** A list such as {@code 4,2,1}. */
  static <T> List<T> list(Map<String, String> settings, String name, Function<String, T> parse) {
    return Arrays.stream(Models.setting(settings, name).split(",", -1)).map(parse).toList();
  }

  /** The inverse of {@link #list}. */
  static <T> String text(List<T> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  static void atLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  /** Checks a probability of dropout. */
  static void dropout(double value) {
    if (!(value >= 0 && value < 1)) {
      throw new IllegalArgumentException("dropout: " + value + " (expected: >= 0 and < 1)");
    }
  }
}
