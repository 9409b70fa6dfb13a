package io.hdl.data.series;

import io.hdl.data.feed.Chunks;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.LongAdder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is done to each series once all its rows are there: provisional codes become final ones,
 * gaps what the specification says, the end of the target is found, and moments and checksum are
 * kept. Counts the steps that have a row. Thread-safe for different series.
 */
final class StoreFinish implements Chunks.Workers {
  /** What the names of threads begin with that work on the series of a store. */
  static final String THREADS = "hdl-data-store";

  private static final int CHUNK = 64;

  private final StoreColumns columns;
  private final StoreLayout layout;
  private final StoreIndex index;
  private final Segments segments;
  private final boolean zeroGaps;
  private final boolean marks;
  private final boolean checksums;
  private final LongAdder present = new LongAdder();
  private final float[] @Nullable [] translations;

  /**
   * Begins with what all series share.
   *
   * @param marks whether there are rows without a target
   */
  StoreFinish(
      StoreColumns columns,
      StoreLayout layout,
      StoreIndex index,
      Segments segments,
      Gaps gaps,
      boolean marks,
      boolean checksums) {
    this.columns = columns;
    this.layout = layout;
    this.index = index;
    this.segments = segments;
    this.zeroGaps = gaps == Gaps.ZERO;
    this.marks = marks;
    this.checksums = checksums;
    this.translations = new float[columns.channels().size() + columns.constants().size()][];
    for (int c = 0; c < translations.length; c++) {
      CategoryCodes codes = columns.categories(c);
      translations[c] = codes == null ? null : codes.translation();
    }
  }

  /** How the series of a store are shared out. */
  static Chunks chunks(int series) {
    return Chunks.of(series, CHUNK);
  }

  /** Steps of all series that have a row. */
  long present() {
    return present.sum();
  }

  @Override
  public Chunks.Worker worker(int thread) {
    CRC32C crc = new CRC32C();
    return (chunk, from, end) -> {
      for (int series = from; series < end; series++) {
        finish(series, crc);
      }
    };
  }

  private void finish(int series, CRC32C crc) {
    long address = index.address(series);
    ByteBuffer values = segments.buffer(address);
    int at = Segments.position(address);
    int length = index.length(series);
    targets(series, values, at, length);
    for (int c = 0; c < columns.channels().size(); c++) {
      float[] translation = translations[c];
      if (translation != null) {
        translate(values, at + c * Float.BYTES, length, translation);
      }
    }
    constants(series);
    keepMoments(layout, segments, address, length);
    if (checksums) {
      crc.reset();
      crc.update(segments.slice(address, (int) layout.recordBytes(length)));
      index.putChecksum(series, (int) crc.getValue());
    }
  }

  private void targets(int series, ByteBuffer values, int at, int length) {
    int stride = layout.stepBytes();
    int rows = 0;
    int end = 0;
    for (int step = 0; step < length; step++) {
      int bits = values.getInt(at + step * stride);
      rows += bits == Segments.MISSING ? 0 : 1;
      if (bits != Segments.MISSING && bits != Scatter.ROW_WITHOUT_TARGET) {
        end = step + 1;
      }
    }
    present.add(rows);
    index.putTargetEnd(series, end);
    if (!marks && (!zeroGaps || rows == length)) {
      return;
    }
    for (int step = 0; step < length; step++) {
      int position = at + step * stride;
      int bits = values.getInt(position);
      if (bits == Scatter.ROW_WITHOUT_TARGET) {
        values.putInt(position, Segments.MISSING);
      } else if (bits == Segments.MISSING && zeroGaps && step < end) {
        values.putFloat(position, 0);
      }
    }
  }

  private void translate(ByteBuffer values, int at, int length, float[] translation) {
    int stride = layout.stepBytes();
    for (int step = 0, position = at; step < length; step++, position += stride) {
      float code = values.getFloat(position);
      if (!Float.isNaN(code)) {
        values.putFloat(position, translation[(int) code]);
      }
    }
  }

  private void constants(int series) {
    int count = columns.constants().size();
    for (int c = 0; c < count; c++) {
      float[] translation = translations[columns.channels().size() + c];
      float code = index.constant(series, c);
      if (translation != null && !Float.isNaN(code)) {
        index.constantBits().put(series * count + c, Float.floatToIntBits(translation[(int) code]));
      }
    }
  }

  /** Writes the moments after each block behind a series' values. */
  static void keepMoments(StoreLayout layout, Segments segments, long address, int length) {
    int[] numbers = layout.numbers();
    int channels = layout.stepBytes() / Float.BYTES;
    Moments[] running = new Moments[numbers.length];
    for (int i = 0; i < running.length; i++) {
      running[i] = new Moments();
    }
    float[] block = new float[StoreLayout.BLOCK_STEPS * channels];
    double[] state = new double[numbers.length * Moments.DOUBLES];
    int at = Segments.position(address);
    for (int b = 0; b < length / StoreLayout.BLOCK_STEPS; b++) {
      segments.floats(address).get(at / Float.BYTES + b * block.length, block);
      for (int i = 0; i < numbers.length; i++) {
        running[i].addBlock(block, numbers[i], channels, block.length);
        running[i].write(state, i * Moments.DOUBLES);
      }
      int into = at + layout.momentsAt(length, b);
      segments.doubles(address).put(into / Double.BYTES, state);
    }
  }
}
