package io.hdl.data.transfer;

import java.util.List;

/** Bytes that are still to be fetched; its beginning moves on. For one thread at a time. */
final class Span {
  private long from;
  private final long end;

  Span(long from, long end) {
    this.from = from;
    this.end = end;
  }

  /** Adds the bytes of a gap in spans of at most so many; nothing if there is no gap. */
  static void split(long from, long end, int longest, List<Span> into) {
    for (long at = from; at < end; at += longest) {
      into.add(new Span(at, Math.min(end, at + longest)));
    }
  }

  long from() {
    return from;
  }

  long end() {
    return end;
  }

  long left() {
    return end - from;
  }

  void movedOn(long bytes) {
    from += bytes;
  }

  void backTo(long position) {
    from = position;
  }

  @Override
  public String toString() {
    return "bytes " + from + "-" + (end - 1);
  }
}
