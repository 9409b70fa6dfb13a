package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/** Gathers byte strings. */
final class BinaryAccumulator extends ColumnAccumulator {
  private long length;
  private BigInteger crcSum = BigInteger.ZERO;
  private final CRC32 crc = new CRC32();
  private final DistinctValues distinct;

  BinaryAccumulator(String name, ColumnType type, int distinctLimit) {
    super(name, type);
    this.distinct = DistinctValues.ofBytes(distinctLimit);
  }

  @Override
  int gather(long batch, ColumnVector column) {
    ColumnVector.Binaries binaries = (ColumnVector.Binaries) column;
    int missing = 0;
    long part = 0;
    for (int row = 0; row < binaries.size(); row++) {
      byte[] value = binaries.value(row);
      if (value == null) {
        missing++;
        continue;
      }
      length += value.length;
      crc.reset();
      crc.update(value);
      part += crc.getValue();
      distinct.add(value);
    }
    crcSum = crcSum.add(BigInteger.valueOf(part));
    return missing;
  }

  @Override
  ColumnProfile profile() {
    DistinctCount count = distinct.count();
    Map<String, Object> checksums = new LinkedHashMap<>();
    checksums.put("sumLength", length);
    checksums.put("sumCrc32", crcSum.toString());
    return ColumnProfile.of(this, summary(null, null, null, count), checksums, count);
  }
}
