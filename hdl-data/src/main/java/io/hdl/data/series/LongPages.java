package io.hdl.data.series;

import java.nio.LongBuffer;
import java.util.ArrayList;
import java.util.List;

/** A list of longs beside the heap that grows at its end. Not thread-safe. */
final class LongPages {
  private static final int PAGE_BITS = 13;
  private static final int PAGE = 1 << PAGE_BITS;

  private final PageSource source;
  private final List<LongBuffer> pages = new ArrayList<>();
  private long size;

  LongPages(PageSource source) {
    this.source = source;
  }

  long size() {
    return size;
  }

  long get(long index) {
    return pages.get((int) (index >>> PAGE_BITS)).get((int) index & (PAGE - 1));
  }

  void set(long index, long value) {
    pages.get((int) (index >>> PAGE_BITS)).put((int) index & (PAGE - 1), value);
  }

  void add(long value) {
    grow(size + 1);
    set(size - 1, value);
  }

  /** Makes it at least this long; new entries are 0. */
  void grow(long newSize) {
    while ((long) pages.size() << PAGE_BITS < newSize) {
      pages.add(source.page(PAGE * Long.BYTES).asLongBuffer());
    }
    size = Math.max(size, newSize);
  }
}
