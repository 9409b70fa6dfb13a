package io.hdl.data.row;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.feed.Permutation;
import io.hdl.data.series.Part;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Decides which part each row of a batch belongs to, from its key, its content or its time alone.
 * Immutable and thread-safe.
 */
final class RowParts {
  /** A row of no part. */
  static final byte NONE = -1;

  /** How many parts there are. */
  static final int COUNT = 3;

  private static final byte TRAIN = 0;
  private static final byte VALIDATION = 1;
  private static final byte TEST = 2;
  private static final long MICROS = 1_000_000;
  // MurmurHash3 over the texts' UTF-8, SplitMix64's finaliser over the rest: part of the split's
  // definition, as the same rows must fall in the same parts for ever.
  private static final HashFunction TEXTS = Hashing.murmur3_128(0);
  private static final long NULL = 0x9AE16A3B2F90404FL;

  private final RowSplit split;
  private final long validationFrom;
  private final long testFrom;

  RowParts(RowColumns columns) {
    this.split = columns.spec().split();
    if (split instanceof RowSplit.At at) {
      ColumnType type = columns.type(at.column());
      validationFrom = value("validationFrom", at.validationFrom(), type);
      testFrom = value("testFrom", at.testFrom(), type);
      if (testFrom < validationFrom) {
        throw new HdlException(
            ErrorCode.INVALID_SETTINGS,
            "split testFrom: "
                + at.testFrom()
                + " (expected: not before validationFrom "
                + at.validationFrom()
                + ")");
      }
    } else {
      validationFrom = 0;
      testFrom = 0;
    }
  }

  /** The number that stands for a part, from 0 to below {@link #COUNT}. */
  static byte number(Part part) {
    return switch (part) {
      case TRAIN -> TRAIN;
      case VALIDATION -> VALIDATION;
      case TEST -> TEST;
    };
  }

  /** What a time column of a type holds for a text. */
  private static long value(String name, String text, ColumnType type) {
    try {
      return switch (type.kind()) {
        case DATE -> LocalDate.parse(text).toEpochDay();
        case TIMESTAMP, TIMESTAMP_NTZ -> micros(text);
        default -> Long.parseLong(text);
      };
    } catch (DateTimeException | NumberFormatException e) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "split "
              + name
              + ": \""
              + text
              + "\" (expected: what the time column holds, which is "
              + type
              + ")",
          e);
    }
  }

  private static long micros(String text) {
    Instant at;
    if (text.endsWith("Z")) {
      at = Instant.parse(text);
    } else if (text.indexOf('T') < 0) {
      at = LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
    } else {
      at = LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
    return at.getEpochSecond() * MICROS + at.getNano() / 1000;
  }

  /**
   * The part of each row, as {@link #number} has it, or {@link #NONE}.
   *
   * @param deciding the columns that decide: keys or all features and labels, or the time
   */
  byte[] of(List<ColumnVector> deciding, int rows) {
    byte[] parts = new byte[rows];
    if (split instanceof RowSplit.Hash hash) {
      long[] hashes = new long[rows];
      for (ColumnVector column : deciding) {
        add(column, hashes);
      }
      for (int row = 0; row < rows; row++) {
        double at = (Permutation.mix(hashes[row]) >>> 11) * 0x1p-53;
        parts[row] =
            at < hash.test() ? TEST : at < hash.test() + hash.validation() ? VALIDATION : TRAIN;
      }
      return parts;
    }
    ColumnVector.Longs times = (ColumnVector.Longs) deciding.get(0);
    for (int row = 0; row < rows; row++) {
      long time = times.value(row);
      if (times.isNull(row)) {
        parts[row] = NONE;
      } else {
        parts[row] = time < validationFrom ? TRAIN : time < testFrom ? VALIDATION : TEST;
      }
    }
    return parts;
  }

  private static void add(ColumnVector column, long[] hashes) {
    if (column instanceof ColumnVector.Longs longs) {
      for (int row = 0; row < hashes.length; row++) {
        hashes[row] = next(hashes[row], longs.isNull(row) ? NULL : longs.value(row));
      }
    } else if (column instanceof ColumnVector.Floats floats) {
      for (int row = 0; row < hashes.length; row++) {
        // One zero, and one value that is missing.
        float value = floats.value(row) + 0f;
        hashes[row] = next(hashes[row], Float.isNaN(value) ? NULL : Float.floatToIntBits(value));
      }
    } else if (column instanceof ColumnVector.Texts texts) {
      long[] ofTexts = new long[texts.dictionary().size()];
      for (int i = 0; i < ofTexts.length; i++) {
        ofTexts[i] = TEXTS.hashString(texts.dictionary().get(i), StandardCharsets.UTF_8).asLong();
      }
      for (int row = 0; row < hashes.length; row++) {
        hashes[row] = next(hashes[row], texts.isNull(row) ? NULL : ofTexts[texts.code(row)]);
      }
    } else {
      throw new IllegalArgumentException("no key in " + column.getClass().getSimpleName());
    }
  }

  private static long next(long hash, long value) {
    return Permutation.mix(hash * 31 + value + 0x9E3779B97F4A7C15L);
  }
}
