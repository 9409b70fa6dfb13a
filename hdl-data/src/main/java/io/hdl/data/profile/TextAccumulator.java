package io.hdl.data.profile;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Gathers texts: each one of a batch's dictionary is looked at once, however often it occurs. */
final class TextAccumulator extends ColumnAccumulator {
  private static final int COUNTED = 4096;
  private static final int SHOWN = 50;

  private long codePoints;
  private long bytes;
  private BigInteger crcSum = BigInteger.ZERO;
  private byte @Nullable [] min;
  private byte @Nullable [] max;
  private final CRC32 crc = new CRC32();
  private final DistinctValues distinct;
  // By code: how often it occurs in the batch at hand; zero between batches.
  private int[] counts = new int[0];
  private int[] seen = new int[0];
  // Exact numbers of rows, given up when there are too many texts.
  private Map<String, Long> rows = new HashMap<>();
  private boolean counted = true;
  private final SmallestHashes.Texts sample = new SmallestHashes.Texts(SAMPLE / 4);

  TextAccumulator(String name, ColumnType type, int distinctLimit) {
    super(name, type);
    this.distinct = DistinctValues.ofBytes(distinctLimit);
  }

  @Override
  int gather(long batch, ColumnVector column) {
    ColumnVector.Texts texts = (ColumnVector.Texts) column;
    List<String> dictionary = texts.dictionary();
    if (counts.length < dictionary.size()) {
      counts = new int[dictionary.size()];
    }
    if (seen.length < Math.min(texts.size(), dictionary.size())) {
      seen = new int[Math.min(texts.size(), dictionary.size())];
    }
    int used = 0;
    int missing = 0;
    for (int row = 0; row < texts.size(); row++) {
      int code = texts.code(row);
      if (code < 0) {
        missing++;
        continue;
      }
      if (counts[code]++ == 0) {
        seen[used++] = code;
      }
      sample.offer(SmallestHashes.hash(batch, row), code, dictionary);
    }
    long part = 0;
    for (int i = 0; i < used; i++) {
      int count = counts[seen[i]];
      counts[seen[i]] = 0;
      part += count * gather(dictionary.get(seen[i]), count);
    }
    crcSum = crcSum.add(BigInteger.valueOf(part));
    return missing;
  }

  /** Gathers one text; returns its checksum. */
  private long gather(String text, int count) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    codePoints += (long) count * text.codePointCount(0, text.length());
    bytes += (long) count * utf8.length;
    crc.reset();
    crc.update(utf8);
    if (min == null || Arrays.compareUnsigned(utf8, min) < 0) {
      min = utf8;
    }
    if (max == null || Arrays.compareUnsigned(utf8, max) > 0) {
      max = utf8;
    }
    distinct.add(utf8);
    if (counted) {
      rows.merge(text, (long) count, Long::sum);
      if (rows.size() > COUNTED) {
        counted = false;
        rows = Map.of();
      }
    }
    return crc.getValue();
  }

  private List<ValueCount> top() {
    Map<String, Long> found = rows;
    if (!counted) {
      found = new HashMap<>();
      int size = sample.finish();
      for (String text : Arrays.copyOf(sample.values(), size)) {
        found.merge(text, 1L, Long::sum);
      }
      double scale = size == 0 ? 1 : (double) sample.offered() / size;
      found.replaceAll((text, count) -> Math.round(count * scale));
    }
    List<ValueCount> top = new ArrayList<>();
    found.forEach((text, count) -> top.add(new ValueCount(text, count)));
    top.sort(
        Comparator.comparingLong(ValueCount::count).reversed().thenComparing(ValueCount::value));
    return top.subList(0, Math.min(SHOWN, top.size()));
  }

  @Override
  ColumnProfile profile() {
    DistinctCount count = distinct.count();
    String least = min == null ? null : new String(min, StandardCharsets.UTF_8);
    String greatest = max == null ? null : new String(max, StandardCharsets.UTF_8);
    Map<String, Object> checksums = new LinkedHashMap<>();
    putNullable(checksums, "min", least);
    putNullable(checksums, "max", greatest);
    checksums.put("distinct", count.count());
    checksums.put("sumCodePoints", codePoints);
    checksums.put("sumUtf8Bytes", bytes);
    checksums.put("sumCrc32Utf8", crcSum.toString());
    return ColumnProfile.of(this, summary(least, greatest, null, count), checksums, count)
        .withTop(top(), counted);
  }
}
