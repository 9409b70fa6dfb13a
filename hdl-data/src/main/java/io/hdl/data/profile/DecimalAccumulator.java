package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Gathers decimals, exactly. */
final class DecimalAccumulator extends ColumnAccumulator {
  private static final int LONG_DIGITS = 18;

  private final boolean narrow;
  private BigDecimal sum;
  private @Nullable BigDecimal min;
  private @Nullable BigDecimal max;
  private final DistinctValues distinct;
  private final SmallestHashes.Numbers sample = new SmallestHashes.Numbers(SAMPLE);

  DecimalAccumulator(String name, ColumnType type, int distinctLimit) {
    super(name, type);
    this.narrow = type.precision() <= LONG_DIGITS;
    this.sum = BigDecimal.ZERO.setScale(type.scale());
    this.distinct =
        narrow ? DistinctValues.ofNumbers(distinctLimit) : DistinctValues.ofBytes(distinctLimit);
  }

  @Override
  int gather(long batch, ColumnVector column) {
    ColumnVector.Decimals decimals = (ColumnVector.Decimals) column;
    int missing = 0;
    for (int row = 0; row < decimals.size(); row++) {
      BigDecimal value = decimals.value(row);
      if (value == null) {
        missing++;
        continue;
      }
      sum = sum.add(value);
      min = min == null ? value : min.min(value);
      max = max == null ? value : max.max(value);
      if (narrow) {
        distinct.add(value.unscaledValue().longValue());
      } else {
        distinct.add(value.unscaledValue().toByteArray());
      }
      sample.offer(SmallestHashes.hash(batch, row), value.doubleValue());
    }
    return missing;
  }

  @Override
  ColumnProfile profile() {
    boolean any = values() > 0;
    DistinctCount count = distinct.count();
    Double mean =
        any ? sum.divide(BigDecimal.valueOf(values()), MathContext.DECIMAL128).doubleValue() : null;
    String least = min == null ? null : min.toString();
    String greatest = max == null ? null : max.toString();
    Map<String, Object> summary = summary(least, greatest, mean, count);
    Map<String, Object> checksums = new LinkedHashMap<>();
    putNullable(checksums, "sum", any ? sum.toString() : null);
    putNullable(checksums, "min", least);
    putNullable(checksums, "max", greatest);
    return ColumnProfile.of(this, summary, checksums, count).withSample(sample.sample());
  }
}
