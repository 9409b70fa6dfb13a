package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import java.util.Optional;
import java.util.OptionalDouble;

/** A covariate that a request supplies, as the number that stands for it. */
final class SuppliedValue {
  private SuppliedValue() {}

  /**
   * The number; empty if the source has none.
   *
   * @param channel says what kind of value is expected, and which codes categories have
   * @param time the step as the time column writes it
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if the value does not fit
   */
  static OptionalDouble of(KnownFuture source, SeriesKey key, Channel channel, String time) {
    Optional<?> supplied = source.value(key, channel.name(), time);
    if (supplied.isEmpty()) {
      return OptionalDouble.empty();
    }
    Object value = supplied.get();
    if (value instanceof Number number && channel.kind() != Channel.Kind.CATEGORY) {
      float converted = number.floatValue();
      boolean fits = channel.kind() == Channel.Kind.NUMBER || converted == 0 || converted == 1;
      if (Float.isFinite(converted) && fits) {
        return OptionalDouble.of(converted);
      }
    } else if (value instanceof Boolean flag && channel.kind() == Channel.Kind.BOOLEAN) {
      return OptionalDouble.of(flag ? 1 : 0);
    } else if (value instanceof String text && channel.kind() == Channel.Kind.CATEGORY) {
      int code = channel.categories().indexOf(text);
      if (code >= 0) {
        return OptionalDouble.of(code);
      }
    }
    throw new HdlException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot forecast series "
            + key
            + ": the value supplied for "
            + channel.name()
            + " at "
            + time
            + " is "
            + value
            + " (expected: "
            + expected(channel)
            + ").");
  }

  private static String expected(Channel channel) {
    return switch (channel.kind()) {
      case NUMBER -> "a finite number";
      case BOOLEAN -> "true, false, 0 or 1";
      case CATEGORY -> "one of " + channel.categories();
    };
  }
}
