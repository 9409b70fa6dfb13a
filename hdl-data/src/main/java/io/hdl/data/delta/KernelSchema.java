package io.hdl.data.delta;

import io.delta.kernel.types.BasePrimitiveType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.TimestampType;
import io.hdl.data.column.ColumnType;

/** Types of columns as Delta Kernel's, for writing. */
final class KernelSchema {
  private KernelSchema() {}

  /** Kernel's type, for the types that are written. */
  static BasePrimitiveType kernelType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> BooleanType.BOOLEAN;
      case INTEGER -> IntegerType.INTEGER;
      case LONG -> LongType.LONG;
      case FLOAT -> FloatType.FLOAT;
      case DOUBLE -> DoubleType.DOUBLE;
      case STRING -> StringType.STRING;
      case DATE -> DateType.DATE;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case BYTE, SHORT, DECIMAL, BINARY, TIMESTAMP_NTZ, STRUCT, OTHER ->
          throw new IllegalArgumentException(type.toString());
    };
  }
}
