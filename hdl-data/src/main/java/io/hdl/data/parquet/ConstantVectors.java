package io.hdl.data.parquet;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;

/** Vectors of nulls, for columns that a file does not have. */
final class ConstantVectors {
  private ConstantVectors() {}

  static ColumnVector nulls(ColumnType type, int rows) {
    boolean[] nulls = new boolean[rows];
    Arrays.fill(nulls, true);
    return switch (type.kind()) {
      case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
          new ColumnVector.Longs(new long[rows], nulls);
      case FLOAT, DOUBLE -> new ColumnVector.Doubles(new double[rows], nulls);
      case DECIMAL -> new ColumnVector.Decimals(new BigDecimal[rows]);
      case STRING -> {
        int[] codes = new int[rows];
        Arrays.fill(codes, -1);
        yield new ColumnVector.Texts(codes, List.of());
      }
      case BINARY -> new ColumnVector.Binaries(new byte[rows][]);
      case STRUCT, OTHER -> throw new IllegalArgumentException(type.toString());
    };
  }
}
