package io.hdl.train.optim;

import io.hdl.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What PyTorch 2.7.1 does, in float64: {@code reference.json}, made by {@code reference.py}. */
final class TorchReference {
  private static final Map<String, Object> ALL = read();

  private TorchReference() {}

  static List<Double> numbers(String... path) {
    Object found = ALL;
    for (String name : path) {
      found = Objects.requireNonNull(((Map<?, ?>) found).get(name), name);
    }
    return ((List<?>) found).stream().map(number -> ((Number) number).doubleValue()).toList();
  }

  private static Map<String, Object> read() {
    try (InputStream json = TorchReference.class.getResourceAsStream("reference.json")) {
      byte[] bytes = Objects.requireNonNull(json, "reference.json").readAllBytes();
      return Json.readObject(new String(bytes, StandardCharsets.UTF_8), "reference.json");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
