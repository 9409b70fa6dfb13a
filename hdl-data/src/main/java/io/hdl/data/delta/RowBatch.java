package io.hdl.data.delta;

import io.delta.kernel.data.ColumnVector;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of values in the form in which Delta Kernel takes them. Belongs to one thread. */
final class RowBatch implements ColumnarBatch {
  private static final int ROWS = 1 << 14;

  private final List<Column> columns;
  private final List<@Nullable Object[]> rows;
  private final int[] positions;

  private RowBatch(List<Column> columns, List<@Nullable Object[]> rows, int[] positions) {
    this.columns = columns;
    this.rows = rows;
    this.positions = positions;
  }

  static StructType schemaOf(List<Column> columns) {
    StructType schema = new StructType();
    for (Column column : columns) {
      checkWritable(column);
      schema = schema.add(column.name(), KernelSchema.kernelType(column.type()));
    }
    return schema;
  }

  static void checkWritable(Column column) {
    if (classOf(column.type()) == null) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot write column \""
              + column.name()
              + "\": its type "
              + column.type()
              + " is not written (expected: boolean, integer, long, float, double, string, date or"
              + " timestamp).");
    }
  }

  private static @Nullable Class<?> classOf(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> Boolean.class;
      case INTEGER -> Integer.class;
      case LONG -> Long.class;
      case FLOAT -> Float.class;
      case DOUBLE -> Double.class;
      case STRING -> String.class;
      case DATE -> LocalDate.class;
      case TIMESTAMP -> Instant.class;
      case BYTE, SHORT, DECIMAL, BINARY, TIMESTAMP_NTZ, STRUCT, OTHER -> null;
    };
  }

  static Literal literal(ColumnType type, @Nullable Object value) {
    if (value == null) {
      return Literal.ofNull(KernelSchema.kernelType(type));
    }
    return switch (type.kind()) {
      case BOOLEAN -> Literal.ofBoolean((Boolean) value);
      case INTEGER -> Literal.ofInt((Integer) value);
      case LONG -> Literal.ofLong((Long) value);
      case FLOAT -> Literal.ofFloat((Float) value);
      case DOUBLE -> Literal.ofDouble((Double) value);
      case STRING -> Literal.ofString((String) value);
      case DATE -> Literal.ofDate(days(value));
      case TIMESTAMP -> Literal.ofTimestamp(micros(value));
      case BYTE, SHORT, DECIMAL, BINARY, TIMESTAMP_NTZ, STRUCT, OTHER ->
          throw new IllegalArgumentException(type.toString());
    };
  }

  private static int days(Object value) {
    return Math.toIntExact(((LocalDate) value).toEpochDay());
  }

  private static long micros(Object value) {
    Instant instant = (Instant) value;
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  @Override
  public StructType getSchema() {
    return schemaOf(columns);
  }

  @Override
  public ColumnVector getColumnVector(int ordinal) {
    return new Values(columns.get(ordinal).type(), rows, positions[ordinal]);
  }

  @Override
  public int getSize() {
    return rows.size();
  }

  @Override
  public ColumnarBatch withDeletedColumnAt(int ordinal) {
    List<Column> left = new ArrayList<>(columns);
    left.remove(ordinal);
    int[] at = new int[left.size()];
    for (int i = 0; i < at.length; i++) {
      at[i] = positions[i < ordinal ? i : i + 1];
    }
    return new RowBatch(left, rows, at);
  }

  /** One column of the rows. */
  private static final class Values implements ColumnVector {
    private final ColumnType type;
    private final List<@Nullable Object[]> rows;
    private final int position;

    Values(ColumnType type, List<@Nullable Object[]> rows, int position) {
      this.type = type;
      this.rows = rows;
      this.position = position;
    }

    @Override
    public DataType getDataType() {
      return KernelSchema.kernelType(type);
    }

    @Override
    public int getSize() {
      return rows.size();
    }

    @Override
    public void close() {}

    @Override
    public boolean isNullAt(int rowId) {
      return rows.get(rowId)[position] == null;
    }

    private Object value(int rowId) {
      return Objects.requireNonNull(rows.get(rowId)[position]);
    }

    @Override
    public boolean getBoolean(int rowId) {
      return (Boolean) value(rowId);
    }

    @Override
    public int getInt(int rowId) {
      Object value = value(rowId);
      return type.kind() == ColumnType.Kind.DATE ? days(value) : (Integer) value;
    }

    @Override
    public long getLong(int rowId) {
      Object value = value(rowId);
      return type.kind() == ColumnType.Kind.TIMESTAMP ? micros(value) : (Long) value;
    }

    @Override
    public float getFloat(int rowId) {
      return (Float) value(rowId);
    }

    @Override
    public double getDouble(int rowId) {
      return (Double) value(rowId);
    }

    @Override
    public String getString(int rowId) {
      return (String) value(rowId);
    }
  }

  /** Cuts rows into batches and checks each value on the way. */
  static final class Source implements CloseableIterator<FilteredColumnarBatch> {
    private final List<Column> columns;
    private final Class<?>[] classes;
    private final Iterator<@Nullable Object[]> rows;
    private final int[] positions;
    private long row;

    Source(List<Column> columns, Iterable<@Nullable Object[]> rows) {
      this.columns = columns;
      this.rows = rows.iterator();
      this.positions = new int[columns.size()];
      this.classes = new Class<?>[columns.size()];
      for (int i = 0; i < positions.length; i++) {
        positions[i] = i;
        classes[i] = Objects.requireNonNull(classOf(columns.get(i).type()));
      }
    }

    ColumnType type(String name) {
      return columns.get(position(name)).type();
    }

    private int position(String name) {
      return columns.stream().map(Column::name).toList().indexOf(name);
    }

    /** All rows by the values of their partition columns, partitions in order of appearance. */
    Map<List<@Nullable Object>, List<@Nullable Object[]>> byPartition(List<String> names) {
      int[] at = names.stream().mapToInt(this::position).toArray();
      Map<List<@Nullable Object>, List<@Nullable Object[]>> partitions = new LinkedHashMap<>();
      while (rows.hasNext()) {
        @Nullable Object[] values = checked(rows.next());
        List<@Nullable Object> partition = new ArrayList<>();
        for (int position : at) {
          partition.add(values[position]);
        }
        partitions.computeIfAbsent(partition, p -> new ArrayList<>()).add(values);
      }
      return partitions;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public FilteredColumnarBatch next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      List<@Nullable Object[]> batch = new ArrayList<>();
      while (batch.size() < ROWS && rows.hasNext()) {
        batch.add(checked(rows.next()));
      }
      return new FilteredColumnarBatch(new RowBatch(columns, batch, positions), Optional.empty());
    }

    private @Nullable Object[] checked(@Nullable Object[] values) {
      if (values.length != classes.length) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT,
            "row " + row + ": " + values.length + " values (expected: " + classes.length + ")");
      }
      for (int i = 0; i < values.length; i++) {
        Object value = values[i];
        if (value != null && !classes[i].isInstance(value)) {
          throw new HdlException(
              ErrorCode.INVALID_ARGUMENT,
              "row "
                  + row
                  + ", column \""
                  + columns.get(i).name()
                  + "\": a "
                  + value.getClass().getSimpleName()
                  + " (expected: "
                  + classes[i].getSimpleName()
                  + ")");
        }
      }
      row++;
      return values;
    }

    @Override
    public void close() {}
  }
}
