package io.hdl.tracking.filestore;

import io.hdl.tracking.outbox.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * The files of a run's metrics, kept open between writes: opening one for each line costs far more
 * than the line. Lines gather until {@link #commit}, which writes all of them or none. Not
 * thread-safe.
 */
final class MetricFiles implements AutoCloseable {
  private static final int MOST_OPEN = 256;

  private final Map<Path, MetricFile> open = new LinkedHashMap<>(16, 0.75f, true);
  private final Set<MetricFile> touched = new LinkedHashSet<>();

  void append(Path path, Item.Metric metric) throws IOException {
    MetricFile file = open.get(path);
    if (file == null) {
      file = new MetricFile(path);
      open.put(path, file);
    }
    file.append(metric);
    touched.add(file);
  }

  /** Hands all gathered lines to the operating system; after a failure none of them is there. */
  void commit() throws IOException {
    try {
      for (MetricFile file : touched) {
        file.write();
      }
    } catch (IOException e) {
      rollback(e);
      throw e;
    }
    for (MetricFile file : touched) {
      file.size = file.channel.size();
    }
    touched.clear();
    Iterator<MetricFile> oldest = open.values().iterator();
    for (int surplus = open.size() - MOST_OPEN; surplus > 0; surplus--) {
      MetricFile file = oldest.next();
      oldest.remove();
      file.channel.close();
    }
  }

  /** Forgets the lines gathered since the last commit. */
  void rollback(Exception why) {
    for (MetricFile file : touched) {
      try {
        file.forget();
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }
    touched.clear();
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (MetricFile file : open.values()) {
      try {
        file.channel.close();
      } catch (IOException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }

  /** One file. A value that is in it already, at the same time and step, is not written twice. */
  private static final class MetricFile {
    private static final int LONGEST_LINE = 256;

    private final FileChannel channel;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream(256);
    private final Set<String> sameTime = new HashSet<>();
    private long timestamp = Long.MIN_VALUE;
    private long size;

    MetricFile(Path path) throws IOException {
      Path parent = path.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        cutTornLine();
        size = channel.size();
        channel.position(size);
      } catch (IOException e) {
        channel.close();
        throw e;
      }
    }

    void append(Item.Metric metric) {
      String line = metric.timestamp() + " " + text(metric.value()) + " " + metric.step() + "\n";
      if (metric.timestamp() != timestamp) {
        timestamp = metric.timestamp();
        sameTime.clear();
      }
      if (sameTime.add(line)) {
        lines.writeBytes(line.getBytes(StandardCharsets.US_ASCII));
      }
    }

    void write() throws IOException {
      size = channel.size(); // somebody else may have written since
      channel.position(size);
      ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      lines.reset();
    }

    void forget() throws IOException {
      lines.reset();
      sameTime.clear();
      channel.truncate(size);
      channel.position(size);
    }

    /** A process that was killed may have left half a line, which MLflow would stumble over. */
    private void cutTornLine() throws IOException {
      int length = (int) Math.min(channel.size(), LONGEST_LINE);
      ByteBuffer tail = ByteBuffer.allocate(length);
      long from = channel.size() - length;
      while (tail.hasRemaining()) {
        if (channel.read(tail, from + tail.position()) < 0) {
          break;
        }
      }
      int end = tail.position();
      while (end > 0 && tail.get(end - 1) != '\n') {
        end--;
      }
      if (from + end < channel.size()) {
        channel.truncate(from + end);
      }
    }

    private static String text(double value) {
      if (Double.isNaN(value)) {
        return "nan";
      }
      if (Double.isInfinite(value)) {
        return value > 0 ? "inf" : "-inf";
      }
      return Double.toString(value);
    }
  }
}
