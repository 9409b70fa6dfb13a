package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Counts booleans. */
final class BooleanAccumulator extends ColumnAccumulator {
  private long trues;

  BooleanAccumulator(String name, ColumnType type) {
    super(name, type);
  }

  @Override
  int gather(long batch, ColumnVector column) {
    ColumnVector.Longs longs = (ColumnVector.Longs) column;
    int missing = 0;
    for (int row = 0; row < longs.size(); row++) {
      if (longs.isNull(row)) {
        missing++;
      } else {
        trues += longs.value(row);
      }
    }
    return missing;
  }

  @Override
  ColumnProfile profile() {
    long falses = values() - trues;
    DistinctCount distinct = new DistinctCount((trues > 0 ? 1 : 0) + (falses > 0 ? 1 : 0), true);
    boolean any = values() > 0;
    Map<String, Object> summary =
        summary(
            any ? falses == 0 : null,
            any ? trues > 0 : null,
            any ? (double) trues / values() : null,
            distinct);
    Map<String, Object> checksums = new LinkedHashMap<>();
    checksums.put("true", trues);
    List<ValueCount> top = new ArrayList<>();
    if (any) {
      top.add(new ValueCount("true", trues));
      top.add(trues >= falses ? 1 : 0, new ValueCount("false", falses));
    }
    return ColumnProfile.of(this, summary, checksums, distinct).withTop(top, true);
  }
}
