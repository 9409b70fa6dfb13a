package io.hdl.train.metric;

import io.hdl.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Values that other implementations gave; {@code src/test/python} has the scripts. */
public record ReferenceValues(Map<String, Object> content) {
  /** Reads a resource beside a class. */
  public static ReferenceValues read(Class<?> beside, String name) {
    try (InputStream in = Objects.requireNonNull(beside.getResourceAsStream(name), name)) {
      return new ReferenceValues(
          Json.readObject(new String(in.readAllBytes(), StandardCharsets.UTF_8), name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The entries of a list of objects. */
  @SuppressWarnings("unchecked")
  public List<ReferenceValues> cases(String name) {
    return list(name).stream().map(one -> new ReferenceValues((Map<String, Object>) one)).toList();
  }

  /** A text. */
  public String text(String name) {
    return (String) value(name);
  }

  /** A number; NaN where there is none. */
  public double number(String name) {
    return toDouble(content.get(name));
  }

  /** A list of numbers. */
  public double[] numbers(String name) {
    return toDoubles(list(name));
  }

  /** A list of lists of numbers. */
  public double[][] rows(String name) {
    return list(name).stream().map(row -> toDoubles((List<?>) row)).toArray(double[][]::new);
  }

  /** A list of anything. */
  public List<?> list(String name) {
    return (List<?>) value(name);
  }

  private Object value(String name) {
    return Objects.requireNonNull(content.get(name), name);
  }

  private static double[] toDoubles(List<?> values) {
    return values.stream().mapToDouble(ReferenceValues::toDouble).toArray();
  }

  private static double toDouble(@Nullable Object value) {
    return value instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
