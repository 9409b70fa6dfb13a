package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers integers, days and timestamps; their sum may have any number of bits. */
final class IntegerAccumulator extends ColumnAccumulator {
  private BigInteger sum = BigInteger.ZERO;
  private long min = Long.MAX_VALUE;
  private long max = Long.MIN_VALUE;
  private long last;
  private boolean any;
  private final DistinctValues distinct;
  private final SmallestHashes.Numbers sample = new SmallestHashes.Numbers(SAMPLE);

  IntegerAccumulator(String name, ColumnType type, int distinctLimit) {
    super(name, type);
    this.distinct = DistinctValues.ofNumbers(distinctLimit);
  }

  @Override
  int gather(long batch, ColumnVector column) {
    ColumnVector.Longs longs = (ColumnVector.Longs) column;
    int missing = 0;
    // Halves of 32 bits: no overflow within a batch.
    long low = 0;
    long high = 0;
    for (int row = 0; row < longs.size(); row++) {
      if (longs.isNull(row)) {
        missing++;
        continue;
      }
      long value = longs.value(row);
      low += value & 0xffff_ffffL;
      high += value >> 32;
      min = Math.min(min, value);
      max = Math.max(max, value);
      if (value != last || !any) {
        distinct.add(value);
        last = value;
        any = true;
      }
      sample.offer(SmallestHashes.hash(batch, row), (double) value);
    }
    sum = sum.add(BigInteger.valueOf(high).shiftLeft(32)).add(BigInteger.valueOf(low));
    return missing;
  }

  private @Nullable Object text(long value) {
    if (!any) {
      return null;
    }
    return switch (type().kind()) {
      case DATE -> PlainText.date(value);
      case TIMESTAMP -> PlainText.timestamp(value);
      case TIMESTAMP_NTZ -> PlainText.timestampWithoutZone(value);
      default -> value;
    };
  }

  @Override
  ColumnProfile profile() {
    Double mean =
        any && type().isInteger()
            ? new BigDecimal(sum)
                .divide(BigDecimal.valueOf(values()), MathContext.DECIMAL128)
                .doubleValue()
            : null;
    DistinctCount count = distinct.count();
    Map<String, Object> summary = summary(text(min), text(max), mean, count);
    String unit =
        switch (type().kind()) {
          case DATE -> "EpochDay";
          case TIMESTAMP, TIMESTAMP_NTZ -> "Micros";
          default -> "";
        };
    Map<String, Object> checksums = new LinkedHashMap<>();
    checksums.put("sum" + unit, sum.toString());
    putNullable(checksums, "min" + unit, any ? min : null);
    putNullable(checksums, "max" + unit, any ? max : null);
    return ColumnProfile.of(this, summary, checksums, count).withSample(sample.sample());
  }
}
