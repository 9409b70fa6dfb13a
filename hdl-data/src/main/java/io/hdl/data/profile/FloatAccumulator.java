package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashMap;
import java.util.Map;

/** Gathers floats and doubles; their sums are exact and rounded once. */
final class FloatAccumulator extends ColumnAccumulator {
  /** Sums of fewer than 10^8 smaller values stay finite. */
  private static final double HUGE = 1e300;

  private final ExactSum sum = new ExactSum();
  private final ExactSum hugeSum = new ExactSum();
  private long summed;
  private long huge;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private long nan;
  private long posInf;
  private long negInf;
  private long last;
  private boolean any;
  private final DistinctValues distinct;
  private final SmallestHashes.Numbers sample = new SmallestHashes.Numbers(SAMPLE);

  FloatAccumulator(String name, ColumnType type, int distinctLimit) {
    super(name, type);
    this.distinct = DistinctValues.ofNumbers(distinctLimit);
  }

  @Override
  int gather(long batch, ColumnVector column) {
    ColumnVector.Doubles doubles = (ColumnVector.Doubles) column;
    int missing = 0;
    for (int row = 0; row < doubles.size(); row++) {
      if (doubles.isNull(row)) {
        missing++;
        continue;
      }
      double value = doubles.value(row);
      if (Math.abs(value) < HUGE) {
        sum.add(value);
        summed++;
      } else if (Double.isNaN(value)) {
        nan++;
      } else if (Double.isInfinite(value)) {
        posInf += value > 0 ? 1 : 0;
        negInf += value < 0 ? 1 : 0;
      } else {
        hugeSum.add(value);
        huge++;
      }
      // Every NaN is one value, and so are the two zeros.
      long bits = value == 0 ? 0 : Double.doubleToLongBits(value);
      if (bits != last || !any) {
        distinct.add(bits);
        last = bits;
        any = true;
      }
      if (Double.isFinite(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        sample.offer(SmallestHashes.hash(batch, row), value);
      }
    }
    return missing;
  }

  @Override
  ColumnProfile profile() {
    long finite = summed + huge;
    Double mean =
        finite == 0
            ? null
            : sum.value()
                .add(hugeSum.value())
                .divide(BigDecimal.valueOf(finite), MathContext.DECIMAL128)
                .doubleValue();
    DistinctCount count = distinct.count();
    Map<String, Object> summary =
        summary(finite == 0 ? null : min, finite == 0 ? null : max, mean, count);
    summary.put("nan", nan);
    summary.put("posInf", posInf);
    summary.put("negInf", negInf);
    Map<String, Object> checksums = new LinkedHashMap<>();
    putNullable(
        checksums,
        "sumAbsBelow1e300",
        summed == 0 ? null : PlainText.of(sum.value().doubleValue()));
    putNullable(checksums, "minFinite", finite == 0 ? null : PlainText.of(min));
    putNullable(checksums, "maxFinite", finite == 0 ? null : PlainText.of(max));
    return ColumnProfile.of(this, summary, checksums, count).withSample(sample.sample());
  }
}
