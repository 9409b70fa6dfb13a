package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Arrays;
import java.util.List;

/**
 * Where the series of a store lie: few large segments, each of which holds whole series one after
 * another. A series is its values, [time][channel], and behind them the moments of its target and
 * numeric channels after each {@link #BLOCK_STEPS} steps. A segment is limited to 2 GiB, the store
 * is not. Immutable, except that series are added to a builder.
 */
final class StoreLayout {
  static final int MAX_SEGMENT_BYTES = 1 << 30;

  /** After so many steps the moments so far are kept, so that a scaler need not begin at 0. */
  static final int BLOCK_STEPS = 64;

  private final int channels;
  private final int[] numbers;

  /**
   * The layout of series with these channels.
   *
   * @param channels all channels; moments are kept of the first and the numeric ones
   */
  StoreLayout(List<Channel> channels) {
    this.channels = channels.size();
    int[] found = new int[channels.size()];
    int used = 0;
    for (int c = 0; c < found.length; c++) {
      if (c == 0 || channels.get(c).kind() == Channel.Kind.NUMBER) {
        found[used++] = c;
      }
    }
    this.numbers = Arrays.copyOf(found, used);
  }

  /** The channels that moments are kept of, ascending. */
  int[] numbers() {
    return numbers;
  }

  int stepBytes() {
    return channels * Float.BYTES;
  }

  /** Bytes of a series' values, as a multiple of eight. */
  private long valueBytes(int length) {
    return (long) length * stepBytes() + 7 & -8L;
  }

  /** Bytes from a series' first value to its moments after a block. */
  int momentsAt(int length, int block) {
    return (int) (valueBytes(length) + (long) block * numbers.length * Moments.BYTES);
  }

  /** Bytes of a series with all that belongs to it, a multiple of eight. */
  long recordBytes(int length) {
    return valueBytes(length) + (long) (length / BLOCK_STEPS) * numbers.length * Moments.BYTES;
  }

  /** Puts series into segments, one after the other. Not thread-safe. */
  static final class Places {
    private final StoreLayout layout;
    private final int maxSegmentBytes;
    private int[] sizes = new int[4];
    private int segments;
    private long used;

    /**
     * Begins with no series.
     *
     * @param maxSegmentBytes size up to which series share a segment; a longer one has its own
     */
    Places(StoreLayout layout, int maxSegmentBytes) {
      this.layout = layout;
      this.maxSegmentBytes = maxSegmentBytes;
    }

    /** The address of the next series: its segment in the upper half, its position in the lower. */
    long add(int length) {
      long bytes = layout.recordBytes(length);
      if (bytes > Integer.MAX_VALUE) {
        throw new HdlException(
            ErrorCode.OUT_OF_MEMORY,
            "Cannot hold a series of "
                + length
                + " steps and "
                + layout.channels
                + " channels: one series is limited to 2 GiB. Use fewer covariates or cut its"
                + " history.");
      }
      if (used > 0 && used + bytes > maxSegmentBytes) {
        end();
      }
      long address = (long) segments << 32 | used;
      used += bytes;
      return address;
    }

    private void end() {
      if (segments == sizes.length) {
        sizes = Arrays.copyOf(sizes, 2 * segments);
      }
      sizes[segments++] = (int) used;
      used = 0;
    }

    /** Bytes of each segment, once all series are added. */
    int[] sizes() {
      if (used > 0 || segments == 0) {
        end();
      }
      return Arrays.copyOf(sizes, segments);
    }
  }
}
