package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/** Reads one column of one row group, batch after batch. Belongs to one thread. */
abstract class VectorReader implements AutoCloseable {
  /** Reads the value that a column reader stands at. */
  interface AsLong {
    long read(ColumnReader reader);
  }

  /** Reads the value that a column reader stands at. */
  interface AsDouble {
    double read(ColumnReader reader);
  }

  /** Reads the value that a column reader stands at. */
  interface AsDecimal {
    BigDecimal read(ColumnReader reader);
  }

  /**
   * Reads the next rows.
   *
   * @param rows number of rows in the file
   * @param left which of them to keep, ascending; null for all
   */
  abstract ColumnVector read(int rows, int @Nullable [] left);

  /** Passes over rows. */
  void skip(long rows) {
    for (long done = 0; done < rows; done += ColumnDecoder.BATCH_ROWS) {
      read((int) Math.min(ColumnDecoder.BATCH_ROWS, rows - done), new int[0]);
    }
  }

  /** Checks, after the last row was read, that the column does not go on. */
  void finish() {}

  @Override
  public void close() {}

  static VectorReader of(
      FileColumn column, ColumnDescriptor descriptor, ColumnReader reader, Path file) {
    Conversions conversions = new Conversions(descriptor.getPrimitiveType());
    ColumnType.Kind kind = column.type().kind();
    VectorReader made =
        switch (kind) {
          case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ ->
              LongReader.of(descriptor, reader, conversions.toLong(kind));
          case FLOAT, DOUBLE -> DoubleReader.of(descriptor, reader, conversions.toDouble(kind));
          case DECIMAL ->
              DecimalReader.of(descriptor, reader, conversions.toDecimal(column.type().scale()));
          case STRING ->
              conversions.isBinary() ? new TextReader(descriptor, reader, column.type()) : null;
          case BINARY -> conversions.isBinary() ? new BinaryReader(descriptor, reader) : null;
          case STRUCT, OTHER -> null;
        };
    if (made == null) {
      throw mismatch(column, descriptor, file);
    }
    return made;
  }

  static HdlException mismatch(FileColumn column, ColumnDescriptor descriptor, Path file) {
    return new HdlException(
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot read column \""
            + column.name()
            + "\" of "
            + file
            + " as "
            + column.type()
            + ": the file holds "
            + descriptor.getPrimitiveType()
            + ". Rewrite the file with the table's type.");
  }

  /** A reader that gives nothing but nulls. */
  static VectorReader absent(FileColumn column) {
    return new VectorReader() {
      @Override
      ColumnVector read(int rows, int @Nullable [] left) {
        return ConstantVectors.nulls(column.type(), left == null ? rows : left.length);
      }
    };
  }

  /** Walks over the rows of a batch and tells which values to keep, and where. */
  abstract static class Leaf extends VectorReader {
    private final ColumnReader reader;
    private final int present;

    Leaf(ColumnDescriptor descriptor, ColumnReader reader) {
      this.reader = reader;
      this.present = descriptor.getMaxDefinitionLevel();
    }

    abstract void value(int at, ColumnReader from);

    abstract void missing(int at);

    final void walk(int rows, int @Nullable [] left) {
      int at = 0;
      for (int row = 0; row < rows; row++) {
        if (left == null || (at < left.length && left[at] == row)) {
          if (reader.getCurrentDefinitionLevel() == present) {
            value(at, reader);
          } else {
            missing(at);
          }
          at++;
        } else if (reader.getCurrentDefinitionLevel() == present) {
          reader.skip();
        }
        reader.consume();
      }
    }
  }

  private static final class LongReader extends Leaf {
    private final AsLong conversion;
    private long[] values = new long[0];
    private boolean @Nullable [] nulls;

    private LongReader(ColumnDescriptor descriptor, ColumnReader reader, AsLong conversion) {
      super(descriptor, reader);
      this.conversion = conversion;
    }

    static @Nullable VectorReader of(
        ColumnDescriptor descriptor, ColumnReader reader, @Nullable AsLong conversion) {
      return conversion == null ? null : new LongReader(descriptor, reader, conversion);
    }

    @Override
    void value(int at, ColumnReader from) {
      values[at] = conversion.read(from);
    }

    @Override
    void missing(int at) {
      if (nulls == null) {
        nulls = new boolean[values.length];
      }
      nulls[at] = true;
    }

    @Override
    ColumnVector read(int rows, int @Nullable [] left) {
      values = new long[left == null ? rows : left.length];
      nulls = null;
      walk(rows, left);
      return new ColumnVector.Longs(values, nulls);
    }
  }

  private static final class DoubleReader extends Leaf {
    private final AsDouble conversion;
    private double[] values = new double[0];
    private boolean @Nullable [] nulls;

    private DoubleReader(ColumnDescriptor descriptor, ColumnReader reader, AsDouble conversion) {
      super(descriptor, reader);
      this.conversion = conversion;
    }

    static @Nullable VectorReader of(
        ColumnDescriptor descriptor, ColumnReader reader, @Nullable AsDouble conversion) {
      return conversion == null ? null : new DoubleReader(descriptor, reader, conversion);
    }

    @Override
    void value(int at, ColumnReader from) {
      values[at] = conversion.read(from);
    }

    @Override
    void missing(int at) {
      if (nulls == null) {
        nulls = new boolean[values.length];
      }
      nulls[at] = true;
    }

    @Override
    ColumnVector read(int rows, int @Nullable [] left) {
      values = new double[left == null ? rows : left.length];
      nulls = null;
      walk(rows, left);
      return new ColumnVector.Doubles(values, nulls);
    }
  }

  private static final class DecimalReader extends Leaf {
    private final AsDecimal conversion;
    private @Nullable BigDecimal[] values = new BigDecimal[0];

    private DecimalReader(ColumnDescriptor descriptor, ColumnReader reader, AsDecimal conversion) {
      super(descriptor, reader);
      this.conversion = conversion;
    }

    static @Nullable VectorReader of(
        ColumnDescriptor descriptor, ColumnReader reader, @Nullable AsDecimal conversion) {
      return conversion == null ? null : new DecimalReader(descriptor, reader, conversion);
    }

    @Override
    void value(int at, ColumnReader from) {
      values[at] = conversion.read(from);
    }

    @Override
    void missing(int at) {}

    @Override
    ColumnVector read(int rows, int @Nullable [] left) {
      values = new @Nullable BigDecimal[left == null ? rows : left.length];
      walk(rows, left);
      return new ColumnVector.Decimals(values);
    }
  }

  private static final class TextReader extends Leaf {
    private final ColumnType type;
    private int[] codes = new int[0];
    private List<String> dictionary = List.of();
    private Map<Binary, Integer> known = Map.of();
    // Dictionary pages give the same object for the same text: most lookups end here.
    private @Nullable Binary last;
    private int lastCode;

    TextReader(ColumnDescriptor descriptor, ColumnReader reader, ColumnType type) {
      super(descriptor, reader);
      this.type = type;
    }

    @Override
    @SuppressWarnings(
        "ReferenceEquality") // a short cut: equal texts in two objects are found below
    void value(int at, ColumnReader from) {
      Binary text = from.getBinary();
      if (text != last) {
        Integer code = known.get(text);
        if (code == null) {
          code = dictionary.size();
          dictionary.add(type.padded(text.toStringUsingUTF8()));
          known.put(text.copy(), code);
        }
        last = text;
        lastCode = code;
      }
      codes[at] = lastCode;
    }

    @Override
    void missing(int at) {
      codes[at] = -1;
    }

    @Override
    ColumnVector read(int rows, int @Nullable [] left) {
      codes = new int[left == null ? rows : left.length];
      dictionary = new ArrayList<>();
      known = new HashMap<>();
      last = null;
      walk(rows, left);
      return new ColumnVector.Texts(codes, dictionary);
    }
  }

  private static final class BinaryReader extends Leaf {
    private byte[] @Nullable [] values = new byte[0][];

    BinaryReader(ColumnDescriptor descriptor, ColumnReader reader) {
      super(descriptor, reader);
    }

    @Override
    void value(int at, ColumnReader from) {
      byte[] bytes = from.getBinary().getBytes();
      values[at] = Arrays.copyOf(bytes, bytes.length);
    }

    @Override
    void missing(int at) {}

    @Override
    ColumnVector read(int rows, int @Nullable [] left) {
      values = new byte[left == null ? rows : left.length][];
      walk(rows, left);
      return new ColumnVector.Binaries(values);
    }
  }
}
