package io.hdl.train.optim;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads and writes the settings of a value that is known by its name. */
final class NamedSettings {
  private static final String NAME = "name";

  private final String what;
  private final Map<String, String> settings;
  private final Set<String> asked = new LinkedHashSet<>(Set.of(NAME));

  private NamedSettings(String what, Map<String, String> settings) {
    this.what = what;
    this.settings = settings;
  }

  static NamedSettings of(String what, Map<String, String> settings) {
    return new NamedSettings(what, settings);
  }

  /** The settings of a value: its name first. */
  static Map<String, String> map(String name, Consumer<Map<String, String>> rest) {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(NAME, name);
    rest.accept(settings);
    return settings;
  }

  String name() {
    return settings.getOrDefault(NAME, "");
  }

  HdlException unknown(String known) {
    return refused("there is no " + what + " \"" + name() + "\" (known: " + known + ")", null);
  }

  /** Reads all settings; one that is not asked for is a mistake. */
  <T> T read(Function<NamedSettings, T> reader) {
    T value;
    try {
      value = reader.apply(this);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw refused(String.valueOf(e.getMessage()), e);
    }
    Set<String> unknown = new LinkedHashSet<>(settings.keySet());
    unknown.removeAll(asked);
    if (!unknown.isEmpty()) {
      throw refused(name() + " has no setting " + unknown + " (known: " + asked + ")", null);
    }
    return value;
  }

  double number(String name, double otherwise) {
    String text = text(name);
    try {
      return text.isEmpty() ? otherwise : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + text + " (expected: a number)", e);
    }
  }

  long integer(String name, long otherwise) {
    String text = text(name);
    try {
      return text.isEmpty() ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": " + text + " (expected: a whole number)", e);
    }
  }

  <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
    String text = text(name);
    try {
      return text.isEmpty() ? otherwise : Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          name
              + ": "
              + text
              + " (expected: one of "
              + Arrays.toString(type.getEnumConstants()).toLowerCase(Locale.ROOT)
              + ")",
          e);
    }
  }

  private String text(String name) {
    asked.add(name);
    return settings.getOrDefault(name, "").strip();
  }

  private HdlException refused(String why, @Nullable Throwable cause) {
    return new HdlException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot make a " + what + " from " + settings + ": " + why,
        cause);
  }
}
