package io.hdl.data.series;

import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads any vector as float32. Null is NaN; so is what is not finite, which is counted.
 * Thread-safe.
 */
final class NumberReader {
  private final @Nullable CategoryCodes categories;
  private final LongAdder notFinite = new LongAdder();

  /** A reader of one column, with codes if it holds texts. */
  NumberReader(@Nullable CategoryCodes categories) {
    this.categories = categories;
  }

  long notFinite() {
    return notFinite.sum();
  }

  float[] read(ColumnVector column) {
    float[] values = new float[column.size()];
    if (column instanceof ColumnVector.Longs longs) {
      for (int row = 0; row < values.length; row++) {
        values[row] = longs.isNull(row) ? Float.NaN : longs.value(row);
      }
    } else if (column instanceof ColumnVector.Doubles doubles) {
      long wrong = 0;
      for (int row = 0; row < values.length; row++) {
        float value = doubles.isNull(row) ? Float.NaN : (float) doubles.value(row);
        if (!Float.isFinite(value) && !doubles.isNull(row)) {
          value = Float.NaN;
          wrong++;
        }
        values[row] = value;
      }
      notFinite.add(wrong);
    } else if (column instanceof ColumnVector.Decimals decimals) {
      for (int row = 0; row < values.length; row++) {
        BigDecimal value = decimals.value(row);
        values[row] = value == null ? Float.NaN : finite(value.floatValue());
      }
    } else if (column instanceof ColumnVector.Texts texts && categories != null) {
      float[] codes = categories.provisional(texts.dictionary());
      for (int row = 0; row < values.length; row++) {
        values[row] = texts.isNull(row) ? Float.NaN : codes[texts.code(row)];
      }
    } else {
      throw new IllegalArgumentException("no numbers in " + column.getClass().getSimpleName());
    }
    return values;
  }

  private float finite(float value) {
    if (Float.isFinite(value)) {
      return value;
    }
    notFinite.increment();
    return Float.NaN;
  }
}
