package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a log holds when it is opened. Reads all of it once, in bounded memory.
 *
 * @param content its runs
 * @param end the place at which it goes on
 * @param total what its files hold together
 * @param items how many items are not delivered
 * @param oldest when the oldest of these was written, milliseconds since 1970; 0 if not known
 * @param notices what is damaged
 */
record LogScan(
    LogContent content, long end, long total, long items, long oldest, List<String> notices) {

  /** A torn end to be cut off. */
  private record Torn(Path file, long length) {}

  /** Reads the log of a folder without changing anything. */
  static LogScan of(Path folder, Acks acks) throws IOException {
    return read(folder, acks, new ArrayList<>());
  }

  /** Reads the log of a folder and cuts off half a record at its end. */
  static LogScan repairing(Path folder, Acks acks) throws IOException {
    List<Torn> torn = new ArrayList<>();
    LogScan scan = read(folder, acks, torn);
    for (Torn end : torn) {
      try (FileChannel channel = FileChannel.open(end.file(), StandardOpenOption.WRITE)) {
        channel.truncate(end.length());
      }
    }
    return scan;
  }

  private static LogScan read(Path folder, Acks acks, List<Torn> torn) throws IOException {
    LogContent content = new LogContent();
    DroppedSegments.addTo(content, folder);
    List<String> notices = new ArrayList<>();
    List<Segment> segments = Segment.in(folder);
    long items = 0;
    long oldest = 0;
    long end = acks.furthest();
    long total = 0;
    for (Segment segment : segments) {
      long bytes = Files.size(segment.file());
      end = Math.max(end, segment.base() + bytes);
      total += bytes;
    }
    try (LogReader reader =
        new LogReader(
            folder,
            0,
            () -> Long.MAX_VALUE,
            (segment, from, bytes, atEnd) -> {
              notices.add(notice(segment, from, bytes, atEnd));
              if (atEnd) {
                torn.add(new Torn(segment.file(), from - segment.base()));
              }
            })) {
      while (reader.next()) {
        if (reader.kind() == EntryCodec.TIME) {
          continue;
        }
        int run = reader.run();
        reader.entry().ifPresent(entry -> content.add(run, entry));
        if (reader.place() >= acks.deliveredOf(run)) {
          oldest = items == 0 ? reader.time() : oldest;
          items++;
        }
      }
      reader.tellDamageAtEnd();
    }
    return new LogScan(content, end, total, items, oldest, notices);
  }

  private static String notice(Segment segment, long from, long bytes, boolean atEnd) {
    return atEnd
        ? "The last %,d bytes of the tracking log %s are no whole record and were cut off; the process that wrote them ended in mid-write."
            .formatted(bytes, segment.file())
        : "%,d bytes of the tracking log %s are damaged, from byte %d on, and were left out. What follows them is used. Check the disk."
            .formatted(bytes, segment.file(), from - segment.base());
  }
}
