package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The natural logarithm of 1 plus a value, or the same with the value's sign. */
record Logarithm(String column, Form form) implements FittedStep {
  enum Form {
    /** ln(1 + x); values of -1 and below are refused. */
    PLAIN,
    /** sign(x) ln(1 + |x|). */
    SIGNED
  }

  @Override
  public String text() {
    return (form == Form.PLAIN ? "log1p(" : "signedLog1p(") + column + ")";
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
    schema.requireNumber(at, text());
    schema.replace(at, schema.column(at).number());
    return frame -> {
      float[] values = frame.column(at);
      for (int i = 0; i < frame.size(at); i++) {
        values[i] = of(frame, at, i, values[i]);
      }
    };
  }

  // StrictMath gives the same bits on every machine; Math need not.
  private float of(Frame frame, int at, int i, float value) {
    if (form == Form.SIGNED) {
      return (float) Math.copySign(StrictMath.log1p(Math.abs((double) value)), value);
    }
    if (value <= -1) {
      throw new HdlException(
          ErrorCode.INVALID_DATA,
          "Cannot compute "
              + text()
              + ": the value "
              + frame.where(at, i)
              + " is "
              + value
              + " (expected: > -1). Use signedLog1p, or leave the column as it is.");
    }
    return (float) StrictMath.log1p(value);
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json(
        "step", "log1p", "column", column, "form", form.name().toLowerCase(Locale.ROOT));
  }
}
