package io.hdl.data.row;

import io.hdl.data.column.ColumnVector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns the vector of one feature or label into floats: numbers as they are, texts as codes; NaN
 * where missing, not finite or not in the vocabulary. Immutable and thread-safe.
 */
final class RowValues {
  private final Map<String, Integer> codes = new HashMap<>();

  /** The values of a column; its texts have their index in the vocabulary for a code. */
  RowValues(List<String> vocabulary) {
    for (String text : vocabulary) {
      codes.put(text, codes.size());
    }
  }

  /** The values of all rows of a vector. */
  float[] of(ColumnVector column) {
    float[] values = new float[column.size()];
    if (column instanceof ColumnVector.Floats floats) {
      floats.copyTo(0, values, 0, values.length);
      for (int row = 0; row < values.length; row++) {
        values[row] = Float.isFinite(values[row]) ? values[row] : Float.NaN;
      }
    } else if (column instanceof ColumnVector.Texts texts) {
      float[] ofTexts = new float[texts.dictionary().size()];
      for (int i = 0; i < ofTexts.length; i++) {
        Integer code = codes.get(texts.dictionary().get(i));
        ofTexts[i] = code == null ? Float.NaN : code;
      }
      for (int row = 0; row < values.length; row++) {
        values[row] = texts.isNull(row) ? Float.NaN : ofTexts[texts.code(row)];
      }
    } else {
      throw new IllegalArgumentException("no values in " + column.getClass().getSimpleName());
    }
    return values;
  }
}
