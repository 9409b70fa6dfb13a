package io.hdl.benchmarks.lake;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32C;

/**
 * The least that can be done with the JDK's {@link HttpURLConnection}: ranged GETs on four threads
 * into a file, nothing checked, nothing repeated. The buffer is the largest that the JDK's sockets
 * fill at once; smaller ones cost more.
 */
final class PlainTransfer implements Transfer {
  private static final int BUFFER = 1 << 17;

  private final LakeFile file;
  private final boolean checksum;
  private final ExecutorService threads = Executors.newFixedThreadPool(PARALLEL);

  PlainTransfer(LakeFile file, boolean checksum) {
    this.file = file;
    this.checksum = checksum;
  }

  @Override
  public void fetch(Path target) throws Exception {
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      List<Future<?>> ranges = new ArrayList<>();
      for (long at = 0; at < file.size(); at += RANGE) {
        long from = at;
        ranges.add(
            threads.submit(
                () -> {
                  range(from, Math.min(RANGE, file.size() - from), out);
                  return true;
                }));
      }
      for (Future<?> range : ranges) {
        range.get();
      }
    }
  }

  private void range(long from, long length, FileChannel out) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(file.uri().toString()).openConnection();
    connection.setRequestProperty("Authorization", "Bearer x");
    connection.setRequestProperty("Range", "bytes=" + from + "-" + (from + length - 1));
    if (connection.getResponseCode() != 206) {
      throw new IOException("status " + connection.getResponseCode());
    }
    byte[] buffer = new byte[BUFFER];
    CRC32C crc = new CRC32C();
    long at = from;
    try (InputStream in = connection.getInputStream()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (checksum) {
          crc.update(buffer, 0, read);
        }
        out.write(ByteBuffer.wrap(buffer, 0, read), at);
        at += read;
      }
    }
    if (at != from + length) {
      throw new IOException("a range of " + (at - from) + " bytes");
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
