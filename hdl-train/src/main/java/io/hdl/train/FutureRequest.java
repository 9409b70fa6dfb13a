package io.hdl.train;

import com.google.errorprone.annotations.CheckReturnValue;
import io.hdl.data.series.SeriesKey;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Asks a {@link Forecaster} for the steps after a table's end. Immutable. */
@CheckReturnValue
public final class FutureRequest {
  private final List<SeriesKey> keys;
  private final KnownFuture known;

  private FutureRequest(List<SeriesKey> keys, KnownFuture known) {
    this.keys = List.copyOf(keys);
    this.known = known;
  }

  /** All series with enough history; covariates known ahead come from the table alone. */
  public static FutureRequest all() {
    return new FutureRequest(List.of(), (key, column, time) -> Optional.empty());
  }

  /** Certain series, in this order. */
  public static FutureRequest of(SeriesKey... keys) {
    return of(List.of(keys));
  }

  /**
   * Certain series, in this order.
   *
   * @param keys at least one
   * @throws IllegalArgumentException if there is none
   */
  public static FutureRequest of(List<SeriesKey> keys) {
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("keys: [] (expected: at least one; all() asks for all)");
    }
    return new FutureRequest(keys, all().known);
  }

  /** The same request with a source for covariates that the table does not hold. */
  public FutureRequest known(KnownFuture source) {
    return new FutureRequest(keys, Objects.requireNonNull(source, "source"));
  }

  /** The series asked for; empty for all. */
  public List<SeriesKey> keys() {
    return keys;
  }

  /** The source for covariates that the table does not hold. */
  public KnownFuture known() {
    return known;
  }
}
