package io.hdl.tracking.outbox;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Brings keys and values within what MLflow keeps, with one warning per key, so that nothing is
 * refused or cut by surprise.
 *
 * <ul>
 *   <li>A key holds letters and digits of any script, {@code _ - . /} and blanks. Other characters
 *       become {@code _}; so do path segments that mean something else to a file system. At most
 *       {@value #MAX_KEY} characters; a longer one is cut and ends in a hash of the whole.
 *   <li>A param holds at most {@value #MAX_PARAM} characters, a tag {@value #MAX_TAG}; longer ones
 *       are cut.
 *   <li>An item whose key is blank is left out.
 * </ul>
 *
 * <p>Not thread-safe.
 */
final class ItemRules {
  static final int MAX_KEY = 250;
  static final int MAX_PARAM = 6000;
  static final int MAX_TAG = 8000;

  private final Consumer<String> warning;
  private final Map<String, Optional<String>> keys = new HashMap<>();
  private final Set<String> cut = new HashSet<>();

  /** Rules that report to the given place. */
  ItemRules(Consumer<String> warning) {
    this.warning = warning;
  }

  /** The item as it is to be kept; null if it is left out. */
  @Nullable Item fit(Item item) {
    if (item instanceof Item.Metric metric) {
      String key = key("metric", metric.key());
      return key == null || key.equals(metric.key())
          ? key == null ? null : metric
          : new Item.Metric(key, metric.value(), metric.timestamp(), metric.step());
    }
    if (item instanceof Item.Param param) {
      String key = key("param", param.key());
      return key == null
          ? null
          : new Item.Param(key, value("param", key, param.value(), MAX_PARAM));
    }
    if (item instanceof Item.Tag tag) {
      String key = key("tag", tag.key());
      return key == null ? null : new Item.Tag(key, value("tag", key, tag.value(), MAX_TAG));
    }
    return item;
  }

  /** What a key is kept as; itself if it cannot be kept. */
  static String keptAs(String key) {
    return fit(key).orElse(key);
  }

  private @Nullable String key(String kind, String key) {
    Optional<String> known = keys.get(key);
    if (known != null) {
      return known.orElse(null);
    }
    Optional<String> fit = fit(key);
    if (fit.isEmpty()) {
      warning.accept("A " + kind + " without a name was left out: MLflow needs a key.");
    } else if (!fit.get().equals(key)) {
      warning.accept(
          "The %s \"%s\" is kept in MLflow as \"%s\" (allowed: letters, digits, _ - . / and blanks, at most %d characters)."
              .formatted(kind, shorten(key, 300), fit.get(), MAX_KEY));
    }
    keys.put(key, fit);
    return fit.orElse(null);
  }

  private String value(String kind, String key, String value, int max) {
    if (value.length() <= max) {
      return value;
    }
    if (cut.add(kind + " " + key)) {
      warning.accept(
          "The value of %s \"%s\" has %d characters; MLflow keeps the first %d. Log it as an artifact to keep all of it."
              .formatted(kind, key, value.length(), max));
    }
    return shorten(value, max);
  }

  private static Optional<String> fit(String key) {
    if (key.isBlank()) {
      return Optional.empty();
    }
    StringBuilder fit = new StringBuilder(key.length());
    key.codePoints().forEach(c -> fit.appendCodePoint(allowed(c) ? c : '_'));
    String[] segments = fit.toString().split("/", -1);
    for (int i = 0; i < segments.length; i++) {
      if (segments[i].isEmpty() || segments[i].equals(".") || segments[i].equals("..")) {
        segments[i] = "_";
      }
    }
    String path = String.join("/", segments);
    if (path.length() > MAX_KEY) {
      String hash = Hashing.sha256().hashString(key, StandardCharsets.UTF_8).toString();
      path = shorten(path, MAX_KEY - 9) + "-" + hash.substring(0, 8);
    }
    return Optional.of(path);
  }

  /** What Python's {@code \w} takes, and the four marks and the blank that MLflow adds. */
  private static boolean allowed(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.' || c == '/' || c == ' ';
  }

  /** The beginning of a text, no surrogate pair cut in half. */
  static String shorten(String text, int max) {
    if (text.length() <= max) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
    return text.substring(0, end);
  }
}
