package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.SeriesKey;
import java.time.LocalDateTime;
import java.util.Optional;

/**
 * What a {@link FeatureFunction} sees of a series: its columns as the steps before in the pipeline
 * left them. Valid during the call only; belongs to one thread.
 */
public final class SeriesView {
  private final Frame frame;
  private final Schema schema;

  SeriesView(Frame frame, Schema schema) {
    this.frame = frame;
    this.schema = schema;
  }

  /** Names the series. */
  public SeriesKey key() {
    return frame.key();
  }

  /** Number of steps, the known future included. */
  public int steps() {
    return frame.steps();
  }

  /** Number of steps up to the last observed target. */
  public int targetEnd() {
    return frame.targetEnd();
  }

  /**
   * The moment of a step, also of one before or after the series; empty where steps are numbers.
   */
  public Optional<LocalDateTime> moment(int step) {
    return schema.axis().moment(frame.firstStep() + step);
  }

  /**
   * A value; NaN if it is missing or the step lies outside the series.
   *
   * @param column a channel or a constant of the series, or a feature that comes before this one
   * @param step any step; not looked at for constants
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if there is no such column
   */
  public float value(String column, int step) {
    int index = schema.index(column);
    if (index < 0) {
      throw schema.unknown(column, "a custom feature");
    }
    if (schema.column(index).place() == Schema.Place.CONSTANT) {
      return frame.column(index)[0];
    }
    return step < 0 || step >= frame.steps() ? Float.NaN : frame.column(index)[step];
  }
}
