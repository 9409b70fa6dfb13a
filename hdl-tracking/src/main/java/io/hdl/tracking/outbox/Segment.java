package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One file of a log. Places in a log are counted through all of its files; a file's name says where
 * it begins.
 *
 * @param file the file
 * @param base the place of its first byte in the log
 */
record Segment(Path file, long base) {
  private static final String SUFFIX = ".log";

  /** The file that begins at a place. */
  static Segment at(Path folder, long base) {
    return new Segment(folder.resolve(String.format(Locale.ROOT, "%019d", base) + SUFFIX), base);
  }

  /** The files of a folder in order. */
  static List<Segment> in(Path folder) throws IOException {
    List<Segment> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String digits = name.substring(0, name.length() - SUFFIX.length());
        if (digits.matches("[0-9]{19}")) {
          segments.add(new Segment(file, Long.parseLong(digits)));
        }
      }
    }
    segments.sort(Comparator.comparingLong(Segment::base));
    return segments;
  }
}
