package io.hdl.data.column;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Turns vectors of values into floats, for what is not decoded to floats right away. */
public final class FloatForm {
  private FloatForm() {}

  /**
   * A vector in the form that is wanted.
   *
   * @throws IllegalArgumentException if floats are wanted of texts or bytes
   */
  public static ColumnVector of(ColumnVector vector, ColumnForm form) {
    if (form == ColumnForm.VALUE || vector instanceof ColumnVector.Floats) {
      return vector;
    }
    FloatBuffer floats =
        ByteBuffer.allocateDirect(vector.size() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int row = 0; row < vector.size(); row++) {
      floats.put(row, vector.isNull(row) ? Float.NaN : value(vector, row));
    }
    return new ColumnVector.Floats(floats);
  }

  private static float value(ColumnVector vector, int row) {
    if (vector instanceof ColumnVector.Longs longs) {
      return longs.value(row);
    }
    if (vector instanceof ColumnVector.Doubles doubles) {
      return (float) doubles.value(row);
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      BigDecimal value = decimals.value(row);
      return value == null ? Float.NaN : value.floatValue();
    }
    throw new IllegalArgumentException("no numbers in " + vector.getClass().getSimpleName());
  }
}
